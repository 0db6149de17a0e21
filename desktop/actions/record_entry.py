"""Entering one service record: candidates while typing, the items on offer, the next number, the price before it is stored."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from desktop.actions import records
from desktop.actions.records import Pricing
from desktop.actions.workspace import Workspace
from desktop.ledger.fee_terms import Agreed, FeeTerms
from desktop.ledger.finding import Finding, finding
from desktop.ledger.problem import Refused
from desktop.ledger.service_record import ServiceRecord
from desktop.store import fees as fee_rows
from desktop.store import record_views as rows
from desktop.store import records as stored
from desktop.store.database import Connection
from desktop.store.facts import CUSTOMERS, INSTRUMENTS, TECHNICIANS

LIMIT = 20
_TAIL = re.compile(r"(\d+)(\D*)$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that can be chosen: its key, what it is called, and a muted remark (number, class)."""

    key: str
    text: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A priced item: what it needs on the record beside the time. ``counts`` names the things to count, none for time."""

    item: str
    source_text: str
    to_confirm: bool
    counts: tuple[str, ...] = ()
    agreed: bool = False
    consumables: bool = False
    urgent: bool = False


def instruments(workspace: Workspace, text: str) -> list[Candidate]:
    """Instruments in use whose number or name has the text; the key is the instrument's, the remark its asset number."""
    with workspace.read() as connection:
        return [
            Candidate(key, f"{number} {name}", number) for key, number, name in rows.instruments_like(connection, text, LIMIT)
        ]


def instrument(workspace: Workspace, key: str) -> Candidate | None:
    """The candidate behind a key."""
    with workspace.read() as connection:
        found = INSTRUMENTS.get(connection, key)
    return Candidate(key, f"{found.asset_number} {found.name}", found.asset_number) if found else None


def customers(workspace: Workspace, text: str) -> list[Candidate]:
    """Customers whose name has the text; the key is the name. ``remark`` is the code of their class."""
    with workspace.read() as connection:
        found = rows.customers_like(connection, text, LIMIT)
    return [Candidate(name, name, "fee.class.internal" if internal else "fee.class.external") for name, internal in found]


def operators(workspace: Workspace, text: str) -> list[Candidate]:
    """Technicians in service whose name or staff number has the text; the key is the staff number."""
    with workspace.read() as connection:
        return [Candidate(number, f"{name} {number}") for number, name in rows.operators_like(connection, text, LIMIT)]


def operator(workspace: Workspace, name: str) -> Candidate | None:
    """The technician with a staff number, or with a name only one carries."""
    with workspace.read() as connection:
        found = TECHNICIANS.find(connection, "staff_number = ? OR name = ?", (name.strip(), name.strip()))
    return Candidate(found[0].staff_number, f"{found[0].name} {found[0].staff_number}") if len(found) == 1 else None


def items(workspace: Workspace, instrument_id: str, day: date) -> list[Item]:
    """What the instrument's fee schedule in force on a day offers; empty when none is in force."""
    with workspace.read() as connection:
        versions = fee_rows.pricing_versions(connection, [instrument_id]).get(instrument_id, ())
    lines = next((version.lines for version in versions if version.schedule.covers(day)), ())
    return [_item(line.item, line.source_text, line.terms, to_confirm=line.to_confirm) for line in lines]


def _item(name: str, source: str, terms: FeeTerms | None, *, to_confirm: bool) -> Item:
    if terms is None:
        return Item(name, source, to_confirm)
    counts = () if terms.unit.timed else terms.unit.factors or (terms.unit.name,)
    agreed = any(isinstance(price, Agreed) for _, price in terms.prices)
    return Item(name, source, to_confirm, counts, agreed, terms.consumables_extra, terms.urgent_rate is not None)


def next_number(workspace: Workspace, after: str = "") -> str:
    """A free number: the usual last one (or ``after``) counted on, with as many digits; "1" in an empty ledger."""
    with workspace.read() as connection:
        number = after or rows.last_number(connection) or "0"
        while True:
            number = counted_on(number)
            if not rows.is_taken(connection, number):
                return number


def counted_on(number: str) -> str:
    """``R000099`` -> ``R000100``, ``A-7b`` -> ``A-8b``; a number without digits gets ``-1``."""
    match = _TAIL.search(number)
    if match is None:
        return f"{number}-1"
    digits = match[1]
    return f"{number[: match.start()]}{int(digits) + 1:0{len(digits)}d}{match[2]}"


def last(workspace: Workspace) -> ServiceRecord | None:
    """The record entered or imported last: what "repeat last" copies from."""
    with workspace.read() as connection:
        return stored.last_entered(connection)


def weigh(workspace: Workspace, draft: ServiceRecord) -> Pricing:
    """What a record would cost and what would stand against posting it; nothing is stored.

    What can never be stored (no number, taken number, end not after start) is an error finding without a price.
    """
    with workspace.read() as connection:
        return weighed(connection, draft)


def weighed(connection: Connection, draft: ServiceRecord) -> Pricing:
    """See ``weigh``."""
    if draft.ended_at <= draft.started_at:
        return Pricing(draft, None, None, (_spans(draft),))
    try:
        record = records.settled(connection, draft)
    except Refused as refused:
        return Pricing(draft, None, None, (Finding(refused.code, "error", tuple(refused.params.items())),))
    pricing = records.price_of(connection, replace(record, id=draft.id))
    told = [one for one in pricing.findings if one.code != "record.overlap"]
    others = rows.overlapping(connection, record.instrument_id, record.started_at, record.ended_at, draft.id)
    accepted = any(answer.startswith("record.overlap=") for answer in record.answers)
    if others and not accepted:
        named = "、".join(number for number, _, _ in others[:5])
        told.append(finding("record.overlap", field="started_at", number=record.number, others=named))
    if not draft.id and rows.is_taken(connection, record.number):
        told.append(finding("record.taken", field="number", number=record.number))
    return Pricing(record, pricing.matched, pricing.priced, tuple(told), pricing.posted_fen)


def _spans(draft: ServiceRecord) -> Finding:
    start, end = (moment.isoformat(" ", "minutes") for moment in (draft.started_at, draft.ended_at))
    return finding("record.end_not_after_start", field="ended_at", number=draft.number, start=start, end=end)


def class_of(workspace: Workspace, name: str) -> str:
    """The code of a customer's class; "" for a name the ledger does not know."""
    with workspace.read() as connection:
        found = CUSTOMERS.one(connection, "name = ?", (name.strip(),))
    return "" if found is None else "fee.class.internal" if found.internal else "fee.class.external"
