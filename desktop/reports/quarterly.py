"""季度共享情况: per instrument, its hours, how much of them for others, and the income; sums by department.

Hours are minutes until they are printed. An instrument whose hours are unknown is shown as unknown and stays out of the sums,
which say so; a sharing rate is a rate of known hours only (formula 1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from desktop.reports import kept, use_columns
from desktop.reports.content import Block, Cell, Column, Content, Heading, KeyValues, Letterhead, Table, decimal_text, hours
from desktop.reports.phrases import certainty, disclosed
from desktop.rules.performance import shared
from desktop.words import tr


@dataclass(frozen=True, slots=True)
class SharingLine:
    """One instrument's quarter. ``sensor_backed`` False: the hours are as claimed, no sensor confirms them."""

    asset_number: str
    name: str
    department: str
    n_records: int
    effective_minutes: int | None
    external_minutes: int | None
    income_fen: int
    external_income_fen: int
    sensor_backed: bool = False
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class QuarterlyFacts:
    """``period`` in words; ``n_unposted`` records of the quarter are not posted yet and count in nothing here."""

    period: str
    lines: tuple[SharingLine, ...]
    n_unposted: int = 0
    rate_certainty: str = "B"
    hours_certainty: str = "C"


Rate = Callable[[int, int], Decimal]


def report(facts: QuarterlyFacts, letterhead: Letterhead, rate: Rate = shared) -> Content:
    """The whole in short, by department, by instrument."""
    lines, withheld = disclosed(facts.lines)
    ordered = sorted(lines, key=lambda line: (line.department, line.name, line.asset_number))
    departments = sorted({line.department for line in lines})
    unknown = _n_unknown(lines)
    whole = _sums(lines, rate)
    effective, external = _minutes(lines)
    by_department = tuple(
        (name or tr("未填部门"), len(mine), _n_unknown(mine), *_sums(mine, rate))
        for name in departments
        for mine in [[line for line in lines if line.department == name]]
    )
    blocks: list[Block] = [
        KeyValues((
            (tr("仪器"), tr("{n} 台（套）", n=len(lines))),
            (tr("服务记录"), tr("{n} 条", n=sum(line.n_records for line in lines))),
            (tr("有效工作机时"), _hours(effective)),
            (tr("对外服务机时"), _hours(external)),
        )),
        Heading(tr("按部门")),
        Table(
            (Column(tr("部门"), weight=3), use_columns.count(tr("仪器（台套）")), use_columns.count(tr("其中机时未知")), *_figures()),
            by_department,
            total=(tr("合计"), len(lines), unknown, *whole) if lines else None,
            empty=tr("本期没有服务记录。"),
        ),
        Heading(tr("按仪器")),
        Table(
            (
                Column(tr("资产编号")),
                Column(tr("仪器名称"), weight=3),
                Column(tr("部门"), weight=2),
                *_figures(),
                Column(tr("机时佐证")),
            ),
            tuple((line.asset_number, line.name, line.department, *_line(line, rate), _backing(line)) for line in ordered),
            total=(tr("合计"), "", "", *whole, "") if lines else None,
            empty=tr("本期没有服务记录。"),
        ),
    ]  # fmt: skip
    return Content(
        kind="quarterly",
        title=tr("季度共享情况"),
        subtitle=tr("有效工作机时、对外服务机时、共享率与服务收入"),
        period=facts.period,
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=_notes(facts, unknown),
        withheld=withheld,
        orientation="landscape",
        figures=(
            kept.line(tr("仪器"), len(lines)),
            kept.line(tr("服务记录"), sum(line.n_records for line in lines)),
            *kept.under(blocks, (tr("按部门"), tr("按仪器"))),
        ),
    )


def _figures() -> tuple[Column, ...]:
    return (use_columns.count(tr("记录数")), *use_columns.hours(), *use_columns.income())


def _line(line: SharingLine, rate: Rate) -> tuple[Cell, ...]:
    known = line.effective_minutes is not None and line.external_minutes is not None
    share = rate(line.external_minutes or 0, line.effective_minutes or 0) if known else None
    return (line.n_records, line.effective_minutes, line.external_minutes, share, line.income_fen, line.external_income_fen)


def _hours(minutes: int | None) -> str:
    return tr("未知") if minutes is None else tr("{hours} 小时", hours=decimal_text(hours(minutes), 2))


def _backing(line: SharingLine) -> str:
    return tr("传感器") if line.sensor_backed else tr("无传感器佐证")


def _known(lines: Iterable[SharingLine]) -> list[tuple[int, int]]:
    """Effective and external minutes of the instruments where both are known."""
    return [
        (line.effective_minutes, line.external_minutes)
        for line in lines
        if line.effective_minutes is not None and line.external_minutes is not None
    ]


def _n_unknown(lines: Sequence[SharingLine]) -> int:
    return len(lines) - len(_known(lines))


def _minutes(lines: Iterable[SharingLine]) -> tuple[int, int] | tuple[None, None]:
    """The sums of the known hours; unknown when there are instruments and none of them is known."""
    every = tuple(lines)
    known = _known(every)
    if every and not known:
        return None, None
    return sum(effective for effective, _ in known), sum(external for _, external in known)


def _sums(lines: Iterable[SharingLine], rate: Rate) -> tuple[Cell, ...]:
    every = tuple(lines)
    effective, external = _minutes(every)
    return (
        sum(line.n_records for line in every),
        effective,
        external,
        None if effective is None or external is None else rate(external, effective),
        sum(line.income_fen for line in every),
        sum(line.external_income_fen for line in every),
    )


def _notes(facts: QuarterlyFacts, unknown: int) -> tuple[str, ...]:
    notes = [
        tr("共享率＝对外服务机时÷有效工作机时，有效工作机时为 0 时计 0。确定性 {level}。", level=certainty(facts.rate_certainty)),
        tr(
            "有效工作机时＝必要开机准备＋测试＋必要后处理；开机空转不计。无传感器佐证的按申报数计并标明。确定性 {level}。",
            level=certainty(facts.hours_certainty),
        ),
        tr("机时按分钟合计后折算为小时，保留两位小数；逐行相加可能与合计相差 0.01。"),
        tr("只计已记账的服务，按服务结束日归入本期；冲销的服务从其服务当期扣除，记录数、机时和收入同减。"),
    ]
    if unknown:
        notes.append(tr("有 {n} 台（套）机时未知，未计入机时合计与共享率。", n=unknown))
    if facts.n_unposted:
        notes.append(tr("本期另有 {n} 条记录尚未记账，未计入记录数、机时和收入。", n=facts.n_unposted))
    return tuple(notes)
