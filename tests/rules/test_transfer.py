"""Candidates for transfer: every case a clerk can read, each test explained and cited, and never an offer on something unknown."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import words
from desktop.ledger import period as periods
from desktop.ledger.parameter import Parameter
from desktop.rules import transfer as rules
from desktop.rules.parameters import Parameters, packaged
from desktop.rules.performance import Use

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "transfer.toml").read_text("utf-8"))["case"]


def own(values: dict[str, Any]) -> Parameters:
    told = [
        Parameter(key, date(2025, 1, 1), Decimal(value) if isinstance(value, str) else value, packaged().unit(key), "本单位〔2025〕1号", "", "A", own=True)
        for key, value in values.items()
    ]
    known, faults = packaged().layered(told)
    assert not faults
    return known


def judged(case: dict[str, Any]) -> rules.Assessment:
    period = periods.parse(str(case.get("year", 2025)))
    accepted = case.get("accepted", date(2020, 1, 1))
    fiscal = case.get("fiscal", True)
    effective = case.get("effective_minutes", case.get("effective", 0) * 60)
    one = rules.SetYear(
        case.get("category", "通用"),
        Use(effective, case.get("external_minutes", case.get("external", 0) * 60), n_records=int(effective > 0)),
        None if accepted == "?" else accepted,
        case.get("booked"),
        case.get("retired"),
        None if fiscal == "?" else fiscal,
        case.get("supervised"),
        case.get("released"),
    )
    return rules.assess(one, period, own(case.get("own", {})), case.get("on", period.last_day))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    found = judged(case)
    assert (found.verdict, list(found.reasons), list(found.cautions)) == (case["verdict"], case["reasons"], case.get("cautions", []))
    assert found.figure.value == found.verdict


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_part_has_words_and_every_rule_in_force_its_source(case: dict[str, Any]) -> None:
    found = judged(case)
    for part in found.figure.walk():
        assert words.known(part.code), part.code
        assert words.known(f"how.{part.how}"), part.how
        if part.unit == "state":
            assert words.known(f"transfer.state.{part.value}"), part.value
        if part.code.startswith("parameter.") and part.value is not None:
            assert part.clause
            assert part.certainty
    assert {f"transfer.test.{test.code}" for test in found.tests} < {part.code for part in found.figure.walk()}
    for caution in found.cautions:
        assert words.known(f"transfer.caution.{caution}")


def test_a_verdict_is_as_sure_as_its_least_certain_limit() -> None:
    assert judged({"effective": 1, "external": 0}).figure.weakest == "C"


def test_the_cases_tell_a_wrong_reading_from_the_right_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit that counted as little, and an unknown that counted as no, are both found out."""

    def wrong() -> list[str]:
        return [case["name"] for case in CASES if (judged(case).verdict, list(judged(case).reasons)) != (case["verdict"], case["reasons"])]

    assert wrong() == []
    with monkeypatch.context() as patched:
        patched.setattr(rules, "all_of", lambda tests: all(tests))
        assert wrong()
    with monkeypatch.context() as patched:
        patched.setattr(rules, "number", lambda figure: None if figure.value is None else Decimal(str(figure.value)).quantize(Decimal("0.01")))
        assert wrong()


@given(st.integers(0, 200_000), st.integers(0, 200_000), st.sampled_from(["通用", "专用", ""]), st.none() | st.dates(date(2015, 1, 1), date(2026, 12, 31)))
def test_a_candidate_is_never_offered_on_something_unknown(effective: int, external: int, category: str, since: date | None) -> None:
    one = rules.SetYear(category, Use(effective, min(effective, external), n_records=1), since)
    found = rules.assess(one, periods.parse("2025"), packaged(), date(2025, 12, 31))
    if found.verdict == "candidate":
        assert all(found.named(code).met for code in ("over", "in_service", "general", "long_enough"))
        assert found.named("little_used").met or found.named("badly_shared").met
    assert found.reasons, "every verdict has its reasons"


@given(st.integers(1, 150_000), st.integers(0, 150_000), st.integers(1, 50_000))
def test_more_use_never_makes_a_set_more_of_a_candidate(effective: int, external: int, more: int) -> None:
    """Hours for others on top raise utilisation and sharing both."""
    external = min(external, effective)
    known = own({})

    def offered(use: Use) -> bool:
        one = rules.SetYear("通用", use, date(2020, 1, 1))
        return rules.assess(one, periods.parse("2025"), known, date(2025, 12, 31)).verdict == "candidate"

    assert offered(Use(effective, external)) or not offered(Use(effective + more, external + more))
