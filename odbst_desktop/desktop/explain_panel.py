"""Explain this figure (Ctrl+I): how it is reckoned, from what, by whose hand, and who sees it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QTextBrowser, QVBoxLayout

from odbst_desktop.analysis.explanation import Explanation
from odbst_desktop.desktop.tab import button, one_line, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.school.typed_dates import show_date, show_moment

KEYS = "Ctrl+I"
_MOST_INPUTS = 200


class ExplainPanel(QFrame):
    """Stands beside what it explains; Escape closes it and gives the keys back."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.heading, self.close_panel = one_line("Explain this figure"), button("Close (Esc)")
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.setAccessibleName("How this figure came about")
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * STEP, 3 * STEP, 3 * STEP, 3 * STEP)
        column.addLayout(row_of(self.heading, self.close_panel))
        column.addWidget(self.text, 1)
        self.setMinimumWidth(38 * self.fontMetrics().averageCharWidth())
        self.close_panel.clicked.connect(self._leave)
        self.hide()

    def show_explanation(self, explanation: Explanation) -> None:
        """Show what is to be said of a figure, and take the keys."""
        self.text.setHtml("".join(_html(explanation)))
        self.show()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def words(self) -> str:
        """Return what is shown, as text."""
        return self.text.toPlainText()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def _leave(self) -> None:
        self.hide()
        self.closed.emit()


def _html(explanation: Explanation) -> Iterator[str]:
    yield f"<h3>{escape(explanation.title)}</h3>"
    yield f"<p><b>{escape(explanation.value)}</b></p><p>{escape(explanation.formula)}</p>"
    if explanation.remark:
        yield f"<p>{escape(explanation.remark)}</p>"
    if explanation.inputs:
        yield "<h4>What it is made of</h4><table cellpadding='3'>"
        for each in explanation.inputs[:_MOST_INPUTS]:
            on = show_date(each.on) if each.on else ""
            cells = (on, each.words, each.amount)
            yield "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
        yield "</table>"
        if len(explanation.inputs) > _MOST_INPUTS:
            yield f"<p>… and {len(explanation.inputs) - _MOST_INPUTS} more.</p>"
    yield from _listed("Checked by", explanation.rules)
    yield from _listed("Source", (explanation.source,) if explanation.source else ())
    said = tuple(f"{t.who} {t.what}, {show_moment(t.at)}" for t in explanation.touches)
    yield from _listed("Who put it there", said)
    yield from _listed("Who sees it", explanation.shown_to)


def _listed(heading: str, lines: tuple[str, ...]) -> Iterator[str]:
    if lines:
        yield f"<h4>{escape(heading)}</h4>"
        yield "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"
