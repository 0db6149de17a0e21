"""Entering one service record by keyboard: completion, a number suggested, the price as it is typed, findings beside the fields.

The pane stands beside the list. It enters a new record, corrects a draft, or replaces a posted record; what can be stored is
decided by the action, and problems do not keep a draft from being stored: they stay on its list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.actions import posting, record_entry, record_list, records
from desktop.actions.record_entry import Item
from desktop.actions.records import Pricing
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding
from desktop.ledger.service_record import ServiceRecord
from desktop.ui import texts, theme
from desktop.ui.choice_fields import Choice
from desktop.ui.desk import Desk
from desktop.ui.forms import scrolled
from desktop.ui.labels import label
from desktop.ui.pages.records_choices import item_choice
from desktop.ui.pages.records_entry_form import FIELDS, entry_form, values_of
from desktop.ui.pages.records_price_bar import PriceBar
from desktop.words import tr

# What a finding is about -> the field it is told beside.
_TOLD_AT = {"minutes": "long_reason", "customer_class": "customer_name", "claimed_hours": "ended_at"}
_REPEATED = ("instrument_id", "item", "customer_name", "operator_name", "contract")
_ON_DEMAND = ("second_quantity", "agreed_price_fen", "consumables_fen", "urgent", "long_reason")


class EntryPane(QWidget):
    """``begin`` a new record, ``correct`` a draft, ``replace`` a posted record. ``saved`` tells the number."""

    saved = Signal(str)
    closed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._items: list[Item] = []
        self._items_of: tuple[object, object] = (None, None)
        self._old: ServiceRecord | None = None
        self._reason = ""
        self._reached = 0
        self._urgent_answered = False
        self._work_day = desk.today()
        self._pricing: Pricing | None = None
        self.heading = label("", role="section")
        self.form = entry_form(desk.workspace, self._find_items, self._day, self._start)
        self.price = PriceBar(desk)
        self.save = QPushButton()
        self.save.setProperty("role", "primary")
        self.again = QPushButton(tr("重复上一条"))
        self.again.setToolTip(texts.tip(tr("仪器、项目、使用单位、操作人和合同照抄上一条，时间和数量重新填。Ctrl+D")))
        self.leave_button = QPushButton(tr("关闭"))
        self._arrange()
        self.form.edited.connect(self._edited)
        self.form.submitted.connect(self._save)
        self.save.clicked.connect(self.form.submit)
        self.again.clicked.connect(self.repeat_last)
        self.leave_button.clicked.connect(self.closed)
        for keys, act in (("Ctrl+D", self.repeat_last), ("Esc", self.closed.emit)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # Building

    def _arrange(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(theme.UNIT)
        for button in (self.save, self.again, self.leave_button):
            foot.addWidget(button)
        foot.addStretch(1)
        below = QVBoxLayout()
        below.setContentsMargins(2 * theme.UNIT, 0, 2 * theme.UNIT, theme.UNIT)
        below.setSpacing(theme.UNIT)
        below.addWidget(self.price)
        below.addLayout(foot)
        head = QHBoxLayout()
        head.setContentsMargins(2 * theme.UNIT, theme.UNIT, 2 * theme.UNIT, 0)
        head.addWidget(self.heading, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(scrolled(self.form), 1)
        column.addLayout(below)

    # What it is asked to do

    def begin(self) -> None:
        """A new record: next number, empty otherwise."""
        self._show(tr("新的服务记录"), tr("保存，录下一条"), None, "", {"number": record_entry.next_number(self.desk.workspace)})
        start: Any = self.form.field("started_at").editor
        start.setPlaceholderText(tr("只写 9:30 就是 {day}", day=self._work_day.isoformat()))
        self.form.field("instrument_id").editor.setFocus()

    def correct(self, record: ServiceRecord) -> None:
        """Correct a draft."""
        self._show(tr("修改 {number}", number=record.number), tr("保存修改"), record, "", values_of(record))

    def replace(self, record: ServiceRecord, reason: str) -> None:
        """Reverse a posted record and enter its successor; the number of the successor is given by the action."""
        self._show(tr("冲销并更正 {number}", number=record.number), tr("冲销并保存更正"), record, reason, values_of(record))

    def _show(self, title: str, do: str, old: ServiceRecord | None, reason: str, values: Mapping[str, object]) -> None:
        self._old, self._reason, self._reached = old, reason, 0 if old is None else len(FIELDS)
        self._urgent_answered = False
        self.heading.setText(title)
        self.save.setText(do)
        self.save.setToolTip(texts.tip("Ctrl+Enter"))
        self.again.setVisible(old is None)
        self._items, self._items_of = [], (None, None)
        self.form.set_draft(dict.fromkeys(FIELDS) | dict(values))
        self.form.field("number").setEnabled(old is None or not reason)
        self._look_up_items()
        self._show_fields()
        self._show_price(None)
        self._weigh()

    def unsaved(self) -> bool:
        """Whether something was typed that is not stored; the suggested number alone is nothing."""
        return self.isVisible() and self.form.is_edited()

    def repeat_last(self) -> None:
        """Copy from the record entered last what tends to stay the same."""
        last = record_entry.last(self.desk.workspace)
        if last is None or self._old is not None:
            return
        draft = self.form.draft() | {name: values_of(last)[name] for name in _REPEATED}
        for name in _REPEATED:
            self.form.field(name).set_value(draft[name])
        self._look_up_items()
        self._show_fields()
        self._weigh()
        self.form.field("started_at").editor.setFocus()

    # Fields that depend on others

    def _day(self) -> date:
        """The day a bare start time is on: the day of the record at hand, else of the one entered before, else today."""
        return self._old.started_at.date() if self._old is not None else self._work_day

    def _start(self) -> datetime | None:
        start = self.form.field("started_at").value()
        return start if isinstance(start, datetime) else None

    def _start_day(self) -> date | None:
        start = self._start()
        return start.date() if start is not None else None

    def _find_items(self, text: str) -> list[Choice]:
        return [item_choice(item) for item in self._items if text.casefold() in item.item.casefold()]

    def _look_up_items(self) -> None:
        instrument = self.form.field("instrument_id").value()
        end = self.form.field("ended_at").value()
        day = end.date() if isinstance(end, datetime) else self._start_day() or self.desk.today()
        if (instrument, day) == self._items_of:
            return
        changed = instrument != self._items_of[0]
        self._items_of = (instrument, day)
        self._items = record_entry.items(self.desk.workspace, str(instrument), day) if instrument else []
        field = self.form.field("item")
        if changed and len(self._items) == 1 and not field.value():
            field.set_value(self._items[0].item)

    def _item(self) -> Item | None:
        named = self.form.field("item").value()
        return next((item for item in self._items if item.item == named), None)

    def _show_fields(self) -> None:
        """Only what the item asks for, or what is filled in already."""
        item, draft = self._item(), self.form.draft()
        asked = {
            "second_quantity": item is not None and len(item.counts) > 1,
            "agreed_price_fen": item is not None and item.agreed,
            "consumables_fen": item is not None and item.consumables,
            "urgent": (item is not None and item.urgent) or (self._old is not None and bool(self._old.urgent_said)),
            "long_reason": self._pricing is not None and any(one.field == "minutes" for one in self._pricing.findings),
        }
        for name in _ON_DEMAND:
            self.form.show_field(name, asked[name] or bool(draft[name]))
        counts = item.counts if item is not None else ()
        for name, place in (("quantity", 0), ("second_quantity", 1)):
            told = tr("计“{unit}”", unit=counts[place]) if len(counts) > place else ""
            line: Any = self.form.field(name).editor
            line.setPlaceholderText(told)

    # The price as it is typed

    def _edited(self, name: str) -> None:
        self._reached = max(self._reached, FIELDS.index(name))
        self._urgent_answered = self._urgent_answered or name == "urgent"
        if name in ("instrument_id", "started_at", "ended_at"):
            self._look_up_items()
        self._show_fields()
        self._weigh()

    def draft(self) -> ServiceRecord | None:
        """The record as it stands, None while the instrument or a time is missing."""
        values = self.form.draft()
        start, end, key = values["started_at"], values["ended_at"], values["instrument_id"]
        if not (isinstance(start, datetime) and isinstance(end, datetime) and key):
            return None
        base = self._old or ServiceRecord("", "", "", None, "", start, end, 0)
        moved = (start, end) != (base.started_at, base.ended_at)
        given: dict[str, Any] = {name: values[name] for name in FIELDS}
        for name in ("number", "item", "customer_name", "operator_name", "contract", "long_reason", "note"):
            given[name] = given[name] or ""
        # An unclear word of a file stays unclear until the box itself is ticked or cleared.
        said = "" if self._urgent_answered else base.urgent_said
        return replace(base, **given, derived=base.derived and not moved, urgent_said=said)

    def _weigh(self) -> None:
        draft = self.draft()
        if draft is None:
            self._show_price(None)
            return
        workspace = self.desk.workspace
        self.desk.jobs.read(lambda progress: record_entry.weigh(workspace, draft), self._show_price, owner=self, key="price")

    def _show_price(self, pricing: Pricing | None) -> None:
        self._pricing = pricing
        self.price.show_pricing(pricing)
        if pricing is not None:
            self._show_fields()
            self._show_findings(pricing)

    def _show_findings(self, pricing: Pricing) -> None:
        """Beside their fields, but never before their turn: what lies ahead of the keyboard is not called missing."""
        told = [replace(one, field=_TOLD_AT.get(one.field, one.field)) for one in pricing.findings]
        due = [one for one in told if one.field not in FIELDS or FIELDS.index(one.field) <= self._reached or self._filled(one)]
        unread = [one for one in self.form.faults() if one.code != "field.required"]
        self.form.show_findings([*unread, *(one for one in due if one.field not in {each.field for each in unread})])

    def _filled(self, found: Finding) -> bool:
        return self.form.field(found.field).value() not in (None, "", False)

    # Storing

    def _save(self) -> None:
        draft, workspace, old, reason = self.draft(), self.desk.workspace, self._old, self._reason
        if draft is None:
            return
        self.save.setEnabled(False)
        write, failed, then = self.desk.jobs.write, self._failed, self._changed
        if old is None:
            write(tr("保存服务记录"), lambda progress: records.add(workspace, draft), self._added, failed=failed, owner=self)
        elif reason:
            number = old.number
            work = lambda progress: posting.replace_record(workspace, number, draft, reason)  # noqa: E731 - reads best in place
            write(tr("冲销并更正"), work, self._replaced, failed=failed, owner=self)
        else:
            write(tr("修改服务记录"), lambda progress: records.change(workspace, draft, seen=old), then, failed=failed, owner=self)

    def _failed(self, problem: Any) -> None:
        self.save.setEnabled(True)
        for name in {one.field for one in problem.findings} & set(_ON_DEMAND):
            self.form.show_field(name, True)  # what is said beside it is seen
        self.form.show_problem(problem)

    def _added(self, changes: Changes) -> None:
        number = str(self.form.field("number").value())
        n_problems = len([one for one in self._pricing.findings if one.severity == "error"]) if self._pricing else 0
        priced = self._pricing.priced if self._pricing else None
        self.save.setEnabled(True)
        self.saved.emit(number)
        self._work_day = self._start_day() or self._work_day
        self.begin()
        told = tr("已保存 {number}", number=number)
        if priced is not None:
            told += " · " + texts.money(priced.amount_fen)
        if n_problems:
            told += " · " + tr("{n} 个问题待补", n=n_problems)
        self.heading.setText(told)

    def _changed(self, changes: Changes) -> None:
        self._done(str(self.form.field("number").value()))

    def _done(self, number: str) -> None:
        self.save.setEnabled(True)
        self.saved.emit(number)
        self.closed.emit()

    def _replaced(self, number: str) -> None:
        self.desk.announce(Changes(0, record_list.KINDS))
        self.desk.tell("done", tr("已冲销，并登记更正后的草稿 {number}；核对后再记账。", number=number))
        self._done(number)
