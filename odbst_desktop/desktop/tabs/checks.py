"""What the rules ask of a return: to mend, and to explain."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

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

    ``words_of`` says a problem in words, ``ready`` what stands there when nothing is open; ``go``
    gives the keys to the question that a problem is about. What was explained is not counted as
    open again; what the ESL alone may ask is shown and asks for nothing.
    """

    def __init__(
        self,
        save: Callable[[], None],
        explanations: Mapping[str, str],
        *,
        is_read_only: bool,
        words_of: Callable[[Problem], str] = return_problem_words,
        ready: str = READY,
        go: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__()
        self._save, self._is_read_only = save, is_read_only
        self._words_of, self._ready, self._go = words_of, ready, go
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
            inner.addWidget(self._line("✗", problem, "problem"))
        inner.addWidget(words(self._explain_words(warnings), "heading"))
        for problem in sorted(warnings, key=lambda p: p.rule in self._given()):
            is_said = problem.rule in self._given()
            inner.addWidget(self._line("✓" if is_said else "!", problem, ""))
            line = QLineEdit(self._kept.get(problem.rule, ""))
            line.setAccessibleName(f"Explanation: {problem.message}")
            line.setReadOnly(self._is_read_only)
            line.editingFinished.connect(self._save)
            self.lines[problem.rule] = line
            inner.addWidget(line)
        self._add_questions(inner, [p for p in problems if p.severity == "question"])
        if not errors and not warnings:
            inner.addWidget(words(self._ready, "good"))
        inner.addStretch(1)
        self._column.addWidget(self._shown, 1)

    def _given(self) -> set[str]:
        return {rule for rule, text in self._kept.items() if text.strip()}

    def _explain_words(self, warnings: list[Problem]) -> str:
        said = sum(problem.rule in self._given() for problem in warnings)
        done = f" ({said} explained)" if said else ""
        return f"To explain in a sentence: {len(warnings) - said}{done}"

    def _line(self, sign: str, problem: Problem, kind: str) -> QWidget:
        line = QWidget()
        across = QHBoxLayout(line)
        across.setContentsMargins(0, 0, 0, 0)
        said = self._words_of(problem)
        if self._go is not None and problem.field:
            go = QPushButton("Go to it")
            go.setAccessibleName(f"Go to the question: {said}")
            go.setProperty("field", problem.field)
            go.clicked.connect(self._went)
            across.addWidget(go, 0, Qt.AlignmentFlag.AlignTop)
        across.addWidget(words(f"{sign} {said}", kind), 1)
        return line

    def _add_questions(self, inner: QVBoxLayout, questions: list[Problem]) -> None:
        if questions:
            inner.addWidget(words(f"What the ESL may ask: {len(questions)}", "heading"))
            inner.addWidget(words("Nothing has to be done; you may say it in the text.", "quiet"))
        for problem in questions:
            inner.addWidget(self._line("?", problem, ""))

    def _went(self) -> None:
        if self._go is not None:
            self._go(str(self.sender().property("field")))
