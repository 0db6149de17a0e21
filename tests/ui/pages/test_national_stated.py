"""What the national platform asks and no record holds, at the desk: stated beside the record, said beside the set, refused in the form, undone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop.actions import history, national_stated
from desktop.actions.workspace import Workspace
from desktop.ui.desk import Desk
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.pages.instruments import InstrumentsPage
from desktop.ui.pages.instruments_detail import DUTY
from desktop.ui.pages.records import RecordsPage
from tests.actions import making
from tests.ui.pages.at_records import opened, pick
from tests.ui.pages.driving import dialog, nothing_open


@pytest.fixture
def records_page(at_desk: Desk, qtbot: QtBot) -> Iterator[RecordsPage]:
    with opened(at_desk, qtbot) as made:
        yield made


@pytest.fixture
def sets_page(at_desk: Desk, qtbot: QtBot) -> Iterator[InstrumentsPage]:
    made = InstrumentsPage(at_desk)
    at_desk.changed.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    made.refresh()
    yield made
    made.leave()


def facts(page: RecordsPage) -> str:
    return "\n".join(page.detail.facts.told())


def test_a_posted_service_is_stated_beside_it(records_page: RecordsPage, ledger: Workspace) -> None:
    page = records_page
    making.posted(ledger, "R1")
    making.enter(ledger, "R2")
    making.posted(ledger, "R3", "S1")
    page.refresh()
    for number, offered in (("R2", False), ("R3", False), ("R1", True)):
        pick(page, number)
        assert page.detail.state.isVisible() == offered, number
    page.detail.state.click()
    asked = dialog(FormDialog)
    asked.form.field("email").set_value("无")
    asked.do.click()
    assert not nothing_open(), "what the platform does not take is said in the form"
    assert national_stated.service(ledger, "R1") is None
    asked.form.field("email").set_value(None)
    asked.form.field("project").set_value("海洋防腐涂层")
    asked.form.field("income").set_value("国家自然科学基金")
    asked.do.click()
    assert nothing_open()
    kept = national_stated.service(ledger, "R1")
    assert kept is not None
    assert (kept.project, kept.income, kept.moved_to) == ("海洋防腐涂层", "国家自然科学基金", "")
    assert "海洋防腐涂层" in facts(page)
    history.undo_last(ledger)
    page.detail.again()
    assert "海洋防腐涂层" not in facts(page)


def test_why_a_set_is_not_open_is_said_beside_it_and_taken_back(sets_page: InstrumentsPage, ledger: Workspace) -> None:
    page = sets_page
    numbers = [str(page.table.model.index(row, 0).data()) for row in range(page.table.model.rowCount())]
    page.table.select([page.table.model.key_at(numbers.index("S1"))])
    page.detail.tabs.setCurrentIndex(DUTY)
    assert not page.detail.duty.close_off.isVisible(), "a confidential set stands in no annex"
    page.table.select([page.table.model.key_at(numbers.index("A1"))])
    page.detail.duty.close_off.click()
    asked = dialog(FormDialog)
    asked.form.field("reason").set_value("online")
    asked.form.field("note").set_value("产线上")
    asked.do.click()
    assert nothing_open()
    assert [(one.why.reason, one.why.note) for one in national_stated.closed(ledger)] == [("online", "产线上")]
    assert "在线检测 · 产线上" in "\n".join(page.detail.duty.facts.told())
    page.detail.duty.close_off.click()
    asked = dialog(FormDialog)
    asked.form.field("reason").set_value(None)
    asked.do.click()
    assert national_stated.closed(ledger) == []
