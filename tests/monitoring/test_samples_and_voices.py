"""The sample that anybody can draw again, staff scored, children counted and not told apart."""

from __future__ import annotations

import hashlib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.monitoring.checklists import visit_form
from odbst_desktop.monitoring.pupil_voice import place_feelings, told_cells, voice
from odbst_desktop.monitoring.sample import (
    draw_rows,
    new_seed,
    sample_is_as_drawn,
    sampled,
    with_new_sample,
)
from odbst_desktop.monitoring.staff_voice import (
    by_question,
    by_role,
    staff_faults,
    staff_questions,
    weakest,
)


@given(st.text("0123456789ABCDEF-", min_size=1, max_size=9), st.integers(0, 300))
def test_anybody_can_draw_the_sample_again_from_its_seed(seed: str, entries: int) -> None:
    drawn = draw_rows(seed, entries)
    # By hand, as the report says: the rows whose SHA-256 of SEED:ROW is smallest.
    hashes = {
        row: hashlib.sha256(f"{seed}:{row}".encode()).hexdigest() for row in range(1, entries + 1)
    }
    assert list(drawn) == sorted(sorted(hashes, key=lambda row: hashes[row])[:10])
    assert len(drawn) == min(entries, 10)


def test_each_row_is_as_likely_as_another() -> None:
    counts = dict.fromkeys(range(1, 31), 0)
    for number in range(3000):
        for row in draw_rows(f"seed-{number}", 30):
            counts[row] += 1
    assert all(850 < count < 1150 for count in counts.values())


def test_drawing_again_keeps_what_was_noted_of_a_row_that_stays() -> None:
    first = with_new_sample({"entries_total": 12}, "AAAA-0001")
    for row in first["sampled_rows"]:
        row["row_role"] = "teacher"
    again = with_new_sample({**first, "entries_total": 12}, "AAAA-0002")
    kept = [row for row in again["sampled_rows"] if row.get("row_role")]
    assert kept
    assert sample_is_as_drawn(again)
    again["sampled_rows"][0]["row_number"] = 99
    assert not sample_is_as_drawn(again)
    assert len(new_seed()) == 9


def test_gaps_of_the_sample_are_counted() -> None:
    rows = [{"row_result": r} for r in ("complete", "put_right", "gap", "serious")]
    counted = sampled({"sampled_rows": rows})
    assert (counted.rows, counted.with_gap, counted.gaps_left, counted.serious) == (4, 3, 2, 1)


def test_staff_are_scored_by_question_and_by_role() -> None:
    form = visit_form("staff_understanding")
    names = [question.name for question in staff_questions(form)]
    all_right = dict.fromkeys(names, "yes")
    rows: list[dict[str, Any]] = [
        {"asked_role": "teacher", **all_right},
        {"asked_role": "teacher", **all_right, names[1]: "partly"},
        {"asked_role": "office", **all_right, names[1]: "no", names[2]: "not_asked"},
    ]
    questions = by_question(form, rows)
    assert (questions[0].knew, questions[0].asked, questions[0].share) == (3, 3, 1.0)
    assert (questions[1].knew, questions[1].partly, questions[1].share) == (1, 1, 0.5)
    assert questions[2].asked == 2
    assert [s.words for s in weakest(questions)] == ["A worry about a child"]
    roles = {score.words: score for score in by_role(form, rows)}
    assert set(roles) == {"Teacher", "Office"}
    assert roles["Office"].share == 12 / 13
    assert "5 members of staff" in staff_faults(rows)[0]
    five = [{"asked_role": "teacher", **all_right}] * 5
    assert "different roles" in staff_faults(five)[0]
    assert staff_faults([*five[1:], {"asked_role": "site", **all_right}]) == ()


def test_places_are_added_up_and_the_most_worrying_comes_first() -> None:
    answers = {
        "groups": [{"age": "ks1", "children": 6, "group_safe": 5}],
        "felt": [
            {"felt_place": "classroom", "felt_safe": 6},
            {"felt_place": "toilets", "felt_safe": 1, "felt_unsafe": 3},
            {"felt_place": "toilets", "felt_unsure": 2},
        ],
    }
    heard = voice(answers)
    assert [(p.place, p.safe, p.unsure, p.unsafe) for p in heard.places] == [
        ("toilets", 1, 2, 3), ("classroom", 6, 0, 0),
    ]  # fmt: skip
    summed = place_feelings([heard, heard])
    assert (summed[0].place, summed[0].unsafe, summed[0].label) == ("toilets", 6, "Toilets")


@given(st.lists(st.integers(0, 40), min_size=2, max_size=4))
def test_a_small_count_cannot_be_worked_out_from_the_others(counts: list[int]) -> None:
    shown = told_cells(counts)
    for count, words in zip(counts, shown, strict=True):
        assert not (1 <= count <= 4 and words == str(count))
    hidden = [words for words in shown if not words.isdigit()]
    assert len(hidden) != 1
