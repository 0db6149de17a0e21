"""期间对比: what was paid in two periods, by person, department and row of the schemes, with the reasons of each difference."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from PySide6.QtWidgets import QComboBox, QStackedWidget, QVBoxLayout, QWidget

from desktop.actions import payout_comparison, payout_comparison_words
from desktop.actions.payout_comparison import Compared, Paid
from desktop.actions.progress import Progress
from desktop.ledger import period as periods
from desktop.ledger.period import Period
from desktop.ledger.problem import Problem
from desktop.rules.figure import Figure
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.flow import FlowLayout
from desktop.ui.forms import FindingLabel
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import label
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages.paper_dialog import PaperDialog
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.table import RowAction
from desktop.words import say, tr

PEOPLE, DEPARTMENTS, SOURCES = range(3)
_CENT = Decimal("0.01")
Read = tuple[tuple[str, ...], Paid | None, Problem | None]


class CompareTab(QWidget):
    """The two newest months with a payout at first; any two periods that have one may be chosen."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.paid: Paid | None = None
        self._showing = False
        self.before, self.after, self.dated, self.by = (
            self._chooser(words) for words in (tr("前一期间"), tr("后一期间"), tr("归期"), tr("列出"))
        )  # fmt: skip
        self.before.setPlaceholderText(tr("请选择期间"))
        for one in payout_comparison.DATED:
            self.dated.addItem(say(f"payout_comparison.dated_by.{one}"), one)
        for place, words in enumerate((tr("按人"), tr("按部门"), tr("按方案各项"))):
            self.by.addItem(words, place)
        self.turn_button = tab_button(tr("对调"), "sort", self.turn)
        self.why_button = tab_button(tr("为什么？"), "why", self.why)
        self.print_button = tab_button(tr("打印对比表…"), "print", self.print_it)
        self.line = label(role="strong")
        self.told = [FindingLabel() for _ in range(6)]
        self.people = self._table("people", _people(), tr("逐人对比"), [RowAction(tr("为什么？"), self._why_person, "why", "one", "Ctrl+E")])
        self.departments = self._table(
            "departments", _departments(), tr("按部门对比"), [RowAction(tr("为什么？"), self._why_department, "why", "one", "Ctrl+E")]
        )
        self.sources = self._table("sources", _sources(), tr("按方案各项对比"))
        self.people.opened.connect(lambda key: self._why_person([key]))
        self.departments.opened.connect(lambda key: self._why_department([key]))
        self.people.selected.connect(self._selected)
        self.departments.selected.connect(self._selected)
        self.lists = QStackedWidget()
        for table in (self.people, self.departments, self.sources):
            self.lists.addWidget(table)
        self.detail = label(tone="muted")
        self._arrange()
        for chooser in (self.before, self.after, self.dated):
            chooser.currentIndexChanged.connect(lambda place: self.refresh())
        self.by.currentIndexChanged.connect(self._list_by)
        self._allow()

    def _chooser(self, words: str) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(words)
        made.setToolTip(texts.tip(words))
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        made.setMinimumWidth(theme.px(112))
        return made

    def _table(self, name: str, columns: list[Column], title: str, actions: list[RowAction] | None = None) -> HeldTable:
        empty = Empty(
            tr("还不能比较"), tr("两个期间都有已审批的分配后，这里逐人列出差额，并拆成分配池、工作量、系数、他人权重和冲销。"), "payout"
        )
        return HeldTable(columns, name=f"payout.compare.{name}", preferences=self.desk.preferences, empty=empty, title=title, actions=actions or ())

    def _arrange(self) -> None:
        bar = QWidget()
        row = FlowLayout(bar)
        for widget in (self.before, label("→"), self.after, self.turn_button, self.dated, self.by, self.why_button, self.print_button):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.addWidget(bar)
        column.addWidget(self.line)
        for one in self.told:
            column.addWidget(one)
        column.addWidget(self.lists, 1)
        column.addWidget(self.detail)

    # Reading

    def chosen(self) -> tuple[str, str, str]:
        """The two periods and how runs are counted; "" where nothing is chosen yet."""
        return self.before.currentData() or "", self.after.currentData() or "", str(self.dated.currentData())

    def refresh(self) -> None:
        """Read what can be compared, and compare what is chosen."""
        if self._showing:
            return
        workspace, (before, after, dated) = self.desk.workspace, self.chosen()

        def work(progress: Progress) -> Read:
            names = payout_comparison.offered(workspace, dated)
            first, second = _newest(names) if not {before, after} <= set(names) or not before else (before, after)
            if not first:
                return names, None, None
            try:
                return names, payout_comparison.compare(workspace, first, second, dated), None
            except Problem as problem:  # two periods that cannot be set side by side: said where they are chosen
                return names, None, problem

        self.desk.jobs.read(work, self._show, owner=self, key="compare")

    def _show(self, read: Read) -> None:
        names, self.paid, problem = read
        self._offer(names)
        found = self.paid.found if self.paid else None
        self.people.hold(_person_row(one) for one in (found.people if found else ()))
        self.departments.hold((place, one.name or tr("未填"), *_amounts(one)) for place, one in enumerate(found.departments if found else ()))
        self.sources.hold(
            (place, one.scheme, payout_comparison_words.source(one), one.before_fen, one.after_fen, one.more_fen)
            for place, one in enumerate(found.sources if found else ())
        )
        self.line.setText("" if self.paid is None else _line(self.paid))
        self.line.setVisible(self.paid is not None)
        spoken = [texts.finding(one) for one in (self.paid.findings if self.paid else ())]
        if problem is not None:
            spoken.append(texts.Spoken(texts.problem(problem), "warning"))
        for place, one in enumerate(self.told):
            one.show_spoken(spoken[place] if place < len(spoken) else None)
        self._selected([])
        self._allow()

    def _offer(self, names: tuple[str, ...]) -> None:
        """The periods there are, the compared ones chosen."""
        before, after, _ = self.chosen()
        if self.paid is not None:
            before, after = self.paid.before.name, self.paid.after.name
        self._showing = True
        for chooser, name in ((self.before, before), (self.after, after)):
            chooser.clear()
            for one in names:
                chooser.addItem(_period_words(periods.parse(one)), one)
            chooser.setCurrentIndex(chooser.findData(name))
        # Of one period alone there is nothing earlier to set beside it: the latest is named, and the other is left open.
        if self.after.currentIndex() < 0:
            self.after.setCurrentIndex(0)
        self._showing = False

    def _list_by(self, place: int) -> None:
        self.lists.setCurrentIndex(place)
        self._selected([])

    def _selected(self, keys: list[Key]) -> None:
        """The reasons of the selected row, of all together when none is selected."""
        one = self._row(keys)
        self.detail.setVisible(one is not None)
        if one is not None:
            who = one.name if one.staff_number else say("payout.pool") if not keys else one.name or tr("未填")
            self.detail.setText(tr("{who}的差额：{reasons}", who=texts.visible(who), reasons=payout_comparison_words.reasons(one)))

    def _row(self, keys: list[Key]) -> Compared | None:
        if self.paid is None:
            return None
        if len(keys) != 1:
            return self.paid.found.whole
        if self.lists.currentIndex() == DEPARTMENTS:
            return self.paid.found.departments[int(keys[0])]
        return next((one for one in self.paid.found.people if one.staff_number == keys[0]), None)

    def _allow(self) -> None:
        for button in (self.why_button, self.print_button):
            button.setEnabled(self.paid is not None)
        self.turn_button.setEnabled(self.before.count() > 1)

    # What can be done

    def turn(self) -> None:
        """The other way round: every difference gets the other sign."""
        before, after, _ = self.chosen()
        self._showing = True
        self.before.setCurrentIndex(self.before.findData(after))
        self.after.setCurrentIndex(self.after.findData(before))
        self._showing = False
        self.refresh()

    def why(self) -> None:
        """The tree of the whole difference."""
        self._explain(payout_comparison.figure)

    def _why_person(self, keys: list[Key]) -> None:
        self._explain(lambda paid: payout_comparison.figure(paid, str(keys[0])))

    def _why_department(self, keys: list[Key]) -> None:
        self._explain(lambda paid: payout_comparison.department_figure(paid, paid.found.departments[int(keys[0])].name))

    def _explain(self, figure: Callable[[Paid], Figure]) -> None:
        if self.paid is not None:
            self.desk.explain(figure(self.paid))

    def print_it(self) -> None:
        """The paper of the comparison, to look at, print or save."""
        from desktop.actions import reporting

        if self.paid is None:
            return
        workspace, paid = self.desk.workspace, self.paid
        asked = (paid.before.name, paid.after.name, paid.dated)
        PaperDialog(
            self, self.desk, tr("两期分配对比表"), f"{paid.before.name}-{paid.after.name}",
            lambda progress: reporting.draw_comparison(workspace, *asked, progress=progress),
            lambda path, progress: reporting.make_comparison(workspace, *asked, out=path, progress=progress),
        ).open()  # fmt: skip


def _newest(names: tuple[str, ...]) -> tuple[str, str]:
    """The two newest months, else quarters, else years that have a payout; empty when there are none."""
    for shape in ("-", "Q", ""):
        found = [name for name in names if (shape in name if shape else name.isdecimal())]
        if len(found) > 1:
            return found[1], found[0]
    return "", ""


def _period_words(period: Period) -> str:
    if "Q" in period.name:
        return tr("{year} 年第 {quarter} 季度", year=period.start.year, quarter=period.name[-1])
    return tr("{year} 年 {month} 月", year=period.start.year, month=period.start.month) if "-" in period.name else tr("{year} 年", year=period.name)


def _line(paid: Paid) -> str:
    whole = paid.found.whole
    return tr(
        "{before} 应发 {a}，{after} 应发 {b}，相差 {d}",
        before=_period_words(paid.before), after=_period_words(paid.after), a=texts.money(whole.before_fen), b=texts.money(whole.after_fen),
        d=texts.money(whole.more_fen),
    )  # fmt: skip


def _person_row(one: Compared) -> tuple[object, ...]:
    standing = say(f"payout_comparison.standing.{one.standing}")
    return (one.staff_number, one.staff_number, one.name, standing, *_amounts(one), one.department)


def _amounts(one: Compared) -> tuple[object, ...]:
    before, after = one.before, one.after
    return (
        one.before_fen, one.after_fen, one.more_fen, one.growth, payout_comparison_words.reasons(one), before.minutes if before else None,
        after.minutes if after else None, payout_comparison_words.share(before), payout_comparison_words.share(after),
    )  # fmt: skip


class _Percent(Column):
    """A part in per cent with two decimals like the amounts beside it; copied, it stands as it is."""

    def spoken(self, value: object) -> texts.Spoken:
        """See Column."""
        if not isinstance(value, Decimal):
            return super().spoken(value)
        return texts.Spoken(f"{(value * 100).quantize(_CENT, rounding=ROUND_HALF_UP):,}%")


def _amount_columns() -> list[Column]:
    return [
        Column("before_fen", tr("前一期间"), "money", 120, blank="—"),
        Column("after_fen", tr("后一期间"), "money", 120, blank="—"),
        Column("more_fen", tr("差额"), "money", 120),
        _Percent("growth", tr("增减比例"), "ratio", 88, blank="—"),
        Column("reasons", tr("原因（元）"), width=360, sortable=False),
        Column("before_minutes", tr("前期机时"), "minutes", 96, blank="—"),
        Column("after_minutes", tr("后期机时"), "minutes", 96, blank="—"),
        _Percent("before_share", tr("前期份额"), "ratio", 88, blank="—"),
        _Percent("after_share", tr("后期份额"), "ratio", 88, blank="—"),
    ]


def _people() -> list[Column]:
    return [
        Column("staff_number", tr("工号"), "code", 64), Column("name", tr("姓名"), width=88), Column("standing", tr("情况"), width=80),
        *_amount_columns(), Column("department", tr("部门"), width=112, blank="—"),
    ]  # fmt: skip


def _departments() -> list[Column]:
    return [Column("department", tr("部门"), width=160), *_amount_columns()]


def _sources() -> list[Column]:
    return [
        Column("scheme", tr("方案名称"), width=200), Column("name", tr("项目"), width=200), Column("before_fen", tr("前一期间"), "money", 144, blank="—"),
        Column("after_fen", tr("后一期间"), "money", 144, blank="—"), Column("more_fen", tr("差额"), "money", 144),
    ]  # fmt: skip
