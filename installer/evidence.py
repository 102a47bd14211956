"""Say what is inside the program: a bill of materials, every licence, and a short list for *About*.

Called by ``odbst.spec`` with what PyInstaller is about to lay into the folder, so that the list
holds what is there and nothing else. The same files give the same bytes.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice|copyright)", re.IGNORECASE)
_TROVE = "License :: OSI Approved :: "
_NAMESPACE = uuid.UUID("6f1e4c53-6f3c-5a86-9c0e-0db57d35c0de")


@dataclass(frozen=True, slots=True)
class Part:
    """Something of somebody else's inside the program."""

    name: str
    version: str
    licence: str
    origin: str
    texts: tuple[str, ...] = ()


def write_evidence(files: Iterable[tuple[str, str]], folder: Path, version: str) -> None:
    """Write the bill of materials, the licences, a short list and the version into ``folder``.

    ``files`` are pairs of the path inside the program and the file it comes from.
    """
    taken = [Path(source).resolve() for _, source in files if Path(source).is_absolute()]
    parts = sorted(
        {*_python_packages(taken), *_system_packages(taken), *_inside_packages()},
        key=lambda part: (part.name.casefold(), part.origin),
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sbom.cdx.json").write_text(_bill(parts, version), encoding="utf-8")
    (folder / "licences.txt").write_text(_licences(parts), encoding="utf-8")
    (folder / "version.txt").write_text(f"{version}\n", encoding="ascii")
    short = [{k: v for k, v in asdict(part).items() if k != "texts"} for part in parts]
    (folder / "parts.json").write_text(json.dumps(short, indent=1) + "\n", encoding="utf-8")


def _python_packages(taken: list[Path]) -> Iterable[Part]:
    wanted = set(taken)
    for distribution in importlib.metadata.distributions():
        files = distribution.files or []
        own = {Path(str(distribution.locate_file(file))).resolve() for file in files}
        if own & wanted:
            known = distribution.metadata
            _refuse_unlocked(known["Name"], known["Version"])
            yield Part(known["Name"], known["Version"], _licence_of(known), "pypi",
                       _texts(distribution))  # fmt: skip
    terms = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    words = (terms.read_text(encoding="utf-8"),) if terms.is_file() else ()
    yield Part("CPython", sys.version.split()[0], "PSF-2.0", "python", words)


def _refuse_unlocked(name: str, version: str) -> None:
    """Stop when something is about to go in that the program's own lock does not name."""
    locked = (Path(__file__).parent / "requirements.txt").read_text(encoding="utf-8").lower()
    asked = f"{re.sub('[-_.]+', '-', name).lower()}=={version.lower()} "
    if asked not in locked and not name.startswith("pyinstaller"):
        raise SystemExit(f"{name} {version} would go into the program and is not locked.")


def _licence_of(known: importlib.metadata.PackageMetadata) -> str:
    expression = known.get("License-Expression")
    if expression:
        return str(expression)
    classes = [c for c in known.get_all("Classifier") or [] if c.startswith(_TROVE)]
    words = known.get("License") or ""
    if words and len(words) < 60 and "\n" not in words:
        return str(words)
    return " and ".join(c.removeprefix(_TROVE) for c in classes) or "see its licence file"


def _texts(distribution: importlib.metadata.Distribution) -> tuple[str, ...]:
    found = []
    for file in sorted(distribution.files or [], key=str):
        path = Path(str(distribution.locate_file(file)))
        if ".dist-info" in str(file) and _LICENCE_FILE.search(path.name) and path.is_file():
            found.append(path.read_text(encoding="utf-8", errors="replace"))
    return tuple(found)


def _system_packages(taken: list[Path]) -> Iterable[Part]:
    """Return the Debian packages whose libraries are taken along; elsewhere there are none."""
    if shutil.which("dpkg-query") is None:
        return
    inside = (Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve())
    checkout = Path(__file__).resolve().parent.parent
    loose = [
        path
        for path in taken
        if path.name != "base_library.zip"  # Python's own modules, packed
        and not any(path.is_relative_to(place) for place in (*inside, checkout))
    ]
    names = {name for path in loose if (name := _package_of(path))}
    for name in sorted(names):
        asked = ["dpkg-query", "-W", "-f", "${source:Package} ${Version}", name]
        source, version = subprocess.check_output(asked, text=True).split()
        bare = name.split(":")[0]
        terms = Path("/usr/share/doc") / bare / "copyright"
        words = terms.read_text(encoding="utf-8", errors="replace") if terms.is_file() else ""
        short = sorted(set(re.findall(r"^License: *(\S.*)$", words, re.MULTILINE)))
        yield Part(bare, version, "; ".join(short) or "see its copyright file",
                   f"debian source {source}", (words,))  # fmt: skip


def _package_of(path: Path) -> str:
    for asked in (path, Path(str(path).removeprefix("/usr"))):
        found = subprocess.run(
            ["dpkg-query", "-S", str(asked)], capture_output=True, text=True, check=False
        )
        if found.returncode == 0:
            return found.stdout.split(": ")[0].split(",")[0]
    raise SystemExit(f"{path} goes into the program, and nobody knows which package it is of.")


def _inside_packages() -> Iterable[Part]:
    """Return what lies inside a Python package and is somebody else's, asked for its version."""
    import numpy
    import pypdfium2
    import sqlcipher3
    from cryptography.hazmat.backends.openssl import backend
    from PySide6.QtCore import qVersion

    database = sqlcipher3.connect(":memory:")
    cipher = database.execute("PRAGMA cipher_version").fetchone()[0].split()[0]
    sqlite = database.execute("SELECT sqlite_version()").fetchone()[0]
    database.close()
    blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
    yield Part("Qt", qVersion(), "LGPL-3.0-only", "inside PySide6-Essentials", (_QT_WORDS,))
    yield Part("SQLCipher", cipher, "BSD-3-Clause", "inside sqlcipher3")
    yield Part("SQLite", sqlite, "blessing", "inside sqlcipher3")
    yield Part("OpenSSL", backend.openssl_version_text().split()[1], "Apache-2.0",
               "inside cryptography")  # fmt: skip
    yield Part("PDFium", str(pypdfium2.version.PDFIUM_INFO.version), "Apache-2.0",
               "inside pypdfium2")  # fmt: skip
    yield Part("OpenBLAS", str(blas["version"]), "BSD-3-Clause", "inside numpy")
    font = Path(__file__).resolve().parent.parent / "resources" / "fonts" / "inter"
    yield Part("Inter", "4.1", "OFL-1.1", "shipped as a file",
               ((font / "OFL.txt").read_text(encoding="utf-8"),))  # fmt: skip


_QT_WORDS = """Qt and PySide6 are used under the GNU Lesser General Public License, version 3.
They lie beside the program as libraries of their own, in PySide6 and PySide6/Qt/lib, and may be
replaced by others of the same interface. Their source is published by the Qt Project under the
version named here.
"""


def _bill(parts: list[Part], version: str) -> str:
    made = Bom(serial_number=uuid.uuid5(_NAMESPACE, repr([asdict(part) for part in parts])))
    made.metadata.timestamp = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
    licences = LicenseFactory()
    program = Component(
        name="odbst-desktop", version=version, type=ComponentType.APPLICATION,
        bom_ref="odbst-desktop", licenses=[licences.make_from_string("MIT")],
    )  # fmt: skip
    made.metadata.component = program
    for part in parts:
        component = Component(
            name=part.name, version=part.version, type=ComponentType.LIBRARY,
            bom_ref=f"{part.origin}/{part.name}", purl=_purl(part), description=part.origin,
            licenses=[licences.make_from_string(part.licence)],
        )  # fmt: skip
        made.components.add(component)
        made.register_dependency(program, [component])
    text = JsonV1Dot6(made).output_as_string(indent=1)
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault is not None:
        raise SystemExit(f"The bill of materials does not follow CycloneDX: {fault}")
    return text + "\n"


def _purl(part: Part) -> PackageURL | None:
    if part.origin == "pypi":
        return PackageURL("pypi", name=part.name.lower().replace("_", "-"), version=part.version)
    if part.origin.startswith("debian"):
        return PackageURL("deb", "debian", part.name, part.version)
    return PackageURL("generic", name=part.name.lower(), version=part.version)


def _licences(parts: list[Part]) -> str:
    rule = "=" * 78
    written = ["The licences of everything inside ODBST Desktop that is somebody else's.\n"]
    for part in parts:
        written.append(
            f"{rule}\n{part.name} {part.version} ({part.origin}): {part.licence}\n{rule}"
        )
        written += [text.rstrip() + "\n" for text in part.texts]
    return "\n".join(written)
