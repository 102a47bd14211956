"""Everything a vault holds, written as open files."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from odbst_desktop import __version__
from odbst_desktop.moving.answers import COLUMNS, answer_lines
from odbst_desktop.moving.archive import MANIFEST, write_plain, write_sealed
from odbst_desktop.moving.papers import papers
from odbst_desktop.moving.tables import (
    DOCUMENTS,
    RULES,
    as_csv,
    as_json,
    columns_moved,
    rows_of,
    tables_moved,
)
from odbst_desktop.school.owner import Owner, read_owner
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.shipped import shipped_yaml
from odbst_desktop.vault.documents import read_document, safe_name
from odbst_desktop.vault.key_slots import DEFAULT_COST, KdfCost
from odbst_desktop.vault.users import refuse_weak_passphrase
from odbst_desktop.vault.vault import Vault

FORMAT = "odbst-export/1"


@dataclass(frozen=True, slots=True)
class MovedOut:
    """What was written, and where. ``rows`` are those of all tables together."""

    path: Path
    tables: int
    rows: int
    papers: int
    documents: int


def move_out(
    vault: Vault, target: Path, passphrase: str | None, *, cost: KdfCost = DEFAULT_COST
) -> MovedOut:
    """Write everything a vault holds: one file under a passphrase, or without one a plain folder.

    Raises:
        WeakPassphraseError: the passphrase is too easy to guess.
        InputError: the folder holds something already.
        FileWriteError: it cannot be written.

    """
    if passphrase is not None:
        refuse_weak_passphrase(passphrase)
    if not vault.is_older_copy:
        # Before anything is read: the export then holds the vault as it stands after this entry.
        with vault.changing("everything exported", f"vault/{vault.vault_id}"):
            pass
    files, made = _gathered(vault, target)
    if passphrase is None:
        write_plain(files, target)
    else:
        write_sealed(files, target, passphrase, cost)
    return made


def _gathered(vault: Vault, target: Path) -> tuple[dict[str, bytes], MovedOut]:
    files, counts = _records(vault)
    documents = sum(name.startswith("documents/") for name in files)
    printed = {f"papers/{name}": data for name, data in papers(vault)}
    files |= printed
    with vault.reading() as session:
        owner = read_owner(session)
    made = MovedOut(target, len(counts), sum(counts.values()), len(printed), documents)
    files["README.txt"] = _readme(vault, owner, made)
    files[MANIFEST] = _manifest(vault, owner, counts, files)
    return files, made


def _records(vault: Vault) -> tuple[dict[str, bytes], Counter[str]]:
    files: dict[str, bytes] = {}
    counts: Counter[str] = Counter()
    with vault.reading() as session:
        for table in tables_moved():
            rows = rows_of(session, table)
            counts[table.name] = len(rows)
            if table.name == DOCUMENTS:
                for row in rows:
                    name = f"{row['id']}-{safe_name(row['name'])}"
                    files[f"documents/{name}"] = read_document(session, row["id"])
                    row["data"] = name
            files[f"tables/{table.name}.json"] = as_json(rows)
            names = [column.name for column in columns_moved(table)]
            lines = ([row[name] for name in names] for row in rows)
            files[f"tables/{table.name}.csv"] = as_csv(names, lines)
        files["answers.csv"] = as_csv(COLUMNS, answer_lines(session))
    history = [(str(e.sequence), e.at, e.user, e.what, e.record) for e in vault.audit_entries()]
    files["history.csv"] = as_csv(("number", "when (UTC)", "user", "what", "record"), history)
    return files, counts


def _readme(vault: Vault, owner: Owner, made: MovedOut) -> bytes:
    text = str(shipped_yaml(RULES)["readme"]).format(
        organisation=owner.name, date=show_date(vault.today()), version=__version__,
        tables=made.tables, rows=made.rows, papers=made.papers,
    )  # fmt: skip
    return text.encode()


def _manifest(
    vault: Vault, owner: Owner, counts: Mapping[str, int], files: Mapping[str, bytes]
) -> bytes:
    head = vault.audit_head()
    told = {
        "format": FORMAT,
        "version": __version__,
        "written_at": vault.now(),
        "vault": vault.vault_id,
        "owner": {
            "profile": owner.profile.value, "name": owner.name, "urn": owner.urn,
            "is_demonstration": owner.is_demonstration,
        },
        "audit": {"sequence": head.sequence, "hash": head.hash},
        "rows": dict(counts),
        "files": {name: sha256(data).hexdigest() for name, data in sorted(files.items())},
    }  # fmt: skip
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
