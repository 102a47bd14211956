"""Sealed files are written into a folder and shown: which, where, what to do with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from odbst_desktop.desktop.sign_off.file_panel import FilePanel, WrittenFile
from odbst_desktop.desktop.tab import Tab
from odbst_desktop.office.return_files import ReadyFile
from odbst_desktop.vault.settings import export_folder, set_export_folder

Making = Callable[[], tuple[ReadyFile, ...]]


class Writing(QObject):
    """Writes sealed files into a folder, once asked for and then remembered, and shows them."""

    def __init__(self, tab: Tab, owner: QObject) -> None:
        super().__init__(owner)
        self._tab = tab

    def write(self, make: Making, *kinds: str) -> None:
        """Make files and write them into the folder last used, or one that is asked for."""
        vault = self._tab.desk.vault

        def remembered() -> tuple[str, Making, tuple[str, ...]]:
            with vault.reading() as session:
                folder = export_folder(session)
            return (folder if folder and Path(folder).is_dir() else ""), make, kinds

        self._tab.run(remembered, self._found)

    def _found(self, known: tuple[str, Making, tuple[str, ...]]) -> None:
        folder, make, kinds = known
        folder = folder or QFileDialog.getExistingDirectory(self._tab, "Folder for the file")
        if folder:
            self.write_to(Path(folder), make, *kinds)

    def write_to(self, folder: Path, make: Making, *kinds: str) -> None:
        """Make files and write them into a folder."""
        vault, put = self._tab.desk.vault, self._tab.desk.write_file

        def work() -> tuple[WrittenFile, ...]:
            made = tuple(WrittenFile(ready, folder) for ready in make())
            for each in made:
                put(each.path, each.ready.data)
            with vault.changing("folder for files set", "setting/export_folder") as session:
                set_export_folder(session, str(folder))
            return made

        self._tab.run(work, self._written, *kinds)

    def _written(self, made: tuple[WrittenFile, ...]) -> None:
        panel = FilePanel(self._tab, made)
        panel.left.connect(self._tab.close_over)
        self._tab.close_over()
        self._tab.open_over(panel)
        panel.done.setFocus()
        self._tab.show_good(f"Written: {', '.join(each.ready.name for each in made)}.")
