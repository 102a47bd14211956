"""What can be wrong with a form."""

from __future__ import annotations

from dataclasses import dataclass

from odbst_desktop.errors import OdbstError

_MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a definition that is wrong, not supported or worth knowing, and where.

    ``row`` counts as the sheet does; ``column`` is a sheet's letter; both are empty for a fault of
    the whole.
    """

    message: str
    sheet: str = ""
    row: int = 0
    column: str = ""

    @property
    def words(self) -> str:
        """Return the fault with its place."""
        parts = [
            f"sheet “{self.sheet}”" if self.sheet else "",
            f"row {self.row}" if self.row else "",
            f"column {self.column}" if self.column and self.sheet else self.column,
        ]
        place = ", ".join(part for part in parts if part)
        return f"{place}: {self.message}" if place else self.message


class FormDefinitionError(OdbstError):
    """A form's definition is faulty; ``faults`` names each place."""

    code = "faulty-form"

    def __init__(self, origin: str, faults: tuple[str, ...]) -> None:
        told = "; ".join(faults[:_MOST_TOLD])
        more = f"; and {len(faults) - _MOST_TOLD} more" if len(faults) > _MOST_TOLD else ""
        super().__init__(
            f"The form “{origin}” cannot be used: {told}{more}. Nothing was changed; "
            "mend the form and try again."
        )
        self.faults = faults


class ExpressionError(ValueError):
    """An expression cannot be read."""


class UnsupportedFunctionError(ExpressionError):
    """An expression uses something of ODK that is not supported here."""
