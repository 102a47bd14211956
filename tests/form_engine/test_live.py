"""A change is carried through the form: the same as if everything were reckoned anew."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.form_engine.answers import check_types, cleaned, evaluate, is_blank, state_of
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.errors import FormDefinitionError
from odbst_desktop.form_engine.live import LiveForm
from odbst_desktop.form_engine.reading import form_from
from odbst_desktop.form_engine.standing import Standing
from odbst_desktop.form_engine.starting import quoting, starting_answers

YES_NO = [{"name": "yes", "label": "Yes"}, {"name": "no", "label": "No"}]
ORDER: dict[str, Any] = {
    "form_id": "order",
    "version": "1",
    "title": "Order",
    "choices": {
        "yn": YES_NO,
        "areas": [{"name": "north", "label": "North"}, {"name": "south", "label": "South"}],
        "towns": [
            {"name": "ely", "label": "Ely", "area": "north"},
            {"name": "rye", "label": "Rye", "area": "south"},
        ],
    },
    "survey": [
        {"type": "select_one yn", "name": "open", "label": "Open?", "default": "yes"},
        {"type": "begin_group", "name": "inner", "label": "Inner", "relevant": "${open} = 'yes'"},
        {"type": "begin_repeat", "name": "lines", "label": "Lines"},
        {"type": "text", "name": "what", "label": "What", "required": "yes"},
        {"type": "begin_group", "name": "money", "label": "Money", "relevant": "${what} != ''"},
        {"type": "integer", "name": "amount", "label": "Amount",
         "constraint": ". <= ${most} and . > 0"},
        {"type": "decimal", "name": "share", "label": "Share",
         "calculation": "round(${amount} div ${total}, 2)"},
        {"type": "end_group"},
        {"type": "calculate", "name": "number", "label": "", "calculation": "position(..)"},
        {"type": "end_repeat"},
        {"type": "calculate", "name": "total", "label": "", "calculation": "sum(${amount})"},
        {"type": "end_group"},
        {"type": "integer", "name": "most", "label": "Most", "default": "50"},
        {"type": "select_one areas", "name": "area", "label": "Area"},
        {"type": "select_one towns", "name": "town", "label": "Town", "choice_filter":
         "area = ${area}"},
        {"type": "date", "name": "on", "label": "On", "default": "today()"},
        {"type": "note", "name": "said", "label": "You asked for ${total} in ${town}."},
    ],
    "rules": [
        {"id": "total", "left": "${total}", "operator": "<=", "right": "2 * ${most}",
         "severity": "warning", "message": "Much."},
    ],
}  # fmt: skip


FORM = form_from(ORDER, "order")


@pytest.fixture
def form() -> Form:
    return FORM


LINES = [{"what": "chalk", "amount": 30}, {"what": "", "amount": 99}, {"what": "ink", "amount": 10}]


def test_rows_are_reckoned_with_what_lies_outside_them(form: Form) -> None:
    state = evaluate(form, {"open": "yes", "lines": LINES, "most": 50})
    assert state.values["total"] == 40
    assert [row.get("share") for row in state.values["lines"]] == [0.75, None, 0.25]
    assert [row["number"] for row in state.values["lines"]] == [1, 2, 3]
    assert (1, "amount") in state.hidden
    assert [(p.field, p.row, p.rule) for p in state.problems] == [("what", 1, "required")]
    state = evaluate(form, {"open": "yes", "lines": LINES, "most": 15})
    found = {(p.field, p.row, p.rule) for p in state.problems}
    assert found == {("what", 1, "required"), ("amount", 0, "constraint"), ("total", None, "total")}


def test_what_is_not_relevant_is_not_sent(form: Form) -> None:
    sent = cleaned(form, {"open": "yes", "lines": LINES, "most": 50})
    assert "amount" not in sent["lines"][1]
    assert "lines" not in cleaned(form, {"open": "no", "lines": LINES})


def test_filtered_choices_are_offered_and_a_choice_that_went_is_a_problem(form: Form) -> None:
    state = evaluate(form, {"area": "north", "town": "rye"})
    assert state.offered[None, "town"] == {"ely"}
    assert [(p.field, p.rule) for p in state.problems] == [("town", "choice")]
    assert not evaluate(form, {"area": "south", "town": "rye"}).problems


def test_defaults_and_quoted_answers(form: Form) -> None:
    begun = starting_answers(form, today=date(2026, 11, 24))
    assert begun == {"open": "yes", "most": 50, "on": "2026-11-24"}
    label = form.questions()[-1].label
    words = quoting(label, form, {"total": 40}, lambda _question, value: str(value))
    assert words == "You asked for 40 in …."


rows = st.lists(
    st.fixed_dictionaries(
        {},
        optional={"what": st.sampled_from(["", "chalk", "ink"]), "amount": st.integers(-5, 90)},
    ),
    max_size=4,
)
one_answer = st.one_of(
    st.tuples(st.just("open"), st.sampled_from(["yes", "no", None])),
    st.tuples(st.just("lines"), rows),
    st.tuples(st.just("most"), st.integers(0, 60) | st.none()),
    st.tuples(st.just("area"), st.sampled_from(["north", "south", None])),
    st.tuples(st.just("town"), st.sampled_from(["ely", "rye", None])),
    st.tuples(st.just("nobody asked"), st.integers()),
)


@given(st.lists(one_answer, max_size=12))
def test_carried_through_is_the_same_as_reckoned_anew(steps: list[tuple[str, Any]]) -> None:
    live = LiveForm(FORM, {})
    standing = Standing(live)
    answers: dict[str, Any] = {}
    for name, value in steps:
        answers = {**answers, name: value}
        live.change(answers)
        whole = state_of(live)
        assert standing.state() == whole == evaluate(FORM, answers)


def test_a_change_reckons_only_what_follows_from_it(form: Form) -> None:
    live = LiveForm(form, {"open": "yes"})
    live.answer("on", "2026-11-24")
    assert live.recalculated == 1
    live.answer("area", "north")
    assert live.recalculated == 2
    live.change(dict(live.answers))
    assert live.recalculated == 0


def cyclic(*rows: dict[str, str]) -> dict[str, Any]:
    survey = [{"type": "calculate", "label": "", **row} for row in rows]
    return {"form_id": "c", "version": "1", "title": "C", "survey": survey}


@pytest.mark.parametrize(
    "content",
    [
        cyclic({"name": "a", "calculation": "${a} + 1"}),
        cyclic({"name": "a", "calculation": "${b}"}, {"name": "b", "calculation": "${c}"},
               {"name": "c", "calculation": "${a} * 2"}),
        cyclic({"name": "a", "calculation": "1", "relevant": "${a} = 1"}),
        cyclic({"name": "a", "calculation": "${b}"},
               {"name": "b", "calculation": "2", "relevant": "${a} = 1"}),
    ],
)  # fmt: skip
def test_what_follows_from_itself_is_refused_with_its_way_round(content: dict[str, Any]) -> None:
    with pytest.raises(FormDefinitionError, match=r"row [123], \w+: it follows from itself: .* → "):
        form_from(content, "c")


def test_a_calculation_that_blows_up_ends_as_a_blank() -> None:
    doubling = [{"name": "a0", "calculation": "'0123456789'"}] + [
        {"name": f"a{n}", "calculation": f"concat(${{a{n - 1}}}, ${{a{n - 1}}})"}
        for n in range(1, 60)
    ]
    huge = {"name": "p", "calculation": "pow(10, 999999999)"}
    state = evaluate(form_from(cyclic(*doubling, huge), "c"), {})
    assert len(state.values["a5"]) == 320
    assert state.values["p"] is None
    assert all(len(str(value)) <= 20_000 for value in state.values.values())


@given(
    st.dictionaries(
        st.sampled_from(["open", "lines", "amount", "most", "town", "on", "said", "inner", "x"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text()
        | st.lists(st.text() | st.dictionaries(st.sampled_from(["what", "amount"]), st.floats()))
        | st.dictionaries(st.text(), st.text()),
    )
)  # fmt: skip
def test_answers_of_wrong_types_from_an_older_draft_never_crash(answers: dict[str, Any]) -> None:
    state = evaluate(FORM, answers)
    wrong = {p.field for p in check_types(FORM, answers) if not is_blank(answers.get(p.field))}
    asked = {"open", "most", "area", "town", "on"} & state.relevant
    assert wrong & asked <= {p.field for p in state.problems}
