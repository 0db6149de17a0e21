"""收费重算表: posted external services under other prices, by set and by customer, and which of them cannot be reckoned again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from desktop.reports import kept
from desktop.reports.content import Block, Cell, Column, Content, Heading, KeyValues, Letterhead, Paragraph, Table
from desktop.reports.phrases import certainty
from desktop.rules.figure import Figure
from desktop.words import tr


@dataclass(frozen=True, slots=True)
class Amounts:
    """``n`` services that can be reckoned again, posted and would-be fen; of ``n_open`` others only the posted ``open_fen`` is known."""

    n: int
    posted_fen: int
    would_fen: int
    n_open: int = 0
    open_fen: int = 0

    @property
    def difference_fen(self) -> int | None:
        """Would-be less posted; None when nothing can be compared."""
        return self.would_fen - self.posted_fen if self.n else None


@dataclass(frozen=True, slots=True)
class RepricedLine:
    """One set or customer; ``number`` is the asset number, "" of a customer."""

    number: str
    name: str
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """Why some cannot be reckoned again, in words; an example's record stands in them."""

    words: str
    n: int
    fen: int


@dataclass(frozen=True, slots=True)
class RepricingFacts:
    """``basis`` says in words which prices; ``certainty`` of the way it is reckoned."""

    period: str
    basis: str
    whole: Amounts
    sets: tuple[RepricedLine, ...]
    customers: tuple[RepricedLine, ...]
    reasons: tuple[ReasonLine, ...]
    withheld: int
    certainty: str


def report(facts: RepricingFacts, letterhead: Letterhead) -> Content:
    """The whole in short, by set, by customer, and what could not be reckoned again."""
    whole = facts.whole
    blocks: list[Block] = [
        KeyValues((
            (tr("按哪些价格重算"), facts.basis),
            (tr("校外服务"), tr("{n} 条", n=whole.n + whole.n_open)),
            (tr("其中不能重算"), tr("{n} 条", n=whole.n_open)),
        )),
        Paragraph(tr("本表是设想，没有改动任何记账金额，不作收费和结算依据。"), strong=True),
        Heading(tr("按仪器")),
        _table((Column(tr("资产编号")), Column(tr("仪器名称"), weight=3)), facts.sets, whole),
        Heading(tr("按使用单位")),
        _table((Column(tr("使用单位"), weight=3),), facts.customers, whole),
    ]  # fmt: skip
    if facts.reasons:
        blocks += [
            Heading(tr("不能重算的服务")),
            Table(
                (Column(tr("原因（举一条为例）"), weight=4), Column(tr("服务（条）"), "number", places=0), Column(tr("实际记账（元）"), "money")),
                tuple((one.words, one.n, one.fen) for one in facts.reasons),
                total=(tr("合计"), sum(one.n for one in facts.reasons), sum(one.fen for one in facts.reasons)),
            ),
        ]
    return Content(
        kind="repricing", title=tr("收费重算表"), subtitle=tr("校外服务按另一种价格会是多少"), period=facts.period, letterhead=letterhead,
        blocks=tuple(blocks), notes=_notes(facts), withheld=facts.withheld, orientation="landscape",
        figures=_kept(whole, blocks),
    )  # fmt: skip


def _kept(whole: Amounts, blocks: Sequence[Block]) -> tuple[Figure, ...]:
    """How many services there are, and the rows of the three tables."""
    parts = kept.line(tr("能重算的服务（条）"), whole.n), kept.line(tr("其中不能重算"), whole.n_open)
    counted = kept.line(tr("校外服务"), whole.n + whole.n_open, *parts, how="sum")
    return counted, *kept.under(blocks, (tr("按仪器"), tr("按使用单位"), tr("不能重算的服务")))


def _table(first: tuple[Column, ...], lines: tuple[RepricedLine, ...], whole: Amounts) -> Table:
    def named(line: RepricedLine) -> tuple[Cell, ...]:
        return (line.number, line.name) if len(first) > 1 else (line.name,)

    return Table(
        (
            *first, Column(tr("能重算的服务（条）"), "number", places=0), Column(tr("实际记账（元）"), "money"), Column(tr("重算（元）"), "money"),
            Column(tr("差额（元）"), "money"), Column(tr("变动"), "ratio"), Column(tr("不能重算（条）"), "number", places=0),
            Column(tr("不能重算的实际记账（元）"), "money"),
        ),
        tuple((*named(line), *_cells(line.amounts)) for line in lines),
        total=(tr("合计"), *[""] * (len(first) - 1), *_cells(whole)) if lines else None,
        empty=tr("本期没有已记账的校外服务。"),
    )  # fmt: skip


def _cells(one: Amounts) -> tuple[Cell, ...]:
    difference = one.difference_fen
    share = None if difference is None else Decimal(difference) / Decimal(one.posted_fen) if one.posted_fen else "—"
    return one.n, one.posted_fen, one.would_fen if one.n else None, difference, share, one.n_open, one.open_fen


def _notes(facts: RepricingFacts) -> tuple[str, ...]:
    return (
        tr("只计已记账、没有冲销的校外服务，按服务结束日归入本期；机时、数量、加急和耗材照记录原样，只换价格。"),
        tr("重算金额逐条四舍五入到分后相加；差额和变动只比较能重算的服务，不能重算的不按零计。"),
        tr("价格全部涨跌时，单价、开机费和日封顶同比变动，耗材按成本不变；逐笔议价的项目不计入重算。"),
        tr("条文只规定成本补偿、非盈利，没有规定怎样设想价格变动；以上为本台账口径，确定性 {level}。", level=certainty(facts.certainty)),
    )
