"""Sensors: readings fold into sessions, coverage, and claimed hours against measured ones; every case a clerk can read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from desktop import words
from desktop.ledger import period as periods
from desktop.ledger.parameter import Parameter
from desktop.ledger.sensor import PowerBand, Reading, SensorBinding, SensorSession
from desktop.rules import sensor as rules
from desktop.rules import sensor_sessions as folding
from desktop.rules import sensor_time as spans
from desktop.rules.parameters import Parameters, packaged
from tests.case_files import cases

CASES, COVERED, FOLDED = cases("sensor"), cases("sensor", "coverage"), cases("sensor_sessions")
DAY = date(2026, 2, 1)
EIGHT = datetime(2026, 1, 10, 0, 0, tzinfo=UTC)


def moments(text: str) -> tuple[datetime, datetime]:
    """``10 09:00-11:00`` of January 2026 in Asia/Shanghai, as UTC."""
    day, _, span = text.strip().partition(" ")
    midnight = datetime(2026, 1, int(day), tzinfo=UTC) - timedelta(hours=8)
    first, last = (midnight + timedelta(hours=int(one[:2]), minutes=int(one[3:])) for one in span.split("-"))
    return first, last


def claim(text: str) -> rules.Claim:
    number, span, *given = (part.strip() for part in text.split("|"))
    start, end = moments(span)
    length = int(given[0]) if given else int((end - start).total_seconds()) // 60
    return rules.Claim(f"id-{number}", number, start, end, length, not given)


def session(text: str) -> SensorSession:
    day, span, *band = text.split()
    start, end = moments(f"{day} {span}")
    return SensorSession(text, "i1", "CG-0001", start, end, "idle" if band else "working")


def binding(text: str) -> SensorBinding:
    first, *last = (date.fromisoformat(one) for one in text.split())
    return SensorBinding(text, "i1", "CG-0001", first, last[0] if last else None)


def known(case: dict[str, Any]) -> Parameters:
    if "tolerance" not in case:
        return packaged()
    own = Parameter(rules.TOLERANCE, date(2025, 1, 1), Decimal(case["tolerance"]), "ratio", "本单位〔2025〕1号", "", "A", own=True)
    made, faults = packaged().layered([own])
    assert not faults
    return made


def judged(case: dict[str, Any]) -> rules.Reconciliation:
    bound = [binding(one) for one in case.get("bound", ["2026-01-01"])]
    seen = [session(one) for one in case["sessions"]]
    return rules.reconcile([claim(one) for one in case["records"]], seen, bound, known(case), case.get("on", DAY), "A1")


def come_to(case: dict[str, Any]) -> tuple[object, ...]:
    found = judged(case)
    values = {part.code: part.value for part in found.figure.walk()}
    over = [one.claim.number for one in found.compared if one.over]
    return found.state, over, values["sensor.claimed"], values["sensor.seen"], values["sensor.unseen"]


def expected(case: dict[str, Any]) -> tuple[object, ...]:
    return case["state"], case.get("over", []), case["claimed"], case.get("seen"), case.get("unseen", 0)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_reconciled(case: dict[str, Any]) -> None:
    assert come_to(case) == expected(case)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_difference_is_told_in_words_with_its_record(case: dict[str, Any]) -> None:
    found = judged(case)
    told = [one for one in found.findings if one.code == "sensor.record_over"]
    assert [one.key for one in told] == [one.claim.record_id for one in found.compared if one.over]
    assert [one.code for one in found.findings if one not in told] == ([f"sensor.total_{found.state}"] if found.state in ("over", "under") else [])
    for one in found.findings:
        assert one.severity == "warning"
        for language in ("zh", "en"):
            assert "{" not in words.say_in(language, one.code, **dict(one.params))
    for part in found.figure.walk():
        assert words.known(part.code), part.code
    assert words.known(f"sensor.state.{found.state}")


@pytest.mark.parametrize("case", COVERED, ids=lambda case: case["name"])
def test_coverage(case: dict[str, Any]) -> None:
    day = case.get("on", DAY)
    found = rules.coverage(fitted(case["sets"]), packaged(), day)
    rate = found.figure.value
    assert (rate.quantize(Decimal("1e-20")) if isinstance(rate, Decimal) else rate) == (Decimal(case["rate"]) if "rate" in case else None)
    assert found.met == (None if case["met"] == "?" else case["met"])
    assert (found.n_small, found.n_open) == (case.get("small", 0), case.get("open", 0))
    bound, sets = (part.value for part in found.figure.inputs[:2])
    assert (bound is None, sets is None) == (packaged().in_force(rules.THRESHOLD, day) is None,) * 2, "unknown is not none"
    for part in found.figure.walk():
        assert words.known(part.code), part.code


def fitted(told: list[str]) -> list[rules.Fitted]:
    """``9 of 300000 with``: nine sets of 300 000 yuan with a sensor."""
    found = []
    for text in told:
        n, _, yuan, sensor = text.split()
        fen = None if yuan == "?" else int(Decimal(yuan) * 100)
        found += [rules.Fitted(f"{text} {place}", fen, sensor == "with") for place in range(int(n))]
    return found


def readings(case: dict[str, Any]) -> Iterator[Reading]:
    for one in case["readings"]:
        minute, watts = one.split(":")
        yield Reading(EIGHT + timedelta(minutes=int(minute)), Decimal(watts.strip()))


def folded(case: dict[str, Any]) -> list[str]:
    given = case.get("limits")
    limits = PowerBand("b", "i1", date(2026, 1, 1), Decimal(given["off"]), Decimal(given["working"])) if given else None
    rule = packaged().in_force(folding.IDLE_WATTS, DAY)
    gap = folding.gap_in_force(packaged(), DAY)
    assert rule is not None
    assert gap is not None
    made = folding.fold(readings(case), lambda one: folding.band_of(one.watts, limits, rule.decimal), gap)
    return [f"{_minute(one.started_at)}-{_minute(one.ended_at)} {one.band} {one.n_watt_hours}" for one in made]


def _minute(moment: datetime) -> int:
    return int((moment - EIGHT).total_seconds()) // 60


@pytest.mark.parametrize("case", FOLDED, ids=lambda case: case["name"])
def test_folded(case: dict[str, Any]) -> None:
    if case.get("refused"):
        with pytest.raises(ValueError, match="not after"):
            folded(case)
    else:
        assert folded(case) == case["sessions"]


def test_folding_holds_one_reading_at_a_time() -> None:
    """The first session is out before the readings behind it are asked for."""
    asked = 0

    def endless() -> Iterator[Reading]:
        nonlocal asked
        while True:
            yield Reading(EIGHT + timedelta(minutes=asked), Decimal(600 if asked % 10 else 0))
            asked += 1

    made = folding.fold(endless(), lambda one: folding.band_of(one.watts, None, Decimal(40)), timedelta(minutes=15))
    assert next(made).n_watt_hours == 90
    assert asked < 20


def test_neither_limits_nor_a_parameter_is_no_guess() -> None:
    with pytest.raises(ValueError, match="neither"):
        folding.band_of(Decimal(100), None, None)


def test_the_newest_limits_hold_from_their_day_on() -> None:
    first, second = (PowerBand(str(day), "i1", date(2026, 1, day), Decimal(1), Decimal(day)) for day in (5, 9))
    told = [folding.limits_on((second, first), date(2026, 1, day)) for day in (4, 5, 8, 9)]
    assert told == [None, first, first, second]


def new_year(first: int, last: int) -> tuple[datetime, datetime]:
    """Hours from midnight of New Year 2026 in Asia/Shanghai, as UTC."""
    midnight = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)
    return midnight + timedelta(hours=first), midnight + timedelta(hours=last)


SAT = [SensorBinding("b", "i1", "CG-0001", date(2025, 1, 1))]
OVER_MIDNIGHT = [SensorSession("s", "i1", "CG-0001", *new_year(-3, 2), "working", 900)]


def hours(year: str, **told: list[tuple[datetime, datetime]]) -> int:
    return sum(int((one.ended_at - one.started_at).total_seconds()) for one in spans.of_period(OVER_MIDNIGHT, SAT, periods.parse(year), **told)) // 3600


def test_a_session_over_new_year_belongs_to_both_years_in_part() -> None:
    assert [hours(year) for year in ("2024", "2025", "2026")] == [0, 3, 2]
    (part,) = spans.of_period(OVER_MIDNIGHT, SAT, periods.parse("2026"))
    assert part.n_watt_hours is None, "nobody knows how much of it was used before midnight"


def test_what_a_service_over_new_year_used_counts_where_the_service_does() -> None:
    service = new_year(-1, 2)
    assert hours("2025", others=[service]) == 2
    assert hours("2026", own=[service]) == 3
    claims = [rules.Claim("r", "R1", *service, 180)]
    found = rules.reconcile(claims, spans.of_period(OVER_MIDNIGHT, SAT, periods.parse("2026"), own=[service]), SAT, packaged(), DAY)
    assert (found.state, found.findings) == ("agrees", ())
    # The broken variant: sessions cut at midnight, services not.
    cut = rules.reconcile(claims, spans.of_period(OVER_MIDNIGHT, SAT, periods.parse("2026")), SAT, packaged(), DAY)
    assert cut.state == "over"


def test_work_on_days_its_sensor_did_not_sit_there_does_not_count() -> None:
    seen = [session("9 22:00-26:00"), session("12 22:00-26:00"), session("20 09:00-10:00")]
    sat = [binding("2026-01-10 2026-01-12")]
    told = [rules.local_day(one.started_at).day for one in spans.of_period(seen, sat, periods.parse("2026-01"))]
    assert told == [10, 12]
    assert [one.ended_at - one.started_at for one in spans.of_period(seen, sat, periods.parse("2026-01"))] == [timedelta(hours=2)] * 2
    other = [SensorBinding("b", "i1", "CG-0002", date(2026, 1, 1))]
    assert spans.of_period(seen, other, periods.parse("2026-01")) == []


def test_a_sensor_that_sits_there_for_all_time_is_measured() -> None:
    """A clerk writes 9999-12-31 for "for ever", and the year 1 for "always"."""
    year, (start, end) = periods.parse("2025"), (datetime(2025, 5, 6, 1, tzinfo=UTC), datetime(2025, 5, 6, 2, tzinfo=UTC))
    seen = SensorSession("s", "i", "CG-1", start, end, "working", None, "file")
    for sat in (SensorBinding("b", "i", "CG-1", date.min, date.max), SensorBinding("b", "i", "CG-1", date.min, None)):
        assert spans.of_period([seen], [sat], year) == [seen]
    assert spans.of_period([seen], [sat], periods.parse("0001")) == []


def test_days_with_data_are_counted_of_the_days_a_sensor_sat_there() -> None:
    seen = [session("9 09:00-10:00"), session("10 23:00-24:00"), session("12 23:00-25:00"), session("20 09:00-10:00")]
    assert rules.days_seen([binding("2026-01-10 2026-01-14")], seen, periods.parse("2026-01"), DAY) == (3, 5)
    assert rules.days_seen([binding("2026-01-10")], seen, periods.parse("2026-01"), date(2026, 1, 12)) == (2, 3)
    assert rules.days_seen([], seen, periods.parse("2026-01"), DAY) == (0, 0)


def test_the_cases_tell_a_wrong_reading_from_the_right_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Idle time taken for work, sessions counted twice, and a claim judged without a sensor are all found out."""

    def wrong() -> list[str]:
        return [case["name"] for case in CASES if come_to(case) != expected(case)]

    assert wrong() == []
    with monkeypatch.context() as patched:
        patched.setattr(rules, "merged", lambda sessions: [(one.started_at, one.ended_at) for one in sessions if one.band == "working"])
        assert wrong() == ["two sensors on one set do not make its hours twice"]
    with monkeypatch.context() as patched:
        patched.setattr(rules, "merged", lambda sessions: [(one.started_at, one.ended_at) for one in sessions])
        assert "on but idle is no work" in wrong()
    with monkeypatch.context() as patched:
        patched.setattr(rules, "_sat", lambda one, bindings: True)
        assert "the day before the sensor came is not judged" in wrong()


def test_sensors_stand_behind_hours_only_when_they_saw_them_all() -> None:
    by_name = {one["name"]: one for one in CASES}
    assert rules.confirms(judged(by_name["claimed as seen"]))
    assert rules.confirms(judged(by_name["one minute more seen than 10 %"])), "work that nobody entered takes nothing from what is claimed"
    assert not rules.confirms(judged(by_name["one minute beyond 10 %"]))
    assert not rules.confirms(judged(by_name["no sensor: nothing is judged"]))
    assert not rules.confirms(judged(by_name["the sum agrees, the hours do not: the record is told"]))
    nothing = by_name["claimed as seen"] | {"records": [], "sessions": []}
    assert not rules.confirms(judged(nothing)), "there is nothing to stand behind"
    partly = by_name["claimed as seen"] | {"bound": ["2026-01-10"], "records": ["R1 | 10 09:00-11:00", "R2 | 9 09:00-10:00"]}
    assert not rules.confirms(judged(partly)), "an hour nobody could see is left"
