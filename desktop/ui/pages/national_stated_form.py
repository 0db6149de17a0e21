"""What the national platform asks and no record holds, at the desk: of a posted service its project and the like, of a set why it is not open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.ledger.national_closed import CLOSED_REASONS
from desktop.ledger.national_service import STATED
from desktop.ui import texts
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.desk import Desk
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.fields import NoteField, TextField
from desktop.ui.forms import Form
from desktop.ui.pages.write_form import ask_write
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.actions.record_views import Detail
    from desktop.ledger.finding import Finding
    from desktop.ledger.instrument import Instrument
    from desktop.ledger.national_closed import NationalClosed

_LONGEST = 400
"""A field cuts nothing that a person would write: what is too long is said, not taken off."""


def state_service(desk: Desk, page: QWidget, detail: Detail) -> FormDialog:
    """What the platform asks of a posted service; what is left as it was is not written again."""
    from desktop.actions import national_stated

    workspace, number = desk.workspace, detail.record.number
    form = Form(check=_faults)
    for name in STATED:
        if name == "income":
            form.add(name, say(f"national_service.field.{name}"), SelectField([Choice(word, word) for word in national_stated.incomes()], optional=True))
        else:
            made = NoteField(2) if name == "content" else TextField(limit=_LONGEST)
            form.add(name, say(f"national_service.field.{name}"), made, hint=_hint(name))
    before = {name: getattr(detail.stated, name) if detail.stated is not None else "" for name in STATED}
    form.set_draft({name: text or None for name, text in before.items()})

    def work(given: Mapping[str, object]) -> object:
        told = _texts(given)
        return national_stated.state_service(workspace, number, {name: told[name] for name in STATED if told[name] != before[name]})

    return ask_write(
        desk, page.window(), tr("记录 {number} 的国家平台信息", number=texts.visible(number)), form, work,
        lambda given: tr("{number} 已保存，可以撤销。", number=texts.visible(number)),
        says=tr("没有写明的，报送时写「无」。只留在本机，随报文发给平台。"), width=560,
    )  # fmt: skip


def _hint(name: str) -> str:
    if name == "moved_to":
        return tr("仪器移到单位以外服务才写；写了就报「单位外」")
    if name == "email":
        return tr("个人信息：报送时选了连同申请人信息才发出")
    if name == "handler":
        return tr("办理这笔收入的人，印在服务收入汇总表；不报平台")
    return tr("海关监管期内的仪器才写") if name in ("customs_notice", "duty_paid") else ""


def _texts(given: Mapping[str, object]) -> dict[str, str]:
    return {name: " ".join(str(given[name] or "").split()) for name in STATED}


def _faults(draft: Mapping[str, object]) -> list[Finding]:
    from desktop.actions import national_stated

    return national_stated.entry_findings(_texts(draft))


def say_closed(desk: Desk, page: QWidget, one: Instrument, known: NationalClosed | None) -> FormDialog:
    """Why a set is not open; an empty reason takes back what was said."""
    from desktop.actions import national_stated

    workspace, number = desk.workspace, one.asset_number
    form = Form()
    reasons = [Choice(reason, say(f"national_effect.reason.{reason}")) for reason in CLOSED_REASONS]
    form.add("reason", tr("不开放的原因"), SelectField(reasons, optional=True), hint=tr("国家平台只接受这几种；空着就是开放"))
    form.add("note", tr("说明"), TextField(limit=_LONGEST))
    form.set_draft({"reason": known.reason if known else None, "note": known.note if known else None})

    def work(given: Mapping[str, object]) -> object:
        reason = str(given["reason"] or "")
        if reason:
            return national_stated.say_closed(workspace, number, reason, str(given["note"] or ""))
        return national_stated.say_open(workspace, number)

    return ask_write(
        desk, page.window(), tr("{number} 为什么不开放", number=texts.visible(number)), form, work,
        lambda given: tr("{number} 已保存，可以撤销。", number=texts.visible(number)),
        says=tr("印在国家平台年度成效附表的备注里；原值达到起点的仪器才列入附表。"),
    )  # fmt: skip
