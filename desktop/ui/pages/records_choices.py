"""The completed fields of service records: instrument, customer, operator, item; candidates come by small reads."""

from __future__ import annotations

from desktop import words
from desktop.actions import record_entry
from desktop.actions.fee_words import published
from desktop.actions.record_entry import Candidate, Item
from desktop.actions.workspace import Workspace
from desktop.ui.choice_fields import Choice
from desktop.ui.pick_field import PickField
from desktop.words import tr


def _choice(found: Candidate) -> Choice:
    return Choice(found.key, found.text)


def instrument_field(workspace: Workspace, *, by_number: bool = False) -> PickField:
    """An instrument by number or name; its value is the instrument's key, or its asset number when asked for."""

    def named(key: str) -> Choice | None:
        found = record_entry.instrument(workspace, key)
        return _choice(found) if found else None

    def found_by(text: str) -> list[Choice]:
        found = record_entry.instruments(workspace, text)
        return [Choice(each.remark, each.text) if by_number else _choice(each) for each in found]

    return PickField(
        found_by,
        (lambda key: Choice(key, key)) if by_number else named,
        placeholder=tr("资产编号或名称的几个字"),
    )


def customer_field(workspace: Workspace, *, free: bool = False) -> PickField:
    """A customer by name; ``free``: a name the ledger does not know yet is kept and told as a problem."""
    return PickField(
        lambda text: [Choice(each.key, each.text, words.say(each.remark)) for each in record_entry.customers(workspace, text)],
        lambda key: Choice(key, key),
        placeholder=tr("单位名称的几个字"),
        free=free,
    )


def operator_field(workspace: Workspace, *, free: bool = False) -> PickField:
    """A technician by name or staff number; its value is the staff number."""

    def named(key: str) -> Choice | None:
        found = record_entry.operator(workspace, key)
        return _choice(found) if found else None

    return PickField(
        lambda text: [_choice(each) for each in record_entry.operators(workspace, text)],
        named,
        placeholder=tr("姓名或工号"),
        free=free,
    )


def item_choice(item: Item) -> Choice:
    """An item with its published text, so that it is found by either."""
    return Choice(item.item, item.item, published(item.source_text))
