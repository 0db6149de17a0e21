"""What a person does about what technicians hold: enter, correct, end, take out, attach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop import words
from desktop.actions import staff_entry, staff_facts
from desktop.ledger.people import Technician
from desktop.ledger.staff_fact import STAFF_KINDS, StaffFact
from desktop.ui import texts
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.desk import Desk
from desktop.ui.dialogs.attachments_dialog import AttachmentsDialog, show_attachments
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.reason_dialog import ReasonDialog, ask_reason
from desktop.ui.fields import DateField, NumberField, TextField
from desktop.ui.forms import Form
from desktop.ui.pages.write_form import ask_write
from desktop.words import tr

_WIDE = 560


class StaffSteps:
    """Each step is a form or asks for a reason; undo takes each back."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        self.desk = desk
        self.parent = parent

    def enter(self, person: Technician, kind: str = "") -> FormDialog:
        """A new fact about a technician."""
        workspace, number = self.desk.workspace, person.staff_number
        form = self._form()
        form.set_draft({"kind": kind or None, "from_on": self.desk.today()})
        return ask_write(
            self.desk, self.parent, tr("登记 {name} 的岗位、职称、考核或证书", name=texts.visible(person.name)), form,
            lambda given: staff_facts.enter(workspace, number, staff_entry.fact_of(given)),
            lambda given: tr("{name} 的{kind}已登记，可以撤销。", name=texts.visible(person.name), kind=words.say(f"staff.kinds.{given['kind']}")),
            says=tr("登记之后再用“附件…”附上证书、聘书或考核表；都只留在本机。"), width=_WIDE,
        )  # fmt: skip

    def correct(self, person: Technician, one: StaffFact) -> FormDialog:
        """What was entered wrongly."""
        workspace = self.desk.workspace
        form = self._form()
        form.set_draft(staff_entry.draft_of(one))
        return ask_write(
            self.desk, self.parent, tr("更正 {name} 的{kind}", name=texts.visible(person.name), kind=words.say(f"staff.kinds.{one.kind}")), form,
            lambda given: staff_facts.correct(workspace, one.id, staff_entry.fact_of(given)),
            lambda given: tr("“{value}”已更正，可以撤销。", value=given["value"]),
            says=tr("登记错了才更正；换了岗位、晋升或重新考核，另登记一条，原来的写明止日。"), width=_WIDE,
        )  # fmt: skip

    def _form(self) -> Form:
        form = Form(check=staff_entry.check)
        kinds = [Choice(kind, words.say(f"staff.names.{kind}")) for kind in STAFF_KINDS]
        form.add("kind", tr("类别"), SelectField(kinds, optional=True), required=True)
        form.add("value", tr("名称或结果"), TextField(limit=200), required=True, hint=tr("岗位、职称、考核结果、证书名称，或认定的等级"))
        form.add("from_on", tr("起"), DateField(self.desk.today), required=True)
        form.add("last_on", tr("有效期至"), DateField(self.desk.today), hint=tr("含这一天；空着则没有止日"))
        form.add("factor", tr("考核系数"), NumberField(places=4, least=Decimal(0), most=Decimal(10)), hint=tr("只有考核才填；方案取考核事实时按它计权"))
        form.add("issuer", tr("发给单位"), TextField(limit=120), hint=tr("聘任、评审、发证或认定的单位"))
        form.add("number", tr("文件或证书编号"), TextField(limit=120))
        form.add("ground", tr("依据文件"), TextField(limit=200), required=True, hint=tr("聘书、证书、考核表或认定文件"))
        return form

    def end(self, person: Technician, one: StaffFact) -> FormDialog:
        """The last day of a fact."""
        workspace = self.desk.workspace
        form = Form()
        form.add("last_on", tr("最后一天"), DateField(self.desk.today), required=True, hint=tr("这一天仍然有效"))
        form.set_draft({"last_on": one.last_on or self.desk.today()})

        def work(given: Mapping[str, Any]) -> object:
            day = given["last_on"]
            return staff_facts.end(workspace, one.id, day if isinstance(day, date) else date.min)

        return ask_write(
            self.desk, self.parent, tr("{name} 的“{value}”到哪一天为止", name=texts.visible(person.name), value=texts.visible(one.value)), form, work,
            lambda given: tr("“{value}”到 {day} 为止，可以撤销。", value=one.value, day=given["last_on"]),
        )  # fmt: skip

    def withdraw(self, person: Technician, one: StaffFact) -> ReasonDialog:
        """A fact that should not be there."""
        workspace = self.desk.workspace
        title = tr("删除 {name} 的“{value}”", name=texts.visible(person.name), value=texts.visible(one.value))

        def reasoned(reason: str) -> None:
            self.desk.jobs.write(
                title, lambda progress: staff_facts.withdraw(workspace, one.id, reason),
                lambda changes: self.desk.tell("done", tr("“{value}”已删除，可以撤销。", value=one.value)), owner=self.parent,
            )  # fmt: skip

        return ask_reason(self.parent, title=title, do=tr("删除"), then=reasoned, says=tr("登记错人或登记重了才删除；它的附件一起删除，可以撤销。"))

    def files(self, person: Technician, one: StaffFact) -> AttachmentsDialog:
        """The files of a fact."""
        says = tr("{name} 的{kind}“{value}”的文件。只留在本机，不随同步发出。", name=person.name, kind=words.say(f"staff.kinds.{one.kind}"), value=one.value)
        return show_attachments(self.desk, self.parent, "staff_fact", one.id, texts.visible(says))
