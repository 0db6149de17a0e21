"""Whether a posted charge is what the fee schedule (收费标准) in force on the day of the service gives (clauses 9 and 17). Pure.

The end day decides which version is in force, as it does when a record is posted. What the record itself says is part of the price: an
agreed price within the line's band, urgency, consumables at cost. There is no tolerance: a fen more or less is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from desktop.ledger.finding import Finding
from desktop.ledger.service_record import ServiceRecord
from desktop.rules.charging import Priced, Usage, amount, price, relevant
from desktop.rules.fee_matching import OWN_SCHOOL, Matched, Version, match

Reason = Literal["no_schedule", "not_chargeable", "customer_class", "amount"]
REASONS: tuple[Reason, ...] = ("no_schedule", "not_chargeable", "customer_class", "amount")


@dataclass(frozen=True, slots=True)
class Charged:
    """What was fixed when a record was posted: fen and the class of customer it was charged as."""

    fen: int
    customer_class: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Why a charge is not what the schedule gives. ``priced`` is what the schedule gives, None where it gives nothing.

    ``no_schedule``: no version or line prices the record on its day; ``not_chargeable``: the line refuses what the record says;
    ``customer_class``: the customer is on the other side of internal and external now than it was charged as; ``amount``: the sum differs.
    ``findings`` say what refused.
    """

    reason: Reason
    matched: Matched | None = None
    priced: Priced | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def due_fen(self) -> int | None:
        """What the schedule gives, in fen; None where that is not known."""
        return None if self.priced is None else self.priced.amount_fen


def compare(
    record: ServiceRecord, used: Usage, charged: Charged, versions: Sequence[Version], *, internal: bool | None, own_school: bool = False
) -> Difference | None:
    """How a charge differs from the schedule in force on the record's day; None when it is just that.

    ``internal``: what is known of the customer now, None when that is nothing; the charge's own class is then taken. ``own_school``: whether
    the customer's department is the instrument's now. A class within the institution stays the one it was charged as: departments move.
    """
    was_external = charged.customer_class == "external"
    external = was_external if internal is None else not internal
    own = own_school if external != was_external else charged.customer_class == OWN_SCHOOL
    found = match(record, versions, internal=not external, own_school=own)
    if not isinstance(found, Matched):
        return Difference("no_schedule", findings=found)
    if found.line.terms is None:  # ``match`` gives no such line
        raise AssertionError(record.number)
    counted = relevant(used, found.line.terms.unit)
    due = amount(counted, found.line.terms, found.customer_class)
    if due == charged.fen:
        return None
    priced = price(counted, found.line.terms, found.customer_class, source_text=found.line.source_text)
    if isinstance(priced, tuple):
        return Difference("not_chargeable", found, findings=priced)
    return Difference("amount" if external == was_external else "customer_class", found, priced)
