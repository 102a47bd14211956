"""Returns that came to this laptop to be signed: a summary from the answers, the paper, the button.

The summary is made here from the answers, so that a page cannot say one thing and the data another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.flowing import Flowing
from odbst_desktop.desktop.form_rows import FormSetting
from odbst_desktop.desktop.form_view import FormView
from odbst_desktop.desktop.page import hide_unless, words
from odbst_desktop.desktop.pdf_view import page_pictures
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.sign_off.opener import open_page
from odbst_desktop.desktop.sign_off.signing_page import ShownPaper, SigningPage
from odbst_desktop.desktop.sign_off.writing import Writing
from odbst_desktop.desktop.tab import PassphraseDialog, Tab, button, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.office.return_files import countersigned_files
from odbst_desktop.returns.paper import asked_words
from odbst_desktop.returns.travelling import (
    ToCountersign,
    add_signature,
    decline,
    to_countersign,
)
from odbst_desktop.school.typed_dates import show_date

COLUMNS: tuple[Column[ToCountersign], ...] = (
    Column("Return", lambda r: r.title, 5, 30),
    Column("Came on", lambda r: show_date(date.fromisoformat(r.received_at[:10])), 2, 12),
    Column("Signed by", lambda r: "; ".join(r.signed_by), 4, 20),
    Column("State", lambda r: r.state_words, 3, 24),
)


class ToSignPage(QWidget):
    """One return, read-only, with what was explained and the way to sign it."""

    def __init__(self, tab: Tab, held: ToCountersign) -> None:
        super().__init__()
        self.held = held
        self.back = button("← Back")
        self.paper = button("The paper that travels inside")
        self.sign = button("Sign…", is_main=True)
        self.put_away = button("Put it away unsigned")
        self.files = button("Write the files…", is_main=True)
        hide_unless(held.pdf, self.paper)
        for widget, is_wanted in (
            (self.sign, not held.is_signed), (self.put_away, not held.is_signed),
            (self.files, held.is_signed),
        ):  # fmt: skip
            hide_unless(is_wanted, widget)
        setting = FormSetting(tab.desk.vault.today(), is_read_only=True)
        self.form = FormView(held.form, held.answers, setting)
        self.form.add_first_section("What you sign", self._summary(held.form))
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        top = QHBoxLayout()
        top.addWidget(self.back)
        top.addWidget(words(f"{held.title} · {held.state_words}", "heading"), 1)
        column.addLayout(top)
        column.addWidget(Flowing(self.sign, self.files, self.paper, self.put_away))
        column.addWidget(self.form, 1)
        self.back.clicked.connect(tab.close_over)
        self._signing = _Signing(tab, self)

    def _summary(self, form: Form) -> QWidget:
        held, holder = self.held, QWidget()
        column = QVBoxLayout(holder)
        column.setSpacing(2 * STEP)
        column.addWidget(words("What you sign", "heading"))
        column.addWidget(
            words(
                f"{len(held.answers)} answers of {held.title}, listed section by section on the "
                "left. They are what the trust counts; the paper inside says the same in print."
            )
        )
        column.addWidget(words(f"Signed so far: {'; '.join(held.signed_by)}.", "subheading"))
        if not held.is_signed:
            column.addWidget(words(f"Now: {held.signer}, with your own passphrase."))
            column.addWidget(
                words(
                    "Is something wrong? Put it away and tell the DSL, who changes it, signs again "
                    "and sends you the new file.",
                    "quiet",
                )
            )
        if held.explanations:
            column.addWidget(words("What the school explained", "heading"))
        for rule, text in held.explanations:
            column.addWidget(words(asked_words(form, rule), "quiet"))
            column.addWidget(words(text))
        column.addStretch(1)
        return holder


class _Signing(QObject):
    """The buttons of a ``ToSignPage``."""

    def __init__(self, tab: Tab, page: ToSignPage) -> None:
        super().__init__(page)
        self._tab, self._page, self._writing = tab, page, Writing(tab, self)
        page.paper.clicked.connect(self._show_paper)
        page.sign.clicked.connect(self._sign)
        page.put_away.clicked.connect(self._put_away)
        page.files.clicked.connect(self._write)

    def _show_paper(self) -> None:
        held = self._page.held
        pdf = held.pdf or b""

        def work() -> ShownPaper:
            lead = "The paper inside the file: evidence, shown from memory."
            return ShownPaper(held.title, lead, held.signed_by, (), page_pictures(pdf), "")

        self._tab.run(work, self._paper_drawn)

    def _paper_drawn(self, shown: ShownPaper) -> None:
        open_page(self._tab, SigningPage(shown))

    def _sign(self) -> None:
        held, vault = self._page.held, self._tab.desk.vault
        asked = PassphraseDialog(
            self._tab, "Your signature says that you have read the return.", held.signer
        )
        if asked.exec():
            typed = asked.passphrase.text()
            self._tab.run(
                lambda: add_signature(vault, held.payload_sha256, typed), self._signed, "package"
            )

    def _signed(self, _value: object) -> None:
        self._tab.show_good("Signed. Write the file for the trust, and one back for the DSL.")
        self._write()

    def _write(self) -> None:
        held, vault = self._page.held, self._tab.desk.vault
        self._writing.write(lambda: countersigned_files(vault, held.payload_sha256), "package")

    def _put_away(self) -> None:
        held, vault = self._page.held, self._tab.desk.vault
        self._tab.run(lambda: decline(vault, held.payload_sha256), self._was_put_away, "package")

    def _was_put_away(self, _value: object) -> None:
        self._tab.close_over()
        self._tab.show_good("Put away unsigned. Tell the DSL; the same file can be imported again.")


class ToSignTab(Tab):
    """Returns that wait for the signature of somebody who works on this laptop."""

    kinds = frozenset({"package", "return"})
    title = "Returns to sign"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.open = button("Open", is_main=True)
        self.table: TableView[ToCountersign] = TableView("Returns to sign", COLUMNS)
        self.empty = words(
            "Nothing waits for your signature. When the DSL hands you a return to sign, import the "
            "file on the tab Packages; it is then listed here."
        )
        self.column.addWidget(words("Returns to sign", "title"))
        self.column.addWidget(
            words(
                "A school’s termly return needs the signature of the headteacher or of the "
                "safeguarding governor. You see what it says, sign with your own passphrase, and "
                "get the one file to upload.",
                "quiet",
            )
        )  # fmt: skip
        self.column.addWidget(self.empty)
        self.column.addLayout(row_of(self.open))
        self.column.addWidget(self.table, 1)
        self.open.clicked.connect(self._open_chosen)
        self.table.activated.connect(self._open_chosen)

    @property
    def page(self) -> ToSignPage | None:
        """Return the return that is open, if any."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, ToSignPage) else None

    def load(self) -> Sequence[ToCountersign]:
        """Read what came to be signed."""
        return to_countersign(self.desk.vault)

    def show_loaded(self, value: Sequence[ToCountersign]) -> None:
        """Show what came to be signed."""
        self.table.show_rows(value)
        self.empty.setVisible(not value)
        self.table.setVisible(bool(value))
        self.open.setVisible(bool(value))

    def _open_chosen(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self.open_over(ToSignPage(self, chosen))
