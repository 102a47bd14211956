"""A fault of the program itself: named to the user, and written down without contents."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

logger = logging.getLogger(__name__)


def install_fault_hook(say: Callable[[str], None]) -> None:
    """Let ``say`` show a sentence for whatever nobody caught.

    The message of an exception may hold contents, so only its name and place are written.
    """

    def hook(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, fault, trace)
            return
        frames = traceback.extract_tb(trace)
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
        logger.error("fault in the program: %s at %s", kind.__name__, place)
        say(
            "Something went wrong inside the program. What was shown as saved is safe. If it "
            f"happens again, tell whoever looks after it: {kind.__name__} at {place}."
        )

    sys.excepthook = hook
