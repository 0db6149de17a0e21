"""The national platform by command: what may be sent, the sheet, the messages, and an answer explained."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from tests.cli.conftest import Shell

UNIT = "0123456789abcdef0123456789abcdef"


def test_what_may_be_sent_is_told_before_it_is_written(filled: Shell, tmp_path: Path) -> None:
    told = filled.json("national", "check", status=1)
    assert (told["sound"], told["wrong"], told["withheld"], told["retired"]) == (52, 5, 3, 0)
    wrong = {found["words"].split()[0] for found in told["findings"] if found["severity"] == "error"}
    assert len(wrong) == 5
    said = filled("national", "check", status=1)
    assert said.startswith("可以报送 52 台（套），有错误 5 台（套）")
    assert "另有" in said
    done = filled.json("national", "workbook", tmp_path / "a.xlsx", status=1)
    rows = list(openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows(values_only=True))
    assert (done["rows"], len(rows), len(rows[0])) == (52, 53, 40)
    assert not wrong & {row[1] for row in rows}
    assert filled.json("national", "check", "nobody", status=1)["error"] == "instrument.unknown"


def test_a_table_of_codes_is_held_against_the_rows(filled: Shell, tmp_path: Path) -> None:
    (tmp_path / "国别.tsv").write_text("key\tname\nn1\t德国\n", "utf-8")
    told = filled.json("national", "check", "--nations", tmp_path / "国别.tsv", status=1)
    assert {found["code"] for found in told["findings"]} >= {"national.unknown_country"}
    (tmp_path / "空.tsv").write_text("key\tname\n", "utf-8")
    assert filled.json("national", "check", "--nations", tmp_path / "空.tsv", status=1)["error"] == "code_table.empty"


def test_messages_are_written_in_the_order_of_sending(filled: Shell, tmp_path: Path) -> None:
    done = filled.json("national", "messages", tmp_path / "out", "--unit", UNIT, "--period", "2025", "--only", "effect", "--only", "instruments", status=1)
    assert [Path(name).name for name in done["files"]] == ["national-4-001.xml", "national-7-001.xml"]
    assert done["rows"] == {"instruments": 52, "effect": 1}
    again = filled.json("national", "messages", tmp_path / "out", "--unit", UNIT, "--period", "2025", status=1)
    assert again["error"] == "file.folder_used"
    filled("national", "messages", tmp_path / "x", "--unit", UNIT, "--period", "去年", status=2)
    quarter = filled.json("national", "messages", tmp_path / "quarter", "--unit", UNIT, "--period", "2025Q3", status=1)
    assert list(quarter["rows"]) == ["instruments"], "no service is posted yet, and the effect is told by years"
    assert not (tmp_path / "x").exists()


def test_an_answer_is_explained_with_its_own_words(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "answer.xml"
    file.write_text("<a><return>202 worth 格式错误</return></a>", "utf-8")
    told = shell.json("national", "answer", file, status=1)
    assert (told["code"], told["raw"], told["accepted"]) == ("202", "202 worth 格式错误", False)
    file.write_text("<a><return>100</return></a>", "utf-8")
    assert "平台已接收（代码 100）" in shell("national", "answer", file)
    assert shell.json("national", "answer", tmp_path / "none.xml", status=1)["error"] == "file.cannot_use"
