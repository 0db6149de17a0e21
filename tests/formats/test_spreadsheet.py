"""Reading files: the same table from every kind of file, and nothing lost, guessed or swallowed by the reader."""

from __future__ import annotations

import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.formats import spreadsheet
from desktop.formats.guard import Limits
from desktop.formats.spreadsheet import Fault
from desktop.ledger.problem import Cancelled, Problem
from tests.formats import books

MOMENT = datetime(2025, 5, 6, 9, 30)
ROWS = [["名称", "数", "金额", "日", "时"], ["高分辨", 3, 64.49, date(2024, 5, 24), MOMENT], ["", None, 1.1, None, None]]
PLAIN = [
    ["名称", "数", "金额", "日", "时"],
    ["高分辨", 3, Decimal("64.49"), date(2024, 5, 24), MOMENT],
    [None, None, Decimal("1.1"), None, None],
]


def problem(path: Path, limits: Limits | None = None) -> Problem:
    with pytest.raises(Problem) as caught:
        spreadsheet.read(path, limits=limits or Limits())
    return caught.value


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_every_kind_gives_the_same_cells(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    if kind == "xlsx":
        books.xlsx(path, {"表": ROWS})
    else:
        (books.xls if kind == "xls" else books.ods)(path, ROWS)
    book = spreadsheet.read(path)
    assert (book.kind, [grid.name for grid in book.sheets]) == (kind, ["表"])
    assert list(book.sheets[0].rows) == PLAIN
    assert [[type(cell) for cell in row] for row in book.sheets[0].rows] == [[type(cell) for cell in row] for row in PLAIN]


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("utf-16", "utf-16")]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_tables_tell_how_they_were_read(tmp_path: Path, encoding: str, told: str, delimiter: str) -> None:
    rows = [["单位名称", "行业"], ["齐鲁，新材料㐂", "工业"]]
    book = spreadsheet.read(books.csv(tmp_path / "客户.csv", rows, encoding=encoding, delimiter=delimiter))
    assert (book.encoding, book.delimiter) == (told, delimiter)
    assert list(book.sheets[0].rows) == rows


def test_text_in_no_known_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("单位,行业\n".encode() + b"\xff\xff\xff\n")
    assert problem(path).code == "file.encoding"


def test_formulas_give_stored_results_and_are_never_blank_without_one(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("表")
    sheet.write_formula("A1", "=1+1", None, 2)
    sheet.write_formula("B1", "=1/0", None, "#DIV/0!")
    sheet.write_formula("C1", '=IF(A1>1,"","x")', None, "")
    sheet.write_string("D1", "=1+1")
    book.close()
    row = spreadsheet.read(path).sheets[0].rows[0]
    assert row[0] == 2
    assert row[1] == Fault("#DIV/0!")
    assert row[3] == "=1+1"
    uncalculated = books.xlsx(tmp_path / "b.xlsx", {"表": [["a", "=A1&A1", "#N/A"]]})
    assert spreadsheet.read(uncalculated).sheets[0].rows[0] == ["a", Fault("="), Fault("#N/A")]
    below = books.xlsx(tmp_path / "c.xlsx", {"表": [["a"], [None, "=A1"], ["=A1"]]})
    assert list(spreadsheet.read(below).sheets[0].rows) == [["a"], [None, Fault("=")], [Fault("=")]]


def test_hidden_sheets_are_left_out_and_empty_ones_kept(tmp_path: Path) -> None:
    import openpyxl

    path = books.xlsx(tmp_path / "a.xlsx", {"说明": [], "表": ROWS, "旧": ROWS})
    book = openpyxl.load_workbook(path)
    book["旧"].sheet_state = "hidden"
    book.save(path)
    assert [(grid.name, len(grid.rows)) for grid in spreadsheet.read(path).sheets] == [("说明", 0), ("表", 3)]
    assert problem(books.xlsx(tmp_path / "b.xlsx", {"表": []})).code == "file.empty"


def test_what_is_inside_counts_not_the_ending(tmp_path: Path) -> None:
    made = books.xlsx(tmp_path / "a.xlsx", {"表": [["甲", 1]]})
    for name in ("a.xls", "a.ods", "a.dat", "a"):
        other = tmp_path / name
        other.write_bytes(made.read_bytes())
        assert spreadsheet.read(other).sheets == spreadsheet.read(made).sheets


def test_a_workbook_tells_from_when_its_days_count(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["日期", 44620])
    for epoch, since_1904 in ((openpyxl.utils.datetime.CALENDAR_WINDOWS_1900, False), (openpyxl.utils.datetime.CALENDAR_MAC_1904, True)):
        book.epoch = epoch
        book.save(tmp_path / "a.xlsx")
        assert spreadsheet.read(tmp_path / "a.xlsx").sheets[0].base_1904 is since_1904


def test_merged_areas_are_told(tmp_path: Path) -> None:
    path = books.xlsx(tmp_path / "a.xlsx", {"表": ROWS}, merged=["A2:A3"])
    assert spreadsheet.read(path).sheets[0].merged == ((1, 0, 2, 0),)


def test_a_tiny_workbook_that_asks_for_all_memory_is_stopped(tmp_path: Path) -> None:
    assert problem(books.sparse(tmp_path / "a.xlsx")).code == "file.too_large_unpacked"


def test_too_many_rows_columns_or_cells(tmp_path: Path) -> None:
    xlsx = books.xlsx(tmp_path / "a.xlsx", {"表": [[1, 2, 3]] * 30})
    csv = books.csv(tmp_path / "a.csv", [[1, 2, 3]] * 30)
    for path in (xlsx, csv):
        told = problem(path, Limits(n_rows=29))
        assert (told.code, told.params["found"], told.params["limit"]) == ("file.too_large_rows", "30", "29")
        assert problem(path, Limits(n_columns=2)).code == "file.too_large_columns"
        assert problem(path, Limits(n_cells=89)).code == "file.too_large_cells"
        assert len(spreadsheet.read(path, limits=Limits(n_rows=30, n_columns=3, n_cells=90)).sheets[0].rows) == 30


def test_a_workbook_damaged_inside_is_told(tmp_path: Path) -> None:
    path = books.zipped(tmp_path / "a.xlsx", {"xl/workbook.xml": b"<workbook", "[Content_Types].xml": b""})
    assert problem(path).code == "file.damaged"
    assert problem(books.ole(tmp_path / "b.xls", "Workbook")).code == "file.damaged"


def test_reading_stops_when_asked_and_when_it_takes_too_long(tmp_path: Path) -> None:
    path = books.xlsx(tmp_path / "a.xlsx", {"表": ROWS})
    with pytest.raises(Cancelled):
        spreadsheet.read(path, cancelled=lambda: True)
    with pytest.raises(Cancelled):
        spreadsheet.read(books.csv(tmp_path / "a.csv", ROWS), cancelled=lambda: True)
    assert problem(path, Limits(seconds=0)).code == "file.too_slow"


def test_the_reading_process_is_given_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spy = tmp_path / "spy.py"
    seen = tmp_path / "seen"
    spy.write_text(f"import os, pathlib\npathlib.Path({str(seen)!r}).write_text(str(os.environ))\nprint('{{\"end\": true}}')")
    monkeypatch.setenv("YIXIANG_PASSPHRASE", "correct horse")
    monkeypatch.setattr(spreadsheet, "reader_command", lambda: [sys.executable, "-I", str(spy)])
    assert problem(books.xlsx(tmp_path / "a.xlsx", {"表": ROWS})).code == "file.empty"
    assert "correct horse" not in seen.read_text()
    assert "HOME" not in seen.read_text()


def test_a_reader_that_cannot_start_is_a_fault_of_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "reader_command", lambda: [sys.executable, "-I", str(tmp_path / "nothing.py")])
    with pytest.raises(RuntimeError, match="without a last word"):
        spreadsheet.read(books.xlsx(tmp_path / "a.xlsx", {"表": ROWS}))


@pytest.mark.parametrize("line", ["{", '[[["x"]]]', '{"sheet": "a"}', '[[["1", 2, 3]]]'])
def test_a_reading_process_that_says_nonsense_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    spy = tmp_path / "spy.py"
    spy.write_text(f"print({line!r})\nprint('{{\"end\": true}}')")
    monkeypatch.setattr(spreadsheet, "reader_command", lambda: [sys.executable, "-I", str(spy)])
    assert problem(books.xlsx(tmp_path / "a.xlsx", {"表": ROWS})).code == "file.damaged"
