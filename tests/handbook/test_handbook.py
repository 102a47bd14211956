"""The handbook: every page is there, found, linked, printed; each tab has its page."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from odbst_desktop.analysis.privacy import find_identifiers
from odbst_desktop.command_line.command import run
from odbst_desktop.desktop.rooms import _TABS
from odbst_desktop.desktop.tab import Tab
from odbst_desktop.desktop.tabs.home import HomeTab
from odbst_desktop.desktop.tabs.vault import VaultTab
from odbst_desktop.errors import InputError
from odbst_desktop.handbook.about import about_page, parts
from odbst_desktop.handbook.pages import page, page_for, pages, picture_file, search
from odbst_desktop.handbook.paper import handbook_paper, page_paper
from odbst_desktop.shipped import faults_of_this_copy, shipped_yaml

DAY = date(2026, 11, 24)
KINDS: set[type[Tab]] = {HomeTab, VaultTab}.union(*_TABS.values())
TITLES = sorted(tab.title for tab in KINDS)


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(p.extract_text() for p in PdfReader(BytesIO(pdf)).pages).split())


@pytest.mark.parametrize("title", TITLES)
def test_every_tab_has_its_own_page(title: str) -> None:
    assert title in page_for(title).shown_for


def test_an_unknown_place_opens_the_first_page() -> None:
    assert page_for("nowhere") is pages()[0]


def test_every_link_leads_to_a_page_and_every_picture_is_there() -> None:
    for each in pages():
        for picture, target in re.findall(r"(!?)\[[^\]]*\]\(([^)]*)\)", each.text):
            if picture:
                assert picture_file(target).is_file(), (each.name, target)
            else:
                assert page(target.removesuffix(".md"))


def test_every_picture_named_is_made_and_small() -> None:
    for name in shipped_yaml("resources/handbook/contents.yaml")["pictures"]:
        file = picture_file(f"{name}.png")
        assert file.stat().st_size < 150_000
        with Image.open(file) as picture:
            assert picture.width <= 1000


@pytest.mark.parametrize("name", [each.name for each in pages() if each.is_quick_start])
def test_a_quick_start_prints_on_one_page(name: str) -> None:
    assert len(PdfReader(BytesIO(page_paper(page(name), DAY).pdf())).pages) == 1


def test_there_are_three_quick_starts() -> None:
    assert [p.name for p in pages() if p.is_quick_start] == [
        "quick-dsl", "quick-governor", "quick-esl",
    ]  # fmt: skip


def test_the_whole_handbook_prints_with_every_heading_and_the_same_bytes_twice() -> None:
    pdf = handbook_paper(DAY).pdf()
    assert pdf == handbook_paper(DAY).pdf()
    words = words_of(pdf)
    for each in pages():
        assert each.title in words
    assert "Ring the Executive Safeguarding Lead" in words
    assert "[" not in words  # no mark of a link is left over


@pytest.mark.parametrize(
    ("sought", "expected"),
    [
        ("laptop lost", "lost"), ("CPOMS reference", "never"), ("backup folder", "it-team"),
        ("SIGNAL", "week"), ("countersign", "quick-dsl"),
    ],
)  # fmt: skip
def test_a_search_finds_the_page_by_the_beginnings_of_words(sought: str, expected: str) -> None:
    assert expected in {found.page.name for found in search(sought)}


def test_a_search_for_nothing_or_nonsense_finds_nothing() -> None:
    assert search("  ") == ()
    assert search("zzzq") == ()
    assert search("( [ *") == ()


def test_the_handbook_names_no_child() -> None:
    for each in pages():
        # Ruth is an invented adult: the quick line's example gives her an action.
        found = [f.words for f in find_identifiers(each.text) if f.words != "Ruth"]
        assert not found, (each.name, found)


def test_a_page_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match="has no page “weather”"):
        page("weather")


def test_the_command_lists_searches_and_prints(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path_factory.mktemp("paper") / "quick.pdf"
    assert run(["handbook"]) == 0
    assert "When the laptop is lost" in capsys.readouterr().out
    assert run(["handbook", "--search", "recovery sheet"]) == 0
    assert "lost: " in capsys.readouterr().out
    assert run(["handbook", "--page", "quick-dsl", "--out", str(target)]) == 0
    assert "Quick start for the DSL" in words_of(target.read_bytes())


def test_about_names_what_is_inside_with_its_licence() -> None:
    names = {part.name.lower(): part for part in parts()}
    assert names["pyside6-essentials"].licence.startswith("LGPL")
    assert "sqlcipher3" in about_page().text


def test_this_copy_is_whole() -> None:
    assert faults_of_this_copy() == ""
