"""Fee terms as JSON text and back, without loss: fen are integers, decimals are text, keys are sorted.

The same terms always give the same text, so that the text can be compared, hashed and journalled.
Reading is strict: a missing, unknown or wrongly typed entry raises ValueError; nothing is guessed.
"""

from __future__ import annotations

import json
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from desktop.ledger.fee_terms import TIER_METHODS, UNIT_KINDS, Agreed, FeeTerms, FirstFurther, Fixed, Price, ShareOf, Tier, Unit

_NAMES: dict[type[Price], str] = {Fixed: "fixed", FirstFurther: "first_further", Agreed: "agreed", ShareOf: "share_of"}
_Scalar = TypeVar("_Scalar", int, str, bool)


def to_json(terms: FeeTerms | None) -> str:
    """The terms as one line of JSON; ``{}`` when there are none yet."""
    table = {} if terms is None else _terms_table(terms)
    return json.dumps(table, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> FeeTerms | None:
    """The terms ``to_json`` wrote; None for ``{}``. Raises ValueError for anything else."""
    table = _Table(json.loads(text))
    if not table.left:
        return None
    terms = FeeTerms(
        unit=_unit(_Table(table.take("unit"))),
        prices=tuple(_price(_Table(entry)) for entry in _items(table.take("prices"))),
        minimum_minutes=table.scalar("minimum_minutes", int),
        minimum_units=table.scalar("minimum_units", int),
        startup=_amounts(table.take("startup")),
        tiers=tuple(_tier(_Table(entry)) for entry in _items(table.take("tiers"))),
        tier_method=table.one_of("tier_method", TIER_METHODS),
        urgent_rate=_maybe_decimal(table.take("urgent_rate")),
        management_rate=_maybe_decimal(table.take("management_rate")),
        tax_rate=_maybe_decimal(table.take("tax_rate")),
        consumables_extra=table.scalar("consumables_extra", bool),
        day_caps=_amounts(table.take("day_caps")),
        note=table.scalar("note", str),
    )
    table.close()
    return terms


def _terms_table(terms: FeeTerms) -> dict[str, object]:
    return {
        "unit": _plain(terms.unit),
        "prices": [{"class": name, "kind": _NAMES[type(price)], **_plain(price)} for name, price in terms.prices],
        "minimum_minutes": terms.minimum_minutes,
        "minimum_units": terms.minimum_units,
        "startup": [list(pair) for pair in terms.startup],
        "tiers": [_plain(tier) for tier in terms.tiers],
        "tier_method": terms.tier_method,
        "urgent_rate": _text(terms.urgent_rate),
        "management_rate": _text(terms.management_rate),
        "tax_rate": _text(terms.tax_rate),
        "consumables_extra": terms.consumables_extra,
        "day_caps": [list(pair) for pair in terms.day_caps],
        "note": terms.note,
    }


def _plain(value: Unit | Price | Tier) -> dict[str, object]:
    table: dict[str, object] = {}
    for entry in fields(value):
        content = getattr(value, entry.name)
        table[entry.name] = _text(content) if isinstance(content, Decimal) else content
    return table


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


class _Table:
    """A JSON object whose entries are taken one by one, so that none is left over."""

    def __init__(self, content: object) -> None:
        if not isinstance(content, dict):
            raise ValueError(f"not an object: {content!r}")
        self.left: dict[str, object] = dict(content)

    def take(self, name: str) -> object:
        if name not in self.left:
            raise ValueError(f"missing: {name}")
        return self.left.pop(name)

    def scalar(self, name: str, kind: type[_Scalar]) -> _Scalar:
        value = self.take(name)
        if type(value) is not kind:
            raise ValueError(f"{name}: {value!r} is not {kind.__name__}")
        return value

    def one_of(self, name: str, allowed: tuple[_Choice, ...]) -> _Choice:
        value = self.take(name)
        for choice in allowed:
            if value == choice:
                return choice
        raise ValueError(f"{name}: {value!r} is not one of {allowed}")

    def close(self) -> None:
        if self.left:
            raise ValueError(f"unknown: {', '.join(sorted(self.left))}")


_Choice = TypeVar("_Choice", bound=str)


def _unit(table: _Table) -> Unit:
    unit = Unit(
        table.one_of("kind", UNIT_KINDS), table.scalar("name", str), table.scalar("minutes", int), _strings(table.take("factors"))
    )
    table.close()
    return unit


def _price(table: _Table) -> tuple[str, Price]:
    customer_class = table.scalar("class", str)
    kind = table.one_of("kind", tuple(_NAMES.values()))
    price: Price
    if kind == "fixed":
        price = Fixed(table.scalar("fen", int))
    elif kind == "first_further":
        price = FirstFurther(table.scalar("first_fen", int), table.scalar("further_fen", int), table.scalar("n_first", int))
    elif kind == "agreed":
        price = Agreed(table.scalar("low_fen", int), table.scalar("high_fen", int))
    else:
        price = ShareOf(table.scalar("of_class", str), table.scalar("numerator", int), table.scalar("denominator", int))
    table.close()
    return customer_class, price


def _tier(table: _Table) -> Tier:
    tier = Tier(
        _decimal(table.take("low")),
        _maybe_decimal(table.take("high")),
        _decimal(table.take("rate")),
        table.scalar("low_open", bool),
        table.scalar("high_open", bool),
        _strings(table.take("classes")),
    )
    table.close()
    return tier


def _items(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(f"not a list: {value!r}")
    return value


def _strings(value: object) -> tuple[str, ...]:
    texts = tuple(text for text in _items(value) if isinstance(text, str))
    if len(texts) != len(_items(value)):
        raise ValueError(f"not a list of texts: {value!r}")
    return texts


def _amounts(value: object) -> tuple[tuple[str, int], ...]:
    pairs: list[tuple[str, int]] = []
    for pair in _items(value):
        match pair:
            case [str(name), int(fen)] if not isinstance(fen, bool):
                pairs.append((name, fen))
            case _:
                raise ValueError(f"not a class and its fen: {pair!r}")
    return tuple(pairs)


def _decimal(value: object) -> Decimal:
    if not isinstance(value, str):
        raise ValueError(f"not a decimal as text: {value!r}")
    try:
        return Decimal(value)
    except InvalidOperation as error:
        raise ValueError(f"not a decimal: {value!r}") from error


def _maybe_decimal(value: object) -> Decimal | None:
    return None if value is None else _decimal(value)
