"""What was told of many sets, on paper: one row a kind, how bad it is, an example in words, and the sets it is told of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.reports.content import Column, Table
from desktop.words import say, tr

_NAMED = 12
"""How many sets a row names; of more it says that there are others."""


@dataclass(frozen=True, slots=True)
class FaultLine:
    """One kind of what was told: how bad, the words of the first, and the sets it is told of (none: of the whole)."""

    severity: str
    words: str
    asset_numbers: tuple[str, ...]


def fault_table(faults: Sequence[FaultLine]) -> Table:
    """The kinds in the order given."""
    return Table(
        (Column(tr("程度")), Column(tr("问题（每种举一例）"), weight=5), Column(tr("台（套）数"), "number", places=0), Column(tr("资产编号"), weight=3)),
        tuple((say(f"severity.{one.severity}"), one.words, len(one.asset_numbers) or "—", _named(one.asset_numbers)) for one in faults),
        empty=tr("没有。"),
    )


def _named(numbers: tuple[str, ...]) -> str:
    said = say("report.list").join(numbers[:_NAMED])
    return tr("{some}等", some=said) if len(numbers) > _NAMED else said
