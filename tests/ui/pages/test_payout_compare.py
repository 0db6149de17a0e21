"""期间对比 on a real ledger: periods are offered, every difference is told with its reasons, asked why, turned round, and printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.actions import payouts, reporting
from desktop.actions.workspace import Workspace
from desktop.rules.figure import Figure
from desktop.ui.desk import Desk
from desktop.ui.pages import payout_compare
from desktop.ui.pages.paper_dialog import PaperDialog
from desktop.ui.pages.payout_compare import DEPARTMENTS, PEOPLE, SOURCES, CompareTab
from desktop.ui.pages.payouts import COMPARED, PayoutsPage
from tests.actions import making
from tests.actions.making import FINANCE, JULY, JUNE, PINS
from tests.ui.pages.driving import dialog, nothing_open, texts_of

NAME, STANDING, BEFORE, AFTER, MORE, GROWTH, SHARE_BEFORE, SHARE_AFTER = 1, 2, 3, 4, 5, 6, 10, 11


def pay(ledger: Workspace) -> None:
    """May: three people. June: two of them, one with twice the work."""
    for number, who, minutes in (("R1", "T001", 60), ("R2", "T002", 95), ("R5", "T003", 95)):
        making.posted(ledger, number, operator_name=who, minutes=minutes)
    making.settled(ledger)
    for number, who, minutes in (("R3", "T001", 120), ("R4", "T002", 60)):
        making.posted(ledger, number, day=JUNE, operator_name=who, minutes=minutes)
    making.settled(ledger, JUNE)


@pytest.fixture
def page(at_desk: Desk, ledger: Workspace, qtbot: QtBot) -> Iterator[PayoutsPage]:
    made = PayoutsPage(at_desk)
    at_desk.changed.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    yield made
    made.leave()


@pytest.fixture
def tab(page: PayoutsPage, ledger: Workspace) -> CompareTab:
    pay(ledger)
    page.arrive({"tab": "compare"})
    assert page.tabs.currentIndex() == COMPARED
    return page.compared


def choose(tab: CompareTab, before: str, after: str) -> None:
    tab.before.setCurrentIndex(tab.before.findData(before))
    tab.after.setCurrentIndex(tab.after.findData(after))


def said(tab: CompareTab) -> list[str]:
    return [one.words.text() for one in tab.told if one.words.text()]


def test_one_month_alone_is_not_set_beside_itself(page: PayoutsPage, ledger: Workspace) -> None:
    making.posted(ledger, "R1", operator_name="T001")
    making.settled(ledger)
    page.arrive({"tab": "compare"})
    assert page.compared.chosen() == ("", "2025-05", "settled")
    assert page.compared.before.placeholderText() == "请选择期间"
    assert said(page.compared) == []
    choose(page.compared, "2025", "2025-05")
    assert len(said(page.compared)) == 1, "two that share days are chosen by a person, and refused in words"


def test_the_two_newest_months_are_compared_at_first(tab: CompareTab) -> None:
    assert tab.chosen() == ("2025-05", "2025-06", "settled")
    assert [tab.before.itemData(place) for place in range(tab.before.count())] == ["2025-06", "2025-05", "2025Q2", "2025"]
    people = tab.people
    assert texts_of(people, NAME) == ["张一", "李二", "王三"]
    assert texts_of(people, STANDING) == ["两期都有", "两期都有", "退出"]
    assert texts_of(people, BEFORE) == ["¥81.00", "¥128.25", "¥128.25"]
    assert texts_of(people, AFTER)[2] == "—", "who is not there has no zero"
    assert "¥337.50" in tab.line.text()
    assert said(tab) == []


def test_parts_of_a_hundred_have_two_decimals_like_the_amounts(tab: CompareTab) -> None:
    for column in (GROWTH, SHARE_BEFORE, SHARE_AFTER):
        told = [one for one in texts_of(tab.people, column) if one != "—"]
        assert told
        assert all(re.fullmatch(r"-?[0-9,]+\.[0-9]{2}%", one) for one in told), told
    assert texts_of(tab.people, SHARE_BEFORE) == ["24.00%", "38.00%", "38.00%"]


@pytest.mark.parametrize(("value", "told"), [("0.333333", "33.33%"), ("0.288", "28.80%"), ("0.10005", "10.01%"), ("-0.5", "-50.00%"), ("12", "1,200.00%")])
def test_a_part_is_rounded_half_up_for_show(value: str, told: str) -> None:
    column = next(one for one in payout_compare._people() if one.name == "growth")
    assert column.spoken(Decimal(value)).text == told
    assert column.plain(Decimal(value)) == value, "copied, it stands as it is"


def test_one_payout_is_nothing_to_compare_with(page: PayoutsPage, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    making.settled(ledger)
    page.tabs.setCurrentIndex(COMPARED)
    tab = page.compared
    assert tab.people.model.rowCount() == 0
    assert not tab.print_button.isEnabled()
    assert not tab.why_button.isEnabled()
    assert nothing_open()


def test_the_reasons_of_the_selected_row_are_told_and_why_is_answered(tab: CompareTab, at_desk: Desk) -> None:
    asked: list[Figure] = []
    at_desk.explaining.connect(asked.append)
    tab.people.view.selectRow(2)
    assert tab.detail.text() == "王三的差额：新增或退出 -128.25"
    tab.people.opened.emit("T001")
    tab.why_button.click()
    tab.by.setCurrentIndex(DEPARTMENTS)
    tab.departments.opened.emit(0)
    assert [one.code.rpartition(".")[2] for one in asked] == ["more_of", "more", "more_department"]
    assert asked[1].value == asked[2].value, "there is one department"


def test_rows_of_the_scheme_are_listed_too(tab: CompareTab) -> None:
    tab.by.setCurrentIndex(SOURCES)
    assert tab.lists.currentIndex() == SOURCES
    assert texts_of(tab.sources, 1)[:2] == ["服务收入", "申报成本"]
    tab.by.setCurrentIndex(PEOPLE)
    assert tab.lists.currentWidget() is tab.people


def test_turned_round_every_difference_has_the_other_sign(tab: CompareTab) -> None:
    before = texts_of(tab.people, MORE)
    tab.turn_button.click()
    assert tab.chosen()[:2] == ("2025-06", "2025-05")
    after = texts_of(tab.people, MORE)
    assert after != before
    assert [one.replace("-", "") for one in after] == [one.replace("-", "") for one in before]
    assert all(("-" in one) != ("-" in other) for one, other in zip(before, after, strict=True))


def test_two_periods_that_share_days_are_refused_where_they_are_chosen(tab: CompareTab) -> None:
    choose(tab, "2025", "2025-06")
    assert tab.paid is None
    assert any("重叠" in one for one in said(tab))
    assert not tab.print_button.isEnabled()
    assert nothing_open()
    choose(tab, "2025-05", "2025-06")
    assert tab.paid is not None
    assert said(tab) == []


def test_a_new_payout_shows_at_once_and_one_that_waits_is_told(tab: CompareTab, page: PayoutsPage, ledger: Workspace, at_desk: Desk) -> None:
    making.posted(ledger, "R6", day=JULY)
    run = making.prepare(ledger, JULY)
    at_desk.announce(run.changes)
    assert tab.before.findData("2025-07") < 0
    at_desk.announce(making.approve(ledger, run).changes)
    assert tab.before.findData("2025-07") >= 0
    choose(tab, "2025-05", "2025-07")
    making.posted(ledger, "R7", day=JULY)
    at_desk.announce(making.prepare(ledger, JULY).changes)
    assert any("还没有审批" in one for one in said(tab))


def test_by_approval_a_reversal_of_another_month_takes_back_there(
    tab: CompareTab, ledger: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    payouts.reverse(ledger, "FP2025-001", FINANCE, PINS[FINANCE], "算错")
    monkeypatch.setattr(payouts, "now", lambda: datetime(2026, 4, 1, 8))
    making.approve(ledger, "FP2025-003")
    tab.refresh()
    tab.dated.setCurrentIndex(1)
    assert tab.chosen() == ("2026-03", "2026-04", "approved")
    assert texts_of(tab.people, AFTER) == ["-¥81.00", "-¥128.25", "-¥128.25"]
    tab.people.view.selectRow(0)
    assert "整次冲销 -81.00" in tab.detail.text()


def test_the_paper_is_looked_at_and_saved(tab: CompareTab, ledger: Workspace, tmp_path: Path) -> None:
    tab.print_button.click()
    paper: PaperDialog = dialog(PaperDialog)
    assert paper.preview.drawn is not None
    assert paper.preview.drawn.kind == "payout_comparison"
    paper.save_to(tmp_path / "a.pdf")
    assert reporting.of_file(ledger, tmp_path / "a.pdf")[1] is not None
    paper.reject()
    assert nothing_open()
