"""What is known of one entry of the register: the plan's words, answers, the vault's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtWidgets import QFormLayout, QListWidget, QVBoxLayout, QWidget

from odbst_desktop.compliance.drafts import read_draft
from odbst_desktop.compliance.items import area, item
from odbst_desktop.compliance.register import Answer, Evidence, Standing, State, history, standing
from odbst_desktop.compliance.term_check import Progress
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.office.compliance import evidence_of, progress_today
from odbst_desktop.school.people import people
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.vault.vault import Vault

_HISTORY_ROWS = 4


@dataclass(frozen=True, slots=True)
class OpenedItem:
    """An entry with all that is shown of it."""

    now: Standing
    evidence: Evidence | None
    said: tuple[Answer, ...]
    progress: Progress
    names: tuple[str, ...]
    draft: dict[str, Any]


def read_item(vault: Vault, name: str) -> OpenedItem:
    """Read an entry as it stands today."""
    with vault.reading() as session:
        today, entry = vault.today(), item(name)
        now = standing(session, entry, today)
        names = tuple(person.name for person in people(session))
        return OpenedItem(
            now, evidence_of(session, entry, today), history(session, name),
            progress_today(session, today), names, read_draft(session, name),
        )  # fmt: skip


def item_view(opened: OpenedItem, place: str) -> QWidget:
    """Return what is known of an entry: the plan's words, the last answer, the vault's own."""
    now, view = opened.now, QWidget()
    column = QVBoxLayout(view)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2 * STEP)
    column.addWidget(words(f"{area(now.item.area).label} · {place}", "quiet"))
    column.addWidget(words(now.item.label, "heading"))
    column.addWidget(words(now.item.source_words, "quiet"))
    facts = QFormLayout()
    facts.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    facts.setHorizontalSpacing(4 * STEP)
    for name, value in (*_last_answer(now), *_policy_facts(now)):
        facts.addRow(f"{name}:", words(value))
    if opened.evidence is not None:
        sign = {True: "✓ ", False: "! ", None: ""}[opened.evidence.agrees]
        kind = "warning" if opened.evidence.agrees is False else ""
        facts.addRow("This vault knows:", words(f"{sign}{opened.evidence.words}", kind))
    column.addLayout(facts)
    if opened.said:
        column.addWidget(words("Who said what when", "quiet"))
        column.addWidget(_history(opened.said))
    column.addStretch(1)
    return view


def _last_answer(now: Standing) -> list[tuple[str, str]]:
    if now.answer is None:
        return [("Last answer", State.UNSAID.shown)]
    answer = now.answer
    wants = "; ".join(want for want in now.wants if want and want != answer.evidence)
    rows = [
        ("Now", now.state.shown + (f": {wants}" if wants else "")),
        ("Last answer", f"{show_date(answer.said_on)}, {answer.said_by}"),
        ("Evidence", now.item.nil if answer.state is State.NIL else answer.evidence),
        ("Owner", now.owner),
        (now.item.event or "Last", _day(None if now.item.is_policy else now.last_on)),
        ("Next", _day(now.next_on)),
    ]
    return [(name, value) for name, value in rows if value]


def _policy_facts(now: Standing) -> list[tuple[str, str]]:
    published = [("Published", now.trust.words)] if now.trust else []
    if now.trust and now.trust.changes:
        published.append(("What is new in it", now.trust.changes))
    if not now.item.is_policy or now.answer is None:
        return published
    facts = now.answer.facts
    days = (
        ("Personalised", facts.personalised_on),
        ("Received by the LGB", facts.received_on),
        ("On the website", facts.website_on),
    )
    rows = [("Trust version", facts.version)]
    rows += [(name, show_date(day)) for name, day in days if day]
    if facts.nothing_to_personalise:
        rows.append(("Personalised", "Nothing to personalise this year"))
    rows.append(("Address", facts.website_address))
    return [(name, value) for name, value in rows if value] + published


def _history(said: tuple[Answer, ...]) -> QListWidget:
    listed = QListWidget()
    listed.setAccessibleName("Who said what when")
    listed.setMaximumHeight(_HISTORY_ROWS * int(listed.fontMetrics().height() * 1.6))
    for answer in said:
        back = ", taken back" if answer.is_taken_back else ""
        received = _day(answer.facts.received_on)
        has_state = answer.state is State.MISSING or not answer.facts.version
        parts = (
            show_date(answer.said_on),
            # A policy's state follows from its dates and is another on another day.
            answer.state.shown if has_state else "",
            f"{answer.said_by}{back}",
            f"version {answer.facts.version}" if answer.facts.version else "",
            f"LGB {received}" if received else "",
            answer.evidence,
        )
        listed.addItem(" · ".join(part for part in parts if part))
    return listed


def _day(day: date | None) -> str:
    return show_date(day) if day else ""
