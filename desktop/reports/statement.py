"""个人明细: what one technician is paid in a run, with every line behind the sum.

Lines of confidential records are paid like all others but set out as one line without instrument, number or month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.ledger import money
from desktop.reports.content import Block, Cell, Column, Content, Heading, KeyValues, Letterhead, Signatures, Table, agree
from desktop.reports.phrases import disclosed
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
    """One technician's part of a run; Σ of the lines' ``fen`` is ``fen``. ``weight`` is text, as the run fixed it."""

    staff_number: str
    name: str
    department: str
    weight: str
    fen: int
    lines: tuple[StatementLine, ...]
    remainder: bool = False


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """One statement on its own: which run it belongs to, in words."""

    run_number: str
    period: str
    statement: Statement


def report(facts: StatementFacts, letterhead: Letterhead) -> Content:
    """The statement to hand to the technician. Raises Problem ``report.sums_differ`` when the lines do not make the sum."""
    statement = facts.statement
    return Content(
        kind="statement",
        title=tr("实验技术人员分配明细"),
        subtitle=tr("分配批次 {run}", run=facts.run_number),
        period=facts.period,
        letterhead=letterhead,
        blocks=(*blocks(statement, facts.run_number, new_page=False), Signatures((tr("制表"), tr("领取人签字")))),
        notes=notes(),
        orientation="landscape",
    )


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
        (tr("分配权重"), statement.weight),
        (tr("应发金额"), tr("{yuan} 元", yuan=money.text(statement.fen))),
        (tr("大写"), money.capital(statement.fen)),
    ]
    if late:
        pairs.append((tr("补入以前月份"), tr("{n} 笔", n=late)))
    if statement.remainder:
        pairs.append((tr("尾差"), tr("含按方案归入本人的尾差")))
    return (
        Heading(tr("{name}（{number}）分配明细", name=statement.name, number=statement.staff_number), new_page=new_page),
        KeyValues(tuple(pairs)),
        Table(
            _columns(),
            tuple(rows),
            total=(tr("合计"), "", "", "", "", minutes, income, statement.fen, ""),
            empty=tr("本次没有服务明细。"),
        ),
    )


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
