"""People over time: roles that begin and end, leavers kept, returns, lists imported with care."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.errors import InputError
from odbst_desktop.school.people import (
    Details,
    Person,
    RoleHeld,
    add_person,
    find_person,
    held_since,
    people,
)
from odbst_desktop.school.people_changes import (
    begin_role,
    change_details,
    end_person,
    end_role,
    remove_role,
    return_person,
)
from odbst_desktop.spreadsheets.mapping import propose_mapping
from odbst_desktop.spreadsheets.table import read_table
from odbst_desktop.spreadsheets.targets import target
from odbst_desktop.training.names import keep_meaning, meaning_words
from odbst_desktop.training.previews import Fate
from odbst_desktop.training.staff_lists import (
    SAME_AS_ABOVE,
    SOMEBODY_NEW,
    StaffPreview,
    import_people,
    preview_people,
)
from odbst_desktop.vault.vault import Vault
from tests.spreadsheets.builders import a_csv

TODAY = date(2026, 11, 24)
HEADER = ["Name", "Job title", "Start date", "Leaving date", "Staff number"]


def person_called(vault: Vault, name: str) -> Person:
    with vault.reading() as session:
        return next(person for person in people(session) if person.name == name)


def preview(vault: Vault, *rows: Sequence[str]) -> StaffPreview:
    table, wanted = read_table(a_csv([HEADER, *rows]), "staff.csv"), target("people")
    with vault.reading() as session:
        return preview_people(session, table, propose_mapping(table, wanted), TODAY)


def take(vault: Vault, found: StaffPreview, *, leave_out: bool = False) -> None:
    with vault.changing("people imported", "import") as session:
        import_people(
            session, found, today=TODAY, at=vault.now(), by="Ruth", leave_out_doubtful=leave_out
        )


def test_a_role_can_be_held_twice(school: Vault) -> None:
    imani = person_called(school, "Imani Cole")
    with school.changing("roles", "person") as session:
        begin_role(session, imani.id, "dsl", date(2025, 1, 6))
        held = next(h for h in find_person(session, imani.id).roles if h.role == "dsl")
        with pytest.raises(InputError, match="End it first"):
            begin_role(session, imani.id, "dsl", date(2026, 1, 6))
        with pytest.raises(InputError, match="cannot end before"):
            end_role(session, held.id, date(2025, 1, 1))
        end_role(session, held.id, date(2025, 7, 22))
        begin_role(session, imani.id, "dsl", date(2026, 9, 1))
        known = find_person(session, imani.id)
    assert [h.starts for h in known.roles if h.role == "dsl"] == [
        date(2025, 1, 6),
        date(2026, 9, 1),
    ]
    assert "dsl" in known.roles_on(date(2025, 7, 22))
    assert "dsl" not in known.roles_on(date(2025, 7, 23))
    assert "dsl" in known.roles_on(TODAY)


def test_who_left_is_kept_and_may_come_back(school: Vault) -> None:
    imani = person_called(school, "Imani Cole")
    with school.changing("left", "person") as session:
        end_person(session, imani.id, date(2026, 3, 27))
        with pytest.raises(InputError, match="still here"):
            return_person(session, imani.id, ["teacher"], date(2026, 3, 27))
    gone = person_called(school, "Imani Cole")
    assert gone.left == date(2026, 3, 27)
    assert not gone.is_here_on(TODAY)
    with school.changing("back", "person") as session:
        return_person(session, imani.id, ["teacher"], date(2026, 9, 1))
    back = person_called(school, "Imani Cole")
    assert back.left is None
    assert back.roles_on(TODAY) == {"teacher"}
    assert back.joined == date(2024, 9, 1)
    assert back.here_since(TODAY) == date(2026, 9, 1)
    assert not back.is_here_on(date(2026, 6, 1))


def test_the_only_role_is_not_taken_back(school: Vault) -> None:
    imani = person_called(school, "Imani Cole")
    with school.changing("roles", "person") as session:
        with pytest.raises(InputError, match="only role"):
            remove_role(session, imani.roles[0].id)
        begin_role(session, imani.id, "first_aider", TODAY)
        known = find_person(session, imani.id)
        remove_role(session, next(h.id for h in known.roles if h.role == "first_aider"))
        assert find_person(session, imani.id).roles_on(TODAY) == {"teaching_assistant"}


def test_details_are_kept_and_what_cannot_be_is_refused(school: Vault) -> None:
    ruth = person_called(school, "Ruth Ellery")
    kept = Details("E17", "Safeguarding", "North", date(2026, 9, 3), 12.5, date(2026, 10, 1))
    with school.changing("details", "person") as session:
        change_details(session, ruth.id, " Ruth  Ellery ", kept)
        assert find_person(session, ruth.id).details == kept
        with pytest.raises(InputError, match="between 0 and 60"):
            change_details(session, ruth.id, "Ruth Ellery", replace(kept, dsl_hours=400))
        other = next(p for p in people(session) if p.name == "Imani Cole")
        with pytest.raises(InputError, match="Ruth Ellery’s"):
            change_details(session, other.id, other.name, Details("E17"))


def test_a_list_is_previewed_then_imported_and_again_changes_nothing(school: Vault) -> None:
    rows = [
        ["Tom Hurst", "MDSA; TA", "01/09/2026", "", "E1"],
        ["Hurst, Beth", "Class teacher", "01/09/2025", "", "E2"],
        ["Ruth Ellery", "DSL", "01/09/2024", "", "E3"],
        ["Imani Cole", "TA", "01/09/2024", "22/07/2026", "E4"],
    ]
    found = preview(school, *rows)
    fates = [Fate.NEW, Fate.NEW, Fate.CHANGED, Fate.CHANGED]
    assert [line.fate for line in found.lines] == fates
    assert {p.name for p in found.not_named} == {"Peter Marsh", "Grace Tolley"}
    take(school, found)
    assert person_called(school, "Tom Hurst").roles_on(TODAY) == {"lunchtime", "teaching_assistant"}
    assert person_called(school, "Beth Hurst").joined == date(2025, 9, 1)
    assert person_called(school, "Ruth Ellery").details.staff_number == "E3"
    assert person_called(school, "Imani Cole").left == date(2026, 7, 22)
    again = preview(school, *rows)
    assert {line.fate for line in again.lines} == {Fate.SAME}
    with pytest.raises(InputError, match="nothing new"):
        take(school, again)


def test_two_people_are_never_made_one_in_silence(school: Vault) -> None:
    doubtful = preview(
        school,
        ["Imani Cole", "Governor", "01/01/2020", "", ""],  # only the name agrees
        ["Ann Lee", "Teacher", "01/09/2025", "", "A1"],
        ["Ann Lee", "Teacher", "01/09/2026", "", "A2"],  # two numbers: two people
        ["Bo Dean", "Teacher", "01/09/2025", "", ""],
        ["Bo Dean", "Cook", "01/09/2026", "", ""],  # who knows?
    )
    fates = [line.fate for line in doubtful.lines]
    assert fates == [
        Fate.DOUBTFUL, Fate.NEW, Fate.NEW, Fate.NEW, Fate.DOUBTFUL,
    ]  # fmt: skip
    with pytest.raises(InputError, match=r"2 of 5 rows.*Nothing was imported"):
        take(school, doubtful)
    take(school, doubtful, leave_out=True)
    with school.reading() as session:
        names = [person.name for person in people(session)]
    assert names.count("Ann Lee") == 2
    assert names.count("Imani Cole") == 1
    assert names.count("Bo Dean") == 1


def test_namesakes_with_numbers_keep_their_several_rows_apart(school: Vault) -> None:
    found = preview(
        school,
        ["Ann Lee", "Teacher", "01/09/2025", "", "A1"],
        ["Ann Lee", "Cook", "01/09/2026", "", "A2"],
        ["Ann Lee", "First aider", "01/09/2026", "", "A2"],
        ["Ann Lee", "DSL", "01/09/2026", "", "A1"],
    )
    assert not found.not_taken
    take(school, found)
    with school.reading() as session:
        known = {p.details.staff_number: p.roles_on(TODAY) for p in people(session)}
    assert known["A1"] == {"teacher", "dsl"}
    assert known["A2"] == {"kitchen", "first_aider"}


def test_the_users_choice_settles_a_doubt_and_is_remembered(school: Vault) -> None:
    rows = [["Imani Cole", "Governor", "01/01/2020", "", ""],
            ["Bo Dean", "Teacher", "01/09/2025", "", ""],
            ["Bo Dean", "Cook", "01/09/2026", "", ""],
            ["Cy Fox", "Lollipop person", "01/09/2026", "", ""]]  # fmt: skip
    with school.changing("choices", "import") as session:
        keep_meaning(session, "person", meaning_words("Imani Cole"), SOMEBODY_NEW)
        keep_meaning(session, "person", meaning_words("Bo Dean"), SAME_AS_ABOVE)
        keep_meaning(session, "role", "lollipop person", "site")
    found = preview(school, *rows)
    assert not found.not_taken
    take(school, found)
    with school.reading() as session:
        known = people(session)
    assert [p.name for p in known].count("Imani Cole") == 2
    bo = [p for p in known if p.name == "Bo Dean"]
    assert [p.roles_on(TODAY) for p in bo] == [{"teacher", "kitchen"}]
    assert person_called(school, "Cy Fox").roles_on(TODAY) == {"site"}


def test_a_list_is_imported_whole_or_not_at_all(school: Vault) -> None:
    found = preview(
        school,
        ["Ann Lee", "Teacher", "01/09/2026", "01/09/2025", ""],
        ["Bo Dean", "Juggler", "01/09/2026", "", ""],
        ["Cy Fox", "Teacher", "31/02/2026", "", ""],
        ["Di Orr", "Teacher", "01/09/2026", "", ""],
    )
    assert [line.fate for line in found.lines] == [
        Fate.FAULTY, Fate.NO_ROLE, Fate.FAULTY, Fate.NEW,
    ]  # fmt: skip
    assert found.unknown_roles == ("Juggler",)
    with pytest.raises(InputError):
        take(school, found)
    with school.reading() as session:
        assert not {"Ann Lee", "Di Orr"} & {p.name for p in people(session)}


@given(
    st.lists(
        st.tuples(st.dates(date(2020, 1, 1), date(2026, 12, 31)), st.integers(0, 700)), max_size=6
    ),
    st.dates(date(2020, 1, 1), date(2027, 12, 31)),
)
def test_somebody_is_held_since_a_day_without_a_gap(
    spells: list[tuple[date, int]], day: date
) -> None:
    held = [
        RoleHeld("teacher", starts, date.fromordinal(starts.toordinal() + days))
        for starts, days in spells
    ]
    since = held_since(held, day)
    covered = {
        number
        for role in held
        for number in range(role.starts.toordinal(), (role.ends or day).toordinal() + 1)
    }
    if day.toordinal() not in covered:
        assert since is None
        return
    assert since is not None
    assert all(number in covered for number in range(since.toordinal(), day.toordinal() + 1))
    assert since.toordinal() - 1 not in covered


def test_namesakes_are_added_only_on_purpose(open_vaults: Callable[..., Vault]) -> None:
    vault = open_vaults("small")
    with vault.changing("people", "people") as session:
        add_person(session, "Ann Lee", ["teacher"], TODAY)
        with pytest.raises(InputError, match="already"):
            add_person(session, "Ann Lee", ["office"], TODAY)
        add_person(session, "Ann Lee", ["office"], TODAY, is_namesake=True)
        assert len(people(session)) == 2
