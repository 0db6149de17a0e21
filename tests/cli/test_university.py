"""A university's yearly tables by command."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from tests.cli.conftest import Shell


def test_the_schools_code_is_kept_and_forgotten(filled: Shell) -> None:
    assert filled.json("university", "school") == {"school": None}
    assert "没有填写" in filled("university", "school")
    assert filled.json("university", "school", " 10422 ") == {"school": "10422"}
    assert filled.json("university", "school", "１０４２２") == {"school": "10422"}, "wide digits are digits"
    for wrong in ("1042", "104220", "1042a", "１０４２"):
        assert filled.json("university", "school", wrong, status=1)["error"] == "university.school_code"
    assert "10422" in filled("university", "school"), "what was refused changed nothing"
    assert filled.json("university", "school", "") == {"school": None}


def test_a_set_is_stated_counted_checked_and_written(filled: Shell, tmp_path: Path) -> None:
    asset = filled.json("instrument", "list")["instruments"][0]["asset_number"]
    told = filled.json("university", "state", asset, "--number", "20210001", "--class", "03040702", "--use", "2", "--department", "0105")
    told = filled.json("university", "state", asset, "--specification", "E45") | {"specification": None}
    assert told == {
        "asset_number": asset, "number": "20210001", "class_code": "03040702", "use": "2", "department_code": "0105", "state": None, "name": None,
        "specification": None,
    }  # fmt: skip
    used = filled.json("university", "use", asset, "2024-2025", "--teaching-hours", "12.5", "--samples", "7", "--ground", "使用登记")
    assert used["amounts"] == {"teaching_minutes": 750, "samples": 7}
    assert "使用登记" in filled("university", "list", "--year", "2024-2025")
    filled("university", "use", asset, "2024-2025", "--clear", "samples")
    assert [one["item"] for one in filled.json("university", "list")["facts"]] == ["teaching_minutes"]
    checked = filled.json("university", "check", "2024-2025", status=1)
    assert checked["findings"][0]["code"] == "university.no_school"
    assert filled.json("university", "tables", "2024-2025", tmp_path / "a.xlsx", status=1)["error"] == "university.no_school"
    filled("university", "school", "10422")
    checked = filled.json("university", "check", "2024-2025", status=1)
    one = next(one for one in checked["sets"] if one["asset_number"] == asset)
    assert one["use"]["teaching_minutes"] == {"reported": 13, "origin": "entered"}
    assert checked["sj2"]["decrease"]["n"] == checked["sj2"]["last"]["n"] + checked["sj2"]["increase"]["n"] - checked["sj2"]["now"]["n"]
    assert filled.json("explain", "university", "2024-2025")["figure"] == checked["figure"]
    assert "SJ2：上学年末" in filled("university", "check", "2024-2025", status=1)
    assert "录入的数" in filled("explain", "university", asset, "--period", "2024-2025")
    done = filled.json("university", "tables", "2024-2025", tmp_path / "a.xlsx", status=1)
    sheets = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert done["rows"] == {"SJ1": sheets["SJ1"].max_row - 1, "SJ2": 1, "SJ3": sheets["SJ3"].max_row - 1}
    assert sheets["SJ1"]["B2"].value == "20210001"
    assert "已写出" in filled("university", "xml", "2024-2025", tmp_path / "a.xml")
    assert b"<SchoolCode>10422</SchoolCode>" in (tmp_path / "a.xml").read_bytes()
    filled("undo")


def test_what_is_refused(filled: Shell) -> None:
    asset = filled.json("instrument", "list")["instruments"][0]["asset_number"]
    assert filled.json("university", "state", asset, status=1)["error"] == "university.nothing_said"
    assert filled.json("university", "use", asset, "2025", "--samples", "1", status=1)["error"] == "university.year"
    assert filled.json("university", "check", "2025", status=1)["error"] == "university.year"
    filled("university", "use", asset, "2024-2025", "--teaching-hours", "viele", status=2)
