"""A row of a published price list, read into fee terms; what is not understood makes the line "to confirm".

Source of the readings: the program's own (certainty C), stated on every line so that a person can change them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from desktop.ledger import money
from desktop.ledger.fee_terms import EVERY_CLASS, Agreed, FeeTerms, FirstFurther, Fixed, Price, ShareOf, Unit
from desktop.ledger.finding import Finding, finding
from desktop.rules.phrase import Phrase, class_name, phrase, time_name
from desktop.rules.price_cells import (
    NUMBER,
    Minimum,
    PriceCell,
    Raw,
    UnitCell,
    price_unit,
    quoted,
    read_minimum,
    read_price,
    read_startup,
    read_unit,
    tidy,
)
from desktop.rules.price_note import Note, read_note
from desktop.rules.terms_checks import check_terms
from desktop.rules.unit_words import first_words, name_words, unit_words

# No unit of service costs ten million yuan: it is an amount in fen or a price with digits too many.
_HARDLY_YUAN = 10_000_000


@dataclass(frozen=True, slots=True)
class PriceRow:
    """The raw cells of one row; ``prices`` by customer class in the file's column order (``internal``, ``external``, …)."""

    unit: Raw
    prices: Mapping[str, Raw]
    startup: Raw = None
    minimum: Raw = None
    note: Raw = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How one bit of the row was understood; ``field`` is unit, a customer class, startup, minimum or note."""

    field: str
    text: str
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class RowRead:
    """``terms`` None, or a finding of severity error: the line is stored "to confirm" and cannot price."""

    terms: FeeTerms | None
    readings: tuple[Reading, ...]
    findings: tuple[Finding, ...]
    source_text: str

    @property
    def to_confirm(self) -> bool:
        """Whether a person must settle the line before it can price."""
        return self.terms is None or any(item.severity == "error" for item in self.findings)


def read_row(row: PriceRow) -> RowRead:
    """Read one row. Nothing is guessed: a finding's ``field`` names the cell that was not understood."""
    return _Reader(row).read()


@dataclass(slots=True)
class _Reader:
    row: PriceRow
    readings: list[Reading] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def read(self) -> RowRead:
        note = read_note(self.row.note)
        for clause in note.unread:
            self._unread("note", clause)
        cells = {name: cell for name, raw in self.row.prices.items() if (cell := self._price_cell(name, raw))}
        unit = self._unit(cells)
        terms = None if unit is None else self._terms(unit, cells, note)
        if terms is not None and not self.findings:
            self.findings.extend(check_terms(terms))
        for clause, told in note.told:
            self.readings.append(Reading("note", clause, told))
        return RowRead(terms, tuple(self.readings), tuple(self.findings), self._source_text())

    def _unread(self, where: str, text: str) -> None:
        self.findings.append(finding("fee.text_not_understood", field=where, text=text))

    def _tell(self, where: str, raw: Raw, told: Phrase) -> None:
        self.readings.append(Reading(where, tidy(raw), told))

    def _price_cell(self, customer_class: str, raw: Raw) -> PriceCell | None:
        text = tidy(raw)
        if not text:
            return None
        cell = read_price(raw, customer_class)
        if cell is None:
            zero = text.strip("0.元") == "" and any(sign == "0" for sign in text)
            if zero:
                self.findings.append(finding("fee.price_zero", field=customer_class))
            else:
                self._unread(customer_class, quoted(raw))
        elif any(Decimal(number) > _HARDLY_YUAN for number in re.findall(NUMBER, text)):
            self.findings.append(finding("fee.price_absurd", field=customer_class, text=quoted(raw)))
        return cell

    def _unit(self, cells: dict[str, PriceCell]) -> UnitCell | None:
        text = tidy(self.row.unit)
        if not text:
            self.findings.append(finding("fee.unit_missing", field="unit"))
            return None
        unit = read_unit(self.row.unit)
        if unit is None:
            self._unread("unit", quoted(self.row.unit))
            return None
        unit = self._unit_of_first(unit, cells)
        for name in cells:
            named = price_unit(tidy(self.row.prices[name]))
            if named and named != unit.unit.name:
                self.findings.append(finding("fee.price_unit_differs", field=name, unit=unit.unit.name, named=named))
        self._tell("unit", self.row.unit, unit_phrase(unit.unit))
        return unit

    def _unit_of_first(self, unit: UnitCell, cells: dict[str, PriceCell]) -> UnitCell:
        """A first-unit price in a price column charges by started units: every other price must then be of the same form."""
        firsts = [cell.first.unit for cell in cells.values() if cell.first is not None]
        if not firsts or unit.first is not None:
            return unit
        for name, cell in cells.items():
            other = not isinstance(cell.price, ShareOf) and (cell.first is None or cell.first.unit != firsts[0])
            if other or (firsts[0].minutes or firsts[0].name) != (unit.unit.minutes or unit.unit.name):
                self._unread(name, quoted(self.row.prices[name]))
        return UnitCell(firsts[0])

    def _terms(self, cell: UnitCell, cells: dict[str, PriceCell], note: Note) -> FeeTerms | None:
        prices = self._first_prices(cell.first, cells) if cell.first else {name: each.price for name, each in cells.items()}
        for name, share in note.shares:
            if name in prices:
                self.findings.append(finding("fee.price_twice", field="note", customer_class=class_name(name)))
            prices[name] = share
        for name, price in prices.items():
            self._tell(name, self.row.prices.get(name), price_phrase(price, cell.unit))
        if not prices:
            self.findings.append(finding("fee.no_price", field="prices"))
            return None
        if note.agreed and not any(isinstance(price, Agreed) for price in prices.values()):
            self.findings.append(finding("fee.agreed_without_band", field="note"))
        if len(note.marginal) > 1:
            self.findings.append(finding("fee.tiers_mixed", field="note"))
        minimum = self._minimum(cell.unit, note)
        return FeeTerms(
            unit=cell.unit,
            prices=tuple(prices.items()),
            minimum_minutes=minimum.minutes,
            minimum_units=minimum.units,
            startup=self._startup(note),
            tiers=tuple(note.tiers),
            tier_method="marginal" if True in note.marginal else "whole",
            urgent_rate=note.urgent_rate,
            management_rate=note.management_rate,
            tax_rate=note.tax_rate,
            consumables_extra=note.consumables_extra,
            day_caps=self._day_caps(cells, note),
            note=str(self.row.note or "").strip(),
        )

    def _first_prices(self, first: FirstFurther, cells: dict[str, PriceCell]) -> dict[str, Price]:
        """首小时200，续每小时50 stands for the internal price; another class's number is its ratio to the internal number."""
        prices: dict[str, Price] = {}
        for name, cell in cells.items():
            if name == "internal":
                if cell.price not in (Fixed(first.first_fen), first):
                    self.findings.append(finding("fee.first_price_differs", field=name, first=money.text(first.first_fen)))
                prices[name] = first
            elif isinstance(cell.price, Fixed) and cell.price.fen:
                prices[name] = _ratio(cell.price.fen, first.first_fen)
            elif isinstance(cell.price, ShareOf):
                prices[name] = cell.price
            else:
                self._unread(name, quoted(self.row.prices[name]))
        return prices

    def _minimum(self, unit: Unit, note: Note) -> Minimum:
        minimum = read_minimum(self.row.minimum, unit)
        if minimum is None:
            self._unread("minimum", quoted(self.row.minimum))
            return Minimum()
        if minimum.minutes:
            self._tell("minimum", self.row.minimum, phrase("fee.reading.minimum", minimum=time_name(minimum.minutes)))
        if minimum.units:
            self._tell("minimum", self.row.minimum, phrase("fee.reading.minimum_units", quantity=minimum.units, unit=name_words(unit.name)))
        return replace(minimum, minutes=max(minimum.minutes, note.minimum_minutes))

    def _startup(self, note: Note) -> tuple[tuple[str, int], ...]:
        amount = read_startup(self.row.startup)
        if amount is None:
            self._unread("startup", quoted(self.row.startup))
            return tuple(note.startup)
        if not amount:
            return tuple(note.startup)
        if amount > _HARDLY_YUAN * 100:
            self.findings.append(finding("fee.price_absurd", field="startup", text=quoted(self.row.startup)))
        self._tell("startup", self.row.startup, phrase("fee.reading.startup", price=money.text(amount)))
        return ((EVERY_CLASS, amount), *note.startup)

    def _day_caps(self, cells: dict[str, PriceCell], note: Note) -> tuple[tuple[str, int], ...]:
        by_cell = tuple((name, cell.day_cap_fen) for name, cell in cells.items() if cell.day_cap_fen is not None)
        for name, amount in by_cell:
            self._tell(name, self.row.prices[name], phrase("fee.reading.day_cap", price=money.text(amount)))
        return (*by_cell, *note.day_caps)

    def _source_text(self) -> str:
        cells = (self.row.unit, *self.row.prices.values(), self.row.startup, self.row.minimum, self.row.note)
        return " | ".join("" if raw is None else str(raw).strip() for raw in cells)


def _ratio(fen: int, internal_fen: int) -> ShareOf:
    """The ratio as the list prints it: in yuan when both are whole yuan."""
    whole = fen % money.YUAN == 0 and internal_fen % money.YUAN == 0
    size = money.YUAN if whole else 1
    return ShareOf("internal", fen // size, internal_fen // size)


def unit_phrase(unit: Unit) -> Phrase:
    """What is counted, and how a started one counts."""
    if unit.kind == "product":
        return phrase("fee.reading.product", first=name_words(unit.factors[0]), second=name_words(unit.factors[1]))
    return phrase(f"fee.reading.{unit.kind}", unit=name_words(unit.name), minutes=unit.minutes)


def price_phrase(price: Price, unit: Unit) -> Phrase:
    """A published price in words."""
    match price:
        case Fixed(0):
            return phrase("fee.reading.free")
        case Fixed(fen):
            return phrase("fee.reading.fixed", price=money.text(fen), unit=name_words(unit.name))
        case FirstFurther(first, further, n_first):
            said = {"first": money.text(first), "further": money.text(further)}
            return phrase("fee.reading.first_further", of_first=first_words(unit, n_first), unit=unit_words(unit), **said)
        case Agreed(low, high):
            return phrase("fee.reading.agreed", low=money.text(low), high=money.text(high), unit=name_words(unit.name))
        case _:
            ratio = f"{price.numerator}/{price.denominator}"
            return phrase("fee.reading.share_of", of_class=class_name(price.of_class), ratio=ratio)
