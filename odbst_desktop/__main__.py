"""The way in: ``odbst`` or ``python -m odbst_desktop``."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line with the arguments given and return its exit status."""
    # Imported late so that nothing of the storage is loaded by importing this module.
    from odbst_desktop.command_line.command import run  # noqa: PLC0415

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
