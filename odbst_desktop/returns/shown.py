"""What governors are shown of a return's figures, and what they were shown before.

Every paper for governors takes its figures from here, so that no two of them contradict each other
and none gives away what another hides: the words of a return's counts are settled once, against
all that was shown before, and kept.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session, col, select

from odbst_desktop.analysis.disclosure import Count, Published, Relation, protect
from odbst_desktop.analysis.form_disclosure import form_counts, form_relations, told
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_library.definitions import form_for
from odbst_desktop.returns.drafting import Return, return_form_in_use
from odbst_desktop.returns.shown_records import ShownRow
from odbst_desktop.school.calendar import TERMS

_COST_OF_THE_NEWEST = 30
"""Where an older figure does as well, it is hidden before one of the term reported on."""


@dataclass(frozen=True, slots=True)
class ShownSet:
    """The counts of a return with the words they have outside; ``is_new`` if not kept yet."""

    return_id: str
    year: str
    term: str
    revision: int
    form_version: str
    values: Mapping[str, int]
    words: Mapping[str, str]
    is_new: bool = False

    @property
    def period(self) -> tuple[str, int]:
        """Return what sorts terms by time."""
        return self.year, TERMS.index(self.term)


@dataclass(frozen=True, slots=True)
class Told:
    """A return as governors may be told of it: words for every figure, by field."""

    found: Return
    form: Form
    words: Mapping[str, str]
    counts: ShownSet

    def word(self, field: str) -> str:
        """Return the words of a figure, a dash where there is none."""
        return self.words.get(field, "–")


@dataclass(frozen=True, slots=True)
class ToldReturns:
    """Several returns told together; ``exposed`` are figures that earlier papers gave away."""

    told: tuple[Told, ...]
    exposed: tuple[str, ...]


def tell_returns(session: Session, wanted: Sequence[Return]) -> ToldReturns:
    """Return how governors may be told of returns, the one reported on first.

    What they were shown before keeps its words. Nothing is kept by this: see ``keep_shown``.
    """
    kept = shown_sets(session)
    forms = {
        version: form_for(session, return_form_in_use(session), version)
        for version in {*(each.form_version for each in kept), *(r.form_version for r in wanted)}
    }
    return told_beside(kept, wanted, forms)


def told_beside(
    kept: Sequence[ShownSet], wanted: Sequence[Return], forms: Mapping[str, Form]
) -> ToldReturns:
    """Return how returns may be told beside what was shown; ``forms`` are known by version."""
    sets, places = list(kept), []
    for found in wanted:
        asked = _asked(found, forms[found.form_version])
        same = (place for place, each in enumerate(sets) if _is_same(each, asked))
        place = next(same, len(sets))
        if place == len(sets):
            sets.append(asked)
        places.append(place)
    words, exposed = _protected(sets, places, forms)
    made = []
    for found, place in zip(wanted, places, strict=True):
        form, is_new = forms[found.form_version], place >= len(kept)
        counts = replace(sets[place], words=words[place], is_new=is_new)
        made.append(Told(found, form, told(form, found.answers, counts.words), counts))
    return ToldReturns(tuple(made), exposed)


def shown_sets(session: Session) -> tuple[ShownSet, ...]:
    """Return everything that governors were shown, the oldest first."""
    rows = session.exec(select(ShownRow).order_by(col(ShownRow.shown_on), col(ShownRow.id))).all()
    return tuple(
        ShownSet(
            row.return_id, row.year, row.term, row.revision, row.form_version,
            json.loads(row.values), json.loads(row.words),
        )
        for row in rows
    )  # fmt: skip


def keep_shown(session: Session, shown: ToldReturns, on: date) -> None:
    """Keep what governors are shown from now on; what is kept already stays as it is."""
    for each in shown.told:
        counts = each.counts
        if counts.is_new:
            session.add(
                ShownRow(
                    id=str(uuid.uuid4()), return_id=counts.return_id, year=counts.year,
                    term=counts.term, revision=counts.revision, form_version=counts.form_version,
                    values=json.dumps(counts.values), words=json.dumps(counts.words),
                    shown_on=on.isoformat(),
                )
            )  # fmt: skip


def relations_between(sets: Sequence[ShownSet], forms: Mapping[str, Form]) -> tuple[Relation, ...]:
    """Return what a reader of all of these may know to hold inside them and between them.

    Inside a term the form's rules; between terms what begins where the last one ended; between two
    editions of a term that what did not change is the same.
    """
    made: list[Relation] = []
    for place, each in enumerate(sets):
        form = forms[each.form_version]
        made += form_relations(form, _prefix(place))
        earlier = [other for other in sets if other.period < each.period]
        newest = max((other.period for other in earlier), default=None)
        for at, other in enumerate(sets):
            if other.period == newest:
                links = form_relations(form, _prefix(place), _prefix(at))
                made += [link for link in links if _reaches(link, _prefix(at))]
            if at < place and other.period == each.period:
                same = (n for n, value in each.values.items() if other.values.get(n) == value)
                made += [Relation.of_same(_prefix(at) + n, _prefix(place) + n) for n in same]
    return tuple(made)


def _asked(found: Return, form: Form) -> ShownSet:
    values = {count.name: count.value for count in form_counts(form, found.answers)}
    return ShownSet(
        found.id, found.year, found.term, found.revision, found.form_version, values, {},
        is_new=True,
    )  # fmt: skip


def _is_same(one: ShownSet, other: ShownSet) -> bool:
    return (one.period, one.form_version, one.values) == (
        other.period, other.form_version, other.values,
    )  # fmt: skip


def _protected(
    sets: Sequence[ShownSet], wanted: Sequence[int], forms: Mapping[str, Form]
) -> tuple[dict[int, dict[str, str]], tuple[str, ...]]:
    """Return the words of each set that is wanted, by field."""
    published = [
        Published(_prefix(place) + name, each.values[name], word)
        for place, each in enumerate(sets)
        for name, word in each.words.items()
    ]
    counts: list[Count] = []
    for place in dict.fromkeys(wanted):
        each, more = sets[place], 0 if place != wanted[0] else _COST_OF_THE_NEWEST
        made = form_counts(forms[each.form_version], each.values, _prefix(place))
        counts += [replace(count, cost=count.cost + more) for count in made]
    found = protect(counts, relations_between(sets, forms), published)
    words = {
        place: {n: found.words[_prefix(place) + n] for n in sets[place].values} for place in wanted
    }
    return words, tuple(name.partition("/")[2] for name in found.exposed)


def _prefix(place: int) -> str:
    return f"{place}/"


def _reaches(relation: Relation, prefix: str) -> bool:
    return any(name.startswith(prefix) for _, name in relation.terms)
