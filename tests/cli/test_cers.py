"""The universities' sharing system by command: stated, checked, written, asked why, taken out."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from tests.cli.conftest import Shell

STATED = (
    "--assets-code", "032101", "--classification-code", "010102", "--application-area", "材料", "--maker-certification", "ISO 9001",
    "--country-code", "C276", "--image-url", "https://a.example.edu.cn/1.jpg", "--group-id", "G1", "--share-level", "0", "--open-calendar", "周一",
)  # fmt: skip


def test_sets_are_stated_checked_written_and_taken_out(filled: Shell, tmp_path: Path) -> None:
    asset = filled.json("instrument", "list")["instruments"][0]["asset_number"]
    filled("university", "school", "10422")
    assert filled.json("cers", "check")["sets"] == []
    told = filled.json("cers", "state", asset, *STATED)
    assert (told["share_level"], told["alias"]) == ("0", None)
    checked = filled.json("cers", "check")
    (one,) = checked["sets"]
    assert (one["asset_number"], one["sound"]) == (asset, True), checked["findings"]
    file = tmp_path / "InstrusAndGroups.xml"
    assert filled.json("cers", "instruments", file)["rows"] == 1
    assert ElementTree.parse(file).getroot().findtext("Instrus/Instru/ShareLevel") == "0"
    assert "写出" in filled("explain", "cers", asset)
    for ending in ("pdf", "xlsx"):
        paper = tmp_path / f"cers.{ending}"
        filled("report", "cers", "--out", paper)
        assert paper.stat().st_size > 0
    filled("cers", "state", asset, "--group-id", "")
    said = filled("cers", "check", status=1)
    assert "机组编号" in said
    assert filled.json("cers", "instruments", file, status=1)["error"] == "cers.nothing_sound"
    filled("cers", "withdraw", asset, "--reason", "不再共享")
    assert filled.json("cers", "check")["sets"] == []
    filled("undo")
    assert len(filled.json("cers", "check", status=1)["sets"]) == 1


def test_what_is_refused(filled: Shell) -> None:
    asset = filled.json("instrument", "list")["instruments"][0]["asset_number"]
    assert filled.json("cers", "state", asset, status=1)["error"] == "cers.nothing_said"
    assert filled.json("cers", "state", asset, "--country-code", "156", status=1)["error"] == "cers.entry_country"
    assert filled.json("cers", "state", "没有", "--alias", "a", status=1)["error"] == "instrument.unknown"
    assert filled.json("cers", "withdraw", asset, "--reason", "误", status=1)["error"] == "cers.not_stated"
