"""中试资源目录 (clause 6): every pilot base with what it can do, its equipment, its open state and pictures, and equipment without a base.

Made to be published: confidential equipment is only counted, and no amount stands in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.reports.content import (
    Block,
    Cell,
    Column,
    Content,
    Heading,
    KeyValues,
    Letterhead,
    Picture,
    Pictures,
    Table,
)
from desktop.reports.kept import line
from desktop.reports.phrases import detailed
from desktop.words import tr


@dataclass(frozen=True, slots=True)
class OpenLine:
    """An open state in words; None where nothing was said."""

    state: str | None
    since: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class PieceLine:
    """One piece of equipment; ``base`` its base's name, "" for none."""

    number: str
    name: str
    model: str
    base: str
    process: str
    capacity: str
    services: str
    openness: OpenLine


@dataclass(frozen=True, slots=True)
class BaseEntry:
    """One base; ``partners`` are (name, kind in words, what they bring), ``market`` None: not stated."""

    number: str
    name: str
    fields: str
    process: str
    capacity: str
    services: str
    site: str
    started_on: date | None
    market: str | None
    partners: tuple[tuple[str, str, str], ...]
    openness: OpenLine
    contact: str
    phone: str
    equipment: tuple[PieceLine, ...]
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogueFacts:
    """The catalogue of a day; ``lost`` names pictures that could not be printed."""

    on: date
    bases: tuple[BaseEntry, ...]
    loose: tuple[PieceLine, ...]
    loose_pictures: tuple[Picture, ...] = ()
    withheld: int = 0
    lost: tuple[str, ...] = ()


def report(facts: CatalogueFacts, letterhead: Letterhead) -> Content:
    """The bases at a glance, then each on its own, then equipment that belongs to none."""
    blocks: list[Block] = [
        Heading(tr("基地一览")),
        Table(
            (
                Column(tr("编号")), Column(tr("基地名称"), weight=3), Column(tr("行业领域"), weight=2), Column(tr("设备（台、套）"), "number", places=0),
                Column(tr("开放状态"), align="center"), Column(tr("联系人")), Column(tr("电话")),
            ),
            tuple(_row(one) for one in facts.bases),
            empty=tr("还没有登记中试基地。"),
        ),
    ]  # fmt: skip
    for one in facts.bases:
        blocks += _base(one)
    if facts.loose:
        blocks += [Heading(tr("不属于基地的中试设备")), _pieces(facts.loose)]
        if facts.loose_pictures:
            blocks.append(Pictures(facts.loose_pictures))
    return Content(
        kind="pilot_catalogue",
        title=tr("中试资源目录"),
        subtitle=tr("中试基地、中试设备、服务内容和开放状态"),
        period=facts.on.isoformat(),
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=_notes(facts),
        withheld=facts.withheld,
        figures=tuple(line(f"{one.number} {one.name} {tr('设备（台、套）')}", len(one.equipment)) for one in facts.bases),
    )


def _row(one: BaseEntry) -> tuple[Cell, ...]:
    return one.number, one.name, one.fields, len(one.equipment), one.openness.state, one.contact, one.phone


def _base(one: BaseEntry) -> list[Block]:
    unsaid = tr("未填")
    partners = tr("；").join(
        " ".join(part for part in (detailed(name, kind), brings) if part) for name, kind, brings in one.partners
    )
    told: list[Block] = [
        Heading(tr("{number} {name}", number=one.number, name=one.name)),
        KeyValues((
            (tr("行业领域"), one.fields or unsaid),
            (tr("地点"), one.site or unsaid),
            (tr("开始运行"), one.started_on.isoformat() if one.started_on else tr("未知")),
            (tr("开放状态"), _open(one.openness)),
            (tr("工艺"), one.process or unsaid),
            (tr("中试能力"), one.capacity or unsaid),
            (tr("服务内容"), one.services or unsaid),
            (tr("共建方"), partners or tr("没有登记")),
            (tr("市场化方式建设"), one.market or tr("未知")),
            (tr("联系方式"), " ".join(part for part in (one.contact, one.phone) if part) or unsaid),
        )),
        _pieces(one.equipment),
    ]  # fmt: skip
    if one.pictures:
        told.append(Pictures(one.pictures))
    return told


def _pieces(pieces: tuple[PieceLine, ...]) -> Table:
    return Table(
        (
            Column(tr("设备编号")), Column(tr("设备名称"), weight=2), Column(tr("规格型号")), Column(tr("工艺"), weight=2), Column(tr("中试能力"), weight=2),
            Column(tr("服务内容"), weight=2), Column(tr("开放状态"), align="center"),
        ),
        tuple((one.number, one.name, one.model, one.process, one.capacity, one.services, one.openness.state) for one in pieces),
        empty=tr("还没有登记设备。"),
    )  # fmt: skip


def _open(one: OpenLine) -> str:
    since = tr("{day} 起", day=one.since.isoformat()) if one.since else ""
    return tr("，").join(part for part in (one.state or tr("未知"), since, one.reason) if part)


def _notes(facts: CatalogueFacts) -> tuple[str, ...]:
    told = [tr("开放状态是数据截至日的状态，随时可能变化，使用前请与联系人确认。")]
    if facts.lost:
        told.append(tr("有 {n} 张图片没有印出（不是能印的图片，或文件不在本机）：{names}。", n=len(facts.lost), names="、".join(facts.lost)))
    return tuple(told)

