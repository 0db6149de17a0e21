"""Results of the national platform's duplicate review from a file: one row a paper, known by the purchase and the paper's number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.formats import reading, table
from desktop.formats.fields import CODE, DAY, FILING, LINE, TEXT, Field
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.ledger.document_number import compared
from desktop.ledger.finding import Finding
from desktop.ledger.purchase import NationalOutcome

SHEET = "国家平台查重结果"
ALSO: dict[NationalOutcome, tuple[str, ...]] = {
    "agree": ("同意", "同意新购", "建议购置", "通过", "评议通过"),
    "refuse": ("不同意", "不同意新购", "不建议购置", "不通过", "未通过", "评议不通过"),
    "revise": ("退回", "修改后重报", "修改后再报", "补充材料", "需补充材料"),
}
"""What papers call a result, besides the program's own words for it."""

FIELDS: tuple[Field, ...] = (
    Field("number", "申购编号", CODE, ("申购单号", "申请编号", "申报编号"), required=True, blank="error"),
    Field("outcome", "查重结果", LINE, ("评议结果", "评议结论", "结论", "结果"), required=True, blank="error"),
    Field("decided_on", "评议日期", DAY, ("查重日期", "出具日期", "批复日期"), required=True, blank="error"),
    Field("document", "文号", FILING, ("评议文号", "文件编号", "报告编号"), required=True, blank="error"),
    Field("text", "评议意见", TEXT, ("意见", "专家意见", "评议说明")),
    Field("similar", "相似仪器", TEXT, ("同类仪器", "重复仪器", "相似仪器名单")),
)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One paper of the platform; ``outcome`` as written, texts "" where the cell is empty."""

    row: int
    findings: tuple[Finding, ...]
    number: str
    outcome: str
    decided_on: date
    document: str
    text: str
    similar: str


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[ResultRow]:
    """Read results. Rejected: a row without purchase, result, day or number of the paper, a day that cannot be read, a paper that stands twice.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, FIELDS, mapping)
    return reading.read(found, FIELDS, ResultRow, key=_key, same=_same, key_field="document", cancelled=cancelled)


def _key(values: dict[str, Any]) -> str:
    return f"{values['number']} · {values['document']}" if values["number"] and values["document"] else ""


def _same(values: dict[str, Any]) -> str:
    return _key(values | {"document": compared(values["document"])})
