"""Which conflicts stand in the way of closing a month: those of rows that count in it, whichever side is right."""

from __future__ import annotations

import json
from typing import Any

import pytest

from desktop.actions import sync_periods
from desktop.actions.workspace import Workspace
from desktop.ledger import period
from tests.actions.making import posted

MAY = period.parse("2025-05")
CASES: list[tuple[str, dict[str, Any] | None, dict[str, Any] | None, bool]] = [
    ("service_record", {"ended_at": "2025-05-31T23:59"}, {"ended_at": "2025-06-01T00:00"}, True),
    ("service_record", {"ended_at": "2025-06-01T00:00"}, {"ended_at": "2025-06-02T00:00"}, False),
    ("service_record", None, {"ended_at": "2025-05-01T00:00"}, True),
    ("receipt", {"received_on": "2025-05-01"}, None, True),
    ("receipt", {"received_on": "2025-04-30"}, None, False),
    ("fee_schedule", {"from_on": "2025-05-31", "to_on": None}, None, True),
    ("fee_schedule", {"from_on": "2024-01-01", "to_on": "2025-05-01"}, None, False),
    ("fee_schedule", {"from_on": "2025-06-01", "to_on": None}, None, False),
]


@pytest.mark.parametrize(("kind", "mine", "theirs", "in_may"), CASES)
def test_a_conflict_counts_in_the_month_of_either_side(
    small: Workspace, kind: str, mine: dict[str, Any] | None, theirs: dict[str, Any] | None, in_may: bool
) -> None:
    _conflict(small, kind, "0198c5a0-0000-7000-8000-000000000001", mine, theirs)
    with small.read() as connection:
        assert bool(sync_periods.contested(connection, MAY)) == in_may


def test_instruments_and_customers_count_where_they_were_served(small: Workspace) -> None:
    posted(small, "R1")
    with small.read() as connection:
        key, day = connection.exec_driver_sql("SELECT instrument_id, ended_on FROM posting").one()
    assert day.startswith("2025-05")
    _conflict(small, "instrument", key, {"value_fen": 1}, {"value_fen": 2})
    with small.read() as connection:
        assert sync_periods.contested(connection, MAY) == ["A1 扫描电镜"]
        assert sync_periods.contested(connection, period.parse("2025-06")) == []


def _conflict(ledger: Workspace, kind: str, key: str, mine: dict[str, Any] | None, theirs: dict[str, Any] | None) -> None:
    with ledger.write("sync") as operation:
        operation.connection.exec_driver_sql(
            "INSERT INTO sync_conflict (remote, kind, key, fields, mine, theirs) VALUES ('network', ?, ?, '[]', ?, ?)",
            (kind, key, *(None if side is None else json.dumps(side) for side in (mine, theirs))),
        )
