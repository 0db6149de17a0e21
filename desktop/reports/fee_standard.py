"""收费标准公示: what each instrument's services cost, for anyone to read (clause 9: cost compensation, non-profit, published)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.reports.content import Block, Cell, Column, Content, Letterhead, Paragraph, Table
from desktop.reports.phrases import detailed, disclosed
from desktop.words import tr

Price = int | str | None


@dataclass(frozen=True, slots=True)
class FeeItem:
    """One priced service. A price is fen per ``unit``, a text where one number cannot say it (a band, tiers), None: not settled.

    An empty text means that no such price is offered. ``minimum`` is the least booking in words.
    """

    item: str
    unit: str
    internal: Price
    external: Price
    start_up_fen: int | None = 0
    minimum: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class InstrumentFees:
    """One instrument with the version of its schedule: in force on ``[from_on, to_on)``, set by ``document``."""

    asset_number: str
    name: str
    model: str
    department: str
    items: tuple[FeeItem, ...]
    from_on: date
    to_on: date | None = None
    document: str = ""
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class FeeFacts:
    """The schedules in force on a day; ``management_document`` is the institution's own rule on open sharing, if it has one."""

    on: date
    instruments: tuple[InstrumentFees, ...]
    management_document: str = ""


def report(facts: FeeFacts, letterhead: Letterhead) -> Content:
    """One row per priced item, ordered by department and instrument."""
    instruments, withheld = disclosed(facts.instruments)
    ordered = sorted(instruments, key=lambda one: (one.department, one.name, one.asset_number, one.from_on))
    rows = tuple(_row(one, item) for one in ordered for item in one.items)
    bare = [one for one in ordered if not one.items]
    statement = tr("收费按成本补偿和非盈利原则制定：价格用于补偿耗材、能源、维护、折旧、人员等服务成本，不以盈利为目的。")
    if facts.management_document:
        statement += tr("依据本单位管理制度：{document}。", document=facts.management_document)
    blocks: list[Block] = [Paragraph(statement), Table(_columns(), rows, empty=tr("没有在执行的收费标准。"))]
    if bare:
        names = tr("、").join(detailed(one.name, one.asset_number) for one in bare)
        blocks.append(Paragraph(tr("尚未制定收费项目的仪器：{names}", names=names), strong=True))
    return Content(
        kind="fees",
        title=tr("大型科研仪器收费标准公示"),
        subtitle=tr("共 {n} 台（套）仪器，{items} 个收费项目", n=len(ordered), items=len(rows)),
        period=tr("{day} 执行", day=facts.on.isoformat()),
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=(
            tr("价格单位为元；内部价适用于本单位用户，外部价适用于本单位以外的用户。"),
            tr("开机费每次服务收取一次；“未定”的价格在确定前不能计费。"),
            tr("起止日期含起始日，不含截止日；长期有效的标“至今”。"),
        ),
        withheld=withheld,
        orientation="landscape",
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column(tr("仪器名称"), weight=3),
        Column(tr("资产编号")),
        Column(tr("收费项目"), weight=2),
        Column(tr("计费单位")),
        Column(tr("内部价（元）"), "money"),
        Column(tr("外部价（元）"), "money"),
        Column(tr("开机费（元）"), "money"),
        Column(tr("最低预约")),
        Column(tr("备注"), weight=4),
        Column(tr("执行期"), align="center"),
    )


def _row(one: InstrumentFees, item: FeeItem) -> tuple[Cell, ...]:
    name = f"{one.name}\n{one.model}" if one.model else one.name
    until = tr("至今") if one.to_on is None else one.to_on.isoformat()
    notes = tr("；").join(text for text in (item.notes, one.document) if text)
    return (
        name,
        one.asset_number,
        item.item,
        item.unit,
        _price(item.internal),
        _price(item.external),
        "" if item.start_up_fen == 0 else item.start_up_fen,
        item.minimum,
        notes,
        f"{one.from_on.isoformat()}\n{until}",
    )


def _price(price: Price) -> Cell:
    return tr("未定") if price is None else price
