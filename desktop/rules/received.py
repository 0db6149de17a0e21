"""Money received as the basis of payouts: each receipt settles its part of a posting, and a refund takes its part back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from desktop.ledger import money
from desktop.ledger.allocation import Original, SettlementLine
from desktop.ledger.document_number import compared
from desktop.ledger.finding import Finding, Severity
from desktop.ledger.service_record import Receipt


def by_receipts(
    postings: Sequence[SettlementLine],
    receipts: Sequence[Receipt],
    originals: Mapping[str, Original],
    settled: Mapping[str, int] | None = None,
) -> tuple[tuple[SettlementLine, ...], tuple[Finding, ...]]:
    """One line per receipt, and what is wrong with the receipts.

    ``postings``: the postings as lines (reversals too); ``receipts``: all receipts of these postings, settled ones too,
    because minutes are given out cumulatively; the caller drops the settled lines. ``originals``: by key of a settled
    receipt, how it was settled. ``settled``: by key of a settled receipt, the minutes it was settled with, which stay as they
    are whatever came in later for earlier days. The minutes of all parts sum to the minutes of the posting when it is paid in full.
    Raises KeyError for a receipt whose posting is not given.
    """
    by_key = {line.posting_id: line for line in postings}
    reversed_postings = {line.reverses for line in postings if line.reverses is not None}
    fixed = settled or {}
    mine: dict[str, list[Receipt]] = defaultdict(list)
    for receipt in sorted(receipts, key=lambda one: (one.reverses is not None, one.id not in fixed, one.received_on, one.id)):
        mine[receipt.posting_id].append(receipt)
    lines: list[SettlementLine] = []
    told: list[Finding] = []
    for posting_id, own in sorted(mine.items()):
        posting = by_key[posting_id]
        net = sum(receipt.fen for receipt in own)
        if net > posting.amount_fen:
            told.append(_about(posting, "payout.over_received", received=money.text(net), yuan=money.text(posting.amount_fen)))
            continue
        if net and posting_id in reversed_postings:
            told.append(_about(posting, "payout.received_for_reversed", "warning", yuan=money.text(net)))
        told += _same(posting, own, fixed)
        lines += _parts(posting, own, originals, fixed)
    return tuple(lines), tuple(told)


def _same(posting: SettlementLine, own: Sequence[Receipt], fixed: Mapping[str, int]) -> list[Finding]:
    """The same money entered twice, as by two seats, where some of it is still to be settled; it may have come in two equal parts."""
    back = {receipt.reverses for receipt in own}
    alike: dict[tuple[object, ...], list[Receipt]] = defaultdict(list)
    for receipt in own:
        if receipt.reverses is None and receipt.id not in back:
            alike[receipt.received_on, receipt.fen, compared(receipt.invoice_number)].append(receipt)
    return [
        _about(
            posting, "receipt.twice", "warning", n=len(same), day=same[0].received_on, yuan=money.text(same[0].fen), invoice=same[0].invoice_number.strip(),
            whole=money.text(same[0].fen * len(same)),
        )
        for same in alike.values()
        if len(same) > 1 and any(receipt.id not in fixed for receipt in same)
    ]  # fmt: skip


def _parts(
    posting: SettlementLine, own: Sequence[Receipt], originals: Mapping[str, Original], fixed: Mapping[str, int]
) -> list[SettlementLine]:
    parts: list[SettlementLine] = []
    minutes: dict[str, int] = {}
    so_far = given = 0
    for receipt in own:
        original = None if receipt.reverses is None else originals.get(receipt.reverses)
        if receipt.reverses is None:
            so_far += receipt.fen
            part = fixed[receipt.id] if receipt.id in fixed else max(0, _minutes(posting, so_far) - given)
            minutes[receipt.id] = part
            given += part
        else:
            part = -(minutes[receipt.reverses] if original is None else original.minutes)
        parts.append(
            replace(
                posting,
                receipt_id=receipt.id,
                counted_on=receipt.received_on,
                amount_fen=receipt.fen,
                minutes=part,
                reverses=receipt.reverses,
                original=original,
            )
        )
    return parts


def _minutes(posting: SettlementLine, fen: int) -> int:
    return posting.minutes * fen // posting.amount_fen if posting.amount_fen else 0


def _about(posting: SettlementLine, code: str, severity: Severity = "error", **params: object) -> Finding:
    told = (("record", posting.record_number), *((name, str(value)) for name, value in params.items()))
    return Finding(code, severity, told, kind="posting", key=posting.posting_id)
