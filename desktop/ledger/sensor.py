"""Sensors (物联网传感器) on sets: which one sits where, its power bands, and the sessions it saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Band = Literal["idle", "working"]

BANDS: tuple[Band, ...] = ("idle", "working")
MOST_WATTS = Decimal(10_000_000)
"""10 MW: no instrument takes more, a meter that says so is wired or typed wrongly."""


@dataclass(frozen=True, slots=True)
class SensorBinding:
    """A sensor, known by its number, sits on a set from a day to a day (both included, Asia/Shanghai; ``until_on`` None: still there)."""

    id: str
    instrument_id: str
    sensor: str
    from_on: date
    until_on: date | None = None
    source: str = ""

    def holds(self, day: date) -> bool:
        """Whether it sits there on a day."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True)
class PowerBand:
    """A set's own limits in watts from a day on: below ``off_watts`` it is off, from ``working_watts`` at work, between them idle."""

    id: str
    instrument_id: str
    from_on: date
    off_watts: Decimal
    working_watts: Decimal


def limits(off_watts: Decimal, working_watts: Decimal) -> bool:
    """Whether two powers in watts can be the limits of a set: 0 ≤ off ≤ working, working above 0, neither above MOST_WATTS."""
    return off_watts.is_finite() and working_watts.is_finite() and 0 <= off_watts <= working_watts <= MOST_WATTS and working_watts > 0


@dataclass(frozen=True, slots=True)
class SensorSession:
    """A stretch in one band, moments UTC; off is no session. ``n_watt_hours`` None: not told. ``source``: the file or the network."""

    id: str
    instrument_id: str
    sensor: str
    started_at: datetime
    ended_at: datetime
    band: Band
    n_watt_hours: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One raw point: the moment (UTC) and the power in watts."""

    at: datetime
    watts: Decimal
