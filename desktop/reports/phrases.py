"""Words that several reports share: states, periods, certainty, and the common way to leave confidential rows out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from desktop.ledger.period import Period, academic_first
from desktop.ledger.publication import STATES, NetworkEvaluation
from desktop.words import say, tr


class _Guarded(Protocol):
    @property
    def confidential(self) -> bool: ...


Row = TypeVar("Row", bound=_Guarded)


def disclosed(rows: Iterable[Row]) -> tuple[tuple[Row, ...], int]:
    """The rows that may be shown to others, and how many confidential ones were left out."""
    every = tuple(rows)
    shown = tuple(row for row in every if not row.confidential)
    return shown, len(every) - len(shown)


def period_words(period: Period) -> str:
    """``2025Q3`` -> 2025 年第 3 季度; ``2024-2025`` -> 2024–2025 学年."""
    year = period.start.year
    if academic_first(period.name) is not None:
        return tr("{year}–{next} 学年", year=year, next=year + 1)
    if "Q" in period.name:
        return tr("{year} 年第 {quarter} 季度", year=year, quarter=period.name[-1])
    if "-" in period.name:
        return tr("{year} 年 {month} 月", year=year, month=period.start.month)
    return tr("{year} 年", year=year)


def day(value: date | None) -> str:
    """A day in a text; unknown is said."""
    return tr("未知") if value is None else value.isoformat()


def duty_state(state: str) -> str:
    """The word for a state of ``ledger.duty``; a state not known here is shown as it is."""
    return {
        "not_obliged": tr("无入网义务"),
        "to_join": tr("待入网"),
        "joined": tr("已入网"),
        "joined_late": tr("逾期入网"),
        "overdue": tr("逾期未入网"),
        "to_file": tr("待报备"),
        "filed": tr("已报备"),
        "unknown": tr("信息不全"),
    }.get(state, state)


def publication_state(state: str) -> str:
    """The word for a state of ``ledger.publication``; another word of the network's as it came."""
    return say(f"publication_state.{state}") if state in STATES else state


def graded(one: NetworkEvaluation | None) -> str:
    """Year, grade in the network's words and score of an evaluation; "" for none."""
    if one is None:
        return ""
    score = "" if one.score is None else str(one.score)
    return say("publication.graded" if score else "publication.graded_plain", year=one.year, grade=one.grade, score=score)


def run_state(state: str) -> str:
    """The word for a state of a payout run."""
    return {
        "prepared": tr("已编制，待审批"),
        "withdrawn": tr("已撤回"),
        "approved": tr("已审批"),
        "closed": tr("已结清"),
        "reversed": tr("已冲销"),
    }.get(state, state)


def basis(name: str) -> str:
    """What a run counts as income."""
    return {"posted": tr("按记账金额"), "received": tr("按到账金额")}.get(name, name)


def cost_kind(kind: str) -> str:
    """The word for a kind of declared cost."""
    return {
        "depreciation": tr("折旧"),
        "maintenance": tr("维护维修"),
        "consumables": tr("耗材"),
        "energy": tr("水电能源"),
        "staff": tr("人员费"),
        "room": tr("房屋"),
        "management": tr("管理"),
        "tax": tr("税费"),
        "other": tr("其他"),
        "none": tr("申报无成本"),
    }.get(kind, kind)


def certainty(level: str) -> str:
    """What a letter of certainty means, for a reader of the paper; the letter itself for one that is not known."""
    return {
        "A": tr("A（据正式文本）"),
        "A-": tr("A-（据转载文本）"),
        "B": tr("B（据二手资料或惯例）"),
        "C": tr("C（未见出处，为本台账口径）"),
        "D": tr("D（仅见于征求意见稿）"),
    }.get(level, level)


def detailed(name: str, detail: str) -> str:
    """A name with what tells it from others of that name, if anything does."""
    return tr("{name}（{detail}）", name=name, detail=detail) if detail else name
