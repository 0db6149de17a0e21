"""A service that runs over a change of prices: the end day's version prices it whole, and the record says so."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from desktop.actions import explaining, records
from desktop.actions.workspace import Workspace
from desktop.ledger.service_record import ServiceRecord
from tests.actions.making import draft, fee_version, sound

CHANGE = date(2025, 6, 1)


def _over(workspace: Workspace, number: str, start: datetime, end: datetime) -> ServiceRecord:
    minutes = int((end - start).total_seconds() // 60)
    records.add(workspace, draft(workspace, number, started_at=start, ended_at=end, minutes=minutes))
    return records.get(workspace, number)


@pytest.mark.parametrize(
    ("start", "end", "yuan", "changed"),
    [
        (datetime(2025, 5, 31, 22), datetime(2025, 6, 1, 2), 4 * 240, True),
        (datetime(2025, 5, 31, 20), datetime(2025, 5, 31, 23, 59), None, False),
        (datetime(2025, 5, 31, 20), datetime(2025, 6, 1), 4 * 240, True),
        (datetime(2025, 6, 1), datetime(2025, 6, 1, 4), 4 * 240, False),
    ],
)
def test_the_record_says_which_version_counts(
    small: Workspace, start: datetime, end: datetime, yuan: int | None, changed: bool
) -> None:
    fee_version(small, "A1", CHANGE, "测试", "小时", "80", "240")
    _over(small, "R1", start, end)
    told = [f for _, f in records.problems(small, "R1") if f.code == "record.fee_changed"]
    assert [f.severity for f in told] == (["note"] if changed else [])
    priced = records.price(small, "R1")
    if yuan is not None:
        assert priced.priced is not None
        assert priced.priced.amount_fen == yuan * 100
    assert records.post(small, ["R1"]).posted == 1, "a note does not stand against posting"
    with small.read() as connection:
        rule = connection.exec_driver_sql("SELECT rule_text FROM posting").scalar_one()
    assert ("收费标准有变动（2025-06-01起执行新版），按结束日2025-06-01的版本计" in rule) == changed
    tree = explaining.explain(small, "record", "R1")
    found = {part.code: part for part in tree.walk()}
    assert ("record.figure.version_day" in found) == changed
    if changed:
        assert found["record.figure.version_day"].value == date(2025, 6, 1)
        assert found["record.figure.version_day"].certainty == "C"
        assert found["record.figure.version_before"].value == "[2025-01-01, 2025-06-01)"
    assert sound(small)


def test_prices_that_begin_during_the_service_are_a_change_too(small: Workspace) -> None:
    _over(small, "R1", datetime(2024, 12, 31, 22), datetime(2025, 1, 1, 2))
    assert [f.code for _, f in records.problems(small, "R1")] == ["record.fee_changed"]
    tree = explaining.explain(small, "record", "R1")
    (before,) = [part for part in tree.walk() if part.code == "record.figure.version_before"]
    assert before.value is None
