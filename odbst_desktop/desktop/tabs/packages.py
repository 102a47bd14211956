"""The tab of packages: files checked and filed, keys confirmed, own files made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import PassphraseDialog, Tab, button, row_of
from odbst_desktop.exchange.register import KnownKey, StoredPackage, known_keys, packages
from odbst_desktop.monitoring.packs import TakenPack, note_read, packs_taken
from odbst_desktop.office import inbox, outbox
from odbst_desktop.office.inbox import Verdict
from odbst_desktop.office.outbox import Outgoing
from odbst_desktop.office.pack_paper import pack_paper
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.owner import Owner, Profile, read_owner
from odbst_desktop.school.people import signing_roles
from odbst_desktop.school.posts import Post, posts
from odbst_desktop.school.typed_dates import show_date

_KINDS = {"trust-card": "Trust card", "focus-pack": "Focus pack", "enrolment": "Enrolment",
          "termly-return": "Termly return", "monitoring-visit": "Monitoring visit",
          "receipt": "Receipt"}  # fmt: skip
_SIGNS = {"accepted": "✓ Accepted", "pending": "◔ Pending", "duplicate": "– Received before",
          "rejected": "✗ Refused"}  # fmt: skip

VERDICT_COLUMNS: tuple[Column[Verdict], ...] = (
    Column("File", lambda v: v.file, 4),
    Column("Verdict", lambda v: _SIGNS[v.verdict], 2),
    Column("Code", lambda v: v.code, 2),
    Column("What it means", lambda v: v.message, 9),
)
KEY_COLUMNS: tuple[Column[KnownKey], ...] = (
    Column("Person", lambda k: k.person, 3),
    Column("Role", lambda k: signing_roles()[k.role], 2),
    Column("School", lambda k: str(k.urn or "Trust"), 1),
    Column(
        "State",
        lambda k: {"pending": "◔ To confirm", "active": "✓ Known", "revoked": "✗ Revoked"}[
            k.status
        ],
        2,
    ),
)
PACKAGE_COLUMNS: tuple[Column[StoredPackage], ...] = (
    Column("When", lambda p: show_date(date.fromisoformat(p.at[:10])), 2),
    Column("Way", lambda p: "Sent" if p.direction == "sent" else "Received", 1),
    Column("Kind", lambda p: _KINDS[p.kind], 2),
    Column("From", lambda p: p.issuer, 4),
    Column("State", lambda p: _SIGNS[p.verdict], 2),
)


@dataclass(frozen=True, slots=True)
class _Loaded:
    owner: Owner
    posts: tuple[Post, ...]
    keys: tuple[KnownKey, ...]
    packages: tuple[StoredPackage, ...]
    pack: TakenPack | None


class PackagesTab(Tab):
    """Files dropped here are checked one by one; what is refused changes nothing."""

    kinds = frozenset({"package", "key", "school"})
    title = "Packages"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.setAcceptDrops(True)
        self.choose = button("Check and file packages…", is_main=True)
        self.enrol, self.card = button("Make my enrolment…"), button("Make the trust card…")
        self.post = QComboBox()
        self.post.setAccessibleName("School to enrol for")
        self.post.hide()
        self.verdicts: TableView[Verdict] = TableView("Files just checked", VERDICT_COLUMNS)
        self.keys: TableView[KnownKey] = TableView("Keys", KEY_COLUMNS)
        self.packages: TableView[StoredPackage] = TableView("Packages", PACKAGE_COLUMNS)
        self.fingerprint = QLineEdit()
        self.fingerprint.setPlaceholderText(
            "Fingerprint: six groups of five digits, as read to you"
        )
        self.fingerprint.setAccessibleName("Fingerprint as read over the telephone")
        self.confirm = button("Confirm this key")
        self.column.addWidget(words("Packages", "title"))
        self.column.addWidget(
            words(
                "Drop files here or choose them. Each is checked: who signed it, that nothing "
                "was changed, that it follows the one before. What is refused changes nothing.",
                "quiet",
            )
        )  # fmt: skip
        self.read = button("Read the focus pack")
        self.read.hide()
        self._pack: TakenPack | None = None
        self.column.addLayout(row_of(self.choose, self.read, self.enrol, self.post, self.card))
        self.column.addWidget(self.verdicts, 2)
        self.column.addWidget(words("Keys", "heading"))
        self.column.addWidget(self.keys, 2)
        confirm = row_of(self.confirm)
        confirm.insertWidget(0, self.fingerprint, 1)
        self.column.addLayout(confirm)
        self.column.addWidget(words("Sent and received", "heading"))
        self.column.addWidget(self.packages, 3)
        self.choose.clicked.connect(self._choose)
        self.read.clicked.connect(self.read_pack)
        self.confirm.clicked.connect(self._confirm)
        self.enrol.clicked.connect(self._enrol)
        self.card.clicked.connect(lambda: self._make("Everybody will trust this card.", _card))

    def load(self) -> _Loaded:
        """Read the register and the packages."""
        with self.desk.vault.reading() as session:
            taken = next(iter(packs_taken(session)), None)
            return _Loaded(
                read_owner(session), posts(session), known_keys(session), packages(session), taken
            )

    def show_loaded(self, value: _Loaded) -> None:
        """Show the register and the packages."""
        is_trust = value.owner.profile is Profile.TRUST
        self.enrol.setVisible(not is_trust)
        self._pack = value.pack
        self.read.setVisible(value.pack is not None)
        chosen = self.post.currentData()
        self.post.clear()
        for post in value.posts:
            self.post.addItem(f"for {post.school}", post.urn)
        self.post.setCurrentIndex(max(self.post.findData(chosen), 0))
        self.post.setVisible(len(value.posts) > 1)
        self.card.setVisible(is_trust)
        self.keys.show_rows(sorted(value.keys, key=lambda key: key.status != "pending"))
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
        """Check files and store those that are true."""
        vault = self.desk.vault
        self.show_good(f"Checking {len(paths)} files…")
        self.run(
            lambda: tuple(inbox.import_file(vault, path) for path in paths),
            self._filed, "package", "visit", "return", "key", "action",
        )  # fmt: skip

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

    def _filed(self, verdicts: tuple[Verdict, ...]) -> None:
        self.verdicts.show_rows(verdicts)
        refused = [verdict for verdict in verdicts if verdict.is_refused]
        if refused:
            self.show_problem(f"{refused[0].file}: {refused[0].message}")
        else:
            self.show_good(f"{len(verdicts)} files checked; none was refused.")

    def _choose(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(
            self, "Packages", "", "Packages (*.odbst);;All files (*)"
        )
        if names:
            self.file([Path(name) for name in names])

    def _confirm(self) -> None:
        chosen = self.keys.chosen()
        if chosen is None:
            self.show_problem("Choose the key in the table first.")
            return
        vault, typed = self.desk.vault, self.fingerprint.text()
        self.run(
            lambda: inbox.approve(vault, chosen.keyid, typed), self._confirmed, "key", "package"
        )

    def _confirmed(self, _value: object) -> None:
        self.fingerprint.clear()
        self.show_good("The key is confirmed and counts from now on.")

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


def _card(desk: Desk, passphrase: str) -> Outgoing:
    return outbox.trust_card(desk.vault, passphrase)
