"""A ledger that is enrolled with the institution's hub alone: said wherever the window speaks of sync, and by command, with its own state."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from desktop import words
from desktop.__main__ import main
from desktop.actions import enrolment, sync_pending, sync_status, syncing
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused
from desktop.ui import open_ledger, pending_words
from desktop.ui.desk import Desk, Place
from desktop.ui.main_window import MainWindow
from desktop.ui.pages.overview import OverviewPage
from desktop.ui.pages.sync import SyncPage
from tests.actions.making import USCC, posted
from tests.network import at_hand
from tests.ui import looking

UNIT = "齐鲁示范大学"


@pytest.fixture
def at_hub(ledger: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    posted(ledger, "R1")
    with at_hand.serve(f"sqlite:///{tmp_path / 'hub.db'}", UNIT, USCC, "hub") as (url, code):
        enrolment.enrol(ledger, url, code, "hub")
        yield ledger
    words.use("zh")


def bar(window: MainWindow, at_desk: Desk, ledger: Workspace) -> str:
    window.show_standing(open_ledger.OpenLedger(ledger).standing())
    return window.top.pill.text() + "\n" + window.top.pill.toolTip()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_frame_says_the_hub_and_what_waits_there(
    qtbot: QtBot, at_desk: Desk, at_hub: Workspace, tmp_path: Path, language: words.Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    words.use(language)
    window = MainWindow(at_desk)
    qtbot.addWidget(window)
    window.resize(QSize(1024, 700))
    window.show()
    n = sync_pending.n_pending(at_hub, "hub")
    told = bar(window, at_desk, at_hub)
    assert (f"机构中心：{n} 项待上报" if language == "zh" else f"Hub: {n} to send") in told
    assert ("省开放共享服务网络：没有登记" if language == "zh" else "The provincial network: not enrolled") in told
    assert "未入网络" not in told
    qtbot.waitUntil(lambda: looking.faults(window) == [])
    syncing.sync(at_hub, remote="hub")
    assert ("机构中心：已全部上报" if language == "zh" else "Hub: All sent") in bar(window, at_desk, at_hub)
    with at_hand.serve(f"sqlite:///{tmp_path / 'network.db'}", UNIT, USCC) as (url, code):
        enrolment.enrol(at_hub, url, code)
        m = sync_pending.n_pending(at_hub)
        assert (f"待上报：省网 {m}，机构中心 0" if language == "zh" else f"To send: network {m}, hub 0") in bar(window, at_desk, at_hub)
        qtbot.waitUntil(lambda: looking.faults(window) == [])
    # The broken variant: a frame that asks for the network alone.
    asked = sync_pending.n_pending
    enrolment.leave(at_hub)
    monkeypatch.setattr(open_ledger.sync_pending, "n_pending", lambda workspace, remote="network": asked(workspace) if remote == "network" else None)
    assert ("未入网络" if language == "zh" else "Not enrolled") in bar(window, at_desk, at_hub)
    window.leave()


def test_the_overview_has_a_line_for_each_and_leads_to_it(qtbot: QtBot, at_desk: Desk, at_hub: Workspace) -> None:
    page = OverviewPage(at_desk)
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    n = sync_pending.n_pending(at_hub, "hub")
    assert page.sending.large.text() == f"机构中心：{n} 项待上报"
    places: list[Place] = []
    at_desk.going.connect(places.append)
    for line in page.sending.lines[:2]:
        assert line.button is not None
        line.button.click()
    assert [dict(place.where)["remote"] for place in places] == ["network", "hub"]


def test_the_sync_page_opens_with_the_hub_and_says_so_of_the_network(qtbot: QtBot, at_desk: Desk, at_hub: Workspace) -> None:
    page = SyncPage(at_desk)
    qtbot.addWidget(page)
    page.resize(1024, 640)
    page.show()
    page.refresh()
    assert page.remote.value() == "hub"
    assert page.stack.currentWidget() is page.tabs
    page.arrive({"tab": "pending", "remote": "network"})
    assert page.remote.value() == "network"
    assert page.stack.currentWidget() is page.enrol_view
    assert "已登记到机构中心" in page.head.line.text()
    assert "未登记" not in page.head.line.text()
    page.refresh()
    assert page.remote.value() == "network", "who has turned to it stays"


def test_by_command_each_remote_has_its_own_state(
    at_hub: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused, match="sync.enrolled_with_other") as caught:
        syncing.sync(at_hub)
    assert dict(caught.value.params)["name"] == "hub"
    home, n = at_hub.home, sync_pending.n_pending(at_hub, "hub")
    at_hub.close()

    def run(*arguments: str, status: int = 0) -> str:
        capsys.readouterr()
        assert main([*arguments, "--home", str(home)]) == status
        return "".join(capsys.readouterr())

    told = json.loads(run("sync", "--status", "--json"))["remotes"]
    assert (told["network"]["enrolled"], told["network"]["pending"]) == (False, None)
    assert (told["hub"]["enrolled"], told["hub"]["pending"]) == (True, n)
    said = run("sync", "--status")
    assert "省开放共享服务网络：没有登记" in said
    assert "机构中心：已登记（http" in said
    assert f"{n} 项待上报" in said
    assert "the institution's hub: enrolled" in run("sync", "--status", "--lang", "en")
    assert "--remote hub" in run("sync", status=1)
    assert "--remote hub" in run("sync", "--lang", "en", status=1)
    # The broken variant: a refusal that looks at the network alone.
    monkeypatch.setattr(sync_status, "HUB", "network")
    assert "--remote hub" not in run("sync", status=1)


def test_in_short_nothing_is_said_of_a_remote_the_ledger_does_not_know() -> None:
    assert pending_words.in_short(None, None) == ("未入网络", "muted")
    assert pending_words.in_short(3, None) == ("3 项待上报", "note")
    assert pending_words.in_short(None, 0) == ("机构中心：已全部上报", "done")
    assert [said for _, said, _ in pending_words.each(None, 0)] == ["没有登记", "已全部上报"]
