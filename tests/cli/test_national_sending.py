"""Sending to the national platform by command: where to, what would leave, sending what was shown, what became of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.sync import soap_peer
from tests.sync.soap_peer import Peer

UNIT = "0123456789abcdef0123456789abcdef"
SEND = ("national", "send", "--period", "2025", "--only", "effect", "--only", "instruments")


@pytest.fixture
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


def test_what_was_looked_at_is_sent_and_told(filled: Shell, peer: Peer) -> None:
    assert filled.json(*SEND, status=1)["error"] == "national.no_address"
    assert filled.json("national", "address", "http://platform.example/", status=1)["error"] == "sync.bad_address"
    told = filled.json("national", "address", peer.address, "--unit", UNIT)
    assert told == {"address": peer.address, "unit": UNIT, "authorities": []}
    shown = filled.json(*SEND)
    assert [(one["kind"], len(one["rows"])) for one in shown["messages"]] == [("instruments", 52), ("effect", 1)]
    assert (shown["rows"], shown["left_out"], shown["same"]) == (53, 5, 0)
    said = filled(*SEND)
    assert f"--approved {shown['sha256']}" in said
    assert "什么也还没有发出" in said
    assert peer.asked == []
    assert filled.json("national", "sent")["messages"] == []
    assert filled.json(*SEND, "--approved", "0" * 64, status=1)["error"] == "national.changed_since"
    assert peer.asked == []
    done = filled.json(*SEND, "--approved", shown["sha256"])
    assert [(one["number"][-3:], one["kind"], one["state"], one["code"]) for one in done["messages"]] == [
        ("001", "instruments", "accepted", "100"), ("002", "effect", "accepted", "100"),
    ]  # fmt: skip
    assert [one.rows for one in peer.arrived] == [one["rows"] for one in shown["messages"]]
    again = filled.json(*SEND, status=1)
    assert (again["error"], len(peer.arrived)) == ("national.nothing_new", 2)
    listed = filled("national", "sent")
    assert listed.count("已接收") == 2
    number = done["messages"][0]["number"]
    one = filled.json("national", "sent", number)
    assert [event["step"] for event in one["events"]] == ["sent", "accepted"]
    assert one["rows"] == peer.arrived[0].rows
    assert "平台已接收（代码 100）" in filled("national", "sent", number)


def test_what_is_kept_is_written_to_a_file_handed_in_and_settled(filled: Shell, peer: Peer, tmp_path: Path) -> None:
    filled("national", "address", peer.address, "--unit", UNIT)
    only = ("national", "send", "--period", "2025", "--only", "effect")
    kept = filled.json(*only, "--approved", filled.json(*only)["sha256"], "--keep")
    (number,) = (one["number"] for one in kept["messages"])
    assert kept["messages"][0]["state"] == "written"
    out = tmp_path / "年度成效.xml"
    assert "年度成效.xml" in filled("national", "save", number, "--out", out)
    assert b"Envelope" in out.read_bytes()
    assert filled.json("national", "settle", number, "accepted", "--reason", "现场送交")["messages"][0]["state"] == "accepted"
    assert filled.json("national", "save", number, "--out", out, status=1)["error"] == "national.not_now"
    assert peer.asked == []


def test_a_quarter_is_told_without_the_effect_of_a_year(filled: Shell, peer: Peer) -> None:
    filled("national", "address", peer.address, "--unit", UNIT)
    shown = filled.json("national", "send", "--period", "2025Q3")
    assert [one["kind"] for one in shown["messages"]] == ["instruments"], "no service is posted yet"
    assert "年度成效" in filled("national", "send", "--period", "2025Q3")
    asked = filled.json("national", "send", "--period", "2025Q3", "--only", "effect", status=1)
    assert asked["error"] == "national.effect_year"
    assert "整年" in asked["words"]


def test_what_is_not_known_is_checked_by_a_person(filled: Shell, peer: Peer) -> None:
    filled("national", "address", peer.address, "--unit", UNIT)
    peer.behave = soap_peer.slammed
    done = filled.json(*SEND, "--approved", filled.json(*SEND)["sha256"], status=1)
    assert [one["state"] for one in done["messages"]] == ["unknown", "written"]
    first = done["messages"][0]["number"]
    assert "结果不明" in filled("national", "sent", "--state", "unknown")
    assert filled.json(*SEND, status=1)["error"] == "national.open_messages"
    peer.behave = soap_peer.saying("101：innerId 不能为空")
    assert "数据不完整" in filled("national", "again", first, "--reason", "平台上没有", status=1)
    assert filled.json("national", "settle", first, "accepted", "--reason", "看到了", status=1)["error"] == "national.not_now"
    peer.behave = soap_peer.slammed
    filled("national", "again", first, "--reason", "再来", status=1)
    assert filled.json("national", "settle", first, "accepted", "--reason", "平台已查")["messages"][0]["state"] == "accepted"
    peer.behave = soap_peer.saying("100")
    rest = filled.json("national", "send", "--written")
    assert [one["state"] for one in rest["messages"]] == ["accepted"]
    assert json.dumps(filled.json("national", "sent", first), ensure_ascii=False).count("innerId 不能为空") >= 1
    assert len(peer.arrived) == 4
    tree = filled("explain", "message", first)
    assert "已接收" in tree
    assert "平台已查" in tree


def test_what_is_still_to_be_told_is_counted_from_what_the_platform_took(filled: Shell, peer: Peer) -> None:
    filled("national", "address", peer.address, "--unit", UNIT)
    before = filled.json("national", "due", "--on", "2026-11-23", status=1)
    assert before["states"]["overdue"] > 0
    assert before["states"].get("reported", 0) == 0
    this = [one for one in before["records"] if one["period"].startswith("2026")]
    assert [one["period"] for one in this] == ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]
    assert {one["over"] for one in this[:3]} == {True}
    assert {one["state"] for one in before["records"] if one["period"] < "2026"} <= {"to_tell", "wrong"}, "last year's are there until they are told"
    over = next(one for one in before["sets"] if one["state"] == "overdue")
    assert over["days_left"] < 0
    lines = filled("national", "due", "--on", "2026-11-23", status=1).splitlines()
    assert f"已逾期 {-over['days_left']} 个工作日" in next(line for line in lines if line.startswith(over["asset_number"]))
    assert over["deadline"] < "2026-11-23"
    only = ("national", "send", "--period", "2025", "--only", "instruments")
    filled(*only, "--approved", filled.json(*only)["sha256"])
    after = filled.json("national", "due", "--on", "2026-11-23", "--all", status=1)
    taken = {row["innerId"] for row in peer.arrived[0].rows}
    told = {one["asset_number"]: one["state"] for one in after["sets"]}
    assert {state for number, state in told.items() if number in taken} <= {"late", "reported", "not_obliged", "before_rule"}
    assert not {number for number, state in told.items() if state in ("late", "reported")} - taken
    assert after["states"].get("overdue", 0) < before["states"]["overdue"]
    assert "平台已接收 0 条" in filled("national", "due", "--on", "2026-11-23", status=1)
    filled("national", "address", peer.address.replace("instru", "other"))
    assert filled.json("national", "due", "--on", "2026-11-23", status=1)["states"] == before["states"]


def test_what_was_reversed_after_the_platform_took_it_is_to_be_taken_off(filled: Shell, peer: Peer) -> None:
    filled("post", "--to", "2025-12-31", status=1)
    filled("national", "address", peer.address, "--unit", UNIT)
    only = ("national", "send", "--period", "2025", "--only", "services")
    shown = filled.json(*only)
    filled(*only, "--approved", shown["sha256"])
    due = ("national", "due", "--on", "2026-11-23")
    assert filled.json(*due, status=1)["there"] == []
    (taken,) = [one for one in filled.json("explain", "due", "2025Q2")["figure"]["inputs"] if one["code"] == "national_span.n_taken"]
    number = taken["rows"]["keys"][0]
    filled("record", "reverse", number, "--reason", "重复登记")
    (left,) = filled.json(*due, status=1)["there"]
    assert (left["kind"], left["name"], left["state"]) == ("services", number, "reversed")
    said = filled(*due, status=1)
    assert f"{number}：平台在" in said
    assert "请到平台上撤下" in said
    assert filled.json("national", "removed", "services", "R-0", "--reason", "撤了", status=1)["error"] == "national.nothing_to_remove"
    filled("national", "removed", "services", number, "--reason", "平台服务记录页")
    assert filled.json(*due, status=1)["there"] == []
    assert [one["state"] for one in filled.json(*due, "--all", status=1)["there"]] == ["removed"]
    assert "平台服务记录页" in filled("explain", "due", number)


def test_the_audit_is_said_listed_and_due_again(filled: Shell, peer: Peer, tmp_path: Path) -> None:
    filled("national", "address", peer.address, "--unit", UNIT)
    shown = filled.json("national", "send", "--period", "2025", "--only", "instruments")
    filled("national", "send", "--period", "2025", "--only", "instruments", "--approved", shown["sha256"])
    large = [row["innerId"] for row in shown["messages"][0]["rows"] if Decimal(row["worth"]) >= 50]
    first, second = large[:2]
    assert filled.json("national", "audit")["states"] == {"not_submitted": 0, "pending": 0, "passed": 0, "refused": 0, "unseen": 52}
    assert filled.json("national", "audit", "instruments", first, "--state", "refused", status=1)["error"] == "national_audit.no_reason"
    assert filled.json("national", "audit", "instruments", first, status=1)["error"] == "national_audit.nothing_said"
    told = filled.json("national", "audit", "instruments", first, "--state", "refused", "--reason", "型号不符")
    assert [(one["name"], one["state"], one["reason"], one["to_do"]) for one in told["rows"]] == [(first, "refused", "型号不符", True)]
    assert "型号不符" in filled("national", "audit", status=1)
    assert [one["name"] for one in filled.json("national", "audit", "--state", "refused", status=1)["rows"]] == [first]
    assert filled.json("national", "audit", "--state", "passed", status=1)["rows"] == []
    due = filled.json("national", "due", status=1)
    assert [(one["name"], one["reason"]) for one in due["audit"]] == [(first, "型号不符")]
    assert first in {one["asset_number"] for one in due["sets"] if one["state"] == "refused"}
    number = filled.json("national", "sent")["messages"][0]["number"]
    assert filled.json("national", "sent")["messages"][0]["audits"] == {"refused": 1}
    assert filled.json("national", "sent", number)["audits"][first]["state"] == "refused"
    assert "未通过" in filled("national", "sent", number)
    answer = tmp_path / "answer.xml"
    answer.write_bytes(soap_peer.told(json.dumps({"code": 100, "data": [{"innerId": second, "auditState": 1}]})))
    assert filled.json("national", "answer", str(answer))["rows"][0]["state"] == "passed"
    assert filled.json("national", "audit", "--answer", str(answer))["states"]["passed"] == 1
    assert filled.json("national", "audit", "--answer", str(answer), "--state", "passed", status=1)["error"] == "national_audit.one_way"
    filled("report", "national_audit", "--out", str(tmp_path / "audit.pdf"))
    filled("undo")
    filled("undo")
    assert filled.json("national", "audit")["states"]["unseen"] == 52
