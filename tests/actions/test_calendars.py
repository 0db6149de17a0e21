"""A year's days off taken from a file: seen first, whole or not at all, taken back whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from desktop.actions import calendars, duties, history
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Problem, Refused
from desktop.rules import workdays
from tests.actions.making import everything, sound
from tests.formats import books

OFF_2027 = ["1月1日", "2月5日至11日", "4月5日", "5月3日至5日", "6月9日", "9月15日", "10月1日至7日"]
ROWS = [
    ["国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕9号）"],
    ["日期", "类型", "名称"],
    *[[span, "放假", "节"] for span in OFF_2027],
    ["2月14日", "调休上班", "春节"],
    ["10月9日", "调休上班", "国庆节"],
]


def file(folder: Path, *more: list[str], rows: list[list[str]] = ROWS) -> Path:
    return books.xlsx(folder / "放假.xlsx", {"表": [*rows, *more]})


def known(workspace: Workspace, day: date) -> bool:
    return duties.calendar_of(workspace).is_workday(day)


def test_a_years_table_is_seen_before_it_is_taken_and_taken_back_whole(empty: Workspace, tmp_path: Path) -> None:
    before = everything(empty)
    plan = calendars.read(empty, file(tmp_path))
    assert everything(empty) == before
    assert (plan.year, plan.n_off, len(plan.new), len(plan.changed), plan.errors) == (2027, 17, 19, 0, ())
    calendars.commit(empty, plan)
    assert not known(empty, date(2027, 10, 4))
    assert known(empty, date(2027, 10, 9))
    assert sound(empty)
    again = calendars.read(empty, file(tmp_path))
    assert (again.new, again.changed) == ((), ())
    assert not calendars.commit(empty, again)
    history.undo_last(empty)
    assert known(empty, date(2027, 10, 4))


def test_a_later_notice_corrects_the_days_it_names(empty: Workspace, tmp_path: Path) -> None:
    calendars.import_file(empty, file(tmp_path))
    corrected = [["放假" if cell == "调休上班" and row[0] == "10月9日" else cell for cell in row] for row in ROWS]
    plan = calendars.read(empty, file(tmp_path, rows=corrected))
    assert [(one.day, one.kind) for one in plan.changed] == [(date(2027, 10, 9), "weekday_off")]
    assert [f.code for f in plan.findings if f.severity == "warning"] == ["workday.weekend_off", "workday.changes"]
    calendars.commit(empty, plan)
    assert not known(empty, date(2027, 10, 9))
    history.undo_last(empty)
    assert known(empty, date(2027, 10, 9))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["10月9日", "放假", ""], "workday.twice"),
        (["国庆", "放假", ""], "import.date_unreadable"),
        (["10月8日", "调休", ""], "import.calendar_kind"),
        (["2029-01-01", "放假", ""], "workday.other_year"),
    ],
)
def test_a_year_with_a_row_that_is_not_clear_is_not_taken(empty: Workspace, tmp_path: Path, more: list[str], code: str) -> None:
    before = everything(empty)
    plan = calendars.read(empty, file(tmp_path, more))
    assert [f.code for f in plan.errors] == [code]
    with pytest.raises(Refused, match="workday.file_refused"):
        calendars.commit(empty, plan)
    assert everything(empty) == before


def test_a_part_of_a_year_or_no_table_is_not_taken(empty: Workspace, tmp_path: Path) -> None:
    before = everything(empty)
    assert [f.code for f in calendars.read(empty, file(tmp_path, rows=ROWS[:4])).errors] == ["workday.year_incomplete"]
    with pytest.raises(Problem, match="file.no_header"):
        calendars.read(empty, file(tmp_path, rows=[["甲", "乙"], ["1", "2"]]))
    with pytest.raises(Refused, match="workday.file_unreadable"):
        calendars.read(empty, tmp_path / "nothing.toml")
    assert everything(empty) == before


def test_days_of_the_december_before_belong_to_the_notice(empty: Workspace, tmp_path: Path) -> None:
    rows = [[cell.replace("1月1日", "2026年12月31日至1月1日") if cell == "1月1日" else cell for cell in row] for row in ROWS]
    plan = calendars.read(empty, file(tmp_path, rows=rows))
    assert plan.errors == ()
    calendars.commit(empty, plan)
    assert not known(empty, date(2026, 12, 31))
    assert 2026 in workdays.packaged().years


def test_the_example_reads_back_as_the_newest_year(empty: Workspace, tmp_path: Path) -> None:
    for name in ("样表.xlsx", "样表.csv"):
        calendars.save_example(tmp_path / name)
        plan = calendars.read(empty, tmp_path / name)
        assert (plan.year, plan.new, plan.changed, plan.errors) == (max(workdays.packaged().years), (), (), ())
