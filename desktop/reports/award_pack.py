"""奖补申报材料: a provider's application on last year's transaction amount (clause 3), with the evidence for each amount.

Whether sharing was high, service good and customers content (the clause's own words) is for the office to judge: the figures are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from desktop.ledger import money
from desktop.reports import kept, use_columns
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
    hours,
)
from desktop.reports.phrases import certainty, detailed
from desktop.rules import ratings
from desktop.rules.figure import Figure, Rows
from desktop.words import tr


@dataclass(frozen=True, slots=True)
class PackLine:
    """One external service or reversal (negative fen, ``reversed_on`` its day)."""

    record_number: str
    asset_number: str
    instrument: str
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
class PackFacts:
    """One year. ``cap_fen``, ``rate`` and ``estimate_fen`` None: not in force, not published, unknown; ``rate_source`` cites the rate.

    ``sharing_rate`` with minutes of all services of the year on sets that are not confidential.
    """

    year: int
    uscc: str
    kind: str
    lines: tuple[PackLine, ...]
    cap_fen: int | None
    rate: Decimal | None
    rate_source: str
    estimate_fen: int | None
    sharing_rate: Decimal | None
    effective_minutes: int
    external_minutes: int
    certainties: tuple[str, str]
    withheld: int
    unfinished: bool = False


def report(facts: PackFacts, letterhead: Letterhead) -> Content:
    """Application, service in figures, by instrument, by customer, every line with its evidence."""
    total = sum(line.amount_fen for line in facts.lines)
    services = [line for line in facts.lines if line.reversed_on is None]
    wanting = [line for line in services if line.wanting]
    blocks: list[Block] = [
        Heading(tr("申报单位和金额")),
        KeyValues((
            (tr("申报单位"), letterhead.institution),
            (tr("统一社会信用代码"), facts.uscc or tr("未填")),
            (tr("单位类型"), facts.kind),
            (tr("年度服务交易额"), tr("{yuan} 元", yuan=money.text(total))),
            (tr("大写"), money.capital(total) if total >= 0 else "—"),
            (tr("折合"), tr("{wan} 万元", wan=money.wan_text(total))),
            (tr("其中凭据齐全"), _lot([line for line in services if not line.wanting])),
            (tr("缺合同或发票"), _lot(wanting)),
            (tr("冲销金额"), _lot([line for line in facts.lines if line.reversed_on is not None])),
            (tr("奖励上限"), tr("未知") if facts.cap_fen is None else tr("{yuan} 元", yuan=money.text(facts.cap_fen))),
            (tr("奖励比例"), tr("未公布计算公式") if facts.rate is None else detailed(decimal_text(facts.rate * 100, 2) + "%", facts.rate_source)),
            (tr("奖励估算"), _estimate(facts)),
        )),
    ]  # fmt: skip
    if wanting:
        blocks.append(Paragraph(tr("有 {n} 笔缺合同或发票，作为交易额依据前应补齐。", n=len(wanting)), strong=True))
    blocks += [
        Heading(tr("开放共享情况")),
        KeyValues((
            (tr("有效工作机时"), tr("{hours} 小时", hours=decimal_text(hours(facts.effective_minutes), 2))),
            (tr("对外服务机时"), tr("{hours} 小时", hours=decimal_text(hours(facts.external_minutes), 2))),
            (tr("共享率"), tr("未知") if facts.sharing_rate is None else decimal_text(facts.sharing_rate * 100, 2) + "%"),
            (tr("使用单位数"), tr("{n} 家", n=len({line.customer for line in services}))),
        )),
        Heading(tr("用户评价")),
        _counts(tr("评价"), ((ratings.said(line.rating) or tr("没有评价"), line.amount_fen) for line in services), tr("没有对外服务。")),
        Heading(tr("按仪器")),
        _counts(tr("仪器"), ((detailed(line.instrument, line.asset_number), line.amount_fen) for line in facts.lines), tr("没有对外服务。")),
        Heading(tr("按使用单位")),
        _counts(tr("使用单位"), ((detailed(line.customer, line.customer_uscc), line.amount_fen) for line in facts.lines), tr("没有对外服务。")),
        Heading(tr("逐笔依据")),
        Table(
            (
                Column(tr("日期"), "date"), Column(tr("记录编号")), Column(tr("仪器名称"), weight=2), Column(tr("使用单位"), weight=2),
                Column(tr("金额（元）"), "money"), Column(tr("合同编号")), Column(tr("发票号码")), Column(tr("已到账（元）"), "money"),
                use_columns.count(tr("附件")), Column(tr("备注")),
            ),
            tuple(_row(line) for line in facts.lines),
            total=(tr("合计"), "", "", "", total, "", "", sum(line.received_fen for line in facts.lines), sum(line.n_files for line in facts.lines), "")
            if facts.lines
            else None,
            empty=tr("没有对外服务。"),
        ),
        Signatures((tr("编制人"), tr("财务负责人"), tr("单位负责人"))),
    ]  # fmt: skip
    return Content(
        kind="award",
        title=tr("大型科研仪器供给单位奖励申报材料"),
        subtitle=tr("年度服务交易额及其依据"),
        period=tr("{year} 年", year=facts.year),
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=_notes(facts),
        withheld=facts.withheld,
        orientation="landscape",
        figures=_kept(facts, services, blocks),
    )


def _kept(facts: PackFacts, services: Sequence[PackLine], blocks: Sequence[Block]) -> tuple[Figure, ...]:
    """What has its evidence, what lacks some and what was taken back, the users, and how the amount divides."""
    return (
        lot(tr("其中凭据齐全"), [line for line in services if not line.wanting]),
        lot(tr("缺合同或发票"), [line for line in services if line.wanting], named=True),
        lot(tr("冲销金额"), [line for line in facts.lines if line.reversed_on is not None], named=True),
        kept.line(tr("使用单位数"), len({line.customer for line in services})),
        *kept.under(blocks, (tr("用户评价"), tr("按仪器"), tr("按使用单位"))),
        listed(tr("逐笔依据"), facts.lines),
    )


class Evidenced(Protocol):
    """A line of an application."""

    @property
    def amount_fen(self) -> int: ...
    @property
    def received_fen(self) -> int: ...
    @property
    def n_files(self) -> int: ...
    @property
    def posting_id(self) -> str: ...


def lot(said: str, lines: Sequence[Evidenced], *, named: bool = False) -> Figure:
    """Some services, how many and what they come to; ``named`` with their postings: of those that have all their evidence the paper lists enough."""
    keys = tuple(line.posting_id for line in lines if line.posting_id) if named else ()
    rows = Rows("posting", keys) if keys else None
    return kept.line(said, sum(line.amount_fen for line in lines), kept.line(tr("笔数"), len(lines)), unit="fen", how="sum", rows=rows)


def listed(said: str, lines: Sequence[Evidenced]) -> Figure:
    """What the list of services comes to, beside the amount."""
    return kept.line(
        said,
        len(lines),
        kept.line(tr("已到账（元）"), sum(line.received_fen for line in lines), unit="fen", how="sum"),
        kept.line(tr("附件"), sum(line.n_files for line in lines), how="sum"),
    )


def _lot(lines: list[PackLine]) -> str:
    return tr("{n} 笔，{yuan} 元", n=len(lines), yuan=money.text(sum(line.amount_fen for line in lines)))


def _estimate(facts: PackFacts) -> str:
    if facts.estimate_fen is None:
        return tr("未知（未公布计算公式）") if facts.rate is None else tr("未知")
    return tr("{yuan} 元", yuan=money.text(facts.estimate_fen))


def _counts(head: str, named: Iterable[tuple[str, int]], empty: str) -> Table:
    sums: dict[str, tuple[int, int]] = {}
    for name, fen in named:
        n, before = sums.get(name, (0, 0))
        sums[name] = n + 1, before + fen
    ranked = sorted(sums.items(), key=lambda pair: (-pair[1][1], pair[0]))
    rows = tuple((name, n, fen) for name, (n, fen) in ranked)
    total = (tr("合计"), sum(n for _, n, _ in rows), sum(fen for _, _, fen in rows)) if rows else None
    return Table((Column(head, weight=3), Column(tr("笔数"), "number", places=0), Column(tr("金额（元）"), "money")), rows, total=total, empty=empty)


def _row(line: PackLine) -> tuple[Cell, ...]:
    back = line.reversed_on is not None
    lacking = "" if back else tr("缺")
    note = tr("冲销 {day} 的服务", day=line.ended_on.isoformat()) if back else ""
    return (
        line.reversed_on or line.ended_on, line.record_number, detailed(line.instrument, line.asset_number), line.customer, line.amount_fen,
        line.contract or lacking, line.invoices or lacking, line.received_fen, line.n_files, note,
    )  # fmt: skip


def _notes(facts: PackFacts) -> tuple[str, ...]:
    definition, cap = facts.certainties
    notes = [
        tr("口径：只计对外服务，按记账总额，计入服务结束日所在年度；冲销计入冲销日所在年度。确定性 {level}。", level=certainty(definition)),
        tr("奖励上限的确定性 {level}；没有带文号的计算公式时不作估算。", level=certainty(cap)) if cap else tr("申报日没有生效的奖励上限，不作估算。"),
        tr("开放共享程度、服务质量和用户评价由主管部门评定，以上只列台账里的数字。"),
        tr("“缺”表示台账中没有登记该凭据。"),
    ]
    if facts.unfinished:
        notes.append(tr("本年度还没有结束，数字截至上面的日期。"))
    return tuple(notes)
