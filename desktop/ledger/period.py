"""Periods: years, quarters, months, and half-open spans of days ``[start, end)`` in Asia/Shanghai."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

_PERIOD = re.compile(r"(\d{4})(?:[Qq]([1-4])|-(\d{2}))?")
_ACADEMIC = re.compile(r"(\d{4})[-/–](\d{4})")


class Period(NamedTuple):
    """A named span of days: ``2025``, ``2025Q3`` or ``2025-07``; ``start`` is in it, ``end`` is not."""

    name: str
    start: date
    end: date

    @property
    def last_day(self) -> date:
        """The last day that is in it."""
        return self.end - timedelta(days=1)

    def __contains__(self, day: date) -> bool:  # type: ignore[override]  # nothing but a day is asked for
        return self.start <= day < self.end


def parse(text: str) -> Period:
    """Read ``2025``, ``2025Q3`` or ``2025-07``. Raises ValueError for anything else."""
    match = _PERIOD.fullmatch(text.strip())
    if not match:
        raise ValueError(f"not a period: {text!r}")
    year = int(match[1])
    if match[2]:
        first = 3 * int(match[2]) - 2
        return Period(f"{year}Q{match[2]}", date(year, first, 1), _after(year, first + 2))
    if match[3]:
        return month(year, int(match[3]))
    return Period(str(year), date(year, 1, 1), date(year + 1, 1, 1))


def academic_year(first: int, month: int) -> Period:
    """``2024-2025``: twelve months from the first of ``month`` of the ``first`` year (学年)."""
    return Period(f"{first}-{first + 1}", date(first, month, 1), date(first + 1, month, 1))


def academic_first(text: str) -> int | None:
    """The first year of a text like ``2024-2025`` or ``2024/2025``; None when it names no academic year."""
    match = _ACADEMIC.fullmatch(text.strip())
    return int(match[1]) if match and int(match[2]) == int(match[1]) + 1 else None


def month(year: int, number: int) -> Period:
    """One calendar month. Raises ValueError when there is no such month."""
    return Period(f"{year}-{number:02d}", date(year, number, 1), _after(year, number))


def month_of(day: date) -> str:
    """``2025-07`` for any day of July 2025."""
    return f"{day.year}-{day.month:02d}"


def _after(year: int, number: int) -> date:
    return date(year + 1, 1, 1) if number == 12 else date(year, number + 1, 1)
