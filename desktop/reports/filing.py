"""报备说明: the confidential sets of an institution that are filed and not put on the network, for the hand of the office that keeps filings.

It is the only paper that names confidential sets: no more of them than it takes to find them, and every page says how it may travel.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.reports.content import Block, Column, Content, Heading, KeyValues, Letterhead, Paragraph, Signatures, Table
from desktop.reports.phrases import certainty, duty_state
from desktop.words import say, tr


@dataclass(frozen=True, slots=True)
class FilingLine:
    """One confidential set; ``name`` "" unless it was asked for; ``state`` to_file, filed, not_obliged or unknown; ``level`` of secrecy, "" not stated."""

    asset_number: str
    name: str
    accepted_on: date | None
    filing_number: str
    filed_on: date | None
    state: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class FilingFacts:
    """``rule``: the clause by which a set is filed and not joined, with its certainty; "" when none is in force on the day."""

    on: date
    lines: tuple[FilingLine, ...]
    with_names: bool
    rule: str
    certainty: str


def report(facts: FilingFacts, letterhead: Letterhead) -> Content:
    """How many, each set, who signs."""
    waiting = [line for line in facts.lines if line.state == "to_file"]
    filed = sum(line.state == "filed" for line in facts.lines)
    names = (Column(tr("仪器名称"), weight=3),) if facts.with_names else ()
    blocks: list[Block] = [
        Paragraph(tr("本件涉密：按涉密载体登记、保管和传递，不得通过互联网或开放共享服务网络传输，不得作为附件上传。"), strong=True),
        KeyValues((
            (tr("在用涉密仪器"), tr("{n} 台（套）", n=len(facts.lines))),
            (tr("已报备"), tr("{n} 台（套）", n=filed)),
            (tr("待报备"), tr("{n} 台（套）", n=len(waiting))),
            (tr("其他"), tr("{n} 台（套）", n=len(facts.lines) - filed - len(waiting))),
        )),
        Heading(tr("涉密仪器报备情况")),
        Table(
            (
                Column(tr("资产编号")), *names, Column(tr("密级"), align="center"), Column(tr("安装验收日期"), "date"),
                Column(tr("报备号"), weight=2), Column(tr("报备日期"), "date"), Column(tr("状态"), align="center"),
            ),
            tuple(
                (
                    line.asset_number, *((line.name,) if facts.with_names else ()), say(f"secrecy.{line.level or 'unstated'}"), line.accepted_on,
                    line.filing_number or "—", line.filed_on or "—", duty_state(line.state),
                )
                for line in facts.lines
            ),
            empty=tr("没有在用的涉密仪器。"),
        ),
        Signatures((tr("设备管理部门"), tr("保密工作部门"), tr("单位负责人"))),
    ]  # fmt: skip
    notes = [tr("涉密仪器只报备、不入网：本表只写核对所需的项，其余信息不出本机。")]
    if facts.rule:
        notes.append(tr("{rule}（确定性 {level}）。", rule=facts.rule, level=certainty(facts.certainty)))
    return Content(
        kind="filing",
        title=tr("涉密大型科研仪器报备说明"),
        subtitle=tr("供报备机关核对，由专人递送"),
        period=facts.on.isoformat(),
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=tuple(notes),
        orientation="portrait",
    )
