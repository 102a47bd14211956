"""The tab of packages: files and folders checked and filed, keys confirmed, own files made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QProgressBar

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.key_panel import KeyPanel
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import PassphraseDialog, Tab, button, row_of
from odbst_desktop.exchange.package_list import ListedPackage, listed_packages
from odbst_desktop.exchange.register import (
    KnownKey,
    known_keys,
    newest_card,
)
from odbst_desktop.monitoring.packs import TakenPack, note_read, packs_taken
from odbst_desktop.office import inbox, outbox
from odbst_desktop.office.batch_paper import batch_paper, batch_words
from odbst_desktop.office.inbox import PACKAGE_KINDS, VERDICT_SIGNS, Verdict
from odbst_desktop.office.outbox import Outgoing
from odbst_desktop.office.pack_paper import pack_paper
from odbst_desktop.office.trust_card import expiry_of
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.owner import Owner, Profile, read_owner
from odbst_desktop.school.posts import Post, posts
from odbst_desktop.school.typed_dates import show_date

_AT_A_TIME = 10
"""Files between two looks at “Stop”: other work waits no longer than these take."""

_LEAD = (
    "Drop files or a folder here, or choose them. Each is checked: who signed it, that nothing was "
    "changed, that it follows the one before. What is refused changes nothing."
)

VERDICT_COLUMNS: tuple[Column[Verdict], ...] = (
    Column("File", lambda v: v.file, 4, 24),
    Column("Verdict", lambda v: VERDICT_SIGNS[v.verdict], 2, 17),
    Column("Code", lambda v: v.code, 2, 14),
    Column("What it means", lambda v: v.message, 9),
)
PACKAGE_COLUMNS: tuple[Column[ListedPackage], ...] = (
    Column("When", lambda p: show_date(date.fromisoformat(p.at[:10])), 2, 12),
    Column("Way", lambda p: "Sent" if p.direction == "sent" else "Received", 1),
    Column("Kind", lambda p: PACKAGE_KINDS[p.kind], 2, 16),
    Column("From", lambda p: p.issuer, 4, 20),
    Column("Revision", lambda p: str(p.revision), 1),
    Column("State", lambda p: VERDICT_SIGNS[p.verdict], 2),
)


@dataclass(frozen=True, slots=True)
class _Loaded:
    owner: Owner
    posts: tuple[Post, ...]
    keys: tuple[KnownKey, ...]
    packages: tuple[ListedPackage, ...]
    pack: TakenPack | None
    expiry: str


@dataclass(slots=True)
class _Batch:
    """Files being checked: what is left to check, and what became of the rest."""

    paths: tuple[Path, ...]
    verdicts: Iterator[Verdict]
    done: list[Verdict]
    is_stopped: bool = False


class PackagesTab(Tab):
    """Files dropped here are checked one by one; what is refused changes nothing."""

    kinds = frozenset({"package", "key", "school"})
    title = "Packages"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.setAcceptDrops(True)
        self._batch: _Batch | None = None
        self._owner: Owner | None = None
        self.choose = button("Check and file packages…", is_main=True)
        self.folder = button("Check a folder…")
        self.enrol, self.read = button("Make my enrolment…"), button("Read the focus pack")
        self._pack: TakenPack | None = None
        self.post = QComboBox()
        self.post.setAccessibleName("School to enrol for")
        self.expiry = words("", "warning")
        self.progress, self.stop = QProgressBar(), button("Stop after this file")
        self.progress.setAccessibleName("Files checked")
        self.outcome, self.report = words("", "heading"), button("The batch as PDF")
        self.verdicts: TableView[Verdict] = TableView("Files just checked", VERDICT_COLUMNS)
        self.keys_heading = words("Keys", "heading")
        self.key_panel = KeyPanel(self)
        self.packages: TableView[ListedPackage] = TableView("Packages", PACKAGE_COLUMNS)
        self._lay_out()
        self.choose.clicked.connect(self._choose)
        self.folder.clicked.connect(self._choose_folder)
        self.read.clicked.connect(self.read_pack)
        self.enrol.clicked.connect(self._enrol)
        self.stop.clicked.connect(self._stop)
        self.report.clicked.connect(self._print)

    def _lay_out(self) -> None:
        for part in (
            self.read, self.post, self.expiry, self.progress, self.stop, self.outcome, self.report,
        ):  # fmt: skip
            part.hide()
        self.column.addWidget(words("Packages", "title"))
        self.column.addWidget(self.expiry)
        self.column.addWidget(words(_LEAD, "quiet"))
        self.column.addLayout(row_of(self.choose, self.folder, self.read, self.enrol, self.post))
        progress = row_of(self.stop)
        progress.insertWidget(0, self.progress, 1)
        self.column.addLayout(progress)
        self.column.addWidget(self.outcome)
        self.column.addWidget(self.verdicts, 2)
        self.column.addLayout(row_of(self.report))
        self.column.addWidget(self.keys_heading)
        self.column.addWidget(self.key_panel, 2)
        self.column.addWidget(words("Sent and received", "heading"))
        self.column.addWidget(self.packages, 3)

    def load(self) -> _Loaded:
        """Read the register and the packages."""
        today = self.desk.vault.today()
        with self.desk.vault.reading() as session:
            owner, card = read_owner(session), newest_card(session)
            is_trust = owner.profile is Profile.TRUST
            expiry = "" if card is None or is_trust else expiry_of(card[0], today)
            taken = next(iter(packs_taken(session)), None)
            return _Loaded(
                owner, posts(session), known_keys(session), listed_packages(session), taken, expiry
            )

    def show_loaded(self, value: _Loaded) -> None:
        """Show the register and the packages."""
        self._owner = value.owner
        is_trust = value.owner.profile is Profile.TRUST
        self.enrol.setVisible(not is_trust)
        self._pack = value.pack
        self.read.setVisible(value.pack is not None)
        self.keys_heading.setVisible(not is_trust)
        self.key_panel.setVisible(not is_trust)
        self.expiry.setText(value.expiry)
        self.expiry.setVisible(bool(value.expiry))
        chosen = self.post.currentData()
        self.post.clear()
        for post in value.posts:
            self.post.addItem(f"for {post.school}", post.urn)
        self.post.setCurrentIndex(max(self.post.findData(chosen), 0))
        self.post.setVisible(len(value.posts) > 1)
        self.key_panel.show_keys(value.keys)
        self.packages.show_rows(value.packages)

    def read_pack(self) -> None:
        """Show the newest focus pack: its message, and what it changed here, before and after."""
        pack, vault = self._pack, self.desk.vault
        if pack is None:
            return

        def work() -> Paper:
            if pack.read_at is None and not vault.is_older_copy:
                note_read(vault, pack.payload_sha256)
            with vault.reading() as session:
                return pack_paper(pack, read_owner(session), vault.today())

        self.run(work, self.show_paper, "package")

    def file(self, paths: Sequence[Path]) -> None:
        """Check files, and those in folders, and store the ones that are true."""
        if self._batch is not None:
            self.show_problem("The files before are still being checked. Wait, or stop them first.")
            return
        chosen = tuple(paths)
        self.run(lambda: inbox.package_files(chosen), self._begin)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files that are dragged over."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Check the files that are dropped."""
        self.file([Path(url.toLocalFile()) for url in event.mimeData().urls()])

    def make(self, passphrase: str, folder: Path, work: Callable[[Desk, str], Outgoing]) -> None:
        """Make a file of one's own and write it into a folder."""
        desk = self.desk

        def make_and_write() -> str:
            sent = work(desk, passphrase)
            desk.write_file(folder / sent.name, sent.data)
            return sent.name

        self.run(make_and_write, lambda name: self.show_good(f"Written: {name}."), "package")

    def _begin(self, paths: tuple[Path, ...]) -> None:
        if not paths:
            self.show_problem("There is no package in there: no name ends in .odbst.")
            return
        self._batch = _Batch(paths, inbox.import_files(self.desk.vault, paths), [])
        self.verdicts.show_rows(())
        self.progress.setRange(0, len(paths))
        self.progress.setFormat("%v of %m files")
        self._show_progress(is_running=True)
        self._next()

    def _next(self) -> None:
        batch = self._batch
        if batch is None:
            return
        self.desk.jobs.start(
            lambda: tuple(islice(batch.verdicts, _AT_A_TIME)), done=self._some_done,
            failed=self._broken_off,
        )  # fmt: skip

    def _some_done(self, verdicts: tuple[Verdict, ...]) -> None:
        batch = self._batch
        if batch is None:
            return
        batch.done += verdicts
        self.progress.setValue(len(batch.done))
        if batch.is_stopped or len(batch.done) >= len(batch.paths) or not verdicts:
            self._end()
        else:
            self._next()

    def _broken_off(self, sentence: str) -> None:
        self._end()
        self.show_problem(sentence)

    def _end(self) -> None:
        batch, self._batch = self._batch, None
        if batch is None:
            return
        self._show_progress(is_running=False)
        self.verdicts.show_rows(batch.done)
        left = len(batch.paths) - len(batch.done)
        self.outcome.setText(batch_words(batch.done, left))
        self.outcome.show()
        self.report.show()
        refused = [verdict for verdict in batch.done if verdict.is_refused]
        if refused:
            self.show_problem(f"{refused[0].file}: {refused[0].message}")
        else:
            self.show_good(f"{len(batch.done)} files checked; none was refused.")
        kinds = frozenset({"package", "visit", "return", "key", "action", "school"})
        self.desk.news.changed.emit(kinds)

    def _stop(self) -> None:
        if self._batch is not None:
            self._batch.is_stopped = True

    def _show_progress(self, *, is_running: bool) -> None:
        self.progress.setVisible(is_running)
        self.stop.setVisible(is_running)
        for made in (self.choose, self.folder):
            made.setEnabled(not is_running)

    def _print(self) -> None:
        done, today, owner = tuple(self.verdicts.table.rows), self.desk.vault.today(), self._owner
        if owner is not None:
            self.run(lambda: batch_paper(done, owner, today), self._show)

    def _show(self, paper: Paper) -> None:
        self.show_paper(paper)

    def _choose(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(
            self, "Packages", "", "Packages (*.odbst);;All files (*)"
        )
        if names:
            self.file([Path(name) for name in names])

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Folder of packages")
        if name:
            self.file([Path(name)])

    def _enrol(self) -> None:
        urn = self.post.currentData()
        self._make(
            "Your keys sign for themselves.",
            lambda desk, passphrase: outbox.enrolment(desk.vault, [passphrase], urn),
        )

    def _make(self, what: str, work: Callable[[Desk, str], Outgoing]) -> None:
        asked = PassphraseDialog(self, what, self.desk.vault.user.name)
        if asked.exec():
            folder = QFileDialog.getExistingDirectory(self, "Folder for the file")
            if folder:
                self.make(asked.passphrase.text(), Path(folder), work)
