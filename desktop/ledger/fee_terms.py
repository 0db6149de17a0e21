"""The terms of a fee line (收费项目): every shape in which institutions publish a price.

Values only. Whether terms make sense is ``rules.terms_checks``; what a service costs under them is ``rules.charging``.
Money is fen, quantities and rates are Decimal, minutes are whole. Customer classes are short codes:
``internal`` (校内), ``external`` (校外) and further ones such as ``own_school`` (本院).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

UnitKind = Literal["hour", "block", "day", "count", "product"]
TierMethod = Literal["whole", "marginal"]

UNIT_KINDS: tuple[UnitKind, ...] = ("hour", "block", "day", "count", "product")
TIME_KINDS: tuple[UnitKind, ...] = ("hour", "block", "day")
TIER_METHODS: tuple[TierMethod, ...] = ("whole", "marginal")
DAY_MINUTES = 1440
EVERY_CLASS = "*"


@dataclass(frozen=True, slots=True)
class Unit:
    """What one price buys. ``name`` is the word of the published list (小时, 30分钟, 天, 样, 元素).

    ``hour`` is exact to the minute; ``block`` and ``day`` are charged per started block of ``minutes``;
    ``count`` per started thing; ``product`` per started first thing × started second thing, named by ``factors``.
    """

    kind: UnitKind
    name: str
    minutes: int = 0
    factors: tuple[str, ...] = ()

    @property
    def timed(self) -> bool:
        """Whether the unit measures time."""
        return self.kind in TIME_KINDS


@dataclass(frozen=True, slots=True)
class Fixed:
    """One price for each unit, in fen."""

    fen: int


@dataclass(frozen=True, slots=True)
class FirstFurther:
    """``first_fen`` for the first ``n_first`` units together (首小时), ``further_fen`` per further started unit (续每小时)."""

    first_fen: int
    further_fen: int
    n_first: int = 1


@dataclass(frozen=True, slots=True)
class Agreed:
    """A price per unit agreed for each record (议价) inside the published band, both ends included, in fen."""

    low_fen: int
    high_fen: int


@dataclass(frozen=True, slots=True)
class ShareOf:
    """The price of another class × numerator ÷ denominator: an exact ratio, never a rounded one."""

    of_class: str
    numerator: int
    denominator: int


Price = Fixed | FirstFurther | Agreed | ShareOf


@dataclass(frozen=True, slots=True)
class Tier:
    """A rate on the price for quantities between two bounds.

    ``low_open``/``high_open``: the bound itself is not inside; ``high`` None: no upper bound; ``rate`` 0.45 is 45 %;
    ``classes`` empty: every class. The quantity is in charged units (hours for an hour line).
    """

    low: Decimal
    high: Decimal | None
    rate: Decimal
    low_open: bool = False
    high_open: bool = False
    classes: tuple[str, ...] = ()

    def holds(self, customer_class: str) -> bool:
        """Whether the tier is meant for this class."""
        return not self.classes or customer_class in self.classes


@dataclass(frozen=True, slots=True)
class FeeTerms:
    """One fee line's terms, applied in the order quantity → tier → minimum → urgent → start-up → management → tax, rounded once.

    ``minimum_minutes`` is a floor on time, ``minimum_units`` on counted things; ``startup`` is fen once per record, by class or
    ``EVERY_CLASS``; ``day_caps`` fen by class for each 24 hours of a timed line (220/h, 660/day); ``urgent_rate`` 1.5 multiplies,
    ``management_rate`` 0.15 and ``tax_rate`` 0.03 are added on the sum so far; None: not published.
    ``consumables_extra``: consumables are entered on the record and added at cost.
    """

    unit: Unit
    prices: tuple[tuple[str, Price], ...]
    minimum_minutes: int = 0
    minimum_units: int = 0
    startup: tuple[tuple[str, int], ...] = ()
    tiers: tuple[Tier, ...] = ()
    tier_method: TierMethod = "whole"
    urgent_rate: Decimal | None = None
    management_rate: Decimal | None = None
    tax_rate: Decimal | None = None
    consumables_extra: bool = False
    day_caps: tuple[tuple[str, int], ...] = ()
    note: str = ""

    @property
    def classes(self) -> tuple[str, ...]:
        """The customer classes the line has a price for, in published order."""
        return tuple(name for name, _ in self.prices)

    def price_of(self, customer_class: str) -> Price | None:
        """The published price of a class; None when the line has none."""
        return dict(self.prices).get(customer_class)

    def startup_of(self, customer_class: str) -> int:
        """The start-up fee of a class in fen; 0 when none is published."""
        by_class = dict(self.startup)
        return by_class.get(customer_class, by_class.get(EVERY_CLASS, 0))
