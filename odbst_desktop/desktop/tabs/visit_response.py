"""What the school says beside each finding of a visit."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from odbst_desktop.analysis.privacy import find_identifiers
from odbst_desktop.desktop.fields import TextField
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.monitoring.checklists import agreed_actions, gaps
from odbst_desktop.monitoring.report import answer_words
from odbst_desktop.monitoring.visits import Visit
from odbst_desktop.school.typed_dates import show_date

_SETTLE_MILLISECONDS = 500


class ResponsePanel(QWidget):
    """A field for each finding and one for the visit; ``settled`` gives what was typed."""

    settled = Signal(dict)

    def __init__(self, visit: Visit, known_names: tuple[str, ...], *, is_read_only: bool) -> None:
        super().__init__()
        self._names = known_names
        self._is_read_only = is_read_only
        self.fields: dict[str, TextField] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        self.column.setSpacing(2 * STEP)
        self.column.addWidget(words("The school’s response", "heading"))
        said = (
            f"{visit.responded_by}, {show_date(visit.responded_on)}"
            if visit.responded_on
            else "Not answered yet. The DSL or the headteacher says what the school does."
        )
        self.said = words(said, "quiet")
        self.warning = words("", "warning")
        self.warning.hide()
        self.column.addWidget(self.said)
        actions = agreed_actions(visit.form, visit.answers)
        for finding in gaps(visit.form, visit.answers):
            name = finding.question.name
            agreed = "; ".join(
                f"{a.action} ({a.owner}, by {show_date(a.due)})" for a in actions if a.about == name
            )
            self._field(name, f"{finding.short}: {answer_words(finding)}", agreed, visit)
        self._field("", "The visit as a whole", "", visit)
        self.column.addWidget(self.warning)
        self.column.addStretch(1)
        self._timer = QTimer(self, interval=_SETTLE_MILLISECONDS, singleShot=True)
        self._timer.timeout.connect(self._settle)

    def responses(self) -> dict[str, str]:
        """Return what was typed, by question."""
        return {name: field.value() for name, field in self.fields.items() if field.value()}

    def flush(self) -> None:
        """Give what was typed at once if it was not given yet."""
        if self._timer.isActive():
            self._timer.stop()
            self._settle()

    def _field(self, name: str, title: str, agreed: str, visit: Visit) -> None:
        self.column.addWidget(words(title))
        if agreed:
            self.column.addWidget(words(f"Agreed: {agreed}", "quiet"))
        field = TextField()
        field.set_name(f"Response: {title}")
        field.set_hint(agreed)
        field.set_value(visit.responses.get(name))
        field.text.setReadOnly(self._is_read_only)
        field.edited.connect(self._edited)
        self.fields[name] = field
        self.column.addWidget(field)

    def _edited(self) -> None:
        self._timer.start()

    def _settle(self) -> None:
        found = [f for text in self.responses().values()
                 for f in find_identifiers(text, self._names)]  # fmt: skip
        self.warning.setText(
            f"! “{found[0].words}” {found[0].why}. The LGB reads this: name nobody."
            if found
            else ""
        )
        self.warning.setVisible(bool(found))
        self.settled.emit(self.responses())
