"""Taking a set out of service: what was posted after the day is told, the day itself belongs to the service; what was reversed does not count."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.actions import history, instrument_entry, instruments, records
from desktop.actions.workspace import Workspace
from tests.actions.making import posted, sound

NOW = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("on", "told"),
    [(date(2025, 5, 5), (2, "2025-05-08")), (date(2025, 5, 6), (1, "2025-05-08")), (date(2025, 5, 7), (1, "2025-05-08")), (date(2025, 5, 8), None)],
    ids=["the day before both", "the day of the first", "between", "the day of the last"],
)
def test_services_after_the_day_are_told(small: Workspace, on: date, told: tuple[int, str] | None) -> None:
    posted(small, "R1", day=date(2025, 5, 6))
    posted(small, "R2", day=date(2025, 5, 8))
    posted(small, "R3", day=date(2025, 5, 9))
    records.reverse(small, "R3", "登错")
    posted(small, "R4", "A2", date(2025, 5, 9))
    found = instrument_entry.retire(small, "A1", on, NOW, "报废")
    assert instruments.get(small, "A1").retired_on == on
    said = [(one.code, one.severity, dict(one.params)["n"], dict(one.params)["last"]) for one in found.findings]
    assert said == ([] if told is None else [("instrument_entry.used_after", "warning", str(told[0]), told[1])])
    assert instrument_entry.retire(small, "A1", None, NOW, "误登").findings == ()
    assert instrument_entry.enter(small, "A1", [("退役日期", on.isoformat())], NOW).findings == found.findings, "by either command"
    for _ in range(3):
        history.undo_last(small)
    assert instruments.get(small, "A1").retired_on is None
    assert sound(small)
