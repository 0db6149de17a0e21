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

__all__ = ["MOST", "Drawn", "SeenDay", "Stretch", "of_set", "stretches"]

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


def of_set(workspace: Workspace, asset_number: str, period: Period, day: date | None = None) -> Drawn:
    """A set in a period, day by day up to ``day`` (today when None). Raises Refused for an unknown set."""
    found = sensor_views.seen(workspace, asset_number, period, day)
    return Drawn(found, by_day(found.claims, found.sessions, found.bindings, period, day or today()))


def stretches(workspace: Workspace, asset_numbers: Iterable[str], period: Period) -> Mapping[str, tuple[Stretch, ...]]:
    """Asset number -> what the sensors of that set saw in a period, by start, on the days they sat there; sets without a sensor are left out.

    At most ``MOST`` stretches in all: the sets after that are left out, none is shown in part.
    """
    found: dict[str, tuple[Stretch, ...]] = {}
    left = MOST
    with workspace.read() as connection:
        bound = rows.bindings(connection)
        for number in dict.fromkeys(asset_numbers):
            one = INSTRUMENTS.one(connection, "asset_number = ?", (number,))
            if one is None or one.id not in bound:
                continue
            read = rows.sessions_between(connection, one.id, sensor_time.midnight(period.start), sensor_time.midnight(period.end))
            counted = sensor_time.of_period(read, bound[one.id], period)
            if len(counted) > left:
                break
            left -= len(counted)
            found[number] = tuple(
                Stretch((each.started_at + _LOCAL).replace(tzinfo=None), (each.ended_at + _LOCAL).replace(tzinfo=None), each.band)
                for each in sorted(counted, key=lambda each: each.started_at)
            )
    return found
