"""The trust's themes of a term, which move checks forward: chosen here, or from a focus pack."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlmodel import Session, col, select

from odbst_desktop.errors import InputError
from odbst_desktop.exchange.bodies import PackTheme
from odbst_desktop.monitoring.checklists import checklist_ids
from odbst_desktop.monitoring.records import ThemeRow
from odbst_desktop.school.calendar import TERMS
from odbst_desktop.shipped import shipped_yaml

CHOSEN_HERE, FOCUS_PACK = "chosen here", "from the trust"


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme to choose; ``checks`` are the checklists that go with it, the first one first."""

    id: str
    title: str
    checks: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class TermTheme:
    """A theme taken up for a term at one school; ``source`` says who brought it."""

    row: str
    year: str
    term: str
    theme: Theme
    source: str
    taken_up_on: date


@cache
def shipped_themes() -> tuple[Theme, ...]:
    """Return the themes to choose from until a focus pack brings the trust's own."""
    content = shipped_yaml("resources/monitoring_themes.yaml")["themes"]
    return tuple(Theme(e["id"], e["title"], tuple(e["checks"])) for e in content)


def take_up_theme(
    session: Session, urn: int, year: str, term: str, theme: Theme, *, on: date,
    source: str = CHOSEN_HERE, known: Collection[str] = (),
) -> None:  # fmt: skip
    """Take up a theme for a term; the same theme twice counts once.

    ``known`` are checks beyond those of the cycle: forms that the trust published.

    Raises:
        InputError: there is no such term, or the theme names a checklist that is not known.

    """
    if term not in TERMS:
        raise InputError(f"“{term}” is not a term. Choose autumn, spring or summer.")
    unknown = set(theme.checks) - {*checklist_ids(), *known}
    if unknown:
        raise InputError(
            f"The theme “{theme.title}” asks for a check that is not known here: "
            f"{', '.join(sorted(unknown))}. A newer version of the program may be needed."
        )
    held = [t for t in themes_of(session, urn, year) if (t.term, t.theme.id) == (term, theme.id)]
    row = ThemeRow(
        id=held[0].row if held else str(uuid.uuid4()), urn=urn, year=year, term=term,
        theme=theme.id, title=theme.title, why=theme.why, checks=json.dumps(theme.checks),
        source=source, taken_up_on=held[0].taken_up_on if held else on,
    )  # fmt: skip
    session.merge(row)


def take_up_pack(
    session: Session, urn: int, year: str, term: str, sent: Sequence[PackTheme], on: date,
    *, known: Collection[str] = (),
) -> None:  # fmt: skip
    """Let the themes of a focus pack stand for a term; those of the pack before it go.

    A check that is not known here, nor among ``known``, is left out.
    """
    wanted = {theme.id for theme in sent}
    for held in themes_of(session, urn, year):
        if (held.term, held.source) == (term, FOCUS_PACK) and held.theme.id not in wanted:
            session.delete(session.get_one(ThemeRow, held.row))
    session.flush()
    checks = {*checklist_ids(), *known}
    for entry in sent:
        theme = Theme(
            entry.id, entry.title,
            tuple(check for check in entry.expected_checks if check in checks), entry.why,
        )  # fmt: skip
        take_up_theme(session, urn, year, term, theme, on=on, source=FOCUS_PACK, known=known)


def drop_theme(session: Session, row: str) -> None:
    """Take a theme away that was chosen here.

    Raises:
        InputError: the trust sent it, or it is gone already.

    """
    found = session.get(ThemeRow, row)
    if found is None or found.source != CHOSEN_HERE:
        raise InputError("Only a theme that was chosen here can be taken away again.")
    session.delete(found)


def themes_of(session: Session, urn: int, year: str) -> tuple[TermTheme, ...]:
    """Return the themes of a school's year, by term."""
    rows = session.exec(
        select(ThemeRow)
        .where(ThemeRow.urn == urn, ThemeRow.year == year)
        .order_by(col(ThemeRow.taken_up_on), col(ThemeRow.title))
    ).all()
    found = [
        TermTheme(
            r.id, r.year, r.term, Theme(r.theme, r.title, tuple(json.loads(r.checks)), r.why),
            r.source, r.taken_up_on,
        )
        for r in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda t: TERMS.index(t.term)))


def themes_in(themes: Sequence[TermTheme], term: str) -> tuple[TermTheme, ...]:
    """Return the themes of one term."""
    return tuple(theme for theme in themes if theme.term == term)
