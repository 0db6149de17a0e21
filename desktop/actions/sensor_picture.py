"""What sensors saw as it is drawn: a set's days, and stretches of time under the records of several sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from desktop.actions import sensor_views
from desktop.actions.sensor_views import Seen
from desktop.actions.workspace import Workspace, today
from desktop.ledger.period import Period
from desktop.ledger.sensor import Band
from desktop.rules import sensor_time
from desktop.rules.sensor import minutes
from desktop.rules.sensor_days import SeenDay, by_day
from desktop.store import sensors as rows
from desktop.store.facts import INSTRUMENTS

__all__ = ["MOST", "Drawn", "SeenDay", "Stretch", "Stretches", "of_set", "stretches"]

MOST = 20_000
_LOCAL = timedelta(hours=8)


class Drawn(NamedTuple):
    """A set with its days."""

    seen: Seen
    days: tuple[SeenDay, ...]

    @property
    def idle(self) -> int:
        """Minutes it was on and not at work."""
        return minutes(sum(one.idle for one in self.days))


class Stretch(NamedTuple):
    """A time in one band; without zone (Asia/Shanghai)."""

    started_at: datetime
    ended_at: datetime
    band: Band


class Stretches(NamedTuple):
    """``seen``: asset number -> what the sensors of that set saw, by start. Left out for want of room: ``n_left`` stretches of ``n_sets_left`` sets."""

    seen: Mapping[str, tuple[Stretch, ...]]
    n_left: int = 0
    n_sets_left: int = 0


def of_set(workspace: Workspace, asset_number: str, period: Period, day: date | None = None) -> Drawn:
    """A set in a period, day by day up to ``day`` (today when None). Raises Refused for an unknown set."""
    found = sensor_views.seen(workspace, asset_number, period, day)
    return Drawn(found, by_day(found.claims, found.sessions, found.bindings, period, day or today()))


def stretches(workspace: Workspace, asset_numbers: Iterable[str], period: Period) -> Stretches:
    """What the sensors of these sets saw in a period, on the days they sat there; sets without a sensor are not among them.

    At most ``MOST`` stretches in all: a set with more than there is room for, and the sets after it, are left out and counted; none is shown in part.
    """
    found: dict[str, tuple[Stretch, ...]] = {}
    room, n_left, n_sets_left = MOST, 0, 0
    start, end = sensor_time.midnight(period.start), sensor_time.midnight(period.end)
    with workspace.read() as connection:
        bound = rows.bindings(connection)
        for number in dict.fromkeys(asset_numbers):
            one = INSTRUMENTS.one(connection, "asset_number = ?", (number,))
            if one is None or one.id not in bound:
                continue
            counted = [] if n_left else sensor_time.of_period(rows.sessions_between(connection, one.id, start, end), bound[one.id], period)
            if n_left or len(counted) > room:  # what is not drawn is counted and not read
                n = len(counted) or rows.n_sat(connection, one.id, start, end)
                n_left, n_sets_left = n_left + n, n_sets_left + bool(n)
                continue
            room -= len(counted)
            found[number] = tuple(
                Stretch((each.started_at + _LOCAL).replace(tzinfo=None), (each.ended_at + _LOCAL).replace(tzinfo=None), each.band)
                for each in sorted(counted, key=lambda each: each.started_at)
            )
    return Stretches(found, n_left, n_sets_left)
