"""What two seats entered twice, as the page of service records tells it: money received for a record, and a record's number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.actions import history, posting, records
from desktop.actions.workspace import Workspace
from desktop.ui.desk import Desk
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.pages.records import RecordsPage
from desktop.ui.pages.records_detail import RECEIPTS
from tests.actions import making
from tests.ui.pages.at_records import open_dialog, opened, pick, shown_numbers


@pytest.fixture
def page(at_desk: Desk, qtbot: QtBot) -> Iterator[RecordsPage]:
    with opened(at_desk, qtbot) as made:
        yield made


def test_money_entered_twice_is_told_and_one_is_taken_back(page: RecordsPage, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    for _ in range(2):
        posting.receive(ledger, "R1", date(2025, 6, 3), 90_00, "FP-1")
    page.refresh()
    pick(page, "R1")
    page.detail.tabs.setCurrentIndex(RECEIPTS)
    view = page.detail.receipts
    told = [one.text() for one in view.list.findChildren(QLabel)]
    assert any("FP-1" in text and "¥" not in text and "180.00" in text for text in told)
    back = [one for one in view.list.findChildren(QPushButton) if one.text() == "冲回…"]
    assert len(back) == 2
    back[0].click()
    dialog = open_dialog(FormDialog)
    assert isinstance(dialog, FormDialog)
    assert dialog.form.submit() is False  # no reason, nothing is taken back
    dialog.form.field("reason").set_value("两台电脑各登记了一次")
    dialog.form.submit()
    assert [one.fen for one in posting.receipts(ledger, "R1")] == [90_00, 90_00, -90_00]
    assert [one.text() for one in view.list.findChildren(QPushButton) if not one.isHidden()].count("冲回…") == 1
    assert "¥90.00" in view.open_line.text()
    assert not any("180.00" in one.text() for one in view.list.findChildren(QLabel))


def test_a_posted_record_whose_number_another_seat_has_is_renumbered(page: RecordsPage, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    page.refresh()
    pick(page, "R1")
    assert page.detail.renumber.isHidden()
    with ledger.write("as a sync does") as operation:
        operation.connection.exec_driver_sql(
            "INSERT INTO sync_parked (remote, kind, key, code, field) VALUES ('hub', 'service_record', ?, 'key.taken', 'number')",
            (records.get(ledger, "R1").id,),
        )
    page.detail.again()
    assert not page.detail.renumber.isHidden()
    page.detail.renumber.click()
    dialog = open_dialog(FormDialog)
    assert isinstance(dialog, FormDialog)
    assert dialog.form.field("number").value() == "R1-2"
    dialog.form.field("reason").set_value("编号重复")
    dialog.form.submit()
    assert shown_numbers(page) == ["R1-2"]
    assert records.get(ledger, "R1-2").state == "posted"
    assert page.detail.renumber.isHidden()
    history.undo_last(ledger)
    assert records.get(ledger, "R1").state == "posted"
