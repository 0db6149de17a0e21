"""Service records: enter, correct, answer problems, see the price, remove; posting and money are in ``posting``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop.actions import judging, meanwhile
from desktop.actions.judging import Judge
from desktop.actions.posting import Posted, post, receipts, receive, receive_back, replace_record, reverse, unchangeable
from desktop.actions.record_given import Given, given_to
from desktop.actions.workspace import Workspace
from desktop.formats.cell_codes import same_name
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding
from desktop.ledger.keys import new_key
from desktop.ledger.people import Technician
from desktop.ledger.problem import Refused
from desktop.ledger.service_record import ServiceRecord
from desktop.rules.charging import Priced
from desktop.rules.fee_matching import Matched
from desktop.rules.record_checks import minutes_between
from desktop.store import attachments, vouchers
from desktop.store import records as rows
from desktop.store.database import Connection
from desktop.store.facts import CUSTOMERS, INSTRUMENTS, RECORDS, TECHNICIANS

__all__ = [
    "Given", "Posted", "Pricing", "accept", "add", "add_many", "answer", "change", "correct", "get", "named", "post", "price", "price_of",
    "problems", "receipts", "receive", "receive_back", "remove", "replace_record", "reverse", "settled",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pricing:
    """What a record costs: of a draft as it would be posted, of a posted one as it was fixed (``posted_fen``).

    ``replaced_by`` is the number of the record that replaces a reversed one now; "" for none.
    """

    record: ServiceRecord
    matched: Matched | None
    priced: Priced | None
    findings: tuple[Finding, ...]
    posted_fen: int | None = None
    replaced_by: str = ""


def named(connection: Connection, number: str) -> ServiceRecord:
    """The record with this number. Raises Refused when there is none."""
    found = RECORDS.one(connection, "number = ?", (number.strip(),))
    if found is None:
        raise Refused("record.unknown", number=number)
    return found


def get(workspace: Workspace, number: str) -> ServiceRecord:
    """The record with this number. Raises Refused when there is none."""
    with workspace.read() as connection:
        return named(connection, number)


def price_of(connection: Connection, record: ServiceRecord) -> Pricing:
    """The price of a record that need not be stored yet; of a posted one by the line and class it was posted with.

    What is known of its customer since changes nothing in a price that was fixed.
    """
    judge = Judge(connection, [record.instrument_id])
    posting = rows.posting_of(connection, record.id) if record.state != "draft" else None
    if posting is not None:
        fixed = judge.fixed(record, posting)
        return Pricing(record, fixed.matched, fixed.priced, fixed.findings, posting.amount_fen)
    judged = judge.judge(record)
    return Pricing(record, judged.matched, judged.priced, judged.findings)


def price(workspace: Workspace, number: str) -> Pricing:
    """What a stored record costs, or why it cannot be priced. Raises Refused for an unknown number."""
    with workspace.read() as connection:
        record = named(connection, number)
        last = rows.chains(connection, [record.number])[record.number][-1] if record.state == "reversed" else record
        return replace(price_of(connection, record), replaced_by="" if last.id == record.id else last.number)


def problems(workspace: Workspace, number: str | None = None) -> list[tuple[str, Finding]]:
    """The problem list: record number and finding, worst first."""
    with workspace.read() as connection:
        if number is not None:
            named(connection, number)
        return rows.problems(connection, number)


def about(workspace: Workspace, keys: Sequence[str]) -> dict[str, tuple[str, str, str]]:
    """Record key -> asset number and name of its instrument, and its customer as it was written."""
    with workspace.read() as connection:
        return rows.about(connection, keys)


def settled(connection: Connection, draft: ServiceRecord) -> ServiceRecord:
    """A draft as it is kept: names linked to customers and technicians, minutes from its times, confidential with its instrument.

    Raises Refused for what can never be stored: no number, unknown instrument, end not after start.
    """
    if not draft.number.strip():
        raise Refused("record.no_number")
    instrument = INSTRUMENTS.get(connection, draft.instrument_id)
    if instrument is None:
        raise Refused("record.unknown_instrument", number=draft.number)
    minutes = draft.minutes if draft.derived else minutes_between(draft.started_at, draft.ended_at)
    if minutes <= 0:
        raise Refused("record.span", number=draft.number, start=f"{draft.started_at:%Y-%m-%d %H:%M}", end=f"{draft.ended_at:%Y-%m-%d %H:%M}")
    if draft.quantity is not None and draft.quantity < 0:
        raise Refused("record.negative", number=draft.number)
    customer = CUSTOMERS.one(connection, "name = ?", (draft.customer_name.strip(),)) if draft.customer_name.strip() else None
    operator = operator_named(connection, draft.operator_name, draft.operator_id)
    confidential = bool(instrument.confidential)
    key = draft.id or new_key(confidential=confidential)
    return replace(
        draft,
        id=key,
        number=draft.number.strip(),
        minutes=minutes,
        customer_id=customer.id if customer else None,
        operator_id=operator.id if operator else None,
        operator_name=operator.name if operator else draft.operator_name,
        confidential=confidential,
    )


def operator_named(connection: Connection, name: str, linked: str | None = None) -> Technician | None:
    """The technician by staff number, or by a name that only one carries; of namesakes the one already ``linked`` stays."""
    text = same_name(name)
    if not text:
        return None
    by_number = TECHNICIANS.one(connection, "staff_number = ?", (text,))
    if by_number:
        return by_number
    found = TECHNICIANS.find(connection, "name IN (?, ?)", (text, name.strip()))
    kept = [one for one in found if one.id == linked] if len(found) > 1 else found
    return kept[0] if len(kept) == 1 else None


def add(workspace: Workspace, draft: ServiceRecord) -> Changes:
    """Enter one record; see ``add_many``."""
    return add_many(workspace, [draft])


def add_many(workspace: Workspace, drafts: list[ServiceRecord]) -> Changes:
    """Enter records in one operation; their problems go to the list. Raises Refused when one can never be stored: none is then."""
    with workspace.write("record add", params={"n": str(len(drafts))}) as operation:
        connection = operation.connection
        kept = [settled(connection, replace(draft, id="", state="draft")) for draft in drafts]
        taken = set(rows.by_numbers(connection, [record.number for record in kept]))
        for record in kept:
            if record.number in taken:
                raise Refused("record.taken", number=record.number)
            taken.add(record.number)
        RECORDS.insert(connection, kept)
        judging.recheck(operation, judging.neighbours(connection, [record.id for record in kept]))
    return operation.changes


def change(workspace: Workspace, draft: ServiceRecord, reason: str = "", *, seen: ServiceRecord | None = None) -> Changes:
    """Correct a draft. ``seen``: the record as the person had it before them; what they left as it was stays as it is stored.

    Raises Refused for a posted record (reverse and replace it instead), and where somebody changed the same since it was seen.
    """
    named = "" if draft.confidential else draft.number
    with workspace.write("record change", reason=reason, params={"number": named}) as operation:
        connection = operation.connection
        old = RECORDS.get(connection, draft.id)
        if old is None:
            raise Refused("record.unknown", number=draft.number)
        _refuse_posted(old)
        before = judging.neighbours(connection, [old.id])
        # What follows from what was typed (minutes, whose customer) is compared as it would be kept.
        draft = settled(connection, replace(draft, state="draft"))
        new = settled(connection, meanwhile.merged(connection, "service_record", old, seen, draft))
        if new.number != old.number and rows.by_numbers(connection, [new.number]):
            raise Refused("record.taken", number=new.number)
        RECORDS.update(connection, [new])
        judging.recheck(operation, sorted({*before, *judging.neighbours(connection, [old.id])}))
    return operation.changes


def remove(workspace: Workspace, numbers: list[str]) -> Changes:
    """Remove drafts with their attachments and papers; undo brings them back. Raises Refused when one is posted, in a voucher claim or marked."""
    with workspace.write("record remove", params={"n": str(len(numbers))}) as operation:
        connection = operation.connection
        found = [named(connection, number) for number in numbers]
        for record in found:
            _refuse_posted(record)
        keys = [record.id for record in found]
        claimed = vouchers.claim_naming(connection, keys)
        if claimed is not None:
            raise Refused("voucher.use_claimed", number=claimed[0], claim=claimed[1])
        marked = vouchers.marked(connection, keys)
        if marked is not None:
            raise Refused("voucher.use_marked", number=marked)
        around = [key for key in judging.neighbours(connection, keys) if key not in set(keys)]
        rows.write_problems(operation, keys, [])
        vouchers.drop_papers(connection, keys)
        attachments.drop_of(connection, "service_record", keys)
        RECORDS.delete(connection, keys)
        judging.recheck(operation, around)
    return operation.changes


def _refuse_posted(record: ServiceRecord) -> None:
    if record.state != "draft":
        raise Refused(unchangeable(record), number=record.number)


_NOT_AN_ANSWER = frozenset({"fee.agreed_outside", "fee.agreed_on_fixed"})


def answer(workspace: Workspace, number: str, given: Given) -> Changes:
    """Fill in what a problem asks for.

    Raises Refused for an unknown operator or customer, a record that is no draft, and an agreed price that the fee line does not allow.
    """
    record = get(workspace, number)
    _refuse_posted(record)
    with workspace.read() as connection:
        new = given_to(connection, record, given)
        if given.agreed_price_fen is not None:
            told = tuple(f for f in price_of(connection, settled(connection, new)).findings if f.code in _NOT_AN_ANSWER)
            if told:
                raise Refused("record.answer_refused", findings=told, number=number)
    return change(workspace, new, seen=record)


def correct(workspace: Workspace, number: str, reason: str, given: Given) -> str:
    """Reverse a posted record, or take one that was reversed before, and enter it anew with what is given; see ``replace_record``.

    Returns the number of the replacement.
    """
    with workspace.read() as connection:
        draft = given_to(connection, named(connection, number), given)
    return replace_record(workspace, number, draft, reason)


def accept(workspace: Workspace, number: str, code: str, reason: str) -> Changes:
    """Accept a problem that is right as it is (overlap, differing hours …), with a reason that stays on the record."""
    if code not in judging.ACCEPTABLE:
        raise Refused("record.not_acceptable", code=code)
    if not reason.strip():
        raise Refused("record.no_reason")
    record = get(workspace, number)
    kept = tuple(one for one in record.answers if not one.startswith(f"{code}="))
    return change(workspace, replace(record, answers=(*kept, f"{code}={reason.strip()}")), reason=reason, seen=record)
