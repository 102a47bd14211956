"""Why a spreadsheet cannot be read at all; faults in single rows are values, not errors."""

from __future__ import annotations

from odbst_desktop.errors import FileReadError


class SheetError(FileReadError):
    """A file is no table that can be read; nothing was imported."""

    code = "bad-sheet"
