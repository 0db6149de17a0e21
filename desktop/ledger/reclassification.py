"""A change of an instrument's confidentiality (定密、解密): prepared by one person with a reason, decided by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ReclassificationState = Literal["prepared", "approved", "declined", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Reclassification:
    """``prepared_by`` and ``decided_by`` are keys of people, moments UTC; ``note`` is what the one who decided wrote.

    To confidential it takes effect when it is prepared (nothing leaves from then on) and is confirmed or declined by another person;
    declassifying takes effect when another person approves it.
    """

    id: str
    instrument_id: str
    to_confidential: bool
    state: ReclassificationState
    reason: str
    document: str
    prepared_by: str
    prepared_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    note: str = ""
