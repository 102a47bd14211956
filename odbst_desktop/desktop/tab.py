"""What every tab of an open vault has: a desk to work at, a message line, a place to refresh."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.explain_panel import NOTHING_HERE, ExplainPanel, asked_here
from odbst_desktop.desktop.focusing import keep_keys
from odbst_desktop.desktop.message_line import MessageLine
from odbst_desktop.desktop.page import passphrase_field, words
from odbst_desktop.desktop.pdf_view import DrawnPaper, PdfView, drawn
from odbst_desktop.desktop.scrolling import scrolled
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.reports.document import Paper


class _End(QObject):
    """The end of a job: Qt drops the call once the widget that asked is gone."""

    def __init__(self, tab: QObject, done: Callable[[Any], None]) -> None:
        asking = getattr(done, "__self__", None)
        super().__init__(asking if isinstance(asking, QObject) else tab)
        self._done = done

    def reach(self, value: object) -> None:
        """Give the value to whoever waits for it."""
        self.deleteLater()
        self._done(value)


class PassphraseDialog(QDialog):
    """Asks for a passphrase to sign with; one of the few things that stand in the way."""

    def __init__(self, parent: QWidget, what: str, person: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("Sign")
        self.passphrase = passphrase_field()
        self.passphrase.setAccessibleName(f"Passphrase of {person}")
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 6 * STEP, 6 * STEP, 6 * STEP)
        column.setSpacing(3 * STEP)
        column.addWidget(words(what))
        form = QFormLayout()
        form.addRow(f"&Passphrase of {person}", self.passphrase)
        column.addLayout(form)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Sign")
        column.addWidget(buttons)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.setMinimumWidth(50 * self.fontMetrics().averageCharWidth())


class Tab(QWidget):
    """A tab: an overview, and what is opened over it.

    ``kinds`` are the kinds of record it shows: it refreshes when one of them changes.
    """

    kinds: frozenset[str] = frozenset()
    title = ""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._is_stale = True
        self.message = MessageLine()
        self.stack = QStackedWidget()
        self.overview = QWidget()
        self.column = QVBoxLayout(self.overview)
        self.column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        self.column.setSpacing(3 * STEP)
        self._ground = scrolled(self.overview)
        self.stack.addWidget(self._ground)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        bar = QHBoxLayout()
        bar.setContentsMargins(6 * STEP, 2 * STEP, 6 * STEP, 0)
        bar.addWidget(self.message)
        whole.addLayout(bar)
        whole.addWidget(self.stack, 1)
        self.explained = ExplainPanel()
        whole.addWidget(self.explained)
        explain = QShortcut(QKeySequence("Ctrl+I"), self, self.explain)
        explain.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        desk.news.changed.connect(self._heard)

    def load(self) -> Any:
        """Read what the tab shows; runs off the window's thread."""
        raise NotImplementedError

    def show_loaded(self, value: Any) -> None:
        """Show what was read."""
        raise NotImplementedError

    def explain(self) -> None:
        """Explain the figure that has the keys."""
        asked = asked_here(self)
        if asked is None:
            self.show_problem(NOTHING_HERE)
        else:
            self.run(asked, self.explained.show_explanation)

    def flush(self) -> None:
        """Keep what was typed and is not saved yet."""

    def refresh(self) -> None:
        """Read and show the tab anew."""
        self._is_stale = False
        self.desk.jobs.start(self.load, done=self.show_loaded, failed=self.show_problem)

    def refresh_if_stale(self) -> None:
        """Read and show the tab if something it shows has changed."""
        if self._is_stale:
            self.refresh()

    def refresh_if_shown(self) -> None:
        """Read and show the tab anew, at once if it is seen, else when it is next shown."""
        self._is_stale = True
        if self.isVisible() and self.stack.currentWidget() is self._ground:
            self.refresh()

    def run(self, work: Callable[[], Any], done: Callable[[Any], None], *kinds: str) -> None:
        """Do work off the window's thread, then ``done`` with its value; announce the kinds."""
        self.clear_message()

        def work_and_tell() -> Any:
            value = work()
            if kinds:
                self.desk.news.changed.emit(frozenset(kinds))
            return value

        self.desk.jobs.start(work_and_tell, done=_End(self, done).reach, failed=self.show_problem)

    def open_over(self, widget: QWidget) -> None:
        """Show a widget in place of the overview."""
        self.stack.addWidget(widget)
        self.stack.setCurrentWidget(widget)
        keep_keys(widget)

    def show_paper(self, paper: Paper, *, is_for_looking: bool = False) -> None:
        """Show a paper over what is open; “Back” leads there again.

        With ``is_for_looking`` it cannot be saved from there.
        """
        self.run(lambda: drawn(paper, is_for_looking=is_for_looking), self._show_drawn)

    def _show_drawn(self, made: DrawnPaper) -> None:
        under = self.stack.currentWidget()
        view = PdfView(self.desk, made)

        def back() -> None:
            if under is not None:
                self.stack.setCurrentWidget(under)
            self.stack.removeWidget(view)
            view.deleteLater()

        view.left.connect(back)
        self.open_over(view)

    def close_over(self, _value: object = None) -> None:
        """Go back to the overview, whatever is open over it."""
        self.flush()
        self.stack.setCurrentWidget(self._ground)
        for place in reversed(range(1, self.stack.count())):
            above = self.stack.widget(place)
            if above is not None:
                self.stack.removeWidget(above)
                above.deleteLater()
        keep_keys(self.overview)
        self.refresh()

    def show_problem(self, sentence: str) -> None:
        """Show what is wrong and what to do."""
        self.message.show_problem(sentence)

    def show_good(self, sentence: str) -> None:
        """Show that something is done."""
        self.message.show_good(sentence)

    def clear_message(self) -> None:
        """Show no message."""
        self.message.hide()

    def _heard(self, kinds: frozenset[str]) -> None:
        if kinds & self.kinds:
            self.refresh_if_shown()


def button(text: str, *, is_main: bool = False) -> QPushButton:
    """Return a button; the main one of a page stands out."""
    made = QPushButton(text)
    made.setAutoDefault(True)
    made.setProperty("main", is_main)
    return made


def one_line(text: str) -> QLabel:
    """Return a heading that stays on one line, to stand beside buttons."""
    made = words(text, "heading")
    made.setWordWrap(False)
    return made


def row_of(*widgets: QWidget) -> QHBoxLayout:
    """Return widgets side by side, to the left."""
    across = QHBoxLayout()
    across.setSpacing(2 * STEP)
    for widget in widgets:
        across.addWidget(widget)
    across.addStretch(1)
    return across
