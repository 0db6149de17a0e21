"""年度效益评价: the benefit score of each set part by part, the grades, and what was entered with its ground.

A score that is not known stands as the least and the most it can be; a grade that these do not settle is said to be open, never a fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from desktop.ledger import money
from desktop.reports import use_columns
from desktop.reports.content import (
    Bar,
    Bars,
    Block,
    Column,
    Content,
    Heading,
    KeyValues,
    Letterhead,
    Signatures,
    Table,
    decimal_text,
)
from desktop.reports.phrases import certainty
from desktop.words import tr

Score = Decimal | str
"""A number, or a range in words."""


@dataclass(frozen=True, slots=True)
class BenefitLine:
    """One set: the five parts of 100 in the order of the form, the sum, the grade (``excellent`` … ``fail``, ``open``)."""

    asset_number: str
    name: str
    department: str
    category: str
    parts: tuple[Score, ...]
    total: Score
    grade: str
    reportable: bool | None


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A department or an innovation platform, ``name`` "" those of none: its sets by grade and the mean of their sums."""

    name: str
    n_of: Mapping[str, int]
    mean: Score


@dataclass(frozen=True, slots=True)
class CountLine:
    """What was entered of one set: the item in words, its number and what it rests on."""

    asset_number: str
    item: str
    count: int
    ground: str


@dataclass(frozen=True, slots=True)
class BenefitFacts:
    """``weights`` of the parts in their order, None: not in force; ``limits``: grade -> least sum; ``rules``: source and certainty of the form
    and of its points; ``departments`` and ``platforms`` of the same sets, no platforms when no set is of one; ``mean`` of all."""

    period: str
    academic: bool
    lines: tuple[BenefitLine, ...]
    counts: tuple[CountLine, ...]
    weights: tuple[Decimal | None, ...]
    limits: Mapping[str, int | None]
    rules: tuple[tuple[str, str], ...]
    threshold_fen: int | None
    withheld: int
    unfinished: bool = False
    departments: tuple[GroupLine, ...] = ()
    platforms: tuple[GroupLine, ...] = ()
    mean: Score = ""


_GRADES = ("excellent", "good", "pass", "fail", "open")


def grade_word(grade: str) -> str:
    """A grade in words."""
    return {"excellent": tr("优秀"), "good": tr("良好"), "pass": tr("合格"), "fail": tr("不合格"), "open": tr("等级未定")}[grade]


def report(facts: BenefitFacts, letterhead: Letterhead) -> Content:
    """The grades, every set, the counts behind the parts."""
    n_of = {grade: sum(line.grade == grade for line in facts.lines) for grade in _GRADES}
    reportable = sum(line.reportable is True for line in facts.lines)
    blocks: list[Block] = [
        KeyValues((
            (tr("仪器"), tr("{n} 台（套）", n=len(facts.lines))),
            (tr("须报教育部的"), tr("{n} 台（套）", n=reportable)),
            (tr("合格及以上"), tr("{n} 台（套）", n=n_of["excellent"] + n_of["good"] + n_of["pass"])),
            (tr("等级未定"), tr("{n} 台（套）", n=n_of["open"])),
        )),
    ]  # fmt: skip
    if facts.lines:
        bars = tuple(Bar(grade_word(grade), n_of[grade], tr("{n} 台（套）", n=n_of[grade])) for grade in _GRADES)
        blocks.append(Bars(bars, tr("各等级的台套数")))
    blocks += _groups(facts, n_of)
    blocks += [
        Heading(tr("每台得分")),
        Table(
            (
                Column(tr("资产编号")), Column(tr("仪器名称"), weight=3), Column(tr("部门"), weight=2), Column(tr("类别")),
                *(Column(head, "number", places=2) for head in _heads(facts)), Column(tr("总分"), "number", places=2),
                Column(tr("等级"), align="center"), Column(tr("须上报"), align="center"),
            ),
            tuple(
                (line.asset_number, line.name, line.department, line.category, *line.parts, line.total, grade_word(line.grade), _yes(line.reportable))
                for line in facts.lines
            ),
            empty=tr("本期没有在用的仪器。"),
        ),
        Heading(tr("录入的数和依据")),
        Table(
            (Column(tr("资产编号")), Column(tr("项目"), weight=3), Column(tr("数量"), "number", places=0), Column(tr("录入依据"), weight=4)),
            tuple((line.asset_number, line.item, line.count, line.ground) for line in facts.counts),
            empty=tr("本期没有录入人才培养、科研成果和功能利用的数：这些部分的得分未知。"),
        ),
        Signatures((tr("填表人"), tr("审核人"), tr("主管部门"))),
    ]  # fmt: skip
    return Content(
        kind="benefit",
        title=tr("贵重仪器设备年度效益评价"),
        subtitle=tr("机时利用、人才培养、科研成果、服务收入、功能利用与开发五项，加权成总分"),
        period=facts.period,
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=_notes(facts),
        withheld=facts.withheld,
        orientation="landscape",
    )


def _groups(facts: BenefitFacts, n_of: Mapping[str, int]) -> list[Block]:
    """The sets by department, then by innovation platform: how many have each grade, and the mean of their sums."""
    told: list[Block] = []
    for title, head, none, lines in (
        (tr("按部门"), tr("部门"), tr("未填部门"), facts.departments),
        (tr("按创新平台"), tr("创新平台（所属资源载体）"), tr("不属于平台或未填"), facts.platforms),
    ):
        if not lines:
            continue
        columns = (
            Column(head, weight=4), use_columns.count(tr("仪器（台套）")), *(use_columns.count(grade_word(grade)) for grade in _GRADES),
            Column(tr("平均得分"), "number", places=2),
        )  # fmt: skip
        rows = tuple((line.name or none, sum(line.n_of.values()), *(line.n_of[grade] for grade in _GRADES), line.mean) for line in lines)
        total = (tr("合计"), sum(n_of.values()), *(n_of[grade] for grade in _GRADES), facts.mean)
        told += [Heading(title), Table(columns, rows, total)]
    return told


def _heads(facts: BenefitFacts) -> list[str]:
    names = (tr("机时利用"), tr("培养"), tr("科研"), tr("收入"), tr("功能"))
    told = []
    for name, weight in zip(names, facts.weights, strict=True):
        told.append(name if weight is None else tr("{part}（{weight}%）", part=name, weight=decimal_text((weight * 100).normalize() + 0)))
    return told


def _yes(value: bool | None) -> str:
    return tr("未知") if value is None else tr("是") if value else tr("否")


def _notes(facts: BenefitFacts) -> tuple[str, ...]:
    notes = [
        tr("每项满分 100 分，以 100 封顶，乘以列名中的权重后相加为总分。"),
        tr("机时＝有效机时÷定额机时×100；收入按本期已记账的服务收入；培养、科研、功能按录入的数计，录入的依据见后表。"),
        tr("没有录入的数是未知，不当作 0：得分写成“至少～至多”；两头的等级相同才定等级，否则等级未定。"),
    ]
    if facts.departments:
        notes.append(tr("平均得分＝其中各台总分之和÷台套数，每台同等计；评价表只逐台打分，汇总办法为本台账口径。"))
    told = [tr("{grade} {score} 分及以上", grade=grade_word(grade), score=score) for grade, score in facts.limits.items() if score is not None]
    if told:
        notes.append(tr("等级：{grades}，以下为不合格。", grades=tr("、").join(told)))
    notes += [tr("{rule}（确定性 {level}）。", rule=source, level=certainty(level)) for source, level in facts.rules]
    if facts.threshold_fen is not None:
        notes.append(tr("须上报：单价 {yuan} 元及以上的，每年随贵重仪器表上报得分。", yuan=money.text(facts.threshold_fen)))
    if not facts.academic:
        notes.append(tr("教育部的表按学年度填写；本表是自然年，报送时请换成学年。"))
    if facts.unfinished:
        notes.append(tr("本期还没有结束：机时、收入截至上面的日期，得分因此偏低。"))
    return tuple(notes)
