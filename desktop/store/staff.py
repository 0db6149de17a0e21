"""Trainings, those who took part, and dated facts about technicians, as rows."""

from __future__ import annotations

from collections import defaultdict

from desktop.ledger.period import Period
from desktop.ledger.staff_fact import StaffFact
from desktop.ledger.training import Attendance, Training
from desktop.store import schema_staff
from desktop.store.database import Connection
from desktop.store.rows import Codec

TRAININGS = Codec(Training, schema_staff.training)
ATTENDANCES = Codec(Attendance, schema_staff.training_attendance)
STAFF_FACTS = Codec(StaffFact, schema_staff.staff_fact)


def ended_in(connection: Connection, period: Period | None) -> list[Training]:
    """The trainings that ended in a span of days (all when None), by their last day and number."""
    if period is None:
        return TRAININGS.find(connection, order="ends_on, number")
    return TRAININGS.find(connection, "ends_on >= ? AND ends_on < ?", (period.start.isoformat(), period.end.isoformat()), "ends_on, number")


def attended(connection: Connection, training_id: str | None = None) -> dict[str, list[Attendance]]:
    """Training -> those who took part, by name; ``training_id``: of one training only."""
    where, params = ("", ()) if training_id is None else ("training_id = ?", (training_id,))
    told: dict[str, list[Attendance]] = defaultdict(list)
    for one in ATTENDANCES.find(connection, where, params, "name, organisation, id"):
        told[one.training_id].append(one)
    return told


def facts(connection: Connection, technician_id: str | None = None) -> dict[str, list[StaffFact]]:
    """Technician -> facts, the earliest first; ``technician_id``: of one technician only."""
    where, params = ("", ()) if technician_id is None else ("technician_id = ?", (technician_id,))
    told: dict[str, list[StaffFact]] = defaultdict(list)
    for one in STAFF_FACTS.find(connection, where, params, "kind, from_on, id"):
        told[one.technician_id].append(one)
    return told
