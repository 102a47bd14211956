"""What the buttons of signing do: the paper looked at, signed, handed over, exported."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from odbst_desktop.desktop.pdf_view import page_pictures
from odbst_desktop.desktop.sign_off.facts import SignOffFacts
from odbst_desktop.desktop.sign_off.opener import ReturnOpener, open_page
from odbst_desktop.desktop.sign_off.panel import SignOffPanel
from odbst_desktop.desktop.sign_off.signing_page import ShownPaper, SigningPage
from odbst_desktop.desktop.sign_off.writing import Writing
from odbst_desktop.desktop.tab import PassphraseDialog, Tab
from odbst_desktop.exchange.envelope import parse_envelope
from odbst_desktop.office.return_files import file_for_signer, file_for_trust
from odbst_desktop.returns.drafting import ReturnId, read_return
from odbst_desktop.returns.set_aside import put_back, read_payload
from odbst_desktop.returns.signing import (
    countersign_return,
    preview_return,
    sign_return,
    take_back,
)
from odbst_desktop.school.people import signing_roles
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.vault.vault import Vault

_EXACT = (
    "Exactly these pages, to the byte, travel in the file. They are shown from memory; nothing is "
    "written to the disk."
)


class Signing(QObject):
    """The buttons of one return's ``SignOffPanel``."""

    def __init__(
        self, tab: Tab, opener: ReturnOpener, panel: SignOffPanel, flush: Callable[[], None]
    ) -> None:
        super().__init__(panel)
        self._tab, self._opener, self._panel, self._flush = tab, opener, panel, flush
        self._writing = Writing(tab, self)
        for each, slot in (
            (panel.sign, self._preview), (panel.countersign, self._preview_second),
            (panel.hand_over, self._hand_over), (panel.export, self._export),
            (panel.take_back, self._take_back), (panel.put_back, self._put_back),
        ):  # fmt: skip
            each.clicked.connect(slot)

    @property
    def facts(self) -> SignOffFacts:
        """Return what is known of the return."""
        return self._panel.facts

    @property
    def _made(self) -> ReturnId:
        return self.facts.standing.found.id

    @property
    def _vault(self) -> Vault:
        return self._tab.desk.vault

    def _preview(self) -> None:
        self._flush()
        vault, made, second = self._vault, self._made, str(self._panel.second.currentData())
        facts = self.facts

        def work() -> tuple[ShownPaper, str]:
            seen = preview_return(vault, made, second)
            day = show_date(vault.today())
            shown = ShownPaper(
                "This is what you sign", f"{_EXACT} The signature is dated {day}.",
                (f"{seen.dsl}, designated safeguarding lead · now", f"{seen.second.words} · next"),
                (*facts.trust.words, *((facts.clock_doubt,) if facts.clock_doubt else ())),
                page_pictures(seen.pdf), "Sign…",
                f"Today is {day}: the date is right" if facts.clock_doubt else "",
            )  # fmt: skip
            return shown, seen.paper_sha256

        self._tab.run(work, self._previewed)

    def _previewed(self, made: tuple[ShownPaper, str]) -> None:
        shown, seen = made
        page = SigningPage(shown)
        page.signing.connect(lambda: self._sign(page, seen))
        open_page(self._tab, page)
        page.sign.setFocus()

    def _sign(self, page: SigningPage, seen: str) -> None:
        vault, made, second = self._vault, self._made, str(self._panel.second.currentData())
        asked = PassphraseDialog(
            page, "Your signature covers every answer and the paper.", vault.user.name
        )
        if not asked.exec():
            return
        typed = asked.passphrase.text()
        day = vault.today() if page.day_is_right.isChecked() else None
        self._tab.run(
            lambda: sign_return(vault, made, typed, second, seen=seen, right_day=day),
            self._signed, "return",
        )  # fmt: skip

    def _signed(self, _value: object) -> None:
        self._reopen("Signed. Now the second person signs.")

    def _preview_second(self) -> None:
        vault, made, awaited = self._vault, self._made, self.facts.awaited

        def work() -> ShownPaper:
            envelope = parse_envelope(read_return(vault, made).envelope or b"")
            payload = read_payload(envelope)
            signed = {signature.keyid for signature in envelope.signatures}
            lines = tuple(
                f"{s.person}, {signing_roles()[s.role].lower()} · "
                f"{'✓ signed' if s.keyid in signed else 'now'}"
                for s in payload.signers
            )
            pdf = payload.documents[0].content
            return ShownPaper(
                "This is what was signed", _EXACT, lines, (), page_pictures(pdf), "Countersign…"
            )

        if awaited is not None:
            self._tab.run(work, self._previewed_second)

    def _previewed_second(self, shown: ShownPaper) -> None:
        page = SigningPage(shown)
        page.signing.connect(lambda: self._countersign(page))
        open_page(self._tab, page)
        page.sign.setFocus()

    def _countersign(self, page: SigningPage) -> None:
        vault, made, awaited = self._vault, self._made, self.facts.awaited
        if awaited is None:
            return
        asked = PassphraseDialog(
            page, "Your signature says that you have read the return.", awaited.name
        )
        if asked.exec():
            typed = asked.passphrase.text()
            self._tab.run(
                lambda: countersign_return(vault, made, typed), self._countersigned, "return"
            )

    def _countersigned(self, _value: object) -> None:
        self._reopen("Signed by both. Export it for the trust.")

    def _hand_over(self) -> None:
        vault, made = self._vault, self._made
        self._writing.write(lambda: (file_for_signer(vault, made),), "return")

    def _export(self) -> None:
        vault, made = self._vault, self._made
        self._writing.write(lambda: (file_for_trust(vault, made),), "return", "package")

    def _take_back(self) -> None:
        vault, made = self._vault, self._made
        self._tab.run(lambda: take_back(vault, made), self._taken_back, "return")

    def _taken_back(self, _value: object) -> None:
        self._reopen("The signatures are gone; the return can be changed.")

    def _put_back(self) -> None:
        self._flush()
        vault, made = self._vault, self._made
        self._tab.run(lambda: put_back(vault, made), self._was_put_back, "return")

    def _was_put_back(self, _value: object) -> None:
        self._reopen("The return stands again as it was signed.")

    def _reopen(self, sentence: str) -> None:
        self._opener.reopen(self._made)
        self._tab.show_good(sentence)
