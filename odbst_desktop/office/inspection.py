"""The inspection folder: what the rooms hold today, in one paper for an inspection's first hour.

It shows systems and counts. Counts of people from 1 to 4 are suppressed; references and what may
lead to a child are left out.
"""

from __future__ import annotations

from datetime import date

from odbst_desktop.office.calendar import current_term
from odbst_desktop.office.inspection_parts import PARTS, Look, SafeWords, newest_terms
from odbst_desktop.reports.blocks import (
    Block,
    Bullets,
    Contents,
    Facts,
    Heading,
    NewPage,
    Paragraph,
    ReportHead,
    Tone,
)
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.owner import Owner, read_owner
from odbst_desktop.school.people import people
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.vault.vault import Vault

_COVER_ROLES = (
    ("dsl", "Designated safeguarding lead"),
    ("headteacher", "Headteacher"),
    ("safeguarding_governor", "Safeguarding governor"),
)


def inspection_folder(vault: Vault) -> Paper:
    """Return the folder as it stands today, with cover, contents and bookmarks."""
    today = vault.today()
    with vault.reading() as session:
        owner, term = read_owner(session), current_term(session, today)
        look = Look(session, today, newest_terms(session, today), SafeWords.of(session))
        parts: list[Block] = []
        for title, make in PARTS:
            parts += [NewPage(), Heading(title), *make(look)]
        names = [
            (label, ", ".join(p.name for p in people(session, today) if role in p.roles_on(today)))
            for role, label in _COVER_ROLES
        ]
    head = ReportHead(
        title="Safeguarding: inspection folder",
        organisation=owner.name,
        date=today,
        subtitle=term.label if term else "",
        is_demonstration=owner.is_demonstration,
        footer_words="Official-sensitive. Counts of people from 1 to 4 are suppressed. No child is "
        "named.",
    )
    return Paper("inspection-folder", head, (*_cover(owner, today, names, look.safe), *parts))


def _cover(
    owner: Owner, today: date, names: list[tuple[str, str]], safe: SafeWords
) -> tuple[Block, ...]:
    urn = str(owner.urn) if owner.urn else ""
    left_out = (
        f"{safe.left_out} pieces of text that look like a reference or a name were left out and "
        "are marked “[left out]”."
        if safe.left_out
        else "Nothing had to be left out of the words typed by the school."
    )
    return (
        Paragraph(
            f"How safeguarding is led, recorded, checked and followed up at {owner.name}, as this "
            f"school’s own records show it on {show_date(today)}.",
            Tone.LEAD,
        ),
        Facts((("School", owner.name), ("URN", urn), *names)),
        Paragraph("Contents", Tone.LEAD),
        Contents(),
        Paragraph("How to read it", Tone.LEAD),
        Bullets((
            "A count of people from 1 to 4 is shown as “1–4”, and nought as 0. Where a total would "
            "give such a count back, another one is shown as “5 or more” or left out.",
            left_out,
            "Children are recorded on CPOMS and concerns about adults on Bromcom; this folder "
            "holds neither.",
            "A look at this paper by the DSL, before it is handed over, stays needed: no program "
            "knows every name.",
        )),
    )  # fmt: skip
