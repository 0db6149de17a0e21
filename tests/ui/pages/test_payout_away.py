"""A payout of a lost computer in 分配: its button, what the hub says, the reason, and the two people who release it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.actions import enrolment, payout_releases, payout_views, syncing
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ui.desk import Desk
from desktop.ui.dialogs.pin_dialog import PinDialog
from desktop.ui.dialogs.reason_dialog import ReasonDialog
from desktop.ui.pages.payouts import PayoutsPage
from tests.actions.making import APPROVER, FINANCE, MAY, PINS, USCC, posted, settled
from tests.network import at_hand
from tests.ui.pages.driving import dialog, nothing_open, sign


@pytest.fixture
def number(ledger: Workspace, small_template: Path, tmp_path: Path) -> Iterator[str]:
    """A run with a confidential line, of a seat that is not heard of again; the ledger knows its marks."""
    database = f"sqlite:///{tmp_path / 'hub.db'}"
    with at_hand.serve(database, "齐鲁示范大学", USCC, "hub") as (url, code):
        with open_ledger(Path(shutil.copytree(small_template, tmp_path / "lost"))) as lost:
            enrolment.enrol(lost, url, code, "hub")
            posted(lost, "R1")
            posted(lost, "R3", "S1")
            run = settled(lost)
            syncing.sync(lost, remote="hub")
        code = str(at_hand.operator(database, "enrolment-code", "--uscc", USCC)["code"])
        enrolment.enrol(ledger, url, code, "hub")
        syncing.sync(ledger, remote="hub")
        yield run.number


@pytest.fixture
def page(at_desk: Desk, qtbot: QtBot, number: str) -> Iterator[PayoutsPage]:
    made = PayoutsPage(at_desk)
    at_desk.changed.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1024, 700)
    made.show()
    yield made
    made.leave()


def test_two_people_release_a_lost_payout_in_the_window(page: PayoutsPage, ledger: Workspace, number: str) -> None:
    (button,) = page.away.buttons
    assert number in button.text()
    button.click()
    asked: ReasonDialog = dialog(ReasonDialog)
    told = [one.text() for one in asked.findChildren(QLabel)]
    assert any("机构中心没有分配" in one and "来自设备" in one for one in told)
    asked.text.setPlainText("二号机硬盘损坏，没有备份")
    asked.do.click()
    sign(FINANCE, PINS[FINANCE])
    second: PinDialog = dialog(PinDialog)
    second.person.setCurrentIndex(second.person.findData(FINANCE))
    second.pin.setText(PINS[FINANCE])
    second.do.click()
    assert payout_releases.away(ledger), "one person alone released it"
    sign(APPROVER, PINS[APPROVER])
    assert nothing_open()
    assert payout_releases.away(ledger) == []
    assert not page.away.isVisible()
    assert payout_views.open_balance(ledger, MAY, "记账").payable.fen == 180_00


def test_what_the_hub_does_not_say_releases_nothing(page: PayoutsPage, ledger: Workspace, monkeypatch: pytest.MonkeyPatch, at_desk: Desk) -> None:
    said: list[str] = []
    at_desk.told.connect(lambda notice: said.append(notice.text))
    monkeypatch.setattr(payout_releases, "_holds", lambda *_: True)
    page.away.buttons[0].click()
    assert nothing_open()
    assert "机构中心有分配" in said[-1]
    assert payout_releases.away(ledger)
