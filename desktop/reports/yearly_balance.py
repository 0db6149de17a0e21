"""收支对照: a year's income against the cost of its hours by instrument, and what was declared as cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    Paragraph,
    Table,
    decimal_text,
    hours,
)
from desktop.reports.phrases import certainty, cost_kind
from desktop.rules.figure import Figure, Rows
from desktop.words import tr


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """One instrument: fen and minutes; ``cost_fen`` None is unknown; ``verdict`` within, above, unknown or unused; ``tree``: why."""

    asset_number: str
    name: str
    department: str
    minutes: int
    income_fen: int
    cost_fen: int | None
    declared_fen: int
    verdict: str
    tree: Figure | None = None


@dataclass(frozen=True, slots=True)
class BalanceFacts:
    """``declared`` (kind, fen) of the days of the year, ``declared_rows`` those of each kind; ``unknown_minutes`` are hours without a cost price;
    ``whole``: all income against all declared costs, within, above or unknown."""

    period: str
    lines: tuple[BalanceLine, ...]
    declared: tuple[tuple[str, int], ...]
    whole_unit_fen: int
    unknown_minutes: int
    withheld: int
    certainty: str
    unfinished: bool = False
    whole: str = "unknown"
    declared_rows: Mapping[str, Rows] = field(default_factory=dict)


def report(facts: BalanceFacts, letterhead: Letterhead) -> Content:
    """The institution in short, what is above its cost, every instrument, the declared costs."""
    income = sum(line.income_fen for line in facts.lines)
    declared = sum(fen for _, fen in facts.declared)
    above = sum(line.verdict == "above" for line in facts.lines)
    unknown = sum(line.verdict == "unknown" for line in facts.lines)
    total_cost = None if any(line.cost_fen is None for line in facts.lines) else sum(line.cost_fen or 0 for line in facts.lines)
    blocks: list[Block] = [
        KeyValues((
            (tr("仪器"), tr("{n} 台（套）", n=len(facts.lines))),
            (tr("收入高于成本"), tr("{n} 台（套）", n=above)),
            (tr("成本未知"), tr("{n} 台（套）", n=unknown)),
            (tr("收入不高于成本"), tr("{n} 台（套）", n=sum(line.verdict == "within" for line in facts.lines))),
            (tr("全单位服务收入"), tr("{yuan} 元", yuan=_yuan(income))),
            (tr("与全年申报成本相比"), _whole(facts.whole, declared)),
        )),
    ]  # fmt: skip
    if above:
        blocks.append(Paragraph(tr("有 {n} 台（套）全年收入高于按成本价折算的成本，请核对收费标准和成本构成。", n=above), strong=True))
    blocks += [
        Heading(tr("按仪器")),
        Table(
            (
                Column(tr("资产编号")), Column(tr("仪器名称"), weight=3), Column(tr("部门"), weight=2), Column(tr("机时（小时）"), "minutes"),
                Column(tr("服务收入（元）"), "money"), Column(tr("折算成本（元）"), "money"), Column(tr("收入减成本（元）"), "money"),
                Column(tr("收入÷成本"), "ratio"), Column(tr("专项申报成本（元）"), "money"), Column(tr("核对结果")),
            ),
            tuple(_row(line) for line in facts.lines),
            total=(
                tr("合计"), "", "", sum(line.minutes for line in facts.lines), income, total_cost,
                None if total_cost is None else income - total_cost, _ratio(income, total_cost),
                sum(line.declared_fen for line in facts.lines), "",
            )
            if facts.lines
            else None,
            empty=tr("本期没有服务收入，也没有申报成本。"),
        ),
        Heading(tr("本期的申报成本")),
        Table(
            (Column(tr("成本类别"), weight=2), Column(tr("归入本期的金额（元）"), "money")),
            tuple((cost_kind(kind), fen) for kind, fen in facts.declared),
            total=(tr("合计"), declared) if facts.declared else None,
            empty=tr("本期没有申报成本。"),
        ),
    ]  # fmt: skip
    return Content(
        kind="balance",
        title=tr("服务收支对照"),
        subtitle=tr("收入与按成本价折算的成本、申报成本"),
        period=facts.period,
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=_notes(facts),
        withheld=facts.withheld,
        orientation="landscape",
        figures=_kept(facts, blocks),
    )


def _kept(facts: BalanceFacts, blocks: Sequence[Block]) -> tuple[Figure, ...]:
    """The sets by how they stand, each with its tree, their rows of the table, and what was declared by kind."""
    by_verdict: dict[str, list[Figure | None]] = {verdict: [] for verdict in ("above", "unknown", "within", "unused")}
    for line in facts.lines:
        by_verdict[line.verdict].append(line.tree)
    kinds = (kept.line(cost_kind(kind), fen, unit="fen", how="by_days", rows=facts.declared_rows.get(kind)) for kind, fen in facts.declared)
    return (
        kept.line(tr("仪器"), len(facts.lines), *(kept.counted(_verdict(verdict), trees) for verdict, trees in by_verdict.items()), how="sum"),
        *kept.under(blocks, (tr("按仪器"),)),
        kept.line(tr("本期的申报成本"), sum(fen for _, fen in facts.declared), *kinds, unit="fen", how="sum"),
        kept.line(tr("全单位的申报成本"), facts.whole_unit_fen, unit="fen", how="by_days"),
        kept.line(tr("没有成本价的服务机时"), facts.unknown_minutes, unit="minutes", how="sum"),
    )


def _row(line: BalanceLine) -> tuple[Cell, ...]:
    surplus = None if line.cost_fen is None else line.income_fen - line.cost_fen
    return (
        line.asset_number, line.name, line.department, line.minutes, line.income_fen, line.cost_fen, surplus,
        _ratio(line.income_fen, line.cost_fen), line.declared_fen, _verdict(line.verdict),
    )  # fmt: skip


def _whole(verdict: str, declared_fen: int) -> str:
    if verdict == "unknown":
        return tr("未知，没有申报成本")
    yuan = _yuan(declared_fen)
    return tr("高于申报成本（{yuan} 元）", yuan=yuan) if verdict == "above" else tr("不高于申报成本（{yuan} 元）", yuan=yuan)


def _ratio(income_fen: int, cost_fen: int | None) -> Decimal | str | None:
    if cost_fen is None:
        return None
    income, cost = Decimal(income_fen), Decimal(cost_fen)
    return income / cost if cost else "—"


def _verdict(verdict: str) -> str:
    return {
        "within": tr("收入不高于成本"),
        "above": tr("收入高于成本"),
        "unknown": tr("成本未知"),
        "unused": tr("没有服务"),
    }[verdict]


def _notes(facts: BalanceFacts) -> tuple[str, ...]:
    notes = [
        tr("折算成本＝各版收费标准的每小时成本价×该版计价的机时，每版四舍五入到分后相加；没有成本构成的版本，成本为未知。"),
        tr("条文只规定成本补偿、非盈利，没有规定怎样按年核对；以上核对办法为本台账口径，确定性 {level}。", level=certainty(facts.certainty)),
        tr("申报成本按日历天数归入本期，已撤回的不计；全单位的申报成本 {yuan} 元不分摊到仪器。", yuan=_yuan(facts.whole_unit_fen)),
        tr("全单位的对照只看申报了的成本：申报不全时收入会显得偏高，请先核对成本申报。"),
        tr("只计已记账的服务，按服务结束日归入本期；冲销的服务从其服务当期扣除。"),
    ]
    if facts.withheld:
        notes.append(tr("涉密仪器的收入和专项成本不计入全单位的对照；全单位申报的成本没有分开，其中为它们花费的部分仍在内。"))
    if facts.unknown_minutes:
        notes.append(tr("有 {hours} 小时的服务没有成本价；在“收费”里给那一版补上成本构成后即可核对。", hours=_hours(facts.unknown_minutes)))
    if facts.unfinished:
        notes.append(tr("本期还没有结束，数字截至上面的日期。"))
    return tuple(notes)


def _yuan(fen: int) -> str:
    return money.text(fen)


def _hours(minutes: int) -> str:
    return decimal_text(hours(minutes), 2)
