"""A line to take up the trust's themes of a term until a focus pack brings them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.tab import button, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.monitoring.themes import CHOSEN_HERE, TermTheme, shipped_themes
from odbst_desktop.school.calendar import TERMS


class ThemeRow(QWidget):
    """Says which themes move the plan; a theme is taken up for a term, or taken away."""

    wanted = Signal(str, str)
    dropped = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.term, self.theme = QComboBox(), QComboBox()
        self.term.setAccessibleName("Term of the theme")
        self.theme.setAccessibleName("Theme of the trust")
        for term in TERMS:
            self.term.addItem(f"{term.capitalize()} term", term)
        for theme in shipped_themes():
            self.theme.addItem(theme.title, theme.id)
        self.theme.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.theme.setMinimumContentsLength(20)
        self.take = button("Take up this theme")
        self.said = words("", "quiet")
        self._held = QVBoxLayout()
        self._held.setSpacing(STEP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.said)
        column.addLayout(self._held)
        column.addLayout(row_of(self.term, self.theme, self.take))
        self._shown: list[QWidget] = []
        self.take.clicked.connect(self._take)

    def show_themes(self, themes: tuple[TermTheme, ...], term: str) -> None:
        """Show what was taken up, and offer the term that runs."""
        self.term.setCurrentIndex(max(self.term.findData(term), 0))
        self.said.setText(
            "The trust’s themes move checks forward:"
            if themes
            else "No theme of the trust is taken up yet. A theme moves its checks into its term."
        )
        for widget in self._shown:
            self._held.removeWidget(widget)
            widget.deleteLater()
        self._shown = [self._line(theme) for theme in themes]
        for widget in self._shown:
            self._held.addWidget(widget)

    def _line(self, taken: TermTheme) -> QWidget:
        line = QWidget()
        across = QHBoxLayout(line)
        across.setContentsMargins(0, 0, 0, 0)
        text = f"● {taken.term.capitalize()} term: {taken.theme.title} ({taken.source})"
        label = words(text)
        across.addWidget(label, 1)
        if taken.source == CHOSEN_HERE:
            drop = button("Take away")
            drop.setAccessibleName(f"Take away the theme {taken.theme.title}")
            drop.clicked.connect(lambda: self.dropped.emit(taken.row))
            across.addWidget(drop)
        return line

    def _take(self) -> None:
        self.wanted.emit(str(self.term.currentData()), str(self.theme.currentData()))
