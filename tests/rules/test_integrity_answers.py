"""Answers to self-checks and the standing of notices, by cases a clerk can read, with a broken variant each that they see."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop import words
from desktop.ledger.integrity import IntegrityAnswer
from desktop.rules import integrity_answers as rules
from desktop.rules import parameters
from desktop.rules.workdays import packaged

CASES = Path(__file__).parents[1] / "cases"
ANSWERS = tomllib.loads((CASES / "integrity_answers.toml").read_text("utf-8"))["case"]
NOTICES = tomllib.loads((CASES / "integrity_notices.toml").read_text("utf-8"))["case"]
TODAY = date(2026, 3, 10)


def said(state: str, text: str = "多工位", on: date = date(2026, 3, 1), check: str = "overlap", correction: str = "") -> IntegrityAnswer:
    return IntegrityAnswer("k", check, "r", state, text, on, correction)  # type: ignore[arg-type]  # cases have wrong ones


def told(case: dict[str, Any]) -> list[str]:
    text = "字" * case["n_signs"] if "n_signs" in case else case.get("text", "多工位")
    given = said(
        case.get("state", "explained"), text, case.get("answered_on", date(2026, 3, 1)), case.get("check_name", "overlap"), case.get("correction", "")
    )
    about = rules.About("R1", date(2025, 5, 6), case.get("pointed_at", True), case.get("correction_state", ""), case.get("same_set", True))
    return [one.code.removeprefix("integrity.") for one in rules.faults(given, about, TODAY)]


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case["name"])
def test_an_answer_is_taken_or_told_why_not(case: dict[str, Any]) -> None:
    assert told(case) == case["told"]


@pytest.mark.parametrize("case", NOTICES, ids=lambda case: case["name"])
def test_a_notice_stands_by_its_own_day(case: dict[str, Any]) -> None:
    found = rules.notice(case.get("due_on"), case.get("answered_on"), case["on"], packaged())
    assert (found.state, found.workdays, found.provisional) == (case["state"], case.get("workdays"), case.get("provisional", False))


@pytest.mark.parametrize("case", NOTICES, ids=lambda case: case["name"])
def test_how_a_notice_stands_is_explained(case: dict[str, Any]) -> None:
    tree = rules.notice_figure("通知", case.get("due_on"), case.get("answered_on"), case["on"], packaged(), parameters.packaged())
    told = {part.code: part.value for part in tree.walk()}
    assert (tree.value, told.get("notice.workdays")) == (case["state"], case.get("workdays"))
    assert told.get("notice.provisional", False) == case.get("provisional", False)
    assert ("parameter.definition.counting_days" in told) == ("workdays" in case)
    assert all(words.known(part.code) for part in tree.walk())
    assert words.known(f"notice.state.{tree.value}")


def test_the_last_answer_holds_and_an_open_one_withdraws_it() -> None:
    explained, accepted, still_open = said("explained"), said("accepted"), said("open")
    assert rules.holds([]) is None
    assert rules.holds([explained]) is explained
    assert rules.holds([explained, accepted]) is accepted
    assert rules.holds([explained, still_open]) is None
    assert rules.holds([still_open, explained]) is explained


@pytest.mark.parametrize(
    ("states", "standings"),
    [
        ([], []), (["explained"], ["holds"]), (["open"], ["reopens"]), (["explained", "accepted"], ["replaced", "holds"]),
        (["explained", "open"], ["replaced", "reopens"]), (["open", "corrected"], ["replaced", "holds"]),
        (["accepted", "open", "explained"], ["replaced", "replaced", "holds"]),
    ],
)  # fmt: skip
def test_each_answer_stands_by_what_came_after_it(states: list[str], standings: list[str]) -> None:
    answers = [said(state, correction="R2" if state == "corrected" else "") for state in states]
    assert list(rules.standings(answers)) == standings
    held = rules.holds(answers)
    assert [one for one, standing in zip(answers, standings, strict=True) if standing == "holds"] == ([held] if held else [])


def test_a_limit_one_off_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "LONGEST_TEXT", rules.LONGEST_TEXT + 1)
    assert [case["name"] for case in ANSWERS if told(case) != case["told"]] == ["2001 signs"]


def test_calendar_days_for_working_days_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "workdays_between", lambda after, until, calendar: (until - after).days)
    wrong = [
        case["name"]
        for case in NOTICES
        if rules.notice(case.get("due_on"), case.get("answered_on"), case["on"], packaged()).workdays != case.get("workdays")
    ]
    assert "a week of holidays between is not counted" in wrong
