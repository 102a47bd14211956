"""Say in a sentence why no window can be shown, before Qt ends the process over it."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping
from pathlib import Path

_NONE = (
    "There is no display here, so no window can be shown. Start the program from the desktop, or "
    "use a command: “odbst --help” names them all."
)


def why_no_window(surroundings: Mapping[str, str] = os.environ) -> str:
    """Return why no window can be shown, or nothing."""
    if sys.platform != "linux" or surroundings.get("QT_QPA_PLATFORM", "xcb") != "xcb":
        return ""
    if surroundings.get("WAYLAND_DISPLAY"):
        return ""
    name = surroundings.get("DISPLAY")
    if not name:
        return _NONE
    if not _answers(name):
        return f"The display “{name}” does not answer. {_NONE}"
    return ""


def qt_seen() -> str:
    """Return Qt's version as its library says it, not its package; no window is opened."""
    from PySide6.QtCore import QLibraryInfo, qVersion  # noqa: PLC0415 - only when asked

    plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
    kinds = sorted(file.stem.removeprefix("lib").removeprefix("q") for file in plugins.glob("*"))
    return f"{qVersion()} ({', '.join(kinds) or 'no way to draw a window'})"


def _answers(name: str) -> bool:
    try:
        library = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # Qt will say what is missing
    library.xcb_connect.restype = ctypes.c_void_p
    library.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.c_void_p)
    library.xcb_connection_has_error.argtypes = (ctypes.c_void_p,)
    connection = library.xcb_connect(name.encode(), None)
    # It stays open: a bare server starts anew when its last client leaves, and Qt comes next.
    return not library.xcb_connection_has_error(connection)
