"""A term as its papers for governors are made from it: the signed return and what stands beside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256

from sqlmodel import Session

from odbst_desktop.actions.list import Action, actions
from odbst_desktop.analysis.disclosure import NOT_SHOWN
from odbst_desktop.analysis.redaction import redacted
from odbst_desktop.analysis.told_text import told_text
from odbst_desktop.exchange.envelope import parse_envelope
from odbst_desktop.exchange.hash_words import hash_words
from odbst_desktop.exchange.payload import Payload
from odbst_desktop.exchange.strict_json import parse_strict_json
from odbst_desktop.meetings.log import meetings
from odbst_desktop.monitoring.themes import themes_in, themes_of
from odbst_desktop.monitoring.visits import DONE, Visit, visits
from odbst_desktop.returns.drafting import Return, ReturnId, returns
from odbst_desktop.returns.shown import Told, ToldReturns, tell_returns
from odbst_desktop.school.calendar import TERMS
from odbst_desktop.school.owner import Owner, read_owner
from odbst_desktop.school.people import people, signing_roles


@dataclass(frozen=True, slots=True)
class Signed:
    """What the signatures of a return say: the package in words, who signed, on which day."""

    words: str
    signers: tuple[tuple[str, str], ...]
    on: date


@dataclass(frozen=True, slots=True)
class GovernorsTerm:
    """A term with everything its papers say; ``on`` is the day they speak of.

    ``signed`` is None while a signature is missing. ``steps`` are what the return before agreed,
    ``decisions`` what the meetings of the term decided.
    """

    owner: Owner
    shown: ToldReturns
    signed: Signed | None
    on: date
    last_term: Told | None
    last_year: Told | None
    visits: tuple[Visit, ...]
    actions: tuple[Action, ...]
    steps: tuple[Action, ...]
    decisions: tuple[Action, ...]
    themes: tuple[str, ...]
    safe: SafeText

    @property
    def now(self) -> Told:
        """Return the return itself."""
        return self.shown.told[0]

    @property
    def is_draft(self) -> bool:
        """Say whether the papers may only be looked at."""
        return self.signed is None


@dataclass(frozen=True, slots=True)
class SafeText:
    """Makes typed words fit for governors and remembers what it changed."""

    references: frozenset[str]
    names: tuple[str, ...]
    shown: frozenset[str]
    hidden: frozenset[int]
    changed: list[str] = field(default_factory=list)

    def begun_anew(self) -> SafeText:
        """Return the same with nothing changed yet, for another paper."""
        return replace(self, changed=[])

    def show(self, text: str, *, keeps_targets: bool = False) -> str:
        """Return words without references and likely names, their numbers as the tables tell."""
        plain = redacted(text, self.references, self.names)
        made = told_text(plain.text, self.shown, self.hidden, keeps_targets=keeps_targets)
        found = list(made.changed)
        if plain.left_out:
            found.append(f"{plain.left_out} × [left out]")
        self.changed.extend(each for each in found if each not in self.changed)
        return made.text


def signed_facts(found: Return) -> Signed | None:
    """Return what a return's signatures say, None while one is missing."""
    if found.envelope is None:
        return None
    envelope = parse_envelope(found.envelope)
    payload = Payload.model_validate(parse_strict_json(envelope.payload))
    have = {signature.keyid for signature in envelope.signatures}
    if not {signer.keyid for signer in payload.signers} <= have:
        return None
    labels = signing_roles()
    return Signed(
        hash_words(sha256(envelope.payload).hexdigest()),
        tuple((signer.person, labels.get(signer.role, signer.role)) for signer in payload.signers),
        date.fromisoformat(str(payload.issued_at)[:10]),
    )


def governors_term(session: Session, made: ReturnId, today: date) -> GovernorsTerm:
    """Return a term as governors are told of it, beside last term and the same term last year."""
    everything = returns(session)
    found = next(each for each in everything if each.id == made)
    before, year_before = _compared(everything, found)
    others = {each.id: each for each in (before, year_before) if each is not None}
    shown = tell_returns(session, [found, *others.values()])
    by_id = {told.found.id: told for told in shown.told}
    signed = signed_facts(found)
    on, first = signed.on if signed else today, day_of(found.answers.get("term_opens"))
    last = day_of(found.answers.get("snapshot_date")) or on
    listed, owner = actions(session), read_owner(session)
    origin = f"return/{before.year}/{before.term}" if before else "-"
    return GovernorsTerm(
        owner, shown, signed, on,
        by_id[before.id] if before else None,
        by_id[year_before.id] if year_before else None,
        _visits_between(session, owner.urn, first, last),
        listed,
        tuple(each for each in listed if each.origin == origin),
        tuple(
            each for each in listed
            if each.origin.startswith("meeting/") and first and first <= each.opened_on <= last
        ),
        tuple(t.theme.title for t in themes_in(
            themes_of(session, owner.urn or 0, found.year), found.term)),
        _safe_text(session, shown),
    )  # fmt: skip


def _compared(everything: Iterable[Return], found: Return) -> tuple[Return | None, Return | None]:
    """Return the newest signed return of the term before, and of the same term last year."""
    period = (found.year, TERMS.index(found.term))
    earlier = [
        each for each in everything
        if (each.year, TERMS.index(each.term)) < period and signed_facts(each) is not None
    ]  # fmt: skip
    first = int(found.year[:4]) - 1
    last_year = f"{first}-{(first + 1) % 100:02d}"
    same = [each for each in earlier if (each.year, each.term) == (last_year, found.term)]
    return (earlier[0] if earlier else None), (same[0] if same else None)


def _visits_between(
    session: Session, urn: int | None, first: date | None, last: date
) -> tuple[Visit, ...]:
    found = [
        visit for visit in visits(session, urn)
        if visit.state in DONE and first is not None and first <= visit.visited_on <= last
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda visit: (visit.visited_on, visit.id)))


def _safe_text(session: Session, shown: ToldReturns) -> SafeText:
    references = frozenset(
        str(row.get("reference") or "")
        for meeting in meetings(session)
        for row in meeting.answers.get("children", [])
    )
    names = tuple(person.name for person in people(session))
    words = frozenset(word for told in shown.told for word in told.words.values())
    hidden = frozenset(
        told.counts.values[name]
        for told in shown.told
        for name, word in told.counts.words.items()
        if word == NOT_SHOWN
    )
    return SafeText(references, names, words, hidden)


def day_of(value: object) -> date | None:
    """Return an answered date, None if it is none."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
