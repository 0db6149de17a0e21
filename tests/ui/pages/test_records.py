"""服务记录 as a lab manager uses it: a record by keyboard alone, rows pasted, problems answered, posting that says what it does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.actions import history, posting, records, vouchers
from desktop.actions.explaining import as_lines
from desktop.actions.workspace import Workspace, today
from desktop.ledger.period import parse
from desktop.ledger.problem import Refused
from desktop.rules.figure import Figure, Rows
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.import_wizard import ImportWizard
from desktop.ui.dialogs.reason_dialog import ReasonDialog
from desktop.ui.explain_panel import as_text
from desktop.ui.jobs import Jobs, Lanes
from desktop.ui.notices import Notice
from desktop.ui.open_ledger import OpenLedger
from desktop.ui.pages.records import RecordsPage
from desktop.ui.pages.records_detail import HISTORY, PRICE, PROBLEMS, RECEIPTS
from tests.actions import making
from tests.ui.pages.at_records import open_dialog, opened, pick, shown_numbers

ENTER, CONTROL = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(at_desk: Desk, qtbot: QtBot) -> Iterator[RecordsPage]:
    with opened(at_desk, qtbot) as made:
        yield made


def compose(text: str) -> None:
    """Chinese as an input method gives it: first as pre-edit, then committed."""
    target = QApplication.focusWidget()
    QApplication.sendEvent(target, QInputMethodEvent("pin yin", []))
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(target, event)


def typed(qtbot: QtBot, text: str) -> None:
    """Keys into whatever has the keyboard, then Enter."""
    target = QApplication.focusWidget()
    if text.isascii():
        qtbot.keyClicks(target, text)
    else:
        compose(text)
    qtbot.keyClick(QApplication.activePopupWidget() or target, ENTER)


def test_a_record_is_entered_by_keyboard_alone(page: RecordsPage, qtbot: QtBot, ledger: Workspace) -> None:
    records.add(ledger, making.draft(ledger, "R099"))
    qtbot.keyClick(page, Qt.Key.Key_N, CONTROL)
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    for text in ("扫描", "测试", "鲁信", "2025-11-03 9:00", "+100", "", "张", "HT-7"):
        typed(qtbot, text)
    form = page.entry.form
    assert form.field("number").value() == "R100"
    assert page.entry.price.amount.text() == "¥300.00"
    qtbot.keyClick(QApplication.focusWidget(), ENTER, CONTROL)
    stored = records.get(ledger, "R100")
    assert (stored.minutes, stored.operator_name, stored.customer_name, stored.contract) == (100, "张一", making.OUTSIDE, "HT-7")
    assert not records.problems(ledger, "R100")
    assert form.field("number").value() == "R101"
    assert QApplication.focusWidget() is form.field("instrument_id").editor
    assert "R100" in shown_numbers(page)
    history.undo_last(ledger)
    with pytest.raises(Refused):
        records.get(ledger, "R100")


def test_repeat_last_copies_what_stays_and_leaves_the_time(page: RecordsPage, qtbot: QtBot, ledger: Workspace) -> None:
    records.add(ledger, making.draft(ledger, "R1", contract="HT-5"))
    page.new()
    qtbot.keyClick(page.entry, Qt.Key.Key_D, CONTROL)
    draft = page.entry.form.draft()
    assert (draft["customer_name"], draft["item"], draft["contract"], draft["operator_name"]) == (
        making.OUTSIDE,
        "测试",
        "HT-5",
        "张一",
    )
    assert draft["started_at"] is None
    assert QApplication.focusWidget() is page.entry.form.field("started_at").editor


def test_findings_wait_for_their_turn_and_do_not_keep_a_draft_from_being_stored(
    page: RecordsPage, qtbot: QtBot, ledger: Workspace
) -> None:
    page.new()
    for text in ("扫描", "", "没登记的公司", "2025-11-03 9:00", "10:00"):
        typed(qtbot, text)
    form = page.entry.form
    assert form._places["customer_name"].said.isVisibleTo(page)
    assert not form._places["contract"].said.isVisibleTo(page)
    assert not page.entry.price.why.isVisibleTo(page)
    qtbot.keyClick(QApplication.focusWidget(), ENTER, CONTROL)
    told = {found.code for _, found in records.problems(ledger, "1")}
    assert {"record.unknown_customer", "record.no_operator", "record.no_contract"} <= told


def test_what_cannot_be_read_or_stored_is_refused_at_its_field(page: RecordsPage, qtbot: QtBot, ledger: Workspace) -> None:
    records.add(ledger, making.draft(ledger, "R1"))
    before = making.everything(ledger)
    page.new()
    form = page.entry.form
    for text in ("扫描", "测试", "鲁信", "2025-11-03 9:00", "25:00"):
        typed(qtbot, text)
    qtbot.keyClick(form.field("number").editor, ENTER, CONTROL)
    assert form._places["ended_at"].said.isVisibleTo(page)
    form.field("ended_at").editor.setFocus()
    form.field("ended_at").set_value(None)
    qtbot.keyClicks(form.field("ended_at").editor, "8:00")
    assert "2025-11-03 08:00" in form._places["ended_at"].said.words.text()
    assert making.everything(ledger) == before


def test_the_quantity_of_a_counted_item_is_asked_for(page: RecordsPage, qtbot: QtBot) -> None:
    page.new()
    for text in ("质谱", "", "鲁信", "2025-11-03 9:00", "10:00"):
        typed(qtbot, text)
    assert page.entry.form.field("item").value() == "制样"  # the only item is taken by itself
    line = page.entry.form.field("quantity").editor
    assert isinstance(line, QLineEdit)
    assert "样" in line.placeholderText()
    qtbot.keyClicks(line, "3")
    assert page.entry.price.amount.text() == "¥99.00"


def test_the_live_price_answers_why(page: RecordsPage, qtbot: QtBot) -> None:
    asked: list[Figure] = []
    page.desk.explaining.connect(asked.append)
    page.new()
    for text in ("扫描", "测试", "鲁信", "2025-11-03 9:00", "10:00"):
        typed(qtbot, text)
    qtbot.mouseClick(page.entry.price.why, Qt.MouseButton.LeftButton)
    assert asked[0].value == 18_000
    told = as_text(asked[0])
    assert "（计费单位 小时 · 校内 60 · 校外 180" in told
    assert " | " not in told
    assert "“计费单位 小时 · 校内 60 · 校外 180" in "\n".join(as_lines(asked[0]))


def test_pasted_rows_are_checked_by_cell_and_stored_together(page: RecordsPage, qtbot: QtBot, ledger: Workspace) -> None:
    QAbstractItemModelTester(page.grid.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    page.open_grid()
    lines = ["编号\t仪器编号\t使用单位\t开始时间\t结束时间\t服务项目\t操作人\t合同编号"]
    lines += [f"N{n}\tA1\t{making.OUTSIDE}\t2025-11-{n:02d} 09:00\t2025-11-{n:02d} 10:00\t测试\t张一\tHT" for n in range(1, 6)]
    lines.append("N9\tZZ\t本校\t2025-11-09 09:00\t2025-11-09 10:00\t\t\t")
    QApplication.clipboard().setText("\n".join(lines))
    qtbot.keyClick(page.grid.view, Qt.Key.Key_V, CONTROL)
    model = page.grid.model
    assert model.index(0, model.columnCount() - 1).data() == "¥180.00"
    bad = model.index(5, 1)
    assert bad.data(Qt.ItemDataRole.DecorationRole) is not None
    assert "ZZ" in bad.data(Qt.ItemDataRole.ToolTipRole)
    qtbot.mouseClick(page.grid.save, Qt.MouseButton.LeftButton)
    assert [number for number in shown_numbers(page) if number.startswith("N")] == ["N5", "N4", "N3", "N2", "N1"]
    assert page.grid.unsaved()  # the row that could not be stored stays
    assert model.index(0, 0).data() == "N9"
    model.setData(model.index(0, 1), "A1")
    page.grid.check()
    assert model.checked(0) is not None
    assert model.checked(0).storable  # type: ignore[union-attr]  # just asserted
    history.undo_last(ledger)
    page.refresh()
    assert shown_numbers(page) == []


def test_the_list_follows_chips_search_and_period(page: RecordsPage, qtbot: QtBot, ledger: Workspace, at_desk: Desk) -> None:
    QAbstractItemModelTester(page.table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    records.add(ledger, making.draft(ledger, "R1"))
    records.add(ledger, making.draft(ledger, "R2", contract=""))
    records.add(ledger, making.draft(ledger, "S3", asset="S1"))
    records.add(ledger, making.draft(ledger, "R4", day=making.JUNE.replace(year=2024)))
    making.posted(ledger, "R5")
    page.refresh()
    assert set(shown_numbers(page)) == {"R1", "R2", "S3", "R5"}
    for filters, wanted in (({"state": "posted"}, {"R5"}), ({"problem": "1"}, {"R2"}), ({"confidential": "1"}, {"S3"})):
        page.arrive(filters)
        assert set(shown_numbers(page)) == wanted
    page.arrive({"text": "雷达"})
    assert shown_numbers(page) == ["S3"]
    page.arrive({"text": ""})
    page.search.setText("R2")
    qtbot.keyClick(page.search, ENTER)
    assert shown_numbers(page) == ["R2"]
    page.search.clear()
    at_desk.set_period(parse("2024"))
    qtbot.keyClick(page.search, ENTER)
    assert shown_numbers(page) == ["R4"]
    page.arrive({"number": "R5"})  # from a search hit: whatever the period
    assert shown_numbers(page) == ["R5"]
    with ledger.read() as connection:
        key = connection.exec_driver_sql("SELECT id FROM posting").scalar_one()
    page.arrive_rows(Rows("posting", (key,)))
    assert shown_numbers(page) == ["R5"]


def test_a_problem_is_answered_where_it_is_shown(page: RecordsPage, qtbot: QtBot, ledger: Workspace) -> None:
    records.add(ledger, making.draft(ledger, "R1", operator_name="", contract=""))
    page.refresh()
    pick(page, "R1")
    assert page.detail.tabs.currentIndex() == PROBLEMS
    form, save = page.detail.answers.form, page.detail.answers.save
    assert form is not None
    assert save is not None
    form.field("operator_name").editor.setFocus()
    typed(qtbot, "李二")
    qtbot.keyClicks(form.field("contract").editor, "HT-3")
    qtbot.mouseClick(save, Qt.MouseButton.LeftButton)
    assert not records.problems(ledger, "R1")
    assert records.get(ledger, "R1").operator_name == "李二"
    page.detail.tabs.setCurrentIndex(PRICE)
    assert page.detail.amount.text() == "¥180.00"


def test_whether_it_was_urgent_is_answered_where_it_is_asked(page: RecordsPage, qtbot: QtBot, ledger: Workspace) -> None:
    records.add(ledger, making.draft(ledger, "R1", urgent_said="也许"))
    page.refresh()
    pick(page, "R1")
    form, save = page.detail.answers.form, page.detail.answers.save
    assert form is not None
    assert save is not None
    assert form.field("urgent").value() is None, "the window answers nothing by itself"
    form.field("urgent").set_value("no")
    qtbot.mouseClick(save, Qt.MouseButton.LeftButton)
    assert not records.problems(ledger, "R1")
    assert (records.get(ledger, "R1").urgent, records.get(ledger, "R1").urgent_said) == (False, "")


def test_a_correction_elsewhere_does_not_answer_whether_it_was_urgent(page: RecordsPage, ledger: Workspace) -> None:
    records.add(ledger, making.draft(ledger, "R1", urgent_said="也许"))
    page.entry.correct(records.get(ledger, "R1"))
    page.entry.form.field("note").set_value("补记")
    page.entry.save.click()
    assert (records.get(ledger, "R1").note, records.get(ledger, "R1").urgent_said) == ("补记", "也许")
    page.entry.correct(records.get(ledger, "R1"))
    page.entry.form.field("urgent").editor.click()
    page.entry.save.click()
    assert (records.get(ledger, "R1").urgent, records.get(ledger, "R1").urgent_said) == (True, "")


def test_an_overlap_is_accepted_with_a_reason_that_stays(page: RecordsPage, ledger: Workspace) -> None:
    records.add(ledger, making.draft(ledger, "R1"))
    records.add(ledger, making.draft(ledger, "R12"))  # the same two hours
    page.refresh()
    pick(page, "R1")
    offer, edit = page.detail.answers.offers
    assert edit.text() == "修改整条记录…"
    offer.click()
    dialog = open_dialog(ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    dialog.text.setPlainText("两个样品同机并测")
    dialog.do.click()
    assert records.get(ledger, "R1").answers == ("record.overlap=两个样品同机并测",)


def test_posting_says_how_many_and_how_much_and_that_it_is_final(page: RecordsPage, ledger: Workspace) -> None:
    for number, changed in (("R1", {}), ("R2", {}), ("R3", {"contract": ""})):
        records.add(ledger, making.draft(ledger, number, **changed))
    page.refresh()
    page.steps.post_up_to()
    ask = open_dialog(FormDialog)
    assert isinstance(ask, FormDialog)
    ask.form.field("to").set_value(making.MAY)
    ask.do.click()
    dialog = open_dialog(ConfirmDialog)
    assert isinstance(dialog, ConfirmDialog)
    words = " ".join(each.text() for each in dialog.findChildren(type(dialog.heading)))
    assert "2 条服务记录记账，合计 ¥360.00" in words
    assert "1 条有问题" in words
    assert "不能撤销" in words
    assert dialog.cancel.isDefault()
    dialog.do.click()
    assert {number: records.get(ledger, number).state for number in ("R1", "R2", "R3")} == {
        "R1": "posted",
        "R2": "posted",
        "R3": "draft",
    }
    page.arrive({"state": "posted"})
    assert set(shown_numbers(page)) == {"R1", "R2"}


def test_a_posted_record_is_reversed_or_corrected_with_a_reason(page: RecordsPage, ledger: Workspace) -> None:
    for number in ("R1", "R2"):
        making.posted(ledger, number)
    page.refresh()
    page.steps.reverse(records.get(ledger, "R1"))
    dialog = open_dialog(ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    assert not dialog.do.isEnabled()
    dialog.text.setPlainText("登记错了仪器")
    dialog.do.click()
    assert records.get(ledger, "R1").state == "reversed"
    page.steps.replace(records.get(ledger, "R2"))
    dialog = open_dialog(ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    dialog.text.setPlainText("少记了一小时")
    dialog.do.click()
    assert records.get(ledger, "R2").state == "posted"  # nothing happens before the correction is saved
    page.entry.form.field("ended_at").set_value(records.get(ledger, "R2").ended_at.replace(hour=6))
    assert page.entry.form.submit()
    successor = records.get(ledger, "R2-R1")
    assert (records.get(ledger, "R2").state, successor.state, successor.minutes) == ("reversed", "draft", 120)


def test_a_record_reversed_before_gets_its_replacement(page: RecordsPage, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    posting.reverse(ledger, "R1", "少记了一小时")
    page.refresh()
    page.table.select([page.table.model.key_at(0)])
    action = next(one for one in page.table.view.actions() if one.text() == "冲销并更正…")
    action.trigger()
    dialog = open_dialog(ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    dialog.text.setPlainText("少记了一小时")
    dialog.do.click()
    page.entry.form.field("ended_at").set_value(records.get(ledger, "R1").ended_at + timedelta(hours=1))
    assert page.entry.form.submit()
    successor = records.get(ledger, "R1-R1")
    assert (records.get(ledger, "R1").state, successor.state, successor.minutes) == ("reversed", "draft", records.get(ledger, "R1").minutes + 60)
    assert successor.replaces == records.get(ledger, "R1").id


def test_a_receipt_is_recorded_and_too_much_is_refused(page: RecordsPage, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    page.refresh()
    pick(page, "R1")
    page.detail.tabs.setCurrentIndex(RECEIPTS)
    view = page.detail.receipts
    view.form.field("fen").set_value(20_000)
    view.form.field("invoice").set_value("FP-1")
    view.save.click()
    assert posting.receipts(ledger, "R1") == []
    view.form.field("fen").set_value(10_000)
    view.save.click()
    assert [receipt.fen for receipt in posting.receipts(ledger, "R1")] == [10_000]
    assert "¥80.00" in view.open_line.text()


def test_drafts_are_removed_and_undone_and_the_history_tells(page: RecordsPage, ledger: Workspace) -> None:
    records.add(ledger, making.draft(ledger, "R1"))
    page.refresh()
    page.steps.remove(["R1"])
    assert shown_numbers(page) == []
    history.undo_last(ledger)
    page.refresh()
    pick(page, "R1")
    page.detail.tabs.setCurrentIndex(HISTORY)
    assert [line for line in page.detail.history.told() if "录入服务记录" in line]


def test_the_voucher_mark_of_a_draft_is_seen_and_taken_off(page: RecordsPage, at_desk: Desk, ledger: Workspace) -> None:
    records.add(ledger, making.draft(ledger, "R1"))
    page.refresh()
    pick(page, "R1")
    assert page.detail.unmark.isHidden(), "nothing was said of it"
    at_desk.announce(vouchers.mark(ledger, "R1", True, "WL-1", invoiced_fen=300_00, excluded_fen=20_00, excluded_why="耗材"))
    assert "创新券标注 通过网络 · 网络订单号 WL-1 · 已开票 ¥300.00 · 不计入 ¥20.00（耗材）" in page.detail.facts.told()
    page.detail.unmark.click()
    asked = open_dialog(ConfirmDialog)
    assert isinstance(asked, ConfirmDialog)
    asked.do.click()
    assert page.detail.unmark.isHidden()
    assert not any("WL-1" in line for line in page.detail.facts.told())
    page.steps.remove(["R1"])
    assert shown_numbers(page) == []
    for _ in range(2):
        at_desk.announce(history.undo_last(ledger))
    pick(page, "R1")
    assert not page.detail.unmark.isHidden(), "undo brings both back"


def test_many_are_filled_in_at_once(page: RecordsPage, ledger: Workspace) -> None:
    for number in ("R1", "R2"):
        records.add(ledger, making.draft(ledger, number, contract=""))
    page.steps.fill(["R1", "R2"])
    dialog = open_dialog(FormDialog)
    assert isinstance(dialog, FormDialog)
    dialog.do.click()
    assert dialog.isVisible()  # nothing to fill in: said, and asked again
    dialog.form.field("contract").set_value("HT-8")
    dialog.do.click()
    assert {records.get(ledger, number).contract for number in ("R1", "R2")} == {"HT-8"}


def test_what_was_typed_is_not_lost_unasked(page: RecordsPage, qtbot: QtBot) -> None:
    assert page.unsaved() == ""
    page.new()
    assert page.unsaved() == ""  # a suggested number is nothing of the person's
    typed(qtbot, "扫描")
    assert page.unsaved()
    qtbot.keyClick(page.entry, Qt.Key.Key_Escape)
    page.open_grid()
    page.grid.paste_text("N1\tA1\t本校")
    assert "批量" in page.unsaved()


def test_the_price_and_the_detail_come_by_the_real_lanes(at_desk: Desk, qtbot: QtBot, ledger: Workspace) -> None:
    records.add(ledger, making.draft(ledger, "R1"))
    jobs = Jobs(Lanes())
    desk = Desk(jobs, {"period": "2025"}, today)
    desk.open(OpenLedger(ledger), ledger)
    page = RecordsPage(desk)
    desk.changed.connect(page.hear)
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    qtbot.waitUntil(lambda: shown_numbers(page) == ["R1"])
    pick(page, "R1")
    qtbot.waitUntil(lambda: page.detail.detail is not None)
    page.new()
    for text in ("扫描", "测试", "鲁信", "2025-11-03 9:00", "+100"):
        typed(qtbot, text)
    qtbot.waitUntil(lambda: page.entry.price.amount.text() == "¥300.00")
    qtbot.keyClick(QApplication.focusWidget(), ENTER, CONTROL)
    qtbot.waitUntil(lambda: set(shown_numbers(page)) == {"R1", "R2"})
    page.leave()
    jobs.close()


def test_steps_over_posted_records_say_that_there_is_no_draft(page: RecordsPage, ledger: Workspace) -> None:
    told: list[Notice] = []
    page.desk.told.connect(told.append)
    making.posted(ledger, "R1")
    page.refresh()
    pick(page, "R1")
    for action in page.table.menu().actions():
        if action.text() in ("记账…", "删除草稿", "修改草稿"):
            action.trigger()
    assert records.get(ledger, "R1").state == "posted"
    assert len(told) == 2


def test_the_menu_offers_what_fits(page: RecordsPage, ledger: Workspace) -> None:
    records.add(ledger, making.draft(ledger, "R1"))
    page.refresh()
    pick(page, "R1")
    texts = [action.text() for action in page.table.menu().actions() if action.isEnabled()]
    assert "记账…" in texts
    assert page.table.view.visualRect(page.table.model.index(0, 0)).contains(QPoint(4, 4))


def test_the_import_button_opens_the_wizard(page: RecordsPage) -> None:
    page.import_file()
    wizard = open_dialog(ImportWizard)
    assert isinstance(wizard, ImportWizard)
    assert wizard.kind == "records"
    wizard.reject()


def test_the_list_stands_on_a_line_of_time_under_the_same_chips(page: RecordsPage, ledger: Workspace) -> None:
    for number in ("R1", "R2"):
        records.add(ledger, making.draft(ledger, number))
    making.posted(ledger, "R3", "A2")
    page.refresh()
    page.as_timeline.click()
    line = page.timeline.line
    assert line.isVisible()
    assert not page.table.view.isVisible()
    assert [lane.asset_number for lane in line._lanes] == ["A1", "A2"]
    line._take((1, 0))
    assert page.detail.heading.text() == "R3"
    pick(page, "R1")
    current = line.current()
    assert current is not None
    assert current.number == "R1"
    page.table.chips._chips["state", "draft"][1].click()
    assert [lane.asset_number for lane in line._lanes] == ["A1"]
    assert page.desk.preferences["records.timeline"] is True
    page.table.chips._chips["state", "draft"][1].click()
    page.as_timeline.click()
    assert page.table.view.isVisible()
