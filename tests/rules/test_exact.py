"""Rounding once, half up, from exact ratios."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.rules.exact import rounded, shown, started, terminates
from desktop.rules.phrase import percent, plain, time_name


@given(st.fractions())
def test_rounded_is_the_nearest_integer_and_a_half_goes_away_from_zero(value: Fraction) -> None:
    result = rounded(value)
    distance = abs(value - result)
    assert distance <= Fraction(1, 2)
    assert distance < Fraction(1, 2) or abs(result) > abs(value)


@pytest.mark.parametrize(
    ("value", "fen"), [("1/2", 1), ("-1/2", -1), ("3/2", 2), ("5/2", 3), ("1/3", 0), ("49999999999999999999/100", 5 * 10**17)]
)
def test_rounded(value: str, fen: int) -> None:
    assert rounded(Fraction(value)) == fen


def test_rounding_to_even_would_be_noticed() -> None:
    assert rounded(Fraction(5, 2)) != round(Fraction(5, 2))


@given(st.integers(), st.integers(0, 8), st.integers(0, 8))
def test_a_terminating_value_is_shown_exactly(number: int, twos: int, fives: int) -> None:
    value = Fraction(number, 2**twos * 5**fives)
    assert Fraction(shown(value)) == value
    assert terminates(value)


def test_other_values_are_shown_to_six_places() -> None:
    assert shown(Fraction(500, 3)) == Decimal("166.666667")
    assert not terminates(Fraction(500, 3))
    assert isinstance(shown(Fraction(6, 3)), int)


@pytest.mark.parametrize(("value", "n"), [("3", 3), ("3.01", 4), ("0.5", 1)])
def test_a_started_unit_counts(value: str, n: int) -> None:
    assert started(Fraction(value)) == n


def test_numbers_in_sentences() -> None:
    assert [percent(Decimal(text)) for text in ("0.45", "0.125", "1")] == ["45%", "12.5%", "100%"]
    assert [plain(Decimal(text)) for text in ("1.50", "8E+2", "0.10", "100")] == ["1.5", "800", "0.1", "100"]
    assert [time_name(n).told("zh") for n in (90, 120, 1440, 2880, 1500, 0)] == [
        "90分钟",
        "2小时",
        "1天",
        "2天",
        "25小时",
        "0分钟",
    ]
