"""Fee versions, lines and cost components as rows; which of them may price."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.ledger.fees import CostComponent, FeeLine, FeeSchedule, from_json, to_json
from desktop.rules.fee_matching import Version
from desktop.store import schema
from desktop.store.database import Connection
from desktop.store.rows import Codec

SCHEDULES = Codec(FeeSchedule, schema.fee_schedule)
LINES = Codec(FeeLine, schema.fee_line, terms=(from_json, to_json))
COMPONENTS = Codec(CostComponent, schema.cost_component)


def pricing_versions(connection: Connection, instrument_ids: Iterable[str] | None = None) -> dict[str, tuple[Version, ...]]:
    """Instrument key -> its approved and published versions with lines; None: of all instruments."""
    wanted = None if instrument_ids is None else set(instrument_ids)
    where = "state <> 'draft'"
    params: tuple[str, ...] = ()
    if wanted is not None and len(wanted) <= 500:
        where, params = f"state <> 'draft' AND instrument_id IN ({','.join('?' * len(wanted))})", tuple(wanted)
    schedules = SCHEDULES.find(connection, where, params, "instrument_id, from_on")
    lines: dict[str, list[FeeLine]] = {}
    line_where = "schedule_id IN (SELECT id FROM fee_schedule WHERE " + where + ")"
    for line in LINES.find(connection, line_where, params, "schedule_id, position"):
        lines.setdefault(line.schedule_id, []).append(line)
    versions: dict[str, list[Version]] = {}
    for schedule in schedules:
        versions.setdefault(schedule.instrument_id, []).append(Version(schedule, tuple(lines.get(schedule.id, ()))))
    return {key: tuple(found) for key, found in versions.items()}


def lines_of(connection: Connection, schedule_id: str) -> list[FeeLine]:
    """The lines of one version, in order."""
    return LINES.find(connection, "schedule_id = ?", (schedule_id,), "position")


def components_of(connection: Connection, schedule_id: str) -> list[CostComponent]:
    """The cost components of one version."""
    return COMPONENTS.find(connection, "schedule_id = ?", (schedule_id,), "rowid")


def is_used(connection: Connection, schedule_id: str) -> bool:
    """Whether any posting has been priced by this version."""
    return connection.exec_driver_sql("SELECT 1 FROM posting WHERE schedule_id = ? LIMIT 1", (schedule_id,)).first() is not None
