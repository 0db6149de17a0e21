"""调配 at the window: proposed from the instrument or the candidates, decided by another person, handed over, the form on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.actions import instruments, reporting, transfers
from desktop.actions.workspace import Workspace
from desktop.rules.figure import Figure
from desktop.ui.desk import Desk
from desktop.ui.dialogs.attachments_dialog import AttachmentsDialog
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.pin_dialog import PinDialog
from desktop.ui.pages.instruments import InstrumentsPage
from desktop.ui.pages.instruments_detail import DUTY
from desktop.ui.pages.instruments_transfer import TransferView
from desktop.ui.pages.instruments_transfer_list import TransferCandidates
from desktop.ui.pages.paper_dialog import PaperDialog
from tests.actions.making import APPROVER, LAB, OFFICE, PINS, posted
from tests.ui.pages.driving import dialog, nothing_open, sign, texts_of
from tests.ui.pages.test_instruments import notices, page, pick  # a fixture

__all__ = ["page"]


def _at(page: InstrumentsPage, number: str) -> TransferView:
    pick(page, number)
    page.detail.tabs.setCurrentIndex(DUTY)
    return page.detail.transfer


def _fill(by: str, **given: object) -> PinDialog:
    asked: FormDialog = dialog(FormDialog)
    for name, value in given.items():
        asked.form.field(name).set_value(value)
    asked.do.click()
    return sign(by, PINS[by])


def test_another_page_leads_to_the_transfers_of_a_set(page: InstrumentsPage, qtbot: QtBot) -> None:
    page.arrive({"asset_number": "A1", "tab": "transfer"})
    assert page.detail.view is not None
    assert page.detail.view.instrument.asset_number == "A1"
    assert page.detail.tabs.currentIndex() == DUTY
    page.detail.resize(page.detail.width(), 300)
    page.arrive({"asset_number": "A1", "tab": "transfer"})
    qtbot.waitUntil(lambda: not page.detail.transfer.inside.visibleRegion().isEmpty())  # brought into sight, not only on the right part
    page.detail.tabs.setCurrentIndex(0)
    page.arrive({"asset_number": "A2"})
    assert page.detail.tabs.currentIndex() == 0


def test_a_set_is_moved_inside_by_two_people_and_handed_over(page: InstrumentsPage, ledger: Workspace, at_desk: Desk, tmp_path: Path) -> None:
    told = notices(at_desk)
    view = _at(page, "A1")
    assert view.facts.told() == ["现在 没有调配"]
    assert not any(button.isVisible() for button in (view.approve, view.decline, view.withdraw, view.hand, view.form))
    view.inside.click()
    asked: FormDialog = dialog(FormDialog)
    asked.do.click()
    assert nothing_open() is False, "a department and a reason are asked for first"
    assert transfers.every(ledger) == []
    _fill(LAB, to_department="化学系", keeper="孙八", reason="使用率低")
    assert nothing_open()
    assert told[-1].level == "warning", "it is told that last year's use does not make it a candidate"
    assert not view.inside.isVisible()
    assert any("待审批" in line and "化学系" in line and "使用率低" in line for line in view.facts.told())
    view.approve.click()
    refused = _fill(OFFICE, note="同意")
    assert not refused.isVisible()
    assert view.hand.isVisible()
    view.hand.click()
    asked = dialog(FormDialog)
    asked.form.field("handed_on").set_value(date(2026, 3, 3))
    asked.do.click()
    sign(LAB, PINS[LAB])
    assert "还没有到" in asked.form._places["handed_on"].said.words.text()
    assert asked.form.draft()["took"] == "孙八", "what was typed stays"
    _fill(LAB, handed_on=date(2026, 3, 2), parts="钥匙2把")
    assert nothing_open()
    assert (instruments.get(ledger, "A1").department, instruments.get(ledger, "A1").contact) == ("化学系", "孙八")
    assert any("2026-03-02 移交" in line for line in view.facts.told())
    view.form.click()
    paper: PaperDialog = dialog(PaperDialog)
    assert paper.preview.drawn is not None
    paper.save_to(tmp_path / "移交单.pdf")
    assert (tmp_path / "移交单.pdf").read_bytes() == paper.preview.drawn.data
    assert [(one.kind, one.period) for one in reporting.printed(ledger)] == [("transfers", transfers.every(ledger)[0].transfer.number)]
    paper.reject()


def test_what_is_given_free_needs_a_paper_and_can_be_declined_or_withdrawn(page: InstrumentsPage, ledger: Workspace) -> None:
    view = _at(page, "A2")
    view.free.click()
    asked: FormDialog = dialog(FormDialog)
    for name, value in {"receiver": "鲁东学院", "receiver_uscc": "123702004000000265", "reason": "不再使用"}.items():
        asked.form.field(name).set_value(value)
    asked.do.click()
    assert "校验" in asked.form._places["receiver_uscc"].said.words.text(), "a wrong check character is told before anybody signs"
    _fill(OFFICE, receiver_uscc="123702004000000266")
    assert nothing_open()
    view.approve.click()
    dialog(FormDialog).do.click()
    assert dialog(FormDialog).form._places["document"].said.words.text(), "given free on a paper only"
    dialog(FormDialog).reject()
    view.decline.click()
    assert "自己审批" in _fill(OFFICE, note="先问别的系").said.words.text()
    sign(APPROVER, PINS[APPROVER])
    assert nothing_open()
    assert any("已退回" in line and "先问别的系" in line for line in view.facts.told())
    view.free.click()
    _fill(OFFICE, receiver="鲁东学院", reason="再次编制")
    view.withdraw.click()
    assert "编制人" in sign(LAB, PINS[LAB]).said.words.text()
    sign(OFFICE, PINS[OFFICE])
    assert [one.transfer.state for one in transfers.every(ledger)] == ["withdrawn", "declined"]
    assert view.free.isVisible()


def _offered(view: TransferView) -> list[str]:
    return [button.text() for button in (view.inside, view.free) if button.isVisible()]


def test_a_confidential_set_is_not_offered(page: InstrumentsPage) -> None:
    assert _offered(_at(page, "A1"))
    assert not _offered(_at(page, "S1"))


def test_a_window_that_forgets_the_secrecy_is_seen(page: InstrumentsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    show = TransferView.show_view
    monkeypatch.setattr(
        TransferView, "show_view", lambda self, shown: show(self, replace(shown, instrument=replace(shown.instrument, confidential=False)))
    )
    assert _offered(_at(page, "S1"))


def test_the_candidates_are_listed_explained_and_proposed_from(page: InstrumentsPage, ledger: Workspace, at_desk: Desk) -> None:
    for number in ("A1", "A2"):
        instruments.change(ledger, replace(instruments.get(ledger, number), category="通用"))
    posted(ledger, "P1", minutes=120)
    asked: list[Figure] = []
    at_desk.explaining.connect(asked.append)
    page.transfer_candidates()
    found: TransferCandidates = dialog(TransferCandidates)
    assert texts_of(found.table) == ["A1", "A2"]
    assert "候选 2 台" in found.says.text()
    assert "涉密不列的 1 台" in found.says.text()
    assert "使用率低" in texts_of(found.table, 5)[0]
    found.table.select(["A1"])
    found.why.click()
    assert nothing_open()
    assert asked[0].value == "candidate"
    page.transfer_candidates()
    found = dialog(TransferCandidates)
    found.table.select(["A2"])
    found.inside.click()
    _fill(LAB, to_department="化学系", reason="使用率低")
    assert [one.asset_number for one in transfers.every(ledger)] == ["A2"]
    page.transfer_candidates()
    found = dialog(TransferCandidates)
    assert texts_of(found.table, 6)[1].startswith("DB2026-")
    found.reject()


def test_the_files_of_the_newest_transfer_are_its_own(page: InstrumentsPage, ledger: Workspace) -> None:
    view = _at(page, "A1")
    assert not view.files.isVisible(), "nothing to attach them to"
    view.inside.click()
    _fill(LAB, to_department="化学系", keeper="孙八", reason="使用率低")
    view.files.click()
    asked: AttachmentsDialog = dialog(AttachmentsDialog)
    assert asked.view.subject == ("transfer", transfers.every(ledger)[0].transfer.id)
    asked.reject()
