"""ODK's functions, as far as they need nothing but their arguments.

Source: the ODK XForms specification, XPath functions. Each takes values as ``odk_values`` knows
them; a ValueError leaves the expression without a value. Our reading where ODK is silent: ``sum``,
``min`` and ``max`` pass over blanks.
"""

from __future__ import annotations

import math
import random
import uuid
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from odbst_desktop.form_engine.odk_dates import (
    date_time_value,
    date_value,
    decimal_date_time,
    decimal_time,
    format_date,
)
from odbst_desktop.form_engine.odk_values import (
    Clock,
    Day,
    Moment,
    items_of,
    number_of,
    text_of,
    truth_of,
)
from odbst_desktop.form_engine.patterns import matches

LONGEST_RESULT = 20_000
"""No text grows longer: a calculation that doubles a text would fill the memory."""


def _bounded(text: str) -> str:
    if len(text) > LONGEST_RESULT:
        raise ValueError
    return text


def _flat(arguments: tuple[Any, ...]) -> list[Any]:
    return [item for argument in arguments for item in items_of(argument)]


def _given(arguments: tuple[Any, ...]) -> list[float]:
    return [number_of(item) for item in _flat(arguments) if text_of(item) != ""]


def _coalesce(*arguments: Any) -> Any:
    return next((value for value in arguments if text_of(value) != ""), "")


def _selected(chosen: Any, name: Any) -> bool:
    return text_of(name).strip() in text_of(chosen).split()


def _selected_at(chosen: Any, place: Any) -> str:
    names, at = text_of(chosen).split(), number_of(place)
    return names[int(at)] if 0 <= at < len(names) else ""


def _count_words(value: Any) -> float:
    return float(len(text_of(value).split()))


def _concat(*arguments: Any) -> str:
    return _bounded("".join(text_of(item) for item in _flat(arguments)))


def _join(between: Any, *arguments: Any) -> str:
    return _bounded(text_of(between).join(text_of(item) for item in _flat(arguments)))


def _substr(value: Any, start: Any, end: Any = None) -> str:
    text = text_of(value)
    first, last = number_of(start), number_of(end) if end is not None else float(len(text))
    return text[int(first) : int(last)]


def _substring(value: Any, start: Any, length: Any = None) -> str:
    # XPath counts from 1 and rounds both, so that substring("12345", 0, 3) is "12".
    text, first = text_of(value), _rounded(number_of(start))
    last = math.inf if length is None else first + _rounded(number_of(length))
    return "".join(letter for place, letter in enumerate(text, 1) if first <= place < last)


def _rounded(value: float) -> float:
    return value if math.isnan(value) or math.isinf(value) else float(math.floor(value + 0.5))


def _round(value: Any, places: Any = None) -> float:
    number = number_of(value)
    if places is None or math.isnan(number) or math.isinf(number):
        return _rounded(number)
    step = Decimal(1).scaleb(-max(-15, min(15, int(number_of(places)))))
    return float(Decimal(repr(number)).quantize(step, ROUND_HALF_UP))


def _translate(value: Any, old: Any, new: Any) -> str:
    letters, others = text_of(old), text_of(new)
    table = {
        ord(letter): (others[place] if place < len(others) else None)
        for place, letter in reversed(list(enumerate(letters)))
    }
    return text_of(value).translate(table)


def _before(value: Any, mark: Any) -> str:
    text, found, _ = text_of(value).partition(text_of(mark)) if text_of(mark) else ("", "", "")
    return text if found else ""


def _after(value: Any, mark: Any) -> str:
    return text_of(value).partition(text_of(mark))[2] if text_of(mark) else text_of(value)


def _sum(*arguments: Any) -> float:
    return math.fsum(_given(arguments))


def _least(*arguments: Any) -> Any:
    return min(_given(arguments), default="")


def _most(*arguments: Any) -> Any:
    return max(_given(arguments), default="")


def _count(value: Any) -> float:
    return float(len(value)) if isinstance(value, list) else 1.0


def _count_non_empty(value: Any) -> float:
    return float(sum(text_of(item) != "" for item in items_of(value)))


def _checklist(least: Any, most: Any, *answers: Any) -> bool:
    count = sum(truth_of(answer) for answer in _flat(answers))
    low, high = number_of(least), number_of(most)
    return (low < 0 or count >= low) and (high < 0 or count <= high)


def _weighted_checklist(least: Any, most: Any, *pairs: Any) -> bool:
    total = math.fsum(
        number_of(weight)
        for answer, weight in zip(pairs[::2], pairs[1::2], strict=False)
        if truth_of(answer)
    )
    low, high = number_of(least), number_of(most)
    return (low < 0 or total >= low) and (high < 0 or total <= high)


def _string(value: Any) -> str:
    return text_of(value)


def _number(value: Any) -> Any:
    return number_of(value)


def _int(value: Any) -> float:
    return float(math.trunc(number_of(value)))


def _boolean_from_string(value: Any) -> bool:
    return text_of(value).lower() in {"true", "1"}


def _uuid() -> str:
    return str(uuid.uuid4())


def _random() -> float:
    return random.random()  # noqa: S311 - a form's draw of lots, no secret


def _of_numbers(work: Callable[..., float]) -> Callable[..., float]:
    def evaluate(*arguments: Any) -> float:
        return work(*(number_of(argument) for argument in arguments))

    return evaluate


PLAIN_FUNCTIONS: dict[str, tuple[int, int | None, Callable[..., Any]]] = {
    "abs": (1, 1, _of_numbers(abs)),
    "acos": (1, 1, _of_numbers(math.acos)),
    "asin": (1, 1, _of_numbers(math.asin)),
    "atan": (1, 1, _of_numbers(math.atan)),
    "atan2": (2, 2, _of_numbers(math.atan2)),
    "boolean": (1, 1, truth_of),
    "boolean-from-string": (1, 1, _boolean_from_string),
    "ceiling": (1, 1, _of_numbers(lambda value: float(math.ceil(value)))),
    "checklist": (3, None, _checklist),
    "coalesce": (1, None, _coalesce),
    "concat": (0, None, _concat),
    "contains": (2, 2, lambda text, part: text_of(part) in text_of(text)),
    "cos": (1, 1, _of_numbers(math.cos)),
    "count": (1, 1, _count),
    "count-non-empty": (1, 1, _count_non_empty),
    "count-selected": (1, 1, _count_words),
    "count-words": (1, 1, _count_words),
    "date": (1, 1, date_value),
    "date-time": (1, 1, date_time_value),
    "decimal-date-time": (1, 1, decimal_date_time),
    "decimal-time": (1, 1, decimal_time),
    "ends-with": (2, 2, lambda text, part: text_of(text).endswith(text_of(part))),
    "exp": (1, 1, _of_numbers(math.exp)),
    "exp10": (1, 1, _of_numbers(lambda value: math.pow(10, value))),
    "false": (0, 0, lambda: False),
    "floor": (1, 1, _of_numbers(lambda value: float(math.floor(value)))),
    "format-date": (2, 2, format_date),
    "format-date-time": (2, 2, format_date),
    "int": (1, 1, _int),
    "join": (1, None, _join),
    "log": (1, 1, _of_numbers(math.log)),
    "log10": (1, 1, _of_numbers(math.log10)),
    "max": (1, None, _most),
    "min": (1, None, _least),
    "normalize-space": (1, 1, lambda value: " ".join(text_of(value).split())),
    "not": (1, 1, lambda value: not truth_of(value)),
    "number": (1, 1, _number),
    "pi": (0, 0, lambda: math.pi),
    "pow": (2, 2, _of_numbers(math.pow)),
    "random": (0, 0, _random),
    "regex": (2, 2, lambda text, pattern: matches(text_of(text), text_of(pattern))),
    "round": (1, 2, _round),
    "selected": (2, 2, _selected),
    "selected-at": (2, 2, _selected_at),
    "sin": (1, 1, _of_numbers(math.sin)),
    "sqrt": (1, 1, _of_numbers(math.sqrt)),
    "starts-with": (2, 2, lambda text, part: text_of(text).startswith(text_of(part))),
    "string": (1, 1, _string),
    "string-length": (1, 1, lambda value: float(len(text_of(value)))),
    "substr": (2, 3, _substr),
    "substring": (2, 3, _substring),
    "substring-after": (2, 2, _after),
    "substring-before": (2, 2, _before),
    "sum": (1, None, _sum),
    "tan": (1, 1, _of_numbers(math.tan)),
    "translate": (3, 3, _translate),
    "true": (0, 0, lambda: True),
    "uuid": (0, 1, lambda *_length: _uuid()),
    "weighted-checklist": (4, None, _weighted_checklist),
}
"""Name, least and most arguments, work."""

ABSENT_FUNCTIONS = frozenset(
    {"area", "distance", "enclosed-area", "geofence", "property", "randomize", "digest",
     "base64-encode", "base64-decode", "extract-signed", "intersects", "thousandsep",
     "phone-call", "version", "instance-id"}
)  # fmt: skip
"""Functions of ODK that are not supported here, so that they can be named."""

_DATED = (Day, Moment, Clock)
ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "mod": math.fmod,
}
"""What stands between two numbers; a division by nought has no value."""
