"""Charges against the schedule, by cases a clerk can read, and broken variants that they see."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.ledger.fee_terms import Agreed, FeeTerms, Fixed, Unit
from desktop.ledger.fees import FeeLine, FeeSchedule
from desktop.ledger.service_record import ServiceRecord
from desktop.rules import charge_check
from desktop.rules.charge_check import REASONS, Charged, compare
from desktop.rules.charging import Usage
from desktop.rules.fee_matching import Version

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "charge_check.toml").read_text("utf-8"))["case"]
HOUR = Unit("hour", "小时", 60)


def _version(key: str, start: date, end: date | None, outside: int) -> Version:
    fixed = FeeTerms(HOUR, (("internal", Fixed(6_000)), ("external", Fixed(outside))))
    band = FeeTerms(HOUR, (("external", Agreed(10_000, 15_000)),))
    lines = (
        FeeLine(f"{key}1", key, 0, "测试", fixed), FeeLine(f"{key}2", key, 1, "议价", band), FeeLine(f"{key}3", key, 2, "待确认", fixed, to_confirm=True),
    )  # fmt: skip
    return Version(FeeSchedule(key, "A1", start, end, "approved"), lines)


VERSIONS = (_version("first", date(2025, 1, 1), date(2025, 7, 1), 18_000), _version("second", date(2025, 7, 1), None, 20_000))
_KNOWN = {"internal": True, "external": False, "unknown": None}


def found(case: dict[str, Any]) -> tuple[str, int | None]:
    end = datetime.combine(case["ended_on"], datetime.min.time()) + timedelta(hours=12)
    start = end - timedelta(minutes=case["minutes"])
    record = ServiceRecord("k", "R1", "A1", "c", "客户", start, end, case["minutes"], case.get("item", "测试"))
    used = Usage(case["minutes"], Decimal(1), None, False, case.get("agreed_fen"), None)
    internal = _KNOWN[case.get("now", case["charged_as"])]
    told = compare(record, used, Charged(case["fen"], case["charged_as"]), VERSIONS, internal=internal)
    return ("", None) if told is None else (told.reason, told.due_fen)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_charge_is_right_or_told_why_not(case: dict[str, Any]) -> None:
    assert found(case) == (case["told"], case.get("due"))


def test_every_reason_has_a_case() -> None:
    assert {case["told"] for case in CASES} == {"", *REASONS}


BROKEN = {
    "the version of the day it began": (
        "match", lambda old: lambda record, versions, **more: old(record, versions[:1], **more)
    ),
    "the agreed price forgotten": ("relevant", lambda old: lambda used, unit: Usage(used.minutes)),
    "the class of today forgotten": ("match", lambda old: lambda record, versions, **more: old(record, versions, internal=False)),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_variant_is_seen(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    attribute, broken = BROKEN[name]
    monkeypatch.setattr(charge_check, attribute, broken(getattr(charge_check, attribute)))
    assert [case["name"] for case in CASES if found(case) != (case["told"], case.get("due"))]


def test_a_class_within_the_institution_stays_as_it_was_charged() -> None:
    """Departments move: that alone makes no charge wrong."""
    terms = FeeTerms(HOUR, (("own_school", Fixed(3_000)), ("internal", Fixed(6_000)), ("external", Fixed(18_000))))
    version = Version(VERSIONS[1].schedule, (FeeLine("l", "second", 0, "测试", terms),))
    end = datetime(2025, 8, 1, 12)
    record = ServiceRecord("k", "R1", "A1", "c", "客户", end - timedelta(hours=1), end, 60, "测试")
    for own_school in (True, False):
        assert compare(record, Usage(60), Charged(3_000, "own_school"), (version,), internal=True, own_school=own_school) is None
        assert compare(record, Usage(60), Charged(6_000, "internal"), (version,), internal=True, own_school=own_school) is None
    was_outside = compare(record, Usage(60), Charged(18_000, "external"), (version,), internal=True, own_school=True)
    assert was_outside is not None
    assert (was_outside.reason, was_outside.due_fen) == ("customer_class", 3_000)
