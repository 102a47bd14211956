"""``odbst training``: counts of any day, what is due, and sheets of completions."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

from sqlmodel import Session

from odbst_desktop.command_line.options import DONE, REFUSED, unlocked, with_json, with_vault
from odbst_desktop.files import read_whole
from odbst_desktop.office.calendar import own_authority
from odbst_desktop.school.typed_dates import read_typed_date
from odbst_desktop.spreadsheets.mapping import ColumnMapping, propose_mapping, remembered_mapping
from odbst_desktop.spreadsheets.table import Limits, Table, read_table
from odbst_desktop.spreadsheets.targets import target
from odbst_desktop.training.importing import Preview, import_completions, preview_completions
from odbst_desktop.training.imports import ImportId, imports, undo_import
from odbst_desktop.training.matrix import Matrix, training_matrix
from odbst_desktop.training.published import catalogue_in_use
from odbst_desktop.training.staff_lists import StaffPreview, import_people, preview_people
from odbst_desktop.training.standing import Status
from odbst_desktop.training.wide_sheets import as_list
from odbst_desktop.vault.vault import Vault


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    training = commands.add_parser("training", help="counts of a day, what is due, imports")
    actions = training.add_subparsers(required=True, metavar="ACTION")
    counts = actions.add_parser("counts", help="how many are in date, by course")
    with_vault(counts, _counts)
    with_json(counts)
    _with_day(counts)
    due = actions.add_parser("due", help="who has what to do or renew")
    with_vault(due, _due)
    with_json(due)
    _with_day(due)
    imported = actions.add_parser("import", help="import completions from a sheet")
    with_vault(imported, _import)
    imported.add_argument("file", type=Path, metavar="FILE", help="CSV, Excel or ODS")
    imported.add_argument("--sheet", default="", help="which sheet of a workbook")
    imported.add_argument("--preview", action="store_true", help="only say what would happen")
    imported.add_argument(
        "--leave-out", action="store_true", help="leave out rows that are faulty or not clear"
    )
    imported.add_argument(
        "--people", action="store_true", help="the sheet is a list of people, not of completions"
    )
    made = actions.add_parser("imports", help="the sheets that were imported, newest first")
    with_vault(made, _imports)
    with_json(made)
    undone = actions.add_parser("undo", help="undo an import as a whole")
    with_vault(undone, _undo)
    undone.add_argument("made", metavar="IMPORT", help="its id, as “imports” says it")


def _with_day(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--on", default="", metavar="DATE", help="else today")
    parser.add_argument(
        "--known-at", default="", metavar="MOMENT",
        help="as it was known at a moment, such as 2026-12-18T23:59:59Z",
    )  # fmt: skip


def _matrix(vault: Vault, options: argparse.Namespace) -> tuple[Matrix, str]:
    """Return the matrix that is asked for, and the version of the catalogue it follows."""
    on: date = read_typed_date(options.on, vault.today()) if options.on else vault.today()
    with vault.reading() as session:
        matrix = training_matrix(session, on, own_authority(session), known_at=options.known_at)
        return matrix, catalogue_in_use(session, known_at=options.known_at).version


def _counts(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        matrix, version = _matrix(vault, options)
    for known in matrix.courses:
        cells = matrix.required(known.id)
        trained = sum(cell.counts for cell in cells)
        if options.json:
            facts = {
                "course": known.id, "on": matrix.on.isoformat(), "in_date": trained,
                "required": len(cells), "catalogue": version,
            }  # fmt: skip
            print(json.dumps(facts))
        else:
            print(f"{trained:4} of {len(cells):4}  {known.label}")
    return DONE


def _due(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        matrix, _ = _matrix(vault, options)
    for person, row in zip(matrix.people, matrix.cells, strict=True):
        for known, cell in zip(matrix.courses, row, strict=True):
            if not cell.is_open and cell.status is not Status.BOOKED:
                continue
            until = cell.until.isoformat() if cell.until else ""
            if options.json:
                facts = {
                    "person": person.name, "course": known.id, "status": cell.status.value,
                    "until": until,
                }  # fmt: skip
                print(json.dumps(facts, ensure_ascii=False))
            else:
                print(f"{person.name}: {known.label}, {cell.status.value.lower()} {until}")
    return DONE


def _import(options: argparse.Namespace) -> int:
    data = read_whole(options.file, at_most_bytes=Limits().size_bytes)
    kind = "people" if options.people else "completions"
    read, wanted = read_table(data, options.file.name, sheet=options.sheet), target(kind)
    with unlocked(options) as vault:
        with vault.reading() as session:
            courses = catalogue_in_use(session).courses
            table = read if options.people else as_list(read, courses)
            mapping = remembered_mapping(session, table, wanted) or propose_mapping(table, wanted)
            preview = _preview(session, table, mapping, vault.today(), is_people=options.people)
        print(preview.summary)
        for line in preview.not_taken:
            print(f"Row {line.row}: {line.fate.value.lower()}; {line.why}", file=sys.stderr)
        if options.preview:
            return REFUSED if preview.not_taken else DONE
        with vault.changing("sheet imported", f"import/{kind}") as session:
            _take(session, preview, vault, leave_out=options.leave_out)
    print(f"Imported {len(preview.taken):,} rows.")
    return DONE


def _preview(
    session: Session, table: Table, mapping: ColumnMapping, today: date, *, is_people: bool
) -> Preview | StaffPreview:
    if is_people:
        return preview_people(session, table, mapping, today)
    return preview_completions(session, table, mapping, today)


def _take(
    session: Session, preview: Preview | StaffPreview, vault: Vault, *, leave_out: bool
) -> None:
    at, by = vault.now(), vault.user.name
    if isinstance(preview, StaffPreview):
        import_people(
            session, preview, today=vault.today(), at=at, by=by, leave_out_doubtful=leave_out
        )
    else:
        import_completions(session, preview, at=at, by=by, leave_out_doubtful=leave_out)


def _imports(options: argparse.Namespace) -> int:
    with unlocked(options) as vault, vault.reading() as session:
        made = imports(session)
    for known in made:
        if options.json:
            print(json.dumps(asdict(known), ensure_ascii=False))
        else:
            state = "undone" if known.undone_at else "stands"
            print(f"{known.id}  {known.imported_at}  {known.kind}, {known.name}, {state}")
    return DONE


def _undo(options: argparse.Namespace) -> int:
    what = f"import/{options.made}"
    with unlocked(options) as vault, vault.changing("import undone", what) as session:
        undone = undo_import(session, ImportId(options.made), at=vault.now())
    print(f"{undone.words[0].upper()}{undone.words[1:]}.")
    return DONE
