"""The candidates for transfer: general-purpose sets that last year were little used or badly shared, each to be proposed or explained."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QPushButton, QWidget

from desktop import words
from desktop.actions import transfer_candidates
from desktop.actions.transfer_candidates import Offered
from desktop.ledger.instrument import Instrument
from desktop.rules.figure import Figure
from desktop.ui import theme
from desktop.ui.desk import Desk
from desktop.ui.dialogs.frame import DialogFrame
from desktop.ui.empty import Empty
from desktop.ui.flow import FlowLayout
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import begin_at, fit_height, label, room
from desktop.ui.paged_model import Column
from desktop.ui.table import RowAction
from desktop.words import tr


class TransferCandidates(DialogFrame):
    """``propose(kind, Instrument)`` begins a transfer of the chosen set; the dialog closes before."""

    def __init__(self, parent: QWidget | None, desk: Desk, propose: Callable[[str, Instrument], object]) -> None:
        super().__init__(parent, tr("调配候选"), tr("关闭"), icon="search")
        self.desk = desk
        self._propose = propose
        self._sets: dict[str, Instrument] = {}
        self.cancel.hide()
        begin_at(self, 960, 560)
        self.says = label(tone="muted")
        self.table = HeldTable(
            _columns(), name="transfer.candidates", preferences=desk.preferences, title=tr("调配候选"),
            empty=Empty(tr("没有调配候选"), tr("上一年没有既通用、又少用或少共享的仪器；没有写明类别的仪器不能判断。"), "done"),
            actions=[
                RowAction(tr("内部调配…"), lambda keys: self.propose("internal"), "instrument", "one"),
                RowAction(tr("无偿划拨…"), lambda keys: self.propose("allocation"), "send", "one"),
                RowAction(tr("为什么？"), lambda keys: self.explain(), "why", "one"),
            ],
        )  # fmt: skip
        self.table.setMinimumHeight(min(theme.px(320), room(self).height() // 2))
        self.inside = self._button(tr("内部调配…"), "instrument", lambda: self.propose("internal"))
        self.free = self._button(tr("无偿划拨…"), "send", lambda: self.propose("allocation"))
        self.why = self._button(tr("为什么？"), "why", self.explain)
        bar = QWidget()
        row = FlowLayout(bar)
        for button in (self.inside, self.free, self.why):
            row.addWidget(button)
        self.body.addWidget(self.says)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(bar)
        self.table.selected.connect(lambda keys: self._chosen())
        self.table.opened.connect(lambda key: self.explain())
        self.finished.connect(lambda result: desk.jobs.drop(self))
        workspace = desk.workspace
        desk.jobs.read(lambda progress: transfer_candidates.offered(workspace), self._show, title=tr("找调配候选"), owner=self, key="candidates")
        self._chosen()

    def _button(self, text: str, icon: str, act: Callable[[], object]) -> QPushButton:
        made = QPushButton(text)
        made.setAutoDefault(False)
        theme.dress(made, icon)
        made.clicked.connect(lambda: act())
        return made

    def _show(self, found: Offered) -> None:
        year, lines = found.year, found.lines
        self._sets = {one.instrument.asset_number: one.instrument for one in year.judged}
        unknown = len(year.with_verdict("unknown"))
        self.says.setText(
            tr(
                "按 {year} 年的记录：候选 {n} 台，资料不全不能判断的 {unknown} 台，涉密不列的 {withheld} 台。候选只是提示，是否调配由单位决定。",
                year=year.period.name, n=len(lines), unknown=unknown, withheld=year.n_withheld,
            )
        )  # fmt: skip
        self.table.hold(
            (
                line.asset_number, line.asset_number, line.name, line.department, line.utilisation, line.sharing_rate,
                _reasons(line.reasons, line.cautions), line.now,
            )
            for line in lines
        )  # fmt: skip
        if lines and not self.table.keys():
            self.table.select([lines[0].asset_number])
        self._chosen()
        fit_height(self)  # the line above the list may need two

    def _chosen(self) -> None:
        one = self.chosen()
        for button in (self.inside, self.free, self.why):
            button.setEnabled(one is not None)

    def chosen(self) -> Instrument | None:
        """The set at hand."""
        keys = self.table.keys()
        return self._sets.get(str(keys[0])) if len(keys) == 1 else None

    def propose(self, kind: str) -> None:
        """Propose a transfer of the set at hand."""
        one = self.chosen()
        if one is not None:
            self.accept()
            self._propose(kind, one)

    def explain(self) -> None:
        """Why the set at hand is a candidate, beside the page."""
        one = self.chosen()
        if one is None:
            return
        desk, workspace, number = self.desk, self.desk.workspace, one.asset_number

        def told(figure: Figure) -> None:
            desk.explain(figure)

        self.accept()
        desk.jobs.read(lambda progress: transfer_candidates.explain(workspace, number), told, key="explain.transfer")


def _reasons(tests: Iterable[str], cautions: Iterable[str]) -> str:
    told = [words.say(f"transfer.test.{code}") for code in tests] + [words.say(f"transfer.caution.{code}") for code in cautions]
    return tr("；").join(told)


def _columns() -> list[Column]:
    return [
        Column("asset_number", tr("资产编号"), "code", 104),
        Column("name", tr("名称"), width=152),
        Column("department", tr("部门"), width=112, blank=""),
        Column("utilisation", tr("利用率"), "ratio", 88),
        Column("sharing_rate", tr("共享率"), "ratio", 88),
        Column("reasons", tr("理由"), width=240, blank=""),
        Column("under_way", tr("在办调配"), "code", 112, blank=""),
    ]
