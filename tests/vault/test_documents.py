"""Documents: judged by what they hold, kept encrypted, laid out in plain only on request."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.errors import FileWriteError, InputError
from odbst_desktop.vault.documents import (
    MOST_BYTES,
    find_document,
    keep_document,
    read_document,
    remove_document,
    safe_name,
)
from odbst_desktop.vault.private_folder import lay_out, private_folder, wipe_private_folder
from odbst_desktop.vault.vault import Vault

PDF = b"%PDF-1.7\n% MARKERWORD\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(30)
JPEG = b"\xff\xd8\xff\xe0" + bytes(30)


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("certificate.pdf", PDF, "application/pdf"),
        ("scan.PNG", PNG, "image/png"),
        ("photo.jpeg", JPEG, "image/jpeg"),
        ("list.csv", "name,date\né,1\n".encode("cp1252"), "text/csv"),
        ("no ending", PDF, "application/pdf"),
    ],
)
def test_document_is_kept_as_what_it_holds(
    school: Vault, name: str, data: bytes, media_type: str
) -> None:
    with school.changing("document kept", "document/1") as session:
        kept = keep_document(session, name, data, at=school.now())
    assert kept.media_type == media_type
    with school.reading() as session:
        assert read_document(session, kept.id) == data
        assert find_document(session, kept.id) == kept


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("certificate.pdf", PNG, "named as a PDF, but it holds a PNG picture"),
        ("photo.jpg", b"MZ\x90\x00" + bytes(40), "what it holds is something else"),
        ("program.exe", b"MZ\x90\x00" + bytes(40), "neither a PDF"),
        ("list.csv", b"a\0b", "named as a CSV table"),
        ("empty.pdf", b"", "is empty"),
        ("large.pdf", PDF + bytes(MOST_BYTES), "at most 10 MB"),
    ],
)
def test_what_it_is_not_is_refused_and_changes_nothing(
    school: Vault, name: str, data: bytes, sentence: str
) -> None:
    before = school.audit_head()
    with (
        pytest.raises(InputError, match=sentence),
        school.changing("document kept", "document/1") as session,
    ):
        keep_document(session, name, data, at=school.now())
    assert school.audit_head() == before


def test_removed_document_leaves_nothing_to_find(school: Vault) -> None:
    with school.changing("document kept", "document/1") as session:
        kept = keep_document(session, "c.pdf", PDF, at=school.now())
    with school.changing("document removed", "document/1") as session:
        remove_document(session, kept.id)
    with school.reading() as session:
        assert find_document(session, kept.id) is None


@given(st.text(max_size=200))
def test_name_of_any_kind_becomes_one_the_package_format_allows(name: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,79}", safe_name(name))


@pytest.mark.parametrize("name", ["../../evil.pdf", "C:\\Users\\x\\evil.pdf", "/etc/evil.pdf"])
def test_name_is_no_path(name: str) -> None:
    assert safe_name(name) == "evil.pdf"


def test_document_laid_out_is_for_this_user_alone_and_is_wiped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    first, second = lay_out("c.pdf", PDF), lay_out("c.pdf", PDF)
    assert first != second
    assert first.read_bytes() == PDF
    if os.name == "posix":
        assert (first.stat().st_mode & 0o777, private_folder().stat().st_mode & 0o777) == (
            0o600,
            0o700,
        )
    wipe_private_folder()
    assert list(tmp_path.rglob("*")) == []
    wipe_private_folder()


@pytest.mark.skipif(os.name != "posix", reason="modes of folders")
def test_folder_that_others_can_enter_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    private_folder().mkdir(mode=0o755)
    private_folder().chmod(0o755)
    with pytest.raises(FileWriteError, match="not this user’s own"):
        lay_out("c.pdf", PDF)
