"""At 1024×700, in both languages: what an instrument's 合规 says and what will leave stand there without scrolling sideways, kinds in sight."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLayout, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from desktop import words
from desktop.actions import enrolment, reclassifying, syncing
from desktop.actions.workspace import Workspace
from desktop.ui.desk import Desk
from desktop.ui.flow import FlowLayout
from desktop.ui.main_window import MainWindow
from desktop.ui.pages import instruments_secrecy
from desktop.ui.pages.instruments_detail import DUTY
from desktop.ui.pages.sync_preview import PreviewView
from tests.actions import making
from tests.actions.making import APPROVER, OFFICE, PINS, USCC
from tests.network import at_hand
from tests.ui import looking
from tests.ui.pages.driving import texts_of
from tests.ui.pages.test_instruments import pick

SMALL = QSize(1024, 700)


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[words.Language]:
    words.use(request.param)
    yield request.param
    words.use("zh")


@pytest.fixture
def steps() -> type[QLayout]:
    """How the steps of a change of secrecy are laid out."""
    return FlowLayout


@pytest.fixture
def window(
    qapp: QApplication, at_desk: Desk, ledger: Workspace, language: words.Language, steps: type[QLayout], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """A2 was sent and is confidential by now, S1 waits to be declassified; much is to be sent to the hub."""
    monkeypatch.setattr(instruments_secrecy, "FlowLayout", steps)
    making.some_work(ledger)
    making.settled(ledger)
    with at_hand.serve(f"sqlite:///{tmp_path / 'hub.db'}", "齐鲁示范大学", USCC, "hub") as (url, code):
        enrolment.enrol(ledger, url, code, "hub")
        syncing.sync(ledger, remote="hub")
        with ledger.write("sync") as operation:  # as if only the sets had been sent
            operation.connection.exec_driver_sql("DELETE FROM sync_base WHERE kind <> 'instrument'")
        reclassifying.prepare(ledger, "A2", True, "上级通知", OFFICE, PINS[OFFICE])
        reclassifying.approve(ledger, "A2", APPROVER, PINS[APPROVER])
        reclassifying.prepare(ledger, "S1", False, "到期解密", OFFICE, PINS[OFFICE])
        made = MainWindow(at_desk)
        made.resize(SMALL)
        made.show()
        yield made
        made.leave()
        made.close()
        made.deleteLater()
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def sideways(window: MainWindow) -> list[str]:
    """What a person sees only by scrolling to the right, lists apart: theirs have columns to choose."""
    areas = [one for one in window.findChildren(QScrollArea) if one.isVisible() and not one.visibleRegion().isEmpty()]
    return [type(one.widget()).__name__ for one in areas if one.horizontalScrollBar().maximum()]


def secrecy(window: MainWindow, number: str) -> Any:
    window.open_page("instruments")
    page: Any = window.pages.page("instruments")
    pick(page, number)
    page.detail.tabs.setCurrentIndex(DUTY)
    return page.detail.secrecy


def settle(qtbot: QtBot, window: MainWindow) -> list[str]:
    """Faults and what scrolls sideways, once everything is laid out."""
    for _ in range(5):
        qtbot.wait(1)
    return looking.faults(window) + sideways(window)


def test_the_steps_of_a_change_of_secrecy_wrap(window: MainWindow, qtbot: QtBot) -> None:
    for number, shown in (("S1", ("approve", "decline", "withdraw")), ("A2", ("prepare", "take_back"))):
        view = secrecy(window, number)
        assert settle(qtbot, window) == [], number
        assert all(getattr(view, name).isVisible() for name in shown), number


class InARow(QHBoxLayout):
    """A row that does not wrap, in the place of the one that does."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)


@pytest.mark.parametrize("language", ["en"], indirect=True)
@pytest.mark.parametrize("steps", [InARow])
def test_steps_in_a_row_are_noticed(window: MainWindow, qtbot: QtBot) -> None:
    secrecy(window, "A2")
    assert sideways(window) or settle(qtbot, window)


def preview(window: MainWindow) -> PreviewView:
    window.open_page("sync")
    page: Any = window.pages.page("sync")
    page.remote.set_value("hub")
    page._turn()
    page.look()
    shown: PreviewView = page.preview_view
    return shown


def in_sight(view: PreviewView) -> int:
    """Rows of the table by kind that are wholly in sight."""
    table = view.groups.view
    rows = range(view.groups.model.rowCount())
    return sum(table.viewport().rect().contains(table.visualRect(view.groups.model.index(row, 0))) for row in rows)


def test_the_kinds_that_will_leave_are_in_sight_and_lead_to_their_lines(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    view = preview(window)
    assert settle(qtbot, window) == []
    n = view.groups.model.rowCount()
    assert n > 5
    assert in_sight(view) == 5
    firsts = {line.kind: place for place, line in reversed(list(enumerate(view._lines)))}
    for kind, place in firsts.items():
        view.table.select([place])
        assert settle(qtbot, window) == [], kind
    assert view.table.view.viewport().height() >= 3 * view.table.view.verticalHeader().defaultSectionSize()
    assert view.table.view.horizontalScrollBar().maximum() == 0
    whole = view.table.model.rowCount()
    place = texts_of(view.groups).index(words.say("kind.fee_line"))
    view.groups.select([view.groups.model.key_at(place)])
    assert set(texts_of(view.table, 1)) == {words.say("kind.fee_line")}
    assert view.table.model.rowCount() == int(texts_of(view.groups, 2)[place])
    assert view.table.keys(), "the first of them is shown"
    assert words.say("kind.fee_line") in view.table.narrowed_by.text()
    assert settle(qtbot, window) == []
    view.table.clear_filters()
    assert view.table.model.rowCount() == whole
    assert view.groups.keys() == []
    monkeypatch.setattr("desktop.ui.pages.sync_preview._MOST_GROUPS", 2)
    view._size_groups(n)
    settle(qtbot, window)
    assert in_sight(view) < 5, "two rows in sight are noticed"
