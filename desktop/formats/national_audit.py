"""What the national platform's audit says of rows, from a file (one row a set or record) or from an answer of the platform's.

No published list says how an answer would name the states of its rows: read is what names a row and a state by names that can mean nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from desktop.formats import reading, table
from desktop.formats.cells import NOTHING, Unreadable, clean, fold
from desktop.formats.fields import CODE, DAY, TEXT, Field, Kind
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Value, Workbook
from desktop.formats.teller import Teller
from desktop.formats.xml_text import FORBIDDEN
from desktop.ledger.finding import Finding
from desktop.ledger.national_audit import AUDITS, AuditState

SHEET = "国家平台审核结果"

_WORDS: dict[str, AuditState] = {
    **dict.fromkeys(("未提交", "未送审", "草稿"), "not_submitted"),
    **dict.fromkeys(("待审核", "待审", "审核中", "未审核", "已提交"), "pending"),
    **dict.fromkeys(("通过", "审核通过", "已通过"), "passed"),
    **dict.fromkeys(("未通过", "不通过", "审核未通过", "审核不通过", "退回", "已退回", "驳回", "已驳回", "拒绝"), "refused"),
}  # fmt: skip
STATE_NAMES: dict[AuditState, str] = {"not_submitted": "未提交", "pending": "待审核", "passed": "通过", "refused": "未通过"}
"""How a file of ours writes each state."""


def state(text: str) -> AuditState | None:
    """The state that a code (−1, 0, 1, 2) or a word of the platform's means; None for anything else."""
    plain = "".join(fold(clean(text)[0]).split()).replace("−", "-").replace("–", "-").replace("－", "-")
    return AUDITS.get(plain) or _WORDS.get(plain)


def reason_text(text: str) -> str:
    """The platform's reason on one line; 无, — or / says that there is none ("")."""
    line = " ".join(text.split())
    return "" if fold(line).lower() in NOTHING else line


def _state(value: Value) -> Any:
    told = str(int(value)) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and value == int(value) else value
    found = state(told) if isinstance(told, str) else None
    if found is None:
        raise Unreadable("national_audit.state_unknown", value)
    return found


AUDIT_STATE = Kind(lambda _unit: _state, lambda value: STATE_NAMES.get(value, value), None, fills=False)

FIELDS: tuple[Field, ...] = (
    Field("asset_number", "资产编号", CODE, ("所在单位仪器编号", "innerId")),  # 仪器编号 there is the network's own
    Field("record_number", "记录编号", CODE, ("服务记录编号", "recordInnerId")),
    Field("state", "审核状态", AUDIT_STATE, ("状态", "审核结果"), required=True, blank="error"),
    Field("reason", "原因", TEXT, ("未通过原因", "审核意见", "退回原因", "驳回原因")),
    Field("seen_on", "查看日期", DAY, ("审核日期", "日期"), required=True, blank="error"),
)


@dataclass(frozen=True, slots=True)
class NationalAuditRow:
    """What was seen of one row: of a service record where one is named, else of the set."""

    row: int
    findings: tuple[Finding, ...]
    asset_number: str
    record_number: str
    state: AuditState
    reason: str
    seen_on: date


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[NationalAuditRow]:
    """Read what was seen. Rejected: a row that names neither a set nor a record, one that stands twice for the same day, an unknown state.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, FIELDS, mapping)
    return reading.read(found, FIELDS, NationalAuditRow, key=_key, key_field="seen_on", check=_check, cancelled=cancelled)


def _check(values: dict[str, Any], teller: Teller) -> None:
    if not values["asset_number"] and not values["record_number"]:
        teller.tell("asset_number", "national_audit.names_nothing")


def _key(values: dict[str, Any]) -> str:
    name = values["record_number"] or values["asset_number"]
    return f"{name} {values['seen_on']}" if name and values["seen_on"] else ""


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """A row of an answer that says its audit: ``key`` is what the exchange calls it by; ``state`` None: a code nobody published.

    ``raw`` is as it came, odd signs as JSON says them; elsewhere the replacement character stands for them.
    """

    kind: str
    key: str
    code: str
    state: AuditState | None
    reason: str
    raw: str


_STATES = ("auditState", "auditStatus", "auditstate", "auditstatus")
_REASONS = ("auditReason", "auditOpinion", "auditMsg", "reason")
_LONGEST_RAW = 2_000
# What no ledger or screen holds (half a sign, a control), and what turns the line round it stands in.
_ODD = re.compile(f"{FORBIDDEN.pattern}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def answered(raw: str) -> tuple[AnsweredRow, ...]:
    """The audits that the text of an answer tells of rows, in their order; () for an answer that names none."""
    return tuple(_answered(one) for one in _objects(_parsed(raw)))


def is_whole(raw: str) -> bool:
    """Whether the text of an answer reads to its end: rows that stand where it was cut off tell nothing."""
    return _parsed(raw) is not None


def _parsed(raw: str) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):  # the latter: brackets in brackets without end
        return None


def _objects(whole: Any) -> Iterator[dict[str, Any]]:
    """Objects that name a row and a state: the answer itself is none of them, rows stand in lists."""
    lists = [whole] if isinstance(whole, list) else [value for value in whole.values() if isinstance(value, list)] if isinstance(whole, dict) else []
    for one in (each for rows in lists for each in rows if isinstance(each, dict)):
        if any(name in one for name in _STATES) and (one.get("recordInnerId") or one.get("innerId")):
            yield one


def _answered(one: dict[str, Any]) -> AnsweredRow:
    code = _said(next(one[name] for name in _STATES if name in one))
    reason = next((_said(one[name]) for name in _REASONS if _said(one.get(name))), "")
    kind = "6" if one.get("recordInnerId") else "4"
    key = _said(one["recordInnerId"] if kind == "6" else one["innerId"])
    raw = _ODD.sub(lambda odd: f"\\u{ord(odd[0]):04x}", json.dumps(one, ensure_ascii=False))
    return AnsweredRow(kind, key, code, state(code), reason, raw[:_LONGEST_RAW])


def _said(value: Any) -> str:
    return "" if value is None or isinstance(value, (dict, list, bool)) else _ODD.sub("\ufffd", " ".join(str(value).split()))
