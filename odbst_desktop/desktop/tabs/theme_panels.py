"""What is opened over the tab of themes: the pack being written, the weights, an alert."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from odbst_desktop.desktop.form_rows import FormSetting
from odbst_desktop.desktop.form_view import FormView
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.scrolling import ScrollingPanel
from odbst_desktop.desktop.tab import Tab, button, one_line, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.office.theme_desk import ThemeDesk
from odbst_desktop.trust.pack_draft import save_pack_draft
from odbst_desktop.trust.theme_rules import line_rules, theme_rules
from odbst_desktop.trust.themes import note_alert, set_weights


class PackPanel(QWidget):
    """The focus pack being written; saved a moment after each key."""

    def __init__(self, tab: Tab, desk: ThemeDesk) -> None:
        super().__init__()
        self.tab, self._term = tab, desk.term
        self.back, self.saved = button("← Themes"), words("", "quiet")
        self.saved.setAccessibleName("Saved")
        setting = FormSetting(tab.desk.vault.today())
        self.form = FormView(desk.pack_form, desk.pack_answers, setting)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        top = row_of(self.back, one_line(f"Focus pack for {desk.term.words}"), self.saved)
        column.addLayout(top)
        column.addWidget(words(desk.pack_contents, "quiet"))
        column.addWidget(self.form, 1)
        self.form.settled.connect(self.save)
        self.back.clicked.connect(self._leave)

    def save(self, answers: dict[str, Any]) -> None:
        """Keep what is typed."""
        vault, term = self.tab.desk.vault, self._term
        self.saved.setText("Saving…")
        self.tab.run(lambda: save_pack_draft(vault, term, answers), self._saved)

    def _saved(self, _value: object) -> None:
        moment = self.tab.desk.vault.clock().astimezone()
        self.saved.setText(f"✓ Saved at {moment:%H:%M:%S}")

    def _leave(self) -> None:
        self.form.flush()
        self.tab.close_over()


class WeightsPanel(ScrollingPanel):
    """The weights of the evidence, changed from now on with a reason."""

    def __init__(self, tab: Tab, desk: ThemeDesk) -> None:
        super().__init__()
        self.tab = tab
        self.back, self.keep = button("← Themes"), button("Set the weights", is_main=True)
        self.boxes: dict[str, QSpinBox] = {}
        self.reason = QLineEdit()
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setVerticalSpacing(2 * STEP)
        for name, line in line_rules().items():
            box = QSpinBox()
            box.setRange(0, 5)
            box.setMaximumWidth(12 * self.fontMetrics().averageCharWidth())
            box.setValue(desk.weights.weights.get(name, 0))
            box.setAccessibleName(f"Weight: {line.label}")
            self.boxes[name] = box
            form.addRow(line.label, box)
        self.reason.setAccessibleName("Why the weights change")
        form.addRow("&Why they change", self.reason)
        self.column.addLayout(row_of(self.back, one_line("Weights of the evidence")))
        self.column.addWidget(
            words("0 leaves a line out. What was chosen before keeps the weights it was chosen "
                  "by; from now on these count.", "quiet")
        )  # fmt: skip
        self.column.addLayout(form)
        self.column.addLayout(row_of(self.keep))
        self.column.addStretch(1)
        self.back.clicked.connect(tab.close_over)
        self.keep.clicked.connect(self._keep)

    def _keep(self) -> None:
        vault, reason = self.tab.desk.vault, self.reason.text()
        wanted = {name: box.value() for name, box in self.boxes.items()}
        self.tab.run(lambda: set_weights(vault, wanted, reason), self._kept, "theme")

    def _kept(self, _value: object) -> None:
        self.tab.close_over()
        self.tab.show_good("The weights are set and count from now on.")


class AlertPanel(ScrollingPanel):
    """Something from outside that bears on a theme, with its source."""

    def __init__(self, tab: Tab, desk: ThemeDesk) -> None:
        super().__init__()
        self.tab, self._term = tab, desk.ground.term
        self.back, self.keep = button("← Themes"), button("Note it", is_main=True)
        self.theme, self.source = QComboBox(), QLineEdit()
        for rule in theme_rules():
            self.theme.addItem(rule.theme.title, rule.id)
        self.theme.setAccessibleName("Theme that it bears on")
        self.source.setAccessibleName("What was said, by whom, when")
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.addRow("&Theme that it bears on", self.theme)
        form.addRow("&What was said, by whom, when", self.source)
        self.column.addLayout(row_of(self.back, one_line(f"An alert in {self._term.words}")))
        self.column.addWidget(
            words("An inspection, the local authority or a national alert. It counts as evidence "
                  "for the theme in this term.", "quiet")
        )  # fmt: skip
        self.column.addLayout(form)
        for alert in desk.alerts:
            titles = {rule.id: rule.theme.title for rule in theme_rules()}
            self.column.addWidget(
                words(f"● {titles.get(alert.theme, alert.theme)}: {alert.source}")
            )
        self.column.addLayout(row_of(self.keep))
        self.column.addStretch(1)
        self.back.clicked.connect(tab.close_over)
        self.keep.clicked.connect(self._keep)

    def _keep(self) -> None:
        vault, theme, source = self.tab.desk.vault, self.theme.currentData(), self.source.text()
        term = self._term
        self.tab.run(lambda: note_alert(vault, theme, term, source), self._kept, "theme")

    def _kept(self, _value: object) -> None:
        self.tab.close_over()
        self.tab.show_good("Noted; the proposal counts it.")
