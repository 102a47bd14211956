"""What the pinned Qt must not do again."""

from __future__ import annotations

import subprocess
import sys


def test_qt_survives_twenty_thousand_calls() -> None:
    # 6.12.0 lost a reference to None at each void call and aborted after some 7,000.
    script = (
        "from PySide6.QtWidgets import QApplication, QLabel\n"
        "app = QApplication([])\nlabel = QLabel()\n"
        "for number in range(20_000): label.setText(str(number))\n"
        "assert label.text() == '19999'\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        capture_output=True,
        text=True,
        env={"QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.returncode == 0, done.stderr
