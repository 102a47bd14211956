"""A draft and its sources: what was counted then, what would be counted now, what was typed over.

A draft that was filled in on Monday stands still while meetings close and training is recorded. It
is marked as stale where a source has moved, and the new figure is taken only when somebody says so.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from odbst_desktop.form_engine.answers import is_blank
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_library.definitions import form_for
from odbst_desktop.returns.changed_figures import CHANGED
from odbst_desktop.returns.drafting import (
    Return,
    ReturnId,
    counted_now,
    read_return,
    return_form_in_use,
)
from odbst_desktop.returns.set_aside import row_to_change
from odbst_desktop.vault.vault import Vault

_TAKEN = frozenset({"counted", "carried"})


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that its source would give otherwise now.

    ``is_stale`` says that the source moved since; else somebody typed over it.
    """

    field: str
    label: str
    held: Any
    counted: Any
    is_stale: bool

    @property
    def words(self) -> str:
        """Return the difference in words."""
        held = "nothing" if self.held is None else self.held
        if self.is_stale:
            return f"{self.label}: {held} here, {self.counted} counted now"
        return f"{self.label}: {self.counted} counted, {held} typed"


def differences(vault: Vault, made: ReturnId) -> tuple[Difference, ...]:
    """Return where a return differs from what its sources give now, in the form's order."""
    found = read_return(vault, made)
    with vault.reading() as session:
        form = form_for(session, return_form_in_use(session), found.form_version)
        counted = counted_now(session, found, form, vault.today())
    return differences_from(found, form, counted)


def differences_from(
    found: Return, form: Form, counted: Mapping[str, Any]
) -> tuple[Difference, ...]:
    """Return where a return differs from ``counted``, what its sources give now by question."""
    return tuple(
        Difference(
            question.name, question.label, found.answers.get(question.name),
            counted[question.name], found.provenance.get(question.name, "counted") in _TAKEN,
        )
        for question in form.questions()
        if question.name in counted and _differs(found, question.name, counted[question.name])
    )  # fmt: skip


def take_counted(vault: Vault, made: ReturnId, fields: Collection[str]) -> int:
    """Put what the sources give now into these fields; return how many moved.

    Raises:
        StateError: the return was exported.

    """
    found = read_return(vault, made)
    with vault.changing("return counted again", f"return/{made}") as session:
        row = row_to_change(session, made)
        form = form_for(session, return_form_in_use(session), row.form_version)
        values = counted_now(session, found, form, vault.today())
        answers, provenance = json.loads(row.answers), json.loads(row.provenance)
        explanations, touched = json.loads(row.explanations), json.loads(row.touched)
        moved = [n for n in fields if n in values and answers.get(n) != values[n]]
        for name in moved:
            answers[name], provenance[name] = values[name], "counted"
            explanations.pop(CHANGED + name, None)
            touched.pop(name, None)
        row.answers, row.provenance = _json(answers), _json(provenance)
        row.explanations, row.touched = _json(explanations), _json(touched)
        session.add(row)
    return len(moved)


def _differs(found: Return, name: str, value: Any) -> bool:
    held = found.answers.get(name)
    # A gap that was stated with its reason is an answer, not a stale figure.
    return held != value and not isinstance(held, dict) and not is_blank(value)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
