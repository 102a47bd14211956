"""What is found about an adult or under a reference, and what the export masks."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from odbst_desktop.errors import InputError
from odbst_desktop.meetings.log import Meeting, save_meeting, start_meeting
from odbst_desktop.retention.masking import Adult, Mask
from odbst_desktop.retention.passages import Line, Passage
from odbst_desktop.retention.sought import reference_sought
from odbst_desktop.retention.subject import find_person, find_reference
from odbst_desktop.retention.subject_export import COLUMNS, NOTICE, export_found
from odbst_desktop.school.people import people
from odbst_desktop.training.recording import record_training
from odbst_desktop.vault.vault import Vault

Hold = Callable[..., Meeting]
DAY = date(2026, 10, 5)


def said(text: str) -> Passage:
    return Passage("", (Line("Why", text, "reason", (text,)),))


@pytest.fixture
def filled(school: Vault, clock: Any) -> Vault:
    """Return a school with a meeting that names children, adults and a telephone number."""
    clock.day = DAY
    meeting = start_meeting(school)
    save_meeting(
        school,
        meeting.id,
        {
            **meeting.answers,
            "children": [
                {
                    "reference": "C1042",
                    "reason": "With C2001; Imani Cole saw it, rang 01296 555123",
                },
                {"reference": "C1042/B", "reason": "Another file"},
                {"reference": "C2001", "reason": "Alone"},
            ],
            "key_concerns": "c1042 and Mrs Cole spoke; C10421 did not. Late again: C2001.",
        },
    )
    with school.changing("training recorded", "training") as session:
        who = next(p for p in people(session) if p.name == "Imani Cole")
        record_training(session, "kcsie_read_part1", [who.id], DAY, today=DAY)
    return school


@pytest.mark.parametrize(
    ("text", "is_said", "may_be"),
    [
        ("C1042", True, False),
        ("about c1042, again", True, False),
        ("C1042.", True, False),
        ("(C1042)", True, False),
        ("C10421", False, False),
        ("XC1042", False, False),
        ("C1042/B", False, True),
        ("A-C1042", False, True),
        ("C1042-", True, False),
    ],
)
def test_a_reference_is_found_whole(text: str, is_said: bool, may_be: bool) -> None:
    sought = reference_sought("C1042")
    assert sought.is_said_in(said(text)) is is_said
    assert (not is_said and sought.may_be_said_in(said(text))) is may_be


TOKENS = st.from_regex(r"[A-Z]{1,2}[0-9]{2,6}", fullmatch=True)


@given(sought=TOKENS, other=TOKENS, before=st.sampled_from(["", "about ", "(", "x: "]))
def test_one_reference_is_never_taken_for_another(sought: str, other: str, before: str) -> None:
    found = reference_sought(sought).is_said_in(said(f"{before}{other}, again"))
    assert found is (sought == other)


@pytest.mark.parametrize("typed", ["", "C", "Anna", "C 1042", "C1042; DROP", "a" * 21 + "1"])
def test_what_is_no_reference_is_refused(filled: Vault, typed: str) -> None:
    with pytest.raises(InputError, match="does not look like a CPOMS reference"):
        find_reference(filled, typed)


def test_a_reference_is_found_where_it_stands(filled: Vault) -> None:
    found = find_reference(filled, "C1042")
    assert [(f.record_words, f.passage.place) for f in found.certain()] == [
        ("Weekly DSL meeting, 5 Oct 2026", "Children to discuss, line 1"),
        ("Weekly DSL meeting, 5 Oct 2026", "Key concerns and trends"),
    ]
    assert found.certain()[0].text.startswith("CPOMS reference: C1042; Why: With C2001")
    assert [f.passage.place for f in found.uncertain()] == ["Children to discuss, line 2"]


def test_a_person_is_found_in_every_part(filled: Vault) -> None:
    found = find_person(filled, "imani  cole")
    places = {finding.kind for finding in found.certain()}
    assert places == {"Weekly DSL meeting", "Training record", "In the list of people", "Roles"}
    texts = " ".join(finding.text for finding in found.certain())
    assert "Role: Teaching assistant; From: 1 Sep 2024" in texts
    assert "Completed on: 5 Oct 2026" in texts
    assert "Mrs Cole spoke" in texts


def test_a_dsl_is_found_as_chair_owner_and_user(school: Vault, hold_meeting: Hold) -> None:
    hold_meeting(DAY)
    found = find_person(school, "Ruth Ellery")
    labels = {line.label for f in found.certain() for line in f.passage.lines}
    assert {"Chair", "Present", "Closed by", "Owner", "Signs as"} <= labels
    assert found.changes == len(school.audit_entries())


def test_the_export_masks_everybody_else_and_counts_them(filled: Vault) -> None:
    made = export_found(filled, find_reference(filled, "C1042"))
    rows = list(csv.reader(io.StringIO(made.csv.decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    words = " ".join(row[-1] for row in rows[1:])
    assert "C1042" in words
    for hidden in ("C2001", "Imani", "Cole", "01296"):
        assert hidden not in words, hidden
    assert "[I.C., Teaching assistant] saw it" in words
    assert made.masked == {"reference": 3, "adult": 2, "other": 1}
    reader = PdfReader(io.BytesIO(made.paper.pdf()))
    text = " ".join("\n".join(page.extract_text() for page in reader.pages).split())
    assert NOTICE.replace("’", "'") in text.replace("’", "'")
    for hidden in ("C2001", "Imani", "01296", "Another file"):
        assert hidden not in text, hidden
    assert reader.metadata is not None
    assert reader.metadata.title == "What is held: for the data protection officer"
    assert reader.outline, "it has bookmarks"


def test_the_export_about_an_adult_masks_children_and_colleagues(
    school: Vault, hold_meeting: Hold
) -> None:
    hold_meeting(DAY, words="Spoken of with Ruth Ellery and Peter Marsh")
    made = export_found(school, find_person(school, "Peter Marsh"))
    words = made.csv.decode("utf-8-sig")
    assert "Peter Marsh" in words
    assert "C1042" not in words
    assert "Ellery" not in words
    assert "[R.E., Designated safeguarding lead]" in words


def test_the_history_has_the_export_but_not_about_whom(filled: Vault) -> None:
    export_found(filled, find_reference(filled, "C1042"))
    export_found(filled, find_person(filled, "Imani Cole"))
    entries = filled.audit_entries()[-2:]
    assert [(e.what, e.record) for e in entries] == [
        ("subject access export", "subject/reference"),
        ("subject access export", "subject/person"),
    ]


def test_nothing_held_is_said_as_such(filled: Vault) -> None:
    found = find_reference(filled, "Z9999")
    assert found.findings == ()
    made = export_found(filled, found)
    assert made.passages == 0
    assert "Nothing was found." in str(made.paper.blocks)


def test_no_cell_is_taken_for_a_formula(filled: Vault, clock: Any) -> None:
    meeting = start_meeting(filled)
    rows = [{"reference": "C1042", "reason": "=HYPERLINK(1)"}]
    save_meeting(filled, meeting.id, {**meeting.answers, "children": rows})
    words = export_found(filled, find_reference(filled, "C1042")).csv.decode("utf-8-sig")
    assert ',"\'=HYPERLINK(1)"' in words


@given(
    text=st.lists(
        st.sampled_from(
            ["C1042", "C2001", "D77123", "Ruth", "Ellery", "Ruth Ellery", "Mrs Ellery", "and", ",",
             "late", "0", "2026", "\U000f0001"]
        ),
        max_size=12,
    ).map(" ".join)
)  # fmt: skip
def test_masking_leaves_the_sought_and_nobody_else(text: str) -> None:
    adults = [Adult("Ruth Ellery", "R.E.", "Designated safeguarding lead")]
    mask = Mask(reference_sought("C1042"), ["C2001"], adults)
    masked = mask.text(text)
    assert masked.count("C1042") == text.count("C1042")
    for hidden in ("C2001", "D77123", "Ruth", "Ellery"):
        assert hidden not in masked
    assert mask.counts["reference"] == text.split().count("C2001") + text.split().count("D77123")
