"""Rule values as a remote publishes them in its code book ``parameters``: subject -> the tables of ``resources/rules/<subject>.toml`` as JSON,
days as ``YYYY-MM-DD`` and numbers with a point as text. Read as strictly as the files; whether a value is taken is not asked here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from desktop.ledger.finding import Finding, finding
from desktop.ledger.parameter import Parameter
from desktop.rules import parameter_files

_DAYS = ("from", "until")
_POINTED = ("hours", "ratio")


def read(content: object) -> tuple[tuple[Parameter, ...], tuple[Finding, ...]]:
    """The values of a book and its faults; values with a fault are left out. A book that is no table has one fault."""
    if not isinstance(content, Mapping):
        return (), (finding("parameter.book_no_table"),)
    values: list[Parameter] = []
    told: list[Finding] = []
    for subject, tables in sorted(content.items()):
        if not isinstance(tables, Mapping):
            told.append(finding("parameter.unknown_field", file=subject, rule="", part=subject))
            continue
        found, faults = parameter_files.of_tables(_typed(tables), str(subject))
        values += [one for several in found.values.values() for one in several]
        told += faults
    return tuple(values), tuple(told)


def _typed(tables: Mapping[str, Any]) -> dict[str, Any]:
    """JSON has neither days nor exact numbers: their texts become both, and what is no such text stays for the reader to refuse."""
    defaults = tables.get("defaults", {})
    unit = defaults.get("unit") if isinstance(defaults, Mapping) else None
    typed: dict[str, Any] = {}
    for name, part in tables.items():
        several = part if isinstance(part, list) else [part]
        made = [_entry(one, unit) if isinstance(one, Mapping) else one for one in several]
        typed[name] = made if isinstance(part, list) else made[0]
    return typed


def _entry(one: Mapping[str, Any], unit: object) -> dict[str, Any]:
    made = dict(one)
    for name in _DAYS:
        if isinstance(made.get(name), str):
            made[name] = _day(made[name])
    if made.get("unit", unit) in _POINTED and isinstance(made.get("value"), str):
        made["value"] = _number(made["value"])
    return made


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _number(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
