"""Filter chips over a list: each is one filter that is on or off, with the number it would show when that is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QLayout, QLayoutItem, QPushButton, QSizePolicy, QWidget

from desktop.ui import theme
from desktop.words import tr


class Chip(NamedTuple):
    """``name=value`` goes to the source's filters while the chip is on; chips of one name exclude each other."""

    name: str
    value: str
    text: str
    tip: str = ""


class ChipBar(QWidget):
    """A row of chips that wraps. ``filters`` are those that are on; ``chosen`` tells when the person changed them."""

    chosen = Signal()

    def __init__(self, chips: Sequence[Chip], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: dict[tuple[str, str], tuple[Chip, QPushButton]] = {}
        row = FlowLayout(self)
        for chip in chips:
            button = QPushButton(chip.text)
            button.setCheckable(True)
            button.setProperty("role", "chip")
            button.setAccessibleName(tr("筛选：{name}", name=chip.text))
            if chip.tip:
                button.setToolTip(chip.tip)
            button.clicked.connect(lambda checked=False, chip=chip: self._clicked(chip))
            row.addWidget(button)
            self._chips[chip.name, chip.value] = (chip, button)

    def filters(self) -> dict[str, str]:
        """The filters that are on."""
        return {chip.name: chip.value for chip, button in self._chips.values() if button.isChecked()}

    def show_filters(self, filters: Mapping[str, str]) -> None:
        """Turn chips on as these filters say, without telling ``chosen``; filters without a chip are left to the caller."""
        for (name, value), (_, button) in self._chips.items():
            button.setChecked(filters.get(name) == value)

    def show_counts(self, counts: Mapping[tuple[str, str], int]) -> None:
        """Put the number of rows behind each chip on it."""
        for place, (chip, button) in self._chips.items():
            button.setText(f"{chip.text} {counts[place]:,}" if place in counts else chip.text)

    def clear(self) -> None:
        """All off."""
        self.show_filters({})

    def _clicked(self, chip: Chip) -> None:
        for (name, value), (_, button) in self._chips.items():
            if name == chip.name and value != chip.value:
                button.setChecked(False)
        self.chosen.emit()


class FlowLayout(QLayout):
    """Widgets side by side, wrapped to the width there is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(theme.UNIT)
        if parent is not None:
            fit = parent.sizePolicy()
            fit.setHeightForWidth(True)
            fit.setVerticalPolicy(QSizePolicy.Policy.Minimum)
            parent.setSizePolicy(fit)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), moving=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, moving=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, *, moving: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():  # hidden: takes no room, not even a gap
                continue
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self.spacing(), 0
            if moving:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self.spacing()
            line = max(line, size.height())
        return y + line - rect.y()
