"""Random histories under ordinary schemes: no fen lost, none paid twice, costs deducted once, every run explained to its rows.

Unlike test_money_walk, amounts are odd, people have coefficients, costs reach over several runs, internal service is left out by
one of the schemes, months are closed and reopened; the institution is a university or an enterprise.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from desktop.actions import costs, institution, payout_views, payouts, people, records
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.allocation import Share
from desktop.ledger.problem import Refused
from desktop.rules import cost_parts, settlement, settlement_figure
from desktop.store import open_balance, unsettled
from tests.actions.explained import unexplained
from tests.actions.making import INSIDE, draft, scheme, sound, whole

ONE, OTHER = "编制人", "审批人"  # without PINs: a PIN costs more time than the step
DAYS = [date(2025, month, 10) for month in (5, 6, 7, 8)]
END = date(2025, 12, 31)
SHARES = (
    Share("fund", "基金", "gross", Decimal("0.07")),
    Share("technicians", "技术人员", "rest", Decimal("0.93")),
    Share("laboratory", "实验室", "rest", Decimal(1)),
)
VERBS = (
    "post", "post", "post", "reverse", "replace", "receive", "receive", "refund", "cost", "cost", "prepare", "prepare", "approve",
    "withdraw", "reverse run", "take cost back", "close month", "reopen month",
)  # fmt: skip
Steps = list[tuple[str, int, int]]


@pytest.fixture(scope="module", params=["university", "enterprise"])
def walk_home(request: pytest.FixtureRequest, small_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp(f"walk-{request.param}") / "home"
    shutil.copytree(small_home, home)
    with open_ledger(home) as workspace:
        people.add(workspace, ONE, "finance")
        people.add(workspace, OTHER, "approver")
        old = institution.get(workspace)
        institution.change(workspace, name=old.name, code=old.uscc, kind=request.param, region=old.region)
        usual = scheme("全部", shares=SHARES, use_coefficient=True, evaluations=(("T002", Decimal("0.9")),), remainder_to="T003")
        payouts.add_scheme(workspace, usual)
        payouts.add_scheme(workspace, replace(usual, name="对外", include_internal=False, weigh="minutes"))
        payouts.add_scheme(workspace, replace(usual, name="收到", basis="received"))
    return home


class Walk:
    """One history on one ledger; ``done`` counts the steps that were not refused, ``wrong`` is what a step saw amiss."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.numbers: list[str] = []
        self.done: dict[str, int] = defaultdict(int)
        self.wrong: list[str] = []

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
        day = DAYS[a % 4] + timedelta(days=len(self.numbers) // 11)
        record = draft(self.workspace, number, "A1", day, 7 * (b % 9 + 1), operator_name=f"T00{a % 3 + 1}")
        if b % 3 == 0:
            record = replace(record, customer_name=INSIDE, contract="")
        records.add(self.workspace, record)
        self._post(number)

    def _post(self, number: str) -> None:
        assert records.post(self.workspace, [number]).posted == 1
        self.numbers.append(number)

    def reverse(self, a: int, b: int) -> None:
        records.reverse(self.workspace, self._number(a), "错")

    def replace(self, a: int, b: int) -> None:
        old = records.get(self.workspace, self._number(a))
        begin = old.started_at + timedelta(days=(b % 3 - 1) * 31)
        new = replace(old, started_at=begin, ended_at=begin + timedelta(minutes=7 * (b % 5 + 1)), operator_name=f"T00{b % 3 + 1}")
        number = records.replace_record(self.workspace, old.number, new, "更正")
        for _, found in records.problems(self.workspace, number):
            records.accept(self.workspace, number, found.code, "核对过")
        self._post(number)

    def receive(self, a: int, b: int) -> None:
        records.receive(self.workspace, self._number(a), DAYS[b % 4] + timedelta(days=5), 3_17 * (b % 9 + 1), f"FP-{a}-{b}")

    def refund(self, a: int, b: int) -> None:
        number = self._number(a)
        came = [one for one in records.receipts(self.workspace, number) if one.reverses is None]
        if came:
            one = came[b % len(came)]
            on = None if b % 2 else one.received_on + timedelta(days=a % 60)
            records.receive_back(self.workspace, number, one.id, on, "退款")

    def cost(self, a: int, b: int) -> None:
        start = DAYS[0] - timedelta(days=9) + timedelta(days=7 * (a % 12))
        costs.cost_add(self.workspace, "energy", None, start, start + timedelta(days=a * 3), 11_13 * b, f"PZ-{a}-{b}")

    def take_cost_back(self, a: int, b: int) -> None:
        found = costs.costs(self.workspace)
        if found:
            costs.cost_remove(self.workspace, found[a % len(found)].id)

    def prepare(self, a: int, b: int) -> None:
        self._prepare(DAYS[a % 4] + timedelta(days=20), ("全部", "对外", "收到")[b % 3])

    def _prepare(self, to: date, name: str) -> None:
        waits = payout_views.open_balance(self.workspace, to, name)
        try:
            run = payouts.prepare(self.workspace, to, name, ONE)
        except Refused as problem:
            if not {"payout.no_cost_statement", "payout.costs_deducted"} & {one.code for one in problem.findings}:
                raise
            costs.cost_add(self.workspace, "none", None, to.replace(day=1), to, 0, "")
            run = payouts.prepare(self.workspace, to, name, ONE)
        if (waits.payable.fen, waits.cost_fen) != (run.income_fen, run.cost_fen):
            self.wrong.append(f"{run.number}: {waits.payable.fen} − {waits.cost_fen} waited, {run.income_fen} − {run.cost_fen} settled")
        apart = {one.code for one in payouts.explain(self.workspace, run.number).inputs}
        if waits.left_out.n and "payout.left_out" not in apart:
            self.wrong.append(f"{run.number}: {waits.left_out.n} left out, but the run does not say so")

    def approve(self, a: int, b: int) -> None:
        payouts.approve(self.workspace, self._run(a), OTHER)

    def withdraw(self, a: int, b: int) -> None:
        payouts.withdraw(self.workspace, self._run(a), ONE)

    def reverse_run(self, a: int, b: int) -> None:
        payouts.approve(self.workspace, payouts.reverse(self.workspace, self._run(a), ONE, "", "算错").number, OTHER)

    def close_month(self, a: int, b: int) -> None:
        month = f"2025-{a % 4 + 5:02d}"
        if month not in {one.month for one in payouts.months(self.workspace) if one.state == "prepared"}:
            payouts.prepare_month(self.workspace, month, ONE)
        payouts.close_month(self.workspace, month, OTHER)

    def reopen_month(self, a: int, b: int) -> None:
        payouts.reopen_month(self.workspace, f"2025-{a % 4 + 5:02d}", OTHER, "", "漏记")

    def settle_all(self) -> Iterator[str]:
        """Settle whatever waits: money received first, for it is asked for, then the rest. What was refused."""
        for name in ("收到", "全部"):
            try:
                self._prepare(END, name)
            except Refused as problem:
                if not problem.findings:
                    yield f"{name}: {problem.code}"
                yield from (
                    f"{name}: {f.code} {f.params}"
                    for f in problem.findings
                    if f.severity == "error" and f.code != "payout.nothing_to_settle"
                )


_COUNTING = (
    "FROM payout_line l JOIN payout_run r ON r.id = l.run_id AND r.reverses IS NULL AND r.state NOT IN ('withdrawn', 'reversed')"
)


def runs_add_up(workspace: Workspace, kind: str) -> Iterator[str]:
    """Every run by itself, reversing ones too: shares, lines, costs and the law."""
    for one in payouts.every(workspace):
        run = payouts.show(workspace, one.number)
        if not whole(run):
            yield f"{run.number}: shares do not add up"
        if kind == "enterprise" and not run.reverses and run.pool_fen > Decimal("0.8") * max(0, run.income_fen - run.cost_fen):
            yield f"{run.number}: {run.pool_fen} is more than 80 % of {run.income_fen} − {run.cost_fen}"
        yield from (f"{run.number}: {told}" for told in unexplained(workspace, payouts.explain(workspace, run.number)))
    with workspace.read() as connection:
        ask = connection.exec_driver_sql
        sums = (
            "SELECT r.number, r.income_fen, (SELECT sum(l.amount_fen) FROM payout_line l WHERE l.run_id = r.id), r.pool_fen, "
            "(SELECT sum(l.fen) FROM payout_line l WHERE l.run_id = r.id), r.cost_fen, "
            "(SELECT sum(c.fen) FROM payout_cost c WHERE c.run_id = r.id) FROM payout_run r"
        )
        for number, income, lines, pool, paid, cost, parts in ask(sums):
            if (income, pool, cost) != (lines or 0, paid or 0, parts or 0):
                yield f"{number}: income {income}/{lines}, pool {pool}/{paid}, cost {cost}/{parts}"
        by_person = (
            "SELECT r.number, s.technician_id, s.fen, (SELECT coalesce(sum(l.fen), 0) FROM payout_line l WHERE l.run_id = r.id "
            "AND l.technician_id = s.technician_id) AS lines FROM payout_share s JOIN payout_run r ON r.id = s.run_id "
            "WHERE s.technician_id IS NOT NULL AND s.fen <> lines"
        )
        yield from (f"share is not its lines: {tuple(row)}" for row in ask(by_person))


def nothing_twice(workspace: Workspace) -> Iterator[str]:
    """Over all standing runs: no posting, receipt or day of a cost counts twice, and each cost is at most its row."""
    with workspace.read() as connection:
        ask = connection.exec_driver_sql
        held = f"SELECT l.posting_id, l.receipt_id, count(*) {_COUNTING} GROUP BY 1, 2 HAVING count(*) > 1"
        yield from (f"held twice: {tuple(row)}" for row in ask(held))
        both = f"SELECT l.posting_id {_COUNTING} GROUP BY 1 HAVING count(DISTINCT l.receipt_id IS NULL) > 1"
        yield from (f"held whole and by parts: {tuple(row)}" for row in ask(both))
    for cost in payout_views.declared_costs(workspace):
        spans = sorted(span for use in cost.uses if use.counts for span in use.spans)
        if any(first[1] >= second[0] for first, second in pairwise(spans)):
            yield f"a day of {cost.row.document} twice"
        if cost.used_fen != sum(cost_parts.span_fen(cost.row, span) for span in spans):
            yield f"{cost.row.document}: not what falls on its days"


def nothing_lost(workspace: Workspace) -> Iterator[str]:
    """Once all is settled: every posting at its amount, at what came in, or at nothing when it was reversed; every cost whole."""
    settled = (
        "SELECT p.record_number, p.amount_fen, EXISTS (SELECT 1 FROM posting q WHERE q.reverses = p.id), "
        f"(SELECT sum(l.amount_fen) {_COUNTING} AND l.receipt_id IS NULL "
        "AND l.posting_id IN (p.id, (SELECT q.id FROM posting q WHERE q.reverses = p.id))), "
        f"(SELECT sum(l.amount_fen) {_COUNTING} AND l.receipt_id IS NOT NULL AND l.posting_id = p.id), "
        "coalesce((SELECT sum(t.fen) FROM receipt t WHERE t.posting_id = p.id), 0) FROM posting p WHERE p.reverses IS NULL"
    )
    with workspace.read() as connection:
        for number, amount, gone, taken, parts, received in connection.exec_driver_sql(settled):
            wanted = 0 if gone else received if parts is not None else amount
            if (taken or 0) + (parts or 0) != wanted:
                yield f"{number}: settled {taken} whole and {parts} by parts, wanted {wanted}"
    balance = payout_views.open_balance(workspace, END, "全部")
    if (balance.payable.fen, balance.left_out.n) != (0, 0):
        yield f"still open: {balance.payable.fen}"


def costs_whole(workspace: Workspace) -> Iterator[str]:
    """Every cost whose period is over is deducted to the fen by a run up to the end."""
    for cost in payout_views.declared_costs(workspace):
        if not cost.row.withdrawn and cost.row.period_to <= END and cost.used_fen != cost.row.fen:
            yield f"{cost.row.document}: {cost.used_fen} of {cost.row.fen} deducted"


def walked(home: Path, folder: Path, steps: Steps) -> list[str]:
    copy = folder / "home"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(home, copy)
    with open_ledger(copy) as workspace:
        kind = institution.get(workspace).kind
        walk = Walk(workspace)
        for step in steps:
            walk.step(*step)
        if steps is _HISTORY and sum(walk.done.values()) < len(steps):
            walk.wrong.append(f"a step of the history was refused: {dict(walk.done)}")
        found = [*walk.wrong, *runs_add_up(workspace, kind), *nothing_twice(workspace)]
        if found:
            return found
        refused = list(walk.settle_all())
        last = [run for run in payouts.every(workspace) if run.to_on == END]
        found = [*refused, *walk.wrong, *runs_add_up(workspace, kind), *nothing_twice(workspace), *nothing_lost(workspace)]
        if last:
            found += costs_whole(workspace)
        return found or ([] if sound(workspace) else ["verify"])


_STEPS = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 40), st.integers(0, 40)), min_size=12, max_size=40)


# A walk that fails is short enough to read; looking for a shorter one takes minutes.
@settings(max_examples=15, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(steps=_STEPS)
def test_no_fen_is_lost_or_paid_twice(walk_home: Path, tmp_path_factory: pytest.TempPathFactory, steps: Steps) -> None:
    assert walked(walk_home, tmp_path_factory.mktemp("walked"), steps) == []


# A cost over several runs, an internal record left out, a paid record reversed, money in parts, a refund: each step is taken.
_HISTORY: Steps = [
    ("post", 0, 1), ("post", 1, 4), ("post", 0, 3), ("cost", 24, 9), ("prepare", 0, 1), ("approve", 0, 0), ("reverse", 0, 0),
    ("post", 0, 5), ("prepare", 1, 0), ("post", 0, 8), ("receive", 4, 1), ("receive", 4, 2), ("prepare", 2, 2), ("refund", 4, 0),
    ("post", 0, 7), ("prepare", 3, 0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "name", "wrong"),
    [
        (settlement, "spread", lambda amount, weights: dict.fromkeys(weights, 0)),
        (cost_parts, "span_fen", lambda row, span: row.fen),
        (unsettled, "refunded_since", lambda connection, to: []),
        (unsettled, "_originals", lambda connection, keys: {}),
        (open_balance, "_lot", lambda scheme, back: "'payable'"),
        (settlement_figure, "_income", lambda settlement: settlement_figure._fen("payout.income", settlement.income_fen, "sum")),
    ],
    ids=["lines", "days", "refunds", "taking back", "left out", "explained"],
)
def test_the_walk_notices_what_is_broken(
    walk_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: object, name: str, wrong: object
) -> None:
    assert walked(walk_home, tmp_path, _HISTORY) == []
    monkeypatch.setattr(place, name, wrong)
    assert walked(walk_home, tmp_path, _HISTORY) != []
