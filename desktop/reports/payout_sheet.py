"""分配表: one payout run to be signed: how income became the pool, who receives what, a statement each (clause 10).

The amounts are the run's own; this file adds them up again and refuses to print a sheet that contradicts itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.ledger import money
from desktop.reports import statement as statements
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
    Step,
    Table,
    Waterfall,
    agree,
)
from desktop.reports.phrases import basis, certainty, cost_kind, detailed, run_state
from desktop.reports.statement import Statement
from desktop.words import tr


@dataclass(frozen=True, slots=True)
class CostLine:
    """A declared cost the run deducts; ``kind`` of ``ledger.allocation.COST_KINDS``, ``document`` its evidence.

    ``whole_fen`` was declared for ``period`` (both days included); this run deducts ``fen`` of it, for the days of ``spans``.
    """

    kind: str
    fen: int
    document: str = ""
    instrument: str = ""
    confidential: bool = False
    whole_fen: int = 0
    period: tuple[date, date] | None = None
    spans: tuple[tuple[date, date], ...] = ()

    @property
    def whole(self) -> bool:
        """Whether the run deducts the row as it was declared."""
        return self.period is None or self.spans == (self.period,)


@dataclass(frozen=True, slots=True)
class OtherShare:
    """What a receiver other than the technicians gets; ``how`` says by which share of the scheme. Negative: a loss borne."""

    name: str
    fen: int
    how: str = ""


@dataclass(frozen=True, slots=True)
class PayoutFacts:
    """One run. ``income_fen`` − Σ costs = Σ others + ``pool_fen``, and the statements' Σ is ``pool_fen``; moments are in words.

    ``cap`` says in words what bounded the technicians' part, if anything did; ``reverses`` names the run this one takes back.
    """

    run_number: str
    scheme: str
    scheme_document: str
    basis: str
    to_on: date
    state: str
    income_fen: int
    n_lines: int
    costs: tuple[CostLine, ...]
    others: tuple[OtherShare, ...]
    pool_fen: int
    technicians: tuple[Statement, ...]
    prepared_by: str
    prepared_at: str
    approved_by: str = ""
    approved_at: str = ""
    closed_by: str = ""
    closed_at: str = ""
    pool_how: str = ""
    cap: str = ""
    cap_certainty: str = ""
    include_internal: bool = False
    n_without_operator: int = 0
    n_left_out: int = 0
    reverses: str = ""
    reason: str = ""
    with_statements: bool = True


def report(facts: PayoutFacts, letterhead: Letterhead) -> Content:
    """The sheet, then one page per technician. Raises Problem ``report.sums_differ`` when any sum is not what it should be."""
    agree(facts.run_number, facts.pool_fen, sum(one.fen for one in facts.technicians))
    blocks: list[Block] = [KeyValues(_header(facts)), *_reversal(facts), Heading(tr("从收入到分配池")), _waterfall(facts)]
    blocks += [
        KeyValues((
            (tr("技术人员合计"), tr("{yuan} 元", yuan=money.text(facts.pool_fen))),
            (tr("大写"), money.capital(facts.pool_fen)),
        )),
        Heading(tr("实验技术人员分配")),
        _technicians(facts),
    ]  # fmt: skip
    takers = [one.name for one in facts.technicians if one.remainder]
    if takers:
        blocks.append(Paragraph(tr("按权重分配不足一分的尾差归入 {name}。", name=tr("、").join(takers))))
    if facts.others:
        rows: tuple[tuple[Cell, ...], ...] = tuple((one.name, one.fen, one.how) for one in facts.others)
        columns = (Column(tr("接收方"), weight=2), Column(tr("金额（元）"), "money"), Column(tr("分配依据"), weight=3))
        total = (tr("合计"), sum(one.fen for one in facts.others), "")
        blocks += [Heading(tr("其他接收方")), Table(columns, rows, total)]
    blocks.append(Signatures((tr("制表"), tr("复核"), tr("审批"))))
    for one in facts.technicians if facts.with_statements else ():
        blocks += [*statements.blocks(one, facts.run_number, new_page=True), Signatures((tr("领取人签字"),))]
    return Content(
        kind="payout",
        title=tr("开放共享服务收入分配表"),
        subtitle=tr("分配批次 {run}", run=facts.run_number),
        period=tr("截至 {day}", day=facts.to_on.isoformat()),
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=_notes(facts),
        orientation="landscape",
    )


def _header(facts: PayoutFacts) -> tuple[tuple[str, str], ...]:
    pairs = [
        (tr("分配批次"), facts.run_number),
        (tr("状态"), run_state(facts.state)),
        (tr("分配方案"), detailed(facts.scheme, facts.scheme_document)),
        (tr("收入口径"), detailed(basis(facts.basis), tr("含内部服务") if facts.include_internal else tr("不含内部服务"))),
        (tr("截止日期"), facts.to_on.isoformat()),
        (tr("计入服务"), tr("{n} 笔", n=facts.n_lines)),
        (tr("编制人"), f"{facts.prepared_by} {facts.prepared_at}".strip()),
        (tr("审批人"), f"{facts.approved_by} {facts.approved_at}".strip() or tr("尚未审批")),
    ]
    if facts.closed_by:
        pairs.append((tr("结清人"), f"{facts.closed_by} {facts.closed_at}".strip()))
    return tuple(pairs)


def _reversal(facts: PayoutFacts) -> tuple[Block, ...]:
    if not facts.reverses:
        return ()
    told = tr("本批次冲销分配批次 {run}，金额与原批次相反。原因：{reason}", run=facts.reverses, reason=facts.reason or tr("未填"))
    return (Paragraph(told, strong=True),)


def _waterfall(facts: PayoutFacts) -> Waterfall:
    """Income, less each cost, less what others receive, is the pool; checked here rather than on paper."""
    cost = sum(one.fen for one in facts.costs)
    net = facts.income_fen - cost
    steps = [Step(tr("服务收入"), facts.income_fen, "", basis(facts.basis))]
    for one in facts.costs:
        steps.append(Step(tr("成本：{kind}", kind=cost_kind(one.kind)), one.fen, "-", _evidence(one)))
    steps.append(Step(tr("扣除成本后"), net, "="))
    steps += [
        Step(other.name, other.fen, "-", other.how) if other.fen >= 0 else Step(other.name, -other.fen, "+", other.how)
        for other in facts.others
    ]
    how = tr("；").join(text for text in (facts.pool_how, facts.cap) if text)
    steps.append(Step(tr("技术人员分配池"), facts.pool_fen, "=", how))
    agree(facts.run_number, facts.pool_fen, net - sum(other.fen for other in facts.others))
    return Waterfall(tuple(steps))


def _evidence(cost: CostLine) -> str:
    """What the cost is for and its document; of a confidential instrument, neither."""
    if cost.confidential:
        return tr("涉密仪器")
    told = detailed(cost.instrument or tr("全单位"), cost.document)
    if cost.period is None:
        return told
    if cost.whole:
        return tr("；").join((told, _span(cost.period)))
    days, n_days = sum(_days(span) for span in cost.spans), _days(cost.period)
    declared = tr("{span} 申报 {yuan} 元", span=_span(cost.period), yuan=money.text(cost.whole_fen))
    part = tr("本次分摊 {spans}，{days}/{n} 天", spans=tr("、").join(map(_span, cost.spans)), days=days, n=n_days)
    return tr("；").join((told, declared, part))


def _span(span: tuple[date, date]) -> str:
    return tr("{start} 至 {end}", start=span[0].isoformat(), end=span[1].isoformat())


def _days(span: tuple[date, date]) -> int:
    return (span[1] - span[0]).days + 1


def _technicians(facts: PayoutFacts) -> Table:
    return Table(
        (
            Column(tr("序号"), "number", places=0),
            Column(tr("工号")),
            Column(tr("姓名"), weight=2),
            Column(tr("部门"), weight=2),
            Column(tr("服务笔数"), "number", places=0),
            Column(tr("机时（小时）"), "minutes"),
            Column(tr("分配权重"), align="right"),
            Column(tr("应发金额（元）"), "money"),
            Column(tr("尾差"), align="center"),
            Column(tr("领取人签字"), room=10),
        ),
        tuple(
            (
                place, one.staff_number, one.name, one.department, len(one.lines),
                sum(line.minutes for line in one.lines), one.weight, one.fen, tr("含") if one.remainder else "", "",
            )
            for place, one in enumerate(facts.technicians, 1)
        ),
        total=(
            "", tr("合计"), "", "", sum(len(one.lines) for one in facts.technicians),
            sum(line.minutes for one in facts.technicians for line in one.lines), "", facts.pool_fen, "", "",
        ),
        empty=tr("本批次没有可分配的技术人员。"),
        tall=True,
    )  # fmt: skip


def _notes(facts: PayoutFacts) -> tuple[str, ...]:
    notes = [tr("收入减成本减其他接收方等于分配池，技术人员应发之和等于分配池，精确到分。")]
    if facts.cap:
        notes.append(tr("技术人员份额受限：{cap}。确定性 {level}。", cap=facts.cap, level=certainty(facts.cap_certainty)))
    if facts.n_without_operator:
        notes.append(tr("另有 {n} 笔服务未登记操作人，未计入本次，待补登后随下次分配。", n=facts.n_without_operator))
    if facts.n_left_out:
        notes.append(tr("另有 {n} 笔内部服务，方案不含内部服务，未计入本次。", n=facts.n_left_out))
    if not all(one.whole for one in facts.costs):
        notes.append(tr("跨期的申报成本按日历天数分摊到各次分配，四舍五入到分，各次合计等于申报金额。"))
    return (*notes, *statements.notes())
