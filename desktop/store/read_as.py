"""What the ledger reads the columns of a reported kind as: a text may be a day, a moment, a number, one of some codes, or a list in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, get_type_hints

from desktop.store import facts, fees, payout_marks, payouts, pilot, sensors, vouchers
from desktop.store.rows import Codec, known_as
from desktop.store.tables import tables


@cache
def codecs() -> Mapping[str, Codec[Any]]:
    """Kind -> how its rows are read. A kind that is read column by column (the institution's own rule values, answers to notices) has none."""
    held = [one for module in (facts, fees, payout_marks, payouts, pilot, sensors, vouchers) for one in vars(module).values() if isinstance(one, Codec)]
    return {one.table.name: one for one in held}


@cache
def read_as(kind: str) -> Mapping[str, Any]:
    """Column -> ``str``, ``int``, ``bool``, ``date``, ``datetime``, ``Decimal``, ``tuple``, a ``Literal`` of its codes, or what its codec makes of it.

    Without a codec the endings of names bind: ``_on`` is a day.
    """
    codec = codecs().get(kind)
    if codec is None:
        return {column.name: date if column.name.endswith("_on") else str for column in tables()[kind].columns}
    hints = get_type_hints(codec.kind)
    return {name: known_as(hints[name]) for name in codec.names}
