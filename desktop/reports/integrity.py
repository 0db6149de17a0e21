"""诚信自查: per check what was seen in a period's posted records, so that it can be answered before somebody else asks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from desktop.reports import kept, long_lists
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
)
from desktop.reports.phrases import certainty
from desktop.rules.figure import Figure
from desktop.words import say, tr

_MEASURED = frozenset({"beyond_day", "beyond_times", "beyond_sensor"})  # what they saw are minutes
_COUNTED = "round_run"
_CHARGED = "off_schedule"
_RECKONED = (*sorted(_MEASURED), _COUNTED, _CHARGED)
"""Checks that reckon something of each record; the others name one, a day or a person."""


@dataclass(frozen=True, slots=True)
class SeenLine:
    """One record a check points at; minutes; ``detail`` as the check saw it, of a charge why it differs (``integrity.differs``).

    ``due_fen`` None: the schedule prices it not at all.
    """

    number: str
    asset_number: str
    instrument: str
    ended_on: str
    minutes: int
    detail: str
    confidential: bool
    charged_fen: int | None = None
    due_fen: int | None = None


@dataclass(frozen=True, slots=True)
class CheckLines:
    """One check with its records; ``limit`` None: it has none (a share of the claimed hours for sensors); ``looked`` False: its limit is not in force.

    ``figure``: why it counts what it counts, naming nothing confidential.
    """

    name: str
    limit: int | Decimal | None
    certainty: str
    lines: tuple[SeenLine, ...]
    looked: bool
    figure: Figure


@dataclass(frozen=True, slots=True)
class IntegrityFacts:
    """``n_records`` posted records were looked at."""

    period: str
    n_records: int
    checks: tuple[CheckLines, ...]


def report(facts: IntegrityFacts, letterhead: Letterhead) -> Content:
    """The checks in short, then each that saw something."""
    seen = [check for check in facts.checks if check.lines]
    withheld = len({line.number for check in seen for line in check.lines if line.confidential})
    blocks: list[Block] = [
        KeyValues(((tr("核对的记录"), tr("{n} 条", n=facts.n_records)), (tr("有发现的核对"), tr("{n} 项", n=len(seen))))),
        Table(
            (Column(tr("核对"), weight=3), Column(tr("发现（条）"), "number", places=0), Column(tr("界限"), weight=2)),
            tuple((_title(check.name), len(check.lines) if check.looked else None, _limit(check)) for check in facts.checks),
        ),
    ]
    for check in seen:
        shown = [line for line in check.lines if not line.confidential]
        table = _table(check.name, shown[: long_lists.IN_WORKBOOK])
        blocks += [Heading(_title(check.name)), Paragraph(_meaning(check.name)), *long_lists.beyond(len(shown)), table]
    return Content(
        kind="integrity",
        title=tr("诚信自查"),
        subtitle=tr("已记账服务中需要能够说明的情况"),
        period=facts.period,
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=(
            tr("发现不等于违规：每一条都要能拿出登记、合同或情况说明。"),
            tr("只看已记账、没有冲销的服务，按服务结束日归入本期；时间重叠和连续整小时也看同一台仪器本期前后的，只列本期的。"),
            tr("各项界限没有条文规定，为本台账口径，可按本单位文件另设；确定性 {level}。", level=_certainties(facts)),
        ),
        withheld=withheld,
        orientation="landscape",
        figures=(kept.line(tr("核对的记录"), facts.n_records), kept.line(tr("有发现的核对"), len(seen), *(_kept(one, blocks) for one in facts.checks))),
    )


def _kept(check: CheckLines, blocks: list[Block]) -> Figure:
    """The tree of a check with what it reckoned of each record the report lists; claimed hours are as they were posted."""
    lines = kept.under(blocks, (_title(check.name),), (tr("机时（小时）"),)) if check.name in _RECKONED else ()
    return replace(check.figure, inputs=(*check.figure.inputs, *lines))


def _certainties(facts: IntegrityFacts) -> str:
    return tr("、").join(certainty(level) for level in dict.fromkeys(check.certainty for check in facts.checks) if level)


def _table(name: str, lines: list[SeenLine]) -> Table:
    columns = (
        Column(tr("记录编号")), Column(tr("服务日期")), Column(tr("资产编号")), Column(tr("仪器名称"), weight=3), Column(tr("机时（小时）"), "minutes"),
        *_seen_heads(name),
    )  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (line.number, line.ended_on, line.asset_number, line.instrument, line.minutes, *_seen(name, line)) for line in lines
    )
    return Table(columns, rows, empty=tr("都是涉密记录，未列。"), shown=long_lists.ON_PAGE)


def _seen_heads(name: str) -> tuple[Column, ...]:
    if name == _CHARGED:
        return Column(tr("与标准的差异"), weight=2), *(Column(head, "money") for head in (tr("已收（元）"), tr("应收（元）"), tr("相差（元）")))
    if name == _COUNTED:
        return (Column(_detail_head(name), "number", places=0),)
    return (Column(_detail_head(name), "minutes" if name in _MEASURED else "text", weight=2),)


def _seen(name: str, line: SeenLine) -> tuple[Cell, ...]:
    if name == _CHARGED:
        charged, due = line.charged_fen, line.due_fen
        return say(f"integrity.differs.{line.detail}"), charged, due, None if charged is None or due is None else charged - due
    return (int(line.detail) if name == _COUNTED or name in _MEASURED else line.detail,)


def _title(name: str) -> str:
    return {
        "overlap": tr("同一台仪器时间重叠"),
        "beyond_day": tr("同一台仪器一天的机时超过界限"),
        "beyond_times": tr("机时多于起止时间"),
        "round_run": tr("连续多条机时都是整小时"),
        "late": tr("服务结束很久以后才记账"),
        "same_contact": tr("使用方联系人与仪器联系人相同"),
        "off_schedule": tr("收费与收费标准不符"),
        "beyond_sensor": tr("机时多于传感器测得"),
    }[name]


def _meaning(name: str) -> str:
    return {
        "overlap": tr("同一台仪器在同一时间为两条记录计费。多工位的仪器请说明工位，否则冲销其中一条。"),
        "beyond_day": tr("当天各条机时合计超过界限。请核对是否重复登记，或说明多工位。"),
        "beyond_times": tr("计费的机时比登记的起止时间还长。请核对登记，或说明按机时表计。"),
        "round_run": tr("实际使用很少连续都是整小时。请对照上机登记核实。"),
        "late": tr("补记本身不违规，但要能说明原因并出示当时的登记。"),
        "same_contact": tr("两边是同一个人或同一电话时，请说明是否为本单位内部使用，以及费用由谁承担。"),
        "beyond_sensor": tr("计费的机时比传感器在起止时间里测得的工作时间多出允许的差异。请核对登记和传感器，或说明；没有传感器的日子不比较。"),
        "off_schedule": tr("按服务结束当日有效的收费标准重新计价，差一分也列出。约定价、加急和耗材已按记录计入；其他优惠请附依据说明，否则冲销后重新记账。"),
    }[name]


def _detail_head(name: str) -> str:
    return {
        "overlap": tr("与哪条重叠"),
        "beyond_day": tr("当天合计（小时）"),
        "beyond_times": tr("起止时间（小时）"),
        "round_run": tr("连续条数"),
        "late": tr("记账日期"),
        "same_contact": tr("联系人"),
        "beyond_sensor": tr("传感器测得（小时）"),
    }[name]


def _limit(check: CheckLines) -> str:
    if not check.looked:
        return tr("没有设定界限，未核对")
    if check.limit is None:
        return ""
    return {
        "beyond_day": tr("{n} 分钟", n=check.limit),
        "round_run": tr("{n} 条及以上", n=check.limit),
        "late": tr("超过 {n} 天", n=check.limit),
        "beyond_sensor": tr("多出超过 {n}%", n=f"{check.limit * 100:.0f}"),
    }[check.name]
