"""Whatever a vault holds: nothing young is listed, nothing held is disposed of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, text

from odbst_desktop.actions.records import ActionRow
from odbst_desktop.meetings.records import MeetingRow
from odbst_desktop.retention.disposal import dispose
from odbst_desktop.retention.holds import HoldOn, place_hold
from odbst_desktop.retention.periods import academic_year_end, due_on, kept_until, set_period
from odbst_desktop.retention.review import review
from odbst_desktop.school.calendar import year_of
from odbst_desktop.school.records import PersonRow, RoleRow
from odbst_desktop.training.records import TrainingRow
from odbst_desktop.vault.vault import Vault

DAYS = st.dates(date(2010, 1, 1), date(2030, 12, 31))


@given(day=st.dates(date(1990, 1, 1), date(2100, 1, 1)), years=st.integers(1, 100))
def test_a_record_is_kept_for_the_whole_of_its_period(day: date, years: int) -> None:
    ends = academic_year_end(day)
    assert (ends.month, ends.day) == (8, 31)
    assert year_of(ends) == year_of(day)
    assert year_of(ends + timedelta(days=1)) != year_of(day)
    assert kept_until(day, years, "academic_year") == date(ends.year + years, 8, 31)
    until = kept_until(day, years, "day")
    assert until.year - day.year == years
    assert (until.month, until.day) == (day.month, day.day) or (day.month, day.day) == (2, 29)
    assert until - day >= timedelta(days=365 * years)
    for after in ("academic_year", "day"):
        assert due_on(day, years, after) == kept_until(day, years, after) + timedelta(days=1)


@dataclass(frozen=True)
class Kept:
    """A meeting with its actions, or a person with training."""

    is_meeting: bool
    day: date
    later: tuple[date | None, ...]


RECORDS = st.lists(
    st.builds(
        Kept,
        st.booleans(),
        DAYS,
        st.lists(st.one_of(st.none(), st.integers(0, 2000)), max_size=2).map(tuple),
    ).map(
        lambda kept: Kept(
            kept.is_meeting,
            kept.day,
            tuple(
                None if gap is None else kept.day + timedelta(days=gap)  # type: ignore[arg-type]
                for gap in kept.later
            ),
        )
    ),
    min_size=1,
    max_size=8,
)


def fill(session: Session, records: list[Kept]) -> None:
    for number, kept in enumerate(records):
        if kept.is_meeting:
            session.add(
                MeetingRow(
                    id=f"m{number}", held_on=kept.day, form_version="1", state="closed",
                    answers=json.dumps({"key_concerns": "None"}),
                )
            )  # fmt: skip
            for place, closed in enumerate(kept.later):
                session.add(
                    ActionRow(
                        id=f"m{number}-{place}", title="Ring", owner="DSL", due=kept.day,
                        origin=f"meeting/m{number}", opened_on=kept.day, closed_on=closed,
                        state="done" if closed else "open",
                    )
                )  # fmt: skip
            continue
        session.add(
            PersonRow(id=f"p{number}", name=f"Person {number}", joined=kept.day, left=kept.day)
        )
        session.flush()
        session.add(RoleRow(id=f"r{number}", person_id=f"p{number}", role="dsl", starts=kept.day))
        for place, _ in enumerate(kept.later):
            session.add(
                TrainingRow(
                    id=f"p{number}-{place}", person_id=f"p{number}", course="dsl_level3",
                    completed_on=kept.day,
                )
            )  # fmt: skip


def emptied(session: Session) -> None:
    for name in ("training_record", "school_role", "school_person", "actions_action",
                 "meetings_meeting", "retention_hold", "retention_disposal",
                 "retention_period"):  # fmt: skip
        session.connection().execute(text(f"DELETE FROM {name}"))


def keys(session: Session) -> set[str]:
    found: set[str] = set()
    for name in ("meetings_meeting", "actions_action", "school_person", "training_record"):
        found |= set(session.connection().execute(text(f"SELECT id FROM {name}")).scalars())
    return found


def is_old(kept: Kept, day: date, years: int, on: date) -> bool:
    """Judge by the words of the rule alone, year by year."""
    if kept.is_meeting:
        after = int(year_of(day)[:4]) + 1 + years
        return on > date(after, 8, 31)
    return (on.year - day.year, on.month, on.day) > (years, day.month, day.day)


def key_kind(key: str) -> str:
    return "training" if "-" in key else "person"


@settings(
    max_examples=25,
    deadline=None,
    # Each example fills a vault: a failing one is clear enough as it is.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    records=RECORDS,
    years=st.tuples(st.integers(1, 12), st.integers(1, 12)),
    on=st.dates(date(2015, 1, 1), date(2045, 12, 31)),
    holds=st.lists(
        st.one_of(
            st.builds(HoldOn, since=DAYS),
            st.builds(HoldOn, kind=st.sampled_from(["meeting", "action", "training"])),
            st.integers(0, 7).map(lambda n: HoldOn(person=f"Person {n}")),
        ),
        max_size=1,
    ),
    data=st.data(),
)
def test_nothing_young_is_listed_and_nothing_held_goes(
    school: Vault,
    clock: Any,
    records: list[Kept],
    years: tuple[int, int],
    on: date,
    holds: list[HoldOn],
    data: st.DataObject,
) -> None:
    clock.day = on
    with school.changing("filled", "test") as session:
        emptied(session)
        session.flush()
        fill(session, records)
    set_period(school, "meeting", years[0], "schedule")
    set_period(school, "action", years[1], "schedule")
    for hold in holds:
        place_hold(school, hold, "inquiry")
    with school.reading() as session:
        listed, before = review(session, on), keys(session)
    free = sorted(due.name for due in listed.free())
    chosen = data.draw(st.sets(st.sampled_from(free))) if free else set()
    for due in listed.due:
        kept = records[int(due.record.key.split("-")[0][1:])]
        period = years[0] if kept.is_meeting else 6
        assert is_old(kept, kept.day, period, on), due
        for closed in kept.later if kept.is_meeting else ():
            assert closed is None or is_old(kept, closed, years[1], on), due
            assert closed is not None or not due.is_free, "an action is open"
    if chosen:
        dispose(school, sorted(chosen))
    with school.reading() as session:
        gone = before - keys(session)
        broken = session.connection().exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    assert broken == []
    for key in gone:
        number = int(key.split("-")[0][1:])
        kept = records[number]
        owner = f"meeting/m{number}" if kept.is_meeting else f"person/p{number}"
        assert owner in chosen or f"training/{key}" in chosen, "only what was chosen, whole"
        for hold in holds:
            assert kept.is_meeting or hold.person != f"Person {number}"
            newest = max([kept.day, *(d for d in kept.later if d and kept.is_meeting)])
            assert hold.since is None or newest < hold.since
            has_parts = bool(kept.later) and "-" not in key
            held_kinds = {"meeting"} if kept.is_meeting else {key_kind(key)}
            if has_parts:
                held_kinds.add("action" if kept.is_meeting else "training")
            assert hold.kind not in held_kinds
    assert school.check() == ()
