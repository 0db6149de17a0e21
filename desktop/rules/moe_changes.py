"""SJ2 of the Ministry of Education: how many sets and what they are worth at the end of last year, what came, what went, and what there is now.

The year is the academic one (``moe.year_starts_month``), ended by its last day. Money is fen here and 万元 where it is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from desktop.ledger.finding import Finding, finding
from desktop.ledger.period import Period
from desktop.rules.figure import Figure, Rows


@dataclass(frozen=True, slots=True)
class Kept:
    """A set: the day it was booked (None: unknown), the day it was retired (None: still there), its value in fen (None: unknown).

    ``stated``: somebody said whether it is confidential.
    """

    booked_on: date | None
    retired_on: date | None
    value_fen: int | None
    key: str = ""
    stated: bool = True


@dataclass(frozen=True, slots=True)
class Stock:
    """Sets and their value in fen; ``keys`` of the sets that were counted (of a decrease: those that went)."""

    n: int
    fen: int
    keys: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Changes:
    """``decrease`` = ``last`` + ``increase`` − ``now``, in sets and in fen.

    ``n_unstated`` sets of the year are in none of them: nobody said that they are not confidential.
    """

    last: Stock
    increase: Stock
    decrease: Stock
    now: Stock
    findings: tuple[Finding, ...]
    n_unstated: int = 0


def changes(sets: Iterable[Kept], year: Period) -> Changes:
    """The changes of an academic year. What was booked and retired within it came and went; what is unknown is told, not guessed."""
    known, findings = [], []
    undated = valueless = unstated = 0
    for one in sets:
        if not one.stated:
            unstated += (one.booked_on is None or one.booked_on < year.end) and (one.retired_on is None or one.retired_on >= year.start)
        elif one.booked_on is None:
            undated += 1
        elif one.value_fen is None:
            valueless += 1
        else:
            known.append((one.booked_on, one.retired_on, (one.value_fen, one.key)))
    if undated:
        findings.append(finding("moe.undated", "warning", n=undated))
    if valueless:
        findings.append(finding("moe.valueless", "warning", n=valueless))
    if unstated:
        findings.append(finding("moe.unstated", "warning", n=unstated))
    last = _stock(told for booked, retired, told in known if booked < year.start and (retired is None or retired >= year.start))
    came = _stock(told for booked, _, told in known if booked in year)
    now = _stock(told for booked, retired, told in known if booked < year.end and (retired is None or retired >= year.end))
    went = tuple(told[1] for booked, retired, told in known if booked < year.end and retired is not None and retired in year)
    gone = Stock(last.n + came.n - now.n, last.fen + came.fen - now.fen, went)
    return Changes(last, came, gone, now, tuple(findings), unstated)


def _stock(counted: Iterable[tuple[int, str]]) -> Stock:
    told = tuple(counted)
    return Stock(len(told), sum(fen for fen, _ in told), tuple(key for _, key in told))


def figure(found: Changes, year: Period) -> Figure:
    """What went in the year, in sets, as the table is checked: last + increase − now; money beside each."""
    parts = (("last", found.last), ("increase", found.increase), ("now", found.now))
    inputs = tuple(
        Figure(f"moe.sj2.{name}", stock.n, "count", "count", inputs=(_worth(stock),), rows=Rows("instrument", stock.keys)) for name, stock in parts
    )
    return Figure(
        "moe.sj2.decrease", found.decrease.n, "count", "difference", inputs=(_worth(found.decrease), *inputs), rows=Rows("instrument", found.decrease.keys),
        params=(("period", year.name), ("first", year.start.isoformat()), ("last", year.last_day.isoformat())),
    )  # fmt: skip


def _worth(stock: Stock) -> Figure:
    return Figure("moe.sj2.worth", stock.fen, "fen", "sum")
