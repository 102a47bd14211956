"""Pictures of every tab on the demonstration trust."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice, QSize
from PySide6.QtWidgets import QApplication, QWidget

from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.services import OpenRooms, Services
from odbst_desktop.desktop.tab import Tab
from odbst_desktop.desktop.tabs.compliance import ComplianceTab
from odbst_desktop.desktop.tabs.figures import FiguresTab
from odbst_desktop.desktop.tabs.forms import FormsTab
from odbst_desktop.desktop.tabs.meetings import MeetingsTab
from odbst_desktop.desktop.tabs.monitoring import MonitoringTab
from odbst_desktop.desktop.tabs.records import RecordsTab
from odbst_desktop.desktop.tabs.register import RegisterTab
from odbst_desktop.desktop.tabs.returned import ReturnedTab
from odbst_desktop.desktop.tabs.reviews import ReviewsTab
from odbst_desktop.desktop.tabs.termly_return import ReturnTab
from odbst_desktop.desktop.tabs.themes import ThemesTab
from odbst_desktop.desktop.tabs.training import TrainingTab
from odbst_desktop.desktop.tabs.trust_reports import TrustReportsTab
from odbst_desktop.desktop.tabs.visits_received import ReceivedVisitsTab
from odbst_desktop.errors import FileWriteError
from odbst_desktop.files import read_whole

SIZE = QSize(1440, 900)
VAULTS = ("oakfield", "governor", "trust")
_PATIENCE_SECONDS = 30


def picture_every_tab(services: Services, demonstration: Path, folder: Path) -> Iterator[Path]:
    """Write a picture of every tab, and of what is opened over some, and give each path.

    Raises:
        OdbstError: there is no demonstration trust, or the folder cannot be written.

    """
    passphrase = read_whole(demonstration / "passphrase.txt").decode().strip()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise FileWriteError(
            f"The folder “{folder}” could not be made ({fault.strerror}). Choose another."
        ) from fault
    for name in VAULTS:
        vault = services.unlock(demonstration / name, passphrase)
        jobs = JobRunner()
        rooms = services.open_rooms(vault, jobs)
        rooms.resize(SIZE)
        rooms.show()
        try:
            yield from _tabs(services, name, rooms, jobs, folder)
        finally:
            rooms.flush()
            jobs.wait()
            rooms.close()
            vault.close()


def _tabs(
    services: Services, name: str, rooms: OpenRooms, jobs: JobRunner, folder: Path
) -> Iterator[Path]:
    if not isinstance(rooms, Rooms):
        return
    for place, tab in enumerate(rooms.all, start=1):
        rooms.go_to(tab.title)
        _settle(jobs)
        stem = f"{name}-{place}-{tab.title.lower().replace(' ', '-')}"
        yield _picture(services, rooms, folder / f"{stem}.png")
        for number, opening in enumerate(_openings(tab), start=1):
            opening()
            _settle(jobs)
            yield _picture(services, rooms, folder / f"{stem}-open-{number}.png")


def _openings(tab: Tab) -> list[Callable[[], None]]:
    """Return what to open over a tab, in order."""
    opening = _OPENINGS.get(type(tab))
    return list(opening(tab)) if opening is not None else []


def _panes(tab: TrainingTab) -> Iterator[Callable[[], None]]:
    def opening(place: int) -> Callable[[], None]:
        def choose() -> None:
            tab.close_over()
            tab.panes.setCurrentIndex(place)

        return choose

    yield from map(opening, range(1, tab.panes.count()))
    yield tab.matrix.card.click


def _sections(
    tab: MeetingsTab | MonitoringTab | ReturnTab, *places: int
) -> Iterator[Callable[[], None]]:
    def opening(place: int) -> Callable[[], None]:
        def choose() -> None:
            if tab.editor is not None:
                tab.editor.form.sections.setCurrentRow(place)

        return choose

    return map(opening, places)


def _a_figure(tab: FiguresTab) -> Callable[[], None]:
    def choose() -> None:
        if tab.loaded is not None:
            tab.open_figure("concerns_online", tab.loaded.key)

    return choose


def _change(tab: ComplianceTab) -> None:
    if tab.page is not None:
        tab.page.changed.click()


def _print(tab: MeetingsTab) -> None:
    if tab.editor is not None:
        tab.editor.minutes.click()


def _settle(jobs: JobRunner) -> None:
    """Wait until nothing runs and everything is drawn."""
    ends = time.monotonic() + _PATIENCE_SECONDS
    for _ in range(6):
        jobs.wait(max(1, int((ends - time.monotonic()) * 1000)))
        QApplication.processEvents()


def _picture(services: Services, widget: QWidget, path: Path) -> Path:
    target = QBuffer()
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    widget.grab().save(target, "PNG")
    services.write_file(path, bytes(target.data().data()))
    return path


_OPENINGS: dict[type[Tab], Callable[[Any], Iterable[Callable[[], None]]]] = {
    ReturnedTab: lambda tab: (tab.open.click,),
    FiguresTab: lambda tab: (_a_figure(tab),),
    TrustReportsTab: lambda tab: (tab.term_words.click, tab.papers["sec"].click),
    RegisterTab: lambda tab: (tab.change.click,),
    FormsTab: lambda tab: (tab.preview.click,),
    TrainingTab: lambda tab: (tab.course.click, *_panes(tab)),
    MeetingsTab: lambda tab: (tab.open.click, *_sections(tab, 2, 7), lambda: _print(tab)),
    MonitoringTab: lambda tab: (tab.open.click, *_sections(tab, 1, 2, 4), tab.year.click),
    ReceivedVisitsTab: lambda tab: (tab.open.click,),
    ThemesTab: lambda tab: (*(made.click for made in tab.papers.values()), tab.close_over,
                            tab.write.click, tab.close_over, tab.weights.click),
    ReviewsTab: lambda tab: (tab.plan.click, tab.close_over, tab.open.click, tab.close_over),
    ComplianceTab: lambda tab: (
        tab.walk.click, lambda: _change(tab), tab.close_over, tab.folder.click,
    ),
    ReturnTab: lambda tab: (tab.open.click, *_sections(tab, 2, 12, 14)),
    RecordsTab: lambda tab: (tab.search.click, tab.holds.click, tab.notice.click),
}  # fmt: skip
"""What is opened over a tab, one after the other."""
