"""仪器移交单: one set handed over inside the institution or given free to another, to be signed by both sides.

Before it is handed over it is printed as a draft, with lines to fill in by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from desktop.ledger import money
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
    decimal_text,
)
from desktop.reports.phrases import day
from desktop.words import say, tr

_BLANK_LINES = 2


@dataclass(frozen=True, slots=True)
class HandoverFacts:
    """One transfer and its set. Days in Asia/Shanghai; ``verdict`` of ``transfer.state`` and rates as they were when it was proposed,

    None unknown; ``judged`` False: it was not judged. ``tests``: test of ``transfer.test`` -> met, not_met or unknown.
    """

    number: str
    kind: str
    state: str
    asset_number: str
    instrument: str
    model: str
    manufacturer: str
    category: str
    value_fen: int | None
    booked_on: date | None
    network_number: str
    from_department: str
    to_department: str
    keeper: str
    receiver: str
    receiver_uscc: str
    document: str
    reason: str
    prepared_by: str
    prepared_on: date
    decided_by: str
    decided_on: date | None
    note: str
    handed_on: date | None
    gave: str
    took: str
    parts: str
    judged: bool = False
    verdict: str = ""
    utilisation: Decimal | None = None
    sharing_rate: Decimal | None = None
    tests: tuple[tuple[str, str], ...] = ()


def form(facts: HandoverFacts, letterhead: Letterhead) -> Content:
    """The form, with a mark when nothing has been handed over."""
    inside = facts.kind == "internal"
    blocks: list[Block] = [
        KeyValues((
            (tr("移交单编号"), facts.number),
            (tr("调配方式"), say(f"transfer.kind.{facts.kind}")),
            (tr("办理状态"), say(f"transfer.step.{facts.state}")),
            (tr("移交日期"), day(facts.handed_on) if facts.handed_on else tr("未移交")),
        )),
        Heading(tr("移交的仪器")),
        KeyValues((
            (tr("资产编号"), facts.asset_number),
            (tr("仪器名称"), facts.instrument),
            (tr("型号"), facts.model or tr("未填")),
            (tr("生产厂家"), facts.manufacturer or tr("未填")),
            (tr("仪器类别"), facts.category or tr("未填")),
            (tr("原值"), tr("未知") if facts.value_fen is None else tr("{yuan} 元", yuan=money.text(facts.value_fen))),
            (tr("原值大写"), tr("未知") if facts.value_fen is None else money.capital(facts.value_fen)),
            (tr("建账日期"), day(facts.booked_on)),
            (tr("网络编号"), facts.network_number or tr("未填")),
        )),
        Heading(tr("双方")),
        KeyValues((
            (tr("移交方"), facts.from_department if inside and facts.from_department else letterhead.institution),
            *(((tr("接收部门"), facts.to_department), (tr("使用负责人"), facts.keeper or tr("未填"))) if inside else (
                (tr("接收单位"), facts.receiver), (tr("统一社会信用代码"), facts.receiver_uscc or tr("未填")),
            )),
            (tr("移交人"), facts.gave or tr("未填")),
            (tr("接收人"), facts.took or tr("未填")),
        )),
        Heading(tr("理由与审批")),
        KeyValues((
            (tr("理由"), facts.reason),
            (tr("批准文号"), facts.document or tr("未填")),
            (tr("编制人"), f"{facts.prepared_by} {day(facts.prepared_on)}"),
            (tr("审批人"), f"{facts.decided_by} {day(facts.decided_on)}" if facts.decided_by else tr("未审批")),
            *(((tr("审批意见"), facts.note),) if facts.note else ()),
        )),
        *_use(facts),
        Heading(tr("随机附件和资料")),
        Paragraph(facts.parts) if facts.parts else _to_fill_in(),
        Signatures((tr("移交方经办人"), tr("接收方经办人"), tr("设备管理部门"), tr("审批人"))),
    ]  # fmt: skip
    return Content(
        kind="handover",
        title=tr("仪器移交单"),
        subtitle=say(f"transfer.kind.{facts.kind}"),
        period=day(facts.handed_on or facts.prepared_on),
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=_notes(facts),
        orientation="portrait",
        mark="" if facts.state in ("approved", "handed_over") else tr("草稿"),
    )


def _to_fill_in() -> Table:
    """Lines for what goes along, where nobody has entered it."""
    rows: tuple[tuple[Cell, ...], ...] = tuple((str(n), "", "", "", "") for n in range(1, _BLANK_LINES + 1))
    columns = (
        Column(tr("序号"), align="center"), Column(tr("名称"), weight=3, room=12), Column(tr("规格型号"), weight=2, room=8),
        Column(tr("数量"), room=4), Column(tr("状况"), weight=2, room=8),
    )  # fmt: skip
    return Table(columns, rows, tall=True)


def _use(facts: HandoverFacts) -> tuple[Block, ...]:
    if not facts.judged:
        return (Heading(tr("编制时的使用情况")), Paragraph(tr("编制时没有上一年的使用情况可判断。")))
    return (
        Heading(tr("编制时的使用情况")),
        KeyValues((
            (tr("判断"), say(f"transfer.state.{facts.verdict}")),
            (tr("利用率"), _rate(facts.utilisation)),
            (tr("共享率"), _rate(facts.sharing_rate)),
            *((say(f"transfer.test.{code}"), say(f"transfer.state.{met}")) for code, met in facts.tests),
        )),
    )  # fmt: skip


def _rate(rate: Decimal | None) -> str:
    return tr("未知") if rate is None else decimal_text(rate * 100, 2) + "%"


def _notes(facts: HandoverFacts) -> tuple[str, ...]:
    notes = [tr("使用情况是编制当时按上一年已记账的服务算出的，保存在台账里，以后不再改变。")]
    if facts.kind == "allocation":
        notes.append(tr("移交后仪器在本单位台账里按退役保留，原有服务记录、记账和分配不变；资产账务另按规定处理。"))
    else:
        notes.append(tr("移交后仪器归接收部门，编号、收费标准和原有服务记录不变。"))
    return tuple(notes)
