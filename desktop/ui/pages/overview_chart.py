"""A quantity by month beside the year before: bars to look at, a table behind them, both to be copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from desktop.ledger import money
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import Elided
from desktop.ui.paged_model import Column
from desktop.ui.pages.overview_bars import MonthBars
from desktop.ui.pages.overview_cards import Line, LineView, WhyButton
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.overview import Series


class MonthChart(QFrame):
    """One chart with its heading, its totals and what stands under it."""

    def __init__(self, desk: Desk, title: str, name: str, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName(title)
        self._desk = desk
        self._series: Series | None = None
        self.title = QLabel(title)
        self.title.setProperty("role", "strong")
        self.total = QLabel()
        self.total.setProperty("role", "section")
        self.against = Elided()
        self.against.setProperty("tone", "muted")
        self.legend = Legend((("accent", tr("本期"), 255), ("muted", tr("上年同月"), 110)))
        self._why_total, self._why_growth = QHBoxLayout(), QHBoxLayout()
        self.table_button = self._tool("spreadsheet", tr("用表格看"))
        self.table_button.setCheckable(True)
        self.table_button.toggled.connect(self._show_table)
        self.copy_button = self._tool("copy", tr("复制图或数据"))
        self.copy_button.clicked.connect(self._copy_menu)
        columns = (
            Column("month", tr("月份"), "code", 96),
            Column("now", tr("本期"), "money" if kind == "fen" else "minutes", 160),
            Column("before", tr("上年同月"), "money" if kind == "fen" else "minutes", 160),
        )
        empty = Empty(tr("这段时间还没有记账"), tr("记账后的对外服务在这里按月汇总。"), "chart")
        self.table = HeldTable(columns, name=f"overview.{name}", preferences=desk.preferences, empty=empty, title=title)
        self.bars = MonthBars(title)
        self.middle = QStackedWidget()
        self.middle.setMinimumHeight(theme.px(112))
        for widget in (self.bars, self.table):
            self.middle.addWidget(widget)
        self.foot = QVBoxLayout()
        self.foot.setSpacing(0)
        self._arrange()

    def _tool(self, icon: str, words: str) -> QToolButton:
        made = QToolButton()
        made.setToolTip(words)
        made.setAccessibleName(f"{words}: {self.accessibleName()}")
        theme.dress(made, icon)
        return made

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.UNIT)
        head.addWidget(theme.IconLabel("chart", "muted", 16))
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.table_button)
        head.addWidget(self.copy_button)
        second = QHBoxLayout()
        second.setSpacing(theme.UNIT)
        second.addWidget(self.total)
        second.addLayout(self._why_total)
        second.addWidget(self.against, 1000)
        second.addLayout(self._why_growth)
        second.addStretch(1)
        second.addWidget(self.legend)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(2 * theme.UNIT, theme.UNIT, theme.UNIT, theme.UNIT)
        whole.setSpacing(theme.UNIT // 2)
        whole.addLayout(head)
        whole.addLayout(second)
        whole.addWidget(self.middle, 1)
        whole.addLayout(self.foot)

    # What is shown

    def show_series(self, series: Series, lines: list[Line]) -> None:
        """Draw it, with further lines under the bars."""
        self._series = series
        self.total.setText(texts.figure(series.total.value, series.unit))
        growth = series.growth.value
        before = texts.figure(series.total_before.value, series.unit)
        self.legend.setVisible(any(series.before))
        if not any(series.before):
            said = tr("上年同期没有记账")
        elif growth is None:
            said = tr("上年同期 {before}", before=before)
        else:
            sign = "" if str(growth).startswith("-") else "+"
            said = tr("上年同期 {before}，{growth}", before=before, growth=sign + texts.figure(growth, "ratio"))
        self.against.setText(said)
        for whys, figure, what in (
            (self._why_total, series.total, self.title.text()),
            (self._why_growth, series.growth, tr("与上年同期相比")),
        ):
            _empty(whys)
            whys.addWidget(WhyButton(figure, what, self._desk.explain))
        _empty(self.foot)
        for line in lines:
            self.foot.addWidget(LineView(line, self._desk.explain))
        rows = zip(series.months, series.values, series.before, strict=True)
        self.table.hold((month, month, now, then) for month, now, then in rows)
        self.bars.show_months(series.months, series.values, series.before, series.unit)

    def _show_table(self, on: bool) -> None:
        self.middle.setCurrentWidget(self.table if on else self.bars)

    # Taking it along

    def _copy_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(theme.icon("chart"), tr("复制为图片")).triggered.connect(self.copy_picture)
        menu.addAction(theme.icon("spreadsheet"), tr("复制数据")).triggered.connect(self.copy_numbers)
        menu.popup(self.copy_button.mapToGlobal(self.copy_button.rect().bottomLeft()))
        return menu

    def copy_picture(self) -> None:
        """The card as a picture on the clipboard."""
        QGuiApplication.clipboard().setPixmap(self.grab())
        self._desk.tell("done", tr("图片已复制，可以粘贴到文档里。"), key="copied")

    def copy_numbers(self) -> None:
        """The months as text with tabs on the clipboard: money in yuan, time in minutes."""
        series = self._series
        if series is None:
            return
        heads = (tr("月份"), tr("本期（元）"), tr("上年同月（元）"))
        if series.unit == "minutes":
            heads = (tr("月份"), tr("本期（分钟）"), tr("上年同月（分钟）"))
        write = money.plain if series.unit == "fen" else str
        lines = ["\t".join(heads)]
        for month, now, then in zip(series.months, series.values, series.before, strict=True):
            lines.append("\t".join((month, write(now), write(then))))
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")
        self._desk.tell("done", tr("数据已复制，可以粘贴到表格里。"), key="copied")

    def sizeHint(self) -> QSize:
        return QSize(theme.px(480), theme.px(256))


class Legend(QWidget):
    """Which colour is which, in words."""

    def __init__(self, parts: tuple[tuple[str, str, int], ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self.setAccessibleName(" ".join(words for _, words, _ in parts))
        self.setFixedHeight(theme.px(20))

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(sum(metrics.horizontalAdvance(words) + theme.px(28) for _, words, _ in self._parts), theme.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        at, square = 0, theme.px(10)
        for tone, words, alpha in self._parts:
            shade = QColor(getattr(theme.colours(), tone))
            shade.setAlpha(alpha)
            painter.fillRect(at, (self.height() - square) // 2, square, square, shade)
            painter.setPen(theme.colour("muted"))
            at += square + theme.px(6)
            width = self.fontMetrics().horizontalAdvance(words)
            painter.drawText(at, 0, width + 2, self.height(), int(Qt.AlignmentFlag.AlignVCenter), words)
            at += width + theme.px(12)
        painter.end()


def _empty(layout: Any) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
