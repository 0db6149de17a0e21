"""传感器核对情况: which sets a sensor sits on, against the target, and their claimed hours against what sensors saw (clause 4).

Hours are minutes until they are printed. What sensors could not see is set apart: it is neither confirmed nor doubted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from desktop.reports import kept, long_lists
from desktop.reports.content import (
    Bar,
    Bars,
    Block,
    Column,
    Content,
    DayLane,
    DayLanes,
    DayMark,
    DayNames,
    Heading,
    KeyValues,
    Letterhead,
    Paragraph,
    Table,
    decimal_text,
)
from desktop.reports.phrases import certainty, disclosed
from desktop.rules.sensor_days import SeenDay, by_month
from desktop.words import say, tr

N_DRAWN = 60
STATES = ("over", "under", "unknown", "agrees")


@dataclass(frozen=True, slots=True)
class SensedLine:
    """One set with a sensor in the period; minutes; ``seen`` None: nothing is known of it. ``days`` are all of the period up to its day."""

    asset_number: str
    name: str
    department: str
    sensors: tuple[str, ...]
    n_sat: int
    n_seen: int
    claimed: int
    seen: int | None
    unseen: int
    n_over: int
    state: str
    days: tuple[SeenDay, ...] = ()
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class OverLine:
    """One record that claims more than the sensor saw inside its time; minutes."""

    number: str
    started_on: date
    asset_number: str
    name: str
    claimed: int
    seen: int
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class BareLine:
    """A set in service without a sensor on the day."""

    asset_number: str
    name: str
    department: str
    value_fen: int | None
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class SensorFacts:
    """``n_bound`` of ``n_sets`` large sets have a sensor, confidential ones counted; these and ``least_fen`` (what makes a set large) None: no
    limit is in force. ``n_small`` and ``n_open`` (of unknown value) do not count. ``target`` and ``tolerance`` None: no rule is in force, with its
    certainty ""; ``met`` None: cannot be said."""

    period: str
    first: date
    n_bound: int | None
    n_sets: int | None
    coverage: Decimal | None
    target: Decimal | None
    target_certainty: str
    met: bool | None
    tolerance: Decimal | None
    tolerance_certainty: str
    lines: tuple[SensedLine, ...]
    over: tuple[OverLine, ...]
    bare: tuple[BareLine, ...]
    unfinished: bool = False
    least_fen: int | None = None
    n_small: int = 0
    n_open: int = 0
    counted_certainty: str = ""


def report(facts: SensorFacts, letterhead: Letterhead) -> Content:
    """Coverage, the sets with a sensor, months, the picture, records to look at, the sets without a sensor."""
    lines, n_lines = disclosed(facts.lines)
    over, _ = disclosed(facts.over)
    bare, n_bare = disclosed(facts.bare)
    order = {state: place for place, state in enumerate(STATES)}
    lines = tuple(sorted(lines, key=lambda one: (order[one.state], one.asset_number)))
    blocks: list[Block] = [*_coverage(facts, lines), Heading(tr("按仪器")), _sets(lines)]
    blocks += _months(lines)
    blocks += _picture(facts, lines)
    blocks += _records(over)
    blocks += [
        Heading(tr("没有传感器的仪器")),
        Table(
            (Column(tr("资产编号")), Column(tr("仪器名称"), weight=3), Column(tr("所属部门"), weight=2), Column(tr("原值（元）"), "money")),
            tuple((one.asset_number, one.name, one.department, one.value_fen) for one in bare),
            empty=tr("没有。"),
        ),
    ]
    return Content(
        kind="sensors", title=tr("传感器核对情况"), subtitle=tr("传感器覆盖率、申报机时与实测工作机时"), period=facts.period, letterhead=letterhead,
        blocks=tuple(blocks), notes=_notes(facts), withheld=n_lines + n_bare, orientation="landscape",
        figures=kept.under(blocks, (tr("按仪器"), tr("按月"), tr("需要核对的服务记录"))),
    )  # fmt: skip


def _coverage(facts: SensorFacts, lines: Sequence[SensedLine]) -> list[Block]:
    # How many sets have a sensor says nothing of their use; a verdict does, so it is counted of the sets that the paper lists.
    target = tr("没有规定") if facts.target is None else _share(facts.target)
    verdict = {True: tr("达到"), False: tr("没有达到"), None: tr("不能判断")}[facts.met]
    states = Counter(line.state for line in lines)
    counted = ((tr("在用的大型仪器"), facts.n_sets), (tr("装有传感器"), facts.n_bound))
    blocks: list[Block] = [
        KeyValues((
            *((said, tr("未知") if n is None else tr("{n} 台（套）", n=n)) for said, n in counted),
            (tr("传感器覆盖率"), tr("未知") if facts.coverage is None else _share(facts.coverage)),
            (tr("覆盖率目标"), tr("{target}，{verdict}", target=target, verdict=verdict)),
            *((say(f"sensor.state.{state}"), tr("{n} 台（套）", n=states[state])) for state in STATES),
            *(((tr("原值未知，没有计入"), tr("{n} 台（套）", n=facts.n_open)),) if facts.n_open and facts.least_fen is not None else ()),
        )),
    ]  # fmt: skip
    if facts.coverage is not None:
        mark = "" if facts.target is None else tr("目标 {share}", share=_share(facts.target))
        blocks.append(Bars((Bar(tr("传感器覆盖率"), facts.coverage, _share(facts.coverage)),), mark=facts.target, mark_said=mark))
    return blocks


def _sets(lines: Sequence[SensedLine]) -> Table:
    return Table(
        (
            Column(tr("资产编号")), Column(tr("仪器名称"), weight=3), Column(tr("所属部门"), weight=2), Column(tr("传感器"), weight=2),
            Column(tr("装有天数"), "number", places=0), Column(tr("有数据天数"), "number", places=0), Column(tr("申报机时（小时）"), "minutes"),
            Column(tr("实测工作机时（小时）"), "minutes"), Column(tr("没有佐证的申报（小时）"), "minutes"), Column(tr("需核对记录"), "number", places=0),
            Column(tr("核对情况"), weight=2),
        ),
        tuple(
            (one.asset_number, one.name, one.department, tr("、").join(one.sensors), one.n_sat, one.n_seen, one.claimed, one.seen, one.unseen, one.n_over,
             say(f"sensor.state.{one.state}"))
            for one in lines
        ),
        total=(
            tr("合计"), "", "", "", "", "", sum(one.claimed for one in lines), sum(one.seen or 0 for one in lines), sum(one.unseen for one in lines),
            sum(one.n_over for one in lines), "",
        ) if lines else None,
        empty=tr("本期没有装过传感器的仪器。"),
    )  # fmt: skip


def _months(lines: Sequence[SensedLine]) -> list[Block]:
    months = by_month(day for line in lines for day in line.days)
    if len(months) < 2:
        return []
    hours = (tr("申报机时（小时）"), tr("实测工作机时（小时）"), tr("实测待机（小时）"), tr("没有佐证的申报（小时）"))
    return [
        Heading(tr("按月")),
        Table(
            (Column(tr("月份")), *(Column(head, "minutes") for head in hours)),
            tuple((one.month, one.claimed, one.working, one.idle, one.unseen) for one in months),
        ),
    ]


def _picture(facts: SensorFacts, lines: Sequence[SensedLine]) -> list[Block]:
    """Sets with a difference first, as in the table."""
    drawn = [one for one in lines if one.days][:N_DRAWN]
    if not drawn:
        return []
    names = DayNames(tr("申报机时"), tr("没有佐证的申报"), tr("实测工作机时"), tr("实测待机"), tr("没有传感器的日子"))
    lanes = tuple(
        DayLane(f"{one.asset_number} {one.name}", say(f"sensor.state.{one.state}"), tuple(_mark(day) for day in one.days)) for one in drawn
    )
    blocks: list[Block] = [Heading(tr("逐日对照")), DayLanes(facts.first, lanes, names, tr("每台仪器每天的申报机时与传感器实测机时"))]
    if len(lines) > len(drawn):
        blocks.append(Paragraph(tr("其余 {n} 台（套）未画，数见上表。", n=len(lines) - len(drawn))))
    return blocks


def _mark(day: SeenDay) -> DayMark:
    return DayMark(day.claimed, day.unseen, day.working // 60, day.idle // 60, day.sat)


def _records(over: Sequence[OverLine]) -> list[Block]:
    return [
        Heading(tr("需要核对的服务记录")),
        *long_lists.beyond(len(over)),
        Table(
            (
                Column(tr("记录编号")), Column(tr("服务日期"), "date"), Column(tr("资产编号")), Column(tr("仪器名称"), weight=3),
                Column(tr("申报机时（小时）"), "minutes"), Column(tr("其间实测工作（小时）"), "minutes"), Column(tr("相差（小时）"), "minutes"),
            ),
            tuple(
                (one.number, one.started_on, one.asset_number, one.name, one.claimed, one.seen, one.claimed - one.seen)
                for one in over[: long_lists.IN_WORKBOOK]
            ),
            empty=tr("没有申报超出容差的记录。"), shown=long_lists.ON_PAGE,
        ),
    ]  # fmt: skip


def _counted(facts: SensorFacts) -> list[str]:
    if facts.least_fen is None:
        return [tr("没有规定多少原值算大型仪器，覆盖率未知。")]
    yuan, level = f"{facts.least_fen // 100:,}", certainty(facts.counted_certainty)
    return [tr("大型仪器指单台（套）原值 {yuan} 元及以上的；另有 {n} 台（套）不到，不计入。口径确定性 {level}。", yuan=yuan, n=facts.n_small, level=level)]


def _notes(facts: SensorFacts) -> tuple[str, ...]:
    notes = [
        tr("覆盖率＝装有传感器的在用大型仪器÷在用大型仪器，按本期最后一天（没有结束的按数据截至日）；涉密仪器计入台数、不列出；目标是全省的，不分给单位。"),
        *_counted(facts),
        tr("只有传感器测到“工作”的时间算工作机时，待机不算；没有传感器的日子里的申报既不证实也不否定，单列为没有佐证。"),
        tr("申报多于实测不等于违规：请核对起止时间和传感器；申报少于实测，可能有服务没有登记。本表不改动任何记录。"),
        tr("按月和逐日把跨日的服务按时间分到各天；实测各月四舍五入到分钟，相加可能与合计差几分钟。"),
    ]
    if facts.tolerance is None:
        notes.append(tr("没有规定容差，不能核对。"))
    else:
        level = certainty(facts.tolerance_certainty)
        notes.append(tr("申报与实测相差超过申报的 {share} 才提示，等于此数不提示；确定性 {level}。", share=_share(facts.tolerance), level=level))
    if facts.target_certainty:
        notes.append(tr("覆盖率目标的确定性：{level}。", level=certainty(facts.target_certainty)))
    if facts.unfinished:
        notes.append(tr("本期还没有结束：只核对到上面的日期。"))
    return tuple(notes)


def _share(value: Decimal) -> str:
    return decimal_text(value * 100, 2) + "%"
