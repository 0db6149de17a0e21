"""个人明细: what one technician is paid in a run, with every line behind the sum.

Lines of confidential records are paid like all others but set out as one line without instrument, number or month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from desktop.ledger import money
from desktop.ledger.allocation import WeightBasis
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
    agree,
    decimal_text,
    exact_text,
)
from desktop.reports.phrases import disclosed
from desktop.rules.figure import Figure
from desktop.rules.settlement_tree import Weighing
from desktop.words import tr


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One posting or receipt: ``amount_fen`` of income brought ``fen`` to the technician; ``late``: of a month settled before."""

    record_number: str
    instrument: str
    customer: str
    ended_on: date
    service_month: str
    minutes: int
    amount_fen: int
    fen: int
    late: bool = False
    reversal: bool = False
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One technician's part of a run; Σ of the lines' ``fen`` is ``fen``.

    ``weighing`` says how it was worked out, ``weigh`` what the weights are of (``ledger.allocation.WEIGHT_BASES``);
    None: nothing is told of it.
    """

    staff_number: str
    name: str
    department: str
    fen: int
    lines: tuple[StatementLine, ...]
    weighing: Weighing | None = None
    weigh: WeightBasis = "amount"

    @property
    def weight(self) -> Decimal:
        """The weight as it is printed: of yuan, minutes or 1, times the factors."""
        if self.weighing is None:
            return Decimal(0)
        one = self.weighing
        base = Decimal(one.base).scaleb(-2) if self.weigh == "amount" else Decimal(one.base)
        return base * (1 if one.coefficient is None else one.coefficient) * (1 if one.evaluation is None else one.evaluation)


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """One statement on its own: which run it belongs to, in words."""

    run_number: str
    period: str
    statement: Statement
    mark: str = ""


def report(facts: StatementFacts, letterhead: Letterhead) -> Content:
    """The statement to hand to the technician. Raises Problem ``report.sums_differ`` when the lines do not make the sum."""
    statement = facts.statement
    told = blocks(statement, facts.run_number, new_page=False)
    return Content(
        kind="statement",
        title=tr("实验技术人员分配明细"),
        subtitle=tr("分配批次 {run}", run=facts.run_number),
        period=facts.period,
        letterhead=letterhead,
        blocks=(*told, Signatures((tr("制表"), tr("领取人签字")))),
        notes=notes(),
        orientation="landscape",
        mark=facts.mark,
        figures=(sums(statement), *kept.under(told, (_heading(statement),))),
    )


def sums(statement: Statement) -> Figure:
    """What the lines of a statement come to."""
    return kept.line(
        _heading(statement),
        statement.fen,
        kept.line(tr("机时（小时）"), sum(line.minutes for line in statement.lines), unit="minutes", how="sum"),
        kept.line(tr("计入金额（元）"), sum(line.amount_fen for line in statement.lines), unit="fen", how="sum"),
        kept.line(tr("补入以前月份"), sum(line.late for line in statement.lines)),
        kept.line(tr("涉密服务"), sum(line.confidential for line in statement.lines)),
        unit="fen",
        how="sum",
    )


def _heading(statement: Statement) -> str:
    return tr("{name}（{number}）分配明细", name=statement.name, number=statement.staff_number)


def notes() -> tuple[str, ...]:
    """How a statement is read."""
    return (
        tr("“计入金额”是该笔服务计入本次分配的收入，“分得”是其中归本人的部分，逐笔之和即本人应发数。"),
        tr("标“补”的服务属于此前已分配的月份，随本次一并分配；冲销按原比例退回。"),
        tr("金额为税前应发数，个人所得税由薪酬发放时代扣。"),
    )


def blocks(statement: Statement, run_number: str, *, new_page: bool) -> tuple[Block, ...]:
    """The statement's blocks, on a page of their own within a payout sheet. Raises Problem ``report.sums_differ``."""
    what = f"{run_number} {statement.name}"
    agree(what, statement.fen, sum(line.fen for line in statement.lines))
    shown, withheld = disclosed(statement.lines)
    ordered = sorted(shown, key=lambda line: (line.ended_on, line.record_number, line.reversal))
    rows = [_row(line) for line in ordered]
    if withheld:
        hidden = [line for line in statement.lines if line.confidential]
        rows.append((
            "", tr("涉密服务 {n} 项", n=withheld), "", "", "",
            sum(line.minutes for line in hidden), sum(line.amount_fen for line in hidden), sum(line.fen for line in hidden), "",
        ))  # fmt: skip
    late = sum(1 for line in statement.lines if line.late)
    minutes = sum(line.minutes for line in statement.lines)
    income = sum(line.amount_fen for line in statement.lines)
    pairs = [
        (tr("姓名"), statement.name),
        (tr("工号"), statement.staff_number),
        (tr("部门"), statement.department or tr("未填")),
        *_worked_out(statement),
        (tr("应发金额"), tr("{yuan} 元", yuan=money.text(statement.fen))),
        (tr("大写"), money.capital(statement.fen)),
    ]
    if late:
        pairs.append((tr("补入以前月份"), tr("{n} 笔", n=late)))
    return (
        Heading(_heading(statement), new_page=new_page),
        KeyValues(tuple(pairs)),
        Table(
            _columns(),
            tuple(rows),
            total=(tr("合计"), "", "", "", "", minutes, income, statement.fen, ""),
            empty=tr("本次没有服务明细。"),
        ),
    )


def factors(statement: Statement) -> str:
    """计权金额 19,060.00 × 角色系数 1.2: what the weight is the product of."""
    one = statement.weighing
    if one is None:
        return ""
    names = {"amount": tr("计权金额"), "minutes": tr("计权机时（分钟）"), "equal": tr("人均")}
    base = money.text(one.base) if statement.weigh == "amount" else decimal_text(one.base)
    told = [f"{names[statement.weigh]} {base}"]
    for name, factor in ((tr("角色系数"), one.coefficient), (tr("考核系数"), one.evaluation)):
        if factor is not None:
            told.append(f"{name} {exact_text(factor)}")
    return " × ".join(told)


def _worked_out(statement: Statement) -> list[tuple[str, str]]:
    """The weight, and the parts of the sum when there is more than one."""
    one = statement.weighing
    if one is None:
        return []
    least = 2 if statement.weigh == "amount" else 0
    pairs = [(tr("分配权重"), f"{factors(statement)} = {exact_text(statement.weight, least)}")]
    parts = [
        (tr("按权重分得"), one.quotient_fen),
        (tr("尾差"), one.remainder_fen),
        (tr("冲销扣回"), one.back_fen),
    ]
    if one.remainder_fen or one.back_fen:
        pairs += [(name, tr("{yuan} 元", yuan=money.text(fen))) for name, fen in parts if fen]
    return pairs


def _columns() -> tuple[Column, ...]:
    return (
        Column(tr("服务日期"), "date"),
        Column(tr("记录编号")),
        Column(tr("仪器名称"), weight=2),
        Column(tr("使用单位"), weight=2),
        Column(tr("服务月份"), align="center"),
        Column(tr("机时（小时）"), "minutes"),
        Column(tr("计入金额（元）"), "money"),
        Column(tr("分得（元）"), "money"),
        Column(tr("备注")),
    )


def _row(line: StatementLine) -> tuple[Cell, ...]:
    marks = [word for word, true in ((tr("补"), line.late), (tr("冲销项"), line.reversal)) if true]
    return (
        line.ended_on,
        line.record_number,
        line.instrument,
        line.customer,
        line.service_month,
        line.minutes,
        line.amount_fen,
        line.fen,
        tr("、").join(marks),
    )
