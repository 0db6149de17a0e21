"""服务记录: what can be done with the record at hand stands beside it, and its problems can be answered from there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop.actions import records
from desktop.actions.workspace import Workspace
from desktop.ledger.period import parse
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog
from desktop.ui.dialogs.reason_dialog import ReasonDialog
from desktop.ui.pages.records import RecordsPage
from desktop.ui.pages.records_detail import HISTORY, PROBLEMS
from tests.actions import making
from tests.ui.pages.at_records import open_dialog, opened, pick, shown_numbers


@pytest.fixture
def page(at_desk: Desk, qtbot: QtBot) -> Iterator[RecordsPage]:
    with opened(at_desk, qtbot) as made:
        yield made


def test_a_posted_record_offers_its_reversal_where_it_stands(page: RecordsPage, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    records.add(ledger, making.draft(ledger, "R2"))
    page.refresh()
    pick(page, "R2")
    detail = page.detail
    assert [each.isVisible() for each in (detail.edit, detail.post, detail.reverse, detail.replace)] == [True, True, False, False]
    pick(page, "R1")
    assert [each.isVisible() for each in (detail.edit, detail.post, detail.reverse, detail.replace)] == [False, False, True, True]
    detail.reverse.click()
    dialog = open_dialog(ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    assert not dialog.do.isEnabled()
    dialog.text.setPlainText("登记错了仪器")
    dialog.do.click()
    assert records.get(ledger, "R1").state == "reversed"
    page.refresh()
    pick(page, "R1")
    assert not detail.bar.isVisible()
    assert not detail.answers.offers


def test_a_posted_record_is_corrected_from_its_problems(page: RecordsPage, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    page.refresh()
    pick(page, "R1")
    page.detail.tabs.setCurrentIndex(PROBLEMS)
    (offer,) = page.detail.answers.offers
    offer.click()
    dialog = open_dialog(ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    dialog.text.setPlainText("少记了一小时")
    dialog.do.click()
    page.entry.form.field("ended_at").set_value(records.get(ledger, "R1").ended_at.replace(hour=6))
    assert page.entry.form.submit()
    assert (records.get(ledger, "R1").state, records.get(ledger, "R1-R1").state) == ("reversed", "draft")


def test_a_draft_is_posted_or_edited_from_its_problems(page: RecordsPage, ledger: Workspace) -> None:
    records.add(ledger, making.draft(ledger, "R1"))
    records.add(ledger, making.draft(ledger, "R2", contract=""))
    page.refresh()
    pick(page, "R2")
    assert not page.detail.post.isEnabled()
    (edit,) = page.detail.answers.offers
    edit.click()
    assert page.right.currentWidget() is page.entry
    page.entry.closed.emit()
    pick(page, "R1")
    assert page.detail.post.isEnabled()
    (offer,) = page.detail.answers.offers
    offer.click()
    dialog = open_dialog(ConfirmDialog)
    assert isinstance(dialog, ConfirmDialog)
    dialog.do.click()
    assert records.get(ledger, "R1").state == "posted"


def test_who_comes_for_a_kind_of_problem_stands_at_the_first_record_with_it(page: RecordsPage, ledger: Workspace) -> None:
    for number in ("R1", "R2"):
        records.add(ledger, making.draft(ledger, number, contract="" if number == "R2" else "HT-1"))
    page.refresh()
    page.arrive({"problem_code": "record.no_contract"})
    assert shown_numbers(page) == ["R2"]
    assert page.detail.detail is not None
    assert page.detail.detail.record.number == "R2"
    assert page.detail.tabs.currentIndex() == PROBLEMS
    page.desk.set_period(parse("2024"))
    page.arrive({"problem_code": "record.no_contract"})
    assert shown_numbers(page) == []
    page.arrive({"problem_code": "record.no_contract", "any_period": "1"})
    assert shown_numbers(page) == ["R2"]
    assert "不限期间" in page.table.narrowed_by.text()
    page.detail.tabs.setCurrentIndex(HISTORY)
    page.arrive({"number": "R2", "tab": "problems"})
    assert page.detail.tabs.currentIndex() == PROBLEMS
