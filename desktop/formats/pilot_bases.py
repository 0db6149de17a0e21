"""Pilot bases (中试基地) from a file: one row a base."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.formats import reading, table
from desktop.formats.fields import CODE, DAY, LINE, NAME, YES_NO, Field
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.ledger.finding import Finding

SHEET = "中试基地"

FIELDS: tuple[Field, ...] = (
    Field("number", "基地编号", CODE, ("中试基地编号",), required=True, blank="error"),
    Field("name", "基地名称", NAME, ("中试基地名称", "中试基地"), required=True, blank="error"),
    Field("fields", "行业领域", LINE, ("所属行业领域", "技术领域"), fault="warning"),
    Field("process", "工艺", LINE, ("中试工艺",), fault="warning"),
    Field("capacity", "中试能力", LINE, ("能力",), fault="warning"),
    Field("services", "服务内容", LINE, ("中试服务内容",), fault="warning"),
    Field("site", "地点", LINE, ("地址", "所在地点"), fault="warning"),
    Field("started_on", "开始运行", DAY, ("开始运行日期", "运行日期", "投用日期"), fault="warning"),
    Field("market", "市场化方式建设", YES_NO, ("是否市场化方式建设", "是否市场化"), fault="warning"),
    Field("market_how", "怎样市场化", LINE, ("市场化方式",), fault="warning"),
    Field("contact", "联系人", LINE, (), fault="warning"),
    Field("phone", "电话", CODE, ("联系电话", "手机"), fault="warning"),
)


@dataclass(frozen=True, slots=True)
class BaseRow:
    """One base; names and types as in ``ledger.pilot``."""

    row: int
    findings: tuple[Finding, ...]
    number: str
    name: str
    fields: str
    process: str
    capacity: str
    services: str
    site: str
    started_on: date | None
    market: bool | None
    market_how: str
    contact: str
    phone: str


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[BaseRow]:
    """Read bases. Rejected: no or repeated number, no name.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, FIELDS, mapping)
    return reading.read(found, FIELDS, BaseRow, key=_key, key_field="number", cancelled=cancelled)


def _key(values: dict[str, Any]) -> str:
    return str(values["number"])
