"""What a school states of its sets for the ministry's tables, from files: one row a set; an empty cell leaves what was stated as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from desktop.formats import reading, table
from desktop.formats.fields import CODE, LINE, Field
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.formats.teller import Teller
from desktop.ledger.finding import Finding

SHEET = "教育部报表各项"

FIELDS: tuple[Field, ...] = (
    Field("asset_number", "仪器编号", CODE, ("所在单位仪器编号", "资产编号"), required=True, blank="error"),
    Field("number", "报表编号", CODE, ("教育部仪器编号", "报表仪器编号", "SJ1仪器编号")),
    Field("class_code", "分类号", CODE, ("教育部分类号", "仪器分类号")),
    Field("use", "使用方向", LINE, ()),
    Field("department_code", "单位编号", CODE, ("使用单位编号", "单位代码")),
    Field("state", "现状码", LINE, ("现状",)),
    Field("name", "报表名称", LINE, ("教育部仪器名称",)),
    Field("specification", "规格", LINE, ("报表规格",)),
)
STATED = tuple(field.name for field in FIELDS[1:])


@dataclass(frozen=True, slots=True)
class StatedRow:
    """What a row states; ``use`` and ``state`` as written, "" where the cell is empty."""

    row: int
    findings: tuple[Finding, ...]
    asset_number: str
    number: str
    class_code: str
    use: str
    department_code: str
    state: str
    name: str
    specification: str

    @property
    def told(self) -> dict[str, str]:
        """Name -> value, of what is not empty."""
        return {name: value for name in STATED if (value := getattr(self, name))}


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[StatedRow]:
    """Read what is stated. Rejected: no set, a row that states nothing, a set that stands twice.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, FIELDS, mapping)
    return reading.read(found, FIELDS, StatedRow, key=_key, key_field="asset_number", check=_check, cancelled=cancelled)


def _check(values: dict[str, Any], teller: Teller) -> None:
    if not any(values[name] for name in STATED):
        teller.tell("asset_number", "import.nothing_stated")


def _key(values: dict[str, Any]) -> str:
    return str(values["asset_number"] or "")
