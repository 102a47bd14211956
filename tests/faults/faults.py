"""Rough handling of a vault and of packages, with figures, from the top of the checkout:

    python tests/faults/faults.py kills --times 200
    python tests/faults/faults.py kills-migrating --times 200
    python tests/faults/faults.py full                      # needs the right to mount a tmpfs
    python tests/faults/faults.py pages
    python tests/faults/faults.py keys --times 1            # every byte and bit; 7: every seventh
    python tests/faults/faults.py passphrases --times 10000
    python tests/faults/faults.py slots --times 2000
    python tests/faults/faults.py rollback
    python tests/faults/faults.py mutations --times 100000
    python tests/faults/faults.py bits --times 1            # every bit and every cut

Each prints one line of figures and ends with status 1 if anything was lost, or opened wrongly.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.faults import disk, files, guesses, kills, mutations

KINDS: dict[str, Callable[[int], bool]] = {
    "kills": kills.kills,
    "kills-migrating": kills.kills_migrating,
    "full": disk.full,
    "pages": files.pages,
    "keys": files.keys,
    "passphrases": guesses.passphrases,
    "slots": guesses.slots,
    "rollback": files.rollback,
    "mutations": mutations.mutations,
    "bits": mutations.bits,
}
VICTIMS: dict[str, Callable[[Path], None]] = {"work": kills.work, "migrate": kills.migrate}


def main() -> int:
    """Run one kind of rough handling, or be its victim."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=[*KINDS, *VICTIMS])
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.kind in VICTIMS:
        VICTIMS[options.kind](options.folder)
        return 0
    return 0 if KINDS[options.kind](options.times) else 1


if __name__ == "__main__":
    sys.exit(main())
