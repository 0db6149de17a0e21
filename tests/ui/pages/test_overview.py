"""总览 in the window: cards lead to the lists behind them, numbers answer why, charts have their table and can be taken along."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.actions import instruments
from desktop.actions.workspace import Workspace
from desktop.ledger import money
from desktop.ledger.instrument import Instrument
from desktop.rules.figure import Figure
from desktop.ui import texts
from desktop.ui.desk import Desk, Place
from desktop.ui.pages.overview import OverviewPage
from desktop.ui.pages.overview_bars import scale_for
from tests.actions import making
from tests.actions.making import enter, posted


def shown(qtbot: QtBot, desk: Desk) -> OverviewPage:
    page = OverviewPage(desk)
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    return page


def test_the_cards_say_what_the_ledger_holds(qtbot: QtBot, at_desk: Desk, ledger: Workspace) -> None:
    fen = posted(ledger, "R1")
    enter(ledger, "R2", contract="")
    page = shown(qtbot, at_desk)
    assert page.money.large.text() == f"¥{money.text(fen)}"
    assert page.problems.large.text().startswith("1 ")
    assert page.duties.large.text().startswith("2 ")
    assert page.sending.large.text() == "未入网络"
    assert page.income.total.text() == f"¥{money.text(fen)}"
    assert page.codes.model.rowCount() == 1


def test_a_line_leads_to_the_list_behind_it(qtbot: QtBot, at_desk: Desk, ledger: Workspace) -> None:
    page = shown(qtbot, at_desk)
    places: list[Place] = []
    at_desk.going.connect(places.append)
    overdue = page.duties.lines[0].button
    assert overdue is not None
    overdue.click()
    page.sending.opener.click()
    page.money.lines[3].button.click()  # type: ignore[union-attr]  # open months lead somewhere
    assert places == [
        Place("compliance", (("state", "overdue"),)),
        Place("sync"),
        Place("payouts", (("tab", "months"),)),
    ]


def test_every_number_answers_why_with_its_rows(qtbot: QtBot, at_desk: Desk, ledger: Workspace) -> None:
    posted(ledger, "R1")
    page = shown(qtbot, at_desk)
    asked: list[Figure] = []
    at_desk.explaining.connect(asked.append)
    for line in page.duties.lines:
        assert line.why is not None
        line.why.click()
    assert [figure.code.rpartition(".")[2] for figure in asked] == ["overdue", "soon", "to_join", "to_file", "unknown"]
    assert asked[0].rows is not None
    assert len(asked[0].rows.keys) == asked[0].value
    opened: list[object] = []
    at_desk.opening_rows.connect(opened.append)
    button = page.problems.lines[0].button
    assert button is not None
    button.click()
    assert len(opened) == 1


def test_a_chart_has_its_table_and_gives_its_numbers(qtbot: QtBot, at_desk: Desk, ledger: Workspace) -> None:
    fen = posted(ledger, "R1", day=date(2025, 5, 6))
    page = shown(qtbot, at_desk)
    chart = page.income
    QAbstractItemModelTester(chart.table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert chart.middle.currentWidget() is not chart.table
    chart.table_button.click()
    assert chart.middle.currentWidget() is chart.table
    assert chart.table.model.rowCount() == 12
    chart.copy_numbers()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[5] == f"2025-05\t{money.plain(fen)}\t{money.plain(0)}"
    chart.copy_picture()
    assert not QGuiApplication.clipboard().pixmap().isNull()


def test_it_follows_the_period_and_what_others_do(qtbot: QtBot, at_desk: Desk, ledger: Workspace) -> None:
    page = shown(qtbot, at_desk)
    fen = posted(ledger, "R1", day=date(2025, 5, 6))
    from desktop.ledger import period
    from desktop.ledger.changes import Changes

    page.hear(Changes(1, frozenset({"posting"})))
    assert page.income.total.text() == f"¥{money.text(fen)}"
    at_desk.set_period(period.parse("2025Q3"))
    page.follow_period()
    assert page.income.total.text() == "¥0.00"
    assert page.head.line.text().startswith("2025 年第 3 季度")


def test_problems_are_listed_by_kind_without_the_record_they_were_found_in(qtbot: QtBot, at_desk: Desk, ledger: Workspace) -> None:
    enter(ledger, "R9", contract="", customer_name="没有登记的单位")
    page = shown(qtbot, at_desk)
    told = [str(page.codes.model.index(row, 1).data()) for row in range(page.codes.model.rowCount())]
    assert told == ["对外服务没有合同编号", "使用单位不在台账里"]
    assert texts.problem_kind("record.taken") == "编号 … 已有别的记录在用，没有保存。请换一个编号。"  # has no heading of its own


@given(st.lists(st.integers(-(10**13), 10**13), min_size=1, max_size=24), st.sampled_from(["fen", "minutes"]))
def test_every_bar_stands_between_the_lines_and_zero_is_one_of_them(values: list[int], unit: str) -> None:
    scale = scale_for(values, unit)
    ticks = list(scale.ticks())
    assert 0 in ticks
    assert 2 <= len(ticks) <= 7
    for value in values:
        assert scale.low * scale.per <= value <= scale.high * scale.per
        assert 0 <= scale.place(value, 200) <= 200
    assert scale.place(scale.high * scale.per, 200) == 200


def test_hovering_names_the_month_and_both_amounts(qtbot: QtBot, at_desk: Desk, ledger: Workspace) -> None:
    posted(ledger, "R1", day=date(2025, 5, 6), minutes=90)
    bars = shown(qtbot, at_desk).hours.bars
    assert bars.month_at(0) is None
    assert bars.month_at(bars.width() - 10) == 11
    assert bars.told(4) == "2025-05：1 小时 30 分，上年同月 0 分"
    assert bars.told(4) in bars.accessibleDescription()


def test_a_new_ledger_is_told_where_to_begin(qtbot: QtBot, at_desk: Desk, tmp_path: Path) -> None:
    with making.start(tmp_path / "new") as workspace:
        desk = Desk(at_desk.jobs, {}, at_desk.today)
        desk.open(at_desk.ledger, workspace)
        page = shown(qtbot, desk)
        assert page.start.isVisible()
        assert page.start.title.text() == "从这里开始 · 已完成 0 / 7"
        desk.changed.connect(page.hear)
        desk.announce(instruments.add(workspace, Instrument("", "A1", "扫描电镜", 50_000_000, True, False, date(2020, 1, 1))))
        assert page.start.title.text() == "从这里开始 · 已完成 1 / 7"
        assert page.start.steps[0][2].accessibleName() == "导入仪器表，已完成"
        places: list[Place] = []
        desk.going.connect(places.append)
        page.start.steps[5][2].click()
        assert places == [Place("settings", (("tab", "people"),))]
        page.start.put_away.click()
        page.refresh()
        assert not page.start.isVisible()
        page.leave()


def test_a_ledger_in_use_is_not(qtbot: QtBot, at_desk: Desk, ledger: Workspace) -> None:
    enter(ledger, "R1")
    assert not shown(qtbot, at_desk).start.isVisible()
