"""Tables of days off: as the notice is published, day by day, by spans; and what is refused instead of guessed."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop import words
from desktop.formats import calendars, spreadsheet, write
from desktop.formats.calendars import CalendarTable
from desktop.ledger.calendar import CalendarDay
from desktop.ledger.problem import Problem
from desktop.rules import workdays
from tests.formats import books

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parents[1] / "cases" / "calendar_cells.toml").read_text("utf-8"))["case"]
TITLE = "国务院办公厅关于2026年部分节假日安排的通知"
NOTICE_2025 = [
    ["国务院办公厅关于2025年部分节假日安排的通知（国办发明电〔2024〕12号）"],
    ["节日", "放假时间", "调休上班"],
    ["元旦", "1月1日（周三）放假1天，不调休", None],
    ["春节", "1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天", "1月26日（周日）、2月8日（周六）上班"],
    ["清明节", "4月4日（周五）至6日（周日）放假，共3天", ""],
    ["劳动节", "5月1日（周四）至5日（周一）放假调休，共5天", "4月27日（周日）上班"],
    ["端午节", "5月31日（周六）至6月2日（周一）放假，共3天", None],
    ["国庆节、中秋节", "10月1日（周三）至8日（周三）放假调休，共8天", "9月28日（周日）、10月11日（周六）上班"],
]


def published(year: int) -> tuple[CalendarDay, ...]:
    return tuple(one for one in workdays.packaged().days if one.day.year == year)


def exceptions(days: tuple[CalendarDay, ...]) -> dict[date, str]:
    return {one.day: one.kind for one in days}


def read(*rows: list[Any], title: str = TITLE) -> CalendarTable:
    return calendars.read_table(books.workbook([[title], *rows]))


def refused(found: CalendarTable) -> list[tuple[str, str]]:
    told = [(f.cell.column, f.code) for f in found.sheet.findings if f.severity == "error" and f.cell]
    assert all("{" not in words.say(f.code, **dict(f.params)) for f in found.sheet.findings)
    return told


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["cell"]))
def test_case(case: dict[str, Any]) -> None:
    # 调休上班 keeps every day; under 放假时间 the weekends of a span fall away.
    found = read(["放假时间", "调休上班"], [None, case["cell"]])
    if "refused" in case:
        assert refused(found) == [("调休上班", case["refused"])]
        return
    assert not refused(found)
    wanted: list[date] = []
    for part in case["reads"].split(", "):
        first, _, last = part.partition(" … ")
        start, end = date.fromisoformat(first), date.fromisoformat(last or first)
        wanted += [date.fromordinal(n) for n in range(start.toordinal(), end.toordinal() + 1)]
    assert [one.day for one in found.days] == sorted(wanted)


def test_a_notice_as_it_is_published_gives_the_published_year() -> None:
    found = calendars.read_table(books.workbook(NOTICE_2025))
    assert not found.sheet.findings
    assert (found.year, exceptions(found.days)) == (2025, exceptions(published(2025)))
    assert {one.document for one in found.days} == {"国办发明电〔2024〕12号"}
    assert {one.holiday for one in found.days if one.day.month == 4} == {"清明节", "劳动节"}


@pytest.mark.parametrize("year", sorted(workdays.packaged().years))
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_writing_and_reading_a_year_is_the_identity(tmp_path: Path, year: int, ending: str) -> None:
    days = published(year)
    write.write(tmp_path / f"a.{ending}", [calendars.sheet_of(days)])
    found = calendars.read_table(spreadsheet.read(tmp_path / f"a.{ending}"))
    assert not found.sheet.rejected
    assert [(d.day, d.kind, d.document, d.holiday) for d in found.days] == [(d.day, d.kind, d.document, d.holiday) for d in days]


def test_day_by_day_with_weekends_and_with_first_and_last_day() -> None:
    by_day = read(
        ["日期", "类型", "名称"],
        *[[date(2026, 10, n), "放假", "国庆节"] for n in range(1, 8)],
        [date(2026, 10, 10), "调休上班", "国庆节"],
    )
    by_span = read(["开始日期", "结束日期", "类型"], ["2026-10-01", date(2026, 10, 7), "放假"], ["10月10日", None, "补班"])
    off = {date(2026, 10, n) for n in (1, 2, 5, 6, 7)}
    assert {d for d, kind in exceptions(by_span.days).items() if kind == "weekday_off"} == off
    # A weekend that stands alone is kept: it may take a day back that was to be worked.
    assert set(exceptions(by_day.days)) == off | {date(2026, 10, 3), date(2026, 10, 4), date(2026, 10, 10)}
    assert exceptions(by_day.days)[date(2026, 10, 10)] == exceptions(by_span.days)[date(2026, 10, 10)] == "makeup_workday"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["2026-10-01", None, "调休"], [("类型", "import.calendar_kind")]),
        (["2026-10-01", None, None], [("类型", "import.blank")]),
        ([None, None, "放假"], [("日期", "import.blank")]),
        (["2026-10-01、2026-10-02", "2026-10-07", "放假"], [("结束日期", "import.calendar_spans")]),
        ([spreadsheet.Fault("#N/A"), None, "放假"], [("日期", "import.error_value")]),
        ([20261301, None, "放假"], [("日期", "import.date_impossible")]),
    ],
)
def test_a_row_that_is_not_clear_is_refused_at_its_cell(row: list[Any], told: list[tuple[str, str]]) -> None:
    found = read(["日期", "结束日期", "类型"], row)
    assert (refused(found), found.days) == (told, ())


def test_without_a_year_nothing_is_guessed() -> None:
    rows = [["日期", "类型"], ["10月1日", "放假"]]
    assert refused(read(*rows, title="放假安排")) == [("日期", "import.calendar_no_year")]
    assert [one.day for one in read(*rows, title="2027年放假安排").days] == [date(2027, 10, 1)]


def test_a_table_that_does_not_say_what_its_days_are_is_refused() -> None:
    with pytest.raises(Problem) as told:
        read(["日期", "名称"], ["2026-10-01", "国庆节"])
    assert (told.value.code, told.value.params["columns"]) == ("import.columns", "类型")


def test_a_day_named_twice_alike_is_one_day_and_named_differently_is_kept_for_the_rules() -> None:
    found = read(["日期", "类型"], ["10月1日至7日", "放假"], ["10月6日", "放假"], ["10月7日", "上班"])
    assert [one.day.day for one in found.days] == [1, 2, 5, 6, 7, 7]
    assert "workday.twice" in {f.code for f in workdays.faults(found.days)}
