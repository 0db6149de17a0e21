"""原值50万元以上大型仪器资产明细表: the sets at or above the national threshold, an annex to the yearly effect for the national platform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from desktop.ledger import money
from desktop.reports.content import Column, Content, KeyValues, Letterhead, Signatures, Table
from desktop.reports.phrases import detailed
from desktop.words import say, tr


@dataclass(frozen=True, slots=True)
class AssetLine:
    """One set; ``class_name`` is what its class is called where that is known, else the code.

    ``closed``: the code of why it is not open ("" when nobody said so), with a note of one's own.
    """

    asset_number: str
    class_name: str
    name: str
    model: str
    value_fen: int
    booked_on: date | None
    department: str
    manufacturer: str
    closed: str = ""
    closed_note: str = ""


@dataclass(frozen=True, slots=True)
class AssetFacts:
    """``threshold_fen`` None: no threshold is in force, so which sets belong here is unknown.

    ``n_unstated`` sets are not among the lines, because nobody said whether they are confidential. Of ``n_said_later`` lines the reason was entered
    after the year: it is said of a set, not of a year.
    """

    period: str
    lines: tuple[AssetLine, ...]
    threshold_fen: int | None
    n_valueless: int
    withheld: int
    n_unstated: int = 0
    n_said_later: int = 0


def report(facts: AssetFacts, letterhead: Letterhead) -> Content:
    """How many and what they are worth, then each set by asset number; 备注 says why a set is not open where somebody said it."""
    total = sum(one.value_fen for one in facts.lines)
    limit = facts.threshold_fen
    notes = [
        tr("不开放的仪器在备注里写明原因，平台接受：{reasons}。", reasons=tr("；").join(_reasons())),
        tr("价值逐台四舍五入到 0.01 万元，合计由分相加后只舍入一次，可能与逐台之和差 0.01 的倍数。"),
        tr("本表按公开的填报说明编制，平台的正式规范没有公布。"),
    ]
    if facts.n_said_later:
        notes.append(tr("备注里不开放的原因照现在写明的印，不分年度；其中 {n} 台（套）的是在这一年结束之后写明的。", n=facts.n_said_later))
    if facts.n_valueless:
        notes.append(tr("有 {n} 台（套）没有原值，没有列入；请补上原值。", n=facts.n_valueless))
    if facts.n_unstated:
        notes.append(tr("有 {n} 台（套）没有注明是否涉密，没有列入，也没有计入：注明之前不离开本机。", n=facts.n_unstated))
    empty = tr("起点原值没有生效的规则，列不出仪器。") if limit is None else tr("没有达到起点原值的仪器。")
    return Content(
        kind="national_assets",
        title=tr("原值50万元以上大型仪器资产明细表"),
        subtitle=tr("国家网络管理平台年度成效附表"),
        period=facts.period,
        letterhead=letterhead,
        blocks=(
            KeyValues((
                (tr("起点原值（万元）"), tr("未公布") if limit is None else money.wan_text(limit)),
                (tr("仪器"), tr("未知") if limit is None else tr("{n} 台（套）", n=len(facts.lines))),
                (tr("原值合计（万元）"), tr("未知") if limit is None else money.wan_text(total)),
            )),
            Table(
                (
                    Column(tr("资产编号")), Column(tr("资产分类")), Column(tr("资产名称"), weight=3), Column(tr("规格型号"), weight=2),
                    Column(tr("价值（万元）"), "number", places=2), Column(tr("建账日期"), "date"), Column(tr("使用部门"), weight=2),
                    Column(tr("生产厂家"), weight=2), Column(tr("备注"), room=6, weight=2),
                ),
                tuple(
                    (
                        one.asset_number, one.class_name, one.name, one.model, _wan(one.value_fen), one.booked_on, one.department, one.manufacturer, _why(one),
                    )
                    for one in facts.lines
                ),
                total=(tr("合计"), "", "", "", _wan(total), "", "", "", "") if facts.lines else None,
                empty=empty,
            ),
            Signatures((tr("填报人"), tr("资产管理部门"), tr("单位盖章"))),
        ),
        notes=tuple(notes),
        withheld=facts.withheld,
        orientation="landscape",
    )  # fmt: skip


def _why(one: AssetLine) -> str:
    return detailed(say(f"national_effect.reason.{one.closed}"), one.closed_note) if one.closed else ""


def _reasons() -> tuple[str, ...]:
    return tuple(say(f"national_effect.reason.{code}") for code in ("outdated", "online", "part", "confidential", "setting_up"))


def _wan(fen: int) -> Decimal:
    return Decimal(money.half_up(Decimal(fen) / 10_000)).scaleb(-2)
