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
_MOST_PARTS = 500_000
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def parse_strict_json(data: bytes) -> Any:
    """Return the value that ``data`` spells.

    Raises:
        StrictJsonError: not UTF-8, a byte-order mark, a lone surrogate, a repeated member, NaN or
            Infinity, a number that overflows, an integer beyond ±2^53, nesting beyond 32, half a
            million commas or brackets, or anything but white space after the value.

    """
    # Before parsing: no lawful file comes near, and ten million empty lists take a minute.
    if any(data.count(sign) > _MOST_PARTS for sign in (b",", b"{", b"[")):
        raise StrictJsonError("too many parts")
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_integer,
            parse_float=_number,
        )
        _refuse_depth(value, DEEPEST)
        if _SURROGATE.search(data):
            _refuse_surrogates(value)
    except (ValueError, RecursionError) as fault:
        raise StrictJsonError(str(fault)) from fault
    return value


def _refuse_depth(value: Any, left: int) -> None:
    # After parsing: Python's own parser stops by itself long before the stack does.
    if isinstance(value, dict | list):
        if not left:
            raise StrictJsonError("nested too deeply")
        for member in value.values() if isinstance(value, dict) else value:
            if isinstance(member, dict | list):
                _refuse_depth(member, left - 1)


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
