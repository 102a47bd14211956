"""A document kept in the vault, shown from memory."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage, QPixmap
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.message_line import MessageLine
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.pdf_view import page_pictures
from odbst_desktop.desktop.scrolling import scrolled
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.errors import OdbstError
from odbst_desktop.vault.documents import Document
from odbst_desktop.vault.private_folder import lay_out

_WIDEST_PIXELS = 900


class DocumentView(QWidget):
    """A document with “Back”, a way to save it and, on request, to open it elsewhere."""

    left = Signal()

    def __init__(self, desk: Desk, document: Document, data: bytes) -> None:
        super().__init__()
        self._desk, self._document, self._data = desk, document, data
        self.back = QPushButton("← Back")
        self.save = QPushButton("Save a copy…")
        self.elsewhere = QPushButton("Open in another program")
        self.elsewhere.setToolTip(
            "It is laid out unencrypted in a private folder, and wiped when the vault is locked"
        )
        self.message = MessageLine()
        top = QHBoxLayout()
        top.addWidget(self.back)
        top.addWidget(words(document.name, "heading"), 1)
        top.addWidget(self.save)
        top.addWidget(self.elsewhere)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.addLayout(top)
        column.addWidget(self.message)
        column.addWidget(scrolled(self._shown()), 1)
        self.back.clicked.connect(self.left)
        self.save.clicked.connect(self._save)
        self.elsewhere.clicked.connect(self._open_elsewhere)

    def _shown(self) -> QWidget:
        if self._document.media_type == "text/csv":
            text = QPlainTextEdit(self._data.decode("utf-8-sig", "replace"))
            text.setReadOnly(True)
            text.setAccessibleName(self._document.name)
            return text
        pages = QWidget()
        under = QVBoxLayout(pages)
        pictures = self._pictures()
        if not pictures:
            self.message.show_problem(
                "This document is damaged and cannot be shown. It is kept as it is; ask for a "
                "better copy."
            )
        for number, picture in enumerate(pictures, start=1):
            label = QLabel()
            label.setPixmap(QPixmap.fromImage(picture))
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setAccessibleName(f"{self._document.name}, page {number} of {len(pictures)}")
            under.addWidget(label)
        under.addStretch(1)
        return pages

    def _pictures(self) -> list[QImage]:
        if self._document.media_type == "application/pdf":
            try:
                return page_pictures(self._data)
            except pypdfium2.PdfiumError:
                return []
        picture = QImage.fromData(self._data)
        if picture.width() > _WIDEST_PIXELS:
            smooth = Qt.TransformationMode.SmoothTransformation
            picture = picture.scaledToWidth(_WIDEST_PIXELS, smooth)
        return [] if picture.isNull() else [picture]

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save a copy", self._document.name)
        if not name:
            return
        try:
            self._desk.write_file(Path(name), self._data)
        except OdbstError as fault:
            self.message.show_problem(fault.sentence)
        else:
            self.message.show_good(f"Saved as {Path(name).name}. The copy is not encrypted.")

    def _open_elsewhere(self) -> None:
        try:
            path = lay_out(self._document.name, self._data)
        except OdbstError as fault:
            self.message.show_problem(fault.sentence)
            return
        if QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.message.show_good("Opened in another program. It is wiped when you lock.")
        else:
            self.message.show_problem(
                "No program of this computer opens it. Look at it here, or save a copy."
            )
