"""A trust of many schools, by their files alone: real keys, real packages, one real vault."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from odbst_desktop.demo.neighbours import Neighbour
from odbst_desktop.exchange.records import read_sealing_key
from odbst_desktop.office import inbox
from odbst_desktop.office.inbox import Verdict
from odbst_desktop.office.opening import make_vault
from odbst_desktop.office.outbox import Outgoing
from odbst_desktop.school.owner import Owner, Profile
from odbst_desktop.school.schools import School, write_school
from odbst_desktop.vault.key_slots import FLOOR_COST
from odbst_desktop.vault.vault import Vault

NAMES = ("Ashcombe", "Brookside", "Copse Lane", "Downfield", "Elmhurst", "Fenwick", "Grange",
         "Holt", "Inglewood", "Juniper", "Kestrel", "Larch")  # fmt: skip
LAST, NOW = ("2024-25", "summer"), ("2025-26", "summer")


@dataclass
class ManySchools:
    """The schools with the trust's vault, and the folder their files lie in."""

    vault: Vault
    schools: tuple[Neighbour, ...]
    folder: Path
    public: bytes
    files: list[Path] = field(default_factory=list)

    def write(self, sent: Outgoing) -> Path:
        path = self.folder / sent.name
        path.write_bytes(sent.data)
        self.files.append(path)
        return path

    def receive(self, *paths: Path) -> tuple[Verdict, ...]:
        return tuple(inbox.import_files(self.vault, paths))

    def enrol(self) -> None:
        with self.vault.changing("schools added", "school/all") as session:
            for school in self.schools:
                write_school(session, School(school.urn, school.name, school.authority))
        day = self.vault.today()
        self.receive(*(self.write(s.enrolment(self.public, day)) for s in self.schools))
        for school in self.schools:
            for keyid, said in school.fingerprints():
                inbox.approve(self.vault, keyid, said)

    def send(
        self, key: tuple[str, str], schools: Sequence[Neighbour] | None = None,
        changes: dict[str, Any] | None = None,
    ) -> tuple[Verdict, ...]:  # fmt: skip
        day = self.vault.today()
        sent = (s.termly_return(self.public, *key, day, changes) for s in schools or self.schools)
        return self.receive(*map(self.write, sent))


@pytest.fixture
def few_schools(open_vaults: Callable[..., Vault], tmp_path: Path) -> ManySchools:
    """Return three enrolled schools that have not returned yet."""
    vault = open_vaults("trust", Profile.TRUST, None, "Helen Ashby")
    return _enrolled(vault, tmp_path, 3)


@pytest.fixture(scope="module")
def many_schools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ManySchools]:
    """Return twelve schools with two summers; the last did not return the second time."""
    folder = tmp_path_factory.mktemp("many")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        vault = make_vault(
            folder / "trust", owner=Owner(Profile.TRUST, "Larkhill", None), person="Helen Ashby",
            passphrase="copper lantern drifting orchard", cost=FLOOR_COST,
            clock=lambda: datetime(2026, 7, 20, 15, tzinfo=UTC),
        ).vault  # fmt: skip
        made = _enrolled(vault, folder, len(NAMES))
        assert {v.code for v in made.send(LAST)} == {"ok"}
        assert {v.code for v in made.send(NOW, made.schools[:-1])} == {"ok"}
        yield made
        vault.close()


def _enrolled(vault: Vault, folder: Path, count: int) -> ManySchools:
    schools = tuple(
        Neighbour(
            900110 + n, f"{name} School", "buckinghamshire", 90 + 35 * n,
            (f"{name} Dsl", f"{name} Head"), {"concerns_online": 3.5} if n == 4 else {},
            is_demonstration=False,
        )
        for n, name in enumerate(NAMES[:count])
    )  # fmt: skip
    (folder / "stick").mkdir()
    with vault.reading() as session:
        public = read_sealing_key(session).public
    made = ManySchools(vault, schools, folder / "stick", public)
    made.enrol()
    return made
