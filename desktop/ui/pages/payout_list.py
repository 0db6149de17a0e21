"""The left side of 分配: what is still open, and every run with its state, sum and signatures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.actions.payout_views import OpenBalance, OpenLot
from desktop.actions.payouts import Run
from desktop.ui import texts, theme
from desktop.ui.empty import Empty, EmptyView
from desktop.ui.labels import label
from desktop.words import tr

_RUN = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


def signatures(run: Run) -> str:
    """Who prepared, approved and closed a run."""
    parts = [tr("编制 {name}", name=run.prepared_by)]
    parts.append(tr("审批 {name}", name=run.approved_by) if run.approved_by else tr("未审批"))
    if run.closed_by:
        parts.append(tr("结清 {name}", name=run.closed_by))
    return " · ".join(parts)


class _RunLines(QStyledItemDelegate):
    """Three lines: number and sum; day and scheme; state and signatures."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        option.text = ""
        option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        run: Run = index.data(_RUN)
        gap = theme.px(theme.UNIT)
        rect = option.rect.adjusted(gap, gap // 2, -gap, -gap // 2)
        line = rect.height() // 3
        strong = QFont(option.font)
        strong.setBold(True)
        small = QFont(option.font)
        small.setPixelSize(theme.px(12))
        painter.save()
        painter.setFont(strong)
        painter.setPen(theme.colour("plain"))
        first = QRect(rect.x(), rect.y(), rect.width(), line)
        painter.drawText(first, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), run.number)
        if run.pool_fen < 0:
            painter.setPen(theme.colour("error"))
        painter.drawText(first, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), texts.money(run.pool_fen))
        painter.setFont(small)
        painter.setPen(theme.colour("muted"))
        metrics = QFontMetrics(small)
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        second = first.translated(0, line)
        about = tr("截至 {day} · {scheme}", day=texts.day(run.to_on), scheme=texts.visible(run.scheme_name))
        painter.drawText(second, left, metrics.elidedText(about, Qt.TextElideMode.ElideRight, rect.width()))
        third = first.translated(0, 2 * line)
        said = texts.state(run.state, "payout.state")
        if run.reverses:
            said = texts.Spoken(tr("冲销 · {state}", state=said.text), said.tone)
        icon = theme.pixmap(theme.TONE_ICON[said.tone], said.tone, 16, option.widget.devicePixelRatioF())
        painter.drawPixmap(third.x(), third.center().y() - theme.px(8), icon)
        third.adjust(theme.px(20), 0, 0, 0)
        painter.setPen(theme.colour(said.tone))
        painter.drawText(third, left, said.text)
        third.adjust(metrics.horizontalAdvance(said.text) + gap, 0, 0, 0)
        painter.setPen(theme.colour("muted"))
        painter.drawText(third, left, metrics.elidedText(signatures(run), Qt.TextElideMode.ElideRight, third.width()))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.px(200), theme.px(72))


class OpenCard(QFrame):
    """What is unsettled, and up to when."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.head = label(role="strong")
        self.sum = QLabel()
        self.sum.setProperty("role", "large")
        self.rest = label(tone="muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, theme.UNIT, 12, theme.UNIT)
        column.setSpacing(theme.UNIT // 2)
        for widget in (self.head, self.sum, self.rest):
            column.addWidget(widget)

    def show_balance(self, balance: OpenBalance) -> None:
        """Say it."""
        self.head.setText(tr("截至 {day} 未结算", day=texts.day(balance.to)))
        self.sum.setText(texts.money(balance.payable.fen))
        told = [tr("{n} 条记录", n=f"{balance.payable.n:,}")]
        if balance.scheme is not None:
            told.append(tr("按方案“{name}”", name=balance.scheme.name))
        for said, lot in (
            (tr("另有 {lot} 缺操作人", lot=_lot(balance.no_operator)), balance.no_operator),
            (tr("另有 {lot} 校内服务，方案不计入", lot=_lot(balance.left_out)), balance.left_out),
            (tr("另有 {lot} 尚未到账", lot=_lot(balance.not_received)), balance.not_received),
        ):
            if lot.n:
                told.append(said)
        if balance.n_costs:
            told.append(tr("待扣成本 {fen}（{n} 行）", fen=texts.money(balance.cost_fen), n=balance.n_costs))
        else:
            told.append(tr("成本还没有申报"))
        self.rest.setText(" · ".join(told))


def _lot(lot: OpenLot) -> str:
    return tr("{n} 条（{fen}）", n=f"{lot.n:,}", fen=texts.money(lot.fen))


class PayoutList(QWidget):
    """``chosen(run)``: another run is current."""

    chosen = Signal(object)

    def __init__(self, empty: Empty, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card = OpenCard()
        self.list = QListWidget()
        self.list.setItemDelegate(_RunLines(self.list))
        self.list.setAccessibleName(tr("各次分配"))
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._current)
        self.nothing = EmptyView(empty)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.list)
        self.stack.addWidget(self.nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.card)
        column.addWidget(self.stack, 1)
        self.column = column
        self._filling = False

    def show_runs(self, runs: Sequence[Run], within: tuple[date, date] | None = None) -> None:
        """All runs, newest first; the chosen one stays chosen, else the newest that settles up to a day in ``within`` (its start
        and end, the end not in it), else the newest."""
        kept = self.current()
        self._filling = True
        self.list.clear()
        for run in runs:
            item = QListWidgetItem()
            item.setData(_RUN, run)
            state = texts.state(run.state, "payout.state").text
            said = f"{run.number} {texts.money(run.pool_fen)} {texts.day(run.to_on)} {run.scheme_name} {state} {signatures(run)}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            item.setToolTip(texts.tip("\n".join(part for part in (run.scheme_name, signatures(run), run.reason) if part)))
            self.list.addItem(item)
        self._filling = False
        self.stack.setCurrentWidget(self.list if runs else self.nothing)
        first = next(
            (run.number for run in runs if within and within[0] <= run.to_on < within[1]), runs[0].number if runs else ""
        )
        self.choose(kept.number if kept is not None and any(run.number == kept.number for run in runs) else first)

    def current(self) -> Run | None:
        """The run that is chosen."""
        row = self.list.currentRow()
        run = self.list.item(row).data(_RUN) if row >= 0 else None
        return run if isinstance(run, Run) else None

    def choose(self, number: str) -> bool:
        """Make a run the current one; False when it is not in the list."""
        for place in range(self.list.count()):
            if self.list.item(place).data(_RUN).number == number:
                again = self.list.currentRow() == place
                self.list.setCurrentRow(place)
                if again:
                    self.chosen.emit(self.current())
                return True
        return False

    def _current(self) -> None:
        if not self._filling:
            self.chosen.emit(self.current())
