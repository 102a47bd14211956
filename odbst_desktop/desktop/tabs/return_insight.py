"""What a return's editor shows beside the form: figures explained, moved, and what they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from odbst_desktop.desktop.explain_panel import Asked, Explainer
from odbst_desktop.desktop.form_view import FormView
from odbst_desktop.desktop.tab import Tab
from odbst_desktop.desktop.tabs.return_sources import SourcesPanel
from odbst_desktop.desktop.tabs.return_understanding import CHARTS, UnderstandingPanel
from odbst_desktop.form_engine.answers import Problem
from odbst_desktop.returns.changed_figures import changed_problems
from odbst_desktop.returns.comparing_sources import Difference, differences_from, take_counted
from odbst_desktop.returns.deadline import Deadline, deadline_of, waits_on
from odbst_desktop.returns.drafting import Return, counted_now
from odbst_desktop.returns.explaining import explain_answer
from odbst_desktop.returns.understanding import Understanding, narrative_fields, understanding_of
from odbst_desktop.returns.versions import form_of_return
from odbst_desktop.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Insight:
    """What is read of a return for these panels, off the window's thread."""

    counted: Mapping[str, Any]
    differences: tuple[Difference, ...]
    understanding: Understanding
    deadline: Deadline


def read_insight(vault: Vault, found: Return) -> Insight:
    """Read what the panels of a return show, and import the charts."""
    import_module(CHARTS)
    with vault.reading() as session:
        form, due = form_of_return(session, found), deadline_of(session, found)
        counted = counted_now(session, found, form, vault.today())
    moved = differences_from(found, form, counted)
    return Insight(counted, moved, understanding_of(vault, found.id), due)


class ReturnInsight(QObject):
    """Adds the two panels to a form, and explains the figure that has the keys on Ctrl+I.

    ``reopen`` shows the return anew once figures were taken.
    """

    def __init__(self, tab: Tab, found: Return, form: FormView, insight: Insight) -> None:
        super().__init__(form)
        self.tab, self.found, self.form, self.insight = tab, found, form, insight
        is_read_only = found.state == "sent"
        self.sources = SourcesPanel(self._take, is_read_only=is_read_only)
        self.understanding = UnderstandingPanel(
            narrative_fields(form.form), self._insert, is_read_only=is_read_only
        )
        self.sources.show_differences(insight.differences)
        self.understanding.show_term(insight.understanding)
        form.add_section("What the figures say", self.understanding)
        stale = self.sources.stale
        form.add_section(f"▲ {stale} moved" if stale else "Fresh figures", self.sources)
        Explainer(form, self._explained)

    def problems(self, answers: Mapping[str, Any]) -> tuple[Problem, ...]:
        """Return what was typed over the records and is to be explained, as it stands now."""
        provenance = dict(self.found.provenance)
        for name, value in answers.items():
            if self.found.answers.get(name) != value and provenance.get(name, "typed") != "typed":
                provenance[name] = "changed"
        return changed_problems(self.form.form, answers, provenance, self.insight.counted)

    def due_words(self, problems: Iterable[Problem], awaited: str) -> str:
        """Return when the return is due, and on whom it waits."""
        due = self.insight.deadline.words_on(self.tab.desk.vault.today())
        return f"{due} · {waits_on(self.found, problems, awaited)}"

    def _explained(self) -> Asked | None:
        name = self._asked(QApplication.focusWidget())
        if not name:
            return None
        self.form.flush()
        vault, made = self.tab.desk.vault, self.found.id
        return lambda: explain_answer(vault, made, name)

    def _asked(self, focus: QWidget | None) -> str:
        for name, row in self.form.rows.items():
            if focus is not None and (row.field is focus or row.field.isAncestorOf(focus)):
                return name
        return ""

    def _insert(self, name: str, sentence: str) -> None:
        field = self.form.row(name).field
        before = str(field.value() or "").rstrip()
        field.set_value(f"{before}\n{sentence}" if before else sentence)
        field.edited.emit()

    def _take(self, fields: tuple[str, ...]) -> None:
        self.form.flush()
        vault, made = self.tab.desk.vault, self.found.id
        self.tab.run(lambda: take_counted(vault, made, fields), self._taken, "return")

    def _taken(self, moved: int) -> None:
        reopen = getattr(self.tab, "reopen", None)
        if reopen is not None:
            reopen(self.found.id)
        figures = f"{moved} figure{'' if moved == 1 else 's'}"
        self.tab.show_good(f"{figures} brought up to date. What you typed elsewhere stays.")
