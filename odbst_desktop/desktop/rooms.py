"""An open vault: a tab for each thing its profile does. Imported when a vault is open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout

from odbst_desktop.desktop.desk import Desk, News
from odbst_desktop.desktop.dropping import PackageDrop
from odbst_desktop.desktop.findable import Findable, Records, places, read_records, records
from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.palette import Palette
from odbst_desktop.desktop.places import PlacedBody, Places, walking_keys
from odbst_desktop.desktop.services import OpenRooms
from odbst_desktop.desktop.sign_off.to_sign import ToSignTab
from odbst_desktop.desktop.tab import Tab
from odbst_desktop.desktop.tabs.actions import ActionsTab
from odbst_desktop.desktop.tabs.compliance import ComplianceTab
from odbst_desktop.desktop.tabs.figures import FiguresTab
from odbst_desktop.desktop.tabs.forms import FormsTab
from odbst_desktop.desktop.tabs.home import HomeTab
from odbst_desktop.desktop.tabs.meetings import MeetingsTab
from odbst_desktop.desktop.tabs.monitoring import MonitoringTab
from odbst_desktop.desktop.tabs.packages import PackagesTab
from odbst_desktop.desktop.tabs.records import RecordsTab
from odbst_desktop.desktop.tabs.register import RegisterTab
from odbst_desktop.desktop.tabs.returned import ReturnedTab
from odbst_desktop.desktop.tabs.reviews import ReviewsTab
from odbst_desktop.desktop.tabs.termly_return import ReturnTab
from odbst_desktop.desktop.tabs.themes import ThemesTab
from odbst_desktop.desktop.tabs.training import TrainingTab
from odbst_desktop.desktop.tabs.trends import TrendsTab
from odbst_desktop.desktop.tabs.trust_reports import TrustReportsTab
from odbst_desktop.desktop.tabs.vault import VaultTab
from odbst_desktop.desktop.tabs.visits_received import ReceivedVisitsTab
from odbst_desktop.desktop.theme import turn_high_contrast
from odbst_desktop.form_library.definitions import keep_shipped
from odbst_desktop.office.notices import notices
from odbst_desktop.office.opening import vault_owner
from odbst_desktop.school.owner import Profile
from odbst_desktop.vault.vault import Vault

_TABS: dict[Profile, tuple[type[Tab], ...]] = {
    Profile.SCHOOL: (
        MeetingsTab, ActionsTab, TrendsTab, MonitoringTab, TrainingTab, ComplianceTab, ReturnTab,
        PackagesTab, RecordsTab,
    ),
    Profile.GOVERNOR: (MonitoringTab, ToSignTab, PackagesTab, RecordsTab),
    Profile.TRUST: (
        ReturnedTab, FiguresTab, ThemesTab, ReceivedVisitsTab, ReviewsTab, ActionsTab,
        TrustReportsTab, FormsTab, TrainingTab, RegisterTab, PackagesTab, RecordsTab,
    ),
}  # fmt: skip
_DEMONSTRATION = "DEMONSTRATION: invented schools, people and figures."
_OLDER_COPY = (
    "An older copy than the vault last used here: it can be read, not changed. See the tab Vault."
)


class Rooms(OpenRooms):
    """The tabs of an open vault."""

    def __init__(
        self, vault: Vault, jobs: JobRunner, write_file: Callable[[Path, bytes], None]
    ) -> None:
        super().__init__()
        owner = vault_owner(vault)
        self.news = News(self)
        desk = Desk(vault, jobs, self.news, write_file)
        self.home, self.vault_tab = HomeTab(desk), VaultTab(desk)
        middle = (kind(desk) for kind in _TABS[owner.profile])
        self.all = (self.home, *middle, self.vault_tab)
        self.tabs = QStackedWidget()
        self.places = Places([tab.title for tab in self.all])
        self.places.help.clicked.connect(self.help_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if owner.is_demonstration:
            column.addWidget(words(_DEMONSTRATION, "band"))
        if vault.is_older_copy:
            column.addWidget(words(_OLDER_COPY, "band"))
        self._bands = column
        column.addWidget(PlacedBody(self.places, self.tabs), 1)
        for tab in self.all:
            self.tabs.addWidget(tab)
            if isinstance(tab, FiguresTab):
                tab.return_wanted.connect(self._open_return)
        self.tabs.currentChanged.connect(self._shown)
        self.places.chosen.connect(self.tabs.setCurrentIndex)
        walking_keys(self, len(self.all), self.tabs.setCurrentIndex, self.tabs.currentIndex)
        self.palette_over = Palette(self)
        PackageDrop(self, self.take_all_in)
        QShortcut(QKeySequence("Ctrl+K"), self, self.seek)
        self.places.seek.clicked.connect(self.seek)
        self.home.wanted.connect(self.go_to)
        self.vault_tab.lock_wanted.connect(self.lock_wanted)
        self.vault_tab.purged.connect(self.purged)
        self.vault_tab.idle_minutes_set.connect(self.idle_minutes_set)
        self.home.refresh()
        self.vault_tab.back_up_if_due()
        # The forms of this edition are kept, so that a later one still reads today's answers.
        jobs.start(
            lambda: keep_shipped(vault), done=self._forms_kept, failed=self.vault_tab.show_problem
        )
        jobs.start(lambda: notices(vault), done=self._notice, failed=self.vault_tab.show_problem)
        self.setFocusProxy(self.places)

    @property
    def known_as(self) -> str:
        """Return the title of the tab in view."""
        return self.all[self.tabs.currentIndex()].title

    def tab(self, title: str) -> Tab:
        """Return the tab of a title."""
        return next(tab for tab in self.all if tab.title == title)

    def go_to(self, title: str) -> None:
        """Show the tab of a title."""
        self.tabs.setCurrentWidget(self.tab(title))

    def _open_return(self, urn: int, key: tuple[str, str], field: str) -> None:
        tab = next(tab for tab in self.all if isinstance(tab, ReturnedTab))
        self.go_to(tab.title)
        tab.open_return(urn, key, field)

    def seek(self) -> None:
        """Open the field that finds a place, a button or a record by typing."""
        self.palette_over.open((*places(self.all, self.go_to), *self._commands()))
        desk = self.home.desk
        desk.jobs.start(
            lambda: read_records(desk.vault), done=self._records_read, failed=self.home.show_problem
        )

    def _records_read(self, known: Records) -> None:
        self.palette_over.add(records(known, self.all, self.go_to))

    def _commands(self) -> tuple[Findable, ...]:
        return (
            Findable("Lock the vault (Ctrl+L)", "Command", self.lock_wanted.emit),
            Findable("Handbook, at the page for this place (F1)", "Command", self.help_wanted.emit),
            Findable("All keys (Ctrl+/)", "Command", self.keys_wanted.emit),
            Findable("High contrast, on or off", "Command", _turn_contrast),
        )

    def take_in(self, file: Path) -> None:
        """Check a package that was opened from the file manager, and file it."""
        self.take_all_in([file])

    def take_all_in(self, files: list[Path]) -> None:
        """Check packages, file them, and show what was said of each."""
        self.go_to(PackagesTab.title)
        tab = self.tab(PackagesTab.title)
        if isinstance(tab, PackagesTab):
            tab.file(files)

    def flush(self) -> None:
        """Keep what was typed last in every tab."""
        for tab in self.all:
            tab.flush()

    def _notice(self, said: tuple[str, ...]) -> None:
        for sentence in said:
            band = words(f"! {sentence}", "band")
            band.setAccessibleName(sentence)
            self._bands.insertWidget(0, band)

    def _forms_kept(self, count: int) -> None:
        if count:
            self.news.changed.emit(frozenset({"form"}))

    def _shown(self, place: int) -> None:
        self.places.show_place(place)
        self.all[place].refresh_if_stale()


def _turn_contrast() -> None:
    application = QApplication.instance()
    if isinstance(application, QApplication):
        turn_high_contrast(application)
