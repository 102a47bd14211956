"""The one family of errors: each carries the sentence that the user is shown."""

from __future__ import annotations

from typing import ClassVar


class OdbstError(Exception):
    """A fault that the user is told of.

    ``str(error)`` is one clear English sentence or two: what happened, what is
    safe, and what to do. It never holds the contents of a vault.
    """

    code: ClassVar[str] = "error"
    """A short stable word for scripts and logs."""

    @property
    def sentence(self) -> str:
        """Return what the user is shown."""
        return str(self)


class InputError(OdbstError):
    """Something typed or chosen cannot be taken as it is (a date, a count, a name)."""

    code = "input"


class StateError(OdbstError):
    """The record is not in a state that allows this (closed, signed, not yet closed)."""

    code = "state"


class FileWriteError(OdbstError):
    """A file or folder cannot be written."""

    code = "cannot-write"


class FileReadError(OdbstError):
    """A file or folder cannot be read."""

    code = "cannot-read"
