"""What an empty list shows: what belongs here, and the first thing to do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.ui import theme

_BESIDE, _DOWN = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom


class Empty(NamedTuple):
    """Words for an empty list: a title, what belongs here, and up to two actions (text, what to do); the first stands out."""

    title: str
    text: str
    icon: str = "ledger"
    actions: tuple[tuple[str, Callable[[], object]], ...] = ()


class EmptyView(QWidget):
    """An ``Empty`` drawn in the middle of the room the list would take."""

    def __init__(self, empty: Empty, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("empty")
        self.title = QLabel(empty.title)
        self.text = QLabel(empty.text)
        self.buttons: list[QPushButton] = []
        column = self._column = QVBoxLayout(self)
        column.setSpacing(theme.UNIT)
        column.addStretch(2)
        column.addWidget(theme.IconLabel(empty.icon, "muted", 32), 0, Qt.AlignmentFlag.AlignHCenter)
        self.title.setProperty("role", "section")
        for label in (self.title, self.text):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
        self.text.setProperty("tone", "muted")
        self.text.setMaximumWidth(theme.px(440))
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self.text, 1000)
        middle.addStretch(1)
        column.addWidget(self.title)
        column.addLayout(middle)
        row = self._row = QHBoxLayout()
        row.addStretch(1)
        for place, (words, act) in enumerate(empty.actions):
            button = QPushButton(words)
            button.setAutoDefault(True)
            if place == 0:
                button.setProperty("role", "primary")
            button.clicked.connect(lambda checked=False, act=act: act())
            row.addWidget(button)
            self.buttons.append(button)
        row.addStretch(1)
        column.addSpacing(theme.UNIT)
        column.addLayout(row)
        column.addStretch(3)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the widest button: they stand one under the other where side by side is too wide."""
        beside = super().minimumSizeHint()
        margins = self.contentsMargins() + self._column.contentsMargins()
        widest = max((button.sizeHint().width() for button in self.buttons), default=0)
        return QSize(min(beside.width(), widest + margins.left() + margins.right()), beside.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        needed = sum(button.sizeHint().width() + self._row.spacing() for button in self.buttons)
        self._row.setDirection(_DOWN if needed > self._column.contentsRect().width() else _BESIDE)
