"""What keeps one service record from being posted, and what is only worth a look; and overlaps on one instrument.

Prices and fees are judged where the fee is found. Severity ``error`` blocks posting; ``warning`` and ``note`` are shown only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from desktop.ledger.finding import Finding, Severity
from desktop.ledger.money import half_up
from desktop.ledger.service_record import ServiceRecord
from desktop.rules.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Limits:
    """The values the checks compare with; None: no such rule in force, so nothing is compared."""

    longest_minutes: int | None
    hours_tolerance: Decimal | None
    absurd_quantity: int | None
    contract_required: bool


def limits(parameters: Parameters, day: date) -> Limits:
    """The limits in force on a day."""
    longest = parameters.in_force("record.longest_minutes", day)
    tolerance = parameters.in_force("record.hours_tolerance", day)
    quantity = parameters.in_force("record.absurd_quantity", day)
    contract = parameters.in_force("record.contract_required", day)
    return Limits(
        longest.integer if longest else None,
        tolerance.decimal if tolerance else None,
        quantity.integer if quantity else None,
        contract is not None and contract.flag,
    )


def minutes_between(started_at: datetime, ended_at: datetime) -> int:
    """Billed time: whole minutes from start to end, seconds beyond a whole minute left out; negative when the end is earlier."""
    if ended_at < started_at:
        return -minutes_between(ended_at, started_at)
    return (ended_at - started_at) // timedelta(minutes=1)


def minutes_of_hours(hours: Decimal) -> int:
    """Minutes derived from machine hours (机时) alone, rounded half up."""
    return half_up(hours * 60)


def check(
    record: ServiceRecord, *, internal: bool | None, accepted_on: date | None, within: Limits, today: date
) -> tuple[Finding, ...]:
    """Findings of one record. ``internal``: whether its customer is 本单位, None while the customer is unknown.

    ``today``: no service is recorded before its day has come.

    A record without known customer or operator carries no id for them. An internal use needs no contract.
    """
    told: list[Finding] = []

    def tell(code: str, field: str, severity: Severity = "error", **params: object) -> None:
        named = (("number", record.number), *((name, str(value)) for name, value in params.items()))
        told.append(Finding(code, severity, named, kind="service_record", key=record.id, field=field))

    if record.customer_id is None:
        if record.customer_name:
            tell("record.unknown_customer", "customer_name", name=record.customer_name)
        else:
            tell("record.no_customer", "customer_name")
    if record.operator_id is None:
        if record.operator_name:
            tell("record.unknown_operator", "operator_name", name=record.operator_name)
        else:
            tell("record.no_operator", "operator_name")
    if within.contract_required and internal is not True and not record.contract.strip():
        tell("record.no_contract", "contract")
    if record.ended_at <= record.started_at:
        tell("record.end_not_after_start", "ended_at", start=record.started_at, end=record.ended_at)
    if record.started_at.date() > today:
        tell("record.future", "started_at", day=record.started_at.date())
    if record.urgent_said:
        tell("record.urgent_unclear", "urgent", said=record.urgent_said)
    if accepted_on is not None and record.started_at.date() < accepted_on:
        tell("record.before_acceptance", "started_at", day=record.started_at.date(), accepted=accepted_on)
    if within.longest_minutes is not None and record.minutes > within.longest_minutes:
        if record.long_reason.strip():
            tell("record.long_explained", "long_reason", "note", minutes=record.minutes, reason=record.long_reason)
        else:
            tell("record.too_long", "minutes", minutes=record.minutes, limit=within.longest_minutes)
    if record.claimed_hours is not None and within.hours_tolerance is not None and not record.derived:
        # Compared in minutes: a minute has no exact decimal in hours.
        apart = abs(record.claimed_hours * 60 - record.minutes)
        if apart > within.hours_tolerance * 60:
            tell("record.hours_differ", "claimed_hours", hours=record.claimed_hours, minutes=record.minutes)
    if within.absurd_quantity is not None:
        for field, quantity in (("quantity", record.quantity), ("second_quantity", record.second_quantity)):
            if quantity is not None and not 0 < quantity <= within.absurd_quantity:
                tell("record.absurd_quantity", field, quantity=quantity, limit=within.absurd_quantity)
    return tuple(told)


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open span ``[start, end)`` of use on one instrument, with the key of its record."""

    key: str
    start: datetime
    end: datetime


def overlaps(intervals: Iterable[Interval]) -> tuple[tuple[str, str], ...]:
    """Pairs of keys that use one instrument at the same time, by the start of the later; touching ends do not overlap.

    Each interval is paired with the one still open longest when it starts, so there are never more pairs than intervals,
    and every interval that overlaps any other stands in at least one pair. Raises ValueError for an end not after its start.
    """
    pairs: list[tuple[str, str]] = []
    open_longest: Interval | None = None
    for one in sorted(intervals, key=lambda each: (each.start, each.end, each.key)):
        if one.end <= one.start:
            raise ValueError(f"the end is not after the start: {one.key}")
        if open_longest is not None and one.start < open_longest.end:
            pairs.append((open_longest.key, one.key))
        if open_longest is None or one.end > open_longest.end:
            open_longest = one
    return tuple(pairs)
