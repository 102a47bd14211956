"""A choice of a term, the newest first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox

from odbst_desktop.trust.table import TermKey, term_words


class TermChoice(QComboBox):
    """Offers terms; Qt would lose the pair of year and term, so they are kept beside it."""

    def __init__(self) -> None:
        super().__init__()
        self._terms: tuple[TermKey, ...] = ()
        self.setAccessibleName("Term")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    @property
    def term(self) -> TermKey | None:
        """Return the term that is chosen, None while there is none."""
        place = self.currentIndex()
        return self._terms[place] if 0 <= place < len(self._terms) else None

    def show_terms(self, terms: Sequence[TermKey], chosen: TermKey) -> None:
        """Offer other terms, one of them chosen."""
        self._terms = tuple(terms)
        self.clear()
        self.addItems([term_words(key) for key in self._terms])
        self.choose(chosen)

    def choose(self, key: TermKey) -> None:
        """Choose a term, if it is offered."""
        if key in self._terms:
            self.setCurrentIndex(self._terms.index(key))
