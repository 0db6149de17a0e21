"""入网情况: which instruments must join the network, by when, and how it stands (clause 2).

States, deadlines and working days come from ``rules.duties``; this file only sets them out. Confidential sets are filed, not
listed: only their number is printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desktop.ledger import money
from desktop.ledger.duty import DUTY_STATES
from desktop.ledger.publication import Publication
from desktop.reports import kept
from desktop.reports.content import Block, Column, Content, Heading, KeyValues, Letterhead, Paragraph, Table
from desktop.reports.phrases import certainty, disclosed, duty_state, graded, publication_state
from desktop.rules.figure import Figure
from desktop.words import say, tr

OPEN = ("overdue", "to_join", "to_file", "unknown")
DONE = ("joined", "joined_late", "filed")


@dataclass(frozen=True, slots=True)
class JoiningLine:
    """One instrument's duty. ``days_left`` counts working days to the deadline (negative: past), None where none runs.

    ``tree``: why the duty is what it is."""

    asset_number: str
    name: str
    department: str
    value_fen: int | None
    accepted_on: date | None
    deadline: date | None
    days_left: int | None
    state: str
    clause: str = ""
    provisional: bool = False
    joined_on: date | None = None
    network_number: str = ""
    confidential: bool = False
    tree: Figure | None = None


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """What the network says of an instrument; ``standing`` is of ``rules.publications``, ``told`` None: nothing."""

    asset_number: str
    name: str
    number_here: str
    told: Publication | None
    standing: str


@dataclass(frozen=True, slots=True)
class JoiningFacts:
    """All instruments with their duty on ``on``; ``threshold_fen`` and ``n_days`` are the values in force.

    ``published``: those the network says something of, or should, as of the sync on ``told_on``; ``n_elsewhere``: those it has and the ledger not.
    ``told_on`` None: the network has said nothing, and the paper is silent about it.
    """

    on: date
    lines: tuple[JoiningLine, ...]
    threshold_fen: int | None = None
    n_days: int | None = None
    certainty: str = ""
    published: tuple[PublishedLine, ...] = ()
    told_on: date | None = None
    n_elsewhere: int = 0


def report(facts: JoiningFacts, letterhead: Letterhead) -> Content:
    """Counts by state, then what is still to do by urgency, then what is done; those without a duty are only counted."""
    lines, withheld = disclosed(facts.lines)
    counts = Counter(line.state for line in lines)
    far = date.max
    waiting = sorted(
        (line for line in lines if line.state in OPEN),
        key=lambda line: (OPEN.index(line.state), line.deadline or far, line.asset_number),
    )
    done = sorted((line for line in lines if line.state in DONE), key=lambda line: line.asset_number)
    cited = {
        clause: number for number, clause in enumerate(dict.fromkeys(one.clause for one in (*waiting, *done) if one.clause), 1)
    }
    known = [state for state in DUTY_STATES if counts[state]] + sorted(counts.keys() - set(DUTY_STATES))
    blocks: list[Block] = [
        KeyValues((
            (tr("仪器总数"), tr("{n} 台（套）", n=len(lines))),
            *((duty_state(state), tr("{n} 台（套）", n=counts[state])) for state in known),
        )),
    ]  # fmt: skip
    if counts["overdue"]:
        blocks.append(
            Paragraph(tr("有 {n} 台（套）已超过入网期限，应尽快办理入网并说明原因。", n=counts["overdue"]), strong=True)
        )
    blocks += [
        Heading(tr("待办理")),
        Table(
            _columns(waiting=True), tuple(_row(line, cited, waiting=True) for line in waiting), empty=tr("没有待办理入网的仪器。")
        ),
        Heading(tr("已办理")),
        Table(
            _columns(waiting=False), tuple(_row(line, cited, waiting=False) for line in done), empty=tr("还没有已入网的仪器。")
        ),
    ]
    if facts.told_on is not None:
        blocks += [Heading(tr("网络公布与评价")), _published(facts.published)]
    return Content(
        kind="joining",
        title=tr("大型科研仪器入网情况"),
        subtitle=tr("应入网仪器、期限与办理状态"),
        period=tr("截至 {day}", day=facts.on.isoformat()),
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=_notes(facts, lines, cited),
        withheld=withheld,
        orientation="landscape",
        figures=_kept(facts, lines, known),
    )


def _kept(facts: JoiningFacts, lines: Sequence[JoiningLine], known: Sequence[str]) -> tuple[Figure, ...]:
    """Each count with the duties that make it."""
    trees: dict[str, list[Figure | None]] = {state: [] for state in known}
    for line in lines:
        trees[line.state].append(line.tree)
    told = [kept.line(tr("仪器总数"), len(lines), *(kept.counted(duty_state(state), trees[state]) for state in known), how="sum")]
    n_later = _n_later(facts, lines)
    if n_later:
        told.append(kept.line(tr("尚未安装验收"), n_later))
    if facts.n_elsewhere:
        told.append(kept.line(tr("网络另有的仪器"), facts.n_elsewhere))
    return tuple(told)


def _n_later(facts: JoiningFacts, lines: Sequence[JoiningLine]) -> int:
    return sum(line.state == "not_obliged" and (line.accepted_on or facts.on) > facts.on for line in lines)


def _columns(*, waiting: bool) -> tuple[Column, ...]:
    shared = (
        Column(tr("资产编号")),
        Column(tr("仪器名称"), weight=3),
        Column(tr("所属部门"), weight=2),
        Column(tr("原值（元）"), "money"),
        Column(tr("验收日期"), "date"),
        Column(tr("入网期限"), "date"),
    )
    last = (
        (Column(tr("剩余工作日"), "number", places=0), Column(tr("逾期工作日"), "number", places=0), Column(tr("状态")))
        if waiting
        else (Column(tr("入网日期"), "date"), Column(tr("入网编号")), Column(tr("状态")))
    )
    return (*shared, *last, Column(tr("规定依据"), align="center"))


def _row(line: JoiningLine, cited: Mapping[str, int], *, waiting: bool) -> tuple[str | int | date | None, ...]:
    """One instrument; the rule it is judged by stands in the notes under its number, for it is the same in most rows."""
    deadline: str | date | None = line.deadline
    if line.deadline is not None and line.provisional:
        deadline = tr("{day}（暂定）", day=line.deadline.isoformat())
    shared = (line.asset_number, line.name, line.department, line.value_fen, line.accepted_on, deadline)
    state = duty_state(line.state)
    clause = tr("依据 {n}", n=cited[line.clause]) if line.clause else ""
    if waiting:
        late = line.days_left is not None and line.days_left < 0
        left = "" if late or (line.days_left is None and line.state == "to_file") else line.days_left
        return (*shared, left, -(line.days_left or 0) if late else "", state, clause)
    joined: str | date | None = line.joined_on if line.joined_on or line.state != "filed" else ""
    return (*shared, joined, line.network_number, state, clause)


def _published(lines: Sequence[PublishedLine]) -> Table:
    columns = (
        Column(tr("资产编号")), Column(tr("仪器名称"), weight=2), Column(tr("入网编号")), Column(tr("网络编号")), Column(tr("公布状态")),
        Column(tr("起始日"), "date"), Column(tr("网络写的原因"), weight=2), Column(tr("最近评价"), weight=2), Column(tr("与台账对照"), weight=2),
    )  # fmt: skip
    return Table(columns, tuple(_published_row(one) for one in lines), empty=tr("网络没有公布本单位的仪器。"))


def _published_row(line: PublishedLine) -> tuple[str | date | None, ...]:
    told, standing = line.told, say(f"publication.standing.{line.standing}")
    head = (line.asset_number, line.name, line.number_here)
    if told is None:
        return (*head, "", say("publication_state.none"), "", "", "", standing)
    return (*head, told.network_number, publication_state(told.state), told.since_on, told.reason, graded(told.latest), standing)


def _notes(facts: JoiningFacts, lines: Sequence[JoiningLine], cited: Mapping[str, int]) -> tuple[str, ...]:
    notes = [tr("规定依据 {n}：{clause}", n=number, clause=clause) for clause, number in cited.items()]
    if facts.threshold_fen is not None and facts.n_days is not None:
        notes.append(
            tr(
                "财政资金购置、单台（套）原值 {value} 元及以上的，自安装验收之日起 {days} 个工作日内入网，"
                "验收当日不计。确定性 {level}。",
                value=money.text(facts.threshold_fen),
                days=facts.n_days,
                level=certainty(facts.certainty),
            )
        )
    notes.append(tr("剩余和逾期的工作日按国务院办公厅公布的放假与调休安排计算。"))
    if facts.told_on is not None:
        notes.append(tr("网络公布与评价是网络在 {day} 同步时告知的，以网络为准；评价的等次和分数由网络评定。", day=facts.told_on.isoformat()))
    if facts.n_elsewhere:
        notes.append(tr("网络另有 {n} 台（套）本单位的仪器不在这份台账里，应同步后核对。", n=facts.n_elsewhere))
    n_later = _n_later(facts, lines)
    if n_later:
        notes.append(
            tr(
                "其中 {n} 台（套）在 {day} 尚未安装验收，当日还没有入网义务，计入“无入网义务”。",
                n=n_later,
                day=facts.on.isoformat(),
            )
        )
    if any(line.provisional for line in lines):
        notes.append(tr("标“暂定”的期限跨入尚未导入放假安排的年份，只按周一至周五计，导入后可能变动。"))
    notes.append(tr("“未知”表示台账中缺这一事实，不等于零。"))
    return tuple(notes)
