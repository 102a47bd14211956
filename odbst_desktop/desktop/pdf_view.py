"""A PDF shown from memory: nothing of it is written to the disk unless the user saves it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.message_line import MessageLine
from odbst_desktop.desktop.page import hide_unless, words
from odbst_desktop.desktop.scrolling import scrolled
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.errors import OdbstError
from odbst_desktop.reports.document import Paper

_SCALE = 1.35


@dataclass(frozen=True)
class DrawnPaper:
    """A paper with its PDF and the pictures of its pages; made off the window's thread.

    ``is_for_looking`` where saving it is more than writing a file, and is done elsewhere.
    """

    paper: Paper
    pdf: bytes
    pictures: tuple[QImage, ...]
    is_for_looking: bool = False


def drawn(paper: Paper, *, is_for_looking: bool = False) -> DrawnPaper:
    """Print a paper and draw its pages, in memory."""
    pdf = paper.pdf()
    return DrawnPaper(paper, pdf, tuple(page_pictures(pdf)), is_for_looking)


class PdfView(QWidget):
    """The pages of a paper, with “Back” and two ways to save it."""

    left = Signal()

    def __init__(self, desk: Desk, made: DrawnPaper) -> None:
        super().__init__()
        self._desk, self._paper, self._pdf = desk, made.paper, made.pdf
        title = made.paper.head.title
        self.back = QPushButton("← Back")
        self.save = QPushButton("Save as PDF…")
        self.web = QPushButton("Save as web page…")
        self.web.setToolTip("For a screen reader: headings, lists and tables as such")
        self.message = MessageLine()
        top = QHBoxLayout()
        top.addWidget(self.back)
        top.addWidget(words(title, "heading"), 1)
        top.addWidget(self.save)
        top.addWidget(self.web)
        hide_unless(not made.is_for_looking, self.save)
        hide_unless(not made.is_for_looking, self.web)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.addLayout(top)
        column.addWidget(self.message)
        pages = QWidget()
        under = QVBoxLayout(pages)
        for number, picture in enumerate(made.pictures, start=1):
            label = QLabel()
            label.setPixmap(QPixmap.fromImage(picture))
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setAccessibleName(f"{title}, page {number}")
            under.addWidget(label)
        column.addWidget(scrolled(pages), 1)
        self.back.clicked.connect(self.left)
        self.save.clicked.connect(self._save_pdf)
        self.web.clicked.connect(self._save_web_page)

    def _save_pdf(self) -> None:
        self._save("Save as PDF", f"{self._paper.name}.pdf", self._pdf)

    def _save_web_page(self) -> None:
        self._save("Save as web page", f"{self._paper.name}.html", self._paper.html())

    def _save(self, title: str, offered: str, data: bytes) -> None:
        name, _ = QFileDialog.getSaveFileName(self, title, offered)
        if not name:
            return
        try:
            self._desk.write_file(Path(name), data)
        except OdbstError as fault:
            self.message.show_problem(fault.sentence)
        else:
            self.message.show_good(f"Saved as {Path(name).name}.")


def page_pictures(data: bytes) -> list[QImage]:
    """Return the pages of a PDF as pictures, drawn in memory."""
    document = pypdfium2.PdfDocument(data)
    try:
        pictures = []
        for page in document:
            bitmap = page.render(scale=_SCALE, rev_byteorder=True, prefer_bgrx=True)
            picture = QImage(
                bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride,
                QImage.Format.Format_RGBX8888,
            )  # fmt: skip
            pictures.append(picture.copy())
        return pictures
    finally:
        document.close()
