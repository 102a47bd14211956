"""The terms of the vault's own school."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from odbst_desktop.errors import InputError
from odbst_desktop.school.calendar import AcademicYear, Term, academic_year, year_of
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.schools import DEFAULT_AUTHORITY, find_school


def own_authority(session: Session) -> str:
    """Return the local authority of the vault's school, as the trust card says."""
    school = find_school(session, read_owner(session).urn)
    return school.authority if school else DEFAULT_AUTHORITY


def year_at(session: Session, urn: int | None, day: date) -> AcademicYear | None:
    """Return the academic year of a day at a school, None where its dates are not known."""
    school = find_school(session, urn)
    try:
        return academic_year(year_of(day), school.authority if school else DEFAULT_AUTHORITY)
    except InputError:
        return None


def own_year(session: Session, day: date) -> AcademicYear | None:
    """Return the academic year of a day, None where its dates are not known."""
    try:
        return academic_year(year_of(day), own_authority(session))
    except InputError:
        return None


def current_term(session: Session, day: date) -> Term | None:
    """Return the term of a day, or in a holiday the one that ended last, if any."""
    year = own_year(session, day)
    if year is None:
        return None
    begun = [term for term in year.terms if term.opens <= day]
    return begun[-1] if begun else None
