"""A small vault with one user, and ways to open it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from odbst_desktop.vault.key_slots import FLOOR_COST
from odbst_desktop.vault.migrating import Schema
from odbst_desktop.vault.opening import NewVault, create_vault, open_vault
from odbst_desktop.vault.vault import Vault

PASSPHRASE = "copper lantern drifting orchard"
SCHEMA = Schema(1, SQLModel.metadata)
Reopen = Callable[..., Vault]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[NewVault]:
    new = create_vault(
        tmp_path / "oakfield",
        schema=SCHEMA,
        name="Ruth Ellery",
        role="dsl",
        passphrase=PASSPHRASE,
        cost=FLOOR_COST,
        marks=tmp_path / "marks",
    )
    yield new
    new.vault.close()


@pytest.fixture
def reopen(tmp_path: Path) -> Iterator[Reopen]:
    opened: list[Vault] = []

    def open_again(
        passphrase: str = PASSPHRASE, version: int = SCHEMA.version, folder: Path | None = None
    ) -> Vault:
        vault = open_vault(
            folder or tmp_path / "oakfield",
            schema=replace(SCHEMA, version=version),
            passphrase=passphrase,
            marks=tmp_path / "marks",
        )
        opened.append(vault)
        return vault

    yield open_again
    for vault in opened:
        vault.close()
