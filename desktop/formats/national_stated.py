"""What the national platform asks of services, from a file: one row a record, one column an item; an empty cell says nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from desktop.formats import reading, table
from desktop.formats.fields import CODE, LINE, Field
from desktop.formats.national_services import stated_text
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.formats.teller import Teller
from desktop.ledger.finding import Finding
from desktop.ledger.national_service import STATED

SHEET = "国家平台服务信息"

FIELDS: tuple[Field, ...] = (
    Field("number", "记录编号", CODE, ("服务记录编号", "编号"), required=True, blank="error"),
    Field("project", "课题名称", LINE, ("课题（项目）名称", "项目名称")),
    Field("income", "课题经费来源", LINE, ("经费来源", "课题来源")),
    Field("area", "课题学科领域", LINE, ("学科领域", "课题学科")),
    Field("content", "课题研究内容", LINE, ("研究内容", "课题内容")),
    Field("email", "申请人邮箱", LINE, ("申请人电子邮箱", "邮箱")),
    Field("moved_to", "移机地点", LINE, ("移动到", "移机地址")),
    Field("customs_notice", "海关通知书编号", LINE, ("海关通知书号", "海关通知书")),
    Field("duty_paid", "缴税凭证", LINE, ("补税凭证", "缴税情况")),
    Field("handler", "经办人", LINE, ("到账经办人", "财务经办人")),
)


@dataclass(frozen=True, slots=True)
class NationalServiceRow:
    """What is stated of one record; "" where the cell is empty."""

    row: int
    findings: tuple[Finding, ...]
    number: str
    project: str
    income: str
    area: str
    content: str
    email: str
    moved_to: str
    customs_notice: str
    duty_paid: str
    handler: str

    @property
    def given(self) -> dict[str, str]:
        """Item -> what is stated, of those that are; "" where the cell says that there is nothing (无)."""
        return {name: stated_text(name, text) for name in STATED if (text := getattr(self, name).strip())}


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[NationalServiceRow]:
    """Read what is stated. Rejected: a row without a record or without anything stated, a record that stands twice.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, FIELDS, mapping)
    return reading.read(found, FIELDS, NationalServiceRow, key=_key, key_field="number", check=_check, cancelled=cancelled)


def _check(values: dict[str, Any], teller: Teller) -> None:
    if values["number"] and not any(values[name] for name in STATED):
        teller.tell("number", "national_service.file_nothing")


def _key(values: dict[str, Any]) -> str:
    return str(values["number"])
