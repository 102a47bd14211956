"""All returns in one tidy table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from odbst_desktop.returns.drafting import return_form
from odbst_desktop.trust.collation import COLUMNS, collated_csv, tidy_rows
from odbst_desktop.trust.table import rows_of_term, trust_table, verified_of
from odbst_desktop.vault.vault import Vault

SUMMER = ("2025-26", "summer")


def test_table_holds_each_schools_answers_with_their_provenance(
    unlocked: Callable[[str], Vault],
) -> None:
    with unlocked("trust").reading() as session:
        table = trust_table(session, return_form())
    assert rows_of_term(table, ("2026-27", "spring")) == ()
    rows = rows_of_term(table, SUMMER)
    read = list(csv.DictReader(io.StringIO(collated_csv(rows).decode("utf-8-sig"))))
    totals = {r["urn"]: float(r["number"]) for r in read if r["field"] == "concerns_total"}
    assert {"900101", "900102"} < set(totals)
    assert {r["provenance"] for r in read} >= {"counted", "typed", "changed"}
    gaps = [r for r in read if r["missing"]]
    assert gaps
    assert all(not r["value"] and not r["number"] and r["reason"] for r in gaps)
    assert tuple(read[0]) == COLUMNS


def test_rows_come_from_the_payload_alone(unlocked: Callable[[str], Vault]) -> None:
    with unlocked("trust").reading() as session:
        held = trust_table(session, return_form()).held[SUMMER][900101]
    verified = verified_of(held)
    rows = tuple(tidy_rows(verified, return_form()))
    assert rows == tuple(tidy_rows(verified, return_form())), "the same payload, the same rows"
    by_field = {row.field: row for row in rows}
    assert by_field["pupils_on_roll"].number == held.body.answers["pupils_on_roll"]
    assert by_field["next_steps.1.step_owner"].value == "DSL"
    assert {row.package for row in rows} == {held.package.payload_sha256}
    assert len(by_field) == len(rows), "a field stands once"


def test_a_cell_cannot_become_a_formula() -> None:
    row = ("=1+1", "+44", "-3", "-3.5", "@x", "plain", None, *[""] * 9)
    read = next(csv.reader(io.StringIO(collated_csv([row]).decode("utf-8-sig").split("\n", 1)[1])))
    assert read[:7] == ["'=1+1", "'+44", "-3", "-3.5", "'@x", "plain", ""]
