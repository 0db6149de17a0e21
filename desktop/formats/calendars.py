"""A year's published days off (放假安排) as a table: one day or span a row with its 类型, or a row a holiday with 放假时间 and 调休上班.

Only what differs from Monday–Friday is kept: a weekend inside a holiday is no exception. Which years are known is not asked here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from desktop.formats import reading, table
from desktop.formats.calendar_spans import SPANS, Span, days_of
from desktop.formats.fields import LINE, Field
from desktop.formats.reading import Sheet
from desktop.formats.spreadsheet import Workbook
from desktop.formats.teller import Teller
from desktop.formats.write import Out, OutSheet
from desktop.ledger.calendar import CalendarDay, DayKind
from desktop.ledger.finding import Cell, Finding, finding

SHEET = "放假安排"
FIELDS: tuple[Field, ...] = (
    Field("spans", "日期", SPANS, ("放假日期", "放假时间", "放假时段", "开始日期", "起始日期", "起", "时间", "date"), required=True),
    Field("until", "结束日期", SPANS, ("截止日期", "终止日期", "止")),
    Field("kind", "类型", LINE, ("性质", "安排", "类别", "状态", "日期类型", "放假/上班", "kind")),
    Field("worked", "调休上班", SPANS, ("调休上班日期", "补班日期", "补班", "上班日期", "调休日期", "调休")),
    Field("holiday", "名称", LINE, ("节日", "节日名称", "节假日", "节假日名称", "假日", "假期", "holiday")),
    Field("document", "通知文号", LINE, ("文号", "依据", "发文字号")),
)
_OFF = ("放假", "休息", "休", "节假日", "法定节假日", "假日", "放假调休", "调休放假", "weekday_off")
_WORKED = ("上班", "调休上班", "补班", "班", "工作日", "调休工作日", "周末上班", "makeup_workday")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_DOCUMENT = re.compile(r"国办发(?:明电)?\s*[〔\[(（]\s*20\d{2}\s*[〕\])）]\s*\d+\s*号")
_LONGEST = 30


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One row: the days it takes off and the days it works, in order, weekends of a holiday left out."""

    row: int
    findings: tuple[Finding, ...]
    days: tuple[CalendarDay, ...]


@dataclass(frozen=True, slots=True)
class CalendarTable:
    """The days of a file by date, each once, with the sheet they were read from; ``year`` is the one most of them are in."""

    sheet: Sheet[CalendarRow]
    year: int
    days: tuple[CalendarDay, ...]


def read_table(workbook: Workbook, *, cancelled: Callable[[], bool] | None = None) -> CalendarTable:
    """Read a table of days. Rejected rows: a day or span that cannot be read or is longer than a month, a 类型 that says neither.

    Two rows may name the same day the same way; where they differ both are kept, for the rules to refuse.
    Raises Problem (``file.no_header``, ``import.columns``, ``import.no_rows``) and Cancelled.
    """
    found = table.find(workbook, FIELDS)
    texts = (*found.preamble, found.sheet, workbook.name)
    years = [int(year) for text in texts for year in _YEAR.findall(text)]
    stated = years[0] if years else None
    document = next((match[0].replace(" ", "") for text in texts if (match := _DOCUMENT.search(text))), "")

    if not found.column("kind") and not found.column("worked"):
        missing = finding("import.column_missing", cell=Cell(found.sheet, found.last_row, FIELDS[2].header), column=FIELDS[2].header)
        found = replace(found, findings=(*found.findings, missing))
    # Where each row has its own 调休上班, what stands under 日期 are days off.
    usual: DayKind | None = None if found.column("kind") else "weekday_off"

    def check(values: dict[str, Any], teller: Teller) -> None:
        values["days"] = () if teller.rejected else tuple(_days(values, teller, stated, document, usual))
        for field in FIELDS:
            del values[field.name]

    sheet = reading.read(found, FIELDS, CalendarRow, key=lambda values: "", key_field="spans", check=check, cancelled=cancelled)
    kept = {(one.day, one.kind): one for row in sheet.rows for one in row.days}
    days = tuple(sorted(kept.values(), key=lambda one: (one.day, one.kind)))
    counted = Counter(one.day.year for one in days)
    return CalendarTable(sheet, max(counted, key=lambda year: (counted[year], year)) if counted else stated or 0, days)


def _days(
    values: Mapping[str, Any], teller: Teller, year: int | None, document: str, usual: DayKind | None
) -> list[CalendarDay]:
    document = values["document"] or document
    parts: list[tuple[str, DayKind, tuple[Span, ...]]] = []
    if values["spans"]:
        kind = usual or _kind(values, teller)
        if kind is None:
            return []
        parts.append(("spans", kind, _joined(values, teller)))
    if values["worked"]:
        parts.append(("worked", "makeup_workday", values["worked"]))
    if not parts and not teller.rejected:
        teller.tell("spans", "import.blank", column=teller.header("spans"))
    found: list[CalendarDay] = []
    for name, kind, spans in parts:
        for span in spans:
            days = days_of(span, year)
            if days is None:
                teller.tell(name, "import.calendar_no_year", shown=span.shown)
            elif not days:
                teller.tell(name, "import.date_impossible", shown=span.shown)
            elif len(days) > _LONGEST:
                teller.tell(name, "import.calendar_long", shown=span.shown, n=len(days))
            else:
                alone = len(days) == 1
                found += [
                    CalendarDay(day, kind, document, values["holiday"])
                    for day in days
                    if kind == "makeup_workday" or day.weekday() < 5 or alone
                ]
    return found


def _joined(values: Mapping[str, Any], teller: Teller) -> tuple[Span, ...]:
    """The span of a row, whose end may stand in a column of its own."""
    spans: tuple[Span, ...] = values["spans"]
    if not values["until"]:
        return spans
    (first, *more), (last, *others) = spans, values["until"]
    if more or others or first.last != first.first or last.last != last.first:
        teller.tell("until", "import.calendar_spans", shown=last.shown)
        return ()
    return (Span(first.first, last.last, f"{first.shown}–{last.shown}"),)


def _kind(values: Mapping[str, Any], teller: Teller) -> DayKind | None:
    said = "".join(values["kind"].split()).lower()
    if said in _OFF:
        return "weekday_off"
    if said in _WORKED:
        return "makeup_workday"
    if said:
        teller.tell("kind", "import.calendar_kind", shown=values["kind"])
    else:
        teller.tell("kind", "import.blank", column=teller.header("kind"))
    return None


def sheet_of(days: tuple[CalendarDay, ...]) -> OutSheet:
    """The table that reads back as these days: an example of the form."""
    words = {"weekday_off": _OFF[0], "makeup_workday": _WORKED[1]}
    header = [field.header for field in FIELDS if field.name not in ("until", "worked")]
    rows: list[list[Out]] = [[one.day, words[one.kind], one.holiday, one.document] for one in days]
    return OutSheet(SHEET, header, rows, (14, 12, 14, 26))
