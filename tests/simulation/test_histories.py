"""5 000 simulated histories: 0 lost, 0 doubled, 0 diverged, 0 stuck, 0 leaked, 0 silent. ``make simulate`` plays more."""

from __future__ import annotations

import pytest

from tests.simulation.__main__ import play_all

N_HISTORIES = 5000
N_PART = 500


@pytest.mark.parametrize("first", range(0, N_HISTORIES, N_PART))
def test_every_promise_is_kept(first: int) -> None:
    n, injected, broken = play_all(first, N_PART)
    assert n == N_PART
    assert sum(injected.values()) > N_PART
    assert not broken, "\n\n".join(told for _, told in broken[:2])
