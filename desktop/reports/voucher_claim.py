"""创新券兑付申请表: one enterprise's claim of a calendar year with each use, how its amount was made, the papers, and the amount in capitals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from desktop.ledger import money
from desktop.reports import kept
from desktop.reports.content import Block, Column, Content, Heading, KeyValues, Letterhead, Paragraph, Signatures, Table
from desktop.reports.phrases import certainty
from desktop.rules.figure import Figure
from desktop.words import say, tr


@dataclass(frozen=True, slots=True)
class ClaimedUse:
    """One line, amounts in fen, None unknown; ``papers`` (item, state) in the order of the list; ``outside``: used in another province.

    ``elsewhere``: how the amount was worked out is kept at the seat that submitted the claim; eligible fee and rate are not known here.
    """

    number: str
    ended_on: date
    fee_fen: int | None
    eligible_fen: int | None
    rate: Decimal | None
    granted_fen: int | None
    top_up_fen: int | None
    papers: tuple[tuple[str, str], ...] = ()
    outside: bool = False
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The use of an instrument of another province, and the search of this one behind it; ``searched_on`` None: none is kept with it.

    ``hits``: the sets that the search found, each (name, institution, why it could not serve, "" when nobody has said).
    """

    number: str
    province: str
    institution: str
    instrument: str
    searched_on: date | None = None
    asked: str = ""
    catalogue_on: date | None = None
    hits: tuple[tuple[str, str, str], ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CapUsed:
    """A yearly cap with what is granted under it up to the last use of the claim, in fen: the province's of the enterprise (``city`` ""), or that of
    a city's rule for province and city together, counted for ``group`` where that is not "". None unknown."""

    city: str
    group: str
    cap_fen: int | None
    used_fen: int | None


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """``state`` as of ``voucher.claim``; ``cap_fen`` the yearly cap of the enterprise; ``open_`` what keeps it from being submitted, in words.

    ``size_by`` certificate, calculated or mixed, "" when no size is known; ``certified_on`` the day of the certificate.
    ``accepted_fen`` and ``paid_fen`` of province and city together, None until decided; ``withheld`` counts uses that became confidential.
    """

    number: str
    year: int
    enterprise: str
    uscc: str
    place: str
    size: str
    state: str
    cap_fen: int | None
    certainty: str
    uses: tuple[ClaimedUse, ...]
    open_: tuple[str, ...] = ()
    accepted_fen: int | None = None
    paid_fen: int | None = None
    withheld: int = 0
    size_by: str = ""
    certified_on: date | None = None
    searches: tuple[Elsewhere, ...] = ()
    caps: tuple[CapUsed, ...] = ()


def report(facts: ClaimFacts, letterhead: Letterhead) -> Content:
    """The enterprise, the uses, their papers, the total in figures and capitals, and where to sign."""
    granted = _sum([use.granted_fen for use in facts.uses])
    top_up = _sum([use.top_up_fen for use in facts.uses])
    blocks: list[Block] = [
        KeyValues((
            (tr("申请编号"), facts.number),
            (tr("企业"), facts.enterprise),
            (tr("统一社会信用代码"), facts.uscc or "—"),
            (tr("所在地"), facts.place or "—"),
            (tr("规模"), say(f"voucher.state.{facts.size}") if facts.size else tr("见提交的电脑") if _is_elsewhere(facts) else tr("未知")),
            *_size_by(facts),
            (tr("状态"), say(f"voucher.claim.{facts.state}")),
        )),
    ]  # fmt: skip
    if facts.open_:
        blocks += [Paragraph(tr("这份申请还不能提交："), strong=True), *(Paragraph(one) for one in facts.open_)]
    blocks += [
        Heading(tr("服务与金额")),
        Table(
            (
                Column(tr("编号")), Column(tr("服务结束日"), "date"), Column(tr("应收费用（元）"), "money"), Column(tr("可补助费用（元）"), "money"),
                Column(tr("比例"), "ratio"), Column(tr("省级（元）"), "money"), Column(tr("市级（元）"), "money"), Column(tr("备注")),
            ),
            tuple(
                (use.number, use.ended_on, use.fee_fen, use.eligible_fen, use.rate, use.granted_fen, use.top_up_fen,
                 "；".join(said for said, so in ((tr("省外仪器"), use.outside), (tr("算法在提交的电脑"), use.elsewhere)) if so))
                for use in facts.uses
            ),
            total=(tr("合计"), "", _sum([use.fee_fen for use in facts.uses]), _sum([use.eligible_fen for use in facts.uses]), "", granted, top_up, ""),
            empty=tr("没有服务。"),
        ),
        *_caps(facts),
        *_claimed(facts.uses),
        *_decided(facts),
        *_searches(facts.searches),
        Heading(tr("证据材料")),
        _papers(facts.uses),
        Signatures((tr("申请企业（盖章）"), tr("供给单位（盖章）"))),
    ]  # fmt: skip
    return Content(
        kind="voucher_claim",
        title=tr("创新券兑付申请表"),
        subtitle=tr("一家企业、一个自然年"),
        period=tr("{year} 年", year=facts.year),
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=_notes(facts),
        withheld=facts.withheld,
        orientation="portrait",
        mark={"draft": tr("草稿"), "sent_back": tr("退回待补正，尚未提交")}.get(facts.state, ""),
        figures=tuple(_kept(facts, blocks)),
    )


def _kept(facts: ClaimFacts, blocks: Sequence[Block]) -> Iterator[Figure]:
    """What the uses come to, what stays unknown, how far each cap is used, what the searches found, and what was decided."""
    heads = (
        (tr("应收费用（元）"), [use.fee_fen for use in facts.uses]), (tr("可补助费用（元）"), [use.eligible_fen for use in facts.uses]),
        (tr("省级（元）"), [use.granted_fen for use in facts.uses]), (tr("市级（元）"), [use.top_up_fen for use in facts.uses]),
    )  # fmt: skip
    sums = (kept.line(head, _sum(several), unit="fen", how="sum") for head, several in heads)
    yield kept.line(tr("服务与金额"), len(facts.uses), *sums)
    known = [use.top_up_fen for use in facts.uses if use.top_up_fen is not None]
    granted = _sum([use.granted_fen for use in facts.uses])
    parts = (
        kept.line(tr("省级（元）"), granted, unit="fen", how="sum"),
        kept.line(tr("已知的市级部分"), sum(known), unit="fen", how="sum"),
        kept.line(tr("市级未知的项数"), len(facts.uses) - len(known)),
    )
    yield kept.line(tr("省市合计申请"), None if granted is None else granted + sum(known), *parts, unit="fen", how="sum")
    yield from kept.under(blocks, (tr("年度上限"),))
    if facts.searches:
        yield kept.line(tr("省外仪器和省内检索"), len(facts.searches), *(kept.line(one.number, len(one.hits)) for one in facts.searches))
    for said, fen in ((tr("省市合计通过"), facts.accepted_fen), (tr("省市合计兑付"), facts.paid_fen)):
        if fen is not None:
            yield kept.line(said, fen, unit="fen", how="entered")


def _size_by(facts: ClaimFacts) -> tuple[tuple[str, str], ...]:
    day = facts.certified_on or "—"
    said = {
        "certificate": tr("规模证明，{day} 认定", day=day),
        "calculated": tr("服务当日没有有效的规模证明，按行业、人数、营业收入、资产推算"),
        "mixed": tr("规模证明，{day} 认定；证明无效的服务日按行业、人数、营业收入、资产推算", day=day),
    }
    return ((tr("规模依据"), said[facts.size_by]),) if facts.size_by else ()


def _caps(facts: ClaimFacts) -> list[Block]:
    """What is granted under each cap that the amounts were made by, up to the last use of this claim."""
    rows = tuple(
        (
            tr("省") if not one.city else tr("省市合计（{city}）", city=one.city),
            tr("实际控制人 {name}", name=one.group) if one.group else facts.enterprise,
            one.cap_fen, one.used_fen,
            None if one.cap_fen is None or one.used_fen is None else max(0, one.cap_fen - one.used_fen),
        )
        for one in facts.caps
    )  # fmt: skip
    columns = (
        Column(tr("哪个上限"), weight=2), Column(tr("按谁计"), weight=3), Column(tr("上限（元）"), "money"),
        Column(tr("按次序计至本申请，含尚未申请的（元）"), "money"),
        Column(tr("余额（元）"), "money"),
    )  # fmt: skip
    return [Heading(tr("年度上限")), Table(columns, rows)] if rows else []


def _searches(several: Sequence[Elsewhere]) -> list[Block]:
    """The uses elsewhere with the search of the province that could not serve, and what each set it found was answered with."""
    if not several:
        return []
    rows = tuple(
        (one.number, one.province, one.institution, one.instrument, one.searched_on or tr("没有检索"), one.asked,
         one.catalogue_on if one.searched_on else "", len(one.hits) if one.searched_on else "", one.reason)
        for one in several
    )  # fmt: skip
    hits = tuple((one.number, *hit[:2], hit[2] or tr("没有说明")) for one in several for hit in one.hits)
    return [
        Heading(tr("省外仪器和省内检索")),
        Table(
            (
                Column(tr("编号")), Column(tr("所在省")), Column(tr("省外单位"), weight=2), Column(tr("仪器名称"), weight=2), Column(tr("检索日期"), "date"),
                Column(tr("检索词"), weight=2), Column(tr("目录读取"), "date"), Column(tr("检索到（台套）"), "number", places=0),
                Column(tr("为什么用省外仪器"), weight=3),
            ),
            rows,
        ),
        Table(
            (Column(tr("编号")), Column(tr("检索到的省内仪器"), weight=2), Column(tr("所在单位"), weight=2), Column(tr("不能用的原因"), weight=3)),
            hits,
            empty=tr("没有检索到省内仪器。"),
        ),
    ]


def _papers(uses: Sequence[ClaimedUse]) -> Table:
    """One row for each use, one column for each paper that a list asks for."""
    items = tuple(dict.fromkeys(item for use in uses for item, _ in use.papers))
    rows = tuple(
        (use.number, *(say(f"voucher.state.{states[item]}") if item in states else "" for item in items)) for use in uses for states in [dict(use.papers)]
    )
    return Table(
        (Column(tr("编号")), *(Column(say(f"voucher.paper.{item}"), align="center") for item in items)),
        rows if items else (),
        empty=tr("没有材料清单。"),
    )


def _claimed(uses: Sequence[ClaimedUse]) -> list[Block]:
    """What is asked of the province, of the city, and of both: each is paid by another office, and the decision names the sum.

    What the city adds and nobody knows is left to the city: the known part stands in words, and the rest is called unknown, never nothing.
    """
    granted = _sum([use.granted_fen for use in uses])
    known = [use.top_up_fen for use in uses if use.top_up_fen is not None]
    n, top_up = len(uses) - len(known), sum(known)
    if granted is None:
        province = tr("申请省级创新券：未知。")
    else:
        province = tr("申请省级创新券：{yuan} 元，大写 {capital}。", yuan=_text(granted), capital=_capital(granted))
    if not n:
        city = tr("申请市级部分：{yuan} 元，大写 {capital}。", yuan=_text(top_up), capital=_capital(top_up))
    elif known:
        city = tr("申请市级部分：已知 {yuan} 元，大写 {capital}；另有 {n} 项未知，由市级核定。", yuan=_text(top_up), capital=_capital(top_up), n=n)
    else:
        city = tr("市级部分：未知，由市级核定。")
    blocks = [Paragraph(province, strong=True), Paragraph(city, strong=True)]
    if granted is None:
        return [*blocks, Paragraph(tr("省市合计申请：未知。"))]
    yuan, capital = _text(granted + top_up), _capital(granted + top_up)
    if n:
        return [*blocks, Paragraph(tr("已知部分合计申请 {yuan} 元，大写 {capital}；市级未知的部分不在内，以市级核定为准。", yuan=yuan, capital=capital))]
    return [*blocks, Paragraph(tr("省市合计申请 {yuan} 元，大写 {capital}。", yuan=yuan, capital=capital))]


def _decided(facts: ClaimFacts) -> list[Block]:
    """What was accepted and paid, once somebody decided."""
    told: list[Block] = []
    if facts.accepted_fen is not None:
        told.append(Paragraph(tr("省市合计通过 {yuan} 元，大写 {capital}。", yuan=_text(facts.accepted_fen), capital=_capital(facts.accepted_fen))))
    if facts.paid_fen is not None:
        told.append(Paragraph(tr("省市合计兑付 {yuan} 元，大写 {capital}。", yuan=_text(facts.paid_fen), capital=_capital(facts.paid_fen))))
    return told


def _sum(several: Sequence[int | None]) -> int | None:
    known = [one for one in several if one is not None]
    return sum(known) if len(known) == len(several) else None


def _text(fen: int | None) -> str:
    return tr("未知") if fen is None else money.text(fen)


def _capital(fen: int | None) -> str:
    return "—" if fen is None else money.capital(fen)


def _is_elsewhere(facts: ClaimFacts) -> bool:
    """Whether another seat keeps how all of it was worked out."""
    return bool(facts.uses) and all(use.elsewhere for use in facts.uses)


def _notes(facts: ClaimFacts) -> tuple[str, ...]:
    cap = _text(facts.cap_fen)
    n = sum(use.elsewhere for use in facts.uses)
    kept = tr("有 {n} 项金额的计算过程留在提交申请的那台电脑上，这里只有申报的金额；可补助费用和比例请在那台电脑上打印。", n=n)
    by = () if _is_elsewhere(facts) else (
        tr("每项金额＝比例×可补助费用，四舍五入到分，不超过同一企业本年度上限（{cap} 元）的余额。", cap=cap),
    )  # fmt: skip
    sure = () if _is_elsewhere(facts) else (tr("依据的规则中确定性最低的一项为 {level}。", level=certainty(facts.certainty)),)
    return (
        *((kept,) if n else ()),
        *by,
        tr("已申报的先占用上限，其余按服务结束时间先后，同时结束的按编号；条文没有规定先后，以上为本台账口径。"),
        tr("市级部分按所在市的办法；办法没有录入的为未知，不计为零。"),
        *sure,
    )
