"""Chinese working days: Monday–Friday, corrected by the published exceptions of each year.

Outside the years whose exceptions are known, Monday–Friday except 1 January counts, and a count that goes there is provisional.
The day itself is never counted (民法典 第201条); the n-th working day is a working day, so art. 203 never moves it further.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from desktop import resource
from desktop.ledger.calendar import DAY_KINDS, CalendarDay
from desktop.ledger.finding import Finding, finding
from desktop.ledger.problem import Problem

# A year's notice has always taken at least this many weekdays off; a table with fewer is cut off or another year's.
_FEWEST_OFF = 10


@dataclass(frozen=True, slots=True)
class Calendar:
    """``years`` whose exceptions are known; ``days`` all exceptions by date. Merge another one over it with ``merged``."""

    years: frozenset[int]
    days: tuple[CalendarDay, ...]
    _off: frozenset[date] = field(init=False, repr=False, compare=False)
    _worked: frozenset[date] = field(init=False, repr=False, compare=False)
    _known: dict[int, tuple[int, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_off", frozenset(one.day for one in self.days if one.kind == "weekday_off"))
        object.__setattr__(self, "_worked", frozenset(one.day for one in self.days if one.kind == "makeup_workday"))
        object.__setattr__(self, "_known", {})

    def is_workday(self, day: date) -> bool:
        """Whether people work on a day; provisional when its year is not in ``years``."""
        if day in self._worked:
            return True
        return day.weekday() < 5 and day not in self._off and not (day.month == 1 and day.day == 1)

    def workdays(self, year: int) -> tuple[int, ...]:
        """The ordinals of a year's working days, ascending."""
        known = self._known.get(year)
        if known is None:
            first = date(year, 1, 1)
            all_days = (first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1))
            known = self._known[year] = tuple(day.toordinal() for day in all_days if self.is_workday(day))
        return known

    def merged(self, other: Calendar) -> Calendar:
        """This calendar with another's days over it; where both know a day, the other's word holds."""
        days = {one.day: one for one in self.days} | {one.day: one for one in other.days}
        return Calendar(self.years | other.years, tuple(days[day] for day in sorted(days)))

    def within(self, after: date, until: date) -> tuple[CalendarDay, ...]:
        """The exceptions after one day, up to and with another."""
        return tuple(one for one in self.days if after < one.day <= until)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The ``counted``-th working day after ``after``; ``provisional`` when a counted day lies outside the imported years."""

    day: date
    provisional: bool
    after: date
    counted: int


def nth_workday_after(day: date, n: int, calendar: Calendar) -> Deadline:
    """The n-th working day after a day, which is not counted itself.

    Raises ValueError for n < 1 and Problem ``workday.beyond`` when the count leaves the years dates can say.
    """
    if n < 1:
        raise ValueError(f"not a number of days to count: {n}")
    left = n
    provisional = False
    year = day.year
    place = bisect_right(calendar.workdays(year), day.toordinal())
    while True:
        known = calendar.workdays(year)
        here = min(left, len(known) - place)
        if here and year not in calendar.years:
            provisional = True
        left -= here
        if not left:
            return Deadline(date.fromordinal(known[place + here - 1]), provisional, day, n)
        year += 1
        if year > date.max.year:
            raise Problem("workday.beyond", day=day, n=n)
        place = 0


def workdays_between(after: date, until: date, calendar: Calendar) -> int:
    """Working days after one day up to and with another; negative when ``until`` lies before ``after``."""
    if until < after:
        return -workdays_between(until, after, calendar)
    total = 0
    for year in range(after.year, until.year + 1):
        known = calendar.workdays(year)
        total += bisect_right(known, until.toordinal()) - bisect_right(known, after.toordinal())
    return total


def from_days(days: Iterable[CalendarDay]) -> Calendar:
    """A calendar of exceptions, such as the facts a user imported; a year it has a day of counts as known."""
    by_day = {one.day: one for one in days}
    return Calendar(frozenset(day.year for day in by_day), tuple(by_day[day] for day in sorted(by_day)))


def faults(days: Iterable[CalendarDay]) -> tuple[Finding, ...]:
    """What speaks against taking these days as the full exceptions of their years.

    Errors: a day twice, an unknown kind, a year with too few days off. Warnings: a weekend marked off, a weekday marked
    as make-up, 1 January neither off nor on a weekend.
    """
    told: list[Finding] = []
    seen: dict[date, CalendarDay] = {}
    for one in days:
        if one.kind not in DAY_KINDS:
            told.append(finding("workday.unknown_kind", day=one.day, kind_given=one.kind))
        elif one.day in seen:
            told.append(finding("workday.twice", day=one.day))
        elif one.kind == "weekday_off" and one.day.weekday() > 4:
            told.append(finding("workday.weekend_off", "warning", day=one.day))
        elif one.kind == "makeup_workday" and one.day.weekday() < 5:
            told.append(finding("workday.weekday_worked", "warning", day=one.day))
        seen[one.day] = one
    for year in sorted({day.year for day in seen}):
        n_off = sum(one.kind == "weekday_off" for one in seen.values() if one.day.year == year)
        if n_off < _FEWEST_OFF:
            told.append(finding("workday.year_incomplete", year=year, n=n_off))
        new_year = date(year, 1, 1)
        if new_year.weekday() < 5 and new_year not in seen:
            told.append(finding("workday.no_new_year", "warning", year=year))
    return tuple(told)


def read(text: str) -> tuple[CalendarDay, ...]:
    """The days of one packaged file. Raises KeyError for a missing part and ValueError for a day of another year."""
    content = tomllib.loads(text)
    days: list[CalendarDay] = []
    for kind in DAY_KINDS:
        for day, holiday in content[kind].items():
            days.append(CalendarDay(date.fromisoformat(day), kind, content["document"], holiday, content["certainty"]))
    if any(one.day.year != content["year"] for one in days):
        raise ValueError(f"a day outside the year {content['year']}")
    return tuple(sorted(days, key=lambda one: one.day))


@cache
def packaged(folder: Path | None = None) -> Calendar:
    """The calendar the program ships with (2017–2026), read once."""
    files = sorted((folder or resource.path("calendar")).glob("*.toml"))
    return from_days(day for file in files for day in read(file.read_text(encoding="utf-8")))
