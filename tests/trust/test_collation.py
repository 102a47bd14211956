"""Who has returned, and all returns in one table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from odbst_desktop.returns.drafting import return_form
from odbst_desktop.trust.collation import (
    COLUMNS,
    collated_csv,
    collated_rows,
    trust_figures,
)
from odbst_desktop.trust.returned import newest_term_returned, standings
from odbst_desktop.vault.vault import Vault


def test_table_holds_each_schools_answers_with_their_provenance(
    unlocked: Callable[[str], Vault],
) -> None:
    with unlocked("trust").reading() as session:
        rows = collated_rows(session, return_form(), "2025-26", "summer")
        assert collated_rows(session, return_form(), "2026-27", "spring") == ()
    table = list(csv.DictReader(io.StringIO(collated_csv(rows).decode("utf-8-sig"))))
    totals = {r["urn"]: int(r["value"]) for r in table if r["field"] == "concerns_total"}
    assert set(totals) == {"900101", "900102"}
    assert {r["provenance"] for r in table} >= {"counted", "typed", "changed"}
    gaps = [r for r in table if r["missing"]]
    assert gaps
    assert all(not r["value"] and r["reason"] for r in gaps)
    assert tuple(table[0]) == COLUMNS


def test_totals_are_sums_and_impute_nothing(unlocked: Callable[[str], Vault]) -> None:
    with unlocked("trust").reading() as session:
        figures = {f.field: f for f in trust_figures(session, return_form(), "2025-26", "summer")}
        rows = collated_rows(session, return_form(), "2025-26", "summer")
    given = [int(row[9]) for row in rows if row[6] == "pupils_on_roll"]
    roll = figures["pupils_on_roll"]
    assert (roll.total, roll.given_by, roll.lowest, roll.highest) == (
        sum(given), 2, min(given), max(given),
    )  # fmt: skip


def test_standing_of_each_school(unlocked: Callable[[str], Vault]) -> None:
    vault = unlocked("trust")
    with vault.reading() as session:
        assert newest_term_returned(session) == ("2025-26", "summer")
        summer = standings(session, "2025-26", "summer")
        autumn = standings(session, "2026-27", "autumn")
    today = vault.today()
    assert [s.words_on(today) for s in summer] == ["Accepted, receipt written", "Queried"]
    assert [s.words_on(today) for s in autumn] == ["Not yet", "Not yet"]


def test_a_cell_cannot_become_a_formula() -> None:
    row = ("=1+1", "+44", "-3", "-3.5", "@x", "plain", *[""] * 7)
    read = next(csv.reader(io.StringIO(collated_csv([row]).decode("utf-8-sig").split("\n", 1)[1])))
    assert read[:6] == ["'=1+1", "'+44", "-3", "-3.5", "'@x", "plain"]
