"""两期分配对比表: what was paid in two periods, person by person, with the reasons of each difference and the rows of the schemes (clause 10).

The reasons are added up again here; a sheet that contradicts itself is not printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from desktop.ledger import money
from desktop.ledger.finding import Finding
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
    Signatures,
    Table,
    agree,
    decimals,
)
from desktop.rules.figure import Figure
from desktop.rules.payout_comparison import REASONS
from desktop.words import say, tr


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person; None: not in that period. ``base`` is of ``ComparisonFacts.weigh``, None where it is not known; shares are ratios.

    ``reasons`` (code of ``rules.payout_comparison.REASONS``, fen) add up to the difference.
    """

    staff_number: str
    name: str
    department: str
    standing: str
    before_fen: int | None
    after_fen: int | None
    before_minutes: int | None
    after_minutes: int | None
    reasons: tuple[tuple[str, int], ...]
    before_base: int | None = None
    after_base: int | None = None
    before_factors: tuple[Decimal, Decimal] | None = None
    after_factors: tuple[Decimal, Decimal] | None = None
    before_share: Decimal | None = None
    after_share: Decimal | None = None
    growth: Decimal | None = None

    @property
    def more_fen(self) -> int:
        """The difference; what is not there counts nothing."""
        return (self.after_fen or 0) - (self.before_fen or 0)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One row of a scheme, named; None: the period has no such row."""

    scheme: str
    name: str
    before_fen: int | None
    after_fen: int | None


@dataclass(frozen=True, slots=True)
class ComparisonFacts:
    """Two periods in words; ``dated``: settled or approved; ``weigh`` of ``ledger.allocation.WEIGHT_BASES``, "" where weights cannot be compared.

    ``told``: what is not counted, and why something is not broken up further.
    """

    before: str
    after: str
    dated: str
    before_runs: tuple[str, ...]
    after_runs: tuple[str, ...]
    weigh: str
    people: tuple[PersonLine, ...]
    departments: tuple[PersonLine, ...]
    sources: tuple[SourceLine, ...]
    told: tuple[Finding, ...] = ()


def report(facts: ComparisonFacts, letterhead: Letterhead) -> Content:
    """The sheet. Raises Problem ``report.sums_differ`` when the reasons do not add up to a difference."""
    for one in facts.people:
        agree(one.name, one.more_fen, sum(fen for _, fen in one.reasons))
    before, after = (sum(fen or 0 for fen in side) for side in zip(*((one.before_fen, one.after_fen) for one in facts.people), strict=True))
    agree(facts.after, after - before, sum(one.more_fen for one in facts.departments))
    standings = [one.standing for one in facts.people]
    blocks: list[Block] = [
        KeyValues((
            (tr("前一期间"), tr("{period}：{n} 次分配（{runs}）", period=facts.before, n=len(facts.before_runs), runs=_runs(facts.before_runs))),
            (tr("后一期间"), tr("{period}：{n} 次分配（{runs}）", period=facts.after, n=len(facts.after_runs), runs=_runs(facts.after_runs))),
            (tr("归期"), say(f"payout_comparison.dated_by.{facts.dated}")),
            (tr("应发合计"), tr("{a} 元 → {b} 元，相差 {d} 元", a=money.text(before), b=money.text(after), d=money.text(after - before))),
            (
                tr("人员"),
                tr("两期都有 {both} 人，新增 {new} 人，退出 {gone} 人", both=standings.count("both"), new=standings.count("new"), gone=standings.count("gone")),
            ),
        )),
        *(Paragraph(say(one.code, **dict(one.params)), strong=one.severity != "note") for one in facts.told),
        Heading(tr("逐人对比（金额单位：元）")),
        _people(facts),
        Heading(tr("差额的原因（金额单位：元）")),
        _reasons(facts, facts.people, tr("合计")),
    ]  # fmt: skip
    if len(facts.departments) > 1:
        blocks += [Heading(tr("按部门（金额单位：元）")), _reasons(facts, facts.departments, tr("合计"), by_department=True)]
    if facts.weigh:
        blocks += [Heading(tr("工作量、系数和份额")), _weights(facts)]
    blocks += [Heading(tr("按方案各项（金额单位：元）")), _sources(facts), Signatures((tr("制表"), tr("复核")))]
    return Content(
        kind="payout_comparison",
        title=tr("两期分配对比表"),
        subtitle=tr("实验技术人员，逐人差额和原因"),
        period=tr("{after} 对比 {before}", before=facts.before, after=facts.after),
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=_notes(facts),
        orientation="landscape",
        figures=tuple(_kept(facts, blocks)),
    )


def _kept(facts: ComparisonFacts, blocks: Sequence[Block]) -> Iterator[Figure]:
    """Runs and people, and what the tables say beside the trees of the people: growth, sums of hours and of reasons, the rows of the schemes."""
    standings = [one.standing for one in facts.people]
    for said, runs in ((tr("前一期间"), facts.before_runs), (tr("后一期间"), facts.after_runs)):
        yield kept.line(said, len(runs))
    by_standing = (kept.line(say(f"payout_comparison.standing.{one}"), standings.count(one)) for one in ("both", "new", "gone"))
    yield kept.line(tr("人员"), len(standings), *by_standing, how="sum")
    told = (tr("逐人对比（金额单位：元）"), tr("差额的原因（金额单位：元）"), tr("按部门（金额单位：元）"))
    yield from kept.under(blocks, (*told, tr("工作量、系数和份额"), tr("按方案各项（金额单位：元）")))


def _runs(numbers: tuple[str, ...]) -> str:
    """The first and the last are enough for a year's."""
    return tr("、").join(numbers) if len(numbers) <= 4 else tr("{first} 至 {last}", first=numbers[0], last=numbers[-1])


def _people(facts: ComparisonFacts) -> Table:
    sums = [sum(one or 0 for one in side) for side in zip(*((p.before_fen, p.after_fen, p.before_minutes, p.after_minutes) for p in facts.people), strict=True)]
    return Table(
        (
            Column(tr("工号")), Column(tr("姓名"), weight=2), Column(tr("部门"), weight=2), Column(tr("情况")), Column(facts.before, "money"),
            Column(facts.after, "money"), Column(tr("差额"), "money"), Column(tr("增减比例"), "ratio"),
            Column(tr("{period} 机时（小时）", period=facts.before), "minutes"), Column(tr("{period} 机时（小时）", period=facts.after), "minutes"),
        ),
        tuple(
            (
                one.staff_number, one.name, one.department, say(f"payout_comparison.standing.{one.standing}"), _there(one.before_fen),
                _there(one.after_fen), one.more_fen, "—" if one.growth is None else one.growth, _there(one.before_minutes), _there(one.after_minutes),
            )
            for one in facts.people
        ),
        total=(tr("合计"), "", "", "", sums[0], sums[1], sums[1] - sums[0], "", sums[2], sums[3]),
        empty=tr("没有。"),
    )  # fmt: skip


def _there(value: int | None) -> Cell:
    """Of who is not in a period, a dash: it is known that there is nothing."""
    return "—" if value is None else value


def _reasons(facts: ComparisonFacts, lines: tuple[PersonLine, ...], total: str, *, by_department: bool = False) -> Table:
    """One column for each reason that anybody has."""
    codes = dict.fromkeys(code for one in (*facts.people, *lines) for code, _ in one.reasons)
    ordered = sorted(codes, key=REASONS.index)
    named = (Column(tr("部门"), weight=2),) if by_department else (Column(tr("工号")), Column(tr("姓名"), weight=2))
    rows = []
    for one in lines:
        reasons = dict(one.reasons)
        who = (one.name or tr("未填"),) if by_department else (one.staff_number, one.name)
        rows.append((*who, one.more_fen, *(reasons.get(code, 0) for code in ordered)))
    sums = tuple(sum(int(str(row[place])) for row in rows) for place in range(len(named), len(named) + 1 + len(ordered)))
    return Table(
        (*named, Column(tr("差额"), "money"), *(Column(say(f"payout_comparison.reason.{code}"), "money") for code in ordered)),
        tuple(rows),
        total=(total, *([""] * (len(named) - 1)), *sums),
        empty=tr("没有。"),
    )


def _weights(facts: ComparisonFacts) -> Table:
    """What the weights are made of in both periods."""
    heads = {"amount": tr("计权金额"), "minutes": tr("计权机时（分钟）"), "equal": tr("人次")}
    base = heads[facts.weigh]
    columns: list[Column] = [Column(tr("工号")), Column(tr("姓名"), weight=2)]
    cells: list[list[Cell]] = [[one.staff_number for one in facts.people], [one.name for one in facts.people]]

    def pair(head: str, before: list[Cell], after: list[Cell], made: tuple[str, int | None]) -> None:
        for period, values in ((facts.before, before), (facts.after, after)):
            columns.append(Column(tr("{period} {head}", period=period, head=head), made[0], places=made[1]))  # type: ignore[arg-type]
            cells.append(values)

    pair(
        base, [_there(one.before_base) for one in facts.people], [_there(one.after_base) for one in facts.people],
        ("money", None) if facts.weigh == "amount" else ("number", 0),
    )  # fmt: skip
    for place, head in enumerate((tr("角色系数"), tr("考核系数"))):
        sides = [[None if factors is None else factors[place] for factors in side] for side in _factors(facts)]
        known = [one for side in sides for one in side if one is not None]
        if any(one != 1 for one in known):
            places = max(decimals(one) for one in known)
            pair(head, ["—" if one is None else one for one in sides[0]], ["—" if one is None else one for one in sides[1]], ("number", places))
    pair(
        tr("份额"), ["—" if one.before_share is None else one.before_share for one in facts.people],
        ["—" if one.after_share is None else one.after_share for one in facts.people], ("ratio", None),
    )  # fmt: skip
    return Table(tuple(columns), tuple(zip(*cells, strict=True)), empty=tr("没有。"))


def _factors(facts: ComparisonFacts) -> tuple[list[tuple[Decimal, Decimal] | None], list[tuple[Decimal, Decimal] | None]]:
    return [one.before_factors for one in facts.people], [one.after_factors for one in facts.people]


def _sources(facts: ComparisonFacts) -> Table:
    return Table(
        (
            Column(tr("方案"), weight=2), Column(tr("项目"), weight=2), Column(facts.before, "money"), Column(facts.after, "money"),
            Column(tr("差额"), "money"),
        ),
        tuple(
            (one.scheme, one.name, _there(one.before_fen), _there(one.after_fen), (one.after_fen or 0) - (one.before_fen or 0))
            for one in facts.sources
        ),
        empty=tr("没有。"),
    )  # fmt: skip


def _notes(facts: ComparisonFacts) -> tuple[str, ...]:
    notes = [
        tr("只计已审批的分配。应发＝按权重分得＋尾差＋冲销扣回；差额＝后一期间－前一期间，各项原因之和等于差额，精确到分。"),
        tr("原因用连环替代法：分配池、本人权重、他人权重依次由前一期换成后一期，取各种次序的平均，因此与先换哪一项无关。"),
        tr("分配池＝按权重分的金额之差 × 两期份额的平均；其余各项 × 两期金额的平均。每项四舍五入到分一次，舍入的余数归入“批次分布和舍入”。"),
    ]
    if "rest" in {code for one in facts.people for code, _ in one.reasons}:
        notes.append(tr("一个期间有几次分配时，每份权重在各次值的钱不同，由此产生的差额也归入“批次分布和舍入”。"))
    if facts.weigh:
        notes.append(tr("系数为期间内按工作量加权的平均；份额＝本人按权重分得 ÷ 全部按权重分得。"))
    if "presence" in {code for one in facts.people for code, _ in one.reasons}:
        notes.append(tr("只在一个期间有分配的人，按权重分得的全额归入“新增或退出”。"))
    return tuple(notes)
