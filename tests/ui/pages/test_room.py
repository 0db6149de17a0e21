"""Every page in the whole window, small and with a large font, in both languages: nothing cut off, nothing over another."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QSize
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QPushButton,
    QTableView,
    QTableWidget,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.exceptions import TimeoutError as WaitedInVain
from pytestqt.qtbot import QtBot

from desktop import words
from desktop.actions import fees, instruments, packages
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.finding import finding
from desktop.ledger.problem import Problem
from desktop.ui import theme
from desktop.ui.desk import Desk
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.import_wizard import ImportWizard, open_import
from desktop.ui.forms import Form
from desktop.ui.labels import room
from desktop.ui.main_window import MainWindow
from desktop.ui.pages import PAGES
from tests.actions.making import PRACTICE
from tests.actions.test_trainings import COURSE
from tests.ui import demo, looking

DATA = {
    "小时", "鲁科字", "扫描电镜", "质谱仪", "特种雷达", "齐鲁", "鲁信", "课题组", "测试", "制样", "分析测试中心", "中文",
    "收费标准", "财务", "审批", "记账", "张一",
}  # fmt: skip


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
    if theme.px(100) != wanted.percent:  # light it is already
        theme.use(qapp, "light", wanted.percent)
    yield wanted
    words.use("zh")


@pytest.fixture
def ledger(worked_template: Path, tmp_path: Path) -> Iterator[Workspace]:
    with open_ledger(Path(shutil.copytree(worked_template, tmp_path / "home"))) as workspace:
        yield workspace


@pytest.fixture
def window(qapp: QApplication, at_desk: Desk, case: Case) -> Iterator[MainWindow]:
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


WIDE = {"usual, English": CASES["usual, English"], "usual": Case("zh", 100, QSize(1280, 800))}


@pytest.mark.parametrize("case", WIDE.values(), indirect=True, ids=WIDE)
def test_every_tab_is_in_sight_at_the_usual_size(window: MainWindow, case: Case, qtbot: QtBot) -> None:
    wrong: list[str] = []
    for entry in PAGES:
        window.open_page(entry.key)
        page = window.pages.page(entry.key)
        settled(qtbot, window, case)
        for bar in (tabs.tabBar() for tabs in page.findChildren(QTabWidget) if tabs.isVisible()):
            if any(button.isVisible() for button in bar.findChildren(QToolButton)):
                wrong.append(f"{entry.key}: {' | '.join(bar.tabText(place) for place in range(bar.count()))}")
    assert not wrong, "tabs that have to be scrolled to:\n" + "\n".join(wrong)


def test_a_ledger_without_a_line_reports_by_packages(window: MainWindow, case: Case, qtbot: QtBot, ledger: Workspace, tmp_path: Path) -> None:
    packages.export(ledger, tmp_path / "包.gxpk", code="AAAA-BBBB-CCCC-DDDD")
    window.open_page("sync")
    page = window.pages.page("sync")
    page.refresh()
    page.by_hand()
    assert not settled(qtbot, window, case)


GRIDS: dict[str, tuple[str, Callable[[Any], object]]] = {
    "many records": ("records", lambda page: page.open_grid()),
    "a fee schedule": ("fees", lambda page: page._build(fees.versions(page.desk.workspace, "A1")[-1])),
}


@pytest.mark.parametrize(("key", "open_it"), GRIDS.values(), ids=GRIDS)
def test_grids_to_type_in_are_whole(window: MainWindow, case: Case, qtbot: QtBot, key: str, open_it: Callable[[Any], object]) -> None:
    window.open_page(key)
    open_it(window.pages.page(key))
    grids = [each for each in window.findChildren(QTableView) if each.isVisible() and each.model().rowCount()]
    assert grids
    assert not settled(qtbot, window, case)


def _select_first(table: Any) -> None:
    table.select([table.model.key_at(0)])


EXPLAINED: dict[str, Callable[[Any], object]] = {
    "overview": lambda page: None,
    "instruments": lambda page: _select_first(page.table),
    "fees": lambda page: _select_first(page.table),
    "records": lambda page: _select_first(page.table),
    "payouts": lambda page: None,
    "vouchers": lambda page: _select_first(page.uses.table),
    "compliance": lambda page: _select_first(page.duties.table),
    "performance": lambda page: _select_first(page.sets.table),
    "reports": lambda page: None,
    "settings": lambda page: None,
}
BESIDE = {
    "small": CASES["small"],
    "small, English": Case("en", 100, QSize(1024, 700)),
    "usual, English": CASES["usual, English"],
    "usual": Case("zh", 100, QSize(1280, 800)),
}


@pytest.mark.parametrize("case", BESIDE.values(), indirect=True, ids=BESIDE)
def test_an_explanation_stands_beside_what_it_explains(window: MainWindow, case: Case, qtbot: QtBot) -> None:
    for key, choose in EXPLAINED.items():
        window.open_page(key)
        choose(window.pages.page(key))
        window.desk.explain(demo.figure())
        told = settled(qtbot, window, case)
        panel = window.panel()
        assert not told, (key, told)
        assert window.split.indexOf(panel) >= 0, key
        left = window.pages.mapTo(window, QPoint(window.pages.width(), 0)).x()
        assert left <= panel.mapTo(window, QPoint(0, 0)).x(), key
        panel.close_button.click()


@pytest.mark.parametrize("case", BESIDE.values(), indirect=True, ids=BESIDE)
def test_what_settles_a_duty_stays_in_sight_under_a_long_clause(window: MainWindow, case: Case, qtbot: QtBot) -> None:
    window.open_page("compliance")
    page: Any = window.pages.page("compliance")
    duty = page.duties.duty
    page.duties.table.select([page.duties.table.model.key_at(0)])
    qtbot.waitUntil(lambda: page.duties.view is not None)
    duty.rule.setText("鲁科字〔2025〕132号 第2条 " * 60)
    window.desk.explain(demo.figure())
    assert not settled(qtbot, window, case)
    (step,) = [each for each in (duty.join, duty.file) if each.isVisible()]
    qtbot.waitUntil(lambda: step.visibleRegion().boundingRect().size() == step.size())
    assert step.mapTo(window, QPoint(0, step.height())).y() <= window.height()


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
    "a fact about a technician": ("payouts", lambda page: (page.arrive({"staff": "T001"}), page.staff.add.click())),
    "a training": ("payouts", lambda page: (page.arrive({"tab": "trainings"}), page.trainings.add.click())),
    "who took part": ("payouts", lambda page: page.trainings.steps.attend(COURSE, [])),
    "a voucher mark": ("vouchers", lambda page: (_select_first(page.uses.table), page.uses.mark.click())),
    "an enterprise": ("vouchers", lambda page: (_select_first(page.uses.table), page.uses.describe.click())),
    "a voucher claim": ("vouchers", lambda page: (_select_first(page.uses.table), page.uses.draft.click())),
    "counts for an evaluation": ("performance", lambda page: (page.tabs.setCurrentIndex(2), _select_first(page.sets.table), page.sets.enter.click())),
    "a rating": ("performance", lambda page: page.steps.rate()),
    "the code of a package": ("sync", lambda page: page.packages_view.ask_code()),
    "a purchase": ("compliance", lambda page: page.purchases.propose()),
    "an answer": ("compliance", lambda page: (page.tabs.setCurrentIndex(5), _select_first(page.integrity.table), page.integrity.answer.click())),
    "a set for the sharing system": ("compliance", lambda page: (page.tabs.setCurrentIndex(9), page.cers.state())),
    "the address of the platform": ("compliance", lambda page: page.national.steps.target(None)),
    "what is to be reported": ("compliance", lambda page: page.national.steps.prepare()),
    "candidates for transfer": ("instruments", lambda page: page.transfer_candidates()),
    "a transfer": ("instruments", lambda page: page.transfers.prepare("allocation", instruments.get(page.desk.workspace, "A1"))),
    "a person": ("settings", lambda page: page.show_part("people").ask_add()),
    "a rule": ("settings", lambda page: _first_rule(page)),
}


def _first_rule(page: Any) -> object:
    part = page.show_part("rules")
    part.table.select([part.table.model.key_at(0)])
    return part.ask_add()


FORMS = ("an instrument", "a cost", "the code of a package", "a person", "a rule")


def pressed_flat(form: Form) -> list[str]:
    """Fields lower than they and the words under them need, and the first one in error when it is not wholly in sight."""
    told = []
    for name in form.draft():
        field = form.field(name)
        holder = field.parentWidget()
        layout = holder.layout() if holder is not None else None
        assert holder is not None
        assert layout is not None
        if holder.height() < layout.totalHeightForWidth(holder.width()):
            told.append(f"flat: {name}")
        if field.editor.hasFocus() and holder.visibleRegion().boundingRect().height() < holder.height():
            told.append(f"hidden: {name}")
    return told


@pytest.mark.parametrize(("key", "open_it"), [DIALOGS[name] for name in FORMS], ids=FORMS)
def test_a_finding_takes_room_and_never_that_of_a_field(
    window: MainWindow, case: Case, qtbot: QtBot, key: str, open_it: Callable[[Any], object]
) -> None:
    window.open_page(key)
    open_it(window.pages.page(key))
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, FormDialog)
    names = list(dialog.form.draft())
    qtbot.waitUntil(lambda: dialog.height() > 50)
    qtbot.waitUntil(lambda: dialog.room.verticalScrollBar().maximum() == 0 or dialog.height() >= room(dialog).height())
    before = dialog.height()
    dialog.form.show_problem(Problem("x", findings=tuple(finding("field.required", field=name, label=name) for name in names[-2:])))

    def wrong() -> list[str]:
        scrolls = dialog.room.verticalScrollBar().maximum() > 0
        grown = dialog.height() > before or dialog.height() >= room(dialog).height()
        return pressed_flat(dialog.form) + ["did not grow"] * (not grown or (scrolls and dialog.height() < room(dialog).height()))

    with contextlib.suppress(WaitedInVain):
        qtbot.waitUntil(lambda: not wrong(), timeout=600)
    told = wrong()
    size = dialog.size()
    dialog.reject()
    assert not told
    assert size.boundedTo(case.size) == size


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
    grid = QTableWidget(0, 2, board)
    grid.setHorizontalHeaderLabels(["Working days left", "n"])
    grid.setColumnWidth(0, 60)
    assert [each.split("'")[1] for each in looking.cut_headings(grid.horizontalHeader())] == ["Working days left"]
    assert looking.chinese(board, {"另一"}) == ["'一个太长而放不下的按钮' in QPushButton < QDialog"]
