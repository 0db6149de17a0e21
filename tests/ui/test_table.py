"""The list with its surroundings: selection by key, chips, columns, copying, the empty state."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.chips import Chip, ChipBar
from desktop.ui.empty import Empty
from desktop.ui.jobs import Inline, Jobs
from desktop.ui.paged_model import PagedModel, Sort
from desktop.ui.table import RowAction, Table
from tests.ui import demo


def table(qtbot: QtBot, n: int = 100, preferences: dict[str, object] | None = None, **more: Any) -> Table:
    made = Table(
        PagedModel(demo.Instruments(n), demo.columns(), Jobs(Inline()), sort=Sort("number")),
        name="demo",
        title="仪器",
        preferences={} if preferences is None else preferences,
        empty=Empty("还没有仪器", "可以导入。", "instrument", (("导入", lambda: None),)),
        chips=[Chip("state", "overdue", "逾期"), Chip("state", "to_join", "待入网"), Chip("secret", "yes", "涉密")],
        **more,
    )
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.show()
    made.refresh()
    return made


def test_the_selection_stays_on_the_same_rows_when_the_list_is_read_again(qtbot: QtBot) -> None:
    made = table(qtbot)
    made.select([3, 4, 90])
    assert made.keys() == [3, 4, 90]
    made.model.source.gone = {1, 4}  # type: ignore[attr-defined]  # the demo's source
    made.refresh()
    assert made.keys() == [3, 90]
    made.view.horizontalHeader().setSortIndicator(0, Qt.SortOrder.DescendingOrder)
    assert made.keys() == [90, 3]
    assert made.model.key_at(made.view.currentIndex().row()) == 3


def test_nothing_stands_alone_on_the_screen_while_a_list_is_made(qtbot: QtBot, qapp: QApplication) -> None:
    shown: list[QWidget] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(watched)
            return False

    watch = Watch()
    qapp.installEventFilter(watch)
    made = table(qtbot)
    qapp.removeEventFilter(watch)
    assert shown == [made]
    assert made.chips.isVisible()


def test_a_million_rows_can_be_selected_at_once(qtbot: QtBot) -> None:
    made = table(qtbot, 1_000_000)
    made.view.selectAll()
    assert made.count.text() == "共 1,000,000 行 · 已选 1,000,000 行"
    made.refresh()
    assert len(made.keys()) == 1_000_000


def test_selected_tells_the_keys(qtbot: QtBot) -> None:
    made = table(qtbot)
    told: list[object] = []
    made.selected.connect(told.append)
    made.select([5])
    assert told[-1] == [5]


def test_chips_of_one_name_exclude_each_other_and_filter(qtbot: QtBot) -> None:
    made = table(qtbot)
    filtered: list[object] = []
    made.filtered.connect(filtered.append)
    overdue, to_join, secret = (button for _, button in made.chips._chips.values())
    overdue.click()
    secret.click()
    to_join.click()
    assert filtered[-1] == {"state": "to_join", "secret": "yes"}
    assert not overdue.isChecked()
    to_join.click()
    secret.click()
    assert made.model.filters == {}


def test_a_chip_that_is_on_shows_all_its_words(qtbot: QtBot) -> None:
    """They are bold then; Latin letters take more room so."""
    made = ChipBar([Chip("standing", "unstated", "nothing stated, not reported")])
    qtbot.addWidget(made)
    made.show_counts({("standing", "unstated"): 12_345})
    made.show_filters({"standing": "unstated"})
    made.resize(made.sizeHint())
    made.show()
    ((_, button),) = made._chips.values()
    drawn = QStyleOptionButton()
    button.initStyleOption(drawn)
    room = button.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, drawn, button).width()
    bold = QFont(button.font())
    bold.setBold(True)
    assert room >= QFontMetrics(bold).horizontalAdvance(button.text())
    width = button.sizeHint().width()
    made.show_filters({})
    assert button.sizeHint().width() == width, "nothing moves when it is turned off"


def test_a_card_can_set_filters_with_and_without_a_chip(qtbot: QtBot) -> None:
    made = table(qtbot)
    made.filter_by({"state": "overdue", "text": "YQ0000"})
    assert made.chips.filters() == {"state": "overdue"}
    assert made.model.filters == {"state": "overdue", "text": "YQ0000"}
    made.set_filter("text", "")
    assert made.model.filters == {"state": "overdue"}
    made.clear_filters()
    assert made.model.rowCount() == 100


def test_an_empty_list_teaches_and_an_empty_result_offers_the_way_back(qtbot: QtBot) -> None:
    bare = table(qtbot, 0)
    assert bare._stack.currentWidget() is bare.nothing
    assert bare.nothing.buttons[0].text() == "导入"
    made = table(qtbot)
    made.filter_by({"text": "no such"})
    assert made._stack.currentWidget() is made.no_match
    made.no_match.buttons[0].click()
    assert made._stack.currentWidget() is made.view


def test_enter_opens_the_row_at_hand(qtbot: QtBot) -> None:
    made = table(qtbot)
    opened: list[object] = []
    made.opened.connect(opened.append)
    made.select([7])
    qtbot.keyClick(made.view, Qt.Key.Key_Return)
    assert opened == [7]


def test_copying_takes_the_visible_columns_in_their_order(qtbot: QtBot) -> None:
    made = table(qtbot)
    made.select([1, 2])
    for place in range(2, 8):
        made.columns.show(place, False)
    made.view.horizontalHeader().moveSection(1, 0)
    made.copy()
    assert (
        QGuiApplication.clipboard().text() == "名称\t资产编号\n高效液相色谱质谱联用仪\tYQ00001\n核磁共振波谱仪 600 MHz\tYQ00002\n"
    )


def test_columns_are_remembered(qtbot: QtBot) -> None:
    preferences: dict[str, object] = {}
    first = table(qtbot, preferences=preferences)
    header = first.view.horizontalHeader()
    header.resizeSection(1, 333)
    header.moveSection(2, 0)
    first.columns.show(4, False)
    second = table(qtbot, preferences=preferences)
    again = second.view.horizontalHeader()
    assert again.sectionSize(1) == 333
    assert again.visualIndex(2) == 0
    assert again.isSectionHidden(4)
    second.columns.reset()
    assert not again.isSectionHidden(4)
    assert again.visualIndex(2) == 2
    assert "table.demo" not in preferences


@pytest.mark.parametrize("kept", ["x", 3, {"name": "wide"}, {"name": [1, 2]}, {"number": [0, -5, 0]}])
def test_a_broken_memory_of_columns_is_no_reason_to_fail(qtbot: QtBot, kept: object) -> None:
    made = table(qtbot, preferences={"table.demo": kept})
    assert made.view.horizontalHeader().sectionSize(0) >= 24
    assert made.columns.shown()[0] == 0


def test_the_last_column_cannot_be_hidden(qtbot: QtBot) -> None:
    made = table(qtbot)
    for place in range(8):
        made.columns.show(place, False)
    assert made.columns.shown() == [7]
    last = [action for action in made.columns.menu().actions() if action.isCheckable() and action.isChecked()]
    assert [action.isEnabled() for action in last] == [False]


def test_actions_take_the_rows_they_can(qtbot: QtBot) -> None:
    done: list[object] = []
    offers = [
        RowAction("入网", done.append, "network", "one"),
        RowAction("复核", done.append),
        RowAction("记账", done.append, allowed=lambda keys: 5 not in keys),
    ]
    made = table(qtbot, actions=offers)

    def able() -> list[bool]:
        menu = made.menu()
        answer = [action.isEnabled() for action in menu.actions()[:3]]
        made._enable_actions()
        return answer

    assert able() == [False, False, False]
    made.select([4])
    assert able() == [True, True, True]
    made.select([4, 5])
    assert able() == [False, True, False]
    made._row_actions[0][1].trigger()
    made._row_actions[1][1].trigger()
    assert done == [[4, 5]]
