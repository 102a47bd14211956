"""Lists of people: what else a sheet says of them, and an import undone as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from sqlmodel import SQLModel

from odbst_desktop.errors import StateError
from odbst_desktop.school.people import Details, Person, people
from odbst_desktop.school.people_changes import begin_role, change_details
from odbst_desktop.spreadsheets.mapping import propose_mapping
from odbst_desktop.spreadsheets.table import read_table
from odbst_desktop.spreadsheets.targets import target
from odbst_desktop.training.imports import ImportId, Undone, undo_import
from odbst_desktop.training.matrix import training_matrix
from odbst_desktop.training.previews import Fate
from odbst_desktop.training.recording import record_training, records_of, withdraw_record
from odbst_desktop.training.staff_lists import StaffPreview, import_people, preview_people
from odbst_desktop.vault.vault import Vault
from tests.conftest import DAY, SetClock
from tests.spreadsheets.builders import a_csv

HEADER = ["Name", "Job title", "Start date", "Leaving date", "Employee number", "Cluster",
          "Department", "JD signed", "DSL hours", "Safeguarding target set"]  # fmt: skip
RUTH = ["Ruth Ellery", "DSL", "01/09/2024", "", "E3", "North", "Safeguarding", "02/09/2026",
        "7.5", "10/10/2026"]  # fmt: skip
TOM = ["Tom Hurst", "Class teacher", "01/09/2026", "", "E1", "", "Year 3", "", "", ""]
IMANI_LEAVES = ["Imani Cole", "TA", "01/09/2024", "22/07/2026", "", "", "", "", "", ""]


def preview(vault: Vault, *rows: Sequence[str]) -> StaffPreview:
    table, wanted = read_table(a_csv([HEADER, *rows]), "staff.csv"), target("people")
    with vault.reading() as session:
        return preview_people(session, table, propose_mapping(table, wanted), DAY)


def take(vault: Vault, *rows: Sequence[str]) -> ImportId:
    found = preview(vault, *rows)
    with vault.changing("people imported", "import") as session:
        return import_people(session, found, today=DAY, at=vault.now(), by="Ruth")


def undo(vault: Vault, made: ImportId) -> Undone:
    with vault.changing("import undone", f"import/{made}") as session:
        return undo_import(session, made, at=vault.now())


def everybody(vault: Vault) -> dict[str, Person]:
    with vault.reading() as session:
        return {person.name: person for person in people(session)}


def test_hub_team_and_the_dsls_facts_are_read_from_a_sheet(school: Vault) -> None:
    found = preview(school, RUTH)
    assert [line.fate for line in found.lines] == [Fate.CHANGED]
    for words in ("hub: North, before: blank", "team: Safeguarding", "role: 7.5",
                  "job description seen on: 2 Sep 2026"):  # fmt: skip
        assert words in found.lines[0].why
    take(school, RUTH, TOM)
    known = everybody(school)
    assert known["Ruth Ellery"].details == Details(
        "E3", "Safeguarding", "North", date(2026, 9, 2), 7.5, date(2026, 10, 10)
    )
    assert known["Tom Hurst"].details.team == "Year 3"
    assert {line.fate for line in preview(school, RUTH, TOM).lines} == {Fate.SAME}


def test_a_sheet_leaves_alone_what_it_does_not_say_and_puts_no_date_back(school: Vault) -> None:
    take(school, RUTH)
    older = [*RUTH[:5], "", "", "01/09/2025", "", ""]
    assert [line.fate for line in preview(school, older).lines] == [Fate.SAME]
    moved = [*RUTH[:5], "South", "", "", "", ""]
    found = preview(school, moved)
    assert "hub: South, before: North" in found.lines[0].why
    take(school, moved)
    assert everybody(school)["Ruth Ellery"].details.hub == "South"
    assert everybody(school)["Ruth Ellery"].details.dsl_hours == 7.5


@pytest.mark.parametrize(
    ("place", "value", "why"),
    [
        (8, "61", "between 0 and 60"),
        (8, "a few", "not a number"),
        (7, "29/02/2026", "29 February"),
        (7, "02/09/2027", "lies in the future"),
        (9, "9/30/2026", "month"),
    ],
)
def test_a_detail_that_cannot_be_is_told_by_row(
    school: Vault, place: int, value: str, why: str
) -> None:
    row = [*RUTH]
    row[place] = value
    found = preview(school, TOM, row)
    assert [(line.row, line.fate) for line in found.lines] == [(2, Fate.NEW), (3, Fate.FAULTY)]
    assert why in found.lines[1].why


def test_an_import_of_people_is_undone_as_a_whole(school: Vault) -> None:
    before = everybody(school)
    made = take(school, RUTH, TOM, IMANI_LEAVES)
    assert undo(school, made).words == "the import of staff.csv is undone, 3 people"
    after = everybody(school)
    assert set(after) == set(before)
    assert after["Ruth Ellery"].details == before["Ruth Ellery"].details
    imani, was = after["Imani Cole"], before["Imani Cole"]
    assert (imani.left, imani.roles_on(DAY)) == (None, was.roles_on(DAY))
    assert [line.fate for line in preview(school, RUTH, TOM, IMANI_LEAVES).lines] == [
        Fate.CHANGED, Fate.NEW, Fate.CHANGED,
    ]  # fmt: skip
    with pytest.raises(StateError, match="undone already"):
        undo(school, made)


def test_who_was_changed_or_trained_since_stays(school: Vault) -> None:
    made = take(school, RUTH, TOM, [*TOM[:1], "Cook", *TOM[2:4], "E1", *TOM[5:]], IMANI_LEAVES)
    known = everybody(school)
    with school.changing("later", "x") as session:
        begin_role(session, known["Ruth Ellery"].id, "panel_member", DAY, at=school.now())
        record_training(session, "fgm_awareness", [known["Tom Hurst"].id], DAY, today=DAY)
    undone = undo(school, made)
    assert (undone.taken_back, undone.stays) == (1, 2)
    assert "2 people stay" in undone.words
    after = everybody(school)
    assert after["Ruth Ellery"].details.hub == "North"
    assert "Tom Hurst" in after


def test_an_import_that_everybody_outgrew_is_not_undone(school: Vault) -> None:
    made = take(school, RUTH)
    ruth = everybody(school)["Ruth Ellery"]
    with school.changing("later", "x") as session:
        change_details(session, ruth.id, ruth.name, Details(hub="East"))
    with pytest.raises(StateError, match="Nothing was changed"):
        undo(school, made)
    assert everybody(school)["Ruth Ellery"].details.hub == "East"


def test_undone_on_the_same_day_nothing_is_left_of_whom_it_added(school: Vault) -> None:
    made = take(school, TOM)
    tom = everybody(school)["Tom Hurst"]
    undo(school, made)
    with school.reading() as session:
        tables = SQLModel.metadata.sorted_tables
        rows = [row for table in tables for row in session.connection().execute(table.select())]
    dump = "\n".join(map(str, rows))
    assert "Imani Cole" in dump
    assert tom.id not in dump
    assert "Tom Hurst" not in dump


def test_undone_later_the_counts_of_the_days_between_stay(school: Vault, clock: SetClock) -> None:
    made, then = take(school, TOM), school.now()
    tom = everybody(school)["Tom Hurst"]
    with school.changing("mistake", "x") as session:
        record_training(session, "fgm_awareness", [tom.id], DAY, today=DAY, at=school.now())
    clock.day = date(2026, 12, 1)
    with school.changing("mistake mended", "x") as session:
        record = records_of(session, tom.id)[0]
        withdraw_record(session, record.id, "Not held", at=school.now())
    undo(school, made)
    assert "Tom Hurst" not in everybody(school)
    with school.reading() as session:
        names = {p.name for p in training_matrix(session, DAY, known_at=then).people}
        assert "Tom Hurst" in names
        assert "Tom Hurst" not in {p.name for p in training_matrix(session, DAY).people}
    # The number is free again for somebody else.
    take(school, ["Beth Hurst", "Class teacher", "01/09/2026", "", "E1", "", "", "", "", ""])
    assert everybody(school)["Beth Hurst"].details.staff_number == "E1"
