"""分配 driven as a person would: preview, prepare, the refusal of four eyes, approval, statement, reversal, costs, schemes, months."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from desktop import words
from desktop.actions import payouts, schemes
from desktop.actions.workspace import Workspace
from desktop.ledger.period import parse
from desktop.rules.figure import Figure, Rows
from desktop.ui.desk import Desk
from desktop.ui.dialogs.file_dialog import QFileDialog
from desktop.ui.dialogs.prepare_dialog import PrepareDialog
from desktop.ui.dialogs.reason_dialog import ReasonDialog
from desktop.ui.dialogs.statement_dialog import StatementDialog
from desktop.ui.pages import payout_flow
from desktop.ui.pages.payouts import COSTS, PayoutsPage
from tests.actions import making
from tests.actions.making import APPROVER, FINANCE, JUNE, MAY, PINS
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


def prepared(page: PayoutsPage, to: date = MAY) -> None:
    page.prepare_button.click()
    asked: PrepareDialog = dialog(PrepareDialog)
    asked.to.set_value(to)
    asked.scheme.set_value("记账")
    asked.look()
    asked.person.setCurrentIndex(asked.person.findData(FINANCE))
    asked.pin.setText(PINS[FINANCE])
    asked.do.click()


def test_an_empty_page_teaches_and_offers_the_first_step(page: Open, qtbot: QtBot) -> None:
    shown = page()
    assert shown.list.stack.currentWidget() is shown.list.nothing
    assert "成本还没有申报" in shown.list.card.rest.text()
    qtbot.mouseClick(shown.list.nothing.buttons[0], Qt.MouseButton.LeftButton)
    asked: PrepareDialog = dialog(PrepareDialog)
    assert not asked.do.isEnabled()
    asked.reject()


def test_the_preview_refuses_without_costs_and_leads_to_declaring_them(page: Open, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    shown = page()
    shown.prepare_button.click()
    asked: PrepareDialog = dialog(PrepareDialog)
    asked.to.set_value(MAY)
    asked.look()
    assert asked.shown.currentIndex() == 1
    assert not asked.do.isEnabled()
    assert not asked.to_costs.isHidden()
    assert payouts.every(ledger) == []
    asked.to_costs.click()
    assert shown.tabs.currentIndex() == COSTS
    form = dialog(QDialog).form
    assert form.draft()["kind"] is not None
    dialog(QDialog).reject()


def test_preview_then_prepare_writes_what_was_seen(page: Open, ledger: Workspace, told: list[str]) -> None:
    making.posted(ledger, "R1")
    making.posted(ledger, "R2", minutes=100, operator_name="T002")
    making.declare(ledger, 3_000)
    shown = page()
    shown.prepare_button.click()
    asked: PrepareDialog = dialog(PrepareDialog)
    asked.to.set_value(MAY)
    asked.scheme.set_value("记账")
    asked.look()
    seen = [asked.seen.chart.amount(step) for step in asked.seen.chart.steps]
    assert seen[:3] == ["¥480.00", "-¥30.00", "¥450.00"]
    assert payouts.every(ledger) == []  # looking writes nothing
    asked.person.setCurrentIndex(asked.person.findData(FINANCE))
    asked.pin.setText("9999")
    asked.do.click()
    assert "PIN" in asked.said.words.text()
    assert payouts.every(ledger) == []
    assert asked.pin.text() == ""
    asked.pin.setText(PINS[FINANCE])
    asked.do.click()
    run = payouts.every(ledger)[0]
    assert (run.state, run.income_fen, run.cost_fen) == ("prepared", 48_000, 3_000)
    assert shown.view.number.text() == run.number
    assert [shown.view.body.chart.amount(step) for step in shown.view.body.chart.steps] == seen
    assert any(run.number in words_ for words_ in told)


def test_four_eyes_are_refused_in_words_and_nothing_changes(page: Open, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    making.declare(ledger)
    shown = page()
    prepared(shown)
    before = making.everything(ledger)
    shown.view.buttons["approve"].click()
    asked = sign(FINANCE, PINS[FINANCE])
    assert words.say("payout.same_person") in asked.said.words.text()
    assert making.everything(ledger) == before
    sign(APPROVER, PINS[APPROVER])
    assert nothing_open()
    assert payouts.every(ledger)[0].state == "approved"
    assert shown.view.state.text() == words.say("payout.state.approved")
    assert shown.view.buttons["approve"].isHidden()
    assert not shown.view.buttons["export"].isHidden()


def test_only_steps_the_state_allows_are_offered(page: Open, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    making.prepare(ledger)
    shown = page()

    def offered() -> set[str]:
        return {name for name, button in shown.view.buttons.items() if not button.isHidden()}

    assert offered() == {"approve", "withdraw", "paper", "attach"}
    shown.view.buttons["withdraw"].click()
    sign(FINANCE, PINS[FINANCE])
    assert payouts.every(ledger)[0].state == "withdrawn"
    assert offered() == {"attach"}, "what was attached to it stays to be read"


def test_reversal_needs_a_reason_and_another_person(page: Open, at_desk: Desk, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    making.settled(ledger)
    shown = page()
    shown.view.buttons["reverse"].click()
    reason: ReasonDialog = dialog(ReasonDialog)
    assert not reason.do.isEnabled()
    event = QInputMethodEvent()
    event.setCommitString("多算了一条记录")
    QApplication.sendEvent(reason.text, event)
    reason.do.click()
    sign(FINANCE, PINS[FINANCE])
    mirror = payouts.every(ledger)[0]
    assert mirror.reverses
    assert mirror.reason == "多算了一条记录"
    assert mirror.pool_fen == -payouts.every(ledger)[1].pool_fen
    assert "多算了一条记录" in shown.view.reason.text()
    assert shown.view.body.chart.amount(shown.view.body.chart.steps[0]) == "-¥180.00"
    asked: list[Figure] = []
    at_desk.explaining.connect(asked.append)
    shown.view.body.why.click()
    assert asked[0].value == mirror.pool_fen  # the answer is about the number that was asked for
    shown.view.buttons["approve"].click()
    sign(APPROVER, PINS[APPROVER])
    assert [run.state for run in payouts.every(ledger)] == ["approved", "reversed"]


def test_every_figure_answers_why(page: Open, at_desk: Desk, ledger: Workspace, qtbot: QtBot) -> None:
    making.posted(ledger, "R1")
    making.posted(ledger, "R2", operator_name="T002")
    making.settled(ledger)
    shown = page()
    asked: list[Figure] = []
    at_desk.explaining.connect(asked.append)
    body = shown.view.body
    body.why.click()
    body.chart.go_to(0)
    for _ in body.chart.steps:
        qtbot.keyClick(body.chart, Qt.Key.Key_Return)
        qtbot.keyClick(body.chart, Qt.Key.Key_Down)
    first = body.chart.row_rect(0).center().toPoint()
    qtbot.mouseClick(body.chart, Qt.MouseButton.LeftButton, pos=first)
    body.people.view.selectRow(1)
    body._why_row(body.people.keys())
    values = [figure.value for figure in asked]
    steps = [step.figure.value for step in body.chart.steps]
    assert values == [16_200, *steps, 36_000, 8_100]
    assert asked[-1].rows is not None


def test_what_a_scheme_leaves_out_is_said_with_its_name(page: Open, ledger: Workspace) -> None:
    making.some_work(ledger)
    schemes.add_scheme(ledger, making.scheme("只计校外", include_internal=False))
    making.settled(ledger, name="只计校外")
    body = page().view.body
    links = [body.apart.itemAt(n).widget() for n in range(body.apart.count())]
    assert [one.text() for one in links if one is not None] == ["方案“只计校外”不计入的校内记录：1 条"]


def test_the_bars_close(page: Open, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    making.posted(ledger, "R2", "A2", operator_name="T003")
    making.settled(ledger, cost=1_234)
    shown = page()
    steps = shown.view.body.chart.steps
    for one, following in pairwise(steps):
        if following.part in ("out", "pool"):
            assert following.start == one.end
            assert following.start - following.end == following.fen
    assert steps[-1].end == steps[-2].end == steps[-1].fen
    assert "各人合计" in shown.view.body.sum.text()
    # A broken tree: a share that is a fen too small leaves a bar that does not close.
    figure = payouts.explain(ledger, payouts.every(ledger)[0].number)
    broken = _with_smaller_share(figure)
    wrong = payout_flow.steps(broken, {"学校", "实验室"})
    assert wrong[-1].end != wrong[-1].fen


def _with_smaller_share(figure: Figure) -> Figure:
    from dataclasses import replace

    inputs = tuple(
        replace(one, value=one.value - 1) if one.code == "payout.step" and isinstance(one.value, int) and one.value else one
        for one in figure.inputs
    )
    return replace(figure, inputs=inputs)


def test_a_statement_lists_every_line_and_opens_its_record(page: Open, at_desk: Desk, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    making.posted(ledger, "R2", minutes=90)
    making.posted(ledger, "R3", operator_name="T002")
    making.settled(ledger)
    shown = page()
    shown.view.body.people.opened.emit("T001")
    statement: StatementDialog = dialog(StatementDialog)
    assert texts_of(statement.table) == ["R1", "R2"]
    fen = [line.line.fen for line in statement.lines.values()]
    share = next(one for one in shown.view.run.shares if one.staff_number == "T001") if shown.view.run else None
    assert share is not None
    assert sum(fen) == share.fen
    assert "一致" in statement.total.text()
    opened: list[Rows] = []
    at_desk.opening_rows.connect(opened.append)
    statement.table.view.selectRow(0)
    statement.open_record(statement.table.keys())
    assert opened[0].kind == "posting"
    assert nothing_open()


def test_late_lines_are_marked_and_filtered(page: Open, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    making.settled(ledger)
    making.posted(ledger, "R2")  # of May, after May was settled
    making.posted(ledger, "R3", day=date(2025, 6, 3))
    making.settled(ledger, JUNE)
    shown = page()
    shown.view.open_statement("T001")
    statement: StatementDialog = dialog(StatementDialog)
    assert texts_of(statement.table, 8) == ["补记", ""]
    statement.table.filter_by({"kind": "late"})
    assert texts_of(statement.table) == ["R2"]
    statement.reject()


def test_a_run_is_compared_with_the_one_before(page: Open, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    making.settled(ledger)
    shown = page()
    assert not shown.view.body.tabs.isTabEnabled(2)
    making.posted(ledger, "R2", day=date(2025, 6, 3), minutes=120)
    making.settled(ledger, JUNE)
    shown.refresh()
    shown.list.list.setCurrentRow(0)
    beside = shown.view.body.beside
    assert shown.view.body.tabs.isTabEnabled(2)
    assert texts_of(beside, 2)[:3] == ["¥360.00", "¥0.00", "¥162.00"]
    assert texts_of(beside, 3)[:3] == ["¥180.00", "¥0.00", "¥81.00"]
    assert texts_of(beside, 5)[0] == "100%"


def test_the_payroll_file_is_written(page: Open, ledger: Workspace, tmp_path: Path, told: list[str]) -> None:
    making.posted(ledger, "R1")
    making.settled(ledger)
    shown = page()
    shown.view.buttons["export"].click()
    target = tmp_path / "payroll.csv"
    chooser: QFileDialog = dialog(QFileDialog)
    chooser.fileSelected.emit(str(target))
    chooser.reject()
    with target.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert [row[0] for row in rows[1:]] == ["T001"]
    assert "81.00" in rows[1]
    assert any("payroll.csv" in one for one in told)


def test_the_payout_sheet_is_printed_to_pdf(page: Open, ledger: Workspace, tmp_path: Path) -> None:
    making.posted(ledger, "R1")
    making.settled(ledger)
    shown = page()
    shown.view.buttons["paper"].click()
    chooser: QFileDialog = dialog(QFileDialog)
    chooser.fileSelected.emit(str(tmp_path / "sheet.pdf"))
    chooser.reject()
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")


def test_the_balance_follows_the_period(page: Open, at_desk: Desk, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    making.posted(ledger, "R2", day=date(2026, 2, 3))
    shown = page()
    assert shown.list.card.sum.text() == "¥180.00"
    at_desk.set_period(parse("2026"))
    shown.follow_period()
    assert shown.list.card.sum.text() == "¥360.00"
    assert "2026-03-02" in shown.list.card.head.text()  # not later than today


def test_the_chart_copies_as_data_and_picture(page: Open, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    making.settled(ledger)
    chart = page().view.body.chart
    actions = [action for action in chart.menu().actions() if action.text()]
    actions[2].trigger()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[1].split("\t")[1:] == ["180.00", "180.00"]
    assert len(lines) == 1 + len(chart.steps)
    actions[1].trigger()
    assert not QGuiApplication.clipboard().pixmap().isNull()


def test_models_keep_qts_contract(page: Open, ledger: Workspace) -> None:
    making.posted(ledger, "R1")
    making.settled(ledger)
    shown = page()
    for table in (shown.view.body.people, shown.view.body.others, shown.costs.table, shown.schemes.table, shown.months.table):
        QAbstractItemModelTester(table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        table.model.sort(0, Qt.SortOrder.DescendingOrder)
        table.refresh()
