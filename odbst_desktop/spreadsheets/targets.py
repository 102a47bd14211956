"""What can be read from a sheet: fields with the names they go by, as data.

Source: ``resources/spreadsheet_fields.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from odbst_desktop.errors import InputError
from odbst_desktop.shipped import shipped_yaml


@dataclass(frozen=True, slots=True)
class Field:
    """A field to fill; ``type`` is text, date, whole, number or yes_no.

    ``is_required`` fields need a column, unless every field of ``unless`` has one.
    """

    id: str
    label: str
    type: str
    is_required: bool
    unless: tuple[str, ...]
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of record that sheets are read into."""

    id: str
    label: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """Return a field by its id."""
        return next(known for known in self.fields if known.id == name)


@cache
def target(name: str) -> Target:
    """Return a target by its id; raises InputError if the list does not have it."""
    known = shipped_yaml("resources/spreadsheet_fields.yaml")["targets"]
    if name not in known:
        raise InputError(f"“{name}” is nothing that can be imported. Choose from the list.")
    fields = tuple(
        Field(
            entry["id"], entry["label"], entry.get("type", "text"), entry.get("required", False),
            tuple(entry.get("unless", ())), tuple(entry.get("synonyms", ())),
        )
        for entry in known[name]["fields"]
    )  # fmt: skip
    return Target(name, known[name]["label"], fields)
