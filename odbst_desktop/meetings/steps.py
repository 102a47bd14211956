"""Undo and redo across a whole meeting: each step is the answers as they stood."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

MOST_STEPS = 500


class Steps:
    """The answers before and after each change, back to the opening of the meeting."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._past: list[str] = []
        self._now = _text(answers)
        self._future: list[str] = []

    @property
    def can_undo(self) -> bool:
        """Say whether there is a step to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Say whether there is a step to take again."""
        return bool(self._future)

    def note(self, answers: Mapping[str, Any]) -> None:
        """Note answers as they now stand; what was taken back before can no longer return."""
        text = _text(answers)
        if text == self._now:
            return
        self._past = [*self._past[-MOST_STEPS + 1 :], self._now]
        self._now, self._future = text, []

    def undo(self) -> dict[str, Any] | None:
        """Return the answers before the last step, None if there is none."""
        if not self._past:
            return None
        self._future.append(self._now)
        self._now = self._past.pop()
        return self._read()

    def redo(self) -> dict[str, Any] | None:
        """Return the answers after the step that was taken back last, None if there is none."""
        if not self._future:
            return None
        self._past.append(self._now)
        self._now = self._future.pop()
        return self._read()

    def _read(self) -> dict[str, Any]:
        answers: dict[str, Any] = json.loads(self._now)
        return answers


def changed_names(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the questions whose answers differ, in the order of the answers."""
    names = dict.fromkeys((*before, *after))
    return tuple(name for name in names if before.get(name) != after.get(name))


def _text(answers: Mapping[str, Any]) -> str:
    # In what order questions were answered is no change that anybody could see undone.
    return json.dumps(dict(answers), ensure_ascii=False, sort_keys=True)
