"""What the program is, and whose work is inside it, as a page of the handbook."""

from __future__ import annotations

import importlib.metadata
import json
from dataclasses import dataclass
from itertools import chain

from odbst_desktop import __version__
from odbst_desktop.errors import StateError
from odbst_desktop.files import read_whole
from odbst_desktop.handbook.pages import Page
from odbst_desktop.shipped import shipped_file

EVIDENCE = ("sbom.cdx.json", "licences.txt")
"""The bill of materials and the licences, as an installed program holds them."""

_FOLDER = "evidence"
_ABOUT = """# About ODBST Desktop

Version {version}. Offline safeguarding oversight for schools. It opens no network socket.

The program is free software under the MIT licence. Qt is used under the LGPL, version 3, as \
libraries of their own that may be replaced. The font Inter is under the SIL Open Font License.

## Whose work is inside
{evidence}

| part | version | licence |
|---|---|---|
{rows}
"""
_INSTALLED = (
    "Every licence in full and the bill of materials (CycloneDX) lie beside the program; "
    "*Save licences and bill of materials…* writes both."
)
_CHECKOUT = (
    "This copy runs from its source. What is listed is what it depends on; an installed program "
    "holds every licence in full and a bill of materials."
)


@dataclass(frozen=True, slots=True)
class Part:
    """Something of somebody else's inside the program."""

    name: str
    version: str
    licence: str


def parts() -> tuple[Part, ...]:
    """Return whose work is inside: as the build found it, else what the package depends on."""
    file = shipped_file(f"{_FOLDER}/parts.json")
    if file.is_file():
        known = json.loads(read_whole(file))
        return tuple(Part(p["name"], p["version"], p["licence"]) for p in known)
    try:
        asked = importlib.metadata.requires("odbst-desktop") or []
    except importlib.metadata.PackageNotFoundError:
        asked = []
    names = sorted({_name_of(line) for line in asked if "extra ==" not in line}, key=str.casefold)
    return tuple(_installed(name) for name in names)


def about_page() -> Page:
    """Return the page that says what the program is."""
    rows = "\n".join(f"| {p.name} | {p.version} | {p.licence} |" for p in parts())
    evidence = _INSTALLED if has_evidence() else _CHECKOUT
    text = _ABOUT.format(version=__version__, evidence=evidence, rows=rows)
    return Page("about", "About this program", text, ())


def has_evidence() -> bool:
    """Say whether this copy holds its licences and its bill of materials."""
    return all(shipped_file(f"{_FOLDER}/{name}").is_file() for name in EVIDENCE)


def evidence() -> tuple[tuple[str, bytes], ...]:
    """Return the licences and the bill of materials: name and bytes of each.

    Raises:
        StateError: the program runs from its source, which has none.

    """
    if not has_evidence():
        raise StateError("This copy runs from its source and holds no bill of materials.")
    return tuple((name, read_whole(shipped_file(f"{_FOLDER}/{name}"))) for name in EVIDENCE)


def _name_of(line: str) -> str:
    for place, sign in enumerate(line):
        if not (sign.isalnum() or sign in "-_."):
            return line[:place]
    return line


def _installed(name: str) -> Part:
    try:
        known = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return Part(name, "not installed", "")
    fields = (known.get_all(field) or [] for field in ("License-Expression", "License"))
    licence = str(next((words for words in chain(*fields) if words), ""))
    short = licence if len(licence) < 60 and "\n" not in licence else ""
    return Part(name, known["Version"], short or "see its licence file")
