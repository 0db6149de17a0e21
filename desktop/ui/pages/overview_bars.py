"""Bars by month, this year's before last year's, drawn with whole numbers only: a picture of amounts, never a computation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.ui import texts, theme
from desktop.words import tr

_MOST_TICKS = 5
_FIRST_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Scale:
    """``per`` values (fen, minutes) make one unit of the axis; a tick every ``step`` units, from ``low`` to ``high`` units."""

    unit: str
    per: int
    step: int
    low: int
    high: int

    def ticks(self) -> range:
        """Where the lines stand, in units."""
        return range(self.low, self.high + 1, self.step)

    def place(self, value: int, height: int) -> int:
        """How high above the lowest line a value stands, in pixels."""
        return (value - self.low * self.per) * height // ((self.high - self.low) * self.per)


def scale_for(values: Sequence[int], unit: str) -> Scale:
    """Round steps that hold every value and zero."""
    least, most = min(0, *values), max(0, *values)
    per, name = (60, tr("小时")) if unit == "minutes" else (100, tr("元"))
    if unit == "fen" and max(most, -least) >= 1_000_000:
        per, name = 1_000_000, tr("万元")
    span = max(1, -(-(most - least) // per))
    step = _step(span)
    low, high = least // (per * step) * step, -(-most // (per * step)) * step
    return Scale(name, per, step, low, max(high, low + step))


def _step(span: int) -> int:
    power = 1
    while True:
        for first in _FIRST_STEPS:
            if span <= first * power * (_MOST_TICKS - 1):
                return first * power
        power *= 10


class MonthBars(QWidget):
    """Two bars a month. Hovering names the month and both amounts."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._months: Sequence[str] = ()
        self._now: Sequence[int] = ()
        self._before: Sequence[int] = ()
        self._unit = ""
        self.scale = scale_for((0,), "minutes")
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_months(self, months: Sequence[str], now: Sequence[int], before: Sequence[int], unit: str) -> None:
        """Draw these."""
        self._months, self._now, self._before, self._unit = months, now, before, unit
        self.scale = scale_for((*now, *before), unit)
        self.setAccessibleDescription(tr("；").join(self.told(place) for place in range(len(months))))
        self.update()

    def told(self, place: int) -> str:
        """One month in words."""
        now, before = (texts.figure(values[place], self._unit) for values in (self._now, self._before))
        return tr("{month}：{now}，上年同月 {before}", month=self._months[place], now=now, before=before)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(400), theme.px(168))

    def _field(self) -> QRect:
        metrics = self.fontMetrics()
        left = max(metrics.horizontalAdvance(f"{tick:,}") for tick in (self.scale.low, self.scale.high)) + theme.px(12)
        head, foot = metrics.height() + theme.px(4), metrics.height() + theme.px(6)
        return QRect(left, head, max(1, self.width() - left - theme.px(4)), max(1, self.height() - head - foot))

    def month_at(self, x: int) -> int | None:
        """Which month lies under a place."""
        field = self._field()
        if not self._months or not field.left() <= x <= field.right():
            return None
        return min(len(self._months) - 1, (x - field.left()) * len(self._months) // field.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        field, scale, colours = self._field(), self.scale, theme.colours()
        bottom = field.top() + field.height()
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line = self.fontMetrics().height()
        painter.setPen(QColor(colours.muted))
        painter.drawText(0, 0, field.left() + theme.px(120), line, int(Qt.AlignmentFlag.AlignLeft), scale.unit)
        for tick in scale.ticks():
            y = bottom - scale.place(tick * scale.per, field.height())
            painter.setPen(QColor(colours.muted))
            painter.drawText(0, y - line // 2, field.left() - theme.px(6), line, right, f"{tick:,}")
            painter.setPen(QColor(colours.line))
            painter.drawLine(field.left(), y, field.right(), y)
        zero = bottom - scale.place(0, field.height())
        for place, month in enumerate(self._months):
            left = field.left() + place * field.width() // len(self._months)
            room = field.width() // len(self._months)
            wide = max(2, min(theme.px(28), room * 3 // 8))
            middle = left + room // 2
            for value, at, colour in (
                (self._before[place], middle - wide, colours.muted),
                (self._now[place], middle, colours.accent),
            ):
                y = bottom - scale.place(value, field.height())
                shade = QColor(colour)
                if at < middle:
                    shade.setAlpha(110)
                painter.fillRect(at, min(y, zero), wide - 1, abs(zero - y), shade)
            painter.setPen(QColor(colours.muted))
            said = month[5:] if len(self._months) > 1 else month
            painter.drawText(left, bottom + theme.px(4), room, line, int(Qt.AlignmentFlag.AlignHCenter), said)
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self.month_at(event.pos().x())
            if place is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), texts.tip(self.told(place)), self)
            return True
        return super().event(event)
