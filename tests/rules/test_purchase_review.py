"""The duplicate review: when it is due, which sets are candidates, when they are used to the full, what the figures speak for."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from desktop import words
from desktop.ledger.purchase import Proposal
from desktop.rules import figure_json
from desktop.rules import purchase_review as rules
from desktop.rules.parameters import packaged
from desktop.rules.purchase_review import Candidate
from desktop.rules.similarity import Described, Similarity, similarity

FOLDER = Path(__file__).parents[1] / "cases"
REQUIRED = tomllib.loads((FOLDER / "purchase_required.toml").read_text("utf-8"))["case"]
NATIONAL = tomllib.loads((FOLDER / "purchase_national.toml").read_text("utf-8"))["case"]
SATURATION = tomllib.loads((FOLDER / "saturation.toml").read_text("utf-8"))["case"]
DAY = date(2025, 3, 1)
WANTED = Described("扫描电镜", "010101")


def proposal(**more: Any) -> Proposal:
    usual: dict[str, Any] = {
        "id": "p", "number": "SG-1", "proposed_on": DAY, "name": "扫描电镜", "price_fen": 80000000, "provincial_fen": 80000000,
        "class_code": "010101", "functions": "形貌观察", "reason": "机时不足",
    }  # fmt: skip
    return Proposal(**(usual | more))


def asked(case: dict[str, Any]) -> Proposal:
    paid = None if case["provincial"] == "?" else case["provincial"]
    return proposal(proposed_on=case["on"], price_fen=case["price"], provincial_fen=paid)


def alike(name: str = "扫描电镜") -> Similarity:
    return similarity(WANTED, Described(name, "010101"), packaged(), DAY)


def candidates(case: dict[str, Any]) -> list[Candidate]:
    own = [
        Candidate(
            "own", f"A{n}", "扫描电镜", "", "样本大学", alike(), None if told == "?" else int(told.removeprefix("part ")), 0,
            counts=not told.startswith("part"),
        )
        for n, told in enumerate(case["own"])
    ]  # fmt: skip
    return own + [Candidate("elsewhere", f"E{n}", "扫描电镜", "", "他校", alike()) for n in range(case["elsewhere"])]


@pytest.mark.parametrize("case", REQUIRED, ids=lambda case: case["name"])
def test_when_a_review_is_due(case: dict[str, Any]) -> None:
    assert rules.required(asked(case), packaged()).value == case["state"]


@pytest.mark.parametrize("case", NATIONAL, ids=lambda case: case["name"])
def test_when_the_national_review_is_due(case: dict[str, Any]) -> None:
    paid = None if case["central"] == "?" else case["central"]
    asked_ = proposal(proposed_on=case["on"], price_fen=case["price"], provincial_fen=None, central_fen=paid)
    assert rules.required_national(asked_, packaged()).value == case["state"]
    (part,) = [one for one in rules.whole(asked_, [], 0, packaged()).walk() if one.code == "purchase.national_required"]
    assert part.value == case["state"], "it stands in what the review rests on"


def test_asking_the_province_s_threshold_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken on purpose: the national review by the threshold of the province."""
    monkeypatch.setattr(rules, "NATIONAL_THRESHOLD", rules.THRESHOLD)
    with pytest.raises(AssertionError):
        test_when_the_national_review_is_due(next(case for case in NATIONAL if case["price"] == 199999999 and case["central"] == 199999999))


@pytest.mark.parametrize("case", SATURATION, ids=lambda case: case["name"])
def test_saturation_and_what_follows(case: dict[str, Any]) -> None:
    found = candidates(case)
    saturated = rules.saturation(found, packaged(), DAY)
    assert saturated.value == case["state"]
    assert rules.advice(found, saturated, case["catalogue"]).value == case["advice"]


@pytest.mark.parametrize("case", SATURATION, ids=lambda case: case["name"])
def test_the_whole_is_said_cited_and_kept_without_loss(case: dict[str, Any]) -> None:
    tree = rules.whole(proposal(), candidates(case), case["catalogue"], packaged())
    for part in tree.walk():
        assert words.known(part.code), part.code
        assert words.known(f"how.{part.how}"), part.how
        if part.unit == "state":
            assert words.known(f"purchase.state.{part.value}")
        if part.code.startswith("parameter.") and part.value is not None:
            assert part.clause
            assert part.certainty
    assert tree.weakest == "C"
    assert figure_json.from_json(figure_json.to_json(tree)) == tree


def test_a_rule_that_is_not_in_force_yet_leaves_saturation_unknown() -> None:
    found = candidates(SATURATION[2])
    assert rules.saturation(found, packaged(), date(2018, 12, 31)).value == "unknown"
    assert rules.saturation(found, packaged(), date(2019, 1, 1)).value == "saturated"


def test_candidates_are_those_alike_enough_the_most_alike_first() -> None:
    def one(number: str, value: Fraction | None, place: Any = "own") -> Candidate:
        return Candidate(place, number, "x", "", "样本大学", Similarity(value, 1, alike().figure))

    half = Fraction(1, 2)
    found = [
        one("below", half - Fraction(1, 10**9)), one("unknown", None), one("at", half), one("above", half + Fraction(1, 10**9)),
        one("there", Fraction(1), "elsewhere"), one("here", Fraction(1)),
        Candidate("own", "named", "扫描电镜", "", "样本大学", similarity(WANTED, Described("场发射扫描电镜", "030101"), packaged(), DAY)),
    ]  # fmt: skip
    assert [each.number for each in rules.of_same_kind(found, packaged(), DAY)] == ["here", "there", "above", "at", "named"]
    assert rules.of_same_kind(found, packaged(), date(2010, 1, 1)) == ()


@pytest.mark.parametrize(
    ("accepted", "retired", "whole"),
    [
        (None, None, True), (date(2024, 1, 1), None, True), (date(2024, 1, 2), None, False), (date(2020, 5, 5), date(2024, 12, 31), False),
        (date(2020, 5, 5), date(2025, 1, 1), True),
    ],
)  # fmt: skip
def test_a_set_counts_when_it_was_there_all_year(accepted: date | None, retired: date | None, whole: bool) -> None:
    assert rules.whole_year(accepted, retired, rules.year_before(DAY)) is whole


def test_the_year_is_the_one_that_was_over() -> None:
    assert rules.year_before(date(2025, 1, 1)).name == "2024"
    assert rules.year_before(date(2025, 12, 31)).name == "2024"


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []), ({"name": " "}, ["purchase.empty"]), ({"number": ""}, ["purchase.empty"]),
        ({"price_fen": 0}, ["purchase.no_price", "purchase.more_than_price"]),
        ({"provincial_fen": 0, "central_fen": 80000001}, ["purchase.central_more_than_price"]), ({"central_fen": -1}, ["purchase.central_more_than_price"]),
        ({"provincial_fen": 79999999, "central_fen": 2}, ["purchase.central_more_than_price"]), ({"provincial_fen": 79999999, "central_fen": 1}, []),
        ({"provincial_fen": 80000001}, ["purchase.more_than_price"]), ({"provincial_fen": -1}, ["purchase.more_than_price"]),
        ({"provincial_fen": None}, []), ({"provincial_fen": 0}, []), ({"class_code": "12"}, ["class.not_six_digits"]),
        ({"class_code": ""}, ["purchase.no_class"]), ({"functions": ""}, ["purchase.no_functions"]), ({"reason": " "}, ["purchase.no_reason"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_proposal(change: dict[str, Any], codes: list[str]) -> None:
    told = [one.code for one in rules.faults(replace(proposal(), **change)) if one.code != "class.fine_unchecked"]
    assert told == codes


def test_counting_part_of_a_year_would_be_seen() -> None:
    case = next(case for case in SATURATION if case["own"] == ["part 100", "72000"])
    wrong = [replace(one, counts=True) for one in candidates(case)]
    assert rules.saturation(wrong, packaged(), DAY).value != case["state"]


def test_of_many_elsewhere_the_most_alike_are_named_and_all_are_counted() -> None:
    many = [Candidate("elsewhere", f"E{n}", "扫描电镜", "", "他校", alike()) for n in range(rules.MOST_ELSEWHERE + 1)]
    tree = rules.whole(proposal(), [*many, *candidates(SATURATION[2])], 30_000, packaged())
    named = [dict(part.params)["number"] for part in tree.walk() if part.code == "purchase.candidate"]
    assert len(named) == rules.MOST_ELSEWHERE + 1
    assert "A0" in named, "own ones are always named"
    assert next(part.value for part in tree.walk() if part.code == "purchase.candidates") == len(many) + 1
