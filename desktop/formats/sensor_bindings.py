"""Which sensor sits on which set, from a file: one row a binding, known by set, sensor and first day; both days belong to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.formats import cell_times, reading, table
from desktop.formats.cells import clean, fold
from desktop.formats.fields import CODE, DAY, LINE, Field, Kind, Shown
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Value, Workbook
from desktop.formats.teller import Teller
from desktop.ledger.finding import Finding

SHEET = "传感器安装"
STILL = "仍在"
GOES_ON = date.max
"""What a row has for its last day where the file says in words that the sensor is still there; an empty cell is None."""
_STILL = frozenset((STILL, "在用", "至今", "长期", "未拆"))


def _last_day(value: Value) -> Any:
    """A date, or GOES_ON where people write that it is still there. Raises Unreadable like ``cell_times.day``."""
    if isinstance(value, str) and fold(clean(value)[0]) in _STILL:
        return GOES_ON
    return cell_times.day(value)


def _shown(day: date | None) -> Shown:
    return STILL if day == GOES_ON else day


LAST_DAY = Kind(lambda _unit: _last_day, _shown, dated=True, marked=True)

FIELDS: tuple[Field, ...] = (
    Field("asset_number", "资产编号", CODE, ("仪器编号", "所在单位仪器编号", "设备资产编号", "asset_number"), required=True, blank="error"),
    Field("sensor", "传感器编号", CODE, ("传感器", "采集器编号", "采集器", "sensor"), required=True, blank="error"),
    Field("from_on", "装上日期", DAY, ("安装日期", "起日", "起始日期", "绑定日期", "启用日期", "from"), required=True, blank="error"),
    Field("until_on", "最后一天", LAST_DAY, ("拆下日期", "止日", "终止日期", "解绑日期", "停用日期", "until")),
    Field("source", "依据", LINE, ("安装单", "安装单号", "来源", "source")),
)


@dataclass(frozen=True, slots=True)
class BindingRow:
    """One binding; ``until_on`` None: not told, GOES_ON: still there; ``source`` "" where the cell is empty."""

    row: int
    findings: tuple[Finding, ...]
    asset_number: str
    sensor: str
    from_on: date
    until_on: date | None
    source: str


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[BindingRow]:
    """Read bindings. Rejected: a row without set, sensor or first day, days that cannot be read or end before they begin, one that stands twice.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, FIELDS, mapping)
    return reading.read(found, FIELDS, BindingRow, key=_key, key_field="sensor", check=_check, cancelled=cancelled)


def _check(values: dict[str, Any], teller: Teller) -> None:
    first, last = values["from_on"], values["until_on"]
    if first is not None and last is not None and last < first:
        teller.tell("until_on", "sensor.days", from_on=first.isoformat(), until_on=last.isoformat())


def _key(values: dict[str, Any]) -> str:
    told = (values["asset_number"], values["sensor"], values["from_on"])
    return " · ".join(map(str, told)) if all(told) else ""
