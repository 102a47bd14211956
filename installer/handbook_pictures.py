"""Make the handbook's pictures from the demonstration trust, by the command that makes pictures.

Run it after the window changed: ``python installer/handbook_pictures.py``. The pictures named in
``resources/handbook/contents.yaml`` are made smaller and of few colours, so that all of them stay
under half a megabyte.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from PIL import Image

TOP = Path(__file__).resolve().parent.parent
BOOK = TOP / "resources" / "handbook"
WIDTH, COLOURS = 1000, 48


def main() -> None:
    """Make the demonstration trust, its pictures, and of those the handbook's."""
    wanted = yaml.safe_load((BOOK / "contents.yaml").read_text(encoding="utf-8"))["pictures"]
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        environment = os.environ | {
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONPATH": str(TOP),
            "XDG_STATE_HOME": str(place / "state"),
        }
        for asked in (["demo", "trust"], ["screenshots", "trust", "shots"]):
            command = [sys.executable, "-m", "odbst_desktop", *asked]
            subprocess.run(command, check=True, cwd=place, env=environment,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        for own, pattern in wanted.items():
            (found,) = (place / "shots").glob(f"{pattern}.png")
            _write(found, BOOK / "pictures" / f"{own}.png")


def _write(source: Path, target: Path) -> None:
    with Image.open(source) as whole:
        height = round(whole.height * WIDTH / whole.width)
        small = whole.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
    few = small.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(target, optimize=True)


if __name__ == "__main__":
    main()
