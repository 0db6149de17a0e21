"""Price lists (收费标准): the text of each line as it stands. What the text means is read by the fee rules, not here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.formats import reading, table
from desktop.formats.cells import fold
from desktop.formats.fields import CODE, LINE, TEXT, Field
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.formats.table import Table
from desktop.formats.teller import Teller
from desktop.ledger.finding import Finding

SHEET = "收费标准"

# 仪器编号 in a price list is the asset number.
FIELDS: tuple[Field, ...] = (
    Field(
        "asset_number",
        "仪器编号",
        CODE,
        ("所在单位仪器编号", "资产编号", "设备编号", "仪器设备编号", "固定资产编号"),
        required=True,
        blank="error",
    ),
    Field("instrument_name", "仪器名称", LINE, ("仪器设备名称", "设备名称"), fault="warning"),
    Field("item", "服务项目", LINE, ("项目", "收费项目", "测试项目", "服务内容"), blank="warning"),
    Field("unit_text", "计费单位", LINE, ("单位", "收费单位", "计价单位"), blank="warning"),
    Field("internal_text", "校内（元）", LINE, ("校内", "校内价格", "校内收费", "内部价格", "院内", "校内标准"), required=True),
    Field("external_text", "校外（元）", LINE, ("校外", "校外价格", "校外收费", "外部价格", "院外", "校外标准"), required=True),
    Field("startup_text", "开机费（元）", LINE, ("开机费", "启动费")),
    Field("minimum_text", "最小预约", LINE, ("起订量", "最小预约时间", "最低预约", "起步时间")),
    Field("note", "备注", TEXT, ("说明", "附注")),
)
_FROM = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日起")


@dataclass(frozen=True, slots=True)
class FeeRow:
    """One price line in its own words; amounts are the text of their cells (``150``, ``70–260``) in yuan."""

    row: int
    findings: tuple[Finding, ...]
    asset_number: str
    instrument_name: str
    item: str
    unit_text: str
    internal_text: str
    external_text: str
    startup_text: str
    minimum_text: str
    note: str


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[FeeRow]:
    """Read a price list. Rejected: no asset number, neither price, the same item and unit of one instrument twice.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, FIELDS, mapping)
    return reading.read(found, FIELDS, FeeRow, key=_key, key_field="item", check=_check, cancelled=cancelled)


def effective_on(found: Table) -> date | None:
    """The day in the lines above the table (2025年1月1日起执行), None when they name none."""
    for line in found.preamble:
        match = _FROM.search("".join(fold(line).split()))
        if match:
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                return None
    return None


def _check(values: dict[str, Any], teller: Teller) -> None:
    if not values["internal_text"] and not values["external_text"]:
        teller.tell("internal_text", "import.no_price")


def _key(values: dict[str, Any]) -> str:
    if not values["asset_number"]:
        return ""
    return " · ".join((values["asset_number"], values["item"], values["unit_text"]))
