"""What checking, collating and storing returns costs, beside bare cryptography and other readers.

Run it from the top of the checkout::

    python benchmarks/packages.py [--count 1000] [--spark] [--out packages.json]

Makes so many returns in a temporary folder: schools of their own, figures drawn anew within the
form's rules, a document of 37 KB, signed by two keys and sealed to one trust. Beside each lies a
workbook with the same fields and values (openpyxl writes it) and a loose JSON file of its answers.
Then, in one run:

* ``bare``: HPKE, two Ed25519 signatures and SHA-256 over the same bytes, and nothing else
* ``check``: every check of the package format, answers judged by the form's rules
* ``collate``: checked, and the tidy table written (Parquet with the extra), report and all
* ``collate, 2``: the same in two processes, from their start to their end
* ``openpyxl``, ``pandas``, ``pandas calamine``, ``calamine``: every cell of the workbooks read,
  nothing checked
* ``duckdb``: the loose JSON files read into one table and counted; DuckDB is installed into a
  temporary environment from the registry (left out, and said so, where there is none)
* ``store`` beside ``bulk insert``: as an inbox stores them, each by itself and in the audit; the
  same rows by one insert
* ``spark``: with ``--spark``, the collation on ``local[2]`` after Spark's start, beside two
  processes with the same figures

Times are milliseconds a return: of the processor where one process works alone, else of the clock.
A machine that does something else slows the clock's times, and those of two processes most.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import insert, select

from odbst_desktop.demo.neighbours import SIGNING_ROLES, Neighbour, invented_answers
from odbst_desktop.exchange import register
from odbst_desktop.exchange.checking import CheckedPackage, RegisteredKey, check_alone
from odbst_desktop.exchange.envelope import parse_envelope
from odbst_desktop.exchange.keys import SealingKey, sealing_keyid, signing_keyid
from odbst_desktop.exchange.payload import Signer
from odbst_desktop.exchange.records import PackageRow
from odbst_desktop.exchange.sealing import open_sealed, parse_sealed, seal
from odbst_desktop.exchange.writing import Attachment, issuer_of, new_envelope
from odbst_desktop.office.folders import Engine, collate_folders
from odbst_desktop.office.opening import make_vault
from odbst_desktop.returns.drafting import return_form
from odbst_desktop.school.owner import Owner, Profile
from odbst_desktop.sealing_keys import SUITE
from odbst_desktop.trust.desk_copy import DeskCopy
from odbst_desktop.trust.opened import Opening
from odbst_desktop.trust.processes import Here
from odbst_desktop.trust.spark import on_spark
from odbst_desktop.trust.tidy_files import tidy_file
from odbst_desktop.vault.key_slots import FLOOR_COST
from odbst_desktop.vault.vault import Vault

YEAR, TERM, DAY = "2025-26", "autumn", date(2025, 12, 18)
MOMENT = datetime(2026, 1, 5, 9, tzinfo=UTC)
PASSPHRASE = "copper lantern drifting orchard"  # noqa: S105 - of an empty vault, gone at the end
PEERS_READ = 1000
"""Of more workbooks and JSON files than these, the peers read only the first: it takes long."""


def make_returns(count: int, folder: Path) -> tuple[DeskCopy, list[Path]]:
    """Write so many returns, workbooks and JSON files; return the desk that knows the schools."""
    form, sealing, chance = return_form(), SealingKey.generate(), random.Random(7)  # noqa: S311 - figures
    document = Attachment("return.pdf", "application/pdf", b"%PDF-1.7\n" + chance.randbytes(37_000))
    registered: dict[Any, RegisteredKey] = {}
    for kind in ("packages", "books", "loose"):
        (folder / kind).mkdir()
    files = []
    for number in range(count):
        school = Neighbour(
            200_000 + number, f"School {number}", "buckinghamshire", chance.randint(40, 900),
            (f"Dsl {number}", f"Head {number}"), {}, is_demonstration=False,
        )  # fmt: skip
        signers = []
        for key, person, role in zip(school.keys, school.people, SIGNING_ROLES, strict=True):
            public = key.public_key().public_bytes_raw()
            registered[signing_keyid(public)] = RegisteredKey(public, person, role, school.urn)
            signers.append(
                Signer.model_validate(
                    {"keyid": signing_keyid(public), "person": person, "role": role}
                )
            )
        answers = invented_answers(school, YEAR, TERM, {})
        body = {
            "academic_year": YEAR, "term": TERM,
            "form": {"id": form.form_id, "version": form.version, "sha256": form.sha256},
            "answers": answers, "provenance": dict.fromkeys(answers, "typed"), "explanations": [],
            "audit": {"sequence": 40, "hash": "0" * 64},
        }  # fmt: skip
        envelope = new_envelope(
            "termly-return", issued_at=f"{DAY}T15:00:00Z", audience=sealing_keyid(sealing.public),
            issuer=issuer_of(school.urn, school.name, is_demonstration=False), signers=signers,
            body=body, attachments=[document],
        )  # fmt: skip
        for key in school.keys:
            envelope = envelope.signed_with(key)
        path = folder / "packages" / f"{number:06d}.odbst"
        path.write_bytes(seal(envelope.to_bytes(), sealing.public))
        files.append(path)
        if number < PEERS_READ:
            (folder / "loose" / f"{number:06d}.json").write_text(json.dumps(answers))
            write_book(folder / "books" / f"{number:06d}.xlsx", answers)
    required = {"termly-return": [["dsl"], ["headteacher", "governor"]]}
    definition = {(form.form_id, form.version): json.dumps(form.raw)}
    return DeskCopy(sealing.private, False, required, registered, definition, MOMENT), files


def make_few(files: list[Path], folder: Path) -> list[Path]:
    """Copy some packages into a folder of their own, to warm up with."""
    few = folder / "few"
    few.mkdir()
    return [Path(shutil.copy(path, few)) for path in files[:5]]


def write_book(path: Path, answers: dict[str, Any]) -> None:
    """Write a workbook with a row for each field: its label and its value."""
    import openpyxl  # noqa: PLC0415 - the processes import this file, and need no peers

    book = openpyxl.Workbook()
    for question in return_form().questions():
        value = answers.get(question.name)
        shown = value if isinstance(value, int | float | str) or value is None else str(value)
        book.active.append([question.name, question.label, shown])
    book.save(path)


def bare(desk: DeskCopy, files: Iterable[Path]) -> float:
    """Return the processor's seconds for the cryptography alone; taking apart is not counted."""
    spent = 0.0
    for path in files:
        sealed = parse_sealed(path.read_bytes())
        envelope = parse_envelope(open_sealed(sealed, desk.sealing_key))
        message, opener = envelope.signed_bytes(), desk.sealing_key.opener()
        keys = [desk.registered[each.keyid].public_key for each in envelope.signatures]
        start = time.process_time()
        SUITE.decrypt(sealed.ciphertext, opener, info=sealed.before)
        for key, each in zip(keys, envelope.signatures, strict=True):
            Ed25519PublicKey.from_public_bytes(key).verify(each.value, message)
        sha256(envelope.payload).hexdigest()
        spent += time.process_time() - start
    return spent


def spent(work: Callable[[], Any]) -> float:
    """Return the processor's seconds for some work in this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def waited(work: Callable[[], Any]) -> float:
    """Return the clock's seconds for some work."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def collate(opening: Opening, files: list[Path], out: Path, engine: Engine) -> None:
    """Collate, and see that every return was taken."""
    with closing(collate_folders(opening, {}, [files[0].parent], out, engine)) as steps:
        *_, last = steps
    if last.batch is None or last.batch.counts != {"collated": len(files)}:
        raise SystemExit("The collation refused what is right.")


def read_books(reader: str, books: list[Path]) -> None:
    """Read every cell of the workbooks."""
    import openpyxl  # noqa: PLC0415 - as above
    import pandas as pd  # noqa: PLC0415 - as above
    import python_calamine  # noqa: PLC0415 - as above

    for book in books:
        if reader == "openpyxl":
            sheet = openpyxl.load_workbook(book, read_only=True).active
            list(sheet.iter_rows(values_only=True))
        elif reader == "calamine":
            python_calamine.CalamineWorkbook.from_path(book).get_sheet_by_index(0).to_python()
        else:
            pd.read_excel(book, engine=reader.removeprefix("pandas "), header=None)


DUCK = """
import duckdb, sys, time
duckdb.sql("SET threads = 1")
start = time.process_time()
duckdb.sql(f"SELECT count(*), sum(concerns_total) FROM read_json_auto('{sys.argv[1]}/*.json', "
           "union_by_name = true)").fetchall()
print(time.process_time() - start)
"""


def duckdb_seconds(loose: Path, folder: Path) -> float | None:
    """Return DuckDB's seconds for the loose files, None where it cannot be installed."""
    venv.create(folder / "duck", with_pip=True)
    python = folder / "duck" / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "duckdb"]
    if subprocess.run(install, check=False, capture_output=True).returncode:  # noqa: S603
        return None
    command = [str(python), "-c", DUCK, str(loose)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return float(done.stdout)


def storing(checked: list[CheckedPackage], folder: Path) -> dict[str, float]:
    """Return the clock's seconds to store packages as an inbox does, and by one insert."""
    inbox, bulk = _new_vault(folder / "inbox"), _new_vault(folder / "bulk")
    found = {"store": waited(lambda: [_store(inbox, each) for each in checked])}
    with inbox.reading() as session:
        rows = [dict(row) for row in session.exec(select(PackageRow.__table__)).mappings()]

    def at_once() -> None:
        with bulk.changing("packages received", "package/all") as session:
            session.exec(insert(PackageRow), params=rows)

    found["bulk insert"] = waited(at_once)
    inbox.close()
    bulk.close()
    return found


def _new_vault(folder: Path) -> Vault:
    return make_vault(
        folder, owner=Owner(Profile.TRUST, "Trust", None), person="Helen Ashby",
        passphrase=PASSPHRASE, cost=FLOOR_COST, clock=lambda: MOMENT,
    ).vault  # fmt: skip


def _store(vault: Vault, checked: CheckedPackage) -> None:
    with vault.changing("termly-return received", f"package/{checked.payload.id}") as session:
        register.store_package(
            session, checked.payload, checked.envelope, digest=checked.payload_sha256,
            series=checked.series, revision=1, direction="received", verdict=checked.verdict,
            at=vault.now(),
        )  # fmt: skip


def measure(count: int, folder: Path, *, with_spark: bool) -> dict[str, float]:
    """Measure everything; return milliseconds a return."""
    desk, files = make_returns(count, folder)
    opening, books = Opening(desk, tidy_file()), sorted((folder / "books").iterdir())
    kept = [check_alone(path.read_bytes(), desk) for path in files[:PEERS_READ]]  # warms up too
    collate(opening, make_few(files, folder), folder / "warm", Here(opening, 1))
    found = {"bare": bare(desk, files) / count}
    found["check"] = spent(lambda: [check_alone(p.read_bytes(), desk) for p in files]) / count
    one, two = Here(opening, 1), Here(opening, 2)
    found["collate"] = spent(lambda: collate(opening, files, folder / "one", one)) / count
    found["collate, by the clock"] = (
        waited(lambda: collate(opening, files, folder / "one", one)) / count
    )
    found["collate, 2, by the clock"] = (
        waited(lambda: collate(opening, files, folder / "two", two)) / count
    )
    if with_spark:
        with on_spark("local[2]", opening) as engine:
            found["spark, by the clock"] = (
                waited(lambda: collate(opening, files, folder / "spark", engine)) / count
            )
        names = [f"returns{opening.table.suffix}", "figures.csv", "report.csv"]
        for name in names:
            if (folder / "two" / name).read_bytes() != (folder / "spark" / name).read_bytes():
                raise SystemExit(f"Spark's {name} differs.")
    for reader in ("calamine", "pandas calamine", "openpyxl", "pandas openpyxl"):
        read_books(reader, books[:1])
        found[reader] = spent(lambda r=reader: read_books(r, books)) / len(books)
    duck = duckdb_seconds(folder / "loose", folder)
    if duck is None:
        print("NOT MEASURED: DuckDB, because it could not be installed here.")
    else:
        found["duckdb"] = duck / len(books)
    stored = storing(kept, folder)
    found |= {f"{way}, by the clock": seconds / len(kept) for way, seconds in stored.items()}
    return {name: seconds * 1000 for name, seconds in found.items()}


RATIOS = (
    ("check", "bare", "at most 3"),
    ("collate", "calamine", "below 1"), ("collate", "openpyxl", "below 1"),
    ("collate", "pandas openpyxl", "below 1"), ("collate", "duckdb", "below 1"),
    ("collate, by the clock", "collate, 2, by the clock", "at least 1.7"),
    ("store, by the clock", "bulk insert, by the clock", "at most 2"),
    ("spark, by the clock", "collate, 2, by the clock", "at most 2"),
)  # fmt: skip


def main() -> None:
    """Measure, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--spark", action="store_true")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="odbst-packages-") as folder:
        found = measure(options.count, Path(folder), with_spark=options.spark)
    print(f"{options.count:,} returns, milliseconds each")
    for name, milliseconds in found.items():
        print(f"  {name:26} {milliseconds:9.3f}")
    ratios = {
        f"{one} / {other}": (found[one] / found[other], aim)
        for one, other, aim in RATIOS if one in found and other in found
    }  # fmt: skip
    for name, (ratio, aim) in ratios.items():
        print(f"  {name:50} {ratio:6.2f}   ({aim})")
    if options.out:
        shown = {name: {"ratio": ratio, "aim": aim} for name, (ratio, aim) in ratios.items()}
        facts = {"count": options.count, "milliseconds": found, "ratios": shown}
        options.out.write_text(json.dumps(facts, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
