"""A table on the clipboard: tabs and lines for a spreadsheet, HTML for a letter."""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QTableView

from odbst_desktop.spreadsheets.writing import harmless_cell

WHOLE = "Ctrl+Shift+C"


def copy_on_keys(table: QTableView, event: QKeyEvent) -> bool:
    """Copy the chosen rows on Ctrl+C, all on Ctrl+Shift+C; say whether it was one of them."""
    is_whole = QKeySequence(event.keyCombination()) == QKeySequence(WHOLE)
    if not is_whole and not event.matches(QKeySequence.StandardKey.Copy):
        return False
    model = table.model()
    chosen = {index.row() for index in table.selectionModel().selectedIndexes()}
    across = [place for place in range(model.columnCount()) if not table.isColumnHidden(place)]
    header = [str(model.headerData(place, Qt.Orientation.Horizontal) or "") for place in across]
    rows = [
        [str(model.index(row, place).data() or "") for place in across]
        for row in range(model.rowCount())
        if is_whole or row in chosen
    ]
    if rows:
        copied = as_table(header, rows)
        atexit.unregister(_let_go)
        atexit.register(_let_go, hash(copied.html()))
        QApplication.clipboard().setMimeData(copied)
    return True


def _let_go(copied: int) -> None:
    """Take the table back from the clipboard before Python ends, where it is still there.

    Qt frees it from a static destructor after Python has gone, and the process would crash.
    Not every platform tells whose the contents are, so they are compared: by their hash, so that
    no table of a vault is held here once the vault is locked.
    """
    if QApplication.instance() is None:
        return
    clipboard = QApplication.clipboard()
    held = clipboard.mimeData()  # None where it was emptied
    if held and hash(held.html()) == copied:
        clipboard.clear()


def as_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> QMimeData:
    """Return a table as both kinds of text that Word, Excel and LibreOffice take for one."""
    lines = [header, *rows]
    made = QMimeData()
    made.setText("\n".join("\t".join(map(_cell, line)) for line in lines))
    parts = [_row(header, "th"), *(_row(row, "td") for row in rows)]
    made.setHtml(f'<table border="1">{"".join(parts)}</table>')
    return made


def _row(cells: Sequence[str], kind: str) -> str:
    inside = "".join(
        f"<{kind}>{escape(harmless_cell(cell), quote=False).replace(chr(10), '<br>')}</{kind}>"
        for cell in cells
    )
    return f"<tr>{inside}</tr>"


def _cell(text: str) -> str:
    return " ".join(harmless_cell(text).split())
