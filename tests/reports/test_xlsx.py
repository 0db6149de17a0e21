"""Workbooks, read back by two other libraries: typed cells, heads that stay, print set-up, nothing that computes."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from desktop.ledger.problem import Problem
from desktop.reports import xlsx
from desktop.reports.content import Column, Content, Table
from tests.reports import paper
from tests.reports.clause_samples import REPORTS
from tests.reports.samples import HEAD, LETTERHEAD, PARAMETERS, PRINTED_ON, SECRET, SECRET_NUMBER, long_table


def one(*rows: tuple[Any, ...], columns: tuple[Column, ...] = (Column("名称"), Column("金额（元）", "money"))) -> Content:
    return Content("x", "测试 & 表", "2025 年", LETTERHEAD, (Table(columns, rows, caption="明细"),))


def opened(content: Content) -> Any:
    return openpyxl.load_workbook(io.BytesIO(xlsx.render(content, PRINTED_ON)))


def body(sheet: Any, head: str) -> list[list[Any]]:
    """The rows below the head that holds ``head``."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(i for i, row in enumerate(rows) if head in row)
    return rows[start + 1 :]


@pytest.mark.parametrize("kind", sorted(REPORTS))
def test_the_same_report_is_the_same_bytes(kind: str) -> None:
    first = xlsx.render(REPORTS[kind](), PRINTED_ON)
    assert first == xlsx.render(REPORTS[kind](), PRINTED_ON)
    assert first != xlsx.render(REPORTS[kind](), date(2026, 1, 17))


@pytest.mark.parametrize("kind", sorted(REPORTS))
def test_every_table_has_a_sheet_with_a_head_that_stays(kind: str) -> None:
    content = REPORTS[kind]()
    tables = [block for block in content.blocks if isinstance(block, Table)]
    book = opened(content)
    assert len(book.worksheets) == max(len(tables), 1) + 1, "one for the notes"
    assert all(len(name) <= 31 for name in book.sheetnames)
    for sheet, table in zip(book.worksheets, tables, strict=False):
        head_row = int(sheet.freeze_panes[1:]) - 1
        assert [cell.value for cell in sheet[head_row]][: len(table.columns)] == [column.head for column in table.columns]
        assert sheet.print_title_rows == f"${head_row}:${head_row}"
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        footer = "".join(str(part.text) for part in (sheet.oddFooter.left, sheet.oddFooter.center, sheet.oddFooter.right))
        assert "第 &P 页 共 &N 页" in footer
        assert HEAD[:16] in footer
    told = "\n".join(str(cell.value) for row in book.worksheets[-1].iter_rows() for cell in row)
    assert HEAD in told
    assert PARAMETERS in told


def test_cells_are_typed() -> None:
    columns = (
        Column("名称"), Column("金额", "money"), Column("日", "date"), Column("机时", "minutes"), Column("率", "ratio"),
        Column("数", "number", places=0), Column("编号"),
    )  # fmt: skip
    rows = (
        ("甲", 1_234_567, date(2026, 1, 5), 100, Decimal(1) / 3, 12_000, "91110000600037341L"),
        ("乙", None, None, None, None, None, "000012"),
        ("丙", "约定价", "长期", 0, Decimal(0), 0, ""),
    )
    sheet = opened(one(*rows, columns=columns)).worksheets[0]
    first, second, third = body(sheet, "金额")[:3]
    assert first == ["甲", 12345.67, datetime(2026, 1, 5), 1.67, 0.333333, 12_000, "91110000600037341L"]
    assert second == ["乙", "未知", "未知", "未知", "未知", "未知", "000012"]
    assert third[:6] == ["丙", "约定价", "长期", 0, 0, 0]
    formats = {cell.value: cell.number_format for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert formats[12345.67] == "#,##0.00"
    assert formats[0.333333] == "0.00%"
    assert formats["91110000600037341L"] == "@"


def test_money_a_spreadsheet_cannot_hold_exactly_stays_text() -> None:
    exact, too_long = 999_999_999_999_999, 12_345_678_901_234_567
    rows = body(opened(one(("甲", exact), ("乙", too_long))).worksheets[0], "名称")
    assert rows[0][1] == 9_999_999_999_999.99
    assert rows[1][1] == "123,456,789,012,345.67"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-1+cmd", "'-1+cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝HYPERLINK(1)", "'＝HYPERLINK(1)"),
        ("－2", "'－2"),
        ("-", "-"),
        ("http://example.invalid/", "http://example.invalid/"),
        ("a\u202eb", "a〔U+202E〕b"),
        ("x" * 40_000, "x" * 32_766 + "…"),
    ],
)
def test_text_stays_text(text: str, seen: str) -> None:
    content = one((text, 1))
    cell = next(cell for row in opened(content).worksheets[0].iter_rows() for cell in row if cell.value == seen)
    assert cell.data_type != "f"
    assert cell.hyperlink is None
    assert b"<f>" not in paper.unpacked(xlsx.render(content, PRINTED_ON))


def test_a_formula_is_seen() -> None:
    """The check above catches what it is for."""
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet().write(0, 0, "=1+1")
    assert b"<f>" in paper.unpacked(stream.getvalue())


def test_ampersands_are_text_in_page_heads() -> None:
    sheet = opened(one(("甲", 1))).worksheets[0]
    assert "测试 && 表" in str(sheet.oddHeader.right.text)


def test_totals_are_the_rows() -> None:
    content = long_table(1_500)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(xlsx.render(content, PRINTED_ON))).get_sheet_by_index(0).to_python()
    column = next(row for row in rows if "金额（元）" in row).index("金额（元）")
    fens = [round(row[column] * 100) for row in rows if isinstance(row[column], int | float)]
    assert len(fens) == 1_501
    assert sum(fens[:-1]) == fens[-1] == sum(i * 37 for i in range(1_500))


def test_a_workbook_that_contradicts_itself_is_not_written() -> None:
    columns = (Column("名称"), Column("金额", "money"))
    content = Content("x", "表", "2025 年", LETTERHEAD, (Table(columns, (("甲", 1),), ("合计", 2)),))
    with pytest.raises(Problem, match=r"report\.sums_differ"):
        xlsx.render(content, PRINTED_ON)


def test_sheet_names_are_legal_and_unique() -> None:
    table = Table((Column("名称"),), (("甲",),), caption="史密斯/王[合作]：很长很长的名称 " * 3)
    names = opened(Content("x", "表", "", LETTERHEAD, (table, table, table))).sheetnames
    assert len(set(names)) == 4
    assert all(len(name) <= 31 and not set("[]:*?/\\") & set(name) for name in names)


@pytest.mark.parametrize("kind", sorted(REPORTS))
def test_nothing_confidential_is_in_the_workbook(kind: str) -> None:
    inside = paper.unpacked(xlsx.render(REPORTS[kind](), PRINTED_ON))
    assert SECRET.encode() not in inside
    assert SECRET_NUMBER.encode() not in inside


def test_the_steps_to_the_pool_are_numbers() -> None:
    sheet = opened(REPORTS["payout"]()).worksheets[0]
    steps = {str(row[0].value).strip("　 −＝＋"): row[1].value for row in sheet.iter_rows() if row[0].value}
    assert steps["服务收入"] == 6400
    assert steps["成本：耗材"] == 600
    assert steps["技术人员分配池"] == 4000
    people = opened(REPORTS["payout"]())["实验技术人员分配（金额单位：元）"]
    assert "肆仟元整" in [row[1].value for row in people.iter_rows() if row[0].value == "大写"]
