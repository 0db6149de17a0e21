"""年度服务交易额: what others paid for services in a year, with the evidence for each record (clause 3).

No text settles what the transaction amount is; ours, printed with its certainty: external records only, gross, in the year the
service ended; a reversal counts in the year of the reversal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import overload

from desktop.ledger import money
from desktop.reports import kept
from desktop.reports.content import Block, Cell, Column, Content, Heading, KeyValues, Letterhead, Paragraph, Table
from desktop.reports.phrases import certainty, detailed, disclosed
from desktop.words import tr

Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class TransactionLine:
    """One posting. A reversal has a negative ``amount_fen`` and ``reversed_on``, the day that decides its year."""

    record_number: str
    asset_number: str
    instrument: str
    customer: str
    ended_on: date
    amount_fen: int
    contract: str = ""
    invoice: str = ""
    external: bool = True
    reversed_on: date | None = None
    confidential: bool = False

    @property
    def counted_on(self) -> date:
        """The day that decides the year."""
        return self.reversed_on or self.ended_on


@dataclass(frozen=True, slots=True)
class TransactionFacts:
    """Postings that may fall into ``year``; what does not belong to it is left out here."""

    year: int
    lines: Sequence[TransactionLine]
    certainty: str = "C"


class _Details(Sequence[Row]):
    """The rows of the detail table, made as they are read: a year of records is not held twice."""

    def __init__(self, lines: Sequence[TransactionLine]) -> None:
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...

    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        return _Details(self._lines[index]) if isinstance(index, slice) else _row(self._lines[index])

    def __iter__(self) -> Iterator[Row]:
        return map(_row, self._lines)


def counted(facts: TransactionFacts) -> list[TransactionLine]:
    """The lines that make the year's amount, confidential ones included."""
    return [line for line in facts.lines if line.external and line.counted_on.year == facts.year]


def report(facts: TransactionFacts, letterhead: Letterhead) -> Content:
    """The amount, by customer and by instrument (largest first), and every record behind it."""
    lines, withheld = disclosed(counted(facts))
    ordered = sorted(lines, key=lambda line: (line.counted_on, line.record_number, line.reversed_on is not None))
    total = sum(line.amount_fen for line in lines)
    reversals = [line for line in lines if line.reversed_on is not None]
    gross = total - sum(line.amount_fen for line in reversals)
    wanting = sum(1 for line in lines if line.reversed_on is None and not (line.contract and line.invoice))
    blocks: list[Block] = [
        KeyValues((
            (tr("年度服务交易额"), tr("{yuan} 元", yuan=money.text(total))),
            (tr("折合"), tr("{wan} 万元", wan=money.wan_text(total))),
            (tr("对外服务"), tr("{n} 笔，{yuan} 元", n=len(lines) - len(reversals), yuan=money.text(gross))),
            (tr("冲销金额"), tr("{n} 笔，{yuan} 元", n=len(reversals), yuan=money.text(total - gross))),
        )),
    ]  # fmt: skip
    if wanting:
        blocks.append(Paragraph(tr("有 {n} 笔缺合同或发票，作为交易额依据前应补齐。", n=wanting), strong=True))
    blocks += [
        Heading(tr("按使用单位")),
        _ranking(tr("使用单位"), ((line.customer, line.amount_fen) for line in lines), total),
        Heading(tr("按仪器")),
        _ranking(tr("仪器"), ((detailed(line.instrument, line.asset_number), line.amount_fen) for line in lines), total),
        Heading(tr("逐笔明细")),
        Table(
            (
                Column(tr("日期"), "date"),
                Column(tr("记录编号")),
                Column(tr("资产编号")),
                Column(tr("仪器名称"), weight=2),
                Column(tr("使用单位"), weight=2),
                Column(tr("金额（元）"), "money"),
                Column(tr("合同编号")),
                Column(tr("发票号码")),
                Column(tr("备注")),
            ),
            _Details(ordered),
            total=(tr("合计"), "", "", "", "", total, "", "", ""),
            empty=tr("本年度没有对外服务交易。"),
        ),
    ]
    return Content(
        kind="transactions",
        title=tr("年度服务交易额"),
        subtitle=tr("对外服务收入及其依据"),
        period=tr("{year} 年", year=facts.year),
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=(
            tr(
                "口径：只计对外服务，按记账总额，计入服务结束日所在年度；冲销计入冲销日所在年度。确定性 {level}。",
                level=certainty(facts.certainty),
            ),
            tr("“缺”表示台账中没有登记该凭据。"),
        ),
        withheld=withheld,
        orientation="landscape",
        figures=(
            kept.line(tr("对外服务"), gross, kept.line(tr("笔数"), len(lines) - len(reversals)), unit="fen", how="sum"),
            kept.line(tr("冲销金额"), total - gross, kept.line(tr("笔数"), len(reversals)), unit="fen", how="sum"),
            *kept.under(blocks, (tr("按使用单位"), tr("按仪器"))),
        ),
    )


def _row(line: TransactionLine) -> Row:
    reversal = line.reversed_on is not None
    lacking = "" if reversal else tr("缺")
    note = tr("冲销 {day} 的服务", day=line.ended_on.isoformat()) if reversal else ""
    return (
        line.counted_on,
        line.record_number,
        line.asset_number,
        line.instrument,
        line.customer,
        line.amount_fen,
        line.contract or lacking,
        line.invoice or lacking,
        note,
    )


def _ranking(what: str, amounts: Iterable[tuple[str, int]], total: int) -> Table:
    """Who brought how much, largest first; equal amounts by name."""
    sums: dict[str, tuple[int, int]] = {}
    for name, fen in amounts:
        before, count = sums.get(name, (0, 0))
        sums[name] = (before + fen, count + 1)
    ranked = sorted(sums.items(), key=lambda item: (-item[1][0], item[0]))
    rows = tuple((place, name, count, fen) for place, (name, (fen, count)) in enumerate(ranked, 1))
    return Table(
        (
            Column(tr("名次"), "number", places=0),
            Column(what, weight=3),
            Column(tr("笔数"), "number", places=0),
            Column(tr("金额（元）"), "money"),
        ),
        rows,
        total=("", tr("合计"), sum(count for _, count in sums.values()), total),
        empty=tr("本年度没有对外服务交易。"),
    )
