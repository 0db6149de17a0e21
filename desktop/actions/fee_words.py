"""A price row as it was published, in words: what its cells are called, and what stood in them. The ledger keeps the cells in one text."""

from __future__ import annotations

from desktop.ledger import money
from desktop.ledger.fee_terms import FeeTerms, Fixed
from desktop.rules import unit_words
from desktop.rules.figure import Figure
from desktop.rules.phrase import class_name
from desktop.rules.price_text import price_phrase, unit_phrase
from desktop.rules.public_price import SHOWN, public_minimum, public_notes, public_price, public_startup
from desktop.words import say

CELLS = ("unit", "internal", "external", "startup", "minimum", "note")
"""The cells of a published row, in order."""

_JOIN = " | "
_PUBLISHED = ("fee.", "record.figure.line")  # figures whose note is a published row


def cells_in(source_text: str) -> dict[str, str]:
    """Published text by cell; text of another shape stands in the note as a whole."""
    parts = source_text.split(_JOIN)
    if len(parts) == len(CELLS):
        return dict(zip(CELLS, (part.strip() for part in parts), strict=True))
    return dict.fromkeys(CELLS, "") | {"note": source_text}


def cell_words(name: str) -> str:
    """What a cell of a price row (or its ``item``) is called."""
    return say(f"fee.cell.{name}")


def published(source_text: str) -> str:
    """A published row as people read it: 样 · 校内 150 · 校外 300. The unit and the note go without their names."""
    cells = cells_in(source_text)
    named = [f"{cell_words(name)} {cells[name]}" for name in ("internal", "external", "startup", "minimum") if cells[name]]
    return " · ".join(part for part in (cells["unit"], *named, cells["note"]) if part)


def note_of(figure: Figure) -> str:
    """The note of a figure for people: a published row with the name of each of its cells, any other note as it is."""
    cells = cells_in(figure.note)
    if not figure.code.startswith(_PUBLISHED) or cells["note"] == figure.note:
        return figure.note
    return " · ".join(f"{cell_words(name)} {cells[name]}" for name in CELLS if cells[name])


def unit_name(name: str) -> str:
    """The name of a unit of charging in the language in use; in Chinese as the list has it."""
    return unit_words.unit_name(name)


def terms_lines(terms: FeeTerms) -> list[str]:
    """Terms as the public reads them, a line each: what is counted, prices, start-up fee, least that is charged, every rule beside them."""
    told = [unit_phrase(terms.unit).told()]
    for name in SHOWN:
        price = public_price(terms, name)
        if price is not None:
            said = price_phrase(price, terms.unit) if isinstance(price, Fixed) else price
            told.append(say("fee.public.of_class", customer_class=class_name(name), price=" ".join(said.told().splitlines())))
    startup = public_startup(terms)
    if startup:
        each = [money.text(startup)] if isinstance(startup, int) else [one.told() for one in startup]
        told.append(f"{cell_words('startup')} {say('fee.joiner').join(each)}")
    minimum = public_minimum(terms)
    if minimum is not None:
        told.append(f"{cell_words('minimum')} {minimum.told()}")
    return [*told, *(" ".join((one if isinstance(one, str) else one.told()).splitlines()) for one in public_notes(terms))]
