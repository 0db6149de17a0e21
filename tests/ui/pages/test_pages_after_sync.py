"""What a sync brought stands in every page, however the sync ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop.actions import instruments, pilot, sync_pending, syncing
from desktop.actions.workspace import Workspace
from desktop.ledger.pilot import PilotBase
from desktop.sync import round as rounds
from desktop.sync.outcome import RemoteProblem
from desktop.ui.desk import Desk
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.pages.instruments import InstrumentsPage
from desktop.ui.pages.pilot import PilotPage
from desktop.ui.pages.sync import SyncPage
from tests.actions.two_seats import elsewhere
from tests.ui.pages.driving import dialog, texts_of
from tests.ui.pages.test_instruments import pick


@dataclass
class Room:
    """A window with two pages, one at a time, and another seat at the same network, which gave A1 another phone."""

    page: InstrumentsPage
    sync: SyncPage
    other: Workspace

    def receive(self) -> None:
        """Go to the sync page, receive, come back."""
        self.page.hide()
        self.sync.show()
        self.sync.receive_button.click()
        self.sync.hide()
        self.page.show()

    def phone_in_form(self) -> object:
        self.page.detail.edit.click()
        asked = dialog(FormDialog)
        shown = asked.form.draft()["phone"]
        asked.close()
        return shown


@pytest.fixture
def room(at_desk: Desk, ledger: Workspace, qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    (tmp_path / "seat").mkdir()
    made = InstrumentsPage(at_desk)
    with elsewhere(ledger, tmp_path / "seat", sync_pending.NETWORK) as other:
        sync = SyncPage(at_desk)
        for each in (made, sync):
            at_desk.changed.connect(each.hear)
            qtbot.addWidget(each)
            each.resize(1100, 700)
        made.show()
        pick(made, "A1")
        instruments.change(other, replace(instruments.get(other, "A1"), phone="0531-2"))
        syncing.sync(other)
        yield Room(made, sync, other)
    made.leave()


def cut(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """The sync ends whole, breaks after what it took in, or took in only what had waited."""
    real = syncing.sync

    def waited(*args: Any, **named: Any) -> syncing.Result:
        return replace(real(*args, **named), received=0)

    def broke(*_: object) -> None:
        raise RemoteProblem("sync.offline", "retry")

    if how == "waited":
        monkeypatch.setattr(syncing, "sync", waited)
    if how == "broke":
        monkeypatch.setattr(rounds.Run, "_compare", broke)


@pytest.mark.parametrize("how", ["whole", "broke", "waited"])
def test_the_page_shows_what_came(room: Room, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    cut(monkeypatch, how)
    room.receive()
    assert room.phone_in_form() == "0531-2"


@pytest.mark.parametrize("how", ["broke", "waited"])
def test_who_tells_nothing_of_what_came_is_noticed(room: Room, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """The broken variant."""
    monkeypatch.setattr(SyncPage, "_rows_came", lambda _page: None)
    cut(monkeypatch, how)
    room.receive()
    assert room.phone_in_form() != "0531-2"


def test_what_was_agreed_to_can_be_sent_again_after_the_line_broke(room: Room, ledger: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    instruments.change(ledger, replace(instruments.get(ledger, "A2"), phone="0531-9"))
    room.page.hide()
    room.sync.show()
    room.sync.look()
    shown = room.sync.preview_view.digests
    with monkeypatch.context() as patch:
        cut(patch, "broke")
        room.sync.send(shown)
    assert room.sync.send_button.isEnabled()
    assert room.sync.preview_view.digests == shown


def test_the_page_of_pilot_bases_shows_what_a_sync_brought_under_an_open_form(room: Room, at_desk: Desk, ledger: Workspace, qtbot: QtBot) -> None:
    """The form that is open keeps what was typed; the list behind it has what came."""
    page = PilotPage(at_desk)
    at_desk.changed.connect(page.hear)
    qtbot.addWidget(page)
    page.show()
    pilot.add_base(room.other, PilotBase("", "Z1", "新材料中试基地"))
    pilot.say_open(room.other, "Z1", "paused", "检修")
    syncing.sync(room.other)
    page.add_base.click()
    asked = dialog(FormDialog)
    asked.form.set_draft({"number": "Z2", "name": "另一个"})
    room.receive()
    assert asked.isVisible()
    assert asked.form.draft()["number"] == "Z2"
    asked.form.submit()
    page.hide()
    page.show()
    assert texts_of(page.bases.table) == ["Z1", "Z2"]
    assert texts_of(page.bases.table, 2) == ["暂停", "未知"]
    page.leave()
