"""Labels of plain text: one that wraps, one that gives way, and a window just high enough for labels that wrap."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.ui import texts, theme

_EDGE = 16
_LEAST = QSize(1024, 640)  # the main window is never smaller


def label(text: str = "", *, role: str = "", tone: str = "") -> QLabel:
    """A label that wraps and shows its text as it is. ``role``: title, section, strong, large; ``tone`` as texts.Tone."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    if role:
        made.setProperty("role", role)
    if tone:
        made.setProperty("tone", tone)
    return made


def room(window: QWidget) -> QSize:
    """How large a window over its parent's can be: it stays within that one, and a large font pushes no button off the screen."""
    most = window.screen().availableSize()
    parent = window.parentWidget()
    if parent is not None:
        most = parent.window().size().expandedTo(_LEAST)
    return most - QSize(_EDGE, 3 * _EDGE)


def at_least(window: QWidget, width: int, height: int = 0) -> None:
    """Give a window its least size in design pixels, as far as there is room."""
    most = room(window)
    window.setMinimumWidth(min(theme.px(width), most.width()))
    if height:
        window.setMinimumHeight(min(theme.px(height), most.height()))


def begin_at(window: QWidget, width: int, height: int) -> None:
    """Give a window its first size in design pixels, as far as there is room."""
    window.resize(QSize(theme.px(width), theme.px(height)).boundedTo(room(window)))


def fit_height(window: QWidget) -> None:
    """Make a window as high as its wrapped labels need at its width: Qt guesses too low or too high before it is shown."""
    layout = window.layout()
    if layout is not None and layout.hasHeightForWidth():
        layout.activate()  # a layout within it forgets its old height only now
        height = min(layout.totalHeightForWidth(window.width()), room(window).height())
        window.setMinimumHeight(height)
        window.resize(window.width(), height)


class Elided(QLabel):
    """One line of plain text; what does not fit ends in an ellipsis and stands whole in the tooltip.

    As wide as there is room for, at most as wide as its text.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(texts.tip(text) if text else "")
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2, hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        # Not through the style: its class brings six hundred names that the first paint would wait for.
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(self.alignment()), shown)
        painter.end()
