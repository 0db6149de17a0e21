"""The sets' own power bands from a file: one row a set and first day. The unit stands in the heading: 关机功率（W）, 工作功率（kW）; none is watts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from desktop.formats import headers, reading, table
from desktop.formats.fields import CODE, DAY, NUMBER, Field
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.formats.table import Table
from desktop.formats.teller import Teller
from desktop.ledger.finding import Finding
from desktop.ledger.sensor import MOST_WATTS, limits

SHEET = "功率段"
LIMITS = ("off_watts", "working_watts")
FIELDS: tuple[Field, ...] = (
    Field("asset_number", "资产编号", CODE, ("仪器编号", "所在单位仪器编号", "设备资产编号", "asset_number"), required=True, blank="error"),
    Field("from_on", "从这一天起", DAY, ("起日", "起始日期", "启用日期", "生效日期", "开始日期", "from"), required=True, blank="error"),
    Field("off_watts", "关机功率（W）", NUMBER, ("关机功率", "低于此功率为关机", "关机线", "off"), required=True, blank="error"),
    Field("working_watts", "工作功率（W）", NUMBER, ("工作功率", "达到此功率为工作", "工作线", "working"), required=True, blank="error"),
)
_KILO = re.compile(r"kw|千瓦")


@dataclass(frozen=True, slots=True)
class BandRow:
    """The limits of one set from a day on, in watts."""

    row: int
    findings: tuple[Finding, ...]
    asset_number: str
    from_on: date
    off_watts: Decimal
    working_watts: Decimal


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[BandRow]:
    """Read power bands. Rejected: a row without set, day or limits, limits that are none (``ledger.sensor.limits``), a set and day that stand twice.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, FIELDS, mapping)
    times = _times(found)

    def check(values: dict[str, Any], teller: Teller) -> None:
        off, working = (None if values[name] is None else values[name] * times[name] for name in LIMITS)
        if off is not None and working is not None and not limits(off, working):
            teller.tell("working_watts", "sensor.band_range", off=f"{off:f}", working=f"{working:f}", most=f"{MOST_WATTS:,}")

    sheet = reading.read(found, FIELDS, BandRow, key=_key, key_field="from_on", check=check, cancelled=cancelled)
    scaled = (replace(row, off_watts=row.off_watts * times["off_watts"], working_watts=row.working_watts * times["working_watts"]) for row in sheet.rows)
    return replace(sheet, rows=tuple(scaled))


def _times(found: Table) -> dict[str, Decimal]:
    """By how much each column is multiplied: a thousand where its heading says kilowatts."""
    kilo = {column.field.name for column in found.columns if _KILO.search(headers.normal(column.header))}
    return {name: Decimal(1000 if name in kilo else 1) for name in LIMITS}


def _key(values: dict[str, Any]) -> str:
    told = (values["asset_number"], values["from_on"])
    return " · ".join(map(str, told)) if all(told) else ""
