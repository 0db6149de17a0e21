"""收费 as the equipment office uses it: a version drafted from the present one, costs against prices live, approved by another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot

from desktop.actions import fee_building, fees, history, institution, instruments, people, records
from desktop.actions.workspace import Workspace, today
from desktop.ledger import period as periods
from desktop.ledger.fees import CostComponent, FeeLine
from desktop.ledger.instrument import Instrument
from desktop.rules.figure import Figure
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.import_wizard import ImportWizard
from desktop.ui.dialogs.pin_dialog import PinDialog
from desktop.ui.jobs import Inline, Jobs
from desktop.ui.open_ledger import OpenLedger
from desktop.ui.pages.fees import FeesPage
from desktop.ui.pages.fees_detail import COSTS, REPRICE
from desktop.ui.pages.paper_dialog import PaperDialog
from tests.actions import making

APRIL = date(2026, 4, 1)


@pytest.fixture
def page(at_desk: Desk, qtbot: QtBot) -> Iterator[FeesPage]:
    made = FeesPage(at_desk)
    at_desk.changed.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    yield made
    made.leave()


def open_dialog(kind: type[QDialog]) -> QDialog:
    (found,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()]
    return found


def begin(page: FeesPage, asset_number: str = "A1", person: str = making.OFFICE) -> str:
    """A draft through the dialog; the builder is open afterwards."""
    page.detail.show_instrument(asset_number)
    page.detail.buttons["begin"].click()
    dialog = open_dialog(FormDialog)
    assert isinstance(dialog, FormDialog)
    for name, value in (("from_on", APRIL), ("title", "2026 版"), ("person", person), ("pin", making.PINS[person])):
        dialog.form.field(name).set_value(value)
    dialog.do.click()
    version = page.builder.version
    assert version is not None
    return version.schedule.id


def approve(page: FeesPage, key: str, person: str) -> PinDialog | None:
    page.steps.approve(fees.version(page.desk.workspace, key))
    dialog = open_dialog(PinDialog)
    assert isinstance(dialog, PinDialog)
    dialog.person.setCurrentIndex(dialog.person.findData(person))
    dialog.pin.setText(making.PINS[person])
    dialog.do.click()
    return dialog if fees.version(page.desk.workspace, key).schedule.state == "draft" else None


def test_the_list_shows_lines_in_force_with_their_words(page: FeesPage) -> None:
    model = page.table.model
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["A1", "A2", "S1"]
    page.table.view.selectRow(0)
    assert page.detail.asset_number == "A1"
    assert "每小时60.00元" in page.detail.lines.told()[0]
    page.search.setText("质谱")
    page.search.returnPressed.emit()
    assert model.rowCount() == 1


def test_a_version_is_drafted_priced_in_words_and_approved_by_another(page: FeesPage, ledger: Workspace, qtbot: QtBot) -> None:
    key = begin(page)
    model = page.builder.lines.model
    assert model.index(0, 0).data() == "测试"  # copied from the present version
    model.setData(model.index(0, 3), "240")
    model.setData(model.index(1, 0), "过夜")
    for column, text in ((1, "小时"), (2, "30"), (3, "90"), (6, "加急×1.5")):
        model.setData(model.index(1, column), text)
    page.builder.lines.view.setCurrentIndex(model.index(1, 1))
    assert any("1.5倍" in line for line in page.builder.lines.understood.told())
    page.builder.save.click()
    assert [line.item for line in fees.version(ledger, key).lines] == ["测试", "过夜"]
    refused = approve(page, key, making.OFFICE)
    assert refused is not None
    assert refused.said.isVisible()
    refused.reject()
    assert approve(page, key, making.APPROVER) is None
    before, after = fees.versions(ledger, "A1")
    assert (before.schedule.to_on, after.schedule.from_on) == (APRIL, APRIL)
    page.detail.show_instrument("A1", key)
    page.detail.buttons["publish"].click()
    dialog = open_dialog(ConfirmDialog)
    assert isinstance(dialog, ConfirmDialog)
    dialog.do.click()
    assert fees.version(ledger, key).schedule.state == "published"


def test_cost_price_and_comparison_follow_the_typing(page: FeesPage, qtbot: QtBot) -> None:
    begin(page)
    asked: list[Figure] = []
    page.desk.explaining.connect(asked.append)
    costs, gauge = page.builder.costs, page.builder.gauge
    assert gauge.cost.text() == "成本价未知"
    assert "未知" in gauge.words.text()
    for kind, fen in (("depreciation", 15_000), ("maintenance", 3_000)):
        costs.amounts[kind].set_value(fen)
    assert gauge.cost.text() == "¥180.00"
    assert "不高于成本" in gauge.words.text()  # 180.00 an hour outside is not above 180.00
    costs.amounts["maintenance"].set_value(2_999)
    assert "高于成本" in gauge.words.text()
    assert "不高于成本" not in gauge.words.text()
    costs.rate.set_value(15)
    costs.rate.line.setText("15")
    assert gauge.cost.text() == "¥206.99"
    qtbot.mouseClick(gauge.why, Qt.MouseButton.LeftButton)
    assert asked[0].value == 20_699
    qtbot.mouseClick(gauge.why_compared, Qt.MouseButton.LeftButton)
    assert asked[1].value == "within"
    assert {part.value for part in asked[1].walk() if part.code == "fee.line_compared"} == {"within"}
    costs.amounts["energy"].line.setText("十元")
    page.builder.save.click()
    assert page.builder.unsaved()  # what cannot be read is not stored
    costs.amounts["energy"].set_value(None)
    page.builder.save.click()
    assert not page.builder.unsaved()


def test_suggestions_come_from_the_original_value_and_say_why(page: FeesPage) -> None:
    begin(page)
    asked: list[Figure] = []
    page.desk.explaining.connect(asked.append)
    page.builder.costs.take_suggested()
    parts = {part.kind: part.amount_fen for part in page.builder.costs.parts()}
    assert set(parts) == {"depreciation", "maintenance"}
    page.builder.costs.suggest_why.click()
    assert asked[0].value == sum(fen or 0 for fen in parts.values())
    assert all(part.evidence for part in page.builder.costs.parts())


def test_a_row_that_is_not_understood_is_stored_to_confirm_and_settled(page: FeesPage, ledger: Workspace) -> None:
    key = begin(page)
    model = page.builder.lines.model
    for column, text in ((0, "面议项目"), (1, "小时"), (2, "待定"), (3, "200")):
        model.setData(model.index(1, column), text)
    assert model.index(1, 2).data(Qt.ItemDataRole.DecorationRole) is not None
    page.builder.save.click()
    line = fees.version(ledger, key).lines[1]
    assert line.to_confirm
    refused = approve(page, key, making.APPROVER)
    assert refused is not None
    refused.reject()
    page.steps.settle(line)
    dialog = open_dialog(FormDialog)
    assert isinstance(dialog, FormDialog)
    dialog.do.click()
    assert fees.version(ledger, key).lines[1].to_confirm  # still not understood: nothing is stored
    dialog.form.field("internal").set_value("80")
    dialog.do.click()
    settled = fees.version(ledger, key).lines[1]
    assert not settled.to_confirm
    assert settled.source_text == line.source_text
    assert fee_building.told(settled) == {"note": settled.note}
    assert approve(page, key, making.APPROVER) is None


def test_a_settled_line_is_not_read_anew_when_other_rows_change(page: FeesPage, ledger: Workspace) -> None:
    key = begin(page)
    read = fees.read_line("小时", "80", "200")
    old = FeeLine("", key, 1, "面议", read.terms, "面议，见附件", False, "确认过")
    fees.set_lines(ledger, key, [*fees.version(ledger, key).lines, old])
    page.builder.edit(fees.version(ledger, key))
    model = page.builder.lines.model
    model.setData(model.index(0, 3), "200")
    page.builder.save.click()
    kept = fees.version(ledger, key).lines[1]
    assert (kept.terms, kept.note, kept.source_text) == (read.terms, "确认过", "面议，见附件")


def test_what_a_record_would_have_cost_is_shown_beside_what_it_did(page: FeesPage, ledger: Workspace) -> None:
    making.posted(ledger, "R1", minutes=100)
    records.add(ledger, making.draft(ledger, "R2", asset="A2"))
    key = begin(page)
    model = page.builder.lines.model
    model.setData(model.index(0, 3), "240")
    page.builder.save.click()
    page.detail.show_instrument("A1", key)
    page.detail.trial.number.setText("R1")
    page.detail.trial.try_button.click()
    assert page.detail.trial.amount.text() == "¥400.00"
    assert "¥300.00" in page.detail.trial.words.text()
    page.detail.trial.number.setText("R2")
    page.detail.trial.try_button.click()
    assert "R2" in page.detail.trial.words.text()  # another instrument: said, not priced
    assert not page.detail.trial.why.isVisibleTo(page)


def test_a_year_under_other_prices_is_shown_explained_and_printed(page: FeesPage, ledger: Workspace) -> None:
    making.posted(ledger, "R1", minutes=100)  # 300.00 by 180.00 an hour
    making.posted(ledger, "R2", "A2")
    key = making.fee_version(ledger, "A1", date(2026, 1, 1), "测试", "小时", "60", "240")
    page.detail.show_instrument("A1", key)
    view = page.detail.reprice
    page.detail.tabs.setCurrentIndex(REPRICE)
    view.period.setText("2025")
    view.reckon_button.click()
    assert view.amount.text() == "差额 +100.00"
    assert "¥300.00 → ¥400.00（+100.00）" in "".join(view.facts.told())
    view.prices.setCurrentIndex(view.prices.findData("all"))
    view.change.setText("-10")
    view.change.returnPressed.emit()
    assert view.amount.text() == "差额 -33.30"
    assert "所有价格 -10%" in view.words.text()
    explained: list[Figure] = []
    page.desk.explaining.connect(explained.append)
    view.why.click()
    assert [one.value for one in explained] == [-3_330]
    view.print_button.click()
    paper = open_dialog(PaperDialog)
    assert isinstance(paper, PaperDialog)
    assert paper.preview.print_button.isEnabled()
    paper.reject()
    for typed, said in (("一成", "不是百分比"), ("-100", "不合理")):
        view.change.setText(typed)
        view.reckon_button.click()
        assert said in view.words.text()
        assert not view.why.isVisibleTo(page)
    view.prices.setCurrentIndex(view.prices.findData("version"))
    view.change.setText("")
    view.reckon_button.click()
    page.detail.show_instrument("A2")
    assert not view.amount.isVisibleTo(page), "an answer for another version is taken away"


def test_the_year_of_a_set_and_of_all_is_asked_why(page: FeesPage, ledger: Workspace) -> None:
    making.posted(ledger, "R1", minutes=120)
    page.desk.set_period(periods.parse("2025Q2"))
    explained: list[Figure] = []
    page.desk.explaining.connect(explained.append)
    page.detail.show_instrument("A1")
    page.detail.tabs.setCurrentIndex(COSTS)
    page.detail.balance.click()
    page.detail.whole.click()
    assert [one.code for one in explained] == ["balance.verdict", "fee.year_balance"]
    assert [next(part.value for part in one.walk() if part.code == "balance.income") for one in explained] == [36000, 36000]
    page.detail.show_instrument("A2")
    page.detail.balance.click()
    assert len(explained) == 2, "a set that earned nothing has no year to explain"


def test_a_management_component_beside_the_usual_share_is_told_while_typing(page: FeesPage) -> None:
    begin(page)
    page.builder.costs.show_parts([CostComponent("", "", "consumables", 10000, None, "x"), CostComponent("", "", "management", 1501, None, "x")], [])
    page.builder._tell()
    assert "管理费为其他各项之和的 15.01%" in page.builder.gauge.more.text()
    page.builder.costs.show_parts([CostComponent("", "", "consumables", 10000, None, "x"), CostComponent("", "", "management", 1500, None, "x")], [])
    page.builder._tell()
    assert "管理费为" not in page.builder.gauge.more.text()


def test_the_prices_of_an_approved_version_cannot_be_typed_over(page: FeesPage, ledger: Workspace) -> None:
    (version,) = fees.versions(ledger, "A1")
    page.detail.show_instrument("A1")
    page.detail.buttons["build"].click()
    assert not page.builder.lines.isEnabled()
    page.builder.costs.amounts["staff"].set_value(5_000)
    page.builder.save.click()
    after = fees.version(ledger, version.schedule.id)
    assert after.lines == version.lines
    assert [(part.kind, part.amount_fen) for part in after.components] == [("staff", 5_000)]


def test_a_draft_is_dropped_and_brought_back(page: FeesPage, ledger: Workspace) -> None:
    key = begin(page)
    page.detail.show_instrument("A1", key)
    page.detail.buttons["drop"].click()
    assert len(fees.versions(ledger, "A1")) == 1
    history.undo_last(ledger)
    assert [one.schedule.id for one in fees.versions(ledger, "A1")][-1] == key


def test_the_timeline_draws_every_version_and_is_walked_by_keys(page: FeesPage, qtbot: QtBot) -> None:
    begin(page)
    page.builder.back.click()
    page.detail.show_instrument("A1")
    timeline = page.detail.timeline
    assert len(timeline.bars()) == 2
    assert "2026-04-01" in timeline.accessibleDescription()
    qtbot.keyClick(timeline, Qt.Key.Key_Right)
    version = page.detail.version()
    assert version is not None
    assert version.schedule.from_on == APRIL
    qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=timeline.bars()[0].center())
    assert page.detail.at == 0


def test_leaving_the_builder_with_edits_asks_first(page: FeesPage) -> None:
    begin(page)
    assert page.unsaved() == ""
    page.builder.costs.amounts["room"].set_value(100)
    assert page.unsaved()
    page.builder.back.click()
    dialog = open_dialog(ConfirmDialog)
    dialog.reject()
    assert page.stack.currentWidget() is page.builder


def test_the_comparison_names_the_worst(page: FeesPage) -> None:
    read = fees.read_line("小时", "60", "180")
    lines = [FeeLine("l", "", 0, "测试", read.terms, read.source_text)]
    for fen, state in ((18_000, "within"), (17_999, "above")):
        assert fee_building.live([CostComponent("", "", "staff", fen, None, "x")], lines).state == state
    assert fee_building.live([], lines).state == "unknown"


def test_an_instrument_without_fees_is_told_what_to_do(page: FeesPage, ledger: Workspace) -> None:
    instruments.add(ledger, Instrument("", "A9", "新仪器", 1_000_000, True, False, date(2025, 1, 1)))
    page.arrive({"asset_number": "A9"})
    assert "还没有收费标准" in page.detail.line.text()
    assert page.detail.buttons["begin"].isVisibleTo(page)
    assert not page.detail.buttons["approve"].isVisibleTo(page)


def test_the_version_at_hand_stays_when_the_list_is_read_anew(page: FeesPage, ledger: Workspace) -> None:
    page.table.view.selectRow(0)
    key = begin(page)
    page.builder.back.click()
    page.detail.show_instrument("A1", key)
    making.fee_version(ledger, "A2", APRIL, "制样", "样", "11", "34")
    page.refresh()
    version = page.detail.version()
    assert version is not None
    assert version.schedule.id == key


def test_the_import_button_opens_the_wizard(page: FeesPage) -> None:
    page.import_file()
    wizard = open_dialog(ImportWizard)
    assert isinstance(wizard, ImportWizard)
    assert wizard.kind == "fees"
    wizard.reject()


def test_a_draft_asks_who_prepares_it(page: FeesPage, ledger: Workspace) -> None:
    before = [version.schedule.id for version in fees.versions(ledger, "A1")]
    page.detail.show_instrument("A1")
    page.detail.buttons["begin"].click()
    dialog = open_dialog(FormDialog)
    assert isinstance(dialog, FormDialog)
    dialog.form.field("from_on").set_value(APRIL)
    dialog.do.click()
    assert dialog.isVisible(), "nobody was named"
    assert [version.schedule.id for version in fees.versions(ledger, "A1")] == before
    dialog.form.field("person").set_value(making.OFFICE)
    dialog.form.field("pin").set_value(making.PINS[making.OFFICE])
    dialog.do.click()
    (made,) = [version for version in fees.versions(ledger, "A1") if version.schedule.id not in before]
    assert made.schedule.prepared_by


def test_without_anybody_to_prepare_a_draft_the_window_says_what_to_do(page: FeesPage, ledger: Workspace) -> None:
    for person in people.everyone(ledger):
        if person.role in fees.PREPARERS:
            people.retire(ledger, person.name)
    page.detail.show_instrument("A1")
    page.detail.buttons["begin"].click()
    dialog = open_dialog(FormDialog)
    assert isinstance(dialog, FormDialog)
    assert any("设置" in one.text() for one in dialog.findChildren(QLabel))
    dialog.reject()


def test_a_ledger_without_prices_is_told_what_belongs_here(tmp_path: Path, qtbot: QtBot) -> None:
    workspace, _ = institution.start(tmp_path / "new", "齐鲁示范大学", making.USCC, institution.KINDS[0], "370102", passphrase="海岱惟青州-2026")
    with workspace:
        desk = Desk(Jobs(Inline()), {}, today)
        desk.open(OpenLedger(workspace), workspace)
        page = FeesPage(desk)
        qtbot.addWidget(page)
        page.show()
        said = [one.text() for one in page.findChildren(QLabel) if one.isVisible()]
        assert "还没有收费标准" in said
        assert "没有符合筛选条件的行" not in said
        page.leave()
