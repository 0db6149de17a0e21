"""Four times the records is four times the work: counted in steps of the database's own machine, so no clock can be unlucky."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import judging, payouts, records, upkeep
from desktop.actions.sync_storage import LedgerStep
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.customer import Customer
from desktop.ledger.keys import new_key
from desktop.store import database as opened
from desktop.store import reach, sync_rows
from desktop.store.facts import CUSTOMERS, RECORDS
from desktop.sync.ports import Conflict, Parked
from tests.actions.making import FINANCE, PINS, declare, draft, settled_with_a_secret

FEW, MANY = 250, 1000
END = date(2025, 12, 31)


class Steps:
    """Counts hundreds of steps of every connection opened while it is in place."""

    def __init__(self) -> None:
        self.n = 0

    def connect(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def made(*arguments: Any, **more: Any) -> Any:
            connection = real(*arguments, **more)
            connection.set_progress_handler(self._count, 100)
            return connection

        return made

    def _count(self) -> int:
        self.n += 1
        return 0

    def of(self, work: Callable[[], object]) -> int:
        before = self.n
        work()
        return self.n - before


def _fill(workspace: Workspace, n: int, asset: str = "A1") -> None:
    with workspace.read() as connection:
        one = records.settled(connection, draft(workspace, "R0", asset))
        operators = [row[0] for row in connection.exec_driver_sql("SELECT id FROM technician")]
    begin = datetime(2025, 2, 1)
    made = [
        replace(
            one, id=new_key(confidential=one.confidential), number=f"N{k}",
            started_at=begin + timedelta(minutes=5 * k), ended_at=begin + timedelta(minutes=5 * k + 5),
            minutes=5, operator_id=operators[k % 3],
        )
        for k in range(n)
    ]  # fmt: skip
    with workspace.write("records for tests") as operation:
        RECORDS.insert(operation.connection, made)


def _recheck(workspace: Workspace) -> None:
    with workspace.write("recheck") as operation:
        judging.recheck(operation)


def _park(workspace: Workspace, n: int) -> None:
    """What a sync writes down of rows that were refused, and of conflicts."""
    with workspace.write("sync: receipt") as operation:
        step = LedgerStep(operation.connection, "network")
        for _ in range(n):
            key = new_key()
            step.park(Parked("posting", key, "link.unknown", "", ""))
            if step.conflict("service_record", key) is None:
                step.put_conflict(Conflict("service_record", key, ("charge",), None, {"id": key}, {"id": key}, "", ""))


def _arrive(workspace: Workspace, n: int) -> None:
    """Whether what another seat sends is one thing with something here is asked for each row, beside as many of our own."""
    with workspace.write("customers for tests") as operation:
        CUSTOMERS.insert(operation.connection, [Customer(new_key(), f"甲方{k}", False) for k in range(n)])
    with workspace.write("sync: page") as operation:
        step = LedgerStep(operation.connection, "hub", operation=operation)
        for k in range(n):
            assert step.adopt("customer", new_key(), {"name": f"乙方{k}"}) is None
            assert step.adopt("service_record", new_key(), {"number": f"Z{k}", "instrument_id": "", "started_at": ""}) is None


def _work(home: Path, n: int, steps: Steps) -> dict[str, int]:
    """Steps taken by each piece of work over ``n`` records of one instrument."""
    with open_ledger(home) as workspace:
        _fill(workspace, n)
        found = {
            "enter one more": steps.of(lambda: records.add(workspace, draft(workspace, "R1", day=date(2025, 11, 1)))),
            "recheck": steps.of(lambda: _recheck(workspace)),
            "post": steps.of(lambda: records.post(workspace)),
        }
        declare(workspace, 0, END)
        found["prepare"] = steps.of(lambda: payouts.prepare(workspace, END, "记账", FINANCE, PINS[FINANCE]))
        found["show"] = steps.of(lambda: payouts.statement(workspace, "FP2025-001", "T001"))
        for k in range(0, n, 10):
            records.reverse(workspace, f"N{k}", "作废")
        declare(workspace, 0, END)
        found["take back"] = steps.of(lambda: payouts.prepare(workspace, END, "记账", FINANCE, PINS[FINANCE]))
        found["arrive"] = steps.of(lambda: _arrive(workspace, n))
        found["park"] = steps.of(lambda: _park(workspace, n))
        found["verify"] = steps.of(lambda: upkeep.verify(workspace))
    return found


def test_nothing_grows_with_the_square(small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps()
    monkeypatch.setattr(opened, "connect", steps.connect(opened.connect))
    few = _work(Path(shutil.copytree(small_home, tmp_path / "few")), FEW, steps)
    many = _work(Path(shutil.copytree(small_home, tmp_path / "many")), MANY, steps)
    assert all(n > 0 for n in few.values()), few
    slow = {what: (few[what], many[what]) for what in few if many[what] > 1.4 * (MANY // FEW) * few[what]}
    assert not slow, slow


def _asked_of_one(home: Path, n: int, steps: Steps) -> dict[str, int]:
    """Steps to ask of one row whether it is withheld, beside ``n`` confidential postings."""
    with open_ledger(home) as workspace:
        settled_with_a_secret(workspace)
        records.receive(workspace, "R1", date(2025, 6, 3), 100_00, "FP-1")
        _fill(workspace, n, "S1")
        assert records.post(workspace).posted == n
        found = {}
        ordinary = "posting_id IN (SELECT id FROM posting WHERE confidential = 0)"
        with workspace.read() as connection:
            for kind in ("payout_mark", "receipt"):
                keys = [row[0] for row in connection.exec_driver_sql(f"SELECT id FROM {kind} WHERE {ordinary}")] * 50
                step = LedgerStep(connection, "hub")
                assert not any(step.standing(kind, key).withheld for key in keys)
                found[kind] = steps.of(lambda kind=kind, keys=keys, step=step: [step.standing(kind, key) for key in keys])  # type: ignore[misc]
    return found


def test_what_is_asked_of_one_row_does_not_grow_with_what_is_confidential(
    small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = Steps()
    monkeypatch.setattr(opened, "connect", steps.connect(opened.connect))

    def grown(name: str) -> dict[str, float]:
        few = _asked_of_one(Path(shutil.copytree(small_home, tmp_path / f"{name}-few")), 50, steps)
        many = _asked_of_one(Path(shutil.copytree(small_home, tmp_path / f"{name}-many")), 200, steps)
        assert all(n > 0 for n in few.values()), few
        return {kind: many[kind] / few[kind] for kind in few}

    assert all(times < 1.2 for times in grown("one").values())
    monkeypatch.setattr(sync_rows, "secret_one", reach.secret)
    sync_rows._withheld.cache_clear()
    try:
        assert all(times > 1.8 for times in grown("all").values())  # asked of the whole set, it grows, and that is noticed
    finally:
        sync_rows._withheld.cache_clear()


def test_a_join_without_an_index_is_noticed(small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps()
    monkeypatch.setattr(opened, "connect", steps.connect(opened.connect))
    counted = []
    for n in (FEW, MANY):
        with open_ledger(Path(shutil.copytree(small_home, tmp_path / str(n)))) as workspace:
            _fill(workspace, n)
            with workspace.read() as connection:
                sql = "SELECT count(*) FROM service_record a, service_record b WHERE a.note || '' = b.note || ''"
                counted.append(steps.of(lambda c=connection, q=sql: c.exec_driver_sql(q).all()))  # type: ignore[misc]
    assert counted[1] > 1.4 * (MANY // FEW) * counted[0]
