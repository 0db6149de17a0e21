"""How the conditions of a pilot base stand on paper: each met, not met or unknown, what is there, what is asked, who asks it."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.reports.content import Column, Table
from desktop.reports.phrases import certainty
from desktop.words import tr


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """One condition in words: whether it is met, what is there and what the rule asks (None: unknown), its source with the
    certainty.
    """

    name: str
    verdict: str
    there: str | None
    asked: str | None
    source: str
    certainty: str


def table(lines: tuple[ConditionLine, ...], caption: str = "") -> Table:
    """The conditions of one kind of base."""
    return Table(
        (
            Column(tr("条件"), weight=2), Column(tr("判断"), align="center"), Column(tr("现有"), weight=2), Column(tr("要求"), weight=2),
            Column(tr("依据"), weight=4), Column(tr("确定性"), weight=2),
        ),
        tuple((one.name, one.verdict, one.there, one.asked, one.source, certainty(one.certainty)) for one in lines),
        caption=caption,
    )  # fmt: skip
