"""What was just written: one file, where it is, what to do with it, what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.scrolling import scrolled
from odbst_desktop.desktop.tab import Tab, button, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.office.return_files import ReadyFile


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file that was written, and where."""

    ready: ReadyFile
    folder: Path

    @property
    def path(self) -> Path:
        """Return the whole path."""
        return self.folder / self.ready.name


class FilePanel(QWidget):
    """Stands over the tab until “Done”; nothing of it is modal, and nothing is sent by itself."""

    left = Signal()

    def __init__(self, tab: Tab, written: Sequence[WrittenFile]) -> None:
        super().__init__()
        self._tab, self.written = tab, tuple(written)
        self.done = button("Done", is_main=True)
        self.copy, self.open_folder = button("Copy to a folder…"), button("Open the folder")
        count = "One file" if len(written) == 1 else f"{len(written)} files"
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(3 * STEP)
        column.addWidget(words(f"✓ {count} written", "title"))
        for each in self.written:
            column.addWidget(_card(each))
        column.addLayout(row_of(self.open_folder, self.copy, self.done))
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inner))
        self.done.clicked.connect(self.left)
        self.copy.clicked.connect(self._choose)
        self.open_folder.clicked.connect(self._open)

    def copy_to(self, folder: Path) -> None:
        """Write the same files into another folder."""
        write, files = self._tab.desk.write_file, self.written

        def work() -> Path:
            for each in files:
                write(folder / each.ready.name, each.ready.data)
            return folder

        self._tab.run(work, self._copied)

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Folder for the copy")
        if folder:
            self.copy_to(Path(folder))

    def _copied(self, folder: Path) -> None:
        self._tab.show_good(f"Copied to {folder}. It is the same file: send one of them only.")

    def _open(self) -> None:
        folder = self.written[0].folder
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._tab.show_problem(
                f"This computer does not open folders from here. The file lies in {folder}."
            )


def _card(written: WrittenFile) -> QWidget:
    frame = QFrame()
    frame.setProperty("kind", "card")
    grid = QGridLayout(frame)
    grid.setContentsMargins(5 * STEP, 4 * STEP, 5 * STEP, 4 * STEP)
    grid.setHorizontalSpacing(4 * STEP)
    grid.setVerticalSpacing(2 * STEP)
    grid.setColumnStretch(1, 1)
    ready = written.ready
    size = f"{max(len(ready.data) // 1024, 1)} KB"
    facts = (
        ("The file", f"{ready.name} ({size})", "subheading"),
        ("Where it is", str(written.folder), ""),
        ("Who can open it", f"Only {ready.reader}: it is sealed.", ""),
        ("What to do with it", ready.what_to_do, "subheading"),
        ("What it holds", "\n".join(f"· {line}" for line in ready.holds), ""),
        ("Fingerprint", ready.fingerprint_words, "quiet"),
    )
    for row, (label, text, kind) in enumerate(facts):
        name, value = QLabel(label), words(text, kind)
        name.setProperty("kind", "quiet")
        name.setAlignment(Qt.AlignmentFlag.AlignTop)
        value.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        value.setAccessibleName(f"{label}: {text}")
        grid.addWidget(name, row, 0)
        grid.addWidget(value, row, 1)
    return frame
