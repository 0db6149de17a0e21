"""Days and spans as notices write them: 10月1日（周四）至8日（周四）, 2026-10-01~2026-10-07, 9月27日、10月10日 上班."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from desktop.formats.cell_times import day
from desktop.formats.cells import Noted, Unreadable, clean, fold
from desktop.formats.fields import Kind
from desktop.formats.spreadsheet import Value

Part = tuple[int | None, int, int]
"""Year (None: not said), month and day."""

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】")
_WORDS = re.compile(
    r"(?:与周末连休|不调休|放假调休|调休放假|调休上班|放假|调休|上班|休息|补班|共)\s*(?:\d+\s*天)?|(?:星期|周)[一二三四五六日天]"
)
_DAY = re.compile(r"(?:(\d{4})\s*[-年./])?\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?")
_COMPACT = re.compile(r"(20\d{2})(\d{2})(\d{2})(?!\d)")
_SHORT = re.compile(r"(\d{1,2})\s*日")
_TO = re.compile(r"\s*(?:至|到|~|～|—+|–|-+)\s*")
_AND = re.compile(r"\s*[、，,;；和及\n]\s*|\s+")
_MOST = 400


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day, both with it; ``shown`` as the cell has it."""

    first: Part
    last: Part
    shown: str


def _of(made: date) -> Part:
    return made.year, made.month, made.day


def _plain_day(value: Value) -> date:
    made = day(value)
    return cast("date", made.value if isinstance(made, Noted) else made)


def spans(value: Value) -> Any:
    """The days and spans of a cell. Raises Unreadable ``import.date_unreadable`` and what ``cell_times.day`` raises for cells without text."""
    if not isinstance(value, str):
        made = _plain_day(value)
        return (Span(_of(made), _of(made), made.isoformat()),)
    text = fold(clean(value)[0])
    while (bare := _BRACKETS.sub("", text)) != text:
        text = bare
    text = _WORDS.sub("", text).strip(" ,，。、;；")
    try:
        # A whole date, written in any way a day may be, before the scanner that also knows parts of dates.
        whole = _plain_day(text)
    except Unreadable:
        return _scanned(text, value)
    return (Span(_of(whole), _of(whole), value.strip()),)


def _scanned(text: str, value: str) -> tuple[Span, ...]:
    found: list[Span] = []
    before: Part | None = None
    at = 0
    while at < len(text):
        first, at = _part(text, at, before, value)
        last = first
        to = _TO.match(text, at)
        if to:
            last, at = _part(text, to.end(), first, value)
        found.append(Span(first, last, value.strip()))
        before = last
        if at < len(text):
            more = _AND.match(text, at)
            if not more:
                raise Unreadable("import.date_unreadable", value)
            at = more.end()
    if not found:
        raise Unreadable("import.date_unreadable", value)
    return tuple(found)


def _part(text: str, at: int, before: Part | None, value: str) -> tuple[Part, int]:
    """One day of a text; a day without its month is of the month before it."""
    whole = _COMPACT.match(text, at) or _DAY.match(text, at)
    if whole:
        return (int(whole[1]) if whole[1] else None, int(whole[2]), int(whole[3])), whole.end()
    short = _SHORT.match(text, at)
    if short and before is not None:
        return (before[0], before[1], int(short[1])), short.end()
    raise Unreadable("import.date_unreadable", value)


def days_of(span: Span, year: int | None) -> list[date] | None:
    """The days of a span; None when nobody says of which year, empty when there is no such day or the end lies before the start.

    A span that runs over the end of a year (12月30日至1月1日) and says none ends in ``year``, that of its notice.
    """
    (first_year, *first), (last_year, *last) = span.first, span.last
    over = last < first
    if first_year is None and last_year is None:
        last_year = year
    if first_year is None:
        if last_year is None:
            return None
        first_year = last_year - over
    try:
        start, end = date(first_year, *first), date(first_year + over if last_year is None else last_year, *last)
    except ValueError:
        return []
    return [start + timedelta(days=n) for n in range(min((end - start).days + 1, _MOST))]


SPANS = Kind(lambda _unit: spans, lambda value: value, (), fills=True, dated=True)
