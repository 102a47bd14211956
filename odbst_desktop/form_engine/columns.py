"""The columns and types of XLSForm, with the other spellings in use.

Source: xlsform.org and pyxform's aliases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OURS = "odbst:"
EXPRESSIONS = ("required", "relevant", "constraint", "calculation", "choice_filter", "repeat_count")
TRANSLATED = ("label", "hint", "guidance_hint", "required_message", "constraint_message")
SURVEY = frozenset(
    {"type", "name", "default", "appearance", "parameters", "read_only", "disabled",
     *EXPRESSIONS, *TRANSLATED}
)  # fmt: skip
UNSUPPORTED_COLUMNS = {
    "trigger": "calculating on a trigger",
    "intent": "an external app",
    "body::intent": "an external app",
    "audio": "sound",
    "media::audio": "sound",
    "video": "video",
    "media::video": "video",
    "image": "a picture in a question",
    "big-image": "a picture in a question",
    "media::image": "a picture in a question",
    "media::big-image": "a picture in a question",
    "save_to": "an entity list",
}
_ALIASES = {
    "caption": "label", "relevance": "relevant", "bind::relevant": "relevant",
    "calculate": "calculation", "bind::calculate": "calculation", "bind::required": "required",
    "bind::constraint": "constraint", "bind::type": "", "bind::readonly": "read_only",
    "readonly": "read_only", "bind::jr:constraintmsg": "constraint_message",
    "jr:constraintmsg": "constraint_message", "bind::jr:requiredmsg": "required_message",
    "constraint_msg": "constraint_message", "required_msg": "required_message",
    "body::appearance": "appearance", "control::appearance": "appearance",
    "repeat_count": "repeat_count", "jr:count": "repeat_count", "count": "repeat_count",
    "command": "type", "list": "list_name", "value": "name", "form_title": "title",
    "set_form_title": "title", "set_form_id": "form_id",
}  # fmt: skip
_ONE_WORD_TYPES = {
    "int": "integer", "string": "text", "str": "text", "photo": "image", "trigger": "acknowledge",
    "calculation": "calculate", "numeric": "integer", "date time": "datetime",
    "phone number": "text",
}  # fmt: skip
UNSUPPORTED_TYPES = {
    "geopoint": "a place on a map", "geotrace": "a line on a map", "geoshape": "an area on a map",
    "start-geopoint": "a place on a map", "location": "a place on a map", "osm": "a map",
    "audio": "a sound recording", "background-audio": "a sound recording",
    "video": "a film", "barcode": "a barcode", "datetime": "a date with a time",
    "xml-external": "an external file", "csv-external": "an external file",
    "select_one_external": "an external list", "entity": "an entity list",
}  # fmt: skip
LEFT_OUT_TYPES = frozenset(
    {"deviceid", "subscriberid", "simserial", "phonenumber", "phone_number", "username", "email",
     "imei", "audit", "sim_serial", "device_id", "uri:deviceid", "uri:subscriberid",
     "uri:simserial", "uri:phonenumber", "uri:username", "uri:email"}
)  # fmt: skip
"""What ODK notes of the device and its user: not recorded here."""
STAMP_TYPES = {"start": "once(now())", "end": "now()", "today": "once(today())"}
KNOWN_APPEARANCES = frozenset(
    {"minimal", "horizontal", "horizontal-compact", "likert", "field-list", "multiline",
     "table-list", "compact", "quick", "quickcompact", "columns", "columns-pack", "columns-flex",
     "no-buttons", "list", "list-nolabel", "label", "numbers", "w1", "w2", "w3", "w4", "picker",
     "autocomplete", "search", "vertical", "no-ticks", "thousands-sep", "masked", "no-calendar",
     *(f"columns-{n}" for n in range(1, 11)), *(f"compact-{n}" for n in range(1, 11))}
)  # fmt: skip
_SELECTS = (
    (re.compile(r"(?:add )?select[ _](?:one|1)(?: prompt)?(?: (?:from|using))? (?P<list>.+)"),
     "select_one"),
    (re.compile(r"select1 (?P<list>.+)"), "select_one"),
    (re.compile(r"(?:add )?select[ _](?:multiple|all that apply)(?: prompt)?(?: (?:from|using))? "
                r"(?P<list>.+)"), "select_multiple"),
    (re.compile(r"rank (?P<list>.+)"), "rank"),
)  # fmt: skip
_FROM_FILE = re.compile(r"select[ _](?P<kind>one|multiple)[ _]from[ _]file (?P<file>\S+)")
_BRACKETS = re.compile(
    r"(?P<kind>begin|end)[ _](?P<what>group|repeat|lgroup|looped group|loop)"
    r"(?: over .+)?"
)
_BRACKET_KINDS = {"lgroup": "repeat", "looped group": "repeat"}
_ENGLISH = re.compile(r"^(english|en(-[a-z]+)?$)|\(en(-[a-z]+)?\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TypeCell:
    """What a cell of the column ``type`` says."""

    kind: str
    list_name: str = ""
    file: str = ""
    has_other: bool = False


def read_type(text: str) -> TypeCell:
    """Return the meaning of a type cell; an unknown one keeps its own words as its kind."""
    plain = " ".join(text.split())
    bracket = _BRACKETS.fullmatch(plain.lower())
    if bracket is not None:
        return TypeCell(f"{bracket['kind']}_{_BRACKET_KINDS.get(bracket['what'], bracket['what'])}")
    if found := _FROM_FILE.match(plain):
        return TypeCell(f"select_{found['kind']}", list_name=f"file {found['file']}",
                        file=found["file"])  # fmt: skip
    for pattern, kind in _SELECTS:
        match = pattern.fullmatch(plain)
        if match is not None:
            # Also “or specify other”, as it was written once.
            name, other, _ = re.sub(r" or[ _](specify[ _])?other$", " \0", match["list"]).partition(
                " \0"
            )
            return TypeCell(kind, list_name=name.strip(), has_other=bool(other))
    lowered = plain.lower()
    return TypeCell(_ONE_WORD_TYPES.get(lowered, lowered))


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading: its plain name, and the language of a translation."""

    name: str
    language: str = ""


def read_heading(text: str) -> Heading:
    """Return the meaning of a heading such as ``label::English (en)``."""
    plain = text.strip()
    if plain.startswith(OURS):
        return Heading(plain)
    lowered = re.sub(r"\s+", "_", plain.lower())
    lowered = re.sub(r"_*(::?)_*", r"\1", lowered)
    if lowered in _ALIASES:
        return Heading(_ALIASES[lowered])
    first, sign, language = plain.partition("::")
    if not sign:
        first, sign, language = plain.partition(":")
    name = re.sub(r"\s+", "_", first.strip().lower())
    name = _ALIASES.get(name, name)
    if sign and name in TRANSLATED:
        return Heading(name, language.strip())
    if sign and name == "media":
        return Heading(f"media::{language.split(':')[0].strip().lower()}")
    return Heading(lowered.replace("bind:", "bind::") if lowered.startswith("bind") else lowered)


@dataclass
class Translated:
    """A row with its translations apart: the English words stand in the row itself."""

    row: dict[str, Any]
    translations: dict[str, dict[str, str]] = field(default_factory=dict)


def translated(row: Mapping[str, Any], default_language: str) -> Translated:
    """Return a row under plain column names, in English where it is given."""
    found = Translated({})
    for heading, value in row.items():
        read = read_heading(str(heading))
        if read.language:
            if value not in (None, ""):
                found.translations.setdefault(read.name, {})[read.language] = str(value)
        elif read.name and found.row.get(read.name) in (None, ""):
            found.row[read.name] = value
    for column, words in found.translations.items():
        english = next((language for language in words if _ENGLISH.search(language)), "")
        if english:
            found.row[column] = words[english]
        elif found.row.get(column) in (None, ""):
            found.row[column] = words.get(default_language) or next(iter(words.values()))
    return found


def read_parameters(text: str) -> dict[str, str]:
    """Return the parts of a cell such as ``start=1 end=5 step=1``."""
    parts = re.split(r"[\s,;]+", re.sub(r"\s*=\s*", "=", text.strip()))
    pairs = (part.partition("=") for part in parts if "=" in part)
    return {name: value for name, _, value in pairs}


def plain_rows(rows: list[dict[str, Any]], kept: frozenset[str] | None) -> list[dict[str, str]]:
    """Return a workbook's rows under plain headings; of the survey only the columns in ``kept``.

    What is left is what the definition is made of, the same whatever spelling Excel had.
    """
    found = []
    for row in rows:
        plain: dict[str, str] = {}
        for heading, cell in row.items():
            read = read_heading(heading)
            name = f"{read.name}::{read.language}" if read.language else read.name
            is_kept = kept is None or read.name in kept or read.name.startswith(OURS)
            if is_kept and read.name and name not in plain:
                plain[name] = cell if isinstance(cell, str) else str(cell).lower()
        found.append(plain)
    return found
