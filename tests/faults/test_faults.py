"""A short run of the rough handling; the long one is run by hand (see ``faults.py``)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("faults.py")


@pytest.mark.parametrize(
    "arguments",
    [
        ["kills", "--times", "3"],
        ["kills-migrating", "--times", "3"],
        ["keys", "--times", "31"],
        ["rollback"],
        ["slots", "--times", "30"],
        ["mutations", "--times", "4000"],
        ["bits", "--times", "61"],
    ],
)
def test_rough_handling_loses_nothing(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(SCRIPT.parents[2])},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
