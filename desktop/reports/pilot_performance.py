"""中试服务业绩材料 (clause 15): what the bases served in a year and the year before, for whom, with which partners, how customers judged it.

For applying as a technology-transfer agency; the figures are given, judging them is for the office.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from desktop.ledger import money
from desktop.reports import kept
from desktop.reports.content import (
    Block,
    Cell,
    Column,
    Content,
    Heading,
    KeyValues,
    Letterhead,
    Signatures,
    Table,
    decimal_text,
    hours,
)
from desktop.reports.phrases import certainty
from desktop.rules.figure import Figure
from desktop.words import tr


@dataclass(frozen=True, slots=True)
class YearOfBase:
    """What a base served in a year: services that stand, minutes, fen; the same of external ones; customers of external ones."""

    n: int
    minutes: int
    fen: int
    n_external: int
    external_fen: int
    customers: frozenset[str]


@dataclass(frozen=True, slots=True)
class PerformanceBase:
    """One base: this year and the year before; (what, services, fen) by service, customer and rating of its external services.

    ``value_fen`` of its equipment, None: not all is known; ``satisfied``: the share of the satisfied among those who said anything, None: unknown.
    """

    number: str
    name: str
    fields: str
    openness: str | None
    n_equipment: int
    partners: tuple[tuple[str, str, str], ...]
    year: YearOfBase
    before: YearOfBase
    by_what: tuple[tuple[str, int, int], ...]
    by_customer: tuple[tuple[str, int, int], ...]
    by_rating: tuple[tuple[str, int, int], ...]
    process: str = ""
    capacity: str = ""
    started_on: date | None = None
    value_fen: int | None = None
    satisfied: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PerformanceFacts:
    """One year. ``trainings`` are (name in words, value in words) of pilot people trained, empty where the ledger keeps none."""

    year: int
    uscc: str
    bases: tuple[PerformanceBase, ...]
    certainty: str
    trainings: tuple[tuple[str, str], ...] = ()
    withheld: int = 0
    unfinished: bool = False


def report(facts: PerformanceFacts, letterhead: Letterhead) -> Content:
    """The whole in figures against the year before, base by base, then each with services, customers and partners."""
    blocks: list[Block] = [
        Heading(tr("总体情况")),
        KeyValues(_whole(facts, letterhead)),
        Heading(tr("按基地")),
        _by_base(facts),
    ]
    for one in facts.bases:
        blocks += [
            Heading(tr("{number} {name}", number=one.number, name=one.name)),
            KeyValues(_able(one)),
            *(table for _, table in _sums(one)),
            Table(
                (Column(tr("共建方"), weight=3), Column(tr("类别")), Column(tr("共建内容"), weight=4)), one.partners, empty=tr("没有登记共建方。")
            ),
        ]
    blocks += [Heading(tr("中试人才")), KeyValues(facts.trainings or ((tr("中试人才培训"), tr("未知（台账没有登记）")),))]
    blocks.append(Signatures((tr("编制人"), tr("基地负责人"), tr("单位负责人"))))
    return Content(
        kind="pilot_performance",
        title=tr("中试服务业绩材料"),
        subtitle=tr("中试基地的服务、收入、用户和共建方"),
        period=tr("{year} 年", year=facts.year),
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=_notes(facts),
        withheld=facts.withheld,
        figures=(*_in_figures(facts), *kept.under(blocks, (tr("按基地"),)), *_by_base_in_figures(facts)),
    )


def _in_figures(facts: PerformanceFacts) -> Iterator[Figure]:
    """The whole against the year before."""
    now, before = [one.year for one in facts.bases], [one.before for one in facts.bases]
    customers, earlier = _customers(now), _customers(before)
    pairs = (
        (tr("服务次数"), "count", "sum", sum(one.n for one in now), sum(one.n for one in before)),
        (tr("其中对外"), "count", "sum", sum(one.n_external for one in now), sum(one.n_external for one in before)),
        (tr("服务机时"), "minutes", "sum", sum(one.minutes for one in now), sum(one.minutes for one in before)),
        (tr("服务收入"), "fen", "sum", sum(one.fen for one in now), sum(one.fen for one in before)),
        (tr("对外服务收入"), "fen", "sum", sum(one.external_fen for one in now), sum(one.external_fen for one in before)),
        (tr("对外使用单位"), "count", "count", len(customers), len(earlier)),
    )
    yield kept.line(tr("中试基地"), len(now))
    yield kept.line(tr("中试设备"), sum(one.n_equipment for one in facts.bases), how="sum")
    for said, unit, how, value, of_before in pairs:
        yield kept.line(said, value, kept.line(tr("上年"), of_before, unit=unit, how=how), unit=unit, how=how)
    yield kept.line(tr("新增使用单位"), len(customers - earlier))


def _by_base_in_figures(facts: PerformanceFacts) -> Iterator[Figure]:
    for one in facts.bases:
        sums = (kept.table(head, table) for head, table in _sums(one))
        yield kept.line(tr("{number} {name}", number=one.number, name=one.name), one.year.external_fen, *sums, unit="fen", how="sum")


def _whole(facts: PerformanceFacts, head: Letterhead) -> tuple[tuple[str, str], ...]:
    now, before = [one.year for one in facts.bases], [one.before for one in facts.bases]

    def times(of: str, value: int, earlier: int) -> tuple[str, str]:
        return of, tr("{now} 笔（上年 {before} 笔）", now=f"{value:,}", before=f"{earlier:,}")

    def yuan(of: str, value: int, earlier: int) -> tuple[str, str]:
        return of, tr("{now} 元（上年 {before} 元）", now=money.text(value), before=money.text(earlier))

    served = decimal_text(hours(sum(one.minutes for one in now)), 2), decimal_text(hours(sum(one.minutes for one in before)), 2)
    return (
        (tr("申报单位"), head.institution),
        (tr("统一社会信用代码"), facts.uscc or tr("未填")),
        (tr("中试基地"), tr("{n} 个", n=len(now))),
        (tr("中试设备"), tr("{n} 台（套）", n=sum(one.n_equipment for one in facts.bases))),
        times(tr("服务次数"), sum(one.n for one in now), sum(one.n for one in before)),
        times(tr("其中对外"), sum(one.n_external for one in now), sum(one.n_external for one in before)),
        (tr("服务机时"), tr("{now} 小时（上年 {before} 小时）", now=served[0], before=served[1])),
        yuan(tr("服务收入"), sum(one.fen for one in now), sum(one.fen for one in before)),
        yuan(tr("对外服务收入"), sum(one.external_fen for one in now), sum(one.external_fen for one in before)),
        (tr("对外使用单位"), tr("{now} 家（上年 {before} 家）", now=len(_customers(now)), before=len(_customers(before)))),
        (tr("新增使用单位"), tr("{n} 家", n=len(_customers(now) - _customers(before)))),
    )


def _able(one: PerformanceBase) -> tuple[tuple[str, str], ...]:
    """What the base can do: clause 15 asks for the strength of its services."""
    return (
        (tr("开始运行"), one.started_on.isoformat() if one.started_on else tr("未知")),
        (tr("设备原值"), tr("未知") if one.value_fen is None else tr("{yuan} 元", yuan=money.text(one.value_fen))),
        (tr("工艺"), one.process or tr("未填")),
        (tr("中试能力"), one.capacity or tr("未填")),
        (tr("对外服务满意率"), tr("未知") if one.satisfied is None else decimal_text(one.satisfied * 100, 2) + "%"),
    )


def _customers(years: Iterable[YearOfBase]) -> frozenset[str]:
    return frozenset().union(*(one.customers for one in years))


def _by_base(facts: PerformanceFacts) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            one.number, one.name, one.openness, one.n_equipment, one.year.n, one.year.n_external, one.year.minutes, one.year.fen, one.year.external_fen,
            one.before.external_fen, len(one.year.customers), len(one.partners),
        )
        for one in facts.bases
    )  # fmt: skip
    total: tuple[Cell, ...] | None = None
    if rows:
        now = [one.year for one in facts.bases]
        total = (
            tr("合计"), "", "", sum(one.n_equipment for one in facts.bases), sum(one.n for one in now), sum(one.n_external for one in now),
            sum(one.minutes for one in now), sum(one.fen for one in now), sum(one.external_fen for one in now),
            sum(one.before.external_fen for one in facts.bases), len(_customers(now)), "",
        )  # fmt: skip
    return Table(
        (
            Column(tr("编号")), Column(tr("基地名称"), weight=3), Column(tr("开放状态"), align="center"), Column(tr("设备"), "number", places=0),
            Column(tr("服务（笔）"), "number", places=0), Column(tr("其中对外（笔）"), "number", places=0), Column(tr("机时（小时）"), "minutes"),
            Column(tr("收入（元）"), "money"), Column(tr("对外收入（元）"), "money"), Column(tr("上年对外收入（元）"), "money"),
            Column(tr("使用单位（家）"), "number", places=0), Column(tr("共建方（个）"), "number", places=0),
        ),
        rows,
        total=total,
        empty=tr("还没有登记中试基地。"),
    )  # fmt: skip


def _sums(one: PerformanceBase) -> tuple[tuple[str, Table], ...]:
    """What the base served others, under its three heads."""
    heads = ((tr("服务内容"), one.by_what), (tr("使用单位"), one.by_customer), (tr("用户评价"), one.by_rating))
    return tuple((head, _counts(head, rows)) for head, rows in heads)


def _counts(head: str, rows: tuple[tuple[str, int, int], ...]) -> Table:
    total = (tr("合计"), sum(n for _, n, _ in rows), sum(fen for _, _, fen in rows)) if rows else None
    columns = (Column(head, weight=3), Column(tr("笔数"), "number", places=0), Column(tr("对外收入（元）"), "money"))
    return Table(columns, rows, total=total, empty=tr("没有对外服务。"))


def _notes(facts: PerformanceFacts) -> tuple[str, ...]:
    notes = [
        tr(
            "服务是登记为基地服务的已记账记录，计入服务结束日所在年度；冲销在冲销日所在年度扣除次数、机时和金额。确定性 {level}。",
            level=certainty(facts.certainty),
        ),
        tr("使用单位按名称计，只计对外的；同一家在几个基地的只计一次。"),
        tr("满意率＝表示满意的对外服务÷有评价的对外服务，没有评价的不计，本年度内冲销的不计。"),
        tr("服务评价和服务能力由主管部门评定，以上只列台账里的数字。"),
    ]
    if facts.unfinished:
        notes.append(tr("本年度还没有结束，数字截至上面的日期。"))
    return tuple(notes)
