"""What the network also had, in the window: beside mine and theirs, told with its device and moment, and chosen like them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.actions import instruments, sync_views
from desktop.actions.workspace import Workspace
from desktop.ui.desk import Desk
from desktop.ui.dialogs.reason_dialog import ReasonDialog
from desktop.ui.pages.sync import CONFLICTS, SyncPage
from tests.actions.restored_twice import PHONE, SECOND, restored_twice
from tests.ui.looking import faults
from tests.ui.pages.driving import dialog, nothing_open


@pytest.fixture
def page(qtbot: QtBot, at_desk: Desk, ledger: Workspace, tmp_path: Path) -> Iterator[SyncPage]:
    with restored_twice(ledger, tmp_path / "network", "network"):
        made = SyncPage(at_desk)
        qtbot.addWidget(made)
        made.resize(820, 640)
        made.show()
        at_desk.changed.connect(made.hear)
        made.refresh()
        made.tabs.setCurrentIndex(CONFLICTS)
        yield made


def test_it_stands_beside_mine_and_theirs_and_can_be_chosen(page: SyncPage, ledger: Workspace) -> None:
    view = page.conflicts_view
    (found,) = sync_views.conflicts(ledger)
    assert "网络曾有的：设备" in view.says.text()
    assert found.further[0].by in view.says.text()
    assert faults(page) == []
    assert len(view.choices) == 2
    for choice in view.choices:
        assert choice.further["further1"].isVisible()
        choice.further["further1"].click()
        assert choice.side() == "further1"
    view.settle.click()
    asked = dialog(ReasonDialog)
    asked.text.setPlainText("看过了")
    asked.do.click()
    assert nothing_open()
    assert sync_views.conflicts(ledger) == []
    here = instruments.get(ledger, "A1")
    assert (here.value_fen, here.phone) == (SECOND, PHONE)
