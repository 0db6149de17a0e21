"""What a person does about pilot bases at the desk: enter and correct, partners, open states, services, pictures, papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop import words
from desktop.actions import pilot, pilot_entry, reporting
from desktop.actions.pilot_view import BaseSeen, EquipmentSeen
from desktop.ledger.pilot import OPENNESS, PARTNER_KINDS, PilotBase, PilotPartner
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.desk import Desk
from desktop.ui.dialogs.attachments_dialog import show_attachments
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.fields import DateField, MoneyField, NoteField, TextField
from desktop.ui.forms import Form
from desktop.ui.pages.paper_dialog import PaperDialog
from desktop.ui.pages.write_form import ask_write
from desktop.words import tr

_WIDE = 720


class PilotSteps:
    """Each step is a form; what the ledger refuses is said in it, and it stays open."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        self.desk = desk
        self.parent = parent

    def _ask(
        self, title: str, form: Form, says: str, work: Callable[[Mapping[str, Any]], object], done_words: Callable[[Mapping[str, Any]], str],
        width: int = 480,
    ) -> FormDialog:  # fmt: skip
        return ask_write(self.desk, self.parent, title, form, work, done_words, says=says, width=width)

    def base(self, before: PilotBase | None = None) -> FormDialog:
        """Enter a base, or correct one."""
        workspace = self.desk.workspace
        form = Form(check=pilot_entry.check_base)
        form.add("number", tr("编号"), TextField(limit=40), required=True)
        form.add("name", tr("名称"), TextField(limit=100), required=True)
        form.add("fields", tr("行业领域"), TextField())
        form.add("process", tr("工艺"), NoteField(2))
        form.add("capacity", tr("中试能力"), TextField())
        form.add("services", tr("服务内容"), NoteField(2))
        form.add("site", tr("地点"), TextField())
        form.add("started_on", tr("开始运行"), DateField(self.desk.today))
        form.add("market", tr("市场化方式建设"), _said_field())
        form.add("market_how", tr("怎样以市场化方式建设"), TextField())
        form.add("contact", tr("联系人"), TextField(limit=40))
        form.add("phone", tr("电话"), TextField(limit=40))
        form.add("retired_on", tr("从这一天起不再是基地"), DateField(self.desk.today))
        form.set_draft(pilot_entry.base_draft(before) if before else {"market": "unknown"})

        def work(given: Mapping[str, Any]) -> object:
            base = pilot_entry.base_of(given)
            return pilot.change_base(workspace, before.number, base) if before else pilot.add_base(workspace, base)

        title = tr("修改中试基地 {number}", number=before.number) if before else tr("登记中试基地")
        return self._ask(title, form, "", work, lambda given: tr("中试基地 {number} 已存下，可以撤销。", number=given["number"]), _WIDE)

    def equipment(self, bases: Sequence[str], before: EquipmentSeen | None = None, base: str = "") -> FormDialog:
        """Enter equipment, or correct it; a set of the register brings its model, value, day and confidentiality."""
        workspace = self.desk.workspace
        form = Form(check=pilot_entry.check_equipment)
        form.add("number", tr("编号"), TextField(limit=40), required=True)
        form.add("name", tr("名称"), TextField(limit=100), required=True)
        form.add("base", tr("所属基地"), SelectField([Choice(one, one) for one in bases], optional=True))
        form.add("asset", tr("资产编号"), TextField(limit=60), hint=tr("在仪器台账里的设备填资产编号，下面四项就不填"))
        form.add("model", tr("规格型号"), TextField())
        form.add("value_fen", tr("原值"), MoneyField())
        form.add("accepted_on", tr("验收日期"), DateField(self.desk.today))
        form.add("confidential", tr("是否涉密"), _said_field())
        form.add("process", tr("工艺"), TextField())
        form.add("capacity", tr("中试能力"), TextField())
        form.add("services", tr("服务内容"), TextField())
        form.add("retired_on", tr("从这一天起退役"), DateField(self.desk.today))
        piece = before.equipped.equipment if before else None
        if before is not None and piece is not None:
            form.set_draft(pilot_entry.equipment_draft(piece, before.base, before.equipped.asset_number))
        else:
            form.set_draft({"base": base or None, "confidential": "unknown"})

        def work(given: Mapping[str, Any]) -> object:
            typed, of_base, asset = pilot_entry.equipment_of(given), str(given["base"] or ""), str(given["asset"] or "")
            if piece is not None:
                return pilot.change_equipment(workspace, piece.number, typed, of_base, asset)
            return pilot.add_equipment(workspace, typed, of_base, asset)

        title = tr("修改中试设备 {number}", number=piece.number) if piece else tr("登记中试设备")
        return self._ask(title, form, "", work, lambda given: tr("中试设备 {number} 已存下，可以撤销。", number=given["number"]), _WIDE)

    def partner(self, base: PilotBase) -> FormDialog:
        """Enter a partner of a base, or correct the one of that name."""
        workspace = self.desk.workspace
        form = Form()
        form.add("name", tr("共建方名称"), TextField(limit=100), required=True)
        form.add("kind", tr("类别"), SelectField([Choice(kind, words.say(f"pilot.partner.{kind}")) for kind in PARTNER_KINDS]), required=True)
        form.add("part", tr("共建内容"), TextField())
        form.add("document", tr("共建协议编号"), TextField(limit=80))

        def work(given: Mapping[str, Any]) -> object:
            kind = next(one for one in PARTNER_KINDS if one == given["kind"])
            one = PilotPartner("", "", str(given["name"]), kind, str(given["part"] or ""), str(given["document"] or ""))
            return pilot.add_partner(workspace, base.number, one)

        says = tr("同名的共建方按这里填的改正。")
        return self._ask(
            tr("基地 {number} 的共建方", number=base.number), form, says, work,
            lambda given: tr("共建方「{name}」已存下，可以撤销。", name=given["name"]),
        )  # fmt: skip

    def remove_partner(self, base: PilotBase, name: str) -> None:
        """Take a partner off; undo brings it back."""
        workspace = self.desk.workspace
        self.desk.jobs.write(
            tr("移除这个共建方"), lambda progress: pilot.remove_partner(workspace, base.number, name),
            lambda _: self.desk.tell("done", tr("共建方「{name}」已移除，可以撤销。", name=name)), owner=self.parent,
        )  # fmt: skip

    def say_now(self, number: str, state: str) -> None:
        """One click: so open from today on, without a reason of its own."""
        workspace = self.desk.workspace
        self.desk.jobs.write(
            tr("登记开放状态"), lambda progress: pilot.say_open(workspace, number, state, words.say("pilot.no_further_reason")),
            lambda _: self.desk.tell("done", tr("{number} 的开放状态已登记：{state}。", number=number, state=words.say(f"pilot.state.{state}"))),
            owner=self.parent,
        )  # fmt: skip

    def openness(self, number: str, name: str) -> FormDialog:
        """Say how open a base or equipment is from a day on."""
        workspace = self.desk.workspace
        form = Form()
        form.add("state", tr("开放状态"), SelectField([Choice(one, words.say(f"pilot.state.{one}")) for one in OPENNESS], optional=True), required=True)
        form.add("from_on", tr("从哪一天起"), DateField(self.desk.today), required=True)
        form.add("reason", tr("原因"), NoteField(2), required=True, hint=tr("会印在目录里"))
        form.set_draft({"from_on": self.desk.today()})

        def work(given: Mapping[str, Any]) -> object:
            day = given["from_on"]
            return pilot.say_open(workspace, number, str(given["state"]), str(given["reason"]), day if isinstance(day, date) else None)

        return self._ask(
            tr("{number} {name} 的开放状态", number=number, name=name), form, tr("以前登记的状态都保留。"), work,
            lambda given: tr("{number} 的开放状态已登记：{state}。", number=number, state=words.say(f"pilot.state.{given['state']}")),
        )  # fmt: skip

    def serve(self, records: Sequence[str], bases: Sequence[str], base: str = "") -> FormDialog:
        """Say that records were served by a base."""
        workspace = self.desk.workspace
        form = Form()
        form.add("base", tr("基地编号"), SelectField([Choice(one, one) for one in bases], optional=True), required=True)
        form.add("records", tr("服务记录编号"), NoteField(2), required=True, hint=tr("几个编号之间用空格或换行隔开"))
        form.add("what", tr("中试服务内容"), TextField())
        form.set_draft({"base": base or (bases[0] if len(bases) == 1 else None), "records": " ".join(records)})

        def numbers(given: Mapping[str, Any]) -> list[str]:
            return str(given["records"]).split()

        return self._ask(
            tr("登记中试服务"), form, tr("已登记过的记录按这里填的改正。"),
            lambda given: pilot.serve(workspace, numbers(given), str(given["base"]), what=str(given["what"] or "")),
            lambda given: tr("{n} 条记录已登记为基地 {number} 的中试服务。", n=len(numbers(given)), number=given["base"]),
        )  # fmt: skip

    def serve_not(self, record: str) -> None:
        """Take back that a record is a pilot service."""
        workspace = self.desk.workspace
        self.desk.jobs.write(
            tr("取消中试服务登记"), lambda progress: pilot.serve_not(workspace, record),
            lambda _: self.desk.tell("done", tr("记录 {record} 不再是中试服务，可以撤销。", record=record)), owner=self.parent,
        )  # fmt: skip

    def files(self, kind: str, key: str, name: str) -> None:
        """The files of a base or of equipment; images are printed in the catalogue."""
        says = tr("{name}：图片会印在中试目录里；协议等扫描件请用 PDF，不会印出。", name=name)
        show_attachments(self.desk, self.parent, kind, key, says)

    def paper(self, kind: str, name: str, period: str | None, base: BaseSeen | None = None) -> PaperDialog:
        """One of the papers, of one base or of all, as it would be printed today."""
        workspace, run = self.desk.workspace, base.base.number if base else None
        dialog = PaperDialog(
            self.parent, self.desk, name, run or period or "",
            lambda progress: reporting.draw(workspace, kind, period, run, progress),
            lambda path, progress: reporting.make(workspace, kind, period=period, out=path, run=run, progress=progress),
        )  # fmt: skip
        dialog.open()
        return dialog


def _said_field() -> SelectField:
    return SelectField([Choice("yes", tr("是")), Choice("no", tr("否")), Choice("unknown", tr("没有注明"))])
