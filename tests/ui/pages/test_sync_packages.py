"""Offline packages in the window against the real service: look, agree, write, carry, compare the fingerprint, import."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from desktop.actions import instruments, packages, sync_pending, syncing
from desktop.actions.workspace import Workspace
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.jobs import Jobs
from desktop.ui.notices import Notice
from desktop.ui.pages.sync import PACKAGES, PENDING, SyncPage
from desktop.ui.pages.sync_packages import PackagesView
from network import operator
from tests.actions.carrying import Office
from tests.actions.making import USCC, posted
from tests.ui.pages.driving import dialog, nothing_open, texts_of


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "office")
    yield made
    made.service.stop()


@pytest.fixture
def told(at_desk: Desk) -> list[Notice]:
    found: list[Notice] = []
    at_desk.told.connect(found.append)
    return found


@pytest.fixture
def page(qtbot: QtBot, at_desk: Desk, ledger: Workspace) -> SyncPage:
    posted(ledger, "R1")
    made = SyncPage(at_desk)
    qtbot.addWidget(made)
    made.resize(1024, 700)
    made.show()
    at_desk.changed.connect(made.hear)
    return made


def choose(file: Path) -> None:
    """The person picks a file in the open dialog."""
    asked = dialog(QFileDialog)
    asked.fileSelected.emit(str(file))
    asked.close()


def shown_in(asked: ConfirmDialog) -> str:
    return "\n".join(one.text() for one in asked.findChildren(QLabel))


def begin(page: SyncPage, code: str) -> PackagesView:
    page.enrol_view.by_hand.click()
    view = page.packages_view
    view.export_button.click()
    asked = dialog(FormDialog)
    asked.form.set_draft({"code": code})
    asked.do.click()
    return view


def carried(page: SyncPage, office: Office, path: Path) -> PackagesView:
    """The whole first round."""
    view = begin(page, office.code())
    dialog(ConfirmDialog).do.click()
    choose(path)
    view.import_button.click()
    choose(office.hand_in(path))
    dialog(ConfirmDialog).do.click()
    return view


def test_the_first_round_without_a_line(
    page: SyncPage, ledger: Workspace, office: Office, told: list[Notice], tmp_path: Path
) -> None:
    path = tmp_path / "包.gxpk"
    view = begin(page, office.code())
    assert page.tabs.currentIndex() == PACKAGES
    asked = dialog(ConfirmDialog)
    words = shown_in(asked)
    assert "第 1 号" in words
    assert "涉密" in words
    assert "仪器" in words
    lines = " ".join(texts_of(page.preview_view.table))
    assert "A1" in lines
    assert "特种雷达" not in lines + words
    asked.cancel.click()
    assert not path.exists()
    assert packages.state(ledger).awaiting is None
    view.code_button.click()
    dialog(FormDialog).form.set_draft({"code": office.code()})
    dialog(FormDialog).do.click()
    dialog(ConfirmDialog).do.click()
    choose(path)
    assert path.exists()
    assert told[-1].level == "done"
    assert str(path) in told[-1].text
    assert texts_of(view.table, 1) == ["等待回执"]
    assert "在等回执" in view.said.text()
    assert not page.send_button.isVisible()
    answer = office.hand_in(path)
    view.import_button.click()
    choose(answer)
    asked = dialog(ConfirmDialog)
    assert office.fingerprint() in shown_in(asked)
    assert asked.cancel.isDefault()
    asked.cancel.click()
    assert packages.state(ledger).awaiting is not None
    view.import_button.click()
    choose(answer)
    dialog(ConfirmDialog).do.click()
    assert nothing_open()
    assert told[-1].level == "done"
    assert "收下" in told[-1].text
    assert texts_of(view.table, 1) == ["已有回执"]
    assert office.fingerprint() in view.trust.text()
    assert page.runs_table.model.rowCount() == 1
    assert sync_pending.n_pending(ledger) == 0
    view.absorb(answer)
    assert "以前导入过" in told[-1].text


def test_a_ledger_that_reports_by_package_can_enrol_over_a_line(
    page: SyncPage, ledger: Workspace, office: Office, tmp_path: Path
) -> None:
    page.enrol_view.by_hand.click()
    page.packages_view.line_button.click()
    assert page.stack.currentWidget() is page.enrol_view
    view = carried(page, office, tmp_path / "一.gxpk")
    view.line_button.click()
    assert "联网登记到" in page.enrol_view.title.text()
    page.enrol_view.form.set_draft({"url": office.service.base, "code": office.code()})
    page.enrol_view.button.click()
    assert page.stack.currentWidget() is page.tabs
    assert page.send_button.isVisible()
    assert not view.line_button.isVisible()
    assert syncing.sync(ledger).digest_equal is True


def test_exporting_again_says_that_it_is_the_same_package(
    page: SyncPage, ledger: Workspace, office: Office, told: list[Notice], tmp_path: Path
) -> None:
    view = carried(page, office, tmp_path / "一.gxpk")
    page.desk.announce(instruments.change(ledger, replace(instruments.get(ledger, "A1"), phone="1")))
    view.export_button.click()
    dialog(ConfirmDialog).do.click()
    choose(tmp_path / "二.gxpk")
    page.desk.announce(instruments.change(ledger, replace(instruments.get(ledger, "A1"), name="之后改的")))
    view.export_button.click()
    words = shown_in(dialog(ConfirmDialog))
    assert "同一个包" in words
    dialog(ConfirmDialog).do.click()
    choose(tmp_path / "又.gxpk")
    assert (tmp_path / "又.gxpk").read_bytes() == (tmp_path / "二.gxpk").read_bytes()
    page.tabs.setCurrentIndex(PENDING)
    page.look_button.click()
    assert nothing_open()
    assert "A1" in " ".join(texts_of(page.preview_view.table))


def test_what_changed_while_the_dialog_stood_is_not_written(
    page: SyncPage, ledger: Workspace, office: Office, told: list[Notice], tmp_path: Path
) -> None:
    view = begin(page, office.code())
    asked = dialog(ConfirmDialog)
    instruments.change(ledger, replace(instruments.get(ledger, "A1"), name="趁对话框开着改的"))
    packages.prepare(ledger)
    asked.do.click()
    choose(tmp_path / "包.gxpk")
    assert told[-1].level == "error"
    assert "重新查看" in told[-1].text
    assert not (tmp_path / "包.gxpk").exists()
    assert view.table.model.rowCount() == 0


def test_a_damaged_answer_is_said_and_nothing_is_taken_in(
    page: SyncPage, ledger: Workspace, office: Office, told: list[Notice], tmp_path: Path
) -> None:
    view = begin(page, office.code())
    dialog(ConfirmDialog).do.click()
    choose(tmp_path / "包.gxpk")
    answer = office.hand_in(tmp_path / "包.gxpk")
    content = bytearray(answer.read_bytes())
    listed = content.index(b"receipts/0001.json")
    content[content.index(b"receipts/0001.json", listed + 1) + 40] ^= 1
    answer.write_bytes(content)
    view.import_button.click()
    choose(answer)
    assert nothing_open()
    assert told[-1].level == "error"
    assert "receipts/0001.json" in told[-1].text
    assert packages.state(ledger).answered is False


def test_a_refusal_stands_in_the_list_with_what_to_do(
    page: SyncPage, ledger: Workspace, office: Office, told: list[Notice], tmp_path: Path
) -> None:
    view = carried(page, office, tmp_path / "一.gxpk")
    assert operator.main(["--database", office.url, "freeze", "--uscc", USCC]) == 0
    page.desk.announce(instruments.change(ledger, replace(instruments.get(ledger, "A1"), phone="1")))
    view.export_button.click()
    dialog(ConfirmDialog).do.click()
    choose(tmp_path / "二.gxpk")
    assert office.by_operator(tmp_path / "二.gxpk", tmp_path / "答.gxpk") == 1
    view.absorb(tmp_path / "答.gxpk")
    assert told[-1].level == "warning"
    assert "暂停" in told[-1].text
    assert "暂停" in texts_of(view.table, 7)[0]
    assert texts_of(view.table, 1)[0] == "等待回执"


def test_on_the_lanes_of_the_real_window(
    qtbot: QtBot, page: SyncPage, ledger: Workspace, office: Office, told: list[Notice], tmp_path: Path
) -> None:
    """Off the window's thread: the window goes on while the file is written."""
    page.desk.jobs = Jobs()
    try:
        page.by_hand()
        page.packages_view.ask_code()
        dialog(FormDialog).form.set_draft({"code": office.code()})
        dialog(FormDialog).do.click()
        qtbot.waitUntil(lambda: any(isinstance(one, ConfirmDialog) for one in page.packages_view.findChildren(ConfirmDialog)), timeout=10_000)
        dialog(ConfirmDialog).do.click()
        choose(tmp_path / "包.gxpk")
        qtbot.waitUntil(lambda: bool(told), timeout=10_000)
        assert told[-1].level == "done"
        assert (tmp_path / "包.gxpk").exists()
    finally:
        page.desk.jobs.close()
