"""The focus pack of a term while it is written, and what its package will say."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from odbst_desktop.compliance.items import items
from odbst_desktop.compliance.trust_versions import check_trust_versions
from odbst_desktop.errors import InputError
from odbst_desktop.form_engine.answers import check_types, evaluate, problem_words
from odbst_desktop.form_engine.definition import Choice, Form, with_choices
from odbst_desktop.form_engine.reading import shipped_form, shipped_forms
from odbst_desktop.form_engine.starting import starting_answers
from odbst_desktop.form_library.trust_forms import TrustFormId, forms_to_publish, trust_forms
from odbst_desktop.monitoring.packs import UpdateNotice, notice_line
from odbst_desktop.training.catalogue import course_entries
from odbst_desktop.training.published import catalogue_in_use, check_published
from odbst_desktop.trust.terms import TermOf
from odbst_desktop.trust.theme_questions import with_theme_questions
from odbst_desktop.trust.theme_records import PackDraftRow
from odbst_desktop.trust.themes import Choice as ThemeChoice
from odbst_desktop.trust.themes import choice_for
from odbst_desktop.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class PackContent:
    """What a focus pack will say: its body, and the forms that come into use with it."""

    body: Mapping[str, Any]
    forms: tuple[Form, ...]
    marked: tuple[TrustFormId, ...]


def pack_form(session: Session) -> Form:
    """Return the form of a pack, with the policies and courses that can be chosen."""
    catalogue = catalogue_in_use(session)
    return with_choices(
        shipped_form("trust/focus_pack"),
        {
            "policy": tuple(Choice(i.id, i.label) for i in items() if i.is_policy),
            "course": tuple(Choice(c.id, c.label) for c in catalogue.courses),
        },
    )


def pack_draft(session: Session, term: TermOf) -> Mapping[str, Any]:
    """Return what was typed for the pack of a term; the form's defaults if nothing was."""
    row = session.get(PackDraftRow, (term.year, term.term))
    return json.loads(row.answers) if row else starting_answers(pack_form(session))


def save_pack_draft(vault: Vault, term: TermOf, answers: Mapping[str, Any]) -> None:
    """Keep what is typed for the pack of a term.

    Raises:
        InputError: an answer is of the wrong type; nothing was changed.

    """
    with vault.changing("focus pack saved", f"pack/{term.year}-{term.term}") as session:
        wrong = check_types(pack_form(session), answers)
        if wrong:
            raise InputError(f"“{wrong[0].field}” was not saved. {wrong[0].message}")
        text = json.dumps(dict(answers), ensure_ascii=False)
        session.merge(
            PackDraftRow(year=term.year, term=term.term, answers=text, saved_at=vault.now())
        )


def pack_content(session: Session, term: TermOf, return_form: Form) -> PackContent:
    """Return what the pack of a term will say; ``return_form`` is the return's form in use.

    Raises:
        InputError: no theme is chosen, or something typed is missing or wrong.

    """
    choice = choice_for(session, term)
    if choice is None:
        raise InputError(
            f"No theme is chosen for {term.words} yet. Choose one to three themes with your "
            "reasons, then make the pack."
        )
    answers = pack_draft(session, term)
    form = pack_form(session)
    problems = evaluate(form, answers).errors()
    if problems:
        raise InputError(f"The pack is not ready. {problem_words(form, problems[0])}")
    forms = forms_to_publish(session)
    if answers.get("ask_in_return", "yes") == "yes":
        base = next((f for f in forms if f.form_id == return_form.form_id), return_form)
        others = tuple(form for form in forms if form.form_id != return_form.form_id)
        forms = (*others, with_theme_questions(base, choice.chosen, term))
    marked = tuple(known.id for known in trust_forms(session) if known.state == "marked")
    return PackContent(_body(term, choice, answers, forms), forms, marked)


def _body(
    term: TermOf, choice: ThemeChoice, answers: Mapping[str, Any], forms: Sequence[Form]
) -> dict[str, Any]:
    shipped = {form.form_id for form in shipped_forms()}
    own = [form.form_id for form in forms if form.form_id not in shipped]
    policies = [_policy(row) for row in answers.get("policies") or []]
    courses = [_course(row) for row in answers.get("courses") or []]
    check_trust_versions(policies)
    return {
        "academic_year": term.year,
        "term": term.term,
        "themes": [
            {"id": each.theme.id, "title": each.theme.title, "why": each.reason,
             "expected_checks": [*each.theme.checks, *(own if place == 0 else [])]}
            for place, each in enumerate(choice.chosen)
        ],
        "forms": [dict(form.raw) for form in forms],
        "courses": list(check_published(courses)),
        "policies": policies,
        "message": _message(answers),
    }  # fmt: skip


def _message(answers: Mapping[str, Any]) -> str:
    said = str(answers.get("message", "")).strip()
    # Only the notice made here may look like one.
    said = re.sub(r"(?m)^Program version expected:", "The program’s version expected:", said)
    if not answers.get("expected_version"):
        return said
    notice = UpdateNotice(str(answers["expected_version"]), str(answers.get("kept_at") or ""))
    return f"{said}\n{notice_line(notice)}"


def _policy(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["policy"],
        "version": row["policy_version"],
        "published_on": row.get("published_on"),
        "next_review": row.get("next_review"),
        "changes": row.get("policy_changes") or "",
    }


def _course(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a course as it stands, with what was changed of it."""
    known = next((dict(e) for e in course_entries() if e["id"] == row["course"]), None)
    if known is None:
        raise InputError(f"“{row['course']}” is not in the catalogue. Choose a course of the list.")
    if row.get("course_months"):
        known |= {"renews": "months", "months": row["course_months"]}
        known.pop("edition_of", None)
    if row.get("course_edition"):
        if not known.get("edition_of") or not row.get("edition_from"):
            raise InputError(
                f"“{known['label']}” has no editions, or the day is missing from which the new one "
                "is in force. Mend it in the pack."
            )
        known["editions"] = [
            {"id": row["course_edition"], "in_force_from": row["edition_from"],
             "status": "in_force"}
        ]  # fmt: skip
    if row.get("course_withdrawn") == "yes":
        known["withdrawn"] = True
    return known
