"""Yearly evaluations by command: counts entered, scored, asked why, withdrawn; ratings; the report; the filing statement."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Shell
from tests.reports.paper import pages, running


def test_counts_scores_and_why(filled: Shell, tmp_path: Path) -> None:
    asset = filled.json("evaluation", "scores", "--year", "2025")["sets"][0]["asset_number"]
    said = filled("evaluation", "enter", asset, "--year", "2025", "--independent", "3", "--core-papers", "0", "--ground", "培训名单")
    assert "可以撤销" in said
    listed = filled.json("evaluation", "list", "--year", "2025")["facts"]
    assert [(one["item"], one["count"], one["ground"]) for one in listed] == [("independent", 3, "培训名单"), ("core_papers", 0, "培训名单")]
    scored = next(one for one in filled.json("evaluation", "scores", "--year", "2025")["sets"] if one["asset_number"] == asset)
    assert scored["parts"]["training"] == "30.00～100.00"
    assert scored["grade"] in ("open", "fail")
    why = filled("explain", "performance", asset, "--period", "2025")
    assert "获得独立操作资格的人数：3" in why
    assert "效益评价总分：未知" in why
    assert "[benefit." not in why
    out = tmp_path / "b.pdf"
    filled("report", "benefit", "--period", "2024-2025", "--out", out)
    text = running("".join(pages(out.read_bytes())))
    assert "贵重仪器设备年度效益评价" in text
    assert "2024–2025学年" in text
    filled("evaluation", "withdraw", asset, "--year", "2025", "--item", "independent", "--reason", "名单作废")
    assert [one["item"] for one in filled.json("evaluation", "list")["facts"]] == ["core_papers"]
    assert filled.json("verify")["ok"] is True


def test_refusals_are_said_in_words(filled: Shell) -> None:
    refused = filled.json("evaluation", "enter", "没有", "--year", "2025", "--guided", "1", "--ground", "名单", status=1)
    assert refused["error"] == "instrument.unknown"
    assert filled.json("evaluation", "rate", "没有", "--word", "一般", status=1)["error"] == "record.unknown"
    groups = filled.json("evaluation", "scores", "--year", "2025")["groups"]
    assert {one["kind"] for one in groups} >= {"department", "institution"}
    for kind in {one["kind"] for one in groups}:
        n_sets = sum(n for one in groups if one["kind"] == kind for n in one["grades"].values())
        assert n_sets == len(filled.json("evaluation", "scores", "--year", "2025")["sets"]), kind
    assert filled.json("evaluation", "scores", "--year", "2025Q1", status=1)["error"].startswith("report.period")
    assert "满意率：" in filled("evaluation", "ratings", "--year", "2025")


def test_the_filing_statement_is_written_and_says_how_to_keep_it(filled: Shell, tmp_path: Path) -> None:
    out = tmp_path / "f.pdf"
    assert "不要通过网络传输" in filled("instrument", "filing-statement", "--out", out)
    assert "涉密大型科研仪器报备说明" in running("".join(pages(out.read_bytes())))
