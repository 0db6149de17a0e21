"""Calendars: which years' days off are known, what is provisional for want of one, importing a year; a deadline worked out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.actions import calendars, compliance
from desktop.actions.calendars import CalendarPlan
from desktop.actions.compliance import Calendars
from desktop.ledger.changes import Changes
from desktop.ledger.problem import Refused
from desktop.rules.figure import Figure
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import confirm
from desktop.ui.dialogs.file_dialog import open_file, save_file
from desktop.ui.empty import Empty
from desktop.ui.fields import DateField
from desktop.ui.forms import FindingLabel
from desktop.ui.held_rows import HeldTable
from desktop.ui.paged_model import Column
from desktop.ui.pages.calendar_preview import effects
from desktop.ui.texts import Spoken
from desktop.words import tr


class CalendarsView(QWidget):
    """A line of what is missing, the years, and a small calculator."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.figure: Figure | None = None
        self.said = FindingLabel()
        self.take = QPushButton(tr("导入一年的放假安排…"))
        self.take.setProperty("role", "primary")
        theme.dress(self.take, "import", "on_accent")
        self.take.clicked.connect(self.choose)
        self.example = QPushButton(tr("存一份样表…"))
        theme.dress(self.example, "save")
        self.example.clicked.connect(self.save_example)
        self.published = QPushButton()
        theme.dress(self.published, "network")
        self.published.clicked.connect(self.take_published)
        self.published.hide()
        self.year: int | None = None  # published by the network and not taken
        columns = [
            Column("year", tr("年份"), "code", 80),
            Column("off", tr("放假的工作日"), "number", 120),
            Column("worked", tr("调休上班的周末"), "number", 136),
            Column("document", tr("通知文号"), width=240, blank=""),
            Column("certainty", tr("可信度"), width=176, blank=""),
            Column("origin", tr("来自"), width=120),
        ]
        self.table = HeldTable(
            columns,
            name="calendars",
            title=tr("放假安排"),
            preferences=desk.preferences,
            empty=Empty(tr("还没有放假安排"), tr("入网期限按工作日计算，需要国务院办公厅每年公布的放假安排。"), "calendar"),
        )
        self.day = DateField(desk.today)
        self.day.editor.setAccessibleName(tr("安装验收日期"))
        self.day.setFixedWidth(theme.px(176))
        self.answer = QLabel()
        self.answer.setProperty("role", "strong")
        self.why = QPushButton(tr("为什么？"))
        self.why.setProperty("role", "link")
        theme.dress(self.why, "why", "accent")
        self.why.hide()
        self.why.clicked.connect(self.explain)
        self.day.changed.connect(self.work_out)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addLayout(self._head())
        column.addWidget(self.table, 1)
        column.addLayout(self._calculator())

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(self.said, 1)
        row.addWidget(self.published, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.example, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.take, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _calculator(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(QLabel(tr("算一个期限：安装验收日期")))
        row.addWidget(self.day)
        row.addWidget(self.answer)
        row.addWidget(self.why)
        row.addStretch(1)
        return row

    # Reading

    def refresh(self) -> None:
        """Read the years and what is provisional."""
        workspace, today = self.desk.workspace, self.desk.today()
        self.desk.jobs.read(
            lambda progress: compliance.calendars(workspace, today), self.show_calendars, owner=self, key="calendars"
        )
        self.desk.jobs.read(lambda progress: calendars.offered(workspace), self.show_offered, owner=self, key="published")
        self.work_out()

    def show_offered(self, year: int | None) -> None:
        """A year that the network published and that would bring something can be taken."""
        self.year = year
        self.published.setVisible(year is not None)
        if year is not None:
            self.published.setText(tr("采用网络发布的 {year} 年安排…", year=year))

    def show_calendars(self, found: Calendars) -> None:
        """Draw them."""
        year = found.next_year
        if found.n_provisional:
            words = tr(
                "{n} 台仪器的期限数到了 {year} 年，暂定；导入 {year} 年的放假安排后自动改定。",
                n=f"{found.n_provisional:,}",
                year=year,
            )
            self.said.show_spoken(Spoken(words, "warning"))
        else:
            words = tr("没有暂定的期限。{year} 年的放假安排公布后（通常在上一年 11 月）请导入。", year=year)
            self.said.show_spoken(Spoken(words, "note"))
        self.table.hold(
            (
                str(one.year),
                str(one.year),
                one.n_off,
                one.n_worked,
                one.document,
                texts.certainty(one.certainty).text,
                tr("用户导入") if one.imported else tr("随程序提供"),
            )
            for one in found.years
        )

    def work_out(self) -> None:
        """The deadline for the day in the field."""
        day = self.day.value()
        if not isinstance(day, date):
            self.figure = None
            self.answer.setText("")
            self.why.hide()
            return
        workspace = self.desk.workspace
        self.desk.jobs.read(
            lambda progress: compliance.deadline_figure(workspace, day), self.show_deadline, owner=self, key="deadline"
        )

    def show_deadline(self, figure: Figure) -> None:
        """Say it."""
        self.figure = figure
        provisional = any(part.code == "duty.figure.provisional" and part.value for part in figure.inputs)
        said = texts.figure(figure.value, figure.unit)
        self.answer.setText(tr("最迟 {day}（暂定）入网", day=said) if provisional else tr("最迟 {day} 入网", day=said))
        theme.say_tone(self.answer, "warning" if provisional else "plain")
        self.why.show()

    # Steps

    def explain(self) -> None:
        """Why the deadline is what it is."""
        if self.figure is not None:
            self.desk.explain(self.figure)

    def choose(self) -> None:
        """Ask for a year's table."""
        open_file(
            self.window(),
            title=tr("选择一年的放假安排"),
            kinds=((tr("放假安排"), ("xlsx", "xls", "ods", "csv", "toml")),),
            preferences=self.desk.preferences,
            purpose="calendar",
            then=self.take_file,
        )

    def take_published(self) -> None:
        """Show what the published year would do; it is taken only when somebody agrees."""
        workspace, year = self.desk.workspace, self.year
        if year is not None:
            self.desk.jobs.read(
                lambda progress: calendars.published(workspace, year), self.show_plan, failed=self.desk.trouble, owner=self
            )

    def take_file(self, path: Path) -> None:
        """Read it and show what it would do; what is no full year is refused."""
        workspace = self.desk.workspace
        self.desk.jobs.read(
            lambda progress: calendars.read(workspace, path, progress),
            self.show_plan,
            failed=self.desk.trouble,
            title=tr("读取放假安排"),
            owner=self,
        )

    def show_plan(self, plan: CalendarPlan) -> None:
        """Ask before the year is taken."""
        if plan.errors:
            self.desk.trouble(Refused("workday.file_refused", path=plan.path, findings=plan.errors))
        elif not plan.new and not plan.changed:
            self.desk.tell("note", tr("{name} 里的日子都已知道，没有改动。", name=plan.path.name))
        else:
            confirm(
                self.window(),
                title=tr("导入 {year} 年的放假安排", year=plan.year),
                effects=effects(plan),
                do=tr("导入"),
                then=lambda: self._commit(plan),
            )

    def _commit(self, plan: CalendarPlan) -> None:
        workspace = self.desk.workspace

        def done(_: Changes) -> None:
            self.desk.tell("done", tr("已导入 {name}，入网期限已按它重算。要撤回，按 Ctrl+Z。", name=plan.path.name))

        self.desk.jobs.write(
            tr("导入放假安排"),
            lambda progress: calendars.commit(workspace, plan),
            done,
            failed=self.desk.trouble,
            owner=self,
        )

    def save_example(self) -> None:
        """Write a known year as an example of the form."""

        def save(path: Path) -> None:
            def told(_: None) -> None:
                self.desk.tell("done", tr("样表已存为 {name}：改掉年份、文号和日期，就能导入。", name=path.name))

            self.desk.jobs.read(lambda progress: calendars.save_example(path), told, failed=self.desk.trouble, owner=self)

        save_file(
            self.window(),
            title=tr("存一份样表"),
            name=tr("放假安排") + ".xlsx",
            kinds=((tr("放假安排"), ("xlsx", "csv")),),
            preferences=self.desk.preferences,
            purpose="calendar",
            then=save,
        )
