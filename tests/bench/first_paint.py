"""The window that is measured, in a process of its own: tells when the first picture and the first filled table were drawn.

    python -m tests.bench.first_paint bare|ours

Prints moments of the system's monotonic clock; ``ours`` opens the ledger that YIXIANG_HOME names, through the front door.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QApplication


def _watch(app: QApplication, *, wants_table: bool) -> QObject:
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QTableView

    def told(what: str, *, last: bool) -> None:
        print(what, time.monotonic(), flush=True)
        if last:
            os._exit(0)

    class Watch(QObject):
        """Sees every event until the first picture, then those of a table that has rows; a picture ends with the next other event."""

        drawing = False
        filled = False

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                self.drawing = True
                if self.filled:
                    QTimer.singleShot(0, lambda: told("table", last=True))
            elif self.drawing and not self.filled:
                app.removeEventFilter(self)
                self.drawing = False
                told("paint", last=not wants_table)
                looking.start()
            return False

        def look(self) -> None:
            for window in app.topLevelWidgets():
                for view in window.findChildren(QTableView):
                    if not self.filled and view.isVisible() and view.model() is not None and view.model().rowCount():
                        self.filled = True
                        view.viewport().installEventFilter(self)
                        view.viewport().update()

    watch = Watch(app)
    looking = QTimer(watch)
    looking.setInterval(10)
    looking.timeout.connect(watch.look)
    app.installEventFilter(watch)
    return watch


def bare() -> None:
    """A window with one line of text in its middle and a button: the first example of Qt for Python."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QPushButton, QVBoxLayout, QWidget

    app = QApplication([])
    _watch(app, wants_table=False)
    window = QMainWindow()
    middle = QWidget()
    column = QVBoxLayout(middle)
    column.addWidget(QLabel("仪享台账", alignment=Qt.AlignmentFlag.AlignCenter))
    column.addWidget(QPushButton("开始"))
    window.setCentralWidget(middle)
    window.resize(1280, 800)
    window.show()
    app.exec()


def ours() -> None:
    """The program."""
    from PySide6.QtWidgets import QApplication

    app = QApplication(["yixiang"])
    _watch(app, wants_table=True)
    from desktop.__main__ import main

    main([])


if __name__ == "__main__":
    {"bare": bare, "ours": ours}[sys.argv[1]]()
