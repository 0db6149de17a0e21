"""The window that is measured, in a process of its own: tells when the first picture and the first filled table were drawn.

    python -m tests.bench.first_paint bare|ours

Prints moments of the system's monotonic clock; ``ours`` opens the ledger that YIXIANG_HOME names, through the front door.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any


def _tell_paints(window_class: Any, *, wants_table: bool) -> None:
    """Have windows of this class tell when they, and all that stands in them, were drawn for the first time.

    A table is filled when, while the window is drawn, it asked its model for words to show. Nothing is asked of Qt that the
    program does not ask: to name a list's viewport, Qt for Python would define sixty more names first.
    """
    from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
    from PySide6.QtWidgets import QMainWindow

    class Drawn(QObject):
        """Hears of a picture at once when it is done: a window and its children are drawn in one go."""

        said = False
        drawing = False
        filled = False

        def event(self, event: QEvent) -> bool:
            if event.type() == QEvent.Type.User:
                self.drawing = False
                if not self.said:
                    self.said = True
                    print("paint", time.monotonic(), flush=True)
                    if not wants_table:
                        os._exit(0)
                    self.wait()
                elif self.filled:
                    print("table", time.monotonic(), flush=True)
                    os._exit(0)
            return super().event(event)

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.UpdateRequest:
                self.drawing = True
                self.post()
            return False

        def post(self) -> None:
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.User), Qt.EventPriority.HighEventPriority.value)

        def wait(self) -> None:
            """From now on hear of what is drawn; what is imported here is imported next anyway."""
            from desktop.ui.paged_model import PagedModel

            data = PagedModel.data

            def told(model: PagedModel, index: Any, role: int = 0) -> Any:
                found = data(model, index, role)
                if self.drawing and found and role == Qt.ItemDataRole.DisplayRole:
                    self.filled = True
                return found

            PagedModel.data = told  # type: ignore[method-assign]  # to be told
            window.installEventFilter(self)

    drawn = Drawn()
    paint = getattr(window_class, "paintEvent", QMainWindow.paintEvent)
    window: Any = None

    def paint_event(self: Any, event: Any) -> None:
        nonlocal window
        paint(self, event)
        if not drawn.said:
            window = self
            drawn.post()

    window_class.paintEvent = paint_event


def bare() -> None:
    """A window with one line of text in its middle and a button: the first example of Qt for Python."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QPushButton, QVBoxLayout, QWidget

    class Window(QMainWindow):
        """A bare window."""

    app = QApplication([])
    _tell_paints(Window, wants_table=False)
    window = Window()
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
    from desktop.__main__ import main
    from desktop.ui import quick_start

    quick_start.prepare()  # as the front door does, before anything else of the window
    from desktop.ui.main_window import MainWindow

    _tell_paints(MainWindow, wants_table=True)
    main([])


if __name__ == "__main__":
    {"bare": bare, "ours": ours}[sys.argv[1]]()
