"""中试: bases with their conditions, equipment, services of a year; entered, opened, named and printed in the window; what is wrong stays in the form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.actions import history, pilot, pilot_view
from desktop.actions.workspace import Workspace
from desktop.ledger.pilot import PilotEquipment
from desktop.rules.figure import Figure
from desktop.ui.desk import Desk
from desktop.ui.dialogs.attachments_dialog import AttachmentsDialog
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.pages.paper_dialog import PaperDialog
from desktop.ui.pages.pilot import EQUIPMENT, SERVICES, PilotPage
from tests.actions import making
from tests.actions.test_pilot import BASE
from tests.ui.pages.driving import dialog, nothing_open, texts_of


@pytest.fixture
def page(at_desk: Desk, ledger: Workspace, qtbot: QtBot) -> Iterator[PilotPage]:
    pilot.add_base(ledger, BASE)
    pilot.add_equipment(ledger, PilotEquipment("", "E1", "中试电镜"), "Z1", "A1")
    pilot.add_equipment(ledger, PilotEquipment("", "E3", "保密线", value_fen=1, confidential=True), "Z1")
    making.posted(ledger, "R1", minutes=60)
    making.posted(ledger, "R2", minutes=60)
    made = PilotPage(at_desk)
    at_desk.changed.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    yield made
    made.leave()


def fill(**values: object) -> FormDialog:
    """Type into the open form and press its button."""
    asked: FormDialog = dialog(FormDialog)
    asked.form.set_draft(values)
    asked.form.submit()
    return asked


def test_a_base_shows_what_it_meets_and_what_is_not_known(page: PilotPage) -> None:
    views = (page.bases.table, page.bases.conditions, page.bases.partners, page.bases.history, page.equipment.table, page.services.served)
    testers = [QAbstractItemModelTester(view.model, QAbstractItemModelTester.FailureReportingMode.Fatal) for view in views]
    row = [texts_of(page.bases.table, column)[0] for column in range(7)]
    assert row == ["Z1", "新材料中试基地", "未知", "资料不全，不能判断", "资料不全，不能判断", "1", "¥500,000.00"]
    verdicts = dict(zip(texts_of(page.bases.conditions), texts_of(page.bases.conditions, 1), strict=True))
    assert verdicts["设备原值达到下限"] == "资料不全，不能判断"
    assert verdicts["现在对外开放"] == "资料不全，不能判断"
    said = [label.text() for label in page.bases.facts.findChildren(QLabel)]
    assert "另有涉密 1 项未列。" in said
    assert page.head.line.text() == "1 个基地 · 2 件设备 · 0 个开放"
    assert len(testers) == len(views)


def test_a_base_is_entered_and_a_fault_stays_beside_its_field(page: PilotPage, told: list[str], ledger: Workspace) -> None:
    page.add_base.click()
    asked = fill(number="Z1", name="另一个", market="unknown")
    assert asked.isVisible(), "the number is taken"
    assert len(pilot_view.bases(ledger)) == 1
    asked.form.set_draft({"number": "Z2", "name": "另一个", "market": "yes", "market_how": "公司运营"})
    asked.form.submit()
    assert nothing_open()
    (said,) = told
    assert said.splitlines()[:2] == ["中试基地 Z2 已存下，可以撤销。", "没有填开始运行日期，运行年限就不能判断。"], "what is doubtful is said at once"
    assert len(set(said.splitlines())) == len(said.splitlines())
    assert texts_of(page.bases.table) == ["Z1", "Z2"]
    history.undo_last(ledger)
    assert [one.base.number for one in pilot_view.bases(ledger)] == ["Z1"]


def test_one_click_says_how_open_a_base_is(page: PilotPage, ledger: Workspace) -> None:
    page.bases.open_state.click()
    asked = dialog(FormDialog)
    asked.form.set_draft({"state": "open", "from_on": page.desk.today(), "reason": None})
    assert not asked.form.submit(), "without a reason nothing is said"
    fill(state="open", from_on=page.desk.today(), reason="建成投用")
    assert texts_of(page.bases.table, 2) == ["开放"]
    assert texts_of(page.bases.history, 2) == ["建成投用"]
    (one,) = pilot_view.bases(ledger)
    assert one.openness is not None
    assert one.openness.state == "open"


def test_partners_come_and_go(page: PilotPage) -> None:
    page.bases.partner.click()
    fill(name="高新区管委会", kind="park", part="场地", document="协议1")
    assert texts_of(page.bases.partners) == ["高新区管委会"]
    page.bases.steps.remove_partner(BASE, "高新区管委会")
    assert texts_of(page.bases.partners) == []


def test_equipment_is_entered_and_moved(page: PilotPage, ledger: Workspace) -> None:
    page.arrive({"tab": "equipment"})
    assert page.tabs.currentIndex() == EQUIPMENT
    assert texts_of(page.equipment.table) == ["E1", "E3"]
    page.add_equipment.click()
    fill(number="E2", name="聚合线", base="Z1", asset="", value_fen=950_000_000, confidential="no")
    assert texts_of(page.equipment.table) == ["E1", "E2", "E3"]
    (one,) = pilot_view.bases(ledger)
    assert one.value_fen == 1_000_000_000
    page.equipment.table.select(["E1"])
    page.equipment.change.click()
    asked = dialog(FormDialog)
    assert (asked.form.draft()["asset"], asked.form.draft()["base"]) == ("A1", "Z1")
    asked.form.set_draft({**asked.form.draft(), "base": None})
    asked.form.submit()
    assert nothing_open()
    assert next(each for each in pilot_view.equipment(ledger) if each.equipped.equipment.number == "E1").base == ""


def test_records_become_services_and_are_printed(page: PilotPage, told: list[str], tmp_path: Path) -> None:
    page.arrive({"tab": "services"})
    assert page.tabs.currentIndex() == SERVICES
    assert texts_of(page.services.waiting) == ["R1", "R2"]
    page.services.waiting.select(["R1"])
    page.services.serve.click()
    asked = dialog(FormDialog)
    assert (asked.form.draft()["base"], asked.form.draft()["records"]) == ("Z1", "R1")
    fill(base="Z1", records="R1\nR2", what="放大试验")
    assert texts_of(page.services.served) == ["R1", "R2"]
    assert texts_of(page.services.waiting) == []
    assert told == ["2 条记录已登记为基地 Z1 的中试服务。"]
    assert "未公布计算公式" in page.services.says.text()
    page.services.award.click()
    paper = dialog(PaperDialog)
    paper.save_to(tmp_path / "申报.pdf")
    assert (tmp_path / "申报.pdf").read_bytes().startswith(b"%PDF-")
    paper.reject()
    page.services.served.select([page.services.served.model.key_at(0)])
    page.services.drop.click()
    assert texts_of(page.services.waiting) == ["R1"]


def test_why_and_pictures_and_the_catalogue_open(page: PilotPage, at_desk: Desk) -> None:
    explained: list[Figure] = []
    at_desk.explaining.connect(explained.append)
    page.bases.why.click()
    assert [one.code for one in explained] == ["pilot.base"]
    page.bases.files.click()
    files = dialog(AttachmentsDialog)
    assert files.view.subject is not None
    assert files.view.subject[0] == "pilot_base"
    files.reject()
    page.catalogue.click()
    dialog(PaperDialog).reject()
    assert nothing_open()


def test_one_click_says_a_state_from_today_on_and_the_one_that_holds_is_not_offered(page: PilotPage, told: list[str], ledger: Workspace) -> None:
    states = page.bases.states.buttons
    assert all(button.isEnabled() for button in states.values())
    states["open"].click()
    (base,) = pilot_view.bases(ledger)
    assert base.openness is not None
    assert (base.openness.state, base.openness.reason, told) == ("open", "没有另写原因", ["Z1 的开放状态已登记：开放。"])
    assert [name for name, button in states.items() if not button.isEnabled()] == ["open"]
    states["paused"].click()
    assert [one.state for one in pilot_view.bases(ledger)[0].history] == ["open", "paused"]
    assert texts_of(page.bases.table, 2) == ["暂停"]
    history.undo_last(ledger)
    assert [one.state for one in pilot_view.bases(ledger)[0].history] == ["open"]
    page.tabs.setCurrentIndex(EQUIPMENT)
    of_equipment = page.equipment.states.buttons
    assert not any(button.isEnabled() for button in of_equipment.values())
    page.equipment.table.select(["E1"])
    of_equipment["closed"].click()
    assert next(one for one in pilot_view.equipment(ledger) if one.equipped.equipment.number == "E1").openness is not None


def test_what_is_not_said_stays_here_and_the_page_says_so(page: PilotPage, ledger: Workspace) -> None:
    assert not page.doubts.isVisible()
    pilot.add_equipment(ledger, PilotEquipment("", "E4", "反应釜", value_fen=1), "Z1")
    page.refresh()
    assert page.doubts.isVisible()
    assert page.doubts.text().startswith("1 件中试设备没有注明是否涉密（E4），不离开本机")
    place = [column.name for column in page.equipment.table.model.columns].index("confidential")
    assert dict(zip(texts_of(page.equipment.table), texts_of(page.equipment.table, place), strict=True)) == {"E1": "", "E3": "涉密", "E4": "没有注明，不报送"}
    ledger.person = "甲"
    pilot.say_open(ledger, "Z1", "open", "建成")
    ledger.person = "乙"
    pilot.say_open(ledger, "Z1", "closed", "停产")
    page.refresh()
    assert "有两人登记得不一样：甲登记“开放”，乙登记“关闭”" in page.doubts.text()
