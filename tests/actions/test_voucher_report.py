"""The paper of a claim from a real ledger: what is open while it is a draft, what was fixed once it is submitted, nothing confidential."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.actions import (
    explaining,
    reclassifying,
    reporting,
    voucher_claims,
    voucher_enterprises,
    voucher_outside,
    voucher_report,
    vouchers,
)
from desktop.actions.workspace import Workspace, today
from desktop.reports import plain
from desktop.reports.content import Content
from tests.actions import making
from tests.actions.making import OUTSIDE
from tests.actions.test_voucher_claims import DAY, filed
from tests.actions.test_voucher_outside import read, use
from tests.actions.test_vouchers import eligible
from tests.reports import paper
from tests.reports.samples import LETTERHEAD


def said(workspace: Workspace) -> Content:
    return voucher_report.content(voucher_claims.show(workspace, "C1"), LETTERHEAD)


def test_a_draft_says_what_is_open_and_is_marked(small: Workspace) -> None:
    filed(small, papers=False)
    content = said(small)
    text = plain.text(content)
    assert content.mark == "草稿"
    assert "这份申请还不能提交" in text
    assert "缺证据材料（合同）" in text
    assert "108.00" in text


def test_a_submitted_claim_is_printed_as_it_was_fixed(small: Workspace) -> None:
    filed(small)
    voucher_claims.step(small, "C1", "submit", DAY)
    voucher_enterprises.describe(small, OUTSIDE, "青岛市即墨区")
    content = said(small)
    text = plain.text(content)
    assert content.mark == ""
    assert "60.00%" in text
    assert "即墨" not in text, "the place is the one by which the rate was taken"
    assert "壹佰零捌元整" in text
    assert "500,000.00" in text
    voucher_claims.step(small, "C1", "accept", DAY, fen=150_00, document="鲁科字〔2025〕1号")
    assert "省市合计通过 150.00 元，大写 壹佰伍拾元整" in plain.text(said(small))


def test_the_certificate_stands_beside_the_size(small: Workspace) -> None:
    filed(small)
    assert "规模依据: 规模证明，2025-03-01 认定" in plain.text(said(small))
    over = voucher_enterprises.Said(industry="工业", n_staff=50, revenue_wan=Decimal(500), size_class="小型", size_on=date(2023, 3, 1))
    voucher_enterprises.describe(small, OUTSIDE, "聊城市", said=over)
    assert "按行业、人数、营业收入、资产推算" in plain.text(said(small)), "the certificate is over on the day of the service"


def test_the_search_behind_a_use_elsewhere_is_on_the_paper(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    eligible(small)
    read(small, "透射电镜", "冷冻透射电镜")
    monkeypatch.setattr(voucher_outside, "today", lambda: date(2025, 5, 1))
    voucher_outside.search(small, "透射电镜")
    voucher_outside.answer(small, 1, [1], "停机检修", "省内没有可用的")
    voucher_outside.enter(small, use(), OUTSIDE, 1)
    voucher_claims.draft(small, "C1", ["W1"])
    lines = [[cell.strip() for cell in line.split("|")] for line in plain.text(said(small)).splitlines()]
    assert ["W1", "江苏省", "某省某所", "透射电镜", "2025-05-01", "透射电镜", "2025-04-30", "2", "省内没有可用的"] in lines
    assert sorted(line[-1] for line in lines if len(line) == 4 and line[0] == "W1") == ["停机检修", "没有说明"]
    voucher_outside.answer(small, 1, [2], "不对外")
    assert "没有说明" not in plain.text(said(small))


def test_what_came_back_is_printed_as_it_would_go_again(small: Workspace) -> None:
    filed(small)
    voucher_claims.step(small, "C1", "submit", DAY)
    voucher_claims.step(small, "C1", "send_back", DAY, reason="发票金额不清")
    vouchers.mark(small, "R1", True, excluded_fen=80_00, excluded_why="耗材不计")
    assert "陆拾元整" in plain.text(said(small)), "60 % of what is left"
    assert voucher_report.as_of(voucher_claims.show(small, "C1")) == today()
    vouchers.mark(small, "R1", False)
    assert "这份申请还不能提交" in plain.text(said(small))
    vouchers.mark(small, "R1", True)
    voucher_claims.step(small, "C1", "submit", DAY + timedelta(days=1))
    assert voucher_report.as_of(voucher_claims.show(small, "C1")) == DAY + timedelta(days=1)


def test_at_another_seat_the_amounts_stand_and_how_is_said_to_be_elsewhere(small: Workspace) -> None:
    filed(small)
    voucher_claims.step(small, "C1", "submit", DAY)
    whole = plain.text(said(small))
    with small.write("as it arrives") as operation:
        operation.connection.exec_driver_sql("UPDATE voucher_claim_line SET figure = '{}'")
    text = plain.text(said(small))
    for told in ("108.00", "54.00", "180.00", "壹佰零捌元整", "有 1 项金额的计算过程留在提交申请的那台电脑上", "算法在提交的电脑", "见提交的电脑"):
        assert told in text, told
    for told in ("60.00%", "确定性最低", "未知 元"):
        assert told not in text, told
    assert "留在提交申请的那台电脑上" not in whole
    assert "60.00%" in whole


def test_a_confidential_use_is_counted_and_not_named(small: Workspace) -> None:
    filed(small)
    voucher_claims.step(small, "C1", "submit", DAY)
    reclassifying.prepare(small, "A1", True, "定密", making.OFFICE, making.PINS[making.OFFICE])
    content = said(small)
    assert content.withheld == 1
    assert "R1" not in plain.text(content)


def test_pdf_and_workbook_are_kept_in_the_history(small: Workspace, tmp_path: Path) -> None:
    filed(small)
    made = reporting.make_claim(small, "C1", out=tmp_path / "claim.pdf", printed_on=date(2026, 1, 5))
    again = reporting.make_claim(small, "C1", out=tmp_path / "again.xlsx", printed_on=date(2026, 1, 5))
    assert "创新券兑付申请表" in paper.running("".join(paper.pages(made.path.read_bytes())))
    assert [(one.kind, one.period, one.digest) for one in reporting.printed(small)] == [
        ("voucher", "C1", again.digest), ("voucher", "C1", made.digest),
    ]  # fmt: skip
    tree, *_ = explaining.explain(small, "paper", str(made.path)).inputs
    assert {108_00, 162_00} <= {one.value for one in tree.walk() if one.unit == "fen"}, "the province's part, and with the city's"
    assert making.sound(small)
