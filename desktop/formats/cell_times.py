"""Days and moments from cells: typed cells, the ways people write them, and the serial numbers of a workbook.

Days and moments are wall-clock time in Asia/Shanghai without zone. Serial numbers are the 1900 system unless ``since_1904``: day 1 is 1 January 1900,
and there is a 29 February 1900 that never was, so from serial 61 on day 0 is 30 December 1899.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from desktop.formats.cells import Noted, Parser, Unreadable, clean, fold, plain_number
from desktop.formats.spreadsheet import Fault, Value
from desktop.ledger.money import half_up

_ORIGIN = datetime.combine(date(1899, 12, 30), time())
# Serials from 1927-05-19 to 2119-01-15; smaller numbers are years or typing errors, larger ones are written-out days.
_SERIALS = (Decimal(10_000), Decimal(80_000))
_BASE_1904 = 1462
_YEARS = (1900, 2100)
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?", re.ASCII)
_PART = re.compile(r"\d{4}(?:\s*年?|\s*[-./年]\s*\d{1,2}\s*月?)|\d{6}", re.ASCII)
_CLOCK = re.compile(
    r"(上午|下午|晚上|中午|凌晨|AM|PM)?\s*(\d{1,2})\s*[:时点]\s*(?:(\d{1,2})\s*分?|(半))?"
    r"(?:\s*(?:(?<=分)|:)\s*(\d{1,2})(?:\.\d+)?\s*秒?)?\s*(AM|PM)?",
    re.IGNORECASE | re.ASCII,
)
_ZONED = re.compile(r":\d{2}(?:\.\d+)?\s*(?:Z|[+-]\d{2}:?\d{2})\s*$", re.IGNORECASE | re.ASCII)
# Asia/Shanghai has kept one distance from UTC since 1991.
_SHANGHAI = timezone(timedelta(hours=8))
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_AFTER_NOON = frozenset(("下午", "晚上", "PM"))
_BEFORE_NOON = frozenset(("上午", "凌晨", "AM"))


def day(value: Value) -> Any:
    """A date. Raises Unreadable ``import.date_unreadable``, ``date_impossible``, ``date_incomplete``, ``date_absurd``."""
    if isinstance(value, datetime):
        return believable(value.date(), value)
    if isinstance(value, date):
        return believable(value, value)
    if isinstance(value, str):
        text = fold(clean(value)[0])
        match = _DAY.match(text) or _COMPACT.fullmatch(text)
        if match:
            rest = "" if match.re is _COMPACT else text[match.end() :].lstrip(" T")
            if rest and not _CLOCK.fullmatch(rest.strip()):
                raise Unreadable("import.date_unreadable", value)
            return _made(int(match[1]), int(match[2]), int(match[3]), value)
        if _SERIAL.fullmatch(text):
            made = _from_serial(Decimal(text), value).date()
            return Noted(made, "import.serial_day", (("stored", made.isoformat()),), often=True)
        raise Unreadable("import.date_incomplete" if _PART.fullmatch(text) else "import.date_unreadable", value)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        if _SERIALS[0] <= value < _SERIALS[1]:
            return _from_serial(Decimal(value), value).date()
        return day(plain_number(Decimal(value)))
    raise _unreadable(value)


def moment(value: Value) -> Any:
    """A wall-clock moment to the minute. Written seconds are dropped with a remark; a serial is rounded to its minute.

    Raises Unreadable like ``day``, and ``import.time_missing`` when a text has a day only (a date cell means 0:00).
    """
    return _read(value, _whole_minute)


def instant(value: Value) -> Any:
    """A wall-clock moment to the second, as machines log it, a serial too; one written with a zone (``Z``, ``+08:00``) is told in Asia/Shanghai.

    Raises Unreadable like ``moment``.
    """
    if isinstance(value, str) and _ZONED.search(value):
        try:
            zoned = datetime.fromisoformat(fold(clean(value)[0]).strip())
        except ValueError as error:
            raise Unreadable("import.moment_unreadable", value) from error
        believable(zoned.date(), value)  # before it is moved: the year 1 cannot be
        value = zoned.astimezone(_SHANGHAI).replace(tzinfo=None)
    return _read(value, _whole_second)


def _read(value: Value, whole: Callable[[datetime, Value], Any]) -> Any:
    if isinstance(value, datetime):
        believable(value.date(), value)
        if not value.second and not value.microsecond:
            return value
        # The workbook's fraction of a day may be off by some milliseconds: 10:59:59.997 is 11:00.
        return whole(value + timedelta(microseconds=500_000), value)
    if isinstance(value, date):
        midnight = datetime.combine(believable(value, value), time())
        return Noted(midnight, "import.midnight", (("shown", value.isoformat()),), often=True)
    if isinstance(value, str):
        text = fold(clean(value)[0])
        match = _DAY.match(text)
        if match:
            start = _made(int(match[1]), int(match[2]), int(match[3]), value)
            rest = text[match.end() :].lstrip(" T\n")
            if not rest:
                raise Unreadable("import.time_missing", value)
            seconds = _clock(rest, value)
            return whole(datetime.combine(start, time()) + timedelta(seconds=seconds), value)
        compact = _COMPACT.fullmatch(text)
        if compact and compact[4]:
            start = _made(int(compact[1]), int(compact[2]), int(compact[3]), value)
            seconds = _clock(":".join(part for part in compact.groups()[3:] if part), value)
            return whole(datetime.combine(start, time()) + timedelta(seconds=seconds), value)
        if compact:
            raise Unreadable("import.time_missing", value)
        if _SERIAL.fullmatch(text):
            made = _from_serial(Decimal(text), value, whole)
            return Noted(made, "import.serial_day", (("stored", f"{made:%Y-%m-%d %H:%M}"),), often=True)
        raise Unreadable("import.date_incomplete" if _PART.fullmatch(text) else "import.moment_unreadable", value)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        if _SERIALS[0] <= value < _SERIALS[1]:
            return _from_serial(Decimal(value), value, whole)
        return _read(plain_number(Decimal(value)), whole)
    raise _unreadable(value)


def since_1904(parser: Parser) -> Parser:
    """A parser of days or moments for a workbook whose own numbers count from 1 January 1904, 1462 days later."""

    def parse(value: Value) -> Any:
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and _SERIALS[0] <= value < _SERIALS[1]:
            return parser(value + _BASE_1904)
        return parser(value)

    return parse


def _unreadable(value: Value) -> Unreadable:
    if isinstance(value, Fault):
        return Unreadable("import.formula_without_result" if value.text == "=" else "import.error_value", value)
    return Unreadable("import.date_unreadable", value)


def _from_serial(serial: Decimal, value: Value, whole: Callable[[datetime, Value], Any] | None = None) -> datetime:
    if not _SERIALS[0] <= serial < _SERIALS[1]:
        raise Unreadable("import.date_absurd", value)
    if whole is _whole_second:
        return _ORIGIN + timedelta(seconds=half_up(serial * 86_400))
    return _ORIGIN + timedelta(minutes=half_up(serial * 1440))


def _made(year: int, month: int, number: int, value: Value) -> date:
    try:
        return believable(date(year, month, number), value)
    except ValueError as error:
        raise Unreadable("import.date_impossible", value) from error


def believable(made: date, value: Value) -> date:
    """The day itself, when it lies in a year of this or the last century. Raises Unreadable ``import.date_absurd``."""
    if not _YEARS[0] < made.year < _YEARS[1]:
        raise Unreadable("import.date_absurd", value)
    return made


def _clock(text: str, value: Value) -> int:
    match = _CLOCK.fullmatch(text.strip())
    if not match:
        raise Unreadable("import.moment_unreadable", value)
    half = (match[1] or match[6] or "").upper()
    hour, minute, second = int(match[2]), 30 if match[4] else int(match[3] or 0), int(match[5] or 0)
    if half in _AFTER_NOON and hour < 12:
        hour += 12
    elif half in _BEFORE_NOON and hour == 12:
        hour = 0
    # 24:00 is how logs write the end of a day.
    if minute > 59 or second > 59 or hour > 24 or (hour == 24 and (minute or second)):
        raise Unreadable("import.date_impossible", value)
    return (hour * 60 + minute) * 60 + second


def _whole_minute(made: datetime, value: Value) -> Any:
    minute = made.replace(second=0, microsecond=0)
    if made.second:
        return Noted(minute, "import.seconds_dropped", (("shown", str(value)), ("stored", f"{minute:%Y-%m-%d %H:%M}")))
    return minute


def _whole_second(made: datetime, _value: Value) -> Any:
    return made.replace(microsecond=0)
