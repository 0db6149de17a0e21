"""停止 on the sync page, with work on its real lanes and a service that has fallen silent: the page is free again within a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from desktop.actions import enrolment, sync_status
from desktop.actions.workspace import Workspace, today
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog
from desktop.ui.dialogs.progress_dialog import ProgressDialog
from desktop.ui.jobs import Jobs
from desktop.ui.notices import Notice
from desktop.ui.open_ledger import OpenLedger
from desktop.ui.pages.sync import SyncPage
from tests.actions.making import USCC, posted
from tests.network import at_hand
from tests.sync import faulty
from tests.sync.faulty import Line
from tests.ui.pages.driving import dialog, nothing_open

LONG = 20_000
STOPPED = {"enrol": "已取消，数据没有改动。", "look": "已取消，数据没有改动。", "receive": "同步已停止。停止之前送达和收到的都已生效，其余的下次同步时继续。"}
STOPPED["send"] = STOPPED["receive"]
"""Work of the page, and what is said when it was stopped."""


@pytest.fixture
def silent(tmp_path: Path) -> Iterator[tuple[Line, str]]:
    """A line to a service that falls silent when its test says so, and a code of the institution."""
    with at_hand.serve(f"sqlite:///{tmp_path / 'network.db'}", "齐鲁示范大学", USCC) as (url, code):
        line = Line(int(url.rpartition(":")[2]))
        yield line, code
        line.close()


@pytest.fixture
def desk(qapp: QApplication, ledger: Workspace) -> Iterator[Desk]:
    """A desk whose work is done beside the window, as with people."""
    jobs = Jobs()
    made = Desk(jobs, {"period": "2025"}, today)
    made.open(OpenLedger(ledger), ledger)
    yield made
    jobs.close()


def begun(page: SyncPage, work: str, line: Line, code: str) -> None:
    if work == "enrol":
        page.enrol_view.form.set_draft({"url": line.address, "code": code})
    button_of(page, work).click()
    if work == "send":
        dialog(ConfirmDialog).do.click()


def button_of(page: SyncPage, work: str) -> QAbstractButton:
    buttons = {"enrol": page.enrol_view.button, "look": page.look_button, "receive": page.receive_button, "send": page.send_button}
    return buttons[work]


def quiet(qtbot: QtBot, desk: Desk) -> None:
    qtbot.waitUntil(lambda: not desk.jobs.running(), timeout=LONG)


@pytest.mark.parametrize("work", STOPPED)
def test_the_page_is_free_within_a_second_of_stop(qtbot: QtBot, desk: Desk, ledger: Workspace, silent: tuple[Line, str], work: str) -> None:
    line, code = silent
    posted(ledger, "R1")
    if work != "enrol":
        enrolment.enrol(ledger, line.address, code)
    told: list[Notice] = []
    desk.told.connect(told.append)
    page = SyncPage(desk)
    qtbot.addWidget(page)
    page.show()
    quiet(qtbot, desk)
    if work == "send":
        page.look_button.click()
        quiet(qtbot, desk)
        line.where = "/v1/batches"
    button = button_of(page, work)
    line.spoil = faulty.silent
    begun(page, work, line, code)
    qtbot.waitUntil(lambda: bool(line.n_spoiled) and not nothing_open(), timeout=LONG)
    assert not button.isEnabled()
    stop: Callable[[], object] = dialog(ProgressDialog).stop_button.click

    def stopped() -> None:
        stop()
        qtbot.waitUntil(lambda: button.isEnabled(), timeout=LONG)

    faulty.within(1, stopped)
    quiet(qtbot, desk)
    assert [(one.level, one.text) for one in told] == [("note", STOPPED[work])]
    assert nothing_open()
    line.spoil = None
    begun(page, work, line, code)
    again = page.receive_button if work == "send" else button  # after all is sent there is nothing to send
    qtbot.waitUntil(lambda: not desk.jobs.running() and again.isEnabled(), timeout=LONG)
    assert sync_status.status(ledger).enrolled
    assert work != "look" or page.preview_view.digests
