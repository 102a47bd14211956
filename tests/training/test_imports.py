"""Completions from other systems: previewed, told by row, whole or not at all, undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.school.people import add_person, people
from odbst_desktop.spreadsheets.mapping import ColumnMapping, propose_mapping
from odbst_desktop.spreadsheets.table import read_table
from odbst_desktop.spreadsheets.targets import target
from odbst_desktop.training.catalogue import courses
from odbst_desktop.training.importing import (
    Preview,
    import_completions,
    preview_completions,
)
from odbst_desktop.training.imports import ImportId, imports, undo_import
from odbst_desktop.training.names import LEFT_OUT, keep_meaning, meaning_words
from odbst_desktop.training.previews import Fate
from odbst_desktop.training.recording import Record, correct_record, records_of
from odbst_desktop.training.wide_sheets import as_list
from odbst_desktop.vault.vault import Vault
from tests.spreadsheets.builders import a_csv, a_workbook

TODAY = date(2026, 11, 24)
HEADER = ["Employee", "Course title", "Completed", "Expiry date"]
SOUND = [["Ruth Ellery", "Prevent duty", "02/09/2026", "02/09/2028"],
         ["Imani Cole", "Prevent duty", "03/09/2026", ""],
         ["Marsh, Peter", "Safer Recruitment Training", "01/02/2026", ""]]  # fmt: skip


def preview(
    vault: Vault, data: bytes, *, change: Callable[[ColumnMapping], ColumnMapping] | None = None
) -> Preview:
    table, wanted = read_table(data, "smartlog.csv"), target("completions")
    mapping = propose_mapping(table, wanted)
    with vault.reading() as session:
        return preview_completions(session, table, change(mapping) if change else mapping, TODAY)


def rows(*content: Sequence[str]) -> bytes:
    return a_csv([HEADER, *content])


def take(vault: Vault, found: Preview, *, leave_out: bool = False) -> ImportId:
    with vault.changing("training imported", "import") as session:
        return import_completions(
            session, found, at=vault.now(), by="Ruth Ellery", leave_out_doubtful=leave_out
        )


def standing(vault: Vault, name: str) -> list[Record]:
    with vault.reading() as session:
        person = next(p for p in people(session) if p.name == name)
        return [record for record in records_of(session, person.id) if record.is_current]


def test_an_import_again_adds_nothing(school: Vault) -> None:
    found = preview(school, rows(*SOUND))
    assert [line.fate for line in found.lines] == [Fate.NEW] * 3
    take(school, found)
    assert [r.course for r in standing(school, "Peter Marsh")] == ["safer_recruitment"]
    assert standing(school, "Ruth Ellery")[0].expires_on == date(2028, 9, 2)
    again = preview(school, rows(*SOUND))
    assert {line.fate for line in again.lines} == {Fate.SAME}
    with pytest.raises(InputError, match="nothing new"):
        take(school, again)


def test_a_changed_end_is_shown_and_corrects_the_record(school: Vault) -> None:
    take(school, preview(school, rows(*SOUND)))
    other = rows(["Ruth Ellery", "Prevent duty", "02/09/2026", "02/09/2027"])
    found = preview(school, other)
    assert [line.fate for line in found.lines] == [Fate.CHANGED]
    assert "2 Sep 2028" in found.lines[0].why
    take(school, found)
    assert [r.expires_on for r in standing(school, "Ruth Ellery")] == [date(2027, 9, 2)]


def test_bad_rows_are_told_by_number_and_nothing_is_half_imported(school: Vault) -> None:
    found = preview(
        school,
        rows(
            ["Ruth Ellery", "Prevent duty", "02/09/2026", "01/09/2025"],
            ["Ruth Ellery", "Prevent duty", "29/02/2026", ""],
            ["Ruth Ellery", "Prevent duty", "02/09/2027", ""],
            ["Nobody Known", "Prevent duty", "02/09/2026", ""],
            ["Ruth Ellery", "Juggling", "02/09/2026", ""],
            ["Imani Cole", "Prevent duty", "02/09/2026", ""],
            ["Imani Cole", "Prevent", "02/09/2026", ""],
        ),
    )
    assert [(line.row, line.fate) for line in found.lines] == [
        (2, Fate.FAULTY), (3, Fate.FAULTY), (4, Fate.FAULTY), (5, Fate.NO_PERSON),
        (6, Fate.NO_COURSE), (7, Fate.NEW), (8, Fate.FAULTY),
    ]  # fmt: skip
    whys = [line.why for line in found.lines]
    for words, why in zip(
        ("before the day of completion", "no 29 February", "future", "nobody here", "choose",
         "", "row 7 already"), whys, strict=True,
    ):  # fmt: skip
        assert words in why
    with pytest.raises(InputError, match="6 of 7 rows"):
        take(school, found)
    assert standing(school, "Imani Cole") == []
    take(school, found, leave_out=True)
    assert len(standing(school, "Imani Cole")) == 1


def test_months_before_days_are_named_and_not_guessed(school: Vault) -> None:
    data = rows(
        ["Ruth Ellery", "Prevent duty", "9/30/2026", ""],
        ["Imani Cole", "Prevent duty", "9/2/2026", ""],
    )
    found = preview(school, data)
    assert {line.fate for line in found.lines} == {Fate.FAULTY}
    assert found.month_first_fields == ("completed_on",)
    chosen = preview(
        school, data, change=lambda mapping: mapping.with_choice("completed_on", "month_first")
    )
    assert [line.completed_on for line in chosen.lines] == [date(2026, 9, 30), date(2026, 9, 2)]


def test_unknown_words_are_chosen_once_and_remembered(school: Vault) -> None:
    data = rows(
        ["Bob Ellery", "Juggling", "02/09/2026", ""], ["Ruth Ellery", "Kayaks", "02/09/2026", ""]
    )
    found = preview(school, data)
    assert found.unknown_courses == ("Juggling", "Kayaks")
    with school.changing("choices", "import") as session:
        ruth = next(p for p in people(session) if p.name == "Ruth Ellery")
        keep_meaning(session, "course", "juggling", "prevent_awareness")
        keep_meaning(session, "course", "kayaks", LEFT_OUT)
        keep_meaning(session, "person", meaning_words("Bob Ellery"), ruth.id)
    found = preview(school, data)
    assert [line.fate for line in found.lines] == [Fate.NEW, Fate.LEFT_OUT]
    take(school, found)
    assert [r.course for r in standing(school, "Ruth Ellery")] == ["prevent_awareness"]


def test_namesakes_are_told_apart_or_asked_about(school: Vault) -> None:
    with school.changing("people", "people") as session:
        add_person(session, "Ruth Ellery", ["office"], TODAY, is_namesake=True)
    found = preview(school, rows(SOUND[0], ["R. Ellery", "Prevent duty", "02/09/2026", ""]))
    assert [line.fate for line in found.lines] == [Fate.NO_PERSON, Fate.NO_PERSON]
    assert "2 people have this name" in found.lines[0].why
    assert len(found.lines[0].candidates) == 2
    assert len(found.lines[1].candidates) == 2


def test_an_import_is_undone_as_a_whole(school: Vault) -> None:
    take(school, preview(school, rows(SOUND[0])))
    second = take(
        school,
        preview(
            school, rows(["Ruth Ellery", "Prevent duty", "02/09/2026", "02/09/2027"], *SOUND[1:])
        ),
    )
    with school.changing("import undone", f"import/{second}") as session:
        assert undo_import(session, second, at=school.now()).taken_back == 3
    assert [r.expires_on for r in standing(school, "Ruth Ellery")] == [date(2028, 9, 2)]
    assert standing(school, "Imani Cole") == []
    with school.changing("import undone", f"import/{second}") as session:
        with pytest.raises(StateError, match="undone already"):
            undo_import(session, second, at=school.now())
        assert [bool(made.undone_at) for made in imports(session)].count(True) == 1
    assert [line.fate for line in preview(school, rows(SOUND[1])).lines] == [Fate.NEW]


def test_what_was_corrected_by_hand_outlives_the_undoing(school: Vault) -> None:
    made = take(school, preview(school, rows(SOUND[0])))
    record = standing(school, "Ruth Ellery")[0]
    with school.changing("corrected", "record") as session:
        correct_record(
            session, record.id, completed_on=date(2026, 9, 4), expires_on=None, provider="",
            reason="The certificate says so", today=TODAY, at=school.now(),
        )  # fmt: skip
        undone = undo_import(session, made, at=school.now())
    assert (undone.taken_back, undone.stays) == (0, 1)
    assert [r.completed_on for r in standing(school, "Ruth Ellery")] == [date(2026, 9, 4)]


def test_fifty_thousand_rows_are_imported_at_once(school: Vault) -> None:
    names = ["Ruth Ellery", "Peter Marsh", "Imani Cole"]
    courses = ["Prevent", "FGM", "GDPR", "Cyber security"]
    first = date(1990, 1, 1).toordinal()
    content = [
        [names[n % 3], courses[n // 3 % 4], date.fromordinal(first + n // 12)]
        for n in range(50_000)
    ]
    data = a_csv([HEADER[:3], *([a, b, f"{c:%d/%m/%Y}"] for a, b, c in content)])
    found = preview(school, data)
    assert found.count(Fate.NEW) == 50_000
    take(school, found)
    assert sum(len(standing(school, name)) for name in names) == 50_000


def test_a_workbook_is_read_as_well(school: Vault) -> None:
    data = a_workbook([["Training log"], HEADER, ["Imani Cole", "Prevent", date(2026, 9, 2), None]])
    table, wanted = read_table(data, "log.xlsx"), target("completions")
    with school.reading() as session:
        found = preview_completions(session, table, propose_mapping(table, wanted), TODAY)
    assert [(line.row, line.fate) for line in found.lines] == [(3, Fate.NEW)]


def test_a_sheet_with_a_column_for_each_course_is_made_into_a_list(school: Vault) -> None:
    data = a_workbook([
        ["Staff training"],
        ["Name", "Role", "Start date", "Prevent", "GDPR", "Kayaking", "Notes"],
        ["Ruth Ellery", "DSL", date(2024, 9, 1), date(2026, 9, 2), None, date(2026, 5, 1), "x"],
        ["Imani Cole", "TA", date(2024, 9, 1), "29/02/2026", date(2026, 9, 3), None, ""],
    ])  # fmt: skip
    table, wanted = as_list(read_table(data, "staff.xlsx"), courses()), target("completions")
    assert table.columns == ("Name", "Role", "Start date", "Notes", "Course", "Completed on")
    with school.reading() as session:
        found = preview_completions(session, table, propose_mapping(table, wanted), TODAY)
    assert [(line.row, line.fate, line.course_words) for line in found.lines] == [
        (3, Fate.NEW, "Prevent"), (3, Fate.NO_COURSE, "Kayaking"),
        (4, Fate.NEW, "GDPR"), (4, Fate.FAULTY, ""),
    ]  # fmt: skip
    long = read_table(rows(*SOUND), "list.csv")
    assert as_list(long, courses()) is long


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Ruth Ellery", "Imani Cole", "peter MARSH", "Tolley, Grace"]),
            st.sampled_from(["Prevent", "GDPR", "FGM", "KCSIE part 1"]),
            st.dates(date(2020, 1, 1), TODAY),
            st.one_of(st.none(), st.integers(0, 1500)),
        ),
        min_size=1, max_size=12,
    )
)  # fmt: skip
def test_any_sheet_again_changes_nothing_and_undone_leaves_nothing(
    school: Vault, content: list[tuple[str, str, date, int | None]]
) -> None:
    data = rows(
        *(
            [name, known, f"{day:%d/%m/%Y}",
             f"{date.fromordinal(day.toordinal() + ends):%d/%m/%Y}" if ends is not None else ""]
            for name, known, day, ends in content
        )
    )  # fmt: skip
    table, wanted = read_table(data, "any.csv"), target("completions")
    mapping = propose_mapping(table, wanted)
    with school.reading() as session:  # what is written here is rolled back
        before = {p.id: records_of(session, p.id) for p in people(session)}
        first = preview_completions(session, table, mapping, TODAY)
        made = import_completions(session, first, at="2026-11-24T15:30:00Z", by="Ruth",
                                  leave_out_doubtful=True)  # fmt: skip
        again = preview_completions(session, table, mapping, TODAY)
        assert again.count(Fate.SAME) == len(first.taken)
        assert not again.taken
        undo_import(session, made, at="2026-11-24T15:31:00Z")
        for person, records in before.items():
            now = [r for r in records_of(session, person) if r.is_current]
            assert now == [r for r in records if r.is_current]
