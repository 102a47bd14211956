"""Dates as people type and read them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from odbst_desktop.errors import InputError

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1}
_FIGURES = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})(?: (\d{4}|\d{2}))?", re.ASCII)
_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_WEEK, _CENTURY = 7, 2000


def show_date(day: date) -> str:
    """Return e.g. ``24 Nov 2026``."""
    return f"{day.day} {_MONTHS[day.month - 1].capitalize()} {day.year}"


def show_day_of(text: str) -> str:
    """Return the day of a moment or date as the exchange writes it; a blank stays blank."""
    return show_date(date.fromisoformat(text[:10])) if text else ""


def show_moment(at: str) -> str:
    """Return a moment (RFC 3339) in this machine's time, e.g. “24 Nov 2026, 15:30”."""
    moment = datetime.fromisoformat(at).astimezone()
    return f"{show_date(moment.date())}, {moment:%H:%M}"


def read_typed_date(typed: str, today: date) -> date:
    """Return the date that was typed: ``24/11``, ``24 Nov 2026``, ``friday``, ``tomorrow``.

    Day before month, as in Britain. Without a year it is the date nearest to ``today``; a weekday
    is the next one.

    Raises:
        InputError: it is no date.

    """
    text = " ".join(typed.lower().split())
    if text in _NEAR:
        return today + timedelta(days=_NEAR[text])
    if text in _DAYS:
        ahead = (_DAYS.index(text) - today.weekday() - 1) % _WEEK + 1
        return today + timedelta(days=ahead)
    try:
        return _calendar_date(text, today)
    except ValueError as fault:
        raise InputError(
            f"“{typed.strip()[:40]}” is not a date. Type it as 24/11/2026, 24 Nov or tomorrow."
        ) from fault


def _calendar_date(text: str, today: date) -> date:
    if match := _ISO.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _FIGURES.fullmatch(text):
        month = int(match[2])
    elif match := _NAMED.fullmatch(text):
        month = _month(match[2])
    else:
        raise ValueError(text)
    if match[3]:
        year = int(match[3])
        return date(year + _CENTURY if year < 100 else year, month, int(match[1]))
    return _nearest(int(match[1]), month, today)


def _month(word: str) -> int:
    if not any(name.startswith(word) for name in _MONTH_NAMES):
        raise ValueError(word)
    return _MONTHS.index(word[:3]) + 1


def _nearest(day: int, month: int, today: date) -> date:
    candidates = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            candidates.append(date(year, month, day))
        except ValueError:  # 29 February of a common year
            continue
    if not candidates:
        raise ValueError(day)
    return min(candidates, key=lambda candidate: abs(candidate - today))
