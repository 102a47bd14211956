"""What stands behind a figure, as one value that every tab can show (Ctrl+I)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One thing a figure is made of: when it was, what it is, how much it gives."""

    when: str
    what: str
    amount: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure explained in words that are shown as they are.

    ``formula`` says how it comes about; ``parts`` are its inputs, oldest first; ``rules`` what it
    is held against and the edition that asks for it; ``history`` who typed or changed it;
    ``shown_to`` what is suppressed for whom.
    """

    title: str
    figure: str
    formula: str
    parts: tuple[Part, ...] = ()
    rules: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    shown_to: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """Return everything as lines, to be copied or read out."""
        parts = tuple(": ".join(word for word in (p.when, p.what) if word) + f" — {p.amount}"
                      for p in self.parts)  # fmt: skip
        heard = (
            ("Made of", parts),
            ("Rules and editions", self.rules),
            ("Who typed or changed it", self.history),
            ("Who sees it", self.shown_to),
        )
        told = [f"{self.title}: {self.figure}", f"How it comes about: {self.formula}"]
        for heading, lines in heard:
            if lines:
                told += [heading, *(f"  {line}" for line in lines)]
        return tuple(told)
