"""Self-checks by command: listed, answered, explained, printed; refusals in words."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Shell


def test_a_finding_goes_from_the_list_to_the_report(filled: Shell, tmp_path: Path) -> None:
    filled("post", "--to", "2025-12-31", status=1)
    points = filled.json("integrity", "list", "--period", "2025")["points"]
    assert points
    first = points[0]
    given = ("answer", first["check"], first["number"], "--state", "explained", "--text", "已核对登记簿")
    assert filled.json("integrity", *given)["state"] == "explained"
    (one,) = [
        each for each in filled.json("integrity", "list", "--period", "2025", "--check", first["check"])["points"] if each["number"] == first["number"]
    ]
    assert (one["state"], one["answers"][0]["text"]) == ("explained", "已核对登记簿")
    assert first["number"] in filled("integrity", "list", "--period", "2025", "--state", "explained")
    assert "已核对登记簿" in filled("explain", "integrity", f"{first['check']}:{first['number']}")
    for name in ("a.pdf", "a.xlsx"):
        filled("report", "rectification", "--period", "2025", "--out", tmp_path / name)
        assert (tmp_path / name).stat().st_size > 0
    refused = filled.json("integrity", "answer", first["check"], "R-none", "--state", "open", "--text", "x", status=1)
    assert refused["error"] == "integrity.record_unknown"
    paper = tmp_path / "登记簿.pdf"
    paper.write_bytes(b"%PDF-1.4\n%%EOF\n")
    assert filled.json("integrity", "collect", "--period", "2025", "--out", tmp_path / "a.zip", status=1)["error"] == "integrity.no_files"
    filled("evidence", "add", f"answer:{first['check']}:{first['number']}", paper)
    assert filled.json("integrity", "collect", "--period", "2025", "--out", tmp_path / "a.zip")["files"] == 1
    assert (tmp_path / "a.zip").stat().st_size > 0


def test_every_answer_is_listed_also_one_that_was_taken_back(filled: Shell) -> None:
    filled("post", "--to", "2025-12-31", status=1)
    assert filled.json("integrity", "answers", "--period", "2025")["answers"] == []
    assert "2025 的自查发现没有答复" in filled("integrity", "answers", "--period", "2025")
    first, second = filled.json("integrity", "list", "--period", "2025", "--check", "late")["points"][:2]
    for number, state, text in ((first["number"], "explained", "年底补记"), (first["number"], "open", "写错了"), (second["number"], "accepted", "漏记")):
        filled("integrity", "answer", "late", number, "--state", state, "--text", text)
    found = filled.json("integrity", "answers", "--period", "2025")["answers"]
    assert {(one["number"], one["state"], one["standing"]) for one in found} == {
        (first["number"], "explained", "replaced"), (first["number"], "open", "reopens"), (second["number"], "accepted", "holds"),
    }  # fmt: skip
    said = filled("integrity", "answers", "--period", "2025", "--check", "late", "--standing", "replaced")
    assert "年底补记" in said
    assert "已被代替" in said
    assert "漏记" not in said
    assert filled.json("integrity", "answers", "--period", "2025", "--check", "overlap")["answers"] == []


def test_many_are_answered_together_by_command_or_by_a_table(filled: Shell, tmp_path: Path) -> None:
    filled("post", "--to", "2025-12-31", status=1)
    late = [one["number"] for one in filled.json("integrity", "list", "--period", "2025", "--check", "late")["points"]]
    assert len(late) > 3
    assert filled.json("integrity", "answer", "late", *late[:2], "--state", "explained", status=2)["error"] == "usage"
    refused = filled.json("integrity", "answer", "late", *late[:2], "R-none", "--state", "explained", "--text", "年底集中记账", status=1)
    assert (refused["error"], [one["code"] for one in refused["findings"]]) == ("integrity.none_answered", ["integrity.record_unknown"])
    said = ("--state", "explained", "--text", "年底集中记账")
    assert filled.json("integrity", "answer", "late", *late[:2], *said)["answered"] == 2
    table = tmp_path / "答复.csv"
    written = filled.json("integrity", "template", table, "--period", "2025", "--check", "late")
    assert written["rows"] + written["withheld"] == len(late) - 2
    assert "没有写进表格" in filled("integrity", "template", table, "--period", "2025", "--check", "late")
    for ignored in (
        ("--by", "李工"), ("--on", "2025-12-31"), ("--text", "一"), ("--evidence", "第 1 页"), ("--correction", "R1"), ("--period", "2025"),
    ):  # fmt: skip
        assert filled.json("integrity", "answer", "--table", table, *ignored, status=2)["error"] == "usage", ignored
    assert filled.json("integrity", "answer", "late", late[2], "--all-open", "--period", "2025", *said, status=2)["error"] == "usage"
    assert filled.json("integrity", "answer", "late", *late[2:4], "--period", "2025", *said, status=2)["error"] == "usage", "a period names no other records"
    assert filled.json("integrity", "answer", "late", late[2], "--period", "2025", *said, status=2)["error"] == "usage"
    assert filled.json("integrity", "answer", "--table", table, status=1)["error"] == "integrity.nothing_given"
    done = filled.json("integrity", "answer", "late", "--all-open", "--period", "2025", *said)
    assert done["left_out"] == written["withheld"] > 0, "what is confidential is not answered in the words of the others"
    assert done["answered"] + done["left_out"] == len(late) - 2
    still = ("integrity", "list", "--period", "2025", "--check", "late", "--state", "open")
    assert len(filled.json(*still)["points"]) == done["left_out"]
    filled("undo")
    assert len(filled.json(*still)["points"]) == len(late) - 2
