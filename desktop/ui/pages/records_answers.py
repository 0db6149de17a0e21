"""The problems of a draft, each with the field that answers it; what is right as it is can be accepted with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.actions import record_entry, record_views, records
from desktop.actions.record_views import Detail
from desktop.ledger.finding import Finding
from desktop.ledger.service_record import ServiceRecord
from desktop.ui import theme
from desktop.ui.choice_fields import Choice, SelectField, found_in
from desktop.ui.desk import Desk
from desktop.ui.dialogs.reason_dialog import ask_reason
from desktop.ui.fields import Field, MoneyField, NoteField, NumberField, TextField
from desktop.ui.flow import FlowLayout
from desktop.ui.forms import Form
from desktop.ui.labels import label
from desktop.ui.pages.records_choices import customer_field, item_choice, operator_field
from desktop.ui.pick_field import PickField
from desktop.words import tr

_FIELD_OF = {"minutes": "long_reason"}
_TO_FEES = frozenset({"record.no_fee", "record.fee_to_confirm"})
_TO_INSTRUMENT = frozenset({"record.before_acceptance"})


class AnswersView(QWidget):
    """Made anew for each record: a form with just the fields its problems ask for.

    ``editing`` asks for the whole entry, ``posting`` and ``replacing`` for these steps; each carries the record.
    """

    editing = Signal(object)
    posting = Signal(object)
    replacing = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.detail: Detail | None = None
        self.form: Form | None = None
        self.save: QPushButton | None = None
        self.offers: list[QPushButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2 * theme.UNIT)

    def show_detail(self, detail: Detail) -> None:
        """Show the problems of this record."""
        self.detail = detail
        self._clear()
        if detail.record.state != "draft":
            self._column.addWidget(label(tr("已记账的记录没有待补的问题；需要更正时请冲销并更正。"), tone="muted"))
            if detail.record.state == "posted":
                self._one_step(tr("冲销并更正…"), self.replacing)
            return
        findings = [replace(one, field=_FIELD_OF.get(one.field, one.field)) for one in detail.pricing.findings]
        if not findings:
            self._column.addWidget(label(tr("没有问题，可以记账。"), tone="done"))
            self._one_step(tr("记账…"), self.posting)
            return
        form = Form()
        for name in dict.fromkeys(one.field for one in findings if one.severity != "note" or one.field == "consumables_fen"):
            made = self._field(name, detail)
            if made is not None:
                form.add(name, made[0], made[1])
                made[1].set_value(_held(detail.record, name))
        form.set_draft({})
        form.show_findings(findings)
        form.submitted.connect(self._save)
        self.form = form
        self._column.addWidget(form)
        self._buttons(findings, has_fields=bool(form.draft()))

    def _clear(self) -> None:
        self.form, self.save, self.offers = None, None, []
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()

    def _field(self, name: str, detail: Detail) -> tuple[str, Field] | None:
        workspace = self.desk.workspace
        makers: dict[str, tuple[str, Callable[[], Field]]] = {
            "customer_name": (tr("使用单位"), lambda: customer_field(workspace)),
            "operator_name": (tr("操作人"), lambda: operator_field(workspace)),
            "contract": (tr("合同编号"), lambda: TextField(limit=80)),
            "long_reason": (tr("超长原因"), lambda: NoteField(2)),
            "agreed_price_fen": (tr("议定单价"), MoneyField),
            "consumables_fen": (tr("耗材费"), MoneyField),
            "quantity": (tr("数量"), lambda: NumberField(places=4, least=Decimal(0))),
            "second_quantity": (tr("第二个数量"), lambda: NumberField(places=4, least=Decimal(0))),
            "item": (tr("服务项目"), lambda: self._item_field(detail)),
            "urgent": (tr("是否加急"), lambda: SelectField([Choice("yes", tr("加急")), Choice("no", tr("不加急"))])),
        }
        if name not in makers:
            return None
        words, make = makers[name]
        return words, make()

    def _item_field(self, detail: Detail) -> PickField:
        day = detail.record.ended_at.date()
        choices = [item_choice(item) for item in record_entry.items(self.desk.workspace, detail.record.instrument_id, day)]
        lookup, named = found_in(choices)
        return PickField(lookup, lambda key: named(key) or Choice(key, key), opens=True)

    def _buttons(self, findings: list[Finding], *, has_fields: bool) -> None:
        bar = QWidget()
        row = FlowLayout(bar)
        if has_fields and self.form is not None:
            self.save = QPushButton(tr("保存补充内容"))
            self.save.setProperty("role", "primary")
            self.save.clicked.connect(self.form.submit)
            row.addWidget(self.save)
        for one in findings:
            if one.code in record_views.ACCEPTABLE and one.severity == "error":
                self._offer(row, tr("情况属实，写明理由接受…"), lambda one=one: self._accept(one))
            elif one.code in _TO_FEES:
                self._offer(row, tr("打开收费标准"), self._to_fees)
            elif one.code in _TO_INSTRUMENT:
                self._offer(row, tr("打开这台仪器"), self._to_instrument)
        if any(one.severity == "error" for one in findings):
            self._offer(row, tr("修改整条记录…"), lambda: self._ask(self.editing))
        else:
            self._offer(row, tr("记账…"), lambda: self._ask(self.posting))
        self._column.addWidget(bar)
        self._column.addStretch(1)

    def _one_step(self, text: str, signal: SignalInstance) -> None:
        bar = QWidget()
        self._offer(FlowLayout(bar), text, lambda: self._ask(signal))
        self._column.addWidget(bar)
        self._column.addStretch(1)

    def _ask(self, signal: SignalInstance) -> None:
        if self.detail is not None:
            signal.emit(self.detail.record)

    def _offer(self, row: FlowLayout, text: str, act: Callable[..., object]) -> None:
        button = QPushButton(text)
        button.clicked.connect(lambda checked=False: act())
        row.addWidget(button)
        self.offers.append(button)

    def _save(self) -> None:
        if self.form is None or self.detail is None:
            return
        workspace, record = self.desk.workspace, self.detail.record
        draft: dict[str, Any] = self.form.draft()
        urgent = draft.pop("urgent", None)
        given: dict[str, Any] = {
            name: ("" if value is None and isinstance(getattr(record, name), str) else value) for name, value in draft.items()
        }
        if urgent is not None:
            given |= {"urgent": urgent == "yes", "urgent_said": ""}
        new = replace(record, **given)
        self.desk.jobs.write(
            tr("补充 {number}", number=record.number),
            lambda progress: records.change(workspace, new, seen=record),
            failed=self.form.show_problem,
            owner=self,
        )

    def _accept(self, found: Finding) -> None:
        if self.detail is None:
            return
        workspace, number, code = self.desk.workspace, self.detail.record.number, found.code

        def accepted(reason: str) -> None:
            self.desk.jobs.write(tr("接受问题"), lambda progress: records.accept(workspace, number, code, reason), owner=self)

        ask_reason(
            self.window(),
            title=tr("接受这个问题"),
            says=tr("理由留在记录上，审计时看得到；之后这个问题不再妨碍记账。"),
            do=tr("接受"),
            then=accepted,
        )

    def _to_instrument(self) -> None:
        if self.detail is not None and self.detail.instrument is not None:
            self.desk.go("instruments", key=self.detail.instrument.asset_number)

    def _to_fees(self) -> None:
        if self.detail is not None and self.detail.instrument is not None:
            self.desk.go("fees", asset_number=self.detail.instrument.asset_number)


def _held(record: ServiceRecord, name: str) -> object:
    """What a field begins with: what the record has; nothing where the file's word was not understood."""
    if name == "urgent":
        return None if record.urgent_said else "yes" if record.urgent else "no"
    return getattr(record, name) or None
