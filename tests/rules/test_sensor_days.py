"""A set's period day by day: every case a clerk can read, months that add up, and what breaks when a day is lost."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.ledger import period as periods
from desktop.ledger.sensor import SensorBinding, SensorSession
from desktop.rules import sensor_days as rules
from desktop.rules.parameters import packaged
from desktop.rules.sensor import Claim, minutes, reconcile

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "sensor_days.toml").read_text("utf-8"))["case"]
JANUARY = periods.parse("2026-01")
DAY = date(2026, 2, 1)


def moments(text: str) -> tuple[datetime, datetime]:
    """``10 09:00-26:30`` of January 2026 in Asia/Shanghai, hours beyond 24 in the next days, as UTC."""
    day, _, span = text.strip().partition(" ")
    midnight = datetime(2026, 1, int(day), tzinfo=UTC) - timedelta(hours=8)
    first, last = (timedelta(**dict(zip(("hours", "minutes", "seconds"), map(int, one.split(":")), strict=False))) for one in span.split("-"))
    return midnight + first, midnight + last


def claim(text: str) -> Claim:
    number, span, *more = (part.strip() for part in text.split("|"))
    start, end = moments(span)
    length = int(more[0]) if more else int((end - start).total_seconds()) // 60
    return Claim(f"id-{number}", number, start, end, length, not more or "timed" in more)


def session(text: str, place: int) -> SensorSession:
    day, span, *band = text.split()
    start, end = moments(f"{day} {span}")
    return SensorSession(text, "i1", f"CG-{place}", start, end, "idle" if band else "working")


def binding(text: str) -> SensorBinding:
    first, *last = (date.fromisoformat(one) for one in text.split())
    return SensorBinding(text, "i1", "CG-1", first, last[0] if last else None)


def days(case: dict[str, Any]) -> tuple[rules.SeenDay, ...]:
    bound = [binding(one) for one in case.get("bound", ["2026-01-01"])]
    seen = [session(one, place) for place, one in enumerate(case["sessions"])]
    return rules.by_day([claim(one) for one in case["records"]], seen, bound, JANUARY, case.get("on", DAY))


def told(found: tuple[rules.SeenDay, ...]) -> list[str]:
    return [
        f"{one.day.day}: {one.claimed} + {one.unseen} / {minutes(one.working)} + {minutes(one.idle)}"
        for one in found
        if one.claimed or one.unseen or one.working or one.idle
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_day_has_what_was_claimed_and_seen(case: dict[str, Any]) -> None:
    found = days(case)
    assert told(found) == case["days"]
    assert len(found) == case.get("n_days", 31)
    assert sum(not one.sat for one in found) == case.get("bare", 0)


def test_a_day_lost_is_seen() -> None:
    case = next(one for one in CASES if one["name"].startswith("over midnight"))
    assert told(days(case)[:-21]) != case["days"]


def test_months_add_up_days_of_several_sets_and_round_once() -> None:
    first = rules.SeenDay(date(2026, 1, 31), True, 10, 1, 30, 0)
    second = rules.SeenDay(date(2026, 1, 5), True, 20, 0, 30, 90)
    third = rules.SeenDay(date(2026, 2, 1), False, 0, 7, 0, 0)
    assert rules.by_month([third, first, second]) == (
        rules.SeenMonth("2026-01", 30, 1, 1, 2),
        rules.SeenMonth("2026-02", 0, 7, 0, 0),
    )


PART = st.tuples(st.integers(1, 30), st.integers(0, 23 * 60), st.integers(1, 40 * 60))


@given(st.lists(PART, max_size=6), st.lists(PART, max_size=6), st.integers(1, 31))
def test_days_come_to_what_is_compared(records: list[tuple[int, int, int]], seen: list[tuple[int, int, int]], came: int) -> None:
    """The sums of the picture are those of the reconciliation, wherever the sensor begins."""
    bound = [SensorBinding("b", "i1", "CG-1", date(2026, 1, came))]
    claims, sessions = [], []
    for place, (day, at, long) in enumerate(records):
        start = datetime(2026, 1, day, tzinfo=UTC) - timedelta(hours=8) + timedelta(minutes=at)
        claims.append(Claim(str(place), str(place), start, start + timedelta(minutes=long), long))
    for place, (day, at, long) in enumerate(seen):
        start = datetime(2026, 1, day, tzinfo=UTC) - timedelta(hours=8) + timedelta(minutes=at)
        sessions.append(SensorSession(str(place), "i1", "CG-1", start, start + timedelta(minutes=long), "working"))
    found = rules.by_day(claims, sessions, bound, JANUARY, DAY)
    values = {part.code: part.value for part in reconcile(claims, sessions, bound, packaged(), DAY).figure.walk()}
    assert sum(one.claimed for one in found) == values["sensor.claimed"]
    assert sum(one.unseen for one in found) == values["sensor.unseen"]
    assert minutes(sum(one.working for one in found)) == values["sensor.seen"]
