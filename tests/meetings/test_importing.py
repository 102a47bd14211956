"""Exports are counted and forgotten: every row accounted for, nothing twice, no name kept."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from odbst_desktop.errors import InputError
from odbst_desktop.form_engine.answers import check_types
from odbst_desktop.meetings.importing import (
    CountedFile,
    Days,
    count_file,
    days_taken,
    usual_days,
    with_counts,
)
from odbst_desktop.meetings.log import (
    close_meeting,
    meeting_form,
    read_meeting,
    save_meeting,
    start_meeting,
)
from odbst_desktop.meetings.minutes import minutes
from odbst_desktop.meetings.placing import NOT_COUNTED, keep_placing, read_placing
from odbst_desktop.meetings.recent import Spot, counted
from odbst_desktop.spreadsheets.entries import read_entries
from odbst_desktop.spreadsheets.errors import SheetError
from odbst_desktop.spreadsheets.mapping import keep_mapping, propose_mapping, remembered_mapping
from odbst_desktop.spreadsheets.table import read_table
from odbst_desktop.spreadsheets.targets import target
from odbst_desktop.vault.vault import Vault

WEEK = Days(date(2026, 11, 18), date(2026, 11, 24))
HEAD = "Student,Date,Time,Main Category,Location,Incident\n"
ROWS = (
    "Zebedee Quokka,18/11/2026,12:35,Bullying,Playground,Zebedee said a word\n"
    "Zebedee Quokka,19/11/2026,08:50,Neglect,Classroom,Came late\n"
    'Wilhelmina Xu,20/11/2026,12:10,"Bullying, Online safety",Playground,Two at once\n'
    "Wilhelmina Xu,21/11/2026,11:00,Neglect,Home,A Saturday\n"
    "Ottoline Featherstone,02/11/2026,09:10,Neglect,Classroom,Too early\n"
    "Ottoline Featherstone,23/11/2026,09:10,Worry box,Shed,Not known here\n"
    "Ottoline Featherstone,31/11/2026,09:10,Neglect,Classroom,No such day\n"
)
NAMES = ("Zebedee", "Quokka", "Wilhelmina", "Ottoline", "Featherstone", "Worry box", "said a word")


def read(
    vault: Vault, content: str, kind: str = "cpoms", days: Days = WEEK, **more: Any
) -> CountedFile:
    table = read_table(content.encode(more.pop("encoding", "utf-8")), "export.csv")
    mapping = propose_mapping(table, target(kind))
    with vault.reading() as session:
        placing = read_placing(session)
    entries = read_entries(table, target(kind), mapping)
    return count_file(kind, entries, days, placing, **more)


def test_every_row_is_accounted_for(school: Vault) -> None:
    file = read(school, HEAD + ROWS)
    assert file.counts == {
        Spot("bullying_general", "playground_main", "lunch"): 2,
        Spot("neglect", "classroom", "registration"): 1,
        Spot("neglect", "home", "weekend"): 1,
    }
    said = " ".join(file.account())
    for words in (
        "7 rows read; 4 counted",
        "1 lie outside 18 Nov 2026 to 24 Nov 2026",
        "1 name several categories",
        "1 have a category that is not known here",
        "1 could not be read: Row 8, Date",
    ):
        assert words in said
    assert file.unplaced["category", "Worry box"] == 1


def test_importing_again_replaces_and_leaves_what_was_typed(school: Vault) -> None:
    typed = {"concerns": [{"category": "neglect", "count": 2, "place": "classroom",
                           "time": "registration"}]}  # fmt: skip
    once = with_counts(typed, read(school, HEAD + ROWS))
    assert sum(counted(once["concerns"]).values()) == 6
    again = with_counts(once, read(school, HEAD + ROWS))
    assert counted(again["concerns"]) == counted(once["concerns"])
    fewer = with_counts(again, read(school, HEAD + ROWS.splitlines()[0] + "\n"))
    assert counted(fewer["concerns"]) == {
        Spot("neglect", "classroom", "registration"): 2,
        Spot("bullying_general", "playground_main", "lunch"): 1,
    }
    with school.reading() as session:
        assert check_types(meeting_form(session), fewer) == ()


def test_only_part_of_days_counted_before_is_refused(school: Vault) -> None:
    once = with_counts({}, read(school, HEAD + ROWS))
    part = Days(date(2026, 11, 20), date(2026, 11, 27))
    with pytest.raises(InputError, match="18 Nov 2026 to 24 Nov 2026 were counted"):
        with_counts(once, read(school, HEAD + ROWS, days=part))


def test_days_of_another_meeting_are_left_to_it(school: Vault, clock: Any) -> None:
    first = start_meeting(school)
    answers = {**first.answers, "key_concerns": "None."}
    save_meeting(school, first.id, with_counts(answers, read(school, HEAD + ROWS)))
    close_meeting(school, first.id)
    clock.day = date(2026, 12, 1)
    second = start_meeting(school)
    with school.reading() as session:
        taken = days_taken(session, second, "cpoms")
        assert usual_days(session, second) == Days(date(2026, 11, 25), date(2026, 12, 1))
    longer = Days(date(2026, 11, 16), date(2026, 12, 1))
    file = read(school, HEAD + ROWS, days=longer, taken=taken)
    assert file.total == 0
    assert "lie on days that another meeting has counted" in " ".join(file.account())
    with pytest.raises(InputError, match="Nothing in this file"):
        with_counts({}, file)


def test_own_words_are_placed_once_and_remembered(school: Vault) -> None:
    with school.changing("word placed", "list") as session:
        keep_placing(session, "category", "WORRY  box", "welfare_general")
        keep_placing(session, "place", "Shed", NOT_COUNTED)
        keep_placing(session, "category", "Bullying", NOT_COUNTED)
    file = read(school, HEAD + ROWS)
    assert file.counts[Spot("welfare_general", "", "lesson_am_1")] == 1
    assert (file.left_out, file.unplaced) == (1, {})


def test_columns_are_remembered(school: Vault) -> None:
    table = read_table((HEAD + ROWS).encode(), "export.csv")
    chosen = propose_mapping(table, target("cpoms")).with_column("place", "")
    with school.changing("columns remembered", "import") as session:
        keep_mapping(session, table, chosen)
    with school.reading() as session:
        assert remembered_mapping(session, table, target("cpoms")) == chosen


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_exports_are_read(school: Vault, encoding: str) -> None:
    content = HEAD + "Zoë,18/11/2026,12:35,Bullying,Playground,Café\n"
    assert read(school, content, encoding=encoding).total == 1


def test_what_is_no_table_is_refused(school: Vault) -> None:
    with pytest.raises(SheetError):
        read(school, "\x00\x01\x02 not a table")
    with pytest.raises(InputError, match="first day lies after"):
        read(school, HEAD + ROWS, days=Days(WEEK.last, WEEK.first))
    with pytest.raises(InputError, match="more than a term"):
        read(school, HEAD + ROWS, days=Days(date(2025, 1, 1), WEEK.last))


def test_a_hundred_thousand_rows_are_counted(school: Vault) -> None:
    rows = "A B,18/11/2026,12:35,Bullying,Playground,x\n" * 99_999
    assert read(school, HEAD + rows).total == 99_999


def test_behaviour_summary_gives_a_figure_and_where(school: Vault) -> None:
    content = (
        "Pupil,Event date,Location,Period,Count\n"
        "Zebedee Quokka,18/11/2026,Playground,Lunch,12\nWilhelmina,19/11/2026,Corridor,Break,3\n"
    )
    answers = with_counts({"behaviour_link": "Looked at."}, read(school, content, "behaviour"))
    assert answers["behaviour_incidents"] == 15
    assert answers["behaviour_link"] == (
        "From Bromcom: 15 incidents; most at Playground, Lunchtime: 12; Corridor or stairs, "
        "Morning break: 3.\nLooked at."
    )
    again = with_counts(answers, read(school, content, "behaviour"))
    assert again["behaviour_link"] == answers["behaviour_link"]


def test_attendance_summary_gives_counts_only(school: Vault) -> None:
    content = (
        "Pupil name,Possible,Attended\nZebedee,100,95\nWilhelmina,100,88\nOttoline,100,45\n"
        "Pym,100,120\n"
    )
    file = read(school, content, "attendance")
    assert dict(file.figures) == {
        "persistent_absentees": 2, "severe_absentees": 1, "attendance_pct": 76.0,
    }  # fmt: skip
    assert "Row 5" in " ".join(file.account())
    shares = read(school, "Pupil,Attendance %\nZ,95.5%\nW,88\nX,high\n", "attendance")
    assert shares.figures["persistent_absentees"] == 1


def test_no_name_of_a_file_reaches_any_file(
    school: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = tmp_path / "temporary"
    private.mkdir()
    monkeypatch.setenv("TMPDIR", str(private))
    monkeypatch.setattr(tempfile, "tempdir", str(private))
    meeting = start_meeting(school)
    table = read_table((HEAD + ROWS).encode(), "export of Zebedee.csv")
    mapping = propose_mapping(table, target("cpoms"))
    with school.changing("word placed", "list") as session:
        keep_placing(session, "category", "Worry box", "welfare_general")
        keep_mapping(session, table, mapping)
    answers = with_counts(meeting.answers, read(school, HEAD + ROWS))
    save_meeting(school, meeting.id, {**answers, "key_concerns": "None."})
    close_meeting(school, meeting.id)
    minutes(school, meeting.id).pdf()
    stored = str(read_meeting(school, meeting.id))
    with school.reading() as session:
        tables = session.execute(text("SELECT name FROM sqlite_master WHERE type='table'")).all()
        dump = "\n".join(
            str(session.execute(text(f'SELECT * FROM "{table}"')).all()) for (table,) in tables
        )
    assert "neglect" in dump
    for name in NAMES:
        assert name.casefold() not in stored.casefold()
        assert name.casefold() not in dump.casefold()
        for path in tmp_path.rglob("*"):
            if path.is_file():
                assert name.encode() not in path.read_bytes(), path
                assert name not in path.name


SPOTS = st.builds(
    Spot, st.sampled_from(["neglect", "self_harm"]), st.sampled_from(["", "home"]), st.just("")
)
COUNTS = st.dictionaries(SPOTS, st.integers(1, 9), min_size=1)


@given(COUNTS, COUNTS, st.dictionaries(SPOTS, st.integers(1, 9)))
def test_the_last_import_counts_and_typed_counts_stay(
    first: dict[Spot, int], second: dict[Spot, int], typed: dict[Spot, int]
) -> None:
    rows = [{"category": s.category, "place": s.place, "count": n} for s, n in typed.items()]
    answers: dict[str, Any] = {"concerns": rows}
    for counts in (first, second, second):
        answers = with_counts(answers, CountedFile("cpoms", WEEK, Counter(counts)))
    assert counted(answers["concerns"]) == Counter(typed) + Counter(second)
