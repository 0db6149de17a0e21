"""Sensors of all sets in the period at hand: how many have one, against the target, and each set's claimed hours against what was seen."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from PySide6.QtWidgets import QPushButton, QWidget

from desktop.actions import sensor_views
from desktop.actions.sensor_views import Line, Overview
from desktop.rules.figure import Figure
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.dialogs.frame import DialogFrame
from desktop.ui.empty import Empty
from desktop.ui.flow import FlowLayout
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import begin_at, fit_height, label, room
from desktop.ui.paged_model import Column, Row
from desktop.ui.table import RowAction
from desktop.words import say, tr


class SensorSets(DialogFrame):
    """A set that is opened or explained is so on the page; the dialog closes before."""

    def __init__(self, parent: QWidget | None, desk: Desk) -> None:
        super().__init__(parent, tr("全部仪器的传感器"), tr("关闭"), icon="search")
        self.desk = desk
        self.found: Overview | None = None
        self.cancel.hide()
        begin_at(self, 1040, 600)
        self.says = label(tone="muted")
        self.table = HeldTable(
            _columns(), name="sensor.sets", preferences=desk.preferences, title=tr("全部仪器的传感器"),
            empty=Empty(tr("没有在用的仪器"), tr("本期没有在用的仪器，没有可以核对的。"), "instrument"),
            actions=[
                RowAction(tr("打开仪器"), lambda keys: self.open_set(), "instrument", "one"),
                RowAction(tr("核对情况：为什么？"), lambda keys: self.explain(), "why", "one"),
            ],
        )  # fmt: skip
        self.table.setMinimumHeight(min(theme.px(320), room(self).height() // 2))
        self.set = self._button(tr("打开仪器"), "instrument", self.open_set)
        self.why = self._button(tr("核对情况：为什么？"), "why", self.explain)
        self.rate = self._button(tr("覆盖率：为什么？"), "why", self.explain_coverage)
        bar = QWidget()
        row = FlowLayout(bar)
        for button in (self.set, self.why, self.rate):
            row.addWidget(button)
        self.body.addWidget(self.says)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(bar)
        self.table.selected.connect(lambda keys: self._chosen())
        self.table.opened.connect(lambda key: self.open_set())
        self.finished.connect(lambda result: desk.jobs.drop(self))
        workspace, period, today = desk.workspace, desk.period, desk.today()
        desk.jobs.read(
            lambda progress: sensor_views.overview(workspace, period, today), self._show, title=tr("核对传感器"), owner=self, key="sensor.sets"
        )
        self._chosen()

    def _button(self, text: str, icon: str, act: Callable[[], object]) -> QPushButton:
        made = QPushButton(text)
        made.setAutoDefault(False)
        theme.dress(made, icon)
        made.clicked.connect(lambda: act())
        return made

    def _show(self, found: Overview) -> None:
        self.found = found
        parts = {part.code: part.value for part in found.coverage.walk()}
        verdict = {True: tr("达到目标"), False: tr("没有达到目标"), None: tr("目标不能判断")}[found.target_met]
        said = (
            tr(
                "{period}：在用的大型仪器 {sets} 台，装有传感器 {bound} 台，覆盖率 {rate}，{verdict}。目标是全省的，不分给单位。",
                period=found.period.name, sets=texts.figure(parts["sensor.sets"]), bound=texts.figure(parts["sensor.sets_bound"]),
                rate=_share(found.coverage.value), verdict=verdict,
            )
        )  # fmt: skip
        if found.covered.n_open and parts["sensor.sets"] is not None:
            said += "\n" + tr("另有原值未知的 {n} 台没有计入，请补填原值。", n=found.covered.n_open)
        self.says.setText(said)
        lines = [_row(one) for one in found.lines if one.sensors]
        told = {row[0] for row in lines}
        bare = [
            (one.asset_number, one.asset_number, one.name, tr("没有传感器"), None, None, None, "", "", one.department)
            for one in found.unbound
            if one.asset_number not in told
        ]
        self.table.hold([*lines, *bare])
        if (lines or bare) and not self.table.keys():
            self.table.select([(*lines, *bare)[0][0]])
        self._chosen()
        fit_height(self)  # the line above the list may need two

    def _chosen(self) -> None:
        number = self.chosen()
        self.set.setEnabled(bool(number))
        self.why.setEnabled(self.found is not None and any(one.instrument.asset_number == number and one.sensors for one in self.found.lines))
        self.rate.setEnabled(self.found is not None)

    def chosen(self) -> str:
        """The asset number of the set at hand, "" for none."""
        keys = self.table.keys()
        return str(keys[0]) if len(keys) == 1 else ""

    def open_set(self) -> None:
        """Show the set at hand on the page."""
        number = self.chosen()
        if number:
            self.accept()
            self.desk.go("instruments", asset_number=number)

    def explain(self) -> None:
        """Why the hours of the set at hand agree or not, beside the page."""
        if self.why.isEnabled() and self.found is not None:
            self._explain(self.chosen(), self.found)

    def explain_coverage(self) -> None:
        """Why the share of sets with a sensor is what it is, beside the page."""
        if self.found is not None:
            self.accept()
            self.desk.explain(self.found.coverage)

    def _explain(self, number: str, found: Overview) -> None:
        desk, workspace = self.desk, self.desk.workspace

        def told(figure: Figure) -> None:
            desk.explain(figure)

        self.accept()
        desk.jobs.read(lambda progress: sensor_views.explain(workspace, number, found.period.name, found.day), told, key="explain.sensor")


def _share(value: object) -> str:
    """Two decimals, as on paper."""
    return texts.figure(value.quantize(Decimal("0.0001"), ROUND_HALF_UP) if isinstance(value, Decimal) else None, "ratio")


def _row(one: Line) -> Row:
    of = one.instrument
    sums = {part.code: part.value for part in one.reconciled.figure.walk()}
    n_over = sum(bool(each.over) for each in one.reconciled.compared)
    return (
        of.asset_number, of.asset_number, of.name, say(f"sensor.state.{one.reconciled.state}"), sums["sensor.claimed"], sums["sensor.seen"],
        sums["sensor.unseen"], str(n_over) if n_over else "", tr("、").join(one.sensors), of.department,
    )  # fmt: skip


def _columns() -> list[Column]:
    return [
        Column("asset_number", tr("资产编号"), "code", 104),
        Column("name", tr("名称"), width=152),
        Column("state", tr("核对情况"), width=136),
        Column("claimed", tr("申报机时"), "minutes", 112, blank=""),
        Column("seen", tr("实测工作机时"), "minutes", 120, blank=""),
        Column("unseen", tr("没有佐证的申报"), "minutes", 136, blank=""),
        Column("over", tr("需核对记录"), "code", 96, blank=""),
        Column("sensors", tr("传感器"), width=104, blank=""),
        Column("department", tr("部门"), width=104, blank=""),
    ]
