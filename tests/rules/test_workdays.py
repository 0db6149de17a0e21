"""Working days: the worked vectors, the published years against two independent calendars, and what must hold for any count."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop import words
from desktop.ledger.calendar import CalendarDay
from desktop.ledger.problem import Problem
from desktop.rules import workdays
from desktop.rules.workdays import Calendar, from_days, nth_workday_after, workdays_between
from tests.counting import n_calls

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "workdays.toml").read_text("utf-8"))["case"]
YEARS = range(2017, 2027)
DAYS = st.dates(date(2016, 6, 1), date(2028, 6, 30))


def calendar() -> Calendar:
    return workdays.packaged()


def every_day(years: range) -> list[date]:
    first = date(years[0], 1, 1)
    return [first + timedelta(days=n) for n in range((date(years[-1], 12, 31) - first).days + 1)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_worked_vectors(case: dict[str, object]) -> None:
    deadline = nth_workday_after(case["after"], case["n"], calendar())
    assert (deadline.day, deadline.provisional) == (case["day"], case["provisional"])
    assert (deadline.after, deadline.counted) == (case["after"], case["n"])


def wrong_days(ours: Calendar, years: range = YEARS) -> list[date]:
    """Days on which a calendar differs from either oracle."""
    theirs = holidays.country_holidays("CN", years=years)
    return [
        day
        for day in every_day(years)
        if ours.is_workday(day) != chinese_calendar.is_workday(day) or ours.is_workday(day) != theirs.is_working_day(day)
    ]


def test_published_years_agree_with_two_other_calendars() -> None:
    assert calendar().years == frozenset(YEARS)
    assert wrong_days(calendar()) == []


def test_one_wrong_day_is_seen_by_the_oracles() -> None:
    cancelled = date(2020, 2, 1)  # a make-up day that a later notice took back
    broken = calendar().merged(from_days([CalendarDay(cancelled, "makeup_workday")]))
    assert wrong_days(broken) == [cancelled]


def test_every_day_names_its_notice() -> None:
    for one in calendar().days:
        assert "国办发明电〔" in one.document
        assert one.holiday
        assert one.certainty == "A-"
    assert workdays.faults(calendar().days) == ()


@settings(max_examples=100)
@given(DAYS, st.integers(1, 80))
def test_nth_is_the_naive_count(day: date, n: int) -> None:
    """The fast count gives what counting day by day gives, and says it is provisional exactly when it left the known years."""
    left, at, outside = n, day, False
    while left:
        at += timedelta(days=1)
        if calendar().is_workday(at):
            left -= 1
            outside = outside or at.year not in calendar().years
    deadline = nth_workday_after(day, n, calendar())
    assert (deadline.day, deadline.provisional) == (at, outside)
    assert workdays_between(day, at, calendar()) == n


@settings(max_examples=100)
@given(DAYS, DAYS)
def test_between_turned_round_is_the_negative(one: date, other: date) -> None:
    assert workdays_between(one, other, calendar()) == -workdays_between(other, one, calendar())


@settings(max_examples=60)
@given(DAYS, st.integers(1, 40), st.integers(1, 40))
def test_counting_on_from_the_nth_is_counting_further(day: date, one: int, more: int) -> None:
    halfway = nth_workday_after(day, one, calendar()).day
    assert nth_workday_after(halfway, more, calendar()).day == nth_workday_after(day, one + more, calendar()).day


def test_importing_a_year_makes_its_deadlines_final() -> None:
    accepted = date(2026, 11, 20)
    table = from_days(
        [CalendarDay(date(2027, 1, 1), "weekday_off"), CalendarDay(date(2027, 1, 4), "weekday_off", "notice", "元旦")]
    )
    later = nth_workday_after(accepted, 30, calendar().merged(table))
    assert (later.day, later.provisional) == (date(2027, 1, 5), False)


def test_a_later_notice_overrides_a_day_and_keeps_the_others() -> None:
    changed = calendar().merged(
        from_days([CalendarDay(date(2026, 2, 14), "weekday_off"), CalendarDay(date(2026, 5, 5), "makeup_workday")])
    )
    assert not changed.is_workday(date(2026, 2, 14))
    assert changed.is_workday(date(2026, 5, 5))
    assert not changed.is_workday(date(2026, 10, 1))
    assert len(changed.days) == len(calendar().days)


def test_new_year_is_off_in_unknown_years() -> None:
    bare = Calendar(frozenset(), ())
    assert not bare.is_workday(date(2031, 1, 1))
    assert bare.is_workday(date(2031, 10, 1))
    assert from_days([CalendarDay(date(2031, 1, 1), "makeup_workday")]).is_workday(date(2031, 1, 1))


def test_exceptions_met_on_the_way() -> None:
    met = calendar().within(date(2026, 9, 20), date(2026, 11, 6))
    assert [one.day.isoformat() for one in met if one.kind == "makeup_workday"] == ["2026-10-10"]
    assert sum(one.kind == "weekday_off" for one in met) == 6


@pytest.mark.parametrize("n", [0, -1])
def test_nothing_to_count_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match="number of days"):
        nth_workday_after(date(2026, 1, 1), n, calendar())


def test_the_end_of_time_is_a_problem_with_words() -> None:
    with pytest.raises(Problem) as raised:
        nth_workday_after(date(9999, 12, 1), 30, calendar())
    assert raised.value.code == "workday.beyond"
    assert "9999-12-01" in words.say(raised.value.code, **raised.value.params)


def codes(days: list[CalendarDay]) -> list[str]:
    return [one.code for one in workdays.faults(days)]


def full_year(year: int = 2027) -> list[CalendarDay]:
    weekdays = [date(year, 1, 1) + timedelta(days=n) for n in range(20)]
    return [CalendarDay(day, "weekday_off") for day in weekdays if day.weekday() < 5]


def test_an_imported_table_is_checked() -> None:
    good = full_year()
    assert codes(good) == []
    assert codes([*good, good[0]]) == ["workday.twice"]
    assert codes([*good, CalendarDay(date(2027, 3, 3), "holiday")]) == ["workday.unknown_kind"]  # type: ignore[arg-type]  # from a file
    assert codes([*good, CalendarDay(date(2027, 3, 6), "weekday_off")]) == ["workday.weekend_off"]
    assert codes([*good, CalendarDay(date(2027, 3, 3), "makeup_workday")]) == ["workday.weekday_worked"]
    assert codes(good[1:]) == ["workday.no_new_year"]
    assert codes(good[:3]) == ["workday.year_incomplete"]
    for one in workdays.faults([*good, good[0]]):
        assert "2027-01-01" in words.say(one.code, **dict(one.params))


def test_a_year_that_begins_on_a_weekend_needs_no_first_of_january() -> None:
    assert codes([one for one in full_year(2028) if one.day != date(2028, 1, 1)]) == []


def test_a_packaged_file_holds_one_year() -> None:
    text = 'year = 2026\ndocument = "n"\ncertainty = "B"\n[weekday_off]\n2027-01-01 = "x"\n[makeup_workday]\n'
    with pytest.raises(ValueError, match="outside the year 2026"):
        workdays.read(text)


def test_a_deadline_far_away_is_not_counted_day_by_day() -> None:
    days = calendar()
    nth_workday_after(date(2024, 1, 1), 2_000, days)
    # Once the years are known, a few calls for each of the eight.
    assert n_calls(lambda: nth_workday_after(date(2024, 1, 1), 2_000, days)) < 60
