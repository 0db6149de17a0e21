"""The use of sets in an academic year, from files: one row a set and year, the columns of SJ3; an empty cell leaves what was entered as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from desktop.formats import reading, table
from desktop.formats.fields import CODE, COUNT, LINE, NUMBER, Field
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.formats.teller import Teller
from desktop.ledger.finding import Finding
from desktop.ledger.money import half_up
from desktop.ledger.university import COUNTS, HOURS

SHEET = "学年使用情况"

_HOURS = ("教学机时", "科研机时", "社会服务机时", "其中开放机时")
_COUNTS = (
    "测样数", "培训学生", "培训教师", "培训其他", "教学实验项目数", "科研项目数", "社会服务项目数", "国家级获奖", "省部级获奖", "教师发明专利",
    "学生发明专利", "三大检索论文", "核心刊物论文",
)  # fmt: skip
_ALSO: dict[str, tuple[str, ...]] = {
    "教学机时": ("教学",), "科研机时": ("科研",), "社会服务机时": ("社会服务",), "其中开放机时": ("开放机时", "其中开放使用机时"),
    "培训其他": ("培训其他人员",), "三大检索论文": ("三大检索",), "核心刊物论文": ("核心刊物",),
}  # fmt: skip

FIELDS: tuple[Field, ...] = (
    Field("asset_number", "仪器编号", CODE, ("所在单位仪器编号", "资产编号"), required=True, blank="error"),
    Field("year", "学年", LINE, ("学年度",), required=True, blank="error"),
    *(Field(name, header, NUMBER, _ALSO.get(header, ())) for name, header in zip(HOURS, _HOURS, strict=True)),
    *(Field(name, header, COUNT, _ALSO.get(header, ())) for name, header in zip(COUNTS, _COUNTS, strict=True)),
    Field("ground", "录入依据", LINE, ("依据", "佐证材料")),
)


@dataclass(frozen=True, slots=True)
class UseRow:
    """Hours and counts of one set's academic year; None: not told. ``year`` as written; the fields ``*_minutes`` are hours as they stand."""

    row: int
    findings: tuple[Finding, ...]
    asset_number: str
    year: str
    teaching_minutes: Decimal | None
    research_minutes: Decimal | None
    service_minutes: Decimal | None
    open_minutes: Decimal | None
    samples: int | None
    trained_students: int | None
    trained_teachers: int | None
    trained_others: int | None
    teaching_projects: int | None
    research_projects: int | None
    service_projects: int | None
    national_awards: int | None
    provincial_awards: int | None
    teacher_patents: int | None
    student_patents: int | None
    indexed_papers: int | None
    core_papers: int | None
    ground: str

    @property
    def amounts(self) -> dict[str, int]:
        """Item -> minutes (rounded half up once) or count, of those that are told."""
        hours = {item: half_up(value * 60) for item in HOURS if (value := getattr(self, item)) is not None}
        return hours | {item: value for item in COUNTS if (value := getattr(self, item)) is not None}


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[UseRow]:
    """Read a year's use. Rejected: no set or year, a count that is no whole number, a row without any amount, a set's year that stands twice.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, FIELDS, mapping)
    return reading.read(found, FIELDS, UseRow, key=_key, key_field="asset_number", check=_check, cancelled=cancelled)


def _check(values: dict[str, Any], teller: Teller) -> None:
    if all(values[item] is None for item in (*HOURS, *COUNTS)):
        teller.tell("asset_number", "import.no_counts")


def _key(values: dict[str, Any]) -> str:
    return f"{values['asset_number']} · {values['year']}" if values["asset_number"] and values["year"] else ""
