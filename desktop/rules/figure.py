"""A figure is a value that knows how it was made, so that every number on screen or paper answers "why?"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Value = int | Decimal | date | str | bool | None

_ORDER = ("", "A", "A-", "B", "D", "C")


@dataclass(frozen=True, slots=True)
class Rows:
    """The facts behind a sum: a kind (table) and the keys of its rows, or a filter the actions understand."""

    kind: str
    keys: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One value in the tree of an explanation.

    ``code`` says what the value is (``fee.amount``); ``how`` is the code of the step that made it
    (``fact``, ``parameter``, ``product``, ``sum`` …); ``value`` None means unknown, never zero;
    ``unit``: fen, minutes, hours, days, count, ratio, date, state, text; ``clause`` cites the source;
    ``certainty`` is A, A-, B, C or D as in the parameter files; ``note`` is free text from the ledger or file.
    """

    code: str
    value: Value
    unit: str = ""
    how: str = "fact"
    clause: str = ""
    certainty: str = ""
    note: str = ""
    inputs: tuple[Figure, ...] = ()
    rows: Rows | None = None
    params: tuple[tuple[str, str], ...] = field(default=())

    def walk(self) -> Iterator[Figure]:
        """This figure and all it was made from, depth first."""
        yield self
        for part in self.inputs:
            yield from part.walk()

    @property
    def weakest(self) -> str:
        """The least certain source in the tree: a figure is as sure as its weakest part."""
        return max((part.certainty for part in self.walk()), key=_ORDER.index)
