"""JSON without its loopholes. Source: package format, section 7, check 6."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from odbst_desktop.exchange.errors import StrictJsonError

DEEPEST = 32
LARGEST_INTEGER = 2**53
_LONGEST_INTEGER = 17
_STRINGS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACKETS = re.compile(rb"[\[\]{}]")


def parse_strict_json(data: bytes) -> Any:
    """Return the value that ``data`` spells.

    Raises:
        StrictJsonError: not UTF-8, a byte-order mark, a lone surrogate, a repeated member, NaN or
            Infinity, a number that overflows, an integer beyond ±2^53, nesting beyond 32, or
            anything but white space after the value.

    """
    _refuse_depth(data)
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_integer,
            parse_float=_number,
        )
        _refuse_surrogates(value)
    except (ValueError, RecursionError) as fault:
        raise StrictJsonError(str(fault)) from fault
    return value


def _refuse_depth(data: bytes) -> None:
    # Before parsing, without recursion: strings are taken out, then brackets counted.
    depth = 0
    for bracket in _BRACKETS.finditer(_STRINGS.sub(b"", data)):
        depth += 1 if bracket.group() in b"[{" else -1
        if depth > DEEPEST:
            raise StrictJsonError("nested too deeply")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise StrictJsonError("a member is repeated")
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise StrictJsonError(f"{name} is not a number")


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_INTEGER or abs(int(digits)) > LARGEST_INTEGER:
        raise StrictJsonError("an integer is out of range")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise StrictJsonError("a number overflows")
    return number


def _refuse_surrogates(value: Any) -> None:
    if isinstance(value, str):
        value.encode("utf-8")
    elif isinstance(value, dict):
        for name, member in value.items():
            name.encode("utf-8")
            _refuse_surrogates(member)
    elif isinstance(value, list):
        for member in value:
            _refuse_surrogates(member)
