"""A PDF shown from memory: nothing of it is written to the disk unless the user saves it."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.scrolling import scrolled
from odbst_desktop.desktop.tab import Desk
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.errors import OdbstError

_SCALE = 1.35


class PdfView(QWidget):
    """The pages of a paper with “Save as PDF…” and “Back”."""

    left = Signal()

    def __init__(self, desk: Desk, title: str, file_name: str, data: bytes) -> None:
        super().__init__()
        self._desk, self._file_name, self._data = desk, file_name, data
        self.back = QPushButton("← Back")
        self.save = QPushButton("Save as PDF…")
        self.message = words("", "good")
        top = QHBoxLayout()
        top.addWidget(self.back)
        top.addWidget(words(title, "heading"), 1)
        top.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.addLayout(top)
        column.addWidget(self.message)
        self.message.hide()
        pages = QWidget()
        under = QVBoxLayout(pages)
        for number, picture in enumerate(page_pictures(data), start=1):
            label = QLabel()
            label.setPixmap(QPixmap.fromImage(picture))
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setAccessibleName(f"{title}, page {number}")
            under.addWidget(label)
        column.addWidget(scrolled(pages), 1)
        self.back.clicked.connect(self.left)
        self.save.clicked.connect(self._save)

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save as PDF", self._file_name)
        if not name:
            return
        try:
            self._desk.write_file(Path(name), self._data)
        except OdbstError as fault:
            self.message.setText(f"✗ {fault.sentence}")
        else:
            self.message.setText(f"✓ Saved as {Path(name).name}.")
        self.message.show()


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
