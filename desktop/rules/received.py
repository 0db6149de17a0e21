"""Money received as the basis of payouts: each receipt settles its part of a posting, and a refund takes its part back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from desktop.ledger import money
from desktop.ledger.allocation import Original, SettlementLine
from desktop.ledger.finding import Finding, Severity
from desktop.ledger.service_record import Receipt


def by_receipts(
    postings: Sequence[SettlementLine], receipts: Sequence[Receipt], originals: Mapping[str, Original]
) -> tuple[tuple[SettlementLine, ...], tuple[Finding, ...]]:
    """One line per receipt, and what is wrong with the receipts.

    ``postings``: the postings as lines (reversals too); ``receipts``: all receipts of these postings, settled ones too,
    because minutes are given out cumulatively; the caller drops the settled lines. ``originals``: by key of a settled
    receipt, how it was settled. The minutes of all parts sum to the minutes of the posting when it is paid in full.
    Raises KeyError for a receipt whose posting is not given.
    """
    by_key = {line.posting_id: line for line in postings}
    reversed_postings = {line.reverses for line in postings if line.reverses is not None}
    mine: dict[str, list[Receipt]] = defaultdict(list)
    for receipt in sorted(receipts, key=lambda one: (one.reverses is not None, one.received_on, one.id)):
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
        lines += _parts(posting, own, originals)
    return tuple(lines), tuple(told)


def _parts(posting: SettlementLine, own: Sequence[Receipt], originals: Mapping[str, Original]) -> list[SettlementLine]:
    parts: list[SettlementLine] = []
    minutes: dict[str, int] = {}
    so_far = 0
    for receipt in own:
        if receipt.reverses is None:
            before = _minutes(posting, so_far)
            so_far += receipt.fen
            minutes[receipt.id] = _minutes(posting, so_far) - before
            part = minutes[receipt.id]
        else:
            part = -minutes[receipt.reverses]
        parts.append(
            replace(
                posting,
                receipt_id=receipt.id,
                counted_on=receipt.received_on,
                amount_fen=receipt.fen,
                minutes=part,
                reverses=receipt.reverses,
                original=None if receipt.reverses is None else originals.get(receipt.reverses),
            )
        )
    return parts


def _minutes(posting: SettlementLine, fen: int) -> int:
    return posting.minutes * fen // posting.amount_fen if posting.amount_fen else 0


def _about(posting: SettlementLine, code: str, severity: Severity = "error", **params: object) -> Finding:
    told = (("record", posting.record_number), *((name, str(value)) for name, value in params.items()))
    return Finding(code, severity, told, kind="posting", key=posting.posting_id)
