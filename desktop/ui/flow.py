"""Layouts that wrap to the width there is: a large font or a small window must not lay one button over another."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

from desktop.ui import theme


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
            size = item.sizeHint().boundedTo(QSize(max(1, rect.width()), 1 << 16))  # what can give way does
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self.spacing(), 0
            if moving:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self.spacing()
            line = max(line, size.height())
        return y + line - rect.y()


_SAID = 112  # of the line beside the title this much stays readable


class HeadLayout(FlowLayout):
    """The head of a page: the first item and the line beside it at the left, the rest at the right; where they do not fit side
    by side the rest stands below. Every item stands in the middle of its row."""

    def _arrange(self, rect: QRect, *, moving: bool) -> int:
        items = [item for item in self._items if not item.isEmpty()]
        if not items:
            return 0
        title, rest = items[0], items[2:]
        high = theme.px(5 * theme.UNIT)
        wide = title.sizeHint().width()
        below = sum(item.sizeHint().width() + self.spacing() for item in rest)
        said = min(items[1].sizeHint().width(), theme.px(_SAID))
        fits = wide + 2 * theme.UNIT + said + below <= rect.width()
        if moving:
            _put(title, rect.x(), rect.y(), wide, high)
            left = rect.x() + wide + 2 * theme.UNIT
            _put(items[1], left, rect.y(), max(0, rect.right() + 1 - left - (below + self.spacing() if fits else 0)), high)
        if fits:
            x = rect.right() + 1 - below + self.spacing()
            for item in rest if moving else ():
                _put(item, x, rect.y(), item.sizeHint().width(), high)
                x += item.sizeHint().width() + self.spacing()
            return high
        x, y = rect.x(), rect.y() + high
        for item in rest:
            width = min(item.sizeHint().width(), rect.width())
            if x > rect.x() and x + width > rect.right() + 1:
                x, y = rect.x(), y + high
            if moving:
                _put(item, x, y, width, high)
            x += width + self.spacing()
        return y + high - rect.y()


def _put(item: QLayoutItem, x: int, y: int, width: int, high: int) -> None:
    height = min(item.sizeHint().height(), high)
    item.setGeometry(QRect(x, y + (high - height) // 2, width, height))
