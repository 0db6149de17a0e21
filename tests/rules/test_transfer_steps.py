"""Steps of a transfer: every case a clerk can read; what is said has words; an error in any place forbids the step."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from desktop import words
from desktop.ledger.finding import Finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.people import Person
from desktop.ledger.transfer import TRANSFER_STATES, Transfer
from desktop.rules import transfer_steps as rules

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "transfer_steps.toml").read_text("utf-8"))["case"]
TODAY, APPROVED = date(2026, 1, 10), date(2026, 1, 5)
OWN = "123700004000000181"
PIN = "scrypt$00$00"
PEOPLE = {
    "office": Person("p1", "戊设备处", "equipment_office", PIN),
    "approver": Person("p2", "乙审批", "approver", PIN),
    "auditor": Person("p3", "丁审计", "auditor", PIN),
    "lab": Person("p4", "丙实验室", "lab_manager", PIN),
}
SET = Instrument("i1", "A1", "扫描电镜", 50_000_000, True, False, date(2020, 1, 1), department="物理系")
PROPOSED = Transfer(
    "t1", "DB2026-001", "i1", "internal", "prepared", "使用率低", "物理系", "化学系", "", "", "", "", "", "p1", datetime(2026, 1, 2, tzinfo=UTC)
)


def told(case: dict[str, Any]) -> tuple[Finding, ...]:
    one = replace(SET, **{name: None if value == "?" else value for name, value in case.get("set", {}).items()})
    transfer = replace(PROPOSED, **case.get("transfer", {}))
    person = PEOPLE[case.get("by", "approver")]
    if not case.get("pin", True):
        person = replace(person, pin_hash="")
    step = case["step"]
    if step == "prepare":
        return rules.prepare(one, transfer, OWN, case.get("verdict", ""), tuple(case.get("cautions", ())))
    if step == "hand_over":
        return rules.hand_over(transfer, one, person, case.get("on", TODAY), TODAY, APPROVED, case.get("drafts", 0))
    return rules.decide(transfer, person, step, case.get("note", ""), case.get("document", ""))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    found = told(case)
    assert [one.code for one in found] == case["told"]
    for one in found:
        assert words.known(one.code), one.code
        for language in ("zh", "en"):
            said = words.say_in(language, one.code, **dict(one.params))
            assert "{" not in said


def test_what_is_a_hint_never_forbids() -> None:
    hints = [one for case in CASES for one in told(case) if one.code.startswith(("transfer.judged_", "transfer.told_"))]
    assert hints
    assert {one.severity for one in hints} == {"warning"}


@pytest.mark.parametrize("state", set(TRANSFER_STATES) - {"prepared"})
def test_nothing_is_decided_twice(state: str) -> None:
    done = replace(PROPOSED, state=state)  # type: ignore[arg-type]  # one of its states
    for step, who in (("approved", "approver"), ("declined", "approver"), ("withdrawn", "office")):
        assert "transfer.wrong_state" in [one.code for one in rules.decide(done, PEOPLE[who], step, "理由")]
    handing = [one.code for one in rules.hand_over(done, SET, PEOPLE["office"], TODAY, TODAY, APPROVED)]
    assert ("transfer.wrong_state" in handing) == (state != "approved")


def test_a_lost_check_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_state", lambda transfer, needed: ())
    assert [case["name"] for case in CASES if [one.code for one in told(case)] != case["told"]] == ["approved twice", "not before it is approved"]
