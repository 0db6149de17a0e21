"""The files an institution hands in: what each row becomes, what is rejected and what is only remarked on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from desktop import resource, words
from desktop.formats import (
    costs,
    customers,
    evaluations,
    fees,
    instruments,
    receipts,
    service_records,
    spreadsheet,
    technicians,
    university_sets,
    university_use,
)
from desktop.formats.reading import Sheet
from desktop.ledger.problem import Cancelled, Problem
from tests.formats import books

NINE, TEN = datetime(2025, 5, 6, 9), datetime(2025, 5, 6, 10)
READERS: dict[str, Any] = {
    "instruments": instruments,
    "fees": fees,
    "technicians": technicians,
    "customers": customers,
    "records": service_records,
    "costs": costs,
    "receipts": receipts,
    "evaluations": evaluations,
    "university_sets": university_sets,
    "university_use": university_use,
}
GOOD: dict[str, dict[str, Any]] = {
    "instruments": {
        "所在单位仪器编号": "A1",
        "仪器设备名称": "电镜",
        "仪器分类编码": "010102",
        "原值": Decimal("298.5"),
        "涉密": "否",
        "建账日期": date(2024, 5, 24),
    },
    "fees": {"仪器编号": "A1", "服务项目": "成像", "计费单位": "样", "校内（元）": 150, "校外（元）": "70–260"},
    "technicians": {"工号": "T1", "姓名": "张三", "负责仪器（多个用；分隔）": "A1；A2", "角色系数": "1.5"},
    "customers": {
        "单位名称": "某公司",
        "统一社会信用代码": "91370102MA0000015A",
        "从业人数": 229,
        "营业收入（万元）": 1537,
        "是否本单位": "否",
    },
    "records": {
        "记录编号": "R1",
        "仪器编号": "A1",
        "使用单位": "某公司",
        "开始时间": NINE,
        "结束时间": TEN,
        "机时": 1,
        "样品数": 3,
        "是否加急": "是",
        "备注": None,
    },
    "costs": {
        "类别": "人员",
        "仪器编号": "全单位",
        "期间起": "2025-01-01",
        "期间止": "2025-06-30",
        "金额（元）": "1,000.50",
        "凭证号": "P1",
    },
    "receipts": {"记录编号": "R1", "到账日期": "2025-05-06", "金额（元）": 300, "发票号": "F1"},
    "university_sets": {"仪器编号": "A1", "报表编号": "20210001", "使用方向": "科研"},
    "university_use": {"仪器编号": "A1", "学年": "2024-2025", "教学机时": Decimal("12.5"), "测样数": 0},
    "evaluations": {"仪器编号": "A1", "年度": "2024-2025", "独立操作人数": 3, "核心刊物论文": 0, "录入依据": "培训名单"},
}


def read(kind: str, *changes: dict[str, Any]) -> Sheet[Any]:
    """A file whose rows are the good one with these changes."""
    rows = [GOOD[kind] | change for change in changes]
    head = list(dict.fromkeys(name for row in rows for name in row))
    return READERS[kind].read_rows(books.workbook([head, *([row.get(name) for name in head] for row in rows)]))  # type: ignore[no-any-return]


def reasons(sheet: Sheet[Any]) -> list[tuple[int, str, str]]:
    errors = [f for row in sheet.rejected for f in row.findings if f.severity == "error"]
    found = [(f.cell.row, f.cell.column, f.code) for f in errors if f.cell]
    assert all("{" not in words.say(f.code, **dict(f.params)) for f in sheet.findings)
    return found


def codes(sheet: Sheet[Any]) -> list[tuple[str, str]]:
    return [(f.code, f.severity) for row in sheet.rows for f in row.findings]


@pytest.mark.parametrize(
    ("name", "kind", "good", "rejected"),
    [
        (
            "instruments.xlsx",
            "instruments",
            60,
            [
                "import.negative",
                "import.repeated",
                "import.number_in_words",
                "import.date_impossible",
                "import.class_code_letter",
                "import.blank",
            ],
        ),
        ("price-list.xlsx", "fees", 43, []),
        ("technicians.xlsx", "technicians", 12, ["import.staff_number_taken"]),
        ("customers.csv", "customers", 15, ["import.uscc"]),
        (
            "service-records.xlsx",
            "records",
            503,
            ["import.repeated", "import.negative", "import.end_not_after_start", "import.moment_unreadable"],
        ),
    ],
)
def test_the_practice_files(name: str, kind: str, good: int, rejected: list[str]) -> None:
    sheet = READERS[kind].read_rows(spreadsheet.read(resource.path("practice", name)))
    assert len(sheet.rows) == good
    assert [code for _, _, code in reasons(sheet)] == rejected
    assert sheet.n_rows == good + len(sheet.rejected)


def test_the_price_list_says_from_when_it_holds() -> None:
    sheet = fees.read_rows(spreadsheet.read(resource.path("practice", "price-list.xlsx")))
    assert fees.effective_on(sheet.table) == date(2025, 1, 1)
    band = next(row for row in sheet.rows if row.row == 12)
    assert (band.unit_text, band.internal_text, band.external_text, band.startup_text) == ("样", "70–260", "140–520", "0")
    assert fees.effective_on(read("fees", {}).table) is None


def test_good_rows_are_typed() -> None:
    instrument = read("instruments", {}).rows[0]
    assert (instrument.asset_number, instrument.value_fen, instrument.confidential, instrument.booked_on, instrument.fiscal) == (
        "A1",
        298_500_000,
        False,
        date(2024, 5, 24),
        None,
    )
    technician = read("technicians", {}).rows[0]
    assert (technician.asset_numbers, technician.coefficient) == (("A1", "A2"), Decimal("1.5"))
    customer = read("customers", {}).rows[0]
    assert (customer.internal, customer.n_staff, customer.revenue_wan) == (False, 229, 1537)
    record = read("records", {}).rows[0]
    assert (record.started_at, record.minutes, record.derived, record.claimed_hours, record.urgent) == (NINE, 60, False, 1, True)
    cost = read("costs", {}).rows[0]
    assert (cost.asset_number, cost.starts_on, cost.ends_on, cost.amount_fen) == (
        None,
        date(2025, 1, 1),
        date(2025, 6, 30),
        100_050,
    )
    receipt = read("receipts", {}).rows[0]
    assert (receipt.record_number, receipt.received_on, receipt.amount_fen) == ("R1", date(2025, 5, 6), 30_000)


@pytest.mark.parametrize(
    ("kind", "change", "column", "code"),
    [
        ("instruments", {"所在单位仪器编号": None}, "所在单位仪器编号", "import.blank"),
        ("instruments", {"所在单位仪器编号": "\u200b"}, "所在单位仪器编号", "import.blank"),
        ("instruments", {"原值": None}, "原值", "import.blank"),
        ("instruments", {"原值": "面议"}, "原值", "import.not_a_number"),
        ("instruments", {"原值": "9" * 24}, "原值", "import.number_absurd"),
        ("instruments", {"原值": spreadsheet.Fault("=")}, "原值", "import.formula_without_result"),
        ("instruments", {"仪器分类编码": 10102}, "仪器分类编码", "import.class_code_zero_lost"),
        ("instruments", {"仪器分类编码": None}, "仪器分类编码", "import.blank"),
        ("instruments", {"建账日期": "不详"}, "建账日期", "import.date_unreadable"),
        ("instruments", {"涉密": "待定"}, "涉密", "import.not_secrecy"),
        ("fees", {"校内（元）": None, "校外（元）": " "}, "校内（元）", "import.no_price"),
        ("fees", {"校内（元）": date(2025, 1, 2)}, "校内（元）", "import.text_is_date"),
        ("technicians", {"工号": None}, "工号", "import.blank"),
        ("customers", {"统一社会信用代码": "91370102MA0000015B"}, "统一社会信用代码", "import.uscc"),
        ("customers", {"是否本单位": None}, "是否本单位", "import.blank"),
        ("records", {"记录编号": None}, "记录编号", "import.blank"),
        ("records", {"开始时间": None}, "开始时间", "import.blank"),
        ("records", {"结束时间": "昨天"}, "结束时间", "import.moment_unreadable"),
        ("records", {"结束时间": NINE}, "结束时间", "import.end_not_after_start"),
        ("records", {"机时": -1}, "机时", "import.negative"),
        ("records", {"样品数": -3}, "样品数", "import.negative"),
        ("costs", {"仪器编号": None}, "仪器编号", "import.cost_scope_blank"),
        ("costs", {"金额（元）": "0.005"}, "金额（元）", "import.fraction_of_fen"),
        ("costs", {"期间止": "2024-12-31"}, "期间止", "import.period_ends_before_start"),
        ("receipts", {"金额（元）": 0}, "金额（元）", "import.receipt_zero"),
        ("receipts", {"金额（元）": -300}, "金额（元）", "import.negative"),
        ("evaluations", {"独立操作人数": Decimal("2.5")}, "独立操作人数", "import.not_whole"),
        ("evaluations", {"独立操作人数": None, "核心刊物论文": None}, "仪器编号", "import.no_counts"),
        ("evaluations", {"录入依据": None}, "录入依据", "import.blank"),
        ("university_sets", {"报表编号": None, "使用方向": None}, "仪器编号", "import.nothing_stated"),
        ("university_sets", {"仪器编号": None}, "仪器编号", "import.blank"),
        ("university_use", {"教学机时": None, "测样数": None}, "仪器编号", "import.no_counts"),
        ("university_use", {"测样数": Decimal("2.5")}, "测样数", "import.not_whole"),
        ("university_use", {"学年": None}, "学年", "import.blank"),
    ],
)
def test_a_row_is_rejected_at_its_cell(kind: str, change: dict[str, Any], column: str, code: str) -> None:
    sheet = read(kind, change)
    assert reasons(sheet) == [(2, column, code)]
    assert not sheet.rows


def test_a_row_that_is_refused_for_its_hours_is_not_said_to_be_read() -> None:
    assert [one.code for one in read("records", {"机时": -1}).findings] == ["import.negative"]


@pytest.mark.parametrize(
    ("kind", "change", "told"),
    [
        ("instruments", {"仪器设备名称": None}, [("import.blank", "warning")]),
        ("instruments", {"年运行机时": "很多"}, [("import.not_a_number", "warning")]),
        ("instruments", {"安装验收日期": None, "财政资金": "不清楚"}, [("import.not_yes_no", "warning")]),
        ("instruments", {"原值": 3_000_000}, [("import.value_absurd", "warning")]),
        ("instruments", {"原值": 100_000}, []),
        ("technicians", {"角色系数": 1000}, [("import.weight_absurd", "warning")]),
        ("technicians", {"角色系数": "高"}, [("import.not_a_number", "warning")]),
        ("customers", {"统一社会信用代码": None}, [("import.no_uscc", "warning")]),
        ("customers", {"统一社会信用代码": None, "是否本单位": "是"}, []),
        ("records", {"结束时间": datetime(2025, 5, 7, 18), "机时": 33}, [("import.over_a_day", "warning")]),
        ("records", {"结束时间": datetime(2025, 5, 7, 18), "机时": 33, "备注": "连续运行"}, []),
        ("records", {"机时": 2}, [("import.hours_differ", "warning")]),
        ("records", {"机时": "两小时"}, [("import.number_in_words", "warning")]),
        ("records", {"样品数": 9_999_999}, [("import.quantity_absurd", "warning")]),
        ("records", {"使用单位": None}, []),
        ("records", {"服务类型": "教学", "服务方式": "占用共享、其他", "用户评价": "一般"}, []),
        ("records", {"服务方式": "上门", "用户评价": "5星"}, [("import.word_unknown", "note"), ("import.word_unknown", "note")]),
        ("instruments", {"网络编号": "未入网", "报备文号": "是"}, [("import.no_code", "warning"), ("import.no_code", "warning")]),
        ("instruments", {"原值": 0}, [("import.value_zero", "warning")]),
        ("instruments", {"年运行机时": 8785}, [("import.hours_beyond_year", "warning")]),
        ("technicians", {"角色系数": 0}, [("import.weight_zero", "warning")]),
        ("records", {"服务类型": "测试"}, [("import.word_unknown", "warning")]),
        ("costs", {"金额（元）": 0}, []),
    ],
)
def test_a_doubtful_row_is_kept_with_its_remark(kind: str, change: dict[str, Any], told: list[tuple[str, str]]) -> None:
    sheet = read(kind, change)
    assert len(sheet.rows) == 1
    assert codes(sheet) == told
    assert not reasons(sheet)


@pytest.mark.parametrize(
    ("minutes", "hours", "told"),
    [(50, "0.83", 0), (50, "0.84", 0), (50, "0.85", 1), (100, "1.67", 0), (60, "1.01", 0), (60, "0.98", 1)],
)
def test_machine_hours_may_be_off_by_a_hundredth(minutes: int, hours: str, told: int) -> None:
    end = NINE.replace(hour=9 + minutes // 60, minute=minutes % 60)
    assert codes(read("records", {"结束时间": end, "机时": hours})) == [("import.hours_differ", "warning")] * told


@pytest.mark.parametrize(
    ("kind", "second", "column", "code"),
    [
        ("instruments", {"仪器设备名称": "另一台"}, "所在单位仪器编号", "import.repeated"),
        ("instruments", {"所在单位仪器编号": "Ａ１"}, "所在单位仪器编号", "import.repeated"),
        ("instruments", {"所在单位仪器编号": "A2", "网络编号": " Ｎ１ "}, "网络编号", "import.network_number_taken"),
        ("technicians", {}, "工号", "import.repeated"),
        ("technicians", {"姓名": "李四"}, "工号", "import.staff_number_taken"),
        ("customers", {"统一社会信用代码": None, "是否本单位": "是"}, "单位名称", "import.repeated"),
        ("customers", {"单位名称": "另一公司"}, "统一社会信用代码", "import.repeated"),
        ("records", {"使用单位": "别人"}, "记录编号", "import.repeated"),
        ("fees", {"校内（元）": 1}, "服务项目", "import.repeated"),
        ("costs", {}, "凭证号", "import.repeated"),
        ("receipts", {}, "记录编号", "import.repeated"),
        ("evaluations", {"独立操作人数": 4}, "仪器编号", "import.repeated"),
        ("university_sets", {"使用方向": "教学"}, "仪器编号", "import.repeated"),
        ("university_use", {"测样数": 4}, "仪器编号", "import.repeated"),
    ],
)
def test_what_may_stand_once_is_taken_once(kind: str, second: dict[str, Any], column: str, code: str) -> None:
    sheet = read(kind, {"网络编号": "N1"} if "网络编号" in second else {}, second)
    assert [row.row for row in sheet.rows] == [2]
    assert reasons(sheet) == [(3, column, code)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"机时": None}, [("结束时间", "import.blank", "error")]),
        ({"机时": "两小时"}, [("机时", "import.number_in_words", "warning"), ("结束时间", "import.blank", "error")]),
        ({"机时": 0}, [("机时", "import.no_time", "error")]),
        ({"机时": -1}, [("机时", "import.negative", "error")]),
        ({"机时": 10**12}, [("机时", "import.number_absurd", "error")]),
        ({"机时": 2, "记录编号": None}, [("记录编号", "import.blank", "error")]),
        ({"机时": 2, "结束时间": "晚些时候"}, [("结束时间", "import.moment_unreadable", "error")]),
        ({"机时": 2, "开始时间": None}, [("开始时间", "import.blank", "error")]),
    ],
)
def test_a_row_without_end_and_hours_says_each_reason_once_and_promises_nothing(
    change: dict[str, Any], told: list[tuple[str, str, str]]
) -> None:
    sheet = read("records", {"结束时间": None} | change)
    assert not sheet.rows
    assert [(f.cell.column, f.code, f.severity) for f in sheet.findings if f.cell] == told


def test_a_blank_end_is_worked_out_from_the_hours_of_its_row() -> None:
    sheet = read("records", {}, {"记录编号": "R2", "结束时间": None, "机时": Decimal("1.675")})
    assert [(row.minutes, row.derived, row.ended_at) for row in sheet.rows] == [
        (60, False, TEN),
        (101, True, NINE.replace(hour=10, minute=41)),
    ]
    assert [f.code for f in sheet.findings] == ["import.time_from_hours"]


@pytest.mark.parametrize(
    ("word", "read_as", "said"),
    [("也许", None, "也许"), ("是/否", None, "是/否"), (2, None, "2"), ("√", True, ""), ("否", False, ""), (None, None, ""), ("　", None, "")],
)
def test_a_word_that_does_not_say_whether_it_was_urgent_is_kept(word: Any, read_as: bool | None, said: str) -> None:
    sheet = read("records", {"是否加急": word})
    (row,) = sheet.rows
    assert (row.urgent, row.urgent_said) == (read_as, said)
    assert codes(sheet) == ([("import.urgent_unclear", "warning")] if said else [])


@pytest.mark.parametrize("kind", READERS)
def test_a_header_without_rows_is_not_taken_for_a_file_read_before(kind: str) -> None:
    with pytest.raises(Problem, match=r"import\.no_rows"):
        READERS[kind].read_rows(books.workbook([list(GOOD[kind])]))
    with pytest.raises(Problem, match=r"import\.no_rows"):
        READERS[kind].read_rows(books.workbook([list(GOOD[kind]), ["合计", *[None] * (len(GOOD[kind]) - 1)]]))


@pytest.mark.parametrize("header", ["原值（美元）", "原值（万美元）", "原值（USD）", "原值($)", "原值（欧元）"])
def test_foreign_money_is_not_read_as_yuan(header: str) -> None:
    cells = {header if name == "原值" else name: value for name, value in GOOD["instruments"].items()}
    with pytest.raises(Problem, match=r"import\.columns") as refused:
        instruments.read_rows(books.workbook([list(cells), list(cells.values())]))
    assert [found.code for found in refused.value.findings] == ["import.foreign_money"]


def test_the_days_of_a_workbook_that_counts_from_1904() -> None:
    rows = [list(GOOD["records"]), list((GOOD["records"] | {"开始时间": Decimal("44620.375"), "结束时间": Decimal("44620.4375")}).values())]
    book = books.workbook(rows)
    assert service_records.read_rows(book).rows[0].started_at == datetime(2022, 2, 28, 9)
    grid = replace(book.sheets[0], base_1904=True)
    later = service_records.read_rows(replace(book, sheets=(grid,))).rows[0]
    assert (later.started_at, later.minutes) == (datetime(2026, 3, 1, 9), 90)


@pytest.mark.parametrize("mark", ["无", "—", " / ", "N/A", "－", "\u200b"])
def test_a_mark_for_nothing_is_nothing(mark: str) -> None:
    """无 under the network's number is no joining, and under 合同编号 no contract."""
    one, two = read("instruments", {"网络编号": mark, "报备文号": mark, "入网日期": mark}, {"所在单位仪器编号": "A2", "网络编号": mark}).rows
    assert (one.network_number, one.filing_number, one.joined_on, two.network_number) == ("", "", None, "")
    (record,) = read("records", {"合同编号": mark, "操作人": mark, "样品数": mark, "机时": mark, "备注": mark.strip()}).rows
    assert (record.contract, record.operator_name, record.quantity, record.claimed_hours) == ("", "", None, None)
    assert record.note == ("" if mark == "\u200b" else mark.strip())
    (customer,) = read("customers", {"统一社会信用代码": mark}).rows
    assert customer.uscc == ""
    assert reasons(read("records", {"记录编号": mark})) == [(2, "记录编号", "import.blank")]


def test_marks_for_nothing_are_told_once_a_column() -> None:
    sheet = read("records", *({"记录编号": f"R{n}", "合同编号": "—", "样品数": "/"} for n in range(5)))
    told = [(f.cell.row, f.cell.column, dict(f.params)["n"]) for f in sheet.findings if f.code == "import.taken_as_blank" and f.cell]
    assert sorted(told) == [(2, "合同编号", "5"), (2, "样品数", "5")]


def test_invisible_characters_around_a_number_are_told() -> None:
    sheet = read("records", {"样品数": "\u202e123"})
    assert [row.quantity for row in sheet.rows] == [123]
    assert codes(sheet) == [("import.invisible_removed", "note")]


def test_what_is_too_long_for_its_column_is_not_taken() -> None:
    assert reasons(read("instruments", {"所在单位仪器编号": "1" * 101})) == [(2, "所在单位仪器编号", "import.too_long")]
    (row,) = read("instruments", {"仪器设备名称": "长" * 501, "技术指标": "长" * 5000}).rows
    assert (row.name, len(row.technical)) == ("", 5000)


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ([2020170001, 2020170002, 20170003], ["20170003"]),
        (["0020170001", "0020170002", 20170003, 20170004], ["20170003"]),
        ([2020170001, "20170002"], []),
        ([1, 2, 10], []),
        ([True, "2020170001"], []),
    ],
)
def test_zeros_that_a_sheet_may_have_dropped_are_told(numbers: list[Any], told: list[str]) -> None:
    sheet = read("instruments", *({"所在单位仪器编号": number} for number in numbers))
    found = [f for f in sheet.findings if f.code == "import.zeros_perhaps_lost"]
    assert [str(numbers[f.cell.row - 2]) for f in found if f.cell] == told
    assert len(sheet.rows) + len(sheet.rejected) == len(numbers)


def test_what_differs_is_no_repetition() -> None:
    others = {
        "costs": {"金额（元）": 2},
        "receipts": {"发票号": "F2"},
        "fees": {"计费单位": "小时"},
        "records": {"记录编号": "R2"},
    }
    for kind, second in others.items():
        assert len(read(kind, {}, second).rows) == 2


def test_a_file_without_end_times_is_read_by_its_hours() -> None:
    head = ["记录编号", "仪器编号", "使用单位", "开始时间", "机时"]
    rows = [[f"R{n}", "A1", "某公司", NINE, hours] for n, hours in enumerate((Decimal("1.675"), None, 0, -1))]
    sheet = service_records.read_rows(books.workbook([head, *rows]))
    assert [(row.minutes, row.derived, row.ended_at) for row in sheet.rows] == [(101, True, NINE.replace(hour=10, minute=41))]
    assert reasons(sheet) == [(3, "机时", "import.blank"), (4, "机时", "import.no_time"), (5, "机时", "import.negative")]


def test_findings_come_by_row_and_original_cells_are_kept() -> None:
    sheet = read("records", {"机时": 5}, {"记录编号": None}, {"记录编号": "R3", "机时": 7})
    assert [f.cell.row for f in sheet.findings if f.cell] == [2, 3, 4]
    assert sheet.table.cells(3)[1] == "A1"


def test_reading_rows_can_be_stopped() -> None:
    with pytest.raises(Cancelled):
        service_records.read_rows(books.workbook([list(GOOD["records"]), list(GOOD["records"].values())]), cancelled=lambda: True)
