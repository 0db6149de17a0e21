"""SJ2: each day at the edge of the academic year, and the identity that the table is checked by."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.ledger.period import academic_year
from desktop.rules.moe_changes import Kept, Stock, changes, figure

YEAR = academic_year(2024, 9)
DAYS = st.dates(date(2023, 6, 1), date(2026, 6, 1))


@pytest.mark.parametrize(
    ("booked", "retired", "counted"),
    [
        (date(2024, 8, 31), None, (1, 0, 0, 1)),
        (date(2024, 9, 1), None, (0, 1, 0, 1)),
        (date(2025, 8, 31), None, (0, 1, 0, 1)),
        (date(2025, 9, 1), None, (0, 0, 0, 0)),
        (date(2020, 1, 1), date(2024, 8, 31), (0, 0, 0, 0)),
        (date(2020, 1, 1), date(2024, 9, 1), (1, 0, 1, 0)),
        (date(2020, 1, 1), date(2025, 8, 31), (1, 0, 1, 0)),
        (date(2020, 1, 1), date(2025, 9, 1), (1, 0, 0, 1)),
        (date(2024, 10, 1), date(2025, 3, 1), (0, 1, 1, 0)),
    ],
    ids=[
        "booked the day before", "booked on the first day", "booked on the last day", "booked the day after", "gone the day before",
        "gone on the first day", "gone on the last day", "gone the day after", "came and went",
    ],
)  # fmt: skip
def test_days_at_the_edges_of_the_year(booked: date, retired: date | None, counted: tuple[int, int, int, int]) -> None:
    found = changes([Kept(booked, retired, 700)], YEAR)
    stocks = (found.last, found.increase, found.decrease, found.now)
    assert tuple(one.n for one in stocks) == counted
    assert tuple(one.fen for one in stocks) == tuple(n * 700 for n in counted)


@given(st.lists(st.tuples(DAYS, st.none() | DAYS, st.integers(0, 10**12))))
def test_what_went_is_what_is_no_longer_there(rows: list[tuple[date, date | None, int]]) -> None:
    sets = [Kept(booked, retired, fen) for booked, retired, fen in rows if retired is None or retired >= booked]
    found = changes(sets, YEAR)
    went = [one for one in sets if one.retired_on is not None and one.retired_on in YEAR]
    assert found.decrease == Stock(len(went), sum(one.value_fen or 0 for one in went))


def test_what_is_unknown_is_told_and_not_counted() -> None:
    found = changes([Kept(None, None, 700), Kept(date(2020, 1, 1), None, None)], YEAR)
    assert found.now == Stock(0, 0)
    assert [one.code for one in found.findings] == ["moe.undated", "moe.valueless"]


@pytest.mark.parametrize(
    ("booked", "retired", "n"),
    [
        (date(2025, 8, 31), None, 1), (date(2025, 9, 1), None, 0), (None, None, 1),
        (date(2020, 1, 1), date(2024, 8, 31), 0), (date(2020, 1, 1), date(2024, 9, 1), 1),
    ],
)  # fmt: skip
def test_what_may_be_confidential_is_not_counted_and_told_of_its_years(booked: date | None, retired: date | None, n: int) -> None:
    found = changes([Kept(booked, retired, 700, "a", stated=False)], YEAR)
    assert {found.last, found.increase, found.decrease, found.now} == {Stock(0, 0)}
    assert (found.n_unstated, [one.code for one in found.findings]) == (n, ["moe.unstated"] * n)


def test_the_tree_names_the_sets_behind_each_number() -> None:
    sets = [Kept(date(2020, 1, 1), None, 100, "a"), Kept(date(2020, 1, 1), date(2025, 1, 1), 20, "b"), Kept(date(2024, 10, 1), None, 3, "c")]
    tree = figure(changes(sets, YEAR), YEAR)
    assert (tree.code, tree.value, tree.rows and tree.rows.keys) == ("moe.sj2.decrease", 1, ("b",))
    told = {part.code: (part.value, part.rows and part.rows.keys) for part in tree.inputs}
    assert told == {
        "moe.sj2.worth": (20, None), "moe.sj2.last": (2, ("a", "b")), "moe.sj2.increase": (1, ("c",)), "moe.sj2.now": (2, ("a", "c")),
    }  # fmt: skip
    assert [part.inputs[0].value for part in tree.inputs[1:]] == [120, 3, 103]
