"""Every page in the whole window, small and with a large font, in both languages: nothing cut off, nothing over another."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QTabWidget, QVBoxLayout, QWidget
from pytestqt.exceptions import TimeoutError as WaitedInVain
from pytestqt.qtbot import QtBot

from desktop import words
from desktop.actions import packages
from desktop.actions.workspace import Workspace
from desktop.ui import theme
from desktop.ui.desk import Desk
from desktop.ui.dialogs.import_wizard import ImportWizard, open_import
from desktop.ui.main_window import MainWindow
from desktop.ui.pages import PAGES
from tests.actions import making
from tests.actions.making import PRACTICE
from tests.ui import looking

DATA = {"扫描电镜", "质谱仪", "特种雷达", "齐鲁", "鲁信", "课题组", "测试", "制样", "分析测试中心", "中文", "收费标准", "财务", "审批", "记账", "张一"}


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


def test_a_ledger_without_a_line_reports_by_packages(window: MainWindow, case: Case, qtbot: QtBot, ledger: Workspace, tmp_path: Path) -> None:
    packages.export(ledger, tmp_path / "包.gxpk", code="AAAA-BBBB-CCCC-DDDD")
    window.open_page("sync")
    page = window.pages.page("sync")
    page.refresh()
    page.by_hand()
    assert not settled(qtbot, window, case)


DIALOGS: dict[str, tuple[str, Callable[[Any], object]]] = {
    "an instrument": ("instruments", lambda page: page.steps.add()),
    "many instruments": ("instruments", lambda page: page.steps.together([1, 2])),
    "a file": ("instruments", lambda page: page.steps.import_file(PRACTICE / "instruments.xlsx")),
    "columns": ("records", lambda page: open_import(page.desk, "records", PRACTICE / "service-records.xlsx", parent=page)._back()),
    "posting": ("records", lambda page: page.post_up_to()),
    "a run": ("payouts", lambda page: page.prepare()),
    "a statement": ("payouts", lambda page: page.view.open_statement("T001")),
    "a scheme": ("payouts", lambda page: page.schemes.write_new()),
    "a cost": ("payouts", lambda page: page.costs.add()),
    "the code of a package": ("sync", lambda page: page.packages_view.ask_code()),
    "a person": ("settings", lambda page: page.show_part("people").ask_add()),
    "a rule": ("settings", lambda page: _first_rule(page)),
}


def _first_rule(page: Any) -> object:
    part = page.show_part("rules")
    part.table.select([part.table.model.key_at(0)])
    return part.ask_add()


@pytest.mark.parametrize(("key", "open_it"), DIALOGS.values(), ids=DIALOGS)
def test_dialogs_stay_on_the_screen_and_whole(
    window: MainWindow, case: Case, qtbot: QtBot, key: str, open_it: Callable[[Any], object]
) -> None:
    window.open_page(key)
    open_it(window.pages.page(key))
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog)

    def wrong() -> list[str]:
        english = case.language == "en" and not isinstance(dialog, ImportWizard)  # a file speaks the language it is written in
        return looking.faults(dialog) + (looking.chinese(dialog, DATA) if english else [])

    qtbot.waitUntil(lambda: dialog.height() > 50)
    with contextlib.suppress(WaitedInVain):
        qtbot.waitUntil(lambda: not wrong(), timeout=600)
    told = wrong()
    size = dialog.size()
    dialog.reject()
    assert not told, "\n".join(told)
    assert size.boundedTo(case.size) == size


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
