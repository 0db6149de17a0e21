"""Answers to the self-checks as a table: written out with what stands open, filled in by a person, read back; a row a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from desktop.formats import reading, table
from desktop.formats.fields import CODE, DAY, LINE, NAME, Field
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.formats.write import OutSheet
from desktop.ledger.finding import Finding

SHEET = "自查答复"

FIELDS: tuple[Field, ...] = (
    Field("check", "核对", LINE, ("自查项目", "check"), required=True, blank="error"),
    Field("number", "记录编号", CODE, ("编号", "number"), required=True, blank="error"),
    Field("ended_on", "服务日期", LINE),
    Field("instrument", "仪器名称", LINE),
    Field("saw", "核对看到的", LINE),
    Field("state", "答复", LINE, ("答复状态", "state"), required=True),
    Field("text", "情况说明", LINE, ("说明", "text"), required=True),
    Field("correction", "更正的记录", CODE, ("correction",)),
    Field("evidence", "证明材料", LINE, ("evidence",)),
    Field("by", "答复人", NAME, ("by",)),
    Field("on", "答复日期", DAY, ("on",)),
)


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row as it is written; "" where the cell is empty. ``ended_on``, ``instrument`` and ``saw`` are for the person alone."""

    row: int
    findings: tuple[Finding, ...]
    check: str
    number: str
    ended_on: str
    instrument: str
    saw: str
    state: str
    text: str
    correction: str
    evidence: str
    by: str
    on: date | None


def read_rows(workbook: Workbook, *, cancelled: Callable[[], bool] | None = None) -> Sheet[AnswerRow]:
    """Read answers; a check of a record may stand once. Raises Problem (``file.no_header``, ``import.columns``, ``import.no_rows``), Cancelled."""
    found = table.find(workbook, FIELDS)
    return reading.read(found, FIELDS, AnswerRow, key=lambda values: f"{values['check']} {values['number']}", key_field="number", cancelled=cancelled)


def sheet_of(rows: Iterable[tuple[str, str, str, str, str]]) -> OutSheet:
    """The table to fill in: check, record, day, set and what was seen of each, the answer's columns empty."""
    return OutSheet(SHEET, [field.header for field in FIELDS], [[*row, "", "", "", "", "", None] for row in rows], (22, 16, 12, 20, 34, 12, 40, 14, 24, 10, 12))
