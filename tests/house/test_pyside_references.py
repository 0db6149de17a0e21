"""PySide6 6.12.0 on Python 3.11 takes a reference too many from None, True and False and aborts after some thousand calls.

A new pin must not bring that back: common calls are repeated and the references counted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSettings, Qt, Signal
from PySide6.QtGui import QColor, QFont, QIcon, QImage, QPainter, QStandardItemModel
from PySide6.QtWidgets import QLabel, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

CALLS = 250  # enough to see a loss, too few for the loss to abort the tests before they tell
Index = QModelIndex | QPersistentModelIndex


class Table(QAbstractTableModel):
    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else 20

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else 4

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return True if role == Qt.ItemDataRole.UserRole else None


class Bell(QObject):
    rung = Signal(object)


def drift(call: Callable[[], object], calls: int = CALLS) -> dict[str, int]:
    """How far the reference counts of None, True and False moved over the calls."""
    call()
    before = [sys.getrefcount(value) for value in (None, True, False)]
    for _ in range(calls):
        call()
    after = [sys.getrefcount(value) for value in (None, True, False)]
    return {name: b - a for name, a, b in zip(("None", "True", "False"), before, after, strict=True)}


def loses(moved: dict[str, int], calls: int = CALLS) -> bool:
    """Whether references go with the calls; a few that come and go with the interpreter's own work do not count."""
    return any(change < -calls // 4 for change in moved.values())


def _widget_calls(name: str) -> Callable[[], object]:
    widget, label, edit, view, table = QWidget(), QLabel(), QLineEdit(), QTableView(), Table()
    standard, image, bell, store = QStandardItemModel(2, 2), QImage(8, 8, QImage.Format.Format_RGB32), Bell(), QSettings()
    view.setModel(table)
    bell.rung.connect(lambda value: value)

    def paint() -> None:
        painter = QPainter(image)
        painter.setPen(QColor("black"))
        painter.drawText(0, 8, "x")
        painter.end()

    def data() -> object:
        first = table.index(0, 0)
        return table.data(first), first.data(), first.data(Qt.ItemDataRole.UserRole), standard.index(0, 0).data()

    calls: dict[str, Callable[[], object]] = {
        "setters": lambda: (label.setText("x"), edit.setText("y"), widget.setEnabled(True), widget.setEnabled(False)),
        "getters": lambda: (widget.isVisible(), widget.isEnabled(), widget.parent(), widget.layout(), edit.validator()),
        "model data": data,
        "view": lambda: (view.model(), view.currentIndex(), view.sizeHintForRow(0), view.setSortingEnabled(False)),
        "properties": lambda: (widget.setProperty("p", True), widget.property("p"), widget.property("absent")),
        "signal": lambda: (bell.rung.emit(None), bell.rung.emit(True), bell.rung.emit(False)),
        "painter": paint,
        "fonts and icons": lambda: (QFont().setBold(True), QIcon().isNull(), QColor().isValid()),
        "settings": lambda: (store.value("absent"), store.value("absent", None), store.contains("absent")),
        "block signals": lambda: (widget.blockSignals(True), widget.blockSignals(False)),
    }
    return calls[name]


@pytest.mark.parametrize(
    "name",
    [
        "setters",
        "getters",
        "model data",
        "view",
        "properties",
        "signal",
        "painter",
        "fonts and icons",
        "settings",
        "block signals",
    ],
)
def test_calls_keep_the_references_of_constants(qtbot: QtBot, name: str) -> None:
    moved = drift(_widget_calls(name))
    assert not loses(moved), f"this PySide6 loses references in {name}: {moved} over {CALLS} calls; keep the older pin"


def test_the_probe_sees_a_loss() -> None:
    held = [None] * CALLS
    moved = drift(lambda: held.pop() if held else None, CALLS - 1)
    assert loses(moved, CALLS - 1), "the probe must notice when each call gives up one reference"
