"""Duties to join: each boundary by case, the bulk path, and an explanation that says the same as the state."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop import words
from desktop.ledger.duty import DUTY_STATES, DutyFacts
from desktop.ledger.parameter import Parameter
from desktop.rules import duties, workdays
from desktop.rules.duty_figures import explain
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters, packaged
from tests.counting import n_calls

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "duties.toml").read_text("utf-8"))["case"]
USUAL = DutyFacts("A1", value_fen=300_000_00, fiscal=True, confidential=False, accepted_on=date(2026, 1, 15))


def facts_of(case: dict[str, object]) -> DutyFacts:
    return replace(USUAL, **{name: None if value == "?" else value for name, value in case.get("facts", {}).items()})


def found(figure: Figure, code: str) -> Figure:
    return next(part for part in figure.walk() if part.code == code)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, object]) -> None:
    duty = duties.assess(facts_of(case), case["on"], packaged(), workdays.packaged())
    assert duty.state == case["state"]
    assert duty.deadline == case.get("deadline")
    assert duty.days_left == case.get("days_left")
    assert duty.provisional == case.get("provisional", False)
    assert [one.code for one in duty.findings] == case.get("findings", [])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_case_is_explained_in_words(case: dict[str, object]) -> None:
    facts = facts_of(case)
    tree = explain(facts, case["on"], packaged(), workdays.packaged())
    assert tree.value == case["state"]
    for part in tree.walk():
        assert words.known(part.code), part.code
        assert words.known(f"how.{part.how}"), part.how
    assert words.known(f"duty.state.{tree.value}")
    cited = [part for part in tree.walk() if part.how == "parameter" and part.value is not None]
    assert all(part.clause and part.certainty for part in cited)
    if case.get("deadline"):
        deadline = found(tree, "duty.figure.deadline")
        assert deadline.value == case["deadline"]
        assert found(deadline, "duty.figure.provisional").value == case.get("provisional", False)


def test_the_cases_cover_every_state() -> None:
    assert {case["state"] for case in CASES} == set(DUTY_STATES)


def test_an_explanation_of_an_overdue_set() -> None:
    tree = explain(USUAL, date(2026, 3, 5), packaged(), workdays.packaged())
    assert found(tree, "duty.figure.value_reaches").value is True
    assert found(tree, "parameter.duty.threshold_fen").certainty == "A"
    assert found(tree, "parameter.duty.join_days").value == 30
    assert found(tree, "duty.figure.days_off").value == 6
    assert "国办发明电〔2025〕7号" in found(tree, "duty.figure.days_off").clause
    assert [part.code for part in tree.walk() if part.code == "duty.figure.makeup_days" and part.value == 2]
    assert found(tree, "duty.figure.days_left").value == -1
    assert tree.weakest == "D"


def test_an_old_set_is_judged_by_the_rule_of_its_day() -> None:
    tree = explain(replace(USUAL, accepted_on=date(2020, 1, 6)), date(2026, 3, 5), packaged(), workdays.packaged())
    assert "第11条" in found(tree, "parameter.duty.join_days").clause
    assert tree.weakest == "C"


def test_an_explanation_of_joining_late_compares_the_days() -> None:
    tree = explain(replace(USUAL, joined_on=date(2026, 3, 5)), date(2026, 12, 31), packaged(), workdays.packaged())
    compared = found(tree, "duty.figure.joined_in_time")
    assert compared.value is False
    assert [part.value for part in compared.inputs] == [date(2026, 3, 5), date(2026, 3, 4)]


def own(key: str, value: object, unit: str, from_on: date = date(2026, 1, 1)) -> Parameter:
    return Parameter(key, from_on, value, unit, "鲁科字〔2026〕1号", "", "A", own=True)  # type: ignore[arg-type]


def test_a_newer_own_value_changes_what_is_accepted_from_its_day_on() -> None:
    higher, wrong = packaged().layered([own(duties.THRESHOLD, 400_000_00, "fen"), own(duties.FISCAL_ONLY, False, "flag")])
    assert not wrong
    assert duties.assess(USUAL, date(2026, 2, 1), higher, workdays.packaged()).state == "not_obliged"
    before = replace(USUAL, accepted_on=date(2025, 12, 31))
    assert duties.assess(before, date(2026, 2, 1), higher, workdays.packaged()).state == "to_join"
    dear = replace(USUAL, value_fen=500_000_00, fiscal=None)
    assert duties.assess(dear, date(2026, 2, 1), higher, workdays.packaged()).state == "to_join"
    assert found(explain(dear, date(2026, 2, 1), higher, workdays.packaged()), "duty.figure.obliged").value is True


def without(*keys: str) -> Parameters:
    return Parameters(own=MappingProxyType(dict.fromkeys(keys, ())))


def test_a_rule_without_days_or_money_is_said_and_never_taken_as_zero() -> None:
    lacking = without(duties.JOIN_DAYS, duties.FISCAL_ONLY)
    duty = duties.assess(USUAL, date(2026, 3, 5), lacking, workdays.packaged())
    assert (duty.state, duty.deadline) == ("unknown", None)
    assert [one.code for one in duty.findings] == ["parameter.not_in_force"] * 2
    tree = explain(USUAL, date(2026, 3, 5), lacking, workdays.packaged())
    assert found(tree, "duty.figure.deadline").value is None
    joined = duties.assess(replace(USUAL, joined_on=date(2026, 9, 1)), date(2026, 9, 2), lacking, workdays.packaged())
    assert joined.state == "joined"


def test_the_calendar_question_needs_no_duty() -> None:
    assert duties.deadline_after(date(2026, 1, 15), packaged(), workdays.packaged()).day == date(2026, 3, 4)
    assert duties.deadline_after(date(2016, 12, 29), packaged(), workdays.packaged()).provisional


maybe_flag = st.sampled_from([True, False, None])
maybe_day = st.none() | st.dates(date(2017, 1, 1), date(2027, 6, 30))
def test_the_cases_catch_a_duty_before_acceptance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duties, "_not_yet", lambda facts, on_day: None)
    wrong = [
        case["name"]
        for case in CASES
        if duties.assess(facts_of(case), case["on"], packaged(), workdays.packaged()).state != case["state"]
    ]
    assert len(wrong) >= 4, wrong


def test_an_explanation_says_what_had_not_happened_yet() -> None:
    """Every fact dated after the day asked is marked; the comparison with acceptance says why there is no duty."""
    facts = replace(USUAL, joined_on=date(2026, 3, 5), network_number="SD1")
    tree = explain(facts, date(2026, 1, 14), packaged(), workdays.packaged())
    assert found(tree, "duty.figure.accepted_by_then").value is False
    assert found(tree, "duty.figure.acceptance").how == "later"
    tree = explain(facts, date(2026, 2, 1), packaged(), workdays.packaged())
    assert found(tree, "duty.figure.accepted_by_then").value is True
    assert {found(tree, f"duty.figure.{name}").how for name in ("joined_on", "network_number")} == {"later"}
    tree = explain(facts, date(2026, 3, 5), packaged(), workdays.packaged())
    assert {part.how for part in tree.walk()} & {"later"} == set()


any_facts = st.builds(
    DutyFacts,
    asset_number=st.just("A1"),
    value_fen=st.none() | st.sampled_from([0, 299_999_99, 300_000_00, 10**12]),
    fiscal=maybe_flag,
    confidential=maybe_flag,
    accepted_on=maybe_day,
    joined_on=maybe_day,
    network_number=st.sampled_from(["", "SD1"]),
    filed_on=maybe_day,
    filing_number=st.sampled_from(["", "F1"]),
    booked_on=maybe_day,
    retired_on=st.none() | st.dates(date(2026, 1, 1), date(2027, 6, 30)),
)


@settings(max_examples=100)
@given(any_facts, st.dates(date(2017, 1, 1), date(2027, 6, 30)))
def test_what_holds_for_any_facts(facts: DutyFacts, on_day: date) -> None:
    duty = duties.assess(facts, on_day, packaged(), workdays.packaged())
    tree = explain(facts, on_day, packaged(), workdays.packaged())
    assert tree.value == duty.state
    assert duty.state in DUTY_STATES
    begins = facts.accepted_on or facts.booked_on
    done = facts.filed_on if facts.confidential else facts.joined_on
    over = facts.retired_on is not None and facts.retired_on <= on_day
    if over or (begins is not None and on_day < begins and not (done is not None and done <= on_day)):
        assert duty.state == "not_obliged"
        assert duty.deadline is None
    if facts.confidential:  # never told to join
        assert duty.state in ("not_obliged", "to_file", "filed", "unknown")
        assert duty.deadline is None
    else:
        assert duty.state not in ("to_file", "filed")
    if duty.state in ("to_join", "overdue"):
        assert duty.deadline is not None
        assert duty.days_left is not None
        assert (duty.state == "overdue") == (on_day > duty.deadline)
        assert (duty.days_left < 0) <= (duty.state == "overdue")
    else:
        assert duty.days_left is None
    if duty.state == "unknown":
        assert duty.findings
    obliged = found(tree, "duty.figure.obliged").value
    assert (obliged is False) == (duty.state == "not_obliged")


@settings(max_examples=20)
@given(st.lists(any_facts, max_size=6))
def test_many_at_once_are_each_as_alone(several: list[DutyFacts]) -> None:
    on_day = date(2026, 6, 1)
    alone = [duties.assess(one, on_day, packaged(), workdays.packaged()) for one in several]
    assert duties.assess_all(several, on_day, packaged(), workdays.packaged()) == alone


def test_many_sets_are_counted_by_days_not_one_by_one() -> None:
    """The deadline of a day of acceptance is worked out once, however many sets were accepted on it."""
    first = date(2017, 9, 1)
    rules, days = packaged(), workdays.packaged()

    def work(n: int) -> int:
        many = [replace(USUAL, asset_number=str(i), accepted_on=first + timedelta(days=i % 300)) for i in range(n)]
        return n_calls(lambda: duties.assess_all(many, date(2026, 6, 1), rules, days))

    of_every_day = work(300)
    # Seven calls a set; counting its deadline again would be some twenty more.
    assert work(3_000) - of_every_day < 10 * 2_700


def test_a_set_from_before_the_rule_is_explained_by_the_rule_that_was_not_there() -> None:
    facts = DutyFacts("A1", value_fen=50_000_000, fiscal=True, confidential=False, accepted_on=date(2017, 9, 19))
    tree = explain(facts, date(2026, 1, 15), packaged(), workdays.packaged())
    assert tree.value == "not_obliged"
    codes = {one.code: one for one in tree.walk()}
    assert codes["duty.figure.rule_in_force"].value is False
    assert codes["duty.figure.rule_from"].value == date(2017, 9, 20)
    assert codes["duty.figure.rule_from"].certainty == "C"
    assert codes["duty.figure.value"].value == 50_000_000
    assert [one.code for one in tree.walk() if one.value is None] == [], "nothing is unknown"
    for day, first in ((date(2017, 9, 20), "2017-09-20"), (date(2024, 7, 31), "2017-09-20"), (date(2024, 8, 1), "2024-08-01")):
        later = explain(replace(facts, accepted_on=day), date(2026, 1, 15), packaged(), workdays.packaged())
        versions = {dict(one.params)["from"] for one in later.walk() if one.code == "parameter.duty.threshold_fen"}
        assert versions == {first}
        assert "duty.figure.rule_in_force" not in {one.code for one in later.walk()}
