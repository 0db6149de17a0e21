"""Raw readings to sessions: neighbouring readings in one power band are one session. One reading is held at a time, never a file of them.

A reading holds until the next one, but never longer than ``sensor.longest_gap`` minutes: what happened in a longer silence is not known, so
the session ends at the last reading before it. Nothing follows from the last reading of all, for the same reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from desktop.ledger.money import half_up
from desktop.ledger.sensor import Band, PowerBand, Reading
from desktop.rules.parameters import Parameters

IDLE_WATTS = "sensor.idle_watts"
LONGEST_GAP = "sensor.longest_gap"
_HOUR = Decimal(3600)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What becomes a session: moments UTC, whole watt-hours."""

    started_at: datetime
    ended_at: datetime
    band: Band
    n_watt_hours: int


def band_of(watts: Decimal, limits: PowerBand | None, idle_below: Decimal | None) -> Band | None:
    """The band of a power, None when off. Without limits of the set's own: off at 0 W, at work from ``idle_below``; ValueError without either."""
    if limits is not None:
        off, working = limits.off_watts, limits.working_watts
    elif idle_below is not None:
        off, working = Decimal(0), idle_below
    else:
        raise ValueError("neither the set nor a parameter says from which power it works")
    return None if watts < off or watts <= 0 else "working" if watts >= working else "idle"


def limits_on(bands: Iterable[PowerBand], day: date) -> PowerBand | None:
    """The limits of a set that hold on a day: the newest that began by then."""
    return max((one for one in bands if one.from_on <= day), key=lambda one: one.from_on, default=None)


def fold(readings: Iterable[Reading], band: Callable[[Reading], Band | None], longest_gap: timedelta) -> Iterator[Stretch]:
    """Sessions of one sensor, oldest first, from its readings in order of time. Raises ValueError at a reading that is not after the one before."""
    before: Reading | None = None
    held: Band | None = None
    open_one: Stretch | None = None
    energy = Decimal(0)
    for each in readings:
        if before is not None:
            gap = each.at - before.at
            if gap <= timedelta(0):
                raise ValueError("a reading is not after the one before it")
            now = held if gap <= longest_gap else None
            if open_one is not None and open_one.band != now:
                yield _closed(open_one, energy)
                open_one, energy = None, Decimal(0)
            if now is not None:
                open_one = Stretch(open_one.started_at if open_one else before.at, each.at, now, 0)
                energy += before.watts * Decimal(int(gap.total_seconds()))
        before, held = each, band(each)
    if open_one is not None:
        yield _closed(open_one, energy)


def gap_in_force(known: Parameters, day: date) -> timedelta | None:
    """How long a reading holds at most on a day; None when no rule says."""
    rule = known.in_force(LONGEST_GAP, day)
    return None if rule is None else timedelta(minutes=rule.integer)


def _closed(one: Stretch, watt_seconds: Decimal) -> Stretch:
    return replace(one, n_watt_hours=half_up(watt_seconds / _HOUR))
