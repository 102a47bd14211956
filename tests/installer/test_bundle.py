"""What the build lays out is there, and named right; the build itself is too slow for the tests."""

from __future__ import annotations

import ast
import configparser
import importlib.metadata
import importlib.util
import re
import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from PIL import Image

import odbst_desktop
from odbst_desktop.command_line.command import run
from odbst_desktop.desktop.window import BACKUP_ENDING
from odbst_desktop.moving.archive import ENDING as EXPORT_ENDING
from odbst_desktop.policies import read_policies
from odbst_desktop.shipped import shipped_yaml
from odbst_desktop.vault.backups import ENDING
from odbst_desktop.vault.doorplate import ENDING as DOORPLATE_ENDING

TOP = Path(odbst_desktop.__file__).parent.parent
INSTALLER = TOP / "installer"
PLAN: dict[str, Any] = yaml.safe_load((INSTALLER / "bundle.yaml").read_text(encoding="utf-8"))
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


def text_of(name: str) -> str:
    return (INSTALLER / name).read_text(encoding="utf-8")


def test_every_folder_and_file_named_is_there() -> None:
    for name in (*PLAN["shipped"], *PLAN["read_as_files"]):
        assert any((TOP / name).rglob("*")), name
    assert set(PLAN["shipped"]) == {"forms", "resources"}


def test_every_module_named_can_be_found() -> None:
    for name in (*PLAN["imported_by_name"], *PLAN["whole_packages"]):
        assert importlib.util.find_spec(name) is not None, name


def test_every_package_whose_version_is_asked_for_takes_its_metadata_along() -> None:
    doctor = ast.parse((TOP / "odbst_desktop/office/doctor.py").read_text(encoding="utf-8"))
    asked = next(
        ast.literal_eval(node.value)
        for node in doctor.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_PARTS"
    )
    assert set(asked) <= set(PLAN["metadata"])
    assert all(importlib.metadata.version(name) for name in PLAN["metadata"])


def test_modules_imported_by_name_in_the_code_are_named() -> None:
    for file in (TOP / "odbst_desktop").rglob("*.py"):
        for name in re.findall(
            r'^_\w+ = "(odbst_desktop\.[\w.]+)"$', file.read_text("utf-8"), re.M
        ):
            assert name in PLAN["imported_by_name"], (file.name, name)


def test_nothing_under_the_gpl_and_nothing_of_the_network_goes_in() -> None:
    assert {"readline", "_gdbm", "PySide6.QtNetwork"} <= set(PLAN["left_out"])


def test_the_desktop_entry_is_sound_and_opens_every_file_type() -> None:
    entry = configparser.ConfigParser(interpolation=None, strict=True)
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(INSTALLER / "linux" / "odbst-desktop.desktop", encoding="utf-8")
    known = entry["Desktop Entry"]
    assert (known["Type"], known["Exec"], known["Terminal"]) == (
        "Application", "odbst open %f", "false",
    )  # fmt: skip
    types = ElementTree.parse(INSTALLER / "linux" / "odbst-desktop.xml").getroot()
    named = {each.attrib["type"] for each in types.findall(f"{MIME}mime-type")}
    assert set(known["MimeType"].strip(";").split(";")) == named
    endings = {g.attrib["pattern"] for g in types.iter(f"{MIME}glob")}
    assert endings == {"*.odbst", f"*{DOORPLATE_ENDING}", f"*{ENDING}"}


def test_every_system_knows_the_same_endings() -> None:
    windows = set(re.findall(r'!insertmacro Associate "(\.[\w-]+)"', text_of("windows/setup.nsi")))
    assert windows == {".odbst", DOORPLATE_ENDING, ENDING}
    taken_away = re.findall(r'!insertmacro Dissociate "(\.[\w-]+)"', text_of("windows/setup.nsi"))
    assert set(taken_away) == windows
    assert BACKUP_ENDING == ENDING
    assert EXPORT_ENDING not in windows  # it is taken in by hand, into a new vault


def test_the_windows_installer_keeps_data_and_is_marked_untried() -> None:
    script = text_of("windows/setup.nsi")
    removing = script[script.index('Section "Uninstall"') :]
    assert removing.count("RMDir /r") == 1
    assert 'RMDir /r "$INSTDIR\\_internal"' in removing
    assert "APPDATA" not in removing
    assert "NOT TRIED on Windows" in script
    for switch in ("/S /AllUsers", "/S /CurrentUser", "-DSIGN="):
        assert switch in script


@pytest.mark.parametrize("side", [16, 24, 32, 48, 64, 128, 256])
def test_every_icon_has_its_size(side: int) -> None:
    with Image.open(INSTALLER / "icons" / f"odbst-{side}.png") as picture:
        assert picture.size == (side, side)


def test_the_icons_of_windows_and_macos_hold_every_size() -> None:
    with Image.open(INSTALLER / "icons" / "odbst.ico") as picture:
        assert {(16, 16), (32, 32), (256, 256)} <= picture.info["sizes"]
    with Image.open(INSTALLER / "icons" / "odbst.icns") as picture:
        assert picture.size[0] >= 512


def test_the_example_of_policies_names_every_policy_and_is_sound(tmp_path: Path) -> None:
    text = text_of("linux/policies.toml")
    uncommented = re.sub(r"^# (?=[a-z_]+ = )", "", text, flags=re.M)
    assert set(tomllib.loads(uncommented)) == set(shipped_yaml("resources/policies.yaml"))
    (tmp_path / "policies.toml").write_text(uncommented, encoding="utf-8")
    assert read_policies(tmp_path / "policies.toml").faults == ()
    (tmp_path / "policies.toml").write_text(text, encoding="utf-8")
    assert read_policies(tmp_path / "policies.toml").sentences() == ()


def test_the_handbook_names_every_policy_and_the_switches() -> None:
    page = (TOP / "resources/handbook/it-team.md").read_text(encoding="utf-8")
    for name in shipped_yaml("resources/policies.yaml"):
        assert f"| {name} |" in page
    for words in ("/S /AllUsers", "/S /CurrentUser", "SHA256SUMS", "odbst doctor"):
        assert words in page


def test_build_tools_are_locked_with_hashes_on_top_of_the_programs_own_lock() -> None:
    def locked(name: str) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text_of(name), re.M))

    program, build = locked("requirements.txt"), locked("requirements-build.txt")
    assert program.items() <= build.items()
    assert "pyinstaller" in build
    assert "pyinstaller" not in program
    lines = text_of("requirements-build.txt").splitlines()
    for number, line in enumerate(lines):
        if re.match(r"[a-z0-9-]+==", line):
            assert "--hash=sha256:" in lines[number + 1]


def test_the_workflow_builds_and_tries_every_system() -> None:
    jobs = yaml.safe_load((TOP / ".github/workflows/build.yml").read_text("utf-8"))["jobs"]
    assert set(jobs) == {"linux", "windows", "macos"}
    for job in jobs.values():
        commands = " ".join(str(step.get("run", "")) for step in job["steps"])
        assert "build" in commands
        assert "doctor" in commands or "try_linux" in commands


def test_every_command_named_on_the_it_page_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(["--help"])
    known = capsys.readouterr().out
    for page in ("it-team", "moving"):
        text = (TOP / f"resources/handbook/{page}.md").read_text(encoding="utf-8")
        for command in re.findall(r"`odbst ([a-z][a-z-]+)", text):
            assert command in known, command
