"""Pilot bases: every case a clerk can read, the conditions and the award; checks of what is typed; the open state of a day."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import words
from desktop.ledger.parameter import Parameter
from desktop.ledger.pilot import PARTNER_KINDS, PilotBase, PilotEquipment, PilotOpenness, PilotPartner, open_on
from desktop.rules import pilot_award, pilot_base, pilot_checks
from desktop.rules.award import Evidenced
from desktop.rules.parameters import Parameters, packaged
from desktop.rules.pilot_base import BaseFacts, Piece

HERE = Path(__file__).parents[1] / "cases"
CASES = tomllib.loads((HERE / "pilot.toml").read_text("utf-8"))["case"]
AWARDS = tomllib.loads((HERE / "pilot_award.toml").read_text("utf-8"))["case"]
TODAY = date(2025, 12, 31)


def own(values: dict[str, Any], since: date = date(2024, 9, 1)) -> Parameters:
    told = [
        Parameter(key, since, tuple(value) if isinstance(value, list) else value, packaged().unit(key), "省〔2024〕9号", "", "A", own=True)
        for key, value in values.items()
    ]
    known, faults = packaged().layered(told)
    assert not faults
    return known


def stated(case: dict[str, Any], name: str, default: Any) -> Any:
    value = case.get(name, default)
    return None if value == "?" else value


def facts(case: dict[str, Any]) -> BaseFacts:
    values = [None if fen == "?" else fen for fen in case.get("fen", [1_000_000_000])]
    days = stated(case, "accepted", date(2020, 1, 1)), case.get("retired")
    kind = pilot_base.OWN_PARTY.get(case.get("kind", "university"))
    partners = case.get("partners", ["park", "company"])
    parties = {pilot_base.PARTIES[one] for one in partners if one in pilot_base.PARTIES} | ({kind} if kind else set())
    openness = stated(case, "openness", "open")
    return BaseFacts(
        tuple(Piece(str(n), fen, *days) for n, fen in enumerate(values)), stated(case, "started", date(2020, 1, 1)), frozenset(parties),
        bool(partners), stated(case, "market", True), openness, date(2024, 9, 1) if openness else None,
        case.get("withheld", 0),
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    found = pilot_base.judge(facts(case), own(case.get("own", {})), case.get("on", TODAY))
    assert (found.demonstration, found.open_base) == (case["demonstration"], case["open_base"])
    assert {code: found.named(code).verdict for code in case["conditions"]} == case["conditions"]
    assert [one.value for one in found.figure.inputs] == [found.demonstration, found.open_base]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_condition_says_what_is_there_and_who_asks(case: dict[str, Any]) -> None:
    found = pilot_base.judge(facts(case), own(case.get("own", {})), case.get("on", TODAY))
    for one in found.conditions:
        limit = one.figure.inputs[-1]
        assert limit.code.startswith("parameter.pilot.")
        assert bool(limit.clause and limit.certainty) is (limit.value is not None)
        if one.verdict != "unknown":
            assert one.figure.inputs[0].value is not None or one.code == "market"
        for part in one.figure.walk():
            assert words.known(part.code), part.code
        assert words.known(f"pilot.state.{one.verdict}")


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 2_000_000_000)), max_size=6), st.dates(date(2015, 1, 1), date(2026, 12, 31)),
    st.integers(0, 400),
)  # fmt: skip
def test_what_is_learned_of_an_unknown_value_never_takes_a_met_condition_away(values: list[int | None], started: date, later: int) -> None:
    base = facts({}) if not values else replace(facts({}), pieces=tuple(Piece(str(n), fen) for n, fen in enumerate(values)))
    filled = replace(base, pieces=tuple(replace(one, value_fen=one.value_fen or 0) for one in base.pieces))
    known = packaged()
    before, after = (pilot_base.judge(one, known, TODAY).named("value").verdict for one in (base, filled))
    assert before in (after, "unknown")
    # Years only grow.
    day = max(started, date(2022, 1, 1))
    assert pilot_base.full_years(started, day) <= pilot_base.full_years(started, day + timedelta(later))


def test_a_day_too_early_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting calendar years instead of full ones fails the case of one day short."""
    case = next(one for one in CASES if one["name"] == "one day short of two years")
    assert pilot_base.judge(facts(case), packaged(), date(2025, 12, 31)).named("years").verdict == "not_met"
    monkeypatch.setattr(pilot_base, "full_years", lambda since, day: round((day - since).days / 365))
    assert pilot_base.judge(facts(case), packaged(), date(2025, 12, 31)).named("years").verdict == "met"


@pytest.mark.parametrize("case", AWARDS, ids=lambda case: case["name"])
def test_award_cases(case: dict[str, Any]) -> None:
    values = {"award.pilot_base_rate": Decimal(case["rate"])} if "rate" in case else {}
    known = own(values, date(2024, 1, 1))
    found = pilot_award.estimate(Evidenced(1, case["fen"], case["fen"], 0, 0, 0), known, case.get("on", date(2026, 3, 1)))
    assert found.value == case.get("estimate")
    assert [part.code for part in found.inputs] == ["award.amount", "parameter.award.pilot_base_rate", "parameter.award.pilot_base_cap_fen"]


def said(state: str, day: date, n: int) -> PilotOpenness:
    return PilotOpenness(str(n), "b", None, state, day, "检修", "甲", datetime(2025, 1, 1, 0, n))  # type: ignore[arg-type]  # one of its states


def test_the_last_said_for_the_last_day_holds() -> None:
    march, may = date(2025, 3, 1), date(2025, 5, 1)
    history = [said("open", march, 1), said("paused", may, 2), said("limited", march, 3), said("closed", may, 4)]
    assert open_on(history, date(2025, 2, 28)) is None
    for day, state in ((march, "limited"), (date(2025, 4, 30), "limited"), (may, "closed"), (date(2030, 1, 1), "closed")):
        found = open_on(history, day)
        assert found is not None
        assert found.state == state


def codes(told: tuple[Any, ...], severity: str = "error") -> list[str]:
    return [one.code.removeprefix("pilot.") for one in told if one.severity == severity]


BASE = PilotBase("", "Z1", "新材料中试基地", started_on=date(2020, 1, 1), process="聚合", capacity="年 10 吨", services="放大试验")


@pytest.mark.parametrize(
    ("changed", "errors", "warnings", "notes"),
    [
        ({}, [], [], []),
        ({"number": " "}, ["no_number"], [], []),
        ({"name": ""}, ["no_name"], [], []),
        ({"started_on": None}, [], [], ["no_start"]),
        ({"started_on": TODAY}, [], [], []),
        ({"started_on": TODAY + timedelta(1)}, ["start_ahead"], [], []),
        ({"retired_on": date(2019, 12, 31)}, ["ends_before"], [], []),
        ({"retired_on": date(2020, 1, 1)}, [], [], []),
        ({"market": True}, [], ["no_market_how"], []),
        ({"market": True, "market_how": "成立公司运营"}, [], [], []),
        ({"process": "", "services": " "}, [], [], ["not_described", "not_described"]),
    ],
)
def test_a_base_as_it_is_typed(changed: dict[str, Any], errors: list[str], warnings: list[str], notes: list[str]) -> None:
    told = pilot_checks.base(replace(BASE, **changed), TODAY)
    assert (codes(told), codes(told, "warning"), codes(told, "note")) == (errors, warnings, notes)
    assert all(words.known(one.code) for one in told)


PIECE = PilotEquipment("", "E1", "聚合釜", value_fen=100, accepted_on=date(2021, 5, 1), confidential=False)


@pytest.mark.parametrize(
    ("changed", "errors", "warnings"),
    [
        ({}, [], []),
        ({"value_fen": None}, [], ["no_value"]),
        ({"value_fen": -1}, ["negative"], []),
        ({"value_fen": 0}, [], []),
        ({"confidential": None}, [], ["secrecy_not_stated"]),
        ({"accepted_on": TODAY + timedelta(1)}, [], ["accepted_ahead"]),
        ({"accepted_on": TODAY}, [], []),
        ({"retired_on": date(2021, 4, 30)}, ["ends_before"], []),
        ({"instrument_id": "i"}, ["said_by_register"], []),
        ({"instrument_id": "i", "value_fen": None, "accepted_on": None, "confidential": None}, [], []),
        ({"number": "", "name": ""}, ["no_number", "no_name"], []),
    ],
)
def test_equipment_as_it_is_typed(changed: dict[str, Any], errors: list[str], warnings: list[str]) -> None:
    told = pilot_checks.equipment(replace(PIECE, **changed), TODAY)
    assert (codes(told), codes(told, "warning")) == (errors, warnings)
    assert all(words.known(one.code) for one in told)


def test_partners_and_open_states_as_they_are_typed() -> None:
    good = PilotPartner("", "", "高新区管委会", "park", "场地", "协议1号")
    assert pilot_checks.partner(good) == ()
    assert codes(pilot_checks.partner(replace(good, document="")), "warning") == ["no_document_of_partner"]
    assert codes(pilot_checks.partner(replace(good, name=" ", kind="bank"))) == ["no_partner", "partner_kind"]  # type: ignore[arg-type]  # what a file may say
    assert all(words.known(f"pilot.partner.{kind}") for kind in PARTNER_KINDS)
    day = date(2025, 6, 1)
    assert pilot_checks.openness("open", day, "投用", TODAY, None) == ()
    assert codes(pilot_checks.openness("open", day, "投用", TODAY, "open", date(2025, 1, 1))) == ["openness_same"]
    # The same state said for the same day corrects its reason.
    assert pilot_checks.openness("open", day, "投用", TODAY, "open", day) == ()
    assert codes(pilot_checks.openness("half", day, " ", TODAY, None)) == ["openness_unknown", "no_reason"]
    assert codes(pilot_checks.openness("closed", TODAY + timedelta(1), "搬迁", TODAY, "open"), "note") == ["openness_ahead"]
