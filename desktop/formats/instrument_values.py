"""Single facts of an instrument as a person types them, ``原值（元）=300000``: named and read as the columns of the sheet are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from desktop.formats import headers
from desktop.formats.cells import Noted, Unreadable
from desktop.formats.fields import DAY, Field
from desktop.formats.instruments import READ, SECRECY_COLUMNS, secrecy
from desktop.ledger.finding import Finding

# The sheet has no column for a set that left; the register has.
TYPED: tuple[Field, ...] = (*READ, Field("retired_on", "退役日期", DAY, ("退役时间", "报废日期")))
_NAMES = headers.Names(TYPED)


def read(pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, Any], list[Finding]]:
    """Attribute -> value of what was typed, and what is wrong with it or was remarked, each a finding about its field. An empty value is nothing given.

    Raises Problem ``import.map_name`` for a name that no fact of an instrument has.
    """
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for asked, text in pairs:
        head = headers.heading(asked)
        field = _NAMES.field(head.bare)
        if field.name in values:
            findings.append(Finding("instrument_entry.twice", "error", (("column", field.header),), field=field.name))
            continue
        values[field.name] = None
        if not text.strip():
            continue
        try:
            got = field.kind.parser(head.unit or field.kind.unit)(text)
        except Unreadable as fault:
            findings.append(Finding(fault.code, "error", tuple((name, str(value)) for name, value in fault.params.items()), field=field.name))
            continue
        if isinstance(got, Noted):
            findings.append(Finding(got.code, "note", got.params, field=field.name))
            got = got.value
        values[field.name] = got if got != "" else None
    if any(values.get(name) is not None for name in SECRECY_COLUMNS):
        findings += _secrecy(values)
    return values, findings


def _secrecy(values: dict[str, Any]) -> list[Finding]:
    """Take what 涉密 and 密级 say together into both facts. That a set is confidential unsays no level."""
    stated = secrecy(*(values.get(name) for name in SECRECY_COLUMNS))
    if stated is None:
        return [Finding("import.secrecy_at_odds", "error", field="secrecy_level")]
    values["confidential"], level = stated
    if level or not stated[0]:
        values["secrecy_level"] = level or None
    elif values.get("secrecy_level") is not None:
        del values["secrecy_level"]
    return []
