"""The guidance behind a question, with its edition and how sure we are of the place."""

from __future__ import annotations

from collections.abc import Iterable

from odbst_desktop.form_engine.definition import Question
from odbst_desktop.shipped import shipped_yaml

_SURENESS = {"read": "", "to_check": " (to be checked against the live text)",
             "assumed": " (our reading)"}  # fmt: skip


def guidance_words(question: Question) -> str:
    """Return e.g. “Keeping Children Safe in Education 2025, Part three: references”, or nothing."""
    reference = str(question.extras.get("guidance", ""))
    content = shipped_yaml("resources/guidance.yaml")
    found = content["references"].get(reference)
    if found is None:
        return ""
    document = next(d for d in content["documents"] if d["id"] == reference.partition("/")[0])
    place = f", {found['place']}" if found["place"] else ""
    return f"{document['title']} {document['edition']}{place}{_SURENESS[found['status']]}"


def guidance_of(questions: Iterable[Question]) -> tuple[str, ...]:
    """Return what a checklist rests on, each reference once, in the order of the questions."""
    return tuple(dict.fromkeys(words for q in questions if (words := guidance_words(q))))
