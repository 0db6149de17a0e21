"""What a report prints as numbers in its tables and pairs, held against the trees it keeps: a number that stands in none of them is told."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from desktop.ledger import money
from desktop.reports.content import Cell, Content, Heading, KeyValues, Table, decimal_text, hours
from desktop.rules.figure import Figure

_NUMBER = re.compile(r"(?<![\d.\-–—/A-Za-z])-?\d[\d,]*(?:\.\d+)?(?![\d.\-–—/A-Za-z])")
_VALUE = re.compile(r"-?\d[\d,]*(?:\.\d+)? ?(?:元|小时|%)")
_AMOUNT, _SHARE, _TIME = "amount", "share", "time"
_PERIOD = re.compile(r"\d{4} 年(?: \d{1,2} 月)?|\d{4}–\d{4} 学年")
"""What names a span is no number."""
_SIGNS = (("元", _AMOUNT), ("%", _SHARE), ("小时", _TIME))


def printed(said: Content, registered: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Each number with where it stands and its kind; ``registered``: headings, heads and names of pairs whose numbers were entered, not reckoned.

    What the rows under them come to was reckoned all the same.
    """
    heading = ""
    for block in said.blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Table):
            for row in () if heading in registered else block.rows:
                yield from _row(block, row, registered)
            if block.total:
                yield from _row(block, block.total, ())
        elif heading not in registered and isinstance(block, KeyValues):
            for name, text in block.pairs:
                if name not in registered:
                    yield from ((name, kind, number) for kind, number in _in_words(text))


def _row(table: Table, row: Sequence[Cell], registered: Collection[str]) -> Iterator[tuple[str, str, str]]:
    for column, cell in zip(table.columns, row, strict=True):
        if column.head in registered:
            continue
        if isinstance(cell, str) and _VALUE.fullmatch(cell):
            yield from ((column.head, kind, number) for kind, number in _in_words(cell))
        if isinstance(cell, bool) or not isinstance(cell, int | Decimal):
            continue
        if column.kind == "money":
            yield column.head, _AMOUNT, decimal_text(Decimal(cell) / 100, 2)
        elif column.kind == "minutes":
            yield column.head, _TIME, decimal_text(hours(int(cell)), 2)
        elif column.kind == "ratio":
            yield column.head, _SHARE, decimal_text(Decimal(cell) * 100, 2 if column.places is None else column.places)
        elif column.kind == "number":
            yield column.head, "", decimal_text(cell, column.places)


def _in_words(text: str) -> Iterator[tuple[str, str]]:
    text = _PERIOD.sub("", text)
    for found in _NUMBER.finditer(text):
        rest = text[found.end() :].lstrip()
        yield next((kind for sign, kind in _SIGNS if rest.startswith(sign)), ""), found.group()


def _digits(number: str) -> int:
    return len(number.partition(".")[2])


def _kept(figures: tuple[Figure, ...]) -> dict[str, set[Decimal]]:
    kept: dict[str, set[Decimal]] = {_AMOUNT: set(), _SHARE: set(), _TIME: set(), "": set()}
    for tree in figures:
        for one in tree.walk():
            if isinstance(one.value, bool) or not isinstance(one.value, int | Decimal):
                continue
            value = Decimal(one.value)
            kept[""].add(value)
            if one.unit == "fen":
                kept[_AMOUNT].add(value / 100)
            elif one.unit == "workdays":
                kept[""].add(abs(value))  # on paper and screen a number of days overdue has no sign
            elif one.unit == "minutes":
                kept[_TIME].add(value / 60)
            elif one.unit == "hours":
                kept[_TIME].add(value)
            elif one.unit == "ratio":
                kept[_SHARE].add(value * 100)
    kept[""] |= kept[_TIME] | kept[_AMOUNT]  # a column of plain numbers may say hours or ten thousands of yuan
    kept[""] |= {value / 10000 for value in kept[_AMOUNT]}
    return kept


def missing(said: Content, registered: Collection[str] = (), figures: tuple[Figure, ...] | None = None) -> list[str]:
    """The numbers that stand in none of the trees, each with its head; of ``said.figures`` when none are given."""
    kept = _kept(said.figures if figures is None else figures)
    told = []
    for head, kind, number in printed(said, registered):
        places = _digits(number)
        wanted = Decimal(number.replace(",", ""))
        if not any(Decimal(money.half_up(value.scaleb(places))).scaleb(-places) == wanted for value in kept[kind]):
            told.append(f"{head}: {number}")
    return told


def without(figures: tuple[Figure, ...], said: Collection[str]) -> tuple[Figure, ...]:
    """The trees without the lines under these words: what a report would keep that forgot them."""
    kept = (one for one in figures if dict(one.params).get("said") not in said)
    return tuple(replace(one, inputs=without(one.inputs, said)) for one in kept)
