"""The form of one service record: its fields in the order people know them, and the values a stored record puts into it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal

from desktop.actions.workspace import Workspace
from desktop.ledger.service_record import ServiceRecord
from desktop.ui.choice_fields import Choice
from desktop.ui.fields import CheckField, MoneyField, NoteField, NumberField, TextField
from desktop.ui.forms import Form
from desktop.ui.moment_field import MomentField
from desktop.ui.pages.records_choices import customer_field, instrument_field, operator_field
from desktop.ui.pick_field import PickField
from desktop.words import tr

FIELDS = (
    "number", "instrument_id", "item", "customer_name", "started_at", "ended_at", "quantity", "second_quantity",
    "operator_name", "contract", "urgent", "agreed_price_fen", "consumables_fen", "long_reason", "note",
)  # fmt: skip


def entry_form(
    workspace: Workspace,
    find_items: Callable[[str], Sequence[Choice]],
    day: Callable[[], date | None],
    start: Callable[[], datetime | None],
) -> Form:
    """The form. ``find_items`` gives the items of the instrument at hand, ``day`` that of a bare start, ``start`` the start."""

    def start_day() -> date | None:
        began = start()
        return began.date() if began is not None else None

    form = Form()
    form.add("number", tr("记录编号"), TextField(limit=60), required=True)
    form.add("instrument_id", tr("使用仪器"), instrument_field(workspace), required=True)
    form.add("item", tr("服务项目"), PickField(find_items, lambda key: Choice(key, key), free=True, opens=True))
    form.add("customer_name", tr("使用单位"), customer_field(workspace, free=True))
    form.add("started_at", tr("开始时间"), MomentField(day), required=True)
    form.add("ended_at", tr("结束时间"), MomentField(start_day, start, tr("11:10 或 +90（分钟）")), required=True)
    form.add("quantity", tr("数量"), NumberField(places=4, least=Decimal(0)))
    form.add("second_quantity", tr("第二个数量"), NumberField(places=4, least=Decimal(0)))
    form.add("operator_name", tr("操作人"), operator_field(workspace, free=True))
    form.add("contract", tr("合同编号"), TextField(limit=80))
    form.add("urgent", tr("加急"), CheckField(tr("按加急计费")))
    form.add("agreed_price_fen", tr("议定单价"), MoneyField())
    form.add("consumables_fen", tr("耗材费"), MoneyField())
    form.add("long_reason", tr("超长原因"), TextField())
    form.add("note", tr("备注"), NoteField(2))
    return form


def values_of(record: ServiceRecord) -> dict[str, object]:
    """What the form shows of a record; empty texts are nothing given."""
    return {name: getattr(record, name) or None for name in FIELDS} | {"urgent": record.urgent}
