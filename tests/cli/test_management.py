"""Management documents by command."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from tests.cli.conftest import Shell

PAPER = ("--kind", "sharing", "--title", "开放共享管理办法", "--issued", "2024-09-01")


def test_a_paper_is_entered_checked_corrected_and_printed(filled: Shell, tmp_path: Path) -> None:
    assert filled.json("management", "list")["documents"] == []
    told = filled.json("management", "enter", "校发1号", *PAPER, "--last", "2026-12-31")
    assert (told["from"], told["last"]) == ("2024-09-01", "2026-12-31")
    filled("management", "enter", "Z1", "--kind", "ip_agreement", "--title", "约定", "--issued", "2025-07-01", "--party", "甲公司")
    checked = filled.json("management", "check", "--on", "2026-11-23", status=1)
    assert {one["kind"]: one["state"] for one in checked["entries"]} == {
        "sharing": "ends_soon", "fees": "missing", "flow": "missing", "safety": "missing", "data": "missing", "income": "missing",
        "incentive": "missing", "ip_agreement": "in_force",
    }  # fmt: skip
    assert filled.json("explain", "management", "checklist", "--on", "2026-11-23")["figure"] == checked["figure"]
    said = filled("management", "check", status=1)
    assert "快到期" in said
    assert "没有登记收费管理办法" in said
    filled("management", "change", "校发1号", "--kind", "fees", "--number", "校发2号")
    assert "收费管理办法" in filled("management", "list")
    filled("management", "end", "校发2号", "--last", "2026-11-22")
    assert "已过期" in filled("management", "check", status=1)
    for name in ("m.pdf", "m.xlsx"):
        filled("report", "management", "--period", "2026", "--out", tmp_path / name)
    cells = [cell.value for sheet in openpyxl.load_workbook(tmp_path / "m.xlsx") for row in sheet.iter_rows() for cell in row]
    assert "校发2号" in cells
    file = tmp_path / "办法.pdf"
    file.write_bytes(b"%PDF-1.4\n%%EOF\n")
    filled("evidence", "add", "management:校发2号", file)
    filled("management", "withdraw", "校发2号", "--reason", "登错")
    filled("undo")
    assert [one["number"] for one in filled.json("management", "list")["documents"]] == ["校发2号", "Z1"]


def test_what_is_refused(filled: Shell) -> None:
    alone = ("--kind", "ip_agreement", "--title", "约定", "--issued", "2025-07-01")
    assert filled.json("management", "enter", "Z1", *alone, status=1)["error"] == "management.party"
    assert filled.json("management", "end", "没有", "--last", "2026-01-01", status=1)["error"] == "management.unknown"
    assert filled.json("management", "change", "没有", "--title", "x", status=1)["error"] == "management.unknown"
