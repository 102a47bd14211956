"""A page of the first windows: a column in the middle with title, fields, a message, buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from odbst_desktop.desktop.message_line import MessageLine
from odbst_desktop.desktop.theme import STEP

_COLUMN_CHARACTERS = 90


def words(text: str, kind: str = "") -> QLabel:
    """Return a label that wraps and can be selected; ``kind`` names its style."""
    label = QLabel(text)
    label.setProperty("kind", kind)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    # Without this a form gives a wrapping label its narrowest width and cuts its lines off.
    policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
    return label


def passphrase_field() -> QLineEdit:
    """Return a field that shows dots."""
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field


def hide_unless(wanted: object, widget: QWidget) -> None:
    """Hide a widget that is not wanted; one without a parent must never be told to show."""
    if not wanted:
        widget.hide()


class Page(QScrollArea):
    """A scrolling page, so that nothing is lost at 200 % text.

    ``known_as`` is what the handbook calls it: F1 opens the page for it.
    """

    known_as = ""

    def __init__(self, title: str, lead: str = "") -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        ground, column = QWidget(), QWidget()
        column.setMaximumWidth(_COLUMN_CHARACTERS * self.fontMetrics().averageCharWidth())
        across = QHBoxLayout(ground)
        across.addStretch(1)
        across.addWidget(column, 100)
        across.addStretch(1)
        self.column = QVBoxLayout(column)
        self.column.setContentsMargins(6 * STEP, 12 * STEP, 6 * STEP, 12 * STEP)
        self.column.setSpacing(3 * STEP)
        self.column.addWidget(words(title, "title"))
        if lead:
            self.column.addWidget(words(lead, "quiet"))
        self.form = QFormLayout()
        self.form.setVerticalSpacing(2 * STEP)
        self.form.setHorizontalSpacing(4 * STEP)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self.form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        self.column.addLayout(self.form)
        self.message = MessageLine()
        self.column.addWidget(self.message)
        self.buttons = QHBoxLayout()
        self.column.addLayout(self.buttons)
        self.column.addStretch(1)
        self.setWidget(ground)

    def add_field(self, label: str, field: QWidget) -> None:
        """Add a field with its label as buddy and accessible name."""
        buddy = QLabel(label)
        buddy.setBuddy(field)
        field.setAccessibleName(label.replace("&", ""))
        self.form.addRow(buddy, field)

    def add_button(self, text: str, *, is_main: bool = False) -> QPushButton:
        """Add a button; the main one is pressed by Enter."""
        button = QPushButton(text)
        button.setAutoDefault(True)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        button.setDefault(is_main)
        self.buttons.addWidget(button)
        return button

    def show_problem(self, sentence: str) -> None:
        """Show what is wrong and what to do, in words."""
        self.message.show_problem(sentence)

    def show_good(self, sentence: str) -> None:
        """Show that something is done."""
        self.message.show_good(sentence)

    def clear_message(self) -> None:
        """Show no message."""
        self.message.hide()
