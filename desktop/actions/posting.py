"""Posting (记账) fixes a price on a record for ever; reversal and replacement correct it; receipts are money that came in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from desktop.actions import judging
from desktop.actions.judging import Judge, Judged
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.resting import resting
from desktop.actions.workspace import Workspace, today
from desktop.ledger import money
from desktop.ledger.finding import Finding
from desktop.ledger.keys import new_key, reversal_key
from desktop.ledger.period import month_of
from desktop.ledger.problem import Refused
from desktop.ledger.service_record import Posting, Receipt, ServiceRecord
from desktop.rules import approval
from desktop.store import records as rows
from desktop.store.database import Connection
from desktop.store.evaluation import RATINGS
from desktop.store.facts import POSTINGS, RECEIPTS, RECORDS
from desktop.store.payouts import MONTHS


@dataclass(frozen=True, slots=True)
class Posted:
    """What posting did: how many, their sum in fen, and the records that could not be posted with what is wrong.

    ``n_late`` of them belong to closed months.
    """

    posted: int
    amount_fen: int
    refused: tuple[tuple[str, tuple[Finding, ...]], ...]
    operation: int
    n_late: int = 0


def _wanted(connection: Connection, numbers: list[str] | None, to: date | None) -> list[ServiceRecord]:
    if numbers is None:
        return rows.drafts(connection, to)
    wanted = list(dict.fromkeys(number.strip() for number in numbers))
    found = rows.by_numbers(connection, wanted)
    for number in wanted:
        if number not in found:
            raise Refused("record.unknown", number=number)
        if found[number].state != "draft" and not rows.posted_nowhere(connection, found[number].id):
            raise Refused(unchangeable(found[number]), number=number)
    return [found[number] for number in wanted]


def unchangeable(record: ServiceRecord) -> str:
    """The code of what is said when a record that is no draft was to be changed or posted."""
    return "record.reversed" if record.state == "reversed" else "record.posted"


def _closed(connection: Connection) -> frozenset[str]:
    return approval.closed_months(MONTHS.find(connection, order="at, rowid"))


def _posting(judged: Judged, on: date, closed: frozenset[str]) -> Posting:
    record, priced, matched = judged.record, judged.priced, judged.matched
    if priced is None or matched is None or record.customer_id is None:  # postable records have all three
        raise AssertionError(f"{record.number} is not postable")
    return Posting(
        id=new_key(confidential=record.confidential),
        record_id=record.id,
        record_number=record.number,
        instrument_id=record.instrument_id,
        technician_id=record.operator_id,
        customer_id=record.customer_id,
        schedule_id=matched.schedule.id,
        line_id=matched.line.id,
        customer_class=priced.customer_class,
        external=priced.customer_class == "external",
        confidential=record.confidential,
        quantity=priced.quantity,
        unit=priced.unit,
        unit_price_fen=priced.unit_price_fen,
        amount_fen=priced.amount_fen,
        minutes=record.minutes,
        rule_text=priced.rule_text,
        ended_on=record.ended_at.date(),
        service_month=month_of(record.ended_at.date()),
        posted_on=on,
        late=month_of(record.ended_at.date()) in closed,
    )


@resting()
def post(
    workspace: Workspace, numbers: list[str] | None = None, to: date | None = None, *, progress: Progress = UNWATCHED
) -> Posted:
    """Post the records with these numbers, or all drafts whose service ended on or before ``to``, in one operation.

    A record with a problem is left as it is and named; the others are posted. Irreversible but by reversal. A posted record of which no
    posting stands (two seats took theirs back for each other's) is posted anew when it is named.
    Raises Refused for an unknown or already posted number: then nothing is posted.
    """
    on = today()
    refused: list[tuple[str, tuple[Finding, ...]]] = []
    with workspace.write("record post", undoable=False) as operation:
        connection = operation.connection
        wanted = _wanted(connection, numbers, to)
        judge = Judge(connection, None if len(wanted) > 200 else {r.instrument_id for r in wanted})
        done: list[Judged] = []
        for n, record in enumerate(wanted):
            if n % 256 == 0:
                progress.check()
                progress.report(n, len(wanted), "work.posting")
            judged = judge.judge(record)
            if judged.postable:
                done.append(judged)
            else:
                refused.append((record.number, judged.findings))
        closed = _closed(connection)
        postings = [_posting(judged, on, closed) for judged in done]
        POSTINGS.insert(connection, postings)
        keys = [judged.record.id for judged in done]
        operation.executemany("UPDATE service_record SET state = 'posted' WHERE id = ?", [(key,) for key in keys])
        rows.write_problems(operation, keys, [])
    amount = sum(posting.amount_fen for posting in postings)
    return Posted(len(postings), amount, tuple(refused), operation.changes.operation, sum(posting.late for posting in postings))


def _once_posted(connection: Connection, number: str) -> tuple[ServiceRecord, Posting]:
    record = RECORDS.one(connection, "number = ?", (number.strip(),))
    if record is None:
        raise Refused("record.unknown", number=number)
    posting = rows.posting_of(connection, record.id)
    if posting is None:
        raise Refused("record.not_posted", number=number, state=f"record.state.{record.state}")
    return record, posting


def _posted(connection: Connection, number: str) -> tuple[ServiceRecord, Posting]:
    record, posting = _once_posted(connection, number)
    if record.state != "posted":
        raise Refused("record.not_posted", number=number, state=f"record.state.{record.state}")
    return record, posting


def _reversible(connection: Connection, number: str) -> tuple[ServiceRecord, Posting]:
    """A posted record without money against it: money that stays on a reversed record would be nobody's.

    While another seat's posting of it waits for a decision, reversing ours would make the record reversed there, with that posting standing.
    """
    record, posting = _posted(connection, number)
    if rows.is_contested(connection, record.id):
        raise Refused("record.posted_twice", number=number)
    got = rows.received_fen(connection, posting.id)
    if got:
        raise Refused("record.receipts_stand", number=number, yuan=money.text(got))
    return record, posting


def _unreplaced(connection: Connection, number: str) -> ServiceRecord:
    """A reversed record that no other replaces yet."""
    record, _ = _once_posted(connection, number)
    if rows.is_contested(connection, record.id):
        raise Refused("record.posted_twice", number=number)
    last = rows.chains(connection, [record.number])[record.number][-1]
    if last.id != record.id:
        raise Refused("record.replaced_already", number=number, by=last.number)
    return record


def mirror(connection: Connection, posting: Posting, reason: str) -> Posting:
    """The posting that takes another back whole, dated today."""
    return replace(
        posting,
        id=reversal_key(posting.id),
        amount_fen=-posting.amount_fen,
        minutes=-posting.minutes,
        posted_on=today(),
        reverses=posting.id,
        reason=reason.strip(),
        late=posting.service_month in _closed(connection),
    )


def reverse(workspace: Workspace, number: str, reason: str) -> int:
    """Take a posted record's amount back with a mirrored posting. Returns the reversal's fen (negative).

    Raises Refused without a reason, or when the record is not posted or receipts still stand against it.
    """
    if not reason.strip():
        raise Refused("record.no_reason")
    with workspace.write("record reverse", reason=reason.strip(), undoable=False, params={"number": number}) as operation:
        record, posting = _reversible(operation.connection, number)
        back = mirror(operation.connection, posting, reason)
        POSTINGS.insert(operation.connection, [back])
        operation.executemany("UPDATE service_record SET state = 'reversed' WHERE id = ?", [(record.id,)])
    return back.amount_fen


def replace_record(workspace: Workspace, number: str, draft: ServiceRecord, reason: str) -> str:
    """Enter the corrected successor of a record in one operation; a posted one is reversed in it. Returns the new record's number.

    Of a record that was reversed before only the successor is entered, and undo takes it away again. Raises Refused without a reason,
    for a draft, for what cannot be reversed, and for a reversed record that another replaces already.
    """
    from desktop.actions.records import settled

    if not reason.strip():
        raise Refused("record.no_reason")
    with workspace.read() as connection:
        before = _once_posted(connection, number)[0]
    entering = before.state == "reversed"
    with workspace.write("record replace", reason=reason.strip(), undoable=entering, params={"number": number}) as operation:
        connection = operation.connection
        if entering:
            record = _unreplaced(connection, number)
        else:
            record, posting = _reversible(connection, number)
            POSTINGS.insert(connection, [mirror(connection, posting, reason)])
            operation.executemany("UPDATE service_record SET state = 'reversed' WHERE id = ?", [(record.id,)])
        free = rows.successor_number(connection, record.number)
        said = RATINGS.one(connection, "record_id = ?", (record.id,))
        # What the user said later was said of the service; it is not lost with the record that was wrong.
        rating = said.word if said is not None and draft.rating == record.rating else draft.rating
        successor = settled(connection, replace(draft, id="", number=free, state="draft", replaces=record.id, imported="", rating=rating))
        RECORDS.insert(connection, [successor])
        judging.recheck(operation, judging.neighbours(connection, [successor.id]))
    return successor.number


def receive(workspace: Workspace, number: str, on: date, fen: int, invoice: str) -> int:
    """Record money received for a posted record. Returns what is still open in fen.

    Raises Refused when the amount is not positive, the day lies ahead, the invoice is missing, or more than the price would have come in.
    """
    if fen <= 0:
        raise Refused("receipt.amount")
    if on > today():
        raise Refused("receipt.future", on=on)
    if not invoice.strip():
        raise Refused("receipt.no_invoice")
    with workspace.write("receipt add", undoable=False, params={"number": number}) as operation:
        connection = operation.connection
        _, posting = _posted(connection, number)
        got = rows.received_fen(connection, posting.id)
        if got + fen > posting.amount_fen:
            raise Refused("receipt.too_much", number=number, open=money.text(posting.amount_fen - got))
        RECEIPTS.insert(connection, [Receipt(new_key(confidential=posting.confidential), posting.id, on, fen, invoice.strip())])
    return posting.amount_fen - got - fen


def receive_back(workspace: Workspace, number: str, receipt_id: str, on: date | None, reason: str) -> int:
    """Take a receipt back whole. ``on`` None: it was recorded by mistake and counts on its own day again; a day: refunded then.

    Returns what is open again in fen. Raises Refused without a reason, for a receipt of another record, one that is taken back
    already or is itself a taking back, and for a day before the money came or ahead.
    """
    if not reason.strip():
        raise Refused("record.no_reason")
    with workspace.write("receipt back", reason=reason.strip(), undoable=False, params={"number": number}) as operation:
        connection = operation.connection
        _, posting = _once_posted(connection, number)
        receipt = RECEIPTS.one(connection, "id = ? AND posting_id = ?", (receipt_id, posting.id))
        if receipt is None:
            raise Refused("receipt.unknown", number=number)
        if receipt.reverses is not None or RECEIPTS.one(connection, "reverses = ?", (receipt.id,)):
            raise Refused("receipt.back_already", number=number)
        day = on or receipt.received_on
        if day > today():
            raise Refused("receipt.future", on=day)
        if day < receipt.received_on:
            raise Refused("receipt.back_before", on=day, received=receipt.received_on)
        back = replace(receipt, id=reversal_key(receipt.id), received_on=day, fen=-receipt.fen, reverses=receipt.id)
        RECEIPTS.insert(connection, [back])
        got = rows.received_fen(connection, posting.id)
    return posting.amount_fen - got


def receipts(workspace: Workspace, number: str) -> list[Receipt]:
    """The receipts of a record that is or was posted, those taken back and their taking back too, oldest first."""
    with workspace.read() as connection:
        _, posting = _once_posted(connection, number)
        return RECEIPTS.find(connection, "posting_id = ?", (posting.id,), "received_on, rowid")
