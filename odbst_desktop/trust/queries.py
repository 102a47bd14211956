"""Questions to the fields of a return: written one by one, kept, and sent together as a receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, select

from odbst_desktop.errors import InputError
from odbst_desktop.exchange.bodies import Receipt
from odbst_desktop.exchange.register import packages
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.trust.records import QueryDraftRow

MOST_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Answered:
    """What was said to a return: the newest receipt's verdict, its questions and its moment."""

    verdict: str
    queries: tuple[tuple[str, str], ...]
    at: str


def write_query(session: Session, form: Form, payload_sha256: str, field: str, text: str) -> None:
    """Keep a question to one field of a return; a blank one is taken back.

    Raises:
        InputError: the form has no such field, or the question is too long.

    """
    if form.question(field) is None and all(r.name != field for r in form.repeats()):
        raise InputError(f"The return has no field “{field}”. Choose one from the list.")
    if len(text) > MOST_CHARACTERS:
        raise InputError(
            f"The question is longer than {MOST_CHARACTERS:,} characters. Ask what has to be known."
        )
    row = session.get(QueryDraftRow, (payload_sha256, field))
    if text.strip():
        session.merge(QueryDraftRow(payload_sha256=payload_sha256, field=field, text=text.strip()))
    elif row is not None:
        session.delete(row)


def drafted_queries(session: Session, payload_sha256: str) -> tuple[tuple[str, str], ...]:
    """Return the questions that are written and not sent, as field and words."""
    rows = session.exec(
        select(QueryDraftRow)
        .where(QueryDraftRow.payload_sha256 == payload_sha256)
        .order_by(QueryDraftRow.field)
    )
    return tuple((row.field, row.text) for row in rows)


def clear_queries(session: Session, payload_sha256: str) -> None:
    """Forget the questions written to a return: they were sent, or it is accepted."""
    for row in session.exec(
        select(QueryDraftRow).where(QueryDraftRow.payload_sha256 == payload_sha256)
    ):
        session.delete(row)


def answered(session: Session) -> Mapping[str, Answered]:
    """Return what was said to each return, by its payload's hash; the newest receipt counts."""
    found: dict[str, Answered] = {}
    for package in reversed(packages(session, "receipt")):
        body = package.body()
        if isinstance(body, Receipt) and package.direction == "sent":
            queries = tuple((query.field, query.text) for query in body.queries)
            found[body.of] = Answered(body.verdict, queries, package.at)
    return found
