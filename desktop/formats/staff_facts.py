"""Dated facts about technicians from a file: one row a post, title, evaluation, certificate or recognition, the technician by staff number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from desktop.formats import reading, table
from desktop.formats.fields import CODE, DAY, LINE, NAME, NUMBER, Field
from desktop.formats.management import ENDLESS, LAST_DAY
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.ledger.finding import Finding

SHEET = "技术人员事实"

__all__ = ["ENDLESS", "FIELDS", "SHEET", "FactRow", "read_rows"]

FIELDS: tuple[Field, ...] = (
    Field("staff_number", "工号", CODE, ("职工号",), required=True, blank="error"),
    Field("kind", "类别", LINE, ("事项", "种类"), required=True, blank="error"),
    Field("value", "内容", LINE, ("岗位名称", "职称名称", "考核结果", "证书名称", "名称"), required=True, blank="error"),
    Field("from_on", "起始日期", DAY, ("起日", "聘任日期", "考核日期", "发证日期"), required=True, blank="error"),
    Field("ground", "依据", LINE, ("文号", "佐证材料", "依据文件"), required=True, blank="error"),
    Field("last_on", "有效期至", LAST_DAY, ("止日", "终止日期", "到期日期")),
    Field("factor", "考核系数", NUMBER, ("系数",)),
    Field("issuer", "发给单位", LINE, ("发证单位", "认定单位", "考核单位")),
    Field("number", "编号", CODE, ("证书编号",)),
    Field("person", "姓名", NAME, ("技术人员",)),
)


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact; ``kind`` as written; ``last_on`` None: not told, ENDLESS: no end; ``factor`` None and texts "" where the cell is empty."""

    row: int
    findings: tuple[Finding, ...]
    staff_number: str
    kind: str
    value: str
    from_on: date
    ground: str
    last_on: date | None
    factor: Decimal | None
    issuer: str
    number: str
    person: str


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[FactRow]:
    """Read facts. Rejected: a row without staff number, kind, content, first day or ground, one whose days or factor cannot be read, one that stands twice.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, FIELDS, mapping)
    return reading.read(found, FIELDS, FactRow, key=_key, key_field="staff_number", cancelled=cancelled)


def _key(values: dict[str, Any]) -> str:
    told = [str(values[name]) for name in ("staff_number", "kind", "value", "from_on") if values[name]]
    return " · ".join(told) if len(told) == 4 else ""
