"""Ledgers of many records, written in bulk inside named operations: journalled, chained and checked like any other write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

from desktop.actions import institution, records
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.customer import Customer
from desktop.ledger.fees import FeeLine, FeeSchedule, FeeTerms, Fixed, Unit
from desktop.ledger.instrument import Instrument
from desktop.ledger.keys import new_key
from desktop.ledger.people import Technician
from desktop.ledger.service_record import Posting, ServiceRecord
from desktop.store.facts import CUSTOMERS, INSTRUMENTS, POSTINGS, RECORDS, TECHNICIANS
from desktop.store.fees import LINES, SCHEDULES
from tests.bench.measuring import Place, seconds

N_INSTRUMENTS, N_TECHNICIANS, N_CUSTOMERS = 200, 50, 500
INTERNAL = 50  # one customer in so many is of the institution itself
YEAR = 2025
_FIRST = datetime(YEAR, 1, 1, 8)
_AT_ONCE = 20_000
_TERMS = FeeTerms(Unit("hour", "小时", 60), (("internal", Fixed(120_00)), ("external", Fixed(180_00))))


class Registers:
    """Who and what the records name."""

    def __init__(self) -> None:
        self.instruments = [
            Instrument(new_key(), f"2019{n:06d}", f"测速仪器 {n} 号", 500_000_00, True, False, date(2019, 3, 1)) for n in range(N_INSTRUMENTS)
        ]
        self.technicians = [Technician(new_key(), f"B{n:04d}", f"技术员 {n}") for n in range(N_TECHNICIANS)]
        self.customers = [Customer(new_key(), f"测速用户 {n} 有限公司", n % INTERNAL == 0) for n in range(N_CUSTOMERS)]
        self.schedules = [FeeSchedule(new_key(), one.id, date(2020, 1, 1), None, "published") for one in self.instruments]
        self.lines = [FeeLine(new_key(), one.id, 1, "机时", _TERMS) for one in self.schedules]

    def records(self, n: int, state: str) -> Iterator[ServiceRecord]:
        """Records one after the other on each instrument through the year, each instrument served by five technicians."""
        rounds = max(1, n // N_INSTRUMENTS)
        step = timedelta(minutes=max(2, 500_000 // rounds))
        longest = step // timedelta(minutes=1)
        for number in range(n):
            turn, place = divmod(number, N_INSTRUMENTS)
            one = self.instruments[place]
            customer = self.customers[number * 7919 % N_CUSTOMERS]
            operator = self.technicians[(place * 5 + turn * 3 % 5) % N_TECHNICIANS]
            start = _FIRST + turn * step
            minutes = 1 + number * 31 % longest
            yield ServiceRecord(
                new_key(), f"B{number:08d}", one.id, customer.id, customer.name, start, start + timedelta(minutes=minutes), minutes, "机时",
                operator_id=operator.id, operator_name=operator.name, contact="王芳", way="委托共享", direction="科学研究",
                contract=f"HT-{YEAR}-{number:07d}", rating="基本满意", state=state,
            )  # fmt: skip

    def posting(self, record: ServiceRecord) -> Posting:
        """What posting makes of a record."""
        place = int(record.number[1:]) % N_INSTRUMENTS
        external = int(record.number[1:]) * 7919 % N_CUSTOMERS % INTERNAL != 0
        day = record.ended_at.date()
        price = 180_00 if external else 120_00
        return Posting(
            new_key(), record.id, record.number, record.instrument_id, record.operator_id, record.customer_id or "", self.schedules[place].id,
            self.lines[place].id, "external" if external else "internal", external, False, Decimal(record.minutes), "分钟", price,
            record.minutes * price // 60, record.minutes, "按机时计费", day, f"{day:%Y-%m}", date(YEAR + 1, 1, 5),
        )  # fmt: skip


def _registered(home: Path) -> Registers:
    registers = Registers()
    workspace, _ = institution.start(home, "齐鲁示范大学（测速）", "123700004000000181", "university", "370102", practice=True)
    with workspace, workspace.write("bench registers", undoable=False) as operation:
        for codec, facts in (
            (INSTRUMENTS, registers.instruments),
            (TECHNICIANS, registers.technicians),
            (CUSTOMERS, registers.customers),
            (SCHEDULES, registers.schedules),
            (LINES, registers.lines),
        ):
            codec.insert(operation.connection, facts)  # type: ignore[attr-defined]  # each codec with its own facts
    return registers


def fill(workspace: Workspace, registers: Registers, n: int, n_posted: int) -> None:
    """Write n records, the first ``n_posted`` of them with their postings."""
    rows = registers.records(n, "draft")
    done = 0
    while some := list(islice(rows, _AT_ONCE)):
        with workspace.write("bench records", undoable=False) as operation:
            posted = [replace(record, state="posted") for record in some[: max(0, n_posted - done)]]
            RECORDS.insert(operation.connection, [*posted, *some[len(posted) :]])
            POSTINGS.insert(operation.connection, [registers.posting(record) for record in posted])
        done += len(some)


def posted_ledger(place: Place, n: int = 100_000) -> tuple[Path, float]:
    """A ledger whose n records were posted by the program itself, and how many seconds that took; made once a run."""
    home = place.folder / "posted"
    if home not in place.made:
        registers = _registered(home)
        with open_ledger(home) as workspace:
            fill(workspace, registers, n, 0)
            took = seconds(lambda: _post(workspace, n))
        place.made[home] = took
    return home, place.made[home]


def _post(workspace: Workspace, n: int) -> None:
    done = records.post(workspace)
    if done.posted != n:
        raise AssertionError(f"{done.posted} of {n} records were posted: {done.refused[:1]}")


def long_ledger(place: Place, n: int = 1_000_000) -> Path:
    """A ledger of n records, half of them posted; made once a run."""
    home = place.folder / "long"
    if home not in place.made:
        registers = _registered(home)
        with open_ledger(home) as workspace:
            place.made[home] = seconds(lambda: fill(workspace, registers, n, n // 2))
    return home
