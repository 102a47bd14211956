"""The full report of a visit as a paper: for the school and the ESL, with true numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from odbst_desktop.form_engine.definition import Form, Group, Item, Repeat
from odbst_desktop.form_library.guidance import guidance_of
from odbst_desktop.monitoring.checklists import (
    Finding,
    agreed_actions,
    basis_words,
    checked_questions,
    findings,
    gaps,
    score,
)
from odbst_desktop.monitoring.pupil_voice import Voice, voice
from odbst_desktop.monitoring.sample import sample_is_as_drawn, sampled
from odbst_desktop.monitoring.staff_voice import STAFF, Consistency, by_question, by_role, weakest
from odbst_desktop.monitoring.visits import Visit
from odbst_desktop.reports.blocks import (
    Block,
    Bullets,
    Facts,
    Grid,
    Heading,
    Paragraph,
    ReportHead,
    Signature,
    Signatures,
    Tone,
)
from odbst_desktop.reports.document import Paper
from odbst_desktop.reports.form_paper import form_blocks
from odbst_desktop.school.typed_dates import show_date

_SIGNS = {"yes": "✓", "partly": "~", "no": "✗", "not_seen": "○", "not_applicable": "–", "": "?"}
_HONEST = "“Not seen” is an honest answer and no failure. Scores are not compared between schools."


def visit_report(
    visit: Visit, school: str, *, is_demonstration: bool, signed: bool,
    known: Mapping[str, Any] | None = None,
) -> Paper:  # fmt: skip
    """Return the report, marked DRAFT until it is signed; ``known`` are answers as signed."""
    form, answers = visit.form, known if known is not None else visit.answers
    head = ReportHead(
        title=form.title,
        organisation=school,
        date=visit.visited_on,
        subtitle=f"Report of the safeguarding governor, {visit.governor}",
        is_demonstration=is_demonstration,
        is_draft=not signed,
        footer_words="Governors monitor systems, never cases. Nobody is named in this report.",
    )
    found = findings(form, answers)
    blocks: list[Block] = [
        *_summary(form, answers, found),
        *_findings(found),
        *_agreed(form, answers),
        *response_blocks(visit),
        *_sample(form, answers),
        *_staff(form, answers),
        *_children(form, answers),
        *form_blocks(_without_checks(form), answers, skip_blank=True),
        Heading("What the questions rest on"),
        Bullets(guidance_of(checked_questions(form))),
    ]
    if visit.amend_reason and not answers.get("amended_because"):
        blocks.insert(0, Paragraph(f"Amended because: {visit.amend_reason}", Tone.NOTICE))
    if signed:
        words = "Signed electronically; the signature is in the package this report came in."
        blocks.append(Signatures((Signature("Safeguarding governor", visit.governor, words),)))
    return Paper("monitoring-visit", head, tuple(blocks))


_ENDS = ("", "_basis", "_evidence", "_action", "_owner", "_due")
"""What the names of the questions under a question of a checklist end in."""


def answer_words(finding: Finding) -> str:
    """Return an answer by shape and word."""
    label = finding.question.label_of(finding.answer) if finding.answer else "Not answered"
    return f"{_SIGNS[finding.answer]} {label}"


def share_words(share: float | None) -> str:
    """Return a score in per cent, or a dash."""
    return "–" if share is None else f"{share:.0%}"


def response_blocks(visit: Visit) -> tuple[Block, ...]:
    """Return what the school says beside each finding, with who and when."""
    if not visit.responses:
        return ()
    when = show_date(visit.responded_on) if visit.responded_on else ""
    short = {finding.question.name: finding.short for finding in findings(visit.form, {})}
    rows = tuple(
        (short.get(name, "The visit as a whole"), text) for name, text in visit.responses.items()
    )
    return (
        Heading("The school’s response"),
        Grid(("Finding", "Response"), rows, (1.0, 2.0)),
        Paragraph(f"{visit.responded_by}, {when}", Tone.QUIET),
    )


def _summary(
    form: Form, answers: Mapping[str, Any], found: tuple[Finding, ...]
) -> tuple[Block, ...]:
    counted, wanting = score(found), gaps(form, answers)
    blocks: list[Block] = [
        Heading("In short"),
        Paragraph(f"{counted.words}. Score {share_words(counted.share)}: yes counts one, partly a "
                  "half, over what could be judged.", Tone.LEAD),
    ]  # fmt: skip
    if wanting:
        blocks.append(Paragraph("Answered “no” or “partly”:"))
        blocks.append(Bullets(tuple(finding.short for finding in wanting)))
    else:
        blocks.append(Paragraph("Nothing was answered “no” or “partly”."))
    return (*blocks, Paragraph(_HONEST, Tone.QUIET))


def _findings(found: tuple[Finding, ...]) -> tuple[Block, ...]:
    rows = tuple((f.question.label, answer_words(f), f.evidence_words) for f in found)
    known = basis_words(found)
    rests = (Paragraph(f"What the answers rest on: {known}.", Tone.QUIET),) if known else ()
    return (
        Heading("What was checked"),
        Grid(("Question", "Answer", "Evidence"), rows, (4, 2, 3)),
        *rests,
    )


def _agreed(form: Form, answers: Mapping[str, Any]) -> tuple[Block, ...]:
    short = {finding.question.name: finding.short for finding in findings(form, {})}
    rows = tuple(
        (a.action, short.get(a.about, "–"), a.owner, show_date(a.due))
        for a in agreed_actions(form, answers)
    )
    columns = ("Action", "About", "By whom", "By when")
    return (
        Heading("Actions agreed"),
        Grid(columns, rows, (4, 2, 2, 2), empty_words="No action was agreed."),
    )


def _sample(form: Form, answers: Mapping[str, Any]) -> tuple[Block, ...]:
    if form.question("sample_seed") is None or not answers.get("sampled_rows"):
        return ()
    traced = sampled(answers)
    how = (
        "drawing again with this seed gives the same rows"
        if sample_is_as_drawn(answers)
        else "the rows traced are not those that this seed draws"
    )
    return (
        Heading("Sample of the record"),
        Facts(
            (
                ("Entries on the record", str(answers.get("entries_total", ""))),
                ("Seed", f"{answers.get('sample_seed', 'none')}: {how}. The rows are those for "
                         "which SHA-256 of SEED:ROW is smallest."),
                ("Rows traced", str(traced.rows)),
                ("With a gap", f"{traced.with_gap}, of which {traced.gaps_left} not put right on "
                               f"the day and {traced.serious} serious"),
            )
        ),
    )  # fmt: skip


def _staff(form: Form, answers: Mapping[str, Any]) -> tuple[Block, ...]:
    rows = answers.get(STAFF) or []
    if not rows or not any(repeat.name == STAFF for repeat in form.repeats()):
        return ()
    questions = by_question(form, rows)
    least = weakest(questions)
    blocks: list[Block] = [Heading("What staff said, by question"), _scores("Question", questions)]
    if least:
        names = " and ".join(f"“{known.words}”" for known in least)
        blocks.append(Paragraph(f"Least known: {names}."))
    return (*blocks, Heading("By role"), _scores("Role", by_role(form, rows)))


def _scores(title: str, scores: tuple[Consistency, ...]) -> Grid:
    rows = tuple((s.words, s.counts, share_words(s.share)) for s in scores)
    return Grid((title, "Counts", "Score"), rows, (4, 3, 1))


def _children(form: Form, answers: Mapping[str, Any]) -> tuple[Block, ...]:
    if not any(repeat.name == "groups" for repeat in form.repeats()):
        return ()
    heard: Voice = voice(answers)
    if not heard.children:
        return ()
    rows = tuple((f.label, str(f.safe), str(f.unsure), str(f.unsafe)) for f in heard.places)
    return (
        Heading("What children said"),
        Paragraph(f"{heard.feel_safe} of {heard.children} children in {len(heard.groups)} groups "
                  "said that they feel safe in school."),
        Grid(("Place", "Safe", "Not sure", "Not safe"), rows, (4, 1, 1, 1),
             empty_words="No place was spoken of."),
    )  # fmt: skip


def _without_checks(form: Form) -> Form:
    """Return a checklist without what the report shows in tables of its own."""
    names = {q.name for q in checked_questions(form)}
    hidden = {f"{n}{end}" for n in names for end in _ENDS}
    hidden |= {"actions", STAFF, "groups", "felt", "entries_total", "sample_seed"}
    items: list[Item] = []
    for item in form.items:
        if isinstance(item, Group):
            kept = tuple(inner for inner in item.items if inner.name not in hidden)
            if kept:
                items.append(replace(item, items=kept))
        elif isinstance(item, Repeat) and item.name not in hidden:
            items.append(item)
    return replace(form, items=tuple(items))
