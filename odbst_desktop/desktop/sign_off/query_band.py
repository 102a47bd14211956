"""What the ESL asked of a return, above its form: each question leads to its field."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from odbst_desktop.desktop.page import hide_unless, words
from odbst_desktop.desktop.sign_off.facts import SignOffFacts
from odbst_desktop.desktop.tab import button, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.form_engine.definition import Form


class QueryBand(QFrame):
    """Shown while queries wait for an answer; ``wanted`` gives the field to go to."""

    wanted = Signal(str)

    def __init__(self, facts: SignOffFacts, form: Form) -> None:
        super().__init__()
        labels = {question.name: question.label for question in form.every_question()}
        self.setProperty("kind", "card")
        standing = facts.standing
        is_answered = standing.is_superseded or standing.state in {"accepted", "exported"}
        self.is_needed = bool(facts.queries) and not is_answered
        self.answer = button("Answer in a new revision…", is_main=True)
        hide_unless(standing.state == "queried", self.answer)
        said = (
            "Answer each under “Checks and signing” in a sentence, and change the figure if it was "
            "wrong. Then sign and export: this revision goes to the ESL in place of the one before."
            if facts.is_draft
            else "Begin a new revision to answer: it starts with the same answers."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * STEP, 3 * STEP, 4 * STEP, 3 * STEP)
        count = len(facts.queries)
        asked = "1 question" if count == 1 else f"{count} questions"
        column.addWidget(words(f"? The ESL asks {asked} about this return", "subheading"))
        self.fields = []
        for field, text in facts.queries:
            go = button(f"→ {labels.get(field, field)}")
            go.setAccessibleDescription(text)
            go.setProperty("field", field)
            go.clicked.connect(self._go)
            self.fields.append(go)
            across = QHBoxLayout()
            across.addWidget(go)
            across.addWidget(words(text), 1)
            column.addLayout(across)
        column.addWidget(words(said, "quiet"))
        column.addLayout(row_of(self.answer))

    def _go(self) -> None:
        self.wanted.emit(str(self.sender().property("field")))
