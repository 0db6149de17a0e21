"""Hands for dialogs: the open one of a kind, signing as a person, what a table shows."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication, QDialog

from desktop.ui.dialogs.pin_dialog import PinDialog


def dialog(kind: type[Any]) -> Any:
    """The open dialog of a kind."""
    found = [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]
    assert len(found) == 1, [type(one).__name__ for one in found]
    return found[0]


def nothing_open() -> bool:
    return not any(isinstance(one, QDialog) and one.isVisible() for one in QApplication.topLevelWidgets())


def sign(name: str, pin: str) -> PinDialog:
    """Choose a person, type the PIN, press the button."""
    asked: PinDialog = dialog(PinDialog)
    asked.person.setCurrentIndex(asked.person.findData(name))
    asked.pin.setText(pin)
    asked.do.click()
    return asked


def texts_of(table: Any, column: int = 0) -> list[str]:
    return [table.model.data(table.model.index(row, column)) for row in range(table.model.rowCount())]
