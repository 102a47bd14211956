"""Quick unlock through a real Secret Service (gnome-keyring), and an honest word without one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from odbst_desktop.vault import errors
from odbst_desktop.vault.opening import NewVault
from odbst_desktop.vault.quick_unlock import is_offered, is_on, switch_off, switch_on, why_not_here

from .conftest import PASSPHRASE, Reopen

HAS_KEYRING = all(shutil.which(name) for name in ("dbus-run-session", "gnome-keyring-daemon"))
SESSION = (
    "printf 'login\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null"
    ' && exec "$0" "$1"'
)


@pytest.fixture
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


@pytest.mark.usefixtures("no_keyring")
def test_without_a_keyring_it_says_so_and_the_passphrase_works_on(
    made: NewVault, reopen: Reopen
) -> None:
    done = run_alone(
        made,
        """
        from odbst_desktop.vault.quick_unlock import is_on, switch_on, why_not_here
        assert "no keyring" in why_not_here(), why_not_here()
        try:
            switch_on(vault, PASSPHRASE)
        except NoKeyringError as fault:
            print(fault.sentence)
        assert not is_on(vault)
        """,
        with_session=False,
    )
    assert "Your passphrase opens the vault as before" in done
    reopen().close()


@pytest.mark.skipif(not HAS_KEYRING, reason="needs gnome-keyring and dbus")
def test_keyring_opens_the_vault_and_is_never_the_only_way_in(
    made: NewVault, reopen: Reopen, tmp_path: Path
) -> None:
    done = run_alone(
        made,
        """
        assert why_not_here() == ""
        assert not is_offered(FOLDER)
        try:
            switch_on(vault, "somebody else's words")
        except WrongPassphraseError:
            print("asks for the passphrase")
        switch_on(vault, PASSPHRASE)
        assert is_on(vault)
        change_key(vault)
        vault.close()
        assert is_offered(FOLDER)
        vault = open_with_secret(FOLDER, kept_secret(FOLDER), schema=SCHEMA, marks=MARKS)
        assert vault.user.name == "Ruth Ellery"
        try:
            vault.signing_key(vault.user.id, kept_secret(FOLDER).decode())
        except WrongPassphraseError:
            print("signing asks for the passphrase all the same")
        old = kept_secret(FOLDER)
        switch_off(vault)
        vault.close()
        assert not is_offered(FOLDER)
        try:
            open_with_secret(FOLDER, old, schema=SCHEMA, marks=MARKS)
        except WrongPassphraseError:
            print("switched off")
        try:
            kept_secret(FOLDER)
        except NoKeyringError:
            print("forgotten")
        """,
        with_session=True,
    )
    assert done.split("\n")[:4] == [
        "asks for the passphrase",
        "signing asks for the passphrase all the same",
        "switched off",
        "forgotten",
    ]
    secret = (tmp_path / "home").rglob("*.keyring")
    assert not [p for p in secret if PASSPHRASE.encode() in p.read_bytes()]
    reopen().close()


@pytest.mark.skipif(not HAS_KEYRING, reason="needs gnome-keyring and dbus")
def test_keyring_that_was_emptied_leaves_the_passphrase(made: NewVault, reopen: Reopen) -> None:
    done = run_alone(
        made,
        """
        switch_on(vault, PASSPHRASE)
        vault.close()
        """,
        with_session=True,
    )
    assert done == ""
    vault = reopen()
    assert is_on(vault)
    vault.close()
    again = run_alone(
        made,
        """
        try:
            kept_secret(FOLDER)
        except NoKeyringError as fault:
            print(fault.sentence)
        """,
        with_session=True,
        home="another",
        passphrase_opens=False,
    )
    assert "Use your passphrase" in again
    vault = reopen()
    switch_off(vault)
    assert not is_on(vault)


def run_alone(
    made: NewVault, code: str, *, with_session: bool, home: str = "home",
    passphrase_opens: bool = True,
) -> str:  # fmt: skip
    """Run code in a process of its own, in a session with its own keyring if wanted."""
    base = made.vault.folder.parent
    made.vault.close()
    opening = "vault = open_vault(FOLDER, schema=SCHEMA, passphrase=PASSPHRASE, marks=MARKS)"
    script = base / "alone.py"
    script.write_text(
        textwrap.dedent(f"""
        from pathlib import Path
        from sqlmodel import SQLModel
        from odbst_desktop.vault.errors import NoKeyringError, WrongPassphraseError
        from odbst_desktop.vault.migrating import Schema
        from odbst_desktop.vault.opening import open_vault, open_with_secret
        from odbst_desktop.vault.quick_unlock import (
            is_offered, is_on, kept_secret, switch_off, switch_on, why_not_here,
        )
        from odbst_desktop.vault.users import change_key
        PASSPHRASE, SCHEMA = {PASSPHRASE!r}, Schema(1, SQLModel.metadata)
        FOLDER, MARKS = Path({str(made.vault.folder)!r}), Path({str(base / "marks")!r})
        {opening if passphrase_opens else ""}
        """)
        + textwrap.dedent(code),
        encoding="utf-8",
    )
    folder = base / home
    folder.mkdir(exist_ok=True, mode=0o700)
    surroundings = {
        **os.environ,
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    session = ["dbus-run-session", "--", "sh", "-c", SESSION] if with_session else []
    done = subprocess.run(
        [*session, sys.executable, str(script)], env=surroundings, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_vault_without_quick_unlock_does_not_load_the_keyring(made: NewVault) -> None:
    assert not is_offered(made.vault.folder)
    assert errors.NoKeyringError.code == "no-keyring"
    assert isinstance(why_not_here(), str)
    with pytest.raises(errors.WrongPassphraseError):
        switch_on(made.vault, "not the passphrase at all")
