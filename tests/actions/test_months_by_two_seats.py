"""Months closed and reopened at two seats: the order of the steps is that of the people, not of the clocks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from desktop.actions import months, payouts
from tests.actions.making import APPROVER, FINANCE, OFFICE, PINS, close_month, posted
from tests.actions.two_seats import at_one_hub, exchange, in_step


def test_a_step_counts_after_those_it_was_taken_in_sight_of_whatever_the_clocks_say(
    small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One seat's clock is ten minutes ahead: what the other did after it must not count as done before."""
    with at_one_hub(small_home, tmp_path / "seats") as seats:
        first, second = seats
        posted(first, "R1")
        real = months.now
        monkeypatch.setattr(months, "now", lambda: real() + timedelta(minutes=10))
        payouts.prepare_month(first, "2025-05", OFFICE, PINS[OFFICE])
        monkeypatch.setattr(months, "now", real)
        exchange(first, second)
        payouts.close_month(second, "2025-05", FINANCE, PINS[FINANCE])
        assert [(one.month, one.state, one.verb) for one in payouts.months(second)] == [("2025-05", "closed", "close")]
        payouts.reopen_month(second, "2025-05", APPROVER, PINS[APPROVER], "补记")
        exchange(second, first)
        for ledger in seats:
            assert [(one.state, one.verb) for one in payouts.months(ledger)] == [("open", "reopen")]
        close_month(first, "2025-05")
        exchange(first, second)
        assert [one.state for one in payouts.months(second)] == ["closed"]
        assert in_step(*seats)
