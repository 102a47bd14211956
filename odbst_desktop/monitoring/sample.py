"""The sample of the single central record: rows drawn at random, so that anybody can draw again.

The rows are those for which SHA-256 of ``SEED:ROW`` is smallest, so that no program of ours is
needed to check them. All rows if there are no more than ten (domain reference, section 4).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

SAMPLE_SIZE = 10
LEAST_TRACED = 5
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Sampled:
    """What a traced sample showed; ``gaps_left`` were not put right on the day."""

    rows: int
    with_gap: int
    gaps_left: int
    serious: int


def new_seed() -> str:
    """Return a new seed, such as ``7K2M-9QXA``: eight random letters and digits."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def draw_rows(seed: str, entries: int, size: int = SAMPLE_SIZE) -> tuple[int, ...]:
    """Return the rows that a seed draws from a record of so many entries, in order."""
    by_hash = sorted(
        range(1, entries + 1), key=lambda row: sha256(f"{seed}:{row}".encode()).digest()
    )
    return tuple(sorted(by_hash[:size]))


def with_new_sample(answers: Mapping[str, Any], seed: str) -> dict[str, Any]:
    """Return the answers with a sample drawn; what was noted of a row that stays is kept."""
    noted = {row.get("row_number"): row for row in answers.get("sampled_rows") or []}
    rows = draw_rows(seed, int(answers.get("entries_total") or 0))
    return {
        **answers,
        "sample_seed": seed,
        "sampled_rows": [noted.get(row, {"row_number": row}) for row in rows],
    }


def sample_is_as_drawn(answers: Mapping[str, Any]) -> bool:
    """Say whether the rows traced are the ones that the printed seed draws."""
    traced = sorted(row.get("row_number", 0) for row in answers.get("sampled_rows") or [])
    drawn = draw_rows(str(answers.get("sample_seed", "")), int(answers.get("entries_total") or 0))
    return tuple(traced) == drawn


def sampled(answers: Mapping[str, Any]) -> Sampled:
    """Count what the rows traced showed."""
    results = [row.get("row_result") for row in answers.get("sampled_rows") or []]
    wanting = [result for result in results if result in {"put_right", "gap", "serious"}]
    left = sum(result != "put_right" for result in wanting)
    return Sampled(len(results), len(wanting), left, results.count("serious"))


def sample_faults(answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what keeps a visit with a sample from being closed, in sentences."""
    entries = answers.get("entries_total")
    rows = [row.get("row_number") for row in answers.get("sampled_rows") or []]
    if not isinstance(entries, int):
        return ()
    if entries and len(rows) < min(entries, LEAST_TRACED):
        return (
            "Draw the sample and trace its rows to the files: five at the least, or all rows if "
            "there are fewer.",
        )
    if any(isinstance(row, int) and row > entries for row in rows):
        return ("A row traced lies beyond the entries on the record. Mend one of the two.",)
    if len(set(rows)) < len(rows):
        return ("A row of the record is traced twice. Take one of the two lines out.",)
    return ()
