"""Every amount, count, share and hours that a report prints in its tables and pairs stands as a value in the trees it keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.actions import (
    cers,
    explaining,
    instruments,
    payout_comparison,
    payout_comparison_report,
    payout_report,
    pilot,
    printed_figures,
    purchases,
    reclassifying,
    records,
    reporting,
    repricing_report,
    transfer_form,
    transfers,
    voucher_claims,
    voucher_outside,
    vouchers,
)
from desktop.actions.repricing import Asked
from desktop.actions.workspace import Workspace
from desktop.ledger import period as periods
from desktop.ledger.pilot import PilotBase
from desktop.reports import performance as performance_paper
from desktop.reports.content import Content
from desktop.reports.performance import DepartmentLine, Measures, PerformanceFacts, SetLine
from desktop.rules import figure_json
from desktop.rules.figure import Figure
from tests.actions.making import OFFICE, OUTSIDE, PINS, posted, prepare
from tests.actions.printed_numbers import missing, without
from tests.actions.test_cers import FULL
from tests.actions.test_cers import ready as ready
from tests.actions.test_integrity_answers import overlapping as overlapping
from tests.actions.test_national_audit import told as told
from tests.actions.test_payout_comparison import FIRST, SECOND
from tests.actions.test_payout_comparison import two as two
from tests.actions.test_printed_figures import worked as worked
from tests.actions.test_purchase_report import HEAD
from tests.actions.test_purchase_report import known as known
from tests.actions.test_purchases import review
from tests.actions.test_repricing import of_every_kind
from tests.actions.test_voucher_claims import filed
from tests.actions.test_voucher_outside import read, use
from tests.actions.test_vouchers import eligible

ENTERED = (
    "序号",  # the place of a row
    "申购编号", "分类编码", "规格型号", "单台（套）预算", "省财政资金", "中央财政资金", "相似的理由",  # as the purchase was entered
    "移交单编号", "移交日期", "资产编号", "型号", "原值", "建账日期", "网络编号", "批准文号", "编制人", "审批人", "统一社会信用代码",
    "学校代码", "单价（元）", "原值（元）", "名次", "申请编号", "按哪些价格重算", "分配方案",
    "校内价（元）", "校外价（元）",  # prices as they were approved
    "逐笔明细", "逐笔依据",  # posted amounts, fixed with the posting: explain record answers for each
)  # fmt: skip
"""Headings, heads and names of pairs under which stands what was entered, or the place of a row: nothing was reckoned there."""


KEEPING = (
    "fees", "quarterly", "transactions", "performance", "benefit", "rectification", "national_income", "national_assets", "national_audit",
    "pilot_catalogue", "trainings", "sensors", "cers", "management", "university",
    "joining", "transfers", "award", "balance", "pilot_award", "pilot_performance",
)  # fmt: skip


@pytest.mark.parametrize("kind", KEEPING)
def test_every_number_of_a_report_stands_in_its_trees(worked: Workspace, kind: str) -> None:
    assert missing(reporting.content(worked, kind, "2025"), ENTERED) == []


@pytest.mark.parametrize(
    ("kind", "period", "dropped", "told"),
    [
        ("joining", "2025", ("逾期未入网",), "逾期工作日: 1,466"),
        ("transfers", "2025", ("在用仪器",), "不能判断: 2"),
        ("award", "2025", ("缺合同或发票", "按仪器", "按使用单位", "用户评价", "逐笔依据"), "缺合同或发票: 3"),
        ("balance", "2025", ("按仪器", "没有成本价的服务机时"), "机时（小时）: 4.67"),
        ("pilot_award", "2025", ("申报基地", "ZS-1 中试基地"), "对外服务（笔）: 1"),
        ("pilot_performance", "2026", ("上年", "按基地"), "服务机时: 1.00"),
        ("quarterly", "2025", ("服务收入（元）",), "服务收入（元）: 639.00"),
        ("transactions", "2025", ("按仪器",), "金额（元）: 480.00"),
        ("trainings", "2025", ("学时", "总学时"), "总学时: 40"),
        ("performance", "2025", ("服务收入（元）",), "服务收入（元）: 540.00"),
        ("performance", "2026", ("上年同期",), "上年同期: 639.00"),
    ],
)
def test_a_figure_that_is_dropped_is_told(worked: Workspace, kind: str, period: str, dropped: tuple[str, ...], told: str) -> None:
    said = reporting.content(worked, kind, period)
    assert missing(said, ENTERED) == []
    assert told in missing(said, ENTERED, without(said.figures, dropped))


def drawn(ledger: Workspace, made: Path) -> tuple[Figure, ...]:
    return explaining.explain(ledger, "paper", str(made)).inputs


def all_kept(said: Content) -> None:
    """Nothing is missing, and something is when the trees are dropped."""
    assert missing(said, ENTERED) == []
    assert missing(said, ENTERED, ()), "the report prints numbers"


def test_a_purchase_keeps_what_its_review_rests_on(known: Workspace, tmp_path: Path) -> None:
    said = reporting._purchase(known, "SG-1")[1]
    all_kept(said)
    file = reporting.make_purchase(known, "SG-1", out=tmp_path / "draft.pdf").path
    then = drawn(known, file)
    assert then == said.figures == (explaining.explain(known, "purchase", "SG-1"),)
    records.reverse(known, "R1", "登错")
    assert drawn(known, file) == then, "the draft still says what it said"
    assert explaining.explain(known, "purchase", "SG-1") != then[0]


def test_a_purchase_names_no_set_that_became_confidential(known: Workspace, tmp_path: Path) -> None:
    review(known)
    reclassifying.prepare(known, "A3", True, "上级通知", OFFICE, PINS[OFFICE])
    (tree,) = drawn(known, reporting.make_purchase(known, "SG-1", out=tmp_path / "a.pdf").path)
    lines = "\n".join(explaining.as_lines(tree))
    assert "A1" in lines
    assert "A3" not in lines
    assert "场发射" not in lines
    assert tree.value == purchases.view(known, "SG-1").figure.value, "it is counted all the same"


def test_a_handover_keeps_what_was_judged_when_it_was_proposed(small: Workspace, tmp_path: Path) -> None:
    posted(small, "R1", day=date(2025, 5, 6), minutes=90)
    instruments.change(small, replace(instruments.get(small, "A1"), category="通用"))
    proposed = transfers.prepare(small, "A1", "internal", "使用率低", OFFICE, PINS[OFFICE], department="化学系").listed.transfer
    number = proposed.number
    file = reporting.make_handover(small, number, out=tmp_path / "a.pdf").path
    (tree,) = drawn(small, file)
    assert tree == figure_json.from_json(proposed.figure)
    records.reverse(small, "R1", "登错")
    assert drawn(small, file) == (tree,)
    all_kept(transfer_form.gather(small, number, reporting.content(small, "transfers", "2025").letterhead))


def test_a_rectification_report_keeps_its_counts_and_names_nothing_confidential(overlapping: Workspace) -> None:
    said = reporting.content(overlapping, "rectification", "2025")
    all_kept(said)
    told = "\n".join(line for one in said.figures for line in explaining.as_lines(one))
    keys = {key for one in said.figures for part in one.walk() if part.rows for key in part.rows.keys}
    assert "R2" in keys
    assert not keys & {"R3", "R4"}
    assert "R4" not in told


def test_the_self_checks_keep_their_counts_and_name_nothing_confidential(overlapping: Workspace) -> None:
    said = reporting.content(overlapping, "integrity", "2025")
    assert missing(said, (*ENTERED, "机时（小时）")) == [], "the hours of a record are fixed with its posting"
    told = "\n".join(line for one in said.figures for line in explaining.as_lines(one))
    assert "R4" not in told


def test_the_sharing_systems_sheet_keeps_its_counts_and_faults(ready: Workspace) -> None:
    cers.state(ready, "A1", FULL)
    cers.state(ready, "A2", FULL | {"group_id": ""})
    said = reporting.content(ready, "cers", on=date(2026, 11, 23))
    all_kept(said)
    assert "A2" in "\n".join(line for one in said.figures for line in explaining.as_lines(one))


def test_the_audits_sheet_keeps_its_counts_by_year_and_message(told: Workspace) -> None:
    said = reporting.content(told, "national_audit")
    all_kept(said)


def test_a_repricing_keeps_what_it_counts_and_sums(small: Workspace) -> None:
    of_every_kind(small)
    head = reporting.content(small, "transfers", "2025").letterhead
    said = repricing_report.gather(small, periods.parse("2025"), Asked(change=Decimal("0.05")), head)
    all_kept(said)
    lost = missing(said, ENTERED, without(said.figures, ("校外服务", "按使用单位", "按仪器", "不能重算的服务")))
    assert {"校外服务: 3", "变动: 4.92"} <= set(lost)


def test_a_comparison_of_payouts_keeps_growth_hours_and_rows_of_the_schemes(two: Workspace, tmp_path: Path) -> None:
    made = reporting.make_comparison(two, FIRST, SECOND, out=tmp_path / "a.pdf").path
    head = reporting.content(two, "transfers", "2025").letterhead
    said = payout_comparison_report.content(payout_comparison.compare(two, FIRST, SECOND), head)
    all_kept(said)
    assert drawn(two, made) == said.figures
    for dropped, lost in (("逐人对比（金额单位：元）", "增减比例: 95.89"), ("按方案各项（金额单位：元）", "差额: -210.00")):
        assert lost in missing(said, ENTERED, without(said.figures, (dropped,)))


def test_a_payout_sheet_keeps_its_sums_beside_the_tree_of_its_run(worked: Workspace, tmp_path: Path) -> None:
    run = prepare(worked)
    said = reporting.content(worked, "payout", run=run.number)
    trees = drawn(worked, reporting.make(worked, "payout", run=run.number, out=tmp_path / "a.pdf").path)
    lines = (*ENTERED, "计入金额（元）", "分得（元）")  # of the single services: fixed with the run
    assert missing(said, lines, trees) == []
    lost = missing(said, lines, without(trees, ("计入服务", "实验技术人员分配（金额单位：元）")))
    assert {"计入服务: 4", "服务笔数: 4", "机时（小时）: 4.67"} <= set(lost)


def test_a_technicians_statement_keeps_every_line(worked: Workspace, tmp_path: Path) -> None:
    run = prepare(worked)
    trees = drawn(worked, reporting.make_statement(worked, run.number, "T003", out=tmp_path / "a.pdf").path)
    said = payout_report.statement_of(worked, run.number, "T003", reporting.content(worked, "transfers", "2025").letterhead)
    assert missing(said, ENTERED, trees) == []
    lost = missing(said, ENTERED, without(trees, [str(dict(one.params).get("said")) for one in said.figures]))
    assert {"分得（元）: 44.55", "分得（元）: 27.00", "机时（小时）: 2.00"} <= set(lost)


def test_a_claim_keeps_its_sums_and_caps(small: Workspace, tmp_path: Path) -> None:
    filed(small)
    posted(small, "R9", minutes=90)
    vouchers.mark(small, "R9", True)
    voucher_claims.draft(small, "C2", ["R1", "R9"])
    said = reporting._claim(small, "C2")[1]
    all_kept(said)
    assert drawn(small, reporting.make_claim(small, "C2", out=tmp_path / "a.pdf").path) == said.figures
    for dropped, lost in (("服务与金额", "应收费用（元）: 450.00"), ("年度上限", "余额（元）: 499,730.00")):
        assert lost in missing(said, ENTERED, without(said.figures, (dropped,)))


def test_a_claim_of_a_use_elsewhere_keeps_how_many_sets_the_search_found(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    eligible(small)
    read(small, *(f"冷冻透射电镜{n}" for n in range(7)))
    monkeypatch.setattr(voucher_outside, "today", lambda: date(2025, 5, 1))
    voucher_outside.search(small, "透射电镜")
    voucher_outside.enter(small, use(), OUTSIDE, 1)
    voucher_claims.draft(small, "C1", ["W1"])
    said = reporting._claim(small, "C1")[1]
    all_kept(said)
    (searched,) = [one for one in said.figures if dict(one.params).get("said") == "省外仪器和省内检索"]
    assert [(dict(one.params)["said"], one.value) for one in searched.inputs] == [("W1", 7)]


def test_a_catalogue_keeps_how_many_pieces_a_base_has(small: Workspace) -> None:
    pilot.add_base(small, PilotBase("", "ZS-1", "中试基地", started_on=date(2023, 3, 1)))
    all_kept(reporting.content(small, "pilot_catalogue", "2025"))


def test_a_report_of_two_thousand_sets_keeps_a_small_tree() -> None:
    def used(n: int) -> Measures:
        minutes, outside = n * 37 % 90_000, n * 17 % 30_000
        share = Decimal(outside) / (minutes + 1)
        return Measures(n % 97, n % 13, minutes, outside, share, Decimal(minutes) / 96_000, n * 12_345, n * 2_345, Decimal(minutes) / 960)

    sets = tuple(SetLine(f"2019{n:05}", f"扫描电子显微镜{n % 211}", f"学院{n % 40}", "通用", used(n)) for n in range(2_000))
    groups = tuple(DepartmentLine(f"学院{n}", 50, 3, used(n)) for n in range(40))
    said = performance_paper.report(PerformanceFacts("2025 年", None, 900, (), groups, sets, used(5), 0, 0, {}), HEAD)
    assert missing(said) == []
    assert len(printed_figures.packed(said)) < 1_000_000
