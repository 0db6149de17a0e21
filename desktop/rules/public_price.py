"""Fee terms as the public reads them: what each class pays per unit in yuan, and every rule that changes the sum, in words.

The charge is worked out in ``charging``; this file says the same terms to somebody who knows neither the program nor the list they were
read from. A share of another class's price is given in yuan wherever it comes out to whole fen, else as the ratio it is.
"""

from __future__ import annotations

from fractions import Fraction

from desktop.ledger import money
from desktop.ledger.fee_terms import EVERY_CLASS, Agreed, FeeTerms, FirstFurther, Fixed, Price
from desktop.rules.phrase import Phrase, class_name, percent, phrase, plain, time_name
from desktop.rules.price_note import read_note
from desktop.rules.price_text import price_phrase
from desktop.rules.terms_checks import chain
from desktop.rules.tiers import bounds_text
from desktop.rules.unit_words import first_words, name_words, unit_words

SHOWN = ("internal", "external")


def public_price(terms: FeeTerms, customer_class: str) -> Fixed | Phrase | None:
    """The price of a class: one number, or words with a line for each part; None when no price is offered."""
    form = terms.price_of(customer_class)
    if form is None:
        return None
    found = chain(terms, customer_class)
    if found is not None:
        factor = Fraction(1)
        for share in found.shares:
            factor *= Fraction(share.numerator, share.denominator)
        form = _scaled(found.form, factor) or form
    if isinstance(form, Fixed) and form.fen:
        return form
    if isinstance(form, FirstFurther):
        return phrase(
            "fee.public.first_further", first=first_words(terms.unit, form.n_first), unit=unit_words(terms.unit),
            first_price=money.text(form.first_fen), further_price=money.text(form.further_fen),
        )  # fmt: skip
    if isinstance(form, Agreed):
        return phrase("fee.public.agreed", low=money.text(form.low_fen), high=money.text(form.high_fen))
    return price_phrase(form, terms.unit)


def _scaled(form: Fixed | FirstFurther, factor: Fraction) -> Price | None:
    """A price times a ratio; None when it does not come out to whole fen."""
    amounts = [form.fen * factor] if isinstance(form, Fixed) else [form.first_fen * factor, form.further_fen * factor]
    if any(amount.denominator != 1 for amount in amounts):
        return None
    whole = [amount.numerator for amount in amounts]
    return Fixed(whole[0]) if isinstance(form, Fixed) else FirstFurther(whole[0], whole[1], form.n_first)


def public_startup(terms: FeeTerms) -> int | tuple[Phrase, ...]:
    """The start-up fee once a service in fen; one line a class when the classes differ."""
    by_class = {name: terms.startup_of(name) for name in terms.classes}
    if len(set(by_class.values())) <= 1:
        return next(iter(by_class.values()), 0)
    return tuple(
        phrase("fee.public.of_class", customer_class=class_name(name), price=money.text(fen)) for name, fen in by_class.items()
    )


def public_minimum(terms: FeeTerms) -> Phrase | None:
    """The least that is charged, as the list says it: 1 天, 2 小时, 3 样; None without one."""
    if terms.minimum_minutes:
        return time_name(terms.minimum_minutes)
    if terms.minimum_units:
        return phrase("fee.public.minimum_units", n=terms.minimum_units, unit=name_words(terms.unit.name))
    return None


def public_notes(terms: FeeTerms) -> tuple[Phrase | str, ...]:
    """Every rule beside the prices, one after the other; of a remark only what is no rule and refers to no other row."""
    told: list[Phrase | str] = []
    for name in terms.classes:
        if name not in SHOWN:
            told.append(_other(terms, name))
    if any(isinstance(terms.price_of(name), FirstFurther) for name in terms.classes):
        told.append(phrase("fee.public.started", unit=unit_words(terms.unit)))
    if terms.unit.kind == "product":
        told.append(phrase("fee.reading.product", first=name_words(terms.unit.factors[0]), second=name_words(terms.unit.factors[1])))
    if any(isinstance(terms.price_of(name), Agreed) for name in terms.classes):
        told.append(phrase("fee.public.agreed_note"))
    for tier in terms.tiers:
        names = tier.classes or ("every",)
        for name in names:
            code = f"fee.public.tier_{terms.tier_method}"
            told.append(phrase(code, customer_class=class_name(name), bounds=bounds_text(tier), rate=percent(tier.rate)))
    for name, fen in terms.day_caps:
        who = class_name("every" if name == EVERY_CLASS else name)
        told.append(phrase("fee.public.day_cap", customer_class=who, price=money.text(fen)))
    if terms.urgent_rate is not None:
        told.append(phrase("fee.public.urgent", rate=plain(terms.urgent_rate)))
    if terms.management_rate is not None:
        told.append(phrase("fee.public.management", rate=percent(terms.management_rate)))
    if terms.tax_rate is not None:
        told.append(phrase("fee.public.tax", rate=percent(terms.tax_rate)))
    if terms.consumables_extra:
        told.append(phrase("fee.public.consumables"))
    return (*told, *read_note(terms.note).unread)


def _other(terms: FeeTerms, name: str) -> Phrase:
    """The price of a class that has no column."""
    price = public_price(terms, name)
    said = money.text(price.fen) if isinstance(price, Fixed) else price or ""
    return phrase("fee.public.of_class", customer_class=class_name(name), price=said)
