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


def test_a_column_is_wide_enough_for_its_title(qtbot: QtBot) -> None:
    table = HeldTable([Column("n", "A rather long English title", width=48)], name="wide", preferences={}, empty=Empty("空", ""))
    qtbot.addWidget(table)
    assert table.model.columns[0].width > 120
