"""The entries of the register. Source: ``resources/compliance_register.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from odbst_desktop.errors import InputError
from odbst_desktop.shipped import shipped_yaml

POLICIES = "policies"
"""The area that holds the policies; every other holds duties."""


@dataclass(frozen=True, slots=True)
class Area:
    """An area of the trust's plan; ``short`` is its name where there is little room."""

    id: str
    label: str
    short: str


@dataclass(frozen=True, slots=True)
class Item:
    """A policy or a standing duty.

    ``plan`` is the plan's sentence, or nothing where only ``source`` says where it comes from.
    ``renews`` is term, year or review (a policy, by its own date); ``event`` asks for the day a
    duty was done, ``nil`` is what may be said where there is nothing to show, ``vault`` names
    what the vault knows of it, ``figure`` and ``figure_kind`` the termly return's figure.
    """

    id: str
    area: str
    label: str
    plan: str
    source: str
    renews: str
    owner: str
    event: str = ""
    ask: str = ""
    nil: str = ""
    vault: str = ""
    figure: str = ""
    figure_kind: str = ""

    @property
    def is_policy(self) -> bool:
        """Say whether it is a policy of the trust's suite."""
        return self.area == POLICIES

    @property
    def source_words(self) -> str:
        """Return the plan's sentence, or else where the entry comes from."""
        return f"“{self.plan}”" if self.plan else self.source


@cache
def areas() -> tuple[Area, ...]:
    """Return the areas of the plan in its order."""
    return tuple(Area(each["id"], each["label"], each["short"]) for each in _content()["areas"])


def area(name: str) -> Area:
    """Return an area by its id."""
    return next(known for known in areas() if known.id == name)


@cache
def items() -> tuple[Item, ...]:
    """Return every entry: the policies, then the duties in the order of the plan."""
    content = _content()
    suite, plan = content["suite"], content["plan"]
    policies = (
        Item(
            each["id"], POLICIES, each["label"], each.get("plan", suite["plan"]), plan, "review",
            each.get("owner", suite["owner"]),
        )
        for each in content["policies"]
    )  # fmt: skip
    return (*policies, *(_duty(each, plan) for each in content["duties"]))


def item(name: str) -> Item:
    """Return an entry by its id; raises InputError if the register does not have it."""
    for known in items():
        if known.id == name:
            return known
    raise InputError(f"“{name}” is not in the compliance register. Choose an entry of the list.")


def plan_title() -> str:
    """Return the title of the trust's plan that the register follows."""
    return str(_content()["plan"])


def setting(name: str) -> int:
    """Return a number of the register's head, such as ``due_soon_days``."""
    return int(_content()[name])


def _content() -> Any:
    return shipped_yaml("resources/compliance_register.yaml")


def _duty(each: dict[str, Any], plan: str) -> Item:
    figure = each.get("return", {})
    return Item(
        each["id"], each["area"], each["label"], each.get("plan", ""),
        each.get("source", plan), each["renews"], each["owner"],
        each.get("event", ""), each.get("ask", ""), each.get("nil", ""), each.get("vault", ""),
        figure.get("source", ""), figure.get("as", ""),
    )  # fmt: skip
