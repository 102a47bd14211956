"""The agenda's time: what each section has, has used, and what is left of the meeting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_MINUTE = 60


@dataclass(frozen=True, slots=True)
class AgendaClock:
    """Minutes planned for each section, and seconds used so far."""

    planned: Mapping[str, int]
    minutes: int
    used: Mapping[str, int] = field(default_factory=dict)

    def passed(self, section: str, seconds: int) -> AgendaClock:
        """Return the clock after so many more seconds in a section."""
        used = {**self.used, section: self.used.get(section, 0) + seconds}
        return AgendaClock(self.planned, self.minutes, used)

    def words(self, section: str) -> str:
        """Return in words how a section and the meeting stand."""
        whole = sum(self.used.values())
        meeting = f"{whole // _MINUTE} of {self.minutes} min used"
        if whole > self.minutes * _MINUTE:
            meeting = f"{_span(whole - self.minutes * _MINUTE)} over {self.minutes} min"
        planned = self.planned.get(section)
        if planned is None:
            return meeting
        left = planned * _MINUTE - self.used.get(section, 0)
        own = f"{_span(left)} left here" if left >= 0 else f"{_span(-left)} over here"
        return f"{own} · {meeting}"

    def is_over(self, section: str) -> bool:
        """Say whether a section has used more than its minutes."""
        planned = self.planned.get(section)
        return planned is not None and self.used.get(section, 0) > planned * _MINUTE


def _span(seconds: int) -> str:
    return f"{seconds // _MINUTE}:{seconds % _MINUTE:02d}"
