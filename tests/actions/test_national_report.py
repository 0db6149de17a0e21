"""The two annexes of the yearly effect: totals of the form, every voucher and every set, nothing confidential."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from desktop.actions import explaining, instruments, national_messages, posting, reporting
from desktop.actions.workspace import Workspace
from desktop.ledger.period import parse
from desktop.ledger.problem import Refused
from desktop.reports import plain
from desktop.reports.content import Content, KeyValues, Table
from tests.actions import making
from tests.actions.test_national import SOUND


def parts(content: Content) -> tuple[dict[str, str], Table]:
    values = next(block for block in content.blocks if isinstance(block, KeyValues))
    return dict(values.pairs), next(block for block in content.blocks if isinstance(block, Table))


def test_every_voucher_is_listed_once_and_the_totals_are_those_of_the_form(small: Workspace) -> None:
    for number, asset in (("R1", "A1"), ("R2", "A1"), ("R3", "A2"), ("R4", "S1")):
        making.posted(small, number, asset, minutes=60)
    for number, fen, invoice, day in (("R1", 18_000, "F1", 5), ("R2", 10_000, "F1", 6), ("R3", 3_300, "F2", 7), ("R4", 9_000, "F3", 8)):
        posting.receive(small, number, date(2025, 6, day), fen, invoice)
    posting.receive(small, "R2", date(2026, 1, 1), 8_000, "F4")
    content = reporting.content(small, "national_income", "2025")
    totals, table = parts(content)
    assert list(totals.values()) == ["2", "0.03", "0.03"]
    assert [(row[1], row[4], row[5], row[6]) for row in table.rows] == [
        ("F1", 28_000, "扫描电镜", making.OUTSIDE), ("F2", 3_300, "质谱仪", making.OUTSIDE),
    ]  # fmt: skip
    assert table.total is not None
    assert table.total[4] == 31_300
    assert [column.head for column in table.columns] == ["日期", "凭证编号", "经办人", "摘要", "金额（元）", "设备名称", "付款单位"]
    text = plain.text(content)
    assert "F3" not in text
    assert "特种雷达" not in text
    assert "另有涉密 1 项未列" in text
    following = parts(reporting.content(small, "national_income", "2026"))[1]
    assert [row[1] for row in following.rows] == ["F4"]


def test_an_invoice_written_in_two_ways_is_one_line_as_it_is_one_voucher(small: Workspace) -> None:
    for number, asset in (("R1", "A1"), ("R2", "A1"), ("R3", "A2")):
        making.posted(small, number, asset, minutes=60)
    told = (("R1", 18_000, "ＦＰ（2025）8号", 6), ("R2", 10_000, "FP〔2025〕8 号", 5), ("R3", 3_300, "fp(2025)8号", 7))
    for number, fen, invoice, day in told:
        posting.receive(small, number, date(2025, 6, day), fen, invoice)
    totals, table = parts(reporting.content(small, "national_income", "2025"))
    assert totals["合计发票总数"] == "1"
    assert [(row[0], row[1], row[4], row[5]) for row in table.rows] == [
        (date(2025, 6, 6), "FP〔2025〕8 号", 28_000, "扫描电镜"), (date(2025, 6, 7), "fp(2025)8号", 3_300, "质谱仪"),
    ]  # fmt: skip
    assert table.total is not None
    assert table.total[4] == sum(row[4] for row in table.rows if isinstance(row[4], int)) == 31_300


def test_lines_that_are_one_by_their_letters_alone_would_be_seen(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop.store import national as rows

    monkeypatch.setattr(rows, "compared", str)
    with pytest.raises(AssertionError):
        test_an_invoice_written_in_two_ways_is_one_line_as_it_is_one_voucher(small)


def test_a_refund_takes_its_voucher_out(small: Workspace) -> None:
    making.posted(small, "R1")
    posting.receive(small, "R1", date(2025, 6, 1), 18_000, "F1")
    with small.read() as connection:
        key = connection.exec_driver_sql("SELECT id FROM receipt").scalar_one()
    posting.receive_back(small, "R1", key, None, "登错")
    totals, table = parts(reporting.content(small, "national_income", "2025"))
    assert (list(totals.values())[1:], len(table.rows)) == (["0.00", "0.00"], 0)


@pytest.mark.parametrize(("fen", "listed"), [(49_999_999, False), (50_000_000, True), (50_000_001, True), (None, False)])
def test_sets_are_listed_from_the_threshold_itself(small: Workspace, fen: int | None, listed: bool) -> None:
    instruments.add(small, replace(SOUND, value_fen=fen))
    content = reporting.content(small, "national_assets", "2025")
    assert ("N1" in {row[0] for row in parts(content)[1].rows}) == listed
    assert ("没有原值" in plain.text(content)) == (fen is None)


def test_the_sheet_has_the_form_s_columns_and_only_what_was_there_that_year(small: Workspace) -> None:
    instruments.add(small, replace(SOUND, booked_on=date(2026, 1, 1)))
    instruments.add(small, replace(SOUND, asset_number="N2", booked_on=date(2025, 12, 31)))
    instruments.add(small, replace(SOUND, asset_number="N3", retired_on=date(2025, 12, 31)))
    totals, table = parts(reporting.content(small, "national_assets", "2025"))
    assert [row[0] for row in table.rows] == ["A1", "A2", "N2"]
    assert table.rows[2][1:8] == ("扫描电镜", "场发射扫描电镜", "Sigma 500", Decimal("118.63"), date(2025, 12, 31), "分析测试中心", "蔡司")
    assert list(totals.values()) == ["50.00", "3 台（套）", "218.63"]
    heads = ["资产编号", "资产分类", "资产名称", "规格型号", "价值（万元）", "建账日期", "使用部门", "生产厂家", "备注"]
    assert [column.head for column in table.columns] == heads
    assert "老旧、性能落后；在线检测；配件不单独使用；涉密；正在调试" in plain.text(reporting.content(small, "national_assets", "2025"))


def test_what_may_be_confidential_is_in_neither_annex_nor_in_the_form_until_somebody_says(small: Workspace) -> None:
    instruments.add(small, replace(SOUND, asset_number="N8", name="拉曼光谱仪", confidential=None))
    making.fee_version(small, "N8", date(2025, 1, 1), "测试", "小时", "10", "33")
    for number, asset, invoice in (("R1", "A1", "F1"), ("R2", "N8", "F2"), ("R4", "S1", "F3")):
        making.posted(small, number, asset, minutes=60)
        posting.receive(small, number, date(2025, 6, 5), 3_300, invoice)
    instruments.add(small, replace(SOUND, asset_number="N9", confidential=None, value_fen=None))
    effect, withheld = national_messages.effect(small, parse("2025"))
    assert (effect.n_vouchers, effect.income_fen, effect.n_sets, effect.sets_fen) == (1, 3_300, 2, 100_000_000)
    assert (effect.n_unstated_vouchers, effect.n_unstated_sets, withheld) == (1, 2, 2)
    told = {one.code: dict(one.params)["n"] for one in effect.findings}
    assert told == {"national_effect.sets_unstated": "2", "national_effect.vouchers_unstated": "1"}
    income, assets = (reporting.content(small, kind, "2025") for kind in ("national_income", "national_assets"))
    assert [row[1] for row in parts(income)[1].rows] == ["F1"]
    assert [row[0] for row in parts(assets)[1].rows] == ["A1", "A2"]
    for content, n in ((income, "有 1 笔到账的仪器没有注明是否涉密"), (assets, "有 2 台（套）没有注明是否涉密")):
        said = plain.text(content)
        assert n in said
        assert "另有涉密 1 项未列" in said
        assert "没有原值" not in said
        assert "拉曼光谱仪" not in said
    instruments.change(small, replace(instruments.get(small, "N8"), confidential=False))
    assert national_messages.effect(small, parse("2025"))[0].income_fen == 6_600


def test_an_annex_is_of_a_calendar_year(small: Workspace) -> None:
    for kind in ("national_income", "national_assets"):
        with pytest.raises(Refused, match=r"national\.effect_year"):
            reporting.content(small, kind, "2025Q3")


def test_the_year_s_figures_are_explained_down_to_the_sets(small: Workspace) -> None:
    tree = explaining.explain(small, "effect", "2025")
    said = explaining.as_lines(tree)
    assert not [line for line in said if "national_effect." in line or "parameter." in line]
    assert any("国发〔2014〕70号" in line for line in said)
    sets = next(part for part in tree.walk() if part.code == "national_effect.n_sets")
    assert sets.rows is not None
    assert {row["asset_number"] for row in explaining.rows(small, sets.rows)} == {"A1", "A2"}
    for wrong in ("去年", "2025Q1"):
        with pytest.raises(Refused, match=r"national\.effect_year"):
            explaining.explain(small, "effect", wrong)
