"""Fees by command: cost build-up to the fen, a draft by one person, approval by another, what is refused and in which words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop.__main__ import main
from tests.cli.conftest import Shell

ASSET = "2019170038"
THREE = ("--depreciation", "169.47", "--maintenance", "50.84", "--consumables", "41")
LINE = ("--item", "常规测试", "--unit", "小时", "--internal", "100", "--external", "300")
BY, OTHER = ("--as", "张会计", "--pin", "1234"), ("--as", "李审批", "--pin", "5678")


@pytest.fixture
def staffed(filled: Shell) -> Shell:
    """The practice files and two people who may both approve fees."""
    filled("person", "add", "张会计", "--role", "finance", "--pin", "1234")
    filled("person", "add", "李审批", "--role", "approver", "--pin", "5678")
    return filled


def drafted(shell: Shell, *more: str, start: str = "2027-01-01") -> Any:
    return shell.json("fee", "draft", ASSET, "--from", start, *LINE, *THREE, "--management", "39", *BY, *more)


@pytest.mark.parametrize(
    ("management", "fen"),
    [(("--management", "39.00"), 30_031), (("--management-rate", "15%"), 30_051), (("--management-rate", "0.15"), 30_051)],
)
def test_the_worked_cost_price_comes_out_to_the_fen(shell: Shell, management: tuple[str, str], fen: int) -> None:
    told = shell.json("fee", "calculate", *THREE, *management)
    assert told["cost_price_fen"] == told["figure"]["value"] == fen
    assert {part["code"] for part in told["figure"]["inputs"]} == {
        "fee.depreciation", "fee.maintenance", "fee.consumables", "fee.management",
    }  # fmt: skip
    assert f"¥ {fen // 100}.{fen % 100}" in shell("fee", "calculate", *THREE, *management)
    assert not shell.home.exists(), "it needs no ledger"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--management-rate", "15"), "15% 或 0.15"),
        (("--management-rate", "15%", "--management", "39"), "--management"),
        (("--depreciation", "1.234"), "最多两位小数"),
        (("--evidence", "折旧"), "成本项=文件"),
        (("--evidence", "咖啡=发票"), "不认识成本项"),
    ],
)
def test_costs_written_wrongly_are_a_matter_of_usage(shell: Shell, options: tuple[str, ...], words: str) -> None:
    assert words in shell.json("fee", "calculate", *options, status=2)["words"]


def test_nothing_entered_is_unknown_and_not_zero(shell: Shell) -> None:
    told = shell.json("fee", "calculate", status=1)
    assert told["cost_price_fen"] is None
    assert told["findings"][0]["code"] == "fee.cost_unknown"


def test_a_version_is_drafted_checked_approved_and_published(staffed: Shell) -> None:
    made = drafted(staffed)
    assert (made["state"], made["cost_price_fen"], made["prepared_by"]) == ("draft", 30_031, "张会计")
    checked = staffed.json("fee", "check", ASSET)
    assert (checked["ok"], checked["non_profit"]["state"]) == (True, "within")
    assert "核对通过" in staffed("fee", "check", ASSET)
    same = staffed.json("fee", "approve", ASSET, *BY, status=1)
    assert same["error"] == "fee.same_person"
    assert "换一个人" in same["words"]
    assert staffed.json("fee", "approve", ASSET, "--as", "李审批", "--pin", "0000", status=1)["error"] == "person.pin"
    assert staffed.json("fee", "show", ASSET, "--from", "2027-01-01")["state"] == "draft", "nothing was approved on the way"
    approved = staffed.json("fee", "approve", ASSET, *OTHER)
    assert (approved["state"], approved["approved_by"]) == ("approved", "李审批")
    assert staffed.json("fee", "approve", ASSET, "--from", "2027-01-01", *OTHER, status=1)["error"] == "fee.not_draft"
    versions = staffed.json("fee", "list", ASSET)["versions"]
    assert [(v["from"], v["to"], v["state"]) for v in versions] == [
        ("2025-01-01", "2027-01-01", "published"), ("2027-01-01", None, "approved"),
    ]  # fmt: skip
    assert staffed.json("fee", "publish", ASSET)["state"] == "published"
    assert [v["from"] for v in staffed.json("fee", "list", ASSET, "--on", "2027-05-01")["versions"]] == ["2027-01-01"]
    assert staffed.json("verify")["ok"] is True


def test_a_price_above_cost_fails_the_check_with_words(staffed: Shell) -> None:
    drafted(staffed)
    staffed("fee", "line", "set", ASSET, "--item", "常规测试", "--external", "350")
    told = staffed.json("fee", "check", ASSET, status=1)
    by_class = {check["class"]: check["state"] for check in told["non_profit"]["checks"]}
    assert by_class == {"internal": "within", "external": "above"}
    words = staffed("fee", "check", ASSET, status=1)
    assert "高于成本" in words
    assert "非盈利的要求" in words
    assert staffed.json("fee", "line", "set", ASSET, "--item", "常规测试", "--external", "300.32", status=0)["non_profit"]["state"] == "above"
    staffed("fee", "line", "set", ASSET, "--item", "常规测试", "--external", "300.31")
    assert staffed.json("fee", "check", ASSET)["ok"] is True


def test_a_version_without_costs_cannot_be_called_non_profit(staffed: Shell) -> None:
    staffed("fee", "draft", ASSET, "--from", "2027-01-01", *LINE, *BY)
    told = staffed.json("fee", "check", ASSET, status=1)
    assert told["cost_price_fen"] is None
    assert told["non_profit"]["state"] == "unknown"


def test_costs_change_one_by_one_and_what_makes_no_price_is_refused(staffed: Shell) -> None:
    drafted(staffed, "--evidence", "折旧=资产卡片")
    told = staffed.json("fee", "cost", ASSET, "--management-rate", "15%")
    assert told["cost_price_fen"] == 30_051
    evidence = {part["kind"]: part["evidence"] for part in told["components"]}
    assert evidence["depreciation"] == "资产卡片"
    assert staffed.json("fee", "cost", ASSET, "--staff", "10", "--remove", "管理费")["cost_price_fen"] == 27_131
    before = staffed.json("history", "--limit", "1")["operations"][0]["seq"]
    refused = staffed.json("fee", "cost", ASSET, "--energy=-1", status=1)
    assert [f["code"] for f in refused["findings"]] == ["fee.cost_negative"]
    assert staffed.json("fee", "cost", ASSET, "--evidence", "energy=电表", status=1)["error"] == "fee.evidence_alone"
    assert staffed.json("fee", "cost", ASSET)["cost_price_fen"] == 27_131, "only looked at"
    assert staffed.json("history", "--limit", "1")["operations"][0]["seq"] == before


def test_depreciation_and_maintenance_are_suggested_from_the_original_value(staffed: Shell) -> None:
    found = {part["kind"]: part for part in staffed.json("fee", "suggest", ASSET)["suggested"]}
    assert (found["depreciation"]["amount_fen"], found["maintenance"]["amount_fen"]) == (65_631, 19_689)
    assert found["depreciation"]["figure"]["inputs"][0]["value"] == 459_420_000
    drafted(staffed)
    told = staffed.json("fee", "cost", ASSET, "--suggested", "--maintenance", "1")
    amounts = {part["kind"]: part["amount_fen"] for part in told["components"]}
    assert (amounts["depreciation"], amounts["maintenance"], amounts["consumables"]) == (65_631, 100, 4_100)


def test_what_is_not_understood_is_kept_to_be_settled_and_blocks_approval(staffed: Shell) -> None:
    drafted(staffed)
    told = staffed.json("fee", "line", "set", ASSET, "--item", "高级", "--unit", "看心情", "--external", "若干", status=1)
    assert [line["item"] for line in told["lines"] if line["to_confirm"]] == ["高级"]
    refused = staffed.json("fee", "approve", ASSET, *OTHER, status=1)
    assert refused["error"] == "fee.not_approvable"
    assert [line["item"] for line in staffed.json("fee", "line", "list", ASSET, "--to-confirm")["lines"]] == ["高级"]
    again = staffed.json("fee", "line", "confirm", ASSET, "--item", "高级", "--unit", "天书", status=1)
    assert again["error"] == "fee.still_unread"
    staffed("fee", "line", "confirm", ASSET, "--item", "高级", "--unit", "样", "--external", "50", "--internal", "20")
    assert staffed.json("fee", "approve", ASSET, *OTHER)["state"] == "approved"


def test_lines_come_from_a_price_list_of_the_imported_shape(staffed: Shell, practice: Callable[[str], Path], tmp_path: Path) -> None:
    told = staffed.json("fee", "draft", ASSET, "--from", "2027-01-01", "--lines", practice("price-list.xlsx"), *BY)
    published = staffed.json("fee", "show", ASSET, "--from", "2025-01-01")
    assert [line["source_text"] for line in told["lines"]] == [line["source_text"] for line in published["lines"]]
    assert staffed.json("fee", "show", ASSET)["state"] == "draft", "a waiting draft is the one meant"
    book = openpyxl.Workbook()
    book.active.append(["仪器编号", "服务项目", "计费单位", "校内（元）", "校外（元）"])
    book.active.append([ASSET, "高分辨成像", "小时", 310, 620])
    book.active.append([ASSET, "", "小时", "", ""])
    book.active.append(["别的", "测试", "小时", 1, 2])
    book.save(tmp_path / "a.xlsx")
    head = staffed.json("verify")["head"]
    refused = staffed.json("fee", "line", "import", ASSET, tmp_path / "a.xlsx", status=1)
    assert refused["error"] == "fee.file_rows"
    assert {(f["row"], f["column"]) for f in refused["findings"]} >= {(3, "校内（元）")}
    assert staffed.json("verify")["head"] == head, "nothing is half taken"
    book.active.delete_rows(3)
    book.save(tmp_path / "a.xlsx")
    taken = staffed.json("fee", "line", "import", ASSET, tmp_path / "a.xlsx")
    assert (taken["accepted"], taken["other_rows"]) == (1, 1)
    assert [(line["item"], line["external"]) for line in taken["lines"]] == [("高分辨成像", "620")]
    assert staffed.json("fee", "line", "import", "2019170040", tmp_path / "a.xlsx", status=1)["error"] == "fee.no_version_in_state"


def test_a_draft_is_copied_changed_discarded_and_brought_back(staffed: Shell) -> None:
    drafted(staffed)
    staffed("fee", "approve", ASSET, *OTHER)
    made = staffed.json(
        "fee", "draft", ASSET, "--from", "2028-01-01", "--copy", "--item", "常规测试", "--external", "310", "--management", "50", *BY
    )
    assert [(line["internal"], line["external"]) for line in made["lines"]] == [("100", "310")]
    assert made["cost_price_fen"] == 31_131
    assert staffed.json("fee", "discard", ASSET)["discarded"] is True
    assert len(staffed.json("fee", "list", ASSET)["versions"]) == 2
    staffed("undo")
    assert staffed.json("fee", "show", ASSET, "--from", "2028-01-01")["version"] == made["version"]
    assert staffed.json("fee", "draft", ASSET, "--from", "2020-01-01", "--copy", *BY, status=1)["error"] == "fee.nothing_to_copy"


def test_two_drafts_of_one_day_are_told_apart_by_their_key(staffed: Shell) -> None:
    one, two = drafted(staffed)["version"], drafted(staffed)["version"]
    refused = staffed.json("fee", "approve", ASSET, "--from", "2027-01-01", *OTHER, status=1)
    assert refused["error"] == "fee.which_version"
    assert one in refused["words"]
    assert two in refused["words"]
    staffed("fee", "discard", ASSET, "--key", one)
    assert staffed.json("fee", "approve", ASSET, *OTHER)["version"] == two
    assert staffed.json("fee", "show", ASSET, "--key", one, status=1)["error"] == "fee.no_such_version"


def test_a_draft_needs_a_person_and_a_role(staffed: Shell) -> None:
    assert staffed.json("fee", "draft", ASSET, "--from", "2027-01-01", status=2)["error"] == "usage"
    refused = staffed.json("fee", "draft", ASSET, "--from", "2027-01-01", *LINE, *OTHER, status=1)
    assert refused["error"] == "person.not_allowed"
    twice = staffed.json("fee", "draft", "没有的", "--from", "2027-01-01", *LINE, *BY, status=1)
    assert twice["error"] == "instrument.unknown"
    assert staffed.json("fee", "list", ASSET)["versions"][-1]["from"] == "2025-01-01", "nothing was begun"


def test_a_record_can_be_tried_under_a_version(staffed: Shell) -> None:
    asset = "2025170025"
    staffed("fee", "draft", asset, "--from", "2027-01-01", "--item", "常规分析", "--unit", "小时", "--internal", "10", "--external", "90", *BY)
    would = staffed.json("fee", "trial", asset, "--record", "R700001")
    assert would["amount_fen"] == 36_000, "240 minutes at 90.00"
    assert would["posted_fen"] is None
    staffed("post", "R700001")
    assert staffed.json("fee", "trial", asset, "--record", "R700001")["posted_fen"] == 40_000
    assert staffed.json("fee", "trial", ASSET, "--record", "R700001", status=1)["error"] == "fee.other_instrument"
    assert staffed.json("price", "--record", "R700001")["amount_fen"] == 40_000, "a draft prices nothing"


def test_a_draft_that_repeats_an_item_is_not_begun(staffed: Shell, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["仪器编号", "服务项目", "计费单位", "校内（元）", "校外（元）"])
    book.active.append([ASSET, "测试 A", "小时", 1, 2])
    book.active.append([ASSET, "测试Ａ", "小时", 3, 4])
    book.save(tmp_path / "a.xlsx")
    n = len(staffed.json("fee", "list", ASSET)["versions"])
    told = staffed.json("fee", "draft", ASSET, "--from", "2027-01-01", "--lines", tmp_path / "a.xlsx", *BY, status=1)
    assert told["error"] == "fee.item_twice_in_version"
    assert len(staffed.json("fee", "list", ASSET)["versions"]) == n


def test_what_the_help_offers_is_understood(staffed: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """The examples in the help of a price line, each put into a line of its own."""
    examples = [
        {"unit": "小时", "internal": "100", "external": "300", "minimum": "2小时", "note": "加急1.5倍"},
        {"unit": "30分钟", "internal": "免费", "external": "300", "note": "耗材另计"},
        {"unit": "小时", "internal": "首小时200，续每小时50", "external": "首小时200，续每小时50"},
        {"unit": "样", "internal": "100", "external": "70–260", "note": "议价"},
    ]
    with pytest.raises(SystemExit):
        staffed("fee", "line", "set", "--help")
    offered = re.sub(r"\s", "", capsys.readouterr().out)
    drafted(staffed)
    for n, cells in enumerate(examples):
        assert all(text in offered for text in cells.values())
        options = [word for name, text in cells.items() for word in (f"--{name}", text)]
        told = staffed.json("fee", "line", "set", ASSET, "--item", f"项目{n}", *options)
        assert not any(line["to_confirm"] for line in told["lines"])


def test_english_and_option_order(staffed: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    drafted(staffed)
    capsys.readouterr()
    assert main(["--lang", "en", "--home", str(staffed.home), "fee", "check", ASSET]) == 0
    assert "Cost price per hour" in capsys.readouterr().out
    assert main(["fee", "show", "--json", ASSET, "--home", str(staffed.home), "--from", "2027-01-01"]) == 0
    assert json.loads(capsys.readouterr().out)["cost_price_fen"] == 30_031
