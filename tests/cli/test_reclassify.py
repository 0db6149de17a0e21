"""改密级 by command: prepared by one, decided by another; refusals in words; what it means is told."""

from __future__ import annotations

from tests.cli.conftest import Shell

VERB = ("instrument", "reclassify")
OFFICE = ("--as", "设备处甲", "--pin", "1234")
APPROVER = ("--as", "审批人乙", "--pin", "4321")
SECRET, ORDINARY = "2023170011", "2020170000"


def people(shell: Shell) -> None:
    shell("person", "add", "设备处甲", "--role", "equipment_office", "--pin", "1234")
    shell("person", "add", "审批人乙", "--role", "approver", "--pin", "4321")


def test_a_set_is_declassified_by_two(filled: Shell) -> None:
    people(filled)
    prepared = filled.json(*VERB, "prepare", SECRET, "--to", "ordinary", "--reason", "已解密", "--document", "密办1号", *OFFICE)
    assert (prepared["state"], prepared["to"], prepared["document"]) == ("prepared", "ordinary", "密办1号")
    assert any("收不回来" in line for line in prepared["means"])
    assert filled.json(*VERB, "show", SECRET)["confidential"] is True
    assert filled.json(*VERB, "approve", SECRET, *OFFICE, status=1)["error"] == "reclassification.same_person"
    approved = filled.json(*VERB, "approve", SECRET, "--note", "同意", *APPROVER)
    assert (approved["state"], approved["decided_by"], approved["note"]) == ("approved", "审批人乙", "同意")
    shown = filled.json(*VERB, "show", SECRET)
    assert (shown["confidential"], [change["state"] for change in shown["changes"]]) == (False, ["approved"])
    assert "已批准" in filled(*VERB, "show", SECRET)
    assert filled.json("verify")["ok"] is True


def test_to_confidential_is_at_once_and_can_be_declined(filled: Shell) -> None:
    people(filled)
    filled(*VERB, "prepare", ORDINARY, "--to", "confidential", "--reason", "上级通知", *OFFICE)
    assert {d["asset_number"]: d["state"] for d in filled.json("duties")["duties"]}[ORDINARY] == "to_file"
    assert filled.json(*VERB, "withdraw", ORDINARY, *OFFICE, status=1)["error"] == "reclassification.not_withdrawn"
    declined = filled.json(*VERB, "decline", ORDINARY, "--reason", "定错了", *APPROVER)
    assert (declined["state"], declined["note"]) == ("declined", "定错了")
    assert filled.json(*VERB, "show", ORDINARY)["confidential"] is False
    refused = filled.json(*VERB, "approve", ORDINARY, *APPROVER, status=1)
    assert refused["error"] == "reclassification.nothing_waits"
    assert not refused["words"].startswith("[")


def test_what_could_be_taken_back_is_told_and_refused_in_words(filled: Shell) -> None:
    people(filled)
    looked = filled.json(*VERB, "take-back", SECRET)
    assert (looked["asked"], looked["remotes"]) == (False, {})
    assert "没有一行在别处" in filled(*VERB, "take-back", SECRET)
    assert filled.json(*VERB, "take-back", ORDINARY, status=1)["error"] == "take_back.ordinary"
    filled(*VERB, "prepare", ORDINARY, "--to", "confidential", "--reason", "上级通知", *OFFICE)
    refused = filled.json(*VERB, "take-back", ORDINARY, "--reason", "发函前", *APPROVER, status=1)
    assert refused["error"] == "take_back.waits"
    filled(*VERB, "approve", ORDINARY, *APPROVER)
    assert filled.json(*VERB, "take-back", ORDINARY, "--reason", "发函前", *APPROVER, status=1)["error"] == "take_back.nothing"
