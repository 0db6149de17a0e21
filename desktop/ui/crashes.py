"""Takes every bug: from ``sys.excepthook`` and from the lanes. One dialog at a time; further ones are added to it.

The dialog itself (ui.crash) is imported with the first bug, or after the first paint, whichever is earlier.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from desktop.ui.crash import CrashDialog

log = logging.getLogger("yixiang.crash")


class Crashes:
    """``parent()`` gives the window the dialog lies over."""

    def __init__(self, parent: Callable[[], QWidget | None]) -> None:
        self._parent = parent
        self.dialog: CrashDialog | None = None

    def install(self) -> None:
        """Become ``sys.excepthook``; Ctrl+C keeps its meaning."""
        sys.excepthook = self._hook

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self.show(error.with_traceback(trace))

    def show(self, error: BaseException) -> None:
        """Log it and tell it."""
        from desktop.ui.crash import CrashDialog, details

        told = details(error)
        log.error("crash %s", told.replace("\n", " | "))
        if self.dialog is not None:
            self.dialog.text.appendPlainText("\n" + told)
            return
        self.dialog = CrashDialog(told, self._parent())
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
