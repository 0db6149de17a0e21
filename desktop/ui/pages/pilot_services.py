"""The pilot services of a year: what each base served, and records on sets of a base that nobody has said to be its services."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.actions.pilot_view import Candidate, Served
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.flow import FlowLayout
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import label
from desktop.ui.page import split
from desktop.ui.paged_model import Column
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.pages.pilot_steps import PilotSteps
from desktop.ui.table import RowAction
from desktop.words import tr


class ServicesView(QWidget):
    """``bases()`` gives the numbers of the bases a record can be served by."""

    def __init__(self, desk: Desk, steps: PilotSteps, bases: Callable[[], list[str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps = steps
        self._bases = bases
        self._of_base: dict[str, str] = {}
        self._records: dict[str, str] = {}
        self.year = 0
        self.says = label(tone="muted")
        self.served = HeldTable(
            [
                Column("record", tr("记录编号"), "code", 104), Column("base", tr("基地"), "code", 88),
                Column("equipment", tr("设备编号"), "code", 96, blank=""),
                Column("what", tr("中试服务内容"), width=160, blank=""), Column("customer", tr("使用单位"), width=168), Column("on", tr("结束日"), "date", 104),
                Column("fen", tr("金额"), "money", 112), Column("contract", tr("合同编号"), "code", 112, blank="—"),
                Column("invoices", tr("发票号码"), "code", 112, blank="—"),
            ],
            name="pilot_services", title=tr("中试服务"), preferences=desk.preferences,
            empty=Empty(tr("这一年没有已记账的中试服务"), tr("把基地完成的服务记录登记为中试服务，金额、合同和发票都用服务记录里的。"), "record"),
            actions=[RowAction(tr("取消中试服务登记"), lambda keys: self._not(), "remove", "one")],
        )  # fmt: skip
        self.waiting = HeldTable(
            [
                Column("record", tr("记录编号"), "code", 104), Column("base", tr("基地"), "code", 88), Column("equipment", tr("设备编号"), "code", 96),
                Column("customer", tr("使用单位"), width=168), Column("on", tr("结束日"), "date", 104), Column("item", tr("收费项目"), width=136, blank=""),
                Column("fen", tr("金额"), "money", 112, blank=tr("未记账")),
            ],
            name="pilot_waiting", title=tr("还没有登记的记录"), preferences=desk.preferences,
            empty=Empty(tr("没有要登记的记录"), tr("关联了仪器台账的设备有服务记录、又没有登记为中试服务时，列在这里。"), "done"),
            actions=[RowAction(tr("登记为中试服务…"), lambda keys: self._serve(), "add")],
        )  # fmt: skip
        self.serve = tab_button(tr("登记为中试服务…"), "add", self._serve, primary=True)
        self.drop = tab_button(tr("取消中试服务登记"), "remove", self._not)
        self.award = tab_button(tr("奖补申报材料…"), "report", lambda: self._paper("pilot_award", tr("奖补申报材料")))
        self.pack = tab_button(tr("服务业绩材料…"), "report", lambda: self._paper("pilot_performance", tr("服务业绩材料")))
        below = QWidget()
        inner = QVBoxLayout(below)
        inner.setContentsMargins(theme.UNIT, 0, 0, 0)
        inner.addWidget(label(tr("基地仪器上还没有登记的记录"), role="strong"))
        inner.addWidget(self.waiting, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.addWidget(self.says)
        column.addWidget(split("pilot.services", desk.preferences, self.served, below, share=0.58), 1)
        bar = QWidget()
        flow = FlowLayout(bar)
        for button in (self.serve, self.drop, self.award, self.pack):
            flow.addWidget(button)
        column.addWidget(bar)
        self.served.selected.connect(lambda keys: self._offer())
        self._offer()

    def show_year(self, year: int, found: Sequence[Served], waiting: Sequence[Candidate]) -> None:
        """Draw a calendar year."""
        self.year = year
        self._of_base = {one.number: one.base for one in waiting}
        self.served.hold(
            (
                line.line.posting_id, line.line.record_number, one.base.number, line.equipment_number, line.what, line.line.customer,
                line.line.reversed_on or line.line.ended_on, line.line.amount_fen, line.line.contract, line.line.invoices,
            )
            for one in found
            for line in one.lines
        )  # fmt: skip
        self._records = {line.line.posting_id: line.line.record_number for one in found for line in one.lines}
        self.waiting.hold((one.number, one.number, one.base, one.equipment, one.customer, one.ended_on, one.item, one.fen) for one in waiting)
        fen = sum(one.evidenced.fen for one in found)
        wanting = sum(one.evidenced.n_wanting for one in found)
        said = [tr("{year} 年对外中试服务 {fen}", year=year, fen=texts.money(fen)), tr("{n} 笔缺合同或发票", n=wanting)]
        estimates = [one.estimate.value for one in found]
        if found and None in estimates:
            said.append(tr("奖补估算：未公布计算公式"))
        n_withheld = sum(one.n_withheld for one in found)
        if n_withheld:
            said.append(tr("另有涉密 {n} 项未列。", n=n_withheld))
        self.says.setText(" · ".join(said))
        self._offer()

    def _offer(self) -> None:
        self.drop.setEnabled(len(self.served.keys()) == 1)
        self.serve.setEnabled(bool(self._bases()))

    def _serve(self) -> None:
        chosen = self.waiting.keys()
        records = [str(key) for key in chosen]
        bases = {self._of_base[one] for one in records if one in self._of_base}
        self.steps.serve(records, self._bases(), bases.pop() if len(bases) == 1 else "")

    def _not(self) -> None:
        keys = self.served.keys()
        if len(keys) == 1:
            self.steps.serve_not(self._records[str(keys[0])])

    def _paper(self, kind: str, name: str) -> None:
        self.steps.paper(kind, name, str(self.year))
