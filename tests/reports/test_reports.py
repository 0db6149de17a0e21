"""The reports: what each says of small known facts (golden texts), and the promises each makes to its reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from desktop import words
from desktop.ledger import money
from desktop.ledger.period import parse
from desktop.ledger.problem import Problem
from desktop.reports import fee_standard, joining, payout_sheet, pdf, phrases, plain, quarterly, statement, transactions
from desktop.reports.content import Content, Table
from desktop.reports.fee_standard import FeeFacts
from desktop.reports.payout_sheet import CostLine, OtherShare
from desktop.reports.quarterly import SharingLine
from desktop.reports.statement import StatementFacts
from desktop.rules.performance import shared
from tests.reports import paper
from tests.reports.clause_samples import OF_ONE_SET, REPORTS
from tests.reports.samples import (
    FEES,
    JOINING,
    LETTERHEAD,
    LI,
    PAYOUT,
    PRINTED_ON,
    QUARTERLY,
    SECRET,
    SECRET_NUMBER,
    TRANSACTIONS,
    YAO,
    duty,
)


@pytest.mark.parametrize("kind", sorted(REPORTS))
def test_report_says_what_was_read_and_approved(kind: str, golden: Callable[[str, str], None]) -> None:
    golden(f"report-{kind}", plain.text(REPORTS[kind]()))


@pytest.mark.parametrize("kind", sorted(REPORTS))
def test_paper_says_what_the_text_says(kind: str) -> None:
    content = REPORTS[kind]()
    whole = paper.running("".join(paper.pages(pdf.render(content, PRINTED_ON).data)))
    for block in content.blocks:
        if isinstance(block, Table):
            for row in (*block.rows, *([block.total] if block.total else [])):
                for cell, column in zip(row, block.columns, strict=True):
                    lines = plain.written(cell, column).split("\n")
                    assert all(paper.running(line)[:6] in whole for line in lines)


@pytest.mark.parametrize("kind", sorted(REPORTS))
def test_nothing_confidential_is_printed(kind: str) -> None:
    content = REPORTS[kind]()
    inside = plain.text(content) + "".join(paper.pages(pdf.render(content, PRINTED_ON).data))
    assert SECRET not in inside
    assert SECRET_NUMBER not in inside
    assert "某保密单位" not in inside
    assert "涉密" in inside or kind in OF_ONE_SET


def test_a_confidential_row_let_through_is_seen() -> None:
    """The check above looks at what is printed, not at a flag."""
    open_ = replace(JOINING, lines=tuple(replace(line, confidential=False) for line in JOINING.lines))
    assert SECRET in plain.text(joining.report(open_, LETTERHEAD))


@pytest.mark.parametrize("kind", sorted(REPORTS))
def test_english_is_complete(kind: str) -> None:
    words.use("en")
    english = plain.text(REPORTS[kind]())
    for chinese in ("合计", "金额（元）", "说明", "未知", "仪器名称", "确定性", "分配表", "没有", "项未列", "依据："):
        assert chinese not in english


def text_of(content: Content) -> str:
    return plain.text(content)


def test_joining_puts_the_most_urgent_first() -> None:
    lines = (
        duty("1", "甲", "to_join", 5, deadline=date(2026, 1, 22)),
        duty("2", "乙", "to_join", 1, deadline=date(2026, 1, 16)),
        duty("3", "丙", "overdue", -9, deadline=date(2026, 1, 2)),
        duty("4", "丁", "unknown", deadline=None),
    )
    content = joining.report(replace(JOINING, lines=lines), LETTERHEAD)
    table = next(block for block in content.blocks if isinstance(block, Table))
    assert [row[0] for row in table.rows] == ["3", "2", "1", "4"]
    assert [row[6:8] for row in table.rows] == [("", 9), (1, ""), (5, ""), (None, "")]


def test_joining_cites_each_rule_once_under_a_number() -> None:
    """The text of a rule is longer than a column: rows give its number, the notes the text."""
    other = "国家重大科研基础设施和大型科研仪器开放共享管理办法 第11条"
    lines = (duty("1", "甲", "overdue", -9), duty("2", "乙", "to_join", 1, clause=other), duty("3", "丙", "joined", clause=other))
    content = joining.report(replace(JOINING, lines=lines), LETTERHEAD)
    waiting, done, _ = [block for block in content.blocks if isinstance(block, Table)]
    assert [row[-1] for row in (*waiting.rows, *done.rows)] == ["依据 1", "依据 2", "依据 2"]
    assert text_of(content).count(other) == 1
    assert f"规定依据 2：{other}" in text_of(content)


def test_joining_is_silent_about_publication_where_the_network_said_nothing() -> None:
    silent = plain.text(joining.report(replace(JOINING, published=(), told_on=None, n_elsewhere=0), LETTERHEAD))
    assert "网络公布" not in silent
    assert "网络另有" not in silent
    told = plain.text(joining.report(JOINING, LETTERHEAD))
    assert "预约电话长期无人接听" in told
    assert "网络另有 1 台" in told


def test_joining_says_how_many_were_not_accepted_yet() -> None:
    first = JOINING.lines[0]
    later = replace(
        first, asset_number="L1", state="not_obliged", deadline=None, days_left=None, accepted_on=JOINING.on + timedelta(1)
    )
    text = text_of(joining.report(replace(JOINING, lines=(first, later)), LETTERHEAD))
    assert "其中 1 台（套）" in text
    assert "尚未安装验收" not in text_of(joining.report(replace(JOINING, lines=(first,)), LETTERHEAD))


def test_joining_marks_a_provisional_deadline_and_says_why() -> None:
    text = text_of(joining.report(JOINING, LETTERHEAD))
    assert "2027-01-08（暂定）" in text
    assert "标“暂定”的期限" in text
    sure = replace(JOINING, lines=tuple(replace(line, provisional=False) for line in JOINING.lines))
    assert "暂定" not in text_of(joining.report(sure, LETTERHEAD))


def fee_rows(facts: FeeFacts) -> list[dict[str, object]]:
    """The rows of the fee sheet by head."""
    table = next(block for block in fee_standard.report(facts, LETTERHEAD).blocks if isinstance(block, Table))
    return [dict(zip((column.head for column in table.columns), row, strict=True)) for row in table.rows]


def test_fees_keep_unknown_free_and_not_offered_apart() -> None:
    by_item = {row["收费项目"]: row for row in fee_rows(FEES)}
    assert by_item["数据处理"]["校外价（元）"] == "未定"
    assert by_item["活细胞成像"]["校内价（元）"] == 15_000
    assert by_item["活细胞成像"]["开机费（元）"] == ""
    assert by_item["固体碳谱"]["开机费（元）"] == 20_000


def test_fees_stand_by_asset_number_and_say_a_shared_period_once() -> None:
    rows = fee_rows(FEES)
    assert [row["资产编号"] for row in rows] == sorted(str(row["资产编号"]) for row in rows)
    assert [row["执行期"] for row in rows] == ["2025-01-01 起", "2025-01-01 起", "2025-07-01\n至 2026-06-30"]
    alike = replace(FEES, instruments=FEES.instruments[:1])
    assert "执行期" not in fee_rows(alike)[0]
    assert "执行期：2025-01-01 起。" in text_of(fee_standard.report(alike, LETTERHEAD))


@pytest.mark.parametrize(
    ("external", "effective", "rate"),
    [(0, 0, Decimal(0)), (10, 0, Decimal(0)), (0, 10, Decimal(0)), (30, 120, Decimal("0.25")), (120, 120, Decimal(1))],
)
def test_sharing_rate(external: int, effective: int, rate: Decimal) -> None:
    assert shared(external, effective) == rate


def test_quarterly_keeps_unknown_hours_out_of_the_rate_and_says_so() -> None:
    content = quarterly.report(QUARTERLY, LETTERHEAD)
    departments, instruments = [block for block in content.blocks if isinstance(block, Table)]
    assert departments.total == ("合计", 4, 1, 56, 24_100, 6_000, Decimal(6_000) / 24_100, 1_765_055, 1_405_005)
    unknown = next(row for row in instruments.rows if row[0] == "2020004")
    assert unknown[4:7] == (None, None, None)
    assert "有 1 台（套）机时未知" in text_of(content)
    assert sum(row[7] for row in instruments.rows if isinstance(row[7], int)) == 1_765_055


def test_quarterly_says_unknown_when_no_hour_is_known() -> None:
    facts = replace(QUARTERLY, lines=(SharingLine("1", "甲", "部门", 3, None, None, 100, 100),))
    departments = next(block for block in quarterly.report(facts, LETTERHEAD).blocks if isinstance(block, Table))
    assert departments.total == ("合计", 1, 1, 3, None, None, None, 100, 100)


def test_transactions_count_by_the_rule_printed_on_them() -> None:
    content = transactions.report(TRANSACTIONS, LETTERHEAD)
    details = [block for block in content.blocks if isinstance(block, Table)][-1]
    assert [row[1] for row in details.rows] == ["R-0900", "R-0001", "R-0002", "R-0003"]
    assert details.total is not None
    assert details.total[5] == 300_000 + 120_050 + 80_000 - 50_000
    assert "确定性 C" in text_of(content)
    before = transactions.report(replace(TRANSACTIONS, year=2024), LETTERHEAD)
    assert [row[1] for row in [b for b in before.blocks if isinstance(b, Table)][-1].rows] == ["R-0005"]


def test_transactions_rank_by_amount_and_add_up() -> None:
    customers, instruments, details = [
        block for block in transactions.report(TRANSACTIONS, LETTERHEAD).blocks if isinstance(block, Table)
    ]
    assert [(row[1], row[3]) for row in customers.rows] == [("泉城示例生物", 330_000), ("济水示例材料", 120_050)]
    assert customers.total is not None
    assert instruments.total is not None
    assert details.total is not None
    assert customers.total[3] == instruments.total[3] == details.total[5]


def test_missing_evidence_is_said() -> None:
    text = text_of(transactions.report(TRANSACTIONS, LETTERHEAD))
    assert "有 1 笔缺合同或发票" in text
    whole = replace(TRANSACTIONS, lines=tuple(line for line in TRANSACTIONS.lines if line.invoice))
    assert "缺合同" not in text_of(transactions.report(whole, LETTERHEAD))


def test_payout_sheet_adds_up_and_says_it_in_capitals() -> None:
    text = text_of(payout_sheet.report(PAYOUT, LETTERHEAD))
    assert "4,000.00" in text
    assert money.capital(400_000) in text
    rows = {cells[0]: cells[2] for line in text.splitlines() if len(cells := [cell.strip() for cell in line.split("|")]) == 4}
    assert rows == {"接收方": "大写", "学校": "柒佰伍拾元整", "留存": "贰佰伍拾元整", "合计": "壹仟元整"}
    assert "按权重分配不足一分的尾差归入 龘垚" in text
    for box in ("制表", "复核", "审批", "领取人签字"):
        assert f"{box}: ____" in text


@pytest.mark.parametrize(
    "broken",
    [
        {"pool_fen": 400_001},
        {"income_fen": 640_001},
        {"costs": (CostLine("energy", 139_999),)},
        {"others": (OtherShare("学校", 100_001),)},
        {"technicians": (YAO, replace(LI, fen=160_000))},
        {"technicians": (YAO,)},
        {"technicians": (YAO, replace(LI, lines=(replace(LI.lines[0], fen=159_998),)))},
        {"technicians": (replace(YAO, lines=YAO.lines[:2]), LI)},
    ],
)
def test_a_payout_sheet_off_by_a_fen_is_not_made(broken: dict[str, object]) -> None:
    with pytest.raises(Problem, match=r"report\.sums_differ"):
        payout_sheet.report(replace(PAYOUT, **broken), LETTERHEAD)  # type: ignore[arg-type]  # fields as named


def test_a_loss_borne_and_a_reversal_are_set_out() -> None:
    loss = replace(
        PAYOUT, costs=(CostLine("staff", 700_000),), others=(OtherShare("单位承担", -60_000),), pool_fen=0, technicians=()
    )
    text = text_of(payout_sheet.report(loss, LETTERHEAD))
    assert "= 扣除成本后: -600.00" in text
    assert "+ 单位承担: 600.00" in text
    assert "负陆佰元整" in text, "what is borne is not read as received"
    assert "本批次没有可分配的技术人员" in text
    back = replace(
        PAYOUT,
        income_fen=-640_000,
        costs=tuple(replace(cost, fen=-cost.fen) for cost in PAYOUT.costs),
        others=tuple(replace(other, fen=-other.fen) for other in PAYOUT.others),
        pool_fen=-400_000,
        technicians=tuple(
            replace(one, fen=-one.fen, lines=tuple(replace(line, fen=-line.fen) for line in one.lines)) for one in (YAO, LI)
        ),
        reverses="FP-2025-02",
        reason="成本漏报",
    )
    text = text_of(payout_sheet.report(back, LETTERHEAD))
    assert "冲销分配批次 FP-2025-02" in text
    assert "成本漏报" in text
    assert "负肆仟元整" in text


def test_a_confidential_cost_is_deducted_without_its_name() -> None:
    costs = (CostLine("energy", 140_000, "PZ-1-密", SECRET, confidential=True),)
    text = text_of(payout_sheet.report(replace(PAYOUT, costs=costs), LETTERHEAD))
    assert SECRET not in text
    assert "PZ-1-密" not in text
    assert "1,400.00  涉密仪器" in text


def test_statement_lists_every_line_and_marks_what_rides_along() -> None:
    content = statement.report(StatementFacts("FP-1", "截至 2025-09-30", YAO), LETTERHEAD)
    table = next(block for block in content.blocks if isinstance(block, Table))
    assert [(row[1], row[7], row[8]) for row in table.rows] == [
        ("R-0455", 40_000, "补"), ("R-0001", 180_001, ""), ("涉密服务 1 项", 20_000, ""),
    ]  # fmt: skip
    assert table.total is not None
    assert table.total[7] == YAO.fen == sum(row[7] for row in table.rows if isinstance(row[7], int))


def test_statements_begin_on_their_own_pages() -> None:
    texts = paper.pages(pdf.render(REPORTS["payout"](), PRINTED_ON).data)
    for name in ("龘垚（T007）分配明细", "李示例（T011）分配明细"):
        page = next(text for text in texts if name in text)
        assert page.index(name) < page.index("记录编号")
        assert "实验技术人员分配\n" not in page
    short = replace(PAYOUT, with_statements=False)
    assert "分配明细" not in text_of(payout_sheet.report(short, LETTERHEAD))


@pytest.mark.parametrize(
    ("name", "chinese", "english"),
    [("2025", "2025 年", "2025"), ("2025Q3", "2025 年第 3 季度", "Quarter 3 of 2025"), ("2025-07", "2025 年 7 月", "2025-7")],
)
def test_periods_are_said_in_words(name: str, chinese: str, english: str) -> None:
    assert phrases.period_words(parse(name)) == chinese
    words.use("en")
    assert phrases.period_words(parse(name)) == english


def test_names_of_candidates_are_not_cut_into_pieces() -> None:
    """Of a sheet of eleven columns the name and the department keep the room to be read."""
    content = REPORTS["transfers"]()
    table = next(block for block in content.blocks if isinstance(block, Table))
    rooms = {column.head: column.room for column in table.columns}
    assert rooms["仪器名称"] >= 10
    assert rooms["部门"] >= 7
