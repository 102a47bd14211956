"""What bears on each theme, and how its evidence is weighed: ``resources/trust_themes.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from odbst_desktop.monitoring.themes import Theme, shipped_themes
from odbst_desktop.shipped import shipped_yaml

_FILE = "resources/trust_themes.yaml"


@dataclass(frozen=True, slots=True)
class ThemeRule:
    """A theme with what bears on it.

    ``counts`` and ``unplaced`` are fields of the return, ``lacking`` pairs of a whole and its
    part, ``answers`` questions by checklist, ``words`` how schools name it, ``questions`` go into
    the next return.
    """

    theme: Theme
    severity: int
    counts: tuple[str, ...]
    lacking: tuple[tuple[str, str], ...]
    unplaced: tuple[str, ...]
    whole: str
    answers: Mapping[str, tuple[str, ...]]
    words: tuple[str, ...]
    minutes: int
    questions: tuple[str, ...]

    @property
    def id(self) -> str:
        """Return the theme's id."""
        return self.theme.id

    @property
    def fields(self) -> frozenset[str]:
        """Return every field of the return that bears on it."""
        pairs = {name for pair in self.lacking for name in pair}
        return frozenset({*self.counts, *self.unplaced, *pairs})


@dataclass(frozen=True, slots=True)
class LineRule:
    """A line of evidence: its words, and from where on it gives one and two points."""

    name: str
    label: str
    one_from: float
    two_from: float

    def points(self, value: float) -> int:
        """Return the points that a share or a count gives."""
        return int(value >= self.one_from) + int(value >= self.two_from)


@cache
def theme_rules() -> tuple[ThemeRule, ...]:
    """Return the candidates in the order of the file."""
    content = shipped_yaml(_FILE)["themes"]
    return tuple(_rule(theme, content[theme.id]) for theme in shipped_themes())


def theme_rule(theme_id: str) -> ThemeRule | None:
    """Return a candidate; None for a theme that the ESL wrote."""
    return next((rule for rule in theme_rules() if rule.id == theme_id), None)


@cache
def line_rules() -> Mapping[str, LineRule]:
    """Return the lines of evidence by name."""
    lines = shipped_yaml(_FILE)["lines"]
    return {name: LineRule(name, e["label"], *e["from"]) for name, e in lines.items()}


def shipped_weights() -> tuple[Mapping[str, int], date]:
    """Return the weights that ship, and since when they hold."""
    content = shipped_yaml(_FILE)
    return content["weights"], content["weights_since"]


def load_rules() -> Mapping[str, Any]:
    """Return what each duty asks of a DSL: the minutes, the share of hours, weeks in a term."""
    content: Mapping[str, Any] = shipped_yaml(_FILE)
    return content


def _rule(theme: Theme, entry: Mapping[str, Any]) -> ThemeRule:
    return ThemeRule(
        theme, entry["severity"], tuple(entry.get("counts", ())),
        tuple((whole, part) for whole, part in entry.get("lacking", ())),
        tuple(entry.get("unplaced", ())), entry.get("of", ""),
        {form: tuple(names) for form, names in entry["answers"].items()},
        tuple(entry["words"]), entry["minutes"], tuple(entry["questions"]),
    )  # fmt: skip
