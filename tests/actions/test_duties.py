"""Duties of a day through the ledger: what was recorded later had not happened; the list and the explanation agree."""

from __future__ import annotations

from datetime import date

from desktop.actions import duties, instrument_list, instruments
from desktop.actions.workspace import Workspace
from desktop.ledger.instrument import Instrument

ACCEPTED = date(2026, 1, 15)


def _states(workspace: Workspace, on: date) -> dict[str, str]:
    return {duty.asset_number: duty.state for duty in duties.every(workspace, on)}


def test_a_day_is_judged_by_what_had_happened(small: Workspace) -> None:
    instruments.add(small, Instrument("", "N1", "新到电镜", 50_000_000, True, False, ACCEPTED))
    instruments.join(small, "N1", date(2026, 2, 10), "SD-N1")
    instruments.add(small, Instrument("", "N2", "退役光谱", 50_000_000, True, False, ACCEPTED, retired_on=date(2026, 2, 20)))
    instruments.add(small, Instrument("", "N3", "涉密整机", 50_000_000, True, True, ACCEPTED))
    instruments.file(small, "N3", "鲁密备1号", date(2026, 2, 12))
    expected = {
        date(2026, 1, 14): ("not_obliged", "not_obliged", "not_obliged"),
        date(2026, 1, 15): ("to_join", "to_join", "to_file"),
        date(2026, 2, 9): ("to_join", "to_join", "to_file"),
        date(2026, 2, 10): ("joined", "to_join", "to_file"),
        date(2026, 2, 12): ("joined", "to_join", "filed"),
        date(2026, 2, 20): ("joined", None, "filed"),
    }
    for day, states in expected.items():
        told = _states(small, day)
        assert tuple(told.get(name) for name in ("N1", "N2", "N3")) == states, day
        for name in ("N1", "N3"):
            duty, figure = duties.one(small, name, day)
            assert duty.state == figure.value == told[name]
    keys = instrument_list.rowids(small, ["N2"])
    assert [row["state"] for row in instrument_list.rows(small, keys, date(2026, 2, 19))] == ["to_join"]
    assert [row["state"] for row in instrument_list.rows(small, keys, date(2026, 2, 20))] == ["retired"]
    assert duties.one(small, "N2", date(2026, 2, 20))[0].state == "not_obliged"
