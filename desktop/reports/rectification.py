"""整改报告: what was asked of the institution and by when, what its own checks found, what it answered to each, and what was put right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from desktop.reports.content import Block, Cell, Column, Content, Heading, KeyValues, Letterhead, Paragraph, Signatures, Table
from desktop.reports.kept import line
from desktop.words import say, tr


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice; ``standing`` a state of ``integrity.notice``, ``workdays`` left to its day (negative after it), None when it is settled."""

    kind: str
    title: str
    issued_on: date | None
    due_on: date | None
    answered_on: date | None
    answer: str
    standing: str
    workdays: int | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An answer that a later one took the place of; ``state`` a state of ``integrity.state``."""

    state: str
    text: str
    correction: str
    evidence: str
    answered_on: date
    answered_by: str


@dataclass(frozen=True, slots=True)
class PointLine:
    """A finding with the answer that holds; ``seen`` False: the check points at the record no more; ``answered_on`` None while it is open.

    ``earlier``: what was answered before the last answer, the oldest first.
    """

    check: str
    number: str
    ended_on: str
    asset_number: str
    instrument: str
    seen: bool
    state: str
    text: str
    correction: str
    evidence: str
    answered_on: date | None
    answered_by: str
    confidential: bool
    n_files: int = 0
    earlier: tuple[AnswerLine, ...] = ()


@dataclass(frozen=True, slots=True)
class RectificationFacts:
    """``n_records`` posted records were looked at; notices the oldest first; points by check."""

    period: str
    n_records: int
    notices: tuple[NoticeLine, ...]
    points: tuple[PointLine, ...]


def report(facts: RectificationFacts, letterhead: Letterhead) -> Content:
    """Notices, then what was answered, what is open, what was answered before; a draft while anything stands open."""
    points = [one for one in facts.points if not one.confidential]
    open_points = [one for one in points if one.state == "open"]
    settled = [one for one in points if one.state != "open"]
    # What is confidential is not listed, and keeps the paper a draft all the same while it stands open.
    n_open = sum(one.state == "open" for one in facts.points)
    n_unanswered = sum(one.answered_on is None for one in facts.notices)
    blocks: list[Block] = [
        KeyValues(
            (
                (tr("收到的通知"), tr("{n} 份", n=len(facts.notices))),
                (tr("其中未答复"), tr("{n} 份", n=n_unanswered)),
                (tr("核对的记录"), tr("{n} 条", n=facts.n_records)),
                (tr("自查发现"), tr("{n} 条", n=len(facts.points))),
                (tr("其中待处理"), tr("{n} 条", n=n_open)),
            )
        ),
        Heading(tr("收到的通知和答复")),
        _notices(facts.notices),
        Heading(tr("各条发现的处理")),
        _settled(settled),
    ]
    if open_points:
        blocks += [Heading(tr("待处理的发现")), Paragraph(tr("下列各条还没有答复，报送前请逐条处理。"), strong=True), _open(open_points)]
    if any(one.earlier for one in points):
        blocks += [Heading(tr("此前的答复")), _earlier(points)]
    blocks.append(Signatures((tr("编制人"), tr("设备管理部门负责人"), tr("单位负责人（盖章）"))))
    return Content(
        kind="rectification",
        title=tr("整改报告"),
        subtitle=tr("收到的通知、自查发现、说明和更正"),
        period=facts.period,
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=(
            tr("答复期限是通知写明的日期；剩余和超过的天数按工作日计，截至数据截至日。"),
            tr("已更正的，写明已冲销的记录或代替它的记录；台账里的原记录和冲销都保留。"),
            tr("各条以最后一条答复为准，此前的答复另列一表。"),
        ),
        withheld=len({one.number for one in facts.points if one.confidential}),
        mark=tr("草稿") if n_open or n_unanswered else "",
        orientation="landscape",
        figures=(
            line(tr("收到的通知"), len(facts.notices)),
            line(tr("其中未答复"), n_unanswered),
            line(tr("核对的记录"), facts.n_records),
            line(tr("自查发现"), len(facts.points)),
            line(tr("其中待处理"), n_open),
        ),
    )


def _notices(lines: Sequence[NoticeLine]) -> Table:
    columns = (
        Column(tr("种类")), Column(tr("标题"), weight=3), Column(tr("发出")), Column(tr("答复期限")), Column(tr("答复日期")), Column(tr("办理情况"), weight=2),
        Column(tr("答复内容"), weight=4),
    )  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            say(f"notice.kind.{one.kind}"), one.title, str(one.issued_on or ""), str(one.due_on or tr("无")), str(one.answered_on or ""), _standing(one),
            one.answer,
        )
        for one in lines
    )  # fmt: skip
    return Table(columns, rows, empty=tr("本期没有收到通知。"))


def _standing(one: NoticeLine) -> str:
    said = {
        "answered": tr("已按期答复"),
        "answered_late": tr("已答复，超过期限"),
        "no_day": tr("未答复，没有期限"),
        "due": tr("未答复，还有 {n} 个工作日", n=one.workdays or 0),
        "overdue": tr("未答复，已超过 {n} 个工作日", n=-(one.workdays or 0)),
    }[one.standing]
    return tr("{said}（放假安排未公布，暂计）", said=said) if one.provisional else said


def _heads() -> tuple[Column, ...]:
    return (Column(tr("核对"), weight=2), Column(tr("记录编号")), Column(tr("服务日期")), Column(tr("资产编号")))


def _begins(one: PointLine) -> tuple[Cell, ...]:
    return (say(f"integrity.{one.check}"), one.number, one.ended_on, one.asset_number)


def _settled(lines: Sequence[PointLine]) -> Table:
    columns = (
        *_heads(), Column(tr("答复")), Column(tr("情况说明"), weight=4), Column(tr("更正的记录")), Column(tr("证明材料"), weight=2),
        Column(tr("答复日期")), Column(tr("答复人")),
    )  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            *_begins(one), say(f"integrity.state.{one.state}"), one.text, one.correction, _proof(one), str(one.answered_on or ""), one.answered_by,
        )
        for one in lines
    )  # fmt: skip
    return Table(columns, rows, empty=tr("还没有答复过的发现。"))


def _proof(one: PointLine) -> str:
    files = tr("附件 {n} 个", n=one.n_files) if one.n_files else ""
    return tr("；").join(part for part in (one.evidence, files) if part)


def _open(lines: Sequence[PointLine]) -> Table:
    columns = (*_heads(), Column(tr("仪器名称"), weight=3), Column(tr("现在")), Column(tr("已说的情况"), weight=3))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (*_begins(one), one.instrument, tr("有此发现") if one.seen else tr("已无此发现"), one.text) for one in lines
    )
    return Table(columns, rows)


def _earlier(lines: Sequence[PointLine]) -> Table:
    columns = (
        *_heads(), Column(tr("答复日期")), Column(tr("答复人")), Column(tr("答复")), Column(tr("情况说明"), weight=4), Column(tr("更正的记录")),
        Column(tr("证明材料"), weight=2),
    )  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            *_begins(one), str(each.answered_on), each.answered_by, say(f"integrity.state.{each.state}"), each.text, each.correction, each.evidence,
        )
        for one in lines
        for each in one.earlier
    )  # fmt: skip
    return Table(columns, rows)
