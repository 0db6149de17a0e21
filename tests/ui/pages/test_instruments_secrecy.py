"""改密级 at the window: what it means is said first, two people sign, the detail shows what waits and what was decided."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from desktop.actions import instruments, reclassifying, taking_back
from desktop.actions.workspace import Workspace
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.reason_dialog import ReasonDialog
from desktop.ui.pages.instruments import InstrumentsPage
from desktop.ui.pages.instruments_detail import DUTY
from tests.actions.making import APPROVER, OFFICE, PINS, posted
from tests.ui.pages.driving import dialog, nothing_open, sign
from tests.ui.pages.test_instruments import act, notices, page, pick  # a fixture

__all__ = ["page"]


def _prepare(reason: str, by: str = OFFICE) -> str:
    """Fill the form, sign as the equipment office; what the form says."""
    asked = dialog(FormDialog)
    said = "\n".join(child.text() for child in asked.findChildren(type(asked.said.words)))
    asked.form.field("reason").set_value(reason)
    asked.do.click()
    sign(by, PINS[by])
    return said


def test_one_is_made_confidential_and_another_person_confirms(page: InstrumentsPage, ledger: Workspace, at_desk: Desk) -> None:
    told = notices(at_desk)
    pick(page, "A1")
    page.detail.tabs.setCurrentIndex(DUTY)
    view = page.detail.secrecy
    assert not view.approve.isVisible()
    view.prepare.click()
    said = _prepare("上级通知")
    assert "不再同步" in said
    assert "没有一行送出过本机" in said
    assert nothing_open()
    assert instruments.get(ledger, "A1").confidential
    assert view.approve.isVisible()
    assert not view.prepare.isVisible()
    assert not view.withdraw.isVisible(), "one person alone never takes it back"
    assert any("上级通知" in line and "等待另一人审批" in line for line in view.facts.told())
    view.approve.click()
    asked = sign(OFFICE, PINS[OFFICE])
    assert "换一个人" in asked.said.words.text()
    asked.reject()
    view.approve.click()
    sign(APPROVER, PINS[APPROVER])
    assert nothing_open()
    assert any("已批准" in line for line in view.facts.told())
    assert view.prepare.isVisible()
    assert [notice.level for notice in told] == ["done", "done"]


def test_a_declassification_waits_and_is_declined_with_a_reason(page: InstrumentsPage, ledger: Workspace) -> None:
    pick(page, "S1")
    page.detail.tabs.setCurrentIndex(DUTY)
    view = page.detail.secrecy
    view.prepare.click()
    assert "收不回来" in _prepare("已解密")
    assert instruments.get(ledger, "S1").confidential
    assert view.withdraw.isVisible()
    view.decline.click()
    asked = dialog(ReasonDialog)
    asked.text.setPlainText("还没到期")
    asked.do.click()
    sign(APPROVER, PINS[APPROVER])
    assert nothing_open()
    assert instruments.get(ledger, "S1").confidential
    assert any("还没到期" in line for line in view.facts.told())
    view.prepare.click()
    _prepare("再次申请")
    view.withdraw.click()
    sign(OFFICE, PINS[OFFICE])
    view.prepare.click()
    _prepare("到期解密")
    view.approve.click()
    sign(APPROVER, PINS[APPROVER])
    assert instruments.get(ledger, "S1").confidential is False


def test_several_are_prepared_together_when_they_are_alike(page: InstrumentsPage, ledger: Workspace, at_desk: Desk) -> None:
    told = notices(at_desk)
    pick(page, "A1", "S1")
    act(page, "改密级…")
    assert nothing_open()
    assert "密级相同" in told[0].text
    pick(page, "A1", "A2")
    act(page, "改密级…")
    said = _prepare("一并定密")
    assert "扫描电镜" in said
    assert "质谱仪" in said
    assert all(instruments.get(ledger, number).confidential for number in ("A1", "A2"))


def test_what_was_sent_is_asked_back_after_what_it_means_was_read(page: InstrumentsPage, ledger: Workspace) -> None:
    key = instruments.get(ledger, "A2").id
    base = "INSERT INTO sync_base (remote, kind, key, body, token, action, op_id) VALUES ('hub', 'instrument', ?, '{}', 't', 'create', 'o')"
    with ledger.write("sync") as operation:
        operation.connection.exec_driver_sql(base, (key,))
    reclassifying.prepare(ledger, "A2", True, "上级通知", OFFICE, PINS[OFFICE])
    pick(page, "A2")
    page.detail.tabs.setCurrentIndex(DUTY)
    view = page.detail.secrecy
    assert not view.take_back.isVisible(), "not before another person confirmed the change"
    reclassifying.approve(ledger, "A2", APPROVER, PINS[APPROVER])
    page.detail.again()
    assert view.take_back.isVisible()
    assert any("还有 1 行" in line for line in view.facts.told())
    view.take_back.click()
    said = _prepare("发函前先撤下", APPROVER)
    assert "可以请它删除的有 1 行" in said
    assert "其他电脑" in said
    assert nothing_open()
    assert any("发函前先撤下" in line and APPROVER in line for line in view.facts.told())
    assert taking_back.offer(ledger, "A2").standing is not None


def test_where_nothing_can_be_deleted_nobody_is_asked_for_a_reason_or_a_pin(page: InstrumentsPage, ledger: Workspace) -> None:
    posted(ledger, "R1", "A2")
    key = instruments.get(ledger, "A2").id
    base = (
        "INSERT INTO sync_base (remote, kind, key, body, token, action, op_id) "
        "SELECT 'network', 'posting', id, '{}', 't', 'create', 'o' FROM posting WHERE instrument_id = ?"
    )
    with ledger.write("sync") as operation:
        operation.connection.exec_driver_sql(base, (key,))
    reclassifying.prepare(ledger, "A2", True, "上级通知", OFFICE, PINS[OFFICE])
    reclassifying.approve(ledger, "A2", APPROVER, PINS[APPROVER])
    assert taking_back.offer(ledger, "A2").n_deletable == 0
    pick(page, "A2")
    page.detail.tabs.setCurrentIndex(DUTY)
    page.detail.secrecy.take_back.click()
    asked = dialog(ConfirmDialog)
    told = "\n".join(one.text() for one in asked.findChildren(QLabel))
    assert "不能删除的有 1 行" in told
    assert "行文" in told
    assert "请求送出后" not in told
    assert not asked.cancel.isVisible()
    asked.do.click()
    assert nothing_open()
