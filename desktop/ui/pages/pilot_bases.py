"""The pilot bases, and beside the list one of them: open state, conditions with what is there and what is asked, partners, papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout, QWidget

from desktop import words
from desktop.actions import explaining, pilot_report
from desktop.actions.pilot_view import BaseSeen
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.fact_list import FactList
from desktop.ui.flow import FlowLayout
from desktop.ui.forms import scrolled
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import label
from desktop.ui.page import split
from desktop.ui.paged_model import Column
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.pages.pilot_states import QuickStates
from desktop.ui.pages.pilot_steps import PilotSteps
from desktop.ui.table import RowAction
from desktop.words import tr

_STATE = "pilot.state"


class BasesView(QWidget):
    """See the module's head."""

    def __init__(self, desk: Desk, steps: PilotSteps, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.steps = steps
        self._bases: dict[str, BaseSeen] = {}
        self.table = self._table()
        self.heading = label(tr("选一个基地"), role="section")
        self.why = QPushButton(tr("为什么？"))
        self.why.setProperty("role", "link")
        theme.dress(self.why, "why", "accent")
        self.why.clicked.connect(self.explain)
        self.facts = FactList()
        self.conditions = self._conditions()
        self.partners = self._partners()
        self.history = self._history()
        self.open_state = tab_button(tr("开放状态…"), "unlock", lambda: self._do(self._open), primary=True)
        self.states = QuickStates(lambda state: self._do(lambda one: self.steps.say_now(one.base.number, state)))
        self.change = tab_button(tr("修改…"), "edit", lambda: self._do(lambda one: self.steps.base(one.base)))
        self.partner = tab_button(tr("共建方…"), "institution", lambda: self._do(lambda one: self.steps.partner(one.base)))
        self.files = tab_button(tr("图片和附件…"), "attach", lambda: self._do(self._files))
        self.paper = tab_button(tr("看目录…"), "report", lambda: self._do(self._paper))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.addWidget(split("pilot.bases", desk.preferences, self.table, self._beside(), share=0.42), 1)
        self.table.selected.connect(lambda keys: self._show())
        self.table.opened.connect(lambda key: self.explain())
        self._show()

    def _table(self) -> HeldTable:
        return HeldTable(
            [
                Column("number", tr("编号"), "code", 72), Column("name", tr("基地名称"), width=136),
                Column("openness", tr("开放状态"), "state", 88, said_under=_STATE),
                Column("demonstration", tr("省级示范基地"), "state", 112, said_under=_STATE),
                Column("open_base", tr("开放型基地"), "state", 104, said_under=_STATE),
                Column("n", tr("设备"), "number", 64), Column("value_fen", tr("设备原值"), "money", 136),
            ],
            name="pilot_bases",
            title=tr("中试基地"),
            preferences=self.desk.preferences,
            empty=Empty(
                tr("还没有登记中试基地"),
                tr("登记基地的工艺、能力、地点和联系人，再登记设备和共建方：这里会判断省级示范基地和开放型基地的条件，并印目录和申报材料。"),
                "pilot", ((tr("登记中试基地…"), lambda: self.steps.base()),),
            ),
            actions=[
                RowAction(tr("开放状态…"), lambda keys: self._do(self._open), "unlock", "one"),
                RowAction(tr("修改…"), lambda keys: self._do(lambda one: self.steps.base(one.base)), "edit", "one"),
                RowAction(tr("为什么？"), lambda keys: self.explain(), "why", "one", "Ctrl+E"),
            ],
        )  # fmt: skip

    def _conditions(self) -> HeldTable:
        return HeldTable(
            [
                Column("name", tr("条件"), width=160), Column("verdict", tr("判断"), "state", 112, said_under=_STATE), Column("there", tr("现有"), width=128),
                Column("asked", tr("要求"), width=128), Column("source", tr("依据"), width=240, blank=""),
                Column("certainty", tr("确定性"), width=72, blank=""),
            ],
            name="pilot_conditions", title=tr("条件"), preferences=self.desk.preferences,
            empty=Empty(tr("选一个基地"), tr("看它符合哪些条件，哪些还不能判断。"), "check"),
        )  # fmt: skip

    def _partners(self) -> HeldTable:
        return HeldTable(
            [
                Column("name", tr("共建方"), width=176), Column("kind", tr("类别"), width=128), Column("part", tr("共建内容"), width=160, blank=""),
                Column("document", tr("共建协议编号"), "code", 128, blank=""),
            ],
            name="pilot_partners", title=tr("共建方"), preferences=self.desk.preferences,
            empty=Empty(tr("没有登记共建方。"), tr("开放型中试基地由园区、院所和企业共建，逐家登记在这里。"), "institution"),
            actions=[RowAction(tr("移除这个共建方"), lambda keys: self._do(lambda one: self.steps.remove_partner(one.base, str(keys[0]))), "remove", "one")],
        )  # fmt: skip

    def _history(self) -> HeldTable:
        return HeldTable(
            [
                Column("from_on", tr("从哪一天起"), "date", 112), Column("state", tr("开放状态"), "state", 104, said_under=_STATE),
                Column("reason", tr("原因"), width=240), Column("said_by", tr("办理人"), width=112, blank=""),
            ],
            name="pilot_history", title=tr("开放状态"), preferences=self.desk.preferences,
            empty=Empty(tr("还没有登记开放状态"), tr("开放、限制开放、暂停、关闭，各从哪一天起、为什么，都留在这里。"), "history"),
        )  # fmt: skip

    def _beside(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(theme.UNIT, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.why)
        column.addLayout(head)
        self.parts = QTabWidget()
        for title, view in (
            (tr("条件"), self.conditions), (tr("登记内容"), scrolled(self.facts)), (tr("共建方"), self.partners), (tr("状态历史"), self.history),
        ):  # fmt: skip
            self.parts.addTab(view, title)
        column.addWidget(self.parts, 1)
        self.bar = QWidget()
        flow = FlowLayout(self.bar)
        for button in (self.open_state, self.change, self.partner, self.files, self.paper):
            flow.addWidget(button)
        column.addWidget(self.states)
        column.addWidget(self.bar)
        made.setMinimumWidth(theme.px(320))
        return made

    def show_bases(self, found: Sequence[BaseSeen]) -> None:
        """Draw the bases."""
        self._bases = {one.base.number: one for one in found}
        self.table.hold(
            (
                one.base.number, one.base.number, one.base.name, one.openness.state if one.openness else None, one.judged.demonstration,
                one.judged.open_base, len(one.equipment), one.value_fen,
            )
            for one in found
        )  # fmt: skip
        if found and not self.table.keys():
            self.table.select([found[0].base.number])
        self._show()

    def numbers(self) -> list[str]:
        """The numbers of all bases."""
        return list(self._bases)

    def chosen(self) -> BaseSeen | None:
        """The base at hand."""
        keys = self.table.keys()
        return self._bases.get(str(keys[0])) if len(keys) == 1 else None

    def _do(self, act: Callable[[BaseSeen], object]) -> None:
        one = self.chosen()
        if one is not None:
            act(one)

    def _show(self) -> None:
        one = self.chosen()
        self.heading.setText(f"{one.base.number} {texts.visible(one.base.name)}" if one else tr("选一个基地"))
        for widget in (self.why, self.states, self.bar, self.parts):
            widget.setVisible(one is not None)
        self.states.offer(one.openness.state if one and one.openness else None, there=one is not None)
        if one is None:
            return
        base, unsaid = one.base, texts.Spoken(tr("未填"), "muted")

        def said(text: str) -> str | texts.Spoken:
            return texts.visible(text) if text else unsaid

        market = texts.Spoken(tr("没有注明"), "muted") if base.market is None else explaining.value_text(base.market, "")
        facts: list[tuple[str, str | texts.Spoken]] = [
            (tr("行业领域"), said(base.fields)), (tr("工艺"), said(base.process)), (tr("中试能力"), said(base.capacity)),
            (tr("服务内容"), said(base.services)), (tr("地点"), said(base.site)),
            (tr("开始运行"), base.started_on.isoformat() if base.started_on else texts.Spoken(tr("未知"), "muted")),
            (tr("市场化方式建设"), market), (tr("怎样以市场化方式建设"), said(base.market_how)), (tr("联系人"), said(base.contact)),
            (tr("电话"), said(base.phone)),
        ]  # fmt: skip
        if base.retired_on:
            facts.append((tr("从这一天起不再是基地"), base.retired_on.isoformat()))
        if one.n_withheld:
            facts.append((tr("涉密设备"), tr("另有涉密 {n} 项未列。", n=one.n_withheld)))
        self.facts.show_facts(facts)
        lines = [(condition, pilot_report.condition_line(condition)) for condition in one.judged.conditions]
        self.conditions.hold(
            (condition.code, line.name, condition.verdict, line.there, line.asked, line.source, line.certainty) for condition, line in lines
        )
        self.partners.hold((each.name, each.name, words.say(f"pilot.partner.{each.kind}"), each.part, each.document) for each in one.partners)
        self.history.hold((each.id, each.from_on, each.state, each.reason, each.said_by) for each in reversed(one.history))

    def explain(self) -> None:
        """Why the chosen base meets what it meets."""
        one = self.chosen()
        if one is not None:
            workspace, number = self.desk.workspace, one.base.number
            self.desk.jobs.read(lambda progress: explaining.explain(workspace, "pilot", number), self.desk.explain, owner=self, key="why")

    def _open(self, one: BaseSeen) -> None:
        self.steps.openness(one.base.number, one.base.name)

    def _files(self, one: BaseSeen) -> None:
        self.steps.files("pilot_base", one.base.id, one.base.name)

    def _paper(self, one: BaseSeen) -> None:
        self.steps.paper("pilot_catalogue", tr("中试目录"), None, one)
