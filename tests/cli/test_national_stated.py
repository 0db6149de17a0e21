"""What the national platform asks and no record holds, by command: stated, listed, taken back."""

from __future__ import annotations

from tests.cli.conftest import Shell


def test_a_service_is_stated_and_shown(filled: Shell) -> None:
    filled("post", "R700002")
    assert "没有写明任何一项" in filled("national", "service", "R700002")
    told = filled.json("national", "service", "R700002", "--project", "海洋防腐涂层", "--income", "其他")
    assert (told["project"], told["income"], told["moved_to"]) == ("海洋防腐涂层", "其他", None)
    assert "海洋防腐涂层" in filled("national", "service", "R700002")
    assert filled.json("national", "service", "R700002", "--income", "863", status=1)["error"] == "national_service.income"
    filled("undo")
    assert filled.json("national", "service", "R700002")["project"] is None


def test_why_a_set_is_not_open_is_said_listed_and_taken_back(filled: Shell) -> None:
    asset = filled.json("instrument", "list")["instruments"][0]["asset_number"]
    assert filled.json("national", "closed")["sets"] == []
    filled("national", "closed", asset, "--reason", "outdated", "--note", "2008 年购置")
    (one,) = filled.json("national", "closed")["sets"]
    assert (one["asset_number"], one["reason"], one["note"]) == (asset, "outdated", "2008 年购置")
    assert "old and outdated" in filled("national", "closed", "--lang", "en")
    filled("national", "closed", asset, "--open")
    assert filled.json("national", "closed")["sets"] == []
    assert filled.json("national", "closed", "--reason", "part", status=1)["error"] == "national_closed.nothing_said"
    assert filled.json("national", "closed", asset, "--open", status=1)["error"] == "national_closed.not_said"
    assert filled.json("national", "closed", "A-9", status=1)["error"] == "instrument.unknown", "a mistyped number is not taken for an open set"
