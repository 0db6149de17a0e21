"""Management documents and agreements on intellectual property from a file: one row a paper, known by its number (文号)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.formats import cell_times, reading, table
from desktop.formats.cells import clean, fold
from desktop.formats.fields import DAY, LINE, Field, Kind, Shown
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Value, Workbook
from desktop.ledger.document_number import compared
from desktop.ledger.finding import Finding

SHEET = "管理制度"
NO_END = "长期"
ENDLESS = date.max
"""What a row has for its last day where the file says in words that there is none; an empty cell is None."""
_NO_END = frozenset((NO_END, "长期有效", "永久", "永久有效"))


def _last_day(value: Value) -> Any:
    """A date, or ENDLESS where people write that there is no end. Raises Unreadable like ``cell_times.day``."""
    if isinstance(value, str) and fold(clean(value)[0]) in _NO_END:
        return ENDLESS
    return cell_times.day(value)


def _shown(day: date | None) -> Shown:
    return NO_END if day == ENDLESS else day


LAST_DAY = Kind(lambda _unit: _last_day, _shown, dated=True, marked=True)

FIELDS: tuple[Field, ...] = (
    Field("kind", "类别", LINE, ("制度类别", "文件类别", "管理制度类别"), required=True, blank="error"),
    Field("number", "文号", LINE, ("文件编号", "发文字号", "协议编号"), required=True, blank="error"),
    Field("title", "名称", LINE, ("制度名称", "文件名称", "标题"), required=True, blank="error"),
    Field("issued_on", "发布日期", DAY, ("发文日期", "签订日期", "发布或签订日期"), required=True, blank="error"),
    Field("from_on", "执行日期", DAY, ("施行日期", "起始日期", "实施日期")),
    Field("last_on", "有效期至", LAST_DAY, ("失效日期", "终止日期", "止日")),
    Field("issuer", "发布单位", LINE, ("发文单位", "制定单位")),
    Field("party", "对方单位", LINE, ("约定单位", "使用单位")),
    Field("note", "备注", LINE, ("说明",)),
)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One paper; ``kind`` as written, ``from_on`` and ``last_on`` None: not told, ``last_on`` ENDLESS: no end, texts "" where the cell is empty."""

    row: int
    findings: tuple[Finding, ...]
    kind: str
    number: str
    title: str
    issued_on: date
    from_on: date | None
    last_on: date | None
    issuer: str
    party: str
    note: str


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[PaperRow]:
    """Read papers. Rejected: a row without kind, number, title or day of issue, one whose days cannot be read, a number that stands twice.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, FIELDS, mapping)
    return reading.read(found, FIELDS, PaperRow, key=_key, same=_same, key_field="number", cancelled=cancelled)


def _key(values: dict[str, Any]) -> str:
    return str(values["number"])


def _same(values: dict[str, Any]) -> str:
    return _key(values | {"number": compared(values["number"])})
