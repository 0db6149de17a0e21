"""培训情况表: the trainings of a period by subject, each course, everyone who took part, and the recognised people (clause 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from desktop.reports import kept
from desktop.reports.content import Block, Column, Content, Heading, KeyValues, Letterhead, Paragraph, Table
from desktop.reports.phrases import certainty
from desktop.words import say, tr


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """One subject: ``hours`` are class hours of all who took part."""

    subject: str
    n_courses: int
    n_attended: int
    n_people: int
    n_passed: int
    hours: Decimal


@dataclass(frozen=True, slots=True)
class CourseLine:
    """One training; ``hours`` of one who took part."""

    number: str
    name: str
    subject: str
    starts_on: date
    ends_on: date
    hours: Decimal
    organiser: str
    place: str
    document: str
    n_attended: int


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One who took part in one training; ``organisation`` None for the institution's own, "" where it is not entered."""

    number: str
    name: str
    organisation: str | None
    outcome: str
    certificate: str


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A certificate or recognition that is good on the day."""

    staff_number: str
    name: str
    kind: str
    value: str
    issuer: str
    number: str
    from_on: date
    last_on: date | None


@dataclass(frozen=True, slots=True)
class TrainingsFacts:
    """``n_pilot`` and ``n_people`` count everyone once; ``certainty`` of how people are counted; ``n_doubtful`` rows of people that a technician of
    the same name may be."""

    period: str
    subjects: tuple[SubjectLine, ...]
    courses: tuple[CourseLine, ...]
    people: tuple[PersonLine, ...]
    held: tuple[HeldLine, ...]
    n_pilot: int
    n_people: int
    certainty: str
    n_doubtful: int = 0


def report(facts: TrainingsFacts, letterhead: Letterhead) -> Content:
    """Totals, subjects, courses, people, certificates and recognitions."""
    n_recognised = sum(line.kind == "recognition" for line in facts.held)
    blocks: list[Block] = [
        KeyValues((
            (tr("培训"), tr("{n} 次", n=len(facts.courses))),
            (tr("中试培训人数"), tr("{n} 人", n=facts.n_pilot)),
            (tr("全部培训人数"), tr("{n} 人", n=facts.n_people)),
            (tr("认定的人才"), tr("{n} 人次", n=n_recognised)),
        )),
    ]  # fmt: skip
    if not facts.courses:
        blocks.append(Paragraph(tr("本期没有登记培训。没有登记不等于没有培训：请先核对。"), strong=True))
    blocks += [
        Heading(tr("按培训内容")),
        _subjects(facts),
        Heading(tr("培训明细")),
        Table(
            (
                Column(tr("培训编号")), Column(tr("培训名称"), weight=3), Column(tr("培训内容")), Column(tr("开始日期"), "date"),
                Column(tr("结束日期"), "date"), Column(tr("学时"), "number"), Column(tr("举办单位"), weight=2), Column(tr("地点"), weight=2),
                Column(tr("依据"), weight=2), Column(tr("人次"), "number", places=0),
            ),
            tuple(
                (one.number, one.name, say(f"training.subjects.{one.subject}"), one.starts_on, one.ends_on, one.hours, one.organiser, one.place,
                 one.document, one.n_attended)
                for one in facts.courses
            ),
            empty=tr("没有。"),
        ),
        Heading(tr("参加的人")),
        Table(
            (Column(tr("培训编号")), Column(tr("姓名")), Column(tr("单位"), weight=2), Column(tr("结果")), Column(tr("证书编号"))),
            tuple(
                (
                    one.number, one.name, say("training.own") if one.organisation is None else one.organisation or tr("未登记"),
                    say(f"training.outcomes.{one.outcome}"), one.certificate,
                )
                for one in facts.people
            ),
            empty=tr("没有。"),
        ),
        Heading(tr("有效的证书和认定")),
        Table(
            (
                Column(tr("工号")), Column(tr("姓名")), Column(tr("类别")), Column(tr("内容"), weight=2), Column(tr("发给单位"), weight=2), Column(tr("编号")),
                Column(tr("起"), "date"), Column(tr("有效期至"), "date"),
            ),
            tuple(
                (one.staff_number, one.name, say(f"staff.kinds.{one.kind}"), one.value, one.issuer, one.number, one.from_on, one.last_on or tr("没有止日"))
                for one in facts.held
            ),
            empty=tr("没有。"),
        ),
    ]  # fmt: skip
    return Content(
        kind="trainings", title=tr("培训情况表"), subtitle=tr("中试人才培养与技术人员培训"), period=facts.period, letterhead=letterhead,
        blocks=tuple(blocks), notes=_notes(facts), orientation="landscape",
        figures=(
            kept.line(tr("培训"), len(facts.courses)), kept.line(tr("认定的人才"), n_recognised),
            *kept.under(blocks, (tr("按培训内容"), tr("培训明细"))),
        ),
    )  # fmt: skip


def _subjects(facts: TrainingsFacts) -> Table:
    return Table(
        (
            Column(tr("培训内容"), weight=2), Column(tr("培训（次）"), "number", places=0), Column(tr("人次"), "number", places=0),
            Column(tr("人数"), "number", places=0), Column(tr("合格人数"), "number", places=0), Column(tr("总学时"), "number"),
        ),
        tuple(
            (say(f"training.subjects.{one.subject}"), one.n_courses, one.n_attended, one.n_people, one.n_passed, one.hours) for one in facts.subjects
        ),
        total=(
            tr("合计"), sum(one.n_courses for one in facts.subjects), sum(one.n_attended for one in facts.subjects), facts.n_people, "",
            sum((one.hours for one in facts.subjects), Decimal(0)),
        ) if facts.subjects else None,
        empty=tr("没有。"),
    )  # fmt: skip


def _notes(facts: TrainingsFacts) -> tuple[str, ...]:
    notes = [
        tr("培训计入结束日所在的期间；同一人在期间内参加几次，人数计一人，人次逐次计，所以各类人数之和可以大于合计。"),
        tr("“每年培养 200 名以上”“认定 30 名以上”是全省的目标，没有分给单位，本表不计算完成比例。"),
    ]
    if facts.n_doubtful:
        notes.append(tr("有 {n} 人次按姓名登记，与参加过培训的技术人员同名，人数里按不同的人计；是否同一人没有核对。", n=facts.n_doubtful))
    if facts.certainty:
        notes.append(tr("人数口径的确定性：{level}。", level=certainty(facts.certainty)))
    return tuple(notes)
