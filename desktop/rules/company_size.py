"""The size of an enterprise (大型, 中型, 小型, 微型) on a day: what its certificate says, else what its figures give.

Source: 工信部联企业〔2011〕300号 (``sme.*``): both limits of a row must be met, else one class down; micro is what is left. An industry
without a row, or a lacking figure that could change the class, leaves the size unknown. A certificate that is good on the day wins over
the calculation; one that is not is only told of.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Literal

from desktop import resource
from desktop.ledger.finding import Finding, Severity
from desktop.ledger.voucher import Enterprise
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters, missing

CERTIFICATE_YEARS = "voucher.certificate_years"
SIZES = ("large", "medium", "small", "micro")

Basis = Literal["certificate", "calculated", "unknown"]


@dataclass(frozen=True, slots=True)
class Size:
    """``value`` is one of ``SIZES`` or None (unknown); ``basis`` says what gave it."""

    value: str | None
    basis: Basis
    figure: Figure
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Industry:
    """One row of the rule: ``key`` of its parameters and the ``limits`` it is judged by (staff, revenue, assets)."""

    key: str
    limits: tuple[str, ...]


@cache
def _industries() -> Mapping[str, Industry]:
    with resource.path("codes", "industries.toml").open("rb") as stream:
        content = tomllib.load(stream)
    return MappingProxyType({word: Industry(key, tuple(row["limits"])) for key, row in content.items() for word in row["words"]})


@cache
def _words() -> Mapping[str, str]:
    with resource.path("codes", "company-sizes.toml").open("rb") as stream:
        content = tomllib.load(stream)
    return MappingProxyType({word: size for size, words in content.items() for word in words})


def industry(word: str) -> Industry | None:
    """The row that judges an industry by its name, or None: then only a certificate tells the size."""
    return _industries().get(_plain(word))


def size_named(word: str) -> str | None:
    """``中型`` -> ``medium``; None for a word that names no size."""
    return _words().get(_plain(word))


@lru_cache(1024)
def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip().replace(",", "、")


def size_on(one: Enterprise, day: date, known: Parameters) -> Size:
    """The size on a day, with the tree that says why."""
    calculated, told = _calculated(one, day, known)
    certificate, value, faults = _certificate(one, day, known)
    if value is not None:
        figure = Figure("voucher.figure.size", value, "state", "choice", inputs=(certificate, calculated))
        if calculated.value in (None, value):
            return Size(value, "certificate", figure)
        return Size(value, "certificate", figure, (_about(one, "voucher.size_differs", "note", day=one.size_on),))
    figure = Figure("voucher.figure.size", calculated.value, "state", "choice", inputs=(certificate, calculated))
    if not isinstance(calculated.value, str):
        return Size(None, "unknown", figure, faults + told)
    return Size(calculated.value, "calculated", figure, (*faults, _about(one, "voucher.size_calculated", "warning")))


def _certificate(one: Enterprise, day: date, known: Parameters) -> tuple[Figure, str | None, tuple[Finding, ...]]:
    """What the certificate says of the day: its figure, the size if it is good then, and why it is not."""
    years = known.figure(CERTIFICATE_YEARS, day)
    inputs = (
        Figure("voucher.figure.certificate_size", one.size_class or None, "text"),
        Figure("voucher.figure.certificate_on", one.size_on, "date"),
        Figure("voucher.figure.service_day", day, "date"),
        years,
    )
    value, told = _certified(one, day, years.value)
    return Figure("voucher.figure.certificate", value, "state", "comparison", inputs=inputs), value, told


def _certified(one: Enterprise, day: date, years: object) -> tuple[str | None, tuple[Finding, ...]]:
    if not one.size_class:
        return None, (_about(one, "voucher.no_certificate", "warning"),)
    value = size_named(one.size_class)
    if value is None:
        return None, (_about(one, "voucher.size_not_read", "warning", given=one.size_class),)
    if one.size_on is None:
        return None, (_about(one, "voucher.certificate_undated", "warning"),)
    if not isinstance(years, int):
        return None, (missing(CERTIFICATE_YEARS, day),)
    if day < one.size_on:
        return None, (_about(one, "voucher.certificate_later", "warning", certified=one.size_on, day=day),)
    until = after_years(one.size_on, years)
    if day >= until:
        return None, (_about(one, "voucher.certificate_over", "warning", until=until, day=day),)
    return value, ()


def after_years(day: date, years: int) -> date:
    """The same day some years on: the first day on which something good for so long is good no more. 29 February gives 1 March."""
    year = day.year + years
    return date(year, 3, 1) if (day.month, day.day) == (2, 29) and not _leap(year) else day.replace(year=year)


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _calculated(one: Enterprise, day: date, known: Parameters) -> tuple[Figure, tuple[Finding, ...]]:
    """The class of the figures: the largest whose every limit is met. Unknown while a lacking figure could decide."""
    row = industry(one.industry)
    named = Figure("voucher.figure.industry", one.industry or None, "text")
    if row is None:
        code = "voucher.industry_without_row" if one.industry else "voucher.no_industry"
        figure = Figure("voucher.figure.calculated", None, "state", "lookup", inputs=(named,))
        return figure, (_about(one, code, "warning", industry=one.industry) if one.industry else _about(one, code, "warning"),)
    given = {"staff": one.n_staff, "revenue": one.revenue_wan, "assets": one.assets_wan}
    parts, lacking, ranks = [named], [], []
    for limit in row.limits:
        key = f"sme.{row.key}_{limit}"
        rule, parameter = known.figure(key, day), known.in_force(key, day)
        value = given[limit]
        fact = Figure(f"voucher.figure.{limit}", value, "count" if limit == "staff" else "wan")
        rank = None if value is None or parameter is None else _rank(Decimal(value), parameter.limits)
        parts.append(Figure(f"voucher.figure.by_{limit}", None if rank is None else SIZES[rank], "state", "comparison", inputs=(fact, rule)))
        if rank is None:
            lacking.append(missing(key, day) if parameter is None else _about(one, f"voucher.no_{limit}", "warning"))
        else:
            ranks.append(rank)
    # The smaller of the classes: a lacking figure leaves it open unless another is micro already.
    worst = max(ranks, default=0)
    value_ = SIZES[worst] if not lacking or worst == len(SIZES) - 1 else None
    return Figure("voucher.figure.calculated", value_, "state", "minimum", inputs=tuple(parts)), () if value_ else tuple(lacking)


def _rank(value: Decimal, limits: tuple[int, ...]) -> int:
    """The place in ``SIZES`` of the first lower limit that is met (以上 includes it)."""
    return next((place for place, limit in enumerate(limits) if value >= limit), len(limits))


def _about(one: Enterprise, code: str, severity: Severity, **params: object) -> Finding:
    return Finding(code, severity, (("name", one.name), *((name, str(given)) for name, given in params.items())), kind="customer")


def industries() -> tuple[str, ...]:
    """The names of industries that the size rules have a row for, one a row."""
    seen: dict[str, str] = {}
    for word, row in _industries().items():
        seen.setdefault(row.key, word)
    return tuple(seen.values())


def word_of(size: str) -> str:
    """``medium`` -> ``中型``, as certificates call it. Raises KeyError for a class that is none."""
    first: dict[str, str] = {}
    for word, value in _words().items():
        first.setdefault(value, word)
    return first[size]
