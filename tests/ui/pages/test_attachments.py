"""附件 on the details: chosen or dropped, listed, opened as a copy, saved, removed and undone; a confidential set's stay and say so."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop import words
from desktop.actions import costs, evidence, history, posting
from desktop.actions.workspace import Workspace
from desktop.ledger.keys import new_key
from desktop.ui.attachments_view import AttachmentsView
from desktop.ui.desk import Desk
from desktop.ui.dialogs.attachments_dialog import AttachmentsDialog
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog
from desktop.ui.pages.fees import FeesPage
from desktop.ui.pages.fees_detail import EVIDENCE as FEE_EVIDENCE
from desktop.ui.pages.instruments_detail import EVIDENCE
from desktop.ui.pages.payouts import COSTS, PayoutsPage
from desktop.ui.pages.records import RecordsPage
from desktop.ui.pages.records_detail import EVIDENCE as RECORD_EVIDENCE
from desktop.ui.pages.records_detail import RECEIPTS
from tests.actions.making import declare, enter, posted, settled
from tests.ui.looking import faults
from tests.ui.pages.driving import dialog, nothing_open
from tests.ui.pages.test_instruments import InstrumentsPage, notices, page, pick  # a fixture

__all__ = ["page"]


@pytest.fixture(autouse=True)
def _no_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    yield
    evidence.forget_copies()
    assert list(runtime.iterdir()) == []


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "验收报告.pdf"
    path.write_bytes(b"%PDF-1.7\n" + os.urandom(70_000))
    return path


def said(view: AttachmentsView) -> list[str]:
    QApplication.processEvents()  # a row that has just come is shown in its turn
    return [one.text() for one in view.findChildren(QLabel) if one.isVisible()]


def button(view: AttachmentsView, text: str) -> QPushButton:
    QApplication.processEvents()
    (found,) = [one for one in view.findChildren(QPushButton) if one.text() == text and one.isVisible()]
    return found


def drop(view: AttachmentsView, *paths: Path) -> bool:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    how = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entering = QDragEnterEvent(QPoint(5, 5), *how)
    entering.ignore()
    QApplication.sendEvent(view, entering)
    if entering.isAccepted():
        QApplication.sendEvent(view, QDropEvent(QPointF(5, 5), *how))
        QApplication.processEvents()
    return entering.isAccepted()


def at(page: InstrumentsPage, number: str) -> AttachmentsView:
    pick(page, number)
    page.detail.tabs.setCurrentIndex(EVIDENCE)
    return page.detail.evidence


def test_a_chosen_file_is_attached_saved_removed_and_undone(
    page: InstrumentsPage, ledger: Workspace, at_desk: Desk, pdf: Path, tmp_path: Path
) -> None:
    told = notices(at_desk)
    view = at(page, "A1")
    assert "还没有附件。" in said(view)
    view.add_button.click()
    dialog(QFileDialog).fileSelected.emit(str(pdf))
    dialog(QFileDialog).close()
    assert "验收报告.pdf" in said(view)
    assert any("PDF 文件 · 69 KB" in line for line in said(view))
    assert page.detail.tabs.tabText(EVIDENCE) == "附件 1"
    button(view, "另存为…").click()
    dialog(QFileDialog).fileSelected.emit(str(tmp_path / "out.pdf"))
    dialog(QFileDialog).close()
    assert (tmp_path / "out.pdf").read_bytes() == pdf.read_bytes()
    button(view, "移除…").click()
    dialog(ConfirmDialog).do.click()
    assert page.detail.tabs.tabText(EVIDENCE) == "附件"
    at_desk.announce(history.undo_last(ledger))
    assert "验收报告.pdf" in said(view)
    assert nothing_open()
    assert [notice.level for notice in told] == ["done", "done"]


def test_a_dropped_file_is_attached_and_what_is_none_is_said(page: InstrumentsPage, at_desk: Desk, pdf: Path, tmp_path: Path) -> None:
    told = notices(at_desk)
    view = at(page, "A2")
    assert drop(view, pdf)
    assert "验收报告.pdf" in said(view)
    (tmp_path / "装作.pdf").write_bytes(b"MZ" + bytes(80))
    for path in (tmp_path / "装作.pdf", tmp_path, pdf):
        assert drop(view, path)
    assert [notice.level for notice in told] == ["done", "error", "error", "error"]
    assert ["程序" in told[1].text, "文件夹" in told[2].text, "已经附在这里" in told[3].text] == [True] * 3
    assert not drop(view, pdf, tmp_path / "装作.pdf")


def test_opening_shows_a_read_only_copy_that_goes_with_the_program(page: InstrumentsPage, pdf: Path, tmp_path: Path) -> None:
    shown: list[Path] = []
    view = at(page, "A1")
    view._show_outside = lambda path: shown.append(path) is None
    disguised = pdf.rename(tmp_path / "看着像.html")
    view.add_file(disguised)
    button(view, "打开").click()
    assert shown[0].suffix == ".pdf"
    assert stat.S_IMODE(shown[0].stat().st_mode) == 0o400
    assert shown[0].read_bytes() == disguised.read_bytes()
    evidence.forget_copies()
    assert not shown[0].exists()
    view._show_outside = lambda path: False
    told = notices(page.desk)
    button(view, "打开").click()
    assert "没有能打开" in told[0].text


def test_the_files_of_a_confidential_set_say_that_they_stay(page: InstrumentsPage, pdf: Path) -> None:
    shown: list[Path] = []
    view = at(page, "S1")
    view._show_outside = lambda path: shown.append(path) is None
    view.add_file(pdf)
    assert any("只留在本机" in line for line in said(view))
    button(view, "打开").click()
    asked = dialog(ConfirmDialog)
    assert shown == []
    asked.do.click()
    assert len(shown) == 1
    assert not any("只留在本机" in line for line in said(at(page, "A1")))


def test_a_file_that_is_at_another_seat_can_be_fetched_but_not_opened(page: InstrumentsPage, ledger: Workspace) -> None:
    key = evidence.subject(ledger, "instrument", "A1")
    with ledger.write("sync") as operation:
        operation.connection.exec_driver_sql(
            "INSERT INTO attachment (id, of_kind, of_id, name, sha256) VALUES (?, 'instrument', ?, '远处.pdf', ?)", (new_key(), key, "ab" * 32)
        )
    told = notices(page.desk)
    view = at(page, "A1")
    assert "在另一席位添加，文件还没有取到本机。" in said(view)
    assert not [one for one in view.findChildren(QPushButton) if one.text() == "打开"]
    button(view, "取回").click()
    assert "还没有登记" in told[0].text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_cut_off_in_a_small_window(page: InstrumentsPage, pdf: Path, language: words.Language) -> None:
    words.use(language)
    view = at(page, "S1")
    view.add_file(pdf.rename(pdf.with_name("很长的名字" * 12 + ".pdf")))
    page.resize(1024 - 200, 700 - 90)
    QApplication.processEvents()
    assert faults(view) == []


def test_a_fee_version_takes_the_evidence_of_its_costs(at_desk: Desk, ledger: Workspace, qtbot: QtBot, pdf: Path) -> None:
    shown = FeesPage(at_desk)
    qtbot.addWidget(shown)
    shown.show()
    shown.detail.show_instrument("A1")
    shown.detail.tabs.setCurrentIndex(FEE_EVIDENCE)
    shown.detail.evidence.add_file(pdf)
    assert "验收报告.pdf" in said(shown.detail.evidence)
    version = shown.detail.version()
    assert version is not None
    assert [one.name for one in evidence.listing(ledger, "fee_schedule", version.schedule.id).items] == ["验收报告.pdf"]
    assert shown.detail.tabs.tabText(FEE_EVIDENCE) == "附件 1"
    shown.leave()


def test_a_record_and_a_declared_cost_take_files_too(
    at_desk: Desk, ledger: Workspace, qtbot: QtBot, pdf: Path, tmp_path: Path
) -> None:
    enter(ledger, "R9")
    declare(ledger, 100_00)
    shown = RecordsPage(at_desk)
    qtbot.addWidget(shown)
    shown.show()
    shown.table.select([shown.table.model.key_at(0)])
    shown.detail.tabs.setCurrentIndex(RECORD_EVIDENCE)
    shown.detail.evidence.add_file(pdf)
    record = evidence.subject(ledger, "service_record", "R9")
    assert [one.name for one in evidence.listing(ledger, "service_record", record).items] == ["验收报告.pdf"]
    assert shown.detail.tabs.tabText(RECORD_EVIDENCE) == "附件 1"
    shown.leave()
    payouts = PayoutsPage(at_desk)
    qtbot.addWidget(payouts)
    payouts.resize(1100, 700)
    payouts.show()
    payouts.tabs.setCurrentIndex(COSTS)
    (cost,) = costs.costs(ledger)
    payouts.costs.attach([cost.id])
    asked = dialog(AttachmentsDialog)
    asked.view.add_file(pdf)
    assert "验收报告.pdf" in said(asked.view)
    assert faults(asked) == []
    asked.do.click()
    assert [one.name for one in evidence.listing(ledger, "cost_row", cost.id).items] == ["验收报告.pdf"]
    assert nothing_open()
    payouts.leave()


def test_a_receipt_and_a_payout_run_take_their_evidence(at_desk: Desk, ledger: Workspace, qtbot: QtBot, pdf: Path) -> None:
    posted(ledger, "R8", operator_name="T001")
    posting.receive(ledger, "R8", date(2025, 5, 20), 100_00, "0371-1")
    posting.receive(ledger, "R8", date(2025, 5, 21), 50_00, "0371-2")
    run = settled(ledger)
    records = RecordsPage(at_desk)
    qtbot.addWidget(records)
    records.resize(1024 - 60, 610)
    records.show()
    records.table.select([records.table.model.key_at(0)])
    records.detail.tabs.setCurrentIndex(RECEIPTS)
    QApplication.processEvents()
    buttons = records.detail.receipts.findChildren(QPushButton)
    (second,) = [one for one in buttons if one.accessibleName().startswith("附件") and "0371-2" in one.accessibleName()]
    second.click()
    asked = dialog(AttachmentsDialog)
    assert any("0371-2" in line and "¥50.00" in line for line in said_in(asked))
    asked.view.add_file(pdf)
    assert faults(asked) == []
    asked.do.click()
    detail = records.detail.detail
    assert detail is not None
    kept = {one.invoice_number: evidence.listing(ledger, "receipt", one.id).items for one in detail.receipts}
    assert {number: [each.name for each in items] for number, items in kept.items()} == {"0371-1": [], "0371-2": ["验收报告.pdf"]}
    records.leave()
    payouts = PayoutsPage(at_desk)
    qtbot.addWidget(payouts)
    payouts.resize(1024 - 60, 610)
    payouts.show()
    payouts.list.list.setCurrentRow(0)
    payouts.view.buttons["attach"].click()
    asked = dialog(AttachmentsDialog)
    assert any(run.number in line for line in said_in(asked))
    asked.view.add_file(pdf)
    asked.do.click()
    assert [one.name for one in evidence.listing(ledger, "payout_run", run.id).items] == ["验收报告.pdf"]
    assert faults(payouts) == []
    assert nothing_open()
    payouts.leave()


def said_in(asked: AttachmentsDialog) -> list[str]:
    QApplication.processEvents()
    return [one.text() for one in asked.findChildren(QLabel) if one.isVisible()]
