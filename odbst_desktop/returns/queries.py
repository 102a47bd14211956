"""What the ESL asked of a return: a question to a field, answered in the next revision."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from odbst_desktop.exchange.bodies import Receipt
from odbst_desktop.exchange.register import packages
from odbst_desktop.form_engine.answers import Problem

QUERY = "query."
"""How the rule of an answer to a query begins; the field's name follows."""


@dataclass(frozen=True, slots=True)
class ReceivedReceipt:
    """What the ESL answered to a return; ``at`` is when the answer was received here."""

    of: str
    verdict: str
    queries: tuple[tuple[str, str], ...]
    at: str


def receipts(session: Session) -> dict[str, ReceivedReceipt]:
    """Return the newest receipt of each payload that was answered, by the payload's hash."""
    found: dict[str, ReceivedReceipt] = {}
    for package in reversed(packages(session, "receipt")):
        body = package.body()
        if package.direction == "received" and isinstance(body, Receipt):
            asked = tuple((query.field, query.text) for query in body.queries)
            found[body.of] = ReceivedReceipt(body.of, body.verdict, asked, package.at)
    return found


def queries_of(session: Session, payload_sha256: str | None) -> tuple[tuple[str, str], ...]:
    """Return the fields that the ESL queried in a return, each with its question."""
    if not payload_sha256:
        return ()
    answered = receipts(session).get(payload_sha256)
    return answered.queries if answered is not None else ()


def query_problems(session: Session, superseded: str | None) -> tuple[Problem, ...]:
    """Return a warning for each query to the revision before: an answer in a sentence is owed."""
    asked: dict[str, list[str]] = {}
    for field, text in queries_of(session, superseded):
        asked.setdefault(field, []).append(text)
    return tuple(
        Problem(field, None, "warning", QUERY + field, f"The ESL asks: {' '.join(texts)}")
        for field, texts in asked.items()
    )
