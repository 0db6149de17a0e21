"""A purchase in words: what is proposed, what the figures say of it, every opinion."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from desktop import words
from desktop.actions import purchase_report
from desktop.actions.purchases import View
from desktop.ledger.purchase import NationalResult
from desktop.rules.figure import Figure
from desktop.ui import texts
from desktop.ui.texts import Spoken
from desktop.words import tr

_SHOWN, _OF_AN_HOUR = Decimal("0.0001"), Decimal("0.01")
STATE = "purchase.proposal_state"


def verdict_of(view: View) -> list[tuple[str, str | Spoken]]:
    """What the figures say: whether a review is due, how much the sets of the kind are used, what that speaks for."""
    tree = view.figure
    return [
        (tr("是否应当查重评议"), _said(tree, "required")),
        (tr("国家平台的查重评议"), _said(tree, "national_required")),
        (tr("国家平台查重结果"), _stands(view)),
        (tr("同类仪器是否饱和"), _said(tree, "saturation")),
        (tr("台套平均有效机时"), _hours(tree)),
        (tr("数据支持的意见"), _said(tree, "advice")),
    ]


def facts_of(view: View) -> list[tuple[str, str | Spoken]]:
    """What is proposed, by whom, and every opinion on it."""
    one = view.proposal
    told: list[tuple[str, str | Spoken]] = [
        (tr("申购编号"), one.number),
        (tr("状态"), texts.state(one.state, STATE)),
        (tr("单台（套）预算"), texts.money(one.price_fen)),
        (tr("其中省级财政性资金"), texts.money(one.provincial_fen)),
        (tr("其中中央财政资金"), texts.money(one.central_fen)),
    ]
    typed = (
        (tr("规格型号"), one.model), (tr("分类编码"), one.class_code), (tr("主要功能"), one.functions), (tr("申购部门"), one.department),
        (tr("现有仪器不能满足的理由"), one.reason), (tr("申购人"), view.prepared_by),
    )  # fmt: skip
    told += [(name, value) for name, value in typed if value]
    for given in view.given:
        opinion = words.say(f"purchase.opinion.{given.review.opinion}")
        said = tr(
            "{on} {name} 的意见：{opinion}。{text}",
            on=given.review.reviewed_on.isoformat(), name=given.reviewed_by, opinion=opinion, text=given.review.text,
        )  # fmt: skip
        told.append((tr("评议意见"), said))
    told += [(tr("国家平台查重结果"), result_words(each)) for each in view.national]
    return told


def result_words(one: NationalResult) -> str:
    """A result of the national platform as it stands in the facts: the paper, what it says, which sets it names."""
    head = tr("{on} {document}：{outcome}", on=one.decided_on.isoformat(), document=one.document, outcome=words.say(f"purchase.state.{one.outcome}"))
    named = tr("相似仪器：{text}", text=one.similar) if one.similar else ""
    return "\n".join(part for part in (head, one.text, named) if part)


def _stands(view: View) -> Spoken:
    code = str(view.needs.value)
    tone: texts.Tone = "muted" if code in ("unknown", "not_required") else "plain" if code == "given" else "warning"
    return Spoken(words.say(f"purchase.state.{code}"), tone)


def _said(tree: Figure, name: str) -> Spoken:
    code = purchase_report.stated(tree, name)
    tone: texts.Tone = "muted" if code == "unknown" else "warning" if code in ("spare", "share", "ask") else "plain"
    return Spoken(words.say(f"purchase.state.{code}"), tone)


def shown(similarity: Decimal | None) -> Decimal | None:
    """A similarity as the list shows it: a hundredth of a percent, half up."""
    return None if similarity is None else similarity.quantize(_SHOWN, rounding=ROUND_HALF_UP)


def _hours(tree: Figure) -> str:
    hours = purchase_report.mean_hours(tree)
    return texts.unknown() if hours is None else tr("{n} 小时", n=texts.number(hours.quantize(_OF_AN_HOUR, ROUND_HALF_UP)))
