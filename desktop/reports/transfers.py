"""调配候选: the sets a year makes candidates for transfer, each with its reasons and what to settle first, and those that cannot be judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from desktop.ledger.parameter import ParameterValue
from desktop.reports import kept, use_columns
from desktop.reports.content import Block, Cell, Column, Content, Heading, KeyValues, Letterhead, Paragraph, Table, decimal_text
from desktop.reports.phrases import certainty
from desktop.rules.figure import Figure, Rows
from desktop.words import say, tr


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """One set: minutes, fen, rates (None unknown); ``reasons`` of ``transfer.test`` and ``cautions`` of ``transfer.caution``;

    ``under_way``: the number of a transfer of it that is not finished; ``left_on``: the day from which it is retired or given away, maybe one to come;
    ``tree``: why it is a candidate or cannot be judged."""

    asset_number: str
    name: str
    department: str
    category: str
    value_fen: int | None
    effective_minutes: int
    external_minutes: int
    utilisation: Decimal | None
    sharing_rate: Decimal | None
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    under_way: str = ""
    tree: Figure | None = None
    left_on: date | None = None

    @property
    def now(self) -> str:
        """What is being done about it, or from which day there is nothing to be done any more."""
        return self.under_way or (tr("{day} 起退役", day=self.left_on) if self.left_on else "")


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit the list was made by: the key's last part."""

    name: str
    value: ParameterValue
    source: str
    certainty: str
    tree: Figure | None = None


@dataclass(frozen=True, slots=True)
class CandidatesFacts:
    """``kept``: first reason -> number of sets that are no candidates, ``kept_rows`` which; ``certainty`` of the clause itself, "" when it is not in
    force."""

    period: str
    candidates: tuple[CandidateLine, ...]
    unknown: tuple[CandidateLine, ...]
    kept: tuple[tuple[str, int], ...]
    limits: tuple[Limit, ...]
    certainty: str
    withheld: int
    kept_rows: Mapping[str, Rows] = field(default_factory=dict)


def candidates(facts: CandidatesFacts, letterhead: Letterhead) -> Content:
    """Candidates, sets that cannot be judged, what was kept and why, the limits."""
    n_kept = sum(n for _, n in facts.kept)
    blocks: list[Block] = [
        KeyValues((
            (tr("在用仪器"), tr("{n} 台（套）", n=n_kept + len(facts.candidates) + len(facts.unknown))),
            (tr("调配候选"), tr("{n} 台（套）", n=len(facts.candidates))),
            (tr("不能判断"), tr("{n} 台（套）", n=len(facts.unknown))),
            (tr("不列为候选"), tr("{n} 台（套）", n=n_kept)),
        )),
    ]  # fmt: skip
    if any("no_records" in line.cautions for line in facts.candidates):
        blocks.append(Paragraph(tr("候选中有本期没有记账服务的仪器：请先核实是没有使用还是没有登记。"), strong=True))
    blocks += [
        Heading(tr("调配候选")),
        _table(facts.candidates, tr("列入原因"), tr("没有符合条件的仪器。")),
        Heading(tr("信息不全、不能判断的仪器")),
        _table(facts.unknown, tr("缺少的信息"), tr("每台仪器都能判断。")),
        Heading(tr("不列为候选的仪器")),
        Table(
            (Column(tr("不符合的条件"), weight=3), use_columns.count(tr("仪器（台套）"))),
            tuple((say(f"transfer.test.{code}"), n) for code, n in facts.kept),
            total=(tr("合计"), n_kept) if facts.kept else None,
            empty=tr("没有。"),
        ),
        Heading(tr("判断所用的界限")),
        Table(
            (Column(tr("规则"), weight=3), Column(tr("数值"), align="right"), Column(tr("来源"), weight=2), Column(tr("确定性"), weight=2)),
            tuple((say(f"parameter.transfer.{one.name}"), _value(one.value), one.source, certainty(one.certainty)) for one in facts.limits),
            empty=tr("本期末没有生效的界限，因此不能判断。"),
        ),
    ]
    return Content(
        kind="transfers",
        title=tr("仪器调配候选清单"),
        subtitle=tr("通用性强、使用率低或开放共享差的仪器"),
        period=facts.period,
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=_notes(facts),
        withheld=facts.withheld,
        orientation="landscape",
        figures=_kept(facts, n_kept),
    )


def _kept(facts: CandidatesFacts, n_kept: int) -> tuple[Figure, ...]:
    """Each count with the sets that make it, those that are kept by their first reason, and the limits."""
    reasons = (kept.line(say(f"transfer.test.{code}"), n, rows=facts.kept_rows.get(code)) for code, n in facts.kept)
    return (
        kept.line(
            tr("在用仪器"), n_kept + len(facts.candidates) + len(facts.unknown),
            kept.counted(tr("调配候选"), (line.tree for line in facts.candidates)),
            kept.counted(tr("不能判断"), (line.tree for line in facts.unknown)),
            kept.line(tr("不列为候选"), n_kept, *reasons, how="sum"),
            how="sum",
        ),
        kept.line(tr("判断所用的界限"), len(facts.limits), *(one.tree for one in facts.limits if one.tree is not None), how="collected"),
    )  # fmt: skip


def _table(lines: tuple[CandidateLine, ...], why: str, empty: str) -> Table:
    return Table(
        (
            Column(tr("资产编号")), Column(tr("仪器名称"), weight=2, room=10), Column(tr("部门"), weight=2, room=7), Column(tr("仪器类别")),
            Column(tr("原值（元）"), "money"), *use_columns.hours(), Column(tr("利用率"), "ratio"), Column(why, weight=3),
            Column(tr("移交前须先办"), weight=4, room=11), Column(tr("在办调配")),
        ),
        tuple(_row(line) for line in lines),
        empty=empty,
    )  # fmt: skip


def _row(line: CandidateLine) -> tuple[Cell, ...]:
    return (
        line.asset_number, line.name, line.department, line.category, line.value_fen, line.effective_minutes, line.external_minutes,
        line.sharing_rate, line.utilisation, tr("；").join(say(f"transfer.test.{code}") for code in line.reasons),
        tr("；").join(say(f"transfer.caution.{code}") for code in line.cautions) or tr("无须先办"), line.now,
    )  # fmt: skip


def _value(value: ParameterValue) -> str:
    if isinstance(value, bool):
        return say("explain.yes" if value else "explain.no")
    if isinstance(value, Decimal):
        return decimal_text(value * 100, 2) + "%"
    return tr("、").join(str(part) for part in value) if isinstance(value, tuple) else str(value)


def _notes(facts: CandidatesFacts) -> tuple[str, ...]:
    notes = [
        tr("每台候选都是期末在用、类别为通用、在用时间够长的仪器；界限本身（等于）不算低。"),
        tr("条文没有给出数值，界限为本台账口径，单位可以按文号另行规定；候选只是提示，是否调配由单位决定并按资产管理规定办理。"),
        tr("只计已记账的服务，按服务结束日归入本期；冲销的服务从其服务当期扣除。"),
    ]
    if facts.certainty:
        notes.append(tr("可以内部调配、无偿划拨的依据，确定性 {level}。", level=certainty(facts.certainty)))
    return tuple(notes)
