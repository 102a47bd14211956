"""How long each kind of record is kept here: as shipped, or as the school's schedule says."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, select

from odbst_desktop.errors import InputError
from odbst_desktop.retention.kinds import Kind, kind_of, kinds, year_bounds
from odbst_desktop.retention.records import PeriodRow
from odbst_desktop.vault.vault import Vault

_LAST_MONTH, _LAST_DAY = 8, 31


@dataclass(frozen=True, slots=True)
class Period:
    """How long a kind is kept; ``is_own`` where the school chose it, with who and when."""

    kind: Kind
    years: int
    source: str
    is_own: bool
    changed: str

    @property
    def rule(self) -> str:
        """Return the rule, e.g. “end of the academic year + 6 years”."""
        return self.kind.rule_words(self.years)


def periods(session: Session) -> tuple[Period, ...]:
    """Return the period of each kind, in the order of the list."""
    own = {row.kind: row for row in session.exec(select(PeriodRow)).all()}
    found = []
    for kind in kinds():
        row = own.get(kind.id)
        if row is None:
            found.append(Period(kind, kind.years, kind.source, False, ""))
        else:
            changed = f"{row.changed_by}, {row.changed_at[:10]}"
            found.append(Period(kind, row.years, row.source, True, changed))
    return tuple(found)


def set_period(vault: Vault, kind_id: str, years: int, source: str) -> None:
    """Let a kind be kept for other years than the program ships with.

    Raises:
        InputError: no such kind, years that cannot be, or no source; nothing was changed.

    """
    kind, (shortest, longest) = kind_of(kind_id), year_bounds()
    if not shortest <= years <= longest:
        raise InputError(f"Type how many years: a whole number from {shortest} to {longest}.")
    if not source.strip():
        raise InputError(
            "Say where the figure comes from, such as the trust’s retention schedule and its date."
        )
    with vault.changing("retention period changed", f"retention/{kind.id}") as session:
        session.merge(
            PeriodRow(
                kind=kind.id, years=years, source=" ".join(source.split()),
                changed_at=vault.now(), changed_by=vault.user.name,
            )
        )  # fmt: skip


def reset_period(vault: Vault, kind_id: str) -> None:
    """Go back to the period that the program ships with; raises InputError for no such kind."""
    kind = kind_of(kind_id)
    with vault.changing("retention period reset", f"retention/{kind.id}") as session:
        row = session.get(PeriodRow, kind.id)
        if row is not None:
            session.delete(row)


def kept_until(day: date, years: int, after: str) -> date:
    """Return the last day on which a record of ``day`` is kept."""
    if after == "academic_year":
        ends = academic_year_end(day)
        return ends.replace(year=ends.year + years)
    year = day.year + years
    if (day.month, day.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 3, 1)
    return day.replace(year=year)


def due_on(day: date, years: int, after: str) -> date:
    """Return the first day on which a record of ``day`` may be disposed of."""
    return kept_until(day, years, after) + timedelta(days=1)


def academic_year_end(day: date) -> date:
    """Return the 31 August that ends the academic year of a day."""
    has_ended = (day.month, day.day) > (_LAST_MONTH, _LAST_DAY)
    return date(day.year + has_ended, _LAST_MONTH, _LAST_DAY)
