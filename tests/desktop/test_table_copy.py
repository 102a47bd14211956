"""Tables leave as tables, and packages come in wherever they are dropped."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.table_copy import as_table
from odbst_desktop.desktop.tabs.packages import PackagesTab
from tests.desktop.opening import Open, settle

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def table(qtbot: QtBot) -> TableView[tuple[str, str]]:
    made: TableView[tuple[str, str]] = TableView(
        "Schools", (Column("School", lambda r: r[0]), Column("Concerns", lambda r: r[1]))
    )
    qtbot.addWidget(made)
    made.show_rows([("Oakfield", "4"), ("St Mary’s & St John’s", "7")])
    made.show()
    return made


def test_ctrl_c_copies_the_chosen_row_with_its_header(
    table: TableView[tuple[str, str]], qtbot: QtBot
) -> None:
    table.selectRow(1)
    qtbot.keyClick(table, Qt.Key.Key_C, CONTROL)
    held = QApplication.clipboard().mimeData()
    assert held.text() == "School\tConcerns\nSt Mary’s & St John’s\t7"
    assert "<th>School</th>" in held.html()
    assert "<td>St Mary’s &amp; St John’s</td>" in held.html()


def test_ctrl_shift_c_copies_the_whole_table(
    table: TableView[tuple[str, str]], qtbot: QtBot
) -> None:
    qtbot.keyClick(table, Qt.Key.Key_C, CONTROL | SHIFT)
    assert QApplication.clipboard().text().splitlines() == [
        "School\tConcerns",
        "Oakfield\t4",
        "St Mary’s & St John’s\t7",
    ]


def test_a_cell_is_never_taken_for_a_formula_and_never_breaks_the_rows() -> None:
    made = as_table(["What"], [["=1+1"], ["-3"], ["two\tand\nthree"], ["+44 x"]])
    assert made.text().split("\n") == ["What", "'=1+1", "-3", "two and three", "'+44 x"]
    assert "<td>'=1+1</td>" in made.html()


@pytest.mark.parametrize("afterwards", ["", "app.clipboard().clear()"])
def test_leaving_with_a_copied_table_ends_the_program_in_peace(afterwards: str) -> None:
    script = f"""
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from odbst_desktop.desktop.row_table import Column, TableView
app = QApplication([])
table = TableView("Schools", (Column("School", lambda row: row[0]),))
table.show_rows([("Oakfield",)])
table.show()
keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
QTest.keyClick(table, Qt.Key.Key_C, keys)
print(app.clipboard().text())
{afterwards}
"""
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert run.stdout.split() == ["School", "Oakfield"]
    assert run.returncode == 0
    assert "Traceback" not in run.stderr


def test_a_package_may_be_dropped_on_any_place(
    open_rooms: Open, demonstration: Path, qapp: QApplication
) -> None:
    rooms = open_rooms("trust")
    rooms.go_to("Figures")
    package = next((demonstration / "outbox").glob("*.odbst"))

    def drop(path: Path) -> bool:
        held = QMimeData()
        held.setUrls([QUrl.fromLocalFile(str(path))])
        entered = QDragEnterEvent(
            QPoint(300, 300), Qt.DropAction.CopyAction, held, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        entered.ignore()
        qapp.sendEvent(rooms, entered)
        if entered.isAccepted():
            qapp.sendEvent(
                rooms,
                QDropEvent(
                    QPoint(300, 300), Qt.DropAction.CopyAction, held, Qt.MouseButton.LeftButton,
                    Qt.KeyboardModifier.NoModifier,
                ),
            )  # fmt: skip
        settle(rooms.home.desk.jobs)
        return entered.isAccepted()

    assert not drop(demonstration / "passphrase.txt"), "what is no package is left alone"
    assert rooms.known_as == "Figures"
    assert drop(package)
    assert rooms.known_as == "Packages"
    packages = rooms.tab("Packages")
    assert isinstance(packages, PackagesTab)
    assert packages.message.text(), "it is said what came of it"
