"""仪器 as the equipment office uses it: find, filter by duty, enter, correct, join, file, set many, paste, export, ask why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from desktop import words
from desktop.actions import instruments
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ledger.instrument import Instrument
from desktop.ledger.publication import Publication
from desktop.rules.figure import Figure, Rows
from desktop.store import publications
from desktop.ui.desk import Desk, Place
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.import_wizard import ImportWizard
from desktop.ui.notices import Notice
from desktop.ui.pages.instruments import InstrumentsPage
from desktop.ui.pages.instruments_detail import BASIC, DUTY, HISTORY, RECORDS
from tests.actions import making
from tests.ui.looking import faults
from tests.ui.pages.driving import dialog, nothing_open, texts_of

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(at_desk: Desk, ledger: Workspace, qtbot: QtBot) -> Iterator[InstrumentsPage]:
    more = Instrument("", "B1", "新设备", 90_000_000, True, False, date(2026, 1, 20), department="材料学院")
    instruments.add(ledger, more)
    made = InstrumentsPage(at_desk)
    at_desk.changed.connect(made.hear)
    at_desk.period_changed.connect(lambda period: made.follow_period())
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    yield made
    made.leave()


def pick(page: InstrumentsPage, *numbers: str) -> None:
    shown = texts_of(page.table)
    page.table.select([page.table.model.key_at(shown.index(number)) for number in numbers])


def notices(desk: Desk) -> list[Notice]:
    told: list[Notice] = []
    desk.told.connect(told.append)
    return told


def act(page: InstrumentsPage, text: str) -> None:
    """What a person chooses from the menu of the selected rows."""
    (action,) = [action for action in page.table.menu().actions() if action.text() == text]
    assert action.isEnabled()
    action.trigger()


def test_the_list_shows_duties_and_the_chips_count_and_filter_them(page: InstrumentsPage, qtbot: QtBot) -> None:
    QAbstractItemModelTester(page.table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert texts_of(page.table) == ["A1", "A2", "B1", "S1"]
    assert dict(zip(texts_of(page.table), texts_of(page.table, 2), strict=True)) == {
        "A1": "逾期未入网", "A2": "逾期未入网", "B1": "待入网", "S1": "待报备",
    }  # fmt: skip
    chips = {button.text(): button for chip, button in page.table.chips._chips.values()}
    assert "逾期 2" in chips
    qtbot.mouseClick(chips["待入网 1"], Qt.MouseButton.LeftButton)
    assert texts_of(page.table) == ["B1"]
    assert re.fullmatch(r"(逾期|还剩) [\d,]+", texts_of(page.table, 3)[0])
    page.table.clear_filters()
    page.department.setCurrentIndex(page.department.findData("材料学院"))
    page.department.activated.emit(page.department.currentIndex())
    assert texts_of(page.table) == ["B1"]


def test_sets_nobody_said_anything_of_have_a_filter_while_there_are_any(page: InstrumentsPage, at_desk: Desk, ledger: Workspace) -> None:
    (chip,) = [button for one, button in page.table.chips._chips.values() if one.value == "unsaid"]
    assert not chip.isVisible()
    with ledger.write("nothing said", undoable=False) as operation:
        operation.connection.exec_driver_sql("UPDATE instrument SET confidential = NULL WHERE asset_number = 'B1'")
    at_desk.announce(Changes(0, frozenset({"instrument"})))
    assert (chip.isVisible(), chip.text()) == (True, "未注明涉密 1")
    chip.click()
    assert texts_of(page.table) == ["B1"]


def test_search_takes_chinese_as_an_input_method_gives_it(page: InstrumentsPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page, Qt.Key.Key_F, CONTROL)
    event = QInputMethodEvent("", [])
    event.setCommitString("质谱")
    QApplication.sendEvent(page.search, event)
    qtbot.keyClick(page.search, Qt.Key.Key_Return)
    assert texts_of(page.table) == ["A2"]


def test_the_pane_shows_the_instrument_and_answers_why(page: InstrumentsPage, at_desk: Desk) -> None:
    asked: list[Figure] = []
    at_desk.explaining.connect(asked.append)
    pick(page, "A1")
    assert page.detail.heading.text() == "扫描电镜"
    assert any("50.00 万元" in line for line in page.detail.basic.told())
    assert "逾期未入网" in page.detail.duty_line.words.text()
    page.detail.why.click()
    page.detail.tabs.setCurrentIndex(DUTY)
    assert any(line.startswith("依据") and "第" in line for line in page.detail.duty.facts.told())
    act(page, "入网义务：为什么？")
    assert [figure.code for figure in asked] == ["duty.figure.state"] * 2
    assert asked[0].value == "overdue"


def test_the_value_column_is_in_wan(page: InstrumentsPage) -> None:
    pick(page, "B1")
    page.detail.tabs.setCurrentIndex(BASIC)
    assert any("90.00 万元" in line for line in page.detail.basic.told())


def test_an_instrument_is_added_and_faults_stand_beside_their_fields(page: InstrumentsPage, qtbot: QtBot, ledger: Workspace) -> None:
    qtbot.keyClick(page, Qt.Key.Key_N, CONTROL)
    form = dialog(FormDialog).form
    form.set_draft({"asset_number": "A1", "name": "重号", "class_code": "12"})
    dialog(FormDialog).do.click()
    assert "六位" in form._places["class_code"].said.words.text()
    form.field("class_code").set_value("010101")
    dialog(FormDialog).do.click()
    assert "已被另一台仪器使用" in form._places["asset_number"].said.words.text()
    form.field("asset_number").set_value("C7")
    qtbot.keyClick(form.field("name").editor, Qt.Key.Key_Return, CONTROL)
    assert nothing_open()
    assert instruments.get(ledger, "C7").name == "重号"
    assert "C7" in texts_of(page.table)


def test_a_correction_keeps_the_rest_and_stands_in_the_history(page: InstrumentsPage, ledger: Workspace) -> None:
    pick(page, "A1")
    before = instruments.get(ledger, "A1")
    page.detail.edit.click()
    form = dialog(FormDialog).form
    form.field("model").set_value("S-4800")
    dialog(FormDialog).do.click()
    assert instruments.get(ledger, "A1") == replace(before, model="S-4800")
    page.detail.tabs.setCurrentIndex(HISTORY)
    assert any("型号：空 → S-4800" in line for line in page.detail.history.told())


def test_every_column_of_the_national_sheet_is_entered_here(page: InstrumentsPage, ledger: Workspace) -> None:
    page.steps.edit(instruments.get(ledger, "A1"))
    asked = dialog(FormDialog)
    assert {field.name for field in fields(Instrument)} - set(asked.form.draft()) == {"id", "imported"}
    told = {
        "carrier_type": "国家重点实验室", "carrier_number": "海洋涂料实验室", "source": "购置", "category": "通用", "province": "山东省", "city": "青岛市",
        "customs_supervised": True, "declaration_number": "420220251000012345", "declaration_item": "01", "declared_name": "电镜",
        "released_on": date(2025, 1, 10), "email": "a@example.com", "postcode": "266000",
    }  # fmt: skip
    for name, value in told.items():
        asked.form.field(name).set_value(value)
    asked.do.click()
    kept = instruments.get(ledger, "A1")
    assert {name: getattr(kept, name) for name in told} == told
    assert (kept.name, kept.value_fen) == ("扫描电镜", 50_000_000)


def test_joining_and_filing_are_recorded_and_change_the_duty(page: InstrumentsPage, at_desk: Desk, ledger: Workspace) -> None:
    told = notices(at_desk)
    pick(page, "B1")
    act(page, "登记入网…")
    form = dialog(FormDialog).form
    dialog(FormDialog).do.click()
    assert not form.submit()  # the number is missing
    form.field("number").set_value("SD-B1")
    form.field("on").set_value(date(2026, 2, 10))
    dialog(FormDialog).do.click()
    assert instruments.get(ledger, "B1").network_number == "SD-B1"
    assert dict(zip(texts_of(page.table), texts_of(page.table, 2), strict=True))["B1"] == "已入网"
    pick(page, "S1")
    act(page, "登记入网…")
    form = dialog(FormDialog).form
    form.set_draft({"number": "X", "on": date(2026, 2, 10)})
    dialog(FormDialog).do.click()
    assert "只报备、不入网" in dialog(FormDialog).said.words.text()
    dialog(FormDialog).reject()
    page.detail.duty.file.click()
    form = dialog(FormDialog).form
    form.field("number").set_value("密字1号")
    form.field("level").set_value("secret")
    dialog(FormDialog).do.click()
    filed = instruments.get(ledger, "S1")
    assert (filed.filing_number, filed.secrecy_level) == ("密字1号", "secret")
    assert "涉密 · 机密" in "\n".join(page.detail.secrecy.facts.told())
    assert [notice.level for notice in told] == ["done", "done"]


def test_the_level_of_a_filing_is_taken_when_it_is_submitted(page: InstrumentsPage, monkeypatch: pytest.MonkeyPatch, ledger: Workspace) -> None:
    """The work runs on a lane, where no widget may be asked."""
    waiting: list[Callable[[Progress], object]] = []
    pick(page, "S1")
    page.detail.duty.file.click()
    form = dialog(FormDialog).form
    form.set_draft({"number": "密字1号", "on": date(2026, 2, 10), "level": "secret"})
    monkeypatch.setattr(page.desk.jobs, "write", lambda title, work, *rest, **more: waiting.append(work))
    dialog(FormDialog).do.click()
    form.field("level").set_value(None)
    waiting[0](UNWATCHED)
    assert instruments.get(ledger, "S1").secrecy_level == "secret"
    dialog(FormDialog).reject()


def test_many_are_set_together_and_confidential_warns_first(page: InstrumentsPage, ledger: Workspace) -> None:
    pick(page, "A1", "A2")
    act(page, "批量修改…")
    asked = dialog(FormDialog)
    asked.do.click()
    assert "还没有选" in asked.said.words.text()
    asked.form.field("department").line.setText("分析中心")  # type: ignore[attr-defined]  # it has a line
    asked.form.field("confidential").set_value("yes")
    asked.do.click()
    warning = dialog(ConfirmDialog)
    assert not instruments.get(ledger, "A1").confidential
    warning.reject()
    asked.do.click()
    dialog(ConfirmDialog).do.click()
    assert "两人" in asked.said.words.text(), "what is stated changes by two people"
    assert not instruments.get(ledger, "A1").confidential
    with ledger.write("not stated") as operation:
        operation.connection.exec_driver_sql("UPDATE instrument SET confidential = NULL WHERE asset_number IN ('A1', 'A2')")
    asked.do.click()
    dialog(ConfirmDialog).do.click()
    assert nothing_open()
    both = [instruments.get(ledger, number) for number in ("A1", "A2")]
    assert [(one.department, one.confidential) for one in both] == [("分析中心", True)] * 2


def test_declassifying_is_refused_in_the_form(page: InstrumentsPage, ledger: Workspace) -> None:
    pick(page, "S1")
    page.detail.edit.click()
    form = dialog(FormDialog).form
    form.field("class_code").set_value("010101")
    form.field("confidential").set_value(False)
    dialog(FormDialog).do.click()
    assert "两人" in form._places["confidential"].said.words.text()
    dialog(FormDialog).reject()
    assert instruments.get(ledger, "S1").confidential


def test_pasted_rows_open_the_wizard_and_a_lone_word_is_explained(page: InstrumentsPage, at_desk: Desk, qtbot: QtBot) -> None:
    told = notices(at_desk)
    QApplication.clipboard().setText("一个词")
    page.steps.paste()
    assert nothing_open()
    assert "表头" in told[0].text
    QApplication.clipboard().setText("资产编号\t名称\t分类编码\t原值\nP1\t粘贴的\t010101\t35\n")
    page.table.view.setFocus()
    qtbot.keyClick(page.table.view, Qt.Key.Key_V, CONTROL)
    wizard = dialog(ImportWizard)
    wizard.go_on.click()
    wizard.go_on.click()
    assert "P1" in texts_of(page.table)


def test_the_sheet_is_exported_without_the_confidential_and_says_so(page: InstrumentsPage, at_desk: Desk, tmp_path: Path) -> None:
    told = notices(at_desk)
    page.export_shown()
    (asked,) = page.window().findChildren(QFileDialog)
    asked.fileSelected.emit(str(tmp_path / "表.csv"))
    asked.reject()
    text = (tmp_path / "表.csv").read_text("utf-8-sig")
    assert "A1" in text
    assert "S1" not in text
    assert "已导出 3 台" in told[0].text
    assert "另有涉密 1 台没有写入" in told[0].text


def test_other_pages_send_people_here(page: InstrumentsPage, at_desk: Desk, ledger: Workspace) -> None:
    page.arrive({"state": "overdue"})
    assert texts_of(page.table) == ["A1", "A2"]
    page.arrive({"key": "S1"})
    assert texts_of(page.table) == ["S1"]
    assert page.detail.heading.text() == "特种雷达"
    page.arrive_rows(Rows("instrument", (instruments.get(ledger, "A2").id, instruments.get(ledger, "B1").id)))
    assert texts_of(page.table) == ["A2", "B1"]
    page.show_only(None)
    assert len(texts_of(page.table)) == 4


def test_the_pane_follows_the_period_and_the_ledger(page: InstrumentsPage, at_desk: Desk, ledger: Workspace) -> None:
    making.posted(ledger, "R1", minutes=100)
    pick(page, "A1")
    assert any("已记账 1 次，1 小时 40 分" in line for line in page.detail.shared.told())
    from desktop.ledger.period import parse

    at_desk.set_period(parse("2024"))
    assert any("已记账 0 次" in line for line in page.detail.shared.told())
    instruments.change(ledger, replace(instruments.get(ledger, "A1"), name="改名了"))
    page.refresh()
    assert page.detail.heading.text() == "改名了"


def test_an_empty_register_teaches(at_desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    with making.start(tmp_path / "empty") as workspace:
        desk = Desk(at_desk.jobs, {}, at_desk.today)
        desk.open(at_desk.ledger, workspace)
        made = InstrumentsPage(desk)
        qtbot.addWidget(made)
        made.show()
        assert made.table.nothing.isVisibleTo(made)
        assert [button.text() for button in made.table.nothing.buttons] == ["导入仪器表", "添加一台"]
        made.leave()


def test_the_uses_of_an_instrument_stand_on_a_line_of_time(page: InstrumentsPage, at_desk: Desk, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    pick(page, "A1")
    page.detail.tabs.setCurrentIndex(RECORDS)
    line = page.detail.line_of_time
    assert line.isVisible()
    places: list[Place] = []
    at_desk.going.connect(places.append)
    line._take((0, 0))
    line.opened.emit(0)
    assert places == [Place("records", (("number", "R1"),))]
    pick(page, "A2")
    assert not line.isVisible()


def _published(ledger: Workspace, **states: str) -> None:
    with ledger.write("sync", undoable=False) as operation:
        told = [Publication(instruments.get(ledger, number).id, "", state, read_at="2026-03-01T00:00:00+00:00") for number, state in states.items()]
        publications.keep(operation.connection, "network", told)


def test_the_network_s_word_stands_in_the_list_and_filters_it_once_there_is_one(page: InstrumentsPage, at_desk: Desk, ledger: Workspace) -> None:
    chips = {chip.value: button for chip, button in page.table.chips._chips.values() if chip.name == "published"}
    assert set(texts_of(page.table, 4)) == {""}
    assert not any(button.isVisible() for button in chips.values()), "a chip for nothing only takes room"
    _published(ledger, A1="listed", A2="被审核", S1="listed")
    at_desk.announce(Changes(0, frozenset({"sync"})))
    assert dict(zip(texts_of(page.table), texts_of(page.table, 4), strict=True)) == {"A1": "已公布", "A2": "被审核", "B1": "网络没有", "S1": ""}
    assert {value for value, button in chips.items() if button.isVisible()} == {"listed", "none"}
    assert chips["listed"].text() == "已公布 1"
    chips["none"].click()
    assert texts_of(page.table) == ["B1"]
    page.table.clear_filters()
    page.arrive({"published": "listed"})
    assert texts_of(page.table) == ["A1"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_of_the_list_with_the_network_s_word_is_cut_off(at_desk: Desk, ledger: Workspace, qtbot: QtBot, language: words.Language) -> None:
    _published(ledger, A1="listed", A2="taken_down")
    words.use(language)
    made = InstrumentsPage(at_desk)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    made.refresh()
    QApplication.processEvents()
    found = faults(made)
    made.leave()
    assert found == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_word_of_the_network_fits_its_column(at_desk: Desk, ledger: Workspace, qtbot: QtBot, language: words.Language) -> None:
    for number in ("B1", "B2"):
        instruments.add(ledger, Instrument("", number, "新设备", 90_000_000, True, False, date(2026, 1, 20), department="材料学院"))
    _published(ledger, A1="listed", A2="taken_down", B1="pending")
    words.use(language)
    made = InstrumentsPage(at_desk)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    made.refresh()
    said, view = set(texts_of(made.table, 4)), made.table.view
    needed, room = view.sizeHintForColumn(4), view.columnWidth(4)
    made.leave()
    assert {words.say(f"publication_state.{state}") for state in ("listed", "pending", "taken_down", "none")} <= said
    assert needed <= room, said
