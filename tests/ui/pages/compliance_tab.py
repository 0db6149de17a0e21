"""The page of compliance at one of its tabs, in a window of the usual size."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pytestqt.qtbot import QtBot

from desktop.ui.desk import Desk
from desktop.ui.pages.compliance import CompliancePage


@contextmanager
def shown(desk: Desk, qtbot: QtBot, name: str, index: int) -> Iterator[CompliancePage]:
    """Shown, arrived at the tab that goes by this name and read; ``index`` is where that stands."""
    page = CompliancePage(desk)
    desk.changed.connect(page.hear)
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    page.arrive({"tab": name})
    assert page.tabs.currentIndex() == index
    page.refresh()
    yield page
    page.leave()
