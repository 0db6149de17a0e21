"""Random histories of postings, corrections, money and runs: whatever the order, everyone ends with exactly their half.

The scheme gives half of gross to the technicians and amounts are even, so what each person must have been paid over all runs
in force is half of what was settled for their records, to the fen; no rounding can hide a mistake.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.actions import payouts, people, records
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.allocation import Share
from desktop.ledger.problem import Refused
from tests.actions.making import declare, draft, scheme, sound

ONE, OTHER = "编制人", "审批人"  # without PINs: a PIN costs more time than the step
HALF = (Share("technicians", "技术人员", "gross", Decimal("0.5")), Share("laboratory", "实验室", "rest", Decimal(1)))
END = date(2025, 12, 31)
NOTHING = {"payout.nothing_to_settle", "payout.settled_already"}
DAYS = [date(2025, month, 10) for month in (5, 6, 7, 8)]
VERBS = (
    "post",
    "post",
    "reverse",
    "replace",
    "receive",
    "back",
    "refund",
    "prepare",
    "prepare",
    "approve",
    "withdraw",
    "reverse run",
)
Steps = list[tuple[str, int, int]]


@pytest.fixture(scope="module")
def walk_home(small_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("walk") / "home"
    shutil.copytree(small_home, home)
    with open_ledger(home) as workspace:
        people.add(workspace, ONE, "finance")
        people.add(workspace, OTHER, "approver")
        for name in ("posted", "received"):
            payouts.add_scheme(workspace, scheme(f"半 {name}", basis=name, shares=HALF))
    return home


class Walk:
    """One history on one ledger. ``done`` counts the steps that were not refused."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.numbers: list[str] = []
        self.done: dict[str, int] = defaultdict(int)

    def step(self, verb: str, a: int, b: int) -> None:
        try:
            getattr(self, verb.replace(" ", "_"))(a, b)
        except Refused:
            return
        self.done[verb] += 1

    def _number(self, a: int) -> str:
        if not self.numbers:
            raise Refused("record.unknown")
        return self.numbers[a % len(self.numbers)]

    def _run(self, a: int) -> str:
        runs = payouts.every(self.workspace)
        if not runs:
            raise Refused("payout.unknown_run")
        return runs[a % len(runs)].number

    def post(self, a: int, b: int) -> None:
        number = f"R{len(self.numbers) + 1}"
        record = draft(self.workspace, number, "A1", DAYS[a % 4] + timedelta(days=len(self.numbers) // 11), 20 * (b % 5 + 1))
        records.add(self.workspace, replace(record, operator_name=f"T00{a % 3 + 1}"))
        self._post(number)

    def _post(self, number: str) -> None:
        assert records.post(self.workspace, [number]).posted == 1
        self.numbers.append(number)

    def reverse(self, a: int, b: int) -> None:
        records.reverse(self.workspace, self._number(a), "错")

    def replace(self, a: int, b: int) -> None:
        old = records.get(self.workspace, self._number(a))
        shift = timedelta(days=(b % 3 - 1) * 31)
        begin = old.started_at + shift
        new = replace(
            old, started_at=begin, ended_at=begin + timedelta(minutes=20 * (b % 5 + 1)), operator_name=f"T00{b % 3 + 1}"
        )
        number = records.replace_record(self.workspace, old.number, new, "更正")
        for _, found in records.problems(self.workspace, number):
            records.accept(self.workspace, number, found.code, "核对过")
        self._post(number)

    def receive(self, a: int, b: int) -> None:
        records.receive(self.workspace, self._number(a), DAYS[b % 4] + timedelta(days=5), 20_00 * (b % 4 + 1), f"FP-{a}-{b}")

    def _receipt(self, a: int, b: int) -> tuple[str, str, date]:
        number = self._number(a)
        came = [one for one in records.receipts(self.workspace, number) if one.reverses is None]
        if not came:
            raise Refused("receipt.unknown")
        return number, came[b % len(came)].id, came[b % len(came)].received_on

    def back(self, a: int, b: int) -> None:
        number, receipt, _ = self._receipt(a, b)
        records.receive_back(self.workspace, number, receipt, None, "录错")

    def refund(self, a: int, b: int) -> None:
        number, receipt, on = self._receipt(a, b)
        records.receive_back(self.workspace, number, receipt, on + timedelta(days=a % 60), "退款")

    def prepare(self, a: int, b: int) -> None:
        self._prepare(DAYS[a % 4] + timedelta(days=20), ("posted", "received")[b % 2])

    def _prepare(self, to: date, basis: str) -> str:
        declare(self.workspace, 0, to)
        return payouts.prepare(self.workspace, to, f"半 {basis}", ONE).number

    def approve(self, a: int, b: int) -> None:
        payouts.approve(self.workspace, self._run(a), OTHER)

    def withdraw(self, a: int, b: int) -> None:
        payouts.withdraw(self.workspace, self._run(a), ONE)

    def reverse_run(self, a: int, b: int) -> None:
        payouts.approve(self.workspace, payouts.reverse(self.workspace, self._run(a), ONE, "", "算错").number, OTHER)

    def settle_all(self) -> list[str]:
        """Settle whatever waits: money received first, for it is asked for, then the rest by fees posted. What was refused."""
        told = []
        for basis in ("received", "posted"):
            try:
                self._prepare(END, basis)
            except Refused as problem:
                told += [f"{basis}: {f.code} {f.params}" for f in problem.findings if f.severity == "error" and f.code not in NOTHING]
        return told


_COUNTING = (
    "FROM payout_line l JOIN payout_run r ON r.id = l.run_id AND r.reverses IS NULL AND r.state NOT IN ('withdrawn', 'reversed')"
)


def faults(workspace: Workspace, *, at_end: bool) -> list[str]:
    """What is wrong with the money of a ledger, in its own words; empty when all is right."""
    told: list[str] = []
    with workspace.read() as connection:
        ask = connection.exec_driver_sql
        for row in ask(f"SELECT l.posting_id, l.receipt_id, count(*) {_COUNTING} GROUP BY 1, 2 HAVING count(*) > 1"):
            told.append(f"held twice: {row}")
        for row in ask(
            f"SELECT l.posting_id {_COUNTING} GROUP BY 1 HAVING sum(l.receipt_id IS NULL) > 0 AND sum(l.receipt_id IS NOT NULL) > 0"
        ):
            told.append(f"held whole and by parts: {row}")
        for row in ask(
            f"SELECT l.technician_id, sum(l.fen), sum(l.amount_fen) {_COUNTING} GROUP BY 1 HAVING sum(l.fen) * 2 <> sum(l.amount_fen)"
        ):
            told.append(f"not their half: {row}")
        for row in ask(
            f"SELECT l.posting_id {_COUNTING} AND l.reverses IS NOT NULL AND l.reverses NOT IN (SELECT l.id {_COUNTING})"
        ):
            told.append(f"takes back what no run in force pays: {row}")
        by_shares = "SELECT s.technician_id, sum(s.fen) FROM payout_share s WHERE s.technician_id IS NOT NULL AND s.run_id IN ({}) GROUP BY 1"
        counting = "SELECT id FROM payout_run WHERE reverses IS NULL AND state NOT IN ('withdrawn', 'reversed')"
        # Money that went out is what stands: a run and its reversal cancel.
        went_out = "SELECT id FROM payout_run WHERE state IN ('approved', 'closed', 'reversed')"
        standing = "SELECT id FROM payout_run WHERE reverses IS NULL AND state IN ('approved', 'closed')"
        paid, due = dict(ask(by_shares.format(went_out)).all()), dict(ask(by_shares.format(standing)).all())
        told += [
            f"paid {paid.get(key, 0)}, due {due.get(key, 0)}: {key}"
            for key in {*paid, *due}
            if paid.get(key, 0) != due.get(key, 0)
        ]
        for row in ask(
            f"SELECT number, pool_fen, income_fen FROM payout_run WHERE id IN ({counting}) AND pool_fen * 2 <> income_fen"
        ):
            told.append(f"pool is not half: {row}")
        if at_end:
            settled = (
                "SELECT p.record_number, p.amount_fen, EXISTS (SELECT 1 FROM posting q WHERE q.reverses = p.id), "
                f"(SELECT sum(l.amount_fen) {_COUNTING} AND l.receipt_id IS NULL "
                "AND l.posting_id IN (p.id, (SELECT q.id FROM posting q WHERE q.reverses = p.id))), "
                f"(SELECT sum(l.amount_fen) {_COUNTING} AND l.receipt_id IS NOT NULL AND l.posting_id = p.id), "
                "coalesce((SELECT sum(t.fen) FROM receipt t WHERE t.posting_id = p.id), 0) FROM posting p WHERE p.reverses IS NULL"
            )
            for number, amount, gone, whole, parts, received in ask(settled):
                wanted = 0 if gone else received if parts is not None else amount
                if (whole or 0) + (parts or 0) != wanted:
                    told.append(f"{number}: settled {whole} whole and {parts} by parts, wanted {wanted}")
    return told


def walked(home: Path, folder: Path, steps: Steps) -> list[str]:
    copy = folder / "home"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(home, copy)
    with open_ledger(copy) as workspace:
        walk = Walk(workspace)
        for step in steps:
            walk.step(*step)
        found = faults(workspace, at_end=False)
        if not found:
            found = [*walk.settle_all(), *faults(workspace, at_end=True)]
        return found or ([] if sound(workspace) else ["verify"])


_STEPS = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 40), st.integers(0, 40)), min_size=12, max_size=40)


@settings(max_examples=25)
@given(steps=_STEPS)
def test_everyone_ends_with_exactly_their_half(walk_home: Path, tmp_path_factory: pytest.TempPathFactory, steps: Steps) -> None:
    assert walked(walk_home, tmp_path_factory.mktemp("walked"), steps) == []


# A line taken back by a later run from under which the first run is withdrawn: taken back from somebody who was never paid.
_BROKEN: Steps = [("post", 0, 0), ("prepare", 3, 0), ("reverse", 0, 0), ("prepare", 3, 0), ("withdraw", 1, 0)]


def test_the_walk_notices_a_run_withdrawn_from_under_a_later_one(
    walk_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert walked(walk_home, tmp_path, _BROKEN) == []
    monkeypatch.setattr(payouts.payout_facts, "taken_back", lambda facts, later: ())
    assert walked(walk_home, tmp_path, _BROKEN) != []


def test_the_walk_notices_a_refund_that_is_passed_over(walk_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop.store import unsettled

    steps: Steps = [
        ("post", 0, 4),
        ("receive", 0, 0),
        ("prepare", 3, 1),
        ("refund", 0, 0),
        ("reverse", 0, 0),
        ("post", 0, 1),
        ("prepare", 3, 0),
    ]
    assert walked(walk_home, tmp_path, steps) == []
    monkeypatch.setattr(unsettled, "_originals", lambda connection, keys: {})
    assert walked(walk_home, tmp_path, steps) != []
