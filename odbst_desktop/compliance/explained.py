"""What stands behind the state of an entry of the register: what was said, when and by whom."""

from __future__ import annotations

from sqlmodel import Session

from odbst_desktop.analysis.explaining import Explanation, Part
from odbst_desktop.compliance.register import Answer, Standing, history
from odbst_desktop.school.typed_dates import show_date, show_moment

_RENEWS = {
    "term": "It is asked each term, and what was said lapses with it.",
    "year": "It holds for the school year and lapses each September.",
    "review": "A policy holds until its own date of review, once the LGB has received it.",
}
_SHOWN_TO = (
    "The LGB and an inspector see the state and what shows it. No child stands in the register."
)


def explain_standing(session: Session, standing: Standing) -> Explanation:
    """Explain how an entry stands on a day."""
    item = standing.item
    said = tuple(reversed(history(session, item.id)))
    wants = f" Wanting: {'; '.join(standing.wants)}." if standing.wants else ""
    return Explanation(
        title=item.label,
        figure=standing.state.shown,
        formula=f"What was said last, as it stands on {show_date(standing.on)}. "
        f"{_RENEWS.get(item.renews, '')}{wants}",
        parts=tuple(_part(answer) for answer in said),
        rules=(item.source_words,),
        history=tuple(
            f"{answer.said_by}, {show_moment(answer.said_at)}: {answer.state.shown}"
            for answer in said
        ),
        shown_to=(_SHOWN_TO,),
    )


def _part(answer: Answer) -> Part:
    evidence = answer.evidence or "nothing was noted to show it"
    until = f"; holds until {show_date(answer.holds_until)}" if answer.holds_until else ""
    back = "taken back: " if answer.is_taken_back else ""
    return Part(show_date(answer.said_on), f"{back}{evidence}{until}", answer.state.shown)
