"""Which conflicts stand in the way of closing a month, or of a payout: those of rows that count in it, whichever side is right."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from desktop.actions import costs, parameter_sets, payouts, records, sync_periods
from desktop.actions.workspace import Workspace
from desktop.ledger import period
from desktop.ledger.problem import Refused
from desktop.rules.settlement import CAP_KEY
from desktop.store import reach, sync_rows
from desktop.words import say
from tests.actions.making import JUNE, OUTSIDE, declare, posted, prepare, settled

MAY = period.parse("2025-05")
MAY_END = date(2025, 5, 31)
KEY = "0198c5a0-0000-7000-8000-000000000001"
CASES: list[tuple[str, dict[str, Any] | None, dict[str, Any] | None, bool]] = [
    ("service_record", {"ended_at": "2025-05-31T23:59"}, {"ended_at": "2025-06-01T00:00"}, True),
    ("service_record", {"ended_at": "2025-06-01T00:00"}, {"ended_at": "2025-06-02T00:00"}, False),
    ("service_record", None, {"ended_at": "2025-05-01T00:00"}, True),
    ("receipt", {"received_on": "2025-05-01"}, None, True),
    ("receipt", {"received_on": "2025-04-30"}, None, False),
    ("fee_schedule", {"from_on": "2025-05-31", "to_on": None}, None, True),
    ("fee_schedule", {"from_on": "2024-01-01", "to_on": "2025-05-01"}, None, False),
    ("fee_schedule", {"from_on": "2025-06-01", "to_on": None}, None, False),
    ("posting", {"ended_on": "2025-05-03"}, None, True),
    ("posting", {"ended_on": "2025-06-03"}, None, False),
    ("cost_row", {"period_from": "2025-01-01", "period_to": "2025-12-31"}, None, True),
    ("cost_row", {"period_from": "2025-04-01", "period_to": "2025-05-01"}, None, True),
    ("cost_row", {"period_from": "2025-05-31", "period_to": "2025-06-30"}, None, True),
    ("cost_row", {"period_from": "2025-04-01", "period_to": "2025-04-30"}, {"period_from": "2025-06-01", "period_to": "2025-06-30"}, False),
    ("cost_row", {"period_from": "2025-04-01", "period_to": "2025-04-30"}, {"period_from": "2025-05-01", "period_to": "2025-05-31"}, True),
    ("scheme", {"name": "甲", "from_on": "2024-01-01"}, None, True),
    ("scheme", {"name": "甲", "from_on": "2025-06-01"}, None, False),
    ("scheme", {"name": "甲", "from_on": "2025-06-01"}, {"name": "甲", "from_on": "2025-05-31"}, True),
    # The small ledger has a scheme of this name from 2025-01-01: what was in force before it does not count in May.
    ("scheme", {"name": "记账", "from_on": "2024-01-01"}, None, False),
    ("parameter", {"name": CAP_KEY, "from_on": "2025-05-31"}, None, True),
    ("parameter", {"name": CAP_KEY, "from_on": "2025-06-01"}, None, False),
    ("month_event", {"month": "2025-05"}, None, True),
    ("month_event", {"month": "2025-04"}, None, False),
    ("payout_cost", {"run_id": "x", "from_on": "2025-05-01", "to_on": "2025-05-31"}, None, True),
    ("payout_cost", {"run_id": "x", "from_on": "2025-06-01", "to_on": "2025-06-30"}, None, False),
    ("payout_mark", {"run_id": "x", "from_on": "2025-04-01", "to_on": "2025-05-01"}, None, True),
    ("payout_mark", {"run_id": "x", "from_on": "2025-04-01", "to_on": "2025-04-30"}, None, False),
    ("person", {"name": "甲", "active": 0}, {"name": "甲", "active": 1}, False),
    ("attachment", {"of_kind": "instrument", "name": "a.pdf"}, None, False),
    ("notice_answer", {"answered_on": "2025-05-03"}, None, False),
    ("outside_use", {"ended_at": "2025-05-03T10:00"}, None, False),
]
# Claims go by years; what pilot rows and sensors show changes no charge.
NEVER = {"person", "attachment", "notice_answer"} | {
    kind for kind in reach.kinds("hub") if kind.startswith(("pilot_", "voucher_")) or kind in ("outside_use", "province_search", "sensor_binding", "power_band")
}


@pytest.mark.parametrize(("kind", "mine", "theirs", "in_may"), CASES)
def test_a_conflict_counts_in_the_month_of_either_side(
    small: Workspace, kind: str, mine: dict[str, Any] | None, theirs: dict[str, Any] | None, in_may: bool
) -> None:
    _conflict(small, kind, KEY, mine, theirs)
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


def test_what_hangs_on_a_fee_version_counts_where_that_is_in_force(small: Workspace) -> None:
    (schedule,) = one(small, "SELECT id FROM fee_schedule WHERE instrument_id = (SELECT id FROM instrument WHERE asset_number = 'A1')")
    for kind, side in (("fee_line", {"item": "测试"}), ("cost_component", {"kind": "power", "amount_fen": 100})):
        _forget(small)
        _conflict(small, kind, KEY, side | {"schedule_id": schedule}, None)
        assert named(small, "2025-05") == [KEY]
        assert named(small, "2024-12") == []


def test_technicians_and_payouts_count_where_they_served(small: Workspace) -> None:
    posted(small, "R1")
    run = prepare(small)
    for kind, sql, name in (
        ("technician", "SELECT technician_id FROM posting", "T001 张一"),
        ("payout_run", "SELECT id FROM payout_run", run.number),
        ("payout_share", "SELECT id FROM payout_share", run.number),
        ("payout_line", "SELECT id FROM payout_line", f"{run.number} R1"),
    ):
        (key,) = one(small, f"{sql} ORDER BY 1 LIMIT 1")
        (posting,) = one(small, "SELECT id FROM posting")
        _forget(small)
        _conflict(small, kind, key, {"run_id": run.id} | ({"posting_id": posting} if kind == "payout_line" else {}), None)
        assert named(small, "2025-05") == [name]
        assert named(small, "2025-06") == []
    (other,) = one(small, "SELECT id FROM technician WHERE staff_number = 'T003'")
    _forget(small)
    _conflict(small, "technician", other, {"coefficient": "1"}, {"coefficient": "2"})
    assert named(small, "2025-05") == []


def test_a_payout_counts_where_it_deducts_a_cost(small: Workspace) -> None:
    posted(small, "R1")
    costs.cost_add(small, "consumables", None, date(2025, 4, 1), MAY_END, 100, "PZ-1")
    run = prepare(small, cost=None)
    _conflict(small, "payout_run", run.id, {"number": run.number}, None)
    assert named(small, "2025-04") == [run.number]
    assert named(small, "2025-03") == []


def test_every_kind_that_is_shared_has_a_say_in_which_months_it_counts() -> None:
    told = {kind for kind, *_, in_may in CASES if in_may} | NEVER
    served = {"instrument", "customer", "technician", "fee_line", "cost_component", "payout_run", "payout_line", "payout_share"}
    assert told | served == set(reach.kinds("hub"))


def test_what_is_contested_is_called_by_its_name_whatever_its_kind(small: Workspace) -> None:
    with small.read() as connection:
        for kind in reach.kinds("hub"):
            assert sync_rows.labels(connection, kind, [KEY]) == {}
    parameter_sets.add(small, CAP_KEY, "0.7", date(2025, 5, 1), "办〔2025〕2号", reason="示例")
    (key,) = one(small, "SELECT id FROM parameter")
    _conflict(small, "parameter", key, {"name": CAP_KEY, "from_on": "2025-05-01"}, None)
    assert named(small, "2025-05") == [say(f"parameter.{CAP_KEY}") + " 2025-05-01"]


RUN_CASES: list[tuple[str, str, dict[str, Any], str]] = [
    ("technician", "SELECT technician_id FROM posting WHERE record_number = 'R1'", {"coefficient": "2"}, "T001 张一"),
    ("instrument", "SELECT instrument_id FROM posting WHERE record_number = 'R1'", {"value_fen": 2}, "A1 扫描电镜"),
    ("service_record", "SELECT record_id FROM posting WHERE record_number = 'R1'", {"note": "x"}, f"R1 {OUTSIDE}"),
    ("posting", "SELECT id FROM posting WHERE record_number = 'R1'", {"amount_fen": 2}, "R1"),
    ("cost_row", "SELECT id FROM cost_row", {"period_from": "2025-05-01"}, "2025-05-01"),
    ("cost_row", "", {"period_from": "2025-05-31", "fen": 5}, KEY),
    ("cost_row", "", {"period_from": "2025-06-01", "fen": 5}, ""),
    ("scheme", "SELECT id FROM scheme WHERE name = '记账'", {"name": "记账", "from_on": "2025-01-01"}, "记账"),
    ("scheme", "", {"name": "记账", "from_on": "2025-05-31"}, KEY),
    ("scheme", "", {"name": "记账", "from_on": "2025-06-01"}, ""),
    ("scheme", "SELECT id FROM scheme WHERE name = '到账'", {"name": "到账", "from_on": "2025-01-01"}, ""),
    ("parameter", "", {"name": CAP_KEY, "from_on": "2025-05-01"}, KEY),
    ("parameter", "", {"name": "duty.value_threshold", "from_on": "2025-05-01"}, ""),
    ("technician", "SELECT id FROM technician WHERE staff_number = 'T003'", {"coefficient": "2"}, ""),
    ("instrument", "SELECT id FROM instrument WHERE asset_number = 'A2'", {"value_fen": 2}, ""),
    ("posting", "SELECT id FROM posting WHERE record_number = 'R6'", {"amount_fen": 2}, ""),
    ("person", "SELECT id FROM person LIMIT 1", {"active": 0}, ""),
]


@pytest.mark.parametrize(("kind", "sql", "side", "name"), RUN_CASES)
def test_a_payout_is_not_prepared_from_what_is_contested(small: Workspace, kind: str, sql: str, side: dict[str, Any], name: str) -> None:
    posted(small, "R1")
    posted(small, "R6", day=date(2025, 6, 2))
    declare(small)
    _conflict(small, kind, one(small, sql)[0] if sql else KEY, side, side | {"document": "y"})
    if not name:
        assert prepare(small, cost=None).number
        return
    for step in (lambda: payouts.draft(small, MAY_END, "记账"), lambda: prepare(small, cost=None)):
        with pytest.raises(Refused, match=r"payout\.refused") as stopped:
            step()
        (told,) = stopped.value.findings
        assert (told.code, dict(told.params)) == ("payout.contested", {"n": "1", "names": name})
    assert one(small, "SELECT count(*) FROM payout_run") == (0,)
    _forget(small)
    assert prepare(small, cost=None).number


def test_a_second_posting_of_a_service_that_is_paid_counts_too(small: Workspace) -> None:
    posted(small, "R1")
    declare(small)
    (record,) = one(small, "SELECT record_id FROM posting")
    _conflict(small, "posting", KEY, None, {"record_id": record, "amount_fen": 5, "ended_on": "2025-05-06"})
    with pytest.raises(Refused, match=r"payout\.refused"):
        prepare(small, cost=None)


def test_what_is_known_of_a_service_for_vouchers_hinders_no_payout(small: Workspace) -> None:
    posted(small, "R1")
    declare(small)
    (record,) = one(small, "SELECT record_id FROM posting")
    _conflict(small, "voucher_mark", KEY, {"record_id": record, "invoiced_fen": 1}, {"record_id": record, "invoiced_fen": 2})
    assert prepare(small, cost=None).number


def test_nothing_is_taken_back_from_a_payout_that_is_contested(small: Workspace) -> None:
    posted(small, "R1")
    posted(small, "R2")
    run = settled(small)
    records.reverse(small, "R1", "开错")
    _conflict(small, "payout_run", run.id, {"number": run.number}, {"number": run.number, "id": KEY})
    posted(small, "R3", day=date(2025, 6, 2))
    with pytest.raises(Refused, match=r"payout\.refused") as stopped:
        prepare(small, JUNE)
    assert [dict(told.params)["names"] for told in stopped.value.findings] == [run.number]


def named(ledger: Workspace, month: str) -> list[str]:
    with ledger.read() as connection:
        return sync_periods.contested(connection, period.parse(month))


def one(ledger: Workspace, sql: str) -> tuple[Any, ...]:
    with ledger.read() as connection:
        return tuple(connection.exec_driver_sql(sql).one())


def _forget(ledger: Workspace) -> None:
    with ledger.write("sync") as operation:
        operation.connection.exec_driver_sql("DELETE FROM sync_conflict")


def _conflict(ledger: Workspace, kind: str, key: str, mine: dict[str, Any] | None, theirs: dict[str, Any] | None) -> None:
    with ledger.write("sync") as operation:
        operation.connection.exec_driver_sql(
            "INSERT INTO sync_conflict (remote, kind, key, fields, mine, theirs) VALUES ('network', ?, ?, '[]', ?, ?)",
            (kind, key, *(None if side is None else json.dumps(side) for side in (mine, theirs))),
        )
