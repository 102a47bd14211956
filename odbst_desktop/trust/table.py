"""The tidy table as figures are read from it: by field and term, school beside school."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from odbst_desktop.errors import InputError
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_library.definitions import form_for
from odbst_desktop.school.calendar import TERMS
from odbst_desktop.trust.collation import TidyRow, VerifiedReturn, collate
from odbst_desktop.trust.due_dates import term_of
from odbst_desktop.trust.queries import answered
from odbst_desktop.trust.returned import Held, returns_held
from odbst_desktop.trust.school_facts import SchoolFacts, school_facts

TermKey = tuple[str, str]
"""Academic year and term."""


@dataclass(frozen=True, slots=True, eq=False)
class TrustTable:
    """Every return of the trust as figures: ``cells`` by term, field and URN.

    ``held`` are the returns by term and URN, ``queried`` the hashes of those with open questions,
    ``form`` is the form in use and ``forms`` every version that a return was filled in on.
    """

    schools: tuple[SchoolFacts, ...]
    cells: Mapping[TermKey, Mapping[str, Mapping[int, TidyRow]]]
    held: Mapping[TermKey, Mapping[int, Held]]
    queried: frozenset[str]
    form: Form
    forms: Mapping[str, Form]

    @property
    def terms(self) -> tuple[TermKey, ...]:
        """Return the terms with a return, the newest first."""
        return tuple(sorted(self.cells, key=lambda k: (k[0], TERMS.index(k[1])), reverse=True))

    def of(self, key: TermKey, field: str) -> Mapping[int, TidyRow]:
        """Return a field's rows in a term by URN; a school that said nothing is not among them."""
        return self.cells.get(key, {}).get(field, {})

    def numbers(self, key: TermKey, field: str) -> dict[int, float]:
        """Return the figures that were given, by URN."""
        return {u: row.number for u, row in self.of(key, field).items() if row.number is not None}

    def asked(self, key: TermKey) -> tuple[SchoolFacts, ...]:
        """Return the schools that a term asks for a return, and those that gave one."""
        gave = self.held.get(key, {})
        return tuple(
            facts for facts in self.schools if facts.school.urn in gave or _is_asked(facts, key)
        )

    def name(self, urn: int) -> str:
        """Return a school's name as the register has it."""
        return next((f.school.name for f in self.schools if f.school.urn == urn), str(urn))

    def versions(self, key: TermKey) -> frozenset[str]:
        """Return the versions of the form that a term's returns were filled in on."""
        return frozenset(held.body.form.version for held in self.held.get(key, {}).values())


def year_before(key: TermKey) -> TermKey:
    """Return the same term of the year before."""
    first = int(key[0][:4]) - 1
    return f"{first}-{(first + 1) % 100:02d}", key[1]


def term_before(key: TermKey) -> TermKey:
    """Return the term before a term."""
    place = TERMS.index(key[1])
    return (key[0], TERMS[place - 1]) if place else (year_before(key)[0], TERMS[-1])


def term_words(key: TermKey) -> str:
    """Return a term as it is shown, e.g. “Autumn 2026-27”."""
    return f"{key[1].capitalize()} {key[0]}"


def verified_of(held: Held) -> VerifiedReturn:
    """Return a stored return as the table's function takes it; it was checked when it came."""
    package = held.package
    return VerifiedReturn(
        package.urn or 0, package.issuer, package.revision, package.payload_sha256, held.body
    )


def trust_table(session: Session, form: Form) -> TrustTable:
    """Return the table of the newest revision of every return held; ``form`` is the one in use."""
    every = sorted(returns_held(session), key=lambda held: held.package.urn or 0)
    forms = {
        version: form_for(session, form, version)
        for version in {held.body.form.version for held in every}
    }
    said = answered(session)
    return table_of(school_facts(session), every, form, forms, frozenset(
        digest for digest, answer in said.items() if answer.verdict == "queried"
    ))  # fmt: skip


def table_of(
    schools: tuple[SchoolFacts, ...], every: Iterable[Held], form: Form,
    forms: Mapping[str, Form], queried: frozenset[str],
) -> TrustTable:  # fmt: skip
    """Arrange returns as a table."""
    cells: dict[TermKey, dict[str, dict[int, TidyRow]]] = {}
    held: dict[TermKey, dict[int, Held]] = {}
    for each in every:
        key = (each.body.academic_year, each.body.term)
        held.setdefault(key, {})[each.package.urn or 0] = each
        fields = cells.setdefault(key, {})
        for row in collate((verified_of(each),), forms):
            fields.setdefault(row.field, {})[row.urn] = row
    return TrustTable(schools, cells, held, queried, form, forms)


def rows_of_term(table: TrustTable, key: TermKey) -> tuple[TidyRow, ...]:
    """Return a term's rows, school by school by name, each in the order of its form."""
    returns = table.held.get(key, {})
    by_name = sorted(returns, key=lambda urn: (table.name(urn), urn))
    return tuple(collate((verified_of(returns[urn]) for urn in by_name), table.forms))


def _is_asked(facts: SchoolFacts, key: TermKey) -> bool:
    try:
        return facts.is_asked_in(term_of(*key, facts.school.authority))
    except InputError:
        return facts.left is None  # a year whose dates are not known here
