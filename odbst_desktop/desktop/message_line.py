"""One line that says what is wrong or done."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy


class MessageLine(QLabel):
    """Hidden until there is something to say; heard by a screen reader as “Message”."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Message")
        self.hide()

    def show_problem(self, sentence: str) -> None:
        """Say what is wrong and what to do."""
        self._say("problem", f"✗ {sentence}")

    def show_good(self, sentence: str) -> None:
        """Say that something is done."""
        self._say("good", f"✓ {sentence}")

    def _say(self, kind: str, text: str) -> None:
        self.setProperty("kind", kind)
        self.style().polish(self)
        self.setText(text)
        self.setAccessibleDescription(text)
        self.show()
