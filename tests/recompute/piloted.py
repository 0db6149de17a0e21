"""Pilot bases with all that is entered of them, trainings with those who took part, and what technicians hold: drawn around the edges of clauses 6 to 10."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from desktop.actions.workspace import Workspace
from desktop.ledger.pilot import OPENNESS, PARTNER_KINDS, PilotBase, PilotEquipment, PilotOpenness, PilotPartner, PilotService
from desktop.ledger.staff_fact import STAFF_KINDS, StaffFact
from desktop.ledger.training import OUTCOMES, SUBJECTS, Attendance, Training
from desktop.store import pilot, staff
from desktop.store.database import Connection
from tests.recompute.invented import Registers, key

N_BASES = 8
# Operating for two years on the last day of 2025 or a day less, begun on a leap day, not stated.
_STARTED = (date(2023, 12, 31), date(2024, 1, 1), date(2020, 2, 29), None)
# What a base's own equipment is worth: together with nothing else the limit of 10 000 000 yuan, a fen less, a fen more, not known.
_WORTH = (1_000_000_000, 999_999_999, 1_000_000_001, None, 400_000_000)
_MARKET = (True, True, False, None, True, True, False, True)
_ENDS = (None, None, None, date(2025, 12, 31), date(2026, 1, 1))
_OUTSIDERS = (("吴 学员", "合作企业"), ("吴学员", "合作 企业"), ("Ｗu", "Lab"), ("wu", "lab"), ("郑学员", ""), ("郑学员", "合作企业"))
_LAST = date(2025, 12, 31)


def pilots(workspace: Workspace, made: Registers, seed: int) -> None:
    """Bases, who builds them, equipment of the register and of its own, what was said of their openness, and what they served."""
    chance = random.Random(seed)
    bases = [
        PilotBase(
            key(chance), f"ZS-{n}", f"中试基地{n}", started_on=_STARTED[n % len(_STARTED)], market=_MARKET[n],
            retired_on=date(2025, 9, 1) if n == 5 else None,
        )
        for n in range(N_BASES)
    ]  # fmt: skip
    partners = [
        PilotPartner(key(chance), one.id, f"共建方{n}-{place}", PARTNER_KINDS[(n + place) % len(PARTNER_KINDS)])
        for n, one in enumerate(bases)
        for place in range((0, 1, 3, 5)[n % 4])
    ]
    sets = made.used[:: max(1, len(made.used) // 20)][:20]
    secret = [one for one in made.used if one.confidential and one not in sets][:2]
    equipment = [
        PilotEquipment(key(chance), f"SB-{n}", one.name, bases[n % N_BASES].id if n % 7 else None, one.id, retired_on=_ENDS[n % len(_ENDS)])
        for n, one in enumerate((*sets, *secret))
    ]
    equipment += [
        PilotEquipment(
            key(chance), f"ZB-{n}", f"放大线{n}", bases[n % N_BASES].id, None, "LX", _WORTH[n % len(_WORTH)],
            (None, date(2025, 12, 31), date(2026, 1, 1), date(2020, 1, 1))[n % 4], confidential=(False, False, True, None, False)[n % 5],
            retired_on=_ENDS[n // 2 % len(_ENDS)],
        )
        for n in range(2 * N_BASES)
    ]  # fmt: skip
    with workspace.write("recompute pilots", undoable=False) as operation:
        pilot.BASES.insert(operation.connection, bases)
        pilot.PARTNERS.insert(operation.connection, partners)
        pilot.EQUIPMENT.insert(operation.connection, equipment)
        pilot.OPENNESS.insert(operation.connection, list(_said(bases, chance)))
        pilot.SERVICES.insert(operation.connection, list(_served(operation.connection, equipment, chance)))


def _said(bases: list[PilotBase], chance: random.Random) -> Iterator[PilotOpenness]:
    """Every base but one is said to be something, some twice for one day, some from the day after the year on; the last is open all the while."""
    for one in bases[1:]:
        for from_on in (date(2024, 5, 1), chance.choice((_LAST, _LAST, date(2025, 3, 1))), date(2026, 1, 1)):
            for hour in range(chance.choice((1, 1, 2))):
                at = datetime(2026, 1, 10, 8 + hour)
                state = "open" if one is bases[-1] else chance.choice(OPENNESS)
                yield PilotOpenness(key(chance), one.id, None, state, from_on, "说明", f"人{hour}", at)


def _served(connection: Connection, equipment: list[PilotEquipment], chance: random.Random) -> Iterator[PilotService]:
    for one in equipment:
        if one.instrument_id is None or one.base_id is None:
            continue
        rows = connection.exec_driver_sql("SELECT id FROM service_record WHERE instrument_id = ? ORDER BY number", (one.instrument_id,)).all()
        for (record,) in rows:
            if chance.random() < 0.6:
                yield PilotService(key(chance), record, one.base_id, one.id if chance.random() < 0.8 else None, chance.choice(("放大", "试制", "")))


def people(workspace: Workspace, made: Registers, seed: int) -> None:
    """Trainings that end on and beside the edges of the year and its quarters, and dated facts of every technician but some."""
    chance = random.Random(seed)
    ends = (date(2024, 12, 31), date(2025, 1, 1), date(2025, 3, 31), date(2025, 4, 1), date(2025, 12, 31), date(2026, 1, 1))
    courses = [
        Training(
            key(chance), f"PX-{n}", f"培训{n}", SUBJECTS[n % len(SUBJECTS)], "培训中心", "济南", end - timedelta(days=n % 3), end,
            Decimal(chance.choice(("8", "12.5", "0.5"))), "签到表",
        )
        for n, end in enumerate(ends * 6)
    ]  # fmt: skip
    taken = [each for n, one in enumerate(courses) if n % 9 != 4 for each in _came(one, made, chance)]
    facts = [each for n, one in enumerate(made.technicians) if n % 6 != 3 for each in _held(one.id, chance)]
    with workspace.write("recompute trainings", undoable=False) as operation:
        staff.TRAININGS.insert(operation.connection, courses)
        staff.ATTENDANCES.insert(operation.connection, taken)
        staff.STAFF_FACTS.insert(operation.connection, facts)


def _came(one: Training, made: Registers, chance: random.Random) -> Iterator[Attendance]:
    for each in chance.sample(made.technicians, 4):
        yield Attendance(key(chance), one.id, each.id, each.name, "", chance.choice(OUTCOMES))
    for name, organisation in chance.sample(_OUTSIDERS, 3):
        yield Attendance(key(chance), one.id, None, name, organisation, chance.choice(OUTCOMES))


def _held(of: str, chance: random.Random) -> Iterator[StaffFact]:
    """A certificate's end is told sixty days before it: ends lie on that day and beside it."""
    for _ in range(chance.randrange(1, 7)):
        kind = chance.choice(STAFF_KINDS)
        first = date(2025, 1, 1) + timedelta(days=chance.choice((-400, -31, 0, 180, 364, 365)))
        last = chance.choice((None, _LAST - timedelta(1), _LAST, _LAST + timedelta(59), _LAST + timedelta(60), _LAST + timedelta(61)))
        factor = Decimal(chance.choice(("0.9", "1.15"))) if kind == "evaluation" and chance.random() < 0.7 else None
        last = None if last is None else max(first, last)
        yield StaffFact(key(chance), of, kind, f"{kind}{chance.randrange(2)}", first, last, "单位", "号", "依据", factor)
