"""What stands twice since two seats entered it each by itself, told before money is counted; nobody guesses which of the two is meant."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.ledger import money
from desktop.ledger.finding import Finding, finding
from desktop.ledger.period import Period
from desktop.store import doubles
from desktop.store.database import Connection
from desktop.store.doubles import Beside, SameMoney
from desktop.words import say


def standing(connection: Connection) -> tuple[Finding, ...]:
    """All of it: two posted records in the place of one, drafts beside another one in the same place, money received twice."""
    drafts = tuple(in_one_place(key, one) for key, one in doubles.beside(connection).items())
    return (*replaced_twice(connection), *drafts, *_told(doubles.same_money(connection)))


def touching(connection: Connection, month: Period) -> tuple[Finding, ...]:
    """What touches a month: two posted records in the place of one are an error, the same money received twice a warning, for it may have come in two parts."""
    return (*replaced_twice(connection, month), *_told(doubles.same_money(connection, month)))


def in_one_place(key: str, found: Beside) -> Finding:
    """A draft that cannot be posted while another record stands in the same place."""
    others = say("report.list").join(found.others)
    return finding("record.replaces_twice", kind="service_record", key=key, field="number", number=found.number, before=found.before, others=others)


def replaced_twice(connection: Connection, month: Period | None = None) -> tuple[Finding, ...]:
    """One finding for each record that more than one posted record replaces."""
    return tuple(
        finding("record.replaced_twice", kind="service_record", key=one.key, number=one.number, others=say("report.list").join(one.numbers))
        for one in doubles.replaced_twice(connection, month)
    )


def same_money(connection: Connection, posting_id: str) -> tuple[Finding, ...]:
    """What may be the same money among the receipts of one posting."""
    return _told(doubles.same_money(connection, posting_id=posting_id))


def _told(found: Iterable[SameMoney]) -> tuple[Finding, ...]:
    return tuple(
        finding(
            "receipt.twice", "warning", kind="posting", key=one.posting_id, record=one.record_number, n=len(one.keys), day=one.received_on,
            yuan=money.text(one.fen), invoice=one.invoice_number, whole=money.text(one.fen * len(one.keys)),
        )
        for one in found
    )  # fmt: skip
