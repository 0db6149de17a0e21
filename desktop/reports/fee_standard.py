"""收费标准公示: what each instrument's services cost, what is served and how one comes to it, for anyone to read (clause 9: content, flow, fees)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from desktop.reports.content import Block, Cell, Column, Content, Heading, Letterhead, Paragraph, Table
from desktop.reports.phrases import detailed, disclosed
from desktop.words import tr

Price = int | str | None


@dataclass(frozen=True, slots=True)
class FeeItem:
    """One priced service. A price is fen per ``unit``, a text where one number cannot say it (a band, tiers), None: not settled.

    An empty text means that no such price is offered. ``start_up`` is fen once a service, or a text by class; ``minimum`` is the least
    booking in words; ``kind`` of ``ledger.fee_terms.UNIT_KINDS`` says how a unit that was only begun counts.
    """

    item: str
    unit: str
    internal: Price
    external: Price
    start_up: Price = 0
    minimum: str = ""
    notes: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class InstrumentFees:
    """One instrument with the version of its schedule: in force on ``[from_on, to_on)``, set by ``document``.

    ``content`` is what is served, ``flow`` what users are to know and do, ``booking`` where they book, as the register has them.
    """

    asset_number: str
    name: str
    model: str
    department: str
    items: tuple[FeeItem, ...]
    from_on: date
    to_on: date | None = None
    document: str = ""
    confidential: bool = False
    content: str = ""
    flow: str = ""
    booking: str = ""
    contact: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class FeeFacts:
    """The schedules in force on a day; ``management_document`` is the institution's own rule on open sharing and fees, if it has one,
    ``flow_document`` that on the flow of services. Of the items that are not confidential ``n_above`` come by the hour to more than the cost price
    entered, ``n_uncompared`` were compared with none: no cost entered, or no price by the hour.
    """

    on: date
    instruments: tuple[InstrumentFees, ...]
    management_document: str = ""
    flow_document: str = ""
    n_above: int = 0
    n_uncompared: int = 0


def report(facts: FeeFacts, letterhead: Letterhead) -> Content:
    """One row per priced item, by asset number."""
    instruments, withheld = disclosed(facts.instruments)
    ordered = sorted(instruments, key=lambda one: (one.asset_number, one.from_on))
    spans = {_in_force(one) for one in ordered if one.items}
    one_span = len(spans) == 1
    with_model = any(one.model for one in ordered)
    columns = tuple(column for column in _columns() if _wanted(column, one_span, with_model))
    rows = tuple(
        tuple(cell for cell, column in zip(_row(one, item), _columns(), strict=True) if _wanted(column, one_span, with_model))
        for one in ordered
        for item in one.items
    )
    bare = [one for one in ordered if not one.items]
    blocks: list[Block] = _principle(facts)
    if one_span:
        blocks.append(Paragraph(tr("执行期：{span}。", span=" ".join(next(iter(spans)).split()))))
    blocks.append(Table(columns, rows, empty=tr("没有在执行的收费标准。")))
    if bare:
        names = tr("、").join(detailed(one.name, one.asset_number) for one in bare)
        blocks.append(Paragraph(tr("尚未制定收费项目的仪器：{names}", names=names), strong=True))
    blocks += _served(facts, ordered)
    return Content(
        kind="fees",
        title=tr("大型科研仪器收费标准公示"),
        subtitle=tr("共 {n} 台（套）仪器，{items} 个收费项目", n=len(ordered), items=len(rows)),
        period=tr("{day} 执行", day=facts.on.isoformat()),
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=_notes(ordered, facts.n_uncompared),
        withheld=withheld,
        orientation="landscape",
    )


def _principle(facts: FeeFacts) -> list[Block]:
    """What the fees follow. It is not claimed where the ledger's own comparison says otherwise: whoever posts the sheet reads that first."""
    if facts.n_above:
        statement = tr("收费应当按成本补偿和非盈利原则制定。")
    else:
        statement = tr("收费按成本补偿和非盈利原则制定：价格用于补偿耗材、能源、维护、折旧、人员等服务成本，不以盈利为目的。")
    if facts.management_document:
        statement += tr("依据本单位管理制度：{document}。", document=facts.management_document)
    blocks: list[Block] = [Paragraph(statement)]
    if facts.n_above:
        told = tr("有 {n} 个收费项目折合每小时的价格高于录入的成本价，请核对价格和成本构成后再公布。", n=facts.n_above)
        blocks.append(Paragraph(told, strong=True))
    return blocks


def _served(facts: FeeFacts, ordered: Sequence[InstrumentFees]) -> list[Block]:
    """Content and flow, beside the fees the clause names; what the register does not say is said to be wanting."""
    if not ordered:
        return []
    latest = {one.asset_number: one for one in ordered}.values()
    blocks: list[Block] = [Heading(tr("共享内容和流程"))]
    if facts.flow_document:
        blocks.append(Paragraph(tr("共享流程按本单位{document}办理。", document=facts.flow_document)))
    rows: list[tuple[Cell, ...]] = [
        (
            one.asset_number, one.name, one.content or tr("未填"), one.flow or ("" if facts.flow_document else tr("未填")),
            one.booking, "\n".join(part for part in (one.contact, one.phone) if part),
        )
        for one in latest
    ]  # fmt: skip
    columns = (
        Column(tr("资产编号")), Column(tr("仪器名称"), weight=2), Column(tr("服务内容"), weight=4), Column(tr("用户须知"), weight=3),
        Column(tr("预约网址"), weight=2), Column(tr("联系人")),
    )  # fmt: skip
    blocks.append(Table(columns, tuple(rows)))
    return blocks


def _columns() -> tuple[Column, ...]:
    return (
        Column(tr("资产编号")),
        Column(tr("仪器名称"), weight=2),
        Column(tr("型号")),
        Column(tr("收费项目")),
        Column(tr("计费单位")),
        Column(tr("校内价（元）"), "money"),
        Column(tr("校外价（元）"), "money"),
        Column(tr("开机费（元）"), "money"),
        Column(tr("最低预约")),
        Column(tr("备注"), weight=4),
        Column(tr("执行期")),
    )


def _wanted(column: Column, one_span: bool, with_model: bool) -> bool:
    """A period that all rows share is said once above them; nobody needs an empty column of models."""
    return not (one_span and column.head == tr("执行期")) and (with_model or column.head != tr("型号"))


def _row(one: InstrumentFees, item: FeeItem) -> tuple[Cell, ...]:
    notes = tr("；").join(text for text in (item.notes, one.document) if text)
    return (
        one.asset_number,
        one.name,
        one.model,
        item.item,
        item.unit,
        _price(item.internal),
        _price(item.external),
        "" if item.start_up == 0 else _price(item.start_up),
        item.minimum,
        notes,
        _in_force(one),
    )


def _in_force(one: InstrumentFees) -> str:
    """The first day, and the last one if there is one."""
    start = one.from_on.isoformat()
    if one.to_on is None:
        return tr("{day} 起", day=start)
    return tr("{start}\n至 {end}", start=start, end=(one.to_on - timedelta(days=1)).isoformat())


def _price(price: Price) -> Cell:
    return tr("未定") if price is None else price


def _notes(instruments: Sequence[InstrumentFees], n_uncompared: int) -> tuple[str, ...]:
    """How to read the sheet: who pays which price, how units are counted, only as far as it stands there; what was not compared with its cost."""
    items = [item for one in instruments for item in one.items]
    kinds = {item.kind for item in items}
    told = [tr("价格单位为元；校内价适用于本单位用户，校外价适用于本单位以外的用户；空白表示不提供。")]
    counted = [
        text
        for kind, text in (
            ("hour", tr("按小时计的精确到分钟")),
            ("block", tr("按时段（如 30 分钟）计的，不足一个时段按一个时段")),
            ("day", tr("按天计的 24 小时为一天，不足一天按一天")),
            ("count", tr("按样、次、元素等计数的，不足一个按一个")),
        )
        if kind in kinds
    ]
    if counted:
        told.append(tr("计费单位：{how}；备注另有说明的从其说明。", how=tr("；").join(counted)))
    told.append(tr("开机费每次服务收取一次，空白表示不收；“未定”的价格在确定前不能计费。"))
    if any(item.minimum for item in items):
        told.append(tr("最低预约：使用少于此数的按此数计费。"))
    if any(one.to_on for one in instruments):
        told.append(tr("执行期含首日和末日。"))
    if n_uncompared:
        told.append(tr("有 {n} 个收费项目没有录入成本构成或不按小时计，没有与成本价比较。", n=n_uncompared))
    return tuple(told)
