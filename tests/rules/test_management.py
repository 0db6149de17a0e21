"""The checklist of management documents: every case a clerk can read, and rules that were broken on purpose."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop import words
from desktop.ledger.management import MANAGEMENT_KINDS, ManagementDocument
from desktop.rules import management, parameters
from desktop.words import known

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "management.toml").read_text("utf-8"))["case"]
PAPER = ManagementDocument("k", "sharing", "1", "开放共享管理办法", date(2024, 12, 20), date(2025, 1, 1), date(2025, 12, 31))
DAY = date(2025, 6, 1)
WARNING_DAYS = 60


def papers(case: dict[str, Any]) -> list[ManagementDocument]:
    told = []
    for one in case["papers"]:
        told.append(replace(PAPER, **{**one, "last_on": one.get("last_on", PAPER.last_on) or None}))
    return [one for one in told if one.kind == "sharing"]


def outcome(case: dict[str, Any]) -> tuple[str, str]:
    days = case.get("warning_days", WARNING_DAYS)
    day, own = case.get("on", DAY), papers(case)
    one = management.counts(own, day)
    return management.state(own, day, None if days < 0 else days), one.number if one else ""


def expected(case: dict[str, Any]) -> tuple[str, str]:
    return case["state"], case.get("counts", "")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_how_a_kind_stands(case: dict[str, Any]) -> None:
    assert outcome(case) == expected(case)


def failing() -> set[str]:
    return {case["name"] for case in CASES if outcome(case) != expected(case)}


def test_cases_catch_a_last_day_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(management, "good", lambda one, day: one.from_on <= day and (one.last_on is None or day < one.last_on))
    assert "the last day is in force, and near its end" in failing()


def test_cases_catch_a_follower_with_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(management, "_next", lambda day: date.fromordinal(day.toordinal() + 2))
    assert failing() == {"a paper that begins a day too late leaves a gap"}


def test_the_cases_use_the_days_in_force() -> None:
    rule = parameters.packaged().in_force(management.WARNING, DAY)
    assert rule is not None
    assert (rule.integer, rule.certainty) == (WARNING_DAYS, "C")


def test_the_checklist_names_what_is_missing_and_what_ends() -> None:
    rows = [
        replace(PAPER, id="a"), replace(PAPER, id="b", kind="fees", number="2", last_on=None), replace(PAPER, id="c", kind="other", number="3"),
        replace(PAPER, id="d", kind="ip_agreement", number="4", party="乙公司"),
        replace(PAPER, id="e", kind="ip_agreement", number="5", party="甲公司", last_on=None),
    ]  # fmt: skip
    found = management.checklist(rows, parameters.packaged(), date(2025, 12, 1))
    assert found.required is not None
    assert {one.kind: one.state for one in found.required} == {
        "sharing": "ends_soon", "fees": "in_force", "flow": "missing", "safety": "missing", "data": "missing", "income": "missing", "incentive": "missing",
    }  # fmt: skip
    assert [(one.kind, one.state) for one in found.others] == [("other", "ends_soon")]
    assert [(one.document.party if one.document else "", one.state) for one in found.agreements] == [("乙公司", "ends_soon"), ("甲公司", "in_force")]
    assert [one.code for one in found.findings] == ["management.ends"] + ["management.missing"] * 5 + ["management.ends"] * 2
    assert {one.severity for one in found.findings} == {"note", "warning"}
    assert (found.figure.value, found.figure.weakest) == (2, "C")
    assert words.say(found.findings[1].code, **dict(found.findings[1].params)).startswith("没有登记开放服务流程")


def test_before_the_measure_nobody_knows_which_kinds_are_required() -> None:
    found = management.checklist([PAPER], parameters.packaged(), date(2024, 7, 31))
    assert (found.required, found.figure.value) == (None, None)
    assert "parameter.not_in_force" in [one.code for one in found.findings]
    assert management.checklist([PAPER], parameters.packaged(), date(2024, 8, 1)).required is not None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, None), ({"kind": "tax"}, "management.kind"), ({"number": " "}, "management.empty"), ({"title": ""}, "management.empty"),
        ({"last_on": date(2024, 12, 31)}, "management.days"), ({"last_on": date(2025, 1, 1)}, None), ({"party": "甲公司"}, "management.party"),
        ({"kind": "ip_agreement"}, "management.party"), ({"kind": "ip_agreement", "party": "甲公司"}, None),
        ({"issued_on": DAY, "last_on": None}, None), ({"issued_on": date(2025, 6, 2), "last_on": None}, "management.to_come"),
    ],
)  # fmt: skip
def test_what_is_no_management_document(changed: dict[str, Any], code: str | None) -> None:
    assert management.faults(replace(PAPER, **changed), DAY) == code


def test_every_kind_and_state_has_its_words() -> None:
    states = {case["state"] for case in CASES}
    assert all(known(f"management.kinds.{kind}") for kind in MANAGEMENT_KINDS)
    assert states == {"in_force", "ends_soon", "over", "not_yet", "missing"}
    assert all(known(f"management.state.{state}") for state in states)
