"""A file as an answer: kept inside the vault, shown from memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton

from odbst_desktop.desktop.document_view import DocumentView
from odbst_desktop.desktop.fields import Field
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.tab import Tab
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.errors import InputError
from odbst_desktop.files import read_whole
from odbst_desktop.form_engine.answer_types import file_parts
from odbst_desktop.form_engine.definition import Question
from odbst_desktop.vault.documents import (
    MOST_BYTES,
    Document,
    find_document,
    keep_document,
    read_document,
)

_ANY = "PDF, picture or CSV (*.pdf *.png *.jpg *.jpeg *.csv)"
_PICTURES = "Picture (*.png *.jpg *.jpeg)"


@dataclass(frozen=True, slots=True)
class FormFiles:
    """How a form's files reach the vault and are shown; ``of_tab`` makes one."""

    keep: Callable[[Path, bool, Callable[[str], None]], None]
    show: Callable[[str], None]


def of_tab(tab: Tab) -> FormFiles:
    """Return the ways of a tab: its jobs keep a file, its stack shows it."""
    vault = tab.desk.vault

    def keep(path: Path, only_pictures: bool, done: Callable[[str], None]) -> None:  # noqa: FBT001
        def work() -> str:
            data = read_whole(path, at_most_bytes=MOST_BYTES)
            with vault.changing("file added", "document") as session:
                kept = keep_document(session, path.name, data, at=vault.now())
                if only_pictures and not kept.media_type.startswith("image/"):
                    raise InputError(
                        f"“{kept.name}” is no picture, and this question asks for one. Nothing "
                        "was kept; choose a PNG or JPEG."
                    )
            return f"{kept.id}/{kept.name}"

        tab.run(work, done, "document")

    def show(value: str) -> None:
        def work() -> tuple[Document, bytes]:
            document = file_parts(value)[0]
            with vault.reading() as session:
                found = find_document(session, document)
                if found is None:
                    raise InputError(
                        "This file is not in this vault: a form travels without its files. Ask "
                        "the school for it."
                    )
                return found, read_document(session, document)

        tab.run(work, lambda found: _open(tab, *found))

    return FormFiles(keep, show)


def _open(tab: Tab, document: Document, data: bytes) -> None:
    under, view = tab.stack.currentWidget(), DocumentView(tab.desk, document, data)

    def back() -> None:
        if under is not None:
            tab.stack.setCurrentWidget(under)
        tab.stack.removeWidget(view)
        view.deleteLater()

    view.left.connect(back)
    tab.open_over(view)


class FileField(Field):
    """The name of the file that was added, with buttons to add, show and take it away."""

    def __init__(self, question: Question, files: FormFiles | None) -> None:
        super().__init__()
        self._files, self._value = files, ""
        self._only_pictures = question.parameters.get("accept") == "image"
        self.name: QLabel = words("", "quiet")
        self.add, self.show_it = QPushButton("Add a file…"), QPushButton("Show")
        self.remove = QPushButton("✕")
        self.show_it.setAccessibleName(f"{question.label}: show the file")
        self.remove.setAccessibleName(f"{question.label}: take the file away")
        self.remove.setToolTip("Take the file out of this answer")
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(2 * STEP)
        across.addWidget(self.add)
        across.addWidget(self.name, 1)
        across.addWidget(self.show_it)
        across.addWidget(self.remove)
        self.setFocusProxy(self.add)
        self.add.clicked.connect(self._choose)
        self.show_it.clicked.connect(self._show_file)
        self.remove.clicked.connect(lambda: self._take(""))
        self.add.setEnabled(files is not None)
        self.set_value(None)

    def value(self) -> Any:
        """Return the file that was added, as its document and its name."""
        return self._value or None

    def set_value(self, value: Any) -> None:
        """Show the name of a file."""
        self._value = value or ""
        self.name.setText(file_parts(self._value)[1] if self._value else "No file yet")
        for made in (self.show_it, self.remove):
            made.setVisible(bool(self._value) and self._files is not None)

    def add_file(self, path: Path) -> None:
        """Keep a file in the vault and answer with it."""
        if self._files is not None:
            self._files.keep(path, self._only_pictures, self._take)

    def _take(self, value: str) -> None:
        self.set_value(value)
        self.edited.emit()

    def _choose(self) -> None:
        kinds = _PICTURES if self._only_pictures else _ANY
        name, _ = QFileDialog.getOpenFileName(self, "Add a file", "", kinds)
        if name:
            self.add_file(Path(name))

    def _show_file(self) -> None:
        if self._files is not None and self._value:
            self._files.show(self._value)
