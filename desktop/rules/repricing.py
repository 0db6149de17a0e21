"""What posted services would have cost under other prices: one service at a time, summed exactly, the difference told apart.

Only what can be repriced is compared: a service without a would-be amount is counted with its reason and its posted amount, never as
zero. Each amount is rounded once, half up, to the fen; sums add fen. Source: fees on cost compensation, non-profit, measure clause 9;
that every price is moved alike and consumables stay at cost is the program's own definition (certainty C).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from desktop.ledger.fee_terms import Agreed
from desktop.ledger.fees import FeeLine
from desktop.ledger.finding import Finding, finding
from desktop.rules.charging import Priced, Usage, price, relevant
from desktop.rules.figure import Figure

CERTAINTY = "C"
LOWEST, HIGHEST = Decimal(-1), Decimal(10)
"""A change of prices is more than −100 % and at most +1 000 %: what lies outside is a slip of the pen."""


@dataclass(slots=True)
class Tally:
    """Services counted up: ``fen`` as posted; of those that can be repriced ``n`` − ``n_open``, ``would_fen`` is what they would cost.

    ``open_fen`` is what the ``n_open`` others were posted with.
    """

    n: int = 0
    fen: int = 0
    n_open: int = 0
    open_fen: int = 0
    would_fen: int = 0

    def add(self, posted_fen: int, would_fen: int | None) -> None:
        """Count one service; ``would_fen`` None: it cannot be repriced."""
        self.n += 1
        self.fen += posted_fen
        if would_fen is None:
            self.n_open += 1
            self.open_fen += posted_fen
        else:
            self.would_fen += would_fen

    @property
    def n_repriced(self) -> int:
        """How many have a would-be amount."""
        return self.n - self.n_open

    @property
    def repriced_fen(self) -> int:
        """What those were posted with."""
        return self.fen - self.open_fen

    @property
    def difference_fen(self) -> int | None:
        """Would-be less posted, of those that can be repriced; None when there is none."""
        return self.would_fen - self.repriced_fen if self.n_repriced else None

    @property
    def share(self) -> Decimal | None:
        """The difference as a share of what was posted; None when that is nothing."""
        if self.difference_fen is None or not self.repriced_fen:
            return None
        return Decimal(self.difference_fen) / Decimal(self.repriced_fen)


@dataclass(slots=True)
class Reason:
    """Why services cannot be repriced: the finding of the first of them, how many, and their posted fen."""

    finding: Finding
    n: int = 0
    fen: int = 0


def allowed(change: Decimal) -> bool:
    """Whether prices may be moved by so much."""
    return change.is_finite() and LOWEST < change <= HIGHEST


def reprice(usage: Usage, line: FeeLine, customer_class: str, change: Decimal = Decimal(0)) -> Priced | tuple[Finding, ...]:
    """What a service would cost by a line with every price moved by ``change``, or the findings that say why nobody knows.

    A price agreed for each service (议价) is nobody's to move: what would have been agreed is unknown.
    """
    if line.to_confirm or line.terms is None:
        return (finding("repricing.unsettled", item=line.item),)
    if change and isinstance(line.terms.price_of(customer_class), Agreed):
        return (finding("repricing.agreed", item=line.item),)
    return price(relevant(usage, line.terms.unit), line.terms, customer_class, source_text=line.source_text, change=change)


def figure(tally: Tally, basis: Figure, sets: Iterable[tuple[str, str, Tally]]) -> Figure:
    """The difference other prices would have made: would-be less posted, set by set (asset number, name), and what stays open."""
    told = [(tally_, (("asset_number", number), ("name", name))) for number, name, tally_ in sets]
    repriced = [(one, named) for one, named in told if one.n_repriced]
    left = [(one, named) for one, named in told if one.n_open]
    posted = tuple(Figure("repricing.set_posted", one.repriced_fen, "fen", "posted", params=named) for one, named in repriced)
    would = tuple(
        Figure("repricing.set_would", one.would_fen, "fen", "repriced", inputs=(_count("n_repriced", one.n_repriced),), params=named)
        for one, named in repriced
    )
    still = tuple(
        Figure("repricing.set_posted", one.open_fen, "fen", "posted", inputs=(_count("n_open", one.n_open),), params=named) for one, named in left
    )
    inputs = (
        basis,
        Figure("repricing.posted", tally.repriced_fen if repriced else None, "fen", "sum", inputs=posted),
        Figure("repricing.would", tally.would_fen if repriced else None, "fen", "sum", certainty=CERTAINTY, inputs=would),
        _count("n_repriced", tally.n_repriced),
        _count("n_open", tally.n_open),
        *([Figure("repricing.open", tally.open_fen, "fen", "sum", inputs=still)] if left else []),
    )
    return Figure("repricing.total", tally.difference_fen, "fen", "difference", certainty=CERTAINTY, inputs=inputs)


def _count(name: str, n: int) -> Figure:
    return Figure(f"repricing.{name}", n, "count", "count")


def figure_of_one(posted: Figure, result: Priced | tuple[Finding, ...], facts: Iterable[Figure]) -> Figure:
    """One service's difference as a tree: what was posted, the facts that choose the price, and how the price comes about."""
    if not isinstance(result, Priced):
        would = Figure("repricing.would", None, "fen", inputs=tuple(facts))
        return Figure("repricing.difference", None, "fen", "difference", inputs=(posted, would))
    would = Figure("repricing.would", result.amount_fen, "fen", "repriced", certainty=CERTAINTY, inputs=(*facts, result.figure))
    difference = result.amount_fen - int(str(posted.value))
    return Figure("repricing.difference", difference, "fen", "difference", certainty=CERTAINTY, inputs=(posted, would))
