"""Open packs of packages on Apache Spark, and make the figures there, with the same functions.

Needs the extra ``cluster`` and Java. The workers read the packages themselves, so the folders must
be in reach of each under the same path. The desk's copy goes to them with the sealing key in it:
Spark is told to encrypt whatever it writes to a disk, and between machines what it sends.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from odbst_desktop.errors import InputError, OdbstError
from odbst_desktop.trust.opened import Opened, OpenedPack, Opening, packs_of, repeated
from odbst_desktop.trust.summing import COUNTED, figures_sql
from odbst_desktop.trust.tidy_files import ParquetFile, unpacked

_PACKS_IN_A_TASK = 16
_RETURNED = (
    "academic_year string, term string, urn long, field string, number double, missing string"
)


class SparkError(OdbstError):
    """Apache Spark could not do the work."""

    code = "spark"


@contextmanager
def on_spark(master: str, opening: Opening) -> Iterator[OnSpark]:
    """Give an engine on a Spark master, e.g. ``local[2]``, and end its session afterwards.

    Raises:
        InputError: the extra or Java is not there.
        SparkError: Spark does not start, or a worker failed.

    """
    if not (find_spec("pyspark") and find_spec("pyarrow")):
        raise InputError(
            "Apache Spark is not installed here. Install the program with its extra “cluster”, or "
            "leave out --spark: --workers uses every core of this machine."
        )
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        raise InputError(
            "Apache Spark needs Java, and none was found. Install a Java runtime, or leave out "
            "--spark: --workers uses every core of this machine."
        )
    from py4j.protocol import Py4JError  # noqa: PLC0415 - of the extra, and slow to import
    from pyspark.errors import PySparkException  # noqa: PLC0415 - as above

    session = None
    try:
        session = _session(master)
        yield OnSpark(opening, session)
    except (PySparkException, Py4JError) as fault:
        # No words of Spark's: they name files of the program, and could hold contents.
        raise SparkError(
            f"Apache Spark at “{master}” did not do the work ({type(fault).__name__}). Nothing was "
            "written. Look at Spark's own log, or leave out --spark."
        ) from fault
    finally:
        if session is not None:
            session.stop()


@dataclass(frozen=True)
class OnSpark:
    """An engine on a Spark session."""

    opening: Opening
    session: Any
    kept: list[Any] = field(default_factory=list)
    """The opened packs, on the workers, so that the figures need no second check."""

    def opened(self, files: Sequence[str]) -> Iterator[OpenedPack]:
        """Open files on the workers and give the packs in their order."""
        context, packs = self.session.sparkContext, list(packs_of(files))
        desk = context.broadcast(self.opening)

        def open_pack(pack: Sequence[tuple[int, str]]) -> OpenedPack:
            opened: OpenedPack = desk.value.open(pack)
            return opened

        slices = max(context.defaultParallelism, -(-len(packs) // _PACKS_IN_A_TASK))
        kept = context.parallelize(packs, slices).map(open_pack).persist()
        self.kept.append(kept)
        yield from kept.toLocalIterator(prefetchPartitions=True)

    def figures(
        self, table: Path, terms: Iterable[tuple[str, str]], found: Sequence[Opened],
        left_out: frozenset[str],
    ) -> list[tuple[Any, ...]]:  # fmt: skip
        """Return the figures, made on the workers from the packs that they opened."""
        del table, terms
        again = repeated(found)

        def counted(pack: OpenedPack) -> Iterator[tuple[Any, ...]]:
            unwanted = left_out | again.get(pack.found[0].place, frozenset())
            rows = ParquetFile().without(pack.rows, unwanted) if unwanted else pack.rows
            for batch in unpacked(rows):
                yield from zip(*(batch.column(name).to_pylist() for name in COUNTED), strict=True)

        rows = self.session.createDataFrame(
            self.kept[-1].flatMap(counted), _RETURNED, verifySchema=False
        )
        rows.createOrReplaceTempView("returned")
        return [tuple(row) for row in self.session.sql(figures_sql()).collect()]


def _session(master: str) -> Any:
    from pyspark.sql import SparkSession  # noqa: PLC0415 - of the extra, and slow to import

    is_here = master.startswith("local")
    builder = SparkSession.builder.master(master).appName("ODBST collate")
    settings = {
        "spark.ui.enabled": "false",
        "spark.io.encryption.enabled": "true",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2" if is_here else "200",
        "spark.log.level": "ERROR",
        "spark.driver.maxResultSize": "0",
    }
    if is_here:
        os.environ["PYSPARK_PYTHON"] = sys.executable  # the workers are this program too
        settings |= {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
        }
    else:
        settings |= {"spark.authenticate": "true", "spark.network.crypto.enabled": "true"}
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
