"""What is said above every tab: a clock that is wrong, another version expected."""

from __future__ import annotations

from datetime import date

from odbst_desktop import __released__
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.vault.audit import newest_moment
from odbst_desktop.vault.vault import Vault


def notices(vault: Vault) -> tuple[str, ...]:
    """Return what is to be said, each a sentence or two; mostly nothing."""
    with vault.reading() as session:
        # The demonstration's days are those of its story.
        is_story = read_owner(session).is_demonstration
        newest = newest_moment(session)[:10]
    known = date.fromisoformat(newest) if newest and not is_story else None
    return tuple(filter(None, (clock_problem(vault.today(), known),)))


def clock_problem(today: date, newest: date | None = None) -> str:
    """Return in a sentence why the clock must be wrong, or nothing.

    It can be earlier neither than the program's release nor than ``newest``, a vault's newest
    change.
    """
    earliest = max(filter(None, (date.fromisoformat(__released__), newest)))
    if today >= earliest:
        return ""
    return (
        f"The clock of this computer may be wrong: it says {show_date(today)}, before "
        f"{show_date(earliest)}, when the newest thing here was made. Set date and time, then open "
        "the vault again."
    )
