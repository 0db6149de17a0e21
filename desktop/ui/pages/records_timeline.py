"""The list of records as a line of time: the same rows under the same chips, with a legend and how much of the period is shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from desktop.actions import record_timeline, sensor_picture
from desktop.actions.progress import Progress
from desktop.actions.record_timeline import MOST, Span
from desktop.actions.sensor_picture import Stretches
from desktop.ui import theme
from desktop.ui.chips import ChipButton
from desktop.ui.desk import Desk
from desktop.ui.flow import FlowLayout
from desktop.ui.labels import label
from desktop.ui.paged_model import Key
from desktop.ui.record_lanes import left_words
from desktop.ui.record_timeline import RecordTimeline
from desktop.words import tr


class TimelinePane(QWidget):
    """``show_keys`` reads and draws these records of the list; ``chosen`` and ``opened`` tell a key."""

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._wanted: int | None = None
        self.line = RecordTimeline()
        self.line.chosen.connect(self.chosen)
        self.line.opened.connect(self.opened)
        self.says = label("", tone="muted")
        self.zooms = QButtonGroup(self)
        bar = QWidget()
        row = FlowLayout(bar)
        for zoom, words in enumerate((tr("整个期间"), tr("一月"), tr("一周"), tr("一天"))):
            button = ChipButton(words)
            button.setCheckable(True)
            button.setProperty("role", "chip")
            button.setAccessibleName(tr("时间线一屏显示：{span}", span=words))
            self.zooms.addButton(button, zoom)
            row.addWidget(button)
        self.zooms.button(0).setChecked(True)
        self.zooms.idClicked.connect(self.line.set_zoom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(bar)
        column.addWidget(self.line, 1)
        column.addWidget(self.says)

    def show_keys(self, keys: Sequence[Key]) -> None:
        """Draw these records; a newer question replaces the older."""
        wanted = [key for key in keys if isinstance(key, int)]
        workspace, period, left = self.desk.workspace, self.desk.period, len(wanted) - MOST

        def read(progress: Progress) -> tuple[list[Span], Stretches]:
            spans = record_timeline.spans(workspace, wanted)
            return spans, sensor_picture.stretches(workspace, (one.asset_number for one in spans), period)

        self.desk.jobs.read(read, lambda found: self._show(found[0], found[1], left), owner=self, key="spans")

    def choose(self, key: int | None) -> None:
        """The record at hand in the list is the one at hand here, now or once it is read."""
        self._wanted = key
        if key is not None:
            self.line.choose(key)

    def _show(self, spans: Sequence[Span], seen: Stretches, n_left: int) -> None:
        self.line.show_spans(self.desk.period, spans, seen.seen)
        if self._wanted is not None:
            self.line.choose(self._wanted)
        said = tr("实心已记账，空心草稿，带斜线已冲销，红框有问题；重叠的上下错开。")
        if seen.seen:
            said += tr("记录下面的细条是传感器实测：高的是工作，矮的是待机。")
        if n_left > 0:
            said += tr("记录太多，后面 {n} 条没有画出，请缩短期间或筛选。", n=f"{n_left:,}")
        self.says.setText(said + left_words(seen))
