"""Nobody is locked in: everything goes out as open files, comes in again, and can be purged."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlmodel import SQLModel

from odbst_desktop.command_line.command import run
from odbst_desktop.errors import FileReadError, InputError, OdbstError, StateError
from odbst_desktop.moving.archive import is_sealed, manifest_of, read_files
from odbst_desktop.moving.out import move_out
from odbst_desktop.moving.purge import purge
from odbst_desktop.moving.tables import RULES, rows_of, tables_moved
from odbst_desktop.moving.taking_in import take_in
from odbst_desktop.office.opening import make_vault, unlock_vault
from odbst_desktop.retention.holds import HoldOn, place_hold
from odbst_desktop.school.owner import Owner, Profile
from odbst_desktop.shipped import shipped_yaml
from odbst_desktop.vault.backups import back_up
from odbst_desktop.vault.documents import keep_document
from odbst_desktop.vault.errors import NotAVaultError, WeakPassphraseError
from odbst_desktop.vault.key_slots import FLOOR_COST
from odbst_desktop.vault.vault import Vault
from tests.conftest import PASSPHRASE, SetClock

OWN = "granite teapot whistle meadow"
Unlock = Callable[[str], Vault]


@pytest.fixture
def new_vault(tmp_path: Path, clock: SetClock) -> Iterator[Callable[[Owner], Vault]]:
    made: list[Vault] = []

    def make(owner: Owner) -> Vault:
        vault = make_vault(
            tmp_path / f"new-{len(made)}", owner=owner, person="Noor Hale", passphrase=PASSPHRASE,
            cost=FLOOR_COST, clock=clock,
        ).vault  # fmt: skip
        made.append(vault)
        return vault

    yield make
    for vault in made:
        vault.close()


def sent(vault: Vault, target: Path, passphrase: str | None = OWN) -> Path:
    return move_out(vault, target, passphrase, cost=FLOOR_COST).path


def table_rows(vault: Vault) -> dict[str, list[dict[str, object]]]:
    with vault.reading() as session:
        return {table.name: rows_of(session, table) for table in tables_moved()}


def owner_of(name: str) -> Owner:
    known = {
        "oakfield": Owner(Profile.SCHOOL, "Oakfield CE Primary School", 900101, True),
        "governor": Owner(Profile.GOVERNOR, "Oakfield CE Primary School", 900101, True),
        "trust": Owner(Profile.TRUST, "Larkhill Schools Trust", None, True),
    }
    return known[name]


def test_every_table_goes_out_or_stays_for_a_reason() -> None:
    left_out = shipped_yaml(RULES)["left_out"]
    assert set(left_out) <= set(SQLModel.metadata.tables)
    assert all(left_out.values())
    assert {t.name for t in tables_moved()} | set(left_out) == set(SQLModel.metadata.tables)


@pytest.mark.parametrize("name", ["oakfield", "governor", "trust"])
def test_what_goes_out_comes_in_the_same(
    name: str, unlocked: Unlock, new_vault: Callable[[Owner], Vault], tmp_path: Path
) -> None:
    old = unlocked(name)
    with old.changing("document kept", "document/x") as session:
        keep_document(session, "certificate.pdf", b"%PDF-1.4 certificate", at=old.now())
    export = sent(old, tmp_path / "all.odbst-export")
    new = new_vault(owner_of(name))
    taken = take_in(new, export, OWN)
    before, after = table_rows(old), table_rows(new)
    rules = shipped_yaml(RULES)
    packages = before["exchange_package"]
    before["exchange_package"] = [
        row for row in packages if row["kind"] not in rules["packages_not_taken_in"]
    ]
    assert taken.left_out == len(packages) - len(before["exchange_package"])
    for table, rows in before.items():
        if table == "vault_user":
            assert {row["name"] for row in rows} <= {row["name"] for row in after[table]}
            old_users = [r for r in after[table] if r["id"] in {row["id"] for row in rows}]
            assert all(row["removed_at"] for row in old_users)
        elif table not in rules["filled_by_itself"]:
            assert after[table] == rows, table
    assert new.check() == ()
    assert len(new.users()) == 1  # no passphrase of the old vault opens the new one


def test_nothing_secret_goes_out(unlocked: Unlock, tmp_path: Path) -> None:
    old = unlocked("oakfield")
    folder = sent(old, tmp_path / "plain", None)
    with old.reading() as session:
        connection = session.connection()
        sealing = connection.exec_driver_sql("SELECT private FROM exchange_own_sealing_key")
        wrapped = connection.exec_driver_sql("SELECT wrapped_key FROM vault_user")
        secrets = [str(row[0]) for row in (*sealing, *wrapped)]
    secrets += [old.ring.vault_key.hex(), PASSPHRASE]
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert not [secret for secret in secrets if secret.encode() in everything]


def test_a_plain_export_can_be_read_with_any_tool(unlocked: Unlock, tmp_path: Path) -> None:
    folder = sent(unlocked("oakfield"), tmp_path / "plain", None)
    people = list(csv.DictReader((folder / "tables/school_person.csv").open(encoding="utf-8-sig")))
    assert people == [
        {name: "" if value is None else str(value) for name, value in row.items()}
        for row in json.loads((folder / "tables/school_person.json").read_bytes())
    ]
    answers = list(csv.DictReader((folder / "answers.csv").open(encoding="utf-8-sig")))
    assert {row["kind"] for row in answers} == {"meeting", "visit", "return"}
    assert any(row["question"] == "All concerns recorded" and row["answer"] for row in answers)
    papers = sorted((folder / "papers").glob("*.pdf"))
    assert len(papers) > 10
    assert "Minutes" in PdfReader(BytesIO(papers[0].read_bytes())).pages[0].extract_text()
    assert "SHA-256" in (folder / "README.txt").read_text(encoding="utf-8")
    history = (folder / "history.csv").read_text(encoding="utf-8-sig")
    assert "everything exported" in history


def test_no_cell_runs_as_a_formula(school: Vault, tmp_path: Path) -> None:
    with school.changing("setting", "vault/x") as session:
        keep_document(session, "a.csv", b"a,b", at="=cmd|'/c calc'!A1")
    folder = sent(school, tmp_path / "plain", None)
    assert "\"'=cmd" in (folder / "tables/vault_document.csv").read_text(encoding="utf-8-sig")


def test_a_sealed_export_opens_with_its_own_passphrase_only(school: Vault, tmp_path: Path) -> None:
    export = sent(school, tmp_path / "all.odbst-export")
    assert is_sealed(export)
    assert b"Ruth" not in export.read_bytes()
    for wrong in ("", PASSPHRASE):
        with pytest.raises(InputError, match="does not open this export"):
            read_files(export, wrong)
    assert manifest_of(read_files(export, OWN))["vault"] == school.vault_id


def test_a_weak_passphrase_is_refused_and_nothing_written(school: Vault, tmp_path: Path) -> None:
    with pytest.raises(WeakPassphraseError):
        sent(school, tmp_path / "all.odbst-export", "password1234")
    assert not (tmp_path / "all.odbst-export").exists()


def test_a_full_folder_is_not_written_into(school: Vault, tmp_path: Path) -> None:
    (tmp_path / "papers.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="holds something already"):
        sent(school, tmp_path, None)


def test_a_vault_with_records_takes_nothing_in(
    school: Vault, unlocked: Unlock, tmp_path: Path
) -> None:
    export = sent(school, tmp_path / "all.odbst-export")
    with pytest.raises(StateError, match="holds records already"):
        take_in(school, export, OWN)


def test_another_schools_export_is_refused(
    school: Vault, new_vault: Callable[[Owner], Vault], tmp_path: Path
) -> None:
    export = sent(school, tmp_path / "all.odbst-export")
    for other in (
        Owner(Profile.SCHOOL, "Another", 900109), Owner(Profile.GOVERNOR, "Oakfield", 900101),
    ):  # fmt: skip
        new = new_vault(other)
        before = new.audit_head()
        with pytest.raises(InputError, match="This export is of “Oakfield”"):
            take_in(new, export, OWN)
        assert new.audit_head() == before


def altered(folder: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Change a file of a plain export, and its digest with it: somebody who knows the format."""
    data = change((folder / name).read_bytes())
    (folder / name).write_bytes(data)
    told = json.loads((folder / "export.json").read_bytes())
    told["files"][name] = sha256(data).hexdigest()
    (folder / "export.json").write_text(json.dumps(told), encoding="utf-8")


PERSON = "tables/school_person.json"


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b'"joined": "2024-09-01"', b'"joined": "first"'),
        lambda data: data.replace(b'"joined": "2024-09-01"', b'"joined": 20240901'),
        lambda data: data.replace(b'"name"', b'"nickname"'),
        lambda data: data.replace(b'"name": "Ruth Ellery"', b'"name": null'),
        lambda _data: b"{}",
        lambda _data: b"[1]",
        lambda _data: b"[",
        lambda _data: b"[" * 100_000,
        lambda _data: b"[]",  # roles then name people that are not there
    ],
)
def test_rows_that_do_not_fit_are_refused_whole(
    change: Callable[[bytes], bytes],
    school: Vault, new_vault: Callable[[Owner], Vault], tmp_path: Path,
) -> None:  # fmt: skip
    folder = sent(school, tmp_path / "plain", None)
    altered(folder, PERSON, change)
    new = new_vault(Owner(Profile.SCHOOL, "Oakfield", 900101))
    before = table_rows(new)
    with pytest.raises(OdbstError, match="Nothing was taken in"):
        take_in(new, folder)
    assert table_rows(new) == before


def test_a_changed_or_missing_file_is_named(school: Vault, tmp_path: Path) -> None:
    folder = sent(school, tmp_path / "plain", None)
    (folder / PERSON).write_bytes((folder / PERSON).read_bytes().replace(b"Ruth", b"Root"))
    with pytest.raises(FileReadError, match="of this export was changed"):
        read_files(folder)
    (folder / PERSON).unlink()
    with pytest.raises(FileReadError):
        read_files(folder)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "tables/../x", "a/b/c"])
def test_a_manifest_reaches_no_file_outside(school: Vault, tmp_path: Path, name: str) -> None:
    folder = sent(school, tmp_path / "plain", None)
    told = json.loads((folder / "export.json").read_bytes())
    told["files"][name] = "0" * 64
    (folder / "export.json").write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(FileReadError, match="is no export"):
        read_files(folder)


def test_no_truncation_or_flip_of_a_sealed_export_is_taken(school: Vault, tmp_path: Path) -> None:
    data = sent(school, tmp_path / "all.odbst-export").read_bytes()
    spoilt = tmp_path / "spoilt.odbst-export"
    lengths = [0, 5, 13, 15, 17, 100, len(data) // 2, len(data) - 1]
    flips = [0, 14, 16, 30, len(data) // 2, len(data) - 1]
    for each in (
        *(data[:length] for length in lengths),
        *(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :] for at in flips),
        b"PK\x03\x04", data + b"x",
    ):  # fmt: skip
        spoilt.write_bytes(each)
        with pytest.raises(OdbstError):
            read_files(spoilt, OWN)


def test_a_zip_is_no_export(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("export.json", "{}")
    with pytest.raises(FileReadError, match="is no export"):
        read_files(tmp_path / "a.zip")


def test_a_school_leaves(
    school: Vault, new_vault: Callable[[Owner], Vault], tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Export, try it in a new vault, then purge: by the command line."""
    back_up(school)
    folder = school.folder
    school.close()
    passphrase, own = tmp_path / "p.txt", tmp_path / "own.txt"
    passphrase.write_text(PASSPHRASE, encoding="utf-8")
    own.write_text(OWN, encoding="utf-8")
    export, paper = tmp_path / "oakfield.odbst-export", tmp_path / "certificate.pdf"
    common = ["--passphrase-file", str(passphrase), "--export-passphrase-file", str(own)]
    assert run(["move-out", str(folder), "--out", str(export), *common]) == 0
    new = new_vault(Owner(Profile.SCHOOL, "Oakfield", 900101))
    new.close()
    assert run(["move-in", str(new.folder), str(export), *common]) == 0
    assert run(["unpack", str(export), "--out", str(tmp_path / "open"), *common[2:]]) == 0
    assert (tmp_path / "open" / "README.txt").is_file()
    purging = ["purge", str(folder), "--export", str(export), "--certificate", str(paper), *common]
    assert run([*purging, "--name", "Other"]) == 1
    assert "Type the name as it stands, “Oakfield”" in capsys.readouterr().err
    assert run([*purging, "--name", "Oakfield"]) == 0
    assert not folder.exists()
    text = PdfReader(paper).pages[0].extract_text()
    assert "Certificate that a vault was purged" in text
    assert run(["vault", "check", str(folder), *common[:2]]) == 2


def test_a_vault_changed_since_its_export_is_not_purged(school: Vault, tmp_path: Path) -> None:
    export = sent(school, tmp_path / "all.odbst-export")
    with school.changing("something", "vault/x"):
        pass
    with pytest.raises(InputError, match="something was changed since"):
        purge(school, "Oakfield", export, OWN)
    assert school.check() == ()


def test_a_legal_hold_keeps_a_vault_from_being_purged(school: Vault, tmp_path: Path) -> None:
    place_hold(school, HoldOn("", "meeting", "", None), "Inquiry of the authority")
    export = sent(school, tmp_path / "all.odbst-export")
    with pytest.raises(StateError, match="1 legal holds are in force"):
        purge(school, "Oakfield", export, OWN)
    assert school.check() == ()


def test_somebody_elses_file_in_the_folder_stays(school: Vault, tmp_path: Path) -> None:
    (school.folder / "my notes.txt").write_text("mine", encoding="utf-8")
    folder = school.folder
    purge(school, "Oakfield", sent(school, tmp_path / "all.odbst-export"), OWN)
    assert [path.name for path in folder.iterdir()] == ["my notes.txt"]
    with pytest.raises(NotAVaultError):
        unlock_vault(folder, PASSPHRASE)
