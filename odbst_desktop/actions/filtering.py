"""Choose among the actions of a school by words, state, owner and where they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from odbst_desktop.actions.list import Action

ANY = ""

STATES: dict[str, tuple[str, Callable[[Action, date], bool]]] = {
    "open": ("Still open", lambda a, _: a.state == "open"),
    "overdue": ("Overdue", lambda a, day: a.state == "open" and a.is_overdue_on(day)),
    "pressing": ("Pressing", lambda a, day: a.is_pressing_on(day)),
    "effect": ("Effect to look at", lambda a, day: a.is_to_check_on(day)),
    "done": ("Done", lambda a, _: a.state == "done"),
    "dropped": ("Dropped", lambda a, _: a.state == "dropped"),
    ANY: ("All", lambda _a, _d: True),
}
"""The states to choose from: their words, and whether an action of a day is in one."""

ORIGINS = {ANY: "From anywhere", "meeting": "From meetings", "visit": "From visits",
           "return": "From returns", "review": "From reviews"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """What is wanted; a blank lets everything through. ``words`` may stand in any field."""

    words: str = ""
    state: str = "open"
    owner: str = ANY
    origin: str = ANY

    def lets_through(self, action: Action, day: date) -> bool:
        """Say whether an action is wanted."""
        told = f"{action.title} {action.owner} {action.measure} {action.outcome} {action.evidence}"
        return (
            STATES[self.state][1](action, day)
            and self.owner in {ANY, action.owner}
            and self.origin in {ANY, action.origin.partition("/")[0]}
            and all(word in told.casefold() for word in self.words.casefold().split())
        )


def filtered(actions: Iterable[Action], wanted: ActionFilter, day: date) -> tuple[Action, ...]:
    """Return the wanted actions: pressing ones first, then by the day they are due."""
    chosen = (action for action in actions if wanted.lets_through(action, day))
    return tuple(sorted(chosen, key=lambda a: (not a.is_pressing_on(day), a.due, a.title)))
