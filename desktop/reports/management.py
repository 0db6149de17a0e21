"""管理制度清单: which management documents are in force on a day, which are missing or over, and the agreements with customers (clause 9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.reports import kept
from desktop.reports.content import Block, Cell, Column, Content, Heading, KeyValues, Letterhead, Paragraph, Table
from desktop.reports.phrases import certainty
from desktop.words import say, tr


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One kind, other paper or agreement: ``state`` as in ``rules.management``; days None where no paper was entered; ``n_files`` attached."""

    kind: str
    state: str
    number: str = ""
    title: str = ""
    party: str = ""
    issuer: str = ""
    issued_on: date | None = None
    from_on: date | None = None
    last_on: date | None = None
    n_files: int = 0


@dataclass(frozen=True, slots=True)
class ManagementFacts:
    """``required`` None: which kinds are required is unknown; ``certainty`` of that list."""

    on: date
    required: tuple[PaperLine, ...] | None
    others: tuple[PaperLine, ...]
    agreements: tuple[PaperLine, ...]
    certainty: str


def report(facts: ManagementFacts, letterhead: Letterhead) -> Content:
    """The required kinds, the other papers, the agreements."""
    required = facts.required or ()
    n_good = sum(line.state in ("in_force", "ends_soon") for line in required)
    lacking = [say(f"management.kinds.{line.kind}") for line in required if line.state not in ("in_force", "ends_soon")]
    blocks: list[Block] = [
        KeyValues((
            (tr("应有的管理制度"), tr("{n} 类", n=len(required)) if facts.required is not None else tr("未知")),
            (tr("执行中"), tr("{n} 类", n=n_good)),
            (tr("知识产权约定"), tr("{n} 份", n=len(facts.agreements))),
        )),
    ]  # fmt: skip
    if lacking:
        blocks.append(Paragraph(tr("没有执行着的：{kinds}。", kinds=say("report.list").join(lacking)), strong=True))
    blocks += [Heading(tr("应有的管理制度")), _papers(required)]
    if facts.others:
        blocks += [Heading(tr("其他管理制度")), _papers(facts.others)]
    blocks += [
        Heading(tr("与使用单位的知识产权约定")),
        Table(
            (
                Column(tr("使用单位"), weight=3), Column(tr("文号")), Column(tr("名称"), weight=2), Column(tr("签订日期"), "date"),
                Column(tr("起"), "date"), Column(tr("有效期至"), "date"), Column(tr("状态")), Column(tr("附件"), "number", places=0),
            ),
            tuple((one.party, one.number, one.title, one.issued_on, one.from_on, _until(one), _state(one), one.n_files) for one in facts.agreements),
            empty=tr("没有登记。"),
        ),
    ]  # fmt: skip
    known = () if facts.required is None else (tr("应有的管理制度"),)
    return Content(
        kind="management", title=tr("管理制度清单"), subtitle=tr("开放共享的管理制度和知识产权约定"), period=facts.on.isoformat(),
        letterhead=letterhead, blocks=tuple(blocks), notes=_notes(facts), orientation="landscape",
        figures=kept.under(blocks, (*known, tr("其他管理制度"), tr("与使用单位的知识产权约定"))),
    )  # fmt: skip


def _papers(lines: tuple[PaperLine, ...]) -> Table:
    return Table(
        (
            Column(tr("类别"), weight=2), Column(tr("文号"), weight=2), Column(tr("名称"), weight=3), Column(tr("发布单位"), weight=2),
            Column(tr("发布日期"), "date"), Column(tr("起"), "date"), Column(tr("有效期至"), "date"), Column(tr("状态")),
            Column(tr("附件"), "number", places=0),
        ),
        tuple(_row(one) for one in lines),
        empty=tr("没有登记。"),
    )  # fmt: skip


def _row(one: PaperLine) -> tuple[Cell, ...]:
    kind = say(f"management.kinds.{one.kind}")
    if not one.number:
        return kind, "—", "—", "", "", "", "", _state(one), ""
    return kind, one.number, one.title, one.issuer, one.issued_on, one.from_on, _until(one), _state(one), one.n_files


def _until(one: PaperLine) -> Cell:
    return one.last_on or tr("没有止日")


def _state(one: PaperLine) -> str:
    return say(f"management.state.{one.state}")


def _notes(facts: ManagementFacts) -> tuple[str, ...]:
    notes = [
        tr("起日和有效期至的当天都算执行中；同一类有几份的，以起日最晚的一份为准。"),
        tr("没有登记不等于没有制度：请先核对，再登记文号、有效期并附上文件。"),
    ]
    if facts.certainty:
        notes.append(tr("条文要求有管理制度，没有规定分成哪几份文件；应有的类别为本台账口径，确定性 {level}。", level=certainty(facts.certainty)))
    return tuple(notes)
