"""Making an instrument confidential and declassifying it: two people, everything that hangs on it follows, nothing opens by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from desktop.actions import (
    duties,
    fees,
    history,
    instrument_entry,
    instruments,
    payouts,
    people,
    reclassifying,
    records,
    reporting,
)
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Problem, Refused
from desktop.reports import plain
from desktop.store import reach
from desktop.store.database import Connection
from tests.actions.making import (
    APPROVER,
    AUDITOR,
    FINANCE,
    LAB,
    OFFICE,
    PINS,
    codes,
    declare,
    enter,
    everything,
    import_file,
    posted,
    refused,
    sound,
)  # fmt: skip

REASON = "上级通知"


def to_secret(workspace: Workspace, number: str = "A1", by: str = OFFICE) -> None:
    reclassifying.prepare(workspace, number, True, REASON, by, PINS[by])


def opened(workspace: Workspace, number: str = "S1") -> None:
    reclassifying.prepare(workspace, number, False, "已解密", OFFICE, PINS[OFFICE], "密办1号")
    reclassifying.approve(workspace, number, APPROVER, PINS[APPROVER], "同意")


def hidden(connection: Connection, kind: str) -> set[str]:
    return {row[0] for row in connection.exec_driver_sql(f"SELECT id FROM {kind} WHERE {reach.secret(kind)}")}


def flags(workspace: Workspace, number: str) -> dict[str, set[int]]:
    """Every confidentiality flag that hangs on an instrument."""
    key = instruments.get(workspace, number).id
    with workspace.read() as connection:
        return {
            table: {row[0] for row in connection.exec_driver_sql(f"SELECT confidential FROM {table} WHERE instrument_id = ?", (key,))}
            for table in ("service_record", "posting")
        }


def test_declassifying_takes_two_people_and_everything_follows(small: Workspace) -> None:
    posted(small, "R1", "S1")
    enter(small, "R2", "S1")
    key, name = instruments.get(small, "S1").id, instruments.get(small, "S1").name
    (step,) = reclassifying.prepare(small, "S1", False, "已解密", OFFICE, PINS[OFFICE], "密办1号")
    assert step.change.state == "prepared"
    assert instruments.get(small, "S1").confidential, "nothing opens before the second person"
    assert flags(small, "S1") == {"service_record": {1}, "posting": {1}}
    before = everything(small)
    assert refused(reclassifying.approve, small, "S1", OFFICE, PINS[OFFICE]) == ["reclassification.same_person"]
    assert refused(reclassifying.approve, small, "S1", APPROVER, "0000") == ["person.pin"]
    assert refused(reclassifying.approve, small, "S1", LAB, PINS[LAB]) == ["person.not_allowed"]
    assert refused(reclassifying.approve, small, "S1", AUDITOR, PINS[AUDITOR]) == ["person.not_allowed"]
    people.add(small, "没有PIN", "approver")
    assert refused(reclassifying.approve, small, "S1", "没有PIN") == ["reclassification.no_pin"]
    assert {kind: rows for kind, rows in everything(small).items() if kind in ("reclassification", "instrument")} == {
        kind: rows for kind, rows in before.items() if kind in ("reclassification", "instrument")
    }
    done = reclassifying.approve(small, "S1", APPROVER, PINS[APPROVER], "同意")
    assert (done.change.state, done.prepared_by, done.decided_by, done.change.note) == ("approved", OFFICE, APPROVER, "同意")
    now = instruments.get(small, "S1")
    assert (now.id, now.confidential) == (key, False), "keys stay"
    assert flags(small, "S1") == {"service_record": {0}, "posting": {0}}
    with small.read() as connection:
        assert all(not hidden(connection, kind) for kind in reach.kinds(reach.NETWORK))
    assert name in plain.text(reporting.content(small, "quarterly", period="2025Q2"))
    assert [step.change.state for step in reclassifying.history(small, "S1")] == ["approved"]
    assert sound(small)


def test_to_confidential_works_at_once_and_is_confirmed(small: Workspace) -> None:
    posted(small, "R1")
    enter(small, "R2")
    to_secret(small)
    assert instruments.get(small, "A1").confidential
    assert flags(small, "A1") == {"service_record": {1}, "posting": {1}}
    assert "扫描电镜" not in plain.text(reporting.content(small, "quarterly", period="2025Q2"))
    with small.read() as connection:
        assert len(hidden(connection, "fee_schedule")) == 2, "its fees are hidden with it"
        assert len(hidden(connection, "posting")) == 1
    assert refused(reclassifying.withdraw, small, "A1", OFFICE, PINS[OFFICE]) == ["reclassification.not_withdrawn"]
    assert refused(to_secret, small) == ["reclassification.confidential_already"]
    done = reclassifying.approve(small, "A1", APPROVER, PINS[APPROVER])
    assert done.change.state == "approved"
    assert duties.one(small, "A1")[0].state == "to_file"
    assert sound(small)


def test_declining_leaves_or_restores_what_was(small: Workspace) -> None:
    posted(small, "R1")
    to_secret(small)
    assert refused(reclassifying.decline, small, "A1", OFFICE, PINS[OFFICE], "定错了") == ["reclassification.same_person"]
    assert refused(reclassifying.decline, small, "A1", APPROVER, PINS[APPROVER], " ") == ["reclassification.no_reason"]
    reclassifying.decline(small, "A1", APPROVER, PINS[APPROVER], "定错了")
    assert instruments.get(small, "A1").confidential is False
    assert flags(small, "A1") == {"service_record": {0}, "posting": {0}}
    reclassifying.prepare(small, "S1", False, "解密", OFFICE, PINS[OFFICE])
    assert refused(reclassifying.withdraw, small, "S1", LAB, PINS[LAB]) == ["reclassification.not_own"]
    reclassifying.withdraw(small, "S1", OFFICE, PINS[OFFICE])
    reclassifying.prepare(small, "S1", False, "解密", OFFICE, PINS[OFFICE])
    reclassifying.decline(small, "S1", APPROVER, PINS[APPROVER], "还没到期")
    assert instruments.get(small, "S1").confidential
    assert [step.change.state for step in reclassifying.history(small, "S1")] == ["declined", "withdrawn"]
    assert refused(reclassifying.approve, small, "S1", APPROVER, PINS[APPROVER]) == ["reclassification.nothing_waits"]
    assert sound(small)


def test_what_cannot_be_prepared(small: Workspace) -> None:
    before = everything(small)
    for number, to, reason, by, code in (
        ("A1", False, REASON, OFFICE, "reclassification.ordinary_already"),
        ("S1", True, REASON, OFFICE, "reclassification.confidential_already"),
        ("A1", True, " ", OFFICE, "reclassification.no_reason"),
        ("A1", True, REASON, FINANCE, "person.not_allowed"),
        ("A9", True, REASON, OFFICE, "instrument.unknown"),
    ):
        assert refused(reclassifying.prepare, small, number, to, reason, by, PINS[by]) == [code]
    assert refused(reclassifying.prepare, small, ["A1", "S1"], True, REASON, OFFICE, PINS[OFFICE])[0].endswith("already")
    assert everything(small) == before, "of several, all or none"
    reclassifying.prepare(small, "S1", False, REASON, OFFICE, PINS[OFFICE])
    assert refused(reclassifying.prepare, small, "S1", False, REASON, LAB, PINS[LAB]) == ["reclassification.waiting_already"]
    steps = reclassifying.prepare(small, ["A1", "A2"], True, REASON, OFFICE, PINS[OFFICE])
    assert [step.asset_number for step in steps] == ["A1", "A2"]
    assert len({step.changes.operation for step in steps}) == 1


# No second way


def test_no_other_way_declassifies(small: Workspace, tmp_path: Path) -> None:
    secret = instruments.get(small, "S1")
    with pytest.raises(Refused) as caught:
        instrument_entry.save(small, secret, instrument_entry.draft_of(secret) | {"confidential": False}, date(2026, 3, 2))
    assert codes(caught.value) == ["instrument.declassify", "instrument.declassify"]
    assert refused(instruments.change, small, replace(secret, confidential=None)) == ["instrument.declassify"]
    ordinary = instruments.get(small, "A1")
    assert refused(instruments.change, small, replace(ordinary, confidential=True)) == ["instrument.reclassify"]
    assert refused(instruments.change, small, replace(ordinary, confidential=None)) == ["instrument.reclassify"]
    opened(small)
    last = history.latest(small, 1)[0]
    assert refused(history.undo_one, small, last.seq) == ["undo.final"]
    assert sound(small)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE instrument SET confidential = 0 WHERE asset_number = 'S1'",
        "UPDATE instrument SET confidential = NULL WHERE asset_number = 'S1'",
        "UPDATE instrument SET confidential = 1 WHERE asset_number = 'A1'",
        "UPDATE posting SET confidential = 0",
        "UPDATE posting SET amount_fen = amount_fen + 1",
        "UPDATE posting SET amount_fen = amount_fen + 1, confidential = 1",
        "UPDATE service_record SET confidential = 0 WHERE state = 'posted'",
        "UPDATE reclassification SET state = 'approved', decided_by = prepared_by, decided_at = 'x'",
        "UPDATE reclassification SET state = 'approved'",
        "UPDATE reclassification SET to_confidential = 1",
        "UPDATE reclassification SET prepared_by = 'someone'",
        "DELETE FROM reclassification",
        "INSERT INTO reclassification SELECT 'copy', instrument_id, 0, 'approved', 'x', '', 'a', 'x', 'b', 'x', '' FROM reclassification",
        "INSERT INTO reclassification SELECT 'copy', instrument_id, 0, 'prepared', 'x', '', 'a', 'x', NULL, NULL, '' FROM reclassification",
    ],
)
def test_the_database_refuses_one_person_by_itself(small: Workspace, sql: str) -> None:
    posted(small, "R1", "S1")
    reclassifying.prepare(small, "S1", False, "解密", OFFICE, PINS[OFFICE])
    before = everything(small)
    with pytest.raises(Problem), small.write("cheat") as operation:
        operation.connection.exec_driver_sql(sql)
    assert everything(small) == before


def test_an_old_approval_opens_nothing_twice(small: Workspace) -> None:
    opened(small)
    reclassifying.prepare(small, "S1", True, "又定密", OFFICE, PINS[OFFICE])
    with pytest.raises(Refused, match="reclassification.two_people"), small.write("cheat") as operation:
        operation.connection.exec_driver_sql("UPDATE instrument SET confidential = 0 WHERE asset_number = 'S1'")
    reclassifying.approve(small, "S1", APPROVER, PINS[APPROVER])
    with pytest.raises(Refused, match="reclassification.two_people"), small.write("cheat") as operation:
        operation.connection.exec_driver_sql("UPDATE instrument SET confidential = 0 WHERE asset_number = 'S1'")


def test_without_the_guard_one_person_could_declassify(small: Workspace) -> None:
    """The broken variant: the same statement succeeds once the trigger is gone, so the tests above would notice."""
    with small.write("broken") as operation:
        operation.connection.exec_driver_sql("DROP TRIGGER instrument_reclassified")
        operation.connection.exec_driver_sql("UPDATE instrument SET confidential = 0 WHERE asset_number = 'S1'")
    assert instruments.get(small, "S1").confidential is False


def test_a_person_who_decided_does_not_vanish_by_undo(small: Workspace) -> None:
    people.add(small, "己新人", "equipment_office", "6666")
    added = history.latest(small, 1)[0].seq
    reclassifying.prepare(small, "S1", False, "解密", "己新人", "6666")
    assert refused(history.undo_one, small, added) == ["undo.person_acted"]


# What it means


def test_what_it_means_is_said_before(small: Workspace) -> None:
    posted(small, "R1")
    posted(small, "R2")
    enter(small, "R3")
    found = reclassifying.consequences(small, "A1", True)
    hanging = found.hanging
    assert (hanging.n_records, hanging.n_postings, hanging.n_versions, hanging.n_sent) == (3, 2, 1, ())
    assert found.duty.state == "to_file"
    with small.write("sent") as operation:
        connection = operation.connection
        key = instruments.get(small, "A1").id
        base = "INSERT INTO sync_base (remote, kind, key, body, token, action, op_id)"
        connection.exec_driver_sql(f"{base} VALUES ('network', 'instrument', ?, '{{}}', 't', 'create', 'o')", (key,))
        connection.exec_driver_sql(f"{base} SELECT 'network', 'posting', id, '{{}}', id, 'create', id FROM posting")
        connection.exec_driver_sql(
            "UPDATE instrument SET model = model || '1' WHERE asset_number = 'A2'"
        )  # an operation leaves a leaf only when a fact was touched
    found = reclassifying.consequences(small, "A1", True)
    assert found.hanging.n_sent == (("network", 3),)
    from desktop.words import say

    told = "\n".join(say(code, **params) for code, params in reclassifying.words_of(found))
    assert "省网已经收到过其中 3 行" in told
    assert "待报备" in told
    assert "[" not in told
    after = reclassifying.consequences(small, "S1", False)
    told = "\n".join(say(code, **params) for code, params in reclassifying.words_of(after))
    assert "收不回来" in told
    assert "逾期未入网" in told
    assert "没有规定解密后的入网期限" in told


def test_a_declassified_set_has_its_duty_and_its_runs_stay(small: Workspace) -> None:
    posted(small, "R1", "S1")
    declare(small)
    run = payouts.prepare(small, date(2025, 5, 31), "记账", FINANCE, PINS[FINANCE])
    opened(small)
    assert duties.one(small, "S1", date(2026, 3, 2))[0].state == "overdue"
    assert payouts.show(small, run.number).income_fen == run.income_fen
    payouts.approve(small, run.number, APPROVER, PINS[APPROVER])
    records.reverse(small, "R1", "重复")
    assert flags(small, "S1") == {"service_record": {0}, "posting": {0}}
    assert [version.schedule.state for version in fees.versions(small, "S1")] == ["approved"]
    assert sound(small)


def test_a_file_neither_makes_confidential_nor_unsays_it(practice: Workspace, tmp_path: Path) -> None:
    from desktop.formats import spreadsheet
    from desktop.resource import path
    from tests.formats import books

    cells = [list(row) for row in spreadsheet.read(path("practice", "instruments.xlsx")).sheets[0].rows]
    header = next(n for n, row in enumerate(cells) if "所在单位仪器编号" in row)
    number, secret = cells[header].index("所在单位仪器编号"), cells[header].index("涉密")
    ordinary = next(row for row in cells[header + 1 :] if row[number] == "2020170000")
    ordinary[secret] = "是"
    before = everything(practice)
    file = books.xlsx(tmp_path / "x.xlsx", {"表": [cells[header], ordinary]})
    from desktop.actions import importing

    done = importing.import_file(practice, "instruments", file)
    assert [f.code for f in done.findings if f.severity == "error"] == ["ledger_import.reclassify"]
    assert everything(practice) == before
    ordinary[secret] = ""
    importing.import_file(practice, "instruments", books.xlsx(tmp_path / "y.xlsx", {"表": [cells[header], ordinary]}))
    assert instruments.get(practice, "2020170000").confidential is False
    assert import_file(practice, "instruments").unchanged >= 59
