"""The trust's themes of the term that a day falls in, in the words of a meeting's agenda."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from odbst_desktop.monitoring.themes import themes_in, themes_of
from odbst_desktop.office.calendar import current_term
from odbst_desktop.school.owner import read_owner


def theme_lines(session: Session, day: date) -> tuple[str, ...]:
    """Return a sentence for each theme of the term at the vault's own school."""
    urn, term = read_owner(session).urn, current_term(session, day)
    if urn is None or term is None:
        return ()
    taken = themes_in(themes_of(session, urn, term.year), term.name)
    return tuple(
        f"● The trust’s theme this term: {each.theme.title}."
        f"{f' {each.theme.why}' if each.theme.why else ''} What do this week’s concerns say of it?"
        for each in taken
    )
