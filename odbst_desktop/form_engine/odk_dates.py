"""ODK's functions of days and times: reading, reckoning, writing."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from typing import Any

from odbst_desktop.form_engine.odk_values import (
    Clock,
    Day,
    Moment,
    as_moment,
    clock_of,
    dated,
    number_of,
    text_of,
)

_LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WRITERS: dict[str, Callable[[datetime], str]] = {
    "Y": lambda at: f"{at.year:04d}",
    "y": lambda at: f"{at.year % 100:02d}",
    "m": lambda at: f"{at.month:02d}",
    "n": lambda at: str(at.month),
    "b": lambda at: _LONG_MONTHS[at.month - 1][:3],
    "B": lambda at: _LONG_MONTHS[at.month - 1],
    "d": lambda at: f"{at.day:02d}",
    "e": lambda at: str(at.day),
    "H": lambda at: f"{at.hour:02d}",
    "h": lambda at: str(at.hour),
    "M": lambda at: f"{at.minute:02d}",
    "S": lambda at: f"{at.second:02d}",
    "3": lambda at: f"{at.microsecond // 1000:03d}",
    "a": lambda at: _LONG_DAYS[at.weekday()][:3],
    "A": lambda at: _LONG_DAYS[at.weekday()],
    "W": lambda at: f"{at.isocalendar().week:02d}",
    "%": lambda _at: "%",
}


def date_value(value: Any) -> Any:
    """Return a text or a number as a day, a blank for a blank.

    Raises:
        ValueError: it is no date.

    """
    if text_of(value) == "":
        return ""
    found = dated(value)
    if found is None:
        raise ValueError
    return Day(math.floor(found))


def date_time_value(value: Any) -> Any:
    """Return a text or a number as a moment, a blank for a blank; raises ValueError."""
    if text_of(value) == "":
        return ""
    found = dated(value)
    if found is None:
        raise ValueError
    return Moment(found)


def decimal_date_time(value: Any) -> float:
    """Return days since 1 January 1970 with their fraction."""
    found = dated(value)
    return math.nan if found is None else float(found)


def decimal_time(value: Any) -> float:
    """Return a time of day as a share of the day."""
    if isinstance(value, Clock):
        return float(value)
    text = text_of(value)
    found = dated(text) if "T" in text else None
    return float(clock_of(text)) if found is None else found % 1


def format_date(value: Any, pattern: Any) -> str:
    """Write a date or a time by ODK's pattern, such as ``%e %b %Y``; a blank stays blank.

    Raises:
        ValueError: it is no date, or the pattern has a sign that ODK does not know.

    """
    if text_of(value) == "":
        return ""
    found = float(value) if isinstance(value, Clock) else dated(value)
    if found is None or math.isnan(number_of(found)):
        raise ValueError
    at, written, signs = as_moment(found), [], iter(text_of(pattern))
    for sign in signs:
        if sign != "%":
            written.append(sign)
            continue
        writer = _WRITERS.get(next(signs, ""))
        if writer is None:
            raise ValueError
        written.append(writer(at))
    return "".join(written)
