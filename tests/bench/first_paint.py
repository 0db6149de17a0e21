"""The window that is measured, in a process of its own: tells when the first picture and the first filled table were drawn.

    python -m tests.bench.first_paint bare|ours

Prints moments of the system's monotonic clock; ``ours`` opens the ledger that YIXIANG_HOME names, through the front door.
"""

from __future__ import annotations

import os
import sys
import time


def _watch(wants_table: bool) -> object:
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QAbstractItemView

    class Watch(QObject):
        """Sees every event; a picture is done at the first event that is no part of it."""

        said = False
        table = False
        drawing = False

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                self.drawing = True
                view = watched.parent()
                if isinstance(view, QAbstractItemView) and view.model() is not None and view.model().rowCount():
                    self.table = True
            elif self.drawing:
                self.drawing = False
                self.told()
            return False

        def told(self) -> None:
            now = time.monotonic()
            if not self.said:
                self.said = True
                print("paint", now, flush=True)
                if not wants_table:
                    os._exit(0)
            if self.table:
                print("table", now, flush=True)
                os._exit(0)

    return Watch()


def bare() -> None:
    """A window with one line of text."""
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

    app = QApplication([])
    watch = _watch(False)
    app.installEventFilter(watch)  # type: ignore[arg-type]  # an object of Qt
    window = QMainWindow()
    window.setCentralWidget(QLabel("仪享台账"))
    window.resize(1280, 800)
    window.show()
    app.exec()


def ours() -> None:
    """The program."""
    from PySide6.QtWidgets import QApplication

    app = QApplication(["yixiang"])
    watch = _watch(True)
    app.installEventFilter(watch)  # type: ignore[arg-type]  # an object of Qt
    from desktop.__main__ import main

    main([])


if __name__ == "__main__":
    {"bare": bare, "ours": ours}[sys.argv[1]]()
