"""What has moved since a draft was counted, and what was changed by hand and is to be explained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from odbst_desktop.form_engine.answers import Problem, is_gap
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.returns.sources import source_words

CHANGED = "changed."
"""Before a question's name: the rule that asks why a counted figure was changed by hand."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure of a draft that the records give otherwise now."""

    field: str
    label: str
    was: str
    now: str
    source: str

    @property
    def words(self) -> str:
        """Return e.g. “All concerns recorded: 12 → 14 (closed meetings of the term)”."""
        return f"{self.label}: {self.was} → {self.now} ({self.source})"


def moved_figures(
    form: Form,
    answers: Mapping[str, Any],
    provenance: Mapping[str, str],
    counted: Mapping[str, tuple[Any, str]],
) -> tuple[Moved, ...]:
    """Return the figures nobody changed by hand that would be counted otherwise now."""
    return tuple(
        Moved(
            question.name,
            question.label,
            _shown(answers.get(question.name)),
            _shown(counted[question.name][0]),
            source_words(str(question.extras.get("source", ""))),
        )
        for question in form.questions()
        if question.name in counted
        and provenance.get(question.name, counted[question.name][1]) in {"counted", "carried"}
        and answers.get(question.name) != counted[question.name][0]
        and question.name != "prepared_on"
    )


def changed_problems(
    form: Form, answers: Mapping[str, Any], counted: Mapping[str, tuple[Any, str]],
    provenance: Mapping[str, str],
) -> tuple[Problem, ...]:  # fmt: skip
    """Return a warning for each figure that was counted here and changed by hand, asking why.

    A stock that was carried is there to be changed, so nobody is asked. A stated gap says why
    itself. A figure whose records moved on under it is no change by hand.
    """
    found = []
    for question in form.questions():
        value, how = counted.get(question.name, (None, ""))
        given = answers.get(question.name)
        is_changed = provenance.get(question.name) == "changed"
        if how == "counted" and is_changed and given != value and not is_gap(given):
            source = source_words(str(question.extras.get("source", "")))
            message = (
                f"{_shown(value)} was counted from {source}, and {_shown(given)} is given. Say why."
            )
            found.append(Problem(question.name, None, "warning", CHANGED + question.name, message))
    return tuple(found)


def live_provenance(
    answers: Mapping[str, Any], before: Mapping[str, Any], provenance: Mapping[str, str]
) -> dict[str, str]:
    """Return how each answer came about if it were saved now: what differs was typed or changed."""
    now = dict(provenance)
    for name, value in answers.items():
        if before.get(name) != value:
            now[name] = "typed" if now.get(name, "typed") == "typed" else "changed"
    return now


def sheet_or_counted(
    counted: Mapping[str, tuple[Any, str]], sheet: Mapping[str, Any]
) -> dict[str, tuple[Any, str]]:
    """Return the counted figures with those of a sheet in place of what is merely carried."""
    return {**counted, **{name: (value, "counted") for name, value in sheet.items()}}


def _shown(value: Any) -> str:
    if value is None:
        return "blank"
    if is_gap(value):
        return "not known"
    return "–" if isinstance(value, list) else str(value)
