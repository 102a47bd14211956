"""A refused package, with its code and its sentence."""

from __future__ import annotations

from odbst_desktop.errors import OdbstError
from odbst_desktop.shipped import shipped_yaml


class PackageError(OdbstError):
    """A package is refused.

    ``code`` is one of the package format's section 7; ``about`` (a field or a member, never
    contents) is added to the sentence where it helps.
    """

    def __init__(self, code: str, about: str = "", *, sentence: str = "") -> None:
        words = shipped_yaml("resources/exchange_sentences.yaml")[sentence or code]
        super().__init__(f"{words} ({about})" if about else words)
        self.code = code  # type: ignore[misc] # one class, a code an instance


class WeakKeyError(OdbstError):
    """A signing key is of small order or not canonically encoded."""

    code = "weak-key"


class StrictJsonError(ValueError):
    """A text is not the strict JSON of the package format, check 6."""
