"""A set's academic year as SJ3 has it, case by case; which sets belong there, and why."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from desktop import words
from desktop.formats.year_use import YearUse
from desktop.ledger.university import HOURS, ITEMS, UseCount
from desktop.rules import university_use as rules
from desktop.rules.parameters import packaged
from desktop.rules.university_use import Service, Settled
from tests.case_files import cases

CASES, FAULTS = cases("university_use"), cases("university_use", "fault")
DAY = date(2025, 8, 31)


def service(n: int, given: dict[str, Any]) -> Service:
    samples = Decimal(given["samples"]) if "samples" in given else None
    return Service(f"p{n}", given["minutes"], given["external"], given["direction"], given.get("by_user"), samples)


def settled(case: dict[str, Any]) -> tuple[tuple[Settled, ...], rules.Read]:
    entered = {item: UseCount(item, "i", "2024-2025", item, amount, "名单", DAY) for item, amount in case["entered"].items()}
    read = rules.read(service(n, one) for n, one in enumerate(case["services"]))
    return rules.settle(entered, read.items), read


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    found, read = settled(case)
    assert [one.item for one in found] == list(ITEMS)
    assert {one.item: [one.reported, one.origin] for one in found if one.origin != "blank"} == case["expected"]
    assert {one.reported for one in found if one.origin == "blank"} <= {0}
    assert {one.amount for one in found if one.origin == "blank"} <= {None}
    remarks = rules.remarks("A1", read, found)
    if "remarks" in case:
        assert [f"{one.severity} {one.code}" for one in remarks] == case["remarks"]
    for one in remarks:
        assert "{" not in words.say_in("en", one.code, **dict(one.params))
    for one in found:
        tree = rules.figure(one, packaged(), DAY)
        assert tree.value == one.reported
        assert tree.inputs, "each figure says where it comes from"


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case["name"])
def test_faults(case: dict[str, Any]) -> None:
    assert (rules.faults(case["amounts"]) or "") == case["fault"]
    if case["fault"]:
        assert "{" not in words.say_in("en", case["fault"], asset_number="A1")


def test_the_items_are_those_of_the_shapes() -> None:
    assert tuple(one.name for one in fields(YearUse)) == ITEMS
    assert all(item.endswith("_minutes") == (item in HOURS) for item in ITEMS)
    assert rules.faults({"steps": 1}) == "university.item"


def test_rounding_each_sample_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "half_up", lambda value: int(value))
    with pytest.raises(AssertionError):
        test_cases(next(case for case in CASES if case["name"].startswith("samples are summed")))


def test_the_tree_of_an_entered_amount_tells_what_the_postings_say_too() -> None:
    found, _ = settled(next(case for case in CASES if case["name"] == "what was entered wins over the postings"))
    tree = rules.figure(next(one for one in found if one.item == "service_minutes"), packaged(), DAY)
    assert [(part.code, part.value) for part in tree.inputs] == [("university.entered", 6000), ("university.from_postings", 60)]
    behind = tree.inputs[1].rows
    assert behind is not None
    assert behind.keys == ("p0",)
    assert tree.weakest == "C", "how postings are read is the ledger's own definition"
