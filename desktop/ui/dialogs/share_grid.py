"""The shares of a scheme in a grid: one row a share, in the order they are taken. A draft only; nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.ledger.allocation import CAPS_OF, RECEIVERS, SHARES_OF, TECHNICIANS, CapOf, Share, ShareOf
from desktop.ledger.finding import Finding, finding
from desktop.ui import texts, theme
from desktop.ui.columns import size_columns
from desktop.ui.fields import MoneyField, NumberField
from desktop.ui.pages.payout_parts import tab_button
from desktop.words import say, tr

_HUNDRED = Decimal(100)
RECEIVER, NAME, OF, RATE, CAP_FEN, CAP_RATE, CAP_OF = range(7)


class ShareGrid(QWidget):
    """``changed`` tells that something was edited; ``shares`` and ``faults`` say what stands there now."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = QTableWidget(0, 7)
        heads = (
            tr("接收方类别"),
            tr("名称"),
            tr("按什么算"),
            tr("比例 %"),
            tr("金额上限（元）"),
            tr("比例上限 %"),
            tr("上限按什么算"),
        )
        self.grid.setHorizontalHeaderLabels(heads)
        self.grid.setAccessibleName(tr("份额，按先后次序"))
        self.grid.verticalHeader().setDefaultSectionSize(theme.px(34))
        self.grid.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.grid.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.grid.setMinimumHeight(theme.px(112))
        self.grid.setShowGrid(False)
        header = self.grid.horizontalHeader()
        header.setMinimumSectionSize(theme.px(72))
        size_columns(self.grid, (152, 120, 144, 72, 124, 104, 168))
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        for words, icon, act in (
            (tr("加一项"), "add", lambda: self.append(Share("institution", "", "rest", Decimal(0)))),
            (tr("去掉"), "remove", self.remove),
            (tr("上移"), "up", lambda: self.shift(-1)),
            (tr("下移"), "down", lambda: self.shift(1)),
        ):
            row.addWidget(tab_button(words, icon, act))
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.grid)
        column.addLayout(row)

    def set_shares(self, shares: Sequence[Share]) -> None:
        """Show these shares."""
        self.grid.setRowCount(0)
        for share in shares:
            self._insert(self.grid.rowCount(), share)
        self.changed.emit()

    def append(self, share: Share) -> None:
        """Add a share at the end."""
        self._insert(self.grid.rowCount(), share)
        self.grid.setCurrentCell(self.grid.rowCount() - 1, NAME)
        self.changed.emit()

    def remove(self) -> None:
        """Take the current share away."""
        if self.grid.currentRow() >= 0:
            self.grid.removeRow(self.grid.currentRow())
            self.changed.emit()

    def shift(self, by: int) -> None:
        """Move the current share up or down: the order decides who takes first."""
        row = self.grid.currentRow()
        target = row + by
        if row < 0 or not 0 <= target < self.grid.rowCount():
            return
        shares = self.shares()
        shares[row], shares[target] = shares[target], shares[row]
        self.set_shares(shares)
        self.grid.setCurrentCell(target, NAME)

    def _insert(self, row: int, share: Share) -> None:
        self.grid.insertRow(row)
        receiver = self._combo([(code, say(f"payout.receiver.{code}")) for code in RECEIVERS], share.receiver, tr("接收方类别"))
        name = QLineEdit(share.name)
        name.setAccessibleName(tr("名称"))
        name.textChanged.connect(self.changed)
        of = self._combo([(code, say(f"payout.share_of.{code}")) for code in SHARES_OF], share.of, tr("按什么算"))
        cap_of = self._combo([(code, say(f"payout.cap_of.{code}")) for code in CAPS_OF], share.cap_of, tr("上限按什么算"))
        rate = NumberField(places=4, least=Decimal(0), most=_HUNDRED)
        rate.set_value(_percent(share.rate))
        cap_rate = NumberField(places=4, least=Decimal(0), most=_HUNDRED)
        cap_rate.set_value(None if share.cap_rate is None else _percent(share.cap_rate))
        cap_fen = MoneyField()
        cap_fen.set_value(share.cap_fen)
        cap_rate.line.setPlaceholderText(tr("不限"))
        cap_fen.line.setPlaceholderText(tr("不限"))
        for field, words in ((rate, tr("比例 %")), (cap_rate, tr("比例上限 %")), (cap_fen, tr("金额上限（元）"))):
            field.line.setAccessibleName(words)
            field.changed.connect(self.changed)
        for column, widget in enumerate((receiver, name, of, rate, cap_fen, cap_rate, cap_of)):
            self.grid.setCellWidget(row, column, widget)

    def _combo(self, choices: Sequence[tuple[str, str]], chosen: str, words: str) -> QComboBox:
        made = QComboBox()
        for code, text in choices:
            made.addItem(text, code)
        made.setCurrentIndex(made.findData(chosen))
        made.setAccessibleName(words)
        made.currentIndexChanged.connect(self.changed)
        return made

    def _cell(self, row: int, column: int) -> QWidget:
        return self.grid.cellWidget(row, column)

    def shares(self) -> list[Share]:
        """The shares as they stand; a rate that cannot be read is 0 here and a fault in ``faults``."""
        return [self._share(row) for row in range(self.grid.rowCount())]

    def _share(self, row: int) -> Share:
        cap_rate = self._number(row, CAP_RATE).value()
        cap_fen = cast(MoneyField, self._cell(row, CAP_FEN)).value()
        rate = self._number(row, RATE).value()
        return Share(
            str(self._data(row, RECEIVER)),
            cast(QLineEdit, self._cell(row, NAME)).text().strip(),
            cast(ShareOf, self._data(row, OF)),
            rate / _HUNDRED if isinstance(rate, Decimal) else Decimal(0),
            cap_fen if isinstance(cap_fen, int) else None,
            cap_rate / _HUNDRED if isinstance(cap_rate, Decimal) else None,
            cast(CapOf, self._data(row, CAP_OF)),
        )

    def _number(self, row: int, column: int) -> NumberField:
        return cast(NumberField, self._cell(row, column))

    def _data(self, row: int, column: int) -> object:
        return cast(QComboBox, self._cell(row, column)).currentData()

    def faults(self) -> list[Finding]:
        """What cannot be read in the grid."""
        told = []
        for row in range(self.grid.rowCount()):
            for column in (RATE, CAP_FEN, CAP_RATE):
                field = cast("NumberField | MoneyField", self._cell(row, column))
                fault = field.fault()
                if fault is not None:
                    told.append(Finding(fault.code, fault.severity, fault.params, field="shares"))
            if self._number(row, RATE).value() is None and self._number(row, RATE).fault() is None:
                told.append(finding("field.required", field="shares", label=tr("比例 %")))
        return told


def _percent(rate: Decimal) -> Decimal:
    whole = (rate * _HUNDRED).normalize()
    return whole.quantize(Decimal(1)) if whole == whole.to_integral_value() else whole


def in_words(share: Share) -> str:
    """One share as people say it: 学校：总收入的 15%，不超过 ¥100.00."""
    said = tr(
        "{name}：{of} {rate}",
        name=texts.visible(share.name),
        of=say(f"payout.share_of.{share.of}"),
        rate=texts.percent(share.rate, 4),
    )
    if share.cap_rate is not None:
        said += tr("，不超过{of} {rate}", of=say(f"payout.cap_of.{share.cap_of}"), rate=texts.percent(share.cap_rate, 4))
    if share.cap_fen is not None:
        said += tr("，不超过 {fen}", fen=texts.money(share.cap_fen))
    return said if share.receiver != TECHNICIANS else "★ " + said
