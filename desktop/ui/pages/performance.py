"""绩效: a calendar or academic year of the institution beside the nation, departments and innovation platforms, each set with its benefit score,
and what users said. Every figure answers why."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import ClassVar

from PySide6.QtWidgets import QComboBox, QTabWidget, QVBoxLayout, QWidget

from desktop.actions import benefit, performance, performance_overview
from desktop.actions.evaluations import said
from desktop.actions.performance_overview import GroupSeen, IndicatorSeen, Overview
from desktop.ledger.evaluation import RATINGS
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.flow import FlowLayout
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import label
from desktop.ui.page import Page
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.pages.performance_sets import SetsView
from desktop.ui.pages.performance_steps import PerformanceSteps
from desktop.ui.table import RowAction
from desktop.words import say, tr

WHOLE, GROUPS, SETS, SAID = range(4)
_TABS = {"whole": WHOLE, "groups": GROUPS, "sets": SETS, "ratings": SAID}
_YEARS_BACK = 3


class PerformancePage(Page):
    """See the module's head. The year begins as the one that is evaluated now and may be chosen on the page."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {"posting", "service_record", "instrument", "parameter", "institution", "evaluation_fact", "user_rating", "sync"}
    )
    follows_period: ClassVar[bool] = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("绩效"))
        self.steps = PerformanceSteps(desk, self)
        self.found: Overview | None = None
        self.years = QComboBox()
        self.years.setAccessibleName(tr("自然年或学年"))
        self.years.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.years.setMinimumWidth(theme.px(160))
        self._offer_years()
        self.head.add(self.years)
        self.head.button(tr("看绩效报表"), "report", lambda: self.desk.go("reports", kind="performance"))
        self.head.button(tr("看效益评价表"), "report", lambda: self.desk.go("reports", kind="benefit"))
        self.years.currentIndexChanged.connect(lambda place: self.read())
        self.indicators = self._indicators()
        self.groups = self._groups()
        self.sets = SetsView(desk, self.steps, self.year)
        self.said = self._said()
        self.withheld = label(tone="muted")
        self.note = label(tone="muted")
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.addWidget(self.indicators, 1)
        column.addWidget(self.note)
        self.tabs = QTabWidget()
        for title, view in (
            (tr("本单位"), whole), (tr("部门和平台"), self.groups), (tr("仪器和效益评价"), self.sets), (tr("用户评价"), self._said_tab()),
        ):  # fmt: skip
            self.tabs.addTab(view, title)
        self.body.addWidget(self.tabs, 1)
        self.body.addWidget(self.withheld)

    def _offer_years(self) -> None:
        """The last years and academic years; the one that is evaluated now is chosen."""
        last = self.desk.today().year
        for year in range(last, last - _YEARS_BACK, -1):
            self.years.addItem(tr("{year} 年", year=year), str(year))
            self.years.addItem(tr("{year}–{next} 学年", year=year - 1, next=year), f"{year - 1}-{year}")
        chosen = self.years.findData(performance.evaluated(self.desk.workspace, self.desk.today()))
        self.years.setCurrentIndex(max(0, chosen))

    def year(self) -> str:
        """The chosen year: ``2025`` or ``2024-2025``."""
        return str(self.years.currentData())

    def _indicators(self) -> HeldTable:
        made = HeldTable(
            [
                Column("name", tr("指标"), width=320),
                Column("value", tr("本期"), "code", 136),
                Column("before", tr("上年同期"), "code", 136, blank=tr("没有记账")),
                Column("nation", tr("全国平均"), "code", 184, blank=tr("未公布")),
                Column("against", tr("与全国平均相比"), "code", 136, blank=""),
            ],
            name="performance_whole",
            title=tr("本单位"),
            preferences=self.desk.preferences,
            empty=Empty(tr("这一年没有可以看的绩效"), tr("服务记录记账以后，机时、共享率、利用率和收入在这里，对照全国平均和上年同期。"), "evaluation"),
            actions=[RowAction(tr("为什么？"), lambda keys: self._why_indicator(keys[0]), "why", "one", "Ctrl+E")],
        )
        made.opened.connect(self._why_indicator)
        return made

    def _groups(self) -> HeldTable:
        made = HeldTable(
            [
                Column("kind", tr("按什么"), width=92),
                Column("name", tr("名称"), width=176),
                Column("n_sets", tr("仪器（台套）"), "number", 96),
                Column("effective", tr("有效机时"), "minutes", 92),
                Column("external", tr("对外机时"), "minutes", 92),
                Column("sharing", tr("共享率"), "ratio", 76),
                Column("utilisation", tr("利用率"), "ratio", 76),
                Column("income_fen", tr("服务收入"), "money", 112),
                Column("users", tr("使用单位（家）"), "number", 104),
                Column("score", tr("效益评价平均得分"), "code", 160),
                Column("passed", tr("合格及以上"), "number", 120),
            ],
            name="performance_groups",
            title=tr("部门和平台"),
            preferences=self.desk.preferences,
            empty=Empty(tr("这一年没有在用的仪器"), tr("登记仪器的所在部门和所属资源载体以后，这里按部门和创新平台归集。"), "evaluation"),
            actions=[
                RowAction(tr("为什么？"), lambda keys: self._why_group(keys[0]), "why", "one", "Ctrl+E"),
                RowAction(
                    tr("看其中的仪器"), lambda keys: self.show_sets_of(keys[0]), "instrument", "one",
                    allowed=lambda keys: bool(self.found and self.found.groups[int(keys[0])].name),
                ),
            ],
        )
        made.opened.connect(self._why_group)
        return made

    def _said(self) -> HeldTable:
        made = HeldTable(
            [Column("word", tr("用户评价"), width=200), Column("n", tr("服务（次）"), "number", 120)],
            name="performance_ratings",
            title=tr("用户评价"),
            preferences=self.desk.preferences,
            empty=Empty(tr("这一年没有用户评价"), tr("评价随服务记录录入；记账以后收到的在这里录入。"), "evaluation"),
            actions=[
                RowAction(tr("为什么？"), lambda keys: self._why_said(), "why", "one", "Ctrl+E"),
            ],
        )
        made.opened.connect(lambda key: self._why_said())
        return made

    def _said_tab(self) -> QWidget:
        tab = QWidget()
        column = QVBoxLayout(tab)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        bar = QWidget()
        row = FlowLayout(bar)
        self.rate = tab_button(tr("录入用户评价…"), "edit", self.steps.rate, primary=True)
        row.addWidget(self.rate)
        column.addWidget(bar)
        column.addWidget(self.said, 1)
        return tab

    # Reading

    def refresh(self) -> None:
        self.read()

    def read(self) -> None:
        """Read the chosen year."""
        workspace, year = self.desk.workspace, self.year()
        self.desk.jobs.read(lambda progress: performance_overview.see(workspace, year), self.show_year, owner=self, key="year")

    def show_year(self, found: Overview) -> None:
        """Draw a year."""
        self.found = found
        self.sets.show_year(found)
        self.indicators.hold(
            (one.name, say(_LABELS[one.name]), _shown(one.kind, one.figure.value), _shown(one.kind, one.before),
             _nation(one), _against(one))
            for one in found.indicators
        )  # fmt: skip
        self.groups.hold((str(place), *_group_row(one)) for place, one in enumerate(found.groups))
        ratings = found.ratings
        rest = (("other", tr("其他写法"), ratings.n_other), ("silent", tr("没有评价"), ratings.n_silent))
        lines = [*((word, said(word), ratings.n_of[word]) for word in RATINGS), *rest]
        self.said.hold(lines if ratings.n_said or ratings.n_silent or ratings.n_other else [])
        self.withheld.setText(tr("另有涉密 {n} 项未列。", n=found.n_withheld))
        self.withheld.setVisible(found.n_withheld > 0)
        self.note.setText(tr("本期是 {year}。", year=found.evaluated_in))
        self.note.setVisible(bool(found.evaluated_in))
        self.head.line.setText(
            " · ".join((
                tr("{n} 台（套）", n=len(found.sets)),
                tr("等级未定 {n} 台（套）", n=found.n_of["open"]),
                tr("满意率：{share}", share=texts.figure(ratings.satisfied.value, "ratio")),
            ))
        )  # fmt: skip

    def arrive(self, where: Mapping[str, str]) -> None:
        if where.get("tab", "") in _TABS:
            self.tabs.setCurrentIndex(_TABS[where["tab"]])

    def _why_indicator(self, key: Key) -> None:
        one = next((one for one in self.found.indicators if one.name == key), None) if self.found else None
        if one is not None:
            self.desk.explain(one.figure)

    def _why_group(self, key: Key) -> None:
        if self.found:
            self.desk.explain(self.found.groups[int(key)].figure)

    def show_sets_of(self, key: Key) -> None:
        """The sets of a department or platform, in their own tab."""
        if self.found:
            one = self.found.groups[int(key)]
            self.tabs.setCurrentIndex(SETS)
            self.sets.table.filter_by({one.kind: one.name})

    def _why_said(self) -> None:
        if self.found:
            self.desk.explain(self.found.ratings.satisfied)


_LABELS = {
    "effective": "performance.mean_effective",
    "external": "performance.mean_external",
    "sharing_rate": "performance.sharing_rate",
    "utilisation": "performance.utilisation",
    "alike_effective": "performance.alike_effective",
    "alike_external": "performance.alike_external",
    "alike_sharing_rate": "performance.alike_sharing_rate",
    "income": "performance.income",
    "external_income": "performance.external_income",
}


def _shown(kind: str, value: object) -> str | None:
    if value is None:
        return None
    if kind == "hours" and isinstance(value, int | Decimal):
        return texts.figure(Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP), "hours")
    return texts.figure(value, {"ratio": "ratio", "money": "fen"}.get(kind, ""))


def _nation(one: IndicatorSeen) -> str | None:
    if not one.like:
        return tr("见下，范围不同")
    return None if one.nation is None else _shown(one.kind, one.nation.value)


def _against(one: IndicatorSeen) -> str | None:
    """The institution's figure as a part of the nation's."""
    ours, theirs = one.figure.value, one.nation.value if one.nation is not None else None
    if not isinstance(ours, int | Decimal) or not isinstance(theirs, int | Decimal) or not theirs:
        return None
    return texts.figure(Decimal(ours) / Decimal(theirs), "ratio")


def _group_row(one: GroupSeen) -> tuple[object, ...]:
    measured = one.measured
    kind = tr("部门") if one.kind == "department" else tr("创新平台")
    return (
        kind, one.name or tr("未填部门"), one.n_sets, measured.use.effective_minutes, measured.use.external_minutes, measured.sharing_rate.value,
        measured.utilisation.value, measured.use.income_fen, measured.n_users,
        benefit.shown(one.score.range), one.score.n_passed,
    )  # fmt: skip
