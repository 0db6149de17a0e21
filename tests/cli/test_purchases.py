"""查重评议 by command: proposed, looked up, judged by another, printed; refusals in words; the paper says what was decided on."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Shell
from tests.reports.paper import pages, running

OFFICE = ("--as", "设备处甲", "--pin", "1234")
APPROVER = ("--as", "审批人乙", "--pin", "4321")
ASKED = ("--name", "扫描电镜", "--price", "800000", "--class", "010101", "--on", "2026-01-15")


def people(shell: Shell) -> None:
    shell("person", "add", "设备处甲", "--role", "equipment_office", "--pin", "1234")
    shell("person", "add", "审批人乙", "--role", "approver", "--pin", "4321")


def test_from_the_proposal_to_the_signed_report(filled: Shell, tmp_path: Path) -> None:
    people(filled)
    said = filled("purchase", "propose", "SG-1", *ASKED, "--functions", "形貌观察", "--reason", "机时不足", *OFFICE)
    assert "未知，缺少判断需要的事实" in said, "whose money it is was not said"
    assert "[purchase." not in said
    changed = filled.json("purchase", "change", "SG-1", "--provincial", "500000.00", *OFFICE)
    assert (changed["provincial_fen"], changed["reason"], changed["state"]) == (50000000, "机时不足", "draft")
    assert changed["central_fen"] is None
    with_central = filled.json("purchase", "change", "SG-1", "--central", "300000.00", *OFFICE)
    assert (with_central["central_fen"], with_central["provincial_fen"]) == (30000000, 50000000)
    assert filled.json("purchase", "change", "SG-1", "--central", "300000.01", *OFFICE, status=1)["error"] == "purchase.faulty"
    assert "不要求查重评议" in next(line for line in filled("purchase", "show", "SG-1").splitlines() if "国家平台" in line)
    assert "应当查重评议" in filled("explain", "purchase", "SG-1")
    draft, done = tmp_path / "draft.pdf", tmp_path / "done.pdf"
    filled("purchase", "report", "SG-1", "--out", draft)
    assert "未评议" in running("".join(pages(draft.read_bytes())))
    assert filled.json("purchase", "review", "SG-1", "--opinion", "agree", "--text", "同意", *OFFICE, status=1)["error"] == "purchase.same_person"
    given = filled.json("purchase", "review", "SG-1", "--opinion", "share", "--text", "先用现有电镜", *APPROVER)
    assert (given["state"], given["opinions"][0]["reviewed_by"]) == ("reviewed", "审批人乙")
    made = filled.json("purchase", "report", "SG-1", "--out", done)
    assert made["pages"] >= 1
    text = running("".join(pages(done.read_bytes())))
    for wanted in ("大型科研仪器购置查重评议报告", "SG-1", "800,000.00元", "不同意，先共享现有仪器", "先用现有电镜", "审批人乙"):
        assert wanted in text, wanted
    for wanted in ("设备管理部门（盖章）", "财科教〔2019〕1号", "第13条"):
        assert wanted in text, wanted
    assert "未评议" not in text
    filled("purchase", "report", "SG-1", "--out", tmp_path / "done.xlsx")
    assert filled.json("purchase", "list")["purchases"][0]["state"] == "reviewed"
    assert filled.json("verify")["ok"] is True


def test_what_the_national_platform_said_is_imported_listed_and_taken_out(filled: Shell, tmp_path: Path) -> None:
    people(filled)
    asked = ("--name", "扫描电镜", "--price", "2000000", "--central", "0.01", "--class", "010101", "--on", "2026-01-15")
    said = filled("purchase", "propose", "SG-1", *asked, *OFFICE)
    assert "应由国家平台查重评议，还没有登记结果" in said
    file = tmp_path / "查重结果.csv"
    file.write_text("申购编号,查重结果,评议日期,文号,评议意见,相似仪器\nSG-1,不同意购置,2026-02-01,查重〔2026〕1号,没有用满,某校 电镜\n", "utf-8")
    assert filled.json("import", "purchase_results", file)["accepted"] == 1
    shown = filled.json("purchase", "show", "SG-1")
    assert (shown["needs"], [one["outcome"] for one in shown["national"]]) == ("refused", ["refuse"])
    assert shown["figure"]["inputs"][-1]["value"] == "refused"
    assert "国家平台不同意" in filled("purchase", "list")
    assert filled.json("purchase", "list")["purchases"][0]["needs"] == "refused"
    filled("purchase", "report", "SG-1", "--out", tmp_path / "one.pdf")
    assert "查重〔2026〕1号" in running("".join(pages((tmp_path / "one.pdf").read_bytes())))
    out = ("purchase", "withdraw-result", "SG-1", "--reason", "记错了", *OFFICE)
    assert filled.json(*out, "--document", "2号", status=1)["error"] == "purchase.national_no_document"
    assert "undo" in filled(*out, "--document", "查重〔2026〕1号")
    assert filled.json("purchase", "show", "SG-1")["national"] == []
    filled("undo")
    assert filled.json("purchase", "show", "SG-1")["needs"] == "refused"


def test_refusals_are_said_in_words(filled: Shell, tmp_path: Path) -> None:
    people(filled)
    assert filled.json("purchase", "show", "SG-9", status=1)["error"] == "purchase.unknown"
    assert filled.json("purchase", "report", "SG-9", "--out", tmp_path / "x.pdf", status=1)["error"] == "purchase.unknown"
    refused = filled.json("purchase", "propose", "SG-1", *ASKED, "--provincial", "800000.01", *OFFICE, status=1)
    assert refused["error"] == "purchase.faulty"
    assert [one["code"] for one in refused["findings"]] == ["purchase.more_than_price"]
    filled("purchase", "propose", "SG-1", *ASKED, *OFFICE)
    assert filled.json("purchase", "propose", "SG-1", *ASKED, *OFFICE, status=1)["error"] == "purchase.taken"
    filled("purchase", "withdraw", "SG-1", "--reason", "不买了", *OFFICE)
    assert filled.json("purchase", "change", "SG-1", "--price", "1", *OFFICE, status=1)["error"] == "purchase.forward"
    assert "已撤回" in filled("purchase", "list")
