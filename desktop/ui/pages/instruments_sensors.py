"""Sensors of the instrument at hand (传感器): which sat there and when, its power bands, and what is claimed against what was seen. Clause 4."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.actions import sensor_doubts, sensor_picture, sensor_views
from desktop.actions.instrument_view import InstrumentView
from desktop.actions.sensor_picture import Drawn
from desktop.ledger.finding import Finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.sensor import PowerBand, SensorBinding
from desktop.ui import texts, theme
from desktop.ui.day_strip import DayStrip
from desktop.ui.desk import Desk
from desktop.ui.fact_list import FactList
from desktop.ui.flow import FlowLayout
from desktop.ui.labels import label
from desktop.ui.texts import Spoken, Tone
from desktop.words import say, tr

Facts = list[tuple[str, str | Spoken]]
_TONE: dict[str, Tone] = {"agrees": "done", "over": "warning", "under": "warning", "unknown": "muted"}
_NAMED = 5


class SensorView(QWidget):
    """``stepping(step, Drawn)``, ``listing()``: what a person asked for; see ``SensorSteps``."""

    stepping = Signal(str, object)
    listing = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.instrument: Instrument | None = None
        self.drawn: Drawn | None = None
        self.sat, self.compared = FactList(), FactList()
        self.strip = DayStrip()
        self.legend = label(tr("横线以上是申报机时，以下是传感器实测的工作机时；浅色是没有佐证的申报和待机，斜纹是没有传感器的日子。"), tone="muted")
        self.bind = self._button(tr("装上传感器…"), "add", "bind")
        self.end = self._button(tr("登记拆下…"), "done", "end")
        self.drop = self._button(tr("作废一次安装…"), "undo", "drop")
        self.band = self._button(tr("设功率段…"), "edit", "band")
        self.drop_band = self._button(tr("作废功率段…"), "undo", "drop_band")
        self.sessions = self._button(tr("导入开机时段…"), "import", "sessions")
        self.readings = self._button(tr("导入读数…"), "import", "readings")
        self.bindings = self._button(tr("导入安装表…"), "import", "bindings")
        self.bands = self._button(tr("导入功率段…"), "import", "bands")
        self.sets = QPushButton(tr("全部仪器的传感器…"))
        theme.dress(self.sets, "search")
        self.sets.clicked.connect(lambda: self.listing.emit())
        self.why = QPushButton(tr("为什么？"))
        self.why.setProperty("role", "link")
        theme.dress(self.why, "why", "accent")
        self.why.clicked.connect(lambda: self.explain())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.sat)
        column.addWidget(self._row(self.bind, self.end, self.drop, self.band, self.drop_band))
        column.addWidget(label(tr("申报与实测"), role="strong"))
        column.addWidget(self.compared)
        column.addWidget(self.strip)
        column.addWidget(self.legend)
        column.addWidget(self.why, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._row(self.sessions, self.readings, self.bindings, self.bands, self.sets))
        column.addStretch(1)

    @staticmethod
    def _row(*buttons: QPushButton) -> QWidget:
        made = QWidget()
        row = FlowLayout(made)
        for button in buttons:
            row.addWidget(button)
        return made

    def _button(self, text: str, icon: str, step: str) -> QPushButton:
        made = QPushButton(text)
        theme.dress(made, icon)
        made.clicked.connect(lambda: self.stepping.emit(step, self.drawn) if self.drawn is not None else None)
        return made

    def show_view(self, view: InstrumentView) -> None:
        """Read what is known of this instrument's sensors in the period at hand and draw it."""
        if self.instrument is None or self.instrument.id != view.instrument.id:
            self.drawn = None  # a step never begins with another set's facts
        self.instrument = view.instrument
        workspace, number, period, today = self.desk.workspace, view.instrument.asset_number, self.desk.period, self.desk.today()
        key = view.instrument.id
        self.desk.jobs.read(
            lambda progress: (sensor_picture.of_set(workspace, number, period, today), sensor_doubts.of_set(workspace, key)),
            lambda found: self._show(*found), owner=self, key="sensors",
        )  # fmt: skip

    def explain(self) -> None:
        """Why claimed and seen hours agree or not."""
        if self.drawn is None:
            return
        workspace, found, today = self.desk.workspace, self.drawn.seen, self.desk.today()
        self._read_figure(lambda: sensor_views.explain(workspace, found.instrument.asset_number, found.period.name, today))

    def _read_figure(self, work: Callable[[], object]) -> None:
        self.desk.jobs.read(lambda progress: work(), self.desk.explain, owner=self, key="why")

    def _show(self, drawn: Drawn, doubts: tuple[Finding, ...] = ()) -> None:
        if self.instrument is None or drawn.seen.instrument.id != self.instrument.id:
            return
        self.drawn = drawn
        seen, bound = drawn.seen, bool(drawn.seen.bindings)
        sat = seen.sat_days > 0
        self.sat.show_facts([*_bindings(seen.bindings), *((tr("需核对"), texts.finding(one)) for one in doubts), *_bands(seen.bands)])
        self.compared.show_facts(_compared(drawn))
        self.strip.show_days(drawn.days)
        for widget in (self.strip, self.legend, self.why):
            widget.setVisible(sat)
        for widget in (self.sessions, self.readings, self.drop):
            widget.setVisible(bound)
        self.end.setVisible(any(one.until_on is None for one in seen.bindings))
        self.drop_band.setVisible(bool(seen.bands))
        self.bind.setVisible(seen.instrument.retired_on is None)


def _bindings(bindings: tuple[SensorBinding, ...]) -> Facts:
    if not bindings:
        return [(tr("传感器"), tr("没有装过"))]
    return [(tr("传感器"), Spoken(binding_words(one), "plain" if one.until_on is None else "muted")) for one in reversed(bindings)]


def binding_words(one: SensorBinding) -> str:
    """A binding in words: its number, its days, its ground."""
    days = tr("{day} 起", day=one.from_on.isoformat()) if one.until_on is None else tr("{a} 至 {b}", a=one.from_on.isoformat(), b=one.until_on.isoformat())
    return " · ".join(part for part in (texts.visible(one.sensor), days, texts.visible(one.source)) if part)


def band_words(one: PowerBand) -> str:
    """A power band in words."""
    return tr(
        "{day} 起：低于 {off} W 为关机，{working} W 及以上为工作，其间为待机", day=one.from_on.isoformat(), off=f"{one.off_watts:f}",
        working=f"{one.working_watts:f}",
    )  # fmt: skip


def _bands(bands: tuple[PowerBand, ...]) -> Facts:
    if not bands:
        return [(tr("功率段"), Spoken(tr("没有单独设，按规则参数的待机功率"), "muted"))]
    return [(tr("功率段"), band_words(one)) for one in reversed(bands)]


def _compared(drawn: Drawn) -> Facts:
    seen = drawn.seen
    if not seen.sat_days:
        return [(tr("核对情况"), Spoken(tr("本期没有传感器，申报的机时没有佐证"), "muted"))]
    sums = {part.code: part.value for part in seen.reconciled.figure.walk()}
    state = seen.reconciled.state
    facts: Facts = [
        (tr("核对情况"), Spoken(say(f"sensor.state.{state}"), _TONE[state])),
        (tr("申报机时"), texts.figure(sums["sensor.claimed"], "minutes")),
        (tr("实测工作机时"), texts.figure(sums["sensor.seen"], "minutes")),
        (tr("实测待机"), texts.figure(drawn.idle, "minutes")),
        (tr("没有佐证的申报"), texts.figure(sums["sensor.unseen"], "minutes")),
        (tr("有数据天数"), tr("装有传感器的 {sat} 天中 {seen} 天", sat=seen.sat_days, seen=seen.seen_days)),
    ]
    over = [one.claim.number for one in seen.reconciled.compared if one.over]
    if over:
        named = tr("、").join(over[:_NAMED])
        told = named if len(over) <= _NAMED else tr("{named} 等 {n} 条", named=named, n=len(over))
        facts.append((tr("需核对记录"), Spoken(told, "warning")))
    return facts
