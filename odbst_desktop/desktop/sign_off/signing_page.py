"""The very paper that is about to be signed, shown from memory, and the button that signs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from odbst_desktop.desktop.page import hide_unless, words
from odbst_desktop.desktop.scrolling import scrolled
from odbst_desktop.desktop.tab import button, one_line, row_of
from odbst_desktop.desktop.theme import STEP


@dataclass(frozen=True)
class ShownPaper:
    """A paper's pages as pictures, and what is said above them."""

    title: str
    lead: str
    signers: tuple[str, ...]
    cautions: tuple[str, ...]
    pictures: Sequence[QImage]
    sign_words: str
    day_words: str = ""


class SigningPage(QWidget):
    """Pages, who signs in which order, what to heed, and one button; ``signing`` asks to sign."""

    left = Signal()
    signing = Signal()

    def __init__(self, shown: ShownPaper) -> None:
        super().__init__()
        self.back, self.sign = button("← Back"), button(shown.sign_words, is_main=True)
        hide_unless(shown.sign_words, self.sign)
        self.day_is_right = QCheckBox(shown.day_words)
        hide_unless(shown.day_words, self.day_is_right)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(2 * STEP)
        column.addLayout(row_of(self.back, one_line(shown.title), self.sign))
        column.addWidget(words(shown.lead, "quiet"))
        for place, signer in enumerate(shown.signers, start=1):
            column.addWidget(words(f"{place}. {signer}"))
        for sentence in shown.cautions:
            column.addWidget(words(f"! {sentence}", "warning"))
        column.addWidget(self.day_is_right)
        column.addWidget(scrolled(_pages(shown)), 1)
        self.back.clicked.connect(self.left)
        self.sign.clicked.connect(self.signing)


def _pages(shown: ShownPaper) -> QWidget:
    pages = QWidget()
    under = QVBoxLayout(pages)
    count = len(shown.pictures)
    for number, picture in enumerate(shown.pictures, start=1):
        label = QLabel()
        label.setPixmap(QPixmap.fromImage(picture))
        label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        label.setAccessibleName(f"{shown.title}, page {number} of {count}")
        under.addWidget(label)
    return pages
