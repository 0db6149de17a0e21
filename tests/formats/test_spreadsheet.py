"""Reading files: the same table from every kind of file, and nothing lost, guessed or swallowed by the reader."""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.formats import spreadsheet
from desktop.formats.guard import Limits
from desktop.formats.spreadsheet import Fault
from desktop.ledger.problem import Cancelled, Problem
from tests.formats import books, sealed

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


@pytest.mark.parametrize("cell", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "########"])
def test_what_a_workbook_shows_for_no_value_is_none_in_a_text_table_too(tmp_path: Path, cell: str) -> None:
    book = spreadsheet.read(books.csv(tmp_path / "a.csv", [["编号", "名称"], [cell, "#1 楼"], ["'#REF!", "#N/A 见备注"]]))
    assert list(book.sheets[0].rows[1:]) == [[Fault(cell), "#1 楼"], ["'#REF!", "#N/A 见备注"]]


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("gb18030", "GB18030"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_tables_tell_how_they_were_read(tmp_path: Path, encoding: str, told: str, delimiter: str) -> None:
    rows = [["单位名称", "行业"], ["齐鲁，新材料㐂一一一", "工业"]]
    book = spreadsheet.read(books.csv(tmp_path / "客户.csv", rows, encoding=encoding, delimiter=delimiter))
    assert (book.encoding, book.delimiter) == (told, delimiter)
    assert list(book.sheets[0].rows) == rows


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("单位,行业\n".encode() + b"\xff\xff\xff\n", "file.encoding"),
        ("单位,行业\n".encode("utf-32"), "file.encoding"),
        ("单位名称,行业\n齐鲁新材料,工业".encode()[:-1], "file.encoding_broken"),
        ("单位名称,行业\n齐鲁".encode() + b"\xe6\x96" + "料,工业\n".encode(), "file.encoding_broken"),
        (b"\xef\xbb\xbf" + "单位名称,行业\n齐鲁新材料,工业".encode()[:-1], "file.encoding_broken"),
        ("單位名稱,行業\n臺灣大學貴重儀器中心,科學研究\n".encode("big5"), "file.encoding_traditional"),
        ("Société,Été\n".encode("latin-1"), "file.encoding"),
    ],
)
def test_text_that_would_only_look_read_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert problem(path).code == code


def test_a_broken_character_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("单位名称,行业\n齐鲁大学,教育\n新材料".encode() + b"\xe6\x96,\n")
    assert problem(path).params["row"] == "3"


def test_rare_and_traditional_characters_in_gb18030_are_no_reason_to_refuse(tmp_path: Path) -> None:
    rows = [["单位名称", "行业"], ["龍騰貴金屬㐂𠮷", "制造"], ["臺灣積體電路", "制造业信息传输软件和信息技术服务业"]]
    book = spreadsheet.read(books.csv(tmp_path / "a.csv", rows, encoding="gb18030"))
    assert (book.encoding, list(book.sheets[0].rows)) == ("GB18030", rows)


@pytest.mark.parametrize(("text", "row"), [('甲,乙\n1,"2\n3,4\n', 2), ('甲,乙\n1,2\n3,"4', 3), ('"甲,乙\n', 1)])
def test_a_quote_that_is_never_closed_swallows_no_lines(tmp_path: Path, text: str, row: int) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, "utf-8")
    told = problem(path)
    assert (told.code, told.params["row"]) == ("file.quote_open", str(row))


def test_a_quote_inside_a_cell_is_a_quote(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('甲,乙\n5" 管,"a ""b"" c"\n"两\n行",', "utf-8")
    assert list(spreadsheet.read(path).sheets[0].rows) == [["甲", "乙"], ['5" 管', 'a "b" c'], ["两\n行", None]]


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
    (grid,) = spreadsheet.read(path).sheets
    row = grid.rows[0]
    assert row[0] == 2
    assert (grid.n_formulas, grid.formula_at) == (1, "A1")
    assert row[1] == Fault("#DIV/0!")
    assert row[3] == "=1+1"
    uncalculated = books.xlsx(tmp_path / "b.xlsx", {"表": [["a", "=A1&A1", "#N/A"]]})
    assert spreadsheet.read(uncalculated).sheets[0].rows[0] == ["a", Fault("="), Fault("#N/A")]
    below = books.xlsx(tmp_path / "c.xlsx", {"表": [["a"], [None, "=A1"], ["=A1"]]})
    assert list(spreadsheet.read(below).sheets[0].rows) == [["a"], [None, Fault("=")], [Fault("=")]]


def test_an_old_workbook_tells_its_errors_and_formulas_too(tmp_path: Path) -> None:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    sheet.write(0, 0, "a")
    sheet.row(0).set_cell_error(1, 42)
    sheet.write(0, 2, xlwt.Formula("1+1"))
    sheet.row(0).set_cell_boolean(3, True)
    sheet.row(1).write(0, "b")
    sheet.row(1).hidden = True
    book.save(str(tmp_path / "a.xls"))
    (grid,) = spreadsheet.read(tmp_path / "a.xls").sheets
    assert grid.rows[0] == ["a", Fault("#N/A"), Fault("="), True]
    assert (grid.n_formulas, grid.n_hidden) == (0, 1)


def test_an_open_document_tells_its_errors_and_formulas_too(tmp_path: Path) -> None:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    sheet, line = Table(name="表"), TableRow(visibility="filter")
    for more, shown in (
        ({"valuetype": "string"}, "a"),
        ({"formula": "of:=NA()", "valuetype": "string", "stringvalue": ""}, "#N/A"),
        ({"formula": "of:=1/0", "valuetype": "float", "value": "0"}, "#DIV/0!"),
        ({"formula": "of:=1+1"}, ""),
        ({"formula": "of:=1+1", "valuetype": "float", "value": "2"}, "2"),
    ):
        cell = TableCell(**more)
        cell.addElement(P(text=shown))
        line.addElement(cell)
    sheet.addElement(line)
    book.spreadsheet.addElement(sheet)
    book.save(str(tmp_path / "a.ods"))
    (grid,) = spreadsheet.read(tmp_path / "a.ods").sheets
    assert grid.rows[0] == ["a", Fault("#N/A"), Fault("#DIV/0!"), Fault("="), 2]
    assert (grid.n_formulas, grid.formula_at, grid.n_hidden) == (1, "E1", 1)


def test_cells_of_other_writers_are_not_overlooked(tmp_path: Path) -> None:
    """Namespaces with a prefix, single quotes, cells without a place of their own: all of it is allowed."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = (
        f"<x:worksheet xmlns:x='{main}'><x:sheetData><x:row><x:c t='inlineStr'><x:is><x:t>a</x:t></x:is></x:c><x:c t='e'><x:v>#REF!</x:v></x:c>"
        "<x:c><x:f>1+1</x:f></x:c></x:row><x:row r='3' hidden='1'><x:c r='B3'><x:f>2</x:f><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    path = books.xlsx(tmp_path / "a.xlsx", {"表": [["x"]]})
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    books.zipped(path, entries | {"xl/worksheets/sheet1.xml": sheet.encode()})
    (grid,) = spreadsheet.read(path).sheets
    assert grid.rows[0] == ["a", Fault("#REF!"), Fault("=")]
    assert grid.rows[2] == [None, 2]
    assert (grid.n_formulas, grid.formula_at, grid.n_hidden) == (1, "B3", 1)


def test_numbers_that_are_none_come_through_as_what_they_are(tmp_path: Path) -> None:
    path = books.xlsx(tmp_path / "a.xlsx", {"表": [[1, 2]]})
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    sheet = entries["xl/worksheets/sheet1.xml"].replace(b"<v>1</v>", b"<v>NaN</v>").replace(b"<v>2</v>", b"<v>1e999</v>")
    (row,) = spreadsheet.read(books.zipped(path, entries | {"xl/worksheets/sheet1.xml": sheet})).sheets[0].rows
    assert row == ["nan", "inf"]


def test_macros_and_links_are_told_and_not_followed(tmp_path: Path) -> None:
    path = books.xlsx(tmp_path / "a.xlsm", {"表": ROWS})
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    books.zipped(path, entries | {"xl/vbaProject.bin": b"\xd0\xcf", "xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    book = spreadsheet.read(path)
    assert book.marks == ("macros", "links")
    assert list(book.sheets[0].rows) == PLAIN


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_workbook_with_a_password_is_refused(tmp_path: Path, kind: str) -> None:
    import msoffcrypto

    made = books.xlsx(tmp_path / "a.xlsx", {"表": [["甲", 1]] * 300}) if kind == "xlsx" else books.xls(tmp_path / "a.xls", [["甲", 1]] * 300)
    path = (sealed.sealed_xlsx if kind == "xlsx" else sealed.sealed_xls)(made, "密码 1234")
    assert problem(path).code == "file.protected"
    # It is one: its password opens it.
    with path.open("rb") as stream:
        office = msoffcrypto.OfficeFile(stream)
        office.load_key(password="密码 1234")
        plain = io.BytesIO()
        office.decrypt(plain)
    path.write_bytes(plain.getvalue())
    assert spreadsheet.read(path).sheets[0].rows[299] == ["甲", 1]


def test_hidden_sheets_are_left_out_and_empty_ones_kept(tmp_path: Path) -> None:
    import openpyxl

    path = books.xlsx(tmp_path / "a.xlsx", {"说明": [], "表": ROWS, "旧": ROWS})
    book = openpyxl.load_workbook(path)
    book["旧"].sheet_state = "hidden"
    book.save(path)
    read = spreadsheet.read(path)
    assert [(grid.name, len(grid.rows)) for grid in read.sheets] == [("说明", 0), ("表", 3)]
    assert read.hidden == ("旧",)
    book["表"].sheet_state = "hidden"
    book["说明"].sheet_state = "visible"
    book.save(path)
    told = problem(path)
    assert (told.code, told.params["sheets"]) == ("file.all_hidden", "表、旧")
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


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_table_that_begins_below_and_beside_the_corner_keeps_its_places(tmp_path: Path, kind: str) -> None:
    """The reader hands rows over from the first row on, but from the first column with a cell on."""
    rows = [[None] * 3, [None] * 3, [None, None, "a"], [None, 3, None], [None] * 3, [None, None, "z"]]
    path = tmp_path / f"a.{kind}"
    if kind == "xlsx":
        books.xlsx(path, {"表": rows, "空": []})
    else:
        (books.xls if kind == "xls" else books.ods)(path, rows)
    assert list(spreadsheet.read(path).sheets[0].rows) == rows
