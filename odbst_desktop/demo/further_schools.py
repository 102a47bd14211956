"""The further schools of the demonstration: they enrol, return and are answered, by file alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from odbst_desktop.demo.neighbours import Neighbour
from odbst_desktop.errors import InputError
from odbst_desktop.exchange.records import read_sealing_key
from odbst_desktop.office import inbox, outbox
from odbst_desktop.office.inbox import Verdict
from odbst_desktop.office.outbox import Outgoing
from odbst_desktop.school.schools import School, write_school
from odbst_desktop.vault.vault import Vault

Send = Callable[[Outgoing], Path]
_TERM = "summer"


class FurtherSchools:
    """The schools with what is told of them; each takes part in the story by its files."""

    def __init__(
        self, trust: Vault, told: list[dict[str, Any]], passphrase: str, send: Send
    ) -> None:
        self._trust, self._passphrase, self._send = trust, passphrase, send
        self._told = {
            Neighbour(
                each["urn"], each["name"], each["authority"], each["roll"],
                (each["people"][0], each["people"][1]), each["busy"],
            ): each
            for each in told
        }  # fmt: skip
        with trust.reading() as session:
            self._public = read_sealing_key(session).public

    @property
    def told(self) -> tuple[dict[str, Any], ...]:
        """Return what is told of each."""
        return tuple(self._told.values())

    def enrol(self) -> Iterator[Path]:
        """Let them enrol, and confirm their keys as on the telephone."""
        trust = self._trust
        with trust.changing("schools added", "school/further") as session:
            for each in self._told.values():
                write_school(
                    session,
                    School(each["urn"], each["name"], each["authority"], "primary", each["hub"]),
                )
        day = trust.today()
        yield from self._file(school.enrolment(self._public, day) for school in self._told)
        for school in self._told:
            for keyid, said in school.fingerprints():
                inbox.approve(trust, keyid, said)

    def send_returns(self, year: str, first: date, last: date) -> Iterator[Path]:
        """Let those return whose day lies between two, and say what the ESL said to each."""
        for school, each in self._told.items():
            day = each["returns"].get(year)
            if day is None or not first <= day <= last:
                continue
            yield from self._file([school.termly_return(self._public, year, _TERM, day)])
            if each.get("answer") and year == "2025-26":
                digest = school.sent[year, _TERM][1]
                yield self._send(outbox.receipt(self._trust, digest, self._passphrase))

    def _file(self, files: Iterable[Outgoing]) -> tuple[Path, ...]:
        paths = tuple(map(self._send, files))
        refuse_refused(inbox.import_files(self._trust, paths))
        return paths


def refuse_refused(verdicts: Iterable[Verdict]) -> None:
    """Refuse to go on where the trust refused one of the demonstration's own files."""
    for verdict in verdicts:
        if verdict.is_refused:
            raise InputError(
                f"The demonstration refused its own file {verdict.file}: {verdict.message}"
            )
