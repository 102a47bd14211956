"""Notice that the computer slept, so that a vault is locked when it wakes, or before it sleeps."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import SLOT, QObject, QTimer, Signal, Slot

_LOOK_EVERY_MILLISECONDS = 2_000
_LONGEST_GAP_SECONDS = 30.0


def _seconds_now() -> float:
    # Unlike the monotonic clock it goes on while the computer sleeps.
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.time() if boot is None else time.clock_gettime(boot)


class SleepWatch(QObject):
    """Tells that the computer is about to sleep (on Linux) or has slept (everywhere).

    Without a word from the system, a timer that should look every two seconds and finds that half
    a minute went by since it last did was asleep.
    """

    slept = Signal()

    def __init__(self, parent: QObject, now: Callable[[], float] = _seconds_now) -> None:
        super().__init__(parent)
        self._now, self._last = now, now()
        self._timer = QTimer(self, interval=_LOOK_EVERY_MILLISECONDS)
        self._timer.timeout.connect(self.look)
        self._listens = False

    def start(self) -> None:
        """Begin to watch."""
        self._last = self._now()
        self._timer.start()
        if not self._listens:
            self._listens = True
            self._listen_to_the_system()

    def stop(self) -> None:
        """Watch no more."""
        self._timer.stop()

    def look(self) -> None:
        """Tell if more time went by than a timer that runs lets go by."""
        gap, self._last = self._now() - self._last, self._now()
        if gap > _LONGEST_GAP_SECONDS:
            self.slept.emit()

    @Slot("bool")
    def system_sleeps(self, begins: bool) -> None:  # noqa: FBT001 - the signal's own shape
        """Hear the system say that it is about to sleep, or has woken."""
        if begins and self._timer.isActive():
            self.slept.emit()

    def _listen_to_the_system(self) -> None:
        try:
            from PySide6.QtDBus import QDBusConnection  # noqa: PLC0415 - there is none on Windows
        except ImportError:
            return
        bus = QDBusConnection.systemBus()
        if bus.isConnected():
            # The slot is a text at run time, whatever the stubs say.
            bus.connect(  # type: ignore[call-overload]
                "", "/org/freedesktop/login1", "org.freedesktop.login1.Manager",
                "PrepareForSleep", self, SLOT("system_sleeps(bool)"),
            )  # fmt: skip
