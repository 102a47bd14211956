"""When a term's return is due: the day the ESL set, else as long after the term as the rules say.

The trust card carries the dates of its year as year, term, authority, day.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session, select

from odbst_desktop.errors import InputError
from odbst_desktop.school.calendar import TERMS, Term, academic_year
from odbst_desktop.school.schools import AUTHORITIES, DEFAULT_AUTHORITY
from odbst_desktop.shipped import shipped_yaml
from odbst_desktop.trust.records import DueDateRow

_LATEST_DAYS = 120


def term_of(year: str, name: str, authority: str) -> Term:
    """Return a term; raises InputError if its dates or its name are not known.

    An authority whose dates did not ship is taken to keep those of the first one.
    """
    known = authority if authority in shipped_yaml("resources/calendar.yaml") else DEFAULT_AUTHORITY
    for term in academic_year(year, known).terms:
        if term.name == name:
            return term
    raise InputError(f"“{name}” is not a term. Choose autumn, spring or summer.")


def due_date(session: Session, year: str, term: str, authority: str) -> date:
    """Return the day a term's return is due at a school of an authority."""
    row = session.get(DueDateRow, (year, term))
    return row.due if row is not None else usual_due_date(year, term, authority)


def usual_due_date(year: str, term: str, authority: str) -> date:
    """Return the day a return is due where the ESL set none."""
    days = shipped_yaml("resources/exchange_rules.yaml")["return_due_days"]
    return term_of(year, term, authority).closes + timedelta(days=days)


def set_due_date(session: Session, year: str, term: str, due: date | None) -> None:
    """Set the day for every school, or with None leave it to the rules again.

    Raises:
        InputError: the day is not near the end of that term.

    """
    row = session.get(DueDateRow, (year, term))
    if due is None:
        if row is not None:
            session.delete(row)
        return
    lasts = term_of(year, term, DEFAULT_AUTHORITY)
    if not lasts.opens <= due <= lasts.closes + timedelta(days=_LATEST_DAYS):
        raise InputError(
            f"A return of the {term} term {year} cannot be due on that day: choose one between the "
            "term’s first day and four months after its last. Nothing was changed."
        )
    session.merge(DueDateRow(year=year, term=term, due=due))


def due_dates_of(session: Session, year: str) -> dict[str, dict[str, dict[str, str]]]:
    """Return a year's due dates as the trust card carries them: year, term, authority, day."""
    found: dict[str, dict[str, str]] = {}
    for term in TERMS:
        for authority in AUTHORITIES:
            try:
                day = due_date(session, year, term, authority)
            except InputError:
                continue  # no dates of that authority ship for that year
            found.setdefault(term, {})[authority] = day.isoformat()
    return {year: found} if found else {}


def dates_set(session: Session) -> dict[tuple[str, str], date]:
    """Return the days the ESL set, by year and term."""
    return {(row.year, row.term): row.due for row in session.exec(select(DueDateRow))}
