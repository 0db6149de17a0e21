"""Transfers by command: proposed, approved, handed over, printed; refusals in words."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Shell

OFFICE = ("--as", "设备处甲", "--pin", "1234")
APPROVER = ("--as", "审批人乙", "--pin", "4321")
ASSET = "2020170009"


def people(shell: Shell) -> None:
    shell("person", "add", "设备处甲", "--role", "equipment_office", "--pin", "1234")
    shell("person", "add", "审批人乙", "--role", "approver", "--pin", "4321")


def test_a_set_goes_from_proposal_to_the_signed_form(filled: Shell, tmp_path: Path) -> None:
    people(filled)
    given = ("--kind", "internal", "--reason", "使用率低", "--department", "公共实验中心", "--keeper", "孙八")
    prepared = filled.json("transfer", "prepare", ASSET, *given, *OFFICE)
    number = prepared["number"]
    assert (prepared["state"], prepared["to_department"]) == ("prepared", "公共实验中心")
    assert filled.json("transfer", "approve", number, *OFFICE, status=1)["error"] == "transfer.same_person"
    assert filled.json("transfer", "approve", number, "--note", "同意", *APPROVER)["decided_by"] == "审批人乙"
    future = filled.json("transfer", "hand-over", number, "--on", "2026-11-24", *OFFICE, status=1)
    assert future["error"] == "transfer.in_future"
    done = filled.json("transfer", "hand-over", number, "--on", "2026-11-23", "--gave", "钱七", "--took", "孙八", *OFFICE)
    assert (done["state"], done["handed_on"]) == ("handed_over", "2026-11-23")
    assert "已移交" in filled("transfer", "list", "--asset", ASSET)
    for name in ("移交单.pdf", "移交单.xlsx"):
        made = filled.json("transfer", "form", number, "--out", tmp_path / name)
        assert Path(made["file"]).stat().st_size > 1000
    assert filled.json("verify")["ok"] is True
    why = filled("explain", "transfer", number)
    assert f"编制调配 {number} 时所见：2026-11-23" in why
    assert "调配候选" in why


def test_what_cannot_be_done_is_said(filled: Shell, tmp_path: Path) -> None:
    people(filled)
    wrong = ("--kind", "allocation", "--reason", "不用", "--receiver", "鲁东学院", "--uscc", "123702004000000267")
    assert filled.json("transfer", "prepare", ASSET, *wrong, *OFFICE, status=1)["error"] == "uscc.check"
    refused = filled.json("transfer", "form", "DB1999-001", "--out", tmp_path / "a.pdf", status=1)
    assert refused["error"] == "transfer.unknown_number"
    assert not refused["words"].startswith("[")
    assert filled("transfer", "list").strip()
    made = filled.json("report", "transfers", "--period", "2025", "--out", tmp_path / "候选.pdf")
    assert made["pages"] >= 1
    assert "调配候选" in filled("explain", "transfer", ASSET, "--period", "2025")
