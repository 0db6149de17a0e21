"""What is doubtful about where sensors are said to sit, as it is after two seats have entered them: told until a person has corrected it."""

from __future__ import annotations

from desktop.actions.workspace import Workspace
from desktop.ledger.finding import Finding, finding
from desktop.rules.sensor_overlaps import Overlap, overlaps
from desktop.store import sensors as rows
from desktop.store.facts import INSTRUMENTS

__all__ = ["of_all", "of_set"]


def of_all(workspace: Workspace) -> tuple[Finding, ...]:
    """Every sensor that sits on two sets on a day (an error: nobody knows what it saw), or twice on one (a warning: it counts once)."""
    with workspace.read() as connection:
        found = overlaps(rows.BINDINGS.find(connection))
        if not found:
            return ()
        numbers = {one.id: one.asset_number for one in INSTRUMENTS.find(connection, "id IN (SELECT instrument_id FROM sensor_binding)")}
    return tuple(_told(one, numbers) for one in found)


def of_set(workspace: Workspace, instrument_id: str) -> tuple[Finding, ...]:
    """Those of one set (by key)."""
    return tuple(one for one in of_all(workspace) if instrument_id in (one.key, dict(one.params).get("other_key")))


def _told(one: Overlap, numbers: dict[str, str]) -> Finding:
    own, other = one.one.instrument_id, one.other.instrument_id
    number, last = numbers[own], one.last.isoformat() if one.last else "sensor.goes_on"
    if not one.elsewhere:
        return finding("sensor.bound_twice", "warning", kind="instrument", key=own, asset_number=number, sensor=one.sensor, day=one.first, last=last)
    return finding(
        "sensor.bound_elsewhere", kind="instrument", key=own, asset_number=number, sensor=one.sensor, day=one.first, last=last, other=numbers[other],
        other_key=other,
    )  # fmt: skip
