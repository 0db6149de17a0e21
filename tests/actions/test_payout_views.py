"""What the payout page is told beside a run: the open balance, the run before, declared costs, who may take a step."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from desktop.actions import payout_views, payouts, reporting
from desktop.actions.payout_views import Beside
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Problem
from tests.actions import making
from tests.actions.making import JUNE, MAY


def balance(workspace: Workspace, to: date = MAY) -> tuple[int, int, int, int]:
    found = payout_views.open_balance(workspace, to)
    return found.payable.n, found.payable.fen, found.no_operator.n, found.cost_fen


def test_the_balance_is_what_the_next_run_would_settle(small: Workspace) -> None:
    making.posted(small, "R1")
    making.posted(small, "R2", day=JUNE)
    making.declare(small, 700)
    assert balance(small) == (1, 18_000, 0, 700)
    assert balance(small, JUNE) == (2, 36_000, 0, 700)
    drafted = payouts.draft(small, JUNE, "记账").run
    assert (drafted.income_fen, drafted.cost_fen) == (36_000, 700)
    run = making.prepare(small, cost=None)
    assert balance(small) == (0, 0, 0, 0)  # a prepared run holds its records
    payouts.withdraw(small, run.number, making.FINANCE, making.PINS[making.FINANCE])
    assert balance(small) == (1, 18_000, 0, 700)


def test_a_draft_is_the_run_that_is_prepared_and_writes_nothing(small: Workspace) -> None:
    making.posted(small, "R1")
    making.posted(small, "R2", operator_name="T002", minutes=95)
    making.declare(small, 1_234)
    before = making.everything(small)
    drafted = payouts.draft(small, MAY, "记账")
    assert making.everything(small) == before
    run = making.prepare(small, cost=None)
    assert [(one.name, one.fen, one.remainder, one.n_lines) for one in drafted.run.shares] == [
        (one.name, one.fen, one.remainder, one.n_lines) for one in run.shares
    ]
    assert drafted.figure == payouts.explain(small, run.number)
    assert "payout_run" in run.changes.kinds


def test_a_run_is_compared_with_the_newest_standing_one_before_it(small: Workspace) -> None:
    making.posted(small, "R1")
    first = making.settled(small)
    assert payout_views.compare(small, first) is None
    making.posted(small, "R2", day=JUNE, operator_name="T002")
    second = making.settled(small, JUNE, cost=100)
    found = payout_views.compare(small, second)
    assert found is not None
    assert found.before.number == first.number
    by_name = {(line.what, line.staff_number): line for line in found.lines}
    assert by_name["income", ""] == Beside("income", "", "", 18_000, 18_000)
    assert by_name["cost", ""].more_fen == 100
    gone, come = by_name["technician", "T001"], by_name["technician", "T002"]
    assert (gone.fen, gone.before_fen, gone.more_fen) == (None, 8_100, None)  # unknown, not zero
    assert come.before_fen is None
    making.reversed_run(small, first)
    assert payout_views.compare(small, second) is None  # what was reversed is no measure


def test_declared_costs_name_the_run_that_deducted_them(small: Workspace) -> None:
    making.posted(small, "R1")
    making.declare(small, 700)
    assert [(one.run_numbers, one.state) for one in payout_views.declared_costs(small)] == [((), "open")]
    run = making.settled(small, cost=0)
    assert {(one.run_numbers, one.state) for one in payout_views.declared_costs(small)} == {((run.number,), "deducted")}


@pytest.mark.parametrize(
    ("step", "names"),
    [
        ("prepare", {making.FINANCE, making.LAB, making.OFFICE}),
        ("approve", {making.FINANCE, making.APPROVER, making.OFFICE}),
        ("reopen_month", {making.APPROVER}),
    ],
)
def test_only_people_whose_role_allows_a_step_are_offered(small: Workspace, step: str, names: set[str]) -> None:
    assert {person.name for person in payout_views.allowed(small, step)} == names


def test_a_printed_file_is_told_from_any_other(small: Workspace, tmp_path: Path) -> None:
    made = reporting.make(small, "joining", period="2025", out=tmp_path / "joining.pdf")
    assert "printed_report" in made.changes.kinds
    digest, entry = reporting.of_file(small, made.path)
    assert entry is not None
    assert (entry.digest, entry.kind) == (digest, "joining")
    made.path.write_bytes(made.path.read_bytes() + b"\n")
    assert reporting.of_file(small, made.path)[1] is None
    with pytest.raises(Problem, match="cannot_read"):
        reporting.of_file(small, tmp_path / "nowhere.pdf")
