"""Finding the table: which sheet, which row is the header, which column is what, and which rows are data."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop import words
from desktop.formats import customers, fees, headers, instruments, receipts, service_records, table
from desktop.formats.spreadsheet import Workbook
from desktop.ledger.problem import Problem
from tests.formats import books

HEAD = ["所在单位仪器编号", "仪器设备名称", "仪器分类编码", "原值"]
ROW = ["A1", "电镜", "010102", 298]


def find(rows: books.Rows, **more: object) -> table.Table:
    return table.find(books.workbook(rows, **more), instruments.FIELDS)  # type: ignore[arg-type]  # passed on as given


def columns(found: table.Table) -> dict[str, int]:
    return {column.field.name: column.index for column in found.columns}


def numbers(found: table.Table) -> list[int]:
    return [number for number, _ in found.lines()]


def test_the_header_is_the_best_of_the_first_twenty_rows() -> None:
    found = find([["某大学仪器台账（2025年）"], [], ["仪器编号", "填表说明"], *[[""]] * 10, HEAD, ROW])
    assert (found.first_row, found.last_row, numbers(found)) == (14, 14, [15])
    assert found.preamble == ("某大学仪器台账（2025年）", "仪器编号", "填表说明")
    with pytest.raises(Problem) as caught:
        find([*[["说明"]] * 20, HEAD, ROW])
    assert caught.value.code == "file.no_header"


@pytest.mark.parametrize(
    ("header", "field", "unit"),
    [
        (" 资产编号 ", "asset_number", ""),
        ("所在单位\n仪器编号*", "asset_number", ""),
        ("设备名称", "name", ""),
        ("建账时间", "booked_on", ""),
        ("Ｅ－ｍａｉｌ", "email", ""),
        ("原值（万元）", "value_fen", "万元"),
        ("原值(元)", "value_fen", "元"),
        ("原 值 （ 单位：元 ）", "value_fen", "元"),
        ("单价/元", "value_fen", "元"),
        ("原值", "value_fen", "万元"),
        ("是否涉密（是/否）", "confidential", ""),
    ],
)
def test_columns_are_known_by_many_names_and_state_their_unit(header: str, field: str, unit: str) -> None:
    found = table.find(books.workbook([["联系人", header, "街道"], ["张", 1, "路"]]), instruments.FIELDS)
    column = found.column(field)
    assert column is not None
    assert (column.index, column.unit) == (1, unit)


def test_the_networks_number_is_not_the_asset_number() -> None:
    found = columns(find([["仪器编号", *HEAD], ["N1", *ROW]]))
    assert (found["network_number"], found["asset_number"]) == (0, 1)
    price = table.find(books.workbook([["仪器编号", "校内", "校外"], ["A1", 1, 2]]), fees.FIELDS)
    assert columns(price)["asset_number"] == 0


def test_blank_rows_totals_remarks_and_repeated_headers_are_no_data() -> None:
    rows = [
        HEAD,
        ROW,
        [None] * 4,
        ["", " ", "　", None],
        ["合计", None, None, 298],
        [None, "总 计：", None, 3],
        HEAD,
        ["注：以上数据截至年底"],
        ["制表人：张三", "", "审核人：李四"],
        ["合计表仪", "名", "010102", 1],
        ["小计（1台）"],
    ]
    assert numbers(find(rows)) == [2, 10]


def test_extra_and_missing_columns_are_listed() -> None:
    found = find([[*HEAD, "备注栏", "问题"], [*ROW, "x", "y"]])
    assert found.extra == ("备注栏",)
    assert "英文名称" in [field.header for field in found.missing]
    assert [(f.code, f.severity) for f in found.findings] == [("import.columns_extra", "note")]


def test_columns_without_a_header_are_told_when_they_hold_anything() -> None:
    found = find([[*HEAD, None, "型号"], [*ROW, "夹在中间", "x", None, "在右边"], [*ROW, " ", "y"]])
    assert [(f.code, dict(f.params)["columns"]) for f in found.findings] == [("import.columns_headless", "E、H")]


def test_a_missing_required_column_stops_the_reading_and_is_named() -> None:
    with pytest.raises(Problem) as caught:
        instruments.read_rows(books.workbook([["资产编号", "设备名称", "原值"], ["A1", "x", 1]]))
    assert (caught.value.code, caught.value.params["columns"]) == ("import.columns", "仪器分类编码")


def test_two_columns_with_one_name_are_not_guessed() -> None:
    rows = [[*HEAD, "原值", "电话", "电话"], [*ROW, 300, "1", "2"]]
    found = find(rows)
    assert {(f.code, f.severity) for f in found.findings} == {
        ("import.column_twice", "error"),
        ("import.column_twice_left_out", "warning"),
    }
    with pytest.raises(Problem) as caught:
        instruments.read_rows(books.workbook(rows))
    assert caught.value.code == "import.columns"
    chosen = instruments.read_rows(books.workbook(rows), {"原值": "E"})
    assert [row.value_fen for row in chosen.rows] == [300_000_000]


def test_the_exact_header_wins_over_another_name() -> None:
    assert columns(find([["资产编号", *HEAD], ["X", *ROW]]))["asset_number"] == 1
    assert columns(find([["原值（原币）", *HEAD], ["X", *ROW]]))["value_fen"] == 4


def test_a_person_can_say_which_column_it_is() -> None:
    rows = [["编码甲", "所在单位仪器编号", "名称", "分类代码", "原值", "折合金额（元）"], ["B1", "A1", "x", "010102", 1, 250]]
    book = books.workbook(rows)
    sheet = instruments.read_rows(book, {"所在单位仪器编号": "编码甲", "value_fen": "折合金额（元）"})
    assert [(row.asset_number, row.value_fen) for row in sheet.rows] == [("B1", 25_000)]
    assert [row.asset_number for row in instruments.read_rows(book, {"资产编号": "a"}).rows] == ["B1"]
    wrong = [
        ({"没有这项": "A"}, "import.map_name"),
        ({"原值": "没有这列"}, "import.map_column"),
        ({"原值": "Z"}, "import.map_column"),
    ]
    for mapping, code in wrong:
        with pytest.raises(Problem) as caught:
            instruments.read_rows(book, mapping)
        assert caught.value.code == code


def test_headers_merged_over_two_rows() -> None:
    rows = [
        ["收费标准"],
        ["仪器编号", "仪器名称", "服务项目", "计费单位", "收费标准（元）", None, "备注"],
        [None, None, None, None, "校内", "校外", None],
        ["A1", "电镜", "成像", "样", 150, 300, None],
    ]
    merged = [(0, 0, 0, 6), (1, 4, 1, 5), *((1, c, 2, c) for c in (0, 1, 2, 3, 6))]
    found = table.find(books.workbook(rows, merged=merged), fees.FIELDS)
    assert (found.first_row, found.last_row, numbers(found)) == (2, 3, [4])
    sheet = fees.read_rows(books.workbook(rows, merged=merged))
    assert [(row.asset_number, row.internal_text, row.external_text) for row in sheet.rows] == [("A1", "150", "300")]


def test_cells_merged_downwards_hold_for_each_row_but_amounts_do_not() -> None:
    rows = [["记录编号", "到账日期", "金额", "发票号"], ["R1", "2025-05-06", 100, "F1"], [None, "2025-05-07", None, "F2"]]
    sheet = receipts.read_rows(books.workbook(rows, merged=[(1, 0, 2, 0), (1, 2, 2, 2)]))
    assert [(row.record_number, row.amount_fen) for row in sheet.rows] == [("R1", 10_000)]
    assert [[f.code for f in row.findings] for row in sheet.rejected] == [["import.blank"]]
    # The rejects file says which record it was, though the sheet wrote it once for both rows.
    assert sheet.table.cells(3) == ["R1", "2025-05-07", None, "F2"]


def test_the_sheet_with_the_best_header_is_read_and_others_like_it_are_named() -> None:
    sheets: dict[str, books.Rows] = {"说明": [["原值"], ["x"]], "甲": [HEAD, ROW], "乙": [HEAD, ROW]}
    grids = tuple(books.grid(rows, name=name) for name, rows in sheets.items())
    found = table.find(Workbook("a.xlsx", "xlsx", grids), instruments.FIELDS)
    assert found.sheet == "甲"
    told = [(f.code, dict(f.params)["sheets"]) for f in found.findings]
    assert told == [("import.other_sheets", "乙"), ("import.sheet_read", "说明")]


def test_how_the_file_was_read_is_told() -> None:
    def told(book: Workbook) -> list[tuple[str, str]]:
        found = table.find(book, instruments.FIELDS).findings
        assert all("{" not in words.say(f.code, **dict(f.params)) for f in found)
        return [(f.code, f.severity) for f in found]

    plain = books.grid([HEAD, ROW])
    assert told(Workbook("a.xlsx", "xlsx", (plain,))) == []
    assert told(Workbook("a.csv", "csv", (plain,), "GB18030", ";")) == [("import.read_as", "note")]
    odd = replace(plain, n_formulas=3, formula_at="C2", n_hidden=2)
    assert told(Workbook("a.xlsm", "xlsx", (odd,), hidden=("旧",), marks=("macros", "links"))) == [
        ("import.hidden_sheets", "warning"),
        ("import.hidden_rows", "warning"),
        ("import.formulas", "note"),
        ("import.macros", "note"),
        ("import.links", "note"),
    ]


def test_a_row_with_a_remark_in_front_is_data() -> None:
    rows = [["备注栏", *HEAD], ["说明：进口件", *ROW], ["合计", None, None, None, 298], ["注：以上为年底数", *[None] * 4]]
    assert numbers(find(rows)) == [2]


def test_a_separator_at_the_end_of_each_row_shifts_nothing() -> None:
    head, row = ["单位名称", "是否本单位"], ["甲公司", "是", None]
    grid = replace(books.grid([head, row, ["乙公司", "是", " "], ["丙公司", "是"]]), delimiter=",")
    assert len(customers.read_rows(Workbook("a.csv", "csv", (grid,), "UTF-8", ",")).rows) == 3


def test_a_text_table_cut_in_the_wrong_places_is_not_taken() -> None:
    head = ["单位名称", "统一社会信用代码", "所在市", "营业收入（万元）", "是否本单位"]
    good, shifted = ["甲公司", None, "济南市", "1200", "否"], ["乙公司", None, "济南市", "1", "200", "否"]
    swallowed = ["丙公司", None, '济南市,1200,否\n丁公司,,济南市,900,否\n戊公司,"', "1", "否"]
    book = Workbook("a.csv", "csv", (replace(books.grid([head, good, shifted, swallowed, good[:3]]), delimiter=","),), "UTF-8", ",")
    sheet = customers.read_rows(book)
    assert [row.name for row in sheet.rows] == ["甲公司"]
    errors = {f.code: f.cell.row for row in sheet.rejected for f in row.findings if f.severity == "error" and f.cell}
    assert (errors["import.cells_shifted"], errors["import.lines_swallowed"], errors["import.blank"]) == (3, 4, 5)


@pytest.mark.parametrize("fields", [instruments.FIELDS, customers.FIELDS, fees.FIELDS, receipts.FIELDS, service_records.FIELDS])
def test_no_name_means_two_columns(fields: tuple[instruments.Field, ...]) -> None:
    names = [headers.normal(name) for field in fields for name in (field.header, *field.others)]
    assert len(names) == len(set(names))


def test_columns_have_the_letters_of_a_spreadsheet() -> None:
    assert [headers.letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
