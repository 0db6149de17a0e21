"""How much of a unit is charged: minutes and counted things of a record, started blocks, minimum booking."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from desktop.ledger.fee_terms import FeeTerms, Unit
from desktop.ledger.finding import Finding, finding
from desktop.rules.exact import started
from desktop.rules.figure import Figure
from desktop.rules.phrase import Phrase, phrase, plain, time_name
from desktop.rules.unit_words import name_words


@dataclass(frozen=True, slots=True)
class Usage:
    """What a record says was used. None is not known, never zero.

    ``minutes`` is billed time; ``quantity`` and ``second_quantity`` count the unit's things;
    ``agreed_price_fen`` is per unit (议价); ``consumables_fen`` is the cost of consumables listed apart.
    """

    minutes: int | None
    quantity: Decimal | None = None
    second_quantity: Decimal | None = None
    urgent: bool = False
    agreed_price_fen: int | None = None
    consumables_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Charged:
    """``used`` and ``charged`` in units (hours, blocks, things); ``charged`` is never below the minimum booking.

    ``quantity`` in ``unit_text`` is what the record shows; ``told`` and ``rule`` say it in words.
    """

    used: Fraction
    charged: Fraction
    quantity: Decimal
    unit_text: str
    figure: Figure
    told: Phrase
    rule: tuple[Phrase, ...] = ()


def relevant(usage: Usage, unit: Unit) -> Usage:
    """The usage without what the unit does not charge: no things for a timed unit, no minutes for a counted one.

    Two usages that are equal by this cost the same.
    """
    if unit.timed:
        return Usage(usage.minutes, None, None, usage.urgent, usage.agreed_price_fen, usage.consumables_fen)
    second = usage.second_quantity if unit.kind == "product" else None
    return Usage(None, usage.quantity, second, usage.urgent, usage.agreed_price_fen, usage.consumables_fen)


def charged_quantity(usage: Usage, terms: FeeTerms) -> Charged | tuple[Finding, ...]:
    """The charged quantity, or what is missing for it."""
    if terms.unit.timed:
        return _timed(usage.minutes, terms)
    return _counted(usage, terms)


def _timed(minutes: int | None, terms: FeeTerms) -> Charged | tuple[Finding, ...]:
    if minutes is None:
        return (finding("fee.minutes_missing", field="minutes", unit=terms.unit.name),)
    if minutes <= 0:
        return (finding("fee.minutes_wrong", field="minutes", minutes=minutes),)
    floor = terms.minimum_minutes
    billed = max(minutes, floor)
    figure = Figure("fee.minutes", minutes, "minutes")
    rule: tuple[Phrase, ...] = ()
    if floor:
        inputs = (figure, Figure("fee.minimum", floor, "minutes"))
        figure = Figure("fee.billed_minutes", billed, "minutes", "floor", inputs=inputs)
    if billed > minutes:
        rule = (phrase("fee.rule.minimum_minutes", minimum=time_name(floor), minutes=minutes),)
    size = terms.unit.minutes
    if terms.unit.kind == "hour":
        told = phrase("fee.rule.minutes", minutes=billed)
        unit_text = phrase("fee.unit.minute").told("zh")
        return Charged(Fraction(minutes, size), Fraction(billed, size), Decimal(billed), unit_text, figure, told, rule)
    used, charged = started(Fraction(minutes, size)), started(Fraction(billed, size))
    figure = Figure("fee.blocks", charged, "count", "started", inputs=(figure, Figure("fee.block_minutes", size, "minutes")))
    told = phrase("fee.rule.blocks", minutes=billed, unit=name_words(terms.unit.name), quantity=charged)
    return Charged(Fraction(used), Fraction(charged), Decimal(charged), terms.unit.name, figure, told, rule)


def _counted(usage: Usage, terms: FeeTerms) -> Charged | tuple[Finding, ...]:
    unit = terms.unit
    entered = [("quantity", unit.factors[0] if unit.factors else unit.name, usage.quantity)]
    if unit.kind == "product":
        entered.append(("second_quantity", unit.factors[1], usage.second_quantity))
    faults: list[Finding] = []
    counts: list[tuple[str, Decimal, int]] = []
    for field, name, quantity in entered:
        if quantity is None:
            faults.append(finding("fee.quantity_missing", field=field, unit=name))
        elif not quantity.is_finite() or quantity <= 0:
            faults.append(finding("fee.quantity_wrong", field=field, unit=name, quantity=quantity))
        else:
            counts.append((name, quantity, started(Fraction(quantity))))
    if faults:
        return tuple(faults)
    used = 1
    steps: list[Figure] = []
    for name, quantity, n in counts:
        used *= n
        step = Figure("fee.quantity", quantity, "count", note=name)
        steps.append(step if quantity == n else Figure("fee.things", n, "count", "started", note=name, inputs=(step,)))
    figure = steps[0] if len(steps) == 1 else Figure("fee.product", used, "count", "product", inputs=tuple(steps))
    charged = max(used, terms.minimum_units)
    rule: tuple[Phrase, ...] = ()
    if terms.minimum_units:
        inputs = (figure, Figure("fee.minimum_units", terms.minimum_units, "count"))
        figure = Figure("fee.billed_units", charged, "count", "floor", inputs=inputs)
    if charged > used:
        rule = (phrase("fee.rule.minimum_units", minimum=terms.minimum_units, quantity=used, unit=name_words(unit.name)),)
    if len(counts) == 2:
        (first, _, n_first), (second, _, n_second) = counts
        told = phrase("fee.rule.product", first=name_words(first), n_first=n_first, second=name_words(second), n_second=n_second, quantity=charged)
    else:
        told = phrase("fee.rule.count", quantity=plain(Decimal(charged)), unit=name_words(unit.name))
    return Charged(Fraction(used), Fraction(charged), Decimal(charged), unit.name, figure, told, rule)
