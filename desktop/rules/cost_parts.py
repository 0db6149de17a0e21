"""Which part of a declared cost a run deducts: the calendar days of its period up to the run's last day that no standing run holds.

Every day of the period has its fen: what is due up to and with the day, rounded half up, less what was due before it. So days
put together in any order, by any runs, add up to the row exactly, and a run that is reversed gives back what it took.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction

from desktop.ledger.allocation import CostPart, CostRow, Span
from desktop.rules.exact import rounded

DAY = timedelta(days=1)


def due_fen(row: CostRow, day: date) -> int:
    """What falls on the days of the period up to a day, the day included; 0 before the period, the whole row from its end on."""
    n = max(0, (min(day, row.period_to) - row.period_from).days + 1)
    return rounded(Fraction(row.fen * n, row.n_days))


def span_fen(row: CostRow, span: Span) -> int:
    """What falls on the days of a span, both ends included."""
    return due_fen(row, span[1]) - due_fen(row, span[0] - DAY)


def part(row: CostRow, to_on: date, held: Iterable[Span] = ()) -> CostPart | None:
    """What a run up to a day deducts; ``held``: the spans that standing runs have deducted. None when no day is left for it."""
    taken = sorted(held)
    spans = tuple(_free(row.period_from, min(to_on, row.period_to), taken))
    if not spans:
        return None
    return CostPart(row, spans, sum(span_fen(row, span) for span in spans), sum(span_fen(row, span) for span in taken))


def _free(start: date, end: date, taken: Iterable[Span]) -> Iterator[Span]:
    """The spans of ``start``–``end`` outside the sorted ``taken`` ones."""
    for begin, last in taken:
        if start > end:
            return
        if start < begin:
            yield start, min(end, begin - DAY)
        start = max(start, last + DAY)
    if start <= end:
        yield start, end
