"""The meter of a yearly cap: what was granted under it, what is left, and unknown where that is not known; of an enterprise, or of a city's rule."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.actions.voucher_city_meters import CityMeter
from desktop.actions.voucher_overview import Meter
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.labels import label
from desktop.words import tr


class _Bar(QWidget):
    """Used of the cap; what is not known is hatched."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._used, self._cap, self._open = 0, 1, True
        self.setFixedHeight(theme.px(12))

    def show_meter(self, meter: Meter | CityMeter) -> None:
        """Draw this one."""
        self._used, self._cap, self._open = meter.used_fen, meter.cap_fen or 0, meter.left_fen is None
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(160), theme.px(12))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.colours()
        used = min(self.width(), self.width() * self._used // self._cap) if self._cap else 0
        painter.fillRect(0, 0, self.width(), self.height(), QColor(colours.line))
        if self._open:
            painter.fillRect(used, 0, self.width() - used, self.height(), QBrush(QColor(colours.muted), Qt.BrushStyle.BDiagPattern))
        painter.fillRect(0, 0, used, self.height(), QColor(colours.warning if used == self.width() else colours.done))
        painter.end()


def title(meter: Meter | CityMeter, year: int) -> str:
    """Whose cap it is, and which."""
    name = texts.visible(meter.name)
    if isinstance(meter, Meter):
        return tr("{name} {year} 年的年度上限", name=name, year=year)
    if meter.per_group:
        return tr("实际控制人 {name} {year} 年的省市合计上限（{city}）", name=name, year=year, city=meter.city)
    return tr("{name} {year} 年的省市合计上限（{city}）", name=name, year=year, city=meter.city)


def _members(meter: Meter | CityMeter) -> str:
    if isinstance(meter, Meter) or not (meter.per_group or meter.unstated):
        return ""
    if meter.unstated:
        return tr("按实际控制人合并计算，而这一家的没有登记：只算了它自己的。")
    return tr("合并计算：{names}", names=tr("、").join(map(texts.visible, meter.members)))


class CapMeter(QWidget):
    """Bar, words and "why?" for one cap of a year."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.meter: Meter | CityMeter | None = None
        self.name = label(role="strong")
        self.used, self.left, self.note = label(), label(), label(tone="muted")
        self.bar = _Bar()
        self.why = QPushButton(tr("为什么？"))
        self.why.setProperty("role", "link")
        theme.dress(self.why, "why", "accent")
        self.why.clicked.connect(self.explain)
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.why, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT // 2)
        column.addLayout(head)
        column.addWidget(self.bar)
        for one in (self.used, self.left, self.note):
            column.addWidget(one)
        self.hide()

    def show_meter(self, meter: Meter | CityMeter | None, year: int) -> None:
        """Show it, or nothing."""
        self.meter = meter
        self.setVisible(meter is not None)
        if meter is None:
            return
        self.name.setText(title(meter, year))
        used, cap = texts.money(meter.used_fen), texts.money(meter.cap_fen)
        self.used.setText(tr("已用至少 {used}，上限 {cap}", used=used, cap=cap) if meter.n_open else tr("已用 {used}，上限 {cap}", used=used, cap=cap))
        self.left.setText(tr("剩余 {left}", left=texts.money(meter.left_fen)))
        theme.say_tone(self.left, "muted" if meter.left_fen is None else "plain" if meter.left_fen else "warning")
        lines = [tr("有 {n} 项金额未知，剩余额度因此未知。", n=meter.n_open)] if meter.n_open else []
        self.note.setText("\n".join(line for line in (_members(meter), *lines) if line))
        self.note.setVisible(bool(self.note.text()))
        self.bar.show_meter(meter)
        self.bar.setAccessibleName(f"{self.name.text()} {self.used.text()} {self.left.text()}")

    def explain(self) -> None:
        """Why so much is left."""
        if self.meter is not None:
            self.desk.explain(self.meter.figure)
