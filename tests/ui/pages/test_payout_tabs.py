"""The other tabs of 分配: declared costs, schemes with their versions, months."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from desktop import words
from desktop.actions import costs, history, months, payouts
from desktop.actions.workspace import Workspace
from desktop.rules.figure import Rows
from desktop.ui.desk import Desk
from desktop.ui.dialogs.pin_dialog import PinDialog
from desktop.ui.dialogs.reason_dialog import ReasonDialog
from desktop.ui.dialogs.scheme_dialog import SchemeDialog, read_evaluations
from desktop.ui.pages.payouts import COSTS, MONTHS, SCHEMES, PayoutsPage
from tests.actions import making
from tests.actions.making import APPROVER, FINANCE, PINS
from tests.ui.pages.driving import dialog, nothing_open, sign, texts_of

Open = Callable[[], PayoutsPage]


@pytest.fixture
def page(at_desk: Desk, ledger: Workspace, qtbot: QtBot, told: list[str]) -> Iterator[Open]:
    """Opens the page when the ledger is ready for it."""
    made: list[PayoutsPage] = []

    def show() -> PayoutsPage:
        one = PayoutsPage(at_desk)
        at_desk.changed.connect(one.hear)
        qtbot.addWidget(one)
        one.resize(1100, 700)
        one.show()
        made.append(one)
        return one

    yield show
    for one in made:
        one.leave()


def test_costs_are_declared_taken_back_and_undone(page: Open, ledger: Workspace) -> None:
    shown = page()
    shown.tabs.setCurrentIndex(COSTS)
    shown.costs.zero_button.click()
    zero = dialog(QDialog)
    assert zero.form.draft()["kind"] == "none"
    assert zero.form.draft()["fen"] == 0
    zero.do.click()
    assert [(row.kind, row.fen) for row in costs.costs(ledger)] == [("none", 0)]
    shown.costs.add_button.click()
    wrong = dialog(QDialog)
    wrong.form.set_draft({"kind": "energy", "fen": 12_300, "document": "D-1", "asset_number": "A1"})
    wrong.form.field("period_from").set_value(date(2025, 6, 2))
    wrong.form.field("period_to").set_value(date(2025, 6, 1))
    wrong.do.click()
    assert len(costs.costs(ledger)) == 1  # refused beside the field, nothing written
    wrong.form.field("period_to").set_value(date(2025, 6, 30))
    wrong.do.click()
    assert nothing_open()
    assert len(costs.costs(ledger)) == 2
    table = shown.costs.table
    assert sorted(texts_of(table, 1)) == ["A1 扫描电镜", "全单位"]
    key = next(one.row.id for one in shown.costs._rows.values() if one.row.fen)
    shown.costs.take_back([key])
    dialog(QDialog).do.click()
    assert len(costs.costs(ledger)) == 1
    history.undo_last(ledger)
    assert len(costs.costs(ledger)) == 2


def test_a_deducted_cost_cannot_be_taken_back(page: Open, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    making.settled(ledger, cost=500)
    shown = page()
    shown.tabs.setCurrentIndex(COSTS)
    shown.costs.table.view.selectRow(0)
    assert not shown.costs._is_open(shown.costs.table.keys())
    assert [texts_of(shown.costs.table, n) for n in (5, 7, 8)] == [["¥0.00"], ["已扣除"], [payouts.every(ledger)[0].number]]


def test_rows_behind_a_figure_are_shown(page: Open, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    run = making.settled(ledger, cost=500)
    shown = page()
    row = costs.costs(ledger)[0]
    shown.arrive_rows(Rows("cost_row", (row.id,)))
    assert shown.tabs.currentIndex() == COSTS
    assert shown.costs.table.keys() == [row.id]
    shown.arrive_rows(Rows("payout_run", (run.id,)))
    assert shown.tabs.currentIndex() == 0
    assert shown.view.number.text() == run.number


def test_a_scheme_is_written_as_a_new_version(page: Open, ledger: Workspace) -> None:
    shown = page()
    shown.tabs.setCurrentIndex(SCHEMES)
    table = shown.schemes.table
    table.view.selectRow(texts_of(table).index("记账"))
    assert "技术人员" in shown.schemes.detail.text()
    shown.schemes.version_button.click()
    editor: SchemeDialog = dialog(SchemeDialog)
    shares = editor.grid.shares()
    editor.grid.set_shares(shares[:1] + shares[2:])  # no share for the technicians
    editor.do.click()
    assert len(payouts.schemes(ledger)) == 2
    assert any("技术人员" in label.text() for label in editor.form.findChildren(type(editor.form.grid.itemAt(0).widget())))
    editor.grid.set_shares(shares)
    editor.grid.grid.setCurrentCell(1, 1)
    editor.grid.shift(-1)
    editor.grid._number(0, 3).line.setText("37.5")
    editor.form.field("evaluations").set_value("T002 1.5")
    editor.form.field("from_on").set_value(date(2026, 3, 2))
    editor.do.click()
    newest = next(one for one in payouts.schemes(ledger) if one.from_on == date(2026, 3, 2))
    assert [str(share.rate) for share in newest.shares] == ["0.375", "0.1", "1"]
    assert newest.shares[0].receiver == "technicians"
    assert [(number, str(factor)) for number, factor in newest.evaluations] == [("T002", "1.5")]
    assert texts_of(table, 1)[0] == words.say("payout.scheme_state.in_force")


def test_examples_open_in_the_editor_before_they_are_adopted(page: Open, ledger: Workspace) -> None:
    shown = page()
    shown.tabs.setCurrentIndex(SCHEMES)
    shown.schemes.adopt_button.click()
    assert shown.schemes.menu is not None
    actions = shown.schemes.menu.actions()
    assert len(actions) == len(payouts.examples())
    actions[0].trigger()
    shown.schemes.menu.close()
    editor: SchemeDialog = dialog(SchemeDialog)
    editor.do.click()
    assert len(payouts.schemes(ledger)) == 2  # no document number yet
    editor.form.field("document").set_value("校〔2026〕1 号")
    editor.form.field("remainder_to").set_value("T001")
    editor.do.click()
    assert len(payouts.schemes(ledger)) == 3


@pytest.mark.parametrize(("text", "n_found", "n_faults"), [("T001 1.2\n\nT002，0.8", 2, 0), ("T001", 0, 1), ("T001 很多", 0, 1)])
def test_evaluations_are_read_line_by_line(text: str, n_found: int, n_faults: int) -> None:
    found, faults = read_evaluations(text)
    assert (len(found), len(faults)) == (n_found, n_faults)


def test_months_are_closed_and_reopened_by_role(page: Open, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    shown = page()
    shown.tabs.setCurrentIndex(MONTHS)
    assert not shown.months.close_button.isEnabled()
    shown.months.table.select([shown.months.table.model.key_at(0)])
    assert (shown.months.prepare_button.isEnabled(), shown.months.close_button.isEnabled()) == (True, False)
    shown.months.prepare_button.click()
    assert dialog(PinDialog).person.findData(APPROVER) < 0
    sign(making.LAB, PINS[making.LAB])
    assert months.months(ledger)[0].state == "prepared"
    shown.months.table.select([shown.months.table.model.key_at(0)])
    assert "已编制" in texts_of(shown.months.table, 1)[0]
    assert (shown.months.prepare_button.isEnabled(), shown.months.close_button.isEnabled()) == (False, True)
    shown.months.close_button.click()
    asked: PinDialog = dialog(PinDialog)
    assert asked.person.findData(making.LAB) < 0  # the laboratory may not
    sign(FINANCE, PINS[FINANCE])
    assert months.months(ledger)[0].closed
    shown.months.table.select([shown.months.table.model.key_at(0)])
    assert len(shown.months.table.keys()) == 1
    assert (shown.months.close_button.isEnabled(), shown.months.reopen_button.isEnabled()) == (False, True)
    shown.months.reopen_button.click()
    reason: ReasonDialog = dialog(ReasonDialog)
    reason.text.setPlainText("补记两条")
    reason.do.click()
    assert dialog(PinDialog).person.findData(FINANCE) < 0
    sign(APPROVER, PINS[APPROVER])
    assert not months.months(ledger)[0].closed
    assert "补记两条" in texts_of(shown.months.table, 6)[0]


def test_a_scheme_takes_the_evaluations_of_the_facts(page: Open, ledger: Workspace) -> None:
    shown = page()
    shown.tabs.setCurrentIndex(SCHEMES)
    shown.schemes.table.view.selectRow(texts_of(shown.schemes.table).index("记账"))
    shown.schemes.version_button.click()
    editor: SchemeDialog = dialog(SchemeDialog)
    editor.form.set_draft({"evaluation_facts": True, "evaluations": "T001 1.2"})
    editor.do.click()
    assert not any(one.evaluation_facts for one in payouts.schemes(ledger)), "written factors beside those of the facts"
    editor.form.set_draft({"evaluation_facts": True, "evaluations": None})
    editor.do.click()
    assert nothing_open()
    newest = max((one for one in payouts.schemes(ledger) if one.name == "记账"), key=lambda one: one.from_on)
    assert newest.evaluation_facts
    shown.schemes.show_key(newest.id)
    assert "截止日有效的考核系数" in shown.schemes.detail.text()
