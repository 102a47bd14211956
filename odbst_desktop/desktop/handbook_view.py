"""The handbook in a window of its own, beside the work: contents, search, pages, printing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QImage,
    QKeySequence,
    QShortcut,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.message_line import MessageLine
from odbst_desktop.desktop.services import OpenHandbook
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.handbook.about import about_page, evidence, has_evidence
from odbst_desktop.handbook.pages import Finding, Page, page_for, pages, picture_file, search
from odbst_desktop.handbook.pages import page as page_named

_PAGE, _FINDING = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_MOST_RESULTS = 60
_SIZES = {1: 1.6, 2: 1.2}
_PICTURE_SIGN = "\ufffc"


class _Text(QTextBrowser):
    """A page: its pictures are the shipped ones, no wider than the window; nothing is fetched."""

    def loadResource(self, kind: int, name: QUrl | str) -> Any:  # noqa: ARG002 - always a picture
        """Return a picture of the handbook, and nothing else."""
        picture = QImage(str(picture_file(Path(QUrl(name).path()).name)))
        room = self.viewport().width() - 16 * STEP
        if picture.isNull() or picture.width() <= room:
            return picture
        return picture.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)


class HandbookWindow(OpenHandbook):
    """Shows the pages; opened by F1 at the right one, and left open beside the work."""

    def __init__(
        self, parent: QWidget, jobs: JobRunner, write_file: Callable[[Path, bytes], None]
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._jobs, self._write_file = jobs, write_file
        self._all = (*pages(), about_page())
        self.page: Page = self._all[0]
        self.setWindowTitle("Handbook · ODBST Desktop")
        self.resize(1080, 720)
        self.sought = QLineEdit()
        self.sought.setPlaceholderText("Search the handbook")
        self.sought.setAccessibleName("Search the handbook")
        self.sought.setClearButtonEnabled(True)
        self.contents = QListWidget()
        self.contents.setAccessibleName("Pages of the handbook")
        self.contents.setWordWrap(True)
        self.contents.setSpacing(STEP // 2)
        self.text = _Text()
        self.text.setAccessibleName("Page of the handbook")
        self.text.setOpenLinks(False)
        self.print_page = QPushButton("Save this page as PDF…")
        self.print_all = QPushButton("Save the handbook as PDF…")
        self.save_evidence = QPushButton("Save licences and bill of materials…")
        self.message = MessageLine()
        self._lay_out()
        self.sought.textChanged.connect(self._search)
        self.sought.returnPressed.connect(self._open_first)
        self.contents.currentItemChanged.connect(self._chosen)
        self.text.anchorClicked.connect(self._follow)
        self.print_page.clicked.connect(self._print_page)
        self.print_all.clicked.connect(self._print_all)
        self.save_evidence.clicked.connect(self._save_evidence)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.sought.setFocus)
        self._list_pages()

    def open_for(self, place: str) -> None:
        """Show the page for a place, and come forward."""
        self._come_forward(page_for(place))

    def open_keys(self) -> None:
        """Show the page of all keys, and come forward."""
        self._come_forward(page_named("keys"))

    def _come_forward(self, page: Page) -> None:
        self.sought.clear()
        self.show()
        self.show_page(page)
        self.raise_()
        self.activateWindow()
        self.sought.setFocus()

    def show_page(self, page: Page, line: str = "") -> None:
        """Show a page, from a line of it if one is given."""
        self.page = page
        self.save_evidence.setVisible(page.name == "about" and has_evidence())
        self.text.setMarkdown(page.text)
        _set_spaces(self.text)
        self.text.moveCursor(QTextCursor.MoveOperation.Start)
        if line:
            self.text.find(line[:60])
            self.text.ensureCursorVisible()
        for row in range(self.contents.count()):
            if not self.sought.text() and self.contents.item(row).data(_PAGE) is page:
                self.contents.setCurrentRow(row)

    def _lay_out(self) -> None:
        side = QWidget()
        left = QVBoxLayout(side)
        left.setContentsMargins(0, 0, 0, 0)
        left.addWidget(self.sought)
        left.addWidget(self.contents, 1)
        split = QSplitter()
        split.addWidget(side)
        split.addWidget(self.text)
        split.setStretchFactor(1, 1)
        side.setMaximumWidth(self.width() * 2 // 5)
        split.setSizes([self.width() * 3 // 10, self.width() * 7 // 10])
        split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * STEP, 4 * STEP, 4 * STEP, 4 * STEP)
        column.addWidget(split, 1)
        column.addWidget(self.message)
        buttons = QHBoxLayout()
        for each in (self.print_page, self.print_all, self.save_evidence):
            buttons.addWidget(each)
        buttons.addStretch(1)
        column.addLayout(buttons)

    def _list_pages(self) -> None:
        self.contents.clear()
        for page in self._all:
            item = QListWidgetItem(page.title, self.contents)
            item.setData(_PAGE, page)

    def _search(self, words: str) -> None:
        if not words.strip():
            self._list_pages()
            self.show_page(self.page)
            return
        self.contents.clear()
        for found in search(words)[:_MOST_RESULTS]:
            under = "" if found.line == found.page.title else f"\n– {found.page.title}"
            item = QListWidgetItem(f"{found.line}{under}", self.contents)
            item.setData(_PAGE, found.page)
            item.setData(_FINDING, found)
        if not self.contents.count():
            nothing = QListWidgetItem("Nothing found. Try fewer or other words.", self.contents)
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)

    def _open_first(self) -> None:
        if self.contents.count() and self.sought.text().strip():
            self.contents.setCurrentRow(0)
            self.contents.setFocus()

    def _chosen(self, item: QListWidgetItem | None) -> None:
        page = item.data(_PAGE) if item is not None else None
        if item is None or not isinstance(page, Page):
            return
        found = item.data(_FINDING)
        if isinstance(found, Finding):
            self.show_page(page, found.line)
        elif page is not self.page:
            self.show_page(page)

    def _follow(self, link: QUrl) -> None:
        name = Path(link.path()).stem
        known = [page for page in self._all if page.name == name]
        if known:
            self.sought.clear()
            self.show_page(known[0])

    def _print_page(self) -> None:
        page = self.page
        self._save_paper(page.name, lambda: _page_pdf(page))

    def _print_all(self) -> None:
        self._save_paper("handbook", _handbook_pdf)

    def _save_paper(self, name: str, work: Callable[[], bytes]) -> None:
        path, _ = QFileDialog.getSaveFileName(self, "Save as PDF", f"odbst-{name}.pdf")
        if not path:
            return

        def write() -> str:
            self._write_file(Path(path), work())
            return Path(path).name

        self._jobs.start(write, done=self._saved, failed=self.message.show_problem)

    def _save_evidence(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Folder for licences and bill of materials")
        if not folder:
            return

        def write() -> str:
            for name, data in evidence():
                self._write_file(Path(folder) / name, data)
            return "licences and bill of materials"

        self._jobs.start(write, done=self._saved, failed=self.message.show_problem)

    def _saved(self, name: str) -> None:
        self.message.show_good(f"Saved: {name}.")


def _page_pdf(page: Page) -> bytes:
    from odbst_desktop.handbook.paper import page_paper  # noqa: PLC0415 - slow, seldom needed

    return page_paper(page, date.today()).pdf()  # noqa: DTZ011 - the day on the desk


def _handbook_pdf() -> bytes:
    from odbst_desktop.handbook.paper import handbook_paper  # noqa: PLC0415

    return handbook_paper(date.today()).pdf()  # noqa: DTZ011


def _set_spaces(text: QTextBrowser) -> None:
    """Give lines and paragraphs room, and headings their size; Qt's Markdown has its own."""
    document = text.document()
    document.setDocumentMargin(5 * STEP)
    points = text.font().pointSizeF()
    block = document.begin()
    while block.isValid():
        cursor = QTextCursor(block)
        level = block.blockFormat().headingLevel()
        shape = QTextBlockFormat()
        if block.text() != _PICTURE_SIGN and not level:
            shape.setLineHeight(130.0, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if not cursor.currentTable():
            shape.setBottomMargin(2 * STEP)
            shape.setTopMargin(4 * STEP if level > 1 else 0)
        cursor.mergeBlockFormat(shape)
        if level:
            look = QTextCharFormat()
            look.setFontPointSize(points * _SIZES.get(level, 1.0))
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.mergeCharFormat(look)
        block = block.next()
