"""Fee schedules (收费标准), their lines, and the cost components behind a price (成本构成)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from desktop.ledger.fee_terms import Agreed, FeeTerms, FirstFurther, Fixed, Price, ShareOf, Tier, Unit
from desktop.ledger.fee_terms_json import from_json, to_json

ScheduleState = Literal["draft", "approved", "published"]
ComponentKind = Literal["depreciation", "maintenance", "consumables", "energy", "staff", "room", "management", "other"]

SCHEDULE_STATES: tuple[ScheduleState, ...] = ("draft", "approved", "published")
COMPONENT_KINDS: tuple[ComponentKind, ...] = (
    "depreciation", "maintenance", "consumables", "energy", "staff", "room", "management", "other",
)  # fmt: skip

__all__ = [
    "COMPONENT_KINDS", "SCHEDULE_STATES", "Agreed", "ComponentKind", "CostComponent", "FeeLine", "FeeSchedule", "FeeTerms",
    "FirstFurther", "Fixed", "Price", "ScheduleState", "ShareOf", "Tier", "Unit", "from_json", "to_json",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FeeSchedule:
    """One version of an instrument's prices, in force on ``[from_on, to_on)``; ``to_on`` None: until further notice.

    ``document`` is the number of the paper that set it; ``prepared_by``/``approved_by`` are keys of people.
    """

    id: str
    instrument_id: str
    from_on: date
    to_on: date | None = None
    state: ScheduleState = "draft"
    title: str = ""
    document: str = ""
    prepared_by: str | None = None
    approved_by: str | None = None
    note: str = ""

    def covers(self, day: date) -> bool:
        """Whether the day lies in ``[from_on, to_on)``."""
        return self.from_on <= day and (self.to_on is None or day < self.to_on)


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One priced item of a schedule. ``terms`` None while the published text is not understood.

    ``source_text`` is the row as published; a line with ``to_confirm`` cannot price until a person settles it.
    """

    id: str
    schedule_id: str
    position: int
    item: str
    terms: FeeTerms | None
    source_text: str = ""
    to_confirm: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class CostComponent:
    """One part of the hourly cost: ``amount_fen`` per hour, or (management only) ``rate`` on the sum of the others.

    ``evidence`` names the document the figure comes from.
    """

    id: str
    schedule_id: str
    kind: ComponentKind
    amount_fen: int | None = None
    rate: Decimal | None = None
    evidence: str = ""
