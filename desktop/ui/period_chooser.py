"""The period that all pages follow: a year and the whole of it or one quarter, with a step back and forth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from desktop.ledger import period as periods
from desktop.ui import theme
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.ledger.period import Period

FIRST_YEAR = 2010


class PeriodChooser(QWidget):
    """``chosen`` gives the Period when the person picked another one."""

    chosen = Signal(object)

    def __init__(self, period: Period, last_year: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.year = QComboBox()
        self.year.setAccessibleName(tr("年度"))
        self.part = QComboBox()
        self.part.setAccessibleName(tr("季度"))
        newest = max(last_year, period.start.year)
        for year in range(newest, min(FIRST_YEAR, period.start.year) - 1, -1):
            self.year.addItem(tr("{year} 年", year=year), year)
        for words, quarter in (
            (tr("全年"), 0),
            (tr("第一季度"), 1),
            (tr("第二季度"), 2),
            (tr("第三季度"), 3),
            (tr("第四季度"), 4),
        ):
            self.part.addItem(words, quarter)
        self.back = self._step("left", tr("上一期"), -1)
        self.forth = self._step("right", tr("下一期"), 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.UNIT // 2)
        for box in (self.year, self.part):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for widget in (self.back, self.year, self.part, self.forth):
            row.addWidget(widget)
        self.show_period(period)
        self.year.activated.connect(lambda: self.chosen.emit(self.period()))
        self.part.activated.connect(lambda: self.chosen.emit(self.period()))

    def _step(self, icon: str, words: str, n: int) -> QToolButton:
        made = QToolButton()
        made.setAccessibleName(words)
        made.setToolTip(words)
        theme.dress(made, icon)
        made.clicked.connect(lambda: self.step(n))
        return made

    def period(self) -> Period:
        """What is shown."""
        quarter = self.part.currentData()
        return periods.parse(f"{self.year.currentData()}Q{quarter}" if quarter else str(self.year.currentData()))

    def show_period(self, period: Period) -> None:
        """Show a year or quarter; a month shows as its quarter. A year outside the list is added."""
        if self.year.findData(period.start.year) < 0:
            self.year.addItem(tr("{year} 年", year=period.start.year), period.start.year)
        self.year.setCurrentIndex(self.year.findData(period.start.year))
        whole = period.start.month == 1 and period.end.year > period.start.year and period.end.month == 1
        self.part.setCurrentIndex(0 if whole else (period.start.month + 2) // 3)

    def step(self, n: int) -> None:
        """One year, or one quarter, on or back; at the border of the list nothing happens."""
        year, quarter = self.year.currentData(), self.part.currentData()
        if quarter:
            place = year * 4 + quarter - 1 + n
            year, quarter = place // 4, place % 4 + 1
        else:
            year += n
        if self.year.findData(year) < 0:
            return
        self.year.setCurrentIndex(self.year.findData(year))
        self.part.setCurrentIndex(self.part.findData(quarter))
        self.chosen.emit(self.period())
