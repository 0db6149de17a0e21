"""Income runs through the shares in their order; nothing is paid from nothing; a cap is never rounded up."""

from __future__ import annotations

from decimal import Decimal

import pytest

from desktop.rules.waterfall import at_most, flow
from tests.rules.payout_making import share


@pytest.mark.parametrize(
    ("rate", "base", "limit"),
    [("0.8", 100, 80), ("0.8", 101, 80), ("0.8", 104, 83), ("0.8", 0, 0), ("0.8", -5, 0), ("1", 7, 7)],
)
def test_a_cap_is_the_largest_fen_not_above_it(rate: str, base: int, limit: int) -> None:
    assert at_most(Decimal(rate), base) == limit


def test_order_matters_for_shares_of_the_rest() -> None:
    first = flow(1_000, 0, [share("fund", "0.5"), share("technicians", "0.5")])
    second = flow(1_000, 0, [share("technicians", "0.5"), share("fund", "0.5")])
    assert (first.pool_fen, second.pool_fen) == (250, 500)


def test_the_smallest_bound_wins_and_is_named() -> None:
    one = share("technicians", "1", "gross", cap_fen=500, cap_rate=Decimal("0.4"), cap_of="gross")
    assert [(step.fen, step.limited) for step in flow(1_000, 0, [one], 450).steps] == [(400, "cap")]
    assert [(step.fen, step.limited) for step in flow(1_000, 0, [one], 350).steps] == [(350, "law")]
    assert [(step.fen, step.limited) for step in flow(1_000, 900, [one], 350).steps] == [(100, "rest")]


def test_a_cap_on_net_counts_costs() -> None:
    one = share("technicians", "1", cap_rate=Decimal("0.5"), cap_of="net")
    assert flow(1_000, 400, [one]).pool_fen == 300


def test_the_legal_cap_is_for_technicians_only() -> None:
    assert [step.fen for step in flow(1_000, 0, [share("fund", "0.5"), share("technicians", "1")], 100).steps] == [500, 100]


def test_a_loss_stays_with_the_unit() -> None:
    result = flow(1_000, 1_500, [share("fund", "0.5", "gross"), share("technicians", "1")])
    assert ([step.fen for step in result.steps], result.kept_fen) == ([0, 0], -500)


def test_half_a_fen_is_rounded_up_once() -> None:
    assert [step.fen for step in flow(101, 0, [share("fund", "0.5"), share("technicians", "1")]).steps] == [51, 50]
