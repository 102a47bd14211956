"""Any figure, explained: how it is reckoned, from what, by which rule, who touched it, who sees it.

Every tab that shows a figure makes one of these values; the window shows it beside the figure, the
tests read it. It holds words and numbers only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Input:
    """One thing a figure is reckoned from: when, what, and how much of it."""

    words: str
    amount: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Touch:
    """Somebody put or changed a figure: the moment (RFC 3339), the person, what was done."""

    at: str
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is to be said of one figure.

    ``formula`` says how it is reckoned; ``inputs`` are in order of their dates; ``rules`` are the
    checks it takes part in; ``source`` is the guidance with its edition; ``shown_to`` says who sees
    it and how; ``remark`` is what else a reader has to know.
    """

    title: str
    value: str
    formula: str
    inputs: tuple[Input, ...] = ()
    rules: tuple[str, ...] = ()
    source: str = ""
    touches: tuple[Touch, ...] = ()
    shown_to: tuple[str, ...] = ()
    remark: str = ""
