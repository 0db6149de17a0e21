"""总览: the first glance for the chosen period. Each card opens the filtered list behind it; each number answers "为什么?"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.rules.figure import Figure
from desktop.ui import pending_words, texts, theme
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.held_rows import HeldTable
from desktop.ui.page import Page
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages.days_left import DaysLeftColumn
from desktop.ui.pages.overview_cards import Card, CardGrid, Line
from desktop.ui.pages.overview_chart import MonthChart
from desktop.ui.pages.overview_start import StartCard
from desktop.ui.texts import Tone
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.overview import Overview
    from desktop.actions.progress import Progress
    from desktop.actions.sync_status import Status
    from desktop.ledger.notice import Notice


class OverviewPage(Page):
    """See the module's head."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {
            "instrument", "fee_line", "technician", "customer", "person", "scheme",
            "service_record", "record_problem", "posting", "receipt", "payout_run", "cost_row", "month_event", "parameter",
            "calendar_day", "sync",
        }
    )  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("总览"))
        explain = desk.explain
        self.start = StartCard(desk)
        self.duties = Card(tr("入网期限"), "deadline", explain, lambda: desk.go("compliance"))
        self.problems = Card(tr("服务记录"), "record", explain, lambda: desk.go("records", problem="1"))
        self.money = Card(tr("待分配"), "payout", explain, lambda: desk.go("payouts", tab="runs"))
        self.sending = Card(tr("报送"), "send", explain, lambda: desk.go("sync"))
        self.hours = MonthChart(desk, tr("对外服务机时"), "hours", "minutes")
        self.income = MonthChart(desk, tr("对外服务收入"), "income", "fen")
        self.due = self._due_table()
        self.codes = self._problem_table()
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, theme.UNIT // 2, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.start)
        column.addWidget(CardGrid([self.duties, self.problems, self.money, self.sending], 4))
        column.addWidget(CardGrid([self.hours, self.income], 2), 3)
        column.addWidget(CardGrid([_framed(tr("最近的期限"), self.due), _framed(tr("记录里的问题"), self.codes)], 2), 2)
        inner = QWidget()
        inner.setLayout(column)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        self.body.addWidget(area)

    def _due_table(self) -> HeldTable:
        columns = (
            Column("asset_number", tr("资产编号"), "code", 112),
            Column("name", tr("仪器"), width=136),
            Column("deadline", tr("截止日期"), "date", 96),
            DaysLeftColumn("left", tr("剩余工作日"), "state", 136, sortable=False),
        )
        empty = Empty(tr("没有待办的期限"), tr("验收后须入网的仪器会按剩余工作日列在这里。"), "deadline")
        table = HeldTable(columns, name="overview.due", preferences=self.desk.preferences, empty=empty, title=tr("最近的期限"))
        table.opened.connect(self._open_instrument)
        return table

    def _problem_table(self) -> HeldTable:
        columns = (
            Column("severity", tr("程度"), "state", 96, said_under="severity"),
            Column("problem", tr("问题"), width=280),
            Column("n", tr("记录数"), "number", 80),
        )
        empty = Empty(tr("没有发现问题"), tr("导入或录入服务记录后，缺合同、缺操作人员、时间重叠等问题会列在这里。"), "done")
        table = HeldTable(
            columns, name="overview.problems", preferences=self.desk.preferences, empty=empty, title=tr("记录里的问题")
        )
        table.opened.connect(lambda code: self.desk.go("records", problem_code=str(code)))
        return table

    def _open_instrument(self, key: Key) -> None:
        self.desk.go("instruments", key=str(key), text=str(key))

    # Reading

    def refresh(self) -> None:
        """Read the overview of the period."""
        workspace, period, today = self.desk.workspace, self.desk.period, self.desk.today()

        def read(_: Progress) -> Overview:
            from desktop.actions import overview  # on the lane: the first page shown waits for no import

            return overview.read(workspace, period, today)

        self.desk.jobs.read(read, self.show_overview, owner=self, key="overview")

    def show_overview(self, found: Overview) -> None:
        """Draw it."""
        self.head.line.setText(tr("{period}，截至 {day}", period=texts.period(found.period.name), day=texts.day(found.on)))
        self.start.show_begun(found.begun)
        self._show_duties(found)
        self._show_problems(found)
        self._show_money(found)
        self._show_sending(found)
        mean, published = found.benchmark.mean, found.benchmark.published
        benchmark = [
            Line(tr("达到限额的仪器平均每台"), texts.figure(mean.value, "hours"), _against(mean, published), figure=mean),
            Line(tr("全国平均（按已过月数折算）"), texts.figure(published.value, "hours"), figure=published),
        ]
        self.hours.show_series(found.hours, benchmark)
        growth = found.income.growth
        lines = [
            Line(tr("与上年同期相比"), _signed(growth), "plain" if growth.value is not None else "muted", figure=growth),
            Line(
                tr("还没有记账的记录"),
                tr("{n} 条", n=f"{found.problems.n_drafts:,}"),
                go=lambda: self.desk.go("records", state="draft"),
            ),
        ]
        self.income.show_series(found.income, lines)

    def _show_duties(self, found: Overview) -> None:
        due = found.deadlines
        n_overdue = int(str(due.overdue.value))

        def line(words_: str, figure: Figure, tone: Tone, state: str) -> Line:
            number = int(str(figure.value))
            said = tr("{n} 台", n=f"{number:,}")
            return Line(words_, said, tone if number else "muted", lambda: self.desk.go("compliance", state=state), figure)

        large = tr("{n} 台逾期", n=f"{n_overdue:,}") if n_overdue else tr("没有逾期")
        self.duties.show_card(
            large,
            "error" if n_overdue else "done",
            [
                line(tr("逾期未入网"), due.overdue, "error", "overdue"),
                line(tr("10 个工作日内到期"), due.soon, "warning", "to_join"),
                line(tr("期限内待入网"), due.to_join, "warning", "to_join"),
                line(tr("涉密待报备"), due.to_file, "warning", "to_file"),
                line(tr("信息不全"), due.unknown, "warning", "unknown"),
            ],
        )
        self.due.hold(
            (one.asset_number, one.asset_number, one.name, one.deadline, one.days_left)
            for one in due.nearest
        )

    def _show_problems(self, found: Overview) -> None:
        problems = found.problems
        n_errors = int(str(problems.by_severity["error"].value))

        def line(words_: str, severity: str, tone: Tone) -> Line:
            figure = problems.by_severity[severity]
            number = int(str(figure.value))
            return Line(
                words_, tr("{n} 条", n=f"{number:,}"), tone if number else "muted", lambda: self._open_figure(figure), figure
            )

        large = tr("{n} 条有问题", n=f"{n_errors:,}") if n_errors else tr("没有问题")
        self.problems.show_card(
            large,
            "error" if n_errors else "done",
            [
                line(tr("不能记账"), "error", "error"),
                line(tr("需要留意"), "warning", "warning"),
                line(tr("有说明"), "note", "note"),
                Line(tr("草稿"), tr("{n} 条", n=f"{problems.n_drafts:,}"), go=lambda: self.desk.go("records", state="draft")),
                Line(tr("已记账"), tr("{n} 条", n=f"{problems.n_posted:,}"), go=lambda: self.desk.go("records", state="posted")),
            ],
        )
        self.codes.hold((code, severity, texts.problem_kind(code), n) for severity, code, n in problems.by_code)

    def _open_figure(self, figure: Figure) -> None:
        if figure.rows is not None:
            self.desk.open_rows(figure.rows)

    def _show_money(self, found: Overview) -> None:
        balance = found.balance
        open_months = sum(not month.closed for month in found.months)
        self.money.show_card(
            texts.money(balance.payable.fen),
            "plain",
            [
                Line(tr("待分配"), tr("{n} 笔", n=f"{balance.payable.n:,}"), figure=found.unsettled),
                *self._apart(found),
                Line(tr("未扣除的成本"), texts.money(balance.cost_fen), go=lambda: self.desk.go("payouts", tab="costs")),
                Line(tr("未结账的月份"), tr("{n} 个", n=open_months), go=lambda: self.desk.go("payouts", tab="months")),
                Line(tr("已结账的月份"), tr("{n} 个", n=len(found.months) - open_months), go=lambda: self.desk.go("payouts", tab="months")),
            ],
        )  # fmt: skip

    def _apart(self, found: Overview) -> Iterator[Line]:
        """What waits and is not in the sum: each with the reason and the rows behind it."""
        balance = found.balance
        figures = {part.code.rpartition(".")[2]: part for part in found.unsettled.inputs}
        for code, title, lot in (
            ("without_operator", tr("另有没有操作人员"), balance.no_operator),
            ("left_out", tr("另有方案不计入的校内服务"), balance.left_out),
            ("not_received", tr("另有尚未到账"), balance.not_received),
        ):
            if lot.n:
                tone: Tone = "warning" if code == "without_operator" else "muted"
                yield Line(title, tr("{n} 笔", n=f"{lot.n:,}"), tone, figure=figures[code])

    def _show_sending(self, found: Overview) -> None:
        sending = found.sending
        known = {remote: one for remote, one in (("network", sending.status), ("hub", sending.hub)) if one.enrolled}
        waiting = sending.n_pending, sending.n_pending_hub
        n_parked, n_conflicts = sum(one.n_parked for one in known.values()), sum(one.n_conflicts for one in known.values())

        def to_sync(tab: str, remote: str = "") -> Callable[[], object]:
            return lambda: self.desk.go("sync", tab=tab, remote=remote)

        def first(count: Callable[[Status], int]) -> str:
            return next((remote for remote, one in known.items() if count(one)), "")

        self.sending.show_card(
            *pending_words.in_short(*waiting),
            [
                *(
                    Line(pending_words.named(remote), said, tone, to_sync("pending", remote))
                    for remote, said, tone in (pending_words.each(*waiting) if sending.hub.enrolled else ())
                ),
                Line(
                    tr("没有被接受"),
                    tr("{n} 项", n=n_parked),
                    "warning" if n_parked else "muted",
                    to_sync("parked", first(lambda one: one.n_parked)),
                ),
                Line(
                    tr("冲突待解决"),
                    tr("{n} 项", n=n_conflicts),
                    "error" if n_conflicts else "muted",
                    to_sync("conflicts", first(lambda one: one.n_conflicts)),
                ),
                *([_notices_line(sending.notices, found.on, to_sync("notices"))] if sending.notices else []),
                Line(tr("涉密或未注明，不离开本机"), tr("{n} 项", n=f"{sending.n_withheld:,}")),
                Line(tr("上次同步"), _moment(max((one.last_at for one in known.values()), default=""))),
            ],
        )


def _notices_line(unread: Sequence[Notice], on: date, go: Callable[[], object]) -> Line:
    due = unread[0].due_on
    said = tr("{n} 条", n=len(unread)) if due is None else tr("{n} 条，{day} 前答复", n=len(unread), day=due)
    return Line(tr("未读通知"), said, "error" if due is not None and due < on else "warning", go)


def _framed(title: str, table: HeldTable) -> QWidget:
    """A short list with its heading; it says all it has, so neither counts nor offers columns."""
    table.count.hide()
    table.chooser.hide()
    table.setMinimumHeight(theme.row_height() * 4)
    frame = QFrame()
    frame.setObjectName("card")
    label = QLabel(title)
    label.setProperty("role", "strong")
    column = QVBoxLayout(frame)
    column.setContentsMargins(2 * theme.UNIT, theme.UNIT, theme.UNIT, theme.UNIT)
    column.setSpacing(0)
    column.addWidget(label)
    column.addWidget(table, 1)
    return frame


def _against(mean: Figure, published: Figure) -> Tone:
    if mean.value is None or published.value is None:
        return "muted"
    return "done" if Decimal(str(mean.value)) >= Decimal(str(published.value)) else "warning"


def _signed(growth: Figure) -> str:
    if growth.value is None:
        return texts.unknown()
    said = texts.figure(growth.value, "ratio")
    return said if said.startswith("-") else f"+{said}"


def _moment(at: str) -> str:
    return texts.moment(datetime.fromisoformat(at)) if at else tr("还没有")


