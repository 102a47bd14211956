"""How long the frozen program takes to start against the same from source, side by side.

Run it from the top of the checkout, after ``installer/build_linux.sh``, under a display or Xvfb::

    xvfb-run -a -s -noreset python benchmarks/start_up.py dist/odbst-desktop/odbst

``--times 15`` and ``--out FILE`` may follow.

Two starts are measured: ``window``, from the start of the process until its first window is drawn
and idle (the program is told to end there by its own timer), and ``command``, ``odbst --version``.
Frozen and source take turns, so that a busy machine slows both alike; one start of each comes first
and is not counted, so that both are in the system's cache. Prints medians and their ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent


def seconds_of(command: list[str], environment: dict[str, str]) -> float:
    """Run a command to its end and return the seconds it took."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
    return time.perf_counter() - begun


def main() -> None:
    """Let frozen and source take turns, and print what each took."""
    parser = argparse.ArgumentParser(description="Start-up, frozen against source.")
    parser.add_argument("frozen", type=Path)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    ways = {
        "frozen": [str(options.frozen.resolve())],
        "source": [sys.executable, "-m", "odbst_desktop"],
    }
    starts: dict[str, list[str]] = {"window": [], "command": ["--version"]}
    results = {}
    with tempfile.TemporaryDirectory() as state:
        environment = os.environ | {
            "PYTHONPATH": str(TOP),
            "XDG_STATE_HOME": state,
            "ODBST_LEAVE_WHEN_SHOWN": "1",
        }
        for start, arguments in starts.items():
            taken: dict[str, list[float]] = {way: [] for way in ways}
            for number in range(options.times + 1):
                for way, command in ways.items():
                    seconds = seconds_of([*command, *arguments], environment)
                    if number:
                        taken[way].append(seconds)
            medians = {way: statistics.median(all_) for way, all_ in taken.items()}
            ratio = medians["frozen"] / medians["source"]
            results[start] = {**medians, "ratio": ratio, "times": options.times}
            print(f"{start:8} frozen {medians['frozen']:.3f} s, source {medians['source']:.3f} s, "
                  f"ratio {ratio:.2f}")  # fmt: skip
    if options.out:
        options.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
