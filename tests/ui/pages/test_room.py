"""Every page in the whole window, small and with a large font, in both languages: nothing cut off, nothing over another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QTabWidget, QVBoxLayout, QWidget
from pytestqt.exceptions import TimeoutError as WaitedInVain
from pytestqt.qtbot import QtBot

from desktop import words
from desktop.actions.workspace import Workspace
from desktop.ui import theme
from desktop.ui.desk import Desk
from desktop.ui.main_window import MainWindow
from desktop.ui.pages import PAGES
from tests.actions import making
from tests.ui import looking

DATA = {"扫描电镜", "质谱仪", "特种雷达", "齐鲁", "鲁信", "课题组", "测试", "制样", "分析测试中心", "中文", "收费标准", "财务", "审批", "记账"}


@dataclass(frozen=True)
class Case:
    language: words.Language
    percent: int
    size: QSize


CASES = {
    "small": Case("zh", 100, QSize(1024, 700)),
    "usual, English": Case("en", 100, QSize(1280, 800)),
    "large font": Case("zh", 150, QSize(1280, 800)),
    "large font, English": Case("en", 150, QSize(1280, 800)),
}


@pytest.fixture(params=CASES.values(), ids=CASES)
def case(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Case]:
    wanted: Case = request.param
    words.use(wanted.language)
    theme.use(qapp, "light", wanted.percent)
    yield wanted
    words.use("zh")


@pytest.fixture
def window(qapp: QApplication, at_desk: Desk, ledger: Workspace, case: Case) -> Iterator[MainWindow]:
    making.some_work(ledger)
    making.settled(ledger)
    making.enter(ledger, "R9", contract="")
    made = MainWindow(at_desk)
    made.resize(case.size)
    made.show()
    yield made
    made.leave()
    made.close()
    made.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # the next case does not dress this window too


def tabs_of(page: QWidget) -> list[tuple[QTabWidget, int]]:
    return [
        (tabs, place)
        for tabs in page.findChildren(QTabWidget)
        if tabs.isVisible()
        for place in range(tabs.count())
        if tabs.isTabVisible(place)
    ]


def settled(qtbot: QtBot, window: MainWindow, case: Case) -> list[str]:
    """What is wrong once everything was laid out; a page that just came may take a moment."""

    def found() -> list[str]:
        return looking.faults(window) + (looking.chinese(window, DATA) if case.language == "en" else [])

    try:
        qtbot.waitUntil(lambda: not found(), timeout=600)
    except WaitedInVain:
        return found()
    return []


def test_nothing_is_cut_off_or_lies_over_another(window: MainWindow, case: Case, qtbot: QtBot) -> None:
    wrong: list[str] = []
    for entry in PAGES:
        window.open_page(entry.key)
        page = window.pages.page(entry.key)
        for tabs, place in tabs_of(page) or [(None, 0)]:
            if tabs is not None:
                tabs.setCurrentIndex(place)
            wrong += [f"{entry.key} {place}: {fault}" for fault in settled(qtbot, window, case)]
    assert not wrong, "\n".join(wrong)


def test_the_eye_sees_what_is_wrong(qtbot: QtBot) -> None:
    """The looker itself: a button too narrow, one over another, one without a name."""
    board = QDialog()
    qtbot.addWidget(board)
    QVBoxLayout(board)
    for place, said in enumerate(("一个太长而放不下的按钮", "另一个", "")):
        button = QPushButton(said, board)
        button.setGeometry(10, 10 + place, 60, 24)
    board.resize(200, 100)
    board.show()
    told = looking.faults(board)
    assert any(fault.startswith("cut off: '一个太长") for fault in told)
    assert any(fault.startswith("one over the other") for fault in told)
    assert any(fault.startswith("no name") for fault in told)
    assert looking.chinese(board, {"另一"}) == ["'一个太长而放不下的按钮' in QPushButton < QDialog"]
