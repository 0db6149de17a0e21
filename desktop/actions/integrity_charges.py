"""The self-check of charges: posted services of a period priced once more by the fee schedules in force on their days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from desktop.actions.judging import usage
from desktop.ledger import money
from desktop.ledger.period import Period
from desktop.rules.charge_check import Charged, Difference, compare
from desktop.rules.fee_matching import Version
from desktop.rules.figure import Figure
from desktop.rules.phrase import class_words
from desktop.store import fees
from desktop.store import integrity as rows
from desktop.store.database import Connection
from desktop.store.integrity import Charge, Seen
from desktop.words import say

CHECK = "off_schedule"
_AT_ONCE = 2_000


def seen(connection: Connection, period: Period, number: str = "") -> Iterator[Seen]:
    """The records whose charge the schedule does not give, in order of their days; ``number``: only that one is looked at.

    Read in portions: a year of 100 000 records never stands in memory whole.
    """
    for charge, difference in _differences(connection, period, number):
        due = "" if difference.due_fen is None else str(difference.due_fen)
        detail = f"{difference.reason}:{charge.fen}:{due}"
        yield Seen(charge.record.number, charge.asset_number, charge.instrument, charge.confidential, charge.ended_on, charge.record.minutes, detail)


def _differences(connection: Connection, period: Period, number: str = "") -> Iterator[tuple[Charge, Difference]]:
    versions = fees.pricing_versions(connection)
    charges = rows.charges(connection, period, number)
    while portion := list(islice(charges, _AT_ONCE)):
        for one in portion:
            found = _compared(one, versions.get(one.record.instrument_id, ()))
            if found is not None:
                yield one, found


def _compared(one: Charge, versions: Sequence[Version]) -> Difference | None:
    charged = Charged(one.fen, one.customer_class)
    return compare(one.record, usage(one.record), charged, versions, internal=one.internal, own_school=one.own_school)


def parts(detail: str) -> tuple[str, int, int | None]:
    """``amount:12000:10000`` as the reason, what was charged and what is due in fen (None: the schedule prices it not at all)."""
    reason, charged, due = detail.split(":")
    return reason, int(charged), int(due) if due else None


def told(detail: str) -> str:
    """``amount:12000:10000`` in words."""
    reason, charged, due = parts(detail)
    return say(f"integrity.charge.{reason}", charged=money.text(charged), due="" if due is None else money.text(due))


def inputs(connection: Connection, period: Period, number: str) -> tuple[Figure, ...]:
    """What the difference of one record's charge hangs on: the charge, what the schedule gives and how, or what it refuses."""
    for charge, difference in _differences(connection, period, number):
        charged = Figure("integrity.charged", charge.fen, "fen", "posted", note=class_words(charge.customer_class))
        schedule = difference.matched.schedule if difference.matched else None
        version = Figure(
            "integrity.schedule", schedule.from_on if schedule else None, "date",
            note=" ".join(part for part in (schedule.title, schedule.document) if part) if schedule else "",
        )  # fmt: skip
        parts = (difference.priced.figure,) if difference.priced else ()
        refused = say("fee.joiner").join(say(one.code, **dict(one.params)) for one in difference.findings)
        note = class_words(difference.priced.customer_class) if difference.priced else refused
        due = Figure("integrity.due", difference.due_fen, "fen", "in_force", note=note, inputs=parts)
        return charged, version, due
    return ()
