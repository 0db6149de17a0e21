"""A transfer of one set: moved inside the institution (内部调配) or given free to another (无偿划拨), from proposal to handing over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

TransferKind = Literal["internal", "allocation"]
TransferState = Literal["prepared", "approved", "declined", "withdrawn", "handed_over"]

TRANSFER_KINDS: tuple[TransferKind, ...] = ("internal", "allocation")
TRANSFER_STATES: tuple[TransferState, ...] = ("prepared", "approved", "declined", "withdrawn", "handed_over")


@dataclass(frozen=True, slots=True)
class Transfer:
    """``prepared_by`` and ``decided_by`` are keys of people, moments UTC; ``note`` is what the one who decided wrote.

    ``from_department`` is the set's when the transfer was prepared. Inside, ``to_department`` and ``keeper`` (使用负责人) are set;
    given free, ``receiver`` with ``receiver_uscc`` and ``document``, the paper that permits it. ``figure`` is the JSON of why the set was
    a candidate, kept as it was seen, "" when nothing was asked. ``gave`` and ``took`` are who handed over and who received,
    ``parts`` what went with it.
    """

    id: str
    number: str
    instrument_id: str
    kind: TransferKind
    state: TransferState
    reason: str
    from_department: str
    to_department: str
    keeper: str
    receiver: str
    receiver_uscc: str
    document: str
    figure: str
    prepared_by: str
    prepared_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    note: str = ""
    handed_on: date | None = None
    gave: str = ""
    took: str = ""
    parts: str = ""
