"""What is stated for the national platform in a real ledger: stated, corrected, imported, undone, sent, printed; nothing of what is confidential."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from desktop.actions import (
    history,
    importing,
    instruments,
    national_messages,
    national_stated,
    posting,
    reclassifying,
    records,
    reporting,
)
from desktop.actions.workspace import Workspace
from desktop.ledger.period import parse
from desktop.ledger.problem import Refused
from desktop.reports import plain
from tests.actions import making
from tests.actions.test_national_messages import UNIT, service

YEAR = parse("2025")
PROJECT = {"project": "海洋防腐涂层", "income": "国家自然科学基金", "area": "材料科学", "content": "涂层形貌"}
_SENT = {
    "project": "subjectName", "income": "subjectIncome", "area": "subjectArea", "content": "subjectContent", "email": "applicantEmail",
    "moved_to": "moveAddress", "customs_notice": "serviceCode", "duty_paid": "record",
}  # fmt: skip


def sent(workspace: Workspace, number: str = "R1") -> dict[str, str]:
    """What the platform would be told of a record, of what is stated."""
    forms, _ = national_messages.services(workspace, YEAR, UNIT, personal=True)
    (values,) = [one.values for one in forms if one.number == number]
    return {name: values[key] for name, key in _SENT.items() if values[key] != "无"}


def kept(workspace: Workspace, number: str = "R1") -> dict[str, str]:
    one = national_stated.service(workspace, number)
    return {name: text for name in _SENT if one is not None and (text := getattr(one, name))}


def test_what_is_stated_is_sent_corrected_forgotten_and_undone(small: Workspace) -> None:
    service(small, "R1")
    assert sent(small) == {}
    national_stated.state_service(small, "R1", PROJECT | {"moved_to": " 青岛市 "})
    assert sent(small) == kept(small) == PROJECT | {"moved_to": "青岛市"}
    national_stated.state_service(small, "R1", {"project": "", "email": "a@example.com"})
    assert sent(small) == {name: PROJECT[name] for name in ("income", "area", "content")} | {"moved_to": "青岛市", "email": "a@example.com"}
    history.undo_last(small)
    history.undo_last(small)
    assert (sent(small), national_stated.service(small, "R1")) == ({}, None)


@pytest.mark.parametrize(
    ("number", "given", "code"),
    [
        ("R1", {}, "national_service.nothing_said"),
        ("R1", {"income": "国基金"}, "national_service.income"),
        ("R1", {"email": "a@b"}, "national_service.email"),
        ("R1", {"content": "字" * 201}, "national_service.too_long"),
        ("R2", PROJECT, "national_service.not_posted"),
        ("R3", PROJECT, "national_service.confidential"),
        ("R4", PROJECT, "national_service.not_posted"),
        ("R9", PROJECT, "record.unknown"),
    ],
)
def test_what_is_refused_leaves_nothing(small: Workspace, number: str, given: dict[str, str], code: str) -> None:
    service(small, "R1")
    making.enter(small, "R2")
    service(small, "R3", "S1")
    service(small, "R4")
    records.reverse(small, "R4", "登错")
    with pytest.raises(Refused) as refused:
        national_stated.state_service(small, number, given)
    assert refused.value.code == code
    with small.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM national_service").scalar_one() == 0


@pytest.mark.parametrize("mark", ["无", "—", "/", " 无 "])
def test_that_there_is_nothing_is_no_place_and_no_notice(small: Workspace, tmp_path: Path, mark: str) -> None:
    """The platform's own 无 comes back from its tables: taken for a place, the set would be told as moved out of the unit."""
    service(small, "R1")
    blank = dict.fromkeys(_SENT, mark) | {"income": "其他"}
    national_stated.state_service(small, "R1", blank)
    assert sent(small) == kept(small) == {"income": "其他"}
    assert told_of_move(small) == "0"
    national_stated.state_service(small, "R1", {"moved_to": "青岛", "email": "a@example.com"})
    assert told_of_move(small) == "1"
    assert taken(small, tmp_path, f"R1,{mark},,,{mark}").accepted == 1
    assert kept(small) == {"income": "其他", "email": "a@example.com"}
    service(small, "R2")
    assert taken(small, tmp_path, f"R2,{mark},,{mark},{mark}").unchanged == 1
    assert national_stated.service(small, "R2") is None


def told_of_move(workspace: Workspace) -> str:
    return {one.number: one.values["adressType"] for one in national_messages.services(workspace, YEAR, UNIT)[0]}["R1"]


def test_a_record_that_replaces_another_is_of_the_same_project_until_it_says_otherwise(small: Workspace) -> None:
    service(small, "R1")
    national_stated.state_service(small, "R1", PROJECT)
    number = posting.replace_record(small, "R1", replace(records.get(small, "R1"), minutes=90), "时长登错")
    records.post(small, [number])
    assert (kept(small, number), sent(small, number)) == (PROJECT, PROJECT)
    national_stated.state_service(small, number, {"project": "另一课题"})
    assert sent(small, number) == PROJECT | {"project": "另一课题"}
    assert kept(small, "R1") == PROJECT, "what was told of the old one stays as it was"


def test_nothing_stated_of_a_set_that_became_confidential_is_told(small: Workspace) -> None:
    service(small, "R1")
    national_stated.state_service(small, "R1", PROJECT)
    national_stated.say_closed(small, "A1", "online", "产线上")
    reclassifying.prepare(small, "A1", True, "定密", making.OFFICE, making.PINS[making.OFFICE])
    assert national_messages.services(small, YEAR, UNIT) == ([], 1)
    assert national_stated.closed(small) == []
    assert "产线上" not in plain.text(reporting.content(small, "national_assets", "2025"))


HEAD = "记录编号,课题名称,课题经费来源,课题研究内容,移机地点"


def taken(ledger: Workspace, folder: Path, *rows: str) -> importing.Outcome:
    file = folder / "services.csv"
    file.write_text("\n".join((HEAD, *rows)) + "\n", "utf-8")
    return importing.import_file(ledger, "national_services", file)


def test_a_table_is_taken_once_corrected_and_taken_back(small: Workspace, tmp_path: Path) -> None:
    service(small, "R1")
    service(small, "R2")
    rows = ("R1,甲课题,其他,,", "R2,,,测试,青岛")
    done = taken(small, tmp_path, *rows)
    assert (done.accepted, done.rejected) == (2, 0)
    assert (kept(small), kept(small, "R2")) == ({"project": "甲课题", "income": "其他"}, {"content": "测试", "moved_to": "青岛"})
    again = taken(small, tmp_path, *rows)
    assert (again.accepted, again.unchanged, again.operation) == (0, 2, 0)
    taken(small, tmp_path, "R1,乙课题,,,")
    assert kept(small) == {"project": "乙课题", "income": "其他"}, "a blank leaves what is stated"
    history.undo_last(small)
    history.undo_last(small)
    assert (kept(small), kept(small, "R2")) == ({}, {})


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("R9,甲,,,", "record.unknown"), ("R3,甲,,,", "national_service.confidential"), ("R2,甲,,,", "national_service.not_posted"),
        ("R1,甲,国基金,,", "national_service.income"), (f"R1,,,{'字' * 201},", "national_service.too_long"), ("R1,,,,", "national_service.file_nothing"),
    ],
)  # fmt: skip
def test_a_row_that_is_wrong_is_rejected_alone(small: Workspace, tmp_path: Path, row: str, code: str) -> None:
    service(small, "R1")
    making.enter(small, "R2")
    service(small, "R3", "S1")
    service(small, "R5")
    done = taken(small, tmp_path, row, "R5,丙,,,")
    assert (done.accepted, done.rejected) == (1, 1)
    assert code in {one.code for one in done.findings}
    assert (kept(small), kept(small, "R5")) == ({}, {"project": "丙"})


def test_who_handled_the_money_stands_in_the_annex_and_is_sent_nowhere(small: Workspace) -> None:
    from tests.actions.test_national_report import parts

    def handlers() -> dict[str, str]:
        return {str(row[1]): str(row[2]) for row in parts(reporting.content(small, "national_income", "2025"))[1].rows}

    for number in ("R1", "R2", "R3"):
        service(small, number)
    for number, invoice, day in (("R1", "F1", 5), ("R2", "F1", 6), ("R3", "F2", 7)):
        small.person = making.OFFICE if number == "R3" else None
        posting.receive(small, number, date(2025, 6, day), 1_00, invoice)
    assert handlers() == {"F1": "", "F2": making.OFFICE}, "a person of the ledger who entered it is known, the account of the machine is nobody"
    national_stated.state_service(small, "R1", {"handler": " 王会计 "})
    national_stated.state_service(small, "R2", {"handler": "李会计"})
    national_stated.state_service(small, "R3", {"handler": "赵会计"})
    assert handlers() == {"F1": "李会计、王会计", "F2": "赵会计"}
    forms, _ = national_messages.services(small, YEAR, UNIT, personal=True)
    assert not any("会计" in value for form in forms for value in form.values.values())
    history.undo_last(small)
    assert handlers()["F2"] == making.OFFICE


def test_whoever_fetched_a_receipt_by_a_sync_handled_nothing(small: Workspace) -> None:
    from desktop.store import national as rows

    service(small, "R1")
    small.person = making.OFFICE
    posting.receive(small, "R1", date(2025, 6, 5), 1_00, "F1")
    with small.read() as connection:
        assert [one.handlers for one in rows.vouchers(connection, YEAR)] == [(making.OFFICE,)]
    with small.write("sync", undoable=False) as operation:
        operation.connection.exec_driver_sql(
            "INSERT INTO receipt (id, posting_id, received_on, fen, invoice_number) SELECT 'k2', posting_id, '2025-06-06', 200, 'F2' FROM receipt"
        )
    with small.read() as connection:
        assert {one.number: one.handlers for one in rows.vouchers(connection, YEAR)} == {"F1": (making.OFFICE,), "F2": ()}


# Why a set is not open


def remarks(workspace: Workspace) -> dict[str, str]:
    """Asset number -> the remark in the annex."""
    from tests.actions.test_national_report import parts

    return {str(row[0]): str(row[8]) for row in parts(reporting.content(workspace, "national_assets", "2025"))[1].rows}


def test_the_annex_says_what_was_said_after_its_year(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def later(year: str) -> bool:
        return "1 台（套）的是在这一年结束之后写明的" in plain.text(reporting.content(small, "national_assets", year))

    for day, told in ((date(2025, 12, 31), False), (date(2026, 1, 1), True)):
        monkeypatch.setattr(national_stated, "today", lambda day=day: day)
        national_stated.say_closed(small, "A1", "setting_up")
        assert (later("2025"), later("2026")) == (told, False)
    national_stated.say_open(small, "A1")
    assert not later("2025")


def test_the_reason_stands_in_the_annex_until_it_is_taken_back(small: Workspace) -> None:
    assert remarks(small) == {"A1": "", "A2": ""}
    national_stated.say_closed(small, "A1", "part", "只配 A2 用")
    assert remarks(small) == {"A1": "配件不单独使用（只配 A2 用）", "A2": ""}
    national_stated.say_closed(small, "A1", "setting_up")
    assert remarks(small)["A1"] == "正在调试"
    assert [(one.instrument.asset_number, one.why.reason) for one in national_stated.closed(small)] == [("A1", "setting_up")]
    national_stated.say_open(small, "A1")
    assert remarks(small)["A1"] == ""
    history.undo_last(small)
    assert remarks(small)["A1"] == "正在调试"


@pytest.mark.parametrize(
    ("asset", "reason", "note", "code"),
    [
        ("A1", "confidential", "", "national_closed.reason"), ("A1", "", "", "national_closed.reason"), ("S1", "online", "", "national_closed.confidential"),
        ("A9", "online", "", "instrument.unknown"), ("A1", "online", "字" * 101, "national_closed.too_long"), ("A1", "online", "字" * 100, None),
    ],
)  # fmt: skip
def test_which_reasons_are_taken(small: Workspace, asset: str, reason: str, note: str, code: str | None) -> None:
    if code is None:
        national_stated.say_closed(small, asset, reason, note)
        assert note in remarks(small)[asset]
        return
    with pytest.raises(Refused) as refused:
        national_stated.say_closed(small, asset, reason, note)
    assert refused.value.code == code
    assert national_stated.closed(small) == []


def test_open_is_said_only_of_what_was_closed(small: Workspace) -> None:
    with pytest.raises(Refused, match=r"national_closed\.not_said"):
        national_stated.say_open(small, "A1")
    instruments.join(small, "A1", date(2025, 1, 2), "W1")
    assert national_stated.closed(small) == []


def test_the_threshold_on_the_annex_is_that_of_the_year_s_last_day(small: Workspace) -> None:
    """A newer threshold that is in force when the paper is printed does not stand over a list that the older one made."""
    from desktop.actions import parameter_sets
    from tests.actions.test_national_report import parts

    plan = parameter_sets.propose(small, "national.threshold_fen", "600000", date(2026, 1, 1), "国科发〔2026〕1号")
    parameter_sets.commit(small, plan, "新起点")
    totals, table = parts(reporting.content(small, "national_assets", "2025", on=date(2026, 3, 1)))
    assert next(iter(totals.values())) == "50.00"
    assert [row[0] for row in table.rows] == ["A1", "A2"]


def test_a_paper_of_a_day_before_the_year_is_over_lists_by_the_threshold_it_prints(small: Workspace) -> None:
    from desktop.actions import parameter_sets
    from tests.actions.test_national_report import parts

    plan = parameter_sets.propose(small, "national.threshold_fen", "700000", date(2025, 7, 1), "国科发〔2025〕2号")
    parameter_sets.commit(small, plan, "年中的起点")
    totals, table = parts(reporting.content(small, "national_assets", "2025", on=date(2025, 6, 30)))
    assert (next(iter(totals.values())), [row[0] for row in table.rows]) == ("50.00", ["A1", "A2"]), "a paper of a day before the year is over"
    totals, table = parts(reporting.content(small, "national_assets", "2025", on=date(2025, 7, 1)))
    assert (next(iter(totals.values())), table.rows) == ("70.00", ())
