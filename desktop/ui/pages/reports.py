"""报表: the reports as they would be printed now, to look at, print, save as PDF or XLSX; and what was printed before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QTabWidget, QVBoxLayout, QWidget

from desktop.actions import payouts, reporting
from desktop.actions.payouts import Run
from desktop.actions.progress import Progress
from desktop.actions.reporting import Drawn
from desktop.ledger.changes import Changes
from desktop.ledger.problem import Cancelled, Problem
from desktop.rules.figure import Rows
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.page import Page, split
from desktop.ui.pages.reports_gallery import THUMB_DPI, Gallery, titles
from desktop.ui.pages.reports_history import HistoryTab
from desktop.ui.pages.reports_output import ReportOutput
from desktop.ui.pages.reports_preview import Preview
from desktop.ui.pdf_pages import PdfPages
from desktop.words import tr

Thumb = tuple[Drawn, QImage]
OF_CALENDAR_YEARS = ("transactions", "award")
OF_YEARS = ("performance", "benefit", "balance", "transfers", "university")  # of a calendar or academic year, chosen beside the title


class ReportsPage(Page):
    """Gallery at the left, the chosen report at the right; the period is the window's."""

    kinds = frozenset(
        {
            "printed_report", "instrument", "fee_schedule", "fee_line", "service_record", "posting", "receipt", "customer", "payout_run",
            "payout_share", "payout_line", "cost_row", "technician", "institution", "evaluation_fact", "user_rating",
            "university_set", "university_count", "cers_set", "national_audit", "national_removal", "national_message",
        }
    )  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("报表"))
        self.head.line.setText(tr("先看后印：预览的就是要打印的那一份"))
        self.drawn: dict[str, Drawn] = {}
        self._run = ""  # chosen by hand, in this period
        self._run_period = ""
        self.gallery = Gallery()
        self.gallery.setMinimumWidth(theme.px(264))
        self.gallery.chosen.connect(self.show_kind)
        self.preview = Preview(desk)
        self.output = ReportOutput(desk, self)
        self.preview.stop.clicked.connect(self.stop)
        self.preview.print_button.clicked.connect(self.print_it)
        self.preview.pdf_button.clicked.connect(lambda: self.save("pdf"))
        self.preview.xlsx_button.clicked.connect(lambda: self.save("xlsx"))
        self.runs = QComboBox()
        self.runs.setAccessibleName(tr("哪一次分配"))
        self.runs.setPlaceholderText(tr("选择一次分配"))
        self.runs.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.runs.setMinimumWidth(theme.px(200))
        self.runs.currentIndexChanged.connect(self._run_chosen)
        self.years = QComboBox()
        self.years.setAccessibleName(tr("自然年或学年"))
        self.years.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.years.setMinimumWidth(theme.px(160))
        self.years.currentIndexChanged.connect(self._year_chosen)
        self.what = QLabel()
        self.what.setProperty("role", "section")
        self.what.setTextFormat(Qt.TextFormat.PlainText)
        self.period = QLabel()
        self.period.setProperty("tone", "muted")
        self.period.setTextFormat(Qt.TextFormat.PlainText)
        self.evidence = QPushButton(tr("佐证材料…"))
        self.evidence.setToolTip(tr("把这一年的合同、发票等附件汇成一个压缩包"))
        theme.dress(self.evidence, "attach")
        self.evidence.clicked.connect(self.collect)
        self.history = HistoryTab(desk)
        self.history.again.connect(self._again)
        self.tabs = QTabWidget()
        self._arrange()

    def _arrange(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        head = QHBoxLayout()
        head.setSpacing(theme.UNIT)
        self.what.setMinimumHeight(theme.px(34))
        for widget in (self.what, self.period, self.runs, self.years):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self.evidence)
        column.addLayout(head)
        column.addWidget(self.preview, 1)
        both = split("reports", self.desk.preferences, self.gallery, right, share=0.28)
        both.setContentsMargins(0, theme.UNIT, 0, 0)
        self.tabs.addTab(both, tr("预览"))
        self.tabs.addTab(self.history, tr("打印历史"))
        self.body.addWidget(self.tabs)

    # Reading

    def refresh(self) -> None:
        """Draw everything anew: the chosen report first, then the others' first pages."""
        self.drawn.clear()
        self.history.refresh()
        workspace, period = self.desk.workspace, self.desk.period
        self._offer_years()

        def found(every: Sequence[Run]) -> None:
            self._offer_runs(
                [run for run in every if run.state != "withdrawn"], {run.number for run in every if run.to_on in period}
            )
            self.show_kind(self.gallery.kind())
            self._draw_rest()

        self.desk.jobs.read(lambda progress: payouts.every(workspace), found, owner=self, key="runs")

    def changed(self, changes: Changes) -> None:
        """A print only adds to the history; anything else is drawn anew."""
        if changes.kinds <= {"printed_report"}:
            self.history.refresh()
        else:
            self.refresh()

    def _offer_runs(self, runs: Sequence[Run], within: set[str]) -> None:
        """All runs; chosen is the one somebody asked for, else the newest that settles up to a day of the period."""
        known = {run.number for run in runs}
        kept = self._run if self._run in known and (self._run_period == self.desk.period.name or self._run in within) else ""
        first = next((run.number for run in runs if run.number in within and not run.reverses), "")
        self.runs.blockSignals(True)
        self.runs.clear()
        for run in runs:
            state = texts.state(run.state, "payout.state").text
            self.runs.addItem(
                tr("{run} · 截至 {day} · {state}", run=run.number, day=texts.day(run.to_on), state=state), run.number
            )
        self.runs.setCurrentIndex(self.runs.findData(kept or first))
        self.runs.blockSignals(False)

    def _offer_years(self) -> None:
        """The year of the period, and the two academic years that share a part of it."""
        year, kept = self.desk.period.start.year, self.years.currentData()
        offered = [
            (tr("{year} 年", year=year), str(year)),
            *((tr("{year}–{next} 学年", year=first, next=first + 1), f"{first}-{first + 1}") for first in (year - 1, year)),
        ]
        self.years.blockSignals(True)
        self.years.clear()
        for words, name in offered:
            self.years.addItem(words, name)
        self.years.setCurrentIndex(max(0, self.years.findData(kept)))
        self.years.blockSignals(False)

    def asked(self, kind: str) -> tuple[str, str | None]:
        """The period and run a kind is drawn for: a year's statement of a quarter's year, the sheet of the chosen run."""
        period = self.desk.period
        if kind in OF_YEARS:
            return str(self.years.currentData() or period.start.year), None
        name = str(period.start.year) if kind in OF_CALENDAR_YEARS else period.name
        run = self.runs.currentData() if kind == "payout" else None
        return name, run if isinstance(run, str) else None

    def show_kind(self, kind: str) -> None:
        """Show a report; what was drawn for this period already is shown at once."""
        name = titles()[kind][0]
        period, run = self.asked(kind)
        self.what.setText(name)
        self.runs.setVisible(kind == "payout" and self.runs.count() > 0)
        self.years.setVisible(kind in OF_YEARS)
        self.evidence.setVisible(kind == "award")
        of_year = kind in OF_CALENDAR_YEARS and period != self.desk.period.name
        self.period.setText(tr("按 {year} 全年", year=period) if of_year else "" if run else period)
        if kind in self.drawn:
            self._show(kind, self.drawn[kind])
            return
        self.preview.wait(tr("正在生成{name}…", name=name))
        workspace = self.desk.workspace

        def work(progress: Progress) -> Drawn:
            return reporting.draw(workspace, kind, period, run, progress)

        self.desk.jobs.read(
            work,
            lambda drawn: self._took(kind, drawn),
            failed=lambda problem: self._failed(kind, problem),
            title=tr("生成{name}", name=name),
            owner=self,
            key="preview",
        )

    def _took(self, kind: str, drawn: Drawn) -> None:
        self.drawn[kind] = drawn
        pages = self._show(kind, drawn)
        self.gallery.show_image(kind, pages.image(0, THUMB_DPI), drawn.n_pages)

    def _show(self, kind: str, drawn: Drawn) -> PdfPages:
        pages = PdfPages(drawn.data)
        self.preview.show_report(drawn, pages)
        if kind in OF_YEARS:
            self.period.clear()
        elif kind != "payout":
            self.period.setText(drawn.period)
        return pages

    def _failed(self, kind: str, problem: Problem) -> None:
        if isinstance(problem, Cancelled):
            self.preview.say(tr("已停止生成"), tr("没有生成预览，台账没有改动。按 F5 可以再来一次。"), "pause")
            return
        said = _trouble(problem)
        self.gallery.show_trouble(kind, said)
        self.preview.say(tr("现在没有可以预览的内容"), said, "report")

    def _draw_rest(self) -> None:
        wanted = [kind for kind in titles() if kind not in self.drawn and kind != self.gallery.kind()]
        for kind in wanted:
            self.gallery.show_waiting(kind)
        self._next_thumb(wanted)

    def _next_thumb(self, kinds: Sequence[str]) -> None:
        """One after the other, so that a lane is free for the report somebody looks at."""
        if not kinds:
            return
        kind, rest = kinds[0], kinds[1:]
        period, run = self.asked(kind)
        workspace = self.desk.workspace

        def work(progress: Progress) -> Thumb:
            drawn = reporting.draw(workspace, kind, period, run, progress)
            pages = PdfPages(drawn.data)
            image = pages.image(0, THUMB_DPI)
            pages.close()
            return drawn, image

        def took(found: Thumb) -> None:
            drawn, image = found
            self.drawn.setdefault(kind, drawn)
            self.gallery.show_image(kind, image, drawn.n_pages)
            self._next_thumb(rest)

        def failed(problem: Problem) -> None:
            if not isinstance(problem, Cancelled):
                self.gallery.show_trouble(kind, _trouble(problem))
                self._next_thumb(rest)

        self.desk.jobs.read(work, took, failed=failed, title=tr("生成报表的首页"), owner=self, key="thumbs")

    def stop(self) -> None:
        """Stop drawing the report that is waited for."""
        for job in self.desk.jobs.running():
            if job.owner is self and job.key == "preview":
                job.stop()

    def _year_chosen(self) -> None:
        for kind in OF_YEARS:
            self.drawn.pop(kind, None)
        if self.gallery.kind() in OF_YEARS:
            self.show_kind(self.gallery.kind())
        self._draw_rest()

    def _run_chosen(self) -> None:
        self._run, self._run_period = str(self.runs.currentData() or ""), self.desk.period.name
        self.drawn.pop("payout", None)
        if self.gallery.kind() == "payout":
            self.show_kind("payout")

    def _again(self, kind: str) -> None:
        self.tabs.setCurrentIndex(0)
        self.gallery.choose(kind)

    # Putting out

    def save(self, form: str) -> None:
        """Save the chosen report as PDF or workbook."""
        kind = self.gallery.kind()
        self.output.save(kind, form, *self.asked(kind))

    def save_to(self, path: Path) -> None:
        """Write the chosen report to a file; its ending says which form."""
        kind = self.gallery.kind()
        self.output.save_to(path, kind, *self.asked(kind))

    def collect(self) -> None:
        """Save the files behind the award application."""
        self.output.collect(self.asked("award")[0])

    def print_it(self) -> None:
        """Send what is shown to a printer."""
        if self.preview.drawn is not None:
            self.output.print_it(self.preview.drawn)

    def leave(self) -> None:
        """The window goes: let go of the document."""
        super().leave()
        self.preview.paper.show_pages(None)

    # Being sent here

    def arrive(self, where: Mapping[str, str]) -> None:
        """``kind``: a report; ``run``: a payout run; ``tab`` history."""
        self.tabs.setCurrentIndex(1 if where.get("tab") == "history" else 0)
        if where.get("run"):
            self._run, self._run_period = where["run"], self.desk.period.name
            self.drawn.pop("payout", None)
            self.runs.setCurrentIndex(self.runs.findData(self._run))
            self.gallery.choose("payout")
        elif where.get("kind"):
            self.gallery.choose(where["kind"])

    def arrive_rows(self, rows: Rows) -> None:
        """Printed reports behind a figure."""
        self.tabs.setCurrentIndex(1)


def _trouble(problem: Problem) -> str:
    """A problem in the words of this page, where the command line would say something else."""
    if problem.code == "report.no_run":
        return tr("这个期间没有分配。可以另选一次分配，或先到“分配”页编制。")
    return texts.problem(problem)
