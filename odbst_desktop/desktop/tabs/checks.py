"""What the rules ask of a return: to mend, and to explain."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.form_engine.answers import Problem, problem_words
from odbst_desktop.returns.drafting import return_form

READY = "✓ Nothing is open. The return can be signed."


def return_problem_words(problem: Problem) -> str:
    """Return a problem of a return with the question it is about."""
    return problem_words(return_form(), problem)


class ChecksPanel(QWidget):
    """What the rules ask: errors to mend, warnings to explain in a sentence.

    ``words_of`` says a problem in words, ``ready`` what stands there when nothing is open.
    """

    def __init__(
        self,
        save: Callable[[], None],
        explanations: Mapping[str, str],
        *,
        is_read_only: bool,
        words_of: Callable[[Problem], str] = return_problem_words,
        ready: str = READY,
    ) -> None:
        super().__init__()
        self._save, self._is_read_only = save, is_read_only
        self._words_of, self._ready = words_of, ready
        self._kept = dict(explanations)
        self.lines: dict[str, QLineEdit] = {}
        self._column = QVBoxLayout(self)
        self._column.setSpacing(2 * STEP)
        self._shown: QWidget | None = None
        self._problems: tuple[Problem, ...] = ()
        self._is_stale = True

    def explanations(self) -> dict[str, str]:
        """Return what was written to each rule."""
        self._kept |= {rule: line.text() for rule, line in self.lines.items()}
        return {rule: text for rule, text in self._kept.items() if text.strip()}

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Show the errors and warnings, at once or when the panel is next seen."""
        self._problems, self._is_stale = problems, True
        if self.isVisible():
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what came up since the panel was last seen."""
        super().showEvent(event)
        if self._is_stale:
            self._show()

    def _show(self) -> None:
        self._is_stale = False
        problems = self._problems
        self.explanations()
        if self._shown is not None:
            self._column.removeWidget(self._shown)
            self._shown.deleteLater()
        self.lines = {}
        self._shown = QWidget()
        inner = QVBoxLayout(self._shown)
        errors = [p for p in problems if p.severity == "error"]
        warnings = [p for p in problems if p.severity == "warning"]
        inner.addWidget(words(f"To mend: {len(errors)}", "heading"))
        for problem in errors:
            inner.addWidget(words(f"✗ {self._words_of(problem)}", "problem"))
        inner.addWidget(words(f"To explain in a sentence: {len(warnings)}", "heading"))
        for problem in warnings:
            inner.addWidget(words(f"! {self._words_of(problem)}"))
            line = QLineEdit(self._kept.get(problem.rule, ""))
            line.setAccessibleName(f"Explanation: {problem.message}")
            line.setReadOnly(self._is_read_only)
            line.editingFinished.connect(self._save)
            self.lines[problem.rule] = line
            inner.addWidget(line)
        if not problems:
            inner.addWidget(words(self._ready, "good"))
        inner.addStretch(1)
        self._column.addWidget(self._shown, 1)
