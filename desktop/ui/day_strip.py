"""A set's days as one strip: hours claimed above a line, hours sensors saw below it; days without a sensor have a hatched ground.

Told apart by place and depth of colour, so also without colour. Hovering tells a day, the description the whole.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.actions.sensor_picture import SeenDay
from desktop.ui import texts, theme
from desktop.words import tr

_HALF = 36
_LEAST = 8 * 60


class DayStrip(QWidget):
    """``show_days`` draws these days over the width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days: Sequence[SeenDay] = ()
        self.setAccessibleName(tr("申报与实测逐日对照"))
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_days(self, days: Sequence[SeenDay]) -> None:
        """Draw these."""
        self._days = days
        busy = [place for place, one in enumerate(days) if one.claimed or one.unseen or one.working]
        self.setAccessibleDescription(tr("；").join(self.told(place) for place in busy[-31:]) or tr("没有申报，也没有测到工作。"))
        self.update()

    def told(self, place: int) -> str:
        """One day in words."""
        one = self._days[place]
        claimed = texts.figure(one.claimed + one.unseen, "minutes")
        if not one.sat:
            return tr("{day}：申报 {claimed}，没有传感器", day=one.day.isoformat(), claimed=claimed)
        seen, idle = texts.figure(one.working // 60, "minutes"), texts.figure(one.idle // 60, "minutes")
        return tr("{day}：申报 {claimed}，实测工作 {seen}，待机 {idle}", day=one.day.isoformat(), claimed=claimed, seen=seen, idle=idle)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(304), theme.px(2 * _HALF) + self.fontMetrics().height() + theme.px(4))

    def day_at(self, x: int) -> int | None:
        """Which day lies under a place."""
        if not self._days or not 0 <= x < self.width():
            return None
        return ((x + 1) * len(self._days) - 1) // self.width()

    def rect_of(self, place: int) -> QRect:
        """The ground of a day."""
        left, right = (self.width() * each // len(self._days) for each in (place, place + 1))
        return QRect(left, 0, max(1, right - left), theme.px(2 * _HALF))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours, half = QPainter(self), theme.colours(), theme.px(_HALF)
        painter.fillRect(0, 0, self.width(), 2 * half, QColor(colours.base))
        most = max((max(one.claimed + one.unseen, (one.working + one.idle) // 60) for one in self._days), default=0)
        full = max(_LEAST, most)
        pale_claimed, pale_seen = QColor(colours.accent), QColor(colours.done)
        pale_claimed.setAlpha(90)
        pale_seen.setAlpha(90)
        for place, one in enumerate(self._days):
            ground = self.rect_of(place)
            if not one.sat:
                painter.fillRect(ground, QBrush(QColor(colours.line), Qt.BrushStyle.BDiagPattern))
            wide = max(1, ground.width() - (1 if ground.width() > 4 else 0))
            up, up_pale, down, down_pale = (value * half // full for value in (one.claimed, one.unseen, one.working // 60, one.idle // 60))
            painter.fillRect(ground.left(), half - up, wide, up, QColor(colours.accent))
            painter.fillRect(ground.left(), half - up - up_pale, wide, up_pale, pale_claimed)
            painter.fillRect(ground.left(), half, wide, down, QColor(colours.done))
            painter.fillRect(ground.left(), half + down, wide, down_pale, pale_seen)
        painter.setPen(QColor(colours.muted))
        painter.drawLine(0, half, self.width(), half)
        self._name_days(painter, 2 * half)
        painter.end()

    def _name_days(self, painter: QPainter, top: int) -> None:
        """The first of each month, as far as they have room."""
        free = -1
        for place, one in enumerate(self._days):
            if place and one.day.day != 1:
                continue
            said = f"{one.day:%m-%d}" if len(self._days) < 63 else f"{one.day:%m}"
            x = self.rect_of(place).left()
            wide = self.fontMetrics().horizontalAdvance(said)
            if x < free or x + wide > self.width():
                continue
            painter.drawText(QRect(x, top + theme.px(2), wide + 2, self.fontMetrics().height()), int(Qt.AlignmentFlag.AlignLeft), said)
            free = x + wide + theme.px(8)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self.day_at(event.pos().x())
            if place is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), texts.tip(self.told(place)), self)
            return True
        return super().event(event)
