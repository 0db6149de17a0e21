"""Vouchers by typed commands: mark, papers, claim, steps; what is missing is told in words and nothing is half done."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Shell


def test_a_use_is_marked_claimed_and_refused_in_words(filled: Shell, tmp_path: Path) -> None:
    filled("post", "--to", "2025-12-31", status=1)  # what has problems stays a draft
    uses = filled.json("voucher", "year", "2025")["uses"]
    assert uses
    assert {use["fen"] for use in uses} <= {None, 0}, "nobody has said whether they went through the network"
    number = uses[0]["number"]
    filled("voucher", "mark", number, "--network", "yes", "--order", "WL-1", "--invoiced", "100.00")
    told = next(use for use in filled.json("voucher", "year", "2025")["uses"] if use["number"] == number)
    assert "voucher.network_unsaid" not in {one["code"] for one in told["findings"]}
    filled("voucher", "paper", number, "contract", "--number", "HT-1")
    drafted = filled.json("voucher", "claim", "C1", number)
    assert (drafted["state"], drafted["lines"][0]["number"]) == ("draft", number)
    assert sum(one["code"] == "voucher.paper_missing" for one in drafted["findings"]) == 5
    assert "缺证据材料（委托书）" in filled("voucher", "show", "C1")
    assert "年度上限余额" in filled("explain", "voucher", number)
    made = filled.json("voucher", "report", "C1", "--out", tmp_path / "claim.pdf")
    assert made["pages"] > 0
    assert (tmp_path / "claim.pdf").read_bytes().startswith(b"%PDF")
    assert filled.json("voucher", "renumber", "C1", "--reason", "编号重复")["number"] == "C1-2"
    assert filled.json("voucher", "renumber", "C1", "C2", "--reason", "编号重复", status=1)["error"] == "voucher.no_claim"
    assert "C1-2 的编号已改为 C1" in filled("voucher", "renumber", "C1-2", "C1", "--reason", "还是原来的")
    refused = filled.json("voucher", "step", "C1", "submit", status=1)
    assert refused["error"] == "voucher.claim_not_ready"
    assert filled.json("voucher", "show", "C1")["state"] == "draft"
    withdrawn = filled.json("voucher", "step", "C1", "withdraw", "--on", "2026-01-05", "--reason", "材料不全")
    assert withdrawn["state"] == "withdrawn"
    assert filled.json("voucher", "step", "C1", "pay", "--amount", "1", status=1)["error"] == "voucher.claim_step"
    assert filled.json("voucher", "mark", "没有这条", "--network", "no", status=1)["error"] == "voucher.no_use"
    assert filled.json("verify")["ok"] is True


def test_english_is_complete(filled: Shell) -> None:
    filled("post", "--to", "2025-12-31", status=1)  # what has problems stays a draft
    shown = filled("voucher", "year", "2025", "--lang", "en")
    assert "Province (yuan)" in shown
    assert "[voucher" not in shown


def test_an_enterprise_and_a_use_elsewhere_are_entered(filled: Shell, tmp_path: Path) -> None:
    filled("post", "--to", "2025-12-31", status=1)  # what has problems stays a draft
    customer = next(use["customer"] for use in filled.json("voucher", "year", "2025")["uses"])
    assert "山东省聊城市" in filled("voucher", "enterprise", customer, "--place", "山东省聊城市东昌府区", "--assets", "300")
    filled("voucher", "group", customer, "--controller", "张某", "--from", "2025-01-01", "--document", "股权证明-1")
    again = filled.json("voucher", "group", customer, "--controller", "李某", "--from", "2025-01-01", "--document", "股权证明-2", status=1)
    assert again["error"] == "voucher.group_later"
    assert filled.json("voucher", "search", "透射电镜", status=1)["error"] == "voucher.search_no_catalogue"
    assert "还没有留存的检索" in filled("voucher", "searches")
    assert filled.json("voucher", "answer", "1", "2", "--why", "停机", status=1)["error"] == "voucher.no_search_at"
    use = ("--customer", customer, "--instrument", "透射电镜", "--institution", "某省某所", "--from", "2025-05-06", "--to", "2025-05-07", "--fee", "1000")
    assert filled.json("voucher", "outside", "W1", *use, "--province", "山东省", status=1)["error"] == "voucher.outside_here"
    filled("voucher", "outside", "W1", *use, "--province", "江苏省", "--network", "yes")
    assert "已作废" in filled("voucher", "outside-drop", "W1", "--reason", "登记错了")
    assert filled.json("voucher", "outside-drop", "W1", "--reason", "登记错了", status=1)["error"] == "voucher.no_outside_here"
    filled("undo")
    scan = tmp_path / "合同.pdf"
    scan.write_bytes(b"%PDF-1.7\n%%EOF\n")
    kept = filled.json("evidence", "add", "outside:W1", scan)
    assert (kept["of_kind"], kept["name"]) == ("outside_use", "合同.pdf")
    filled("voucher", "paper", "W1", "contract", "--attachment", kept["id"])
    assert filled.json("voucher", "paper", "W1", "report", "--attachment", "没有", status=1)["error"] == "voucher.paper_no_file"
    drafted = filled.json("voucher", "claim", "CW", "W1")
    assert {one["item"]: one["state"] for one in drafted["papers"]}["contract"] == "attached"
    assert "验收单" in filled("voucher", "show", "CW")
    made = filled.json("voucher", "collect", "CW", "--out", tmp_path / "CW.zip")
    assert (made["files"], made["bare"]) == (1, 5)
    assert filled.json("voucher", "collect", "CW", "--out", tmp_path / "CW.zip", status=1)["error"] == "attachment.exists"
    told = next(one for one in filled.json("voucher", "year", "2025")["uses"] if one["number"] == "W1")
    assert "voucher.no_search" in {one["code"] for one in told["findings"]}
    assert "省内检索" in filled("explain", "voucher", "W1")
    assert filled.json("voucher", "renumber", "W1", "W2", "--outside", "--reason", "编号重复")["number"] == "W2"


def test_a_certificate_is_entered_and_the_rest_stays(filled: Shell) -> None:
    filled("post", "--to", "2025-12-31", status=1)  # what has problems stays a draft
    customer = next(use["customer"] for use in filled.json("voucher", "year", "2025")["uses"])
    place = filled.json("voucher", "enterprise", customer, "--size", "小型", "--size-on", "2025-01-02")["place"]
    told = filled.json("voucher", "enterprise", customer, "--staff", "12")
    assert (told["size"], told["size_on"], told["place"]) == ("小型", "2025-01-02", place)
    assert filled.json("voucher", "enterprise", customer, "--size", "巨型", status=1)["error"] == "voucher.size_not_read"
