"""Sessions a sensor platform has made already, from a file: one row a session, the sensor by its number, moments to the second."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from desktop.formats import reading, table
from desktop.formats.fields import CODE, COUNT, INSTANT, LINE, NUMBER, Field
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.formats.teller import Teller
from desktop.ledger.finding import Finding
from desktop.ledger.money import half_up
from desktop.ledger.sensor import Band

SHEET = "开机时段"

FIELDS: tuple[Field, ...] = (
    Field("sensor", "传感器编号", CODE, ("传感器", "采集器编号", "sensor"), required=True, blank="error"),
    Field("asset_number", "资产编号", CODE, ("仪器编号", "所在单位仪器编号", "asset_number")),
    Field("started_at", "开始时间", INSTANT, ("起始时间", "开机时间", "started_at"), required=True, blank="error"),
    Field("ended_at", "结束时间", INSTANT, ("终止时间", "关机时间", "ended_at"), required=True, blank="error"),
    Field("band", "功率段", LINE, ("状态", "运行状态", "band"), required=True, blank="error"),
    Field("n_watt_hours", "用电瓦时", COUNT, ("瓦时", "n_watt_hours"), fault="warning"),
    Field("kilowatt_hours", "用电千瓦时", NUMBER, ("用电量", "电量", "耗电量"), fault="warning"),
)

_BANDS: dict[str, Band] = {
    **dict.fromkeys(("working", "工作", "运行", "测试", "使用"), "working"),
    **dict.fromkeys(("idle", "待机", "空闲", "空转"), "idle"),
}
OFF = frozenset({"off", "关机", "关闭", "停机"})


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session; moments are wall-clock time in Asia/Shanghai. ``band`` as written, ``meant`` what it means (None: off, no session)."""

    row: int
    findings: tuple[Finding, ...]
    sensor: str
    asset_number: str
    started_at: datetime
    ended_at: datetime
    band: str
    n_watt_hours: int | None
    kilowatt_hours: Decimal | None

    @property
    def meant(self) -> Band | None:
        """The band that is meant; None when the set was off."""
        return _BANDS.get(self.band.lower())

    @property
    def energy(self) -> int | None:
        """Whole watt-hours; None: not told."""
        if self.n_watt_hours is not None or self.kilowatt_hours is None:
            return self.n_watt_hours
        return half_up(self.kilowatt_hours * 1000)


def read_rows(
    workbook: Workbook, mapping: Mapping[str, str] | None = None, *, cancelled: Callable[[], bool] | None = None
) -> Sheet[SessionRow]:
    """Read sessions. Rejected: no sensor or moment, an end that is not after its start, a band nobody knows, a session that stands twice.

    Raises Problem (``file.no_header``, ``import.columns``, ``import.map_*``) and Cancelled.
    """
    found = table.find(workbook, FIELDS, mapping)
    return reading.read(found, FIELDS, SessionRow, key=_key, key_field="sensor", check=_check, cancelled=cancelled)


def _check(values: dict[str, Any], teller: Teller) -> None:
    start, end, band = values["started_at"], values["ended_at"], str(values["band"] or "").lower()
    if start is not None and end is not None and end <= start:
        teller.tell("ended_at", "sensor.end_before_start")
    if band and band not in _BANDS and band not in OFF:
        teller.tell("band", "sensor.band_unknown", shown=values["band"], known="、".join((*_BANDS, *sorted(OFF))))


def _key(values: dict[str, Any]) -> str:
    return f"{values['sensor']} · {values['started_at']}" if values["sensor"] and values["started_at"] else ""
