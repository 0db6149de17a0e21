"""The forms of the page of instruments: one instrument's facts, joining, filing, and facts set on many at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.actions import instrument_entry
from desktop.ledger.finding import Finding
from desktop.ledger.instrument import SECRECY_LEVELS
from desktop.ui.choice_fields import Choice, CompletedField, SelectField, found_in
from desktop.ui.dialogs.form_dialog import FormDialog, Submit
from desktop.ui.fields import DateField, Field, MoneyField, NoteField, NumberField, TextField
from desktop.ui.forms import Form
from desktop.words import say, tr

_HOURS = Decimal(8784)


class FlagField(SelectField):
    """Yes, no, or not stated."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__([Choice("yes", tr("是")), Choice("no", tr("否"))], optional=True, parent=parent)

    def value(self) -> object:
        chosen = super().value()
        return None if chosen is None else chosen == "yes"

    def set_value(self, value: object) -> None:
        super().set_value(None if value is None else "yes" if value else "no")


def department_field(departments: Sequence[str]) -> Field:
    """A department or another word: known ones are offered, another one may be typed."""
    lookup, named = found_in([Choice(name, name) for name in departments])
    return CompletedField(lookup, named, free=True)


def instrument_form(today: Callable[[], date], departments: Sequence[str], *, new: bool) -> Form:
    """Every fact of an instrument that the window enters, judged while it is typed. A ``new`` one needs its class code."""

    def check(draft: Mapping[str, object]) -> list[Finding]:
        return instrument_entry.check(draft, today())

    form = Form(check=check, columns=2)
    form.section(tr("基本"))
    form.add("asset_number", tr("资产编号"), TextField(), required=True)
    form.add("name", tr("名称"), TextField(), required=True)
    form.add("english_name", tr("英文名称"), TextField())
    form.add("class_code", tr("分类编码"), TextField("010102"), required=new, hint=tr("仪器分类与代码，六位数字"))
    form.add("value_fen", tr("原值"), MoneyField(wan=True), hint=tr("单台（套）的购置价；不知道就空着，程序会列为待补"))
    form.add("model", tr("型号"), TextField())
    form.add("manufacturer", tr("制造商"), TextField())
    form.add("country", tr("国别"), TextField())
    form.add("accepted_on", tr("安装验收日期"), DateField(today), hint=tr("入网期限从这一天的次日起算"))
    form.add("booked_on", tr("建账日期"), DateField(today))
    form.add("category", tr("类别"), _listed("category"))
    form.add("subjects", tr("学科"), TextField(), hint=tr("一级学科，一至四个，用逗号隔开"))
    form.section(tr("权属"))
    form.add("department", tr("部门"), department_field(departments))
    form.add("fiscal", tr("财政资金"), FlagField(), hint=tr("全部或部分使用财政资金购置"))
    form.add("confidential", tr("涉密"), FlagField(), hint=tr("涉密仪器只报备、不入网，不上报；注明之后要改，用“改密级”由两人办理"))
    form.add("secrecy_level", tr("密级"), level_field(), hint=tr("只有涉密的才写；只印在报备说明上"))
    form.add("source", tr("来源"), _listed("source"))
    form.add("funds", tr("经费来源"), _listed("funds"), hint=tr("有几种就用逗号隔开"))
    form.add("carrier_type", tr("所属载体类型"), _listed("carrier"), hint=tr("仪器属于中心、装置、重点实验室等平台的才填"))
    form.add("carrier_number", tr("载体编号"), TextField(), hint=tr("平台的名称或内部编号；绩效按平台合计用它"))
    form.add("retired_on", tr("退役日期"), DateField(today), hint=tr("填了就不再计算义务"))
    form.section(tr("分布"))
    form.add("province", tr("省"), TextField())
    form.add("city", tr("市"), TextField())
    form.add("county", tr("区县"), TextField())
    form.add("street", tr("安放地址"), TextField())
    form.add("contact", tr("联系人"), TextField())
    form.add("phone", tr("电话"), TextField())
    form.add("email", tr("邮箱"), TextField())
    form.add("postcode", tr("邮编"), TextField())
    form.add("address", tr("通讯地址"), TextField(), wide=True)
    form.section(tr("海关"))
    form.add("customs_supervised", tr("海关监管"), FlagField(), hint=tr("免税进口、还在监管期内的选“是”"))
    form.add("released_on", tr("海关放行日期"), DateField(today))
    form.add("declaration_number", tr("报关单编号"), TextField(), hint=tr("18 位"))
    form.add("declaration_item", tr("报关单项号"), TextField("01"), hint=tr("两位，保留开头的零"))
    form.add("declared_name", tr("报关名称"), TextField(), wide=True)
    form.section(tr("共享"))
    form.add("network_number", tr("入网编号"), TextField())
    form.add("joined_on", tr("入网日期"), DateField(today))
    form.add("filing_number", tr("报备文号"), TextField())
    form.add("filed_on", tr("报备日期"), DateField(today))
    form.add("yearly_hours", tr("年运行机时"), NumberField(places=1, least=Decimal(0), most=_HOURS, unit=tr("小时")))
    form.add("external_hours", tr("年对外机时"), NumberField(places=1, least=Decimal(0), most=_HOURS, unit=tr("小时")))
    form.add("booking_url", tr("预约网址"), TextField(), wide=True)
    form.add("service_content", tr("服务内容"), NoteField(2), wide=True)
    form.add("functions", tr("功能"), NoteField(2), wide=True)
    form.add("technical", tr("技术指标"), NoteField(2), wide=True)
    form.add("user_notes", tr("用户须知"), NoteField(2), wide=True)
    form.add("fee_text", tr("收费标准说明"), NoteField(2), wide=True)
    form.add("image", tr("图片"), TextField("A1.jpg"), hint=tr("jpg，1 MB 以内；文件另附在“附件”里"), wide=True)
    return form


def level_field() -> SelectField:
    """秘密, 机密, 绝密, or not stated."""
    return SelectField([Choice(level, say(f"secrecy.{level}")) for level in SECRECY_LEVELS], optional=True)


def _listed(name: str) -> Field:
    """A word of the platform's list: its words are offered, what the register has is kept."""
    return department_field(instrument_entry.offered(name))


class InstrumentDialog(FormDialog):
    """A form of many fields, as high as there is room."""

    def __init__(self, parent: QWidget | None, title: str, do: str, form: Form, submit: Submit) -> None:
        super().__init__(parent, title, tr("每项都可以以后再补；Ctrl+Enter 保存。"), do, form, submit, 880)


def edit_dialog(
    parent: QWidget | None,
    title: str,
    do: str,
    draft: Mapping[str, object],
    today: date,
    departments: Sequence[str],
    submit: Submit,
) -> InstrumentDialog:
    """Open the form over a draft; ``submit(draft, dialog)`` saves it."""
    form = instrument_form(lambda: today, departments, new=not draft)
    form.set_draft(draft)
    dialog = InstrumentDialog(parent, title, do, form, submit)
    dialog.open()
    form.field("asset_number").editor.setFocus()
    return dialog


def joining_form(today: date) -> Form:
    """The day an instrument joined and the number the network gave."""
    form = Form()
    form.add("on", tr("入网日期"), DateField(lambda: today), required=True)
    form.add("number", tr("入网编号"), TextField(), required=True, hint=tr("网络管理平台给的仪器编号"))
    form.set_draft({"on": today})
    return form


def filing_form(today: date, level: str = "") -> Form:
    """The day a confidential instrument was filed, the document's number, and the level of secrecy."""
    form = Form()
    form.add("on", tr("报备日期"), DateField(lambda: today), required=True)
    form.add("number", tr("报备文号"), TextField(), required=True)
    form.add("level", tr("密级"), level_field(), hint=tr("空着就不改"))
    form.set_draft({"on": today, "level": level or None})
    return form


KEEP = "keep"


class TogetherForm(Form):
    """Facts for many instruments at once: only what is chosen is set."""

    def __init__(self, today: date, departments: Sequence[str]) -> None:
        super().__init__()
        keep = Choice(KEEP, tr("不改"))
        flags = [keep, Choice("yes", tr("是")), Choice("no", tr("否")), Choice("none", tr("未注明"))]
        self.add("department", tr("部门"), department_field(departments), hint=tr("空着就不改"))
        self.add("fiscal", tr("财政资金"), SelectField(flags))
        self.add("confidential", tr("涉密"), SelectField([keep, Choice("yes", tr("是")), Choice("no", tr("否"))]))
        self.add("retired_on", tr("退役日期"), DateField(lambda: today), hint=tr("空着就不改"))

    def values(self) -> dict[str, Any]:
        """What is to be set, by field."""
        draft = self.draft()
        told: dict[str, Any] = {name: draft[name] for name in ("department", "retired_on") if draft[name] is not None}
        flags = {"yes": True, "no": False, "none": None}
        told |= {name: flags[str(draft[name])] for name in ("fiscal", "confidential") if draft[name] != KEEP}
        return told
