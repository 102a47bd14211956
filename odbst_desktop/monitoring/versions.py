"""Visits and versions of their checklist: moving a draft on, and where answers stop comparing."""

from __future__ import annotations

import json
from collections.abc import Mapping

from odbst_desktop.errors import StateError
from odbst_desktop.form_engine.versions import Moved, comparability, moved_answers
from odbst_desktop.form_library.definitions import keep_definition
from odbst_desktop.monitoring.checklists import (
    Finding,
    checklist_in_use,
    findings,
    short_words,
)
from odbst_desktop.monitoring.records import VisitRow
from odbst_desktop.monitoring.visits import Visit, VisitId, visit_of
from odbst_desktop.vault.vault import Vault


def move_visit(vault: Vault, visit: VisitId) -> Moved:
    """Move a draft to the version in use; what has no place there is named in what comes back.

    Raises:
        StateError: it is closed, and stays readable under its own version; nothing was changed.

    """
    with vault.changing("visit moved to another version", f"visit/{visit}") as session:
        row = session.get_one(VisitRow, visit)
        if row.state != "draft":
            raise StateError("Only a draft moves to another version. Nothing was changed.")
        old, new = visit_of(session, row).form, checklist_in_use(session, row.form_id)
        moved = moved_answers(old, new, json.loads(row.answers))
        row.answers = json.dumps(dict(moved.answers), ensure_ascii=False)
        row.form_version = new.version
        keep_definition(session, new, at=vault.now())
        session.add(row)
    return moved


def comparable_findings(earlier: Visit, later: Visit) -> tuple[tuple[Finding, Finding], ...]:
    """Return the findings of two visits, earlier and later, whose question means the same."""
    before = {f.question.name: f for f in findings(earlier.form, earlier.answers)}
    found = []
    for now in findings(later.form, later.answers):
        same = comparability(earlier.form, later.form, now.question.name)
        was = before.get(same.old_names[0]) if len(same.old_names) == 1 else None
        if was is not None and same.verdict == "yes":
            found.append((was, now))
    return tuple(found)


def broken_lines(earlier: Visit, later: Visit) -> Mapping[str, str]:
    """Return why a question cannot be compared with the visit before, by its few words."""
    if earlier.form.version == later.form.version:
        return {}
    found = {}
    for now in findings(later.form, later.answers):
        same = comparability(earlier.form, later.form, now.question.name)
        if same.verdict != "yes":
            versions = f"version {earlier.form.version} to {later.form.version}"
            found[short_words(now.question)] = f"{versions}: {same.why}"
    return found
