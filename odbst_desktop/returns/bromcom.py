"""Roll, attendance and suspension figures from a Bromcom sheet of pupils: only counts stay.

Each row is a pupil. Columns with names are not mapped and so never read; the rows are forgotten
once they are counted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from odbst_desktop.errors import InputError
from odbst_desktop.form_engine.answers import check_types
from odbst_desktop.returns.drafting import ReturnId
from odbst_desktop.returns.set_aside import row_to_change
from odbst_desktop.returns.versions import form_of_row
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.spreadsheets.entries import Entries, Entry, read_entries
from odbst_desktop.spreadsheets.mapping import ColumnMapping, missing_fields
from odbst_desktop.spreadsheets.table import Fault, Table
from odbst_desktop.spreadsheets.targets import target
from odbst_desktop.vault.vault import Vault

PUPILS = "pupils"
"""The name of the target that such sheets are read into."""

_PERSISTENT, _SEVERE = 0.10, 0.50
"""The share of sessions missed from which absence is persistent or severe (the DfE's measures)."""

_NO = frozenset({"", "n", "no", "false", "0", "-", "none", "no special educational need"})
_PLANS = ("e", "ehcp", "ehc")
_SUPPORT = ("k", "sen support", "support")


@dataclass(frozen=True, slots=True)
class SheetFigures:
    """What a sheet gives: figures by question, pupils counted, rows that could not be read."""

    name: str
    figures: dict[str, Any]
    rows: int
    faults: tuple[Fault, ...]

    def account(self) -> str:
        """Return in a sentence what became of the rows."""
        said = f"{self.rows:,} pupils counted; {len(self.figures)} figures."
        if self.faults:
            first = self.faults[0]
            said += (
                f" {len(self.faults):,} rows could not be read and are not counted; the first is "
                f"row {first.row}: {first.sentence}"
            )
        return said


def count_pupils(table: Table, mapping: ColumnMapping, name: str) -> SheetFigures:
    """Count a sheet of pupils; nothing of it but counts is in the result.

    Raises:
        InputError: a column that is needed was not found, or no row could be counted.

    """
    missing = missing_fields(target(PUPILS), mapping)
    if missing:
        wanted = " and ".join(f"“{known.label}”" for known in missing)
        raise InputError(
            f"The sheet has no column for {wanted}. Export the term’s attendance from Bromcom with "
            "one row for each pupil, and try again. Nothing was changed."
        )
    entries = read_entries(table, target(PUPILS), mapping)
    sound, faults = _sound(entries)
    if not sound:
        raise InputError(
            "No row of this sheet could be counted. Check that it has one row for each pupil, with "
            "possible and attended sessions. Nothing was changed."
        )
    figures = _attendance(sound, mapping) | _groups(sound, mapping) | _suspensions(sound, mapping)
    return SheetFigures(name, {"pupils_on_roll": len(sound), **figures}, len(sound), faults)


def take_figures(vault: Vault, made: ReturnId, counted: SheetFigures) -> int:
    """Put a sheet's figures into a draft as counted; return how many answers changed.

    Raises:
        StateError: it was exported.

    """
    with vault.changing("return figures taken from a Bromcom sheet", f"return/{made}") as session:
        row = row_to_change(session, made)
        form = form_of_row(session, row)
        asked = {question.name for question in form.questions()}
        figures = {name: value for name, value in counted.figures.items() if name in asked}
        wrong = check_types(form, figures)
        if wrong:
            raise InputError(f"“{wrong[0].field}” was not taken. {wrong[0].message}")
        answers, provenance = json.loads(row.answers), json.loads(row.provenance)
        touched = json.loads(row.touched)
        changed = sum(bool(answers.get(name) != value) for name, value in figures.items())
        row.answers = json.dumps({**answers, **figures}, ensure_ascii=False)
        row.provenance = json.dumps({**provenance, **dict.fromkeys(figures, "counted")})
        row.touched = json.dumps({n: by for n, by in touched.items() if n not in figures})
        sheet = {
            "name": counted.name, "rows": counted.rows, "on": show_date(vault.today()),
            "figures": figures,
        }  # fmt: skip
        row.sheet = json.dumps(sheet, ensure_ascii=False)
        session.add(row)
    return changed


def _number(entry: Entry, name: str) -> float:
    value = entry.values.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def _sound(entries: Entries) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    sound, faults = [], list(entries.faults)
    for entry in entries.entries:
        possible, attended = _number(entry, "possible"), _number(entry, "attended")
        absent = _number(entry, "authorised") + _number(entry, "unauthorised")
        if possible < 0 or attended < 0 or absent < 0 or attended + absent > possible + 0.001:
            words = "more sessions are attended and missed than were possible."
            faults.append(Fault(entry.row, "Sessions", words))
        else:
            sound.append(entry)
    return tuple(sound), tuple(faults)


def _attendance(pupils: Iterable[Entry], mapping: ColumnMapping) -> dict[str, Any]:
    found: dict[str, Any] = {}
    known = [entry for entry in pupils if _number(entry, "possible") > 0]
    if not known:
        return found
    possible = sum(_number(entry, "possible") for entry in known)
    for name, column in (("attendance_pct", "attended"), ("authorised_absence_pct", "authorised"),
                         ("unauthorised_absence_pct", "unauthorised")):  # fmt: skip
        if column in mapping.columns:
            found[name] = round(100 * sum(_number(e, column) for e in known) / possible, 1)
    missed = [1 - _number(e, "attended") / _number(e, "possible") for e in known]
    found["persistent_absence_count"] = sum(share >= _PERSISTENT - 1e-9 for share in missed)
    found["severe_absence_count"] = sum(share >= _SEVERE - 1e-9 for share in missed)
    groups: tuple[tuple[str, str, Callable[[Entry], bool]], ...] = (
        ("sen", "send_attendance_pct", lambda e: _is_plan(e) or _is_support(e)),
        ("pupil_premium", "pp_attendance_pct", lambda e: _says_yes(e, "pupil_premium")),
    )
    for column, name, holds in groups:
        within = [entry for entry in known if holds(entry)]
        of = sum(_number(entry, "possible") for entry in within)
        if column in mapping.columns and of:
            found[name] = round(100 * sum(_number(e, "attended") for e in within) / of, 1)
    return found


def _groups(pupils: tuple[Entry, ...], mapping: ColumnMapping) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "sen" in mapping.columns:
        found["ehcp_count"] = sum(_is_plan(entry) for entry in pupils)
        found["send_support"] = sum(_is_support(entry) for entry in pupils)
    for column, name in (("pupil_premium", "fsm6_or_pp_eligible"), ("eal", "eal_count"),
                         ("cla", "cla_count")):  # fmt: skip
        if column in mapping.columns:
            found[name] = sum(_says_yes(entry, column) for entry in pupils)
    return found


def _suspensions(pupils: tuple[Entry, ...], mapping: ColumnMapping) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "suspensions" in mapping.columns:
        times = [int(_number(entry, "suspensions")) for entry in pupils]
        found["suspensions_count"] = sum(times)
        found["suspended_pupils"] = sum(count > 0 for count in times)
    if "suspension_days" in mapping.columns:
        days = sum(_number(entry, "suspension_days") for entry in pupils)
        found["suspension_days"] = int(days) if days == int(days) else days
    if "permanent" in mapping.columns:
        found["permanent_exclusions"] = int(sum(_number(entry, "permanent") for entry in pupils))
    return found


def _says_yes(entry: Entry, name: str) -> bool:
    return entry.text(name).strip().casefold() not in _NO


def _is_plan(entry: Entry) -> bool:
    return entry.text("sen").strip().casefold().startswith(_PLANS)


def _is_support(entry: Entry) -> bool:
    return entry.text("sen").strip().casefold().startswith(_SUPPORT)
