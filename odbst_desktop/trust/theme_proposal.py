"""Themes in the order of their evidence, and whether one school alone puts one forward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from odbst_desktop.trust.theme_evidence import Ground, Line, evidence
from odbst_desktop.trust.theme_rules import ThemeRule, theme_rules

FIRST = 3
"""So many themes are chosen at most, so that DSLs are not overloaded (P)."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A theme with its score and rank; ``driven_by`` is the school without which it falls back."""

    rule: ThemeRule
    rank: int
    score: int
    lines: tuple[Line, ...]
    driven_by: str
    rank_without: int

    @property
    def title(self) -> str:
        """Return the theme's title."""
        return self.rule.theme.title

    @property
    def arithmetic(self) -> str:
        """Return the sum in figures: “2 × 1 + 1 × 2 = 4”."""
        parts = [f"{line.weight} × {line.points}" for line in self.lines if line.score]
        return f"{' + '.join(parts) or '0'} = {self.score}"

    @property
    def stability(self) -> str:
        """Return by shape and word whether its place depends on one school."""
        if self.driven_by:
            return (
                f"▲ Driven by one school: without {self.driven_by} it would be "
                f"number {self.rank_without}"
            )
        return "● Stable: no single school puts it there"

    @property
    def why(self) -> str:
        """Return the strongest reasons in a sentence or two."""
        strong = sorted((n for n in self.lines if n.score), key=lambda n: -n.score)[:3]
        return " ".join(f"{line.label}: {line.words}" for line in strong if line.name != "severity")


def propose(ground: Ground, weights: Mapping[str, int]) -> tuple[Proposed, ...]:
    """Return every theme in the order of its evidence.

    Ties are broken by severity, then by how many schools signal, then by the order of the file;
    never by the alphabet. Each school is left out in turn.
    """
    ranked = _ranked(ground, weights)
    without = {
        school.name: [rule.id for rule, _ in _ranked(ground.without(school.urn), weights)]
        for school in ground.now
    }
    found = []
    for rank, (rule, lines) in enumerate(ranked, start=1):
        driver, place = "", rank
        if rank <= FIRST and len(ground.now) > 1:
            places = {name: order.index(rule.id) + 1 for name, order in without.items()}
            worst = max(places, key=lambda name: places[name])
            if places[worst] > FIRST:
                driver, place = worst, places[worst]
        score = sum(line.score for line in lines)
        found.append(Proposed(rule, rank, score, lines, driver, place))
    return tuple(found)


def _ranked(ground: Ground, weights: Mapping[str, int]) -> list[tuple[ThemeRule, tuple[Line, ...]]]:
    judged = [(rule, evidence(rule, ground, weights)) for rule in theme_rules()]

    def order(pair: tuple[ThemeRule, tuple[Line, ...]]) -> tuple[int, int, int]:
        rule, lines = pair
        spread = next(line.points for line in lines if line.name == "spread")
        return -sum(line.score for line in lines), -rule.severity, -spread

    return sorted(judged, key=order)
