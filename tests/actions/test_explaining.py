"""The why of every figure: duties, fees, records and payouts end in facts, rules with clause and certainty, and rows that open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from desktop import words
from desktop.actions import duties, explaining, fees, overview, payouts, records
from desktop.actions.workspace import Workspace
from desktop.ledger.fees import CostComponent
from desktop.ledger.period import parse
from desktop.rules.figure import Figure, Rows
from desktop.store.facts import CUSTOMERS
from tests.actions.explained import unexplained
from tests.actions.making import (
    APPROVER,
    FINANCE,
    INSIDE,
    JUNE,
    MAY,
    OFFICE,
    PINS,
    declare,
    enter,
    posted,
    prepare,
    refused,
    reversed_run,
    scheme,
    settled,
    some_work,
    sound,
)  # fmt: skip


def codes(tree: Figure) -> dict[str, Figure]:
    return {part.code: part for part in tree.walk()}


def all_of(workspace: Workspace) -> Iterator[tuple[str, Figure]]:
    """Every figure the command line can be asked for."""
    for duty in duties.every(workspace):
        for day in (date(2019, 6, 1), date(2026, 3, 2)):
            yield f"duty {duty.asset_number} {day}", explaining.explain(workspace, "duty", duty.asset_number, day)
        if fees.versions(workspace, duty.asset_number):
            yield f"fee {duty.asset_number}", explaining.explain(workspace, "fee", duty.asset_number)
    with workspace.read() as connection:
        numbers = [row[0] for row in connection.exec_driver_sql("SELECT number FROM service_record ORDER BY number")]
    for number in numbers:
        yield f"record {number}", explaining.explain(workspace, "record", number)
    for run in payouts.every(workspace):
        yield f"payout {run.number}", explaining.explain(workspace, "payout", run.number)
    yield "overview", overview.read(workspace, parse("2025"), date(2026, 3, 2)).unsettled


def test_every_figure_of_a_worked_ledger_is_explained(small: Workspace) -> None:
    some_work(small)
    payouts.add_scheme(small, scheme("对外", include_internal=False))
    settled(small, name="对外", cost=100_01)
    records.reverse(small, "R2", "重复")
    posted(small, "R5", day=date(2025, 6, 3), minutes=95)
    posted(small, "R6", "S1", day=date(2025, 6, 4))
    enter(small, "R7", customer_name="没这个单位")
    records.receive(small, "R5", date(2025, 6, 9), 100_00, "FP-1")
    second = settled(small, JUNE, cost=7)
    reversed_run(small, second)
    prepare(small, JUNE, "到账")
    found = [f"{name}: {told}" for name, tree in all_of(small) for told in unexplained(small, tree)]
    assert found == []
    assert sound(small)


def test_every_figure_of_the_practice_ledger_is_explained(practice: Workspace) -> None:
    records.post(practice)
    found = [f"{name}: {told}" for name, tree in all_of(practice) for told in unexplained(practice, tree)]
    assert found == []


def test_a_tree_without_words_or_with_a_wrong_sum_is_noticed(small: Workspace) -> None:
    """The check itself: each kind of gap is told."""
    posted(small, "R1")
    with small.read() as connection:
        (key,) = connection.exec_driver_sql("SELECT id FROM posting").one()
    good = Figure("payout.income_month", 180_00, "fen", "sum", rows=Rows("posting", (key,)), params=(("month", "2025-05"),))
    assert list(unexplained(small, good)) == []
    for wrong in (
        replace(good, code="payout.nowhere"),
        replace(good, how="by_magic"),
        replace(good, value=180_01),
        replace(good, rows=Rows("posting", (key, "gone"))),
        replace(good, rows=None),
        Figure("payout.income", 1, "fen", "sum", inputs=(good,)),
        Figure("payout.law_cap", 1, "fen", "at_most"),
    ):
        assert list(unexplained(small, wrong)), wrong


# Records


def test_a_posted_record_is_explained_as_it_was_posted(small: Workspace) -> None:
    """The customer turns out to be of the institution itself afterwards: what was fixed keeps its class and its tree."""
    fen = posted(small, "R1", minutes=100)
    with small.write("now internal") as operation:
        (outside,) = [c for c in CUSTOMERS.find(operation.connection) if not c.internal]
        CUSTOMERS.update(operation.connection, [replace(outside, internal=True)])
    tree = explaining.explain(small, "record", "R1")
    assert tree.value == fen == 300_00
    found = codes(tree)
    assert found["fee.amount"].value == fen
    assert found["record.figure.class"].value == "校外"
    assert records.price(small, "R1").priced is not None


def test_a_record_says_what_became_of_it(small: Workspace) -> None:
    posted(small, "R1")
    posted(small, "R2", customer_name=INSIDE, contract="")
    assert "下一次分配会计入" in str(codes(explaining.explain(small, "record", "R1"))["record.figure.open"].value)
    payouts.add_scheme(small, scheme("对外", include_internal=False))
    run = settled(small, name="对外")
    found = codes(explaining.explain(small, "record", "R1"))
    assert (found["record.figure.settled"].value, found["record.figure.payout_income"].value) == (81_00, 180_00)
    assert dict(found["record.figure.payout"].params)["run"] == run.number
    waiting = codes(explaining.explain(small, "record", "R2"))
    assert "“对外”不计入校内服务" in str(waiting["record.figure.open"].value)
    assert waiting["payout.include_internal"].value is False
    records.receive(small, "R1", date(2025, 6, 1), 100_00, "FP-1")
    found = codes(explaining.explain(small, "record", "R1"))
    assert found["record.figure.received"].value == 100_00
    receipt = records.receipts(small, "R1")[0]
    records.receive_back(small, "R1", receipt.id, None, "录错")
    records.reverse(small, "R1", "重复")
    settled(small, JUNE, name="对外")
    found = codes(explaining.explain(small, "record", "R1"))
    assert found["record.figure.reversed"].value == -180_00
    assert found["record.figure.reversed"].note == "重复"
    assert found["record.figure.payout_back"].value == -81_00
    assert found["record.figure.settled"].value == 0


def test_under_money_received_a_record_waits_for_its_money(small: Workspace) -> None:
    posted(small, "R1")
    posted(small, "R2")
    records.receive(small, "R1", date(2025, 5, 20), 180_00, "FP-1")
    settled(small, MAY, "到账")
    assert "尚未到账" in str(codes(explaining.explain(small, "record", "R2"))["record.figure.open"].value)
    assert codes(explaining.explain(small, "record", "R1"))["record.figure.settled"].value == 81_00


# Fees and payouts


def test_prices_in_force_are_explained_against_the_cost_price(small: Workspace) -> None:
    key = fees.add_version(small, "A1", date(2025, 9, 1), title="新标准", person=OFFICE, pin=PINS[OFFICE])
    old = fees.version(small, fees.versions(small, "A1")[0].schedule.id)
    fees.set_lines(small, key, [replace(line, id="", schedule_id=key) for line in old.lines])
    parts = [CostComponent("", key, "depreciation", 169_47, evidence="资产卡"), CostComponent("", key, "management", 30_00, evidence="文")]
    fees.set_components(small, key, parts)
    fees.approve(small, key, APPROVER, PINS[APPROVER])
    tree = explaining.explain(small, "fee", "A1")
    assert (tree.value, codes(tree)["fee.cost_price"].value) == ("within", 199_47)
    told = {dict(part.params)["customer_class"]: part.value for part in tree.walk() if part.code == "fee.line_compared"}
    assert told == {"fee.class.internal": "within", "fee.class.external": "within"}
    rule = codes(tree)["parameter.definition.non_profit"]
    assert ("第9条" in rule.clause, rule.certainty) == (True, "D")
    said = "\n".join(explaining.as_lines(tree))
    assert "不高于成本" in said
    assert "within" not in said
    assert codes(explaining.explain(small, "fee", "A1", date(2025, 2, 1)))["fee.cost_price"].value is None, "unknown, not zero"
    assert refused(explaining.explain, small, "fee", "A1", date(2024, 12, 31)) == ["explain.no_fee"]
    assert refused(explaining.explain, small, "fee", "A404") != []


def test_a_reversing_run_is_explained_by_the_run_it_takes_back(small: Workspace) -> None:
    some_work(small)
    first = settled(small, cost=100_01)
    back = reversed_run(small, first, "算错了")
    tree = explaining.explain(small, "payout", back.number)
    assert (tree.value, dict(tree.params)["run"]) == (-first.pool_fen, first.number)
    assert codes(tree)["payout.reversal_reason"].value == "算错了"
    assert codes(tree)["payout.run"].value == first.pool_fen


@pytest.mark.parametrize("kind", ["weather", ""])
def test_an_unknown_kind_is_refused_in_words(small: Workspace, kind: str) -> None:
    declare(small)
    assert refused(explaining.explain, small, kind, "A1") == ["explain.kind"]
    assert FINANCE


def test_english_lines_have_english_signs(small: Workspace) -> None:
    tree = explaining.explain(small, "duty", "A1", date(2026, 3, 2))
    words.use("en")
    try:
        told = explaining.as_lines(tree)
    finally:
        words.use("zh")
    assert told[0].startswith("Duty to join: Overdue  [decided by rule]")
    assert not [line for line in told if "：" in line]
    assert "：" in explaining.as_lines(tree)[0]
