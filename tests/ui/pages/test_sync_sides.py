"""The hub is called the hub and the network the network, wherever the sync page speaks of the other side; a revoked machine enrols anew there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from desktop import words
from desktop.actions import enrolment, instruments, sync_pending, sync_status, sync_views, syncing
from desktop.actions.workspace import Workspace
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog
from desktop.ui.pages.settings_network import NetworkPart
from desktop.ui.pages.sync import CONFLICTS, SyncPage
from tests.actions.making import USCC
from tests.actions.restored_twice import restored_twice
from tests.actions.two_seats import elsewhere
from tests.network import at_hand
from tests.ui.looking import faults
from tests.ui.pages.driving import dialog, texts_of

OTHER = {"network": "机构中心", "hub": "网络"}
NAMED = {"network": "网络", "hub": "机构中心"}


@pytest.fixture
def page(qtbot: QtBot, at_desk: Desk) -> Iterator[SyncPage]:
    made = SyncPage(at_desk)
    qtbot.addWidget(made)
    made.resize(960, 640)
    made.show()
    at_desk.changed.connect(made.hear)
    yield made
    words.use("zh")


def at(page: SyncPage, role: str) -> SyncPage:
    page.remote.set_value(role)
    page._turn()
    return page


def code_for(database: str) -> str:
    return str(at_hand.operator(database, "enrolment-code", "--uscc", USCC)["code"])


@contextmanager
def contested(ledger: Workspace, folder: Path, role: str) -> Iterator[None]:
    """A row that this seat and another one changed."""
    with elsewhere(ledger, folder, role) as other:
        instruments.change(other, replace(instruments.get(other, "A1"), name="他方的名称"))
        syncing.sync(other, remote=role)
        instruments.change(ledger, replace(instruments.get(ledger, "A1"), name="本机的名称"))
        yield


def said(page: SyncPage) -> str:
    view = page.conflicts_view
    shown = [one for kind in (QLabel, QAbstractButton) for one in view.detail.findChildren(kind) if one.isVisible()]
    return "\n".join(one.text() for one in shown)


@pytest.mark.parametrize("role", ["network", "hub"])
def test_a_conflict_speaks_of_the_side_it_is_with(page: SyncPage, ledger: Workspace, tmp_path: Path, role: str) -> None:
    with contested(ledger, tmp_path, role):
        at(page, role).receive()
        page.tabs.setCurrentIndex(CONFLICTS)
        told = said(page)
        assert f"采用{NAMED[role]}的" in told
        assert f"全部采用{NAMED[role]}的" in told
        (found,) = sync_views.conflicts(ledger, role)
        assert f"{NAMED[role]}：设备 {found.theirs_by} 的改动" in told
        assert f"本机 {sync_status.status(ledger, role).device}：" in told
        assert f"本机叫 {sync_status.status(ledger, role).device}" in page.head.line.text()
        assert faults(page) == []
        assert OTHER[role] not in told
        words.use("en")
        page.conflicts_view._shown = None
        page.refresh()
        assert ("Hub" in said(page)) == (role == "hub")


@pytest.mark.parametrize("role", ["network", "hub"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_a_side_had_before_is_told_of_that_side_and_nothing_is_cut(
    page: SyncPage, ledger: Workspace, tmp_path: Path, role: str, language: words.Language
) -> None:
    words.use(language)
    with restored_twice(ledger, tmp_path / "network", role):
        at(page, role)
        page.tabs.setCurrentIndex(CONFLICTS)
        told = said(page)
        assert words.say(f"sync.had.{role}") in told
        assert words.say(f"sync.had.{'hub' if role == 'network' else 'network'}") not in told
        assert faults(page) == []


@pytest.mark.parametrize("role", ["network", "hub"])
def test_a_refusal_and_the_question_before_sending_name_the_side(page: SyncPage, ledger: Workspace, tmp_path: Path, role: str) -> None:
    with at_hand.serve(f"sqlite:///{tmp_path / 'network.db'}", "齐鲁示范大学", USCC, role) as (url, code):
        enrolment.enrol(ledger, url, code, role)
        key = instruments.get(ledger, "A1").id
        with ledger.write("park") as operation:
            operation.connection.exec_driver_sql(
                "INSERT INTO sync_parked (remote, kind, key, code, field) VALUES (?, 'instrument', ?, 'key.taken', 'asset_number')", (role, key)
            )
        at(page, role)
        (reason,) = texts_of(page.parked_tab.table, 2)
        assert f"{NAMED[role]}没有采用" in reason
        assert "{" not in reason
        (told,) = (one for one in syncing.sync(ledger, approved=(), remote=role).findings if one.code.startswith("sync.refused."))
        assert f"{NAMED[role]}没有采用" in words.say(told.code, **dict(told.params))
        page.look()
        asked = page.ask_send()
        assert asked is not None
        told_there = "\n".join(one.text() for one in asked.findChildren(QLabel))
        assert f"到{NAMED[role]}" in told_there
        assert OTHER[role] not in told_there
        dialog(ConfirmDialog).reject()


def test_every_refusal_is_said_of_either_side_without_a_gap() -> None:
    for role in ("network", "hub"):
        for code in ("key_taken", "link_unknown", "here_twice", "blob_too_large", "kind_unknown", "change_malformed", "here_held"):
            view = sync_views.ParkedView("instrument", "k", "A1", f"sync.refused.{code}", "asset_number", role)
            said_of = words.say(view.code, field="编号", remote=f"sync.side.{role}")
            assert NAMED[role] in said_of
            assert "{" not in said_of


def test_a_machine_that_was_revoked_enrols_anew_in_the_window(page: SyncPage, ledger: Workspace, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'network.db'}"
    with at_hand.serve(database, "齐鲁示范大学", USCC, "hub") as (url, code):
        enrolment.enrol(ledger, url, code, "hub")
        syncing.sync(ledger, remote="hub")
        at(page, "hub")
        assert page.stack.currentWidget() is page.tabs
        (device,) = at_hand.operator(database, "devices", "--uscc", USCC)["devices"]  # type: ignore[misc]
        at_hand.operator(database, "revoke", "--device", str(device["id"]))
        instruments.change(ledger, replace(instruments.get(ledger, "A1"), phone="0531-1"))
        page.receive()
        assert page.stack.currentWidget() is page.enrol_view
        assert "重新登记到机构中心" in page.enrol_view.title.text()
        assert [one.code for one in page.enrol_view.form._shown] == ["sync.revoked"]
        assert page.enrol_view.form.draft()["url"] == url
        page.refresh()
        assert page.stack.currentWidget() is page.enrol_view, "what is read meanwhile does not take the form away"
        page.enrol_view.form.set_draft({"url": url, "code": code_for(database)})
        page.enrol_view.button.click()
        assert page.stack.currentWidget() is page.tabs
        assert sync_pending.n_pending(ledger, "hub") == 1
        assert syncing.sync(ledger, remote="hub").digest_equal


def test_both_remotes_stand_in_the_settings(qtbot: QtBot, at_desk: Desk, ledger: Workspace, tmp_path: Path) -> None:
    part = NetworkPart(at_desk)
    qtbot.addWidget(part)
    part.resize(760, 640)
    part.show()
    part.refresh()
    assert not part.hub_line.isVisible()
    with at_hand.serve(f"sqlite:///{tmp_path / 'hub.db'}", "齐鲁示范大学", USCC, "hub") as (url, code):
        enrolment.enrol(ledger, url, code, "hub")
        part.refresh()
    assert "还没有登记到省网络" in part.state.text()
    assert part.hub_line.isVisible()
    assert url in part.hub_line.text()
    assert faults(part) == []
    assert sync_status.status(ledger).enrolled is False
