"""What an import would do, row by row, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Generic, Protocol, TypeVar

from odbst_desktop.errors import InputError


class Fate(Enum):
    """What becomes of a row; the value is the word shown."""

    NEW = "New"
    CHANGED = "Changed"
    SAME = "Already here"
    NO_PERSON = "Person not found"
    NO_COURSE = "Course not known"
    DOUBTFUL = "Who is it?"
    NO_ROLE = "Role not known"
    LEFT_OUT = "Left out"
    FAULTY = "Faulty"

    @property
    def sign(self) -> str:
        """Return a shape, so that colour is never the only sign."""
        return _SIGNS.get(self, "✗")


_SIGNS = {Fate.NEW: "+", Fate.CHANGED: "≠", Fate.SAME: "=", Fate.LEFT_OUT: "–"}
_TAKEN = frozenset({Fate.NEW, Fate.CHANGED})
_FINE = frozenset({*_TAKEN, Fate.SAME, Fate.LEFT_OUT})


class SheetLine(Protocol):
    """A row of a sheet with what becomes of it."""

    @property
    def row(self) -> int:
        """Return the number that Excel shows beside it."""

    @property
    def fate(self) -> Fate:
        """Return what becomes of it."""


LineT = TypeVar("LineT", bound=SheetLine)


class SheetPreview(Generic[LineT]):
    """What previews of every kind of sheet can say; ``lines`` are in the order of the sheet."""

    __slots__ = ()
    name: str
    lines: tuple[LineT, ...]

    def count(self, *fates: Fate) -> int:
        """Return how many rows meet one of some fates."""
        return sum(line.fate in fates for line in self.lines)

    @property
    def taken(self) -> tuple[LineT, ...]:
        """Return the rows that would be written."""
        return tuple(line for line in self.lines if line.fate in _TAKEN)

    @property
    def not_taken(self) -> tuple[LineT, ...]:
        """Return the rows that would be left out because something is wrong or not clear."""
        return tuple(line for line in self.lines if line.fate not in _FINE)

    @property
    def summary(self) -> str:
        """Return in a sentence what would happen."""
        counted = [
            f"{self.count(fate):,} {fate.value.lower().rstrip('?')}"
            for fate in Fate
            if self.count(fate)
        ]
        return f"{len(self.lines):,} rows: {', '.join(counted)}.{self.remark}"

    @property
    def remark(self) -> str:
        """Return what else there is to say of the whole sheet, with a space before it."""
        return ""

    def refuse_unless_clear(self, *, leave_out_doubtful: bool) -> None:
        """Refuse to write half of a sheet that is not clear, or nothing at all.

        Raises:
            InputError: rows are faulty or not clear and the user did not say to leave them out,
                or there is nothing to write.

        """
        doubtful: Sequence[LineT] = self.not_taken
        if doubtful and not leave_out_doubtful:
            raise InputError(
                f"{len(doubtful):,} of {len(self.lines):,} rows are faulty or not clear. Mend "
                "them, or choose to leave them out. Nothing was imported."
            )
        if not self.taken:
            raise InputError("There is nothing new in this sheet. Nothing was imported.")
