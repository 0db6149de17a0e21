"""Declared costs that reach over several runs, in a real ledger: deducted by days, given back by a reversal, seen everywhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from desktop.actions import costs, explaining, payout_views, payouts, reporting
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Problem, Refused
from desktop.rules import cost_parts
from tests.actions.making import (
    FINANCE,
    JUNE,
    MAY,
    PINS,
    approve,
    everything,
    posted,
    refused,
    reversed_run,
    some_work,
    sound,
    whole,
)  # fmt: skip

FIRST = date(2025, 5, 1)


def _run(workspace: Workspace, to: date) -> payouts.Run:
    return payouts.prepare(workspace, to, "记账", FINANCE, PINS[FINANCE])


def _two_months(workspace: Workspace) -> str:
    """61.00 for the 61 days of May and June, and work in both; the key of the row."""
    some_work(workspace)
    posted(workspace, "R9", day=date(2025, 6, 2))
    costs.cost_add(workspace, "energy", None, FIRST, JUNE, 61_00, "PZ-7")
    return costs.costs(workspace)[0].id


def _state(workspace: Workspace) -> tuple[str, int, tuple[str, ...]]:
    (one,) = payout_views.declared_costs(workspace)
    return one.state, one.used_fen, one.run_numbers


def test_each_run_deducts_its_days_and_all_of_them_the_row(small: Workspace) -> None:
    _two_months(small)
    assert payout_views.open_balance(small, MAY).cost_fen == 31_00
    may = approve(small, _run(small, MAY))
    assert (may.cost_fen, whole(may)) == (31_00, True)
    (told,) = [f for f in may.findings if f.code == "payout.cost_part"]
    assert told.severity == "note"
    assert dict(told.params) | {"left": "30.00", "yuan": "31.00", "whole": "61.00", "days": "31"} == dict(told.params)
    assert _state(small) == ("part", 31_00, (may.number,))
    june = _run(small, JUNE)
    assert (june.cost_fen, whole(june)) == (30_00, True)
    assert "payout.cost_part" not in {f.code for f in june.findings}, "nothing is left for later"
    assert _state(small) == ("deducted", 61_00, (may.number, june.number))
    posted(small, "R10", day=date(2025, 6, 3))
    assert refused(_run, small, JUNE)[1:] == ["payout.costs_deducted"]
    assert sound(small)


def test_a_reversed_run_gives_its_days_back(small: Workspace) -> None:
    _two_months(small)
    may = approve(small, _run(small, MAY))
    june = approve(small, _run(small, JUNE))
    back = reversed_run(small, may)
    assert back.cost_fen == -31_00
    assert _state(small) == ("part", 30_00, (june.number,))
    uses = payout_views.declared_costs(small)[0].uses
    assert [(use.run_number, use.fen, use.counts) for use in uses] == [
        (may.number, 31_00, False), (june.number, 30_00, True), (back.number, -31_00, False)
    ]  # fmt: skip
    again = _run(small, MAY)
    assert (again.cost_fen, again.income_fen) == (may.cost_fen, may.income_fen), "the same run again deducts the same days"
    assert _state(small)[:2] == ("deducted", 61_00)
    assert sound(small)


def test_a_wrong_row_is_taken_back_after_the_run_is_withdrawn(small: Workspace) -> None:
    key = _two_months(small)
    run = _run(small, MAY)
    before = everything(small)
    assert refused(costs.cost_remove, small, key) == ["payout.cost_used"]
    assert everything(small) == before
    payouts.withdraw(small, run.number, FINANCE, PINS[FINANCE])
    costs.cost_remove(small, key)
    assert costs.costs(small) == []
    assert payout_views.declared_costs(small)[0].state == "withdrawn"
    assert refused(_run, small, MAY)[1:] == ["payout.no_cost_statement"], "what was taken back is deducted by no run"
    assert payouts.show(small, run.number).cost_fen == 31_00, "the withdrawn run still says what it was"
    from desktop.actions import history

    history.undo_last(small)
    assert _run(small, MAY).cost_fen == 31_00
    assert sound(small)


def test_the_explanation_and_the_sheet_show_the_days(small: Workspace, tmp_path: Path) -> None:
    _two_months(small)
    run = _run(small, MAY)
    tree = payouts.explain(small, run.number)
    (cost,) = [part for part in tree.walk() if part.code == "payout.cost_unit"]
    assert (cost.value, cost.how, cost.note) == (31_00, "by_days", "PZ-7")
    told = {part.code: part.value for part in cost.walk()}
    assert told["payout.cost_whole"] == 61_00
    assert (told["payout.cost_days"], told["payout.cost_period_days"], told["payout.cost_left"]) == (31, 61, 30_00)
    assert cost.rows is not None
    assert [row["document"] for row in explaining.rows(small, cost.rows)] == ["PZ-7"]
    text = "\n".join(explaining.as_lines(tree))
    assert "水电气" in text
    assert "[" not in text.replace("[2", ""), "every code has words"
    from desktop.reports import plain

    content = reporting.content(small, "payout", period="2025", run=run.number)
    paper = plain.text(content)
    assert "2025-05-01 至 2025-06-30 申报 61.00 元" in paper
    assert "本次分摊 2025-05-01 至 2025-05-31，31/61 天" in paper
    assert "按日历天数分摊" in paper


@pytest.mark.parametrize(
    ("start", "end", "fen", "code"),
    [
        ("2025-05-31", "2025-06-30", 31_00, "payout.settled"),
        ("2025-06-01", "2025-06-30", 30_01, "payout.cost_part_wrong"),
        ("2025-06-01", "2025-06-30", 29_99, "payout.cost_part_wrong"),
        ("2025-06-01", "2025-07-01", 31_00, "payout.cost_part_wrong"),
        ("2025-06-01", "2025-06-30", 30_00, None),
    ],
)
def test_the_database_deducts_a_day_once_and_at_its_price(
    small: Workspace, start: str, end: str, fen: int, code: str | None
) -> None:
    key = _two_months(small)
    first = _run(small, MAY)
    copy = (
        "INSERT INTO payout_run SELECT 'copy', 'FP-COPY', to_on, scheme_id, 'prepared', basis, 0, 0, 0, '{}', prepared_by, prepared_at, "
        "NULL, NULL, NULL, NULL, NULL, '', '[]' FROM payout_run WHERE number = ?"
    )

    def cheat() -> None:
        with small.write("cheat") as operation:
            operation.connection.exec_driver_sql(copy, (first.number,))
            operation.connection.exec_driver_sql("INSERT INTO payout_cost VALUES ('c', 'copy', ?, ?, ?, ?)", (key, start, end, fen))

    if code is None:
        cheat()
    else:
        with pytest.raises(Refused, match=code):
            cheat()


def test_a_deducted_row_never_changes(small: Workspace) -> None:
    _two_months(small)
    _run(small, MAY)
    for sql in ("UPDATE cost_row SET fen = fen + 1", "UPDATE cost_row SET withdrawn = 1", "DELETE FROM cost_row"):
        with pytest.raises(Problem), small.write("cheat") as operation:
            operation.connection.exec_driver_sql(sql)
    assert sound(small)


@pytest.mark.parametrize("fen", [1, 7, 99_99, 123_456_789_012])
def test_the_database_and_the_rule_agree_on_every_day(small: Workspace, fen: int) -> None:
    """The trigger counts in integers what the rule counts in fractions: 92 runs, one for each day."""
    some_work(small)
    costs.cost_add(small, "energy", None, FIRST, date(2025, 7, 31), fen, "PZ-7")
    row = costs.costs(small)[0]
    run = _run(small, FIRST.replace(day=6))
    with small.write("every day") as operation:
        connection = operation.connection
        for n in range(7, 93):
            day = date.fromordinal(FIRST.toordinal() + n - 1)
            key = f"day-{n}"
            connection.exec_driver_sql(
                "INSERT INTO payout_run SELECT ?, ?, to_on, scheme_id, 'prepared', basis, 0, 0, 0, '{}', prepared_by, prepared_at, "
                "NULL, NULL, NULL, NULL, NULL, '', '[]' FROM payout_run WHERE number = ?",
                (key, key, run.number),
            )
            part = (key, key, row.id, day.isoformat(), day.isoformat(), cost_parts.span_fen(row, (day, day)))
            connection.exec_driver_sql("INSERT INTO payout_cost VALUES (?, ?, ?, ?, ?, ?)", part)
    assert _state(small)[:2] == ("deducted", fen)
