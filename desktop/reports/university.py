"""高校年报核对表: SJ2, the sets of SJ3 with what each was used for, and what is still lacking, grouped by kind (clause 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from desktop.ledger.university import HOURS, ITEMS
from desktop.reports import kept
from desktop.reports.content import Block, Cell, Column, Content, Heading, KeyValues, Letterhead, Signatures, Table
from desktop.reports.faults import FaultLine, fault_table
from desktop.rules.figure import Figure
from desktop.words import say, tr

_SPLIT = 5
"""How many items stand beside the name: hours and samples; the other counts have a table of their own."""


@dataclass(frozen=True, slots=True)
class SetLine:
    """One set of SJ3; ``cells`` item -> what is reported (whole hours or a count) and where it comes from (entered, derived, blank)."""

    asset_number: str
    number: str
    name: str
    value_fen: int
    cells: Mapping[str, tuple[int, str]]
    sound: bool


@dataclass(frozen=True, slots=True)
class UniversityFacts:
    """``changes``: name of (last, increase, decrease, now) -> sets and 万元 as SJ2 has them; ``n_sj1`` of ``n_sets`` rows may be written.

    ``lines`` are the sets worth the threshold; ``running``: the year is not over; ``certainty`` of how postings are read;
    ``n_unstated`` sets, ``n_unstated_valuable`` of them worth the threshold, are in none of the three tables and no line of this one, because nobody
    said whether they are confidential.
    """

    period: str
    school: str
    n_sets: int
    n_sj1: int
    changes: dict[str, tuple[int, Decimal]]
    lines: tuple[SetLine, ...]
    faults: tuple[FaultLine, ...]
    withheld: int
    running: bool
    certainty: str
    n_unstated: int = 0
    n_unstated_valuable: int = 0


def report(facts: UniversityFacts, letterhead: Letterhead) -> Content:
    """SJ2, then SJ3 in two tables, then what is lacking."""
    n_sound = sum(one.sound for one in facts.lines)
    blocks: list[Block] = [
        KeyValues((
            (tr("学校代码"), facts.school or tr("没有填写")),
            (tr("SJ1 可写"), tr("{n} 台（套），共 {all}", n=facts.n_sj1, all=facts.n_sets)),
            (tr("SJ3 可写"), tr("{n} 台（套），共 {all}", n=n_sound, all=len(facts.lines))),
            *_unstated(facts),
        )),
        Heading(tr("SJ2 增减变动")),
        Table(
            (Column(tr("项目"), weight=2), Column(tr("台（套）数"), "number", places=0), Column(tr("金额（万元）"), "number", places=2)),
            tuple((_stock(name), *facts.changes[name]) for name in ("last", "increase", "decrease", "now")),
        ),
        Heading(tr("SJ3 贵重仪器：机时和测样")),
        _used(facts.lines, ITEMS[:_SPLIT], value=True),
        Heading(tr("SJ3 贵重仪器：培训、项目和成果")),
        _used(facts.lines, ITEMS[_SPLIT:], value=False),
        Heading(tr("还缺什么")),
        fault_table(facts.faults),
        Signatures((tr("填报人"), tr("资产管理部门"), tr("单位盖章"))),
    ]  # fmt: skip
    return Content(
        kind="university", title=tr("高校年报核对表"), subtitle=tr("教育部高等学校仪器设备数据：SJ1、SJ2、SJ3"), period=facts.period,
        letterhead=letterhead, blocks=tuple(blocks), notes=_notes(facts), withheld=facts.withheld, orientation="landscape",
        figures=_kept(facts, n_sound, blocks),
    )  # fmt: skip


def _kept(facts: UniversityFacts, n_sound: int, blocks: Sequence[Block]) -> tuple[Figure, ...]:
    """The counts of the head, what SJ2 has, and of how many sets each kind of fault is told, with the numbers of all of them."""
    valuable = kept.line(tr("达到限额"), facts.n_unstated_valuable)
    return (
        kept.line(tr("SJ1 可写"), facts.n_sj1, kept.line(tr("列入核对的仪器"), facts.n_sets)),
        kept.line(tr("SJ3 可写"), n_sound, kept.line(tr("达到限额"), len(facts.lines))),
        *([kept.line(tr("没有注明是否涉密"), facts.n_unstated, valuable)] if facts.n_unstated else []),
        *kept.under(blocks, (tr("SJ2 增减变动"),)),
        *(replace(kept.line(one.words, len(one.asset_numbers)), note=say("report.list").join(one.asset_numbers)) for one in facts.faults),
    )


def _unstated(facts: UniversityFacts) -> tuple[tuple[str, str], ...]:
    if not facts.n_unstated:
        return ()
    return ((tr("没有注明是否涉密"), tr("{n} 台（套），其中达到限额 {valuable}", n=facts.n_unstated, valuable=facts.n_unstated_valuable)),)


def _stock(name: str) -> str:
    return {"last": tr("上学年末"), "increase": tr("本学年增加"), "decrease": tr("本学年减少"), "now": tr("本学年末")}[name]


def _used(lines: tuple[SetLine, ...], items: tuple[str, ...], *, value: bool) -> Table:
    heads = [Column(tr("资产编号"), weight=2), Column(tr("仪器名称"), weight=3)]
    if value:
        heads += [Column(tr("报表编号"), weight=2), Column(tr("单价（元）"), "money")]
    heads += [Column(say(f"university.short_{item}"), align="right") for item in items]
    if value:
        heads.append(Column(tr("能写出")))
    rows = []
    for one in lines:
        cells: list[Cell] = [one.asset_number, one.name]
        if value:
            cells += [one.number or "—", one.value_fen]
        cells += [_shown(item, *one.cells[item]) for item in items]
        if value:
            cells.append(tr("能") if one.sound else tr("不能"))
        rows.append(tuple(cells))
    return Table(tuple(heads), tuple(rows), empty=tr("没有达到限额的仪器。"))


def _shown(item: str, amount: int, origin: str) -> str:
    if origin == "blank":
        return "—"
    told = f"{amount:,}" if item in HOURS or amount >= 1000 else str(amount)
    return f"{told}*" if origin == "derived" else told


def _notes(facts: UniversityFacts) -> tuple[str, ...]:
    notes = [
        tr("台账只有大型仪器，本表和导出的 SJ1、SJ2、SJ3 只包括台账里的仪器，不是全校的设备。"),
        tr("* 没有录入，由本学年已记账的服务得出（本台账口径，确定性 {level}）；— 没有录入也得不出，报表按规定写 0。", level=facts.certainty or tr("未知")),
        tr("减少数等于上学年末加增加减本学年末；金额先各自四舍五入到 0.01 万元，再相加减。"),
        tr("本学年内退役的仍列入 SJ1，须写明现状；机时为整小时，四舍五入一次。"),
    ]
    if facts.n_unstated:
        notes.append(tr("有 {n} 台（套）没有注明是否涉密，SJ1、SJ2、SJ3 都不计，也不列在上面：注明之前不离开本机。", n=facts.n_unstated))
    if facts.running:
        notes.append(tr("本学年还没有结束，表里是截至当日的情况。"))
    return tuple(notes)
