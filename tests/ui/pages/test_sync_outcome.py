"""同步 in the window after a run: that both sides hold the same is said of what is the same alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.actions import instruments, sync_outcome
from desktop.actions.workspace import Workspace
from desktop.sync import seal, waiting
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog
from desktop.ui.notices import Notice
from desktop.ui.pages.sync import SyncPage
from network import kinds
from tests.actions.making import USCC, posted
from tests.network import at_hand
from tests.ui.pages.driving import dialog, texts_of

EQUAL = 7


@pytest.fixture
def told(at_desk: Desk) -> list[Notice]:
    heard: list[Notice] = []
    at_desk.told.connect(heard.append)
    return heard


@pytest.fixture
def page(qtbot: QtBot, at_desk: Desk, ledger: Workspace, tmp_path: Path) -> Iterator[SyncPage]:
    posted(ledger, "R1")
    made = SyncPage(at_desk)
    qtbot.addWidget(made)
    with at_hand.serve(f"sqlite:///{tmp_path / 'network.db'}", "齐鲁示范大学", USCC) as (url, code):
        made.enrol_view.form.set_draft({"url": url, "code": code})
        made.enrol_view.button.click()
        made.look()
        made.send(made.preview_view.digests)
        yield made


def change(ledger: Workspace, *assets: str) -> None:
    for asset in assets:
        instruments.change(ledger, replace(instruments.get(ledger, asset), phone="0531-9"))


def test_when_nothing_waits_both_sides_hold_the_same(told: list[Notice], page: SyncPage) -> None:
    assert told[-1].text.endswith("两边内容一致。")
    assert told[-1].level == "done"
    assert texts_of(page.runs_table, EQUAL) == ["两边内容一致"]


def test_only_receiving_says_what_still_waits(page: SyncPage, ledger: Workspace, told: list[Notice]) -> None:
    change(ledger, "A1", "A2")
    page.receive()
    assert "还有 2 项待上报。其余内容两边一致。" in told[-1].text
    assert texts_of(page.runs_table, EQUAL)[0] == "其余内容两边一致"
    assert texts_of(page.runs_table, EQUAL - 2)[0] == "2"


def test_what_was_changed_after_the_look_waits_and_is_said(page: SyncPage, ledger: Workspace, told: list[Notice]) -> None:
    change(ledger, "A1")
    page.look()
    shown = page.preview_view.digests
    change(ledger, "A2")
    page.send(shown)
    assert told[-1].text == "送达 1 项，接收 0 项。还有 1 项待上报。其余内容两边一致。"


def test_who_looks_at_the_digest_alone_is_noticed(page: SyncPage, ledger: Workspace, told: list[Notice], monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: equal digests say nothing of what was not sent."""
    monkeypatch.setattr(sync_outcome, "in_sync", lambda done: done.digest_equal is True)
    change(ledger, "A1")
    page.receive()
    assert "两边内容一致" in told[-1].text
    assert texts_of(page.runs_table, EQUAL)[0] == "两边内容一致"


def test_a_look_that_does_not_show_all_says_how_much_is_left(
    page: SyncPage, ledger: Workspace, told: list[Notice], monkeypatch: pytest.MonkeyPatch
) -> None:
    change(ledger, "A1", "A2")
    page.look()
    assert "在这一批之后" not in page.preview_view.summary.text()
    monkeypatch.setattr(waiting, "N_SEALED", 1)
    monkeypatch.setattr(seal, "N_CHANGES", 1)
    page.look()
    assert "另有 1 项在这一批之后。" in page.preview_view.summary.text()
    page.ask_send()
    asked = dialog(ConfirmDialog)
    assert "另有 1 项在这一批之后，发送后再查看" in "\n".join(one.text() for one in asked.findChildren(QLabel))
    asked.do.click()
    assert told[-1].text == "送达 1 项，接收 0 项。还有 1 项待上报。其余内容两边一致。"


def test_what_the_other_side_does_not_take_yet_is_said_before_and_after(
    page: SyncPage, ledger: Workspace, told: list[Notice], monkeypatch: pytest.MonkeyPatch
) -> None:
    change(ledger, "A1", "A2")
    with monkeypatch.context() as older:
        older.setitem(kinds.KINDS, "instrument", replace(kinds.KINDS["instrument"], roles=()))
        page.look()
        assert "另有 2 项留在本机，对方的版本还不收：仪器。" in page.preview_view.summary.text()
        page.receive()
        assert "还有 2 项待上报。其余内容两边一致。\n网络的版本还不收这类内容：仪器，共 2 条。" in told[-1].text
        assert told[-1].level == "warning"
        assert texts_of(page.runs_table, EQUAL)[0] == "其余内容两边一致"
    page.look()
    page.send(page.preview_view.digests)
    assert told[-1].text.startswith("送达 2 项，接收 0 项。两边内容一致。")
