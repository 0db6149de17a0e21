"""Rows of two seats that cannot both stand, in the window: ours is not offered, and many are settled at once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.actions import enrolment, records, sync_views, syncing
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ui.desk import Desk
from desktop.ui.dialogs.reason_dialog import ReasonDialog
from desktop.ui.pages.sync import CONFLICTS, SyncPage
from tests.actions.making import USCC, enter
from tests.network import at_hand
from tests.ui.looking import faults
from tests.ui.pages.driving import dialog, nothing_open

NUMBERS = ["R1", "R2", "R3"]


@pytest.fixture
def page(qtbot: QtBot, at_desk: Desk, ledger: Workspace, tmp_path: Path) -> Iterator[SyncPage]:
    """The page of a seat that posted what another one had posted before it."""
    for number in NUMBERS:
        enter(ledger, number)
    shutil.copytree(ledger.home, tmp_path / "other", ignore=shutil.ignore_patterns("*.lock"))
    database = f"sqlite:///{tmp_path / 'network.db'}"
    with at_hand.serve(database, "齐鲁示范大学", USCC) as (url, code):
        with open_ledger(tmp_path / "other") as other:
            enrolment.enrol(other, url, code)
            records.post(other, NUMBERS)
            syncing.sync(other)
        enrolment.enrol(ledger, url, str(at_hand.operator(database, "enrolment-code", "--uscc", USCC)["code"]))
        records.post(ledger, NUMBERS)
        made = SyncPage(at_desk)
        qtbot.addWidget(made)
        made.resize(820, 640)
        made.show()
        at_desk.changed.connect(made.hear)
        made.send(())
        made.receive_button.click()
        made.tabs.setCurrentIndex(CONFLICTS)
        yield made


def test_what_can_only_be_theirs_offers_nothing_else_and_is_settled_at_once(page: SyncPage, ledger: Workspace) -> None:
    view = page.conflicts_view
    assert len(sync_views.conflicts(ledger)) == 3
    (choice,) = view.choices
    assert not choice.mine.isVisible()
    assert not view.all_mine.isVisible()
    assert choice.theirs.isVisible()
    assert view.alike.isVisible()
    assert "3" in view.alike.text()
    assert "未知 于" not in view.says.text(), "who posted it here is known"
    assert faults(page) == []
    view.alike.click()
    asked = dialog(ReasonDialog)
    asked.text.setPlainText("对方先记账")
    asked.do.click()
    assert nothing_open()
    assert sync_views.conflicts(ledger) == []
    assert not view.detail.isVisible()
    done = syncing.sync(ledger)
    assert (done.parked, done.conflicts, done.digest_equal) == (0, 0, True)


def test_the_last_one_alone_is_settled_by_itself(page: SyncPage, ledger: Workspace) -> None:
    view = page.conflicts_view
    for left in (2, 1):
        view.choices[0].theirs.click()
        view.settle.click()
        asked = dialog(ReasonDialog)
        asked.text.setPlainText("对方先记账")
        asked.do.click()
        assert len(sync_views.conflicts(ledger)) == left
        assert view.alike.isVisible() == (left > 1)
