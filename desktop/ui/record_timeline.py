"""Records on a line of time, a row an instrument: when it was used, by what state, where two overlap, where it stood idle.

Under them a narrow row of what its sensors saw, when it has any: high at work, low idle.

``chosen`` tells the key of a record that was clicked or reached with the arrows, ``opened`` that of one to open (Enter, double
click). Draft, posted and reversed differ by shape, not by colour alone; the row grows where records overlap.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from desktop.actions.record_timeline import Span
from desktop.actions.sensor_picture import Stretch
from desktop.ledger.period import Period
from desktop.ui import texts, theme
from desktop.ui.record_lanes import BAR, GAP, SEEN, Lane, lanes_of, span_words, stretch_words
from desktop.words import tr

AXIS, NAMES = 24, 184
_LEAST_WIDTH = 3  # an hour of a year would vanish
_DAYS_SHOWN = (0, 31, 7, 1)  # how many days fill the width, by zoom; 0: the whole period
_MONTH, _NAMED = 28, 64  # days a month has at least, pixels it must have to be named with its year
_SHORT, _LONG = 16, 84  # pixels a day must have to be numbered, and to be named by its hours too


class RecordTimeline(QAbstractScrollArea):
    """See the module's head. ``single``: one instrument, without its name at the left."""

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, *, single: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._single = single
        self._lanes: list[Lane] = []
        self._start, self._n_days = date(2000, 1, 1), 1
        self._at: tuple[int, int] | None = None
        self.zoom = 0
        self.setAccessibleName(tr("时间线"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName("timeline")
        self.viewport().setAutoFillBackground(False)

    # What is shown

    def show_spans(self, period: Period, spans: Sequence[Span], seen: Mapping[str, Sequence[Stretch]] | None = None) -> None:
        """Draw these records over a period, and what sensors saw by asset number; the record at hand stays when it is among them."""
        before = self.current()
        self._start, self._n_days = period.start, max(1, (period.end - period.start).days)
        self._lanes = lanes_of(spans, seen)
        self._at = None
        if before is not None:
            self.choose(before.key)
        self._fit()
        self._say()
        self.viewport().update()

    def current(self) -> Span | None:
        """The record at hand."""
        return None if self._at is None else self._lanes[self._at[0]].spans[self._at[1]]

    def choose(self, key: int) -> bool:
        """Make this record the one at hand and scroll to it; False when it is not here."""
        for lane, one in enumerate(self._lanes):
            for place, span in enumerate(one.spans):
                if span.key == key:
                    self._at = (lane, place)
                    self._show_current()
                    return True
        return False

    def set_zoom(self, zoom: int) -> None:
        """0 the whole period, 1 a month, 2 a week, 3 a day; the record at hand, else the middle, comes to the middle."""
        span = self.current()
        if span is None:
            middle = self._day_at(self._left() + (self.viewport().width() - self._left()) // 2)
        else:
            middle = (span.started_at - datetime.combine(self._start, datetime.min.time())) / timedelta(days=1)
        self.zoom = max(0, min(len(_DAYS_SHOWN) - 1, zoom))
        self._fit()
        at = round(middle * self._per_day()) - (self.viewport().width() - self._left()) // 2
        self.horizontalScrollBar().setValue(at)
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(320), theme.px(AXIS) + (self._lanes[0].height if self._single and self._lanes else theme.px(64)) + 4)

    # Geometry

    def _left(self) -> int:
        return 0 if self._single else theme.px(NAMES)

    def _per_day(self) -> float:
        shown = _DAYS_SHOWN[self.zoom] or self._n_days
        return max(1.0, (self.viewport().width() - self._left()) / min(shown, self._n_days))

    def _day_at(self, x: int) -> float:
        return (x - self._left() + self.horizontalScrollBar().value()) / self._per_day()

    def _x(self, at: datetime) -> int:
        days = (at - datetime.combine(self._start, datetime.min.time())) / timedelta(days=1)
        return self._left() + round(days * self._per_day()) - self.horizontalScrollBar().value()

    def rect_of(self, lane: int, place: int) -> QRect:
        """Where a record is drawn, in the viewport."""
        one, span = self._lanes[lane], self._lanes[lane].spans[place]
        left, right = self._x(span.started_at), self._x(span.ended_at)
        top = theme.px(AXIS + GAP) + one.top - self.verticalScrollBar().value() + theme.px((BAR + GAP) * one.tracks[place])
        return QRect(left, top, max(theme.px(_LEAST_WIDTH), right - left), theme.px(BAR))

    def seen_rect(self, lane: int, one: Stretch) -> QRect:
        """Where what a sensor saw is drawn, in the viewport: on the ground of the lane's lowest row, half as high when idle."""
        of = self._lanes[lane]
        left, right = self._x(one.started_at), self._x(one.ended_at)
        high = theme.px(SEEN) if one.band == "working" else max(2, theme.px(SEEN) // 2)
        ground = theme.px(AXIS - GAP) + of.top + of.height - self.verticalScrollBar().value()
        return QRect(left, ground - high, max(1, right - left), high)

    def _fit(self) -> None:
        room = self.viewport().size() - QSize(self._left(), theme.px(AXIS))
        whole = round(self._per_day() * self._n_days)
        high = self._lanes[-1].top + self._lanes[-1].height if self._lanes else 0
        for bar, total, page in (
            (self.horizontalScrollBar(), whole, room.width()),
            (self.verticalScrollBar(), high, room.height()),
        ):
            bar.setRange(0, max(0, total - page))
            bar.setPageStep(max(1, page))
            bar.setSingleStep(theme.px(24))

    def _show_current(self) -> None:
        if self._at is None:
            return
        rect = self.rect_of(*self._at)
        view = self.viewport().rect().adjusted(self._left(), theme.px(AXIS), 0, 0)
        for bar, low, high, first, last in (
            (self.horizontalScrollBar(), view.left(), view.right(), rect.left(), rect.right()),
            (self.verticalScrollBar(), view.top(), view.bottom(), rect.top(), rect.bottom()),
        ):
            if first < low or last > high:
                bar.setValue(bar.value() + (first + last - low - high) // 2)
        self._say()
        self.viewport().update()

    def _say(self) -> None:
        span = self.current()
        n = sum(len(lane.spans) for lane in self._lanes)
        told = tr("{n} 条记录，{m} 台仪器", n=n, m=len(self._lanes))
        n_seen = sum(bool(lane.seen) for lane in self._lanes)
        if n_seen:
            told += tr("，{n} 台有传感器数据", n=n_seen)
        self.setAccessibleDescription(span_words(span) if span is not None else told)

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        view, left = self.viewport().rect(), self._left()
        painter.setClipRect(view.adjusted(left, 0, 0, 0))
        self._draw_axis(painter, view)
        painter.setClipRect(view.adjusted(left, theme.px(AXIS), 0, 0))
        for number, lane in enumerate(self._lanes):
            top = theme.px(AXIS) + lane.top - self.verticalScrollBar().value()
            if top > view.bottom() or top + lane.height < theme.px(AXIS):
                continue
            painter.setPen(QColor(theme.colours().line))
            painter.drawLine(left, top + lane.height, view.right(), top + lane.height)
            self._draw_lane(painter, number, view)
        if not self._single:
            self._draw_names(painter, view)
        painter.end()

    def _draw_axis(self, painter: QPainter, view: QRect) -> None:
        per_day = self._per_day()
        first = max(0, int(self._day_at(self._left())))
        last = min(self._n_days, int(self._day_at(view.right())) + 1)
        high = theme.px(AXIS)
        for number in range(first, last + 1):
            day = self._start + timedelta(days=number)
            x = self._x(datetime.combine(day, datetime.min.time()))
            begins = day.day == 1
            numbered = per_day >= theme.px(_SHORT)
            if not begins and not numbered:
                continue
            painter.setPen(QColor(theme.colours().line))
            painter.drawLine(x, 0 if begins else high // 2, x, view.bottom() if begins or per_day >= theme.px(_LONG) else high)
            said = str(day.day) if per_day < theme.px(_LONG) / 2 else f"{day:%m-%d}"
            if begins and not numbered:  # months: without the year where it would run into the next
                said = f"{day:%Y-%m}" if per_day * _MONTH >= theme.px(_NAMED) else f"{day:%m}"
            painter.setPen(theme.colour("muted"))
            painter.drawText(QRect(x + 4, 0, theme.px(96), high), int(Qt.AlignmentFlag.AlignVCenter), said)
        painter.setPen(QColor(theme.colours().line))
        painter.setClipping(False)
        painter.drawLine(0, high, view.right(), high)

    def _draw_lane(self, painter: QPainter, number: int, view: QRect) -> None:
        lane, colours = self._lanes[number], theme.colours()
        # Sorted by start: what begins after the right edge is not looked at.
        end = self._start + timedelta(days=int(self._day_at(view.right())) + 2)
        starts = [span.started_at for span in lane.spans]
        for place in range(bisect_left(starts, datetime.combine(end, datetime.min.time()))):
            rect = self.rect_of(number, place)
            if rect.right() < self._left():
                continue
            span, at_hand = lane.spans[place], self._at == (number, place)
            edge = QColor(colours.error if span.n_problems else colours.muted if span.state != "posted" else colours.accent)
            painter.setPen(QPen(QColor(colours.plain) if at_hand else edge, 2 if at_hand else 1))
            painter.setBrush(QColor(colours.accent) if span.state == "posted" else QColor(colours.base))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
            if span.state == "reversed":
                painter.drawLine(rect.topLeft(), rect.bottomRight())
        self._draw_seen(painter, number, view)

    def _draw_seen(self, painter: QPainter, number: int, view: QRect) -> None:
        """What falls into pixels that are drawn already is not drawn again: a year has thousands of stretches."""
        colours, reached = theme.colours(), {"working": -1, "idle": -1}
        for one in self._lanes[number].seen:
            rect = self.seen_rect(number, one)
            if rect.left() > view.right():
                break
            if rect.right() < self._left() or rect.right() <= reached[one.band]:
                continue
            reached[one.band] = rect.right()
            painter.fillRect(rect, QColor(colours.done if one.band == "working" else colours.muted))

    def _draw_names(self, painter: QPainter, view: QRect) -> None:
        left = self._left()
        painter.setClipRect(QRect(0, theme.px(AXIS), left, view.height()))
        painter.fillRect(0, 0, left, view.height(), QColor(theme.colours().base))
        metrics = self.fontMetrics()
        for lane in self._lanes:
            top = theme.px(AXIS) + lane.top - self.verticalScrollBar().value()
            painter.setPen(theme.colour("plain"))
            named = f"{lane.asset_number} {texts.visible(lane.name)}"
            shown = metrics.elidedText(named, Qt.TextElideMode.ElideRight, left - theme.px(16))
            painter.drawText(QRect(theme.px(8), top, left - theme.px(16), lane.height), int(Qt.AlignmentFlag.AlignVCenter), shown)
            painter.setPen(QColor(theme.colours().line))
            painter.drawLine(0, top + lane.height, left, top + lane.height)
        painter.drawLine(left - 1, theme.px(AXIS), left - 1, view.bottom())

    # Mouse and keyboard

    def _at_point(self, at: QPoint) -> tuple[int, int] | None:
        for number, lane in enumerate(self._lanes):
            top = theme.px(AXIS) + lane.top - self.verticalScrollBar().value()
            if top <= at.y() < top + lane.height and at.x() >= self._left():
                near = theme.px(2)
                hit = [n for n in range(len(lane.spans)) if self.rect_of(number, n).adjusted(-near, -near, near, near).contains(at)]
                return (number, hit[-1]) if hit else None
        return None

    def _words_at(self, at: QPoint) -> str:
        """What lies under a place in words: a record, or what a sensor saw; "" for nothing."""
        found = self._at_point(at)
        if found is not None:
            return span_words(self._lanes[found[0]].spans[found[1]])
        for number, lane in enumerate(self._lanes):
            if lane.top <= at.y() - theme.px(AXIS) + self.verticalScrollBar().value() < lane.top + lane.height:
                near = (one for one in lane.seen if self.seen_rect(number, one).adjusted(-1, -2, 1, 2).contains(at))
                one = next(near, None)
                return "" if one is None else stretch_words(one)
        return ""

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            said = self._words_at(event.pos())
            if said:
                QToolTip.showText(event.globalPos(), texts.tip(said), self)
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._take(self._at_point(event.position().toPoint()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self._at_point(event.position().toPoint())
        if found is not None:
            self._take(found)
            self.opened.emit(self._lanes[found[0]].spans[found[1]].key)

    def _take(self, found: tuple[int, int] | None) -> None:
        if found is not None:
            self._at = found
            self._show_current()
            self.chosen.emit(self._lanes[found[0]].spans[found[1]].key)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self.zoom + (1 if event.angleDelta().y() > 0 else -1))
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        sideways = (key == Qt.Key.Key_Right) - (key == Qt.Key.Key_Left)
        along = (key == Qt.Key.Key_Down) - (key == Qt.Key.Key_Up)
        span = self.current()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and span is not None:
            self.opened.emit(span.key)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.set_zoom(self.zoom + (-1 if key == Qt.Key.Key_Minus else 1))
        elif (sideways or along) and self._lanes:
            self._take(self._step(sideways, along))
        else:
            super().keyPressEvent(event)

    def _step(self, sideways: int, along: int) -> tuple[int, int]:
        if self._at is None:
            return (0, 0)
        lane, place = self._at
        if sideways:
            return (lane, max(0, min(len(self._lanes[lane].spans) - 1, place + sideways)))
        other = max(0, min(len(self._lanes) - 1, lane + along))
        if other == lane:
            return self._at
        starts = [span.started_at for span in self._lanes[other].spans]
        return (other, min(len(starts) - 1, bisect_left(starts, self._lanes[lane].spans[place].started_at)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
