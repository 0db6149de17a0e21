"""国家平台审核情况表: what the national platform's audit says of every set and service record it took from here, and what is to be done (clause 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desktop.ledger.national_audit import AuditState
from desktop.reports.content import Block, Cell, Column, Content, Heading, KeyValues, Letterhead, Signatures, Table
from desktop.reports.kept import line
from desktop.rules.figure import Figure
from desktop.words import say, tr

UNSEEN = "unseen"
_STATES = ("refused", "not_submitted", "pending", UNSEEN, "passed")


@dataclass(frozen=True, slots=True)
class AuditMessage:
    """A message the platform took, and how many of the rows it has by it stand in each state (``unseen``: nobody looked).

    ``kind`` as the exchange numbers it.
    """

    kind: str
    number: str
    taken_on: date
    n: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One row of the platform's that has not passed. ``stands``: what it tells is still so."""

    kind: str
    number: str
    instrument: str
    message: str
    taken_on: date
    state: AuditState
    seen_on: date
    reason: str
    to_do: bool
    stands: bool = True


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """How the rows stand as seen by ``on`` (Asia/Shanghai): all of them by message, in the order they were taken; ``lines`` those that have not
    passed, to be seen to first; ``withheld`` are of what is confidential now.
    """

    on: date
    messages: tuple[AuditMessage, ...]
    lines: tuple[AuditLine, ...]
    withheld: int


def report(facts: AuditFacts, letterhead: Letterhead) -> Content:
    """Counts by year, the rows somebody has to see to with the platform's reason, the others that have not passed, then counts by message."""
    to_do = tuple(one for one in facts.lines if one.to_do)
    rest = tuple(one for one in facts.lines if not one.to_do)
    blocks: list[Block] = [
        KeyValues(tuple((_said(state), tr("{n} 行", n=f"{sum(one.n[state] for one in facts.messages):,}")) for state in _STATES)),
        Heading(tr("按平台接收的年份")),
        _by_year(facts.messages),
        Heading(tr("要处理的")),
        _reasons(to_do),
        Heading(tr("其余没有通过的")),
        _rows(rest),
        Heading(tr("按报文")),
        _by_message(facts.messages),
        Signatures((tr("填报人"), tr("资产管理部门"), tr("单位盖章"))),
    ]
    return Content(
        kind="national_audit", title=tr("国家平台审核情况表"), subtitle=tr("平台从这里接收的仪器和服务记录"),
        period=tr("截至 {day}", day=facts.on.isoformat()), letterhead=letterhead, blocks=tuple(blocks), notes=_notes(), withheld=facts.withheld,
        orientation="landscape", figures=_kept(facts.messages),
    )  # fmt: skip


def _kept(messages: Sequence[AuditMessage]) -> tuple[Figure, ...]:
    """Each state with its rows, then all rows by year and kind and by message, each by state."""
    years = sorted({(one.taken_on.year, one.kind) for one in messages})
    within = {each: [one for one in messages if (one.taken_on.year, one.kind) == each] for each in years}
    whole, *states = _numbers(messages)
    by_year = (_counts(f"{year} {say(f'national_message.kind_{kind}')}", within[year, kind]) for year, kind in years)
    return (
        *(line(_said(state), n) for state, n in zip(_STATES, states, strict=True)),
        line(tr("按平台接收的年份"), whole, *by_year, how="sum"),
        line(tr("按报文"), whole, *(_counts(one.number, [one]) for one in messages), how="sum"),
    )


def _counts(said: str, messages: Sequence[AuditMessage]) -> Figure:
    whole, *states = _numbers(messages)
    return line(said, whole, *(line(_said(state), n) for state, n in zip(_STATES, states, strict=True)), how="sum")


def _said(state: str) -> str:
    return say(f"national_audit.{state}")


def _counted() -> tuple[Column, ...]:
    return (Column(tr("行数"), "number"), *(Column(_said(state), "number") for state in _STATES))


def _by_year(messages: tuple[AuditMessage, ...]) -> Table:
    found: dict[tuple[int, str], list[AuditMessage]] = {}
    for one in messages:
        found.setdefault((one.taken_on.year, one.kind), []).append(one)
    rows: list[tuple[Cell, ...]] = [(str(year), say(f"national_message.kind_{kind}"), *_numbers(found[year, kind])) for year, kind in sorted(found)]
    return Table((Column(tr("年份")), Column(tr("种类")), *_counted()), tuple(rows), empty=tr("平台还没有从这里接收过仪器或服务记录。"))


def _by_message(messages: tuple[AuditMessage, ...]) -> Table:
    heads = (Column(tr("报文编号"), weight=2), Column(tr("种类")), Column(tr("平台接收"), "date"), *_counted())
    rows: list[tuple[Cell, ...]] = [(one.number, say(f"national_message.kind_{one.kind}"), one.taken_on, *_numbers([one])) for one in messages]
    return Table(heads, tuple(rows), empty=tr("平台还没有从这里接收过仪器或服务记录。"))


def _numbers(messages: Sequence[AuditMessage]) -> tuple[int, ...]:
    n = [sum(one.n[state] for one in messages) for state in _STATES]
    return sum(n), *n


def _reasons(lines: tuple[AuditLine, ...]) -> Table:
    heads = (
        Column(tr("种类")), Column(tr("编号"), weight=2), Column(tr("仪器名称"), weight=2), Column(tr("审核")), Column(tr("查看日期"), "date"),
        Column(tr("平台写明的原因"), weight=3), Column(tr("要办的"), weight=2),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            say(f"national_message.kind_{one.kind}"), one.number, one.instrument, _said(one.state), one.seen_on,
            one.reason or (tr("没有写明") if one.state == "refused" else "—"),
            tr("改正台账后重新报送") if one.state == "refused" else tr("到平台上提交审核"),
        )
        for one in lines
    ]  # fmt: skip
    return Table(heads, tuple(rows), empty=tr("没有未通过或未提交的。"))


def _rows(lines: tuple[AuditLine, ...]) -> Table:
    heads = (
        Column(tr("种类")), Column(tr("编号"), weight=2), Column(tr("仪器名称"), weight=3), Column(tr("报文编号"), weight=2),
        Column(tr("平台接收"), "date"), Column(tr("审核")), Column(tr("查看日期"), "date"), Column(tr("备注"), weight=2),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            say(f"national_message.kind_{one.kind}"), one.number, one.instrument, one.message, one.taken_on, _said(one.state), one.seen_on,
            one.reason if one.stands else tr("台账里已冲销或退役，到平台上撤下"),
        )
        for one in lines
    ]  # fmt: skip
    return Table(heads, tuple(rows), empty=tr("没有其他没有通过的。"))


def _notes() -> tuple[str, ...]:
    return (
        tr("审核状态由人在平台上查看后登记、从表格导入或从平台的回答里读出；没有登记的不知道审核结果，不推测。"),
        tr("只列从这里报送、平台已接收的行：在平台上手工填报的，本台账不知道；已在平台上撤下的不列。"),
        tr("各行按最近一次接收它的报文计。通过的和没有登记的只计数，逐行见「国家平台 · 平台的审核」，或 national audit。"),
        tr("重新报送并接收之后，以前登记的审核状态不再算数，要重新登记。"),
    )
