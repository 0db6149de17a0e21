"""Files dropped on a widget from the desktop: one file at a time, by its ending (or any); anything else is left to others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, QTimer
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

TABLES = ("xlsx", "xlsm", "xls", "ods", "csv", "txt", "tsv")


def dropped(mime: QMimeData, endings: Sequence[str] = TABLES) -> Path | None:
    """The one local file that is carried, when its name ends as wanted; no endings: any file."""
    files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if len(files) == 1 and not endings:
        return files[0]
    if len(files) == 1 and files[0].suffix.lower().removeprefix(".") in endings:
        return files[0]
    return None


class _Drops(QObject):
    def __init__(self, widget: QWidget, then: Callable[[Path], object], endings: Sequence[str]) -> None:
        super().__init__(widget)
        self._then = then
        self._endings = tuple(endings)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop) and isinstance(event, QDropEvent):
            path = dropped(event.mimeData(), self._endings)
            if path is None:
                return False
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            if event.type() == QEvent.Type.Drop:
                # The program that the file comes from waits until the drop is answered: the work begins afterwards.
                QTimer.singleShot(0, self, lambda: self._then(path))
            return True
        return super().eventFilter(watched, event)


def accept_files(widget: QWidget, then: Callable[[Path], object], endings: Sequence[str] = TABLES) -> None:
    """Take a file dropped on the widget or what is in it: ``then(path)``."""
    widget.setAcceptDrops(True)
    widget.installEventFilter(_Drops(widget, then, endings))
