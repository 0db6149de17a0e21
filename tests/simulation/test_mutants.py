"""The test of the test: every seeded bug breaks a promise within 5 000 histories, and the same history is whole without it.

``caught.toml`` remembers at which history each was caught, so that the test is quick; where the simulation has changed since,
the test counts again from the first. ``python -m tests.simulation.mutants`` writes the table anew.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.simulation import clocks
from tests.simulation.__main__ import play
from tests.simulation.breaking import MUTANTS, N_HISTORIES, broken, caught, first_caught
from tests.simulation.mutants import SEEDED
from tests.simulation.mutants_clocks import CLOCKS


def test_there_are_enough_seeded_bugs_and_each_is_counted() -> None:
    assert len(MUTANTS) >= 50
    assert len(SEEDED) == 9
    assert set(caught()) <= set(MUTANTS)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_seeded_bug_is_caught(name: str, record_property: pytest.RecordProperty) -> None:
    seed, told = first_caught(name, caught().get(name))
    assert seed is not None, f"{name} was not caught within {N_HISTORIES} histories"
    record_property("caught at history", seed)
    print(f"caught at history {seed}: {told.splitlines()[0]}")
    _, whole = play(seed)
    assert not whole


@pytest.mark.parametrize("name", CLOCKS)
def test_where_a_clock_decides_it_is_the_jump_that_shows_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seed, _ = first_caught(name, caught()[name])
    assert seed is not None
    monkeypatch.setattr(clocks, "DAY", timedelta(0))
    with broken(name):
        _, told = play(seed)
    assert not told
