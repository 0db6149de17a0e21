"""Each important check, broken on purpose: the tests above would notice, for what they look at changes."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.formats import (
    cell_codes,
    cells,
    delimited,
    instruments,
    reader,
    reader_faults,
    reading,
    receipts,
    service_records,
    spreadsheet,
    table_checks,
    write,
)
from desktop.formats import fields as kinds
from desktop.formats.spreadsheet import Value, Workbook
from desktop.formats.write import OutSheet
from tests.formats import books


def test_without_neutralising_a_formula_would_leave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "_DANGER", re.compile(r"(?!)"))
    write.write(tmp_path / "a.csv", [OutSheet("表", ["甲"], [["=1+1"]])])
    assert b"\r\n=1+1" in (tmp_path / "a.csv").read_bytes()


def test_without_taking_the_apostrophe_off_the_way_back_would_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "bare", lambda cell: cell)
    write.write(tmp_path / "a.csv", [OutSheet("表", ["甲"], [["=1+1"]])])
    assert spreadsheet.read(tmp_path / "a.csv").sheets[0].rows[1] == ["'=1+1"]


def test_without_the_look_at_formulas_an_amount_would_vanish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = books.xlsx(tmp_path / "a.xlsx", {"表": [["a", "=A1"]]})
    monkeypatch.setattr(reader_faults, "look", lambda path, kind: reader_faults.Book())
    frames = list(reader.read({"path": str(path), "kind": "xlsx", "n_rows": 9, "n_columns": 9, "n_cells": 99}))
    assert frames[1] == [[False, ["a"]]]
    assert spreadsheet.read(path).sheets[0].rows[0] == ["a", spreadsheet.Fault("=")]


def test_if_amounts_filled_downwards_money_would_double(monkeypatch: pytest.MonkeyPatch) -> None:
    greedy = replace(kinds.FEN_OF_YUAN, fills=True)
    doubled = tuple(replace(f, kind=greedy) if f.kind is kinds.FEN_OF_YUAN else f for f in receipts.FIELDS)
    monkeypatch.setattr(receipts, "FIELDS", doubled)
    rows = [["记录编号", "到账日期", "金额", "发票号"], ["R1", "2025-05-06", 100, "F1"], [None, "2025-05-07", None, "F2"]]
    sheet = receipts.read_rows(books.workbook(rows, merged=[(1, 0, 2, 0), (1, 2, 2, 2)]))
    assert sum(row.amount_fen for row in sheet.rows) == 20_000


def test_if_true_were_a_number_a_tick_would_be_a_value() -> None:
    def careless(value: Value) -> Any:
        return Decimal(value) if isinstance(value, int) else cells.number(value)

    assert careless(True) == 1
    with pytest.raises(cells.Unreadable):
        cells.number(True)
    rows = [["所在单位仪器编号", "名称", "分类编码", "原值"], ["A1", "x", "010102", 1], ["A2", "y", "010102", True]]
    sheet = instruments.read_rows(books.workbook(rows))
    assert [row.asset_number for row in sheet.rows] == ["A1"]


def test_if_hours_were_billed_a_hundred_minutes_would_cost_more() -> None:
    rows = [
        ["记录编号", "仪器编号", "使用单位", "开始时间", "结束时间", "机时"],
        ["R1", "A1", "x", "2025-05-06 09:00", "2025-05-06 10:40", 1.67],
    ]
    row = service_records.read_rows(
        books.workbook([[Decimal(str(c)) if isinstance(c, float) else c for c in line] for line in rows])
    ).rows[0]
    per_hour = Decimal(180)
    assert per_hour * row.minutes / 60 == 300
    assert row.claimed_hours is not None
    assert per_hour * row.claimed_hours == Decimal("300.60")


def test_without_counting_cells_a_comma_would_shift_an_amount(monkeypatch: pytest.MonkeyPatch) -> None:
    head, shifted = ["记录编号", "到账日期", "金额", "发票号"], ["R1", "2025-05-06", "1", "200", "F1"]
    book = Workbook("a.csv", "csv", (replace(books.grid([head, shifted]), delimiter=","),), "UTF-8", ",")
    assert not receipts.read_rows(book).rows
    monkeypatch.setattr(table_checks.Cut, "check", lambda *_: None)
    assert [row.amount_fen for row in receipts.read_rows(book).rows] == [100], "of 1,200 yuan"


def test_if_a_dash_were_a_number_no_set_would_have_to_join(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [["网络编号", "所在单位仪器编号", "名称", "分类编码", "原值"], ["-1", "A1", "x", "010102", 50], ["—", "A2", "x", "010102", 50]]
    assert [row.network_number for row in instruments.read_rows(books.workbook(rows)).rows] == ["-1", ""]
    monkeypatch.setattr(reading, "NOTHING", frozenset())
    monkeypatch.setattr(cell_codes, "_with_digits", lambda got, _: got)
    assert [row.network_number for row in instruments.read_rows(books.workbook(rows)).rows] == ["-1", "-"]
