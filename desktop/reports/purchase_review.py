"""查重评议报告: what is to be bought, which sets there are of its kind and why, whether they are used to the full, the opinion, to be signed.

It says what the review rested on when the opinion was given; without an opinion it is marked as a draft.
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
    exact_text,
)
from desktop.reports.phrases import certainty
from desktop.words import tr


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """One set of the same kind; minutes of the year before, None is unknown; ``reasons`` are (aspect, grade, why) in words."""

    own: bool
    holder: str
    number: str
    name: str
    model: str
    similarity: Decimal | None
    effective_minutes: int | None
    external_minutes: int | None
    counts: bool
    reasons: tuple[tuple[str, Decimal | None, str], ...]


@dataclass(frozen=True, slots=True)
class OpinionFacts:
    """An opinion in words, who gave it and when."""

    opinion: str
    text: str
    reviewer: str
    on: date


@dataclass(frozen=True, slots=True)
class NationalLine:
    """What the national platform answered, ``outcome`` in words, and the day it was entered."""

    on: date
    document: str
    outcome: str
    text: str
    similar: str
    noted_on: date


@dataclass(frozen=True, slots=True)
class PurchaseFacts:
    """A purchase and its review. ``required``, ``national_required``, ``saturation`` and ``advice`` are in words; ``certainty`` the weakest rule of the whole.

    ``n_elsewhere`` None: the catalogue was never read. ``opinions``: the newest first; ``settled``: the first of them is final.
    ``needs``: where the national platform's review stands, in words, "" where it is neither due nor was made; ``national``: the newest first.
    """

    number: str
    proposed_on: date
    name: str
    model: str
    class_code: str
    functions: str
    department: str
    reason: str
    price_fen: int
    provincial_fen: int | None
    central_fen: int | None
    prepared_by: str
    required: str
    national_required: str
    candidates: tuple[CandidateLine, ...]
    year: str
    n_counted: int
    mean_hours: Decimal | None
    saturated_hours: Decimal | None
    least_similarity: Decimal | None
    n_own: int
    n_elsewhere: int | None
    saturation: str
    advice: str
    opinions: tuple[OpinionFacts, ...]
    settled: bool
    withheld: int
    certainty: str
    n_unlisted: int = 0
    n_catalogue: int = 0
    read_on: date | None = None
    n_compared: int | None = None
    needs: str = ""
    national: tuple[NationalLine, ...] = ()


def report(facts: PurchaseFacts, letterhead: Letterhead) -> Content:
    """The proposal, the candidates with the reasons of their similarity, the saturation test, the opinion, and boxes to sign in."""
    blocks: list[Block] = [
        Heading(tr("拟购仪器")),
        KeyValues(_proposal(facts)),
        *([Paragraph(tr("主要功能：{text}", text=facts.functions))] if facts.functions else []),
        *([Paragraph(tr("现有仪器不能满足的理由：{text}", text=facts.reason))] if facts.reason else []),
        Heading(tr("同类候选仪器")),
        Table(_columns(facts.year), tuple(_row(n, line) for n, line in enumerate(facts.candidates, 1)), empty=_none_found(facts)),
    ]
    if facts.candidates:
        blocks += [
            Heading(tr("相似的理由")),
            Table(
                (Column(tr("序号"), "number"), Column(tr("方面")), Column(tr("相似度"), "ratio"), Column(tr("理由"), weight=5)),
                tuple((n, *reason) for n, line in enumerate(facts.candidates, 1) for reason in line.reasons),
            ),
        ]
    blocks += [Heading(tr("饱和判断")), KeyValues(_saturation(facts)), *_national(facts)]
    blocks += [Heading(tr("评议意见")), *_opinions(facts)]
    blocks.append(Signatures((tr("申购人"), tr("评议人"), tr("设备管理部门（盖章）"), tr("单位负责人（盖章）"))))
    return Content(
        kind="purchase",
        title=tr("大型科研仪器购置查重评议报告"),
        subtitle=tr("{number} {name}", number=facts.number, name=facts.name),
        period=tr("申购日期 {day}", day=facts.proposed_on.isoformat()),
        letterhead=letterhead,
        blocks=tuple(blocks),
        notes=_notes(facts),
        withheld=facts.withheld,
        orientation="landscape",
        mark="" if facts.settled else tr("未评议"),
    )


def _proposal(facts: PurchaseFacts) -> tuple[tuple[str, str], ...]:
    unsaid = tr("未填")
    return (
        (tr("申购编号"), facts.number),
        (tr("仪器名称"), facts.name),
        (tr("规格型号"), facts.model or unsaid),
        (tr("分类编码"), facts.class_code or unsaid),
        (tr("申购部门"), facts.department or unsaid),
        (tr("编制人"), facts.prepared_by or unsaid),
        (tr("单台（套）预算"), tr("{yuan} 元", yuan=money.text(facts.price_fen))),
        (tr("其中省级财政性资金"), tr("未知") if facts.provincial_fen is None else tr("{yuan} 元", yuan=money.text(facts.provincial_fen))),
        (tr("其中中央财政资金"), tr("未知") if facts.central_fen is None else tr("{yuan} 元", yuan=money.text(facts.central_fen))),
        (tr("是否应当查重评议"), facts.required),
        (tr("国家平台的查重评议"), facts.national_required),
    )


def _columns(year: str) -> tuple[Column, ...]:
    return (
        Column(tr("序号"), "number"), Column(tr("所在单位"), weight=2), Column(tr("编号")), Column(tr("仪器名称"), weight=2), Column(tr("规格型号")),
        Column(tr("相似度"), "ratio"), Column(tr("比较方面"), align="center"), Column(tr("{year} 年机时（小时）", year=year), "minutes"),
        Column(tr("其中对外（小时）"), "minutes"), Column(tr("计入平均"), align="center"),
    )  # fmt: skip


def _row(n: int, line: CandidateLine) -> tuple[Cell, ...]:
    counted = tr("是") if line.counts and line.effective_minutes is not None else tr("否")
    return (
        n, tr("本单位（自有）") if line.own else line.holder, line.number, line.name, line.model, line.similarity,
        tr("{n} 个", n=len(line.reasons)), line.effective_minutes, line.external_minutes, counted,
    )  # fmt: skip


def _none_found(facts: PurchaseFacts) -> str:
    if facts.n_elsewhere is None:
        return tr("本单位没有同类仪器；网络目录没有读过，其他单位有没有是未知的。")
    return tr("本单位和网络目录里都没有同类仪器。")


def _saturation(facts: PurchaseFacts) -> tuple[tuple[str, str], ...]:
    def hours(value: Decimal | None) -> str:
        return tr("未知") if value is None else tr("{hours} 小时", hours=decimal_text(value, 2))

    return (
        (tr("本单位同类"), tr("{n} 台（套）", n=facts.n_own)),
        (tr("其他单位同类"), tr("未知") if facts.n_elsewhere is None else tr("{n} 台（套）", n=facts.n_elsewhere)),
        (tr("计入平均"), tr("{n} 台（套）", n=facts.n_counted)),
        (tr("台套平均有效机时"), hours(facts.mean_hours)),
        (tr("饱和机时"), hours(facts.saturated_hours)),
        (tr("判断"), facts.saturation),
    )


def _national(facts: PurchaseFacts) -> list[Block]:
    if not facts.needs:
        return []
    columns = (
        Column(tr("评议日期"), "date"), Column(tr("文号"), weight=2), Column(tr("查重结果"), weight=2), Column(tr("意见"), weight=3),
        Column(tr("相似仪器"), weight=3), Column(tr("登记日期"), "date"),
    )  # fmt: skip
    rows = tuple((one.on, one.document, one.outcome, one.text, one.similar, one.noted_on) for one in facts.national)
    return [
        Heading(tr("国家平台查重结果")), KeyValues(((tr("目前"), facts.needs),)), Table(columns, rows, empty=tr("没有登记国家平台的结果。")),
    ]  # fmt: skip


def _opinions(facts: PurchaseFacts) -> list[Block]:
    told: list[Block] = [KeyValues(((tr("数据支持的意见"), facts.advice),))]
    if not facts.settled:
        told.append(Paragraph(tr("还没有最终的评议意见，本表只供评议使用。"), strong=True))
    if facts.opinions:
        told.append(
            Table(
                (Column(tr("日期"), "date"), Column(tr("评议人")), Column(tr("意见"), weight=2), Column(tr("理由"), weight=4)),
                tuple((one.on, one.reviewer, one.opinion, one.text) for one in facts.opinions),
            )
        )
    return told


def _notes(facts: PurchaseFacts) -> tuple[str, ...]:
    more = (tr("其他单位的同类候选只列出最相近的，另有 {n} 台（套）没有逐一列出。", n=facts.n_unlisted),) if facts.n_unlisted else ()
    least = tr("未知") if facts.least_similarity is None else f"{exact_text(facts.least_similarity * 100)}%"
    return (
        tr(
            "相似度是分类编码、名称、型号、功能四个方面按权重的平均，没有写明的方面不参加平均；达到 {least} 的，以及名称相同或一个包含另一个的，列为同类候选。",
            least=least,
        ),
        tr("本单位机时为 {year} 年已记账服务的有效机时；当年服役不满全年的和机时未公布的只列出，不计入平均。", year=facts.year),
        tr("怎样认定“为主”、同类和饱和，原文没有规定，按本台账口径；所依据的规则中确定性最低的为 {level}。", level=certainty(facts.certainty)),
        *_searched(facts),
        *more,
    )


def _searched(facts: PurchaseFacts) -> tuple[str, ...]:
    """What of others was looked through: the evidence that a search was made."""
    if facts.n_elsewhere is None:
        return (tr("网络目录没有读过，没有查其他单位的仪器。"),)
    looked = f"{facts.n_catalogue:,}"
    if facts.read_on is None:
        return (tr("查过的网络目录有 {n} 条，没有读完。", n=looked), *_cut(facts))
    return (tr("查过的网络目录有 {n} 条，{day} 读取。", n=looked, day=facts.read_on), *_cut(facts))


def _cut(facts: PurchaseFacts) -> tuple[str, ...]:
    if facts.n_compared is None:
        return ()
    return (tr("目录里写法相近的太多，只比较了各种查法最相近的共 {n} 条，其余没有比较。", n=f"{facts.n_compared:,}"),)
