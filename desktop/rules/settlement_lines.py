"""What a payout run does with each line it is offered: pay, take back, cancel, or leave for another run.

A posting and its reversal that are both unsettled cancel each other; a reversal of a line settled earlier is taken back
at the fen attributed then. Lines without operator and internal lines that the scheme leaves out stay unsettled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from desktop.ledger.allocation import Original, Scheme, SettlementLine
from desktop.ledger.finding import Finding, finding


@dataclass(frozen=True, slots=True)
class Sorted:
    """``present`` lines make the pool; ``back`` are taken back; ``cancelled`` pairs (line, its reversal) bring 0 fen.

    Not settled: ``waiting`` (no operator), ``left_out`` (internal), ``void`` (pairs without operator).
    """

    present: tuple[SettlementLine, ...]
    back: tuple[tuple[SettlementLine, Original], ...]
    cancelled: tuple[tuple[SettlementLine, SettlementLine], ...]
    waiting: tuple[SettlementLine, ...]
    left_out: tuple[SettlementLine, ...]
    void: tuple[SettlementLine, ...]
    findings: tuple[Finding, ...]


def is_late(ended_on: date, settled_to: date | None) -> bool:
    """Whether a service belongs to days an earlier run has settled (``settled_to``: that run's day, included)."""
    return settled_to is not None and ended_on <= settled_to


def sort_lines(lines: Sequence[SettlementLine], to_on: date, scheme: Scheme) -> Sorted:
    """Sort the lines of a run; an error among ``findings`` means the run cannot be calculated."""
    told: list[Finding] = []
    for key, n in Counter(line.key for line in lines).items():
        if n > 1:
            told.append(finding("payout.line_twice", kind="posting", key=key))
    back, rest, left_out = [], [], []
    for line in sorted(lines, key=_order):
        if line.counted_on > to_on:
            told.append(_about(line, "payout.line_after", to=to_on, day=line.counted_on))
        if line.original is not None:
            told += _differs(line, line.original.amount_fen, line.original.minutes)
            back.append((line, line.original))
        elif not scheme.includes(line):
            left_out.append(line)
        else:
            rest.append(line)
    pairs, single = _pairs(rest, told)
    present = tuple(line for line in single if line.technician_id is not None)
    return Sorted(
        present=present,
        back=tuple(back),
        cancelled=tuple(pair for pair in pairs if pair[0].technician_id is not None),
        waiting=tuple(line for line in single if line.technician_id is None),
        left_out=tuple(left_out),
        void=tuple(line for pair in pairs if pair[0].technician_id is None for line in pair),
        findings=tuple(told),
    )


def _pairs(
    lines: Sequence[SettlementLine], told: list[Finding]
) -> tuple[list[tuple[SettlementLine, SettlementLine]], list[SettlementLine]]:
    """Reversals with the line they reverse, and the lines that stand alone."""
    by_key = {line.key: line for line in lines}
    pairs, paired = [], set()
    for line in lines:
        if line.reverses is None:
            if line.amount_fen < 0 or line.minutes < 0:
                told.append(_about(line, "payout.negative_line"))
            continue
        reversed_line = by_key.get(line.reverses)
        if reversed_line is None:
            told.append(_about(line, "payout.reversal_unmatched"))
            continue
        told += _differs(line, reversed_line.amount_fen, reversed_line.minutes)
        if line.technician_id != reversed_line.technician_id:
            told.append(_about(line, "payout.reversal_differs"))
        pairs.append((reversed_line, line))
        paired |= {line.key, reversed_line.key}
    return pairs, [line for line in lines if line.key not in paired]


def _differs(line: SettlementLine, amount_fen: int, minutes: int) -> list[Finding]:
    if line.amount_fen == -amount_fen and line.minutes == -minutes:
        return []
    return [_about(line, "payout.reversal_differs")]


def _about(line: SettlementLine, code: str, **params: object) -> Finding:
    kind = "receipt" if line.receipt_id else "posting"
    told = (("record", line.record_number), *((name, str(value)) for name, value in params.items()))
    return Finding(code, params=told, kind=kind, key=line.key)


def _order(line: SettlementLine) -> tuple[str, str, str]:
    return line.month, line.record_number, line.key
