"""The window over a demo ledger: pages made late, told of changes, sent to; undo by name; keyboard; closing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QScreen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.ledger import period
from desktop.ledger.changes import Changes
from desktop.ledger.problem import Problem, Refused
from desktop.rules.figure import Rows
from desktop.ui.desk import Desk, Standing
from desktop.ui.jobs import Jobs
from desktop.ui.main_window import MainWindow
from tests.ui import demo


@pytest.fixture
def ledger() -> demo.MemoryLedger:
    return demo.MemoryLedger()


@pytest.fixture
def window(desk: Desk, ledger: demo.MemoryLedger, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(desk, demo.ENTRIES)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    desk.open(ledger)
    yield made
    made.leave()


def page(window: MainWindow, key: str) -> Any:
    return window.pages.page(key)


def activate(window: MainWindow, qtbot: QtBot) -> None:
    """Keys reach the active window only."""
    with qtbot.waitActive(window):
        window.activateWindow()


def notices(window: MainWindow) -> list[str]:
    return [view.words.text() for view in window.notices.views()]


def test_until_a_ledger_is_open_no_page_is_made(desk: Desk, qtbot: QtBot, ledger: demo.MemoryLedger) -> None:
    made = MainWindow(desk, demo.ENTRIES)
    qtbot.addWidget(made)
    made.show()
    made.open_page("instruments")
    assert made.pages.made == {}
    assert not made.rail.buttons["instruments"].isEnabled()
    desk.open(ledger)
    assert list(made.pages.made) == ["overview"]
    assert made.rail.buttons["overview"].isChecked()
    made.leave()


def test_pages_are_made_when_first_shown_and_read_once(window: MainWindow) -> None:
    assert list(window.pages.made) == ["overview"]
    window.rail.buttons["instruments"].click()
    assert page(window, "instruments").n_refreshed == 1
    window.open_page("overview")
    window.open_page("instruments")
    assert page(window, "instruments").n_refreshed == 1


def test_changes_reach_pages_that_show_these_kinds_hidden_ones_later(window: MainWindow, desk: Desk) -> None:
    window.open_page("records")
    window.open_page("instruments")
    desk.jobs.write("写", lambda progress: Changes(1, frozenset({"instrument"})))
    assert (page(window, "instruments").n_refreshed, page(window, "records").n_refreshed) == (2, 1)
    desk.announce(Changes(2, frozenset({"service_record"})))
    assert (page(window, "instruments").n_refreshed, page(window, "records").n_refreshed) == (2, 1)
    window.open_page("records")
    assert page(window, "records").n_refreshed == 2
    desk.announce(Changes())
    assert page(window, "records").n_refreshed == 2


def test_all_pages_follow_the_period_but_those_that_do_not_care(window: MainWindow, desk: Desk) -> None:
    window.open_page("records")
    window.open_page("instruments")
    window.top.period.part.setCurrentIndex(3)
    window.top.period.part.activated.emit(3)
    assert desk.period == period.parse("2026Q3")
    assert desk.preferences["period"] == "2026Q3"
    assert page(window, "instruments").n_refreshed == 2
    window.open_page("records")
    assert page(window, "records").n_refreshed == 1
    window.top.period.forth.click()
    window.top.period.forth.click()
    assert desk.period.name == "2027Q1"
    window.top.period.back.click()
    assert desk.period.name == "2026Q4"


def test_the_period_is_remembered(qapp: object) -> None:
    assert demo.desk({"period": "2025Q2"}).period == period.parse("2025Q2")
    assert demo.desk({"period": "nonsense"}).period == period.parse("2026")


def test_undo_names_what_it_takes_back(window: MainWindow, ledger: demo.MemoryLedger, desk: Desk) -> None:
    button = window.top.undo_button
    assert button.accessibleName() == "撤销 导入服务记录 1,204 条"
    window.open_page("records")
    button.click()
    assert ledger.undone == 1
    assert not button.isEnabled()
    assert window.top.redo_button.accessibleName() == "重做 导入服务记录 1,204 条"
    assert page(window, "records").n_refreshed == 2
    window.top.redo_button.click()
    assert ledger.undone == 0


def test_an_undo_that_is_refused_says_why(window: MainWindow, ledger: demo.MemoryLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(progress: object) -> Changes:
        raise Refused("undo.nothing")

    monkeypatch.setattr(ledger, "undo", refuse)
    window.top.undo_button.click()
    assert notices(window) == ["没有可以撤销的操作。"]
    assert window.top.undo_button.isEnabled()


@pytest.mark.parametrize(
    ("standing", "pill"),
    [
        (Standing(n_unsent=None), "未入网络"), (Standing(n_unsent=0), "已全部上报"), (Standing(n_unsent=1204), "1,204 项待上报"),
        (Standing(n_unsent_hub=0), "机构中心：已全部上报"), (Standing(n_unsent_hub=12), "机构中心：12 项待上报"),
        (Standing(n_unsent=0, n_unsent_hub=0), "已全部上报"), (Standing(n_unsent=0, n_unsent_hub=3), "待上报：省网 0，机构中心 3"),
    ],
)
def test_the_pill_says_what_waits(window: MainWindow, standing: Standing, pill: str) -> None:
    window.show_standing(standing)
    assert window.top.pill.text() == pill


def test_the_practice_ledger_is_called_so(window: MainWindow) -> None:
    window.show_standing(Standing("某大学", practice=True))
    assert window.top.institution.text() == "某大学（练习台账）"
    assert window.status.state.text() == "练习台账"


def test_somebody_is_sent_to_a_page_with_what_was_asked_for(window: MainWindow, desk: Desk) -> None:
    desk.go("instruments", state="overdue")
    assert page(window, "instruments").arrived == [{"state": "overdue"}]
    assert page(window, "instruments").table.model.filters == {"state": "overdue"}
    desk.go("no such page")
    assert window.pages.current == "instruments"


def test_a_figure_is_explained_and_its_rows_are_opened(window: MainWindow, desk: Desk) -> None:
    desk.explain(demo.figure())
    panel = window.panel()
    assert panel.isVisible()
    panel.open_rows.emit(Rows("service_record", ("1", "2")))
    assert page(window, "records").rows == [Rows("service_record", ("1", "2"))]
    desk.open_rows(Rows("no_such_kind", ("1",)))
    assert len(notices(window)) == 1


def test_an_explanation_does_not_outlive_the_figure_it_explains(window: MainWindow, desk: Desk) -> None:
    desk.explain(demo.figure())
    assert window.panel().isVisible()
    desk.changed.emit(Changes())
    assert window.panel().isVisible()
    desk.changed.emit(Changes(7, frozenset({"instrument"})))
    assert not window.panel().isVisible()


def test_problems_and_stops_are_told_in_the_bar(window: MainWindow, desk: Desk) -> None:
    def full(progress: object) -> None:
        raise Problem("work.cancelled")

    desk.jobs.write("保存", full)
    assert notices(window) == ["已取消，数据没有改动。"]
    desk.jobs.stopped.emit("导入")
    assert notices(window)[0] == "已停止：导入。台账没有改动。"


def test_the_palette_finds_pages_commands_and_records(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    assert "instruments" not in window.pages.made  # what is found does not wait for its page to be opened
    window.top.search_button.click()
    palette = window.command_palette()
    assert palette.isVisible()
    palette.line.setText("仪器")
    assert [offer.title for offer in palette.offers()] == ["仪器", "导入仪器表"]
    palette.line.setText("电子显微")
    palette._wait.timeout.emit()
    assert [offer.title for offer in palette.offers()] == ["透射电子显微镜"]
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert window.pages.current == "instruments"
    assert page(window, "instruments").arrived[-1] == {"text": "0000"}
    palette.open()
    palette.line.setText("导入")
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert notices(window) == ["请选择文件。"]
    palette.open()
    palette.line.setText("没有这个")
    assert "没有找到" in palette.said.text()
    qtbot.keyClick(palette.line, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_the_palette_is_walked_with_the_arrows(window: MainWindow, qtbot: QtBot) -> None:
    palette = window.command_palette()
    palette.open()
    qtbot.keyClick(palette.line, Qt.Key.Key_Down)
    assert palette.list.currentRow() == 1
    qtbot.keyClick(palette.line, Qt.Key.Key_Up)
    qtbot.keyClick(palette.line, Qt.Key.Key_Up)
    assert palette.list.currentRow() == palette.list.count() - 1
    qtbot.keyClick(palette.line, Qt.Key.Key_Down)
    qtbot.keyClick(palette.line, Qt.Key.Key_Down)
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert window.pages.current == "instruments"


def test_enter_presses_the_button_that_has_the_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    window.open_page("instruments")
    shown = page(window, "instruments")
    button = shown.head.findChildren(QPushButton)[-1]
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert notices(window) == ["已添加。"]
    shown.table.view.setFocus()
    qtbot.keyClick(shown.table.view, Qt.Key.Key_Tab)
    assert notices(window) == ["已添加。"]


def test_the_first_size_leaves_room_for_the_title_bar(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QScreen, "availableSize", lambda screen: QSize(1280, 800))
    made = MainWindow(desk, demo.ENTRIES)
    qtbot.addWidget(made)
    assert (made.width(), made.height()) == (1272, 760)


def test_control_and_a_number_opens_a_page_and_control_k_the_palette(window: MainWindow, qtbot: QtBot) -> None:
    activate(window, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    assert window.pages.current == "records"
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.command_palette().isVisible()


def test_the_rail_is_walked_with_the_arrows_and_folds(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    activate(window, qtbot)
    first = window.rail.buttons["overview"]
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    second = window.rail.buttons["instruments"]
    assert second.hasFocus()
    qtbot.keyClick(second, Qt.Key.Key_Return)
    assert window.pages.current == "instruments"
    wide = window.rail.width()
    window.rail.fold_button.click()
    assert window.rail.width() < wide
    assert desk.preferences["rail.folded"] is True
    assert second.accessibleName() == "仪器"


def test_the_settings_open_by_the_keys_they_have_elsewhere(window: MainWindow, qtbot: QtBot) -> None:
    activate(window, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.pages.current == "instruments"
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert window.pages.current == "settings"
    assert "Ctrl+," in window.rail.buttons["settings"].toolTip()


def test_the_last_page_is_opened_again(qtbot: QtBot) -> None:
    desk = demo.desk({"window.page": "records"})
    made = MainWindow(desk, demo.ENTRIES)
    qtbot.addWidget(made)
    desk.open(demo.MemoryLedger())
    assert made.pages.current == "records"
    made.leave()


def nameless(window: QWidget) -> list[str]:
    """Visible controls that take the keyboard and that a screen reader could not name."""
    found = []
    for widget in window.findChildren(QWidget):
        takes = isinstance(widget, (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QAbstractItemView))
        inside = isinstance(widget.parentWidget(), (QComboBox, QAbstractScrollArea))
        if not takes or inside or not widget.isVisible() or widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
            continue
        told = QAccessible.queryAccessibleInterface(widget)
        if told is not None and not told.text(QAccessible.Text.Name).strip():
            found.append(f"{type(widget).__name__} {widget.objectName()}")
    return found


def test_every_control_has_a_name_for_a_screen_reader(window: MainWindow, desk: Desk) -> None:
    for key in window.rail.buttons:
        window.open_page(key)
        assert nameless(window) == [], key
    desk.explain(demo.figure())
    window.command_palette().open()
    desk.tell("error", "坏", ("看看", lambda: None))
    assert nameless(window) == []
    page(window, "settings")
    window.top.undo_button.setAccessibleName("")
    window.top.undo_button.setText("")
    assert nameless(window) == ["QToolButton "]


def test_tab_reaches_rail_bar_and_page(window: MainWindow, qtbot: QtBot) -> None:
    window.open_page("instruments")
    activate(window, qtbot)
    reached: list[QWidget] = []
    window.rail.buttons["instruments"].setFocus()
    for _ in range(60):
        widget = window.focusWidget()
        assert widget is not None
        if widget in reached:
            break
        reached.append(widget)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    wanted = [
        window.rail.buttons["instruments"],
        window.rail.fold_button,
        window.top.search_button,
        window.top.pill,
        page(window, "instruments").table.view,
    ]
    assert [widget for widget in wanted if widget not in reached] == []
    assert [reached.index(widget) for widget in wanted] == sorted(reached.index(widget) for widget in wanted)


def test_unsaved_things_are_asked_about_before_closing(window: MainWindow, qtbot: QtBot) -> None:
    from desktop.ui.dialogs.confirm_dialog import ConfirmDialog

    page(window, "overview").lost = "仪器 A1 的修改"
    closing: list[bool] = []
    window.closing.connect(lambda: closing.append(True))
    window.close()
    dialog = window.findChildren(ConfirmDialog)[0]
    assert window.isVisible()
    assert closing == []
    dialog.do.click()
    assert closing == [True]
    qtbot.waitUntil(lambda: not window.isVisible())


def test_the_window_waits_for_a_write_without_standing_still(qtbot: QtBot, lanes: Jobs) -> None:
    desk = demo.desk(jobs=lanes)
    made = MainWindow(desk, demo.ENTRIES)
    qtbot.addWidget(made)
    made.show()
    gate = threading.Event()
    lanes.write("保存", lambda progress: gate.wait(5))
    made.close()
    assert made.isVisible()
    assert notices(made) == ["正在写入台账，写完就关闭窗口。"]
    with qtbot.waitSignal(made.closing):
        gate.set()
    qtbot.waitUntil(lambda: not made.isVisible())


def test_a_job_shows_after_a_while_and_can_be_stopped(qtbot: QtBot, lanes: Jobs) -> None:
    desk = demo.desk(jobs=lanes)
    made = MainWindow(desk, demo.ENTRIES)
    qtbot.addWidget(made)
    made.show()

    def work(progress: Any) -> None:
        progress.report(1_200, 10_000)
        while True:
            progress.check()

    lanes.write("导入服务记录", work)
    lanes.read(lambda progress: None)
    assert not made.status.cancel.isVisible()
    qtbot.waitUntil(made.status.cancel.isVisible)
    assert made.status.title.text() == "导入服务记录 · 1,200 / 10,000"
    assert (made.status.bar.value(), made.status.bar.maximum()) == (1_200, 10_000)
    made.status.cancel.click()
    qtbot.waitUntil(lambda: notices(made) == ["已停止：导入服务记录。台账没有改动。"])
    assert not made.status.cancel.isVisible()
    made.leave()
