"""Raw readings of sensors from a text table (CSV): sensor, moment, power or current. Read line by line; a million rows are two arrays of numbers.

The unit stands in the heading: 功率（W）, 功率（kW）, 电流（mA）, 电流（A）. A heading without a unit is refused, for a guess would be a factor of a thousand.
"""

from __future__ import annotations

import csv
import re
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

from desktop.formats import cell_times, delimited, guard
from desktop.formats.cells import Noted, Unreadable, fold
from desktop.formats.guard import MIB, Limits
from desktop.ledger.finding import Cell, Finding, finding
from desktop.ledger.money import half_up
from desktop.ledger.problem import Cancelled, Problem, reason_of
from desktop.ledger.sensor import Reading

LIMITS = Limits(n_bytes=256 * MIB, n_rows=5_000_000, n_columns=100)
MOST_TOLD = 50
_HEAD_BYTES = 1 << 16
_LOCAL = timedelta(hours=8)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST = 10**13  # thousandths: 10 GW
_LARGEST = 13  # powers of ten

Quantity = Literal["watts", "milliamps"]

_SENSOR = re.compile(r"传感器(?:编号)?|采集器(?:编号)?|设备编号|sensor|device")
_MOMENT = re.compile(r"(?:采集|采样|记录|读数|上报)?时间|时刻|time|timestamp|datetime")
_POWER = re.compile(r"(?:有功|实时|瞬时)?功率|power|watts")
_CURRENT = re.compile(r"(?:实时|瞬时)?电流|current")
_UNIT = re.compile(r"[(（\[_/]\s*(kw|w|ma|a|千瓦|瓦|毫安|安)\s*[)）\]]?\s*$", re.IGNORECASE)
_THOUSANDTHS: dict[str, tuple[Quantity, int]] = {
    "w": ("watts", 1_000), "瓦": ("watts", 1_000), "kw": ("watts", 1_000_000), "千瓦": ("watts", 1_000_000),
    "ma": ("milliamps", 1_000), "毫安": ("milliamps", 1_000), "a": ("milliamps", 1_000_000), "安": ("milliamps", 1_000_000),
}  # fmt: skip
_PLAIN = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2})?", re.ASCII)


@dataclass(slots=True)
class Series:
    """The readings of one sensor: seconds since 1970 (UTC) and thousandths of the unit, in the order of the file until ``settle``."""

    seconds: array[int] = field(default_factory=lambda: array("q"))
    values: array[int] = field(default_factory=lambda: array("q"))
    in_order: bool = True

    def __len__(self) -> int:
        return len(self.seconds)

    def add(self, second: int, value: int) -> None:
        """One more reading."""
        if self.seconds and second <= self.seconds[-1]:
            self.in_order = False
        self.seconds.append(second)
        self.values.append(value)

    def settle(self) -> int:
        """Bring them in order of time; of several at one moment the first stays. How many were left out because they say something else."""
        if self.in_order:
            return 0
        n_other = 0
        seconds, values = array("q"), array("q")
        for place in sorted(range(len(self.seconds)), key=self.seconds.__getitem__):
            if seconds and seconds[-1] == self.seconds[place]:
                n_other += values[-1] != self.values[place]
                continue
            seconds.append(self.seconds[place])
            values.append(self.values[place])
        self.seconds, self.values, self.in_order = seconds, values, True
        return n_other

    def readings(self) -> Iterator[Reading]:
        """One at a time; ``watts`` holds the quantity of the file."""
        for second, value in zip(self.seconds, self.values, strict=True):
            yield Reading(_EPOCH + timedelta(seconds=second), Decimal(value).scaleb(-3))


@dataclass(frozen=True, slots=True)
class Readings:
    """A file read: sensor -> readings in order of time. ``n_blank``: rows without a value, which are no reading."""

    quantity: Quantity
    series: dict[str, Series]
    n_rows: int
    n_blank: int
    findings: tuple[Finding, ...]


def read(path: Path, sensor: str = "", cancelled: Callable[[], bool] | None = None, limits: Limits = LIMITS) -> Readings:
    """Read a file. ``sensor``: whose readings they are, for a file that does not say it in a column; of one that does, only this sensor's.

    Raises Problem (``file.*``, ``sensor.columns``, ``sensor.unit_missing``, ``sensor.no_readings``) and Cancelled. A row that cannot be read is
    told and left out.
    """
    if guard.check(path, limits) != "csv":
        raise Problem("sensor.only_text", name=path.name)
    encoding, delimiter = _looked_at(path)
    told: list[Finding] = []
    n_bad = n_rows = n_blank = 0
    series: dict[str, Series] = {}
    try:
        with path.open(encoding=encoding, newline="") as lines:
            rows = csv.reader(lines, delimiter=delimiter)
            columns = _columns(next(rows, []), sensor, path.name)
            for row in rows:
                n_rows += 1
                if n_rows > limits.n_rows:
                    raise guard.too_many(path, "n_rows", n_rows, limits)
                if cancelled is not None and not n_rows % 5_000 and cancelled():
                    raise Cancelled
                if not any(cell.strip() for cell in row) or columns.is_other(row):
                    continue
                try:
                    taken = columns.take(row)
                except Unreadable as fault:
                    n_bad += 1
                    if n_bad <= MOST_TOLD:
                        shown = tuple((name, str(value)) for name, value in fault.params.items())
                        told.append(Finding(fault.code, "error", shown, Cell("", rows.line_num, "")))
                    continue
                if taken is None:
                    n_blank += 1
                    continue
                of, second, value = taken
                if of not in series:
                    series[of] = Series()
                series[of].add(second, value)
    except UnicodeDecodeError as error:
        raise Problem("file.encoding_broken", name=path.name, row=n_rows + 1) from error
    except csv.Error as error:
        raise Problem("file.damaged", name=path.name) from error
    except OSError as error:
        raise Problem("file.unreadable", name=path.name, reason=reason_of(error)) from error
    if n_bad > MOST_TOLD:
        told.append(finding("sensor.more_bad_rows", n=n_bad - MOST_TOLD))
    for name, one in series.items():
        n_other = one.settle()
        if n_other:
            told.append(finding("sensor.several_at_once", "warning", sensor=name, n=n_other))
    if not series:
        raise Problem("sensor.no_readings", name=path.name, findings=tuple(told))
    return Readings(columns.quantity, series, n_rows, n_blank, tuple(told))


def _looked_at(path: Path) -> tuple[str, str]:
    """Codec and delimiter, by the first lines. Raises Problem ``file.encoding*``."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    wide = guard.wide(head)
    if wide:
        head = head[: len(head) // 2 * 2]
    elif len(head) == _HEAD_BYTES:
        head = head[: head.rfind(b"\n") + 1] or head
    text, encoding = delimited.decode(head, path.name)
    return {"UTF-8": "utf-8-sig", "GB18030": "gb18030"}.get(encoding, wide), delimited.sniff(text)


@dataclass(frozen=True, slots=True)
class _Columns:
    sensor: int | None
    moment: int
    value: int
    quantity: Quantity
    factor: int
    given: str

    def is_other(self, row: list[str]) -> bool:
        """Whether the row is of another sensor than the one that was asked for."""
        return bool(self.given) and self.sensor is not None and len(row) > self.sensor and fold(row[self.sensor]).strip() != self.given

    def take(self, row: list[str]) -> tuple[str, int, int] | None:
        """Sensor, second, thousandths; None for a row without a value. Raises Unreadable."""
        if len(row) <= max(self.moment, self.value, self.sensor or 0):
            raise Unreadable("sensor.row_short", ",".join(row)[:80])
        written = row[self.value].strip()
        if not written or written.lower() in ("nan", "null", "--", "-"):
            return None
        of = self.given if self.sensor is None else fold(row[self.sensor]).strip()
        if not of:
            raise Unreadable("sensor.no_sensor_told", row[self.moment])
        return of, _second(row[self.moment]), self._thousandths(written)

    def _thousandths(self, written: str) -> int:
        try:
            number = Decimal(fold(written).replace(",", ""))
        except InvalidOperation as error:
            raise Unreadable("import.not_a_number", written) from error
        # By its size first: what is 10 to the power of a billion cannot even be multiplied.
        if not number.is_finite():
            raise Unreadable("import.not_a_number", written)
        if number and number.adjusted() > _LARGEST:
            raise Unreadable("sensor.value_beyond", written)
        found = half_up(number * self.factor)
        if abs(found) > _MOST:
            raise Unreadable("sensor.value_beyond", written)
        return found


def _columns(heads: list[str], given: str, name: str) -> _Columns:
    sensor = moment = value = None
    unit: tuple[Quantity, int] | None = None
    for place, head in enumerate(heads):
        plain = fold(head).strip().lower()
        found = _UNIT.search(plain)
        bare = (plain[: found.start()] if found else plain).strip()
        if _SENSOR.fullmatch(bare) or bare in ("sensor_id", "device_id"):
            sensor = place if sensor is None else sensor
        elif _MOMENT.fullmatch(bare):
            moment = place if moment is None else moment
        elif _POWER.fullmatch(bare) or _CURRENT.fullmatch(bare):
            meant = _THOUSANDTHS[found[1]] if found else ("watts", 1_000) if bare == "watts" else None
            if meant is None or (meant[0] == "watts") != bool(_POWER.fullmatch(bare)):
                raise Problem("sensor.unit_missing", name=name, column=head.strip())
            if unit is None or (unit[0] == "milliamps" and meant[0] == "watts"):  # power says more than current
                value, unit = place, meant
    if moment is None or value is None or unit is None or (sensor is None and not given):
        raise Problem("sensor.columns", name=name, heads="、".join(head.strip() for head in heads if head.strip())[:200])
    return _Columns(sensor, moment, value, *unit, given)


def _second(written: str) -> int:
    text = written.strip()
    if _PLAIN.fullmatch(text):
        try:
            made = datetime.fromisoformat(text)
        except ValueError as error:
            raise Unreadable("import.moment_unreadable", written) from error
        cell_times.believable(made.date(), written)
    else:
        got = cell_times.instant(text)
        made = got.value if isinstance(got, Noted) else got
    return int((made.replace(tzinfo=UTC) - _LOCAL - _EPOCH).total_seconds())
