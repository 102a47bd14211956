"""How long the training matrix takes at scale, against a bare table of the same size.

Builds a vault with 300 people, 40 courses and 30,000 records of ten years, reads the matrix, then
filters and draws it, and does the same with a bare QTableView over an array of texts. Prints a
table of ratios and writes the figures as JSON.

    python benchmarks/training_matrix.py [JSON]
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import QApplication, QTableView
from sqlalchemy import insert
from sqlmodel import Session

from odbst_desktop.desktop.matrix_table import MatrixView, cell_words
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.office.opening import make_vault
from odbst_desktop.school.owner import Owner, Profile
from odbst_desktop.school.people import add_person
from odbst_desktop.training.catalogue import Course, courses
from odbst_desktop.training.matrix import Matrix, Picked, training_matrix
from odbst_desktop.training.records import TrainingRow
from odbst_desktop.vault.key_slots import FLOOR_COST
from odbst_desktop.vault.vault import Vault

PEOPLE, COURSES, RECORDS = 300, 40, 30_000
TODAY = date(2026, 11, 24)
_TEN_YEARS = 3652
_ROUNDS = 30
_NOWHERE = QModelIndex()


class BareTable(QAbstractTableModel):
    """The least a table can be: texts made beforehand."""

    def __init__(self, names: list[str], titles: list[str]) -> None:
        super().__init__()
        self.names, self.titles = names, titles
        self.rows: list[list[str]] = []

    def replace(self, rows: list[list[str]]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:  # noqa: N802
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(  # noqa: N802
        self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE
    ) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.titles)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Return a cell's text."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self.rows[index.row()][index.column()]


def forty_courses() -> tuple[Course, ...]:
    """Return the catalogue, filled up to forty courses that all of the staff need."""
    known = courses()
    spare = [c for c in known if "staff" in c.kinds and c.renews == "months"]
    more = (
        replace(spare[n % len(spare)], id=f"more_{n}", counts_as=frozenset())
        for n in range(COURSES - len(known))
    )
    return (*known, *more)


def fill(session: Session, asked: tuple[Course, ...]) -> None:
    """Write 300 people and 30,000 records."""
    chance = random.Random(7)  # noqa: S311 - figures, not a secret
    kinds = [["teacher"], ["teaching_assistant"], ["office"], ["lunchtime"],
             ["dsl", "senior_leader", "designated_teacher", "key_adult"], ["governor", "chair"],
             ["teacher", "flo", "senco", "first_aider"], ["headteacher", "positive_handling"],
             ["eyfs_practitioner", "mental_health_lead"],
             ["trustee", "safeguarding_governor"]]  # fmt: skip
    who = [
        add_person(session, f"Person {n:03}", kinds[n % len(kinds)], date(2016, 9, 1))
        for n in range(PEOPLE)
    ]
    rows = [
        {
            "id": str(uuid.uuid4()), "person_id": chance.choice(who),
            "course": chance.choice(asked).id,
            "completed_on": TODAY - timedelta(days=chance.randrange(_TEN_YEARS)),
            "provider": "", "edition": "", "recorded_at": "", "superseded_at": "", "replaces": "",
            "reason": "", "origin": "", "certificate": "",
        }
        for _ in range(RECORDS)
    ]  # fmt: skip
    session.connection().execute(insert(TrainingRow), rows)


def median_ms(work: Callable[[], object]) -> float:
    """Return the median of many rounds in milliseconds."""
    times = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def measure(vault: Vault, asked: tuple[Course, ...]) -> dict[str, float]:
    """Return each figure in milliseconds."""

    def read() -> Matrix:
        with vault.reading() as session:
            return training_matrix(session, TODAY, asked=asked)

    whole = read()
    view, bare = MatrixView(), QTableView()
    texts = [[cell_words(cell) for cell in row] for row in whole.cells]
    table = BareTable([p.name for p in whole.people], [c.short for c in whole.courses])
    bare.setModel(table)
    # As many cells in sight as ours, and lines between them no more than ours has.
    bare.setShowGrid(False)
    bare.verticalHeader().setDefaultSectionSize(view.verticalHeader().defaultSectionSize())
    bare.horizontalHeader().setDefaultSectionSize(view.horizontalHeader().defaultSectionSize())
    for shown in (view, bare):
        shown.resize(QSize(1366, 700))
        shown.show()
    wanted = [Picked(role="teacher"), Picked(), Picked(words="12"), Picked(only_open=True)]
    turn = {"ours": 0, "bare": 0}

    def ours() -> None:
        turn["ours"] += 1
        view.show_matrix(whole.picked(wanted[turn["ours"] % len(wanted)]))
        QApplication.processEvents()
        view.viewport().repaint()

    def theirs() -> None:
        turn["bare"] += 1
        kept = {p.name for p in whole.picked(wanted[turn["bare"] % len(wanted)]).people}
        rows = [row for name, row in zip(table.names, texts, strict=True) if name in kept]
        begun_at.append(time.perf_counter())
        table.replace(rows)
        QApplication.processEvents()
        bare.viewport().repaint()

    begun_at: list[float] = []
    drawn = median_ms(ours)
    bare_times = []
    for _ in range(_ROUNDS):
        theirs()
        bare_times.append((time.perf_counter() - begun_at[-1]) * 1000)
    return {
        "read_from_vault_ms": median_ms_of_few(read),
        "filter_ms": median_ms(lambda: whole.picked(wanted[0])),
        "filter_and_draw_ms": drawn,
        "bare_draw_ms": statistics.median(bare_times),
        "people": len(whole.people),
        "courses": len(whole.courses),
    }


def median_ms_of_few(work: Callable[[], object]) -> float:
    """Return the median of five rounds in milliseconds."""
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def main() -> None:
    """Build, measure, print."""
    app = QApplication.instance() or QApplication([])
    if isinstance(app, QApplication):
        apply_theme(app)
    with TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = folder
        vault = make_vault(
            Path(folder) / "vault",
            owner=Owner(Profile.SCHOOL, "Benchmark School", 900199),
            person="Ruth Ellery",
            passphrase="copper lantern drifting orchard",  # noqa: S106 - an invented vault
            cost=FLOOR_COST,
            clock=lambda: datetime(2026, 11, 24, 15, 30, tzinfo=UTC),
        ).vault
        asked = forty_courses()
        with vault.changing("filled", "vault") as session:
            fill(session, asked)
        figures = measure(vault, asked)
        vault.close()
    bare = figures["bare_draw_ms"]
    lines = [
        f"{figures['people']:.0f} people, {figures['courses']:.0f} courses, {RECORDS:,} records",
        f"{'bare QTableView, filter known, draw':42} {bare:8.1f} ms   1.0",
    ]
    for name, words in (
        ("filter_and_draw_ms", "matrix, filter and draw"),
        ("filter_ms", "matrix, filter alone"),
        ("read_from_vault_ms", "matrix, read and worked out (background)"),
    ):
        lines.append(f"{words:42} {figures[name]:8.1f} ms {figures[name] / bare:5.1f}")
    sys.stdout.write("\n".join(lines) + "\n")
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    else:
        sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
