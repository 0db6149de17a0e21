"""What the page of service records shows and does beyond its list: detail of one, preview of posting, batch filling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from desktop.actions import doubles, judging, records, renumbering
from desktop.actions.judging import ACCEPTABLE, Judge
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.records import Pricing
from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.national_service import NationalService
from desktop.ledger.problem import Refused
from desktop.ledger.service_record import Posting, Receipt, ServiceRecord
from desktop.ledger.voucher_rows import VoucherMark
from desktop.rules.figure import Figure
from desktop.store import evaluation, national_stated, undo, vouchers
from desktop.store import record_views as rows
from desktop.store import records as stored
from desktop.store.facts import INSTRUMENTS, POSTINGS, RECEIPTS, RECORDS
from desktop.store.undo import Done

__all__ = ["ACCEPTABLE", "Detail", "Done", "Preview", "detail", "fill", "would_post"]


@dataclass(frozen=True, slots=True)
class Detail:
    """One record with everything the page shows beside the list. ``open_fen`` None: nothing is posted, so nothing is owed.

    ``rating`` is what its user said, before or after posting; ``stated`` what the national platform is told of it besides.
    ``same_money``: receipts that may be one, entered twice. ``other_number``: a free number to take, for another seat's record has this one.
    """

    record: ServiceRecord
    instrument: Instrument | None
    pricing: Pricing
    figure: Figure
    postings: tuple[Posting, ...]
    receipts: tuple[Receipt, ...]
    open_fen: int | None
    history: tuple[Done, ...]
    replaces: str = ""
    replaced_by: str = ""
    same_money: tuple[Finding, ...] = ()
    other_number: str = ""
    rating: str = ""
    stated: NationalService | None = None
    mark: VoucherMark | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What posting would do: how many records and their sum in fen, how many would stay because of a problem."""

    n_posted: int
    amount_fen: int
    n_refused: int
    n_confidential: int = 0


def detail(workspace: Workspace, key: int) -> Detail | None:
    """Everything about the record behind a key of the list; None when it is gone."""
    with workspace.read() as connection:
        records_found = stored.by_rowids(connection, [key])
        if not records_found:
            return None
        record = records_found[0]
        pricing = records.price_of(connection, record)
        instrument = INSTRUMENTS.get(connection, record.instrument_id)
        postings = POSTINGS.find(connection, "record_id = ?", (record.id,), "rowid")
        own = next((posting for posting in postings if posting.reverses is None), None)
        receipts = RECEIPTS.find(connection, "posting_id = ?", (own.id,), "received_on, rowid") if own else []
        history = [done for seq in rows.operations_on(connection, record.id) if (done := undo.get(connection, seq)) is not None]
        before, after = rows.relatives(connection, record)
        same = doubles.same_money(connection, own.id) if own else ()
        other = renumbering.offered(connection, record)
        said = evaluation.RATINGS.one(connection, "record_id = ?", (record.id,))
        stated = national_stated.of_records(connection, [record.id]).get(record.id)
        mark = vouchers.MARKS.one(connection, "record_id = ?", (record.id,))
    still_open = own.amount_fen - sum(receipt.fen for receipt in receipts) if own and record.state == "posted" else None
    from desktop.actions import explaining  # the list does not wait for it

    figure = explaining.explain(workspace, "price", record.number)
    return Detail(
        record, instrument, pricing, figure, tuple(postings), tuple(receipts), still_open, tuple(history), before, after, same, other,
        said.word if said else record.rating, stated, mark,
    )  # fmt: skip


def would_post(
    workspace: Workspace, numbers: Sequence[str] | None = None, to: date | None = None, *, progress: Progress = UNWATCHED
) -> Preview:
    """What ``posting.post`` would do with these records, or with all drafts up to a day; nothing is written."""
    with workspace.read() as connection:
        if numbers is None:
            wanted = stored.drafts(connection, to)
        else:
            wanted = [
                one for number in dict.fromkeys(numbers) if (one := RECORDS.one(connection, "number = ?", (number,))) is not None
            ]
        judge = Judge(connection, None if len(wanted) > 200 else {record.instrument_id for record in wanted})
        amount = n_posted = n_confidential = 0
        for n, record in enumerate(wanted):
            if n % 256 == 0:
                progress.check()
                progress.report(n, len(wanted), "work.weighing")
            judged = judge.judge(record)
            if record.state == "draft" and judged.postable and judged.priced is not None:
                n_posted += 1
                amount += judged.priced.amount_fen
                n_confidential += record.confidential
    return Preview(n_posted, amount, len(wanted) - n_posted, n_confidential)


def fill(workspace: Workspace, numbers: Sequence[str], *, operator: str | None = None, contract: str | None = None) -> Changes:
    """Give many drafts the same operator (staff number or unique name) or contract, in one operation that can be undone.

    Raises Refused for an unknown operator or number, or a posted record: then none is changed.
    """
    if operator is None and not (contract or "").strip():
        return Changes()
    with workspace.write("record fill", params={"n": str(len(numbers))}) as operation:
        connection = operation.connection
        changed = []
        for number in dict.fromkeys(numbers):
            record = records.named(connection, number)
            if record.state != "draft":
                raise Refused("record.posted", number=number, detail=record.state)
            new = replace(
                record,
                operator_name=record.operator_name if operator is None else operator,
                contract=record.contract if contract is None else contract.strip(),
            )
            kept = records.settled(connection, new)
            if operator is not None and kept.operator_id is None:
                raise Refused("record.no_such_operator", name=operator)
            changed.append(kept)
        RECORDS.update(connection, changed)
        judging.recheck(operation, [record.id for record in changed])
    return operation.changes
