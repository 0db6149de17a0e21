"""设置 in the window: each part does what it says, through the same actions as everywhere, and what it writes can be seen."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop import resource
from desktop.actions import backups, history, institution, people, rules_in_force
from desktop.actions.workspace import Workspace, open_ledger, today
from desktop.formats import parameter_text
from desktop.store import library
from desktop.ui.desk import Desk, Place
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.rule_values_dialog import RuleValuesDialog
from desktop.ui.jobs import Inline, Jobs
from desktop.ui.open_ledger import OpenLedger
from desktop.ui.pages.settings import PARTS, SettingsPage
from desktop.ui.pages.settings_backup import BackupPart
from desktop.ui.pages.settings_calendar import CalendarPart
from desktop.ui.pages.settings_history import HistoryPart
from desktop.ui.pages.settings_institution import InstitutionPart
from desktop.ui.pages.settings_key import KeyPart
from desktop.ui.pages.settings_look import LookPart
from desktop.ui.pages.settings_network import NetworkPart
from desktop.ui.pages.settings_people import PeoplePart
from desktop.ui.pages.settings_rules import RulesPart, typed_value
from desktop.ui.pages.settings_schemes import SchemesPart
from tests.actions.making import FINANCE, USCC
from tests.ui.looking import faults
from tests.ui.pages.driving import dialog, nothing_open, texts_of

PASSPHRASE = "海岱惟青州-2026"


@pytest.fixture
def page(qtbot: QtBot, at_desk: Desk) -> SettingsPage:
    made = SettingsPage(at_desk)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    at_desk.changed.connect(made.hear)
    return made


def part(page: SettingsPage, key: str, kind: type) -> object:
    shown = page.show_part(key)
    assert isinstance(shown, kind)
    return shown


def type_chinese(widget: object, text: str) -> None:
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)  # type: ignore[arg-type]  # the editor of a field


def test_every_part_opens_and_is_remembered(page: SettingsPage) -> None:
    for key, *_ in PARTS:
        assert page.show_part(key).isVisible()
    assert page.desk.preferences["settings.part"] == "about"
    page.arrive({"tab": "rules"})
    assert page.current == "rules"


def test_the_institution_is_corrected_and_a_wrong_code_is_said_while_typing(page: SettingsPage, ledger: Workspace) -> None:
    shown = part(page, "institution", InstitutionPart)
    assert isinstance(shown, InstitutionPart)
    form = shown.form
    assert form.field("uscc").value() == USCC
    assert form.field("county").value() == "370102"
    form.field("uscc").editor.setText(USCC[:-1] + "X")  # type: ignore[attr-defined]  # a line
    assert [finding.code for finding in form._shown] == ["uscc.check"]
    assert page.unsaved()
    shown.save_button.click()
    assert institution.get(ledger).uscc == USCC
    form.field("uscc").set_value(USCC)
    name = form.field("name").editor
    name.selectAll()  # type: ignore[attr-defined]  # a line
    type_chinese(name, "岱宗示范大学")
    form.field("city").set_value("370200")
    assert form.field("county").value() is None
    form.field("county").set_value("370202")
    shown.save_button.click()
    kept = institution.get(ledger)
    assert (kept.name, kept.region) == ("岱宗示范大学", "370202")
    assert page.unsaved() == ""


def test_a_person_is_added_gets_a_pin_and_retires(page: SettingsPage, ledger: Workspace) -> None:
    shown = part(page, "people", PeoplePart)
    assert isinstance(shown, PeoplePart)
    QAbstractItemModelTester(shown.table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    asked = shown.ask_add()
    asked.form.set_draft({"name": FINANCE, "role": "finance"})
    asked.do.click()
    assert not nothing_open()  # the name is taken: said, and asked again
    asked.form.set_draft({"name": "己新人", "role": "approver", "pin": "1234"})
    asked.do.click()
    assert nothing_open()
    assert people.pin_fits(shown.people["己新人"], "1234")
    changing = shown.ask_pin("己新人")
    changing.form.set_draft({"old": "0000", "new": "5678", "again": "5678"})
    changing.do.click()
    assert people.pin_fits({p.name: p for p in people.everyone(ledger)}["己新人"], "1234")
    changing.form.set_draft({"old": "1234", "new": "5678", "again": "8765"})
    changing.do.click()
    assert not nothing_open()
    changing.form.set_draft({"old": "1234", "new": "5678", "again": "5678"})
    changing.do.click()
    assert people.pin_fits(shown.people["己新人"], "5678")
    shown.retire("己新人", False)
    assert not shown.people["己新人"].active
    assert texts_of(shown.table)[-1] == "己新人"


def test_an_own_rule_value_is_added_by_document_number_and_explained(page: SettingsPage, ledger: Workspace) -> None:
    shown = part(page, "rules", RulesPart)
    assert isinstance(shown, RulesPart)
    shown.search.setText("限额")
    shown.table.filter_by({})
    shown.table.select(["duty.threshold_fen"])
    asked = shown.ask_add()
    assert asked is not None
    asked.form.set_draft({"value": "60万", "from_on": date(2026, 4, 1), "document": "校发〔2026〕1号", "certainty": "A"})
    asked.do.click()
    assert not nothing_open()
    asked.form.set_draft({"value": "600,000.00", "from_on": date(2026, 4, 1), "document": "校发〔2026〕1号", "certainty": "A"})
    asked.do.click()
    plan = dialog(RuleValuesDialog)
    assert not plan.do.isEnabled()
    plan.reason.setText("校内口径")
    plan.do.click()
    assert nothing_open()
    found = rules_in_force.of(ledger).in_force("duty.threshold_fen", date(2026, 4, 1))
    assert found is not None
    assert (found.value, found.source, found.own) == (60_000_000, "校发〔2026〕1号", True)
    shown.table.filter_by({"own": "1"})
    assert shown.table.model.rowCount() == 1
    figures: list[object] = []
    page.desk.explaining.connect(figures.append)
    shown.table.select(["duty.threshold_fen"])
    shown.why_button.click()
    assert len(figures) == 1
    assert any("校发〔2026〕1号" in line for line in shown.history.told())


def test_the_value_in_force_is_offered_as_people_type_it(page: SettingsPage) -> None:
    shown = part(page, "rules", RulesPart)
    assert isinstance(shown, RulesPart)
    for rule in shown._rules.values():
        known = typed_value(rule)
        assert known is None or parameter_text.typed(rule.unit, known) == rule.in_force.value, rule.key


def test_the_calendars_and_schemes_are_those_of_their_pages(page: SettingsPage, ledger: Workspace, tmp_path: Path) -> None:
    shown = part(page, "calendar", CalendarPart)
    assert isinstance(shown, CalendarPart)
    n = shown.view.table.model.rowCount()
    file = tmp_path / "2027.toml"
    file.write_text(resource.path("calendar", "2026.toml").read_text("utf-8").replace("2026", "2027"), "utf-8")
    shown.view.take_file(file)
    dialog(ConfirmDialog).do.click()
    assert texts_of(shown.view.table)[0] == "2027"
    assert shown.view.table.model.rowCount() == n + 1
    listed = part(page, "schemes", SchemesPart)
    assert isinstance(listed, SchemesPart)
    assert sorted(texts_of(listed.view.table)) == ["到账", "记账"]


def test_the_network_part_says_where_the_ledger_stands_and_leads_to_sync(page: SettingsPage, ledger: Workspace) -> None:
    shown = part(page, "network", NetworkPart)
    assert isinstance(shown, NetworkPart)
    assert "还没有登记" in shown.state.text()
    with ledger.write("enrolled") as operation:
        operation.connection.exec_driver_sql(
            "INSERT INTO remote (role, url, server_id, epoch, cursor, device_id, institution) "
            "VALUES ('network', 'https://net.example.cn', 's', 'e', '', 'd', '齐鲁示范大学')"
        )
    shown.refresh()
    assert "已登记" in shown.state.text()
    assert any("https://net.example.cn" in line for line in shown.facts.told())
    places: list[Place] = []
    page.desk.going.connect(places.append)
    shown.open_button.click()
    assert places == [Place("sync")]


def test_what_the_network_publishes_is_listed_with_year_and_source(page: SettingsPage, ledger: Workspace) -> None:
    shown = part(page, "network", NetworkPart)
    assert isinstance(shown, NetworkPart)
    assert shown.books.model.rowCount() == 0
    years = {"2024": {"effective_hours": 1570, "source": "国科办基〔2025〕9号"}, "2025": {"<b>x": "1"}}
    with ledger.write("sync") as operation:
        for name, content in (("benchmarks", years), ("regions", {})):
            library.keep_book(operation.connection, "network", name, "v1", json.dumps(content), "2026-01-20T01:00:00+00:00")
    shown.refresh()
    model = shown.books.model
    told = [[str(model.index(row, column).data()) for column in range(6)] for row in range(model.rowCount())]
    assert told == [
        ["考核基准", "2025", "<b>x", "1", "省开放共享服务网络", "v1"],
        ["考核基准", "2024", "年平均有效工作机时（小时）", "1570", "国科办基〔2025〕9号", "v1"],
        ["行政区划代码", "", "", "", "省开放共享服务网络", "v1"],
    ]
    page.resize(1024 - 60, 600)
    QApplication.processEvents()
    assert faults(page) == []


def test_backing_up_and_restoring_says_what_it_does_and_gives_another_ledger(
    page: SettingsPage, ledger: Workspace, tmp_path: Path
) -> None:
    shown = part(page, "backup", BackupPart)
    assert isinstance(shown, BackupPart)
    shown.back_up(tmp_path / "copy.yxb")
    assert backups.examine(tmp_path / "copy.yxb").ledger == ledger.lock.ledger
    people.add(ledger, "后来的人", "finance")
    replaced: list[Workspace] = []
    page.desk.replaced.connect(replaced.append)
    shown.look_at(tmp_path / "copy.yxb")
    asked = dialog(ConfirmDialog)
    assert asked.cancel.isDefault()
    asked.do.click()
    assert len(replaced) == 1
    with replaced[0] as again:
        assert "后来的人" not in {one.name for one in people.everyone(again)}
    ledger.reopen()


def test_a_file_that_is_no_backup_changes_nothing(page: SettingsPage, ledger: Workspace, tmp_path: Path) -> None:
    shown = part(page, "backup", BackupPart)
    assert isinstance(shown, BackupPart)
    told: list[str] = []
    page.desk.told.connect(lambda notice: told.append(notice.text))
    (tmp_path / "x.yxb").write_text("nothing")
    shown.look_at(tmp_path / "x.yxb")
    assert nothing_open()
    assert len(told) == 1
    assert people.everyone(ledger)


def test_the_history_takes_one_step_back_and_leaves_what_cannot(page: SettingsPage, ledger: Workspace) -> None:
    people.add(ledger, "误加的人", "finance")
    shown = part(page, "history", HistoryPart)
    assert isinstance(shown, HistoryPart)
    newest = history.latest(ledger, 1)[0]
    shown.table.select([newest.seq])
    shown.undo_button.click()
    dialog(ConfirmDialog).do.click()
    assert "误加的人" not in {one.name for one in people.everyone(ledger)}
    assert shown.done[newest.seq].undone_by is not None
    first = min(shown.done)
    shown.table.select([first])
    assert not shown.undo_button.isEnabled()
    shown.table.filter_by({"undoable": "1"})
    assert newest.seq not in list(shown.table.model.keys())


def test_look_and_language_are_asked_of_the_program(page: SettingsPage) -> None:
    shown = part(page, "look", LookPart)
    assert isinstance(shown, LookPart)
    asked: list[tuple[str, object]] = []
    page.desk.restyling.connect(lambda name, value: asked.append((name, value)))
    shown.looks["dark"].click()
    shown.languages["en"].click()
    shown.slider.setValue(24)
    assert asked == [("look", "dark"), ("language", "en"), ("percent", 120)]


def test_the_practice_ledger_offers_no_keys(page: SettingsPage) -> None:
    shown = part(page, "key", KeyPart)
    assert isinstance(shown, KeyPart)
    assert not shown.change_button.isEnabled()
    assert not shown.recovery_button.isEnabled()


def test_a_passphrase_is_changed_and_a_recovery_key_shown_once(qtbot: QtBot, tmp_path: Path) -> None:
    workspace, old = institution.start(tmp_path / "home", "齐鲁示范大学", USCC, "university", "370102", passphrase=PASSPHRASE)
    desk = Desk(Jobs(Inline()), {}, today)
    desk.open(OpenLedger(workspace), workspace)
    page = SettingsPage(desk)
    qtbot.addWidget(page)
    page.show()
    shown = part(page, "key", KeyPart)
    assert isinstance(shown, KeyPart)
    asked = shown.ask_change()
    asked.form.set_draft({"old": "不对不对不对不对", "new": "岱宗夫如何-2026", "again": "岱宗夫如何-2026"})
    asked.do.click()
    assert isinstance(dialog(FormDialog), FormDialog)
    asked.form.set_draft({"old": PASSPHRASE, "new": "岱宗夫如何-2026", "again": "岱宗夫如何-2026"})
    asked.do.click()
    assert nothing_open()
    shown.recovery_button.click()
    dialog(ConfirmDialog).do.click()
    fresh = shown.recovery.text.text()
    assert fresh != old
    shown.recovery.save(tmp_path / "key.pdf")
    assert (tmp_path / "key.pdf").read_bytes().startswith(b"%PDF")
    workspace.close()
    for secret in ("岱宗夫如何-2026", fresh):
        open_ledger(tmp_path / "home", passphrase=secret).close()
