"""What a training figure is made of: the people who need a course, and where each stands."""

from __future__ import annotations

from odbst_desktop.analysis.explaining import Explanation, Part
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.training.catalogue import Course
from odbst_desktop.training.matrix import Matrix
from odbst_desktop.training.standing import Cell, Status


def explain_course(matrix: Matrix, course: Course) -> Explanation:
    """Explain how many of those who need a course hold it on the matrix's day."""
    needed = [(person, cell) for person, cell in matrix.cells_of(course.id)
              if cell.status is not Status.EXEMPT]  # fmt: skip
    trained = sum(cell.counts for _, cell in needed)
    exempt = len(matrix.cells_of(course.id)) - len(needed)
    left_out = f" {exempt} exempt with a reason are left out." if exempt else ""
    return Explanation(
        title=course.label,
        figure=f"{trained} of {len(needed)} in date",
        formula=f"Everybody whose role needs it on {show_date(matrix.on)}; 1 where a record holds "
        f"on that day.{left_out}",
        parts=tuple(
            Part(_day(cell), f"{person.name}: {cell.status.value}{_until(cell)}",
                 str(int(cell.counts)))
            for person, cell in needed
        ),
        rules=(course.source,) if course.source else (),
        history=("Each record says who entered it: open the person’s card.",),
        shown_to=("Names stay in this vault. The return and the LGB see the count.",),
    )  # fmt: skip


def _day(cell: Cell) -> str:
    return show_date(cell.completed_on) if cell.completed_on else ""


def _until(cell: Cell) -> str:
    if cell.until is None or cell.completed_on is None:
        return ""
    return f", until {show_date(cell.until)}"
