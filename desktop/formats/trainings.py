"""Trainings with those who took part from a file: one row a person and training; what is said of the training stands in each of its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from desktop.formats import reading, table
from desktop.formats.fields import CODE, DAY, LINE, NAME, NUMBER, Field
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.formats.teller import Teller
from desktop.ledger.finding import Finding

SHEET = "培训"

FIELDS: tuple[Field, ...] = (
    Field("number", "培训编号", CODE, ("编号", "班次编号"), required=True, blank="error"),
    Field("name", "培训名称", LINE, ("培训班", "班次名称", "课程"), required=True, blank="error"),
    Field("subject", "培训内容", LINE, ("内容", "培训类别"), required=True, blank="error"),
    Field("starts_on", "开始日期", DAY, ("起始日期", "开班日期"), required=True, blank="error"),
    Field("ends_on", "结束日期", DAY, ("结业日期",), required=True, blank="error"),
    Field("hours", "学时", NUMBER, ("课时", "培训学时"), required=True, blank="error"),
    Field("document", "依据", LINE, ("佐证材料", "文号"), required=True, blank="error"),
    Field("organiser", "举办单位", LINE, ("主办单位",)),
    Field("place", "地点", LINE, ("培训地点",)),
    Field("staff_number", "工号", CODE, ("职工号",)),
    Field("person", "姓名", NAME, ("参加人", "学员姓名", "学员")),
    Field("organisation", "单位", LINE, ("工作单位", "所在单位")),
    Field("outcome", "结果", LINE, ("考核结果", "结业情况")),
    Field("certificate", "证书编号", CODE, ("结业证书编号",)),
)


@dataclass(frozen=True, slots=True)
class TakenPart:
    """One who took part in one training; ``subject`` and ``outcome`` as written; "" where the cell is empty (nobody: both names are empty)."""

    row: int
    findings: tuple[Finding, ...]
    number: str
    name: str
    subject: str
    starts_on: date
    ends_on: date
    hours: Decimal
    document: str
    organiser: str
    place: str
    staff_number: str
    person: str
    organisation: str
    outcome: str
    certificate: str


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[TakenPart]:
    """Read trainings. Rejected: a row without number, name, subject, days, hours or ground, one whose certificate names nobody, a person who stands twice.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, FIELDS, mapping)
    return reading.read(found, FIELDS, TakenPart, key=_key, key_field="number", check=_check, cancelled=cancelled)


def _check(values: dict[str, Any], teller: Teller) -> None:
    if (values["certificate"] or values["outcome"]) and not (values["staff_number"] or values["person"]):
        teller.tell("person", "training.file_nobody")


def _key(values: dict[str, Any]) -> str:
    who = values["staff_number"] or f"{values['person']} {values['organisation']}".strip()
    return f"{values['number']} · {who}" if values["number"] else ""
