"""What a person does about trainings: enter, edit, say who took part, correct or leave one out, take out, attach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop import words
from desktop.actions import training_entry, trainings
from desktop.ledger.people import Technician
from desktop.ledger.training import OUTCOMES, SUBJECTS, Attendance, Training
from desktop.ui import texts
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.desk import Desk
from desktop.ui.dialogs.attachments_dialog import AttachmentsDialog, show_attachments
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.reason_dialog import ReasonDialog, ask_reason
from desktop.ui.fields import DateField, NoteField, NumberField, TextField
from desktop.ui.forms import Form
from desktop.ui.pages.write_form import ask_write
from desktop.words import tr

_WIDE = 560


class TrainingSteps:
    """Each step is a form or asks for a reason; undo takes each back."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        self.desk = desk
        self.parent = parent

    def enter(self) -> FormDialog:
        """A training that is over."""
        workspace, period = self.desk.workspace, self.desk.period

        def said(given: Mapping[str, Any]) -> str:
            told = tr("培训 {number} 已登记，可以撤销。", number=given["number"])
            outside = tr("它 {day} 结束，不在所选期间，改选期间才看得到。", day=given["ends_on"])
            return told if given["ends_on"] in period else told + outside

        return ask_write(
            self.desk, self.parent, tr("登记培训"), self._form(with_number=True),
            lambda given: trainings.enter(workspace, training_entry.training_of(given), anew=False), said,
            says=tr("培训结束以后登记，计入结束日所在的期间；登记之后再登记参加的人、附上通知和签到表。"), width=_WIDE,
        )  # fmt: skip

    def change(self, one: Training) -> FormDialog:
        """What was said wrongly of a training; its number stays."""
        workspace = self.desk.workspace
        form = self._form(with_number=False)
        form.set_draft({name: value for name, value in training_entry.draft_of(one).items() if name != "number"})
        return ask_write(
            self.desk, self.parent, tr("修改培训 {number}", number=texts.visible(one.number)), form,
            lambda given: trainings.enter(workspace, training_entry.training_of({**given, "number": one.number})),
            lambda given: tr("培训 {number} 已更正，可以撤销。", number=one.number), width=_WIDE,
        )  # fmt: skip

    def _form(self, *, with_number: bool) -> Form:
        form = Form(check=training_entry.check)
        if with_number:
            form.add("number", tr("培训编号"), TextField(limit=60), required=True)
        form.add("name", tr("培训名称"), TextField(limit=200), required=True)
        subjects = [Choice(one, words.say(f"training.subjects.{one}")) for one in SUBJECTS]
        form.add("subject", tr("培训内容"), SelectField(subjects, optional=True), required=True, hint=tr("前五类计入中试人才培养"))
        form.add("starts_on", tr("开始日期"), DateField(self.desk.today), required=True)
        form.add("ends_on", tr("结束日期"), DateField(self.desk.today), required=True)
        form.add("hours", tr("学时"), NumberField(places=1, least=Decimal(0)), required=True, hint=tr("每人的学时"))
        form.add("organiser", tr("举办单位"), TextField(limit=120))
        form.add("place", tr("地点"), TextField(limit=120))
        form.add("document", tr("依据文件"), TextField(limit=200), required=True, hint=tr("通知、签到表或合同"))
        return form

    def attend(self, one: Training, known: Sequence[Technician]) -> FormDialog:
        """Who took part; who is there already is changed. ``known``: the technicians that may be named."""
        workspace = self.desk.workspace
        form = Form(check=lambda draft: training_entry.check_people(draft, known))
        form.add("staff", tr("技术人员"), NoteField(2), hint=tr("工号或姓名，用空格或换行隔开"))
        form.add("others", tr("其他人"), NoteField(3), hint=tr("一行一人：姓名和单位，用空格隔开；也可以从 Excel 粘贴两列"))
        form.add("outcome", tr("结果"), SelectField(_outcomes()), required=True)
        form.add("certificate", tr("证书编号"), TextField(limit=80), hint=tr("只登记一位时才填"))
        form.set_draft({"outcome": "attended"})
        return ask_write(
            self.desk, self.parent, tr("培训 {number} 参加的人", number=texts.visible(one.number)), form,
            lambda given: trainings.attend(workspace, one.number, training_entry.people_of(given, known)),
            lambda given: tr("培训 {number} 登记了 {n} 人，可以撤销。", number=one.number, n=len(training_entry.people_of(given, known))),
            says=tr("技术人员和其他人可以一起登记，结果相同的一次登记。一行写一位其他人：姓名，空格，单位。已登记过的人按这里填的更正，没有写的人不动。"),
            width=_WIDE,
        )  # fmt: skip

    def correct(self, one: Training, person: Attendance) -> FormDialog:
        """Outcome and certificate of one who took part."""
        workspace = self.desk.workspace
        form = Form()
        form.add("outcome", tr("结果"), SelectField(_outcomes()), required=True)
        form.add("certificate", tr("证书编号"), TextField(limit=80))
        form.set_draft({"outcome": person.outcome, "certificate": person.certificate})
        return ask_write(
            self.desk, self.parent, tr("{name} 在培训 {number} 的结果", name=texts.visible(person.name), number=texts.visible(one.number)), form,
            lambda given: trainings.correct(workspace, one.number, person.id, str(given["outcome"]), str(given["certificate"] or "")),
            lambda given: tr("{name} 的结果已更正，可以撤销。", name=person.name),
        )  # fmt: skip

    def leave_out(self, one: Training, person: Attendance) -> None:
        """One who was entered wrongly; undo brings them back."""
        workspace = self.desk.workspace
        self.desk.jobs.write(
            tr("删除参加的人"), lambda progress: trainings.leave_out(workspace, one.number, person.id),
            lambda _: self.desk.tell("done", tr("已从培训 {number} 里删除 {name}，可以撤销。", number=one.number, name=person.name)), owner=self.parent,
        )  # fmt: skip

    def drop(self, one: Training) -> ReasonDialog:
        """A training that should not be there."""
        workspace, number = self.desk.workspace, one.number
        title = tr("删除培训 {number}", number=texts.visible(number))

        def reasoned(reason: str) -> None:
            self.desk.jobs.write(
                title, lambda progress: trainings.drop(workspace, number, reason),
                lambda _: self.desk.tell("done", tr("培训 {number} 已删除，可以撤销。", number=number)), owner=self.parent,
            )  # fmt: skip

        return ask_reason(self.parent, title=title, do=tr("删除"), then=reasoned, says=tr("参加的人和附件一起删除；可以撤销。"))

    def files(self, one: Training) -> AttachmentsDialog:
        """The files of a training."""
        says = tr("培训 {number} {name} 的文件。只留在本机，不随同步发出。", number=one.number, name=one.name)
        return show_attachments(self.desk, self.parent, "training", one.id, texts.visible(says))


def _outcomes() -> list[Choice]:
    return [Choice(one, words.say(f"training.outcomes.{one}")) for one in OUTCOMES]
