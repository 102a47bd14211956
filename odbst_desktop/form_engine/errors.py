"""What can be wrong with a form."""

from __future__ import annotations

from odbst_desktop.errors import OdbstError


class FormDefinitionError(OdbstError):
    """A form's definition is faulty; ``faults`` names each place."""

    code = "faulty-form"

    def __init__(self, origin: str, faults: tuple[str, ...]) -> None:
        super().__init__(
            f"The form “{origin}” cannot be used: {'; '.join(faults[:20])}. Nothing was changed; "
            "mend the form and try again."
        )
        self.faults = faults


class ExpressionError(ValueError):
    """An expression cannot be read."""
