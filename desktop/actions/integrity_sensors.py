"""The self-check of hours: records that claim more than the sensors on their set saw at work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from desktop.actions import sensor_views
from desktop.actions.workspace import Workspace
from desktop.ledger.instrument import Instrument
from desktop.ledger.period import Period
from desktop.rules import sensor as rules
from desktop.rules.figure import Figure
from desktop.rules.sensor import Compared
from desktop.rules.sensor_time import local_day
from desktop.store import integrity as rows
from desktop.store.integrity import Seen

CHECK = "beyond_sensor"


def seen(workspace: Workspace, period: Period, as_of: date) -> Iterator[Seen]:
    """The records of a period's sets with a sensor that claim more than the tolerance above what was seen; ``detail`` is minutes seen.

    A record of days on which no sensor sat on its set is neither confirmed nor doubted, and is not among them.
    """
    with workspace.read() as connection:
        hidden = rows.confidential_numbers(connection, period)
    found = [
        (one.claim.ended_at, _seen(line.instrument, one, one.claim.number in hidden))
        for line in sensor_views.overview(workspace, period, as_of).lines
        for one in line.reconciled.compared
        if one.over
    ]
    for _, one in sorted(found, key=lambda pair: (pair[0], pair[1].number)):
        yield one


def _seen(of: Instrument, one: Compared, confidential: bool) -> Seen:
    claim, n_seen = one.claim, rules.minutes(one.seen_seconds or 0)
    return Seen(claim.number, of.asset_number, of.name, confidential, local_day(claim.ended_at).isoformat(), claim.minutes, str(n_seen))


def inputs(one: Seen) -> tuple[Figure, ...]:
    """What the difference of one record hangs on: the minutes it claims, and those that were seen."""
    return Figure("sensor.claimed", one.minutes, "minutes"), Figure("sensor.seen", int(one.detail), "minutes", "sum")
