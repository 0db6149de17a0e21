"""Parts add up to the fen, whoever is asked first, and a larger pool or weight never pays less."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.rules.splitting import split, spread

FEN = st.integers(-(10**13), 10**13)
WEIGHT = st.one_of(
    st.integers(0, 10**10), st.builds(Fraction, st.integers(0, 10**7), st.sampled_from([1, 3, 7, 10, 9_999]))
)
WEIGHTS = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), WEIGHT, min_size=1, max_size=6).filter(
    lambda weights: any(weights.values())
)
quick = settings(max_examples=50)


@quick
@given(FEN, WEIGHTS)
def test_parts_and_remainder_are_the_pool(pool: int, weights: dict[str, Fraction]) -> None:
    cut = split(pool, weights)
    assert sum(cut.parts.values()) + cut.remainder == pool
    assert abs(cut.remainder) < len(weights)
    total = sum(weights.values())
    for key, weight in weights.items():
        assert abs(cut.parts[key] - pool * weight / total) < 1


@quick
@given(FEN, WEIGHTS)
def test_a_negative_pool_is_the_negative_of_the_positive_one(pool: int, weights: dict[str, Fraction]) -> None:
    there, back = split(pool, weights), split(-pool, weights)
    assert {key: -part for key, part in there.parts.items()} == back.parts
    assert there.remainder == -back.remainder
    assert {key: -part for key, part in spread(pool, weights).items()} == spread(-pool, weights)


@quick
@given(FEN, WEIGHTS, st.randoms(use_true_random=False))
def test_the_order_of_people_and_lines_does_not_matter(pool: int, weights: dict[str, Fraction], chance: object) -> None:
    mixed = list(weights.items())
    chance.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert split(pool, dict(mixed)) == split(pool, weights)
    assert spread(pool, dict(mixed)) == spread(pool, weights)


@quick
@given(st.integers(0, 10**12), st.integers(0, 10**6), WEIGHTS)
def test_a_larger_pool_never_pays_anyone_less(pool: int, more: int, weights: dict[str, Fraction]) -> None:
    before, after = split(pool, weights), split(pool + more, weights)
    assert all(after.parts[key] >= before.parts[key] for key in weights)


@quick
@given(st.integers(0, 10**12), WEIGHTS, st.integers(0, 10**6))
def test_a_larger_weight_never_pays_less(pool: int, weights: dict[str, Fraction], more: int) -> None:
    key = min(weights)
    assert split(pool, {**weights, key: weights[key] + more}).parts[key] >= split(pool, weights).parts[key]


@quick
@given(FEN, WEIGHTS)
def test_spreading_loses_nothing_and_stays_within_a_fen(amount: int, weights: dict[str, Fraction]) -> None:
    parts = spread(amount, weights)
    assert sum(parts.values()) == amount
    total = sum(weights.values())
    assert all(abs(parts[key] - amount * weight / total) < 1 for key, weight in weights.items())


def test_ties_go_to_the_smaller_key() -> None:
    assert spread(1, {"b": 1, "a": 1}) == {"a": 1, "b": 0}


def test_lines_without_weight_share_evenly() -> None:
    assert spread(5, {"a": 0, "b": 0}) == {"a": 3, "b": 2}


def test_nothing_to_divide_between_nobody() -> None:
    assert split(0, {}).parts == {}
    assert spread(0, {}) == {}
    assert split(0, {"a": 0}).parts == {"a": 0}


@pytest.mark.parametrize("weights", [{}, {"a": 0}])
def test_money_without_weights_is_refused(weights: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="nobody has a weight"):
        split(1, weights)


def test_money_without_lines_is_refused() -> None:
    with pytest.raises(ValueError, match="no line"):
        spread(1, {})


@pytest.mark.parametrize("divide", [split, spread])
def test_negative_weights_are_refused(divide: object) -> None:
    with pytest.raises(ValueError, match="negative"):
        divide(1, {"a": 2, "b": -1})  # type: ignore[operator]  # both take a pool and weights


def test_twenty_thousand_lines_are_exact() -> None:
    weights = {f"{n:06d}": n % 97 + 1 for n in range(20_000)}
    assert sum(spread(123_456_789, weights).values()) == 123_456_789
