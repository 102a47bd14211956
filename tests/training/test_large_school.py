"""The size that the matrix is made for: 300 people, 40 courses, ten years of records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import func, select

from odbst_desktop.demo.large_school import make_large_school
from odbst_desktop.office.opening import unlock_vault
from odbst_desktop.school.people import people
from odbst_desktop.spreadsheets.mapping import propose_mapping
from odbst_desktop.spreadsheets.table import read_table
from odbst_desktop.spreadsheets.targets import target
from odbst_desktop.training.importing import preview_completions
from odbst_desktop.training.imports import imports
from odbst_desktop.training.matrix import Matrix, Picked, training_matrix
from odbst_desktop.training.previews import Fate
from odbst_desktop.training.records import TrainingRow
from odbst_desktop.training.sessions import group_sessions
from odbst_desktop.training.staff_lists import preview_people
from odbst_desktop.vault.vault import Vault
from tests.conftest import DAY, PASSPHRASE, SetClock


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    list(make_large_school(folder, PASSPHRASE))
    return folder


@pytest.fixture
def large(made: Path, clock: SetClock) -> Iterator[Vault]:
    vault = unlock_vault(made / "larkfield", PASSPHRASE, clock=clock)
    yield vault
    vault.close()


def matrix_of(vault: Vault) -> Matrix:
    with vault.reading() as session:
        return training_matrix(session, DAY)


def test_the_large_school_has_the_size_it_is_made_for(large: Vault) -> None:
    matrix = matrix_of(large)
    assert (len(matrix.people), len(matrix.courses)) == (300, 40)
    with large.reading() as session:
        assert session.exec(select(func.count()).select_from(TrainingRow)).one() >= 30_000
        assert len(people(session)) == 340  # leavers are kept
        assert len(imports(session)) == 2
        register = group_sessions(session, "termly_staff_update")[0].register
    assert len(register) > 200
    assert {"attended", "late", "apologies", "absent"} == set(register.values())


def test_the_large_matrix_is_filtered_to_what_is_asked(large: Vault) -> None:
    matrix = matrix_of(large)
    team = matrix.picked(Picked(role="deputy_dsl", hub="North"))
    assert 0 < len(team.people) < 7
    assert all("deputy_dsl" in person.roles_on(DAY) for person in team.people)
    late = matrix.picked(Picked(only_open=True))
    assert 0 < len(late.people) < 300


@pytest.mark.parametrize(
    ("sheet", "preview", "name"),
    [
        ("larkfield-people.csv", preview_people, "people"),
        ("larkfield-training.csv", preview_completions, "completions"),
    ],
)
def test_its_sheets_again_change_nothing(
    large: Vault, made: Path, sheet: str, preview: Callable[..., object], name: str
) -> None:
    table = read_table((made / sheet).read_bytes(), sheet)
    with large.reading() as session:
        found = preview(session, table, propose_mapping(table, target(name)), DAY)
    assert {line.fate for line in found.lines} == {Fate.SAME}  # type: ignore[attr-defined]
