"""The register as a paper: for the governing board, and for an inspector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum

from odbst_desktop.compliance.facts import PolicyFacts
from odbst_desktop.compliance.items import POLICIES, plan_title
from odbst_desktop.compliance.register import Evidence, Standing, State, by_area, count_states
from odbst_desktop.compliance.term_check import Gap
from odbst_desktop.reports.blocks import (
    Block,
    Bullets,
    Facts,
    Grid,
    Heading,
    NewPage,
    Paragraph,
    ReportHead,
    Tone,
)
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.owner import Owner
from odbst_desktop.school.typed_dates import show_date

_ORDER = (State.IN_PLACE, State.PARTLY, State.MISSING, State.LAPSED, State.UNSAID, State.NIL)
_FOOTER = "Policies and duties of the trust’s plan. Nothing in this paper is about a child."
_FIRST_QUESTIONS = (
    "two_senior_dsls", "safeguarding_governor", "single_scr", "scr_head_check", "code_of_conduct",
    "weekly_meetings", "low_level_system", "sdp_section",
)  # fmt: skip
"""What an inspector asks first; the page that is shown in two minutes answers these."""
_MOST_WANTING, _LONGEST_EVIDENCE = 7, 100
"""What fits beside the answers on one page."""


class Reader(Enum):
    """Who reads the register; the value is the paper's subtitle."""

    LGB = "For the local governing body"
    INSPECTOR = "For an inspector: the first page in two minutes"


def register_paper(
    known: Sequence[Standing],
    evidence: Mapping[str, Evidence],
    missing: Sequence[Gap],
    owner: Owner,
    reader: Reader,
) -> Paper:
    """Return the register as it stands: counts first, then each area of the plan."""
    on = known[0].on
    head = ReportHead(
        title="Safeguarding compliance register",
        organisation=owner.name,
        date=on,
        subtitle=reader.value,
        is_demonstration=owner.is_demonstration,
        footer_words=_FOOTER,
    )
    if reader is Reader.LGB:
        first = (*summary_blocks(known), *missing_blocks(missing, on))
    else:
        first = (*_two_minutes(known, evidence), NewPage())
    source = Paragraph(f"The duties are those of the {plan_title()}, in its words.", Tone.QUIET)
    name = "compliance-register" if reader is Reader.LGB else "compliance-for-an-inspector"
    return Paper(name, head, (*first, source, *list_blocks(known, evidence)))


def summary_blocks(known: Sequence[Standing], *, level: int = 1) -> tuple[Block, ...]:
    """Return the counts: policies in a sentence, then the states of each area."""
    rows = []
    for area, listed in by_area(known):
        counts = count_states(listed)
        rows.append((area.short, *(str(counts[state]) for state in _ORDER), str(len(listed))))
    counts = count_states(known)
    rows.append(("All", *(str(counts[state]) for state in _ORDER), str(len(known))))
    return (
        Heading("In short", level),
        Paragraph(policy_words(known), Tone.LEAD),
        Grid(
            ("Area of the plan", *(state.shown for state in _ORDER), "All"),
            tuple(rows),
            (2.5, *(1.25 for _ in _ORDER), 0.8),
        ),
    )


def policy_words(known: Sequence[Standing]) -> str:
    """Return how many policies are current and published, in a sentence."""
    policies = [now for now in known if now.item.is_policy]
    current = sum(now.is_current_policy for now in policies)
    seen = [now.answer.facts.website_on for now in policies if now.answer]
    days = [day for day in seen if day is not None]
    website = (
        f"{len(days)} were seen on the school website, last on {show_date(max(days))}"
        if days
        else "none was seen on the school website yet"
    )
    return (
        f"{current} of {len(policies)} policies are received by the LGB and within their review "
        f"date; {website}."
    )


def missing_blocks(missing: Sequence[Gap], on: date, *, level: int = 1) -> tuple[Block, ...]:
    """Return what is wanting, with its owner and whether it is an action."""
    wanting = [gap for gap in missing if not gap.standing.state.is_well]
    rows = tuple(
        (
            gap.standing.state.shown,
            gap.standing.item.label,
            gap.words,
            gap.standing.owner,
            "In the list of actions" if gap.has_action else "—",
        )
        for gap in wanting
    )
    return (
        Heading("What is wanting", level),
        Grid(
            ("State", "Policy or duty", "What is wanting", "Owner", "Action"), rows,
            (1.4, 2.6, 3, 1.4, 1.2), empty_words=f"Nothing is wanting on {show_date(on)}.",
        ),
    )  # fmt: skip


def list_blocks(
    known: Sequence[Standing], evidence: Mapping[str, Evidence], *, level: int = 1
) -> tuple[Block, ...]:
    """Return every entry: a table of the policies, then a table for each area of duties."""
    blocks: list[Block] = []
    for area, listed in by_area(known):
        blocks.append(Heading(area.label, level))
        if area.id == POLICIES:
            blocks += _policies(listed, level + 1)
        else:
            blocks.append(_duties(listed, evidence))
    return tuple(blocks)


def _two_minutes(known: Sequence[Standing], evidence: Mapping[str, Evidence]) -> tuple[Block, ...]:
    by_id = {now.item.id: now for now in known}
    main = by_id["child_protection"].answer
    facts = main.facts if main else None
    counts = count_states(known)
    rows = [
        (now.item.label, _cut(f"{now.state.shown}. {_shown_by(now, evidence)}"))
        for now in (by_id[name] for name in _FIRST_QUESTIONS)
    ]
    wanting = [f"{now.state.shown}: {now.item.label}" for now in known if not now.state.is_well]
    more = len(wanting) - _MOST_WANTING
    shown = (*wanting[:_MOST_WANTING], *((f"and {more} more in the list",) if more > 0 else ()))
    return (
        Paragraph(policy_words(known), Tone.LEAD),
        Paragraph(" · ".join(f"{state.shown}: {counts[state]}" for state in _ORDER)),
        Heading("What is asked first"),
        Facts((
            ("Child protection policy", (facts and facts.website_address) or "Not noted where."),
            ("Received by the LGB", _day(facts.received_on if facts else None)),
            ("Next review", _day(facts.next_review if facts else None)),
            *rows,
        )),
        Heading("What is wanting"),
        Bullets(shown) if shown else Paragraph("Nothing is wanting."),
    )  # fmt: skip


def _policies(listed: Sequence[Standing], level: int) -> tuple[Block, ...]:
    rows, addresses = [], Counter[str]()
    for now in listed:
        facts = now.answer.facts if now.answer else PolicyFacts()
        own = "nothing to do" if facts.nothing_to_personalise else _day(facts.personalised_on)
        rows.append((
            now.item.label, now.state.shown, facts.version or "—", own, _day(facts.received_on),
            _day(facts.website_on), _day(facts.next_review),
        ))  # fmt: skip
        addresses.update([facts.website_address] if facts.website_address else [])
    columns = ("Policy", "State", "Trust version", "Personalised", "LGB received",
               "Seen on the website", "Next review")  # fmt: skip
    found = tuple((f"{count} policies", address) for address, count in addresses.most_common())
    return (
        Grid(columns, tuple(rows), (2.4, 1.5, 1, 1.5, 1.3, 1.4, 1.3)),
        *((Heading("Where they were seen", level), Facts(found)) if found else ()),
    )


def _duties(listed: Sequence[Standing], evidence: Mapping[str, Evidence]) -> Grid:
    rows = tuple(
        (
            f"{now.item.label}\n{now.item.source_words}",
            now.state.shown,
            _shown_by(now, evidence) or "—",
            now.owner,
            _day(now.last_on),
            _day(now.next_on),
        )
        for now in listed
    )
    columns = ("Duty, and the plan’s words", "State", "Evidence", "Owner", "Last", "Next")
    return Grid(columns, rows, (3.4, 1.3, 2.4, 1.55, 1.05, 1.05))


def _shown_by(now: Standing, evidence: Mapping[str, Evidence]) -> str:
    beside = evidence.get(now.item.id)
    said = now.item.nil if now.state is State.NIL else now.evidence
    return "\n".join(part for part in (said, beside.words if beside else "") if part)


def _cut(words: str) -> str:
    """Keep one page one page: what is long stands in the list."""
    line = " · ".join(part.strip() for part in words.splitlines())
    return line if len(line) <= _LONGEST_EVIDENCE else f"{line[: _LONGEST_EVIDENCE - 1]}…"


def _day(day: date | None) -> str:
    return show_date(day) if day else "—"
