"""The signed notice of another version is shown with where IT keeps it, unless IT says not to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from odbst_desktop import __version__
from odbst_desktop.desktop.tabs.home_cards import Card, pack_cards
from odbst_desktop.monitoring.packs import TakenPack, UpdateNotice, keep_pack, notice_line
from odbst_desktop.vault.vault import Vault

SetPolicies = Callable[[str], Path]


def cards(vault: Vault, version: str) -> list[Card]:
    """Take in a pack whose message expects a version, and return the cards about it."""
    message = f"Dear all\n{notice_line(UpdateNotice(version, 'the trust’s software page'))}"
    with vault.changing("pack taken", "package/x") as session:
        keep_pack(
            session,
            TakenPack("a" * 64, "2026-27", "spring", 1, message, (), "Helen Ashby", vault.now(),
                      vault.now()),
        )  # fmt: skip
    with vault.reading() as session:
        return [card for card in pack_cards(session) if card.title == "Version of the program"]


def test_a_newer_version_expected_is_shown_with_where_it_is_kept(school: Vault) -> None:
    (card,) = cards(school, "99.0")
    assert card.figure == "▲ 99.0 is expected"
    assert f"This is version {__version__}" in card.sentence
    assert "It is kept at: the trust’s software page." in card.sentence


def test_the_it_team_says_where_it_is_kept(school: Vault, it_team: SetPolicies) -> None:
    it_team("update_location = 'Company Portal'\n")
    (card,) = cards(school, "99.0")
    assert "It is kept at: Company Portal." in card.sentence


def test_the_it_team_may_switch_the_notice_off(school: Vault, it_team: SetPolicies) -> None:
    it_team("update_notice = false\n")
    assert cards(school, "99.0") == []


@pytest.mark.parametrize("version", [__version__, "0.0.9"])
def test_the_present_or_an_older_version_is_no_news(school: Vault, version: str) -> None:
    assert cards(school, version) == []
