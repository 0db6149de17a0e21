"""Pilot bases by command: entered and corrected, opened, checked, their services, their papers, taken back; refusals in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Shell

ASSET = "2020170009"
BASE = ("--name", "新材料中试基地", "--process", "聚合", "--capacity", "年10吨", "--services", "放大试验", "--started", "2023-01-05", "--market", "yes")


def test_a_base_from_entry_to_paper(filled: Shell, tmp_path: Path) -> None:
    made = filled.json("pilot", "base", "Z1", *BASE, "--market-how", "设立公司")
    assert made["findings"] == []
    filled.json("pilot", "equipment", "E1", "--name", "中试线", "--base", "Z1", "--asset", ASSET)
    line = filled.json("pilot", "equipment", "E2", "--name", "聚合线", "--base", "Z1", "--value", "9500000", "--confidential", "no")
    assert line["findings"] == []
    filled.json("pilot", "partner", "Z1", "高新区管委会", "--kind", "park", "--document", "协议1")
    filled.json("pilot", "open", "Z1", "open", "--reason", "建成投用", "--from", "2024-09-01")
    shown = filled.json("pilot", "show", "Z1", "--on", "2025-01-05")
    assert (shown["conditions"]["years"], shown["conditions"]["party_company"], shown["openness"]) == ("met", "not_met", "open")
    assert filled.json("pilot", "show", "Z1", "--on", "2025-01-04")["conditions"]["years"] == "not_met"
    text = filled("pilot", "show", "Z1")
    for said in ("省级中试示范基地的条件", "运行年限达到下限", "鲁科字〔2022〕4号", "建成投用"):
        assert said in text
    # Only what is given is changed.
    filled("pilot", "base", "Z1", "--phone", "0531-1")
    (base,) = filled.json("pilot", "list")["bases"]
    assert (base["phone"], base["process"], base["market_how"], base["started_on"]) == ("0531-1", "聚合", "设立公司", "2023-01-05")
    # Written empty, a day or a value is taken out again.
    filled("pilot", "base", "Z1", "--ended", "2026-06-30", "--started", "")
    (base,) = filled.json("pilot", "list")["bases"]
    assert (base["retired_on"], base["started_on"]) == ("2026-06-30", None)
    filled("pilot", "base", "Z1", "--ended", "", "--started", "2023-01-05")
    (base,) = filled.json("pilot", "list")["bases"]
    assert (base["retired_on"], base["started_on"]) == (None, "2023-01-05")
    filled("pilot", "equipment", "E2", "--base", "")
    assert filled.json("pilot", "show", "Z1")["equipment"] == ["E1"]
    filled("undo")
    assert filled.json("pilot", "show", "Z1")["equipment"] == ["E1", "E2"]
    waiting = filled.json("pilot", "services", "--year", "2025")["candidates"]
    assert waiting
    filled("pilot", "serve", "Z1", *(one["record"] for one in waiting), "--what", "放大试验")
    year = filled.json("pilot", "services", "--year", "2025")
    assert year["candidates"] == []
    filled("pilot", "unserve", waiting[0]["record"])
    assert [one["record"] for one in filled.json("pilot", "services", "--year", "2025")["candidates"]] == [waiting[0]["record"]]
    assert "奖补估算" in filled("explain", "pilot", "Z1", "--period", "2025")
    for kind in ("catalogue", "award", "performance"):
        for ending in (".pdf", ".xlsx"):
            paper = filled.json("pilot", "paper", kind, "--base", "Z1", "--year", "2025", "--out", tmp_path / f"{kind}{ending}")
            assert Path(paper["file"]).stat().st_size > 1000
    filled("pilot", "partner", "Z1", "高新区管委会", "--remove")
    assert filled.json("pilot", "show", "Z1")["partners"] == []
    assert filled.json("verify")["ok"] is True


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("show", "Z9"), "pilot.unknown_base"),
        (("open", "Z9", "open", "--reason", "x"), "pilot.unknown_subject"),
        (("open", "Z1", "open", "--reason", " "), "pilot.no_reason"),
        (("equipment", "E9", "--name", "x", "--asset", "NO-SUCH"), "instrument.unknown"),
        (("equipment", "Z1", "--name", "x"), "pilot.taken"),
        (("base", "Z2", "--name", "x", "--started", "2026-11-24"), "pilot.start_ahead"),
        (("serve", "Z1", "R0"), "pilot.unknown_record"),
        (("unserve", "R0"), "pilot.not_served"),
        (("partner", "Z1", "无", "--remove"), "pilot.unknown_partner"),
        (("services", "--year", "2024-2025"), "report.period"),
        (("paper", "award", "--base", "Z9", "--out", "a.pdf"), "pilot.unknown_base"),
    ],
)
def test_what_cannot_be_done_is_said(filled: Shell, command: tuple[str, ...], code: str) -> None:
    filled("pilot", "base", "Z1", *BASE)
    refused = filled.json("pilot", *command, status=1)
    assert refused["error"] == code
    assert not refused["words"].startswith("[")


def test_a_refusal_says_once_what_several_findings_say(filled: Shell) -> None:
    filled("pilot", "base", "Z9", "--name", "二基地", "--started", "2099-11-28", status=1)
    assert (filled.out + filled.err).count("工艺、能力或服务内容没有填") == 1


def test_what_stays_here_and_what_contradicts_is_told(filled: Shell) -> None:
    filled("pilot", "base", "Z1", "--name", "新材料中试基地")
    filled("pilot", "equipment", "E2", "--name", "聚合线", "--base", "Z1", "--value", "9500000")
    assert [one["code"] for one in filled.json("pilot", "list")["findings"]] == ["pilot.not_sent"]
    assert [one["code"] for one in filled.json("pilot", "show", "Z1")["findings"]] == ["pilot.not_sent"]
    assert "1 件中试设备没有注明是否涉密（E2），不离开本机" in filled("pilot", "list")
    filled("pilot", "equipment", "E2", "--confidential", "no")
    assert filled.json("pilot", "list")["findings"] == []
    filled("sensor", "bind", ASSET, "CG-1", "--from", "2025-01-01")
    assert filled.json("sensor", "check", "--period", "2025")["findings"] == []
