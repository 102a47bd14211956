"""The parts of the inspection folder, each from the room that holds it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from sqlmodel import Session

from odbst_desktop.actions.list import Action, actions
from odbst_desktop.analysis.redaction import redacted
from odbst_desktop.analysis.suppression import shown_count, suppress
from odbst_desktop.compliance.paper import list_blocks, missing_blocks, summary_blocks
from odbst_desktop.compliance.register import Standing
from odbst_desktop.errors import InputError
from odbst_desktop.meetings.counts import coverage
from odbst_desktop.meetings.decisions import effects_of
from odbst_desktop.meetings.log import Meeting, meetings
from odbst_desktop.meetings.trend_report import read_trends
from odbst_desktop.monitoring.checklists import checked_questions, gaps
from odbst_desktop.monitoring.sample import sampled
from odbst_desktop.monitoring.visits import Visit, visits
from odbst_desktop.office.calendar import own_authority
from odbst_desktop.office.compliance import is_senior_dsl, own_cycle, register_today
from odbst_desktop.reports.blocks import Block, Bullets, Facts, Grid, Heading, Paragraph, Tone
from odbst_desktop.school.calendar import Term, academic_year, week_of, year_of
from odbst_desktop.school.people import people, role_label
from odbst_desktop.school.references import categories
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.shipped import shipped_yaml
from odbst_desktop.training.matrix import training_matrix

_TEAM = ("headteacher", "dsl", "deputy_dsl", "safeguarding_governor", "chair", "flo")
_KINDS = (
    ("staff", "Staff"), ("supply", "Supply staff"), ("governor", "Governors"),
    ("trustee", "Trustees"), ("trust", "Trust team"), ("volunteer", "Volunteers"),
)  # fmt: skip
_SCR = "single_central_record"
_DONE = frozenset({"received", "signed"})
_STATES = {"open": "○ Open", "done": "✓ Done", "dropped": "– Dropped"}
_MOST_DECISIONS = 40


class SafeWords:
    """Shows typed words without references and likely names, and counts what it left out."""

    def __init__(self, references: frozenset[str], names: tuple[str, ...]) -> None:
        self._references, self._names, self.left_out = references, names, 0

    @classmethod
    def of(cls, session: Session) -> SafeWords:
        """Know the references of every meeting and the adults of the school."""
        references = {
            str(row.get("reference") or "")
            for meeting in meetings(session)
            for row in meeting.answers.get("children", [])
        }
        return cls(frozenset(references), tuple(person.name for person in people(session)))

    def show(self, text: str) -> str:
        """Return words as they may be shown."""
        found = redacted(text, self._references, self._names)
        self.left_out += found.left_out
        return found.text


@dataclass(frozen=True, slots=True)
class Look:
    """What every part is made from; ``terms`` are the one before and the running one."""

    session: Session
    today: date
    terms: tuple[Term, ...]
    safe: SafeWords


def newest_terms(session: Session, today: date) -> tuple[Term, ...]:
    """Return the two newest terms that have begun, as far as their dates are known."""
    first = int(year_of(today)[:4])
    known: list[Term] = []
    for year in (first - 1, first):
        label = f"{year}-{(year + 1) % 100:02d}"
        try:
            known += academic_year(label, own_authority(session)).terms
        except InputError:
            continue
    return tuple(term for term in known if term.opens <= today)[-2:]


def _team(look: Look) -> list[Block]:
    here = people(look.session, look.today)
    rows = []
    for role in _TEAM:
        for person in (p for p in here if role in p.roles_on(look.today)):
            since = max(held.starts for held in person.roles if held.role == role)
            is_also = role in {"dsl", "deputy_dsl"} and is_senior_dsl(person, look.today)
            also = "Also senior leader or headteacher" if is_also else "—"
            rows.append((role_label(role), person.name, show_date(since), also))
    counts = Counter(kind for person in here for kind in person.kinds_on(look.today))
    return [
        Grid(("Role", "Name", "Since", "Seniority"), tuple(rows), (2, 2, 1.2, 2)),
        Facts(tuple((label, shown_count(counts[kind])) for kind, label in _KINDS)),
    ]


def _training(look: Look) -> list[Block]:
    matrix = training_matrix(look.session, look.today, own_authority(look.session))
    asked, counts = [], []
    for course in matrix.courses:
        # Kinds of people apart: a row of staff and governors together would give away, beside
        # a row of staff alone, how many governors there are.
        for kind, label in _KINDS:
            cells = matrix.required(course.id, kind)
            in_date = sum(cell.counts for cell in cells)
            if cells:
                asked.append((course.label, label, course.source))
                counts.append([in_date, len(cells) - in_date])
    if not counts:
        return [Paragraph("Nobody is in the list of people yet.", Tone.QUIET)]
    shown = suppress(counts, with_column_totals=False)
    rows = tuple(
        (course, kind, total, *cells, source)
        for (course, kind, source), total, cells in zip(
            asked, shown.row_totals, shown.cells, strict=True
        )
    )
    return [
        Paragraph(f"People who need each course by their roles on {show_date(look.today)}."),
        Grid(("Course", "Who", "Need it", "In date", "Not in date", "Asked by"), rows,
             (3, 1.3, 1, 1, 1.1, 2.4)),
    ]  # fmt: skip


def _scr(look: Look) -> list[Block]:
    blocks: list[Block] = []
    for visit in _received(look):
        if visit.form_id == _SCR:
            blocks += _scr_check(look, visit)
    return blocks or [Paragraph("No check by the governor was received yet.", Tone.QUIET)]


def _scr_check(look: Look, visit: Visit) -> list[Block]:
    form, answers = visit.form, visit.answers
    questions = checked_questions(form)
    found = Counter(q.label_of(answers[q.name]) for q in questions if answers.get(q.name))
    traced = sampled(answers)
    shown = suppress([[traced.with_gap, traced.rows - traced.with_gap]], with_column_totals=False)
    agreed = actions(look.session, origin=f"visit/{visit.id}")
    wanting = [f.question.label for f in gaps(visit.form, answers)]
    rows = (
        ("Governor", visit.governor),
        ("Questions", " · ".join(f"{label}: {count}" for label, count in found.items())),
        ("Entries on the record", shown_count(_count(answers.get("entries_total")))),
        ("Entries traced to their files", shown.row_totals[0]),
        ("Of these with a gap", shown.cells[0][0]),
        ("Of these without a gap", shown.cells[0][1]),
    )
    blocks: list[Block] = [Heading(f"Check of {show_date(visit.visited_on)}", 2), Facts(rows)]
    if wanting:
        blocks += [Paragraph("Answered “partly” or “no”:"), Bullets(tuple(wanting))]
    return [*blocks, _actions(look, agreed, "No action was agreed.")]


def _monitoring(look: Look) -> list[Block]:
    planned = own_cycle(look.session, look.today)
    rows = tuple(
        (
            check.half_term_label,
            check.title,
            check.state_on(look.today),
            show_date(check.visit.visited_on) if check.visit else f"by {show_date(check.closes)}",
        )
        for check in planned
    )
    agreed = [
        action for visit in _received(look)
        for action in actions(look.session, origin=f"visit/{visit.id}")
    ]  # fmt: skip
    return [
        Grid(("Half-term", "Check", "State", "Date"), rows, (2, 3, 2, 1.6)),
        Heading("Actions agreed on visits", 2),
        _actions(look, tuple(agreed), "No action was agreed."),
    ]


def _meetings(look: Look) -> list[Block]:
    rows = []
    for term in look.terms:
        days = [m.held_on for m in _closed(look, term)]
        held = {week_of(day) for day in days}
        missed = [
            show_date(week) for week in term.meeting_weeks()
            if week < week_of(look.today) and week not in held
        ]  # fmt: skip
        longest = max(((b - a).days for a, b in pairwise(sorted(days))), default=0)
        rows.append((
            term.label, coverage(look.session, term, look.today).words,
            f"{longest} days" if longest else "—",
            ", ".join(missed) or "—",
        ))  # fmt: skip
    columns = ("Term", "Weeks with a closed meeting", "Longest time between two",
               "Weeks without, beginning on")  # fmt: skip
    return [Grid(columns, tuple(rows), (2, 2, 2, 3))]


def _decisions(look: Look) -> list[Block]:
    first = look.terms[0].opens if look.terms else look.today
    decided = [
        action for action in actions(look.session)
        if action.origin.startswith("meeting/") and action.opened_on >= first
    ]  # fmt: skip
    newest = sorted(decided, key=lambda action: action.opened_on, reverse=True)
    states = Counter(_STATES[action.state] for action in decided)
    words = " · ".join(f"{state}: {states[state]}" for state in _STATES.values())
    more = len(newest) - _MOST_DECISIONS
    return [
        Paragraph(f"{len(decided)} decisions since {show_date(first)}. {words}."),
        _actions(look, tuple(newest[:_MOST_DECISIONS]), "No decision is recorded."),
        *([Paragraph(f"{more} older decisions are in the minutes.", Tone.QUIET)]
          if more > 0 else []),
        *_judged(look, first),
        *_effects(look),
    ]  # fmt: skip


def _judged(look: Look, first: date) -> list[Block]:
    """Return what came of the decisions that are measured, in words: counts could be small."""
    trends = read_trends(look.session, look.today)
    found = [
        effect for effect in effects_of(trends.decisions, trends.series)
        if effect.decision.on >= first
    ]  # fmt: skip
    if not found:
        return []
    rows = tuple(
        (
            show_date(effect.decision.on),
            look.safe.show(effect.decision.words),
            effect.label,
            effect.counts.outcome.value.capitalize(),
            f"{effect.counts.before_weeks} and {effect.counts.after_weeks}",
        )
        for effect in reversed(found[-_MOST_DECISIONS:])
    )
    columns = ("Decided", "Decision", "Measured by", "Since then", "Weeks before and after")
    return [
        Heading("Did it work?", 2),
        Paragraph(
            "Weekly counts of as many weeks before and after the decision, compared with exact "
            "limits. One comparison cannot prove a cause."
        ),
        Grid(columns, rows, (1.1, 3.4, 2, 1.6, 1.3)),
    ]


def _effects(look: Look) -> list[Block]:
    groups = {category.id: category.group for category in categories()}
    labels = {g["id"]: g["label"] for g in shipped_yaml("resources/categories.yaml")["groups"]}
    tallies = []
    for term in look.terms:
        tally: Counter[str] = Counter()
        for row in (row for m in _closed(look, term) for row in m.answers.get("concerns", [])):
            tally[groups.get(row.get("category") or "", "")] += _count(row.get("count"))
        tallies.append(tally)
    used = [name for name in labels if any(tally[name] for tally in tallies)]
    if not used:
        return []
    shown = suppress([[tally[name] for tally in tallies] for name in used], with_row_totals=False)
    rows = [(labels[name], *cells) for name, cells in zip(used, shown.cells, strict=True)]
    return [
        Heading("What the figures did", 2),
        Paragraph(
            "New concerns counted in closed meetings. The running term is not over, and more "
            "recording may be better recording: a rise is a question, not a fault."
        ),
        Grid(
            ("Concerns", *(term.label for term in look.terms)),
            (*rows, ("All of these", *shown.column_totals)),
            (3, *(1.5 for _ in look.terms)),
        ),
    ]


def _register(look: Look) -> list[Block]:
    register = register_today(look.session, look.today)
    known = tuple(_safely(look, now) for now in register.standings)
    missing = tuple(
        replace(gap, standing=_safely(look, gap.standing), words=look.safe.show(gap.words))
        for gap in register.gaps
    )
    return [
        *summary_blocks(known, level=2),
        *missing_blocks(missing, look.today, level=2),
        *list_blocks(known, register.evidence, level=2),
    ]


def _safely(look: Look, now: Standing) -> Standing:
    if now.answer is None:
        return now
    return replace(now, answer=replace(now.answer, evidence=look.safe.show(now.evidence)))


def _received(look: Look) -> list[Visit]:
    first = look.terms[0].opens if look.terms else look.today
    known = visits(look.session)
    return [v for v in known if v.state in _DONE and v.visited_on >= first]


def _closed(look: Look, term: Term) -> list[Meeting]:
    return [m for m in meetings(look.session, term.opens, term.closes) if m.is_closed]


def _actions(look: Look, listed: tuple[Action, ...], empty: str) -> Grid:
    rows = tuple(
        (
            show_date(action.opened_on),
            look.safe.show(action.title),
            look.safe.show(action.owner),
            _state_words(action, look.today),
            look.safe.show(_came_of_it(action)) or "—",
        )
        for action in listed
    )
    columns = ("Decided", "What", "Owner", "State", "What came of it, or how it will show")
    return Grid(columns, rows, (1.2, 3, 1.4, 1.6, 2.6), empty_words=empty)


def _came_of_it(action: Action) -> str:
    known = (action.outcome, f"Effect: {action.effect}" if action.effect else "")
    return "\n".join(part for part in known if part) or action.measure


def _state_words(action: Action, today: date) -> str:
    if action.state == "open" and action.is_overdue_on(today):
        return f"✗ Overdue since {show_date(action.due)}"
    if action.state == "open":
        return f"○ Open, due {show_date(action.due)}"
    return f"{_STATES[action.state]} {show_date(action.closed_on)}" if action.closed_on else ""


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0


PARTS: tuple[tuple[str, Callable[[Look], list[Block]]], ...] = (
    ("Team and roles", _team),
    ("Training", _training),
    ("Single central record", _scr),
    ("The governors’ monitoring year", _monitoring),
    ("Weekly meetings of the DSLs", _meetings),
    ("Decisions and their effects", _decisions),
    ("Policies and standing duties", _register),
)
"""The parts in the order of the folder."""
