"""SJ2 of the Ministry of Education: how many sets and what they are worth at the end of last year, what came, what went, and what there is now.

The year is the academic one (``moe.year_starts_month``), ended by its last day. Money is fen here and 万元 where it is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from desktop.ledger.finding import Finding, finding
from desktop.ledger.period import Period


@dataclass(frozen=True, slots=True)
class Kept:
    """A set: the day it was booked (None: unknown), the day it was retired (None: still there), its value in fen (None: unknown)."""

    booked_on: date | None
    retired_on: date | None
    value_fen: int | None


@dataclass(frozen=True, slots=True)
class Stock:
    """Sets and their value in fen."""

    n: int
    fen: int


@dataclass(frozen=True, slots=True)
class Changes:
    """``decrease`` = ``last`` + ``increase`` − ``now``, in sets and in fen."""

    last: Stock
    increase: Stock
    decrease: Stock
    now: Stock
    findings: tuple[Finding, ...]


def changes(sets: Iterable[Kept], year: Period) -> Changes:
    """The changes of an academic year. What was booked and retired within it came and went; unknown days and values are told, not guessed."""
    known, findings = [], []
    undated = valueless = 0
    for one in sets:
        if one.booked_on is None:
            undated += 1
        elif one.value_fen is None:
            valueless += 1
        else:
            known.append((one.booked_on, one.retired_on, one.value_fen))
    if undated:
        findings.append(finding("moe.undated", "warning", n=undated))
    if valueless:
        findings.append(finding("moe.valueless", "warning", n=valueless))
    last = _stock(fen for booked, retired, fen in known if booked < year.start and (retired is None or retired >= year.start))
    came = _stock(fen for booked, _, fen in known if booked in year)
    now = _stock(fen for booked, retired, fen in known if booked < year.end and (retired is None or retired >= year.end))
    gone = Stock(last.n + came.n - now.n, last.fen + came.fen - now.fen)
    return Changes(last, came, gone, now, tuple(findings))


def _stock(values: Iterable[int]) -> Stock:
    told = tuple(values)
    return Stock(len(told), sum(told))
