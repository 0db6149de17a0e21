"""Short lists behind the common table: sorted, filtered, unknown values last, selection kept."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.ui.empty import Empty
from desktop.ui.held_rows import HeldRows, HeldTable
from desktop.ui.paged_model import Column, Sort

COLUMNS = [Column("name", "名称"), Column("fen", "金额", "money")]
ROWS = [("a", "乙", 300), ("b", "甲", None), ("c", "", 100), ("d", "Delta", 200)]


def held() -> HeldRows:
    made = HeldRows(COLUMNS, {"least": lambda row, value: (row[2] or 0) >= int(value)})
    made.hold(ROWS)
    return made


@pytest.mark.parametrize(
    ("sort", "keys"),
    [
        (None, "abcd"),
        (Sort("fen"), "cdab"),
        (Sort("fen", descending=True), "adcb"),
        (Sort("name"), "dabc"),  # by code point, 乙 before 甲; the empty name last
        (Sort("nothing"), "abcd"),
    ],
)
def test_unknown_values_stand_last_whichever_way(sort: Sort | None, keys: Iterable[str]) -> None:
    assert list(held().ids(sort, {})) == list(keys)


def test_filters_and_rows_by_key() -> None:
    rows = held()
    assert list(rows.ids(None, {"least": "200"})) == ["a", "d"]
    assert list(rows.rows(["d", "gone", "a"])) == [ROWS[3], ROWS[0]]


def test_the_selection_stays_on_its_rows(qtbot: QtBot) -> None:
    table = HeldTable(COLUMNS, name="held", preferences={}, empty=Empty("空", "还没有"), sort=Sort("fen"))
    qtbot.addWidget(table)
    QAbstractItemModelTester(table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    table.hold(ROWS)
    table.select(["d"])
    table.hold([("e", "新", 1), *ROWS])
    assert table.keys() == ["d"]
    table.hold([])
    assert table.keys() == []
    assert table._stack.currentWidget() is table.nothing


def test_each_heading_can_be_read_in_either_language_and_a_person_s_width_stays(qtbot: QtBot) -> None:
    preferences: dict[str, object] = {}

    def opened(title: str) -> HeldTable:
        table = HeldTable([Column("n", title, width=48), Column("m", "乙")], name="wide", preferences=preferences, empty=Empty("空", ""))
        qtbot.addWidget(table)
        return table

    def width(table: HeldTable) -> int:
        return int(table.view.horizontalHeader().sectionSize(0))

    narrow = opened("编号")
    narrow.view.horizontalHeader().resizeSection(1, 200)
    assert "table.wide" in preferences, "widths are remembered, and with them one that nobody chose"
    wide = opened("A rather long English title")
    assert width(wide) > 120
    assert width(opened("编号")) == width(narrow)
    wide.view.horizontalHeader().resizeSection(0, 90)
    assert width(opened("A rather long English title")) == 90
