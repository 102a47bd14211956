"""Strategic checks and whole-school reviews: planned with reasons, recorded, followed up."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NewType

from sqlmodel import Session, col, select

from odbst_desktop.actions.list import Action, actions, add_action
from odbst_desktop.errors import InputError, StateError
from odbst_desktop.form_engine.answers import check_types, cleaned, evaluate, problem_words
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.reading import shipped_form
from odbst_desktop.form_engine.starting import starting_answers
from odbst_desktop.form_library.definitions import form_for, keep_definition
from odbst_desktop.form_library.trust_forms import form_in_use
from odbst_desktop.monitoring.checklists import agreed_actions
from odbst_desktop.school.schools import find_school
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.shipped import shipped_yaml
from odbst_desktop.trust.review_records import ReviewRow
from odbst_desktop.vault.vault import Vault

ReviewId = NewType("ReviewId", str)
"""A random UUID of a strategic check or review."""

STATES = {
    "planned": "○ Planned",
    "draft": "◐ Begun",
    "closed": "● Closed, to be followed up",
    "followed_up": "✓ Followed up",
    "put_aside": "– Put aside",
}


@dataclass(frozen=True, slots=True)
class Review:
    """A strategic check or a whole-school review of one school."""

    id: ReviewId
    urn: int
    school: str
    form: Form
    planned_for: date
    reasons: tuple[str, ...]
    why: str
    theme: str
    led_by: str
    state: str
    answers: Mapping[str, Any]
    closed_at: str
    follow_up_due: date
    followed_up_on: date | None
    follow_up: str

    @property
    def kind_words(self) -> str:
        """Return what it is: a strategic check or a whole-school review."""
        return str(_content()["kinds"][self.form.form_id]["label"])

    @property
    def reason_words(self) -> str:
        """Return the reasons it was planned for."""
        named = [reason_label(reason) for reason in self.reasons]
        return ". ".join([*named, self.why] if self.why else named)

    def words_on(self, today: date) -> str:
        """Return the state with what is late."""
        said = STATES[self.state]
        if self.state in {"planned", "draft"} and self.planned_for < today:
            return f"{said}, was for {show_date(self.planned_for)}"
        if self.state == "closed":
            late = " (overdue)" if self.follow_up_due < today else ""
            return f"{said} by {show_date(self.follow_up_due)}{late}"
        return said


def review_kinds() -> dict[str, str]:
    """Return the kinds with their labels, by the id of their form."""
    return {kind: entry["label"] for kind, entry in _content()["kinds"].items()}


def review_reasons() -> dict[str, str]:
    """Return the reasons that a review may be planned for, the weightiest first."""
    return {name: entry["label"] for name, entry in _content()["reasons"].items()}


def reason_label(reason: str) -> str:
    """Return a reason in words."""
    return review_reasons()[reason]


def reason_points(reason: str) -> int:
    """Return what a reason counts for the order of reviews."""
    return int(_content()["reasons"][reason]["points"])


def review_form(session: Session, kind: str) -> Form:
    """Return the form of a kind: the trust's newest, else the one that ships.

    Raises:
        InputError: there is no such kind.

    """
    if kind not in review_kinds():
        raise InputError("Choose a strategic check or a whole-school review.")
    return form_in_use(session, kind) or shipped_form(f"trust/{kind}")


def plan_review(
    vault: Vault, urn: int, kind: str, planned_for: date, *, reasons: Sequence[str],
    why: str = "", led_by: str = "", theme: str = "",
) -> ReviewId:  # fmt: skip
    """Plan a strategic check or a review.

    Raises:
        InputError: it has no reason, its day is past, or the school is not on the register;
            nothing was planned.

    """
    if not reasons or not set(reasons) <= set(review_reasons()):
        raise InputError("Say why this school: choose at least one reason.")
    if planned_for < vault.today():
        raise InputError("The day planned for is past. Choose a day from today on.")
    made = ReviewId(str(uuid.uuid4()))
    with vault.changing("review planned", f"review/{made}") as session:
        if find_school(session, urn) is None:
            raise InputError("That school is not on the register. Choose one from the list.")
        form = review_form(session, kind)
        keep_definition(session, form, at=vault.now())
        session.add(
            ReviewRow(
                id=made, urn=urn, form_id=kind, form_version=form.version, theme=theme,
                planned_for=planned_for, reasons=json.dumps(list(reasons)), why=why.strip(),
                led_by=led_by.strip() or vault.user.name, planned_at=vault.now(),
            )
        )  # fmt: skip
    return made


def begin_review(vault: Vault, review: ReviewId) -> None:
    """Begin to record a review; one that is begun already stays as it is."""
    with vault.changing("review begun", f"review/{review}") as session:
        row = _in_state(session, review, "planned", "draft")
        if row.state == "planned":
            form = review_form(session, row.form_id)
            keep_definition(session, form, at=vault.now())
            started = {**starting_answers(form, today=vault.today()),
                       "visited_on": vault.today().isoformat()}  # fmt: skip
            row.form_version, row.state = form.version, "draft"
            row.answers = json.dumps(started, ensure_ascii=False)
            session.add(row)


def save_review(vault: Vault, review: ReviewId, answers: Mapping[str, Any]) -> None:
    """Keep what is typed.

    Raises:
        InputError: an answer is of the wrong type; nothing was changed.
        StateError: it is closed.

    """
    with vault.changing("review saved", f"review/{review}") as session:
        row = _in_state(session, review, "draft")
        wrong = check_types(_review(session, row).form, answers)
        if wrong:
            raise InputError(f"“{wrong[0].field}” was not saved. {wrong[0].message}")
        row.answers = json.dumps(dict(answers), ensure_ascii=False)
        session.add(row)


def close_review(vault: Vault, review: ReviewId) -> None:
    """Close a review: what was agreed joins the list of actions, and it waits to be followed up.

    Raises:
        InputError: something is missing or wrong; nothing was changed.

    """
    with vault.changing("review closed", f"review/{review}") as session:
        row = _in_state(session, review, "draft")
        found = _review(session, row)
        problems = evaluate(found.form, found.answers, today=vault.today()).errors()
        if problems:
            more = f" There are {len(problems) - 1} more." if len(problems) > 1 else ""
            words = problem_words(found.form, problems[0])
            raise InputError(f"The review cannot be closed yet. {words}{more}")
        answers = cleaned(found.form, found.answers)
        for agreed in agreed_actions(found.form, answers):
            add_action(
                session, f"{found.school}: {agreed.action}", agreed.owner, agreed.due,
                origin=f"review/{review}",
                opened_on=date.fromisoformat(str(answers["visited_on"])),
            )  # fmt: skip
        row.answers = json.dumps(answers, ensure_ascii=False)
        row.state, row.closed_at, row.closed_by = "closed", vault.now(), vault.user.name
        session.add(row)


def follow_up_review(vault: Vault, review: ReviewId, words: str) -> None:
    """Note what became of a review.

    Raises:
        InputError: nothing is said.
        StateError: it is not closed.

    """
    if not words.strip():
        raise InputError("Say what became of it: what changed at the school, and how you know.")
    with vault.changing("review followed up", f"review/{review}") as session:
        row = _in_state(session, review, "closed")
        row.state, row.followed_up_on, row.follow_up = (
            "followed_up", vault.today(), words.strip()
        )  # fmt: skip
        session.add(row)


def put_review_aside(vault: Vault, review: ReviewId) -> None:
    """Put aside a review that will not be made; what was typed stays readable."""
    with vault.changing("review put aside", f"review/{review}") as session:
        row = _in_state(session, review, "planned", "draft")
        row.state = "put_aside"
        session.add(row)


def reviews(session: Session) -> tuple[Review, ...]:
    """Return every check and review, the newest planned first."""
    rows = session.exec(select(ReviewRow).order_by(col(ReviewRow.planned_for).desc())).all()
    return tuple(_review(session, row) for row in rows)


def read_review(session: Session, review: ReviewId) -> Review:
    """Return one review."""
    return _review(session, session.get_one(ReviewRow, review))


def actions_of(session: Session, review: ReviewId) -> tuple[Action, ...]:
    """Return the actions that a review agreed."""
    return tuple(each for each in actions(session) if each.origin == f"review/{review}")


def years_between() -> int:
    """Return after how many years a school is to be reviewed again."""
    return int(_content()["years_between"])


def _review(session: Session, row: ReviewRow) -> Review:
    school = find_school(session, row.urn)
    form = form_for(session, review_form(session, row.form_id), row.form_version)
    closed = date.fromisoformat(row.closed_at[:10]) if row.closed_at else row.planned_for
    due = closed + timedelta(days=int(_content()["kinds"][row.form_id]["within_days"]))
    return Review(
        ReviewId(row.id), row.urn, school.name if school else str(row.urn), form,
        row.planned_for, tuple(json.loads(row.reasons)), row.why, row.theme, row.led_by,
        row.state, json.loads(row.answers), row.closed_at or "", due, row.followed_up_on,
        row.follow_up,
    )  # fmt: skip


def _in_state(session: Session, review: ReviewId, *states: str) -> ReviewRow:
    row = session.get_one(ReviewRow, review)
    if row.state not in states:
        raise StateError(f"It is “{STATES[row.state]}”, so that cannot be done. Nothing changed.")
    return row


def _content() -> Any:
    return shipped_yaml("resources/reviews.yaml")
