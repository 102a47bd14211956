"""Some of a list in one line: a button that opens the list, for XLSForm's ``minimal``."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton

from odbst_desktop.desktop.fields import Field
from odbst_desktop.form_engine.definition import Question

_NONE = "Choose…"
_MOST_SHOWN = 2
_TICK_KEYS = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter})


class TickMenu(QMenu):
    """A menu that stays open while its lines are ticked; Escape closes it."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tick a line."""
        action = self.actionAt(event.position().toPoint())
        if action is not None and action.isEnabled():
            action.toggle()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick the line that the keys are at."""
        action = self.activeAction()
        if action is not None and event.key() in _TICK_KEYS:
            action.toggle()
        else:
            super().keyPressEvent(event)


class MenuChoicesField(Field):
    """Some of a list; the button says which were ticked, Space opens the list."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self._question = question
        self.button = QPushButton()
        self.menu: QMenu = TickMenu(self.button)
        self.lines: dict[str, QAction] = {}
        for choice in question.choices:
            line = self.menu.addAction(choice.label.replace("&", "&&"))
            line.setCheckable(True)
            line.toggled.connect(self._ticked)
            self.lines[choice.name] = line
        self.button.setMenu(self.menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.button)
        layout.addStretch(1)
        self.setFocusProxy(self.button)
        self._show()

    def value(self) -> Any:
        """Return the names that are ticked, None if there are none."""
        return [name for name, line in self.lines.items() if line.isChecked()] or None

    def set_value(self, value: Any) -> None:
        """Tick the names of a list."""
        for name, line in self.lines.items():
            line.blockSignals(True)
            line.setChecked(name in (value or []))
            line.blockSignals(False)
        self._show()

    def set_offered(self, names: frozenset[str] | None) -> None:
        """Hide the choices that a filter takes away, but for those that were made."""
        for name, line in self.lines.items():
            line.setVisible(names is None or name in names or line.isChecked())

    def set_name(self, name: str) -> None:
        """Name the button after its question, with what is ticked."""
        self._name = name
        self._show()

    _name = ""

    def _ticked(self, _is_ticked: bool) -> None:  # noqa: FBT001 - Qt's signal
        self._show()
        self.edited.emit()

    def _show(self) -> None:
        ticked = [self._question.label_of(name) for name in self.value() or []]
        shown = ticked[:_MOST_SHOWN]
        if len(ticked) > len(shown):
            shown.append(f"{len(ticked) - len(shown)} more")
        self.button.setText(" · ".join(shown).replace("&", "&&") or _NONE)
        said = ", ".join(ticked) or "nothing chosen"
        self.button.setAccessibleName(f"{self._name or self._question.label}: {said}")
