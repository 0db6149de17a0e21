"""分配: runs from income to each person's sum, with the costs, schemes and months they rest on, and what the technicians hold and were trained in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from PySide6.QtWidgets import QStackedWidget, QTabWidget, QWidget

from desktop.actions import payout_releases, payout_views, payouts
from desktop.actions.payout_releases import AwayRun
from desktop.actions.payout_views import Comparison, OpenBalance
from desktop.actions.payouts import Run
from desktop.rules.figure import Figure, Rows
from desktop.ui import theme
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty, EmptyView
from desktop.ui.page import Page, split
from desktop.ui.pages.payout_away import AwayRuns
from desktop.ui.pages.payout_compare import CompareTab
from desktop.ui.pages.payout_costs import CostsTab
from desktop.ui.pages.payout_list import PayoutList
from desktop.ui.pages.payout_months import MonthsTab
from desktop.ui.pages.payout_run import RunView
from desktop.ui.pages.payout_schemes import SchemesTab
from desktop.ui.pages.payout_staff import StaffTab
from desktop.ui.pages.payout_trainings import TrainingsTab
from desktop.words import say, tr

RUNS, COSTS, SCHEMES, MONTHS, COMPARED, STAFF, TRAININGS = range(7)
Overview = tuple[list[Run], OpenBalance, list[AwayRun]]
Shown = tuple[Run, Figure, Comparison | None]


class PayoutsPage(Page):
    """Seven tabs; the first is the work."""

    kinds = frozenset(
        {
            "payout_run",
            "payout_mark",
            "payout_line",
            "payout_share",
            "payout_cost",
            "cost_row",
            "scheme",
            "month_event",
            "posting",
            "receipt",
            "technician",
            "staff_fact",
            "training",
            "training_attendance",
            "attachment",
            "parameter",
        }
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, say("page.payouts"))
        self.head.line.setText(tr("收入扣除成本，按方案分到每个人，精确到分"))
        self.prepare_button = self.head.button(tr("编制分配…"), "payout", self.prepare, primary=True, shortcut="Ctrl+N")
        self._wanted = ""
        self.list = PayoutList(
            Empty(
                tr("还没有分配"),
                tr("一次分配结清到某日为止所有未结算的收入：先申报成本、选定方案，编制后由另一人审批。"),
                "payout", ((tr("编制分配"), self.prepare),),
            )
        )  # fmt: skip
        self.list.chosen.connect(self._chosen)
        self.away = AwayRuns(desk, self.refresh)
        self.list.column.insertWidget(1, self.away)
        self.view = RunView(desk)
        self.view.stepped.connect(self.stepped)
        self.nothing = EmptyView(
            Empty(
                tr("从收入到每个人"),
                tr("编制一次分配后，这里画出收入、成本、各方份额和每个人的应发金额，每个数字都能问为什么。"),
                "chart",
            )
        )
        self.main = QStackedWidget()
        self.main.addWidget(self.nothing)
        self.main.addWidget(self.view)
        self.costs = CostsTab(desk)
        self.schemes = SchemesTab(desk)
        self.months = MonthsTab(desk)
        self.compared = CompareTab(desk)
        self.staff = StaffTab(desk)
        self.trainings = TrainingsTab(desk)
        self.tabs = QTabWidget()
        runs = split("payouts", desk.preferences, self.list, self.main, share=0.27)
        self.list.setMinimumWidth(theme.px(192))
        runs.setContentsMargins(0, 8, 0, 0)
        added: tuple[tuple[str, QWidget], ...] = (
            (tr("各次分配"), runs), (tr("成本申报"), self.costs), (tr("方案与版本"), self.schemes), (tr("月结"), self.months),
            (tr("期间对比"), self.compared), (tr("技术人员"), self.staff), (tr("培训"), self.trainings),
        )  # fmt: skip
        for words, widget in added:
            self.tabs.addTab(widget, words)
        self.tabs.currentChanged.connect(lambda place: self._read_tab(place))
        self.body.addWidget(self.tabs)

    # Reading

    def refresh(self) -> None:
        """Read runs and balance, and the tab that is open."""
        workspace, to = self.desk.workspace, self.to()

        def work(progress: object) -> Overview:
            return payouts.every(workspace), payout_views.open_balance(workspace, to), payout_releases.away(workspace)

        self.desk.jobs.read(work, self._show, owner=self, key="runs")
        self._read_tab(self.tabs.currentIndex())

    def to(self) -> date:
        """The day runs are offered up to: the end of the period all pages follow, but not later than today."""
        return min(self.desk.period.end - timedelta(days=1), self.desk.today())

    def _read_tab(self, place: int) -> None:
        again: dict[int, Callable[[], None]] = {
            COSTS: self.costs.refresh, SCHEMES: self.schemes.refresh, MONTHS: self.months.refresh, COMPARED: self.compared.refresh,
            STAFF: self.staff.refresh, TRAININGS: self.trainings.refresh,
        }  # fmt: skip
        if place in again:
            again[place]()

    def _show(self, found: Overview) -> None:
        runs, balance, away = found
        self.away.show_runs(away)
        self.list.card.show_balance(balance)
        period = self.desk.period
        self.list.show_runs(runs, (period.start, period.end))
        if self._wanted and self.list.choose(self._wanted):
            self._wanted = ""
        if not runs:
            self.main.setCurrentWidget(self.nothing)

    def _chosen(self, run: Run | None) -> None:
        if run is None:
            self.main.setCurrentWidget(self.nothing)
            return
        workspace = self.desk.workspace

        def work(progress: object) -> Shown:
            whole = payouts.show(workspace, run.number)
            return whole, payouts.explain(workspace, run.number), payout_views.compare(workspace, whole)

        self.desk.jobs.read(work, self._show_run, owner=self, key="run")

    def _show_run(self, shown: Shown) -> None:
        self.view.show_run(*shown)
        self.main.setCurrentWidget(self.view)

    # Doing

    def prepare(self) -> None:
        """Open the preview of a new run."""
        from desktop.ui.dialogs.prepare_dialog import open_prepare

        open_prepare(
            self, self.desk, self.to(), prepared=self.prepared, declare=lambda: self._at(COSTS, self.costs.add),
            adopt=lambda: self._at(SCHEMES, self.schemes.adopt),
        )  # fmt: skip

    def prepared(self, run: Run) -> None:
        """A run was written: show it."""
        self.stepped(run)
        self.desk.tell("done", tr("{run} 已编制，等待另一人审批。", run=run.number))

    def stepped(self, run: Run) -> None:
        """A step made or changed this run: show it."""
        self.tabs.setCurrentIndex(RUNS)
        if not self.list.choose(run.number):
            self._wanted = run.number

    def _at(self, tab: int, act: Callable[[], object]) -> None:
        self.desk.go("payouts")
        self.tabs.setCurrentIndex(tab)
        act()

    # Being sent here

    def arrive(self, where: Mapping[str, str]) -> None:
        """``tab``: costs, schemes, months, compare, staff, trainings or its place; ``key``: a run's number; ``staff``: a staff number."""
        names = {
            "runs": RUNS, "costs": COSTS, "schemes": SCHEMES, "months": MONTHS, "compare": COMPARED, "staff": STAFF, "trainings": TRAININGS,
        }  # fmt: skip
        tab = where.get("tab", "")
        place = names.get(tab, int(tab) if tab.isdecimal() else RUNS)
        self.tabs.setCurrentIndex(place)
        if where.get("staff"):
            self.tabs.setCurrentIndex(STAFF)
            self.staff.show_number(where["staff"])
        number = where.get("key", "")
        if number and not self.list.choose(number):
            self._wanted = number

    def arrive_rows(self, rows: Rows) -> None:
        """Rows behind a figure: a run, a declared cost, a scheme."""
        if not rows.keys:
            return
        if rows.kind == "cost_row":
            self.tabs.setCurrentIndex(COSTS)
            self.costs.show_keys(rows.keys)
        elif rows.kind == "scheme":
            self.tabs.setCurrentIndex(SCHEMES)
            self.schemes.show_key(rows.keys[0])
        else:
            self.tabs.setCurrentIndex(RUNS)
            self._show_rows_of_runs(rows)

    def _show_rows_of_runs(self, rows: Rows) -> None:
        workspace = self.desk.workspace

        def found(number: str | None) -> None:
            if number is not None and not self.list.choose(number):
                self._wanted = number

        self.desk.jobs.read(
            lambda progress: payout_views.run_of(workspace, rows.kind, rows.keys[0]), found, owner=self, key="rows"
        )
