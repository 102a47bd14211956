"""Actions are given to others, evidenced, and their effect is looked at."""

from __future__ import annotations

from datetime import date

import pytest

from odbst_desktop.actions.list import (
    actions,
    add_action,
    carry_action,
    close_action,
    drop_action,
    note_effect,
    note_evidence,
    open_actions,
    plan_check,
    reassign_action,
)
from odbst_desktop.errors import InputError, StateError
from odbst_desktop.vault.vault import Vault

DAY = date(2026, 11, 10)


def test_life_of_an_action(school: Vault) -> None:
    with school.changing("action added", "action") as session:
        action = add_action(
            session, "Zones", "Ruth Ellery", date(2026, 11, 17), origin="review/x", opened_on=DAY
        )
        reassign_action(session, action, "Peter Marsh")
        carry_action(session, action, date(2026, 11, 20))
        plan_check(session, action, date(2026, 11, 24))
        (known,) = open_actions(session)
        assert (known.owner, known.origin_words) == ("Peter Marsh", "Review")
        assert known.carried_words_on(date(2026, 11, 21)) == "carried once, 11 days"
        assert known.state_words_on(date(2026, 11, 21)) == "✗ Overdue"
        note_evidence(session, action, "Plan on the staff-room wall")
        close_action(session, action, date(2026, 11, 21), "Done")
        (known,) = actions(session)
        assert known.state_words_on(date(2026, 11, 24)) == "◇ Look at effect"
        note_effect(session, action, date(2026, 11, 24), "3 a week, 8 before")
        (known,) = actions(session)
    assert known.state_words_on(date(2026, 11, 24)) == "✓ Done"
    assert (known.effect, known.checked_on) == ("3 a week, 8 before", date(2026, 11, 24))
    assert known.evidence == "Plan on the staff-room wall"


def test_what_says_nothing_is_refused(school: Vault) -> None:
    with school.changing("action added", "action") as session:
        action = add_action(session, "Zones", "Ruth", DAY, origin="review/x", opened_on=DAY)
        for work in (reassign_action, note_evidence):
            with pytest.raises(InputError):
                work(session, action, "  ")
        with pytest.raises(InputError):
            note_effect(session, action, DAY, "")
        with pytest.raises(InputError, match="after the one"):
            plan_check(session, action, date(2026, 11, 9))
        drop_action(session, action, DAY, "Overtaken")
        with pytest.raises(StateError):
            plan_check(session, action, DAY)
        with pytest.raises(StateError):
            reassign_action(session, action, "Peter")
