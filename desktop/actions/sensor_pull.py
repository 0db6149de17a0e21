"""Sessions of sensors read from the network: for each set with a sensor that the network knows, what is new since the last reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from desktop.actions import sync_line
from desktop.actions.import_sensor_sessions import NETWORK as NETWORK_SOURCE
from desktop.actions.import_sensor_sessions import confidential, where
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.sync_pending import NETWORK
from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding, finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.keys import new_key
from desktop.ledger.sensor import SensorSession
from desktop.rules import sensor_time
from desktop.store import sensors as rows
from desktop.store.database import Connection
from desktop.store.facts import INSTRUMENTS

if TYPE_CHECKING:
    from desktop.sync.client import Client
    from desktop.sync.messages import SessionItem

_CURSOR = "sensor.cursor."

__all__ = ["Pulled", "pull"]


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a reading brought. ``unknown``: sets that the network does not have yet; ``withheld``: those that are confidential, or of which nobody
    said whether they are, never asked for."""

    n_sets: int
    n_new: int
    n_changed: int
    unknown: tuple[str, ...]
    withheld: int
    findings: tuple[Finding, ...]
    changes: Changes


def pull(workspace: Workspace, remote: str = NETWORK, *, whole: bool = False, progress: Progress = UNWATCHED) -> Pulled:
    """Read the sessions of all sets with a sensor, page by page, each page kept as it comes; a broken reading goes on where it stopped.

    A session the network has is the network's word: it takes the place of one that was imported. ``whole``: from the beginning, not from where
    the last reading ended. A set that is confidential, or of which nobody said whether it is, is not asked for: its key would leave with the
    question. Raises Refused when not enrolled, RemoteProblem, Cancelled.
    """
    with workspace.read() as connection:
        bound = rows.bindings(connection)
        sets = [one for one in INSTRUMENTS.find(connection, order="asset_number") if one.id in bound]
    asked = [one for one in sets if one.confidential is False]
    counts, kinds = [0, 0], frozenset[str]()
    unknown: list[str] = []
    told: list[Finding] = []
    last = 0
    with sync_line.reached(workspace, remote, progress) as client:
        epoch = client.capabilities().epoch
        for n, one in enumerate(asked):
            progress.check()
            progress.report(n, len(asked), "sensor.pulling")
            changes = _set(workspace, client, one, (f"{_CURSOR}{remote}.{epoch}.{one.id}", whole), counts, told)
            if changes is None:
                unknown.append(one.asset_number)
                continue
            kinds |= changes.kinds
            last = changes.operation or last
    return Pulled(len(asked) - len(unknown), counts[0], counts[1], tuple(unknown), len(sets) - len(asked), tuple(dict.fromkeys(told)), Changes(last, kinds))


def _set(
    workspace: Workspace, client: Client, one: Instrument, kept: tuple[str, bool], counts: list[int], told: list[Finding]
) -> Changes | None:
    """Read one set's sessions from its cursor on; None when the remote does not know the set. A service that was restored counts anew."""
    name, whole = kept
    cursor = "" if whole else workspace.setting(name)
    changes = Changes()
    while True:
        page = client.sessions(one.id, cursor)
        if page is None:
            return None
        if page.items:
            with workspace.write("sensor pull", undoable=False, params={"asset_number": one.asset_number}) as operation:
                told += _keep(operation.connection, one, page.items, counts)
            changes = operation.changes
        if page.cursor != cursor:
            workspace.keep(name, page.cursor)
        if not page.more or page.cursor == cursor:
            return changes
        cursor = page.cursor


def _keep(connection: Connection, one: Instrument, items: list[SessionItem], counts: list[int]) -> list[Finding]:
    known = rows.known_of(connection, {each.sensor for each in items})
    bound = rows.bindings(connection, one.id).get(one.id, [])
    secret = one.id in confidential(connection)
    new, changed, loose = [], [], set()
    for each in items:
        start, end = datetime.fromisoformat(each.started_at), datetime.fromisoformat(each.ended_at)
        if end <= start:
            continue
        if where([sat for sat in bound if sat.sensor == each.sensor], sensor_time.local_day(start)) is None:
            loose.add(each.sensor)
        old = known.get((each.sensor, rows.moment_text(start)))
        key = old.id if old else new_key(confidential=secret)
        made = SensorSession(key, one.id, each.sensor, start, end, each.band, each.n_watt_hours, NETWORK_SOURCE)
        if old is None:
            new.append(made)
        elif old != made:
            changed.append(made)
        known[each.sensor, rows.moment_text(start)] = made
    rows.SESSIONS.insert(connection, new)
    rows.SESSIONS.update(connection, changed)
    counts[0] += len(new)
    counts[1] += len(changed)
    return [finding("sensor.pulled_unbound", "warning", asset_number=one.asset_number, sensor=sensor) for sensor in sorted(loose)]
