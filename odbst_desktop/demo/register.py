"""What a demonstration school says of its compliance register, in the summer and the autumn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from odbst_desktop.actions.list import add_action
from odbst_desktop.compliance.answers import Said, keep, still_so
from odbst_desktop.compliance.facts import PolicyFacts
from odbst_desktop.compliance.items import Item, items
from odbst_desktop.compliance.register import State, standing
from odbst_desktop.vault.vault import Vault


def first_walk(vault: Vault, content: dict[str, Any]) -> None:
    """Say how everything stands in the summer."""
    evidence, dates = content["evidence"], content["dates"]
    said = {}
    for entry in items():
        if entry.is_policy:
            facts = _facts(entry, content, content)
            said[entry.id] = Said(State.IN_PLACE, content["summer"], facts=facts)
        elif entry.id in evidence:
            said[entry.id] = Said(
                State.IN_PLACE, content["summer"], dates.get(entry.id), evidence[entry.id]
            )
        elif entry.nil:
            said[entry.id] = Said(State.NIL, content["summer"])
    _keep(vault, said)


def autumn_walk(vault: Vault, content: dict[str, Any]) -> None:
    """Walk the list in the autumn and leave it before its end; some things are missing."""
    day: date = content["autumn"]
    ids = [entry.id for entry in items()]
    said = {}
    with vault.reading() as session:
        for entry in items()[: ids.index(content["left_at"])]:
            now = standing(session, entry, day)
            if entry.is_policy:
                said[entry.id] = _autumn_policy(entry, now.answer.facts if now.answer else None,
                                                content)  # fmt: skip
            elif entry.id in content["missing"]:
                said[entry.id] = Said(State.MISSING, day, evidence=content["missing"][entry.id])
            elif entry.id in content["partly"]:
                said[entry.id] = Said(State.PARTLY, day, evidence=content["partly"][entry.id])
            elif entry.id in content["autumn_dates"]:
                done = content["autumn_dates"][entry.id]
                said[entry.id] = Said(State.IN_PLACE, day, done, now.evidence)
            elif now.answer is not None and entry.renews == "term":
                said[entry.id] = still_so(now, day)
    _keep(vault, said)
    with vault.changing("action added", "compliance/code_of_conduct") as session:
        add_action(
            session, "Have the code of conduct signed by both new volunteers", "Headteacher",
            date(2026, 12, 4), origin="compliance/code_of_conduct", opened_on=day,
        )  # fmt: skip


def _autumn_policy(entry: Item, before: PolicyFacts | None, content: dict[str, Any]) -> Said:
    if before is not None and entry.id in content["not_renewed"]:
        facts = replace(before, website_on=content["autumn"])
    else:
        facts = _facts(entry, content, content["renewed"])
        if facts.website_address:
            facts = replace(facts, website_on=content["autumn"])
    return Said(State.IN_PLACE, content["autumn"], facts=facts)


def _facts(entry: Item, content: dict[str, Any], dated: dict[str, Any]) -> PolicyFacts:
    is_own = entry.id not in content["nothing_to_personalise"]
    is_seen = entry.id not in content["not_on_website"]
    return PolicyFacts(
        version=dated["version"],
        personalised_on=dated["personalised"] if is_own else None,
        nothing_to_personalise=not is_own,
        received_on=dated["received"],
        website_on=content["website"] if is_seen else None,
        website_address=content["address"] if is_seen else "",
        next_review=dated["review"],
    )


def _keep(vault: Vault, said: dict[str, Said]) -> None:
    with vault.changing("register answered", "compliance/walk") as session:
        for name, each in said.items():
            keep(session, name, each, by=vault.user.name, at=vault.now(), today=vault.today())
