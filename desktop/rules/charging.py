"""What one service costs under the terms of a fee line.

The order is fixed: quantity → tier → minimum → urgent → start-up → management → tax → consumables at cost. Every step is exact;
the sum is rounded once, half up, to the fen. Nothing missing is taken as zero or one: the answer is then findings, not a price.
Source: the order is the program's own (certainty C) and shown with each price; fees on cost compensation: measure clause 9.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from desktop.ledger import money
from desktop.ledger.fee_terms import DAY_MINUTES, EVERY_CLASS, Agreed, FeeTerms, FirstFurther, Fixed
from desktop.ledger.finding import Finding, finding
from desktop.rules.charged_quantity import Charged, Usage, charged_quantity, relevant
from desktop.rules.exact import rounded, shown, terminates
from desktop.rules.figure import Figure
from desktop.rules.phrase import Phrase, class_name, percent, phrase, plain, sentence
from desktop.rules.terms_checks import Chain, chain, check_terms, tiers_for
from desktop.rules.tiers import Rated, rated
from desktop.rules.unit_words import first_words, name_words, unit_words

__all__ = ["Priced", "Usage", "amount", "objections", "price", "relevant", "telling"]

_CERTAINTY = "C"
_ONE = Decimal(1)
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Priced:
    """What is fixed on the record: amount in fen, quantity in ``unit``, price per ``price_unit`` (None when prices are mixed).

    ``rule`` is the sentence as phrases, ``rule_text`` the same in Chinese as it is stored; ``findings``: warnings and notes.
    """

    amount_fen: int
    quantity: Decimal
    unit: str
    price_unit: str
    unit_price_fen: int | None
    customer_class: str
    consumables_fen: int
    rule: tuple[Phrase, ...]
    figure: Figure
    findings: tuple[Finding, ...] = ()

    @property
    def rule_text(self) -> str:
        """The rule as one Chinese sentence."""
        return sentence(self.rule, "zh")


@dataclass(frozen=True, slots=True)
class _Resolved:
    """A class's own price form × ``factor``, the day cap already multiplied; ``figures`` explain the prices."""

    form: Fixed | FirstFurther
    factor: Fraction
    cap: Fraction | None
    figures: tuple[Figure, ...]
    rule: tuple[Phrase, ...] = ()


def price(
    usage: Usage, terms: FeeTerms, customer_class: str, *, source_text: str = "", change: Decimal = _NOTHING
) -> Priced | tuple[Finding, ...]:
    """The price of one service for a customer class, or the findings (at least one error) that prevent it.

    ``source_text`` (the published row) is shown as the note of the unit price. ``change`` (0.05 is 5 %) reckons as if every price of the
    terms, start-up fees and day prices among them, were that much higher; consumables stay at cost.
    """
    bill = _bill(usage, terms, customer_class, source_text)
    return replace(bill, change=change).priced() if isinstance(bill, _Bill) else bill


def amount(usage: Usage, terms: FeeTerms, customer_class: str) -> int | tuple[Finding, ...]:
    """The fen of ``price`` without saying how it was worked out, for those who ask it of a hundred thousand services."""
    bill = _bill(usage, terms, customer_class, "")
    return bill.amount_fen() if isinstance(bill, _Bill) else bill


def telling(usage: Usage, terms: FeeTerms, customer_class: str) -> Usage:
    """The usage as far as findings hang on it: where no tier asks how much, any amount above zero tells the same."""
    if terms.tiers and tiers_for(terms, customer_class):
        return relevant(usage, terms.unit)
    minutes = usage.minutes if usage.minutes is None else min(usage.minutes, 1)
    some, second = _some(usage.quantity), _some(usage.second_quantity)
    return relevant(Usage(minutes, some, second, usage.urgent, usage.agreed_price_fen, usage.consumables_fen), terms.unit)


def _some(quantity: Decimal | None) -> Decimal | None:
    return _ONE if quantity is not None and quantity.is_finite() and quantity > 0 else quantity


def objections(usage: Usage, terms: FeeTerms, customer_class: str) -> tuple[Finding, ...]:
    """What ``price`` would find, without working the price out: its errors, else the findings of the price."""
    bill = _bill(usage, terms, customer_class, "")
    return bill.findings() if isinstance(bill, _Bill) else bill


def _bill(usage: Usage, terms: FeeTerms, customer_class: str, source_text: str) -> _Bill | tuple[Finding, ...]:
    faults = check_terms(terms)
    if faults:
        return faults
    resolved = _resolve(usage, terms, customer_class, source_text)
    charged = charged_quantity(usage, terms)
    consumables = _consumables(usage, terms)
    errors = [
        fault
        for part in (resolved, charged, consumables)
        if isinstance(part, tuple)
        for fault in part
        if fault.severity == "error"
    ]
    if isinstance(resolved, tuple) or isinstance(charged, tuple) or errors:
        return tuple(errors)
    return _Bill(usage, terms, customer_class, resolved, charged, consumables)


def _consumables(usage: Usage, terms: FeeTerms) -> tuple[Finding, ...]:
    entered = usage.consumables_fen
    if entered is not None and entered < 0:
        return (finding("fee.consumables_negative", field="consumables_fen", amount=money.text(entered)),)
    if entered and not terms.consumables_extra:
        return (finding("fee.consumables_not_listed", field="consumables_fen", amount=money.text(entered)),)
    if terms.consumables_extra and not entered:
        return (finding("fee.consumables_not_entered", "note", field="consumables_fen"),)
    return ()


def _resolve(usage: Usage, terms: FeeTerms, customer_class: str, source_text: str) -> _Resolved | tuple[Finding, ...]:
    published = terms.price_of(customer_class)
    agreed = usage.agreed_price_fen
    if isinstance(published, Agreed):
        low, high = money.text(published.low_fen), money.text(published.high_fen)
        if agreed is None:
            return (finding("fee.agreed_missing", field="agreed_price_fen", low=low, high=high),)
        if not published.low_fen <= agreed <= published.high_fen:
            return (finding("fee.agreed_outside", field="agreed_price_fen", price=money.text(agreed), low=low, high=high),)
        limits = (Figure("fee.band_low", published.low_fen, "fen"), Figure("fee.band_high", published.high_fen, "fen"))
        figure = Figure("fee.unit_price", agreed, "fen", "agreed", note=source_text, inputs=limits)
        told = phrase("fee.rule.agreed", price=money.text(agreed), low=low, high=high)
        return _Resolved(Fixed(agreed), Fraction(1), _cap(dict(terms.day_caps), customer_class), (figure,), (told,))
    if agreed is not None:
        return (finding("fee.agreed_on_fixed", field="agreed_price_fen", price=money.text(agreed)),)
    found = chain(terms, customer_class)
    if found is None:
        return (finding("fee.no_class_price", field="customer_class", customer_class=class_name(customer_class)),)
    return _from_chain(terms, found, source_text)


def _from_chain(terms: FeeTerms, found: Chain, source_text: str) -> _Resolved:
    """A price through shares of other classes; a day price is shared with it unless a class on the way has its own."""
    caps = dict(terms.day_caps)
    cap = _cap(caps, found.names[0])
    factor = Fraction(1)
    steps: list[Figure] = []
    rule: list[Phrase] = []
    for share, name in zip(found.shares, found.names[1:], strict=True):
        ratio = f"{share.numerator}/{share.denominator}"
        steps.append(Figure("fee.share", ratio, "text", inputs=(Figure("fee.of_class", name, "text"),)))
        rule.append(phrase("fee.rule.share", of_class=class_name(name), ratio=ratio))
        factor *= Fraction(share.numerator, share.denominator)
        below = _cap(caps, name)
        if cap is None and below is not None:
            cap = below * factor
    return _Resolved(found.form, factor, cap, _unit_prices(found.form, factor, tuple(steps), source_text), tuple(rule))


def _cap(caps: dict[str, int], name: str) -> Fraction | None:
    fen = caps.get(name, caps.get(EVERY_CLASS))
    return None if fen is None else Fraction(fen)


def _unit_prices(form: Fixed | FirstFurther, factor: Fraction, steps: tuple[Figure, ...], source_text: str) -> tuple[Figure, ...]:
    def told(code: str, fen: int) -> Figure:
        published = Figure(code, fen, "fen", note=source_text)
        return _fen("fee.class_price", fen * factor, "rate", (published, *steps)) if steps else published

    if isinstance(form, Fixed):
        return (told("fee.unit_price", form.fen),)
    counted = Figure("fee.n_first", form.n_first, "count")
    return told("fee.first_price", form.first_fen), told("fee.further_price", form.further_fen), counted


def _fen(code: str, value: Fraction, how: str, inputs: tuple[Figure, ...]) -> Figure:
    """A step in fen, exact; a value without end is shown to six places and its exact ratio is kept as a parameter."""
    params = () if terminates(value) else (("exact", f"{value.numerator}/{value.denominator}"),)
    return Figure(code, shown(value), "fen", how, certainty=_CERTAINTY, inputs=inputs, params=params)


@dataclass(frozen=True, slots=True)
class _Bill:
    """The money steps over a resolved price and a charged quantity."""

    usage: Usage
    terms: FeeTerms
    customer_class: str
    resolved: _Resolved
    charged: Charged
    noted: tuple[Finding, ...]
    change: Decimal = _NOTHING

    def priced(self) -> Priced:
        result = rated(self.untiered, self.charged, self.terms, self.customer_class)
        inputs = (self.charged.figure, *self.resolved.figures, *self._cap_figures(), *result.inputs)
        figure = _fen("fee.base", result.value, "tier" if result.inputs else self._how(), inputs)
        rule = [self._rule_of_price(), *self.resolved.rule, *self._rule_of_cap(), *result.rule, *self.charged.rule]
        value, figure = self._surcharges(result.value, figure, rule)
        amount_fen = rounded(value)
        rule.append(phrase("fee.rule.total", amount=money.text(amount_fen)))
        consumables_fen = self.usage.consumables_fen or 0
        return Priced(
            amount_fen=amount_fen,
            quantity=self.charged.quantity,
            unit=self.charged.unit_text,
            price_unit=self.terms.unit.name,
            unit_price_fen=self._single_price(result),
            customer_class=self.customer_class,
            consumables_fen=consumables_fen,
            rule=tuple(rule),
            figure=Figure("fee.amount", amount_fen, "fen", "once", certainty=_CERTAINTY, inputs=(figure,)),
            findings=self.findings(result),
        )

    def findings(self, result: Rated | None = None) -> tuple[Finding, ...]:
        """Warnings and notes; only tiers make some that need the price itself (``result``)."""
        if result is None and tiers_for(self.terms, self.customer_class):
            result = rated(self.untiered, self.charged, self.terms, self.customer_class)
        return (*(result.findings if result else ()), *self._urgent_findings(), *self.noted)

    def untiered(self, units: Fraction) -> Fraction:
        """Fen for so many charged units before tiers; with a day price each 24 hours cost at most that."""
        cap = self.resolved.cap
        if cap is None:
            return self._plain_price(units)
        day = Fraction(DAY_MINUTES, self.terms.unit.minutes)
        total = edge = Fraction(0)
        while edge < units:
            upto = min(edge + day, units)
            total += min(cap, self._plain_price(upto) - self._plain_price(edge))
            edge = upto
        return total

    def _plain_price(self, units: Fraction) -> Fraction:
        form = self.resolved.form
        if isinstance(form, Fixed):
            return units * form.fen * self.resolved.factor
        if not units:
            return Fraction(0)
        over = max(Fraction(0), units - form.n_first)
        return (form.first_fen + -(-over // 1) * form.further_fen) * self.resolved.factor

    def _how(self) -> str:
        if self.resolved.cap is not None:
            return "cap"
        if isinstance(self.resolved.form, FirstFurther):
            return "first_further"
        return "product"

    def _cap_figures(self) -> tuple[Figure, ...]:
        cap = self.resolved.cap
        return () if cap is None else (_fen("fee.day_cap", cap, "fact", ()),)

    def _single_price(self, result: Rated) -> int | None:
        form = self.resolved.form
        if isinstance(form, FirstFurther) or self.resolved.cap is not None or result.inputs:
            return None
        one = form.fen * self.resolved.factor
        return one.numerator if one.denominator == 1 else None

    def _rule_of_price(self) -> Phrase:
        form = self.resolved.form
        told = self.charged.told
        if isinstance(form, Fixed):
            return phrase("fee.rule.fixed", told=told, unit=name_words(self.terms.unit.name), price=money.text(form.fen))
        return phrase(
            "fee.rule.first_further",
            told=told,
            unit=unit_words(self.terms.unit),
            of_first=first_words(self.terms.unit, form.n_first),
            first=money.text(form.first_fen),
            further=money.text(form.further_fen),
        )

    def _rule_of_cap(self) -> tuple[Phrase, ...]:
        cap = self.resolved.cap
        return () if cap is None else (phrase("fee.rule.day_cap", price=money.text(rounded(cap))),)

    def _urgent_findings(self) -> tuple[Finding, ...]:
        if self.usage.urgent and self.terms.urgent_rate is None:
            return (finding("fee.no_urgent_rate", "warning", field="urgent"),)
        return ()

    def amount_fen(self) -> int:
        """The fen of ``priced`` alone."""
        value = rated(self.untiered, self.charged, self.terms, self.customer_class).value
        for _, after in self._added(value):
            value = after
        return rounded(value)

    def _added(self, value: Fraction) -> Iterator[tuple[str, Fraction]]:
        """What comes on top, in its order: the step and the exact fen after it; a step that adds nothing is left out."""
        terms = self.terms
        if self.usage.urgent and terms.urgent_rate is not None:
            value *= Fraction(terms.urgent_rate)
            yield "urgent", value
        startup_fen = terms.startup_of(self.customer_class)
        if startup_fen:
            value += startup_fen
            yield "startup", value
        # The change of prices stands behind the others: each step so far is in proportion to the prices.
        for name, rate in (("management", terms.management_rate), ("tax", terms.tax_rate), ("change", self.change)):
            if rate:
                value += value * Fraction(rate)
                yield name, value
        if self.usage.consumables_fen:
            value += self.usage.consumables_fen
            yield "consumables", value

    def _surcharges(self, value: Fraction, figure: Figure, rule: list[Phrase]) -> tuple[Fraction, Figure]:
        after = value
        for step, after in self._added(value):
            code, how, part, told = self._told_of(step)
            figure = _fen(code, after, how, (figure, part))
            rule.append(told)
        return after, figure

    def _told_of(self, step: str) -> tuple[str, str, Figure, Phrase]:
        """The code of a step's figure, how it was made, what it was made with, and its phrase."""
        terms = self.terms
        if step in ("startup", "consumables"):
            fen = (terms.startup_of(self.customer_class) if step == "startup" else self.usage.consumables_fen) or 0
            return f"fee.with_{step}", "sum", Figure(f"fee.{step}", fen, "fen"), phrase(f"fee.rule.{step}", price=money.text(fen))
        rates = {"urgent": terms.urgent_rate, "management": terms.management_rate, "tax": terms.tax_rate, "change": self.change}
        rate = rates[step] or _NOTHING
        if step == "urgent":
            return "fee.urgent", "product", Figure("fee.urgent_rate", rate, "ratio"), phrase("fee.rule.urgent", rate=plain(rate))
        name = "price_change" if step == "change" else step
        of = Figure("fee.price_change" if step == "change" else f"fee.{step}_rate", rate, "ratio")
        return f"fee.with_{step}", "plus_rate", of, phrase(f"fee.rule.{name}", rate=percent(rate))
