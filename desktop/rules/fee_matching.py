"""Which fee line prices a service record: the version in force on the day the service ended, the item, the customer's class.

The end day decides, as it decides the service's month and year (our own definition, certainty C); a service over a change of
prices says so. A record without an item takes the only line of its version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop.ledger.fees import FeeLine, FeeSchedule
from desktop.ledger.finding import Finding, finding
from desktop.ledger.service_record import ServiceRecord
from desktop.rules.phrase import Phrase, phrase
from desktop.rules.schedule_checks import item_key

OWN_SCHOOL = "own_school"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an instrument's prices that may price: approved or published, with its lines."""

    schedule: FeeSchedule
    lines: tuple[FeeLine, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """The line that prices a record, and for which customer class.

    ``changed``: the version began after the service did; ``before`` is the one in force when it began, None where there was none.
    """

    schedule: FeeSchedule
    line: FeeLine
    customer_class: str
    changed: bool = False
    before: FeeSchedule | None = None


def customer_class(line: FeeLine, *, internal: bool, own_school: bool) -> str:
    """``own_school`` when the line knows it and the customer's department is the instrument's, else internal or external."""
    if not internal:
        return "external"
    if own_school and line.terms is not None and OWN_SCHOOL in line.terms.classes:
        return OWN_SCHOOL
    return "internal"


def match(record: ServiceRecord, versions: Sequence[Version], *, internal: bool, own_school: bool = False) -> Matched | tuple[Finding, ...]:
    """The line that prices the record, or the findings that say why none does: never a silent zero."""
    day = record.ended_at.date()
    version = next((v for v in versions if v.schedule.covers(day)), None)
    if version is None:
        return (finding("record.no_fee", field="item", kind="service_record", key=record.id, number=record.number, day=day),)
    line = line_for(record.item, version.lines, record.number)
    if isinstance(line, Finding):
        return (replace(line, kind="service_record", key=record.id, field="item"),)
    earlier, changed = before(record, versions, version)
    return Matched(version.schedule, line, customer_class(line, internal=internal, own_school=own_school), changed, earlier)


def line_for(item: str, lines: Sequence[FeeLine], number: str) -> FeeLine | Finding:
    """The line of a version that prices an item, "" the only one; else why none does, told of the record ``number``."""
    if item:
        asked = item_key(item)
        line = next((one for one in lines if item_key(one.item) == asked), None)
        if line is None:
            return finding("record.no_fee_item", number=number, item=item, items="、".join(one.item for one in lines))
    elif len(lines) == 1:
        line = lines[0]
    else:
        return finding("record.no_item", number=number)
    if line.to_confirm or line.terms is None:
        return finding("record.fee_to_confirm", number=number, item=line.item)
    return line


def before(record: ServiceRecord, versions: Sequence[Version], version: Version) -> tuple[FeeSchedule | None, bool]:
    """The version in force when a service began (None: there was none), and whether ``version``, which prices it, began later."""
    begun = record.started_at.date()
    found = next((v.schedule for v in versions if v.schedule.covers(begun)), None)
    return found, version.schedule.from_on > begun


def change_note(record: ServiceRecord, found: Matched) -> tuple[Finding, ...]:
    """That the prices changed while the service ran, and which version counts; empty when they did not."""
    if not found.changed:
        return ()
    told = (("number", record.number), ("day", found.schedule.from_on.isoformat()), ("end", record.ended_at.date().isoformat()))
    return (Finding("record.fee_changed", "note", told, kind="service_record", key=record.id, field="ended_at"),)


def change_rule(record: ServiceRecord, found: Matched) -> tuple[Phrase, ...]:
    """The same as a part of the rule that is fixed on the record with its price."""
    if not found.changed:
        return ()
    return (phrase("fee.rule.changed", day=found.schedule.from_on.isoformat(), end=record.ended_at.date().isoformat()),)
