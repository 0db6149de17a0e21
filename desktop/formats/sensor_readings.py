"""Raw readings of sensors from a text table or a workbook: sensor, moment, power or current. Read row by row; a million rows are two arrays of numbers.

A log that did not fit on one sheet goes on on the next: every sheet with the columns is read. The unit stands in the heading: 功率（W）, 功率（kW）,
电流（mA）, 电流（A）. A heading without a unit is refused, for a guess would be a factor of a thousand.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

from desktop.formats import cell_codes, cell_times, sensor_rows
from desktop.formats.cells import Noted, Parser, Unreadable, faulty, fold, plain_number, shown
from desktop.formats.guard import MIB, Limits
from desktop.formats.spreadsheet import Grid, Value
from desktop.formats.table import HEADER_ROWS
from desktop.ledger.finding import Cell, Finding, finding
from desktop.ledger.money import half_up
from desktop.ledger.problem import Problem
from desktop.ledger.sensor import Reading

LIMITS = Limits(n_bytes=256 * MIB, n_rows=5_000_000, n_columns=100, n_cells=20_000_000, seconds=900.0)
MOST_TOLD = 50
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
    taking = _Taking(path.name, sensor)
    known = sensor_rows.Told()
    with closing(sensor_rows.read(path, limits, cancelled)) as pieces:
        for piece in pieces:
            if isinstance(piece, tuple):
                taking.row(*piece)
            elif isinstance(piece, Grid):
                taking.ended(known)
                taking.opened(piece)
            else:
                known.book = piece
    taking.ended(known)
    return taking.readings(known)


class _Taking:
    """What is taken of the rows of a file, sheet after sheet."""

    def __init__(self, name: str, given: str) -> None:
        self.name = name
        self.given = given
        self.series: dict[str, Series] = {}
        self.told: list[Finding] = []
        self.n_rows = self.n_blank = self.n_bad = self.n_negative = 0
        self.quantity: Quantity | None = None
        self._wrong: list[Problem] = []
        self._sheet = Grid("", ())
        self._columns: _Columns | None = None
        self._left = self._seen = 0

    def opened(self, sheet: Grid) -> None:
        """A sheet begins: its heading is to be found."""
        self._sheet, self._columns, self._left, self._seen = sheet, None, HEADER_ROWS, 0

    def ended(self, known: sensor_rows.Told) -> None:
        """A sheet was read to its end."""
        if self._seen:
            (known.passed if self._columns is None else known.taken).append(self._sheet)
        self._seen = 0

    def row(self, number: int, cells: Sequence[Value]) -> None:
        """One more row of the sheet."""
        columns = self._columns
        if columns is None:
            if any(not _blank(cell) for cell in cells):
                self._seen += 1
                self._head(cells)
            return
        self.n_rows += 1
        if all(_blank(cell) for cell in cells) or columns.is_other(cells):
            return
        try:
            taken = columns.take(cells)
        except Unreadable as fault:
            self.n_bad += 1
            if self.n_bad <= MOST_TOLD:
                params = tuple((name, str(value)) for name, value in fault.params.items())
                self.told.append(Finding(fault.code, "error", params, Cell(self._sheet.name, number, "")))
            return
        if taken is None:
            self.n_blank += 1
            return
        of, second, value = taken
        if value < 0:
            self.n_negative += 1
        if of not in self.series:
            self.series[of] = Series()
        self.series[of].add(second, value)

    def _head(self, cells: Sequence[Value]) -> None:
        if not self._left:
            return
        self._left -= 1
        try:
            found = _columns([cell if isinstance(cell, str) else shown(cell) for cell in cells], self.given, self.name, self._sheet.base_1904)
        except Problem as wrong:
            self._wrong.append(wrong)
            return
        # Watts and milliamps do not make one log.
        if self.quantity in (None, found.quantity):
            self._columns, self.quantity = found, found.quantity
        else:
            self._left = 0

    def readings(self, known: sensor_rows.Told) -> Readings:
        """What was read. Raises Problem when there is no heading, or no reading below it."""
        if self.quantity is None:
            # A heading without a unit says more than a title that is no heading; of those the widest is most likely meant to be one.
            plain = [one for one in self._wrong if one.code == "sensor.unit_missing"]
            raise plain[0] if plain else max(self._wrong, key=_width, default=_no_columns(self.name, []))
        if self.n_bad > MOST_TOLD:
            self.told.append(finding("sensor.more_bad_rows", n=self.n_bad - MOST_TOLD))
        if self.n_blank:
            self.told.append(finding("sensor.readings_blank", "note", n=self.n_blank))
        if self.n_negative:
            self.told.append(finding("sensor.readings_negative", "warning", n=self.n_negative))
        for name, one in self.series.items():
            n_other = one.settle()
            if n_other:
                self.told.append(finding("sensor.several_at_once", "warning", sensor=name, n=n_other))
        told = (*known.findings(), *self.told)
        if not self.series:
            raise Problem("sensor.no_readings", name=self.name, findings=told)
        return Readings(self.quantity, self.series, self.n_rows, self.n_blank, told)


@dataclass(frozen=True, slots=True)
class _Columns:
    sensor: int | None
    moment: int
    value: int
    quantity: Quantity
    factor: int
    given: str
    instant: Parser

    def is_other(self, row: Sequence[Value]) -> bool:
        """Whether the row is of another sensor than the one that was asked for."""
        if not self.given or self.sensor is None or len(row) <= self.sensor:
            return False
        cell = row[self.sensor]
        if isinstance(cell, int | Decimal):
            cell = plain_number(Decimal(cell))
        return not isinstance(cell, str) or fold(cell).strip() != self.given

    def take(self, row: Sequence[Value]) -> tuple[str, int, int] | None:
        """Sensor, second, thousandths; None for a row without a value. Raises Unreadable."""
        if len(row) <= max(self.moment, self.value, self.sensor or 0):
            raise Unreadable("sensor.row_short", ",".join(map(shown, row))[:80])
        written = row[self.value]
        if _blank(written) or (isinstance(written, str) and written.strip().lower() in ("nan", "null", "--", "-")):
            return None
        of = self.given if self.sensor is None else _number(row[self.sensor])
        if not of:
            raise Unreadable("sensor.no_sensor_told", row[self.moment])
        return of, _second(row[self.moment], self.instant), self._thousandths(written)

    def _thousandths(self, written: Value) -> int:
        if isinstance(written, str):
            try:
                number = Decimal(fold(written.strip()).replace(",", ""))
            except InvalidOperation as error:
                raise Unreadable("import.not_a_number", written) from error
        elif isinstance(written, int | Decimal) and not isinstance(written, bool):
            number = Decimal(written)
        else:
            raise faulty(written, "import.number_is_date")
        # By its size first: what is 10 to the power of a billion cannot even be multiplied.
        if not number.is_finite():
            raise Unreadable("import.not_a_number", written)
        if number and number.adjusted() > _LARGEST:
            raise Unreadable("sensor.value_beyond", written)
        found = half_up(number * self.factor)
        if abs(found) > _MOST:
            raise Unreadable("sensor.value_beyond", written)
        return found


def _columns(heads: list[str], given: str, name: str, base_1904: bool) -> _Columns:
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
        raise _no_columns(name, heads)
    instant = cell_times.since_1904(cell_times.instant) if base_1904 else cell_times.instant
    return _Columns(sensor, moment, value, *unit, given, instant)


def _no_columns(name: str, heads: list[str]) -> Problem:
    return Problem("sensor.columns", name=name, heads="、".join(head.strip() for head in heads if head.strip())[:200])


def _width(wrong: Problem) -> int:
    return wrong.params["heads"].count("、")


def _blank(cell: Value) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _number(cell: Value) -> str:
    if isinstance(cell, str):
        return fold(cell).strip()
    got = "" if cell is None else cell_codes.code(cell)
    return str(got.value if isinstance(got, Noted) else got)


def _second(cell: Value, instant: Parser) -> int:
    text = "" if cell is None else cell.strip() if isinstance(cell, str) else None
    if text is not None and _PLAIN.fullmatch(text):
        try:
            made = datetime.fromisoformat(text)
        except ValueError as error:
            raise Unreadable("import.moment_unreadable", cell) from error
        cell_times.believable(made.date(), cell)
    else:
        got = instant(cell if text is None else text)
        made = got.value if isinstance(got, Noted) else got
    return int((made.replace(tzinfo=UTC) - _LOCAL - _EPOCH).total_seconds())
