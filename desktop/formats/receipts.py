"""Receipts (到账): money that arrived for a record, with its day and invoice number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.formats import reading, table
from desktop.formats.fields import CODE, DAY, FEN_OF_YUAN, Field
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.formats.teller import Teller
from desktop.ledger.document_number import compared
from desktop.ledger.finding import Finding

SHEET = "到账"

FIELDS: tuple[Field, ...] = (
    Field("record_number", "记录编号", CODE, ("编号", "记录号", "使用记录编号"), required=True, blank="error"),
    Field("received_on", "到账日期", DAY, ("日期", "收款日期", "入账日期", "到账时间"), required=True, blank="error"),
    Field("amount_fen", "金额（元）", FEN_OF_YUAN, ("金额", "到账金额", "收款金额"), required=True, blank="error"),
    Field("invoice_number", "发票号", CODE, ("发票号码", "发票编号", "票据号"), required=True, blank="warning"),
)


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """Money received for one record; ``amount_fen`` > 0 (a refund is a reversal, made in the program)."""

    row: int
    findings: tuple[Finding, ...]
    record_number: str
    received_on: date
    amount_fen: int
    invoice_number: str


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[ReceiptRow]:
    """Read receipts. Rejected: no record number, unreadable day, an amount that is not above zero or has a fraction of a fen,
    a line that repeats another word for word.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, FIELDS, mapping)
    return reading.read(found, FIELDS, ReceiptRow, key=_key, same=_same, key_field="record_number", check=_check, cancelled=cancelled)


def _check(values: dict[str, Any], teller: Teller) -> None:
    if values["amount_fen"] == 0:
        teller.tell("amount_fen", "import.receipt_zero")


def _key(values: dict[str, Any]) -> str:
    parts = [values[name] for name in ("record_number", "received_on", "amount_fen", "invoice_number")]
    return " · ".join(str(part) for part in parts) if values["record_number"] else ""


def _same(values: dict[str, Any]) -> str:
    return _key(values | {"invoice_number": compared(values["invoice_number"])})
