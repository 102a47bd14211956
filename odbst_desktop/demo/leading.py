"""What the ESL of the demonstration trust leads: themes, the focus pack, a check and a review."""

from __future__ import annotations

from typing import Any, Protocol

from odbst_desktop.monitoring.checklists import checked_questions
from odbst_desktop.monitoring.packs import note_read, packs_taken
from odbst_desktop.office.theme_desk import theme_desk
from odbst_desktop.trust.pack_draft import save_pack_draft
from odbst_desktop.trust.reviews import (
    begin_review,
    close_review,
    follow_up_review,
    plan_review,
    read_review,
    save_review,
)
from odbst_desktop.trust.terms import TermOf
from odbst_desktop.trust.themes import choose_themes
from odbst_desktop.vault.vault import Vault


class Clock(Protocol):
    """The story's clock."""

    day: Any


def choose(trust: Vault, told: dict[str, Any]) -> None:
    """Choose the themes out of the proposal, with reasons, and write the pack."""
    term = TermOf(*told["term"])
    desk = theme_desk(trust)
    choose_themes(
        trust, term, desk.ground.term, told["themes"], desk.proposed, desk.weights.weights
    )
    save_pack_draft(trust, term, told["pack"])


def read(vault: Vault) -> None:
    """Read the newest pack."""
    with vault.reading() as session:
        newest = packs_taken(session)[0]
    note_read(vault, newest.payload_sha256)


def review(trust: Vault, clock: Clock, told: list[dict[str, Any]]) -> None:
    """Plan what the story tells, and make what is told as made."""
    for each in told:
        clock.day = each["planned_on"]
        made = plan_review(
            trust, each["urn"], each["kind"], each["day"], reasons=each["reasons"],
            why=each["why"], theme=each.get("theme", ""),
        )  # fmt: skip
        if "found" not in each:
            continue
        clock.day = each["day"]
        begin_review(trust, made)
        with trust.reading() as session:
            found = read_review(session, made)
        answers = dict(found.answers) | {q.name: "yes" for q in checked_questions(found.form)}
        answers |= {
            f"{q.name}_evidence": "Seen with the DSL" for q in checked_questions(found.form)
        }
        for name, said in each["found"].items():
            answers[name] = said["answer"]
            for part in ("action", "owner"):
                answers[f"{name}_{part}"] = said[part]
            answers[f"{name}_due"] = each["due"].isoformat()
        save_review(trust, made, answers | each["said"])
        close_review(trust, made)
        if each.get("follow_up"):
            clock.day = each["followed_on"]
            follow_up_review(trust, made, each["follow_up"])
