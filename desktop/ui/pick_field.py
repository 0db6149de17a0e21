"""A completed field for quick hands: Enter takes the first candidate, Down in an empty field lists what there is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop.ui.choice_fields import Choice, CompletedField, Lookup


class PickField(CompletedField):
    """``opens``: the list shows by itself when the keyboard comes to the empty field; ``lookup("")`` gives it."""

    def __init__(
        self,
        lookup: Lookup,
        named: Callable[[str], Choice | None],
        *,
        placeholder: str = "",
        free: bool = False,
        opens: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(lookup, named, placeholder=placeholder, free=free, parent=parent)
        self._opens = opens
        self.line.installEventFilter(self)

    def offer(self) -> None:
        """List the candidates for what stands there, the first one marked."""
        if not self.line.hasFocus():
            return
        self._found = list(self._lookup(self.line.text().strip()))[:50]
        self._names.setStringList([choice.text for choice in self._found])
        if self._found:
            self.completer.complete()
            self._mark()

    def _typed(self, text: str) -> None:
        super()._typed(text)
        self._mark()

    def _mark(self) -> None:
        if self.popup.isVisible():
            self.popup.setCurrentIndex(self.popup.model().index(0, 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line:
            if event.type() == QEvent.Type.FocusIn and self._opens and not self.line.text():
                QTimer.singleShot(0, self, self.offer)
            elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down:
                self.offer()
                return True
        return super().eventFilter(watched, event)
