"""中试基地奖补申报材料 (clause 6): each base with the conditions, last year's service transaction amount, and the evidence of every amount.

Whether the service rules are sound, customers content and the benefit outstanding (the clause's own words) is for the office to judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from desktop.ledger import money
from desktop.reports import award_pack, kept, pilot_conditions, use_columns
from desktop.reports.content import (
    Block,
    Cell,
    Column,
    Content,
    Heading,
    KeyValues,
    Letterhead,
    Paragraph,
    Signatures,
    Table,
    decimal_text,
)
from desktop.reports.phrases import certainty, detailed
from desktop.reports.pilot_conditions import ConditionLine
from desktop.rules import ratings
from desktop.rules.figure import Figure
from desktop.words import tr


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One external service of a base, or a reversal (negative fen, ``reversed_on`` its day)."""

    record_number: str
    equipment: str
    what: str
    customer: str
    customer_uscc: str
    ended_on: date
    amount_fen: int
    contract: str
    invoices: str
    received_fen: int
    n_files: int
    rating: str
    reversed_on: date | None = None
    posting_id: str = ""

    @property
    def wanting(self) -> bool:
        """A service without contract or invoice."""
        return self.reversed_on is None and not (self.contract and self.invoices)


@dataclass(frozen=True, slots=True)
class AwardBase:
    """One base of the application; ``estimate_fen`` None: not published or unknown. ``demonstration`` is the verdict in words."""

    number: str
    name: str
    started_on: date | None
    value_fen: int | None
    demonstration: str
    conditions: tuple[ConditionLine, ...]
    lines: tuple[ServiceLine, ...]
    estimate_fen: int | None


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """One year. ``cap_fen`` and ``rate`` None: not in force, not published; ``rate_source`` cites the rate; ``certainties`` of definition and cap."""

    year: int
    uscc: str
    bases: tuple[AwardBase, ...]
    cap_fen: int | None
    rate: Decimal | None
    rate_source: str
    certainties: tuple[str, str]
    withheld: int = 0
    unfinished: bool = False


def report(facts: AwardFacts, letterhead: Letterhead) -> Content:
    """The bases at a glance, then for each its conditions, its amount and every line with its evidence."""
    blocks: list[Block] = [Heading(tr("申报单位")), KeyValues(_applicant(facts, letterhead)), Heading(tr("申报基地")), _glance(facts)]
    for one in facts.bases:
        blocks += _base(one, facts)
    blocks.append(Signatures((tr("编制人"), tr("财务负责人"), tr("单位负责人"))))
    return Content(
        kind="pilot_award",
        title=tr("中试基地奖补申报材料"),
        subtitle=tr("年度中试服务交易额及其依据"),
        period=tr("{year} 年", year=facts.year),
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=_notes(facts),
        withheld=facts.withheld,
        orientation="landscape",
        figures=(*kept.under(blocks, (tr("申报基地"),)), *map(_kept, facts.bases)),
    )


def _kept(one: AwardBase) -> Figure:
    """The base's amount: what has its evidence, what lacks some, what was taken back, how its users judged it."""
    services = [line for line in one.lines if line.reversed_on is None]
    judged = (kept.line(name, n) for name, n in _judged(services))
    return kept.line(
        _name(one),
        sum(line.amount_fen for line in one.lines),
        award_pack.lot(tr("其中凭据齐全"), [line for line in services if not line.wanting]),
        award_pack.lot(tr("缺合同或发票"), [line for line in services if line.wanting], named=True),
        award_pack.lot(tr("冲销金额"), [line for line in one.lines if line.reversed_on is not None], named=True),
        kept.line(tr("用户评价"), len(services), *judged, how="sum"),
        award_pack.listed(tr("逐笔依据"), one.lines),
        unit="fen",
        how="sum",
    )


def _name(one: AwardBase) -> str:
    return tr("{number} {name}", number=one.number, name=one.name)


def _applicant(facts: AwardFacts, head: Letterhead) -> tuple[tuple[str, str], ...]:
    rate = tr("未公布计算公式") if facts.rate is None else detailed(decimal_text(facts.rate * 100, 2) + "%", facts.rate_source)
    return (
        (tr("申报单位"), head.institution),
        (tr("统一社会信用代码"), facts.uscc or tr("未填")),
        (tr("奖补上限（每个基地每年）"), tr("未知") if facts.cap_fen is None else tr("{yuan} 元", yuan=money.text(facts.cap_fen))),
        (tr("奖补比例"), rate),
    )


def _glance(facts: AwardFacts) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            one.number, one.name, one.demonstration, len([line for line in one.lines if line.reversed_on is None]),
            sum(line.amount_fen for line in one.lines), _estimate(one, facts) if one.estimate_fen is None else one.estimate_fen,
        )
        for one in facts.bases
    )  # fmt: skip
    total = sum(line.amount_fen for one in facts.bases for line in one.lines)
    n = sum(line.reversed_on is None for one in facts.bases for line in one.lines)
    return Table(
        (
            Column(tr("编号")), Column(tr("基地名称"), weight=3), Column(tr("省级示范基地条件"), align="center"),
            Column(tr("对外服务（笔）"), "number", places=0), Column(tr("服务交易额（元）"), "money"), Column(tr("奖补估算（元）"), "money"),
        ),
        rows,
        total=(tr("合计"), "", "", n, total, "") if rows else None,
        empty=tr("还没有登记中试基地。"),
    )  # fmt: skip


def _base(one: AwardBase, facts: AwardFacts) -> list[Block]:
    total = sum(line.amount_fen for line in one.lines)
    services = [line for line in one.lines if line.reversed_on is None]
    wanting = [line for line in services if line.wanting]
    told: list[Block] = [
        Heading(_name(one), new_page=True),
        KeyValues((
            (tr("开始运行"), one.started_on.isoformat() if one.started_on else tr("未知")),
            (tr("设备原值"), tr("未知") if one.value_fen is None else tr("{yuan} 元", yuan=money.text(one.value_fen))),
            (tr("年度服务交易额"), tr("{yuan} 元", yuan=money.text(total))),
            (tr("大写"), money.capital(total) if total >= 0 else "—"),
            (tr("其中凭据齐全"), _lot([line for line in services if not line.wanting])),
            (tr("缺合同或发票"), _lot(wanting)),
            (tr("冲销金额"), _lot([line for line in one.lines if line.reversed_on is not None])),
            (tr("用户评价"), _ratings(services)),
            (tr("奖补估算"), _estimate(one, facts)),
        )),
        pilot_conditions.table(one.conditions),
    ]  # fmt: skip
    if wanting:
        told.append(Paragraph(tr("有 {n} 笔缺合同或发票，作为交易额依据前应补齐。", n=len(wanting)), strong=True))
    told.append(
        Table(
            (
                Column(tr("日期"), "date"), Column(tr("记录编号")), Column(tr("中试设备"), weight=2), Column(tr("服务内容"), weight=2),
                Column(tr("使用单位"), weight=2), Column(tr("金额（元）"), "money"), Column(tr("合同编号")), Column(tr("发票号码")),
                Column(tr("已到账（元）"), "money"), use_columns.count(tr("附件")), Column(tr("备注")),
            ),
            tuple(_row(line) for line in one.lines),
            total=(tr("合计"), "", "", "", "", total, "", "", sum(line.received_fen for line in one.lines), sum(line.n_files for line in one.lines), "")
            if one.lines
            else None,
            empty=tr("没有对外服务。"),
        )
    )  # fmt: skip
    return told


def _lot(lines: list[ServiceLine]) -> str:
    return tr("{n} 笔，{yuan} 元", n=len(lines), yuan=money.text(sum(line.amount_fen for line in lines)))


def _judged(services: Sequence[ServiceLine]) -> list[tuple[str, int]]:
    """How many said what of them, most first."""
    counts: dict[str, int] = {}
    for line in services:
        name = ratings.said(line.rating) or tr("没有评价")
        counts[name] = counts.get(name, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _ratings(services: Sequence[ServiceLine]) -> str:
    return tr("；").join(tr("{name} {n} 笔", name=name, n=n) for name, n in _judged(services)) or "—"


def _estimate(one: AwardBase, facts: AwardFacts) -> str:
    if one.estimate_fen is None:
        return tr("未知（未公布计算公式）") if facts.rate is None else tr("未知")
    return tr("{yuan} 元", yuan=money.text(one.estimate_fen))


def _row(line: ServiceLine) -> tuple[Cell, ...]:
    back = line.reversed_on is not None
    lacking = "" if back else tr("缺")
    note = tr("冲销 {day} 的服务", day=line.ended_on.isoformat()) if back else ""
    return (
        line.reversed_on or line.ended_on, line.record_number, line.equipment, line.what, detailed(line.customer, line.customer_uscc), line.amount_fen,
        line.contract or lacking, line.invoices or lacking, line.received_fen, line.n_files, note,
    )  # fmt: skip


def _notes(facts: AwardFacts) -> tuple[str, ...]:
    definition, cap = facts.certainties
    notes = [
        tr("口径：只计登记为基地服务的对外服务，按记账总额，计入服务结束日所在年度；冲销计入冲销日所在年度。确定性 {level}。", level=certainty(definition)),
        tr("奖补上限的确定性 {level}；没有带文号的计算公式时不作估算。", level=certainty(cap)) if cap else tr("申报日没有生效的奖补上限，不作估算。"),
        tr("条件按申报日的登记和规则判断，资料不全的写明不能判断；是否为省级中试示范基地以省科技厅认定为准。"),
        tr("“缺”表示台账中没有登记该凭据。"),
    ]
    if facts.unfinished:
        notes.append(tr("本年度还没有结束，数字截至上面的日期。"))
    return tuple(notes)
