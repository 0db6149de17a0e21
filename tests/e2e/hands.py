"""A person at the real window: sees what is shown, presses what can be pressed, types what can be typed, and waits by looking."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListView,
    QListWidget,
    QMenu,
    QTabWidget,
    QTreeWidgetItemIterator,
    QWidget,
)
from pytestqt.exceptions import TimeoutError as WaitedInVain
from pytestqt.qtbot import QtBot

from desktop.ui.application import Application
from desktop.ui.main_window import MainWindow
from desktop.ui.table import Table

ENTER, ESCAPE, TAB = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab
CONTROL, NO_MODIFIER = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
D = TypeVar("D", bound=QDialog)
PATIENCE_MS = 20_000


class Hands:
    """One person, one program. Every wait is for something a person would see."""

    def __init__(self, qtbot: QtBot, program: Application, patience_ms: int = PATIENCE_MS) -> None:
        self.qtbot = qtbot
        self.program = program
        self.patience_ms = patience_ms

    @property
    def window(self) -> MainWindow:
        window = self.program.window
        assert window is not None
        return window

    # Waiting

    def until(self, seen: Callable[[], object]) -> None:
        """Look until it is there; what is falsy or cannot be looked up yet is not."""
        try:
            self.qtbot.waitUntil(lambda: bool(seen()), timeout=self.patience_ms)
        except WaitedInVain:
            shown = QApplication.activeModalWidget() or self.window
            pytest.fail(f"waited in vain; {type(shown).__name__} shows:\n{self.labels(shown)}")

    def rest(self) -> None:
        """Until nothing runs any more and the answers have arrived."""
        self.until(lambda: not self.program.jobs.running())

    # Mouse

    def press(self, button: QAbstractButton) -> None:
        """Click a button that is there to be clicked."""
        self.until(lambda: button.isVisible() and button.isEnabled() and not self._covered(button))
        self._to_front(button)
        self.qtbot.mouseClick(button, LEFT)

    def _to_front(self, widget: QWidget) -> None:
        """What a window manager does for a window that is clicked: here there is none."""
        window = widget.window()
        if not window.isActiveWindow():
            window.activateWindow()
            self.until(window.isActiveWindow)

    @staticmethod
    def _covered(widget: QWidget) -> bool:
        modal = QApplication.activeModalWidget()
        return modal is not None and widget.window() is not modal

    def page(self, key: str) -> Any:
        """Go to a page by the rail."""
        self.press(self.window.rail.buttons[key])
        self.until(lambda: self.window.pages.current == key)
        self.rest()
        return self.window.pages.page(key)

    def year(self, wanted: int) -> None:
        """Let every page follow this year."""
        self.pick(self.window.top.period.year, wanted)
        self.until(lambda: self.program.desk.period.name == str(wanted))
        self.rest()

    def press_named(self, inside: QWidget, words: str) -> None:
        """Click the first visible button with these words (the empty state of a list offers it too)."""
        self.press(self.named(inside, words))

    @staticmethod
    def named(inside: QWidget, words: str) -> QAbstractButton:
        found = [each for each in inside.findChildren(QAbstractButton) if each.isVisible() and each.text().strip() == words]
        assert found, (words, [each.text() for each in inside.findChildren(QAbstractButton) if each.isVisible()])
        return found[0]

    def click_row(self, table: Table, text: str, column: int = 0) -> None:
        """Click the row whose cell of a column reads so."""
        self.until(lambda: text in self.column(table, column))
        row = self.column(table, column).index(text)
        index = table.model.index(row, column)
        table.view.scrollTo(index)
        self.qtbot.mouseClick(table.view.viewport(), LEFT, pos=table.view.visualRect(index).center())
        self.rest()

    def open_row(self, table: Table, text: str, column: int = 0) -> None:
        """Choose the row and press Enter on it."""
        self.click_row(table, text, column)
        self.qtbot.keyClick(table.view, ENTER)

    @staticmethod
    def column(table: Table, place: int) -> list[str]:
        """What a column of a list shows, top to bottom."""
        return [str(table.model.index(row, place).data()) for row in range(table.model.rowCount())]

    def menu(self, table: Table, words: str) -> None:
        """Take an action from the menu of the chosen rows."""
        current = table.view.visualRect(table.view.currentIndex()).center()
        table.view.customContextMenuRequested.emit(current)
        self.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        (row,) = [n for n, action in enumerate(menu.actions()) if action.text() == words]
        assert menu.actions()[row].isEnabled()
        self.pick_in_menu(menu, row)

    def chip(self, table: Table, words: str) -> None:
        """Turn a filter chip on (or off)."""
        (button,) = [each for each in table.chips.findChildren(QAbstractButton) if each.text().split(" ")[0] == words]
        self.press(button)
        self.rest()

    def pick(self, box: QComboBox, data: object) -> None:
        """Choose from a drop-down as with the keyboard: open, move, Enter."""
        self.until(lambda: box.isVisible() and box.isEnabled() and box.findData(data) >= 0)
        wanted = box.findData(data)
        box.showPopup()
        view = box.view()
        self.until(view.isVisible)
        view.setCurrentIndex(box.model().index(wanted, box.modelColumn()))
        self.qtbot.keyClick(view, ENTER)
        self.until(lambda: box.currentIndex() == wanted)

    def tab(self, tabs: QTabWidget, place: int) -> None:
        """Click a tab."""
        bar = tabs.tabBar()
        self.until(lambda: tabs.isVisible() and not self._covered(tabs))
        self._to_front(tabs)
        self.qtbot.mouseClick(bar, LEFT, pos=bar.tabRect(place).center())
        self.until(lambda: tabs.currentIndex() == place)
        self.rest()

    def pick_in_menu(self, menu: QMenu, row: int) -> None:
        """Choose from an open menu with the arrow keys."""
        self.until(menu.isVisible)
        menu.setActiveAction(menu.actions()[row])
        self.qtbot.keyClick(menu, ENTER)
        self.until(lambda: not menu.isVisible())

    def pick_in_list(self, view: QListWidget, words: str) -> None:
        """Click the line of a list that says or is read out as these words."""
        said = Qt.ItemDataRole.AccessibleTextRole
        items = [view.item(row) for row in range(view.count())]
        item = next(each for each in items if each.text() == words or str(each.data(said) or "").startswith(words))
        view.scrollToItem(item)
        self.qtbot.mouseClick(view.viewport(), LEFT, pos=view.visualItemRect(item).center())
        self.rest()

    # Keyboard

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        """A key to whatever has the keyboard."""
        self._to_front(QApplication.activeModalWidget() or self.window)
        self.qtbot.keyClick(QApplication.activePopupWidget() or QApplication.focusWidget() or self.window, key, modifier)

    @staticmethod
    def focus() -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def type(self, text: str) -> None:
        """Text to whatever has the keyboard: keys, or for Chinese what an input method sends, first as a guess, then committed."""
        target = self.focus()
        if text.isascii():
            self.qtbot.keyClicks(target, text)
            return
        QApplication.sendEvent(target, QInputMethodEvent("pin yin", []))
        event = QInputMethodEvent("", [])
        event.setCommitString(text)
        QApplication.sendEvent(target, event)

    def enter(self, text: str) -> None:
        """Type, then Enter: in a list of candidates the first is taken, in a form the keyboard moves on."""
        self.type(text)
        self.key(ENTER)

    def fill(self, line: QWidget, text: str) -> None:
        """Click into a field, clear it, type."""
        self.until(lambda: line.isVisible() and line.isEnabled() and not self._covered(line))
        self._to_front(line)
        self.qtbot.mouseClick(line, LEFT, pos=QPoint(4, line.height() // 2))
        self.until(line.hasFocus)
        self.qtbot.keyClick(line, Qt.Key.Key_A, CONTROL)
        self.qtbot.keyClick(line, Qt.Key.Key_Delete)
        if text:
            self.type(text)

    # Dialogs

    def dialog(self, kind: type[D]) -> D:
        """The dialog of a kind, once it stands open and nothing lies over it."""
        self.until(lambda: isinstance(QApplication.activeModalWidget(), kind))
        found = QApplication.activeModalWidget()
        assert isinstance(found, kind)
        return found

    def gone(self, dialog: QDialog) -> None:
        """Until a dialog has closed and the work it began is done."""
        self.until(lambda: not _alive(dialog))
        self.rest()

    def choose_file(self, path: Path) -> None:
        """Type a path into the file dialog and press Enter."""
        asked = self.dialog(QFileDialog)
        line = asked.findChild(QLineEdit, "fileNameEdit")
        assert line is not None
        line.setFocus()
        self.fill(line, str(path))
        popup = QApplication.activePopupWidget()
        if isinstance(popup, QListView):  # completion lies over the field: it closes first
            self.qtbot.keyClick(popup, ESCAPE)
        self.qtbot.keyClick(line, ENTER)
        self.gone(asked)

    # What is shown

    def notices(self) -> list[str]:
        """The notices in the window, newest first."""
        return [view.words.text() for view in self.window.notices.views()]

    def panel_value(self) -> str:
        """The figure the "为什么?" panel explains."""
        return self.window.panel().value.text()

    def tree_text(self) -> str:
        """Every line of the explanation, unfolded."""
        tree = self.window.panel().tree
        tree.expandAll()
        lines = []
        found = QTreeWidgetItemIterator(tree)
        while (item := found.value()) is not None:
            lines.append(f"{item.text(0)} {item.text(1)}")
            found += 1
        return "\n".join(lines)

    @staticmethod
    def labels(inside: QWidget) -> str:
        """Every label a person can read there, in one text."""
        return "\n".join(each.text() for each in inside.findChildren(QLabel) if each.isVisible() and each.text())


def _alive(dialog: QDialog) -> bool:
    from shiboken6 import isValid

    return isValid(dialog) and dialog.isVisible()
