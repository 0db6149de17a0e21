"""合规: who is late and why, problems that stop posting, calendars that settle deadlines, and a ledger that proves itself."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop import resource
from desktop.actions import instruments, records
from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ledger.instrument import Instrument
from desktop.rules.figure import Figure, Rows
from desktop.store import library
from desktop.store.database import Connection
from desktop.ui.desk import Desk, Place
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.notices import Notice
from desktop.ui.pages.compliance import CALENDARS, DUTIES, PROBLEMS, VERIFY, CompliancePage
from tests.actions import making
from tests.ui.pages.driving import dialog, texts_of


@pytest.fixture
def page(at_desk: Desk, ledger: Workspace, qtbot: QtBot) -> Iterator[CompliancePage]:
    instruments.add(ledger, Instrument("", "B1", "新设备", 90_000_000, True, False, date(2026, 1, 20)))
    instruments.add(ledger, Instrument("", "C1", "不清楚", None, True, False, date(2025, 1, 20)))
    making.enter(ledger, "R1", contract="")
    making.enter(ledger, "R2", contract="")
    making.enter(ledger, "R3", operator_name="")
    made = CompliancePage(at_desk)
    at_desk.changed.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    yield made
    made.leave()


def went(desk: Desk) -> list[Place]:
    places: list[Place] = []
    desk.going.connect(places.append)
    return places


def test_cards_count_the_states_and_filter_the_list_by_urgency(page: CompliancePage, qtbot: QtBot) -> None:
    view = page.duties
    QAbstractItemModelTester(view.table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    counts = {state: card.number.text() for state, card in view.cards.items()}
    assert {state: n for state, n in counts.items() if n != "0"} == {"overdue": "2", "to_join": "1", "to_file": "1", "unknown": "1"}
    assert texts_of(view.table) == ["A1", "A2", "B1", "S1", "C1"]
    qtbot.mouseClick(view.cards["to_join"], Qt.MouseButton.LeftButton)
    assert texts_of(view.table) == ["B1"]
    assert "还剩" in texts_of(view.table, 3)[0]
    qtbot.mouseClick(view.cards["to_join"], Qt.MouseButton.LeftButton)
    assert len(texts_of(view.table)) == 5


def test_a_duty_shows_its_clause_what_is_missing_and_why(page: CompliancePage, at_desk: Desk) -> None:
    asked: list[Figure] = []
    at_desk.explaining.connect(asked.append)
    view = page.duties
    view.table.select([view.table.model.key_at(texts_of(view.table).index("B1"))])
    assert view.heading.text() == "新设备"
    facts = view.duty.facts.told()
    assert any(line.startswith("依据") and "第2条" in line for line in facts)
    assert "30 个工作日" in view.duty.rule.text()
    view.why.click()
    assert [figure.code for figure in asked] == ["duty.figure.state"]
    view.table.select([view.table.model.key_at(texts_of(view.table).index("C1"))])
    said = view.duty.findings.itemAt(0).widget()
    assert "没有原值" in said.words.text()  # type: ignore[union-attr]  # a FindingLabel


def test_joining_from_here_settles_the_duty(page: CompliancePage, ledger: Workspace) -> None:
    view = page.duties
    view.table.select([view.table.model.key_at(texts_of(view.table).index("B1"))])
    view.duty.join.click()
    form = dialog(FormDialog).form
    form.set_draft({"on": date(2026, 2, 10), "number": "SD-1"})
    dialog(FormDialog).do.click()
    assert view.cards["to_join"].number.text() == "0"
    assert view.cards["joined"].number.text() == "1"
    assert instruments.get(ledger, "B1").network_number == "SD-1"


def test_problems_are_gathered_and_lead_to_their_records(page: CompliancePage, at_desk: Desk, ledger: Workspace) -> None:
    places = went(at_desk)
    page.tabs.setCurrentIndex(PROBLEMS)
    table = page.problems.table
    rows = {key: (table.model.values(n) or ())[1] for n, key in enumerate(table.model.keys())}
    found = {f.code for _, f in records.problems(ledger)}
    assert set(rows) == found
    contract = next(code for code in rows if rows[code] == 2)
    table.opened.emit(contract)
    assert places == [Place("records", (("problem_code", str(contract)), ("any_period", "1")))]
    assert "补齐以前不能记账" in page.problems.says.text()
    table.select([contract])
    assert "R1" in page.problems.whole.text()
    page.problems.open_all.click()
    page.problems.open_one.click()
    assert places[1:] == [places[0], Place("records", (("number", "R1"), ("tab", "problems")))]
    records.remove(ledger, ["R1", "R2", "R3"])
    page.problems.refresh()
    assert page.problems.says.text() == "没有妨碍记账的问题。"
    assert page.problems.table.nothing.isVisibleTo(page.problems)
    assert not page.problems.open_all.isEnabled()
    assert not page.problems.open_one.isEnabled()


def test_a_years_calendar_is_imported_and_settles_what_was_provisional(page: CompliancePage, at_desk: Desk, tmp_path: Path) -> None:
    told: list[Notice] = []
    at_desk.told.connect(told.append)
    page.tabs.setCurrentIndex(CALENDARS)
    view = page.calendars
    assert texts_of(view.table)[0] == "2026"
    view.day.line.setText("2026-12-01")
    assert "暂定" in view.answer.text()
    before = view.answer.text()
    bad = tmp_path / "坏.toml"
    bad.write_text("year = 2027\n[weekday_off]\n", "utf-8")
    view.take_file(bad)
    assert told[-1].level == "error"
    assert texts_of(view.table)[0] == "2026"
    text = resource.path("calendar", "2026.toml").read_text("utf-8").replace("2026", "2027")
    good = tmp_path / "2027.toml"
    good.write_text(text, "utf-8")
    view.take_file(good)
    assert texts_of(view.table)[0] == "2026", "nothing is taken before the person has seen it"
    asked = dialog(ConfirmDialog)
    assert "2027 年" in " ".join(one.text() for one in asked.findChildren(QLabel))
    asked.do.click()
    assert told[-1].level == "done"
    assert (texts_of(view.table)[0], texts_of(view.table, 5)[0]) == ("2027", "用户导入")
    view.work_out()
    assert "暂定" not in view.answer.text()
    assert view.answer.text() != before
    view.take_file(good)
    assert told[-1].level == "note"


def test_a_year_the_network_published_is_taken_by_one_button(page: CompliancePage, at_desk: Desk, ledger: Workspace) -> None:
    page.tabs.setCurrentIndex(CALENDARS)
    view = page.calendars
    assert not view.published.isVisible()
    year = tomllib.loads(resource.path("calendar", "2026.toml").read_text("utf-8").replace("2026", "2027"))
    with ledger.write("sync", undoable=False) as operation:
        library.keep_book(operation.connection, "network", "calendar", "1", json.dumps({"2027": year}, default=str), "2026-11-25T00:00:00+00:00")
    at_desk.announce(Changes(0, frozenset({"sync"})))
    assert view.published.isVisible()
    assert "2027" in view.published.text()
    view.published.click()
    assert texts_of(view.table)[0] == "2026", "nothing is taken before the person has seen it"
    dialog(ConfirmDialog).do.click()
    assert texts_of(view.table)[0] == "2027"
    assert not view.published.isVisible()


def test_a_sound_ledger_verifies_and_one_altered_behind_the_program_does_not(page: CompliancePage, ledger: Workspace) -> None:
    page.tabs.setCurrentIndex(VERIFY)
    view = page.verification
    view.start.click()
    assert "校验通过" in view.title.text()
    assert any(view.verdict is not None and view.verdict.head in line for line in view.facts.told())

    def alter(connection: Connection) -> None:
        # As someone with another tool would: the triggers put aside, a fact changed, the triggers put back.
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'instrument'").all()
        for name, _ in rows:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("UPDATE instrument SET value_fen = 1 WHERE asset_number = 'A1'")
        for _, sql in rows:
            connection.exec_driver_sql(sql)

    with ledger.database._writer.connect() as connection, connection.begin():
        alter(connection)
    view.start.click()
    assert "校验发现 1 处不符" in view.title.text()
    assert "绕过本程序改动" in texts_of(view.table)[0]
    assert view.start.isEnabled()


def test_other_pages_send_people_here(page: CompliancePage) -> None:
    page.tabs.setCurrentIndex(VERIFY)
    page.arrive({"state": "overdue"})
    assert page.tabs.currentIndex() == DUTIES
    assert texts_of(page.duties.table) == ["A1", "A2"]
    assert page.duties.cards["overdue"].isChecked()
    page.arrive({"tab": "problems"})
    assert page.tabs.currentIndex() == PROBLEMS
    page.arrive_rows(Rows("duty", ("S1",)))
    assert page.tabs.currentIndex() == DUTIES
    assert page.duties.heading.text() == "特种雷达"
