"""Payout runs on a real ledger: what is paid to whom, who may say so, and that nothing is ever paid twice or lost."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from desktop import words
from desktop.actions import costs, history, importing, institution, payouts, people
from desktop.actions.workspace import Workspace
from desktop.ledger.allocation import Share
from desktop.ledger.problem import Refused
from desktop.words import say
from tests.actions.making import (
    APPROVER,
    AUDITOR,
    AUGUST,
    FINANCE,
    JULY,
    JUNE,
    LAB,
    MAY,
    OFFICE,
    PINS,
    approve,
    declare,
    enter,
    everything,
    lines_of_counting_runs,
    others,
    paid,
    posted,
    prepare,
    refused,
    rows_of,
    scheme,
    some_work,
    sound,
    whole,
)  # fmt: skip


def test_every_fen_of_the_income_is_somebodys(small: Workspace) -> None:
    assert some_work(small) == 639_00
    run = prepare(small, cost=100_01)
    # 10 % of 639.00 = 63.90; (639.00 − 100.01 − 63.90) / 2 = 237.545 → 237.55; the rest 237.54
    assert (run.income_fen, run.cost_fen, run.pool_fen) == (639_00, 100_01, 237_55)
    assert others(run) == {"学校": 63_90, "实验室": 237_54, "kept": 0}
    # by amount 180 : 300 : 159; each cut to the fen (66.91, 111.52, 59.10), the 2 fen left over to T001
    assert paid(run) == {"T001": 66_93, "T002": 111_52, "T003": 59_10}
    assert [share.staff_number for share in run.shares if share.remainder] == ["T001"]
    assert whole(run)
    for share in run.shares:
        if share.technician_id:
            _, _, told = payouts.statement(small, run.number, share.staff_number)
            assert sum(one.line.fen for one in told) == share.fen
            assert len(told) == share.n_lines
    assert payouts.explain(small, run.number).value == run.pool_fen
    shown = payouts.show(small, run.number)
    assert (shown.shares, shown.findings) == (run.shares, run.findings)
    assert sound(small)


def test_internal_service_counts_only_where_the_scheme_says_so(small: Workspace) -> None:
    payouts.add_scheme(small, scheme("只算校外", include_internal=False))
    assert some_work(small) == 639_00
    run = prepare(small, name="只算校外")
    assert run.income_fen == 579_00
    assert "payout.internal_left_out" in {f.code for f in run.findings}
    approve(small, run)
    assert prepare(small).income_fen == 60_00, "what one scheme leaves out waits for another"


def test_a_run_without_a_cost_statement_is_refused_and_zero_is_declared(small: Workspace) -> None:
    some_work(small)
    before = everything(small)
    assert refused(prepare, small, cost=None) == ["payout.refused", "payout.no_cost_statement"]
    assert everything(small) == before
    declare(small, 0)
    assert payouts.prepare(small, MAY, "记账", FINANCE, PINS[FINANCE]).cost_fen == 0


def test_costs_are_deducted_once_and_stay_what_they_were(small: Workspace) -> None:
    some_work(small)
    first = prepare(small, cost=50_00)
    (row,) = costs.costs(small)
    assert refused(costs.cost_remove, small, row.id) == ["payout.cost_used"]
    posted(small, "R9", day=date(2025, 6, 2))
    assert refused(payouts.prepare, small, JUNE, "记账", FINANCE, PINS[FINANCE])[1:] == ["payout.costs_deducted"]
    payouts.withdraw(small, first.number, FINANCE, PINS[FINANCE])
    again = payouts.prepare(small, JUNE, "记账", FINANCE, PINS[FINANCE])
    assert (again.income_fen, again.cost_fen) == (819_00, 50_00)
    assert sound(small)


def test_wrong_cost_rows_are_refused(small: Workspace) -> None:
    before = everything(small)
    for kind, asset, start, end, fen, code in (
        ("瞎写", None, JUNE, JULY, 1, "payout.cost_kind"),
        ("consumables", "A404", JUNE, JULY, 1, "instrument.unknown"),
        ("consumables", None, JULY, JUNE, 1, "payout.cost_period"),
        ("consumables", None, JUNE, JULY, -1, "payout.cost_amount"),
        ("none", None, JUNE, JULY, 1, "payout.cost_amount"),
    ):
        assert refused(costs.cost_add, small, kind, asset, start, end, fen, "PZ")[0] == code
    assert everything(small) == before
    costs.cost_add(small, "折旧费", "A1", MAY, JUNE, 1, "PZ")
    assert [(row.kind, row.fen) for row in costs.costs(small)] == [("depreciation", 1)]


def test_a_cost_statement_is_imported_once(small: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "costs.csv"
    lines = [
        "类别,仪器编号,期间起,期间止,金额（元）,凭证号",
        "耗材,全单位,2025-05-01,2025-05-31,120.50,PZ-1",
        "折旧,A1,2025-05-01,2025-05-31,80,PZ-2",
    ]
    path.write_text("\n".join(lines), "utf-8")
    assert importing.import_file(small, "costs", path).accepted == 2
    before = everything(small)
    assert importing.import_file(small, "costs", path).unchanged == 2
    assert everything(small) == before
    some_work(small)
    assert prepare(small, cost=None).cost_fen == 200_50


# Four eyes


def test_whoever_prepares_never_approves(small: Workspace) -> None:
    some_work(small)
    run = prepare(small)
    before = everything(small)
    assert refused(approve, small, run, FINANCE) == ["payout.same_person"]
    assert refused(payouts.approve, small, run.number, APPROVER, "9999") == ["person.pin"]
    assert refused(payouts.approve, small, run.number, APPROVER, "") == ["person.pin"]
    assert refused(approve, small, run, AUDITOR) == ["person.not_allowed"]
    assert refused(approve, small, run, LAB) == ["person.not_allowed"]
    assert refused(payouts.approve, small, run.number, "没这个人", "1") == ["person.unknown"]
    assert everything(small) == before
    assert approve(small, run).approved_by == APPROVER
    assert sound(small)


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE payout_run SET state = 'approved', approved_by = prepared_by", "payout.same_person"),
        ("UPDATE payout_run SET state = 'approved'", None),
        ("UPDATE payout_run SET pool_fen = pool_fen + 1", "payout.forward"),
        ("UPDATE payout_run SET prepared_by = 'someone'", "payout.forward"),
        ("DELETE FROM payout_run", "payout.forward"),
        ("UPDATE payout_share SET fen = fen + 1", "store.fact"),
        ("DELETE FROM payout_line", "store.fact"),
        ("UPDATE payout_cost SET fen = 0", "store.fact"),
    ],
)
def test_the_database_refuses_it_by_itself(small: Workspace, sql: str, code: str | None) -> None:
    some_work(small)
    prepare(small)
    before = everything(small)
    with pytest.raises(Exception, match=code or "CHECK constraint failed"), small.write("cheat") as operation:
        operation.connection.exec_driver_sql(sql)
    assert everything(small) == before


def test_the_database_settles_a_posting_once(small: Workspace) -> None:
    some_work(small)
    first = prepare(small)
    copy = (
        "INSERT INTO payout_run SELECT 'copy', 'FP-COPY', to_on, scheme_id, 'prepared', basis, 0, 0, 0, '{}', prepared_by, prepared_at, "
        "NULL, NULL, NULL, NULL, NULL, '', '[]' FROM payout_run WHERE number = ?"
    )
    line = "INSERT INTO payout_line SELECT 'copy-' || rowid, 'copy', posting_id, {}, technician_id, 1, 1, 0, service_month, 0, {} FROM payout_line LIMIT 1"
    posting = "(SELECT posting_id FROM payout_line LIMIT 1)"

    def cheat(last: str) -> None:
        with small.write("cheat") as operation:
            operation.connection.exec_driver_sql(copy, (first.number,))
            operation.connection.exec_driver_sql(f"INSERT INTO receipt VALUES ('money', {posting}, '2025-06-01', 1, 'FP', NULL)")
            operation.connection.exec_driver_sql(last)

    again = [line.format(*ways) for ways in (("NULL", "NULL"), ("NULL", "id"), ("'money'", "NULL"))]
    for last in (*again, "INSERT INTO payout_cost SELECT 'copy', 'copy', cost_row_id, from_on, to_on, fen FROM payout_cost LIMIT 1"):
        with pytest.raises(Refused, match="payout.settled"):
            cheat(last)
    assert sound(small)


def test_nobody_comes_back_as_somebody_else(small: Workspace) -> None:
    """Undoing "person added" after they prepared, and adding them anew, would let them approve their own run."""
    some_work(small)
    people.add(small, "己新人", "finance", "6666")
    added = history.latest(small, 1)[0].seq
    declare(small)
    run = payouts.prepare(small, MAY, "记账", "己新人", "6666")
    before = everything(small)
    assert refused(history.undo_one, small, added) == ["undo.person_acted"]
    assert everything(small) == before
    people.retire(small, "己新人")
    assert refused(payouts.close, small, run.number, "己新人", "6666") == ["person.retired"]
    people.add(small, "庚写错", "finance", "7777")
    history.undo_last(small)
    assert "庚写错" not in [person.name for person in people.everyone(small)]


def test_roles_of_every_step(small: Workspace) -> None:
    some_work(small)
    declare(small)
    for name in (AUDITOR, APPROVER):
        assert refused(payouts.prepare, small, MAY, "记账", name, PINS[name]) == ["person.not_allowed"]
    run = payouts.prepare(small, MAY, "记账", LAB, PINS[LAB])
    assert refused(payouts.close, small, run.number, FINANCE, PINS[FINANCE])[0] == "payout.run_state"
    approve(small, run, OFFICE)
    for name in (LAB, OFFICE, AUDITOR):
        assert refused(payouts.close, small, run.number, name, PINS[name]) == ["person.not_allowed"]
        assert refused(payouts.reverse, small, run.number, name, PINS[name], "错") == ["person.not_allowed"]
    assert payouts.close(small, run.number, FINANCE, PINS[FINANCE]).state == "closed"
    assert refused(payouts.withdraw, small, run.number, FINANCE, PINS[FINANCE])[0] == "payout.run_state"
    assert refused(payouts.reverse, small, run.number, FINANCE, PINS[FINANCE], "")[0] == "payout.no_reason"
    assert sound(small)


# The legal cap


def test_the_cap_of_80_percent_binds_enterprises_only(small: Workspace) -> None:
    shares = (Share("technicians", "技术人员", "rest", Decimal("0.95")), Share("institution", "单位", "rest", Decimal(1)))
    payouts.add_scheme(small, scheme("九五", shares=shares))
    some_work(small)
    run = prepare(small, name="九五", cost=39_00)
    assert (run.pool_fen, whole(run)) == (570_00, True)
    payouts.withdraw(small, run.number, FINANCE, PINS[FINANCE])
    old = institution.get(small)
    institution.change(small, name=old.name, code=old.uscc, kind="enterprise", region=old.region)
    run = prepare(small, name="九五", cost=None)
    assert (run.pool_fen, whole(run)) == (480_00, True), "80 % of income less costs"
    assert "payout.law_cap_reached" in {f.code for f in run.findings}
    assert sound(small)


# What is not settled


def test_a_record_without_operator_waits_and_is_named(small: Workspace) -> None:
    """The record list asks for an operator; a posting without one can still come from the hub."""
    some_work(small)
    with small.write("from the hub") as operation:
        columns = "record_id, record_number, instrument_id, customer_id, schedule_id, line_id, customer_class, external, confidential, quantity, unit"
        rest = "unit_price_fen, amount_fen, minutes, rule_text, ended_on, service_month, posted_on"
        record = enter_in(operation.connection, small)
        operation.connection.exec_driver_sql(
            f"INSERT INTO posting (id, technician_id, {columns}, {rest}) SELECT 'p-hub', NULL, ?, 'R-HUB', {columns.split(', ', 2)[2]}, {rest} "
            "FROM posting WHERE record_number = 'R1'",
            (record,),
        )
        operation.connection.exec_driver_sql("UPDATE service_record SET state = 'posted' WHERE id = ?", (record,))
    run = prepare(small)
    assert run.income_fen == 639_00
    assert [dict(f.params)["record"] for f in run.findings if f.code == "payout.no_operator"] == ["R-HUB"]
    assert "p-hub" not in {posting for posting, _, _ in lines_of_counting_runs(small)}
    assert sound(small)


def enter_in(connection: object, workspace: Workspace) -> str:
    with workspace.read() as reader:
        row = reader.exec_driver_sql("SELECT * FROM service_record WHERE number = 'R1'").mappings().one()
    values = {**row, "id": "r-hub", "number": "R-HUB", "operator_id": None, "operator_name": "", "state": "draft"}
    sql = f"INSERT INTO service_record ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"
    connection.exec_driver_sql(sql, tuple(values.values()))  # type: ignore[attr-defined]
    return "r-hub"


def test_nothing_to_settle_is_refused(small: Workspace) -> None:
    enter(small, "R1")
    assert refused(prepare, small) == ["payout.refused", "payout.nothing_to_settle"]
    assert refused(prepare, small, name="没有", cost=None) == ["payout.unknown_scheme"]


def test_a_ledger_without_a_scheme_is_told_how_to_get_one(empty: Workspace) -> None:
    people.add(empty, "甲", "finance")
    assert refused(payouts.prepare, empty, MAY, "默认", "甲") == ["payout.no_scheme"]
    assert "yixiang payout scheme" in words.say("payout.no_scheme", name="默认")


# Payroll


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_the_payroll_file_pays_the_pool(small: Workspace, tmp_path: Path, suffix: str) -> None:
    from desktop.formats import spreadsheet

    some_work(small)
    run = prepare(small, cost=100_01)
    path = tmp_path / f"payroll{suffix}"
    assert refused(payouts.export_payroll, small, run.number, path) == ["payout.not_approved"]
    assert not path.exists()
    approve(small, run)
    payouts.export_payroll(small, run.number, path)
    header, *body = spreadsheet.read(path).sheets[0].rows
    assert header[:4] == ["工号", "姓名", "部门", "应发金额（元）"]
    if suffix == ".xlsx":
        *body, total = body
        assert (total[0], total[1], Decimal(str(total[3]))) == ("合计", "3 人", Decimal(run.pool_fen) / 100)
    assert header[6:] == ["单位", "服务月份", "截止日期"]
    assert {(row[6], row[7], str(row[8])[:10]) for row in body} == {("齐鲁示范大学", "2025-05", "2025-05-31")}
    found = {str(row[0]): Decimal(str(row[3])) for row in body}
    assert found == {number: Decimal(fen) / 100 for number, fen in paid(run).items()}
    assert sum(found.values()) == Decimal(run.pool_fen) / 100


# A wrong scheme


def test_a_scheme_that_cannot_be_used_is_refused(small: Workspace) -> None:
    before = everything(small)
    twice = (Share("technicians", "甲", "rest", Decimal("0.5")), Share("technicians", "乙", "rest", Decimal("0.5")))
    assert refused(payouts.add_scheme, small, scheme("坏", shares=twice))[0] == "payout.scheme_technicians"
    assert refused(payouts.add_scheme, small, scheme("坏", remainder_to="T404"))[0] == "payout.no_such_technician"
    assert refused(payouts.add_scheme, small, scheme("记账"))[0] == "payout.scheme_taken"
    assert everything(small) == before
    some_work(small)
    payouts.add_scheme(small, scheme("明年", from_on=AUGUST))
    assert "payout.scheme_not_in_force" in refused(prepare, small, name="明年")


def test_runs_are_listed_and_numbered_in_order(small: Workspace) -> None:
    posted(small, "R1")
    first = prepare(small)
    payouts.withdraw(small, first.number, FINANCE, PINS[FINANCE])
    second = prepare(small)
    assert (first.number, second.number) == ("FP2025-001", "FP2025-002")
    assert [run.number for run in payouts.every(small)] == ["FP2025-002", "FP2025-001"]
    assert next(row for row in rows_of(small)["payout_run"] if row[1] == "FP2025-001")[4] == "withdrawn"


def kept_of_approvals(workspace: Workspace) -> list[dict[str, str]]:
    with workspace.read() as connection:
        return [json.loads(row[0]) for row in connection.exec_driver_sql("SELECT params FROM operation WHERE name = 'payout approve'")]


def test_a_step_by_somebody_without_a_pin_is_taken_and_told(small: Workspace) -> None:
    some_work(small)
    declare(small, 0, MAY)
    people.add(small, "甲", "finance")
    people.add(small, "乙", "approver")

    def unproven(run: payouts.Run) -> list[str]:
        return [dict(one.params)["name"] for one in run.findings if (one.code, one.severity) == ("person.no_pin", "warning")]

    run = payouts.prepare(small, MAY, "记账", "甲")
    assert unproven(run) == unproven(payouts.show(small, run.number)) == ["甲"]
    assert refused(payouts.approve, small, run.number, "乙", "1234") == ["person.pin"], "a PIN nobody set fits nobody"
    assert unproven(payouts.approve(small, run.number, "乙")) == ["甲", "乙"]
    assert kept_of_approvals(small) == [{"run": run.number, "pin": "none"}]
    people.set_pin(small, "甲", "", "2468")
    assert refused(payouts.close, small, run.number, "甲", "") == ["person.pin"], "once set it is asked"
    assert sound(small)


def test_nothing_is_told_of_those_who_have_one(small: Workspace) -> None:
    some_work(small)
    run = approve(small, prepare(small))
    assert "person.no_pin" not in {one.code for one in run.findings}
    assert kept_of_approvals(small) == [{"run": run.number}]


def test_a_second_run_to_the_same_day_is_told_of_the_first(small: Workspace) -> None:
    some_work(small)
    run = prepare(small)
    with pytest.raises(Refused) as refusal:
        prepare(small, cost=None)
    (told,) = refusal.value.findings
    assert told.code == "payout.settled_already"
    assert dict(told.params)["run"] == run.number
    with pytest.raises(Refused) as refusal:
        payouts.draft(small, MAY, "记账")
    assert [f.code for f in refusal.value.findings] == ["payout.settled_already"], "the window asks the same action"
    approve(small, run)
    posted(small, "R77", day=MAY)
    with pytest.raises(Refused) as refusal:
        prepare(small, cost=None)
    (told,) = refusal.value.findings
    assert (told.code, dict(told.params)["runs"]) == ("payout.costs_deducted", run.number)
    assert "已在分配" in say(told.code, **dict(told.params))
    assert prepare(small).income_fen > 0, "with zero declared the late record is settled"
    assert sound(small)


def test_without_any_run_a_missing_statement_is_missing(small: Workspace) -> None:
    some_work(small)
    with pytest.raises(Refused) as refusal:
        prepare(small, cost=None)
    assert [f.code for f in refusal.value.findings] == ["payout.no_cost_statement"]
