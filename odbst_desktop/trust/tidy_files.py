"""The tidy table as a file of any length: Parquet where the extra ``cluster`` is, else CSV.

Rows come packed, a pack for some dozens of returns, so that whoever opened the packages can be
another process or another machine.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from odbst_desktop.trust.collation import COLUMNS, TidyRow, collated_csv
from odbst_desktop.trust.summing import COUNTED

_PACKAGE = COLUMNS.index("package")
_ROWS = 10_000


class TidyFile(Protocol):
    """A way to keep the table in a file."""

    suffix: str

    def packed(self, rows: Iterable[TidyRow]) -> bytes:
        """Return rows as bytes that travel between processes."""

    def writing(self, path: Path) -> AbstractContextManager[Callable[[bytes], object]]:
        """Begin a new file; what is given takes one pack after the other."""

    def packs(self, path: Path) -> Iterator[bytes]:
        """Give a file's rows again."""

    def without(self, pack: bytes, packages: frozenset[str]) -> bytes:
        """Return a pack without the rows of some packages (payload hashes)."""

    def counted(self, path: Path, key: tuple[str, str]) -> Iterator[Sequence[Any]]:
        """Give the rows of a term as the figures are made from them."""


def tidy_file() -> TidyFile:
    """Return the best way that this machine has."""
    return ParquetFile() if find_spec("pyarrow") else CsvFile()


class CsvFile:
    """The table as CSV."""

    suffix = ".csv"

    def packed(self, rows: Iterable[TidyRow]) -> bytes:
        """Return rows as bytes that travel between processes."""
        return _without_head(collated_csv(rows))

    @contextmanager
    def writing(self, path: Path) -> Iterator[Callable[[bytes], object]]:
        """Begin a new file; what is given takes one pack after the other."""
        with path.open("xb") as file:
            file.write(collated_csv(()))
            yield file.write

    def packs(self, path: Path) -> Iterator[bytes]:
        """Give a file's rows again."""
        with path.open("rb") as file:
            file.readline()  # the names of the columns
            rows = csv.reader(io.TextIOWrapper(file, "utf-8", newline=""))
            while some := list(islice(rows, _ROWS)):
                yield _as_written(some)

    def without(self, pack: bytes, packages: frozenset[str]) -> bytes:
        """Return a pack without the rows of some packages (payload hashes)."""
        rows = csv.reader(io.StringIO(pack.decode(), newline=""))
        return _as_written(row for row in rows if row[_PACKAGE] not in packages)

    def counted(self, path: Path, key: tuple[str, str]) -> Iterator[Sequence[Any]]:
        """Give the rows of a term as the figures are made from them."""
        places = [COLUMNS.index(name) for name in COUNTED]
        for row in _read(path):
            year, term, urn, field, number, missing = (row[place] for place in places)
            if (year, term) == key:
                yield year, term, int(urn), field, float(number) if number else None, missing


class ParquetFile:
    """The table as Parquet, compressed."""

    suffix = ".parquet"

    def packed(self, rows: Iterable[TidyRow]) -> bytes:
        """Return rows as bytes that travel between processes."""
        import pyarrow as pa  # noqa: PLC0415 - of the extra, and slow to import

        columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
        arrays = [
            pa.array(column, field.type)
            for column, field in zip(columns, arrow_schema(), strict=True)
        ]
        return _packed([pa.RecordBatch.from_arrays(arrays, schema=arrow_schema())])

    @contextmanager
    def writing(self, path: Path) -> Iterator[Callable[[bytes], object]]:
        """Begin a new file; what is given takes one pack after the other."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - as above

        with (
            path.open("xb") as file,
            pq.ParquetWriter(file, arrow_schema(), compression="zstd") as writer,
        ):

            def add(pack: bytes) -> None:
                for batch in unpacked(pack):
                    writer.write_batch(batch)

            yield add

    def packs(self, path: Path) -> Iterator[bytes]:
        """Give a file's rows again."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - as above

        with closing(pq.ParquetFile(path)) as file:
            for number in range(file.num_row_groups):
                yield _packed(file.read_row_group(number).to_batches())

    def without(self, pack: bytes, packages: frozenset[str]) -> bytes:
        """Return a pack without the rows of some packages (payload hashes)."""
        import pyarrow as pa  # noqa: PLC0415 - as above
        import pyarrow.compute as pc  # noqa: PLC0415 - as above

        unwanted = pa.array(sorted(packages), pa.string())
        return _packed(
            batch.filter(pc.invert(pc.is_in(batch.column("package"), value_set=unwanted)))
            for batch in unpacked(pack)
        )

    def counted(self, path: Path, key: tuple[str, str]) -> Iterator[Sequence[Any]]:
        """Give the rows of a term as the figures are made from them."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - as above

        with closing(pq.ParquetFile(path)) as file:
            for number in range(file.num_row_groups):
                table = file.read_row_group(number, columns=list(COUNTED)).select(COUNTED)
                for row in zip(*(c.to_pylist() for c in table.columns), strict=True):
                    if row[:2] == key:
                        yield row


@cache
def arrow_schema() -> Any:
    """Return the table's columns as Arrow and Parquet know them."""
    import pyarrow as pa  # noqa: PLC0415 - of the extra, and slow to import

    types = {"urn": pa.int64(), "revision": pa.int64(), "number": pa.float64()}
    return pa.schema([(name, types.get(name, pa.string())) for name in COLUMNS])


def _packed(batches: Iterable[Any]) -> bytes:
    import pyarrow as pa  # noqa: PLC0415 - as above

    target = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_stream(target, arrow_schema(), options=options) as stream:
        for batch in batches:
            stream.write_batch(batch)
    return bytes(target.getvalue())


def unpacked(pack: bytes) -> Iterator[Any]:
    """Give the Arrow batches of a pack."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    with pa.ipc.open_stream(pack) as stream:
        yield from stream


def _as_written(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows that were read from our CSV as they stood there, with their apostrophes."""
    target = io.StringIO(newline="")
    csv.writer(target, quoting=csv.QUOTE_ALL).writerows(rows)
    return target.getvalue().encode()


def _without_head(data: bytes) -> bytes:
    return data[data.index(b"\n") + 1 :]


def _read(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        next(rows)  # the names of the columns
        yield from rows
