"""The day at the window, second part: duties, prices, a record typed in, a problem answered, everything posted, and why."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt

from desktop.ui.dialogs.confirm_dialog import ConfirmDialog
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.pages.records_detail import PRICE, PROBLEMS
from tests.e2e.hands import CONTROL, ENTER, Hands

LATE, IN_TIME = "2025170059", "2026170050"  # past its deadline on the day at the desk; eight working days before it
CHEAP_HPLC = "2024170007"  # 30分钟 | 25 | 50
ANSWERED = "R700027"  # its only problem: no contract


def duties(hands: Hands) -> None:
    """合规 tells who is overdue; joining is recorded there and on 仪器, late and in time."""
    page = hands.page("compliance")
    view = page.duties
    n_overdue = int(view.cards["overdue"].number.text())
    assert n_overdue > 30
    assert view.cards["joined"].number.text() == view.cards["joined_late"].number.text() == "0"
    hands.press(view.cards["overdue"])
    hands.until(lambda: view.table.model.rowCount() == n_overdue)
    hands.rest()
    hands.click_row(view.table, LATE)
    hands.until(lambda: view.view is not None)
    assert "逾期未入网" in hands.labels(view.duty)
    hands.press(view.why)
    hands.until(lambda: "逾期未入网" in hands.labels(hands.window.panel()))
    assert "验收" in hands.tree_text()
    hands.press(view.duty.join)
    _join(hands, "SD-0059")
    hands.until(lambda: view.cards["joined_late"].number.text() == "1")
    assert view.cards["overdue"].number.text() == str(n_overdue - 1)

    page = hands.page("instruments")
    hands.fill(page.search, IN_TIME)
    hands.key(ENTER)
    hands.until(lambda: page.table.model.rowCount() == 1)
    hands.click_row(page.table, IN_TIME)
    hands.until(lambda: "待入网" in page.detail.duty_line.words.text())
    hands.menu(page.table, "登记入网…")
    _join(hands, "SD-0050")
    hands.until(lambda: "已入网" in page.detail.duty_line.words.text())
    hands.fill(page.search, "")
    hands.key(ENTER)


def _join(hands: Hands, number: str) -> None:
    """The day at the desk is offered; only the number is missing."""
    dialog = hands.dialog(FormDialog)
    hands.press(dialog.do)
    assert "入网编号" in hands.labels(dialog)
    assert dialog.isVisible()  # the number is required
    hands.fill(dialog.form.field("number").editor, number)
    hands.press(dialog.do)
    hands.gone(dialog)


def prices(hands: Hands) -> None:
    """收费 shows how each published price was read; a trial on a record comes out to the fen."""
    page = hands.page("fees")
    assert page.table.model.rowCount() > 35
    hands.fill(page.search, CHEAP_HPLC)
    hands.key(ENTER)
    hands.until(lambda: page.table.model.rowCount() == 1)
    hands.click_row(page.table, CHEAP_HPLC)
    hands.until(lambda: CHEAP_HPLC in page.detail.heading.text())
    hands.until(lambda: all(part in hands.labels(page.detail.lines) for part in ("常规分析", "25", "50")))
    hands.fill(page.search, "")
    hands.key(ENTER)


def a_record_by_keyboard(hands: Hands) -> str:
    """From Ctrl+5 to Ctrl+Enter without the mouse, the customer by an input method; the price stands there while typing."""
    hands.key(Qt.Key.Key_5, CONTROL)
    hands.until(lambda: hands.window.pages.current == "records")
    hands.rest()
    page = hands.window.pages.page("records")
    hands.key(Qt.Key.Key_N, CONTROL)
    entry = page.entry
    hands.until(lambda: entry.form.field("instrument_id").editor.hasFocus())
    number = str(entry.form.field("number").value())
    for text in (CHEAP_HPLC, "", "齐鲁新材料", "2025-11-03 9:00", "+90", "", "张勇", "HT-2025-9001"):
        hands.enter(text)
    hands.until(lambda: entry.price.amount.text() == "¥150.00")
    draft = entry.form.draft()
    assert draft["customer_name"] == "齐鲁新材料股份有限公司"
    assert (draft["item"], draft["operator_name"]) == ("常规分析", "T009")
    hands.key(ENTER, CONTROL)
    hands.until(lambda: f"已保存 {number}" in entry.heading.text())
    assert "¥150.00" in entry.heading.text()
    assert entry.form.field("instrument_id").editor.hasFocus()  # ready for the next one
    hands.key(Qt.Key.Key_Escape)
    hands.until(lambda: page.right.currentWidget() is page.detail)
    hands.rest()
    assert number in hands.column(page.table, 0)
    return number


def a_problem_answered(hands: Hands) -> None:
    """A record without contract: the problem stands beside the field that answers it, and is gone when it is answered."""
    page = hands.page("records")
    hands.chip(page.table, "有问题")
    n = page.table.model.rowCount()
    hands.click_row(page.table, ANSWERED)
    detail = page.detail
    hands.until(lambda: detail.heading.text() == ANSWERED)
    hands.tab(detail.tabs, PROBLEMS)
    answers = detail.answers
    assert answers.form is not None
    assert "合同" in hands.labels(answers)
    hands.fill(answers.form.field("contract").editor, "HT-2025-0027")
    assert answers.save is not None
    hands.press(answers.save)
    hands.until(lambda: page.table.model.rowCount() == n - 1)
    hands.rest()
    hands.chip(page.table, "有问题")


def post_everything(hands: Hands, number: str) -> None:
    """Posting says how many and how much before it happens, and that there is no way back; then a price explains itself."""
    page = hands.page("records")
    hands.press_named(page.head, "全部记账…")
    asked = hands.dialog(FormDialog)
    assert str(asked.form.field("to").value()) == "2025-12-31"
    hands.press(asked.do)
    sure = hands.dialog(ConfirmDialog)
    said = hands.labels(sure)
    told_before = re.search(r"(\d[\d,]*) 条服务记录记账，合计 (¥[\d,.]+)", said)
    assert told_before, said
    assert "有问题，不记账" in said
    assert "不能撤销" in said
    assert sure.cancel.isDefault()
    hands.press(sure.do)
    hands.until(lambda: any("已记账" in each for each in hands.notices()))
    hands.rest()
    told_after = re.search(r"已记账 (\d[\d,]*) 条，合计 (¥[\d,.]+)。", "\n".join(hands.notices()))
    assert told_after, hands.notices()
    assert told_after.groups() == told_before.groups()  # what was agreed to is what was done
    hands.chip(page.table, "已记账")
    hands.click_row(page.table, number)
    hands.until(lambda: page.detail.heading.text() == number)
    hands.tab(page.detail.tabs, PRICE)
    hands.press(page.detail.why)
    hands.until(lambda: "150.00" in hands.panel_value())
    told = hands.tree_text()
    for part in ("90", "50.00", "2024170007"):
        assert part in told, told
    hands.chip(page.table, "已记账")
