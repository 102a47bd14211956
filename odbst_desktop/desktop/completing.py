"""A line of text that completes from words known before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QStringListModel, Qt, SignalInstance
from PySide6.QtWidgets import QCompleter, QLineEdit


def complete_from(
    line: QLineEdit, name: str, words_for: Callable[[str], Sequence[str]], edited: SignalInstance
) -> None:
    """Let a line complete from the words of its question, read anew at each key.

    ``edited`` is told when one was chosen from the list. A question without words gets no list.
    """
    known = words_for(name)
    if not known:
        return
    model = QStringListModel(list(known), line)
    completer = QCompleter(model, line)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    line.setCompleter(completer)

    def renew(_text: str) -> None:
        fresh = list(words_for(name))
        if fresh != model.stringList():
            model.setStringList(fresh)

    line.textEdited.connect(renew)
    completer.activated.connect(lambda _text: edited.emit())
