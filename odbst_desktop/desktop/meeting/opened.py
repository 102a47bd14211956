"""What a meeting's editor is given to work with, read in one go off the window's thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from odbst_desktop.form_engine.answers import Answers
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.meetings.adding import trend_names
from odbst_desktop.meetings.before import Preparation, date_remark, preparation
from odbst_desktop.meetings.log import (
    Meeting,
    MeetingId,
    earlier_versions,
    meeting_form,
    meetings,
    read_meeting,
)
from odbst_desktop.meetings.quick_add import Known
from odbst_desktop.meetings.trends import Past, past_before
from odbst_desktop.office.calendar import own_year
from odbst_desktop.office.term_themes import theme_lines
from odbst_desktop.school.calendar import AcademicYear
from odbst_desktop.school.people import people
from odbst_desktop.vault.vault import Vault

_MOST_DISCUSSED = 2


@dataclass(frozen=True, slots=True)
class OpenedMeeting:
    """A meeting with all that is known before a key is pressed."""

    meeting: Meeting
    form: Form
    names: tuple[str, ...]
    before: Preparation
    past: Past
    year: AcademicYear | None
    others: Mapping[MeetingId, date]
    versions: tuple[Meeting, ...]
    in_use: Form
    themes: tuple[str, ...] = ()

    def known(self) -> Known:
        """Return what the words of a quick line may stand for."""
        lists = {
            question.list_name: tuple((choice.name, choice.label) for choice in question.choices)
            for repeat in self.form.repeats()
            for question in repeat.items
        }
        return Known(
            lists.get("dsl_team", ()), lists.get("categories", ()), lists.get("places", ()),
            lists.get("times", ()), frozenset(self.before.discussed),
        )  # fmt: skip

    def remarks(self, answers: Answers) -> dict[str, str]:
        """Remark on a date that is out of the way."""
        typed = answers.get("held_on")
        if not typed:
            return {}
        team = len(self.known().people)
        remark = date_remark(date.fromisoformat(typed), self.year, self.others, team)
        return {"held_on": remark} if remark else {}

    def row_note(self, repeat: str, row: Answers) -> str:
        """Say what was said of a child last time."""
        if repeat != "children":
            return ""
        said = self.before.discussed.get(row.get("reference") or "", ())
        return "\n".join(f"Last time, {words.words}" for words in said[:_MOST_DISCUSSED])

    def words_for(self, question: str, answers: Answers) -> tuple[str, ...]:
        """Return what a line of text completes from."""
        if question == "reference":
            return tuple(sorted(self.before.discussed))
        if question == "meets":
            return trend_names(answers, self.form)
        return ()

    def judged_words(self) -> str:
        """Say why there is no signal, where there is none."""
        judged = self.past.categories_judged()
        if not judged:
            return (
                "Nothing is judged yet: a category needs three months of weeks and five concerns "
                "before its figures can be out of the ordinary."
            )
        named = "1 category has" if judged == 1 else f"{judged} categories have"
        return f"Nothing is out of the ordinary. {named} enough of a past to be judged."


def open_meeting(vault: Vault, meeting: MeetingId) -> OpenedMeeting:
    """Read a meeting with everything its editor needs."""
    found = read_meeting(vault, meeting)
    with vault.reading() as session:
        return OpenedMeeting(
            found,
            meeting_form(
                session, found.form_version, on=None if found.is_locked else found.held_on
            ),
            tuple(person.name for person in people(session)),
            preparation(session, found, vault.today()),
            past_before(session, found.held_on),
            own_year(session, found.held_on),
            {m.id: m.held_on for m in meetings(session) if m.id != meeting},
            earlier_versions(session, meeting),
            meeting_form(session, on=found.held_on),
            theme_lines(session, found.held_on),
        )
