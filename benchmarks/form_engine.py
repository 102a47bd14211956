"""What one key costs in a long form: incremental against full recalculation, side by side.

Run it from the top of the checkout::

    python benchmarks/form_engine.py [--questions 500] [--keys 60] [--out form_engine.json]

A form of 500 questions in 20 sections is made: whole numbers, text and yes/no in turn, each with a
relevance, a constraint, a requirement and every fourth with a calculation beside it, some 2,000
expressions in all, with a chain of 25 sections' totals that ends in one grand total. Then the same
keys are typed into the same form twice: once the change is carried through the dependency graph
and the form's state is read (``incremental``, what the window does), once everything is reckoned
anew (``full``, what ``evaluate`` does for a form it has not seen). The two take turns key by key,
so that a busy machine slows both alike, and their states are compared after every key: a
difference ends the run. Times are milliseconds a key, from the change to the finished state; the
share of cells that had to be reckoned is printed beside them. The parser's cache is warm for both.

Prints a table and, with ``--out``, writes the same as JSON.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from odbst_desktop.form_engine.answers import FormState, Standing, state_of
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.live import LiveForm
from odbst_desktop.form_engine.reading import form_from

SECTIONS = 20
EXPRESSIONS = ("required", "relevant", "constraint", "calculation")


def long_form(questions: int) -> Form:
    """Return a form of so many questions, about four expressions to each."""
    rows: list[dict[str, Any]] = []
    each = questions // SECTIONS
    for section in range(SECTIONS):
        rows.append({"type": "begin_group", "name": f"s{section}", "label": f"Section {section}"})
        names = [f"q{section}_{number}" for number in range(each)]
        for number, name in enumerate(names):
            before = names[number - 1] if number else name
            rows.append(_question(name, before, number))
            if number % 4 == 0:
                rows.append(_calculate(f"{name}_c", f"coalesce(${{{name}}}, 0) * 2 + {section}"))
        counted = " + ".join(f"coalesce(${{{name}_c}}, 0)" for name in names[::4])
        chain = f" + coalesce(${{total{section - 1}}}, 0)" if section else ""
        rows.append(_calculate(f"total{section}", counted + chain))
        rows.append({"type": "end_group"})
    rules = [
        {"id": f"r{section}_{number}", "left": f"${{q{section}_{number}}}", "operator": ">=",
         "right": f"${{q{section}_{number - 4}}}", "severity": "warning", "message": "Less."}
        for section in range(SECTIONS) for number in range(4, each) if number % 4 in {0, 3}
    ]  # fmt: skip
    return form_from(
        {"form_id": "long", "version": "1", "title": "A long form", "survey": rows, "rules": rules,
         "choices": {"yn": [{"name": "yes", "label": "Yes"}, {"name": "no", "label": "No"}]}},
        "long",
    )  # fmt: skip


def _calculate(name: str, calculation: str) -> dict[str, Any]:
    return {"type": "calculate", "name": name, "label": "", "calculation": calculation}


def _question(name: str, before: str, number: int) -> dict[str, Any]:
    kind = ("integer", "text", "select_one yn", "integer")[number % 4]
    constraint = {
        "integer": f". >= 0 and . <= 1000 and not(. = 999 and string-length(${{{before}}}) > 5)",
        "text": "string-length(.) <= 200 and not(regex(., '.*[0-9]{6}.*'))",
        "select_one yn": f"selected(., 'yes') or selected(., 'no') or ${{{before}}} = ''",
    }[kind]
    row = {
        "type": kind, "name": name, "label": f"Question {name}",
        "required": f"${{{before}}} != 'never' and string-length(${{{before}}}) < 500",
        "constraint": constraint,
    }  # fmt: skip
    if number:
        row["relevant"] = f"not(${{{before}}} = 'no') and ${{{before}}} != 'never'"
    if number % 4 == 3:
        row["hint"] = "A whole number"
    return row


def typed_keys(form: Form, keys: int) -> list[tuple[str, Any]]:
    """Return what is typed, key after key, spread over the form: numbers, words and choices."""
    asked = [question for question in form.questions() if question.is_asked]
    found: list[tuple[str, Any]] = []
    for key in range(keys):
        question = asked[key * 37 % len(asked)]
        values = {"integer": key * 13 % 900, "text": f"word {key}"}
        found.append((question.name, values.get(question.type, ("yes", "no")[key % 2])))
    return found


def _state(state: FormState) -> tuple[Any, ...]:
    return (dict(state.values), state.relevant, state.required, state.problems)


def measure(form: Form, keys: list[tuple[str, Any]]) -> dict[str, list[float]]:
    """Type the keys both ways in turn; return milliseconds and shares of cells."""
    live = LiveForm(form, {})
    answers: dict[str, Any] = {}
    LiveForm(form, answers)
    standing = Standing(live)
    standing.state()
    found: dict[str, list[float]] = {"incremental": [], "full": [], "share": []}
    for name, value in keys:
        answers = {**answers, name: value}
        start = time.perf_counter()
        live.change(answers)
        once = standing.state()
        found["incremental"].append((time.perf_counter() - start) * 1000)
        found["share"].append(live.recalculated / len(live.plan.place) * 100)
        start = time.perf_counter()
        again = state_of(LiveForm(form, answers))
        found["full"].append((time.perf_counter() - start) * 1000)
        if _state(once) != _state(again):
            raise SystemExit(f"After {name} the two differ: the incremental state is wrong.")
    return found


def main() -> None:
    """Measure, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--keys", type=int, default=60)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    form = long_form(options.questions)
    expressions = sum(
        bool(getattr(question, column)) for question in form.questions() for column in EXPRESSIONS
    ) + 2 * len(form.rules)
    asked = sum(question.is_asked for question in form.questions())
    found = measure(form, typed_keys(form, options.keys))
    print(f"{asked} questions, {expressions} expressions, {options.keys} keys; states agree.")
    rows = {}
    for way in ("incremental", "full"):
        times = sorted(found[way])
        rows[way] = {"median_ms": round(statistics.median(times), 2),
                     "p95_ms": round(times[int(len(times) * 0.95)], 2),
                     "worst_ms": round(times[-1], 2)}  # fmt: skip
    print(f"{'':12} {'median ms':>10} {'p95 ms':>10} {'worst ms':>10}")
    for way, row in rows.items():
        print(f"{way:12} " + " ".join(f"{value:>10}" for value in row.values()))
    ratio = rows["full"]["median_ms"] / rows["incremental"]["median_ms"]
    share = statistics.median(found["share"])
    print(f"full / incremental {ratio:.1f} times; {share:.1f} % of the cells reckoned a key")
    if options.out:
        facts = {
            "questions": asked, "expressions": expressions, "keys": options.keys,
            "cells_reckoned_percent": round(share, 2), "ratio": round(ratio, 2), **rows,
        }  # fmt: skip
        options.out.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
