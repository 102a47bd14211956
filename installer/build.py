"""Build the installable program: PyInstaller's folder, then what each system installs.

Run it by ``installer/build_linux.sh``, or by the CI workflow on Windows and macOS, in an
environment made from ``installer/requirements-build.txt``::

    python installer/build.py [--out dist] [--freeze-only] [--compression 6]

Two runs on the same commit give the same bytes: times come from the commit, names are sorted, and
Python's hashes are not salted. ``SHA256SUMS`` names every file that was made.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import lzma
import os
import platform
import re
import shutil
import stat
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent
NAME = "odbst-desktop"
_CONTROL = """Package: {name}
Version: {version}
Section: education
Priority: optional
Architecture: {architecture}
Maintainer: The ODBST Desktop team <odbst-desktop@example.org>
Installed-Size: {kilobytes}
Depends: {depends}
Recommends: desktop-file-utils, shared-mime-info, hicolor-icon-theme, fontconfig-config
Description: Offline safeguarding oversight for schools
 The weekly DSL meeting, the governor's monitoring cycle, training records and
 signed termly returns, in one encrypted vault. It opens no network socket.
"""


def program_version() -> str:
    """Return the version written in the package, read without importing it."""
    text = (TOP / "odbst_desktop" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'__version__ = "([^"]+)"', text)
    if found is None:
        raise SystemExit("There is no version in odbst_desktop/__init__.py.")
    return found[1]


def commit_time() -> int:
    """Return when the commit was made, in seconds; the time of everything inside."""
    told = os.environ.get("SOURCE_DATE_EPOCH")
    if told:
        return int(told)
    asked = ["git", "-C", str(TOP), "log", "-1", "--format=%ct"]
    return int(subprocess.check_output(asked, text=True))


def freeze(out: Path, version: str, epoch: int) -> Path:
    """Let PyInstaller make the folder, and return it."""
    work = out / "work"
    evidence = out / "evidence"
    for folder in (work, evidence, out / NAME):
        shutil.rmtree(folder, ignore_errors=True)
    environment = os.environ | {
        "ODBST_VERSION": version,
        "ODBST_EVIDENCE": str(evidence),
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": str(epoch),
    }
    asked = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    asked += ["--distpath", str(out), "--workpath", str(work), str(HERE / "odbst.spec")]
    subprocess.run(asked, check=True, env=environment)
    return out / NAME


def settle(folder: Path, epoch: int) -> None:
    """Give everything in a folder the same time, and rights that depend on nobody's umask."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if runs else 0o644)
        os.utime(path, (epoch, epoch), follow_symlinks=False)
    folder.chmod(0o755)
    os.utime(folder, (epoch, epoch))


def archive(folder: Path, target: Path, epoch: int, compression: int) -> Path:
    """Pack a folder as .tar.xz: sorted, without owners."""

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        member.mtime = epoch
        return member

    with (
        lzma.open(target, "wb", preset=compression) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as whole,
    ):
        for path in [folder, *sorted(folder.rglob("*"))]:
            name = f"{target.name.removesuffix('.tar.xz')}/{path.relative_to(folder).as_posix()}"
            whole.add(path, name.removesuffix("/."), recursive=False, filter=plain)
    return target


def stage(folder: Path, root: Path) -> None:
    """Lay the program and what a Linux desktop needs of it into ``root``."""
    shutil.rmtree(root, ignore_errors=True)
    program = root / "usr" / "lib" / NAME
    shutil.copytree(folder, program, symlinks=True)
    _link(root / "usr" / "bin" / "odbst", f"../lib/{NAME}/odbst")
    share = root / "usr" / "share"
    _copy(HERE / "linux" / f"{NAME}.desktop", share / "applications")
    _copy(HERE / "linux" / f"{NAME}.xml", share / "mime" / "packages")
    icons = share / "icons" / "hicolor"
    drawing = icons / "scalable" / "apps" / f"{NAME}.svg"
    _copy(TOP / "resources" / "pictures" / "odbst.svg", drawing.parent, drawing.name)
    for picture in sorted((HERE / "icons").glob("odbst-*.png")):
        side = picture.stem.removeprefix("odbst-")
        _copy(picture, icons / f"{side}x{side}" / "apps", f"{NAME}.png")
    papers = share / "doc" / NAME
    _copy(HERE / "linux" / "policies.toml", papers / "examples")
    terms = (TOP / "LICENSE").read_text(encoding="utf-8")
    others = f"\nEverything else inside: /usr/lib/{NAME}/_internal/odbst_desktop/shipped_files/"
    (papers / "copyright").write_text(f"{terms}{others}evidence/licences.txt\n", encoding="utf-8")
    _pack(papers / "changelog.gz", (TOP / "CHANGELOG.md").read_bytes())
    manual = share / "man" / "man1" / "odbst.1.gz"
    manual.parent.mkdir(parents=True)
    _pack(manual, (HERE / "linux" / "odbst.1").read_bytes())


def _copy(file: Path, folder: Path, name: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, folder / (name or file.name))


def _link(place: Path, target: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)


def _pack(target: Path, data: bytes) -> None:
    target.write_bytes(gzip.compress(data, 9, mtime=0))


def needed_packages(folder: Path) -> str:
    """Return the Debian packages of the libraries that the program leaves to the system."""
    from PyInstaller.depend.bindepend import get_imports

    inside = {path.name for path in folder.rglob("*")}
    outside = set()
    for path in folder.rglob("*.so*"):
        for name, full in get_imports(str(path)):
            if Path(name).name not in inside and full:
                outside.add(str(Path(full).resolve()))
    packages = set(_packages_of(outside))
    c_library = subprocess.check_output(
        ["dpkg-query", "-W", "-f", "${Version}", "libc6"], text=True
    )
    return ", ".join(
        f"libc6 (>= {c_library.split('-')[0]})" if name == "libc6" else name
        for name in sorted(packages)
    )


def _packages_of(libraries: set[str]) -> Iterator[str]:
    for library in sorted(libraries):
        for asked in (library, library.removeprefix("/usr")):
            found = subprocess.run(
                ["dpkg-query", "-S", asked], capture_output=True, text=True, check=False
            )
            if found.returncode == 0:
                yield found.stdout.split(":")[0]
                break


def debian_package(folder: Path, out: Path, version: str, epoch: int, compression: int) -> Path:
    """Make the .deb. It has no scripts: dpkg's triggers refresh menus and file types."""
    root = out / "root"
    stage(folder, root)
    kilobytes = sum(p.lstat().st_size for p in root.rglob("*")) // 1024
    architecture = subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()
    control = root / "DEBIAN" / "control"
    control.parent.mkdir()
    control.write_text(
        _CONTROL.format(
            name=NAME, version=version, architecture=architecture, kilobytes=kilobytes,
            depends=needed_packages(folder),
        ),
        encoding="utf-8",
    )  # fmt: skip
    settle(root, epoch)
    target = out / f"{NAME}_{version}_{architecture}.deb"
    packing = ["dpkg-deb", "--root-owner-group", "-Zxz", f"-z{compression}", "--build"]
    subprocess.run(
        [*packing, str(root), str(target)],
        check=True, stdout=subprocess.DEVNULL, env=os.environ | {"SOURCE_DATE_EPOCH": str(epoch)},
    )  # fmt: skip
    shutil.rmtree(root)
    return target


def main() -> None:
    """Build what this system can."""
    parser = argparse.ArgumentParser(description="Build the installable program.")
    parser.add_argument("--out", type=Path, default=TOP / "dist")
    parser.add_argument("--freeze-only", action="store_true", help="only PyInstaller's folder")
    parser.add_argument("--compression", type=int, default=6, help="xz's level, 0 to 9")
    options = parser.parse_args()
    out = options.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    version, epoch = program_version(), commit_time()
    folder = freeze(out, version, epoch)
    settle(folder, epoch)
    if options.freeze_only:
        return
    made = [out / "evidence" / name for name in ("sbom.cdx.json", "licences.txt")]
    if sys.platform == "linux":
        name = f"{NAME}-{version}-linux-{platform.machine()}.tar.xz"
        made.append(archive(folder, out / name, epoch, options.compression))
        made.append(debian_package(folder, out, version, epoch, options.compression))
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in made]
    for path in made[:2]:
        shutil.copyfile(path, out / path.name)
    (out / "SHA256SUMS").write_text("".join(sums), encoding="ascii")
    print("".join(sums), end="")


if __name__ == "__main__":
    main()
