"""The checklists of the cycle: what they ask, what was found, what was agreed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from sqlmodel import Session

from odbst_desktop.errors import InputError
from odbst_desktop.form_engine.definition import Form, Question
from odbst_desktop.form_engine.reading import shipped_form
from odbst_desktop.form_library.trust_forms import form_in_use, trust_forms
from odbst_desktop.shipped import shipped_yaml

GAPS = frozenset({"no", "partly"})
ANSWERS = ("yes", "partly", "no", "not_seen", "not_applicable")
PREVIOUS, SAID = "previous", "said"
"""The repeat of earlier actions, and the group that the program fills in at signing."""


@dataclass(frozen=True, slots=True)
class AgreedAction:
    """An action that a visit agreed; ``about`` is the question it belongs to, if any."""

    about: str
    action: str
    owner: str
    due: date

    @property
    def key(self) -> str:
        """Return what two spellings of one action have in common."""
        return action_key(self.action)


@dataclass(frozen=True, slots=True)
class Finding:
    """A question of a checklist with the answer it was given; empty if it was not answered.

    ``basis`` is how the governor knows, in the words of the form's list: seen, told, sampled…
    """

    question: Question
    answer: str
    evidence: str
    basis: tuple[str, ...] = ()

    @property
    def evidence_words(self) -> str:
        """Return how the governor knows it, then what was noted."""
        return ". ".join(
            text.rstrip(".") for text in ("; ".join(self.basis), self.evidence) if text
        )

    @property
    def short(self) -> str:
        """Return the question in a few words."""
        return short_words(self.question)

    @property
    def is_gap(self) -> bool:
        """Say whether it was answered “no” or “partly”."""
        return self.answer in GAPS


@cache
def checklist_ids() -> tuple[str, ...]:
    """Return the ids of all checklists in the order of the cycle."""
    planned = shipped_yaml("forms/monitoring/cycle.yaml")["checks"]
    return tuple(dict.fromkeys(entry["form"] for entry in planned))


def check_title(form_id: str) -> str:
    """Return the title of a checklist without reading it."""
    titles = shipped_yaml("forms/monitoring/cycle.yaml")["titles"]
    return str(titles.get(form_id, form_id.replace("_", " ").capitalize()))


def visit_form(form_id: str) -> Form:
    """Return a checklist as it ships; raises InputError if the cycle has none of that name."""
    if form_id not in checklist_ids():
        raise InputError(f"“{form_id}” is not one of the checklists of the cycle.")
    return shipped_form(f"monitoring/{form_id}")


def checklist_in_use(session: Session, form_id: str) -> Form:
    """Return the newest version of a checklist: the trust's, else the one that ships.

    Raises:
        InputError: there is none of that name.

    """
    return form_in_use(session, form_id) or visit_form(form_id)


def published_checks(session: Session) -> tuple[tuple[str, str], ...]:
    """Return id and title of the checks that the trust published beside those of the cycle."""
    ids = {known.form_id for known in trust_forms(session) if known.state == "published"}
    forms = (form_in_use(session, form_id) for form_id in sorted(ids - set(checklist_ids())))
    # A visit has a day and questions to find out; other forms of the trust are no check.
    return tuple(
        (form.form_id, form.title) for form in forms
        if form is not None and form.question("visited_on") and checked_questions(form)
    )  # fmt: skip


def filled_in_form(form: Form) -> Form:
    """Return a checklist without what the program fills in itself when the visit is signed."""
    return replace(form, items=tuple(item for item in form.items if item.name != SAID))


def checked_questions(form: Form) -> tuple[Question, ...]:
    """Return the questions answered yes, partly, no, not seen or not applicable."""
    return tuple(q for q in form.questions() if q.list_name == "found")


def short_words(question: Question) -> str:
    """Return a question in a few words."""
    return str(question.extras.get("short", question.label))


def findings(form: Form, answers: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return every question of a checklist with its answer."""
    return tuple(
        Finding(
            q, str(answers.get(q.name) or ""), str(answers.get(f"{q.name}_evidence") or ""),
            _basis(form, q.name, answers),
        )
        for q in checked_questions(form)
    )  # fmt: skip


def basis_words(found: Sequence[Finding]) -> str:
    """Return how often each kind of evidence stands behind the answers; empty if none is said."""
    counted = Counter(words for finding in found for words in finding.basis)
    return ", ".join(f"{words.lower()} {count}" for words, count in counted.most_common())


def _basis(form: Form, name: str, answers: Mapping[str, Any]) -> tuple[str, ...]:
    asked, given = form.question(f"{name}_basis"), answers.get(f"{name}_basis") or []
    return tuple(asked.label_of(str(kind)) for kind in given) if asked is not None else ()


def gaps(form: Form, answers: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return the questions answered “no” or “partly”."""
    return tuple(finding for finding in findings(form, answers) if finding.is_gap)


def agreed_actions(form: Form, answers: Mapping[str, Any]) -> tuple[AgreedAction, ...]:
    """Return what was agreed under the questions, then what was agreed beside them."""
    found = [
        _agreed(finding.question.name, answers, f"{finding.question.name}_")
        for finding in gaps(form, answers)
    ]
    found += [_agreed("", row, "") for row in answers.get("actions") or []]
    return tuple(action for action in found if action is not None)


def action_key(words: str) -> str:
    """Return what two spellings of one action have in common."""
    return " ".join(words.casefold().split()).rstrip(".")


def action_body(action: AgreedAction) -> dict[str, str]:
    """Return an action as the package's body lists it."""
    return {"about": action.about, "action": action.action, "owner": action.owner,
            "due": action.due.isoformat()}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Score:
    """The answers of one check counted; ``share`` is None if nothing could be judged.

    Yes counts one and partly a half, over yes, partly and no. It is always shown with its counts
    and never compared between schools.
    """

    yes: int
    partly: int
    no: int
    not_seen: int
    not_applicable: int

    @property
    def share(self) -> float | None:
        """Return the score from 0 to 1."""
        judged = self.yes + self.partly + self.no
        return (self.yes + self.partly / 2) / judged if judged else None

    @property
    def words(self) -> str:
        """Return the counts, such as “11 yes, 2 partly, 1 no, 1 not seen”."""
        counted = (
            (self.yes, "yes"), (self.partly, "partly"), (self.no, "no"),
            (self.not_seen, "not seen"), (self.not_applicable, "not applicable"),
        )  # fmt: skip
        return ", ".join(f"{count} {name}" for count, name in counted if count) or "not answered"


def score(found: Sequence[Finding]) -> Score:
    """Count the answers of a check."""
    given = [finding.answer for finding in found]
    return Score(*(given.count(answer) for answer in ANSWERS))


def _agreed(about: str, answers: Mapping[str, Any], prefix: str) -> AgreedAction | None:
    texts = [answers.get(f"{prefix}{name}") for name in ("action", "owner", "due")]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        return None
    action, owner, due = (str(text).strip() for text in texts)
    return AgreedAction(about, action, owner, date.fromisoformat(due))
