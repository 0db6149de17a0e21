"""A set of rule values as a table, one dated value a row: written as an example or to print, read as a newer set.

What the values are held against is not asked here; a row says at most that its 代号 or 单位 is none the program knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from desktop import words
from desktop.formats import parameter_text, reading, table
from desktop.formats.fields import DAY, LINE, TEXT, Field
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.formats.teller import Teller
from desktop.formats.write import Out, OutSheet
from desktop.ledger.finding import Cell, Finding
from desktop.ledger.parameter import CERTAINTIES, Parameter
from desktop.rules import parameters

SHEET = "规则参数"
FIELDS: tuple[Field, ...] = (
    Field("key", "代号", LINE, ("参数代号", "key"), required=True, blank="error"),
    Field("name", "参数", LINE, ("参数名称", "名称", "name")),
    Field("from_on", "起始日期", DAY, ("起", "生效日期", "施行日期", "from"), required=True, blank="error"),
    Field("value", "值", TEXT, ("新值", "取值", "数值", "value"), required=True, blank="error"),
    Field("unit", "单位", LINE, ("unit",)),
    Field("source", "文号", LINE, ("出处", "依据", "来源", "文件", "source"), required=True, blank="error"),
    Field("clause", "条款", LINE, ("clause",)),
    Field("certainty", "可信度", LINE, ("certainty",), required=True, blank="error"),
    Field("note", "说明", TEXT, ("备注", "note")),
)
_WIDTHS = (32, 30, 14, 26, 10, 48, 16, 10, 60)


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One row that can be read."""

    row: int
    findings: tuple[Finding, ...]
    parameter: Parameter


def read_table(workbook: Workbook, *, cancelled: Callable[[], bool] | None = None) -> Sheet[ParameterRow]:
    """Read a table of values. Rejected rows: an unknown 代号, another 单位 than the key's, a value that does not fit it, a 可信度 that is none.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.no_rows``) and Cancelled.
    """

    def check(values: dict[str, Any], teller: Teller) -> None:
        values["parameter"] = None if teller.rejected else _parameter(values, teller)
        for field in FIELDS:
            del values[field.name]

    found = table.find(workbook, FIELDS)
    return reading.read(found, FIELDS, ParameterRow, key=lambda values: "", key_field="key", check=check, cancelled=cancelled)


def _parameter(values: dict[str, Any], teller: Teller) -> Parameter | None:
    key, said, certainty = values["key"], values["unit"], values["certainty"].upper()
    try:
        unit = parameters.packaged().unit(key)
    except KeyError:
        teller.tell("key", "parameter.set_unknown_key", rule=key)
        return None
    if said and parameter_text.unit_of(said) != unit:
        teller.tell("unit", "parameter.set_other_unit", rule=key, unit=parameter_text.UNIT_WORDS[unit][0], given=said)
        return None
    if certainty not in CERTAINTIES:
        teller.tell("certainty", "parameter.own_certainty", rule=key, certainty=values["certainty"])
        return None
    try:
        value = parameter_text.typed(unit, values["value"], key)
    except ValueError:
        teller.tell("value", "parameter.own_wrong_type", rule=key, unit=parameter_text.UNIT_WORDS[unit][0])
        return None
    return Parameter(key, values["from_on"], value, unit, values["source"], values["clause"], certainty, note=values["note"], own=True)


def placed(sheet: Sheet[ParameterRow], found: Finding) -> Finding:
    """A finding about a value, at the row that the value stands in."""
    told = dict(found.params)
    for row in sheet.rows:
        one = row.parameter
        if told.get("rule", "").removeprefix("parameter.") == one.key and told.get("day", one.from_on.isoformat()) == one.from_on.isoformat():
            return replace(found, cell=Cell(sheet.table.sheet, row.row, FIELDS[0].header))
    return found


def sheet_of(several: Iterable[Parameter]) -> OutSheet:
    """The table that reads back as these values."""
    rows: list[list[Out]] = [
        [
            one.key, words.say_in("zh", f"parameter.{one.key}"), one.from_on, parameter_text.written(one.value, one.unit),
            parameter_text.UNIT_WORDS[one.unit][0], one.source, one.clause, one.certainty, one.note,
        ]
        for one in several
    ]  # fmt: skip
    return OutSheet(SHEET, [field.header for field in FIELDS], rows, _WIDTHS)
