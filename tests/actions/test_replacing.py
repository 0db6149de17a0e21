"""A reversed record keeps its number as history; the corrected row of the file, or a command, becomes its linked replacement."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from desktop.actions import history, import_replacing, importing, record_grid, record_views, records
from desktop.actions.workspace import Workspace
from desktop.ledger.finding import Finding
from desktop.ledger.problem import Refused
from tests.actions.making import enter, everything, posted, sound

HEAD = "记录编号,仪器编号,使用单位,开始时间,结束时间,服务项目,操作人,合同编号"


def _row(workspace: Workspace, number: str, minutes: int, named: str = "") -> str:
    record = records.get(workspace, number)
    with workspace.read() as connection:
        sql = "SELECT asset_number FROM instrument WHERE id = ?"
        asset = connection.exec_driver_sql(sql, (record.instrument_id,)).scalar_one()
    start, end = (moment.isoformat(" ", "minutes") for moment in (record.started_at, record.started_at + timedelta(minutes=minutes)))
    return ",".join((named or number, asset, record.customer_name, start, end, record.item, record.operator_name, record.contract))


def _file(folder: Path, *rows: str, name: str = "rows.csv") -> Path:
    path = folder / name
    path.write_text("\n".join((HEAD, *rows)), "utf-8")
    return path


def _told(found: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(f.code, f.severity) for f in found if f.code.startswith("ledger_import.")]


def _replaced_by(workspace: Workspace, number: str) -> str:
    with workspace.read() as connection:
        key = connection.exec_driver_sql("SELECT rowid FROM service_record WHERE number = ?", (number,)).scalar_one()
    found = record_views.detail(workspace, key)
    assert found is not None
    return found.replaced_by


def _reversed(workspace: Workspace, number: str = "R1") -> None:
    posted(workspace, number, minutes=100)
    records.reverse(workspace, number, "时间记错")


def test_the_corrected_row_of_a_reversed_record_becomes_its_replacement(small: Workspace, tmp_path: Path) -> None:
    _reversed(small)
    path = _file(tmp_path, _row(small, "R1", 50))
    before = everything(small)
    seen = importing.import_file(small, "records", path, dry_run=True)
    assert _told(seen.findings) == [("ledger_import.replaces", "note")]
    assert everything(small) == before
    done = importing.import_file(small, "records", path)
    assert (done.accepted, done.rejected, done.unchanged) == (1, 0, 0)
    assert dict(done.findings[-1].params) == {"number": "R1", "by": "R1-R1"}
    new, old = records.get(small, "R1-R1"), records.get(small, "R1")
    assert (new.replaces, new.state, new.minutes) == (old.id, "draft", 50)
    assert (old.state, old.minutes) == ("reversed", 100)
    assert records.post(small, ["R1-R1"]).amount_fen == 150_00
    again = importing.import_file(small, "records", path)
    assert (again.accepted, again.unchanged, again.operation) == (0, 1, 0)
    assert sound(small)


def test_a_replacement_that_came_by_import_is_taken_back_with_it(small: Workspace, tmp_path: Path) -> None:
    _reversed(small)
    before = everything(small)
    path = _file(tmp_path, _row(small, "R1", 50))
    importing.import_file(small, "records", path)
    history.undo_last(small)
    with pytest.raises(Refused, match="record.unknown"):
        records.get(small, "R1-R1")
    assert everything(small)["service_record"] == before["service_record"]
    assert everything(small)["posting"] == before["posting"]
    assert importing.import_file(small, "records", path).accepted == 1
    assert records.get(small, "R1-R1").minutes == 50


def test_the_row_as_it_was_enters_nothing_and_says_how_to_enter_it_again(small: Workspace, tmp_path: Path) -> None:
    _reversed(small)
    done = importing.import_file(small, "records", _file(tmp_path, _row(small, "R1", 100)))
    assert (done.accepted, done.unchanged, _told(done.findings)) == (0, 1, [("ledger_import.reversed_same", "note")])


def test_a_second_correction_goes_to_the_replacement(small: Workspace, tmp_path: Path) -> None:
    _reversed(small)
    first = _file(tmp_path, _row(small, "R1", 50), name="first.csv")
    importing.import_file(small, "records", first)
    second = _file(tmp_path, _row(small, "R1", 60), name="second.csv")
    done = importing.import_file(small, "records", second)
    assert (done.accepted, _told(done.findings)) == (1, [("ledger_import.replacement_changed", "note")])
    assert records.get(small, "R1-R1").minutes == 60
    records.post(small, ["R1-R1"])
    third = _file(tmp_path, _row(small, "R1", 70), name="third.csv")
    refused = importing.import_file(small, "records", third)
    assert (refused.rejected, _told(refused.findings)) == (1, [("ledger_import.replacement_posted", "error")])
    assert dict(refused.findings[-1].params) == {"number": "R1", "by": "R1-R1"}
    records.reverse(small, "R1-R1", "又错")
    done = importing.import_file(small, "records", third)
    new = records.get(small, "R1-R1-R1")
    assert (done.accepted, new.replaces, new.minutes) == (1, records.get(small, "R1-R1").id, 70)


def test_numbers_in_the_file_are_not_given_to_a_replacement(small: Workspace, tmp_path: Path) -> None:
    _reversed(small)
    done = importing.import_file(small, "records", _file(tmp_path, _row(small, "R1", 50), _row(small, "R1", 30, named="R1-R1")))
    assert done.accepted == 2
    assert records.get(small, "R1-R1").replaces is None
    assert records.get(small, "R1-R2").replaces == records.get(small, "R1").id


def test_a_row_of_its_own_for_the_replacement_counts_before_the_reversed_ones(small: Workspace, tmp_path: Path) -> None:
    _reversed(small)
    importing.import_file(small, "records", _file(tmp_path, _row(small, "R1", 50)))
    done = importing.import_file(small, "records", _file(tmp_path, _row(small, "R1", 40), _row(small, "R1", 30, named="R1-R1")))
    assert (done.accepted, _told(done.findings)) == (1, [("ledger_import.replacement_here", "error")])
    assert records.get(small, "R1-R1").minutes == 30


def test_without_the_link_the_corrected_row_would_be_a_stranger(
    small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = import_replacing.replace
    monkeypatch.setattr(import_replacing, "replace", lambda record, **values: whole(record, **{**values, "replaces": None}))
    _reversed(small)
    importing.import_file(small, "records", _file(tmp_path, _row(small, "R1", 50)))
    with pytest.raises(AssertionError):
        assert records.get(small, "R1-R1").replaces == records.get(small, "R1").id


def test_the_grid_takes_the_corrected_row_too(small: Workspace) -> None:
    _reversed(small)
    names = {
        "number", "asset_number", "customer_name", "started_at", "ended_at", "item", "operator_name", "contract",
    }  # fmt: skip
    columns = [name for name, header in record_grid.COLUMNS if name in names]
    by_header = dict(zip(HEAD.split(","), _row(small, "R1", 50).split(","), strict=True))
    headers = {"customer_name": "使用单位", "number": "记录编号", "asset_number": "仪器编号", "started_at": "开始时间"}
    headers |= {"ended_at": "结束时间", "item": "服务项目", "operator_name": "操作人", "contract": "合同编号"}
    cells = [{name: by_header[headers[name]] for name in columns}]
    (checked,) = record_grid.check(small, cells)
    assert checked.record is not None
    assert [f.code for f in checked.findings if f.severity == "error"] == []
    record_grid.commit(small, cells)
    assert records.get(small, "R1-R1").replaces == records.get(small, "R1").id


# By command


def test_a_record_reversed_before_gets_its_replacement_and_undo_takes_only_that(small: Workspace) -> None:
    _reversed(small)
    end = records.get(small, "R1").started_at + timedelta(minutes=50)
    assert records.correct(small, "R1", "时间记错", records.Given(ended_at=end)) == "R1-R1"
    new = records.get(small, "R1-R1")
    assert (new.minutes, new.replaces) == (50, records.get(small, "R1").id)
    with pytest.raises(Refused, match="record.replaced_already"):
        records.correct(small, "R1", "再来", records.Given())
    history.undo_last(small)
    with pytest.raises(Refused, match="record.unknown"):
        records.get(small, "R1-R1")
    assert records.get(small, "R1").state == "reversed"
    assert records.correct(small, "R1", "误冲销", records.Given()) == "R1-R1"
    assert records.post(small, ["R1-R1"]).amount_fen == 300_00
    assert sound(small)


def test_a_posted_record_is_reversed_and_replaced_at_once(small: Workspace) -> None:
    posted(small, "R1", minutes=100)
    end = records.get(small, "R1").started_at + timedelta(minutes=50)
    with pytest.raises(Refused, match="record.no_such_operator"):
        records.correct(small, "R1", "x", records.Given(operator="没这个人"))
    assert records.get(small, "R1").state == "posted"
    assert records.correct(small, "R1", "时间记错", records.Given(ended_at=end)) == "R1-R1"
    assert records.get(small, "R1").state == "reversed"
    with pytest.raises(Refused, match="record.not_posted"):
        records.correct(small, enter(small, "R9"), "x", records.Given(contract="HT-9"))


def test_a_reversed_record_says_that_it_is_and_what_replaces_it(small: Workspace) -> None:
    _reversed(small)
    assert records.price(small, "R1").replaced_by == ""
    with pytest.raises(Refused, match="record.reversed"):
        records.post(small, ["R1"])
    with pytest.raises(Refused, match="record.reversed"):
        records.answer(small, "R1", records.Given(contract="HT-2"))
    records.correct(small, "R1", "误冲销", records.Given())
    found = records.price(small, "R1")
    assert (found.replaced_by, found.record.state, found.posted_fen) == ("R1-R1", "reversed", 300_00)
    assert _replaced_by(small, "R1") == "R1-R1"
