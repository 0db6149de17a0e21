"""The fee a voucher is reckoned on (费用总额): what was charged, no more than was invoiced, less what a person left out.

No text says which part of a fee counts: ``voucher.eligible_fee`` states how the program reads it.
"""

from __future__ import annotations

from desktop.ledger.finding import Finding
from desktop.ledger.voucher import VoucherUse
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters
from desktop.rules.voucher_conditions import about

READING = "voucher.eligible_fee"


def eligible_fee(use: VoucherUse, known: Parameters) -> tuple[Figure, tuple[Finding, ...]]:
    """Fen; unknown without a price, or when more was left out than there is."""
    fee = Figure("voucher.figure.fee", use.fee_fen, "fen", "posted")
    parts, told = [fee], []
    value = use.fee_fen
    if value is None:
        told.append(about(use, "voucher.fee_unknown"))
    elif value <= 0:
        value = 0
        told.append(about(use, "voucher.fee_nothing", "note"))
    if use.invoiced_fen is not None:
        parts.append(Figure("voucher.figure.invoiced", use.invoiced_fen, "fen", "sum"))
        if value is not None and use.invoiced_fen < value:
            value = max(0, use.invoiced_fen)
            told.append(about(use, "voucher.invoiced_less", "warning"))
    if use.excluded_fen:
        parts.append(Figure("voucher.figure.excluded", use.excluded_fen, "fen", "entered", note=use.excluded_why))
        if not use.excluded_why.strip():
            told.append(about(use, "voucher.excluded_unexplained"))
        if value is not None and not 0 <= use.excluded_fen <= value:
            told.append(about(use, "voucher.excluded_too_much", "error"))
            value = None
        elif value is not None:
            value -= use.excluded_fen
    parts.append(known.figure(READING, use.ended_on))
    return Figure("voucher.figure.eligible_fee", value, "fen", "difference", inputs=tuple(parts)), tuple(told)
