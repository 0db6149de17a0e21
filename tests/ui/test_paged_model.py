"""A million rows by their keys: what is fetched, what is shown, what is copied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.actions.progress import UNWATCHED
from desktop.ui.jobs import Inline, Jobs
from desktop.ui.paged_model import KEPT_PAGES, KEY_ROLE, PAGE_ROWS, VALUE_ROLE, Column, Key, PagedModel, Row, Sort
from tests.ui import demo


def model(n: int, **more: Any) -> PagedModel:
    made = PagedModel(demo.Instruments(n), demo.columns(), Jobs(Inline()), **more)
    made.refresh()
    return made


def shown(made: PagedModel, row: int) -> list[Any]:
    return [made.data(made.index(row, column)) for column in range(made.columnCount())]


@pytest.mark.parametrize("n", [0, 1, PAGE_ROWS, 1000])
def test_qt_finds_no_fault_with_the_model(qtmodeltester: Any, n: int) -> None:
    made = model(n)
    watch = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    made.sort(1, Qt.SortOrder.DescendingOrder)
    made.set_filters({"state": "overdue"})
    made.reread_rows()
    made.set_filters({})
    qtmodeltester.check(made)
    assert watch.model() is made


def test_a_row_says_what_it_is_and_unknown_is_no_zero() -> None:
    made = model(40)
    assert shown(made, 0) == [
        "YQ00001",
        "高效液相色谱质谱联用仪",
        "¥301,234.57",
        "2025-02-02",
        "待入网",
        "37 分",
        "1%",
        "理化楼 201",
    ]
    assert shown(made, 16)[2] == "未知"
    assert shown(made, 8)[3] == ""


def test_numbers_stand_right_and_states_have_words_icon_and_colour() -> None:
    made = model(40)
    right, left = made.index(0, 2), made.index(0, 1)
    assert made.data(right, Qt.ItemDataRole.TextAlignmentRole) & int(Qt.AlignmentFlag.AlignRight)
    assert made.data(left, Qt.ItemDataRole.TextAlignmentRole) & int(Qt.AlignmentFlag.AlignLeft)
    overdue = made.index(1, 4)
    assert made.data(overdue) == "逾期未入网"
    assert not made.data(overdue, Qt.ItemDataRole.DecorationRole).isNull()
    assert made.data(overdue, Qt.ItemDataRole.ForegroundRole).name() == "#ae1f17"
    assert made.data(left, Qt.ItemDataRole.DecorationRole) is None


def test_of_a_million_rows_only_what_is_looked_at_is_read() -> None:
    made = model(1_000_000)
    source: Any = made.source
    assert made.rowCount() == 1_000_000
    assert source.asked == []
    for row in (0, 5, PAGE_ROWS - 1, 999_999, 500_000, 500_001):
        assert shown(made, row)[0] == f"YQ{row + 1:05d}"
    assert source.asked == [PAGE_ROWS, 1_000_000 % PAGE_ROWS or PAGE_ROWS, PAGE_ROWS]


def test_pages_seen_long_ago_are_let_go() -> None:
    made = model(PAGE_ROWS * (KEPT_PAGES + 10))
    source: Any = made.source
    for page in range(KEPT_PAGES + 10):
        shown(made, page * PAGE_ROWS)
    source.asked.clear()
    shown(made, (KEPT_PAGES + 9) * PAGE_ROWS)
    assert source.asked == []
    shown(made, 0)
    assert source.asked == [PAGE_ROWS]


def test_sorting_and_filtering_ask_the_source() -> None:
    made = model(100)
    made.sort(0, Qt.SortOrder.DescendingOrder)
    source: Any = made.source
    assert source.sorts[-1] == Sort("number", descending=True)
    assert shown(made, 0)[0] == "YQ00100"
    made.set_filters({"state": "overdue", "text": ""})
    assert made.filters == {"state": "overdue"}
    assert {shown(made, row)[4] for row in range(made.rowCount())} == {"逾期未入网"}
    n = len(source.sorts)
    made.set_filters({"state": "overdue"})
    made.sort(0, Qt.SortOrder.DescendingOrder)
    made.sort(99)
    assert len(source.sorts) == n


def test_a_column_that_cannot_be_sorted_changes_nothing() -> None:
    made = PagedModel(demo.Instruments(9), [Column("number", "编号", sortable=False)], Jobs(Inline()))
    made.sort(0)
    assert made.sort_by is None


def test_a_row_that_went_away_is_shown_as_gone_and_not_as_another() -> None:
    made = model(10)
    made.source.gone = {4}  # type: ignore[attr-defined]  # the demo's source
    made.reread_rows()
    assert shown(made, 3) == ["—"] * 8
    assert shown(made, 4)[0] == "YQ00005"
    assert made.values(3) is None


def test_keys_and_rows_find_each_other() -> None:
    made = model(300)
    assert made.key_at(6) == 7
    assert made.data(made.index(6, 0), KEY_ROLE) == 7
    assert made.data(made.index(6, 2), VALUE_ROLE) == 30_864_199
    assert (made.row_of(7), made.row_of(999), made.row_of("x")) == (6, None, None)
    assert made.rows_of([9, 3, 999]) == [2, 8]
    assert made.rows_of(range(100, 200)) == list(range(99, 199))
    assert made.rows_of([]) == []


class Texts:
    """Keys that are UUID text, rows on a lane."""

    def ids(self, sort: Sort | None, filters: Any) -> Sequence[Key]:
        return [f"k{n}" for n in range(300)]

    def rows(self, keys: Sequence[Key]) -> Iterable[Row]:
        return [(key, f"名 {key}") for key in keys]


def test_rows_read_on_a_lane_arrive_later(qtbot: QtBot, lanes: Jobs) -> None:
    made = PagedModel(Texts(), [Column("name", "名称")], lanes, direct=False)
    with qtbot.waitSignal(made.loaded):
        made.refresh()
    index = made.index(200, 0)
    assert made.data(index) is None
    with qtbot.waitSignal(made.dataChanged):
        pass
    assert made.data(index) == "名 k200"


def test_rows_that_arrive_for_an_older_list_are_dropped(qtbot: QtBot, lanes: Jobs) -> None:
    made = PagedModel(Texts(), [Column("name", "名称")], lanes, direct=False)
    made.show_keys(["k1", "k2"])
    made.data(made.index(0, 0))
    with qtbot.waitSignal(lanes.idle):
        made.show_keys(["k9"])
    assert made.data(made.index(0, 0)) is None
    with qtbot.waitSignal(made.dataChanged):
        pass
    assert made.data(made.index(0, 0)) == "名 k9"


def test_copied_text_fits_a_spreadsheet_and_runs_nothing_there() -> None:
    made = model(20)
    some = [made.columns[n] for n in (0, 2, 4, 7)]
    text = made.tsv([12, 13], some)(UNWATCHED)
    assert text.splitlines() == [
        "资产编号\t原值\t入网状态\t存放地点",
        "YQ00012\t314814.84\t信息不全\t理化楼 603",
        "YQ00013\t316049.41\t逾期入网\t'=cmd|' /C calc'!A0",
    ]


@pytest.mark.parametrize(
    ("kind", "value", "on_screen", "copied"),
    [
        ("money", -5, "-¥0.05", "-0.05"),
        ("number", Decimal("1234.50"), "1,234.50", "1234.50"),
        ("date", date(2026, 1, 15), "2026-01-15", "2026-01-15"),
        ("wan", 1_234_567, "1.23 万元", "1.23 万元"),
        ("ratio", Decimal("0.1234"), "12.34%", "0.1234"),
        ("text", "a\u202eb", "a⟨202E⟩b", "a⟨202E⟩b"),
        ("code", "007", "007", "007"),
        ("text", None, "未知", ""),
    ],
)
def test_each_kind_is_written_in_its_way(kind: Any, value: object, on_screen: str, copied: str) -> None:
    column = Column("x", "X", kind)
    assert (column.spoken(value).text, column.plain(value)) == (on_screen, copied)
