"""The non-profit gauge: cost price per hour against the prices that can be compared, in words, tone and a small bar."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.actions import fee_building
from desktop.actions.fee_building import Live
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.labels import label
from desktop.words import tr

_TONES: dict[str, texts.Tone] = {"within": "done", "above": "warning", "unknown": "muted", "not_comparable": "muted"}


class _Bar(QWidget):
    """Prices as ticks on a line on which the cost price is the mark: right of it is above cost."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cost = 0
        self._prices: list[tuple[int, str]] = []
        self.setFixedHeight(theme.px(16))

    def show_prices(self, cost_fen: int, prices: list[tuple[int, str]]) -> None:
        """Cost and prices in fen an hour, each price with its comparison."""
        self._cost, self._prices = cost_fen, prices
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(160), theme.px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        most = max([self._cost, *(fen for fen, _ in self._prices), 1]) * 5 // 4
        middle, colours = self.height() // 2, theme.colours()
        mark = self.width() * self._cost // most
        painter.fillRect(0, middle - 3, self.width(), 6, QColor(colours.line))
        painter.fillRect(0, middle - 3, mark, 6, QColor(colours.selected))
        painter.fillRect(mark - 1, 0, 2, self.height(), QColor(colours.plain))
        for fen, state in self._prices:
            painter.fillRect(self.width() * fen // most - 2, middle - 5, 4, 10, QColor(getattr(colours, _TONES[state])))
        painter.end()


class Gauge(QWidget):
    """Cost price with "why?", the worst comparison in words, and the lines that are above cost by name."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._live: Live | None = None
        self.cost = label("", role="large")
        self.why = QPushButton(tr("为什么？"))
        self.why.setProperty("role", "link")
        theme.dress(self.why, "why", "accent")
        self.why.clicked.connect(self._explain)
        self.why_compared = QPushButton(tr("为什么？"))
        self.why_compared.setProperty("role", "link")
        theme.dress(self.why_compared, "why", "accent")
        self.why_compared.clicked.connect(self._explain_compared)
        self.icon = theme.IconLabel("info", "muted", 16)
        self.words = label("", role="strong")
        self.more = label("", tone="muted")
        self.bar = _Bar()
        head = QHBoxLayout()
        head.addWidget(self.cost)
        head.addWidget(self.why)
        head.addStretch(1)
        line = QHBoxLayout()
        line.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.words, 1)
        line.addWidget(self.why_compared, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(label(tr("每小时成本价"), tone="muted"))
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addLayout(line)
        column.addWidget(self.more)

    def show_live(self, live: Live) -> None:
        """Show cost and comparison."""
        self._live = live
        known = live.cost.fen is not None
        self.cost.setText(texts.money(live.cost.fen) if known else tr("成本价未知"))
        theme.say_tone(self.cost, "plain" if known else "muted")
        tone = _TONES[live.state]
        said = texts.state(live.state, "fee.compared").text
        self.words.setText(tr("价格与成本：{state}", state=said))
        theme.say_tone(self.words, tone)
        theme.dress(self.icon, theme.TONE_ICON[tone], tone)
        hourly: list[tuple[int, str]] = [
            (int(check.hourly_fen), check.state) for check in live.checks if check.hourly_fen is not None
        ]
        self.bar.setVisible(known and bool(hourly))
        self.bar.show_prices(live.cost.fen or 0, hourly)
        notes = [texts.finding(each).text for each in live.cost.findings]
        notes += [texts.finding(each).text for check in live.checks for each in check.findings]
        skipped = len({check.line_id or check.item for check in live.checks if check.state == "not_comparable"})
        if skipped:
            notes.append(tr("{n} 项不按小时计，没有参加比较。", n=skipped))
        self.more.setText("\n".join(dict.fromkeys(notes)))
        self.more.setVisible(bool(notes))

    def _explain(self) -> None:
        if self._live is not None:
            self.desk.explain(self._live.cost.figure)

    def _explain_compared(self) -> None:
        if self._live is not None:
            self.desk.explain(fee_building.compared(self._live))
