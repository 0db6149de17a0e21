"""分配表: one payout run to be signed: how income became the pool, who receives what, a statement each (clause 10).

The amounts are the run's own; this file adds them up again and refuses to print a sheet that contradicts itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from desktop.ledger import money
from desktop.reports import kept
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
    decimals,
    exact_text,
)
from desktop.reports.phrases import basis, certainty, cost_kind, detailed, run_state
from desktop.reports.statement import Statement
from desktop.rules.figure import Figure
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
    ``back_fen`` (≤ 0) of the income takes back services of earlier runs, as ``back_how`` says; ``order`` names the receivers in the
    order of the scheme; ``divided_fen`` was divided by the weights (None: nobody has one). ``tree_away`` says on whose computer the
    calculation is when it is not here: what bounded the run and what it left out is not known then.
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
    back_fen: int = 0
    back_how: str = ""
    order: str = ""
    divided_fen: int | None = None
    reverses: str = ""
    reason: str = ""
    tree_away: str = ""
    with_statements: bool = True


def report(facts: PayoutFacts, letterhead: Letterhead) -> Content:
    """The sheet, then one page per technician. Raises Problem ``report.sums_differ`` when any sum is not what it should be."""
    agree(facts.run_number, facts.pool_fen, sum(one.fen for one in facts.technicians))
    blocks: list[Block] = [KeyValues(_header(facts)), *_reversal(facts), Heading(tr("从收入到分配池")), _waterfall(facts)]
    if facts.others:
        rows: tuple[tuple[Cell, ...], ...] = tuple((one.name, one.fen, money.capital(one.fen), one.how) for one in facts.others)
        columns = (Column(tr("接收方")), Column(tr("金额（元）"), "money"), Column(tr("大写"), weight=2), Column(tr("分配依据"), weight=3))
        whole = sum(one.fen for one in facts.others)
        total = (tr("合计"), whole, money.capital(whole), "")
        blocks += [Heading(tr("其他接收方")), Table(columns, rows, total)]
    blocks += [Heading(tr("计算方法")), *map(Paragraph, (*_method(facts), *_notes(facts)))]
    blocks += [
        Heading(tr("实验技术人员分配（金额单位：元）")),
        _technicians(facts),
        KeyValues((
            (tr("技术人员合计"), tr("{yuan} 元", yuan=money.text(facts.pool_fen))),
            (tr("大写"), money.capital(facts.pool_fen)),
        )),
        Signatures((tr("制表"), tr("复核"), tr("审批"))),
    ]  # fmt: skip
    for one in facts.technicians if facts.with_statements else ():
        blocks += [*statements.blocks(one, facts.run_number, new_page=True), Signatures((tr("领取人签字"),))]
    return Content(
        kind="payout",
        title=tr("开放共享服务收入分配表"),
        subtitle=tr("分配批次 {run}", run=facts.run_number),
        period=tr("截至 {day}", day=facts.to_on.isoformat()),
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=statements.notes(),
        orientation="landscape",
        mark=mark(facts.state),
        figures=_kept(facts, blocks),
    )


def _kept(facts: PayoutFacts, blocks: Sequence[Block]) -> tuple[Figure, ...]:
    """What the tree of the run does not say in as many words: counts, hours, the sums of each statement; its lines are fixed with the run."""
    people = facts.technicians if facts.with_statements else ()
    return (
        kept.line(tr("计入服务"), facts.n_lines),
        *kept.under(blocks, (tr("其他接收方"), tr("实验技术人员分配（金额单位：元）")), (tr("序号"),)),
        *(statements.sums(one) for one in people),
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
    steps = [Step(tr("服务收入"), facts.income_fen - facts.back_fen, "", basis(facts.basis))]
    if facts.back_fen:
        steps.append(Step(tr("冲销以前已分配的收入"), -facts.back_fen, "-", facts.back_how))
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
    """One row a person, with what is needed to work the sum out again: base × factors = weight, part, remainder, taken back."""
    people = facts.technicians
    made: list[tuple[Column, list[Cell], Cell]] = []

    def column(made_of: Column, cells: list[Cell], total: Cell = "") -> None:
        made.append((made_of, cells, total))

    column(Column(tr("序号"), "number", places=0), list(range(1, len(people) + 1)))
    column(Column(tr("工号")), [one.staff_number for one in people], tr("合计"))
    column(Column(tr("姓名"), weight=2), [one.name for one in people])
    column(Column(tr("部门"), weight=2), [one.department for one in people])
    n_lines = [len(one.lines) for one in people]
    column(Column(tr("服务笔数"), "number", places=0), [*n_lines], sum(n_lines))
    minutes = [sum(line.minutes for line in one.lines) for one in people]
    column(Column(tr("机时（小时）"), "minutes"), [*minutes], sum(minutes))
    for made_of, cells, total in _weights(people):
        column(made_of, cells, total)
    column(Column(tr("应发金额"), "money"), [one.fen for one in people], facts.pool_fen)
    column(Column(tr("领取人签字"), room=9), [""] * len(people))
    return Table(
        tuple(column for column, _, _ in made),
        tuple(zip(*(cells for _, cells, _ in made), strict=True)),
        total=tuple(total for _, _, total in made),
        empty=tr("本批次没有可分配的技术人员。"),
        tall=True,
    )


def _weights(people: tuple[Statement, ...]) -> list[tuple[Column, list[Cell], Cell]]:
    """The columns of the weights: only the factors the scheme uses, only the parts that somebody has."""
    known = [one.weighing for one in people if one.weighing is not None]
    if not known or len(known) != len(people):
        return []
    weigh = people[0].weigh
    made: list[tuple[Column, list[Cell], Cell]] = []
    base = sum(one.base for one in known)
    if weigh != "equal":
        column = Column(tr("计权金额"), "money") if weigh == "amount" else Column(tr("计权机时（分钟）"), "number", places=0)
        made.append((column, [one.base for one in known], base))
    for head, factors in (
        (tr("角色系数"), [one.coefficient for one in known]),
        (tr("考核系数"), [one.evaluation for one in known]),
    ):
        if any(factor is not None for factor in factors):
            places = max(decimals(factor) for factor in factors if factor is not None)
            made.append((Column(head, "number", places=places), [*factors], ""))
    weights = [one.weight for one in people]
    places = max(2 if weigh == "amount" else 0, *(decimals(weight) for weight in weights))
    made.append((Column(tr("分配权重"), "number", places=places), [*weights], sum(weights, Decimal(0))))
    parts = (
        (tr("按权重分得"), [one.quotient_fen for one in known]),
        (tr("尾差"), [one.remainder_fen for one in known]),
        (tr("冲销扣回"), [one.back_fen for one in known]),
    )
    if any(one.remainder_fen or one.back_fen for one in known):
        made += [(Column(head, "money"), [*fens], sum(fens)) for head, fens in parts if any(fens)]
    return made


def _method(facts: PayoutFacts) -> tuple[str, ...]:
    """How the figures of the sheet follow from each other, so that anyone can work them out again."""
    told = [tr("余额＝扣除成本和方案中排在前面的各项之后的金额。方案顺序：{order}。", order=facts.order)] if facts.order else []
    known = [one for one in facts.technicians if one.weighing is not None]
    if known and facts.divided_fen is not None:
        first = known[0]
        base = {"amount": tr("计权金额"), "minutes": tr("计权机时（分钟）"), "equal": tr("1（人均）")}[first.weigh]
        factors = [base]
        if any(one.weighing and one.weighing.coefficient is not None for one in known):
            factors.append(tr("角色系数"))
        if any(one.weighing and one.weighing.evaluation is not None for one in known):
            factors.append(tr("考核系数"))
        whole = exact_text(sum((one.weight for one in known), Decimal(0)), 2 if first.weigh == "amount" else 0)
        told.append(
            tr(
                "权重＝{factors}；按权重分得＝{yuan} 元 × 本人权重 ÷ 权重合计 {whole}，不足一分的舍去。",
                factors=" × ".join(factors), yuan=money.text(facts.divided_fen), whole=whole,
            )
        )  # fmt: skip
        parts = [tr("按权重分得")]
        parts += [tr("尾差")] if any(one.weighing and one.weighing.remainder_fen for one in known) else []
        parts += [tr("冲销扣回")] if any(one.weighing and one.weighing.back_fen for one in known) else []
        if len(parts) > 1:
            told.append(tr("应发金额＝{parts}。", parts=" ＋ ".join(parts)))
        takers = [one.name for one in known if one.weighing and one.weighing.remainder_fen]
        if takers:
            told.append(tr("按权重分配不足一分的尾差归入 {name}。", name=tr("、").join(takers)))
    told.append(tr("收入减成本减其他接收方等于分配池，技术人员应发之和等于分配池，精确到分。"))
    return tuple(told)


def mark(state: str) -> str:
    """What a sheet must not be taken for, by the state of its run; empty for one that pays."""
    return {
        "prepared": tr("未审批，不作发放依据"),
        "withdrawn": tr("已撤回，不作发放依据"),
        "reversed": tr("已冲销，不作发放依据"),
    }.get(state, "")


def _notes(facts: PayoutFacts) -> tuple[str, ...]:
    """What bounds this run's figures and what it leaves out."""
    notes = []
    if facts.cap:
        notes.append(tr("技术人员份额受限：{cap}。确定性 {level}。", cap=facts.cap, level=certainty(facts.cap_certainty)))
    if facts.n_without_operator:
        notes.append(tr("另有 {n} 笔服务未登记操作人，未计入本次，待补登后随下次分配。", n=facts.n_without_operator))
    if facts.n_left_out:
        notes.append(tr("另有 {n} 笔内部服务，方案不含内部服务，未计入本次。", n=facts.n_left_out))
    if facts.tree_away:
        notes.append(
            tr(
                "本批次的计算过程太大，没有随同步送来，在{where}。本表的金额由明细得出；权重、上限和未计入的服务请看那台电脑打印的分配表。",
                where=facts.tree_away,
            )
        )
    if not all(one.whole for one in facts.costs):
        notes.append(tr("跨期的申报成本按日历天数分摊到各次分配，四舍五入到分，各次合计等于申报金额。"))
    return tuple(notes)
