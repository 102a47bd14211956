"""The letter to schools whose return or answer is missing: a page a school, kind and plain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session

from odbst_desktop.errors import InputError
from odbst_desktop.exchange.register import known_keys
from odbst_desktop.reports.document import (
    Block,
    Bullets,
    Facts,
    Heading,
    NewPage,
    Paper,
    Paragraph,
    ReportHead,
)
from odbst_desktop.school.owner import Owner
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.trust.returned import SchoolStanding, State
from odbst_desktop.trust.table import term_words

_LETTERED = {State.OVERDUE, State.NOT_YET, State.QUERIED}


def to_remind(found: Sequence[SchoolStanding]) -> tuple[SchoolStanding, ...]:
    """Return the schools that are overdue, or have been asked something."""
    return tuple(each for each in found if each.state in {State.OVERDUE, State.QUERIED})


def addressees(session: Session) -> dict[int, str]:
    """Return for each school whom to address: its headteacher and DSLs as the register has them."""
    found: dict[int, list[str]] = {}
    for key in known_keys(session):
        if key.urn is not None and key.status == "active" and key.role in {"headteacher", "dsl"}:
            found.setdefault(key.urn, []).append(key.person)
    return {urn: " and ".join(sorted(set(names))) for urn, names in found.items()}


def reminder_letter(
    found: Sequence[SchoolStanding], term: tuple[str, str], owner: Owner, sender: str,
    names: Mapping[int, str], today: date,
) -> Paper:  # fmt: skip
    """Return the letter to one school or to several, a page each.

    Raises:
        InputError: nothing is missing from any of them.

    """
    lettered = [each for each in found if each.state in _LETTERED]
    if not lettered:
        raise InputError(
            "Nothing is missing from the schools chosen, so there is nothing to remind of."
        )
    blocks: list[Block] = []
    for number, each in enumerate(lettered):
        blocks += [NewPage()] if number else []
        blocks += _page(each, term, sender, names.get(each.school.urn, ""), today)
    head = ReportHead(
        title=f"Termly safeguarding return, {term_words(term)}",
        organisation=owner.name, date=today, subtitle="A reminder",
        is_demonstration=owner.is_demonstration,
        footer_words="To the headteacher and the DSL. It holds no figures.",
    )  # fmt: skip
    return Paper(f"reminder-{term[0]}-{term[1]}", head, tuple(blocks))


def _page(
    each: SchoolStanding, term: tuple[str, str], sender: str, to: str, today: date
) -> list[Block]:
    is_query = each.state is State.QUERIED
    late = (today - each.due).days if each.due else 0
    due = f"on {show_date(each.due)}" if each.due else "at the end of term"
    if is_query and each.answer is not None:
        count = len(each.answer.queries)
        what = (
            f"Thank you for the return of the {term_words(term)}. It was received, and there "
            f"{'is 1 question' if count == 1 else f'are {count} questions'} to it that wait for an "
            "answer. The receipt file that we sent opens the return at the fields in question."
        )
        steps: tuple[str, ...] = (
            "Import the receipt file on the tab Packages, if you have not yet.",
            "Open the termly return: it opens at the fields we ask about.",
            "Put right what has to be, or explain what is right as it is.",
            "Let both signers sign again, export the file and send it to us.",
        )
    else:
        when = f"was due {due}, {late} days ago" if late > 0 else f"is due {due}"
        what = (
            f"The safeguarding return of the {term_words(term)} {when}, and it has not reached us. "
            "Perhaps it is on its way, or waits for a signature."
        )
        steps = (
            "Open the termly return: what the program could count is already filled in.",
            "Mend what it marks as an error, and explain in a sentence what it asks about.",
            "Say “not known” with the reason where a figure cannot be had; nought means nought.",
            "Let the DSL and the headteacher or safeguarding governor sign.",
            "Export the one file and send it to us as usual.",
        )
    return [
        Heading(each.school.name),
        Facts((("To", to or "The headteacher and the designated safeguarding lead"),
               ("From", f"{sender}, Executive Safeguarding Lead"), ("Date", show_date(today)))),
        Paragraph(what),
        Paragraph("What to do:"),
        Bullets(steps, is_numbered=True),
        Paragraph("If something stands in the way, ring me; a return that is late and right is "
                  "better than one that is guessed. Until it comes, the trust’s figures say openly "
                  "that your school’s are missing."),
        Paragraph(f"With thanks\n\n{sender}"),
    ]  # fmt: skip
