"""The time sensors saw as stretches: joined, cut to a period and to the days a sensor sat there, measured in seconds. Moments are UTC."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from desktop.ledger.period import Period
from desktop.ledger.sensor import SensorBinding, SensorSession

Stretch = tuple[datetime, datetime]

# Asia/Shanghai has kept one distance from UTC since 1991.
_LOCAL = timedelta(hours=8)
_EARLIEST, _LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def merged(sessions: Iterable[SensorSession]) -> list[Stretch]:
    """Working time as stretches that do not overlap, oldest first: two sensors on one set do not make its hours twice."""
    return joined((one.started_at, one.ended_at) for one in sessions if one.band == "working")


def of_period(
    sessions: Iterable[SensorSession], bindings: Sequence[SensorBinding], period: Period, own: Iterable[Stretch] = (), others: Iterable[Stretch] = ()
) -> list[SensorSession]:
    """Sessions as far as they count for a period, the energy of one that is cut unknown.

    They count on days their sensor sat on the set. A service over midnight of New Year belongs to one year whole: what was seen during one of
    the period's ``own`` services counts here, during one of the ``others`` there. What no service claims is cut at midnight.
    """
    first, last = midnight(period.start), midnight(period.end)
    counted = joined([*without([(first, last)], joined(others)), *own])
    found = []
    for one in sessions:
        sat = [(midnight(each.from_on), _until(each)) for each in bindings if each.sensor == one.sensor]
        for start, end in _both([(one.started_at, one.ended_at)], joined(sat)):
            for part_start, part_end in _both([(start, end)], counted):
                whole = (part_start, part_end) == (one.started_at, one.ended_at)
                found.append(one if whole else replace(one, started_at=part_start, ended_at=part_end, n_watt_hours=None))
    return found


def seconds_inside(work: Sequence[Stretch], start: datetime, end: datetime) -> int:
    """The seconds of stretches (as ``joined`` gives them) that lie inside a time."""
    n = 0
    for place in range(bisect_right(work, start, key=lambda one: one[1]), len(work)):
        first, last = work[place]
        if first >= end:
            break
        n += seconds(min(end, last) - max(start, first))
    return n


def midnight(day: date) -> datetime:
    """The beginning of a day in Asia/Shanghai, as UTC; of the first day there is, the first moment there is."""
    return _EARLIEST if day == date.min else datetime.combine(day, time(), UTC) - _LOCAL


def utc(local: datetime) -> datetime:
    """A wall-clock moment in Asia/Shanghai, without a zone, as UTC."""
    return local.replace(tzinfo=UTC) - _LOCAL


def local_day(moment: datetime) -> date:
    """The day in Asia/Shanghai of a UTC moment."""
    return (moment + _LOCAL).date()


def days_of(first: date, last: date) -> list[date]:
    """The days from one to another, both included."""
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def seconds(apart: timedelta) -> int:
    """Whole seconds of a distance."""
    return int(apart.total_seconds())


def joined(spans: Iterable[Stretch]) -> list[Stretch]:
    """Stretches without overlap, oldest first; neighbours that touch are one."""
    found: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def without(spans: Iterable[Stretch], holes: Sequence[Stretch]) -> list[Stretch]:
    """What is left of stretches outside of others, which are sorted and do not overlap."""
    left = []
    for start, end in spans:
        for first, last in holes:
            if first < end and last > start:
                if start < first:
                    left.append((start, first))
                start = max(start, last)
        if start < end:
            left.append((start, end))
    return left


def _both(spans: Iterable[Stretch], within: Sequence[Stretch]) -> list[Stretch]:
    cut = ((max(start, first), min(end, last)) for start, end in spans for first, last in within)
    return [(start, end) for start, end in cut if start < end]


def _until(one: SensorBinding) -> datetime:
    # 9999-12-31 is how people write "for ever".
    return _LATEST if one.until_on is None or one.until_on == date.max else midnight(one.until_on + timedelta(1))
