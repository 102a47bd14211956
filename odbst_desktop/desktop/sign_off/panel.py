"""The part “Signing” of a return: where it stands, what comes next, and the way there."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QVBoxLayout, QWidget

from odbst_desktop.desktop.flowing import Flowing
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.sign_off.facts import SignOffFacts
from odbst_desktop.desktop.tab import button
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.exchange.register import SCHOOL_VAULT

_SAID = (
    "First the DSL signs, then the headteacher or the safeguarding governor, each with their own "
    "passphrase, here or on a laptop of their own. A change after a signature takes the signatures "
    "away."
)
_TWO = (
    "A draft can be sent to another laptop of the school that is on the trust card, and one that "
    "came can be compared field by field. Nothing changes until you take a field."
)
_NOBODY = (
    "! Nobody can sign second yet. Give the headteacher a passphrase on the tab Vault, or let them "
    "or the safeguarding governor enrol with the trust from their own laptop and import the newest "
    "trust card."
)


class SignOffPanel(QWidget):
    """Steps, cautions and the buttons that fit the state; ``show_facts`` shows another state.

    The widgets stay, so that a press is never lost to a state that changes meanwhile.
    """

    def __init__(self, facts: SignOffFacts) -> None:
        super().__init__()
        self.facts = facts
        self.state, self.way = words("", "subheading"), words("", "quiet")
        self.way.setAccessibleName("The way of this return")
        self.cautions, self.nobody = words("", "warning"), words(_NOBODY, "warning")
        self.second, self.other = QComboBox(), QComboBox()
        self.second.setAccessibleName("Who countersigns")
        self.other.setAccessibleName("Whose laptop the draft goes to")
        self.second_label = QLabel("Who signs &second")
        self.second_label.setBuddy(self.second)
        self._two = QWidget()
        self._make_buttons()
        self._lay_out()
        self.show_facts(facts)

    def show_facts(self, facts: SignOffFacts) -> None:
        """Show where the return stands now."""
        self.facts = facts
        self.state.setText(facts.standing.words)
        self.way.setText("  →  ".join(step.words for step in facts.standing.way()))
        cautions = self._cautions()
        self.cautions.setText("\n".join(f"! {sentence}" for sentence in cautions))
        self.cautions.setVisible(bool(cautions))
        chosen = self.second.currentData()
        self.second.clear()
        for each in facts.seconds:
            self.second.addItem(each.words, each.id)
        self.second.setCurrentIndex(max(self.second.findData(chosen), 0))
        self.other.clear()
        for vault in facts.others:
            is_school = vault.owner == SCHOOL_VAULT
            self.other.addItem("The school’s vault" if is_school else f"{vault.owner}’s laptop")
        self._show_what_fits()

    def _cautions(self) -> tuple[str, ...]:
        found = self.facts.standing.found
        if found.state == "sent":
            return ()
        said = list(self.facts.trust.words)
        if self.facts.clock_doubt:
            said.append(self.facts.clock_doubt)
        if found.set_aside is not None:
            said.append(
                "Signatures were taken away because the return changed. If a file of it was handed "
                "over already, ask for it to be put away."
            )
        awaited = self.facts.awaited
        if awaited is not None and awaited.vault is not None:
            said.append(f"{awaited.name} signs on their own laptop: write the file, hand it over.")
        return tuple(said)

    def _make_buttons(self) -> None:
        self.sign = button("Look at it and sign…", is_main=True)
        self.countersign = button("Look at it and countersign…", is_main=True)
        self.hand_over = button("Write the file for the second signer…", is_main=True)
        self.export = button("Export for the trust…", is_main=True)
        self.amend = button("New revision…")
        self.changes = button("What it changes")
        self.take_back = button("Take the signatures back")
        self.put_back = button("Put the signatures back")
        self.give_up = button("Give this revision up")
        self.share = button("Send the draft to another laptop…")
        self.compare = button("Compare with another laptop’s draft…")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setSpacing(2 * STEP)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (
            words("Signing", "heading"), self.state, self.way, words(_SAID, "quiet"),
            self.cautions, self.second_label, self.second, self.nobody,
            Flowing(
                self.sign, self.countersign, self.hand_over, self.export, self.amend,
                self.changes, self.take_back, self.put_back, self.give_up,
            ),
            self._two,
        ):  # fmt: skip
            column.addWidget(widget)
        column.addStretch(1)
        inner = QVBoxLayout(self._two)
        inner.setContentsMargins(0, 2 * STEP, 0, 0)
        inner.addWidget(words("Two people drafting", "subheading"))
        inner.addWidget(words(_TWO, "quiet"))
        inner.addWidget(Flowing(self.share, self.other, self.compare))

    def _show_what_fits(self) -> None:
        facts, standing, awaited = self.facts, self.facts.standing, self.facts.awaited
        found, is_draft = standing.found, self.facts.is_draft
        is_away = awaited is not None and awaited.vault is not None
        if awaited is not None and is_away:
            self.hand_over.setText(f"Write the file for {awaited.name}…")
        fits: tuple[tuple[QWidget, bool], ...] = (
            (self.second, is_draft and bool(facts.seconds)),
            (self.second_label, is_draft and bool(facts.seconds)),
            (self.nobody, is_draft and not facts.seconds),
            (self.sign, is_draft),
            (self.countersign, awaited is not None and awaited.is_here),
            (self.hand_over, is_away),
            (self.export, found.state in {"signed", "sent"}),
            (self.amend, standing.may_be_amended and not standing.is_superseded),
            (self.changes, found.revision > 1),
            (self.take_back, found.state in {"half_signed", "signed"}),
            (self.put_back, is_draft and found.set_aside is not None),
            (self.give_up, is_draft and found.revision > 1),
            (self._two, is_draft),
            (self.share, bool(facts.others)),
            (self.other, len(facts.others) > 1),
        )
        for widget, is_wanted in fits:
            widget.setVisible(is_wanted)
        _stand_out(self.export, is_main=found.state == "signed")
        _stand_out(self.amend, is_main=standing.state == "queried")


def _stand_out(made: QPushButton, *, is_main: bool) -> None:
    made.setProperty("main", is_main)
    made.style().polish(made)
