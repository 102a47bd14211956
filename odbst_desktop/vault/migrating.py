"""Bring a vault of an older program up to date: on an encrypted copy, checked, then swapped in.

Alembic is imported only when a schema is behind. The schema's number is SQLite's ``user_version``
and the revisions are named after it (``0003``), so that a fresh and a migrated vault are alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, MetaData

from odbst_desktop.vault.database import connect, open_engine
from odbst_desktop.vault.errors import DamagedVaultError, OtherVersionError
from odbst_desktop.vault.remaking import remake_database

_VERSION_TABLE = "alembic_version"


@dataclass(frozen=True, slots=True)
class Schema:
    """The tables that a program knows: their number, what they are, and the steps to them."""

    version: int
    metadata: MetaData
    scripts: Path | None = None


def schema_version(path: Path, key: bytes) -> int:
    """Return the number of a database's schema."""
    connection = connect(path, key)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def refuse_other_version(found: int, schema: Schema) -> None:
    """Refuse a vault that this program can neither read nor bring up to date.

    Raises:
        OtherVersionError: it is newer, or older than the oldest step.

    """
    if found > schema.version:
        raise OtherVersionError(
            "This vault was made by a newer version of the program. Nothing was changed; install "
            "the newer version to open it."
        )
    if found < schema.version and schema.scripts is None:
        raise OtherVersionError(
            "This vault was made by an older version of the program that this one cannot bring up "
            "to date. Nothing was changed."
        )


def migrate(path: Path, key: bytes, schema: Schema) -> None:
    """Bring the database up to date. The caller holds the vault and has made a backup.

    Raises:
        DamagedVaultError: the copy did not pass its checks; FileWriteError: no room. Nothing was
        changed.

    """
    remake_database(path, key, change=lambda copy: _upgrade(copy, key, schema))


def _upgrade(copy: Path, key: bytes, schema: Schema) -> None:
    # Foreign keys are off while tables are made anew: with them on, Alembic's way of doing it
    # would delete what hangs on the old table, silently.
    engine = open_engine(copy, key, foreign_keys=False)
    try:
        with engine.connect() as connection:
            before = _row_counts(connection)
            connection.rollback()
            _run_steps(connection, schema)
            lost = _lost_rows(before, _row_counts(connection))
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            connection.rollback()
    finally:
        engine.dispose()
    if lost or broken:
        raise DamagedVaultError(
            "The vault could not be brought up to date without losing something "
            f"({lost or 'a link between records'}), so it was left as it is. Use the version of "
            "the program that you had, and tell whoever looks after it."
        )


def _run_steps(connection: Connection, schema: Schema) -> None:
    from alembic import command  # noqa: PLC0415 - slow to import, and seldom needed
    from alembic.config import Config  # noqa: PLC0415

    found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    connection.rollback()
    config = Config()
    config.set_main_option("script_location", str(schema.scripts))
    config.attributes["connection"] = connection
    command.stamp(config, f"{found:04d}")
    command.upgrade(config, f"{schema.version:04d}")
    with connection.begin():
        connection.exec_driver_sql(f"DROP TABLE {_VERSION_TABLE}")
        connection.exec_driver_sql(f"PRAGMA user_version = {schema.version}")


def _row_counts(connection: Connection) -> dict[str, int]:
    # A search index may shrink and is filled again: it and the tables behind it hold no records.
    names = connection.exec_driver_sql(
        "SELECT name FROM pragma_table_list "
        "WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).scalars()
    return {
        name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()  # noqa: S608
        for name in names.all()
    }


def _lost_rows(before: dict[str, int], after: dict[str, int]) -> str:
    return ", ".join(name for name, rows in before.items() if after.get(name, 0) < rows)
