"""Service records (使用记录): 仪器编号 is the asset number, 服务类型 the direction; the time is whole minutes of end − start."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from desktop.formats import reading, table
from desktop.formats.fields import CODE, LINE, MOMENT, NAME, SIGNED_HOURS, SIGNED_NUMBER, TEXT, URGENT, Field
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.formats.teller import Teller
from desktop.ledger.finding import Finding, Severity
from desktop.ledger.money import half_up

SHEET = "使用记录"

FIELDS: tuple[Field, ...] = (
    Field("number", "记录编号", CODE, ("编号", "记录号", "使用记录编号", "流水号"), required=True, blank="error"),
    Field(
        "asset_number",
        "仪器编号",
        CODE,
        ("所在单位仪器编号", "资产编号", "设备编号", "仪器设备编号"),
        required=True,
        blank="error",
    ),
    Field("instrument_name", "仪器名称", LINE, ("仪器设备名称", "设备名称"), fault="warning"),
    Field("customer_name", "使用单位", NAME, ("单位名称", "用户单位", "客户名称"), required=True, fault="warning"),
    Field("contact", "联系人", LINE, ("使用人", "用户姓名"), fault="warning"),
    Field("started_at", "开始时间", MOMENT, ("使用开始时间", "起始时间", "开机时间"), required=True, blank="error"),
    Field("ended_at", "结束时间", MOMENT, ("使用结束时间", "终止时间", "关机时间"), required=True, blank="error"),
    Field("claimed_hours", "机时", SIGNED_HOURS, ("使用机时", "服务机时", "机时（小时）", "时长"), fault="warning"),
    Field("quantity", "样品数", SIGNED_NUMBER, ("样品数量", "数量", "样本数"), fault="warning"),
    Field("item", "服务项目", LINE, ("项目", "测试项目", "服务内容"), fault="warning"),
    Field("way", "服务方式", LINE, ("共享方式",), fault="warning"),
    Field("direction", "服务类型", LINE, ("服务方向",), fault="warning"),
    Field("operator_name", "操作人", NAME, ("操作员", "机组人员", "实验技术人员"), fault="warning"),
    Field("contract", "合同编号", CODE, ("合同号", "协议编号"), fault="warning"),
    Field("urgent", "是否加急", URGENT, ("加急",)),
    Field("rating", "用户评价", LINE, ("评价", "满意度"), fault="warning"),
    Field("note", "备注", TEXT, ("说明",), fault="warning"),
)
# What may stand for a required column that is missing.
INSTEAD = {"ended_at": "claimed_hours"}
# A blank end may be worked out from 机时: whether it can is told when the whole row is seen.
_WITH_END = tuple(replace(f, blank="ok") if f.name == "ended_at" else f for f in FIELDS)
# A file without any end column states its time by 机时 alone.
_HOURS_ALONE = tuple(replace(f, required=False) if f.name == "ended_at" else f for f in _WITH_END)
_HOURS_REQUIRED = tuple(replace(f, blank="error", fault="error") if f.name == "claimed_hours" else f for f in _HOURS_ALONE)

_TOLERANCE = Decimal("0.01") * 60  # a hundredth of an hour, compared in minutes
_MINUTE = timedelta(minutes=1)
_DAY = 24 * 60
_YEAR = 366 * _DAY
_ABSURD = Decimal(1_000_000)
# The words the national exchange knows; others are kept as they stand.
_KNOWN = {
    "direction": ("科学研究", "科技开发", "教学", "其他"),
    "way": ("占用共享", "技术共享", "委托共享", "远程共享", "其他"),
    "rating": ("非常满意", "基本满意", "一般", "不满意", "极差"),
}
_SEVERAL = re.compile(r"[、，,;；/\s]+")


class ServiceRecordRow(NamedTuple):
    """One record as its row says it; names and types as in ``ledger.service_record``.

    ``started_at``/``ended_at`` are wall-clock Asia/Shanghai without zone, to the minute; ``minutes`` is their difference, or half
    up of 60 × 机时 when the row states no end (``derived``). ``urgent`` None: not stated, or stated
    in words that say neither yes nor no (``urgent_said``). ``direction`` is kept as it stands, also when it is none of the four.
    """

    row: int
    findings: tuple[Finding, ...]
    number: str
    asset_number: str
    instrument_name: str
    customer_name: str
    contact: str
    started_at: datetime
    ended_at: datetime
    minutes: int
    derived: bool
    claimed_hours: Decimal | None
    quantity: Decimal | None
    item: str
    way: str
    direction: str
    operator_name: str
    contract: str
    urgent: bool | None
    urgent_said: str
    rating: str
    note: str


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[ServiceRecordRow]:
    """Read service records. Rejected: no or repeated number, no instrument, unreadable or missing start, unreadable end, neither end
    nor hours, end not after start, negative hours or quantity. Warnings: hours that differ from the time by more than 0.01 h, over 24 hours without a
    remark, absurd quantity.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    fields = _WITH_END
    found = table.find(workbook, fields, mapping)
    missing = {field.name for field in found.missing}
    if "ended_at" in missing and found.column("claimed_hours") is not None:
        fields = _HOURS_REQUIRED
        found = table.find(workbook, fields, mapping)
    return reading.read(found, fields, ServiceRecordRow, key=_key, key_field="number", check=_check, cancelled=cancelled)


def _key(values: dict[str, Any]) -> str:
    return str(values["number"])


def _check(values: dict[str, Any], teller: Teller) -> None:
    start, end, hours = values["started_at"], values["ended_at"], values["claimed_hours"]
    values["minutes"], values["derived"], values["urgent_said"] = 0, False, ""
    if isinstance(values["urgent"], str):
        values["urgent"], values["urgent_said"] = None, values["urgent"]
        teller.tell("urgent", "import.urgent_unclear", "warning", shown=values["urgent_said"])
    for name, known in _KNOWN.items():
        said = values[name]
        if said and not all(part in known for part in (_SEVERAL.split(said) if name == "way" else (said,))):
            severity: Severity = "warning" if name == "direction" else "note"
            teller.tell(name, "import.word_unknown", severity, shown=said, known="、".join(known))
    for name in ("claimed_hours", "quantity"):
        if values[name] is not None and values[name] < 0:
            teller.tell(name, "import.negative", shown=values[name])
    if values["quantity"] is not None and values["quantity"] > _ABSURD:
        teller.tell("quantity", "import.quantity_absurd", "warning", shown=values["quantity"])
    if end is None:
        if not teller.refused("ended_at", "claimed_hours"):
            _from_hours(values, teller)
        return
    if start is None:
        return
    minutes = (end - start) // _MINUTE
    if minutes <= 0:
        teller.tell("ended_at", "import.end_not_after_start", start=f"{start:%Y-%m-%d %H:%M}", end=f"{end:%Y-%m-%d %H:%M}")
        return
    values["minutes"] = minutes
    if hours is not None and hours >= 0 and abs(hours * 60 - minutes) > _TOLERANCE:
        teller.tell("claimed_hours", "import.hours_differ", "warning", hours=f"{hours:f}", minutes=minutes)
    if minutes > _DAY and not values["note"]:
        teller.tell("ended_at", "import.over_a_day", "warning", hours=minutes // 60, minutes=minutes % 60)


def _from_hours(values: dict[str, Any], teller: Teller) -> None:
    """The end of a row that states only 机时. Nothing is promised about a row that is rejected anyway."""
    start, hours = values["started_at"], values["claimed_hours"]
    if hours is None:
        teller.tell("ended_at", "import.blank", column=teller.header("ended_at"))
        return
    minutes = half_up(hours * 60)
    if minutes <= 0:
        teller.tell("claimed_hours", "import.no_time")
    elif minutes > _YEAR:
        teller.tell("claimed_hours", "import.number_absurd", shown=hours)
    elif start is not None and not teller.rejected:
        values["ended_at"] = start + timedelta(minutes=minutes)
        values["minutes"], values["derived"] = minutes, True
        teller.tell("claimed_hours", "import.time_from_hours", "note", minutes=minutes)
