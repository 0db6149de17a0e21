"""What the program makes of logs of meters."""

from __future__ import annotations

from typing import Any

from desktop.actions import sensor_readings
from desktop.actions.workspace import Workspace
from desktop.store import sensors
from tests.recompute.metered import LOGS

Told = dict[Any, Any]


def metered(workspace: Workspace) -> Told:
    """The logs read in once more, which changes nothing, and the sessions that are kept of them."""
    told: Told = {}
    kept = 0
    for name in LOGS:
        found = sensor_readings.import_readings(workspace, workspace.home / name, dry_run=True)
        for one in found.folded:
            told[one.sensor] = (one.n_readings, one.n_silent)
            told |= {
                f"{one.sensor} {each.started_at.timestamp():.0f}": (each.instrument_id, int(each.ended_at.timestamp()), each.band, each.n_watt_hours)
                for each in one.sessions
            }
            with workspace.read() as connection:
                kept += len(sensors.from_source(connection, one.sensor, one.first, one.last, sensor_readings.READINGS))
    return told | {"kept": kept}
