"""Folders of packages, checked and collated: one process, two, and a real Spark."""

from __future__ import annotations

import csv
import io
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from pathlib import Path

import pyarrow.parquet
import pytest

from odbst_desktop.errors import FileWriteError, InputError
from odbst_desktop.office.folders import Engine, FolderBatch, collate_folders, copy_desk
from odbst_desktop.returns.drafting import return_form
from odbst_desktop.trust.collation import COLUMNS, TidyRow
from odbst_desktop.trust.opened import Opening
from odbst_desktop.trust.processes import Here
from odbst_desktop.trust.spark import on_spark
from odbst_desktop.trust.table import rows_of_term, trust_table
from odbst_desktop.trust.tidy_files import CsvFile, ParquetFile, TidyFile
from odbst_desktop.vault.vault import Vault
from tests.trust.conftest import LAST, NOW, ManySchools

Engines = Callable[[Opening], Engine]


def collated(
    schools: ManySchools, out: Path, engine: Engines = Here, *, table: TidyFile | None = None,
    only: tuple[str, str] | None = None,
) -> FolderBatch:  # fmt: skip
    desk, held = copy_desk(schools.vault)
    opening = Opening(desk, table or ParquetFile(), only)
    *_, last = collate_folders(opening, held, [schools.folder], out, engine(opening))
    assert last.batch is not None
    return last.batch


def rows_in(path: Path) -> list[TidyRow]:
    table = pyarrow.parquet.read_table(path)
    return [TidyRow(*row.values()) for row in table.to_pylist()]


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


def bytes_of(batch: FolderBatch) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in (batch.table, batch.figures, batch.report))


def test_folder_gives_the_same_rows_as_the_vault(many_schools: ManySchools, tmp_path: Path) -> None:
    batch = collated(many_schools, tmp_path / "out")
    with many_schools.vault.reading() as session:
        table = trust_table(session, return_form())
    stored = [*rows_of_term(table, LAST), *rows_of_term(table, NOW)]
    assert Counter(rows_in(batch.table)) == Counter(stored)
    assert batch.words == "35 files: 23 collated, 12 no termly returns."
    totals = {
        (each["academic_year"], each["field"]): each
        for each in read(batch.figures)
        if each["field"] == "concerns_total"
    }
    said = table.numbers(NOW, "concerns_total")
    assert float(totals[NOW[0], "concerns_total"]["total"]) == sum(said.values())
    assert totals[NOW[0], "concerns_total"]["schools_returned"] == "11"


def test_two_processes_give_the_same_bytes_as_one(
    many_schools: ManySchools, tmp_path: Path
) -> None:
    one = collated(many_schools, tmp_path / "one")
    two = collated(many_schools, tmp_path / "two", lambda opening: Here(opening, 2))
    assert bytes_of(one) == bytes_of(two)


def test_csv_holds_what_parquet_holds(many_schools: ManySchools, tmp_path: Path) -> None:
    parquet = collated(many_schools, tmp_path / "parquet", only=NOW)
    comma = collated(many_schools, tmp_path / "csv", table=CsvFile(), only=NOW)
    assert comma.figures.read_bytes() == parquet.figures.read_bytes()
    rows = read(comma.table)
    assert tuple(rows[0]) == COLUMNS
    assert [r["package"] for r in rows] == [r.package for r in rows_in(parquet.table)]
    assert {r["term"] for r in rows} == {"summer"}
    assert comma.counts["other term"] == 12


@pytest.mark.parametrize("table", [ParquetFile(), CsvFile()], ids=["parquet", "csv"])
def test_newest_revision_counts_once_and_a_bad_file_harms_no_other(
    few_schools: ManySchools, tmp_path: Path, table: TidyFile
) -> None:
    few_schools.send(NOW)
    first = few_schools.schools[0]
    few_schools.send(NOW, [first], {"pupils_on_roll": 91})
    again = few_schools.files[-1]
    shutil.copy(again, few_schools.folder / "copy.odbst")
    shutil.copy(again, few_schools.folder / "zcopy.odbst")
    (few_schools.folder / "noise.odbst").write_bytes(b"\x00" * 500)
    damaged = bytearray(few_schools.files[-2].read_bytes())
    damaged[-40] ^= 1
    (few_schools.folder / "damaged.odbst").write_bytes(damaged)
    batch = collated(few_schools, tmp_path / "out", table=table)
    assert batch.counts == {
        "collated": 3, "superseded": 1, "duplicate": 2, "other kind": 3, "refused": 2,
    }  # fmt: skip
    verdicts = {Path(r["file"]).name: r for r in read(batch.report)}
    assert verdicts["noise.odbst"]["code"] == "not-a-package"
    assert verdicts["damaged.odbst"]["message"].endswith(".")
    packages = [
        row.package if isinstance(row, TidyRow) else row["package"]
        for row in (rows_in(batch.table) if table.suffix == ".parquet" else read(batch.table))
        if (row.field if isinstance(row, TidyRow) else row["field"]) == "pupils_on_roll"
    ]
    assert len(packages) == len(set(packages)) == 3
    roll = next(r for r in read(batch.figures) if r["field"] == "pupils_on_roll")
    assert roll["total"] == str(91 + sum(s.roll for s in few_schools.schools[1:]))


def test_whoever_stops_leaves_nothing_behind(many_schools: ManySchools, tmp_path: Path) -> None:
    desk, held = copy_desk(many_schools.vault)
    opening = Opening(desk, ParquetFile())
    folders = [many_schools.folder]
    out = tmp_path / "out"
    with closing(collate_folders(opening, held, folders, out, Here(opening))) as steps:
        step = next(islice(steps, 1))
    assert (step.done, step.total) == (35, 35)
    assert list(out.iterdir()) == []


def test_what_cannot_be_done_is_said(
    few_schools: ManySchools, open_vaults: Callable[..., Vault], tmp_path: Path
) -> None:
    desk, held = copy_desk(few_schools.vault)
    opening = Opening(desk, ParquetFile())
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no package"):
        list(collate_folders(opening, held, [tmp_path / "empty"], tmp_path, Here(opening)))
    (tmp_path / "file").write_text("in the way")
    chosen = [few_schools.folder]
    with pytest.raises(FileWriteError, match="Nothing was left there"):
        list(collate_folders(opening, held, chosen, tmp_path / "file", Here(opening)))
    with pytest.raises(InputError, match="Only the trust's vault"):
        copy_desk(open_vaults())


def test_a_revision_received_twice_is_a_duplicate(few_schools: ManySchools) -> None:
    few_schools.send(NOW)
    assert few_schools.send(NOW, few_schools.schools[:1], {"eal_count": 4})[0].verdict == "accepted"
    again = few_schools.receive(few_schools.files[-1])
    assert [(v.verdict, v.kind) for v in again] == [("duplicate", "termly-return")]


@pytest.mark.skipif(shutil.which("java") is None, reason="Apache Spark needs Java, none is here")
@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::ResourceWarning")
def test_spark_gives_the_same_bytes(few_schools: ManySchools, tmp_path: Path) -> None:
    few_schools.send(LAST)
    few_schools.send(NOW)
    few_schools.send(NOW, few_schools.schools[:1], {"pupils_on_roll": 91})
    shutil.copy(few_schools.files[-1], few_schools.folder / "copy.odbst")
    (few_schools.folder / "noise.odbst").write_bytes(b"{}")
    here = collated(few_schools, tmp_path / "here")
    desk, held = copy_desk(few_schools.vault)
    opening = Opening(desk, ParquetFile())
    with on_spark("local[2]", opening) as engine:
        *_, last = collate_folders(opening, held, [few_schools.folder], tmp_path / "spark", engine)
    assert last.batch is not None
    assert bytes_of(last.batch) == bytes_of(here)
    assert here.counts == {
        "collated": 6, "superseded": 1, "duplicate": 1, "other kind": 3, "refused": 1,
    }  # fmt: skip
