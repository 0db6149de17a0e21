"""A part of a window that reads what it shows only while somebody looks at it: a large year takes its time, and few look at every part."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget


class ReadWhenShown(QWidget):
    """What is made of it says in ``read`` what it reads; everybody else calls ``refresh``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stale = True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def refresh(self) -> None:
        """Read again; while it is not looked at, when it next is."""
        self._stale = not self.isVisible()
        if not self._stale:
            self.read()

    def read(self) -> None:
        """Ask ``desk.jobs`` for what is shown. Never waits."""
        raise NotImplementedError
