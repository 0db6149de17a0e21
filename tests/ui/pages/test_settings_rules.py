"""规则参数 in the window: values by day, what hangs on them, a set from a file seen with its effects, taken with a reason or refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.actions import instruments, parameter_sets, parameter_uses, rules_in_force
from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Problem
from desktop.store import library
from desktop.ui.desk import Desk
from desktop.ui.dialogs.rule_values_dialog import RuleValuesDialog
from desktop.ui.pages.settings_rules import RulesPart
from tests.ui.looking import faults
from tests.ui.pages.driving import dialog, nothing_open, texts_of


@pytest.fixture
def rules(qtbot: QtBot, at_desk: Desk) -> RulesPart:
    made = RulesPart(at_desk)
    qtbot.addWidget(made)
    made.resize(1000, 640)
    made.show()
    made.refresh()
    at_desk.changed.connect(lambda changes: made.refresh())
    return made


@pytest.fixture
def newer(ledger: Workspace, tmp_path: Path) -> Path:
    """The table of the program with two values changed as a clerk would."""
    instruments.add(ledger, Instrument("", "N1", "新仪器", 50_000_000, True, False, date(2025, 3, 3)))
    path = tmp_path / "鲁科字9号.xlsx"
    parameter_sets.export(ledger, path)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    for row in sheet.iter_rows(min_row=2):
        if row[0].value == "duty.threshold_fen":
            for place, value in ((2, date(2025, 1, 1)), (3, "600,000"), (5, "鲁科字〔2026〕9号")):
                row[place].value = value
        elif row[0].value == "national.review_threshold_fen":
            for place, value in ((2, date(2026, 1, 1)), (3, "3,000,000"), (5, "鲁科字〔2026〕9号")):
                row[place].value = value
    book.save(path)
    return path


def test_values_are_those_of_the_chosen_day_and_say_what_hangs_on_them(rules: RulesPart) -> None:
    rules.table.select(["duty.threshold_fen"])
    assert any("入网与报备义务" in line for line in rules.history.told())
    rules.search.setText("诚信自查")
    assert len(texts_of(rules.table)) == 4
    rules.search.clear()
    rules.day.set_value(date(2018, 1, 1))
    row = next(n for n in range(rules.table.model.rowCount()) if rules.table.model.key_at(n) == "duty.threshold_fen")
    assert texts_of(rules.table, 2)[row] == "2017-09-20"
    rules.table.filter_by({"unset": "1"})
    assert "award.provider_cap_fen" in {rules.table.model.key_at(n) for n in range(rules.table.model.rowCount())}


def test_a_set_is_seen_with_what_it_moves_then_taken_with_a_reason(
    rules: RulesPart, ledger: Workspace, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(parameter_uses.USES, "national.review_threshold_fen")
    rules.take_file(newer)
    shown = dialog(RuleValuesDialog)
    for table in (shown.values, shown.moved):
        QAbstractItemModelTester(table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert texts_of(shown.values) == ["入网限额（单台套原值）", "中央资金查重限额"]
    assert texts_of(shown.values, 2) == ["¥600,000.00", "¥3,000,000.00"]
    moved = list(zip(texts_of(shown.moved), texts_of(shown.moved, 2), texts_of(shown.moved, 3), strict=True))
    assert ("义务状态", "逾期未入网", "无入网义务") in moved
    assert "中央资金查重限额" in shown.line.text(), "a value that no figure hangs on is named"
    assert faults(shown) == []
    assert not shown.do.isEnabled()
    shown.reason.setText("省厅新文件")
    shown.do.click()
    assert nothing_open()
    found = rules_in_force.of(ledger).in_force("duty.threshold_fen", date(2025, 1, 1))
    assert found is not None
    assert (found.value, found.own) == (60_000_000, True)


def test_nothing_can_be_taken_before_its_effects_are_seen(rules: RulesPart, ledger: Workspace, newer: Path) -> None:
    plan = parameter_sets.read(ledger, newer)
    shown = RuleValuesDialog(rules, rules.desk, plan, lambda key, value, unit: str(value))
    shown.reason.setText("省厅新文件")
    assert not shown.do.isEnabled()
    shown.show_effects(parameter_sets.effects(ledger, plan))
    assert shown.do.isEnabled()
    shown.reject()


def test_a_set_taken_meanwhile_is_told_in_the_dialog_and_nothing_is_written(rules: RulesPart, ledger: Workspace, newer: Path) -> None:
    rules.take_file(newer)
    shown = dialog(RuleValuesDialog)
    parameter_sets.commit(ledger, parameter_sets.read(ledger, newer), "别处先采用")
    shown.reason.setText("省厅新文件")
    shown.do.click()
    assert not nothing_open()
    assert "没有采用" in shown.said.words.text()
    shown.reject()


def test_a_faulty_set_is_told_and_a_known_one_is_no_work(
    rules: RulesPart, ledger: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles: list[Problem] = []
    monkeypatch.setattr(rules.desk, "trouble", troubles.append)
    bad = tmp_path / "a.csv"
    bad.write_text("代号,起始日期,值,文号,可信度\nduty.nothing,2027-01-01,1,文号,A\n", "utf-8")
    rules.take_file(bad)
    assert [one.code for one in troubles] == ["parameter.set_refused"]
    good = tmp_path / "b.xlsx"
    parameter_sets.export(ledger, good)
    rules.take_file(good)
    assert nothing_open()


def test_values_the_network_published_are_seen_with_their_effects_and_taken_with_a_reason(
    rules: RulesPart, at_desk: Desk, ledger: Workspace
) -> None:
    assert not rules.published.isVisible()
    newer = {
        "key": "duty.threshold_fen", "from": "2025-01-01", "value": 60_000_000, "unit": "fen", "source": "鲁科字〔2026〕9号", "clause": "", "certainty": "A",
    }  # fmt: skip
    with ledger.write("sync", undoable=False) as operation:
        library.keep_book(operation.connection, "network", "parameters", "1", json.dumps({"duty": {"value": [newer]}}), "2026-11-25T00:00:00+00:00")
    at_desk.announce(Changes(0, frozenset({"sync"})))
    assert rules.published.isVisible()
    rules.published.click()
    asked = dialog(RuleValuesDialog)
    asked.reason.setText("省网发布")
    asked.do.click()
    assert nothing_open()
    held = rules_in_force.of(ledger).in_force("duty.threshold_fen", date(2026, 1, 1))
    assert held is not None
    assert (held.value, held.own) == (60_000_000, True)
    assert not rules.published.isVisible()
    assert faults(rules) == []
