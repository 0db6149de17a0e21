"""Single facts of an instrument as a person types them, ``原值（元）=300000``: named and read as the columns of the sheet are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from desktop.formats import headers
from desktop.formats.cells import Noted, Unreadable
from desktop.formats.fields import DAY, Field
from desktop.formats.instruments import FIELDS, secrecy
from desktop.ledger.finding import Finding

# The sheet has no column for a set that left; the register has.
TYPED: tuple[Field, ...] = (*FIELDS, Field("retired_on", "退役日期", DAY, ("退役时间", "报废日期")))
_NAMES = headers.Names(TYPED)


def read(pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, Any], list[Finding]]:
    """Attribute -> value of what was typed, and what cannot be read, each a finding about its field. An empty value is nothing given.

    Raises Problem ``import.map_name`` for a name that no fact of an instrument has.
    """
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for asked, text in pairs:
        head = headers.heading(asked)
        field = _NAMES.field(head.bare)
        if not text.strip():
            values[field.name] = None
            continue
        try:
            got = field.kind.parser(head.unit or field.kind.unit)(text)
        except Unreadable as fault:
            findings.append(Finding(fault.code, "error", tuple((name, str(value)) for name, value in fault.params.items()), field=field.name))
            continue
        got = got.value if isinstance(got, Noted) else got
        if field.name == "confidential":
            # That it is confidential unsays no level.
            values.update({"confidential": True} if got is True else secrecy(got))
        else:
            values[field.name] = got if got != "" else None
    return values, findings
