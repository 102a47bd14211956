"""The papers of the ESL: to the SEC and the CEO, the Trustee lead, all Trustees; the year's review.

What they hold, in which order, is data in ``resources/trust_reports.yaml``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from odbst_desktop.analysis.disclosure import NOT_SHOWN
from odbst_desktop.errors import InputError
from odbst_desktop.exchange.bodies import FocusPack
from odbst_desktop.exchange.register import packages
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.reports.document import (
    Bars,
    Block,
    Bullets,
    Contents,
    Facts,
    Grid,
    Heading,
    Paper,
    Paragraph,
    ReportHead,
    Tone,
)
from odbst_desktop.school.calendar import TERMS
from odbst_desktop.school.owner import Owner
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.shipped import shipped_yaml
from odbst_desktop.trust.comparisons import Compared, compare_schools
from odbst_desktop.trust.outside import ToldFigure, told_figures
from odbst_desktop.trust.relations import parts_of
from odbst_desktop.trust.report_notes import WHOLE_YEAR, read_words, words_form
from odbst_desktop.trust.returned import SchoolStanding, State, counted_words, standings
from odbst_desktop.trust.table import TermKey, TrustTable, term_words, trust_table, year_before

PAPERS = ("sec", "trustee_lead", "tbm")
_FILE = "resources/trust_reports.yaml"
_NOTHING_TYPED = "Nothing was written for this part."


@dataclass(frozen=True, slots=True)
class TermFacts:
    """What the papers of a term are made of; ``told`` are the figures as they may leave."""

    owner: Owner
    key: TermKey
    today: date
    table: TrustTable
    told: Mapping[str, ToldFigure]
    standings: tuple[SchoolStanding, ...]
    compared: Compared
    words: Mapping[str, Any]
    themes: tuple[tuple[str, str], ...]


def term_facts(session: Session, form: Form, owner: Owner, key: TermKey, today: date) -> TermFacts:
    """Gather what the papers of a term need.

    Raises:
        InputError: no school has returned for that term.

    """
    table = trust_table(session, form)
    if key not in table.cells:
        raise InputError(
            f"No school has returned for the {term_words(key)}, so there is nothing to report yet. "
            "Choose another term, or send a reminder."
        )
    # Every term is protected together: no paper of one term gives back what another hides.
    told = told_figures(table, table.terms)[key]
    return TermFacts(
        owner, key, today, table, told, standings(session, *key, today),
        compare_schools(table, key), read_words(session, *key), pack_themes(session, key),
    )  # fmt: skip


def term_paper(facts: TermFacts, which: str) -> Paper:
    """Return the paper for one circle of readers: one of ``PAPERS``."""
    content = shipped_yaml(_FILE)
    paper = content["papers"][which]
    blocks: list[Block] = [Paragraph(content["lead"], Tone.NOTICE)]
    for section in paper["sections"]:
        section = {**section, "paper": paper}  # noqa: PLW2901 - a section may look at the others
        blocks += [Heading(section["heading"]), *_SECTIONS[section["kind"]](facts, section)]
    name = f"{paper['name']}-{facts.key[0]}-{facts.key[1]}"
    return Paper(name, _head(facts.owner, paper["title"], facts.key, facts.today), tuple(blocks))


def year_review(session: Session, form: Form, owner: Owner, year: str, today: date) -> Paper:
    """Return the review of the plan at the end of a year, by its seven areas of work.

    Raises:
        InputError: no school has returned in that year.

    """
    table = trust_table(session, form)
    keys = tuple((year, term) for term in TERMS if (year, term) in table.cells)
    if not keys:
        raise InputError(f"No school has returned in {year}, so there is no year to review yet.")
    told, content = told_figures(table, table.terms), shipped_yaml(_FILE)
    words = read_words(session, year, WHOLE_YEAR)
    asked = words_form(WHOLE_YEAR)
    blocks: list[Block] = [
        Paragraph(content["lead"], Tone.NOTICE), Contents(),
        Heading("The year in short"), Paragraph(words.get("year_in_short") or _NOTHING_TYPED),
        Grid(
            ("Term", "Returned"),
            tuple((term_words(k), counted_words(standings(session, *k, today))) for k in keys),
            (1, 3),
        ),
    ]  # fmt: skip
    for area in content["areas"]:
        blocks += _area(area, keys, told, words, asked)
    for heading, field in (
        ("Feedback from stakeholders", "year_feedback"),
        ("Changes in law and guidance", "year_changes"),
    ):
        blocks += [Heading(heading), Paragraph(words.get(field) or _NOTHING_TYPED)]
    head = ReportHead(
        title="Review of the Safeguarding Strategic Plan", organisation=owner.name, date=today,
        subtitle=f"Academic year {year}", is_demonstration=owner.is_demonstration,
        footer_words=content["handling"],
    )  # fmt: skip
    return Paper(f"safeguarding-year-review-{year}", head, tuple(blocks))


def pack_themes(session: Session, key: TermKey) -> tuple[tuple[str, str], ...]:
    """Return the themes of the newest focus pack of a term, as title and reason."""
    for package in packages(session, "focus-pack"):
        body = package.body()
        if isinstance(body, FocusPack) and (body.academic_year, body.term) == key:
            return tuple((theme.title, theme.why) for theme in body.themes)
    return ()


def _area(
    area: Mapping[str, Any], keys: tuple[TermKey, ...],
    told: Mapping[TermKey, Mapping[str, ToldFigure]], words: Mapping[str, Any], asked: Form,
) -> list[Block]:  # fmt: skip
    standing = asked.question(f"{area['id']}_standing")
    said = words.get(f"{area['id']}_standing")
    judged = standing.label_of(said) if standing is not None and said else "Not judged yet"
    rows = tuple(
        (
            next(told[key][field].label for key in keys if field in told[key]),
            *(told[key][field].total if field in told[key] else "—" for key in keys),
            *(told[key][field].rate if field in told[key] else "—" for key in keys[-1:]),
        )
        for field in area["fields"]
        if any(field in told[key] for key in keys)
    )
    columns = ("Figure", *map(term_words, keys), f"Rate, {term_words(keys[-1])}")
    blocks: list[Block] = [
        Heading(area["label"]),
        Paragraph(area["plan"], Tone.QUIET),
        Facts(
            (
                ("How it stands", judged),
                ("What shows it", words.get(f"{area['id']}_why") or _NOTHING_TYPED),
                ("What has to change", words.get(f"{area['id']}_change") or _NOTHING_TYPED),
            )
        ),
    ]
    if rows:
        blocks.append(Grid(columns, rows, (3, *[1.1] * len(keys), 1.4)))
    return blocks


def _words(facts: TermFacts, section: Mapping[str, Any]) -> list[Block]:
    return [Paragraph(facts.words.get(section["field"]) or _NOTHING_TYPED)]


def _focus(facts: TermFacts, section: Mapping[str, Any]) -> list[Block]:
    themes = tuple(f"{title}: {why}" if why else title for title, why in facts.themes)
    blocks: list[Block] = [Bullets(themes)] if themes else \
        [Paragraph("No theme went out in a focus pack for this term.", Tone.QUIET)]  # fmt: skip
    return [*blocks, *_words(facts, section)]


def _returned(facts: TermFacts, section: Mapping[str, Any]) -> list[Block]:
    blocks: list[Block] = [Paragraph(f"{counted_words(facts.standings)}.")]
    missing = [s.school.name for s in facts.standings if s.state is State.OVERDUE]
    if missing:
        blocks.append(Paragraph(f"Missing: {', '.join(missing)}."))
    if section.get("by_school"):
        rows = tuple(
            (s.school.name, s.words_on(facts.today), show_date(s.due) if s.due else "—")
            for s in facts.standings
        )
        blocks.append(Grid(("School", "State", "Due"), rows, (2, 2.6, 1)))
    return blocks


def _figures(facts: TermFacts, section: Mapping[str, Any]) -> list[Block]:
    rows = tuple(
        (told.label, told.total, told.rate, told.change, told.given)
        for field in section["fields"]
        if (told := facts.told.get(field)) is not None
    )
    then = term_words(year_before(facts.key))
    columns = ("Figure", "Trust", "Rate", f"On {then}, same schools", "Given by")
    return [Grid(columns, rows, (3, 1, 1.4, 2, 1.5), "No school gave these figures.")]


def _chart(facts: TermFacts, section: Mapping[str, Any]) -> list[Block]:
    """Draw the first list of a whole's parts; each bar has its words, a hidden one has no bar."""
    parts = parts_of(facts.table.form, section["field"])
    rows = tuple(
        (told.label.partition(": ")[2].capitalize() or told.label, told.number, told.total)
        for name in (parts[0] if parts else ())
        if (told := facts.told.get(name)) is not None
    )
    return [Bars(rows)]


def _standing_out(facts: TermFacts, section: Mapping[str, Any]) -> list[Block]:
    """Name schools and directions, no counts: only what is beyond the second limit and stands."""
    rows = []
    for field in _fields_of(facts, section["paper"]):
        told = facts.told.get(field)
        if told is None or told.total == NOT_SHOWN:
            continue
        for judged in facts.compared.standing_out(field, signals_only=True):
            if judged.stands and judged.count >= 5:
                side = "more" if judged.count > judged.expected else "fewer"
                rows.append((told.label, facts.table.name(judged.urn),
                             f"{side} than the other schools’ figures would give"))  # fmt: skip
    note = (
        "Only what still stands out when all comparisons are taken together. Schools are not "
        "ranked; each is a question that is being talked through with the school."
    )
    return [
        Paragraph(facts.compared.sentence, Tone.QUIET),
        Grid(("Figure", "School", "What stands out"), tuple(rows), (3, 2, 3),
             "No school stands out beyond what so many comparisons give by chance."),
        Paragraph(note, Tone.QUIET),
    ]  # fmt: skip


def _fields_of(facts: TermFacts, paper: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the figures that a paper shows, a chart's parts among them."""
    found: dict[str, None] = {}
    for section in paper["sections"]:
        found |= dict.fromkeys(section.get("fields", ()))
        if section["kind"] == "chart":
            parts = parts_of(facts.table.form, section["field"])
            found |= dict.fromkeys(parts[0] if parts else ())
    return tuple(found)


_SECTIONS: dict[str, Callable[[TermFacts, Mapping[str, Any]], list[Block]]] = {
    "words": _words, "focus": _focus, "returned": _returned, "figures": _figures,
    "chart": _chart, "standing_out": _standing_out,
}  # fmt: skip


def _head(owner: Owner, title: str, key: TermKey, today: date) -> ReportHead:
    return ReportHead(
        title=title, organisation=owner.name, date=today, subtitle=term_words(key),
        is_demonstration=owner.is_demonstration, footer_words=shipped_yaml(_FILE)["handling"],
    )  # fmt: skip
