"""Which check is next, and why. Source: ``forms/monitoring/cycle.yaml``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.reading import shipped_form
from odbst_desktop.monitoring.visits import Visit
from odbst_desktop.school.calendar import AcademicYear
from odbst_desktop.shipped import shipped_yaml


@dataclass(frozen=True, slots=True)
class PlannedCheck:
    """A check of the cycle; ``visit`` is the one made in its half-term, if any."""

    half_term: str
    opens: date
    closes: date
    form: Form
    why: str
    visit: Visit | None

    @property
    def half_term_label(self) -> str:
        """Return e.g. “Autumn, first half”."""
        term, half = self.half_term.split("_")
        return f"{term.capitalize()}, {'first' if half == '1' else 'second'} half"

    def state_on(self, today: date) -> str:
        """Return in words where the check stands."""
        if self.visit is not None:
            return self.visit.state_words
        if today > self.closes:
            return "Not done"
        return "Due now" if today >= self.opens else "Later"


def cycle(year: AcademicYear, visits: Sequence[Visit]) -> tuple[PlannedCheck, ...]:
    """Return the year's checks in order with what was done of them."""
    halves = {half.id: half for term in year.terms for half in term.half_terms}
    planned = []
    for entry in shipped_yaml("forms/monitoring/cycle.yaml")["checks"]:
        half = halves[entry["half_term"]]
        made = [
            visit for visit in visits
            if visit.form_id == entry["form"] and half.opens <= visit.visited_on <= half.closes
        ]  # fmt: skip
        planned.append(
            PlannedCheck(
                half.id, half.opens, half.closes, shipped_form(f"monitoring/{entry['form']}"),
                entry["why"], made[0] if made else None,
            )
        )  # fmt: skip
    return tuple(planned)
