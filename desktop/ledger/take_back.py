"""A request that remotes delete what they hold of a set that is confidential by now (撤下)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TakeBack:
    """``asked_by`` is the key of a person, moments UTC; ``given_up_at`` is when the set was made ordinary again, or another request took its place."""

    id: str
    instrument_id: str
    reason: str
    asked_by: str
    asked_at: datetime
    given_up_at: datetime | None = None
