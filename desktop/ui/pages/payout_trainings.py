"""培训: the trainings that ended in the period at hand and how many people they come to; one of them beside, with who took part. Clauses 8 and 10."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.actions import evidence, explaining, trainings
from desktop.actions.trainings import Course, Statement
from desktop.actions.workspace import Workspace
from desktop.ledger.people import Technician
from desktop.ledger.period import Period
from desktop.ledger.training import PILOT_SUBJECTS, Attendance
from desktop.ui import texts, theme
from desktop.ui.chips import Chip
from desktop.ui.desk import Desk
from desktop.ui.detail_side import DetailSide, bar_of, column_of, why_button
from desktop.ui.empty import Empty
from desktop.ui.fact_list import FactList
from desktop.ui.forms import FindingLabel, FormRoom
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import Elided
from desktop.ui.page import split
from desktop.ui.paged_model import Column, Key, Sort
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.pages.payout_training_steps import TrainingSteps
from desktop.ui.table import RowAction
from desktop.words import say, tr

_SUBJECT, _OUTCOME = "training.subjects", "training.outcomes"


@dataclass(frozen=True, slots=True)
class Seen:
    """The trainings of a period, what they come to, how many files each has, and every technician."""

    period: Period
    courses: Sequence[Course]
    stated: Statement
    files: dict[str, int]
    technicians: Sequence[Technician]


def see(workspace: Workspace, period: Period) -> Seen:
    """Read all of it."""
    return Seen(
        period, trainings.every(workspace, period), trainings.statement(workspace, period), evidence.counted(workspace, "training"),
        trainings.technicians(workspace),
    )  # fmt: skip


class TrainingsTab(QWidget):
    """A list at the left; at the right one training with its people, and what can be done about it."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.steps = TrainingSteps(desk, self)
        self.found: Seen | None = None
        self.course: Course | None = None
        self._courses: dict[str, Course] = {}
        self._people: dict[str, Attendance] = {}
        self.says = Elided("")
        self.says.setProperty("tone", "muted")
        self.says.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.why = why_button(self.explain)
        self.add = tab_button(tr("登记培训…"), "add", self.enter, primary=True)
        self.load = tab_button(tr("导入培训名单…"), "import", self.bring_in)
        self.report = tab_button(tr("培训情况表…"), "report", lambda: desk.go("reports", kind="trainings"))
        self.table = self._table()
        self.finding = FindingLabel()
        self.facts = FactList()
        self.people = self._attendances()
        self.came = tab_button(tr("登记参加的人…"), "person", lambda: self._do(self._attend), primary=True)
        self.change = tab_button(tr("修改…"), "edit", lambda: self._do(lambda one: self.steps.change(one.training)))
        self.files = tab_button(tr("附件…"), "attach", lambda: self._do(lambda one: self.steps.files(one.training)))
        self.drop = tab_button(tr("删除…"), "delete", lambda: self._do(lambda one: self.steps.drop(one.training)))
        self.room = FormRoom(column_of(self.finding, self.facts))
        self.side = DetailSide(
            Empty(tr("选一次培训"), tr("学时、依据、参加的人、各人的结果和证书，都在这里登记和查看。"), "person"),
            column_of(self.room, self.people), (self.came, self.change, self.files, self.drop), self.explain,
        )  # fmt: skip
        self.side.why.hide()  # a training is no figure; what they come to is asked over the list
        above = QHBoxLayout()
        above.addWidget(self.says, 1)
        above.addWidget(self.why)
        left = column_of(above, bar_of((self.add, self.load, self.report)), self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.addWidget(split("payout.trainings", desk.preferences, left, self.side, share=0.54))
        self.table.selected.connect(self._selected)
        self.table.opened.connect(lambda key: self._do(lambda one: self.steps.change(one.training)))
        self.people.opened.connect(lambda key: self._of(self._correct))

    def _table(self) -> HeldTable:
        return HeldTable(
            [
                Column("number", tr("培训编号"), "code", 112), Column("name", tr("培训名称"), width=160),
                Column("subject", tr("培训内容"), width=112), Column("ends_on", tr("结束日期"), "date", 104),
                Column("hours", tr("学时"), "number", 64), Column("n", tr("人次"), "number", 64),
                Column("n_files", tr("附件"), "number", 56, blank="—"), Column("organiser", tr("举办单位"), width=128, blank=""),
            ],
            name="payout.trainings", title=tr("培训"), preferences=self.desk.preferences, sort=Sort("ends_on", descending=True),
            empty=Empty(
                tr("这个期间没有登记培训"), tr("培训结束以后登记在这里，再登记参加的人。没有登记不等于没有培训。"), "person", ((tr("登记培训…"), self.enter),),
            ),
            chips=[
                Chip("of", "pilot", tr("中试人才"), tr("总体方案、工艺、技术集成、质量控制、生产运营")),
                Chip("of", "staff", tr("技术人员")), Chip("nobody", "1", tr("没有参加的人")),
            ],
            filters={
                "of": lambda row, value: (self._courses[str(row[0])].training.subject in PILOT_SUBJECTS) == (value == "pilot"),
                "nobody": lambda row, value: row[6] == 0,
            },
            actions=[
                RowAction(tr("登记参加的人…"), lambda keys: self._do(self._attend), "person", "one"),
                RowAction(tr("修改…"), lambda keys: self._do(lambda one: self.steps.change(one.training)), "edit", "one"),
                RowAction(tr("附件…"), lambda keys: self._do(lambda one: self.steps.files(one.training)), "attach", "one"),
                RowAction(tr("删除…"), lambda keys: self._do(lambda one: self.steps.drop(one.training)), "delete", "one", "Del"),
            ],
        )  # fmt: skip

    def _attendances(self) -> HeldTable:
        table = HeldTable(
            [
                Column("name", tr("姓名"), width=96), Column("organisation", tr("所在单位"), width=144), Column("outcome", tr("结果"), width=72),
                Column("certificate", tr("证书编号"), "code", 112, blank="—"), Column("staff_number", tr("工号"), "code", 80, blank="—"),
            ],
            name="payout.training_people", title=tr("参加的人"), preferences=self.desk.preferences,
            empty=Empty(tr("还没有登记参加的人。"), tr("没有登记的人不计入培训人数。"), "person"),
            actions=[
                RowAction(tr("更正结果和证书…"), lambda keys: self._of(self._correct), "edit", "one"),
                RowAction(tr("删除这个人"), lambda keys: self._of(lambda one, who: self.steps.leave_out(one.training, who)), "remove", "one", "Del"),
            ],
        )  # fmt: skip
        table.setMinimumHeight(theme.px(152))
        return table

    # Reading

    def refresh(self) -> None:
        """Read the trainings of the period again."""
        workspace, period = self.desk.workspace, self.desk.period
        self.desk.jobs.read(lambda progress: see(workspace, period), self._show, owner=self, key="trainings")

    def _show(self, found: Seen) -> None:
        self.found = found
        self._courses = {one.training.id: one for one in found.courses}
        self.table.hold(
            (
                one.training.id, one.training.number, one.training.name, say(f"{_SUBJECT}.{one.training.subject}"), one.training.ends_on,
                one.training.hours, len(one.people), found.files.get(one.training.id), one.training.organiser,
            )
            for one in found.courses
        )  # fmt: skip
        period, pilot, everyone = texts.period(found.period.name), found.stated.pilot.value, found.stated.all.value
        self.says.setText(tr("{period}：中试培训 {pilot} 人，全部 {every} 人（每人计一次）。", period=period, pilot=pilot, every=everyone))
        if found.courses and not self.table.keys():
            self.table.select([self.table.model.key_at(0)])
        self._selected(self.table.keys())

    def _selected(self, keys: Sequence[Key]) -> None:
        self.course = self._courses.get(str(keys[0])) if len(keys) == 1 else None
        if self.course is None or self.found is None:
            self.side.show_nothing()
            return
        one = self.course.training
        self.side.heading.setText(f"{texts.visible(one.number)} {texts.visible(one.name)}")
        wrong = [each for each in self.found.stated.findings if dict(each.params).get("number") == one.number]
        self.finding.show_spoken(texts.finding(wrong[0]) if wrong else None)
        self.facts.show_facts([
            (tr("培训内容"), say(f"{_SUBJECT}.{one.subject}") + (tr("（计入中试人才）") if one.pilot else "")),
            (tr("日期"), tr("{start} 至 {end}", start=one.starts_on, end=one.ends_on)), (tr("学时"), texts.number(one.hours)),
            (tr("举办单位"), _said(one.organiser)), (tr("地点"), _said(one.place)), (tr("依据文件"), one.document),
        ])  # fmt: skip
        self._people = {each.id: each for each in self.course.people}
        self.people.hold(
            (
                each.id, each.name, say("training.own") if each.technician_id else each.organisation, say(f"{_OUTCOME}.{each.outcome}"), each.certificate,
                self._staff_number(each),
            )
            for each in self.course.people
        )  # fmt: skip
        self.side.show_one()
        QTimer.singleShot(0, self.room, self.room.updateGeometry)  # what it shows now has another height, known once it is laid out

    def _staff_number(self, who: Attendance) -> str:
        known = self.found.technicians if self.found is not None else ()
        return next((one.staff_number for one in known if one.id == who.technician_id), "")

    # Steps

    def enter(self) -> None:
        """A training that is over."""
        self.steps.enter()

    def _attend(self, one: Course) -> None:
        self.steps.attend(one.training, self.found.technicians if self.found is not None else ())

    def _correct(self, one: Course, who: Attendance) -> None:
        self.steps.correct(one.training, who)

    def _do(self, act: Callable[[Course], object]) -> None:
        if self.course is not None:
            act(self.course)

    def _of(self, act: Callable[[Course, Attendance], object]) -> None:
        keys = self.people.keys()
        who = self._people.get(str(keys[0])) if len(keys) == 1 else None
        if self.course is not None and who is not None:
            act(self.course, who)

    def explain(self) -> None:
        """Why the trainings of the period come to so many people."""
        workspace, name = self.desk.workspace, self.desk.period.name
        self.desk.jobs.read(lambda progress: explaining.explain(workspace, "training", name), self.desk.explain, owner=self, key="why")

    def bring_in(self) -> None:
        """The shared import wizard, for lists of trainings."""
        from desktop.ui.dialogs.import_wizard import open_import

        open_import(self.desk, "trainings", parent=self)


def _said(text: str) -> str | texts.Spoken:
    return text or texts.Spoken(tr("未填"), "muted")
