"""Trainings of a period and what technicians hold on a day: every case a clerk can read, and rules that were broken on purpose."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop import words
from desktop.ledger import period as periods
from desktop.ledger.finding import Finding
from desktop.ledger.people import Technician
from desktop.ledger.staff_fact import StaffFact
from desktop.ledger.training import Attendance, Training
from desktop.rules import parameters, staff, trainings
from desktop.rules.trainings import Course, Statement

FOLDER = Path(__file__).parents[1] / "cases"
TRAININGS = tomllib.loads((FOLDER / "trainings.toml").read_text("utf-8"))["case"]
STAFF = tomllib.loads((FOLDER / "staff.toml").read_text("utf-8"))["case"]
YEAR = periods.parse("2025")
TRAINING = Training("", "P1", "工艺放大", "process_design", "", "", date(2025, 5, 12), date(2025, 5, 16), Decimal(40), "签到表")
FACT = StaffFact("f", "t", "certificate", "上岗证", date(2025, 1, 1), date(2025, 12, 31), "", "", "证书")
PERSON = Technician("t", "T1", "张一")


def course(n: int, told: dict[str, Any]) -> Course:
    ends = told.get("ends_on", TRAINING.ends_on)
    one = replace(
        TRAINING, id=f"p{n}", number=f"P{n}", subject=told.get("subject", TRAINING.subject), starts_on=ends - timedelta(days=4), ends_on=ends,
        hours=Decimal(told.get("hours", "40")),
    )  # fmt: skip
    return Course(one, tuple(attendance(one, f"{n}.{k}", who) for k, who in enumerate(told["people"])))


def attendance(one: Training, key: str, told: str) -> Attendance:
    who, _, outcome = told.partition(":")
    name, of, organisation = who.partition("|")
    return Attendance(key, one.id, None if of else who, name, organisation, outcome or "attended")


def stated(case: dict[str, Any]) -> Statement:
    courses = [course(n, told) for n, told in enumerate(case["courses"])]
    return trainings.statement(courses, YEAR, parameters.packaged(), YEAR.last_day)


def check_training(case: dict[str, Any]) -> None:
    found = stated(case)
    assert (found.pilot.value, found.all.value) == (case["pilot"], case["people"])
    by = {one.subject: one for one in found.subjects}
    for name, field in (("attended", "n_attended"), ("passed", "n_passed"), ("hours", "hours")):
        for subject, value in case.get(name, {}).items():
            assert getattr(by[subject], field) == (Decimal(value) if name == "hours" else value)
    assert [one.code for one in found.findings] == case.get("told", [])
    assert found.all.certainty == "C", "how people are counted is the program's own reading"


@pytest.mark.parametrize("case", [one for one in TRAININGS if "courses" in one], ids=lambda case: case["name"])
def test_trainings_of_a_year(case: dict[str, Any]) -> None:
    check_training(case)


@pytest.mark.parametrize("case", [one for one in TRAININGS if "fault" in one], ids=lambda case: case["name"])
def test_what_makes_no_training(case: dict[str, Any]) -> None:
    given = {name: Decimal(value) if name == "hours" else value for name, value in case["fault"].items()}
    fault = trainings.faults(replace(TRAINING, **given))
    assert ([fault] if fault else []) == case["told"]
    said(fault)


def said(code: str | None) -> None:
    for language in ("zh", "en") if code else ():
        assert words.known(str(code))
        assert "[" not in words.say_in(language, str(code), number="P1", value="x")


def fact(told: dict[str, Any]) -> StaffFact:
    more: dict[str, Any] = {name: None if value == "" else value for name, value in told.items()}
    if "factor" in more:
        more["factor"] = Decimal(more["factor"])
    return replace(FACT, **more)


def check_staff(case: dict[str, Any]) -> None:
    day = case.get("on", date(2025, 6, 1))
    facts = [replace(fact(told), id=f"f{n}") for n, told in enumerate(case["facts"])]
    if "good" in case:
        good = [one.value for kind in ("certificate", "recognition") for one in staff.beside(facts, kind, day)]
        assert good == case["good"]
        assert staff.figure(facts, day).value == len(good)
    if "post" in case:
        post = staff.held(facts, "post", day)
        assert (post.value if post else "") == case["post"]
    if "stands" in case:
        assert [staff.state(one, facts, parameters.packaged(), day) for one in facts] == case["stands"]
        assert set(case["stands"]) <= set(staff.STATES)
    found: tuple[Finding, ...] = staff.running_out(PERSON, facts, parameters.packaged(), day)
    assert [one.code for one in found] == case.get("told", [])
    for one in found:
        for language in ("zh", "en"):
            assert "{" not in words.say_in(language, one.code, **dict(one.params))


@pytest.mark.parametrize("case", [one for one in STAFF if "facts" in one], ids=lambda case: case["name"])
def test_what_is_held_on_a_day(case: dict[str, Any]) -> None:
    check_staff(case)


@pytest.mark.parametrize("case", [one for one in STAFF if "fault" in one], ids=lambda case: case["name"])
def test_what_makes_no_fact(case: dict[str, Any]) -> None:
    fault = staff.faults(fact(case["fault"]))
    assert ([fault] if fault else []) == case["told"]
    said(fault)


def broken_by(case: dict[str, Any], check: Any) -> bool:
    try:
        check(case)
    except AssertionError:
        return True
    return False


def test_one_who_counted_attendances_as_people_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trainings, "who", lambda one: one.id)
    assert [case["name"] for case in TRAININGS if "courses" in case and broken_by(case, check_training)] == [
        "the same technician in two pilot courses is one person and two attendances",
        "one in a pilot course and in another: one of all",
        "full-width signs and spaces make no other person",
    ]


def test_one_for_whom_whatever_ended_is_over_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "_follows", lambda other, one: False)
    assert [case["name"] for case in STAFF if "facts" in case and broken_by(case, check_staff)] == [
        "what ran out was renewed",
        "one that was renewed has ended and harms nothing",
        "one that is being renewed does not end soon",
    ]


def test_one_for_whom_the_last_day_is_out_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "good", lambda one, day: one.from_on <= day and (one.last_on is None or day < one.last_on))
    assert [case["name"] for case in STAFF if "facts" in case and broken_by(case, check_staff)] == ["on its last day it is good, and told"]
