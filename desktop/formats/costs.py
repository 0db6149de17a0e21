"""Declared cost statements (成本申报): what an instrument or the whole unit cost in a period, with the voucher that says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.formats import reading, table
from desktop.formats.fields import CODE, DAY, FEN_OF_YUAN, LINE, Field
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.formats.teller import Teller
from desktop.ledger.document_number import compared
from desktop.ledger.finding import Finding

SHEET = "成本申报"
WHOLE_UNIT = "全单位"

FIELDS: tuple[Field, ...] = (
    Field("kind", "类别", LINE, ("成本类别", "费用类别", "科目"), required=True, blank="error"),
    Field("asset_number", "仪器编号", CODE, ("所在单位仪器编号", "资产编号", "范围"), required=True),
    Field("starts_on", "期间起", DAY, ("开始日期", "起始日期", "起"), required=True, blank="error"),
    Field("ends_on", "期间止", DAY, ("结束日期", "截止日期", "止"), required=True, blank="error"),
    Field("amount_fen", "金额（元）", FEN_OF_YUAN, ("金额", "成本金额", "成本"), required=True, blank="error"),
    Field("document", "凭证号", CODE, ("凭证编号", "凭证", "依据", "文号"), required=True, blank="error"),
)


@dataclass(frozen=True, slots=True)
class CostRow:
    """One line of a statement. ``asset_number`` None: the whole unit. ``ends_on`` is the last day itself. ``amount_fen`` ≥ 0."""

    row: int
    findings: tuple[Finding, ...]
    kind: str
    asset_number: str | None
    starts_on: date
    ends_on: date
    amount_fen: int
    document: str


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[CostRow]:
    """Read a cost statement. Rejected: any column blank or unreadable, a negative amount or one with a fraction of a fen, the
    period's end before its start, a line that repeats another word for word.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, FIELDS, mapping)
    return reading.read(found, FIELDS, CostRow, key=_key, same=_same, key_field="document", check=_check, cancelled=cancelled)


def _check(values: dict[str, Any], teller: Teller) -> None:
    start, end = values["starts_on"], values["ends_on"]
    if start is not None and end is not None and end < start:
        teller.tell("ends_on", "import.period_ends_before_start", start=start, end=end)
    if not values["asset_number"]:
        teller.tell("asset_number", "import.cost_scope_blank")
    elif values["asset_number"] == WHOLE_UNIT:
        values["asset_number"] = None


def _key(values: dict[str, Any]) -> str:
    parts = [values[name] for name in ("document", "kind", "asset_number", "starts_on", "ends_on", "amount_fen")]
    return " · ".join(WHOLE_UNIT if part is None else str(part) for part in parts) if values["document"] else ""


def _same(values: dict[str, Any]) -> str:
    return _key(values | {"document": compared(values["document"])})
