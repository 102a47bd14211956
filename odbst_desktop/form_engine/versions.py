"""Two versions of a form: what differs, whether figures compare, what becomes of a draft.

A form says itself what became of its questions, as rows of ``changes``: ``since`` the version that
brought it, ``kind`` (renamed, split, merged, retired, redefined), ``from`` and ``to``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from odbst_desktop.form_engine.answer_types import is_blank, is_gap, type_fault
from odbst_desktop.form_engine.definition import Change, Form, Question, Repeat

Comparable = Literal["yes", "partly", "no"]
_FIGURES = frozenset({"integer", "decimal"})
_CHOICES = frozenset({"select_one", "select_multiple", "rank"})


@dataclass(frozen=True, slots=True)
class Comparability:
    """Whether an answer means the same in two versions, and why not.

    ``old_names`` are the questions of the older version that stand for it.
    """

    verdict: Comparable
    why: str
    old_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """One question that was added, removed or changed between two versions."""

    kind: Literal["added", "removed", "changed"]
    name: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A draft under a newer version: its answers, what was carried over, what could not be.

    ``lost`` are questions of the older version with the answer that has no place now.
    """

    answers: Mapping[str, Any]
    carried: tuple[str, ...]
    lost: tuple[tuple[Question | Repeat, Any], ...]
    added: tuple[Question, ...]


def version_key(version: str) -> tuple[tuple[int, str], ...]:
    """Return a key under which 2026.10 comes after 2026.9."""
    parts = re.findall(r"\d+|\D+", version)
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)


def changes_between(old: Form, new: Form) -> tuple[Change, ...]:
    """Return what the newer form says became of the older one's questions, oldest change first."""
    first, last = version_key(old.version), version_key(new.version)
    between = [c for c in new.changes if first < version_key(c.since) <= last]
    return tuple(sorted(between, key=lambda change: version_key(change.since)))


def comparability(old: Form, new: Form, name: str) -> Comparability:
    """Say whether the answers to a question of the newer form compare with the older one's."""
    later = _asked(new).get(name)
    if later is None:
        return Comparability("no", "It is not asked any more.", ())
    names, verdict, reasons = _traced_back(changes_between(old, new), name)
    earlier = [_asked(old)[n] for n in names if n in _asked(old)]
    if not earlier:
        return Comparability("no", "It was not asked before.", ())
    for question in earlier:
        found, why = _compared(question, later)
        verdict = _worse(verdict, found)
        reasons += [why] if why else []
    return Comparability(verdict, " ".join(dict.fromkeys(reasons)), tuple(q.name for q in earlier))


def break_between(old: Form, new: Form, name: str) -> str:
    """Return in a sentence why a trend line breaks between two versions, or nothing."""
    found = comparability(old, new, name)
    if found.verdict == "yes":
        return ""
    return f"Version {old.version} to {new.version}: {found.why}"


def question_changes(old: Form, new: Form) -> tuple[QuestionChange, ...]:
    """Return what was added, removed and changed, in the order of the newer form."""
    before, after = _asked(old), _asked(new)
    renamed = {c.new[0]: c.old[0] for c in changes_between(old, new) if c.kind == "renamed"}
    found: list[QuestionChange] = []
    for name, question in after.items():
        earlier = before.get(name) or before.get(renamed.get(name, ""))
        if earlier is None:
            found.append(QuestionChange("added", name, question.label, _brought(old, new, name)))
        elif differences := _differences(earlier, question):
            found.append(QuestionChange("changed", name, question.label, " ".join(differences)))
    gone = {n for n in before if n not in after and n not in renamed.values()}
    notes = {n: c for c in changes_between(old, new) for n in c.old}
    for name in (n for n in before if n in gone):
        change = notes.get(name)
        words = _fate(change) if change else "It is not asked any more."
        found.append(QuestionChange("removed", name, before[name].label, words))
    return tuple(found)


def moved_answers(old: Form, new: Form, answers: Mapping[str, Any]) -> Moved:
    """Return a draft's answers under a newer version; nothing is dropped without being named."""
    moves = changes_between(old, new)
    kept: dict[str, Any] = {}
    carried: list[str] = []
    lost: list[tuple[Question | Repeat, Any]] = []
    olds: dict[str, Question | Repeat] = {q.name: q for q in old.questions()}
    olds |= {repeat.name: repeat for repeat in old.repeats()}
    questions, repeats = ({q.name: q for q in new.questions()}, {r.name: r for r in new.repeats()})
    for name, value in answers.items():
        if is_blank(value):
            continue
        target = _renamed(moves, name)
        if target in repeats and isinstance(value, list):
            kept[target], gone = _moved_rows(repeats[target], value, moves)
            lost += [(_inner(olds.get(name), inner), words) for inner, words in gone]
        elif target in questions and (_fits(questions[target], value)):
            kept[target] = value
        elif name in olds:
            lost.append((olds[name], value))
            continue
        else:
            lost.append((Question(name, "text", name), value))
            continue
        if target != name:
            carried.append(target)
    before = _asked(old)
    new_names = {c.new[0] for c in moves if c.kind == "renamed"}
    added = tuple(
        q for q in new.every_question()
        if q.is_asked and q.name not in before and q.name not in new_names
    )  # fmt: skip
    return Moved(kept, tuple(carried), tuple(lost), added)


def _moved_rows(
    repeat: Repeat, rows: list[Any], moves: tuple[Change, ...]
) -> tuple[list[dict[str, Any]], list[tuple[str, Any]]]:
    questions = {q.name: q for q in repeat.items}
    kept: list[dict[str, Any]] = []
    lost: list[tuple[str, Any]] = []
    for row in rows:
        moved: dict[str, Any] = {}
        for name, value in row.items() if isinstance(row, dict) else ():
            target = _renamed(moves, name)
            if target in questions and _fits(questions[target], value):
                moved[target] = value
            elif not is_blank(value):
                lost.append((name, value))
        kept.append(moved)
    return kept, lost


def _inner(repeat: Question | Repeat | None, name: str) -> Question:
    items = repeat.items if isinstance(repeat, Repeat) else ()
    return next((q for q in items if q.name == name), Question(name, "text", name))


def _fits(question: Question, value: Any) -> bool:
    return is_gap(value) or not type_fault(question, value)


def _renamed(moves: tuple[Change, ...], name: str) -> str:
    for change in moves:
        if change.kind == "renamed" and change.old == (name,):
            name = change.new[0]
    return name


def _asked(form: Form) -> dict[str, Question]:
    return {q.name: q for q in form.every_question() if q.type != "note"}


def _traced_back(
    moves: tuple[Change, ...], name: str
) -> tuple[tuple[str, ...], Comparable, list[str]]:
    names: tuple[str, ...] = (name,)
    verdict: Comparable = "yes"
    reasons: list[str] = []
    for change in reversed(moves):
        if change.kind == "redefined" and change.old[0] in names:
            verdict = "no"
            reasons.append(change.note or "It has another meaning now.")
        if not set(change.new) & set(names):
            continue
        if change.kind in {"split", "merged"}:
            verdict = _worse(verdict, "partly")
            reasons.append(change.note or _fate(change))
        names = tuple(dict.fromkeys((*(n for n in names if n not in change.new), *change.old)))
    return names, verdict, reasons


def _worse(one: Comparable, other: Comparable) -> Comparable:
    order: tuple[Comparable, ...] = ("yes", "partly", "no")
    return max(one, other, key=order.index)


def _compared(old: Question, new: Question) -> tuple[Comparable, str]:
    if old.type != new.type and not {old.type, new.type} <= _FIGURES:
        return "no", f"It was {_kind(old)} and is {_kind(new)} now."
    if new.type in _CHOICES and not old.list_name.startswith("${"):
        gone = {c.name for c in old.choices} - {c.name for c in new.choices}
        come = {c.name for c in new.choices} - {c.name for c in old.choices}
        # A list that only the vault knows has no choices in the definition.
        if (gone or come) and old.choices and new.choices:
            return "partly", f"Its choices changed: {len(come)} more, {len(gone)} fewer."
    if old.extras.get("unit") != new.extras.get("unit"):
        return "no", "It is counted in another unit."
    if _plain(old.label) != _plain(new.label):
        return "partly", "Its words changed."
    return "yes", ""


def _differences(old: Question, new: Question) -> list[str]:
    found: list[str] = []
    if _plain(old.label) != _plain(new.label):
        found.append(f"It was “{old.label}”.")
    if old.name != new.name:
        found.append(f"Its name was {old.name}.")
    verdict, why = _compared(old, new)
    if verdict != "yes" and why != "Its words changed.":
        found.append(why)
    columns = {"required": "whether it has to be answered", "relevant": "when it is asked",
               "constraint": "what is allowed", "calculation": "how it is calculated",
               "hint": "its hint", "choice_filter": "which choices are offered"}  # fmt: skip
    differing = [words for column, words in columns.items()
                 if getattr(old, column) != getattr(new, column)]  # fmt: skip
    if differing:
        found.append(f"Changed: {', '.join(differing)}.")
    if old.extras.get("guidance") != new.extras.get("guidance"):
        found.append("Its guidance reference changed.")
    return found


def _brought(old: Form, new: Form, name: str) -> str:
    for change in changes_between(old, new):
        if name in change.new:
            return change.note or _fate(change)
    return "It was not asked before."


def _fate(change: Change) -> str:
    old, new = ", ".join(change.old), ", ".join(change.new)
    words = {
        "renamed": f"Renamed from {old} to {new}.",
        "split": f"{old} was split into {new}.",
        "merged": f"{old} were merged into {new}.",
        "retired": f"{old} is not asked any more.",
        "redefined": f"{old} has another meaning now.",
    }[change.kind]
    return f"{words} {change.note}".strip()


def _kind(question: Question) -> str:
    words = {"text": "text", "integer": "a whole number", "decimal": "a number", "date": "a date",
             "time": "a time", "select_one": "one choice", "select_multiple": "several choices",
             "rank": "an order", "range": "a scale", "acknowledge": "a tick", "file": "a file",
             "calculate": "calculated"}  # fmt: skip
    return words.get(question.type, question.type)


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
