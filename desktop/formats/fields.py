"""What a column holds (``Kind``) and what a file's columns are called (``Field``): one description reads and writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from desktop.formats import cell_codes, cell_times, cells
from desktop.formats.cells import Parser
from desktop.ledger.finding import Severity

Shown = str | int | Decimal | date | datetime | None
"""What ``write`` puts into a cell. Decimal and int are numbers, str is text."""


@dataclass(frozen=True, slots=True)
class Kind:
    """``parser(unit)`` gives the parser for a column whose header states that unit; ``show`` is its inverse in the default unit.

    ``blank`` is the value of an empty cell. ``fills``: a cell merged over several rows holds for each of them; no amount does.
    ``dated``: a bare number in it is a day of the workbook's own count. ``marked``: 无, — or / in it means that there is nothing.
    """

    parser: Callable[[str], Parser]
    show: Callable[[Any], Shown]
    blank: Any = None
    fills: bool = True
    unit: str = ""
    dated: bool = False
    marked: bool = False


def _always(parser: Parser) -> Callable[[str], Parser]:
    return lambda _unit: parser


def _yes(value: bool | None) -> str | None:
    return None if value is None else "是" if value else "否"


def _scaled(places: int) -> Callable[[int | None], Decimal | None]:
    return lambda fen: None if fen is None else Decimal(fen).scaleb(-places)


def _same(value: Any) -> Any:
    return value


TEXT = Kind(_always(cells.text), _same, "")
LINE = Kind(_always(cells.line), _same, "")
NAME = Kind(_always(cell_codes.name), _same, "", marked=True)
FILING = Kind(_always(cell_codes.filing), _same, "", marked=True)
GIVEN_CODE = Kind(_always(cell_codes.given_code), _same, "", marked=True)
CODE = Kind(_always(cell_codes.code), _same, "", marked=True)
UPPER_CODE = Kind(_always(cell_codes.upper_code), _same, "", marked=True)
CLASS_CODE = Kind(_always(cell_codes.class_code), _same, "", marked=True)
CODES = Kind(_always(cell_codes.codes), "；".join, (), marked=True)
YES_NO = Kind(_always(cells.yes_no()), _yes)
URGENT = Kind(_always(cells.yes_no_or_said), _yes, fills=False)
SECRET = Kind(_always(cells.yes_no(yes=("秘密", "机密", "绝密", "涉密"), no=("非涉密", "不涉密", "非密", "公开"))), _yes)
SECRECY = Kind(_always(cells.secrecy), _yes)
INTERNAL = Kind(_always(cells.yes_no(yes=("校内", "本校", "本单位", "内部"), no=("校外", "外单位", "外部"))), _yes)
DAY = Kind(_always(cell_times.day), _same, dated=True, marked=True)
MOMENT = Kind(_always(cell_times.moment), _same, fills=False, dated=True, marked=True)
INSTANT = Kind(_always(cell_times.instant), _same, fills=False, dated=True, marked=True)
NUMBER = Kind(_always(cells.non_negative), _same, fills=False, marked=True)
HOURS = Kind(_always(cells.yearly_hours), _same, fills=False, marked=True)
SIGNED_NUMBER = Kind(_always(cells.number), _same, fills=False, marked=True)
SIGNED_HOURS = Kind(_always(cells.hours), _same, fills=False, marked=True)
COUNT = Kind(_always(cells.count), _same, fills=False, marked=True)
WAN = Kind(cells.wan, _same, fills=False, unit="万元", marked=True)
FEN_OF_WAN = Kind(lambda unit: cells.fen(unit, exact=False), _scaled(6), fills=False, unit="万元")
FEN_OF_YUAN = Kind(lambda unit: cells.fen(unit, exact=True), _scaled(2), fills=False, unit="元")


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a file.

    ``name`` is the attribute of the row; ``header`` how we write it; ``others`` how people write it;
    ``required``: the file cannot be read without this column. ``blank``: what an empty cell is (``ok`` or a severity);
    ``fault``: what an unreadable cell is; with ``warning`` the value becomes the kind's blank. ``single``: two columns that could be it by
    whatever name are an error of the file, where those of another field that need not be there are left out.
    """

    name: str
    header: str
    kind: Kind
    others: tuple[str, ...] = ()
    required: bool = False
    blank: Severity | Literal["ok"] = "ok"
    fault: Severity = "error"
    single: bool = False
