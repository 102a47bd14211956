"""What ODK's expressions reckon with: texts, numbers, truths, days, moments, times and lists.

A blank is the empty text. A day is a number of days since 1 January 1970, as in ODK, which still
reads as ``2026-11-24`` wherever a text is wanted; a moment and a time of day likewise.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from elementpath import XPathNode

_EPOCH = date(1970, 1, 1)
_LARGEST_PLAIN = 10**15


class BlankOperandError(ValueError):
    """Something is compared with a blank where a blank has to leave the verdict open."""


class Day(float):
    """A day, as the number of days since 1 January 1970."""

    def __str__(self) -> str:
        return as_date(self).isoformat()


class Moment(float):
    """A day and a time of day, as a number of days since 1 January 1970."""

    def __str__(self) -> str:
        return as_moment(self).isoformat(timespec="seconds")


class Clock(float):
    """A time of day, as a share of the day."""

    def __str__(self) -> str:
        minutes = round(self * 24 * 60)
        return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def day_of(value: date) -> Day:
    """Return a date as a day."""
    return Day((value - _EPOCH).days)


def moment_of(value: datetime) -> Moment:
    """Return a date and time, taken as local, as a moment."""
    plain = value.replace(tzinfo=None)
    since = plain - datetime.combine(_EPOCH, time())
    return Moment(since / timedelta(days=1))


def clock_of(text: str) -> Clock:
    """Return a time written ``15:30``; raises ValueError for anything else."""
    value = time.fromisoformat(text)
    return Clock((value.hour * 60 + value.minute + value.second / 60) / (24 * 60))


def as_date(value: float) -> date:
    """Return the date of a number of days; raises ValueError or OverflowError out of range."""
    return _EPOCH + timedelta(days=math.floor(value))


def as_moment(value: float) -> datetime:
    """Return the date and time of a number of days; raises ValueError or OverflowError."""
    # To the millisecond: a share of a day is not exact.
    return datetime.combine(_EPOCH, time()) + timedelta(milliseconds=round(value * 86_400_000))


def dated(value: Any) -> float | None:
    """Return a value as a day or moment, or None if it is no date."""
    if isinstance(value, (Day, Moment)):
        return value
    if isinstance(value, float) and not math.isnan(value):
        return Day(value) if value.is_integer() else Moment(value)
    text = text_of(value)
    try:
        if len(text) == 10:
            return day_of(date.fromisoformat(text))
        found = datetime.fromisoformat(text)
        return moment_of(found.astimezone(UTC) if found.tzinfo else found)
    except ValueError:
        return None


def items_of(value: Any) -> list[Any]:
    """Return a value as a list: one for each row, or one."""
    return value if isinstance(value, list) else [value]


def single(value: Any) -> Any:
    """Return the first of a list, or the value itself."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return value.compat_string_value if isinstance(value, XPathNode) else value


def text_of(value: Any) -> str:
    """Return a value as text."""
    value = single(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (Day, Moment, Clock)):
        return str(value)
    if isinstance(value, (int, float)):
        return _number_text(float(value))
    return str(value)


def _number_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value.is_integer() and abs(value) < _LARGEST_PLAIN:
        return str(int(value))
    return repr(value)


def number_of(value: Any) -> float:
    """Return a value as a number, not-a-number for a blank or what is none."""
    if isinstance(value, float):  # a day stays one only where it is asked for
        return float(value)
    value = single(value)
    if isinstance(value, (bool, int, float)):
        return float(value)
    text = text_of(value).strip()
    # Python also reads “1_000”, “inf” and “nan”, which are no numbers here.
    if not text or not text[-1].isascii() or text[-1] not in "0123456789." or "_" in text:
        return math.nan
    try:
        return float(text)
    except ValueError:
        return math.nan


def truth_of(value: Any) -> bool:
    """Return whether a value counts as true."""
    if isinstance(value, list):
        return any(truth_of(item) for item in value)
    value = single(value)
    if isinstance(value, (bool, int, float)):
        return bool(value) and value == value  # noqa: PLR0124 - not NaN
    return text_of(value) != ""


_EQUALITIES: dict[str, Callable[[Any, Any], bool]] = {"=": operator.eq, "!=": operator.ne}
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compare(sign: str, left: Any, right: Any, *, is_strict: bool = False) -> bool:
    """Return whether a comparison holds; of lists, whether it holds for any of their items.

    Raises:
        BlankOperandError: with ``is_strict``, a number is compared with a blank.

    """
    if not isinstance(left, list) and not isinstance(right, list):  # nearly always
        return _compare_one(sign, single(left), single(right), is_strict=is_strict)
    return any(
        _compare_one(sign, one, other, is_strict=is_strict) for one, other in _pairs(left, right)
    )


def _pairs(left: Any, right: Any) -> Iterator[tuple[Any, Any]]:
    for one in items_of(left):
        for other in items_of(right):
            yield single(one), single(other)


def _compare_one(sign: str, left: Any, right: Any, *, is_strict: bool) -> bool:
    equality = _EQUALITIES.get(sign)
    if equality is not None:
        if isinstance(left, bool) or isinstance(right, bool):
            return equality(truth_of(left), truth_of(right))
        if not isinstance(left, (int, float)) and not isinstance(right, (int, float)):
            return equality(text_of(left), text_of(right))
    first, second = _comparable(left, right), _comparable(right, left)
    if is_strict and (math.isnan(first) or math.isnan(second)):
        raise BlankOperandError
    return (equality or _ORDERS[sign])(first, second)


def _comparable(value: Any, other: Any) -> float:
    """Return a number; a text that is a date or a time where the other side may be one."""
    found = number_of(value)
    if isinstance(value, str) and math.isnan(found):
        if isinstance(other, Clock):
            try:
                return clock_of(value)
            except ValueError:
                return math.nan
        as_day = dated(value) if value[:1].isdigit() else None
        return math.nan if as_day is None else as_day
    return found
