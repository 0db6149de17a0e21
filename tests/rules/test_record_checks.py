"""What keeps a record from being posted, each limit at its edge; and overlaps against comparing every pair."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop import words
from desktop.ledger.service_record import ServiceRecord
from desktop.rules.parameters import Parameters, packaged
from desktop.rules.record_checks import Interval, Limits, check, limits, minutes_between, minutes_of_hours, overlaps

LIMITS = limits(packaged(), date(2026, 1, 1))
START = datetime(2025, 5, 6, 9, 0)
TODAY = date(2025, 5, 6)
GOOD = ServiceRecord(
    "key", "R1", "instrument", "customer", "齐鲁新材料", START, START + timedelta(minutes=100), 100,
    claimed_hours=Decimal("1.67"), quantity=Decimal(3), operator_id="technician", operator_name="胡敏", contract="HT-1",
)  # fmt: skip


def codes(
    record: ServiceRecord, internal: bool | None = False, accepted_on: date | None = None, within: Limits = LIMITS
) -> list[str]:
    return [one.code for one in check(record, internal=internal, accepted_on=accepted_on, within=within, today=TODAY)]


def test_a_good_record_has_no_findings() -> None:
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"customer_id": None}, "record.unknown_customer", "customer_name"),
        ({"customer_id": None, "customer_name": ""}, "record.no_customer", "customer_name"),
        ({"operator_id": None}, "record.unknown_operator", "operator_name"),
        ({"operator_id": None, "operator_name": ""}, "record.no_operator", "operator_name"),
        ({"contract": " "}, "record.no_contract", "contract"),
        ({"ended_at": START}, "record.end_not_after_start", "ended_at"),
        ({"minutes": 1441, "claimed_hours": None}, "record.too_long", "minutes"),
        ({"claimed_hours": Decimal("1.68")}, "record.hours_differ", "claimed_hours"),
        ({"quantity": Decimal(0)}, "record.absurd_quantity", "quantity"),
        ({"quantity": Decimal("10000.01")}, "record.absurd_quantity", "quantity"),
        ({"urgent_said": "也许"}, "record.urgent_unclear", "urgent"),
        ({"second_quantity": Decimal(-1)}, "record.absurd_quantity", "second_quantity"),
    ],
)
def test_each_problem_blocks_posting_and_says_why(change: dict[str, object], code: str, field: str) -> None:
    (told,) = check(replace(GOOD, **change), internal=False, accepted_on=None, within=LIMITS, today=TODAY)
    assert (told.code, told.severity, told.field, told.key, told.kind) == (code, "error", field, "key", "service_record")
    said = words.say(told.code, **dict(told.params))
    assert "R1" in said
    assert "{" not in said


def test_an_internal_use_needs_no_contract_an_unknown_customer_does() -> None:
    bare = replace(GOOD, contract="")
    assert codes(bare, internal=True) == []
    assert codes(replace(bare, customer_id=None), internal=None) == ["record.unknown_customer", "record.no_contract"]


def test_a_service_is_not_recorded_before_its_day() -> None:
    late = replace(GOOD, started_at=datetime(2025, 5, 6, 23, 0), ended_at=datetime(2025, 5, 7, 0, 40))
    assert codes(late) == []
    assert codes(replace(late, started_at=datetime(2025, 5, 7, 0, 0), ended_at=datetime(2025, 5, 7, 1, 40))) == ["record.future"]


def test_use_before_acceptance() -> None:
    assert codes(GOOD, accepted_on=date(2025, 5, 7)) == ["record.before_acceptance"]
    assert codes(GOOD, accepted_on=date(2025, 5, 6)) == []


def test_a_long_record_with_a_reason_is_only_noted() -> None:
    long = replace(GOOD, minutes=1441, claimed_hours=None, long_reason="连续培养")
    (told,) = check(long, internal=False, accepted_on=None, within=LIMITS, today=TODAY)
    assert (told.code, told.severity) == ("record.long_explained", "note")
    assert codes(replace(GOOD, minutes=1440, claimed_hours=Decimal(24))) == []


@pytest.mark.parametrize(
    ("hours", "minutes", "silent"),
    [("1.67", 100, True), ("1.51", 90, True), ("1.52", 90, False), ("1.49", 90, True), ("1.489", 90, False), ("0.01", 0, True)],
)
def test_claimed_hours_may_be_off_by_a_hundredth(hours: str, minutes: int, silent: bool) -> None:
    assert (codes(replace(GOOD, claimed_hours=Decimal(hours), minutes=minutes)) == []) is silent


def test_derived_minutes_are_not_compared_with_what_they_came_from() -> None:
    assert codes(replace(GOOD, claimed_hours=Decimal(9), derived=True)) == []


def test_where_no_limit_is_in_force_nothing_is_compared() -> None:
    none = Parameters(own=MappingProxyType({key: () for key in packaged().every_key() if key.startswith("record.")}))
    within = limits(none, date(2026, 1, 1))
    assert within == Limits(None, None, None, False)
    wild = replace(GOOD, minutes=9999, claimed_hours=Decimal(1), quantity=Decimal(-5), contract="")
    assert codes(wild, within=within) == []


@pytest.mark.parametrize(("seconds", "minutes"), [(6000, 100), (6059, 100), (59, 0), (0, 0), (-60, -1), (-90, -1)])
def test_whole_minutes(seconds: int, minutes: int) -> None:
    assert minutes_between(START, START + timedelta(seconds=seconds)) == minutes


@pytest.mark.parametrize(("hours", "minutes"), [("1.67", 100), ("0.5", 30), ("0.0083", 0), ("0.00834", 1), ("33", 1980)])
def test_minutes_of_hours_round_half_up(hours: str, minutes: int) -> None:
    assert minutes_of_hours(Decimal(hours)) == minutes


def spans(pairs: list[tuple[int, int]]) -> list[Interval]:
    return [Interval(str(n), START + timedelta(minutes=a), START + timedelta(minutes=a + b)) for n, (a, b) in enumerate(pairs)]


def overlapping_by_pairs(several: list[Interval]) -> set[str]:
    return {
        key
        for one in several
        for other in several
        if one.key != other.key and one.start < other.end and other.start < one.end
        for key in (one.key, other.key)
    }


def test_touching_ends_do_not_overlap() -> None:
    assert overlaps(spans([(0, 30), (30, 30)])) == ()
    assert overlaps(spans([(0, 31), (30, 30)])) == (("0", "1"),)


def test_a_long_use_overlaps_each_short_one_within_it() -> None:
    assert overlaps(spans([(0, 100), (10, 5), (50, 5), (200, 5)])) == (("0", "1"), ("0", "2"))


def test_an_empty_span_is_refused() -> None:
    with pytest.raises(ValueError, match="not after the start"):
        overlaps(spans([(0, 0)]))


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=12))
def test_overlaps_name_every_record_that_comparing_all_pairs_names(pairs: list[tuple[int, int]]) -> None:
    several = spans(pairs)
    found = overlaps(several)
    by_key = {one.key: one for one in several}
    assert {key for pair in found for key in pair} == overlapping_by_pairs(several)
    assert all(by_key[a].start < by_key[b].end and by_key[b].start < by_key[a].end for a, b in found)
    assert len(found) <= len(several)
