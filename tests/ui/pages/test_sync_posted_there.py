"""A record that another seat has posted, changed here meanwhile: in the window only theirs is offered, and taking it settles the conflict."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.actions import records, sync_views, syncing
from desktop.actions.sync_views import ConflictView
from desktop.actions.workspace import Workspace
from desktop.ui.desk import Desk
from desktop.ui.dialogs.reason_dialog import ReasonDialog
from desktop.ui.pages.sync import CONFLICTS, SyncPage
from tests.actions.making import enter
from tests.actions.two_seats import elsewhere, in_step
from tests.ui.looking import faults
from tests.ui.pages.driving import dialog, nothing_open


def lasting(seat: Workspace, minutes: int) -> None:
    record = records.get(seat, "R1")
    records.change(seat, replace(record, ended_at=record.started_at + timedelta(minutes=minutes), minutes=minutes))


@contextmanager
def posted_there(ledger: Workspace, folder: Path) -> Iterator[Workspace]:
    """R1, entered here, changed at both seats, then posted at the other one."""
    enter(ledger, "R1")
    with elsewhere(ledger, folder, "hub") as other:
        lasting(other, 90)
        records.post(other, ["R1"])
        syncing.sync(other, remote="hub")
        lasting(ledger, 50)
        yield other


@pytest.fixture
def page(qtbot: QtBot, at_desk: Desk) -> SyncPage:
    made = SyncPage(at_desk)
    qtbot.addWidget(made)
    made.resize(1024, 700)
    made.show()
    at_desk.changed.connect(made.hear)
    return made


def contested(page: SyncPage) -> SyncPage:
    page.remote.set_value("hub")
    page._turn()
    page.receive()
    page.tabs.setCurrentIndex(CONFLICTS)
    return page


def offered(page: SyncPage) -> list[str]:
    """The sides the window lets a person take, of any group or of all at once."""
    view = page.conflicts_view
    sides = {"mine": view.all_mine, "theirs": view.all_theirs}
    found = {side for side, button in sides.items() if button.isVisible()}
    for choice in view.choices:
        buttons = {"mine": choice.mine, "theirs": choice.theirs, "entered": choice.other}
        found |= {side for side, button in buttons.items() if button.isVisible()}
    return sorted(found)


def test_only_theirs_is_offered_and_it_settles_the_conflict(page: SyncPage, ledger: Workspace, tmp_path: Path) -> None:
    with posted_there(ledger, tmp_path) as other:
        view = contested(page).conflicts_view
        (found,) = sync_views.conflicts(ledger, "hub")
        assert found.posted_there
        assert offered(page) == ["theirs"]
        assert "已记账的不能改" in view.says.text()
        assert faults(page) == []
        for choice in view.choices:
            choice.theirs.click()
        view.settle.click()
        asked = dialog(ReasonDialog)
        asked.text.setPlainText("对方已记账")
        asked.do.click()
        assert nothing_open()
        assert records.get(ledger, "R1").minutes == 90
        assert in_step(ledger, other)


def test_a_window_that_offers_ours_is_noticed(page: SyncPage, ledger: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ConflictView, "theirs_only", property(lambda view: view.rival))
    with posted_there(ledger, tmp_path):
        assert "mine" in offered(contested(page))


def test_an_ordinary_conflict_offers_both_and_a_value_of_ones_own(page: SyncPage, ledger: Workspace, tmp_path: Path) -> None:
    enter(ledger, "R1")
    with elsewhere(ledger, tmp_path, "hub") as other:
        records.change(other, replace(records.get(other, "R1"), contract="HT-8"))
        syncing.sync(other, remote="hub")
        records.change(ledger, replace(records.get(ledger, "R1"), contract="HT-9"))
        assert offered(contested(page)) == ["entered", "mine", "theirs"]
