"""Days that differ from Monday–Friday: published once a year by the State Council, imported by the user as facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

DayKind = Literal["weekday_off", "makeup_workday"]
DAY_KINDS: tuple[DayKind, ...] = ("weekday_off", "makeup_workday")


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """``weekday_off`` is a day off; ``makeup_workday`` (调休上班) is worked. ``document`` is the notice's number."""

    day: date
    kind: DayKind
    document: str = ""
    holiday: str = ""
    certainty: str = ""
