"""Vaults with records of many years, and the decrypted pages of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from odbst_desktop.meetings.log import Meeting, close_meeting, save_meeting, start_meeting
from odbst_desktop.vault.key_file import DATABASE
from odbst_desktop.vault.vault import Vault

PAGE, RESERVED, SALT, WAL_HEAD, FRAME_HEAD = 4096, 80, 16, 32, 24


@pytest.fixture
def hold_meeting(school: Vault, clock: Any) -> Callable[..., Meeting]:
    """Hold and close a meeting on a day, with a decision due a week later."""

    def hold(day: date, *, words: str = "Late arrivals.", reference: str = "C1042") -> Meeting:
        clock.day = day
        meeting = start_meeting(school)
        answers = {
            **meeting.answers,
            "concerns": [{"category": "neglect", "count": 2}],
            "children": [{"reference": reference, "reason": words, "next_step": "Ring"}],
            "key_concerns": words,
            "referrals_made": 1,
            "decisions": [
                {
                    "decision": f"Ring the families: {words}",
                    "owner": meeting.answers["chair"],
                    "due": date(day.year, day.month, min(day.day + 1, 28)).isoformat()
                    if day.day < 28
                    else day.isoformat(),
                }
            ],
        }
        save_meeting(school, meeting.id, answers)
        return close_meeting(school, meeting.id)

    return hold


def decrypted_pages(vault: Vault) -> Iterator[bytes]:
    """Give every page of the file and of its log as it is once decrypted, used or free.

    SQLCipher 4 with a raw key: AES-256-CBC, the vector and the code in the last 80 bytes of a
    page; the first page begins with the salt.
    """
    file = vault.folder / DATABASE
    data, log = file.read_bytes(), _read(file.with_name(f"{DATABASE}-wal"))
    for start in range(0, len(data), PAGE):
        yield _decrypted(data[start : start + PAGE], vault.ring.vault_key, is_first=start == 0)
    for start in range(WAL_HEAD, len(log), FRAME_HEAD + PAGE):
        number = int.from_bytes(log[start : start + 4], "big")
        page = log[start + FRAME_HEAD : start + FRAME_HEAD + PAGE]
        if number:
            yield _decrypted(page, vault.ring.vault_key, is_first=number == 1)


def _decrypted(page: bytes, key: bytes, *, is_first: bool) -> bytes:
    body, vector = page[SALT if is_first else 0 : -RESERVED], page[-RESERVED:][:16]
    decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    return decryptor.update(body) + decryptor.finalize()


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""
