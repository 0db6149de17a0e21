"""The tree behind a number: plain text, unknown stays unknown, rows can be opened."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop.rules.figure import Figure, Rows
from desktop.ui.explain_panel import MOST_INPUTS, VALUE, WHAT, ExplainPanel, as_text
from tests.ui import demo


@pytest.fixture
def panel(qtbot: QtBot) -> ExplainPanel:
    made = ExplainPanel()
    qtbot.addWidget(made)
    made.resize(480, 600)
    made.show()
    return made


STATE = Figure(
    "duty.figure.state",
    "overdue",
    "state",
    "choice",
    "测试条款 第二条",
    "B",
    note="YQ1",
    inputs=(Figure("duty.figure.value", 30_000_000, "fen"),),
)


def test_a_figure_is_told_with_words_value_source_and_certainty(panel: ExplainPanel) -> None:
    panel.show_figure(STATE)
    assert panel.what.text() == "入网义务（YQ1）"
    assert panel.value.text() == "逾期未入网"
    top = panel.tree.topLevelItem(0)
    assert top is not None
    assert top.child(0).text(VALUE) == "¥300,000.00"
    told = top.data(WHAT, Qt.ItemDataRole.AccessibleTextRole)
    assert told == "入网义务（YQ1） 逾期未入网 按规则判断 · 测试条款 第二条 · 二手来源或惯例"
    assert panel.weakest.text() == "整体可信度以最弱的一环为准：二手来源或惯例"


def test_the_weakest_part_decides_and_unknown_is_said(panel: ExplainPanel) -> None:
    panel.show_figure(demo.figure())
    assert "仅见征求意见稿" in panel.weakest.text()
    top = panel.tree.topLevelItem(0)
    assert top is not None
    assert top.child(2).text(VALUE) == "未知"
    assert "<b>未登记</b>" in top.child(2).text(WHAT)
    assert "&lt;b&gt;" in top.child(2).toolTip(WHAT)


def test_rows_behind_a_figure_are_opened(panel: ExplainPanel, qtbot: QtBot) -> None:
    panel.show_figure(demo.figure())
    top = panel.tree.topLevelItem(0)
    assert top is not None
    opened: list[Rows] = []
    panel.open_rows.connect(opened.append)
    panel.tree.itemActivated.emit(top, 0)
    panel.tree.itemActivated.emit(top.child(0), 0)
    assert opened == [Rows("service_record", ("1", "2"))]


def test_the_tree_is_copied_whole_as_text(panel: ExplainPanel) -> None:
    many = Figure(
        "duty.figure.value", 3, "fen", "sum", inputs=tuple(Figure("duty.figure.value", n, "fen") for n in range(MOST_INPUTS + 50))
    )
    panel.show_figure(many)
    top = panel.tree.topLevelItem(0)
    assert top is not None
    assert top.childCount() == MOST_INPUTS + 1
    assert "50" in top.child(MOST_INPUTS).text(WHAT)
    panel.copy()
    copied = QGuiApplication.clipboard().text()
    assert copied == as_text(many)
    assert len(copied.splitlines()) == MOST_INPUTS + 51
    assert copied.splitlines()[1].startswith("  单台套原值：¥0.00")


def test_facts_alone_need_no_certainty(panel: ExplainPanel) -> None:
    panel.show_figure(Figure("duty.figure.value", Decimal(1), "count"))
    assert panel.weakest.text() == "全部来自台账中的事实。"


def test_it_closes(panel: ExplainPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.closed):
        panel.close_button.click()
    assert not panel.isVisible()


def test_a_long_value_stays_beside_what_it_is_whatever_the_width(panel: ExplainPanel) -> None:
    long = "只限使用财政资金购置的仪器，全部或部分使用财政资金都算" * 3
    panel.show_figure(Figure("duty.figure.state", "overdue", "state", inputs=(Figure("duty.figure.value", long, ""),)))
    tree = panel.tree
    for width in (640, 480, 320):
        panel.resize(width, 600)
        assert not tree.horizontalScrollBar().maximum()
        assert tree.columnWidth(WHAT) == tree.viewport().width()
        assert tree.visualItemRect(tree.topLevelItem(0)).right() < tree.viewport().width()
    assert long[:40] in tree.topLevelItem(0).child(0).toolTip(WHAT)  # the whole value


def test_a_value_is_drawn_at_the_right_end_of_its_line(panel: ExplainPanel) -> None:
    panel.resize(360, 400)
    panel.show_figure(Figure("duty.figure.value", 30_000_000, "fen"))
    tree = panel.tree
    with_value = tree.grab(tree.visualItemRect(tree.topLevelItem(0))).toImage()
    panel.show_figure(Figure("duty.figure.value", "", ""))
    without = tree.grab(tree.visualItemRect(tree.topLevelItem(0))).toImage()
    right = QRect(with_value.width() * 2 // 3, 0, with_value.width() // 3, with_value.height())
    assert with_value.copy(right) != without.copy(right)
