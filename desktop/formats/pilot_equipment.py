"""Pilot equipment (中试设备) from a file: one row a piece, of a base by its number; 资产编号 links it to a set of the register."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.formats import reading, table
from desktop.formats.fields import CODE, DAY, FEN_OF_YUAN, LINE, NAME, SECRECY, SECRET, Field
from desktop.formats.instruments import secrecy
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.formats.teller import Teller
from desktop.ledger.finding import Finding

SHEET = "中试设备"
LEVEL = "level"

FIELDS: tuple[Field, ...] = (
    Field("number", "中试设备编号", CODE, ("中试装置编号",), required=True, blank="error"),
    Field("name", "中试设备名称", NAME, ("中试装置名称", "中试设备", "中试装置"), required=True, blank="error"),
    Field("base", "所属基地", CODE, ("所属基地编号", "基地编号"), fault="warning"),
    Field("asset_number", "资产编号", CODE, ("仪器编号", "所在单位仪器编号")),
    Field("model", "规格型号", LINE, ("型号",), fault="warning"),
    Field("value_fen", "原值（元）", FEN_OF_YUAN, ("原值", "设备原值")),
    Field("accepted_on", "验收日期", DAY, ("安装验收日期",), fault="warning"),
    Field("process", "工艺", LINE, ("中试工艺",), fault="warning"),
    Field("capacity", "中试能力", LINE, ("能力",), fault="warning"),
    Field("services", "服务内容", LINE, ("中试服务内容",), fault="warning"),
    Field("confidential", "是否涉密", SECRET, ("涉密",), single=True),
)
READ: tuple[Field, ...] = (*FIELDS, Field(LEVEL, "密级", SECRECY, ("保密等级", "涉密等级"), single=True))
"""What is read: 密级 in a column of its own says that a piece is confidential; the level itself is kept of a set of the register alone."""


@dataclass(frozen=True, slots=True)
class PieceRow:
    """One piece; names and types as in ``ledger.pilot``, base and set by number. ``value_fen`` in fen."""

    row: int
    findings: tuple[Finding, ...]
    number: str
    name: str
    base: str
    asset_number: str
    model: str
    value_fen: int | None
    accepted_on: date | None
    process: str
    capacity: str
    services: str
    confidential: bool | None


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[PieceRow]:
    """Read equipment. Rejected: no or repeated number, no name, a value or confidentiality that cannot be read, 是否涉密 and 密级 at odds.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, READ, mapping)
    return reading.read(found, READ, PieceRow, key=_key, key_field="number", check=_check, cancelled=cancelled)


def _check(values: dict[str, Any], teller: Teller) -> None:
    stated = secrecy(values["confidential"], values.pop(LEVEL))
    if stated is None:
        teller.tell(LEVEL, "import.secrecy_at_odds")
    else:
        values["confidential"] = stated[0]


def _key(values: dict[str, Any]) -> str:
    return str(values["number"])
