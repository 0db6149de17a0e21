"""Counts for yearly evaluations from a file: one row a set and year, one column a count; an empty cell leaves the count as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from desktop.formats import reading, table
from desktop.formats.fields import CODE, COUNT, LINE, Field
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.formats.teller import Teller
from desktop.ledger.evaluation import ITEMS
from desktop.ledger.finding import Finding

SHEET = "评价数据"

FIELDS: tuple[Field, ...] = (
    Field("asset_number", "仪器编号", CODE, ("所在单位仪器编号", "资产编号"), required=True, blank="error"),
    Field("year", "年度", LINE, ("学年", "学年度", "评价年度"), required=True, blank="error"),
    Field("independent", "独立操作人数", COUNT, ("获得独立操作资格人员数", "获得独立操作资格的人数")),
    Field("guided", "指导下测试人数", COUNT, ("在指导下能完成部分测试人员数", "在指导下能完成部分测试的人数")),
    Field("demonstrated", "教学演示人数", COUNT, ("进行教学演示实验人员数", "教学演示实验的人数")),
    Field("national_prizes", "国家国际奖", COUNT, ("国家、国际奖", "国家奖", "国家级奖")),
    Field("provincial_prizes", "省部级奖", COUNT, ("省、部级奖",)),
    Field("school_prizes", "校级奖", COUNT, ()),
    Field("core_papers", "核心刊物论文", COUNT, ("核心刊物",)),
    Field("original_functions", "原有功能数", COUNT, ("原功能数",)),
    Field("used_functions", "利用功能数", COUNT, ("原有功能利用数", "功能利用数")),
    Field("new_functions", "新增功能数", COUNT, ("本年新增功能数", "新增加功能数")),
    Field("ground", "录入依据", LINE, ("依据", "佐证材料"), required=True, blank="error"),
)


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """Counts of one set's year; None: not told. ``year`` as written, ``2025`` or ``2024-2025``."""

    row: int
    findings: tuple[Finding, ...]
    asset_number: str
    year: str
    independent: int | None
    guided: int | None
    demonstrated: int | None
    national_prizes: int | None
    provincial_prizes: int | None
    school_prizes: int | None
    core_papers: int | None
    original_functions: int | None
    used_functions: int | None
    new_functions: int | None
    ground: str

    @property
    def counts(self) -> dict[str, int]:
        """Item -> count, of those that are told."""
        return {item: value for item in ITEMS if (value := getattr(self, item)) is not None}


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[EvaluationRow]:
    """Read counts. Rejected: no set, year or ground, a count that is no whole number, a row without any, a set's year that stands twice.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, FIELDS, mapping)
    return reading.read(found, FIELDS, EvaluationRow, key=_key, key_field="asset_number", check=_check, cancelled=cancelled)


def _check(values: dict[str, Any], teller: Teller) -> None:
    if all(values[item] is None for item in ITEMS):
        teller.tell("asset_number", "import.no_counts")


def _key(values: dict[str, Any]) -> str:
    return f"{values['asset_number']} · {values['year']}" if values["asset_number"] and values["year"] else ""
