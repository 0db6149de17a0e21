"""The workbook a university hands in each year: SJ1, SJ2 and SJ3 with the rows that are sound, and what was told of all rows on a sheet of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from desktop import words
from desktop.formats import moe, year_use
from desktop.formats.moe import Sj1Row
from desktop.formats.national import hundredths
from desktop.formats.write import OutSheet
from desktop.formats.year_use import UseRow
from desktop.ledger.finding import Finding

SJ2 = (
    "学校代码", "学年", "上学年末台（套）数", "上学年末金额（万元）", "本学年增加台（套）数", "本学年增加金额（万元）", "本学年减少台（套）数",
    "本学年减少金额（万元）", "本学年末台（套）数", "本学年末金额（万元）",
)  # fmt: skip
"""The columns of SJ2, in its order; the school and the year stand before them."""

FINDINGS = ("资产编号", "程度", "问题")


@dataclass(frozen=True, slots=True)
class Sj2:
    """Sets and fen at the end of last year, come, and at the end of this year."""

    school: str
    year: str
    last: tuple[int, int]
    increase: tuple[int, int]
    now: tuple[int, int]


def amounts(one: Sj2) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """万元 with two decimals of last, increase, decrease, now. The table is checked by decrease = last + increase − now: so is the decrease made."""
    last, came, now = (Decimal(hundredths(fen)).scaleb(-6) for _, fen in (one.last, one.increase, one.now))
    return last, came, last + came - now, now


def sj2(one: Sj2) -> OutSheet:
    """The sheet SJ2."""
    last, came, gone, now = amounts(one)
    n_gone = one.last[0] + one.increase[0] - one.now[0]
    row = (one.school, one.year, one.last[0], last, one.increase[0], came, n_gone, gone, one.now[0], now)
    return OutSheet("SJ2", SJ2, [row])


def findings(told: Iterable[tuple[str, Finding]]) -> OutSheet:
    """What was told: asset number ("" for the whole) and finding; its words are those of the screen's language."""
    rows = [(number, words.say(f"severity.{one.severity}"), words.say(one.code, **dict(one.params))) for number, one in told]
    return OutSheet("问题", FINDINGS, rows, widths=(16, 8, 100))


def sheets(first: Iterable[Sj1Row], changes: Sj2, use: Iterable[UseRow], told: Iterable[tuple[str, Finding]]) -> list[OutSheet]:
    """The whole workbook; rows are those that may be written."""
    return [moe.sheet(first), sj2(changes), year_use.sheet(use), findings(told)]
