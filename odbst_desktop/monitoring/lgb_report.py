"""The report of a visit to the LGB: no evidence notes, no references, small numbers not told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from odbst_desktop.form_engine.definition import Form
from odbst_desktop.monitoring.checklists import agreed_actions, basis_words, findings, gaps, score
from odbst_desktop.monitoring.judgement import without_identifiers
from odbst_desktop.monitoring.pupil_voice import FEW, LEAST_CHILDREN, told, told_cells, voice
from odbst_desktop.monitoring.report import answer_words, share_words
from odbst_desktop.monitoring.sample import sampled
from odbst_desktop.monitoring.staff_voice import STAFF, by_question, weakest
from odbst_desktop.monitoring.visits import Visit
from odbst_desktop.reports.blocks import Block, Grid, Heading, Paragraph, ReportHead, Tone
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.typed_dates import show_date


def lgb_report(
    visit: Visit, school: str, on: date, *, is_demonstration: bool, known_names: Iterable[str] = ()
) -> Paper:
    """Return the report to the governing board with the school's response beside each finding."""
    form, answers, names = visit.form, visit.answers, tuple(known_names)
    head = ReportHead(
        title=f"Report to the LGB: {form.title}",
        organisation=school,
        date=on,
        subtitle=f"Visit of {show_date(visit.visited_on)} by the safeguarding governor",
        is_demonstration=is_demonstration,
        footer_words=f"Counts from 1 to {FEW} are not told apart. No references, no names of "
                     "children.",
    )  # fmt: skip
    counted = score(findings(form, answers))
    blocks: list[Block] = [
        Paragraph(f"{counted.words}. Score {share_words(counted.share)}; scores are not compared "
                  "between schools.", Tone.LEAD),
        Heading("Strengths"),
        Paragraph(without_identifiers(str(answers.get("strengths") or "–"), names)),
        *_findings(form, answers, visit, names),
        *_whole(visit, names),
        *_sample(form, answers),
        *_staff(form, answers),
        *_children(form, answers),
        Paragraph(_reported(visit), Tone.QUIET),
    ]  # fmt: skip
    return Paper("report-to-lgb", head, tuple(blocks))


def _findings(
    form: Form, answers: Mapping[str, Any], visit: Visit, names: tuple[str, ...]
) -> tuple[Block, ...]:
    actions = agreed_actions(form, answers)
    rows = []
    for finding in gaps(form, answers):
        agreed = [a for a in actions if a.about == finding.question.name]
        rows.append(
            (
                finding.short, answer_words(finding),
                "; ".join(_action(a.action, a.owner, a.due, names) for a in agreed),
                without_identifiers(visit.responses.get(finding.question.name, "–"), names),
            )
        )  # fmt: skip
    further = tuple((_action(a.action, a.owner, a.due, names),) for a in actions if not a.about)
    blocks: list[Block] = [
        Heading("Findings, actions and the school’s response"),
        Grid(("Finding", "Answer", "Action agreed", "The school says"), tuple(rows), (3, 2, 4, 4),
             empty_words="Nothing was answered “no” or “partly”."),
    ]  # fmt: skip
    if known := basis_words(findings(form, answers)):
        blocks.append(Paragraph(f"What the answers rest on: {known}.", Tone.QUIET))
    if further:
        blocks += [Heading("Further actions"), Grid(("Action",), further)]
    unseen = tuple(f.short for f in findings(form, answers) if f.answer == "not_seen")
    if unseen:
        blocks.append(Paragraph(f"Not seen on the day: {', '.join(unseen)}."))
    return tuple(blocks)


def _action(action: str, owner: str, due: date, names: tuple[str, ...]) -> str:
    return f"{without_identifiers(action, names)} ({owner}, by {show_date(due)})"


def _whole(visit: Visit, names: tuple[str, ...]) -> tuple[Block, ...]:
    said = visit.responses.get("", "")
    if not visit.responses:
        return (Paragraph("The school has not responded yet.", Tone.NOTICE),)
    when = show_date(visit.responded_on) if visit.responded_on else ""
    blocks: list[Block] = [Paragraph(f"Response of the school, {when}.", Tone.QUIET)]
    if said:
        blocks.insert(0, Paragraph(without_identifiers(said, names)))
    return tuple(blocks)


def _sample(form: Form, answers: Mapping[str, Any]) -> tuple[Block, ...]:
    if form.question("sample_seed") is None or not answers.get("sampled_rows"):
        return ()
    traced = sampled(answers)
    wanting = told(traced.with_gap)
    words = f"{traced.rows} rows of the record, drawn at random, were traced to the files."
    return (
        Heading("Sample of the record"),
        Paragraph(f"{words} With a gap: {wanting}."),
    )


def _staff(form: Form, answers: Mapping[str, Any]) -> tuple[Block, ...]:
    rows = answers.get(STAFF) or []
    if not rows or not any(repeat.name == STAFF for repeat in form.repeats()):
        return ()
    scores = by_question(form, rows)
    least = weakest(scores)
    grid = Grid(("Question", "Who knew it"), tuple((s.words, s.in_words) for s in scores), (3, 2))
    blocks: list[Block] = [Heading("What staff understand"), grid]
    if least:
        blocks.append(Paragraph(f"Least known: {', '.join(s.words for s in least)}."))
    return tuple(blocks)


def _children(form: Form, answers: Mapping[str, Any]) -> tuple[Block, ...]:
    if not any(repeat.name == "groups" for repeat in form.repeats()):
        return ()
    heard = voice(answers)
    if not heard.may_be_reported:
        words = f"Fewer than {LEAST_CHILDREN} children were asked, so no count is reported."
        return (Heading("What children said"), Paragraph(words))
    safe, not_safe = told_cells((heard.feel_safe, heard.children - heard.feel_safe))
    rows = tuple(
        (felt.label, *told_cells((felt.safe, felt.unsure, felt.unsafe))) for felt in heard.places
    )
    return (
        Heading("What children said"),
        Paragraph(f"{heard.children} children were asked in groups. Feel safe in school: {safe}; "
                  f"do not, or are not sure: {not_safe}."),
        Grid(("Place", "Safe", "Not sure", "Not safe"), rows, (4, 1, 1, 1),
             empty_words="No place was spoken of."),
    )  # fmt: skip


def _reported(visit: Visit) -> str:
    if visit.reported_on is None:
        return "Not reported to the LGB yet."
    return f"Reported to the LGB on {show_date(visit.reported_on)}."
