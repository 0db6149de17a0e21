"""Services by instrument and technician: the sums are those of the postings, and a reversal takes its record out again."""

from __future__ import annotations

import gc
from collections import Counter

import pytest

from desktop.actions import records
from desktop.actions.resting import resting
from desktop.actions.workspace import Workspace
from desktop.store import reporting
from tests.actions.making import some_work


def _sums(workspace: Workspace, start: str, end: str) -> dict[tuple[str, str | None], tuple[int, int, int]]:
    with workspace.read() as connection:
        found = reporting.by_instrument_and_technician(connection, start, end)
    return {(one.instrument_id, one.technician_id): (one.n_records, one.minutes, one.amount_fen) for one in found}


def test_the_sums_are_those_of_the_postings(small: Workspace) -> None:
    some_work(small)
    with small.read() as connection:
        rows = connection.exec_driver_sql("SELECT instrument_id, technician_id, minutes, amount_fen, service_month FROM posting").all()
    for start, end in (("2025-01", "2025-12"), ("2025-05", "2025-05"), ("2024-01", "2024-12")):
        n: Counter[tuple[str, str | None]] = Counter()
        minutes: Counter[tuple[str, str | None]] = Counter()
        fen: Counter[tuple[str, str | None]] = Counter()
        for instrument, technician, some, amount, month in rows:
            if start <= month <= end:
                n[instrument, technician] += 1
                minutes[instrument, technician] += some
                fen[instrument, technician] += amount
        assert _sums(small, start, end) == {key: (n[key], minutes[key], fen[key]) for key in n}
    assert _sums(small, "2025-01", "2025-12")


def test_a_reversal_takes_its_record_out(small: Workspace) -> None:
    some_work(small)
    before = _sums(small, "2025-01", "2025-12")
    with small.read() as connection:
        number, instrument, technician, minutes, fen = connection.exec_driver_sql(
            "SELECT record_number, instrument_id, technician_id, minutes, amount_fen FROM posting LIMIT 1"
        ).one()
    records.reverse(small, number, "记错了")
    was = before[instrument, technician]
    now = _sums(small, "2025-01", "2025-12")[instrument, technician]
    assert now == (was[0] - 1, was[1] - minutes, was[2] - fen)


def _stopped() -> None:
    with resting():
        with resting():
            assert not gc.isenabled()
        assert not gc.isenabled(), "another still holds many rows"
        raise ValueError("stop")


def test_the_collector_rests_until_the_last_is_done_and_then_works_again() -> None:
    assert gc.isenabled()
    with pytest.raises(ValueError, match="stop"):
        _stopped()
    assert gc.isenabled()
