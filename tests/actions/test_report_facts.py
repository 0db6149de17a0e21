"""What the reports say of a real ledger: read from the content model and back from the printed pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from desktop import words
from desktop.actions import management, payouts, records, reporting
from desktop.actions.payouts import Run
from desktop.actions.workspace import Workspace, today
from desktop.ledger import money
from desktop.ledger.management import ManagementDocument
from desktop.reports import pdf, plain
from desktop.reports.content import Content, Table, Waterfall
from desktop.store.facts import INSTRUMENTS
from tests.actions.making import (
    FINANCE,
    JUNE,
    PINS,
    approve,
    enter,
    posted,
    prepare,
    reversed_run,
    scheme,
    settled,
    some_work,
    sound,
    whole,
)
from tests.actions.test_yearly_balance import build_up
from tests.reports import paper


def printed(workspace: Workspace, kind: str, period: str, run: str | None = None) -> str:
    """The report's text as it is found in the PDF."""
    content = reporting.content(workspace, kind, period, run)
    return paper.running("".join(paper.pages(pdf.render(content, today()).data)))


def test_the_quarter_counts_no_confidential_record_among_those_not_posted(small: Workspace) -> None:
    posted(small, "R1")
    enter(small, "R2")
    said = "本期另有1条记录尚未记账，未计入记录数、机时和收入"
    assert said in printed(small, "quarterly", "2025Q2")
    enter(small, "R3", "S1")
    assert said in printed(small, "quarterly", "2025Q2"), "the confidential one is not told of"
    enter(small, "R4")
    assert "本期另有2条记录尚未记账" in printed(small, "quarterly", "2025Q2")


def test_the_quarter_says_where_a_reversal_counts_and_counts_it_there(small: Workspace) -> None:
    posted(small, "R1")
    posted(small, "R2")
    records.reverse(small, "R2", "重复")
    text = plain.text(reporting.content(small, "quarterly", "2025Q2"))
    assert "冲销的服务从其服务当期扣除" in text
    assert "服务记录: 1 条" in text


def weighed(workspace: Workspace) -> Run:
    """May paid by amount × coefficient: T002 has 1.2, T003 0.8; costs of 100.01."""
    some_work(workspace)
    payouts.add_scheme(workspace, scheme("系数", use_coefficient=True))
    return settled(workspace, name="系数", cost=100_01)


def taken_back(workspace: Workspace) -> Run:
    """After it R2, done by T002, is reversed; June brings R5, and a run takes R2 back."""
    weighed(workspace)
    records.reverse(workspace, "R2", "客户退款")
    posted(workspace, "R5", day=date(2025, 6, 3), operator_name="T001")
    return prepare(workspace, JUNE, "系数")


def tables(content: Content) -> dict[str, Table]:
    """The tables of a report by their first head."""
    return {block.columns[0].head: block for block in content.blocks if isinstance(block, Table)}


def column(table: Table, head: str) -> list[object]:
    place = [one.head for one in table.columns].index(head)
    return [row[place] for row in table.rows]


def test_the_sheet_can_be_worked_out_again_by_hand(small: Workspace) -> None:
    run = weighed(small)
    content = reporting.content(small, "payout", "2025", run.number)
    people = tables(content)["序号"]
    bases, factors, weights = (column(people, head) for head in ("计权金额", "角色系数", "分配权重"))
    assert [Decimal(str(base)) / 100 * Decimal(str(factor)) for base, factor in zip(bases, factors, strict=True)] == weights
    together = sum(Decimal(str(weight)) for weight in weights)
    parts = [int(run.pool_fen * Decimal(str(weight)) / together) for weight in weights]
    assert parts == column(people, "按权重分得")
    left = [Decimal(str(fen)) for fen in column(people, "尾差")]
    assert sum(left) == run.pool_fen - sum(parts)
    assert column(people, "应发金额") == [part + rest for part, rest in zip(parts, left, strict=True)]
    receivers = dict(zip(column(tables(content)["接收方"], "接收方"), column(tables(content)["接收方"], "分配依据"), strict=True))
    assert receivers["学校"] == f"总收入 {money.text(run.income_fen)} × 10%"
    assert receivers["实验室"].startswith("余额 ")
    assert receivers["实验室"].endswith(" 的全部")
    text = printed(small, "payout", "2025", run.number)
    assert "权重＝计权金额×角色系数" in text
    assert f"÷权重合计{together:,.2f}" in text
    assert sound(small)


def test_what_is_taken_back_has_a_row_a_record_and_a_reason(small: Workspace) -> None:
    run = taken_back(small)
    content = reporting.content(small, "payout", "2025", run.number)
    others = tables(content)["接收方"]
    told = list(zip(column(others, "接收方"), column(others, "分配依据"), strict=True))
    assert [name for name, _ in told] == ["学校", "实验室", "学校", "实验室", "本单位承担"], (
        "in the order of the scheme, then given back"
    )
    assert {how for _, how in told[2:4]} == {"冲销 R2（FP2025-001 原分配）"}
    assert told[4][1] == "被冲销收入原先承担的成本和本单位留存"
    steps = next(block for block in content.blocks if isinstance(block, Waterfall)).steps
    assert [(step.sign, step.fen, step.note) for step in steps[:2]] == [
        ("", 180_00, "按记账金额"),
        ("-", 300_00, "冲销 R2（FP2025-001 原分配）"),
    ]
    assert "加被冲销服务原先从其他技术人员处多分的" in steps[-1].note
    assert -100_01 * 300 // 639 <= next(share.fen for share in run.shares if share.receiver == "kept") < 0, (
        "its part of the costs"
    )
    assert {share.how for share in run.shares if share.fen < 0 and share.name == "学校"} == {"冲销 R2（FP2025-001 原分配）"}
    assert "payout.rest_back" in {one.code for one in run.findings}
    assert whole(run)
    assert sound(small)
    assert "冲销R2（FP2025-001原分配）" in printed(small, "payout", "2025", run.number)


def test_a_confidential_service_taken_back_is_not_named(small: Workspace) -> None:
    posted(small, "R1")
    posted(small, "R7", "S1")
    settled(small)
    for number in ("R1", "R7"):
        records.reverse(small, number, "作废")
    run = prepare(small, JUNE)
    text = plain.text(reporting.content(small, "payout", "2025", run.number))
    assert "冲销 R1、涉密服务 1 项（FP2025-001 原分配）" in text
    assert "R7" not in text


def test_a_sheet_that_pays_nobody_says_so_on_every_page(small: Workspace) -> None:
    some_work(small)
    run = prepare(small)

    def marks(number: str) -> str:
        content = reporting.content(small, "payout", "2025", number)
        pages = paper.pages(pdf.render(content, today()).data)
        assert all((content.mark or "不作发放依据") in page for page in pages) == bool(content.mark)
        return content.mark

    assert marks(run.number) == "未审批，不作发放依据"
    payouts.withdraw(small, run.number, FINANCE, PINS[FINANCE])
    assert marks(run.number) == "已撤回，不作发放依据"
    again = prepare(small, cost=None)
    approve(small, again)
    assert marks(again.number) == ""
    back = reversed_run(small, again)
    assert marks(again.number) == "已冲销，不作发放依据"
    assert marks(back.number) == ""
    assert "冲销 FP2025-002 原分配" in plain.text(reporting.content(small, "payout", "2025", back.number))


def test_who_prepared_approved_and_closed_stands_with_the_moment(small: Workspace) -> None:
    some_work(small)
    run = settled(small)
    payouts.close(small, run.number, FINANCE, PINS[FINANCE])
    text = plain.text(reporting.content(small, "payout", "2025", run.number))
    for line in ("编制人: ", "审批人: ", "结清人: "):
        told = next(each for each in text.splitlines() if each.startswith(line))
        assert told.count(":") == 2, told


@pytest.mark.parametrize("kind", reporting.KINDS)
def test_paper_in_english_leaves_only_what_people_wrote(small: Workspace, kind: str) -> None:
    taken_back(small)
    words.use("en")
    try:
        content = reporting.content(small, kind, "2025")
        told = plain.text(replace(content, letterhead=replace(content.letterhead, institution="Q", sources=())))
    finally:
        words.use("zh")
    for own in ("合计", "冲销", "余额", "总收入", "权重", "首", "确定性", "未", "校内", "；", "：", "，", "。", "、"):
        assert own not in told, [line for line in told.splitlines() if own in line]


def test_the_published_fees_can_be_read_by_an_outsider(practice: Workspace) -> None:
    """The practice list writes 首小时200，续每小时50, 1天, 同1260: the sheet says what they mean, by asset number."""
    content = reporting.content(practice, "fees", "2026")
    table = next(block for block in content.blocks if isinstance(block, Table))
    numbers = column(table, "资产编号")
    assert numbers == sorted(str(number) for number in numbers)
    nmr = numbers.index("2020170019")
    assert column(table, "校内价（元）")[nmr] == "首小时 200.00\n以后每小时 50.00"
    assert column(table, "校外价（元）")[nmr] == "首小时 250.00\n以后每小时 62.50"
    assert column(table, "最低预约")[numbers.index("2022170041")] == "1天"
    text = plain.text(content)
    for left in ("同1260", "250/200", "24小时起", "内部价", "外部价", "“小时”"):
        assert left not in text


def test_the_fee_sheet_says_what_is_served_and_how_one_comes_to_it(small: Workspace) -> None:
    with small.write("what the register says") as operation:
        sets = {one.asset_number: one for one in INSTRUMENTS.find(operation.connection)}
        told: dict[str, Any] = {"service_content": "形貌观察", "user_notes": "预约后送样", "booking_url": "https://example.cn/a1"}
        told |= {"contact": "王工", "phone": "0531-1"}
        INSTRUMENTS.update(operation.connection, [replace(sets["A1"], **told), replace(sets["S1"], service_content="机密内容")])
    text = plain.text(reporting.content(small, "fees", "2026", on=date(2026, 3, 1)))
    served = text[text.index("共享内容和流程") :]
    for said in ("形貌观察", "预约后送样", "https://example.cn/a1", "王工", "0531-1", "未填"):
        assert said in served, said
    assert "机密内容" not in text
    assert "管理制度" not in text
    for kind, number, title in (("fees", "校发1号", "收费管理办法"), ("flow", "校发2号", "开放服务流程"), ("sharing", "校发3号", "开放共享管理办法")):
        until = date(2026, 2, 28) if kind == "sharing" else None
        management.enter(small, ManagementDocument("", kind, number, title, date(2024, 9, 1), date(2024, 9, 1), until))
    text = plain.text(reporting.content(small, "fees", "2026", on=date(2026, 3, 1)))
    assert "依据本单位管理制度：《收费管理办法》（校发1号）。" in text, "what is over by then is not cited"
    assert "共享流程按本单位《开放服务流程》（校发2号）办理。" in text
    assert "《开放共享管理办法》（校发3号）、《收费管理办法》（校发1号）" in plain.text(reporting.content(small, "fees", "2026", on=date(2026, 2, 28)))


@pytest.mark.parametrize(
    ("entered", "printed"),
    [
        ("收费管理办法", "《收费管理办法》"), ("《收费管理办法》", "《收费管理办法》"), ("转发《收费管理办法》", "《转发《收费管理办法》》"),
        ("《收费管理办法》实施细则", "《《收费管理办法》实施细则》"), ("《甲》和《乙》", "《《甲》和《乙》》"),
    ],
)  # fmt: skip
def test_a_title_that_is_cited_loses_no_mark_of_its_own(small: Workspace, entered: str, printed: str) -> None:
    management.enter(small, ManagementDocument("", "fees", "校发1号", entered, date(2024, 9, 1), date(2024, 9, 1), None))
    assert f"依据本单位管理制度：{printed}（校发1号）。" in plain.text(reporting.content(small, "fees", "2026", on=date(2026, 3, 1)))


@pytest.mark.parametrize(("retired", "there"), [(date(2026, 3, 1), False), (date(2026, 3, 2), True), (None, True)])
def test_a_set_is_on_the_fee_sheet_until_it_is_retired(small: Workspace, retired: date | None, there: bool) -> None:
    with small.write("a set that goes") as operation:
        sets = {one.asset_number: one for one in INSTRUMENTS.find(operation.connection)}
        INSTRUMENTS.update(operation.connection, [replace(sets["A2"], retired_on=retired)])
    assert ("质谱仪" in plain.text(reporting.content(small, "fees", "2026", on=date(2026, 3, 1)))) == there


@pytest.mark.parametrize(("fen", "above"), [(180_01, False), (180_00, False), (179_99, True)])
def test_the_fee_sheet_claims_no_compensation_of_cost_where_a_price_is_above_it(small: Workspace, fen: int, above: bool) -> None:
    build_up(small, "A1", fen)
    build_up(small, "S1", 1)
    text = plain.text(reporting.content(small, "fees", "2026", on=date(2026, 3, 1)))
    assert ("不以盈利为目的" in text) != above
    assert ("有 1 个收费项目折合每小时的价格高于录入的成本价，请核对价格和成本构成后再公布。" in text) == above
    assert "有 1 个收费项目没有录入成本构成或不按小时计，没有与成本价比较。" in text, "the one by the sample; nothing is told of the confidential set"


def test_the_fee_sheet_says_of_how_many_services_nobody_compared_the_cost(small: Workspace) -> None:
    assert "有 2 个收费项目没有录入成本构成或不按小时计，没有与成本价比较。" in plain.text(reporting.content(small, "fees", "2026", on=date(2026, 3, 1)))
