"""Terms whose figures obey every sum of the form, drawn by hypothesis with many small counts."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.reading import shipped_form
from odbst_desktop.returns.drafting import Return, ReturnId

SMALL_COUNTS = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 8, 12])


def the_form() -> Form:
    return shipped_form("return/termly_return")


def a_return(
    answers: dict[str, Any], year: str = "2026-27", term: str = "autumn", revision: int = 1
) -> Return:
    """Return a return as it would be read from a vault; its id tells the term and revision."""
    made = ReturnId(f"{year}-{term}-{revision}")
    return Return(
        made, year, term, revision, None, answers, {}, {}, "draft", None, the_form().version
    )


@st.composite
def terms(draw: st.DrawFn, before: dict[str, int] | None = None) -> dict[str, int]:
    """Draw a term; ``before`` is the one before it, whose end is this one's start."""
    form = the_form()
    found: dict[str, int] = {}
    for question in form.questions():
        if question.type == "integer":
            found[question.name] = draw(SMALL_COUNTS)
    found["pupils_on_roll"] = draw(st.sampled_from([90, 212, 400]))
    names = list(found)

    def parts(start: str) -> list[str]:
        rest = {"concerns_total", "concerns_no_action_recorded"}
        return [n for n in names if n.startswith(start) and n not in rest]

    found["concerns_total"] = sum(found[n] for n in parts("concerns_"))
    for start in ("place_", "time_"):
        _share(draw, found, parts(start), found["concerns_total"])
    outcomes = parts("ref_")
    found["referrals_front_door_total"] = sum(found[n] for n in outcomes)
    for kind, (came, went) in {"cin": ("opened", "closed"), "cp": ("started", "ended")}.items():
        at = (before or found)[f"{kind}_open_end" if before else f"{kind}_open_start"]
        found[f"{kind}_open_start"] = at
        found[f"{kind}_{went}"] = min(found[f"{kind}_{went}"], at)
        found[f"{kind}_open_end"] = at + found[f"{kind}_{came}"] - found[f"{kind}_{went}"]
    pending = (before or {}).get("ref_pending", 0)
    found["prior_pending_resolved"] = draw(st.integers(0, pending))
    found["prior_pending_still_open"] = pending - found["prior_pending_resolved"]
    found["bullying_incidents_total"] = found["concerns_bullying"]
    for rule in (*form.rules, *form.rules):
        # A part is never more than its whole; a whole that follows its parts becomes less.
        part, whole = rule.left.strip("${}"), rule.right.strip("${}")
        if rule.operator == "<=" and part in found and whole in found:
            found[part] = min(found[part], found[whole])
        found["referrals_front_door_total"] = sum(found[n] for n in outcomes)
    found["concerns_bullying"] = found["bullying_incidents_total"]
    concluded = [n for n in parts("allegations_") if n != "allegations_total"]
    _share(draw, found, concluded, found["allegations_total"])
    return found


def _share(draw: st.DrawFn, found: dict[str, int], names: list[str], total: int) -> None:
    """Spread a total over its parts, unevenly."""
    for name in names[:-1]:
        found[name] = min(found[name], total)
        total -= found[name]
    found[names[-1]] = total
