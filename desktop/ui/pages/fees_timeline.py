"""The versions of one instrument on a line of time: each a bar from its first day to the day before the next, drafts above."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.actions.fees import Version
from desktop.ui import texts, theme
from desktop.words import tr

_HEIGHT, _BAR = 72, 24
_LEAST = 136


def span_words(version: Version) -> str:
    """``2025-01-01 起`` or ``2025-01-01 至 2026-03-01（不含）``."""
    schedule = version.schedule
    if schedule.to_on is None:
        return tr("{a} 起", a=texts.day(schedule.from_on))
    return tr("{a} 至 {b}（不含）", a=texts.day(schedule.from_on), b=texts.day(schedule.to_on))


class Timeline(QWidget):
    """``chosen`` tells the place of the version that was clicked, or reached with Left and Right."""

    chosen = Signal(int)

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._versions: tuple[Version, ...] = ()
        self._at = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("收费标准的各个版本"))

    def show_versions(self, versions: Sequence[Version], at: int) -> None:
        """Show these, oldest first; ``at`` is the one at hand."""
        self._versions, self._at = tuple(versions), at
        told = [f"{span_words(one)} {texts.state(one.schedule.state, 'fee.state').text}" for one in versions]
        self.setAccessibleDescription("；".join(told))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(280), theme.px(_HEIGHT))

    def bars(self) -> list[QRect]:
        """Where each version is drawn: approved ones on the lower row, drafts on the upper."""
        if not self._versions:
            return []
        first = min(one.schedule.from_on for one in self._versions)
        ends = [one.schedule.to_on or one.schedule.from_on for one in self._versions]
        last = max(max(ends), self._today)
        span = max(30, (last - first).days) * 5 // 4  # an open end runs on past today
        width = self.width() - 2
        made = []
        for one in self._versions:
            left = width * (one.schedule.from_on - first).days // span
            until = one.schedule.to_on
            right = width if until is None else width * (until - first).days // span
            if one.schedule.state == "draft":  # on a row of its own: it may be as wide as its words
                left = max(0, min(left, width - theme.px(_LEAST)))
                right = max(right, left + theme.px(_LEAST))
            row = 0 if one.schedule.state == "draft" else 1
            made.append(QRect(1 + left, theme.px(4 + row * (_BAR + 6)), max(8, right - left - 2), theme.px(_BAR)))
        return made

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.colours()
        for place, (one, rect) in enumerate(zip(self._versions, self.bars(), strict=True)):
            draft = one.schedule.state == "draft"
            edge = QPen(QColor(colours.accent if place == self._at else colours.line), 2 if place == self._at else 1)
            edge.setStyle(Qt.PenStyle.DashLine if draft else Qt.PenStyle.SolidLine)
            painter.setPen(edge)
            now = not draft and one.schedule.covers(self._today)
            painter.setBrush(QColor(colours.selected if now else colours.base))
            painter.drawRoundedRect(rect, 4, 4)
            painter.setPen(theme.colour("plain"))
            words = f"{one.schedule.from_on.isoformat()} {texts.state(one.schedule.state, 'fee.state').text}"
            inner = rect.adjusted(theme.px(6), 0, -theme.px(4), 0)
            painter.drawText(
                inner,
                int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft),
                self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, inner.width()),
            )
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 4, 4)
        painter.end()

    def _place(self, at: QPoint) -> int:
        return next((place for place, rect in reversed(list(enumerate(self.bars()))) if rect.contains(at)), -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place(event.position().toPoint())
        if place >= 0:
            self.chosen.emit(place)
            QToolTip.showText(event.globalPosition().toPoint(), texts.tip(span_words(self._versions[place])), self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step and 0 <= self._at + step < len(self._versions):
            self.chosen.emit(self._at + step)
        elif not step:
            super().keyPressEvent(event)
