"""Pilot bases, their partners, equipment, open states and services as rows; equipment of the register with what the register says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from desktop.ledger.pilot import PilotBase, PilotEquipment, PilotOpenness, PilotPartner, PilotService
from desktop.store import schema_pilot
from desktop.store.award import COLUMNS, EvidenceLine, evidence_line
from desktop.store.database import Connection
from desktop.store.reach import HIDDEN_PILOT_EQUIPMENT, stated
from desktop.store.rows import Codec

# What nobody said anything of stays on this machine, but counts here: it is not called confidential before somebody says so.
_CONFIDENTIAL = stated(HIDDEN_PILOT_EQUIPMENT)

BASES = Codec(PilotBase, schema_pilot.pilot_base)
PARTNERS = Codec(PilotPartner, schema_pilot.pilot_partner)
EQUIPMENT = Codec(PilotEquipment, schema_pilot.pilot_equipment)
# Of two seats what was said last holds, and a minute is long.
OPENNESS = Codec(PilotOpenness, schema_pilot.pilot_openness, said_at=(datetime.fromisoformat, lambda at: at.isoformat(timespec="milliseconds")))
SERVICES = Codec(PilotService, schema_pilot.pilot_service)


@dataclass(frozen=True, slots=True)
class Equipped:
    """A piece of equipment with what holds of it: of a set of the register the register's model, value (fen), days and confidentiality."""

    equipment: PilotEquipment
    asset_number: str
    model: str
    value_fen: int | None
    accepted_on: date | None
    retired_on: date | None
    confidential: bool

    @property
    def unsaid(self) -> bool:
        """Whether nobody said if it is confidential; of a set of the register that says so."""
        return self.equipment.instrument_id is None and self.equipment.confidential is None


def equipped(connection: Connection, where: str = "1", params: tuple[str, ...] = ()) -> list[Equipped]:
    """Equipment by number; ``where`` speaks of columns of ``pilot_equipment``."""
    sql = "SELECT id, asset_number, model, value_fen, accepted_on, retired_on FROM instrument WHERE id IN (SELECT instrument_id FROM pilot_equipment)"
    sets = {row[0]: row for row in connection.exec_driver_sql(sql)}
    hidden = set(connection.exec_driver_sql(f"SELECT id FROM pilot_equipment WHERE id IN {_CONFIDENTIAL}").scalars())
    found = []
    for one in EQUIPMENT.find(connection, where, params, "number"):
        row = sets.get(one.instrument_id or "")
        if row is None:
            own = one.model, one.value_fen, one.accepted_on, one.retired_on
            found.append(Equipped(one, "", *own, one.id in hidden))
        else:
            # Whichever ends first: the set's service, or its being pilot equipment.
            ends = [day for day in (_day(row[5]), one.retired_on) if day is not None]
            found.append(Equipped(one, row[1], row[2], row[3], _day(row[4]), min(ends, default=None), one.id in hidden))
    return found


def unsaid(connection: Connection) -> list[str]:
    """The numbers of the equipment that the register does not have and of which nobody said whether it is confidential: no remote is told of it."""
    sql = "SELECT number FROM pilot_equipment WHERE instrument_id IS NULL AND confidential IS NULL ORDER BY number"
    return [str(number) for (number,) in connection.exec_driver_sql(sql)]


def is_sent(connection: Connection, equipment_id: str) -> bool:
    """Whether a remote holds this equipment, or bytes that name it may be under way."""
    held = "SELECT 1 FROM sync_base WHERE kind = 'pilot_equipment' AND key = ?1 AND body IS NOT NULL"
    under_way = "SELECT 1 FROM sync_batch WHERE instr(content, CAST(?1 AS BLOB))"
    return connection.exec_driver_sql(f"SELECT EXISTS ({held}) OR EXISTS ({under_way})", (equipment_id,)).scalar() == 1


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# A record that replaces one that was reversed is served by the same base, unless it says otherwise itself.
_SERVED = """
WITH RECURSIVE served (record_id, base_id, equipment_id, what) AS (
  SELECT record_id, base_id, equipment_id, what FROM pilot_service
  UNION SELECT n.id, s.base_id, s.equipment_id, s.what FROM served s JOIN service_record n ON n.replaces = s.record_id
  WHERE NOT EXISTS (SELECT 1 FROM pilot_service o WHERE o.record_id = n.id))
"""
_LINES = f"""
{_SERVED}
SELECT {COLUMNS}, s.base_id, coalesce(e.number, ''), s.what, p.external, p.minutes,
       p.confidential OR coalesce(s.equipment_id, '') IN {_CONFIDENTIAL}
FROM served s JOIN service_record r ON r.id = s.record_id JOIN posting p ON p.record_id = r.id
JOIN instrument i ON i.id = p.instrument_id JOIN customer c ON c.id = p.customer_id LEFT JOIN pilot_equipment e ON e.id = s.equipment_id
WHERE (CASE WHEN p.reverses IS NULL THEN p.ended_on ELSE p.posted_on END) BETWEEN ? AND ?
ORDER BY p.ended_on, p.record_number, p.reverses IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class ServedLine:
    """One posted service of a base, or a reversal, with its evidence; ``minutes`` of a reversal are negative."""

    line: EvidenceLine
    base_id: str
    equipment_number: str
    what: str
    external: bool
    minutes: int
    confidential: bool


def served(connection: Connection, year: int) -> Iterator[ServedLine]:
    """Every posted service of a base that a calendar year counts, inside and outside ones: by end of service, a reversal by its own day."""
    for row in connection.exec_driver_sql(_LINES, (f"{year}-01-01", f"{year}-12-31")):
        base, number, what, external, minutes, hidden = row[15:]
        yield ServedLine(evidence_line(row), base, number, what, bool(external), minutes, bool(hidden))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record of a set that belongs to a base and is not said to be a service of it; ``fen`` None: not posted yet."""

    number: str
    base: str
    equipment: str
    customer: str
    ended_on: date
    item: str
    fen: int | None


_CANDIDATES = f"""
{_SERVED}
SELECT r.number, b.number, e.number, r.customer_name, substr(r.ended_at, 1, 10), r.item,
       (SELECT sum(p.amount_fen) FROM posting p WHERE p.record_id = r.id)
FROM pilot_equipment e JOIN pilot_base b ON b.id = e.base_id JOIN service_record r ON r.instrument_id = e.instrument_id
JOIN instrument i ON i.id = e.instrument_id
WHERE r.ended_at >= ? AND r.ended_at < ? AND r.state <> 'reversed' AND r.confidential = 0 AND e.id NOT IN {_CONFIDENTIAL}
AND r.id NOT IN (SELECT record_id FROM served)
ORDER BY r.ended_at, r.number
"""


def candidates(connection: Connection, year: int) -> list[Candidate]:
    """Records of a year on sets of a base that are not among its services; confidential ones are left out."""
    rows = connection.exec_driver_sql(_CANDIDATES, (f"{year}-01-01", f"{year + 1}-01-01"))
    return [Candidate(r[0], r[1], r[2], r[3], date.fromisoformat(r[4]), r[5], r[6]) for r in rows]
