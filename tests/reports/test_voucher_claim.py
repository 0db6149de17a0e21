"""The claim on paper: sums that agree, the amount in capitals, unknown shown as unknown, both languages, real PDF bytes twice the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from desktop import words
from desktop.reports import pdf, plain
from desktop.reports.voucher_claim import ClaimedUse, ClaimFacts, Elsewhere, report
from tests.reports.samples import LETTERHEAD

PAPERS = (("contract", "attached"), ("invoice", "missing"))
USES = (
    ClaimedUse("R1", date(2026, 6, 1), 1000_00, 1000_00, Decimal("0.6"), 600_00, 300_00, PAPERS),
    ClaimedUse("W1", date(2026, 7, 1), 500_31, 500_31, Decimal("0.6"), 300_19, 150_09, outside=True),
)
FACTS = ClaimFacts("C1", 2026, "甲公司", "91370102MA0000015A", "聊城市", "small", "draft", 500_000_00, "C", USES, ("R1缺发票",))


def test_sums_and_capitals() -> None:
    text = plain.text(report(FACTS, LETTERHEAD))
    assert "1,500.31" in text
    assert "900.19" in text
    assert "玖佰元壹角玖分" in text
    assert "申请市级部分：450.09 元，大写 肆佰伍拾元零玖分" in text
    assert "省市合计申请 1,350.28 元，大写 壹仟叁佰伍拾元贰角捌分" in text
    assert "省外仪器" in text
    assert "R1缺发票" in text
    assert "500,000.00" in text


def test_an_unknown_part_makes_the_total_unknown() -> None:
    text = plain.text(report(replace(FACTS, uses=(USES[0], replace(USES[1], granted_fen=None)), open_=()), LETTERHEAD))
    assert "申请省级创新券：未知。" in text
    assert "申请市级部分：450.09 元，大写 肆佰伍拾元零玖分" in text, "the city's part is known all the same"
    assert "省市合计申请：未知。" in text
    assert "还不能提交" not in text


def test_english_is_whole() -> None:
    words.use("en")
    try:
        text = plain.text(report(replace(FACTS, open_=()), LETTERHEAD))
    finally:
        words.use("zh")
    assert "Claim of Innovation Vouchers" in text
    assert "Instrument elsewhere" in text


def test_the_same_claim_gives_the_same_bytes() -> None:
    day = date(2026, 7, 2)
    assert pdf.render(report(FACTS, LETTERHEAD), day).data == pdf.render(report(FACTS, LETTERHEAD), day).data


def test_the_size_says_what_it_rests_on() -> None:
    def said(by: str, day: date | None = date(2026, 3, 1)) -> str:
        return plain.text(report(replace(FACTS, size_by=by, certified_on=day), LETTERHEAD))

    assert "规模依据: 规模证明，2026-03-01 认定" in said("certificate")
    assert "按行业、人数、营业收入、资产推算" in said("calculated", None)
    assert "证明无效的服务日" in said("mixed")
    assert "规模依据" not in said("")


def test_the_search_stands_beside_the_use_elsewhere() -> None:
    searched = Elsewhere(
        "W1", "江苏省", "某所", "透射电镜", date(2026, 6, 20), "球差电镜", date(2026, 6, 19), (("电镜甲", "某大学", "停机"), ("电镜乙", "某院", "")), "精度不够"
    )
    text = plain.text(report(replace(FACTS, searches=(searched, Elsewhere("W2", "江苏省", "某所", "质谱仪"))), LETTERHEAD))
    lines = [[cell.strip() for cell in line.split("|")] for line in text.splitlines()]
    assert ["W1", "江苏省", "某所", "透射电镜", "2026-06-20", "球差电镜", "2026-06-19", "2", "精度不够"] in lines
    assert ["W1", "电镜甲", "某大学", "停机"] in lines
    assert ["W1", "电镜乙", "某院", "没有说明"] in lines
    assert [line[4] for line in lines if line[0] == "W2"] == ["没有检索"]
    assert "省外仪器和省内检索" not in plain.text(report(FACTS, LETTERHEAD))


def test_what_the_city_adds_is_left_to_it_where_nobody_knows() -> None:
    def said(*top_up: int | None) -> str:
        uses = tuple(replace(use, top_up_fen=fen) for use, fen in zip(USES, top_up, strict=True))
        return plain.text(report(replace(FACTS, uses=uses, open_=()), LETTERHEAD))

    none = said(None, None)
    assert "申请省级创新券：900.19 元，大写 玖佰元壹角玖分。" in none
    assert "市级部分：未知，由市级核定。" in none
    assert "已知部分合计申请 900.19 元，大写 玖佰元壹角玖分；市级未知的部分不在内，以市级核定为准。" in none
    one = said(300_00, None)
    assert "申请市级部分：已知 300.00 元，大写 叁佰元整；另有 1 项未知，由市级核定。" in one
    assert "已知部分合计申请 1,200.19 元" in one
    assert "市级部分：未知" not in said(0, 0), "nothing is known to be nothing"
