"""The papers that go into an export: minutes, visits and returns as PDF."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from odbst_desktop.meetings.log import meetings
from odbst_desktop.meetings.minutes import minutes
from odbst_desktop.monitoring.report import visit_report
from odbst_desktop.monitoring.visits import visits
from odbst_desktop.returns.drafting import returns
from odbst_desktop.returns.paper import return_paper
from odbst_desktop.returns.versions import form_of_return
from odbst_desktop.school.owner import read_owner
from odbst_desktop.vault.vault import Vault


def papers(vault: Vault) -> Iterator[tuple[str, bytes]]:
    """Give every paper of a vault: its file name, and the PDF."""
    # Read first: a paper opens a session of its own, and the vault has one connection.
    with vault.reading() as session:
        owner = read_owner(session)
        held, made_visits = meetings(session), visits(session)
        made_returns = [(made, form_of_return(session, made)) for made in returns(session)]
    for meeting in held:
        if meeting.is_closed:
            name = f"minutes-{meeting.held_on.isoformat()}-{meeting.id[:8]}.pdf"
            yield name, minutes(vault, meeting.id).pdf()
    for visit in made_visits:
        is_signed = visit.state in {"signed", "received"}
        paper = visit_report(
            visit, owner.name, is_demonstration=owner.is_demonstration, signed=is_signed
        )
        yield f"visit-{visit.visited_on.isoformat()}-{visit.id[:8]}.pdf", paper.pdf()
    for made, form in made_returns:
        paper = return_paper(made, form, owner, (), _day_of(made.year))
        yield f"return-{made.year}-{made.term}-r{made.revision}-{made.id[:8]}.pdf", paper.pdf()


def _day_of(year: str) -> date:
    """Return a day of an academic year, so that the same export has the same bytes."""
    return date(int(year[:4]) + 1, 8, 31)
