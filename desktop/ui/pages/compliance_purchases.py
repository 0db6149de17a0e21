"""查重评议: the purchases proposed, and beside the list what one is, which sets are of its kind and why, and the opinion on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from desktop import words
from desktop.actions import purchase_national, purchase_report, purchases
from desktop.actions.purchases import View
from desktop.ledger.purchase import Proposal
from desktop.rules.figure import Figure
from desktop.ui import texts, theme
from desktop.ui.chips import Chip
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty, EmptyView
from desktop.ui.fact_list import FactList
from desktop.ui.flow import FlowLayout
from desktop.ui.forms import FindingLabel, FormRoom, scrolled
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import Elided, label
from desktop.ui.page import split
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages.compliance_purchase_facts import STATE, facts_of, shown, verdict_of
from desktop.ui.pages.compliance_purchase_steps import PurchaseSteps
from desktop.ui.table import RowAction
from desktop.words import tr


class PurchasesView(QWidget):
    """A list at the left; at the right the facts of one over the sets of its kind."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.view: View | None = None
        self.wanted = ""
        self._every: dict[str, Proposal] = {}
        self._trees: list[Figure] = []
        self._reasons: list[str] = []
        self.steps = PurchaseSteps(desk, self, self.want)
        self.add = QPushButton(tr("登记申购…"))
        self.add.setProperty("role", "primary")
        theme.dress(self.add, "add", "on_accent")
        self.add.clicked.connect(self.propose)
        self.says = Elided(tr("新购之前先查重"))
        self.says.setProperty("tone", "muted")
        self.says.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.table = self._table()
        self.heading = label(role="section")
        self.why = QPushButton(tr("为什么？"))
        self.why.setProperty("role", "link")
        theme.dress(self.why, "why", "accent")
        self.why.clicked.connect(self.explain)
        self.verdict, self.facts = FactList(), FactList()
        self.reasons = label(tone="muted")
        self.findings = QVBoxLayout()
        self.findings.setSpacing(theme.UNIT // 2)
        self.candidates = self._candidates()
        self.change = self._button(tr("修改…"), "edit", self.steps.change)
        self.withdraw = self._button(tr("撤回…"), "undo", self.steps.withdraw)
        self.review = self._button(tr("给出评议意见…"), "approve", self.steps.review)
        self.bring = self._button(tr("导入查重结果…"), "import", lambda view: self.steps.bring_results())
        self.bring.setToolTip(tr("国家平台对申购的查重结果，一行一份"))
        self.take_out = self._button(tr("撤去查重结果…"), "undo", self.steps.withdraw_result)
        self.paper = self._button(tr("看评议报告…"), "report", self.steps.paper)
        self.files = self._button(tr("附件…"), "attach", self.steps.files)
        self.parts = QTabWidget()
        self.side = QStackedWidget()
        self._arrange()

    def _table(self) -> HeldTable:
        columns = [
            Column("number", tr("申购编号"), "code", 88),
            Column("name", tr("仪器名称"), width=136),
            Column("state", tr("状态"), "state", 120, said_under=STATE),
            Column("needs", tr("国家平台查重"), "state", 120, said_under="purchase.short"),
            Column("price_fen", tr("单台（套）预算"), "money", 136),
            Column("proposed_on", tr("申购日期"), "date", 112),
            Column("department", tr("申购部门"), width=128, blank=""),
        ]
        table = HeldTable(
            columns, name="purchases", title=tr("申购"), preferences=self.desk.preferences,
            empty=Empty(
                tr("还没有申购"),
                tr("新购大型仪器之前先登记在这里：程序从本单位台账和网络目录里找同类仪器，说明为什么相似、机时用满了没有，再由另一人给出评议意见。"),
                "instrument",
                ((tr("登记申购…"), self.propose),),
            ),
            chips=[
                *(Chip("state", state, words.say(f"{STATE}.{state}")) for state in ("draft", "reviewed", "withdrawn")),
                Chip("needs", "to_ask", tr("待国家平台查重"), words.say("purchase.state.to_ask")),
            ],
            filters={"state": lambda row, value: row[3] == value, "needs": lambda row, value: row[4] == value},
            actions=[
                RowAction(tr("修改…"), lambda keys: self._do(self.steps.change), "edit", "one"),
                RowAction(tr("给出评议意见…"), lambda keys: self._do(self.steps.review), "approve", "one"),
                RowAction(tr("看评议报告…"), lambda keys: self._do(self.steps.paper), "report", "one"),
                RowAction(tr("为什么？"), lambda keys: self.explain(), "why", "one", "Ctrl+E"),
            ],
        )  # fmt: skip
        table.selected.connect(self._selected)
        table.opened.connect(lambda key: self.explain())
        return table

    def _candidates(self) -> HeldTable:
        columns = [
            Column("similarity", tr("相似度"), "ratio", 80),
            Column("name", tr("仪器名称"), width=136),
            Column("minutes", tr("上一年机时"), "minutes", 104),
            Column("holder", tr("所在单位"), width=128),
            Column("number", tr("编号"), "code", 88),
            Column("external", tr("其中对外"), "minutes", 96),
            Column("reasons", tr("相似的理由"), width=360, blank=""),
        ]
        table = HeldTable(
            columns, name="purchase.candidates", title=tr("同类候选仪器"), preferences=self.desk.preferences,
            empty=Empty(tr("没有找到同类仪器"), tr("比较过的范围见上面的提示。"), "search"),
            actions=[RowAction(tr("为什么相似？"), lambda keys: self._explain_one(keys[0]), "why", "one")],
        )  # fmt: skip
        table.opened.connect(self._explain_one)
        table.selected.connect(lambda keys: self._chosen())
        table.setMinimumHeight(theme.px(144))
        return table

    def _button(self, text: str, icon: str, act: Callable[[View], object]) -> QPushButton:
        made = QPushButton(text)
        theme.dress(made, icon)
        made.clicked.connect(lambda: self._do(act))
        return made

    def _arrange(self) -> None:
        told = QWidget()
        inner = QVBoxLayout(told)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(theme.UNIT)
        inner.addWidget(self.verdict)
        inner.addLayout(self.findings)
        inner.addStretch(1)
        alike = QWidget()
        beside = QVBoxLayout(alike)
        beside.setContentsMargins(0, theme.UNIT, 0, 0)
        beside.setSpacing(theme.UNIT)
        room = FormRoom(told)
        beside.addWidget(room, 2)
        beside.addWidget(self.candidates, 3)
        beside.addWidget(self.reasons)
        self.parts.addTab(alike, tr("同类仪器"))
        self.parts.addTab(scrolled(self.facts), tr("申购内容与意见"))
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.why, 0, Qt.AlignmentFlag.AlignTop)
        bar = QWidget()
        row = FlowLayout(bar)
        for button in (self.review, self.paper, self.files, self.change, self.withdraw, self.bring, self.take_out):
            row.addWidget(button)
        one = QWidget()
        column = QVBoxLayout(one)
        column.setContentsMargins(theme.UNIT, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addLayout(head)
        column.addWidget(self.parts, 1)
        column.addWidget(bar)
        self.side.addWidget(EmptyView(Empty(tr("选一份申购看它的查重"), tr("同类仪器、相似的理由、机时和评议意见，都在这里。"), "search")))
        self.side.addWidget(one)
        self.side.setMinimumWidth(theme.px(288))
        left = QWidget()
        above = QHBoxLayout()
        above.addWidget(self.says, 1)
        above.addWidget(self.add, 0, Qt.AlignmentFlag.AlignTop)
        whole = QVBoxLayout(left)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.UNIT)
        whole.addLayout(above)
        whole.addWidget(self.table, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, theme.UNIT, 0, 0)
        outer.addWidget(split("purchases", self.desk.preferences, left, self.side, share=0.42))

    # Reading

    def refresh(self) -> None:
        """Read the list again, and the one that is shown."""
        workspace = self.desk.workspace
        self.desk.jobs.read(
            lambda progress: (purchases.every(workspace), purchase_national.standing(workspace)), lambda found: self._show(*found), owner=self,
            key="purchases",
        )  # fmt: skip

    def want(self, number: str) -> None:
        """Show this purchase: now when it is listed, else once it is read."""
        self.wanted = number
        self.refresh()

    def _show(self, every: Sequence[Proposal], stands: Mapping[str, str]) -> None:
        self._every = {one.id: one for one in every}
        self.table.hold(
            (one.id, one.number, one.name, one.state, stands.get(one.id, "unknown"), one.price_fen, one.proposed_on, one.department) for one in every
        )
        wanted = next((one.id for one in every if one.number == self.wanted), None)
        if wanted is not None:
            self.wanted = ""
            self.table.clear_filters()
            self.table.select([wanted])
        self._selected(self.table.keys())

    def _selected(self, keys: Sequence[Key]) -> None:
        chosen = self._every.get(str(keys[0])) if len(keys) == 1 else None
        if chosen is None:
            self.view = None
            self.side.setCurrentIndex(0)
            return
        workspace, number = self.desk.workspace, chosen.number
        self.desk.jobs.read(
            lambda progress: purchases.view(workspace, number, with_rows=True), self.show_view,
            failed=lambda problem: self._selected([]), owner=self, key="purchase",
        )  # fmt: skip

    def show_view(self, view: View) -> None:
        """Draw one purchase."""
        self.view = view
        draft = view.proposal.state == "draft"
        self.heading.setText(texts.visible(view.proposal.name))
        self.verdict.show_facts(verdict_of(view))
        self.facts.show_facts(facts_of(view))
        while (item := self.findings.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for one in view.findings:
            line = FindingLabel()
            self.findings.addWidget(line)
            line.show_spoken(texts.finding(one))
        found = purchase_report.candidates(view.figure)
        self._trees = [tree for _, tree in found]
        self._reasons = [
            tr("；").join(tr("{name}：{text}", name=aspect, text=why) for aspect, _, why in line.reasons) for line, _ in found
        ]
        self.candidates.hold(
            (
                place, shown(line.similarity), line.name, line.effective_minutes, line.holder, line.number, line.external_minutes,
                self._reasons[place],
            )
            for place, (line, _) in enumerate(found)
        )  # fmt: skip
        if found and not self.candidates.keys():
            self.candidates.select([0])
        self._chosen()
        for button in (self.change, self.withdraw, self.review):
            button.setVisible(draft)
        self.take_out.setVisible(bool(view.national))
        self.side.setCurrentIndex(1)

    def _chosen(self) -> None:
        """Why the candidate at hand is alike, in full: a column is soon too narrow for it."""
        keys = self.candidates.keys()
        place = int(keys[0]) if len(keys) == 1 else -1
        self.reasons.setText(self._reasons[place] if 0 <= place < len(self._reasons) else "")
        self.reasons.setVisible(bool(self.reasons.text()))

    # Steps

    def propose(self) -> None:
        """Enter a purchase."""
        self.steps.propose()

    def explain(self) -> None:
        """Why the review speaks for what it does."""
        if self.view is not None:
            self.desk.explain(purchases.whole(self.view))

    def _explain_one(self, key: Key) -> None:
        self.desk.explain(self._trees[int(key)])

    def _do(self, act: Callable[[View], object]) -> None:
        if self.view is not None:
            act(self.view)
