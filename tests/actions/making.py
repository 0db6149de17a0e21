"""A small institution for tests of the actions: two ordinary instruments, a confidential one, round prices, five people.

A1 costs 60.00 an hour inside and 180.00 outside, A2 10.00 and 33.00 a sample, S1 (confidential) 90.00 an hour outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import costs, fees, importing, institution, instruments, payouts, people, records, upkeep
from desktop.actions.months import MonthStep
from desktop.actions.payouts import Run
from desktop.actions.workspace import Workspace
from desktop.ledger.allocation import Scheme, Share
from desktop.ledger.customer import Customer
from desktop.ledger.fees import FeeLine
from desktop.ledger.instrument import Instrument
from desktop.ledger.keys import new_key
from desktop.ledger.people import Technician
from desktop.ledger.problem import Problem, Refused
from desktop.ledger.service_record import ServiceRecord
from desktop.store import triggers
from desktop.store.columns import metadata
from desktop.store.facts import CUSTOMERS, TECHNICIANS

PRACTICE = Path(__file__).parents[2] / "resources" / "practice"
FILES = {
    "instruments": "instruments.xlsx",
    "fees": "price-list.xlsx",
    "technicians": "technicians.xlsx",
    "customers": "customers.csv",
    "records": "service-records.xlsx",
}
USCC = "123700004000000181"
FINANCE, APPROVER, LAB, AUDITOR, OFFICE = "甲财务", "乙审批", "丙实验室", "丁审计", "戊设备处"
PINS = {FINANCE: "1111", APPROVER: "2222", LAB: "3333", AUDITOR: "4444", OFFICE: "5555"}
ROLES = {FINANCE: "finance", APPROVER: "approver", LAB: "lab_manager", AUDITOR: "auditor", OFFICE: "equipment_office"}
OUTSIDE, INSIDE = "鲁信检测有限公司", "校内课题组"
MAY, JUNE, JULY, AUGUST = date(2025, 5, 31), date(2025, 6, 30), date(2025, 7, 31), date(2025, 8, 31)


def import_file(workspace: Workspace, kind: str, **more: Any) -> importing.Outcome:
    return importing.import_file(workspace, kind, PRACTICE / FILES[kind], **more)


def cells_of(kind: str) -> list[list[Any]]:
    """The cells of the first sheet of a practice file."""
    from desktop.formats import spreadsheet

    (sheet, *_) = spreadsheet.read(PRACTICE / FILES[kind]).sheets
    return [[getattr(cell, "text", cell) for cell in row] for row in sheet.rows]


def start(home: Path, kind: str = "university") -> Workspace:
    workspace, _ = institution.start(home, "齐鲁示范大学", USCC, kind, "370102", practice=True)
    return workspace


def fill_small(workspace: Workspace) -> None:
    for number, name, secret in (("A1", "扫描电镜", False), ("A2", "质谱仪", False), ("S1", "特种雷达", True)):
        instruments.add(workspace, Instrument("", number, name, 50_000_000, True, secret, date(2020, 1, 1)))
    for name, role in ROLES.items():
        people.add(workspace, name, role, PINS[name])
    prices = {"A1": ("测试", "小时", "60", "180"), "A2": ("制样", "样", "10", "33"), "S1": ("测试", "小时", "30", "90")}
    for number, terms in prices.items():
        fee_version(workspace, number, date(2025, 1, 1), *terms)
    with workspace.write("people for tests") as operation:
        CUSTOMERS.insert(operation.connection, [Customer(new_key(), OUTSIDE, False), Customer(new_key(), INSIDE, True)])
        TECHNICIANS.insert(
            operation.connection,
            [
                Technician(new_key(), f"T00{n}", name, "分析测试中心", coefficient=Decimal(factor))
                for n, name, factor in ((1, "张一", "1"), (2, "李二", "1.2"), (3, "王三", "0.8"))
            ],
        )
    payouts.add_scheme(workspace, scheme())
    payouts.add_scheme(workspace, scheme("到账", basis="received"))


def fee_version(workspace: Workspace, asset_number: str, start: date, item: str, unit: str, internal: str, external: str) -> str:
    """An approved version with one line; an open earlier one ends there. Returns its key."""
    read = fees.read_line(unit, internal, external)
    key = fees.add_version(workspace, asset_number, start, title="收费标准", person=OFFICE, pin=PINS[OFFICE])
    fees.set_lines(workspace, key, [FeeLine("", key, 0, item, read.terms, read.source_text, read.to_confirm)])
    fees.approve(workspace, key, APPROVER, PINS[APPROVER])
    return key


def scheme(name: str = "记账", **more: Any) -> Scheme:
    """10 % of gross to the university, half of the rest to the technicians, the remainder of all to the laboratory."""
    shares = (
        Share("institution", "学校", "gross", Decimal("0.1")),
        Share("technicians", "技术人员", "rest", Decimal("0.5")),
        Share("laboratory", "实验室", "rest", Decimal(1)),
    )
    return replace(Scheme("", name, date(2025, 1, 1), "办〔2025〕1号", "posted", True, shares, "amount", False, "T001"), **more)


def draft(
    workspace: Workspace, number: str, asset: str = "A1", day: date = date(2025, 5, 6), minutes: int = 60, **more: Any
) -> ServiceRecord:
    """A record without a problem, in two hours of its own (by its number, 11 a day), so that none overlap by accident."""
    begin = datetime.combine(day, time(int("".join(c for c in number if c.isdigit()) or 0) % 11 * 2))
    plain = ServiceRecord(
        "", number, instruments.get(workspace, asset).id, None, OUTSIDE, begin, begin + timedelta(minutes=minutes), minutes,
        "制样" if asset == "A2" else "测试", operator_name="T001", contract="HT-1", quantity=Decimal(1) if asset == "A2" else None,
    )  # fmt: skip
    return replace(plain, **more)


def enter(
    workspace: Workspace, number: str, asset: str = "A1", day: date = date(2025, 5, 6), minutes: int = 60, **more: Any
) -> str:
    records.add(workspace, draft(workspace, number, asset, day, minutes, **more))
    return number


def posted(
    workspace: Workspace, number: str, asset: str = "A1", day: date = date(2025, 5, 6), minutes: int = 60, **more: Any
) -> int:
    """Enter and post a record that has no problem; its fen."""
    enter(workspace, number, asset, day, minutes, **more)
    done = records.post(workspace, [number])
    assert done.posted == 1, done.refused
    return done.amount_fen


def declare(workspace: Workspace, fen: int = 0, to: date = MAY) -> None:
    costs.cost_add(workspace, "consumables" if fen else "none", None, to.replace(day=1), to, fen, "PZ-1" if fen else "")


def prepare(workspace: Workspace, to: date = MAY, name: str = "记账", *, cost: int | None = 0) -> Run:
    if cost is not None:
        declare(workspace, cost, to)
    return payouts.prepare(workspace, to, name, FINANCE, PINS[FINANCE])


def approve(workspace: Workspace, run: Run | str, by: str = APPROVER) -> Run:
    return payouts.approve(workspace, run if isinstance(run, str) else run.number, by, PINS[by])


def settled(workspace: Workspace, to: date = MAY, name: str = "记账", *, cost: int = 0) -> Run:
    return approve(workspace, prepare(workspace, to, name, cost=cost))


def close_month(workspace: Workspace, month: str, by: str = FINANCE, prepared_by: str = OFFICE) -> MonthStep:
    """Prepared by one and closed by another."""
    payouts.prepare_month(workspace, month, prepared_by, PINS[prepared_by])
    return payouts.close_month(workspace, month, by, PINS[by])


def reversed_run(workspace: Workspace, run: Run | str, reason: str = "算错") -> Run:
    number = run if isinstance(run, str) else run.number
    return approve(workspace, payouts.reverse(workspace, number, FINANCE, PINS[FINANCE], reason))


def paid(run: Run) -> dict[str, int]:
    """Staff number -> fen."""
    return {share.staff_number: share.fen for share in run.shares if share.technician_id}


def others(run: Run) -> dict[str, int]:
    """Name (or kind) of the other receivers -> fen, given and given back together."""
    found: dict[str, int] = {}
    for share in run.shares:
        if not share.technician_id:
            found[share.name or share.receiver] = found.get(share.name or share.receiver, 0) + share.fen
    return found


def whole(run: Run) -> bool:
    """Σ technicians = pool, and everything that was received less costs is somebody's."""
    return sum(paid(run).values()) == run.pool_fen and run.pool_fen + sum(others(run).values()) == run.income_fen - run.cost_fen


def rows_of(workspace: Workspace, *, but: tuple[str, ...] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every journalled table: what the ledger holds, to compare before and after."""
    with workspace.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table.name} ORDER BY 1")]
            for table in triggers.journalled()
            if table.name not in but
        }


def everything(workspace: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, journal and bookkeeping too: nothing at all was written when two of these are equal."""
    with workspace.read() as connection:
        return {
            name: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name} ORDER BY 1, 2")]
            for name in sorted(metadata.tables)
        }


def meaning(workspace: Workspace) -> dict[str, list[tuple[str, ...]]]:
    """What the ledger says, without keys that are made afresh on each import: rows by their natural keys."""
    questions = {
        "instrument": "SELECT * FROM instrument",
        "customer": "SELECT * FROM customer",
        "technician": "SELECT staff_number, name, department, post, coefficient, active, (SELECT group_concat(i.asset_number) "
        "FROM instrument i WHERE technician.instruments LIKE '%' || i.id || '%') FROM technician",
        "fee": "SELECT i.asset_number, s.from_on, s.to_on, s.state, s.title, l.position, l.item, l.terms, l.source_text, l.to_confirm, l.note "
        "FROM fee_line l JOIN fee_schedule s ON s.id = l.schedule_id JOIN instrument i ON i.id = s.instrument_id",
        "record": "SELECT r.number, i.asset_number, c.name, t.staff_number, r.customer_name, r.started_at, r.ended_at, r.minutes, r.item, "
        "r.derived, r.claimed_hours, r.quantity, r.operator_name, r.contact, r.way, r.direction, r.contract, r.urgent, r.rating, r.note, "
        "r.long_reason, r.state, r.confidential, r.imported FROM service_record r JOIN instrument i ON i.id = r.instrument_id "
        "LEFT JOIN customer c ON c.id = r.customer_id LEFT JOIN technician t ON t.id = r.operator_id",
        "problem": "SELECT r.number, p.code, p.severity, p.params, p.field FROM record_problem p JOIN service_record r ON r.id = p.record_id",
    }
    keys = {"instrument", "customer"}
    with workspace.read() as connection:
        return {
            name: sorted(tuple(str(v) for v in tuple(row)[name in keys :]) for row in connection.exec_driver_sql(sql))
            for name, sql in questions.items()
        }


def codes(problem: Problem) -> list[str]:
    """The code of a refusal and of its findings."""
    return [problem.code, *(found.code for found in problem.findings)]


def refused(call: object, *args: object, **more: object) -> list[str]:
    """The codes a call is refused with."""
    with pytest.raises(Refused) as caught:
        call(*args, **more)  # type: ignore[operator]
    return codes(caught.value)


def some_work(workspace: Workspace) -> int:
    """Four records of three people in May: 180.00, 300.00, 99.00 outside and 60.00 inside; their fen."""
    return (
        posted(workspace, "R1", minutes=60, operator_name="T001")
        + posted(workspace, "R2", minutes=100, operator_name="T002")
        + posted(workspace, "R3", "A2", quantity=Decimal(3), operator_name="T003")
        + posted(workspace, "R4", minutes=60, operator_name="T003", customer_name=INSIDE, contract="")
    )


def sound(workspace: Workspace) -> bool:
    """Whether the ledger verifies; what failed is the message of the assertion."""
    verdict = upkeep.verify(workspace)
    assert verdict.ok, [(f.code, f.params) for f in verdict.findings]
    return True


def lines_of_counting_runs(workspace: Workspace) -> Iterator[tuple[str, str | None, int]]:
    """Posting, receipt and number of counting runs that hold it."""
    with workspace.read() as connection:
        yield from (
            (row[0], row[1], row[2])
            for row in connection.exec_driver_sql(
                "SELECT l.posting_id, l.receipt_id, count(*) FROM payout_line l JOIN payout_run r ON r.id = l.run_id "
                "WHERE r.reverses IS NULL AND r.state NOT IN ('withdrawn', 'reversed') GROUP BY 1, 2"
            )
        )


def settled_with_a_secret(workspace: Workspace) -> payouts.Run:
    """R1 and R2 are ordinary, R3 is of the confidential instrument; one approved run holds all three."""
    posted(workspace, "R1")
    posted(workspace, "R2", "A2", operator_name="T002")
    posted(workspace, "R3", "S1", operator_name="T003")
    return settled(workspace, cost=50_00)
