"""Views in one another's place of which only the one in sight asks for room: a wide one that is hidden widens nothing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget


class FittedStack(QStackedWidget):
    """``refitted``: what is in sight may need another room than before."""

    refitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentChanged.connect(lambda _: self.updateGeometry())

    def minimumSizeHint(self) -> QSize:
        """Of the view in sight."""
        shown = self.currentWidget()
        return super().minimumSizeHint() if shown is None else shown.minimumSizeHint().expandedTo(shown.minimumSize())

    def sizeHint(self) -> QSize:
        """Of the view in sight."""
        shown = self.currentWidget()
        return super().sizeHint() if shown is None else shown.sizeHint().expandedTo(self.minimumSizeHint())

    def event(self, event: QEvent) -> bool:
        """A view laid out anew may need more room, or less."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.refitted.emit()
        return done
