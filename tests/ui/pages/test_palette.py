"""Ctrl+K over the real pages and a real ledger: everything is found before any page was opened, and leads where it says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from desktop.actions.workspace import Workspace
from desktop.ui.command_palette import CommandPalette
from desktop.ui.desk import Desk
from desktop.ui.main_window import MainWindow
from desktop.ui.pages import PAGES
from tests.actions import making
from tests.ui.pages.driving import nothing_open, texts_of


@pytest.fixture
def window(qapp: QApplication, at_desk: Desk, ledger: Workspace) -> Iterator[MainWindow]:
    making.some_work(ledger)
    making.settled(ledger)
    making.enter(ledger, "R9", contract="")
    made = MainWindow(at_desk)
    made.resize(1280, 800)
    made.show()
    yield made
    made.leave()
    made.close()
    made.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def ask(window: MainWindow, text: str) -> CommandPalette:
    palette = window.command_palette()
    palette.open()
    palette.line.setText(text)
    palette._wait.timeout.emit()
    return palette


def offered(window: MainWindow, text: str) -> list[tuple[str, str]]:
    return [(offer.title, offer.detail) for offer in ask(window, text).offers()]


def take(window: MainWindow, qtbot: QtBot, text: str) -> None:
    qtbot.keyClick(ask(window, text).line, Qt.Key.Key_Return)


def test_instruments_people_customers_runs_and_records_are_found(window: MainWindow) -> None:
    assert set(window.pages.made) == {"overview"}
    assert offered(window, "质谱") == [("质谱仪", "A2"), ("R3", "质谱仪 · 鲁信检测有限公司 · 2025-05-06")]
    assert ("张一", "实验技术人员 · T001 · 分析测试中心") in offered(window, "张一")
    assert offered(window, "甲财务") == [("甲财务", "人员 · 财务")]
    assert ("校内课题组", "使用单位 · 校内") in offered(window, "课题组")
    assert offered(window, "FP2025")[0] == ("FP2025-001", "分配批次 · 2025-05-31 · 已审批")
    assert offered(window, "％") == []  # a wildcard of the database is a character here


def test_a_person_leads_to_their_records_and_the_list_says_that_it_is_narrowed(window: MainWindow, qtbot: QtBot) -> None:
    take(window, qtbot, "李二")
    page = window.pages.page("records")
    assert window.pages.current == "records"
    assert texts_of(page.table) == ["R2"]
    assert page.table.narrowed_by.text() == "只显示：实验技术人员 李二"
    assert page.table.narrowed.isVisible()
    page.table.clear_filters()
    assert not page.table.narrowed.isVisible()
    assert len(texts_of(page.table)) == 5


def test_show_everything_empties_the_search_field_too(window: MainWindow) -> None:
    window.open_page("records")
    page = window.pages.page("records")
    page.search.setText("没有这样的")
    page.search.returnPressed.emit()
    assert texts_of(page.table) == []
    page.table.no_match.buttons[0].click()
    assert page.search.text() == ""
    assert len(texts_of(page.table)) == 5


def test_every_command_can_be_done_from_the_first_page(window: MainWindow) -> None:
    for entry in PAGES:
        for command in entry.commands:
            window.open_page("overview")
            window.do(entry.key, command)
            assert window.pages.current == entry.key, command
            for dialog in [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]:
                dialog.reject()
            assert nothing_open()
