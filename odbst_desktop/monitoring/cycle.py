"""The year's plan: which check is due in which half-term, and why.

The plan comes from ``forms/monitoring/cycle.yaml``. A theme of the trust moves its checks into its
term; the check that stood there takes the place that became free, so that no half-term is
without a check and none asks for more than before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from odbst_desktop.form_engine.definition import Form
from odbst_desktop.monitoring.checklists import check_title, visit_form
from odbst_desktop.monitoring.themes import TermTheme
from odbst_desktop.monitoring.visits import Visit
from odbst_desktop.school.calendar import AcademicYear, year_of
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.shipped import shipped_yaml

HALF_TERMS = ("autumn_1", "autumn_2", "spring_1", "spring_2", "summer_1", "summer_2")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the year: a checklist in a half-term, with the reason it stands there.

    ``is_first`` marks what a half-term asks for, ``is_fixed`` what no theme moves; ``theme`` is
    the title of the theme that brought it here.
    """

    half_term: str
    form_id: str
    why: str
    is_first: bool = False
    is_fixed: bool = False
    theme: str = ""


@dataclass(frozen=True, slots=True)
class PlannedCheck:
    """A check of the plan; ``visit`` is the one made for it, if any."""

    slot: Slot
    opens: date
    closes: date
    visit: Visit | None

    @property
    def half_term(self) -> str:
        """Return the half-term, e.g. ``autumn_1``."""
        return self.slot.half_term

    @property
    def half_term_label(self) -> str:
        """Return e.g. “Autumn, first half”."""
        return half_term_label(self.slot.half_term)

    @property
    def title(self) -> str:
        """Return the title of the checklist, without reading it."""
        return check_title(self.slot.form_id)

    @property
    def form(self) -> Form:
        """Return the checklist."""
        return visit_form(self.slot.form_id)

    @property
    def why(self) -> str:
        """Return why the check is made in this half-term."""
        return self.slot.why

    @property
    def is_done(self) -> bool:
        """Say whether its visit was closed, signed or received."""
        return self.visit is not None and self.visit.state != "draft"

    def is_due_on(self, today: date) -> bool:
        """Say whether it is to be made now, or was to be made before."""
        return not self.is_done and self.opens <= today

    def state_on(self, today: date) -> str:
        """Return where the check stands, by shape and word."""
        if self.visit is not None:
            words = self.visit.state_words
            late = self.visit.visited_on > self.closes
            early = self.visit.visited_on < self.opens
            return f"{words}, late" if late else f"{words}, early" if early else words
        if today > self.closes:
            return "✗ Not done"
        return "● Due now" if today >= self.opens else "○ Later"


def half_term_label(half_term: str) -> str:
    """Return e.g. “Autumn, first half”."""
    term, half = half_term.split("_")
    return f"{term.capitalize()}, {'first' if half == '1' else 'second'} half"


def planned_slots(
    themes: Sequence[TermTheme] = (), closes: Mapping[str, date] | None = None
) -> tuple[Slot, ...]:
    """Return the year's slots in order, with each theme's checks moved into its term.

    ``closes`` are the last days of the half-terms: a theme taken up late moves nothing into one
    that is over.
    """
    slots = [
        Slot(e["half_term"], e["form"], e["why"], bool(e.get("first")), bool(e.get("fixed")))
        for e in shipped_yaml("forms/monitoring/cycle.yaml")["checks"]
    ]
    for taken in themes:
        halves = [f"{taken.term}_1", f"{taken.term}_2"]
        ahead = [h for h in halves if taken.taken_up_on <= (closes or {}).get(h, date.max)]
        for form_id in taken.theme.checks:
            slots = _with_theme(slots, taken, form_id, ahead or halves[1:])
    return tuple(sorted(slots, key=_order))


def cycle(
    year: AcademicYear, visits: Sequence[Visit], themes: Sequence[TermTheme] = ()
) -> tuple[PlannedCheck, ...]:
    """Return the year's checks in order with what was done of them.

    A visit counts for the check of its half-term; one made early or late counts for the nearest
    check of its kind that would else be left undone.
    """
    halves = {half.id: half for term in year.terms for half in term.half_terms}
    slots = planned_slots(themes, {half.id: half.closes for half in halves.values()})
    made = [v for v in visits if year_of(v.visited_on) == year.label]
    chosen = _matched(slots, made, year)
    return tuple(
        PlannedCheck(slot, halves[slot.half_term].opens, halves[slot.half_term].closes,
                     chosen.get(place))
        for place, slot in enumerate(slots)
    )  # fmt: skip


def beside_the_plan(
    year: AcademicYear, visits: Sequence[Visit], planned: Sequence[PlannedCheck]
) -> tuple[Visit, ...]:
    """Return the year's visits that no check of the plan asked for, newest first."""
    counted = {check.visit.id for check in planned if check.visit is not None}
    return tuple(v for v in visits if v.id not in counted and year_of(v.visited_on) == year.label)


def due_checks(planned: Sequence[PlannedCheck], today: date) -> tuple[PlannedCheck, ...]:
    """Return what is to be made now: what half-terms ask for first, then what may follow."""
    due = [check for check in planned if check.is_due_on(today)]
    return tuple(sorted(due, key=lambda c: (not c.slot.is_first and not c.slot.theme, c.opens)))


def due_words(check: PlannedCheck, today: date) -> str:
    """Return in a sentence why a check is due."""
    when = (
        f"was due by {show_date(check.closes)}"
        if today > check.closes
        else f"is due by {show_date(check.closes)}"
    )
    return f"“{check.title}” {when}. {sentence(check.why)}"


def sentence(words: str) -> str:
    """Return words with a full stop, unless they end with a mark of their own."""
    return words if words.endswith(("?", "!", ".")) else f"{words}."


def half_term_of(year: AcademicYear, day: date) -> str | None:
    """Return the half-term that a visit of a day counts for: a holiday belongs to the one before.

    None if the day lies outside the year.
    """
    if year_of(day) != year.label:
        return None
    halves = [half for term in year.terms for half in term.half_terms]
    return max([h for h in halves if h.opens <= day] or halves[:1], key=lambda h: h.opens).id


def _with_theme(
    slots: list[Slot], taken: TermTheme, form_id: str, targets: list[str]
) -> list[Slot]:
    title = taken.theme.title
    why = f"The trust’s theme of the {taken.term} term: {title}"
    for slot in slots:
        if slot.form_id == form_id and slot.half_term.startswith(taken.term):
            marked = replace(slot, why=f"{sentence(slot.why)} {why}", theme=title)
            return [marked if known is slot else known for known in slots]
    later = [s for s in slots if s.form_id == form_id and not s.is_fixed and not s.theme
             and HALF_TERMS.index(s.half_term) > HALF_TERMS.index(targets[-1])]  # fmt: skip
    giving = [s for target in targets for s in slots
              if s.half_term == target and not s.is_fixed and not s.theme]  # fmt: skip
    if not later or not giving:
        # It stood earlier in the year, or nothing can give way: the theme asks for one more.
        return [*slots, Slot(targets[0], form_id, why, is_first=True, theme=title)]
    coming = later[0]
    going = min(giving, key=lambda s: (targets.index(s.half_term), s.is_first))
    came = replace(
        coming, half_term=going.half_term, is_first=True, theme=title,
        why=f"{why}. Planned for {half_term_label(coming.half_term).lower()} before",
    )  # fmt: skip
    went = replace(
        going, half_term=coming.half_term, is_first=coming.is_first,
        why=f"{sentence(going.why)} Moved here to make room for the theme “{title}”",
    )  # fmt: skip
    kept = [slot for slot in slots if slot is not coming and slot is not going]
    return [*kept, came, went]


def _order(slot: Slot) -> tuple[int, bool]:
    return HALF_TERMS.index(slot.half_term), not slot.is_first


def _matched(
    slots: Sequence[Slot], visits: Sequence[Visit], year: AcademicYear
) -> dict[int, Visit]:
    left = sorted(visits, key=lambda v: v.visited_on)
    chosen: dict[int, Visit] = {}
    for is_exact in (True, False):
        for place, slot in enumerate(slots):
            if place in chosen:
                continue
            fitting = [
                v for v in left
                if v.form_id == slot.form_id
                and (not is_exact or half_term_of(year, v.visited_on) == slot.half_term)
            ]  # fmt: skip
            if fitting:
                chosen[place] = fitting[0]
                left.remove(fitting[0])
    return chosen
