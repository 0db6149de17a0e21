"""Technicians (实验技术人员). Technicians are paid; they are not users of the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from desktop.formats import reading, table
from desktop.formats.fields import CODE, CODES, LINE, NAME, NUMBER, Field
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.formats.teller import Teller
from desktop.ledger.finding import Finding

SHEET = "实验技术人员"
_HARDLY = 100

FIELDS: tuple[Field, ...] = (
    Field("staff_number", "工号", CODE, ("职工号", "人员编号", "教工号", "员工编号"), required=True, blank="error"),
    Field("name", "姓名", NAME, ("人员姓名", "技术人员"), required=True, blank="error"),
    Field("department", "部门", LINE, ("所在部门", "所属部门", "院系", "所属单位内部门"), fault="warning"),
    Field("post", "岗位", LINE, ("职务", "职称", "岗位名称"), fault="warning"),
    Field("asset_numbers", "负责仪器", CODES, ("负责仪器编号", "管理仪器", "仪器编号"), fault="warning"),
    Field("coefficient", "角色系数", NUMBER, ("系数", "分配系数", "岗位系数"), fault="warning"),
)


@dataclass(frozen=True, slots=True)
class TechnicianRow:
    """One technician. ``coefficient`` None: not stated or not readable (a warning says so)."""

    row: int
    findings: tuple[Finding, ...]
    staff_number: str
    name: str
    department: str
    post: str
    asset_numbers: tuple[str, ...]
    coefficient: Decimal | None


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[TechnicianRow]:
    """Read technicians. Rejected: no or repeated staff number, no name.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, FIELDS, mapping)
    names: dict[str, tuple[str, int]] = {}

    def check(values: dict[str, Any], teller: Teller) -> None:
        number, name = values["staff_number"], values["name"]
        earlier, row = names.setdefault(number, (name, teller.row)) if number else (name, 0)
        if earlier != name:
            teller.tell("staff_number", "import.staff_number_taken", shown=number, name=earlier, row=row)
        weight = values["coefficient"]
        if weight is not None and weight > _HARDLY:
            teller.tell("coefficient", "import.weight_absurd", "warning", shown=weight)
        if weight == 0:
            teller.tell("coefficient", "import.weight_zero", "warning")

    return reading.read(found, FIELDS, TechnicianRow, key=_key, key_field="staff_number", check=check, cancelled=cancelled)


def _key(values: dict[str, Any]) -> str:
    # The number under another name has its own words.
    return f"{values['staff_number']} {values['name']}" if values["staff_number"] else ""
