"""Where a definition came from, and what was found wrong with it on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from odbst_desktop.form_engine.errors import ExpressionError, Fault, UnsupportedFunctionError
from odbst_desktop.form_engine.expressions import parse_expression


@dataclass(frozen=True, slots=True)
class Origin:
    """A definition's file; ``rows`` and ``columns`` say where a workbook's cells stand.

    ``rows`` gives for each sheet (``choices/LIST`` for a list) the number of each row that is read,
    ``columns`` the letter of each plain column name. Both are empty for YAML, whose rows are
    counted from 1.
    """

    name: str
    folder: Path | None = None
    rows: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def is_workbook(self) -> bool:
        """Say whether the definition is a workbook."""
        return bool(self.rows)

    def fault(self, message: str, number: int, column: str = "", sheet: str = "survey") -> Fault:
        """Return a fault at a row, counted from 1 among those that are read."""
        plain = sheet.partition("/")[0]
        if not self.is_workbook:
            return Fault(message, "" if plain == "survey" else plain, number, column)
        rows = self.rows.get(sheet, ())
        row = rows[number - 1] if 0 < number <= len(rows) else 0
        letter = self.columns.get(plain, {}).get(column, "")
        words = f"{message} ({column})" if column and not letter else message
        return Fault(words, plain, row, letter)


@dataclass
class Findings:
    """What was found: faults forbid the form, unsupported parts its use, notices nothing."""

    origin: Origin
    faults: list[Fault] = field(default_factory=list)
    unsupported: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)

    def wrong(self, message: str, number: int, column: str = "", sheet: str = "survey") -> None:
        """Note a fault."""
        self.faults.append(self.origin.fault(message, number, column, sheet))

    def not_supported(self, message: str, number: int, column: str = "") -> None:
        """Note a part that is not supported."""
        self.unsupported.append(self.origin.fault(message, number, column))

    def notice(self, message: str, number: int, column: str = "", sheet: str = "survey") -> None:
        """Note something worth knowing."""
        self.notices.append(self.origin.fault(message, number, column, sheet))

    def expression(self, text: str, number: int, column: str, sheet: str = "survey") -> str:
        """Return an expression if it can be read; else note the fault and return a blank."""
        if not text:
            return ""
        try:
            parse_expression(text)
        except UnsupportedFunctionError as fault:
            self.unsupported.append(self.origin.fault(str(fault), number, column, sheet))
        except ExpressionError as fault:
            self.wrong(str(fault), number, column, sheet)
        else:
            return text
        return ""
