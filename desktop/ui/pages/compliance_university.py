"""高校年报: the sets of an academic year as the ministry's tables have them, what each still lacks; entered from its row, written as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop import words
from desktop.ledger.finding import Finding
from desktop.ledger.period import Period, academic_year
from desktop.ledger.university import HOURS
from desktop.ui import texts, theme
from desktop.ui.chips import Chip
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.flow import FlowLayout
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import Elided
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages.compliance_university_steps import UniversitySteps
from desktop.ui.read_when_shown import ReadWhenShown
from desktop.ui.table import RowAction
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.university_year import Line, Year
    from desktop.actions.workspace import Workspace

STATE = "university.row"
_YEARS = 4


class UniversityView(ReadWhenShown):
    """One row a set; the chosen year stands above. Nothing leaves by itself: the files are written where the person says.

    ``kept``: something was that is no fact of the ledger; who shows the two sections reads them again.
    """

    kept = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.found: Year | None = None
        self._lines: dict[str, Line] = {}
        self.steps = UniversitySteps(desk, self, self.kept.emit)
        self.says = Elided()
        self.says.setProperty("tone", "muted")
        self.says.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.years = QComboBox()
        self.years.setAccessibleName(tr("学年"))
        self.years.setMinimumWidth(theme.px(144))
        self.years.currentIndexChanged.connect(lambda: self.refresh())
        self.why = self._button(tr("为什么？"), "why", self.explain_changes)
        self.why.setProperty("role", "link")
        theme.dress(self.why, "why", "accent")
        self.school = self._button(tr("学校代码…"), "settings", lambda: self.steps.school(self.found.school if self.found else ""))
        self.files = (
            self._button(tr("写出教育部报表…"), "export", lambda: self._with_year(self.steps.tables)),
            self._button(tr("写出共享成效…"), "export", lambda: self._with_year(self.steps.xml)),
        )
        self.paper = self._button(tr("核对表…"), "report", lambda: self.desk.go("reports", kind="university"))
        self.table = self._table()
        bar = QWidget()
        buttons = FlowLayout(bar)
        for part in (self.years, self.school, *self.files, self.paper):
            buttons.addWidget(part)
        above = QHBoxLayout()
        above.addWidget(self.says, 1)
        above.addWidget(self.why)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(bar)
        column.addLayout(above)
        column.addWidget(self.table, 1)

    def _button(self, text: str, icon: str, act: Callable[[], object]) -> QPushButton:
        made = QPushButton(text)
        theme.dress(made, icon)
        made.clicked.connect(lambda: act())
        return made

    def _table(self) -> HeldTable:
        columns = [
            Column("asset_number", tr("资产编号"), "code", 112),
            Column("name", tr("仪器名称"), width=176),
            Column("value", tr("原值"), "wan", 152),
            Column("state", tr("列入报表"), "state", 128, said_under=STATE),
            Column("lacking", tr("还缺什么"), width=280, blank=""),
            Column("number", tr("报表编号"), "code", 96, blank=""),
            Column("class_code", tr("分类号"), "code", 96, blank=""),
            *(Column(item, words.say(f"university.short_{item}"), "number", 80, blank="—") for item in (*HOURS, "samples")),
            Column("derived", tr("由记账得出"), width=160, blank=""),
        ]
        table = HeldTable(
            columns, name="university", title=tr("高校年报"), preferences=self.desk.preferences,
            empty=Empty(
                tr("这一学年没有要报的仪器"), tr("仪器按建账日期计入学年；涉密的从不列入。先填学校代码，再逐台填报表编号、分类号和使用方向。"), "report",
                ((tr("学校代码…"), lambda: self.steps.school(self.found.school if self.found else "")),),
            ),
            chips=[Chip("state", one, words.say(f"{STATE}.{one}")) for one in ("lacking", "both", "first")],
            filters={"state": lambda row, value: row[4] == value},
            actions=[
                RowAction(tr("报表各项…"), lambda keys: self.state(keys[0]), "edit", "one"),
                RowAction(tr("学年使用情况…"), lambda keys: self.use(keys[0]), "edit", "one"),
                RowAction(tr("为什么？"), lambda keys: self.explain(keys[0]), "why", "one", "Ctrl+E"),
            ],
        )  # fmt: skip
        table.opened.connect(self.state)
        return table

    # Reading

    def read(self) -> None:
        """Judge the chosen year again, at first the last that is over."""
        workspace, name = self.desk.workspace, self.years.currentData()
        self.desk.jobs.read(
            lambda progress: _read(workspace, name), lambda found: self._show(*found), title=tr("核对高校年报"), owner=self, key="university"
        )  # fmt: skip

    def _offer(self, names: Sequence[str], chosen: str) -> None:
        self.years.blockSignals(True)
        self.years.clear()
        for name in names:
            self.years.addItem(tr("{year} 学年", year=name), name)
        self.years.setCurrentIndex(max(0, self.years.findData(chosen)))
        self.years.blockSignals(False)

    def _show(self, names: Sequence[str], found: Year) -> None:
        self.found = found
        self._offer(names, found.period.name)
        self._lines = {one.instrument.id: one for one in found.lines}
        self.table.hold(_row(one) for one in found.lines)
        n_sj3 = sum(one.in_sj3 for one in found.lines)
        self.says.setText(
            tr("学校代码 {school}；SJ1 可写 {n}/{all}，SJ3 可写 {n3}/{all3}；SJ2：上学年末 {last}，增加 {came}，减少 {gone}，本学年末 {now}",
               school=found.school or tr("没有填写"), n=len(found.sound), all=len(found.lines), n3=n_sj3, all3=len(found.valuable),
               last=found.changes.last.n, came=found.changes.increase.n, gone=found.changes.decrease.n, now=found.changes.now.n)
        )  # fmt: skip

    # Steps

    def _with_year(self, act: Callable[[Period], object]) -> None:
        if self.found is not None:
            act(self.found.period)

    def state(self, key: Key) -> None:
        """What the school states of the set of a row."""
        if (line := self._lines.get(str(key))) is not None:
            self.steps.state(line)

    def use(self, key: Key) -> None:
        """The use of the set of a row in the year."""
        if (line := self._lines.get(str(key))) is not None and self.found is not None:
            self.steps.use(line, self.found.period)

    def explain(self, key: Key) -> None:
        """Why the set's row says what it says."""
        from desktop.actions import university_year

        workspace, found, line = self.desk.workspace, self.found, self._lines.get(str(key))
        if found is not None and line is not None:
            self.desk.jobs.read(
                lambda progress: university_year.of_line(workspace, found, line), self.desk.explain, failed=self.desk.trouble, owner=self, key="why"
            )

    def explain_changes(self) -> None:
        """Why SJ2 says what it says."""
        if self.found is not None:
            self.desk.explain(self.found.figure)


def _read(workspace: Workspace, name: str | None) -> tuple[list[str], Year]:
    """The years to choose from, the last that is over first, and the one that is asked for; touches no widget."""
    from desktop.actions import university, university_year

    last = university.year(workspace)
    firsts = [last.start.year, last.start.year + 1, *(last.start.year - n for n in range(1, _YEARS - 1))]
    period = last if name is None else university.year(workspace, name)
    return [academic_year(first, last.start.month).name for first in firsts], university_year.judge(workspace, period)


def _short(found: Finding) -> str:
    """What is lacking in a word or two; the whole sentence where there is no short word."""
    code = f"university.lacks.{found.code.partition('.')[2]}"
    return words.say(code, **dict(found.params)) if words.known(code) else texts.finding(found).text


def _row(one: Line) -> tuple[object, ...]:
    errors = [found for found in one.findings if found.severity == "error"]
    state = "lacking" if errors else "both" if one.valuable else "first"
    lacking = words.say("report.list").join(dict.fromkeys(_short(found) for found in errors))
    amounts = {item.item: item.reported if item.origin != "blank" else None for item in one.settled}
    derived = words.say("report.list").join(words.say(f"university.short_{item.item}") for item in one.settled if item.origin == "derived")
    stated = (one.stated.number, one.stated.class_code) if one.stated else ("", "")
    shown = (amounts[item] for item in (*HOURS, "samples"))
    return (
        one.instrument.id, one.instrument.asset_number, one.instrument.name, one.instrument.value_fen, state, lacking, *stated, *shown, derived,
    )  # fmt: skip
