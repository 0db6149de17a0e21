"""设置 · 人员: who may act, in which role, with which PIN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLineEdit

from desktop import words
from desktop.ledger.people import ELSEWHERE, ROLES
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.desk import Desk
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.empty import Empty
from desktop.ui.fields import TextField
from desktop.ui.forms import Form
from desktop.ui.held_rows import HeldTable
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages.settings_part import SettingsPart
from desktop.ui.table import RowAction
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.ledger.people import Person


class PinField(TextField):
    """A PIN: typed unseen."""

    def __init__(self) -> None:
        super().__init__(limit=64)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)

    def value(self) -> object:
        return self.line.text() or None


def _pin_words(person: Person) -> str:
    if person.pin_hash == ELSEWHERE:
        return tr("在别的座席")
    return tr("已设置") if person.has_pin else tr("没有设置")


class PeoplePart(SettingsPart):
    """See the module's head."""

    kinds = frozenset({"person"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            words.say("settings.part.people"),
            tr("编制和审批必须是两个人。每人有一个角色；设了 PIN 的人办理事项时要输入 PIN。停用的人保留经办记录。"),
        )
        self.people: dict[str, Person] = {}
        self.button(tr("添加人员…"), "add", self.ask_add, primary=True)
        columns = (
            Column("name", tr("姓名"), width=160),
            Column("role", tr("角色"), width=160),
            Column("pin", tr("PIN"), width=120),
            Column("state", tr("状态"), width=96),
        )
        empty = Empty(
            tr("还没有人员"),
            tr("分配的编制和审批、收费标准的审批、月结都要由具名的人来办。请至少添加一名财务和一名审批人。"),
            "person",
            ((tr("添加人员…"), self.ask_add),),
        )
        self.table = HeldTable(
            columns,
            name="settings.people",
            preferences=desk.preferences,
            empty=empty,
            title=words.say("settings.part.people"),
            actions=(
                RowAction(tr("设置或更换 PIN…"), lambda keys: self.ask_pin(str(keys[0])), "key", "one"),
                RowAction(tr("停用"), lambda keys: self.retire(str(keys[0]), False), "forbidden", "one", allowed=self._active),
                RowAction(tr("恢复"), lambda keys: self.retire(str(keys[0]), True), "redo", "one", allowed=self._retired),
            ),
        )
        self.table.opened.connect(lambda key: self.ask_pin(str(key)))
        self.body.addWidget(self.table)

    def _active(self, keys: list[Key]) -> bool:
        return self.people[str(keys[0])].active

    def _retired(self, keys: list[Key]) -> bool:
        return not self._active(keys)

    def refresh(self) -> None:
        from desktop.actions import people

        workspace = self.desk.workspace
        self.desk.jobs.read(lambda progress: people.everyone(workspace), self.show_people, owner=self, key="people")

    def show_people(self, found: list[Person]) -> None:
        """List them, those in service first."""
        self.people = {one.name: one for one in found}
        self.table.hold(
            (
                one.name, one.name, words.say(f"person.roles.{one.role}"), _pin_words(one),
                tr("在用") if one.active else tr("已停用"),
            )
            for one in found
        )  # fmt: skip

    # Acting

    def ask_add(self) -> FormDialog:
        """Name, role, PIN."""
        form = Form()
        form.add("name", tr("姓名"), TextField(limit=60), required=True)
        roles = [Choice(role, words.say(f"person.roles.{role}")) for role in ROLES]
        form.add("role", tr("角色"), SelectField(roles, optional=True), required=True)
        form.add("pin", tr("PIN"), PinField(), hint=tr("至少 4 位；可以以后再设"))
        return ask_form(self, title=tr("添加人员"), form=form, do=tr("添加"), submit=self._add)

    def _add(self, draft: Mapping[str, object], dialog: FormDialog) -> None:
        from desktop.actions import people

        workspace = self.desk.workspace
        name, role, pin = str(draft["name"]), str(draft["role"]), str(draft["pin"] or "")
        self._write(tr("添加人员"), lambda: people.add(workspace, name, role, pin), dialog)

    def ask_pin(self, name: str) -> FormDialog:
        """The old PIN (when there is one) and the new one twice."""
        form = Form()
        person = self.people[name]
        able = [Choice(one.name, one.name) for one in self.people.values() if one.active and one.has_pin]
        if person.pin_hash == ELSEWHERE and able:
            hint = tr("此人从别的座席同步来，由本机有 PIN 的人担保")
            form.add("by", tr("担保人"), SelectField(able, optional=True), required=True, hint=hint)
            form.add("by_pin", tr("担保人的 PIN"), PinField(), required=True)
        if person.has_pin:
            form.add("old", tr("原 PIN"), PinField(), required=True)
        form.add("new", tr("新 PIN"), PinField(), required=True, hint=tr("至少 4 位"))
        form.add("again", tr("再输入一次"), PinField(), required=True)
        title = tr("{name} 的 PIN", name=name)
        return ask_form(
            self, title=title, form=form, do=tr("保存"), submit=lambda draft, dialog: self._set_pin(name, draft, dialog)
        )

    def _set_pin(self, name: str, draft: Mapping[str, object], dialog: FormDialog) -> None:
        from desktop.actions import people

        if draft["new"] != draft["again"]:
            dialog.refuse(tr("两次输入的 PIN 不一样，没有保存。"))
            return
        workspace, old, new = self.desk.workspace, str(draft.get("old") or ""), str(draft["new"])
        by, by_pin = str(draft.get("by") or ""), str(draft.get("by_pin") or "")
        self._write(tr("更换 PIN"), lambda: people.set_pin(workspace, name, old, new, by, by_pin), dialog)

    def retire(self, name: str, active: bool) -> None:
        """Take a person out of service, or back in."""
        from desktop.actions import people

        workspace = self.desk.workspace
        title = tr("恢复 {name}", name=name) if active else tr("停用 {name}", name=name)
        self.desk.jobs.write(title, lambda progress: people.retire(workspace, name, active=active), owner=self)

    def _write(self, title: str, work: Any, dialog: FormDialog) -> None:
        self.desk.jobs.write(title, lambda progress: work(), lambda _: dialog.accept(), failed=dialog.problem, owner=self)
