"""Readings in workbooks: the same as the same rows in text, read piece by piece, and what only a workbook can do to them."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.formats import sensor_readings as files
from desktop.formats import spreadsheet
from desktop.formats.guard import Limits
from desktop.formats.spreadsheet import Grid
from desktop.ledger.problem import Cancelled, Problem
from tests.formats import books

HEAD = ["传感器编号", "采集时间", "功率(W)"]
NINE = datetime(2025, 5, 6, 9)
"""On the wall in Shanghai; 01:00 UTC."""


def row(sensor: Any, minute: int, watts: Any, second: int = 0) -> list[Any]:
    return [sensor, NINE + timedelta(minutes=minute, seconds=second), watts]


SOUND = [row("CG-1", 0, 600), row("CG-1", 1, 0.5), row("CG-2", 0, 41.25), row(1001, 0, 7), row("CG-1", 2, None), row("CG-1", 3, 600.1)]


def told(found: files.Readings, sensor: str = "CG-1") -> list[tuple[datetime, Decimal]]:
    return [(one.at, one.watts) for one in found.series[sensor].readings()]


def codes(found: files.Readings) -> list[tuple[str, int]]:
    return [(one.code, one.cell.row if one.cell else 0) for one in found.findings]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
@pytest.mark.parametrize(
    "rows",
    [
        SOUND,
        [row("CG-1", 0, "高"), ["CG-1", "何时", 1], row(None, 1, 1), ["CG-1", None, 1], row("CG-1", 5, "1e99"), *SOUND],
        [row("CG-1", 0, 600), row("CG-1", 0, 601), row("CG-1", 0, 600), row("CG-1", -5, 3)],
        [["CG-1", "2025-05-06T01:00:00Z", "１，２００"], ["CG-1", "2025/5/6 9:01", "1,200.5"], ["ＣＧ-1", "20250506090200", "-3"]],
    ],
)
def test_a_workbook_reads_like_the_same_rows_in_text(tmp_path: Path, kind: str, rows: list[list[Any]]) -> None:
    rows = [HEAD, *rows]
    quoted = [['"1,200.5"' if cell == "1,200.5" else cell for cell in one] for one in rows]
    text = files.read(books.csv(tmp_path / "a.csv", quoted))
    book = tmp_path / f"a.{kind}"
    if kind == "xlsx":
        books.xlsx(book, {"读数": rows})
    else:
        (books.xls if kind == "xls" else books.ods)(book, rows)
    found = files.read(book)
    assert {name: told(found, name) for name in found.series} == {name: told(text, name) for name in text.series}
    assert (found.quantity, found.n_rows, found.n_blank, codes(found)) == (text.quantity, text.n_rows, text.n_blank, codes(text))
    assert [one.params for one in found.findings] == [one.params for one in text.findings]


def test_seconds_of_a_date_cell_and_of_a_bare_serial_are_kept(tmp_path: Path) -> None:
    serial = 45783 + (9 * 3600 + 17) / 86_400
    book = books.xlsx(tmp_path / "a.xlsx", {"读数": [HEAD, row("CG-1", 0, 1, second=3), ["CG-1", serial, 2], ["CG-1", f"{serial:.7f}", 3]]})
    found = files.read(book)
    assert [one.at for one in found.series["CG-1"].readings()] == [datetime(2025, 5, 6, 1, 0, second, tzinfo=UTC) for second in (3, 17)]
    assert codes(found) == [("sensor.several_at_once", 0)], "the text names the moment of the number"


def test_days_of_a_workbook_may_count_from_1904(tmp_path: Path) -> None:
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for one in (HEAD, ["CG-1", 45783.375 - 1462, 5]):
        book.active.append(one)
    book.save(tmp_path / "a.xlsx")
    assert told(files.read(tmp_path / "a.xlsx")) == [(datetime(2025, 5, 6, 1, tzinfo=UTC), Decimal(5))]


def test_a_log_goes_on_on_the_next_sheet_below_its_title(tmp_path: Path) -> None:
    title = [["电镜一号功率记录"], [], HEAD]
    book = books.xlsx(
        tmp_path / "a.xlsx",
        {
            "说明": [["由平台导出"]], "1": [*title, row("CG-1", 0, 600)], "空": [], "2": [*title, row("CG-1", 1, 0)],
            "电流": [["传感器", "时间", "电流(mA)"], row("CG-1", 2, 9)],
        },
    )  # fmt: skip
    found = files.read(book)
    assert told(found) == [(datetime(2025, 5, 6, 1, tzinfo=UTC), Decimal(600)), (datetime(2025, 5, 6, 1, 1, tzinfo=UTC), Decimal(0))]
    assert [(one.code, dict(one.params)) for one in found.findings] == [("import.sheet_read", {"sheet": "1、2", "sheets": "说明、电流"})]


def test_a_heading_stands_in_the_first_twenty_rows(tmp_path: Path) -> None:
    def at(n_above: int) -> Path:
        return books.xlsx(tmp_path / f"{n_above}.xlsx", {"读数": [*([["功率记录"]] * n_above), HEAD, row("CG-1", 0, 600)]})

    assert len(files.read(at(19)).series["CG-1"]) == 1
    with pytest.raises(Problem) as refused:
        files.read(at(20))
    assert (refused.value.code, refused.value.params["heads"]) == ("sensor.columns", "功率记录")


def test_what_is_hidden_calculated_or_broken_is_told(tmp_path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet, hidden = book.add_worksheet("读数"), book.add_worksheet("旧")
    hidden.hide()
    day = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.write_row(0, 0, HEAD)
    for at in range(1, 5):
        sheet.write_string(at, 0, "CG-1")
        sheet.write_datetime(at, 1, NINE + timedelta(minutes=at), day)
        sheet.write_number(at, 2, 600)
    sheet.write_formula("C3", "=1/0", None, "#DIV/0!")
    sheet.write_formula("C4", "=A1*2", None, 599)
    sheet.write_boolean("C5", True)
    sheet.write_datetime("C6", NINE, day)
    sheet.write_string("A6", "CG-1")
    sheet.write_datetime("B6", NINE, day)
    sheet.set_row(3, None, None, {"hidden": True})
    book.close()
    found = files.read(tmp_path / "a.xlsx")
    assert [value for _, value in told(found)] == [Decimal(600), Decimal(599)]
    assert codes(found) == [
        ("import.hidden_sheets", 0), ("import.hidden_rows", 0), ("import.formulas", 0), ("import.error_value", 3), ("import.not_a_number", 5),
        ("import.number_is_date", 6),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([HEAD], "sensor.no_readings"),
        ([["功率记录"], ["传感器编号", "采集时间", "功率"], row("CG-1", 0, 1)], "sensor.unit_missing"),
        ([["功率记录"], ["传感器编号", "采集时间", "温度"], row("CG-1", 0, 1)], "sensor.columns"),
        ([HEAD, *[row("CG-1", n, 1) for n in range(3)]], "file.too_large_rows"),
    ],
)
def test_workbooks_that_are_refused(tmp_path: Path, rows: list[list[Any]], code: str) -> None:
    limits = Limits(n_rows=3) if code == "file.too_large_rows" else files.LIMITS
    with pytest.raises(Problem) as refused:
        files.read(books.xlsx(tmp_path / "a.xlsx", {"读数": rows}), limits=limits)
    assert refused.value.code == code
    if code == "sensor.columns":
        assert "温度" in refused.value.params["heads"], "the row that looks like a heading, not the title"


def test_a_workbook_is_never_held_whole_and_can_be_stopped(tmp_path: Path) -> None:
    book = books.xlsx(tmp_path / "a.xlsx", {"读数": [HEAD, *[row("CG-1", n, n % 7) for n in range(6_000)]]})
    with closing(spreadsheet.stream(book, "xlsx")) as pieces:
        sizes = [len(piece.rows) if isinstance(piece, Grid) else len(piece) for piece in pieces if isinstance(piece, Grid | list)]
    assert (sizes[0], max(sizes), sum(sizes)) == (0, 500, 6_001)
    with pytest.raises(Cancelled):
        files.read(book, cancelled=lambda: True)
