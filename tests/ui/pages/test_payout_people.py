"""分配 › 技术人员, 培训: what technicians hold and were trained in is entered, corrected, ended, taken out, attached, asked; a fault stays in its form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from desktop.actions import history, staff_facts, training_entry, trainings
from desktop.actions.trainings import Given
from desktop.actions.workspace import Workspace
from desktop.ledger.staff_fact import StaffFact
from desktop.ledger.training import Training
from desktop.rules import staff as rules
from desktop.rules.figure import Figure
from desktop.ui.desk import Desk
from desktop.ui.dialogs.attachments_dialog import AttachmentsDialog
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.import_wizard import ImportWizard
from desktop.ui.dialogs.reason_dialog import ReasonDialog
from desktop.ui.pages.payouts import STAFF, TRAININGS, PayoutsPage
from tests.ui.pages.driving import dialog, nothing_open, texts_of

FACT = StaffFact("", "", "certificate", "电镜上岗证", date(2023, 4, 1), date(2026, 3, 31), "协会", "ZS-1", "证书复印件")
COURSE = Training("", "PX-1", "工艺放大", "process_design", "中心", "济南", date(2025, 5, 12), date(2025, 5, 16), Decimal(40), "签到表-1")
TOLD = {"number": "PX-2", "name": "操作", "subject": "instrument", "starts_on": date(2025, 9, 8), "ends_on": date(2025, 9, 9), "hours": Decimal(12)}


@pytest.fixture
def page(at_desk: Desk, ledger: Workspace, qtbot: QtBot) -> Iterator[PayoutsPage]:
    staff_facts.enter(ledger, "T001", FACT)
    staff_facts.enter(ledger, "T002", replace(FACT, value="操作证", last_on=date(2026, 3, 1)))
    staff_facts.enter(ledger, "T002", replace(FACT, kind="post", value="实验员", last_on=None))
    trainings.enter(ledger, COURSE)
    made = PayoutsPage(at_desk)
    at_desk.changed.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    yield made
    made.leave()


def fill(**values: object) -> FormDialog:
    """Type into the open form over what stands there, and press its button."""
    asked: FormDialog = dialog(FormDialog)
    asked.form.set_draft({**asked.form.draft(), **values})
    asked.form.submit()
    return asked


def reasoned(reason: str) -> None:
    asked: ReasonDialog = dialog(ReasonDialog)
    assert not asked.do.isEnabled(), "nothing is taken out without a reason"
    asked.text.setPlainText(reason)
    asked.do.click()


def facts_of(ledger: Workspace, number: str) -> list[tuple[str, str]]:
    (one,) = staff_facts.every(ledger, None, number)
    return [(fact.kind, fact.value) for fact in one.facts]


# Technicians


def check_what_runs_out(page: PayoutsPage) -> None:
    page.arrive({"tab": "staff"})
    assert page.tabs.currentIndex() == STAFF
    assert texts_of(page.staff.table) == ["T001", "T002", "T003"]
    assert texts_of(page.staff.table, 2) == ["快到期", "已过期", ""]
    assert texts_of(page.staff.table, 3) == ["未登记", "实验员", "未登记"], "what is not entered is not there, and said so"
    assert page.staff.says.text() == "今天在册 3 人，1 人有证书过期，1 人有证书快到期"
    assert page.staff.finding.words.text() == "张一的“电镜上岗证”有效期到 2026-03-31，快要到期。请安排复审。"


def test_who_holds_what_and_what_runs_out_is_seen_at_once(page: PayoutsPage) -> None:
    views = (page.staff.table, page.staff.facts, page.trainings.table, page.trainings.people)
    testers = [QAbstractItemModelTester(view.model, QAbstractItemModelTester.FailureReportingMode.Fatal) for view in views]
    check_what_runs_out(page)
    assert len(testers) == len(views)


def test_a_page_that_tells_none_that_ends_soon_is_caught(page: PayoutsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "state", lambda one, facts, known, day: "in_force")
    with pytest.raises(AssertionError):
        check_what_runs_out(page)


def test_the_list_is_narrowed_by_what_lacks_and_by_text(page: PayoutsPage) -> None:
    page.arrive({"tab": "staff"})
    table = page.staff.table
    table.filter_by({"certificate": "over"})
    assert texts_of(table) == ["T002"]
    table.filter_by({"lacks": "post"})
    assert texts_of(table) == ["T001", "T003"]
    table.clear_filters()
    for typed, found in (("电镜", ["T001"]), ("李二", ["T002"]), ("t003", ["T003"]), ("没有", []), ("", ["T001", "T002", "T003"])):
        page.staff.search.setText(typed)
        assert texts_of(table) == found, typed
    page.arrive({"staff": "T002"})
    assert table.keys() == ["T002"]
    assert texts_of(page.staff.facts, 1) == ["操作证", "实验员"]


def test_a_fact_is_entered_and_a_fault_stays_beside_its_field(page: PayoutsPage, told: list[str], ledger: Workspace) -> None:
    page.arrive({"staff": "T003"})
    page.staff.add.click()
    asked = fill(kind="post", value="工程师", last_on=date(2026, 3, 1), ground="聘书")
    assert asked.isVisible(), "it ends before it begins: today"
    asked = fill(last_on=None, factor=Decimal("1.1"))
    assert asked.isVisible(), "a post has no factor"
    assert facts_of(ledger, "T003") == []
    fill(kind="evaluation", value="优秀")
    assert nothing_open()
    assert told == ["王三 的考核已登记，可以撤销。"]
    assert facts_of(ledger, "T003") == [("evaluation", "优秀")]
    assert texts_of(page.staff.facts, 1) == ["优秀"]
    assert page.staff.now.told()[2] == "考核 优秀 · 自 2026-03-02 · 考核系数 1.1"
    history.undo_last(ledger)
    assert facts_of(ledger, "T003") == []


def test_a_fact_is_corrected_ended_and_taken_out(page: PayoutsPage, told: list[str], ledger: Workspace) -> None:
    page.arrive({"staff": "T001"})
    buttons = (page.staff.change, page.staff.stop, page.staff.files, page.staff.drop)
    assert not any(button.isEnabled() for button in buttons), "no fact is chosen yet"
    key = staff_facts.every(ledger, None, "T001")[0].facts[0].id
    page.staff.facts.select([key])
    page.staff.change.click()
    assert dialog(FormDialog).form.draft()["ground"] == "证书复印件"
    fill(value="透射电镜上岗证")
    page.staff.stop.click()
    asked = fill(last_on=date(2023, 3, 31))
    assert asked.isVisible(), "a day before its first"
    fill(last_on=date(2025, 12, 31))
    assert texts_of(page.staff.facts, 2) == ["已过期"]
    page.staff.drop.click()
    reasoned("登记错人")
    assert texts_of(page.staff.facts) == []
    assert told == ["“透射电镜上岗证”已更正，可以撤销。", "“透射电镜上岗证”到 2025-12-31 为止，可以撤销。", "“透射电镜上岗证”已删除，可以撤销。"]
    for _ in range(3):
        history.undo_last(ledger)
    page.refresh()
    assert [texts_of(page.staff.facts, column) for column in (1, 2)] == [["电镜上岗证"], ["快到期"]]


def test_what_is_told_of_the_chosen_one_has_its_room(page: PayoutsPage, ledger: Workspace, qtbot: QtBot) -> None:
    for where, told in (({"staff": "T002"}, page.staff.now), ({"tab": "trainings"}, page.trainings.facts)):
        page.arrive(where)
        qtbot.waitUntil(lambda told=told: bool(told.told()) and told.visibleRegion().boundingRect().height() >= told.sizeHint().height())


def test_files_hang_on_a_fact_and_on_a_training_and_are_counted(page: PayoutsPage, ledger: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "证书.pdf"
    file.write_bytes(b"%PDF-1.4\n%%EOF\n")
    page.arrive({"staff": "T001"})
    page.staff.facts.select([staff_facts.every(ledger, None, "T001")[0].facts[0].id])
    assert texts_of(page.staff.facts, 5) == ["—"]
    page.staff.files.click()
    files: AttachmentsDialog = dialog(AttachmentsDialog)
    files.view.add_file(file)
    files.reject()
    assert texts_of(page.staff.facts, 5) == ["1"]
    page.arrive({"tab": "trainings"})
    page.trainings.files.click()
    files = dialog(AttachmentsDialog)
    files.view.add_file(file)
    files.reject()
    assert texts_of(page.trainings.table, 6) == ["1"]


# Trainings


def test_a_training_is_entered_and_its_number_is_not_taken_twice(page: PayoutsPage, told: list[str], ledger: Workspace) -> None:
    page.arrive({"tab": "trainings"})
    assert page.tabs.currentIndex() == TRAININGS
    page.trainings.add.click()
    asked = fill(**{**TOLD, "number": "PX-1"}, document="通知")
    assert asked.isVisible()
    assert trainings.one(ledger, "PX-1").training == replace(COURSE, id=trainings.one(ledger, "PX-1").training.id), "nothing was written over"
    asked = fill(number="PX-2", hours=Decimal(49))
    assert asked.isVisible(), "two days have 48 hours"
    fill(hours=Decimal(48))
    assert nothing_open()
    assert texts_of(page.trainings.table) == ["PX-2", "PX-1"]
    page.trainings.add.click()
    fill(**{**TOLD, "number": "PX-3", "starts_on": date(2026, 2, 1), "ends_on": date(2026, 2, 1)}, document="通知")
    assert texts_of(page.trainings.table) == ["PX-2", "PX-1"], "it belongs to the next year"
    assert told == ["培训 PX-2 已登记，可以撤销。", "培训 PX-3 已登记，可以撤销。它 2026-02-01 结束，不在所选期间，改选期间才看得到。"]
    page.trainings.table.filter_by({"of": "pilot"})
    assert texts_of(page.trainings.table) == ["PX-1"]
    page.trainings.table.filter_by({"of": "staff"})
    assert texts_of(page.trainings.table) == ["PX-2"]


def check_who_is_counted(page: PayoutsPage) -> None:
    page.arrive({"tab": "trainings"})
    assert "没有登记参加的人" in page.trainings.finding.words.text()
    page.trainings.came.click()
    asked = fill(staff="T001 赵六")
    assert asked.isVisible(), "nobody is called so"
    asked = fill(staff="T001、李二", others="周八 甲公司\n吴九\t乙公司", certificate="JY-1")
    assert asked.isVisible(), "one certificate for four people"
    fill(certificate=None, outcome="passed")
    assert nothing_open()
    rows = sorted(zip(*(texts_of(page.trainings.people, column) for column in (0, 1, 2, 4)), strict=True))
    assert rows == [("吴九", "乙公司", "合格", "—"), ("周八", "甲公司", "合格", "—"), ("张一", "本单位", "合格", "T001"), ("李二", "本单位", "合格", "T002")]
    assert page.trainings.says.text() == "2025 年：中试培训 4 人，全部 4 人（每人计一次）。"
    assert not page.trainings.finding.isVisible()


def test_who_took_part_is_named_by_number_name_or_line(page: PayoutsPage) -> None:
    check_who_is_counted(page)


def test_a_form_that_takes_a_name_for_a_stranger_is_caught(page: PayoutsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    def strangers(draft: dict[str, object], known: object) -> list[Given]:
        return [Given(name=who) for who in str(draft.get("staff") or "").split("、")]

    monkeypatch.setattr(training_entry, "people_of", strangers)
    with pytest.raises(AssertionError):
        check_who_is_counted(page)
    for one in page.findChildren(QDialog):
        one.reject()


def test_a_training_and_its_people_are_corrected_and_taken_out(page: PayoutsPage, told: list[str], ledger: Workspace) -> None:
    trainings.attend(ledger, "PX-1", [Given("T001"), Given(name="周八", organisation="甲公司")])
    page.arrive({"tab": "trainings"})
    page.trainings.change.click()
    assert "number" not in dialog(FormDialog).form.draft(), "the number stays"
    fill(name="工艺放大与安全")
    assert texts_of(page.trainings.table, 1) == ["工艺放大与安全"]
    assert [one.name for one in trainings.one(ledger, "PX-1").people] == ["周八", "张一"]
    guest, technician = trainings.one(ledger, "PX-1").people
    page.trainings.people.select([technician.id])
    page.trainings.people.opened.emit(technician.id)
    fill(outcome="passed", certificate="JY-7")
    page.trainings.people.select([guest.id])
    act = next(one for one in page.trainings.people.actions_on_rows if one.text == "删除这个人")
    act.act([guest.id])
    assert [(one.name, one.outcome, one.certificate) for one in trainings.one(ledger, "PX-1").people] == [("张一", "passed", "JY-7")]
    page.trainings.drop.click()
    reasoned("登记重了")
    assert texts_of(page.trainings.table) == []
    assert page.trainings.table.nothing.isVisible()
    assert told[-1] == "培训 PX-1 已删除，可以撤销。"
    history.undo_last(ledger)
    assert [one.name for one in trainings.one(ledger, "PX-1").people] == ["张一"]


def test_why_the_report_and_the_lists_are_at_hand(page: PayoutsPage, at_desk: Desk) -> None:
    explained: list[Figure] = []
    went: list[tuple[str, dict[str, str]]] = []
    at_desk.explaining.connect(explained.append)
    at_desk.going.connect(lambda place: went.append((place.page, dict(place.where))))
    page.arrive({"staff": "T001"})
    page.staff.side.why.click()
    page.arrive({"tab": "trainings"})
    page.trainings.why.click()
    assert [one.code for one in explained] == ["staff.good", "training.both"]
    page.staff.report.click()
    page.trainings.report.click()
    assert went == [("reports", {"kind": "trainings"})] * 2
    for load, kind in ((page.staff.load, "technicians"), (page.staff.load_facts, "staff_facts"), (page.trainings.load, "trainings")):
        load.click()
        wizard: ImportWizard = dialog(ImportWizard)
        assert wizard.kind == kind
        wizard.reject()


def test_without_technicians_the_page_says_what_to_do(page: PayoutsPage) -> None:
    page.staff._show(([], {}))
    assert page.staff.says.text() == ""
    assert page.staff.side.currentIndex() == 0
    assert page.staff.table.nothing.title.text() == "还没有技术人员"
    assert [button.text() for button in page.staff.table.nothing.buttons] == ["导入技术人员…"]
