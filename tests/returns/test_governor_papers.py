"""The papers for governors: readable, reproducible, and telling no more than they may."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from odbst_desktop.actions.list import add_action, close_action
from odbst_desktop.analysis.disclosure import NOT_SHOWN, SMALL
from odbst_desktop.errors import StateError
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.reports.document import Paper
from odbst_desktop.returns.countersigners import countersigners
from odbst_desktop.returns.drafting import open_return, read_return, save_return
from odbst_desktop.returns.field_sheet import field_sheet
from odbst_desktop.returns.governor_papers import governor_papers, hand_on_papers
from odbst_desktop.returns.records import ReturnRow
from odbst_desktop.returns.shown import shown_sets, tell_returns
from odbst_desktop.returns.signing import countersign_return, sign_return
from odbst_desktop.shipped import shipped_yaml
from odbst_desktop.vault.vault import Vault
from tests.returns.autumn import PASSPHRASE, ready
from tests.returns.test_shown import assert_the_pile_keeps_its_secrets


def text_of(paper: Paper) -> str:
    pages = PdfReader(io.BytesIO(paper.pdf())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def fonts_without_their_file(read: PdfReader) -> list[str]:
    """Return the fonts that are not embedded, but for one that the writer names and never uses."""
    found: list[Any] = []
    for page in read.pages:
        resources: Any = page["/Resources"]
        found += [font.get_object() for font in resources["/Font"].values()]
    own = [font for font in found if font["/BaseFont"] != "/Helvetica"]
    return [
        str(font["/BaseFont"]) for font in own
        if "/FontFile2" not in (font.get("/FontDescriptor") or {})
    ]  # fmt: skip


@pytest.fixture
def oakfield(unlocked: Callable[[str], Vault]) -> Vault:
    return unlocked("oakfield")


def rewrite(vault: Vault, made: str, **answers: Any) -> None:
    """Change a signed return under its signatures, as a test of what its papers do with figures."""
    with vault.changing("return changed for a test", f"return/{made}") as session:
        row = session.get_one(ReturnRow, made)
        row.answers = json.dumps({**json.loads(row.answers), **answers})
        session.add(row)


def test_the_same_return_gives_the_same_bytes(oakfield: Vault, clock: Any) -> None:
    made = open_return(oakfield, "2025-26", "summer")
    first = hand_on_papers(oakfield, made)
    clock.day = date(2026, 11, 30)
    again = hand_on_papers(oakfield, made)
    assert [paper.pdf() for paper in first.papers()] == [paper.pdf() for paper in again.papers()]
    assert [paper.html() for paper in first.papers()] == [paper.html() for paper in again.papers()]


def test_each_paper_has_title_language_bookmarks_and_the_package_in_words(oakfield: Vault) -> None:
    papers = governor_papers(oakfield, open_return(oakfield, "2025-26", "summer"))
    for paper in papers.papers():
        read = PdfReader(io.BytesIO(paper.pdf()))
        assert read.metadata is not None
        assert read.metadata.title == paper.head.title
        root: Any = read.root_object
        assert root["/Lang"] == "en-GB"
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert read.outline
        footer = re.compile(r"Edition 1 · package( [a-z]+){8}")
        assert all(footer.search(page.extract_text()) for page in read.pages)
        assert all("DEMONSTRATION" in page.extract_text() for page in read.pages)
        assert "…" not in paper.head.footer_words
        assert fonts_without_their_file(read) == []


def test_the_web_page_holds_every_figure_as_a_table(oakfield: Vault) -> None:
    papers = governor_papers(oakfield, open_return(oakfield, "2025-26", "summer"))
    for paper in papers.papers():
        page = paper.html().decode()
        assert page.startswith('<!doctype html><html lang="en-GB">')
        assert f"<title>{paper.head.title}</title>" in page
        assert page.count("<h1>") == 1
        assert "<script" not in page
        assert "http" not in page
    picture = papers.picture.html().decode()
    assert '<th scope="row">Playground and field</th><td>37</td>' in picture
    assert "<h3>Where</h3>" in picture


def test_no_paper_tells_a_small_count_of_children(oakfield: Vault) -> None:
    """What is small in the return stands as “1–4” or not at all, in all three papers."""
    made = open_return(oakfield, "2025-26", "summer")
    papers = hand_on_papers(oakfield, made)
    with oakfield.reading() as session:
        told = tell_returns(session, [read_return(oakfield, made)]).told[0]
    small = {n for n, v in told.counts.values.items() if told.word(n) in {SMALL, NOT_SHOWN}}
    assert {"cla_count", "suspensions_count", "ref_pending"} <= small
    shown = {n: told.word(n) for n in ("cla_count", "suspensions_count", "suspension_days")}
    assert shown == {"cla_count": SMALL, "suspensions_count": SMALL, "suspension_days": NOT_SHOWN}
    full = text_of(papers.head)
    assert "Children looked after 1–4" in full
    assert "School days lost to suspension not shown" in full
    assert "Suspensions 1–4" in text_of(papers.picture)
    assert "Allegations" not in full
    assert "Low-level" not in full


def test_numbers_in_the_text_follow_the_tables(oakfield: Vault) -> None:
    made = open_return(oakfield, "2025-26", "summer")
    rewrite(oakfield, made, key_concerns="Two pupils, C1042 and another, were in 3 incidents.")
    papers = governor_papers(oakfield, made)
    words = text_of(papers.lgb)
    assert "1–4 pupils, [left out] and another, were in 1–4 incidents." in words
    assert len(papers.changed) == 3
    assert "3 passages were changed so" in words


def test_the_one_page_is_one_page_whatever_the_figures(oakfield: Vault) -> None:
    made = open_return(oakfield, "2025-26", "summer")
    found = read_return(oakfield, made)
    starts = ("concerns_", "place_", "time_")
    rewrite(oakfield, made, **{n: 7 for n in found.answers if n.startswith(starts)})
    papers = governor_papers(oakfield, made)
    assert len(PdfReader(io.BytesIO(papers.picture.pdf())).pages) == 1


def test_a_draft_may_be_looked_at_and_not_handed_on(oakfield: Vault) -> None:
    made = open_return(oakfield, "2026-27", "autumn")
    papers = governor_papers(oakfield, made)
    assert papers.is_draft
    assert "DRAFT" in text_of(papers.lgb)
    assert "not to be handed on" in text_of(papers.lgb)
    with pytest.raises(StateError, match="handed on once the DSL and the headteacher"):
        hand_on_papers(oakfield, made)
    with oakfield.reading() as session:
        assert len(shown_sets(session)) == 1, (
            "that of the summer, which the demonstration handed on"
        )


def test_last_term_stands_beside_this_one_as_it_was_told(oakfield: Vault) -> None:
    made = open_return(oakfield, "2026-27", "autumn")
    summer = read_return(oakfield, open_return(oakfield, "2025-26", "summer"))
    here = read_return(oakfield, made)
    save_return(oakfield, made, {**summer.answers, **here.answers, "concerns_total": 90}, {})
    words = text_of(governor_papers(oakfield, made).lgb)
    assert "Figure This term Last term" in words
    assert "Same term last year" not in words.replace("the same term last year", "")
    assert "Concerns recorded 90 114" in words


def test_the_same_term_last_year_stands_beside_last_term(oakfield: Vault) -> None:
    summer = open_return(oakfield, "2025-26", "summer")
    with oakfield.changing("return of last autumn", "return/test") as session:
        row = session.get_one(ReturnRow, summer)
        held = {**row.model_dump(), "id": "last-autumn", "term": "autumn",
                "answers": json.dumps({**json.loads(row.answers), "cla_count": 6})}  # fmt: skip
        session.add(ReturnRow(**held))
    made = open_return(oakfield, "2026-27", "autumn")
    save_return(oakfield, made, {**read_return(oakfield, made).answers, "cla_count": 9}, {})
    papers = governor_papers(oakfield, made)
    words = text_of(papers.lgb)
    assert "Figure This term Last term Same term last year" in words
    assert "Children looked after 9 1–4 6" in words
    assert "In the same term last year: 114." in words
    assert "last year: 114" in text_of(papers.picture)
    assert len(PdfReader(io.BytesIO(papers.picture.pdf())).pages) == 1


def test_what_the_last_return_agreed_stands_with_its_state_on_the_day(
    oakfield: Vault, clock: Any
) -> None:
    origin, opened = "return/2025-26/summer", date(2026, 7, 22)
    with oakfield.changing("actions added", "action/test") as session:
        zones = add_action(session, "Keep the lunchtime zones", "DSL", date(2026, 9, 20),
                           origin=origin, opened_on=opened)  # fmt: skip
        add_action(session, "Ask parents of two children", "Head", date(2026, 10, 1),
                   origin=origin, opened_on=opened)  # fmt: skip
        close_action(session, zones, date(2026, 9, 18), "Three incidents in a month.")
    clock.day = date(2026, 12, 18)
    words = text_of(governor_papers(oakfield, open_return(oakfield, "2026-27", "autumn")).lgb)
    assert "Agreed in the last return" in words
    assert "Keep the lunchtime zones DSL 20 Sep 2026 ✓ Done 1–4 incidents in a month." in words
    assert "Ask parents of 1–4 children Head 1 Oct 2026 ✗ Overdue" in words


def test_questions_come_from_what_is_shown(oakfield: Vault) -> None:
    made = open_return(oakfield, "2025-26", "summer")
    rewrite(oakfield, made, policies_current=15, staff_kcsie_current=9)
    words = text_of(governor_papers(oakfield, made).lgb)
    assert "Which policies are past their review date" in words
    assert "Who has not had this year’s KCSIE training yet" in words
    rewrite(oakfield, made, policies_current=17, staff_kcsie_current=10)
    words = text_of(governor_papers(oakfield, made).lgb)
    assert "Which policies are past their review date" not in words


def test_the_sheet_has_every_field_with_true_numbers_and_no_formula(oakfield: Vault) -> None:
    made = open_return(oakfield, "2025-26", "summer")
    rewrite(oakfield, made, support_needed_from_trust="=HYPERLINK(1)")
    data = field_sheet(oakfield, made)
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    by_field = {row["field"]: row for row in rows}
    form_fields = {q.name for q in read_form_questions(oakfield, made)}
    assert form_fields <= set(by_field)
    assert by_field["cla_count"]["this term"] == "1"
    assert by_field["cla_count"]["as told to governors"] == SMALL
    assert by_field["support_needed_from_trust"]["this term"] == "'=HYPERLINK(1)"
    assert by_field["authority"]["in words"] == "Buckinghamshire"
    assert by_field["next_steps[1].step_owner"]["this term"] == "DSL"


def read_form_questions(vault: Vault, made: Any) -> Any:
    with vault.reading() as session:
        told = tell_returns(session, [read_return(vault, made)]).told[0]
    return [question for question in told.form.questions() if question.is_asked]


def test_a_paper_without_what_governors_may_know_is_still_a_paper(oakfield: Vault) -> None:
    """A return with nothing but its first answers, as after opening a new vault."""
    made = open_return(oakfield, "2026-27", "spring")
    papers = governor_papers(oakfield, made)
    assert all(PdfReader(io.BytesIO(paper.pdf())).pages for paper in papers.papers())
    assert replace(papers.lgb).name == "lgb-safeguarding-report-2026-27-spring-edition-1"


def sign_by_both(vault: Vault, made: Any) -> None:
    sign_return(vault, made, PASSPHRASE, countersigners(vault)[0].id)
    countersign_return(vault, made, PASSPHRASE)


def test_the_papers_of_two_terms_put_together_give_nothing_away(
    oakfield: Vault, clock: Any
) -> None:
    """The demonstration handed on the summer's; the autumn's is signed and handed on beside it."""
    made = ready(oakfield, clock)
    sign_by_both(oakfield, made)
    papers = hand_on_papers(oakfield, made)
    assert papers.exposed == ()
    with oakfield.reading() as session:
        kept = shown_sets(session)
    assert [(each.year, each.term) for each in kept] == [
        ("2025-26", "summer"), ("2026-27", "autumn"),
    ]  # fmt: skip
    assert_the_pile_keeps_its_secrets(kept)
    # Summer's end, shown as 5, is autumn's start; what joined is small, so the end cannot stand.
    assert (kept[0].words["cin_open_end"], kept[1].words["cin_open_start"]) == ("5", "5")
    words = text_of(papers.head)
    assert "Children in need at the start of the term 5 1–4" in words


def test_every_paper_says_of_a_figure_what_is_kept_of_it(oakfield: Vault, clock: Any) -> None:
    """A reader of the web pages alone learns the words that the solver judged, and no others."""
    made = ready(oakfield, clock)
    sign_by_both(oakfield, made)
    papers = hand_on_papers(oakfield, made)
    with oakfield.reading() as session:
        told = tell_returns(session, [read_return(oakfield, made)]).told[0]
    cells = re.compile(r"<tr>(?:<t[hd][^>]*>)(.*?)</t[hd]><td>(.*?)</td>")
    labels = governor_labels(told.form)
    seen: set[str] = set()
    for paper in papers.papers():
        for label, word in cells.findall(paper.html().decode()):
            names, said = labels.get(html.unescape(label), []), html.unescape(word)
            agreeing = [name for name in names if said.partition(" of ")[0] == told.word(name)]
            seen |= set(agreeing)
            if names and not agreeing and said != NOT_SHOWN:
                # What is left is the table of rates, of counts that are shown.
                assert re.fullmatch(r"\d+\.\d", said), (label, word)
                assert told.word(names[0]).isdigit()
    hidden = {n for n, word in told.counts.words.items() if word in {SMALL, NOT_SHOWN}}
    assert len(seen & hidden) > 10
    assert len(seen) > 60


def governor_labels(form: Form) -> dict[str, list[str]]:
    """Return the fields that may stand under a label; several fields share “Of these, …”."""
    content = shipped_yaml("resources/governor_papers.yaml")
    labels: dict[str, list[str]] = {}
    for question in form.questions():
        if question.type == "integer":
            label = content["labels"].get(question.name, question.label)
            labels.setdefault(label, []).append(question.name)
    return labels
