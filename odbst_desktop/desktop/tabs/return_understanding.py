"""What the figures of the term say, sentence by sentence, to be put into a text by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from odbst_desktop.desktop.heat_table import HeatView
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.tab import button, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.returns.understanding import Statement, Understanding, headings

CHARTS = "odbst_desktop.desktop.week_chart"
_LEAD = (
    "Read this before you write. Each sentence carries its numbers and what they allow to be said. "
    "Nothing is written for you: choose one, choose where it belongs, and put it there."
)


class UnderstandingPanel(QWidget):
    """The sentences of a term under their headings.

    ``insert`` is given the name of a text and the sentence to put at its end.
    """

    def __init__(
        self,
        narratives: Sequence[tuple[str, str]],
        insert: Callable[[str, str], None],
        *,
        is_read_only: bool,
    ) -> None:
        super().__init__()
        self._insert = insert
        self.list, self.target = QListWidget(), QComboBox()
        self.list.setAccessibleName("What the figures say")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(14 * self.fontMetrics().height())
        self.target.setAccessibleName("The text to put the sentence into")
        for name, label in narratives:
            self.target.addItem(label, name)
        self.put = button("Put it into this text", is_main=True)
        self.said, self.heat = words("", "quiet"), HeatView()
        self.charts = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setSpacing(2 * STEP)
        column.addWidget(words(_LEAD, "quiet"))
        column.addWidget(self.list, 1)
        column.addLayout(row_of(self.target, self.put))
        column.addWidget(self.said)
        column.addLayout(self.charts)
        column.addWidget(self.heat)
        self.target.setVisible(not is_read_only)
        self.put.setVisible(not is_read_only)
        self.list.currentItemChanged.connect(self._offer)
        self.list.itemActivated.connect(lambda _item: self._put_in())
        self.put.clicked.connect(self._put_in)

    def show_term(self, found: Understanding) -> None:
        """Show the sentences under their headings, and the term's weeks, places and times."""
        self._show_statements(found.statements)
        if found.chart is not None:
            # Imported with the return, where nobody waits for it.
            chart = import_module(CHARTS).WeekChartView()
            chart.show_chart(found.chart)
            self.charts.addWidget(chart)
        self.heat.setVisible(found.heat is not None and bool(found.heat.rows))
        if found.heat is not None:
            self.heat.show_heat(found.heat, "Places and times of the term")

    def _show_statements(self, found: Sequence[Statement]) -> None:
        self.list.clear()
        for kind, heading in headings().items():
            under = [statement for statement in found if statement.kind == kind]
            if not under:
                continue
            title = QListWidgetItem(heading)
            title.setFlags(Qt.ItemFlag.NoItemFlags)
            font = title.font()
            font.setBold(True)
            title.setFont(font)
            title.setForeground(self.palette().text())
            self.list.addItem(title)
            for statement in under:
                item = QListWidgetItem(f"•  {statement.words}")
                item.setData(Qt.ItemDataRole.UserRole, statement)
                self.list.addItem(item)
        self.list.setCurrentRow(1 if self.list.count() > 1 else -1)

    def _chosen(self) -> Statement | None:
        item = self.list.currentItem()
        found = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        return found if isinstance(found, Statement) else None

    def _offer(self) -> None:
        chosen = self._chosen()
        self.put.setEnabled(chosen is not None)
        if chosen is not None:
            places = [self.target.findData(name) for name in chosen.fields]
            self.target.setCurrentIndex(next((p for p in places if p >= 0), 0))

    def _put_in(self) -> None:
        chosen = self._chosen()
        if chosen is None or not self.put.isEnabled():
            return
        self._insert(str(self.target.currentData()), chosen.words)
        self.said.setText(f"✓ Put into “{self.target.currentText()}”.")
