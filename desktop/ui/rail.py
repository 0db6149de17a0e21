"""The rail at the left: one button a page, icon and label; folds to icons. Up and Down move, Ctrl+1 … 9 jump, Ctrl+, to the last."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from desktop.ui import texts, theme
from desktop.ui.keys import press
from desktop.ui.pages import PageEntry
from desktop.words import tr

WIDE, NARROW = 176, 56
_LAST = "Ctrl+,"  # what opens the settings elsewhere, however many pages there are above


class Rail(QFrame):
    """Buttons for the pages; ``chosen`` gives the key of a page."""

    chosen = Signal(str)
    folded = Signal(bool)

    def __init__(self, entries: Sequence[PageEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAccessibleName(tr("页面"))
        self.buttons: dict[str, QToolButton] = {}
        self.is_folded = False
        self._group = QButtonGroup(self)
        self._labels: dict[str, str] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.UNIT, theme.UNIT, theme.UNIT, theme.UNIT)
        column.setSpacing(theme.UNIT // 4)
        for place, entry in enumerate(entry for entry in entries if not entry.at_bottom):
            column.addWidget(self._button(entry, f"Ctrl+{place + 1}" if place < 9 else ""))
        column.addStretch(1)
        for entry in (entry for entry in entries if entry.at_bottom):
            column.addWidget(self._button(entry, _LAST))
        self.fold_button = QToolButton()
        self.fold_button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.fold_button.clicked.connect(lambda: self.fold(not self.is_folded))
        column.addWidget(self.fold_button)
        self.fold(False)

    def _button(self, entry: PageEntry, keys: str) -> QToolButton:
        label = entry.title
        made = _RailButton(self)
        made.setText(f" {label}")
        made.setCheckable(True)
        made.setAccessibleName(label)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        shown = press(made, keys)
        made.setToolTip(texts.tip(f"{label}  {shown}" if keys else label))
        theme.dress(made, entry.icon, size=20)
        made.clicked.connect(lambda checked=False, key=entry.key: self.chosen.emit(key))
        self._group.addButton(made)
        self.buttons[entry.key] = made
        self._labels[entry.key] = label
        return made

    def mark(self, key: str) -> None:
        """Show which page is open."""
        self.buttons[key].setChecked(True)

    def fold(self, on: bool) -> None:
        """Icons only, or icons with labels."""
        self.is_folded = on
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if on else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for button in self.buttons.values():
            button.setToolButtonStyle(style)
        words = tr("展开侧栏") if on else tr("收起侧栏")
        self.fold_button.setText(f" {words}")
        self.fold_button.setAccessibleName(words)
        self.fold_button.setToolTip(words)
        self.fold_button.setToolButtonStyle(style)
        theme.dress(self.fold_button, "right" if on else "left", size=20)
        self.setFixedWidth(theme.px(NARROW if on else WIDE))
        self.folded.emit(on)

    def step(self, button: QToolButton, n: int) -> None:
        """Move the keyboard to the next or previous page's button."""
        order = list(self.buttons.values())
        order[(order.index(button) + n) % len(order)].setFocus()


class _RailButton(QToolButton):
    """Enter presses it; Up and Down move along the rail."""

    def __init__(self, rail: Rail) -> None:
        super().__init__()
        self._rail = rail

    def keyPressEvent(self, event: QKeyEvent) -> None:
        n = (event.key() == Qt.Key.Key_Down) - (event.key() == Qt.Key.Key_Up)
        if n:
            self._rail.step(self, n)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)
