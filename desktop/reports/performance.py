"""绩效情况: how a year's use stands against rated hours, the national means and the year before, by department and by set.

Hours are minutes until they are printed; what a rule needs and nobody gave is unknown and said so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from desktop.ledger import money
from desktop.reports import kept, use_columns
from desktop.reports.content import Bar, Bars, Block, Cell, Column, Content, Heading, KeyValues, Letterhead, Table, decimal_text
from desktop.reports.phrases import certainty
from desktop.rules.figure import Figure
from desktop.words import tr

_MOST_BARS = 12
_MOST_SETS = 8


@dataclass(frozen=True, slots=True)
class Measures:
    """What is measured of one set or of several together; minutes, fen, ratios; ``score`` 机时得分 0–100. None is unknown."""

    n_records: int
    n_users: int
    effective_minutes: int
    external_minutes: int
    sharing_rate: Decimal | None
    utilisation: Decimal | None
    income_fen: int
    external_income_fen: int
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SetLine:
    """One set of the year; ``alike``: the nation's means are of it."""

    asset_number: str
    name: str
    department: str
    category: str
    measures: Measures
    alike: bool = False


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """A department: its sets, and how many of them were not used at all; ``n_alike`` of them the nation's means are of, with their hours."""

    name: str
    n_sets: int
    n_idle: int
    measures: Measures
    n_alike: int = 0
    alike_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure of the institution, named as in ``_labels``, in hours, as a ratio, or in fen (``kind`` as in Column); ``before`` None: nothing was
    posted a year before; ``nation`` None: not published; ``like`` False: the nation's is of other sets, and another figure stands beside it."""

    name: str
    kind: str
    value: Decimal | int | None
    before: Decimal | int | None
    nation: Decimal | int | None = None
    nation_source: str = ""
    like: bool = True


@dataclass(frozen=True, slots=True)
class PerformanceFacts:
    """``threshold_fen`` of the sets that the means are of, ``national_fen`` of the ``n_alike`` that stand beside the nation's. ``rules``:
    definition (see ``_definitions``) -> source and certainty.

    ``platforms`` are told when a set belongs to one, ``name`` "" those that belong to none; ``ratings`` word -> services; ``satisfied`` None:
    nobody said anything; ``evaluated_in``: the year whose evaluation looks at this one, with its source, "" for none."""

    period: str
    threshold_fen: int | None
    n_above: int
    indicators: tuple[Indicator, ...]
    departments: tuple[DepartmentLine, ...]
    sets: tuple[SetLine, ...]
    whole: Measures
    withheld: int
    n_unposted: int
    rules: Mapping[str, tuple[str, str]]
    unfinished: bool = False
    platforms: tuple[DepartmentLine, ...] = ()
    ratings: tuple[tuple[str, int], ...] = ()
    n_silent: int = 0
    satisfied: Decimal | None = None
    evaluated_in: str = ""
    n_alike: int = 0
    national_fen: int | None = None


def report(facts: PerformanceFacts, letterhead: Letterhead) -> Content:
    """The institution, its departments, its sets."""
    n_idle = sum(line.n_idle for line in facts.departments)
    blocks: list[Block] = [
        KeyValues((
            (tr("仪器"), tr("{n} 台（套）", n=len(facts.sets))),
            (tr("其中全年未用"), tr("{n} 台（套）", n=n_idle)),
            (tr("达到限额"), tr("{n} 台（套）", n=facts.n_above)),
            (tr("达到国家平台限额"), tr("{n} 台（套）", n=facts.n_alike)),
            (tr("使用单位"), tr("{n} 家", n=facts.whole.n_users)),
        )),
        Heading(tr("本单位")),
        Table(
            (
                Column(tr("指标"), weight=2), Column(tr("本期"), align="right"), Column(tr("上年同期"), align="right"),
                Column(tr("全国平均"), align="right"), Column(tr("全国数据出处"), weight=2),
            ),
            tuple(
                (_labels()[one.name], _shown(one, one.value), _shown(one, one.before, tr("没有记账")), _nation(one), one.nation_source)
                for one in facts.indicators
            ),
        ),
        *_picture(facts, facts.departments, tr("未填部门"), tr("各部门每台平均有效工作机时（达到国家平台限额的仪器）")),
        Heading(tr("按部门")),
        Table(
            (Column(tr("部门"), weight=3), use_columns.count(tr("仪器（台套）")), use_columns.count(tr("其中未用")), *_figures()),
            tuple((line.name or tr("未填部门"), line.n_sets, line.n_idle, *_cells(line.measures)) for line in facts.departments),
            total=(tr("合计"), len(facts.sets), n_idle, *_cells(facts.whole)) if facts.sets else None,
            empty=tr("本期没有在用的仪器。"),
        ),
        *_platforms(facts),
        Heading(tr("用户评价")),
        Table(
            (Column(tr("用户评价"), weight=2), use_columns.count(tr("服务（次）"))),
            (*facts.ratings, (tr("没有评价"), facts.n_silent)),
            caption=tr("满意率 {share}（未评价的不计）", share=_share(facts.satisfied)),
        ),
        Heading(tr("按仪器")),
        *_sets_picture(facts),
        Table(
            (
                Column(tr("资产编号")), Column(tr("仪器名称"), weight=3), Column(tr("部门"), weight=2), Column(tr("类别")),
                *_figures(), Column(tr("机时得分"), "number", places=2),
            ),
            tuple(
                (line.asset_number, line.name, line.department, line.category, *_cells(line.measures), line.measures.score)
                for line in facts.sets
            ),
            total=(tr("合计"), "", "", "", *_cells(facts.whole), "") if facts.sets else None,
            empty=tr("本期没有在用的仪器。"),
        ),
    ]  # fmt: skip
    return Content(
        kind="performance",
        title=tr("开放共享绩效情况"),
        subtitle=tr("机时、共享率、利用率与收入，对照全国平均和上年同期"),
        period=facts.period,
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=_notes(facts),
        withheld=facts.withheld,
        orientation="landscape",
        figures=_kept(facts, n_idle, blocks),
    )


def _kept(facts: PerformanceFacts, n_idle: int, blocks: Sequence[Block]) -> tuple[Figure, ...]:
    """Counts, each indicator with the year before, and what departments, platforms, answers and sets come to."""
    units = {"hours": "hours", "money": "fen", "ratio": "ratio"}
    labels = _labels()
    indicators = (
        kept.line(labels[one.name], one.value, kept.line(tr("上年同期"), one.before, unit=units[one.kind], how=""), unit=units[one.kind], how="")
        for one in facts.indicators
    )
    return (
        kept.line(tr("仪器"), len(facts.sets)),
        kept.line(tr("其中全年未用"), n_idle),
        kept.line(tr("达到限额"), facts.n_above),
        kept.line(tr("达到国家平台限额"), facts.n_alike),
        kept.line(tr("使用单位"), facts.whole.n_users),
        *indicators,
        *kept.under(blocks, (tr("按部门"), tr("按创新平台"), tr("用户评价"), tr("按仪器"))),
    )


def _picture(facts: PerformanceFacts, lines: Sequence[DepartmentLine], none: str, caption: str) -> tuple[Block, ...]:
    """Hours a set by department or platform, of the sets that the national mean beside them is of."""
    return _bars(facts, [(line.name or none, Decimal(line.alike_minutes) / 60 / line.n_alike) for line in lines if line.n_alike], caption)


def _sets_picture(facts: PerformanceFacts) -> tuple[Block, ...]:
    """Hours of the sets that the national mean beside them is of."""
    lines = [(f"{line.name} {line.asset_number}".strip(), Decimal(line.measures.effective_minutes) / 60) for line in facts.sets if line.alike]
    return _bars(facts, lines, tr("各台有效工作机时（达到国家平台限额的仪器）"), _MOST_SETS)


def _bars(facts: PerformanceFacts, lines: Sequence[tuple[str, Decimal]], caption: str, most: int = _MOST_BARS) -> tuple[Block, ...]:
    """Those that come first when there are more, and says so."""
    if not lines:
        return ()
    nation = next((one.nation for one in facts.indicators if one.name == "alike_effective"), None)
    first = sorted(lines, key=lambda pair: (-pair[1], pair[0]))[:most]
    bars = tuple(Bar(name, hours, tr("{hours} 小时", hours=decimal_text(hours, 2))) for name, hours in first)
    said = "" if nation is None else tr("全国平均 {hours} 小时", hours=decimal_text(nation))
    if len(lines) > len(first):
        caption = tr("{caption}：最多的 {n} 项，共 {whole} 项", caption=caption, n=len(first), whole=len(lines))
    return (Bars(bars, caption, nation, said),)


def _platforms(facts: PerformanceFacts) -> tuple[Block, ...]:
    if not any(line.name for line in facts.platforms):
        return ()
    return (
        Heading(tr("按创新平台")),
        *_picture(facts, facts.platforms, tr("不属于平台或未填"), tr("各创新平台每台平均有效工作机时（达到国家平台限额的仪器）")),
        Table(
            (Column(tr("创新平台（所属资源载体）"), weight=3), use_columns.count(tr("仪器（台套）")), use_columns.count(tr("其中未用")), *_figures()),
            tuple((line.name or tr("不属于平台或未填"), line.n_sets, line.n_idle, *_cells(line.measures)) for line in facts.platforms),
            total=(tr("合计"), len(facts.sets), sum(line.n_idle for line in facts.platforms), *_cells(facts.whole)),
        ),
    )


def _share(value: Decimal | None) -> str:
    return tr("未知") if value is None else decimal_text(value * 100, 2) + "%"


def _figures() -> tuple[Column, ...]:
    return (
        use_columns.count(tr("记录数")), use_columns.count(tr("使用单位（家）")), *use_columns.hours(), Column(tr("利用率"), "ratio"),
        *use_columns.income(),
    )  # fmt: skip


def _cells(one: Measures) -> tuple[Cell, ...]:
    return (
        one.n_records, one.n_users, one.effective_minutes, one.external_minutes, one.sharing_rate, one.utilisation, one.income_fen,
        one.external_income_fen,
    )  # fmt: skip


def _shown(one: Indicator, value: Decimal | int | None, without: str = "") -> str:
    if value is None:
        return without or tr("未知")
    if one.kind == "money":
        return tr("{yuan} 元", yuan=money.text(int(value)))
    if one.kind == "ratio":
        return decimal_text(Decimal(value) * 100, 2) + "%"
    return tr("{hours} 小时", hours=decimal_text(value, 2))


def _nation(one: Indicator) -> str:
    return _shown(one, one.nation, tr("未公布") if one.like else tr("见下，范围不同"))


def _labels() -> dict[str, str]:
    return {
        "effective": tr("平均有效工作机时（每台）"),
        "external": tr("平均对外服务机时（每台）"),
        "sharing_rate": tr("共享率"),
        "utilisation": tr("利用率"),
        "alike_effective": tr("达到国家平台限额的：平均有效工作机时（每台）"),
        "alike_external": tr("达到国家平台限额的：平均对外服务机时（每台）"),
        "alike_sharing_rate": tr("达到国家平台限额的：共享率"),
        "income": tr("服务收入"),
        "external_income": tr("其中对外服务收入"),
    }


def _definitions() -> dict[str, str]:
    return {
        "effective_hours": tr("有效工作机时＝必要开机准备＋测试＋必要后处理"),
        "effective_hours_unsensed": tr("没有传感器的仪器按申报机时计，开机空转不计"),
        "sharing_rate": tr("共享率＝对外服务机时÷有效工作机时，有效工作机时为 0 时计 0"),
        "mean_hours": tr("平均机时＝机时合计÷达到限额的台套数"),
        "utilisation_base": tr("利用率＝全年有效工作机时÷利用率基数"),
    }


def _notes(facts: PerformanceFacts) -> tuple[str, ...]:
    notes = [
        tr("{rule}（{source}，确定性 {level}）。", rule=rule, source=facts.rules[name][0], level=certainty(facts.rules[name][1]))
        for name, rule in _definitions().items()
        if name in facts.rules
    ]
    if facts.threshold_fen is not None:
        notes.append(tr("平均机时只计单台套原值 {yuan} 元及以上的在用仪器。", yuan=money.text(facts.threshold_fen)))
    if facts.national_fen is not None:
        notes.append(
            tr("与全国平均相比的几项和各机时图只计单台套原值 {yuan} 元（国家平台限额）及以上的在用仪器；全国数据没有写明范围，按国家平台的范围相比。",
               yuan=money.text(facts.national_fen))
        )  # fmt: skip
    notes.append(tr("利用率的分母按每台每年计；部门和合计的利用率按其中仪器台数计。"))
    notes.append(tr("机时得分＝有效机时÷定额机时×100，以 100 封顶，只是效益评价的机时一项；类别未填通用或专用的为未知。"))
    notes.append(tr("只计已记账的服务，按服务结束日归入本期；冲销的服务从其服务当期扣除。"))
    if facts.evaluated_in:
        notes.append(tr("本期是 {year}。", year=facts.evaluated_in))
    if facts.unfinished:
        notes.append(tr("本期还没有结束：机时、收入截至上面的日期，利用率和机时得分仍按全年的机时计，因此偏低。"))
    if facts.n_unposted:
        notes.append(tr("本期另有 {n} 条记录尚未记账，未计入记录数、机时和收入。", n=facts.n_unposted))
    return tuple(notes)
