"""How each entry of the register stands on a day, and what was said of it before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from odbst_desktop.compliance.facts import PolicyFacts, read_facts
from odbst_desktop.compliance.items import Area, Item, areas, items, setting
from odbst_desktop.compliance.records import AnswerRow
from odbst_desktop.compliance.trust_versions import TrustVersion, trust_versions


class State(Enum):
    """How an entry stands; the value is the word shown."""

    IN_PLACE = "In place"
    PARTLY = "Partly in place"
    MISSING = "Not in place"
    LAPSED = "To confirm again"
    UNSAID = "Not answered yet"
    NIL = "Nothing to show"

    @property
    def sign(self) -> str:
        """Return a shape, so that colour is never the only sign."""
        return _SIGNS[self]

    @property
    def shown(self) -> str:
        """Return the shape with the word."""
        return f"{self.sign} {self.value}"

    @property
    def is_well(self) -> bool:
        """Say whether nothing is wanting."""
        return self in {State.IN_PLACE, State.NIL}


_SIGNS = {
    State.IN_PLACE: "✓", State.PARTLY: "△", State.MISSING: "✗", State.LAPSED: "↻",
    State.UNSAID: "○", State.NIL: "–",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """What this vault knows of an entry; ``agrees`` is False where it speaks against it."""

    words: str
    agrees: bool | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said of an entry on a day, as it was kept."""

    id: int
    item: str
    state: State
    said_on: date
    last_on: date | None
    holds_until: date | None
    evidence: str
    owner: str
    facts: PolicyFacts
    said_by: str
    said_at: str
    is_taken_back: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry on a day; ``wants`` says in words what is wanting.

    ``trust`` is a policy's version as the trust published it, if a focus pack said so.
    """

    item: Item
    on: date
    state: State
    answer: Answer | None
    wants: tuple[str, ...]
    trust: TrustVersion | None = None

    @property
    def owner(self) -> str:
        """Return who sees to it."""
        return (self.answer.owner if self.answer else "") or self.item.owner

    @property
    def evidence(self) -> str:
        """Return what was said to show it."""
        return self.answer.evidence if self.answer else ""

    @property
    def last_on(self) -> date | None:
        """Return when it was last done or seen."""
        return self.answer.last_on if self.answer else None

    @property
    def next_on(self) -> date | None:
        """Return the day by which it has to be seen to again."""
        if self.answer is None:
            return None
        return self.answer.facts.next_review if self.item.is_policy else self.answer.holds_until

    @property
    def is_current_policy(self) -> bool:
        """Say whether it is a policy that the LGB received and whose review is not past."""
        answer = self.answer
        return (
            self.item.is_policy
            and answer is not None
            and answer.state is not State.MISSING
            and answer.facts.is_current_on(self.on)
        )

    @property
    def is_due_soon(self) -> bool:
        """Say whether a policy or a year's duty is in place and due within the coming weeks.

        A term's duty is asked each term, and so never comes as a surprise.
        """
        soon = self.on + timedelta(days=setting("due_soon_days"))
        is_dated = self.state is State.IN_PLACE and self.item.renews != "term"
        return is_dated and self.next_on is not None and self.next_on <= soon


def standings(session: Session, on: date) -> tuple[Standing, ...]:
    """Return every entry as it stands on a day, from what had been said until then."""
    newest = {row.item: row for row in session.exec(_answers_until(on))}
    published = trust_versions(session, on)
    return tuple(
        _standing(item, newest.get(item.id), on, published.get(item.id)) for item in items()
    )


def standing(session: Session, item: Item, on: date) -> Standing:
    """Return one entry as it stands on a day."""
    rows = session.exec(_answers_until(on).where(AnswerRow.item == item.id)).all()
    newest = rows[-1] if rows else None
    return _standing(item, newest, on, trust_versions(session, on).get(item.id))


def _answers_until(on: date) -> SelectOfScalar[AnswerRow]:
    """Return the query for what had been said until a day, in its order."""
    return (
        select(AnswerRow)
        .where(AnswerRow.said_on <= on, col(AnswerRow.is_taken_back).is_(False))
        .order_by(col(AnswerRow.said_on), col(AnswerRow.id))
    )


def history(session: Session, item: str) -> tuple[Answer, ...]:
    """Return everything that was said of an entry, the newest first."""
    rows = session.exec(
        select(AnswerRow).where(AnswerRow.item == item).order_by(col(AnswerRow.id).desc())
    ).all()
    return tuple(_answer(row) for row in rows)


def count_states(known: Iterable[Standing]) -> Counter[State]:
    """Return how many entries are in each state."""
    return Counter(standing.state for standing in known)


def by_area(known: Sequence[Standing]) -> tuple[tuple[Area, tuple[Standing, ...]], ...]:
    """Return the entries of each area, in the order of the plan."""
    return tuple((area, tuple(s for s in known if s.item.area == area.id)) for area in areas())


def _standing(item: Item, row: AnswerRow | None, on: date, trust: TrustVersion | None) -> Standing:
    if row is None:
        return Standing(item, on, State.UNSAID, None, ("nothing was said of it yet",), trust)
    answer = _answer(row)
    if answer.state is State.MISSING:
        return Standing(item, on, State.MISSING, answer, (answer.evidence,), trust)
    if item.is_policy:
        wants = answer.facts.wants_on(on, answer.said_on)
        if trust is not None and answer.facts.version not in {"", trust.version}:
            wants += (f"the trust’s version is {trust.version} now, not {answer.facts.version}",)
        if not answer.facts.is_current_on(on):
            return Standing(item, on, State.MISSING, answer, wants, trust)
        state = State.PARTLY if wants else State.IN_PLACE
        return Standing(item, on, state, answer, wants, trust)
    if answer.holds_until is not None and answer.holds_until < on:
        return Standing(item, on, State.LAPSED, answer, (_lapsed_words(answer),))
    wants = (answer.evidence,) if answer.state is State.PARTLY else ()
    return Standing(item, on, answer.state, answer, wants)


def _lapsed_words(answer: Answer) -> str:
    if answer.state is State.NIL:
        return "“Nothing to show” lapsed in September: say it again"
    return "what was said of it has lapsed: confirm it again"


def _answer(row: AnswerRow) -> Answer:
    return Answer(
        row.id or 0, row.item, State[row.state.upper()], row.said_on, row.last_on,
        row.holds_until, row.evidence, row.owner, read_facts(row.facts), row.said_by,
        row.said_at, row.is_taken_back,
    )  # fmt: skip
