"""A payout of many lines that the hub does not take: all of it waits, visibly, and four times the lines is four times the work."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from desktop.actions import instruments, payouts, syncing
from desktop.actions.sync_storage import LedgerStep
from desktop.actions.workspace import Workspace
from desktop.ledger.instrument import Instrument
from desktop.store import database as opened
from desktop.store import reach, sync_rows
from desktop.sync.ports import BaseRow
from desktop.sync.waiting import CARRIES
from tests.actions.making import FINANCE, MAY, PINS, declare, posted, scheme
from tests.actions.test_large_payouts import many
from tests.actions.test_linear import Steps
from tests.actions.two_seats import Seats, at_one_hub

FEW, MANY = 100, 400
SECRET = "SN-90210-WEIHAI"


def refused(seats: Seats, n: int) -> None:
    """A run of ``n`` services under a scheme whose name holds a confidential text: both stay here, and the hub refuses what hangs on them."""
    first, _ = seats
    many(first, n)
    instruments.add(first, Instrument("", "S9", "某仪器", 50_000_000, True, True, date(2020, 1, 1), filing_number=SECRET))
    payouts.add_scheme(first, replace(scheme(), name=f"{SECRET} 分配办法"))
    declare(first)
    payouts.prepare(first, MAY, f"{SECRET} 分配办法", FINANCE, PINS[FINANCE])


def work(home: Path, folder: Path, n: int, steps: Steps) -> dict[str, int]:
    """Steps of the run in which it is refused, and of the next one, in which nothing has changed."""
    with at_one_hub(home, folder) as seats:
        refused(seats, n)
        first = seats[0]
        found = {name: steps.of(lambda: syncing.sync(first, remote="hub")) for name in ("refused", "again")}
        waits = Counter((row.kind, row.code) for row in syncing.parked(first, remote="hub"))
        assert waits["scheme", CARRIES] == waits["payout_run", CARRIES] == 1
        assert waits["payout_line", "link.unknown"] == n
    return found


def growth(home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """How many times the work of a few lines the work of many is."""
    steps = Steps()
    monkeypatch.setattr(opened, "connect", steps.connect(opened.connect))
    few, many = (work(home, folder / str(n), n, steps) for n in (FEW, MANY))
    return {name: many[name] / few[name] for name in few}


def test_a_refused_payout_is_looked_at_in_proportion_to_its_lines(small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = growth(small_home, tmp_path, monkeypatch)
    assert max(found.values()) < 1.3 * (MANY // FEW), found


def test_a_run_that_is_read_for_each_of_its_lines_is_noticed(small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_rows, "RUN_PARTS", ())
    found = growth(small_home, tmp_path, monkeypatch)
    assert min(found.values()) > 1.3 * (MANY // FEW), found


def test_what_a_run_is_made_of_is_hidden_as_the_run_is() -> None:
    for kind in reach.RUN_PARTS:
        assert reach.secret(kind) == f"run_{reach.secret('payout_run')}"
        assert reach.not_yet(kind, reach.HUB) == f"run_{reach.not_yet('payout_run', reach.HUB)}"


def in_one_step(ledger: Workspace) -> list[bool]:
    """Whether a line is withheld before the hub has its run's marks, has them, and has them no more; all in one step."""
    with ledger.write("for tests") as operation:
        step = LedgerStep(operation.connection, reach.HUB, operation=operation)
        line, *marks = [row[0] for row in operation.connection.exec_driver_sql("SELECT id FROM payout_line UNION ALL SELECT id FROM payout_mark")]
        found = [step.standing("payout_line", line).withheld]
        for mark in marks:
            step.put_base(BaseRow("payout_mark", mark, "t", None, "create", "o", {}))
        found.append(step.standing("payout_line", line).withheld)
        step.drop_base("payout_mark", marks[0])
        found.append(step.standing("payout_line", line).withheld)
    return found


def test_a_run_that_is_never_looked_at_again_is_noticed(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    posted(small, "R1")
    declare(small)
    payouts.prepare(small, MAY, "记账", FINANCE, PINS[FINANCE])
    with monkeypatch.context() as broken:
        broken.setattr(LedgerStep, "_base_changed", lambda *_: None)
        assert in_one_step(small) == [True, True, True]


def test_a_run_is_looked_at_again_when_something_was_written(small: Workspace) -> None:
    posted(small, "R1")
    declare(small)
    payouts.prepare(small, MAY, "记账", FINANCE, PINS[FINANCE])
    assert in_one_step(small) == [True, False, True]
