"""诚信自查: what the self-checks point at in a year's posted services, how each stands, every answer that was given, and beside the list one
finding with what was seen and answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from desktop import words
from desktop.actions import integrity, integrity_answers, integrity_given
from desktop.actions.integrity_answers import Answered, Point
from desktop.ledger.integrity import ANSWER_STATES, INTEGRITY_CHECKS, IntegrityAnswer
from desktop.ledger.period import parse
from desktop.ui import texts, theme
from desktop.ui.chips import Chip
from desktop.ui.desk import Desk
from desktop.ui.detail_side import bar_of
from desktop.ui.empty import Empty, EmptyView
from desktop.ui.fact_list import FactList
from desktop.ui.flow import FlowLayout
from desktop.ui.forms import scrolled
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import Elided, label
from desktop.ui.page import split
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages.compliance_integrity_answers import AnswersTable
from desktop.ui.pages.compliance_integrity_steps import IntegritySteps
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.read_when_shown import ReadWhenShown
from desktop.ui.table import RowAction
from desktop.words import tr

_STATE = "integrity.state"


class IntegrityView(ReadWhenShown):
    """A list at the left; at the right one finding with its answers and what can be done about it."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.found: Answered | None = None
        self.point: Point | None = None
        self.chosen: list[Point] = []
        self.steps = IntegritySteps(desk, self)
        self._points: dict[str, Point] = {}
        self.says = Elided("")
        self.says.setProperty("tone", "muted")
        self.says.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.years = QComboBox()
        self.years.setAccessibleName(tr("自然年"))
        self.years.setMinimumWidth(theme.px(96))
        self.years.currentIndexChanged.connect(lambda place: self._read_year())
        self.paper = tab_button(tr("整改报告…"), "report", lambda: self.steps.report(self.year))
        self.save = tab_button(tr("存成表格…"), "save", lambda: self.steps.save_table(self.year))
        self.take = tab_button(tr("读入填好的表格…"), "import", self.steps.read_table)
        self.table = self._table()
        self.given = AnswersTable(
            desk, take_back=lambda: self._do(self.steps.take_back), again=lambda: self._do(self.steps.answer), why=self.explain
        )
        self.given.selected.connect(lambda keys: self._listed_changed(self.given))
        self.given.opened.connect(lambda key: self.explain())
        self.lists = QTabWidget()
        self.heading = label(role="section")
        self.why = QPushButton(tr("为什么？"))
        self.why.setProperty("role", "link")
        theme.dress(self.why, "why", "accent")
        self.why.clicked.connect(self.explain)
        self.facts = FactList()
        self.history = label()
        self.history.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.answer = tab_button(tr("答复…"), "edit", lambda: self._do(self.steps.answer), primary=True)
        self.take_back = tab_button(tr("撤回答复…"), "undo", lambda: self._do(self.steps.take_back))
        self.files = tab_button(tr("附件…"), "attach", lambda: self._do(self.steps.files))
        self.collect = tab_button(tr("汇总附件…"), "attach", lambda: self.steps.collect(self.year))
        self.many_says = label()
        self.many = tab_button(tr("一并答复…"), "edit", lambda: self.steps.answer_many(self.chosen), primary=True)
        self.record = tab_button(tr("打开这条记录"), "right", lambda: self._do(self._open_record))
        self.side = QStackedWidget()
        self._arrange()

    @property
    def year(self) -> int:
        """The calendar year that is looked at."""
        chosen = self.years.currentData()
        return chosen if isinstance(chosen, int) else self.desk.today().year

    def _table(self) -> HeldTable:
        columns = [
            Column("check", tr("核对"), "state", 192, said_under="integrity.short"),
            Column("number", tr("记录编号"), "code", 112),
            Column("ended_on", tr("服务日期"), "code", 96),
            Column("state", tr("答复"), "state", 112, said_under=_STATE),
            Column("detail", tr("核对看到的"), width=208, blank=""),
            Column("instrument", tr("仪器名称"), width=144),
            Column("asset_number", tr("资产编号"), "code", 96),
        ]
        table = HeldTable(
            columns, name="integrity_points", title=tr("自查发现"), preferences=self.desk.preferences,
            empty=Empty(
                tr("没有自查发现"), tr("已记账的服务里没有时间重叠、机时过长、补记、收费与标准不符等需要说明的情况。"), "done",
            ),
            chips=[Chip("state", one, words.say(f"{_STATE}.{one}")) for one in ("open", *(each for each in ANSWER_STATES if each != "open"))],
            filters={"state": lambda row, value: row[4] == value, "check": lambda row, value: row[1] == value},
            actions=[
                RowAction(tr("答复…"), lambda keys: self._do(self.steps.answer), "edit", "one"),
                RowAction(tr("一并答复…"), lambda keys: self.steps.answer_many(self.chosen), "edit", "some", allowed=lambda keys: len(keys) > 1),
                RowAction(tr("为什么？"), lambda keys: self.explain(), "why", "one", "Ctrl+E"),
                RowAction(tr("打开这条记录"), lambda keys: self._do(self._open_record), "right", "one"),
            ],
            narrowed_words=lambda name, value: words.say(f"integrity.short.{value}" if name == "check" else f"{_STATE}.{value}"),
        )  # fmt: skip
        table.selected.connect(lambda keys: self._listed_changed(self.table))
        table.opened.connect(lambda key: self._do(self.steps.answer))
        return table

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.why, 0, Qt.AlignmentFlag.AlignTop)
        told = QWidget()
        inner = QVBoxLayout(told)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(theme.UNIT)
        inner.addWidget(self.facts)
        inner.addWidget(self.history)
        inner.addStretch(1)
        bar = QWidget()
        row = FlowLayout(bar)
        for button in (self.answer, self.files, self.take_back, self.record):
            row.addWidget(button)
        one = QWidget()
        column = QVBoxLayout(one)
        column.setContentsMargins(theme.UNIT, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addLayout(head)
        column.addWidget(scrolled(told), 1)
        column.addWidget(bar)
        self.side.addWidget(EmptyView(Empty(tr("选一条发现看它的答复"), tr("核对看到了什么、怎样答复、由谁在哪天答复，都在这里。"), "search")))
        self.side.addWidget(one)
        several = QWidget()
        column = QVBoxLayout(several)
        column.setContentsMargins(theme.UNIT, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(label(tr("一并答复"), role="section"))
        column.addWidget(self.many_says)
        column.addWidget(label(tr("同一个说明写给选中的每一条，可附一个文件；任何一条不能这样答复，就一条也不写入。一次撤销全部撤回。"), tone="muted"))
        bar = QWidget()
        FlowLayout(bar).addWidget(self.many)
        column.addWidget(bar)
        column.addStretch(1)
        self.side.addWidget(several)
        self.side.setMinimumWidth(theme.px(288))
        for each in (self.table, self.given):
            each.setContentsMargins(0, theme.UNIT, 0, 0)
        self.lists.addTab(self.table, tr("自查发现"))
        self.lists.addTab(self.given, tr("全部答复"))
        self.lists.currentChanged.connect(lambda place: self._listed_changed(self.lists.currentWidget()))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, theme.UNIT, 0, 0)
        whole.setSpacing(theme.UNIT)
        whole.addWidget(self.says)
        whole.addWidget(bar_of((self.years, self.save, self.take, self.collect, self.paper)))
        whole.addWidget(split("integrity", self.desk.preferences, self.lists, self.side, share=0.62), 1)

    # Reading

    def read(self) -> None:
        """Read the years that have services, then the chosen one."""
        workspace, today = self.desk.workspace, self.desk.today()
        self.desk.jobs.read(lambda progress: integrity_answers.years(workspace, today), self._offer_years, owner=self, key="years")

    def _offer_years(self, years: Sequence[int]) -> None:
        kept = self.years.currentData()
        self.years.blockSignals(True)
        self.years.clear()
        for year in years:
            self.years.addItem(tr("{year} 年", year=year), year)
        self.years.setCurrentIndex(max(0, self.years.findData(kept)))
        self.years.blockSignals(False)
        self._read_year()

    def _read_year(self) -> None:
        workspace, period, today = self.desk.workspace, parse(str(self.year)), self.desk.today()
        self.desk.jobs.read(
            lambda progress: integrity_answers.every(workspace, period, min(period.last_day, today)), self.show_points,
            title=tr("核对已记账的服务"), owner=self, key="points",
        )  # fmt: skip

    def show_points(self, found: Answered) -> None:
        """Draw what was found, what stands open first."""
        self.found = found
        self._points = {f"{one.check}:{one.number}": one for one in found.points}
        n_open = sum(one.state == "open" for one in found.points)
        self.says.setText(
            tr("核对了 {n} 条记录，发现 {found} 处，{open} 处待处理", n=f"{found.checks.n_records:,}", found=f"{len(found.points):,}", open=f"{n_open:,}")
        )
        order = sorted(self._points, key=lambda key: (self._points[key].state != "open", INTEGRITY_CHECKS.index(self._points[key].check)))
        self.table.hold((key, *self._row(self._points[key])) for key in order)
        if order and not self.table.keys():
            self.table.select([order[0]])
        self.given.show_given(integrity_given.every(found))
        self._listed_changed(self.lists.currentWidget())

    def _row(self, one: Point) -> tuple[object, ...]:
        return one.check, one.number, one.ended_on, one.state, _saw(one), one.instrument, one.asset_number

    def _listed_changed(self, shown: QWidget | None) -> None:
        """What is chosen in the list that is looked at stands at the right; the other list says nothing."""
        if shown is not None and shown is self.lists.currentWidget():
            self._selected(self.given.points() if shown is self.given else self.table.keys())

    def _selected(self, keys: Sequence[Key]) -> None:
        self.chosen = [self._points[str(key)] for key in keys if str(key) in self._points]
        self.point = self.chosen[0] if len(self.chosen) == 1 else None
        self.side.setCurrentIndex(1 if self.point is not None else 2 if self.chosen else 0)
        if self.point is not None:
            self._show(self.point)
        elif self.chosen:
            counts = Counter(one.check for one in self.chosen)
            parts = [tr("{check} {n} 条", check=words.say(f"integrity.short.{check}"), n=n) for check, n in counts.items()]
            self.many_says.setText("\n".join((tr("已选 {n} 条发现：", n=f"{len(self.chosen):,}"), *parts)))

    def _show(self, one: Point) -> None:
        self.heading.setText(words.say(f"integrity.short.{one.check}"))
        self.facts.show_facts([
            (tr("记录编号"), one.number), (tr("服务日期"), one.ended_on), (tr("仪器名称"), f"{one.instrument} {one.asset_number}"),
            (tr("核对看到的"), _saw(one)), (tr("答复"), texts.state(one.state, _STATE)),
        ])  # fmt: skip
        self.history.setText("\n\n".join(_said(answer) for answer in reversed(one.answers)) or tr("还没有答复。写明原因和依据，整改报告按最后一条印出。"))
        theme.say_tone(self.history, "plain" if one.answers else "muted")
        self.answer.setText(tr("再答复…") if one.held else tr("答复…"))
        self.take_back.setVisible(one.held is not None)
        self.files.setVisible(bool(one.answers))
        self.files.setText(tr("附件 {n} 个…", n=one.n_files) if one.n_files else tr("附件…"))

    # Steps

    def explain(self) -> None:
        """Why the check points at the record, and what was said to it."""
        if self.point is not None:
            workspace, key, named = self.desk.workspace, f"{self.point.check}:{self.point.number}", str(self.year)
            self.desk.jobs.read(
                lambda progress: integrity_answers.explain(workspace, key, named), self.desk.explain, failed=self.desk.trouble, owner=self, key="why"
            )

    def _open_record(self, point: Point) -> None:
        self.desk.go("records", number=point.number)

    def _do(self, act: Callable[[Point], object]) -> None:
        if self.point is not None:
            act(self.point)


def _saw(one: Point) -> str:
    """What the check sees now."""
    return tr("已无此发现") if one.seen is None else integrity.detail_words(one.check, one.seen.detail)


def _said(one: IntegrityAnswer) -> str:
    """An answer as it stands in the history: when, who, what, and on what it rests."""
    head = " · ".join(part for part in (str(one.answered_on), one.answered_by, words.say(f"{_STATE}.{one.state}")) if part)
    more = [tr("更正的记录：{number}", number=one.correction)] if one.correction else []
    more += [tr("证明材料：{text}", text=one.evidence)] if one.evidence else []
    return "\n".join(texts.visible(line) for line in (head, *one.text.splitlines(), *more))
