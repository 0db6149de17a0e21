"""A year's income against cost, worked out by hand: versions with and without a build-up, edges, declared costs, reversals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from desktop.actions import costs, explaining, fees, records, reporting, yearly_balance
from desktop.actions.workspace import Workspace
from desktop.actions.yearly_balance import Line
from desktop.ledger.fees import CostComponent
from desktop.ledger.period import parse
from desktop.ledger.problem import Refused
from desktop.reports import plain
from desktop.rules import yearly_balance as rules
from tests.actions.making import INSIDE, fee_version, posted

LAST = date(2025, 12, 31)


def build_up(workspace: Workspace, asset: str, fen: int, *, rate: Decimal | None = None) -> None:
    """Give the first version of an instrument a cost price: consumables, and management as a rate on them."""
    version = fees.versions(workspace, asset)[0]
    parts = [CostComponent("", version.schedule.id, "consumables", fen, None, "采购单")]
    if rate is not None:
        parts.append(CostComponent("", version.schedule.id, "management", None, rate, "办法"))
    fees.set_components(workspace, version.schedule.id, parts)


def lines(workspace: Workspace) -> dict[str, Line]:
    return {one.instrument.asset_number: one for one in yearly_balance.year(workspace, parse("2025"), LAST).lines}


@pytest.mark.parametrize(
    ("hourly_fen", "verdict", "surplus_fen"),
    [(18001, "within", -2), (18000, "within", 0), (17999, "above", 2)],
    ids=["a fen above the income", "exactly the income", "a fen below the income"],
)
def test_the_edge_between_within_and_above(small: Workspace, hourly_fen: int, verdict: str, surplus_fen: int) -> None:
    posted(small, "R1", minutes=120)  # 360.00 for two hours outside
    build_up(small, "A1", hourly_fen)
    found = lines(small)["A1"].balance
    assert (found.income_fen, found.verdict, found.surplus_fen) == (36000, verdict, surplus_fen)


def test_each_version_is_rounded_once_and_then_added(small: Workspace) -> None:
    posted(small, "R1", minutes=100)  # 300.00
    build_up(small, "A1", 10000, rate=Decimal("0.15"))  # 115.00 an hour: 100 minutes are 191.666…
    assert lines(small)["A1"].balance.cost_fen == 19167
    fee_version(small, "A1", date(2025, 7, 1), "测试", "小时", "60", "180")
    posted(small, "R2", day=date(2025, 8, 5), minutes=100)
    unknown = lines(small)["A1"].balance
    assert (unknown.cost_fen, unknown.known_cost_fen, unknown.unknown_minutes, unknown.verdict) == (None, 19167, 100, "unknown")
    version = fees.versions(small, "A1")[1]
    fees.set_components(small, version.schedule.id, [CostComponent("", version.schedule.id, "consumables", 10000, None, "采购单")])
    both = lines(small)["A1"].balance
    assert (both.cost_fen, both.income_fen, both.verdict) == (19167 + 16667, 60000, "above")


def test_what_is_taken_back_counts_on_neither_side(small: Workspace) -> None:
    posted(small, "R1")
    posted(small, "R2", day=date(2025, 5, 7), customer_name=INSIDE)
    build_up(small, "A1", 5000)
    records.reverse(small, "R1", "登错")
    found = lines(small)["A1"].balance
    assert (found.minutes, found.income_fen, found.cost_fen) == (60, 6000, 5000)


def test_declared_costs_count_by_days_and_withdrawn_ones_do_not(small: Workspace) -> None:
    posted(small, "R1")
    costs.cost_add(small, "consumables", "A1", date(2024, 12, 22), date(2025, 1, 20), 3000, "PZ-1")  # 20 of 30 days
    costs.cost_add(small, "energy", None, date(2025, 1, 1), date(2025, 12, 31), 7700, "PZ-2")
    found = yearly_balance.year(small, parse("2025"), LAST)
    assert {one.instrument.asset_number: one.declared_fen for one in found.lines} == {"A1": 2000}
    assert (dict(found.declared), found.whole_unit_fen) == ({"consumables": 2000, "energy": 7700}, 7700)
    assert rules.declared_fen([], parse("2025")) == 0


def test_confidential_instruments_are_counted_apart(small: Workspace) -> None:
    posted(small, "R1", asset="S1")
    found = yearly_balance.year(small, parse("2025"), LAST)
    assert (found.lines, found.n_withheld) == ((), 1)
    text = plain.text(reporting.content(small, "balance", "2025"))
    assert "特种雷达" not in text
    assert "另有涉密 1 项未列" in text


def test_the_explanation_names_versions_rule_and_postings(small: Workspace) -> None:
    posted(small, "R1", minutes=120)
    build_up(small, "A1", 17999)
    tree = explaining.explain(small, "balance", "A1", period="2025")
    said = explaining.as_lines(tree)
    assert "收入高于成本" in said[0]
    assert not [line for line in said if "balance." in line or "fee." in line or "parameter." in line]
    income = next(part for part in tree.walk() if part.code == "balance.version_income")
    assert income.rows is not None
    assert [row["record_number"] for row in explaining.rows(small, income.rows)] == ["R1"]
    for wrong in ("A2", "A9"):
        with pytest.raises(Refused, match=r"balance\.nothing_earned"):
            explaining.explain(small, "balance", wrong, period="2025")


def test_the_sheet_warns_of_what_earned_more_than_it_cost(small: Workspace) -> None:
    posted(small, "R1", minutes=120)
    build_up(small, "A1", 17999)
    text = plain.text(reporting.content(small, "balance", "2025"))
    assert "有 1 台（套）全年收入高于按成本价折算的成本" in text
    assert "确定性 C" in text
    build_up(small, "A1", 18000)
    assert "全年收入高于按成本价折算的成本" not in plain.text(reporting.content(small, "balance", "2025"))


def test_all_sets_are_set_against_what_was_declared(small: Workspace) -> None:
    posted(small, "R1", minutes=120)  # 360.00
    posted(small, "R2", asset="S1", minutes=60)  # confidential: on neither side
    whole = yearly_balance.year(small, parse("2025"), LAST).whole
    assert (whole.state, whole.revenue_fen, whole.cost_fen) == ("unknown", 36000, None)
    assert "与全年申报成本相比: 未知，没有申报成本" in plain.text(reporting.content(small, "balance", "2025"))
    costs.cost_add(small, "none", "A1", date(2025, 1, 1), LAST, 0, "")
    assert yearly_balance.year(small, parse("2025"), LAST).whole.state == "unknown", "one set does not speak for all"
    costs.cost_add(small, "none", None, date(2025, 1, 1), LAST, 0, "")
    assert yearly_balance.year(small, parse("2025"), LAST).whole.state == "above", "that there was no cost is declared"
    costs.cost_add(small, "energy", "A1", date(2025, 1, 1), LAST, 35999, "电费单")
    costs.cost_add(small, "staff", "S1", date(2025, 1, 1), LAST, 9999, "工资表")
    assert yearly_balance.year(small, parse("2025"), LAST).whole.state == "above"
    costs.cost_add(small, "consumables", None, date(2025, 12, 31), date(2026, 1, 1), 2, "采购单")  # a fen of it is of the year
    whole = yearly_balance.year(small, parse("2025"), LAST).whole
    assert (whole.state, whole.cost_fen) == ("within", 36000)
    assert "与全年申报成本相比: 不高于申报成本（360.00 元）" in plain.text(reporting.content(small, "balance", "2025"))
    said = explaining.as_lines(explaining.explain(small, "balance", "whole", period="2025"))
    assert "不高于成本" in said[0]
    assert any("A1 扫描电镜" in line for line in said)
    assert any("水电气" in line for line in said)
    assert not [line for line in said if "balance." in line or "payout." in line]


BROKEN: dict[str, Callable[[int, int, int, int], str]] = {
    "equal counts as above": lambda income, minutes, cost, unknown: "above" if income >= cost else "within",
    "unknown hours cost nothing": lambda income, minutes, cost, unknown: "above" if income > cost else "within",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_verdict_would_be_seen(small: Workspace, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    posted(small, "R1", minutes=120)
    build_up(small, "A1", 18000)
    posted(small, "R2", asset="A2")
    good = {number: line.balance.verdict for number, line in lines(small).items()}
    assert good == {"A1": "within", "A2": "unknown"}
    monkeypatch.setattr(rules, "_verdict", BROKEN[name])
    assert {number: line.balance.verdict for number, line in lines(small).items()} != good
