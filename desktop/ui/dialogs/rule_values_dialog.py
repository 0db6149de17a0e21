"""Newer rule values before they are taken: what they are, which figures of this ledger they move, and the reason for taking them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QSplitter, QWidget

from desktop import words
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.dialogs.frame import DialogFrame
from desktop.ui.empty import Empty
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import begin_at, fit_height, label
from desktop.ui.paged_model import Column
from desktop.words import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.actions.parameter_sets import Effects, Moved, Plan
    from desktop.ledger.problem import Problem

_LEAST_REASON = 2
_MOST_FINDINGS = 4


class RuleValuesDialog(DialogFrame):
    """Nothing can be taken before what it moves has been worked out and shown. ``value_words`` writes a value of a rule in its unit."""

    def __init__(self, parent: QWidget | None, desk: Desk, plan: Plan, value_words: Callable[[str, object, str], str]) -> None:
        title = tr("采用“{name}”里的规则值", name=plan.name) if plan.name else tr("采用更新的规则值")
        super().__init__(parent, title, tr("采用"), icon="duty")
        self.desk, self.plan = desk, plan
        self.effects: Effects | None = None
        begin_at(self, 920, 620)
        self.values = HeldTable(
            (
                Column("name", tr("参数"), width=192),
                Column("old", tr("原来"), width=120),
                Column("new", tr("新值"), width=120),
                Column("from", tr("起始日期"), "date", 104),
                Column("certainty", tr("可信度"), width=144),
                Column("source", tr("文号"), width=160),
            ),
            name="rules.plan", preferences=desk.preferences, title=tr("新的规则值"),
            empty=Empty(tr("没有新的值"), tr("台账里已经是这些内容。"), "duty"),
        )  # fmt: skip
        self.values.hold(
            (
                str(n), words.say(f"parameter.{one.key}"),
                tr("未知") if change.before is None else value_words(one.key, change.before.value, one.unit), value_words(one.key, one.value, one.unit),
                one.from_on, texts.certainty(one.certainty).text, texts.visible(f"{one.source} {one.clause}".strip()),
            )
            for n, change in enumerate(plan.new)
            for one in (change.parameter,)
        )  # fmt: skip
        self.moved = HeldTable(
            (
                Column("figure", tr("数字"), width=184),
                Column("subject", tr("对象"), width=152, blank=""),
                Column("old", tr("原来"), width=144, sortable=False),
                Column("new", tr("新值"), width=144, sortable=False),
                Column("difference", tr("差"), width=112, sortable=False, blank=""),
                Column("day", tr("按哪天"), "date", 104),
            ),
            name="rules.moved", preferences=desk.preferences, title=tr("会变的数字"),
            empty=Empty(tr("没有数字会变"), tr("本台账里没有数字会因此改变；已记账的金额从不改变。"), "duty"),
        )  # fmt: skip
        self.line = label(tr("正在比较哪些数字会变…"), tone="muted")
        both = QSplitter(Qt.Orientation.Vertical)
        both.setChildrenCollapsible(False)
        for widget, share, least in ((self.values, 1, 144), (self.moved, 3, 208)):
            both.addWidget(widget)
            both.setStretchFactor(both.count() - 1, share)
            widget.setMinimumHeight(theme.px(least))
        remarks = [texts.finding(one).text for one in plan.findings]
        if len(remarks) > _MOST_FINDINGS:
            remarks = [*remarks[:_MOST_FINDINGS], tr("…另有 {n} 项", n=len(remarks) - _MOST_FINDINGS)]
        for said in remarks:
            self.body.addWidget(label(said, tone="warning"))
        self.body.addWidget(both, 1)
        self.body.addWidget(self.line)
        self.reason = QLineEdit()
        self.reason.setMaxLength(400)
        self.reason.setPlaceholderText(tr("采用的理由，写入操作日志，以后查得到"))
        self.reason.setAccessibleName(tr("理由"))
        self.reason.textChanged.connect(self._judge)
        self.body.addWidget(self.reason)
        self._judge()

    def work_out(self) -> None:
        """Compare the figures on a lane."""
        from desktop.actions import parameter_sets

        workspace, plan = self.desk.workspace, self.plan
        self.desk.jobs.read(
            lambda progress: parameter_sets.effects(workspace, plan, progress),
            self.show_effects,
            failed=self.problem,
            title=tr("比较哪些数字会变"),
            owner=self,
            key="effects",
        )

    def show_effects(self, found: Effects) -> None:
        """Draw them; from now on the values can be taken."""
        self.effects = found
        said = tr("比较了本台账的 {n} 个数字，{m} 个会变。已记账的金额不变。", n=f"{found.n_compared:,}", m=f"{len(found.moved):,}")
        if found.unused:
            names = tr("、").join(words.say(f"parameter.{key}") for key in found.unused)
            said += "\n" + tr("程序还没有数字用到：{names}。", names=names)
        self.line.setText(said)
        self.moved.hold(
            (str(n), words.say(one.figure), texts.visible(one.subject), *moved_words(one), one.day) for n, one in enumerate(found.moved)
        )
        self._judge()
        layout = self.layout()
        if layout is not None:
            layout.activate()  # the line has grown, and with it what it needs
        fit_height(self)

    def _judge(self) -> None:
        self.do.setEnabled(self.effects is not None and len(self.reason.text().strip()) >= _LEAST_REASON)

    def act(self) -> None:
        """Take them whole."""
        from desktop.actions import parameter_sets

        workspace, plan, reason = self.desk.workspace, self.plan, self.reason.text()
        self.do.setEnabled(False)
        self.desk.jobs.write(
            tr("采用规则值"),
            lambda progress: parameter_sets.commit(workspace, plan, reason),
            lambda _: self._taken(),
            failed=self.problem,
            owner=self,
        )

    def _taken(self) -> None:
        self.accept()
        self.desk.tell("done", tr("已采用 {n} 个规则值，各处立即按新值计算。要撤回，按 Ctrl+Z。", n=len(self.plan.new)))

    def problem(self, problem: Problem) -> None:
        """Say why it was not taken, or why the figures could not be compared."""
        self.refuse("\n".join([texts.problem(problem), *(texts.finding(one).text for one in problem.findings[:_MOST_FINDINGS])]))
        self._judge()

    def done(self, result: int) -> None:
        """Whoever closes it needs no answer any more."""
        self.desk.jobs.drop(self)
        super().done(result)


def moved_words(one: Moved) -> tuple[str, str, str]:
    """Old, new and difference of a figure."""
    change = one.difference
    said = "" if change is None else _said(change, "days" if isinstance(one.old, date) else one.unit)
    return _said(one.old, one.unit, one.figure), _said(one.new, one.unit, one.figure), f"+{said}" if change is not None and change > 0 else said


def _said(value: object, unit: str, code: str = "") -> str:
    from desktop.actions.explaining import said_under

    if unit == "problems" and isinstance(value, str):
        return tr("、").join(texts.problem_kind(code) for code in value.split(",")) if value else tr("无")
    if unit == "date" and value is None:
        return "—"
    return texts.figure(value, unit, said_under(code))
