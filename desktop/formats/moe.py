"""The Ministry of Education's yearly equipment tables: SJ1, one row a set.

Units: 单价 is **yuan** with two decimals (the national platform has 万元), 购置日期 the month. Widths count bytes as the tables' own files do, two
for a Chinese character. Nothing is cut and no code is guessed. Built from public descriptions.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from desktop import resource
from desktop.formats.national import Teller
from desktop.formats.write import Fen, Out, OutSheet
from desktop.ledger.finding import Finding
from desktop.ledger.instrument import Instrument

SJ1 = ("学校代码", "仪器编号", "分类号", "仪器名称", "型号", "规格", "仪器来源", "国别码", "单价", "购置日期", "现状码", "使用方向", "单位编号", "单位名称")
"""The columns of SJ1, in its order."""

UNKNOWN_MODEL = "*"
_SCHOOL = re.compile(r"[0-9]{5}")
_LARGEST_FEN = 10**11 - 1  # N12.2: nine digits before the point
_TEACHING, _RESEARCH = "1", "2"
_IN_USE = "1"
_OTHER = "9"
_GONE = frozenset("567")  # 丢失, 报废, 调出
_STATES = frozenset("123456789")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a school states that the register does not hold: its number in these tables ("" : the asset number), the class of the ministry's own
    list, whether it is for teaching or research, the department's code, and the state (1 to 9; "" : in use); a name and a specification (规格) that
    fit where the register's do not ("" : the register's name and indicators)."""

    number: str = ""
    class_code: str = ""
    use: str = ""
    department_code: str = ""
    state: str = ""
    name: str = ""
    specification: str = ""


@dataclass(frozen=True, slots=True)
class Sj1Row:
    """One row and what is wrong with it; ``cells`` by column, the price an amount."""

    cells: Mapping[str, Out]
    findings: tuple[Finding, ...]

    @property
    def number(self) -> str:
        """The number of the set in the ministry's tables."""
        return str(self.cells["仪器编号"])

    @property
    def sound(self) -> bool:
        """Whether it may be written: no error among its findings."""
        return not any(one.severity == "error" for one in self.findings)


@cache
def _lists() -> Mapping[str, Mapping[str, Sequence[str]]]:
    with resource.path("codes", "moe.toml").open("rb") as stream:
        return tomllib.load(stream)


def _code(listed: str, text: str) -> str:
    return next((code for code, words in _lists()[listed].items() if text in words), "")


def width(text: str) -> int:
    """The bytes a text takes in the tables' files: one for what is plain, two for a Chinese character."""
    return len(text.encode("gb18030"))


def sj1(one: Instrument, school: str, stated: Stated, end: date) -> Sj1Row:
    """A set as SJ1 of the academic year before ``end`` holds it; what was retired on that day or later is there still, as in SJ2."""
    told = Teller("instrument", one.id, one.asset_number)
    if not _SCHOOL.fullmatch(school):
        told.tell("asset_number", "moe.school_code", shown=school or "—")
    if one.confidential is None:
        told.tell("confidential", "moe.secrecy_unknown")
    cells: dict[str, Out] = {
        "学校代码": school,
        "仪器编号": _fitted(told, "asset_number", stated.number or one.asset_number, 8),
        "分类号": _class(told, one, stated),
        "仪器名称": _fitted(told, "name", stated.name or one.name, 30),
        "型号": _fitted(told, "model", one.model or UNKNOWN_MODEL, 20),
        "规格": _fitted(told, "technical", stated.specification or one.technical or UNKNOWN_MODEL, 30),
        "仪器来源": _listed(told, "source", one.source),
        "国别码": _listed(told, "country", one.country),
        "单价": _price(told, one),
        "购置日期": "" if one.booked_on is None else f"{one.booked_on:%Y%m}",
        "现状码": _state(told, one, stated, end),
        "使用方向": stated.use,
        "单位编号": _department(told, stated.department_code),
        "单位名称": _fitted(told, "department", one.department, 50),
    }
    if one.booked_on is None:
        told.tell("booked_on", "moe.blank")
    if stated.use not in (_TEACHING, _RESEARCH):
        told.tell("category", "moe.use_unknown", shown=stated.use or "—")
    return Sj1Row(cells, tuple(told.findings))


def _fitted(told: Teller, at: str, value: str, limit: int) -> str:
    text = " ".join(value.split())
    if not text:
        told.tell(at, "moe.blank")
    elif (n := width(text)) > limit:
        told.tell(at, "moe.too_wide", shown=text, n=n, limit=limit)
    return text


def _department(told: Teller, code: str) -> str:
    if not code:
        told.tell("department", "moe.department_code")
        return ""
    return _fitted(told, "department", code, 10)


def _class(told: Teller, one: Instrument, stated: Stated) -> str:
    # The ministry's list is not the national platform's: six digits of the one are no code of the other.
    if not stated.class_code:
        told.tell("class_code", "moe.class_unknown", shown=one.class_code or "—")
    elif not re.fullmatch(r"[0-9]{8}", stated.class_code):
        told.tell("class_code", "moe.class_form", shown=stated.class_code)
    return stated.class_code


def _state(told: Teller, one: Instrument, stated: Stated, end: date) -> str:
    gone = one.retired_on is not None and one.retired_on < end
    if one.retired_on is not None and not gone and stated.state in _GONE:
        # What became of it is stated once, for the year in which it went; this year's tables still count it.
        told.tell("retired_on", "moe.gone_later", "warning", shown=stated.state, day=one.retired_on)
        return _IN_USE
    if one.retired_on is None and stated.state in _GONE:
        # SJ2 counts what went by its day: without one the set would be gone in the one table and there in the other.
        told.tell("retired_on", "moe.gone_undated", shown=stated.state)
        return stated.state
    # A set that is gone may be scrapped, lost or moved elsewhere: the register knows only the day.
    state = stated.state or ("" if gone else _IN_USE)
    if state not in _STATES:
        told.tell("retired_on", "moe.state_unknown", shown=state or "—")
    elif gone and state not in _GONE:
        # Written as stated: which of the two is wrong, the state or the day, only the school knows. "Other" may be what became of it.
        code = "moe.gone_other" if state == _OTHER else "moe.gone_still"
        told.tell("retired_on", code, "warning", shown=state, meaning=f"university.state_{state}", day=one.retired_on)
    return state


def _listed(told: Teller, at: str, value: str) -> str:
    code = _code(at, value.strip())
    if not value.strip():
        told.tell(at, "moe.blank")
    elif not code:
        told.tell(at, "moe.not_in_list", shown=value)
    return code


def _price(told: Teller, one: Instrument) -> Out:
    if one.value_fen is None:
        told.tell("value_fen", "moe.blank")
        return None
    if one.value_fen > _LARGEST_FEN:
        told.tell("value_fen", "moe.price_too_large", yuan=Decimal(one.value_fen).scaleb(-2))
    return Fen(one.value_fen)


def sheet(rows: Iterable[Sj1Row]) -> OutSheet:
    """The sheet SJ1 of rows that are sound."""
    return OutSheet("SJ1", SJ1, ([row.cells[column] for column in SJ1] for row in rows))
