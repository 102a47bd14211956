"""The way in: ``odbst`` or ``python -m odbst_desktop``."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Open the window, or run the command given; return the exit status.

    ``odbst`` opens the window; ``odbst open [VAULT|FILE]`` opens it on a vault, or takes in a
    package or a backup; ``odbst screenshots DEMONSTRATION FOLDER`` writes a picture of every tab.
    """
    # Imported late: the window is up before the storage is loaded.
    if not sys.argv[1:] or (sys.argv[1] == "open" and len(sys.argv) <= 3):
        from odbst_desktop.app import open_window  # noqa: PLC0415

        return open_window(Path(sys.argv[2]) if sys.argv[2:] else None)
    if sys.argv[1] == "screenshots" and len(sys.argv) == 4:
        from odbst_desktop.app import take_pictures  # noqa: PLC0415

        return take_pictures(Path(sys.argv[2]), Path(sys.argv[3]))
    from odbst_desktop.command_line.command import run  # noqa: PLC0415

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
