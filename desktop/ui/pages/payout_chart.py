"""The waterfall of a run, drawn: one row a step, from income down to what each receiver gets. Every row answers "why?"."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget

from desktop.ledger import money
from desktop.ui import texts, theme
from desktop.ui.pages.payout_flow import FlowStep, Part, span
from desktop.words import tr

ROW = 26
_WHY = 24
_TONES: dict[Part, str] = {"in": "accent", "out": "muted", "stands": "line", "pool": "accent", "kept": "line"}


class WaterfallChart(QWidget):
    """Draws the steps of a run. ``asked(figure)``: a click, Enter or Space on a step."""

    asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps: list[FlowStep] = []
        self.current = -1
        self._hover = -1
        self.setAccessibleName(tr("从收入到分配的过程"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu_at)

    # What is shown

    def show_steps(self, steps: Sequence[FlowStep]) -> None:
        """Draw these steps."""
        self.steps = list(steps)
        self.current = min(self.current, len(self.steps) - 1)
        self._hover = -1
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(480), theme.px(ROW) * max(1, len(self.steps)))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(320), self.sizeHint().height())

    def row_rect(self, row: int) -> QRectF:
        """Where a step stands."""
        height = theme.px(ROW)
        return QRectF(0, row * height, self.width(), height)

    def amount(self, step: FlowStep) -> str:
        """What is written at the right: what goes out has a minus in front, unless it comes back."""
        if step.part in ("out", "pool"):
            return texts.money(-step.fen)
        return texts.money(step.fen)

    def as_text(self) -> str:
        """The steps with tabs, as a spreadsheet takes them: what, amount in yuan, what remains after it."""
        lines = ["\t".join((tr("步骤"), tr("金额（元）"), tr("之后余额（元）")))]
        for step in self.steps:
            signed = -step.fen if step.part in ("out", "pool") else step.fen
            lines.append("\t".join((texts.visible(step.label), money.plain(signed), money.plain(step.end))))
        return "\n".join(lines) + "\n"

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.steps:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong = QFont(self.font())
        strong.setBold(True)
        wide = QFontMetrics(strong)
        gap = theme.px(theme.UNIT)
        amount = max(wide.horizontalAdvance(self.amount(step)) for step in self.steps) + gap
        label = min(max(wide.horizontalAdvance(step.label) for step in self.steps) + gap, self.width() * 34 // 100)
        left = label + gap
        right = self.width() - amount - theme.px(_WHY) - gap
        low, high = span(self.steps)

        def x(fen: int) -> int:
            return left + (right - left) * (fen - low) // (high - low)

        previous = None
        for row, step in enumerate(self.steps):
            rect = self.row_rect(row)
            self._row(painter, row, rect)
            bold = step.part in ("stands", "pool", "kept", "in")
            painter.setFont(strong if bold else self.font())
            painter.setPen(theme.colour("plain"))
            metrics = wide if bold else self.fontMetrics()
            said = metrics.elidedText(texts.visible(step.label), Qt.TextElideMode.ElideRight, label)
            middle = int(Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(QRectF(gap / 2, rect.y(), label, rect.height()), middle | int(Qt.AlignmentFlag.AlignLeft), said)
            if step.fen < 0 and step.part in ("in", "stands", "kept"):
                painter.setPen(theme.colour("error"))
            painter.drawText(
                QRectF(right + gap / 2, rect.y(), amount, rect.height()),
                middle | int(Qt.AlignmentFlag.AlignRight),
                self.amount(step),
            )
            if previous is not None:
                painter.setPen(QPen(QColor(theme.colours().line), 1))
                painter.drawLine(QPointF(x(previous), rect.y() - theme.px(6)), QPointF(x(previous), rect.y() + theme.px(6)))
            self._bar(painter, step, x(step.start), x(step.end), rect)
            previous = step.end
            icon = theme.pixmap("why", "accent" if row in (self._hover, self.current) else "muted", 16, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(self.width() - theme.px(20), rect.center().y() - theme.px(8)), icon)
        painter.end()

    def _row(self, painter: QPainter, row: int, rect: QRectF) -> None:
        if row == self._hover or (row == self.current and self.hasFocus()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(
                QColor(theme.colours().selected if row == self.current and self.hasFocus() else theme.colours().hover)
            )
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 4, 4)

    def _bar(self, painter: QPainter, step: FlowStep, start: int, end: int, rect: QRectF) -> None:
        bar = QRectF(min(start, end), rect.y() + theme.px(6), max(1, abs(end - start)), rect.height() - theme.px(12))
        colour = QColor(getattr(theme.colours(), _TONES[step.part]))
        if step.part in ("stands", "kept"):
            painter.setPen(QPen(QColor(theme.colours().muted), 1))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            if step.part == "out":
                colour.setAlpha(130)
        painter.setBrush(colour)
        painter.drawRoundedRect(bar, 2, 2)

    # Hands

    def _row_at(self, y: float) -> int:
        row = int(y // theme.px(ROW))
        return row if 0 <= row < len(self.steps) else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().y())
        if row != self._hover:
            self._hover = row
            self.setCursor(Qt.CursorShape.PointingHandCursor if row >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().y())
        if row >= 0:
            self.go_to(row)
            if event.button() == Qt.MouseButton.LeftButton:
                self.ask()

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self.current < 0 and self.steps:
            self.go_to(0)
        super().focusInEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.steps:
            self.go_to(max(0, min(len(self.steps) - 1, self.current + (1 if event.key() == Qt.Key.Key_Down else -1))))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.ask()
        else:
            super().keyPressEvent(event)

    def go_to(self, row: int) -> None:
        """Make a step the current one; screen readers hear it."""
        self.current = row
        step = self.steps[row]
        self.setAccessibleDescription(f"{step.label} {self.amount(step)}")
        self.update()

    def ask(self) -> None:
        """Why is the current step what it is?"""
        if 0 <= self.current < len(self.steps):
            self.asked.emit(self.steps[self.current].figure)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            row = self._row_at(event.pos().y())
            if row >= 0:
                step = self.steps[row]
                said = tr("{what}：{amount}\n点按看来历", what=step.label, amount=self.amount(step))
                QToolTip.showText(event.globalPos(), texts.tip(said), self)
                return True
        return super().event(event)

    def menu(self) -> QMenu:
        """Why, and copying as picture or as data."""
        menu = QMenu(self)
        why = menu.addAction(theme.icon("why"), tr("为什么？"))
        why.setEnabled(self.current >= 0)
        why.triggered.connect(self.ask)
        menu.addSeparator()
        picture = menu.addAction(theme.icon("copy"), tr("复制为图片"))
        picture.triggered.connect(lambda: QGuiApplication.clipboard().setPixmap(self.grab()))
        data = menu.addAction(theme.icon("spreadsheet"), tr("复制为数据"))
        data.triggered.connect(lambda: QGuiApplication.clipboard().setText(self.as_text()))
        return menu

    def _menu_at(self, at: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(at))
