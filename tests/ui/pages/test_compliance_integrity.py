"""诚信自查 at the window: what was found is listed with its state, answered with reason, person and day, taken back, explained, printed."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop import words
from desktop.actions import history, integrity_answers, records
from desktop.actions.workspace import Workspace
from desktop.ledger.integrity import IntegrityAnswer
from desktop.ledger.period import parse
from desktop.rules.figure import Figure
from desktop.ui.desk import Desk, Place
from desktop.ui.dialogs.attachments_dialog import AttachmentsDialog
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.reason_dialog import ReasonDialog
from desktop.ui.pages.compliance import INTEGRITY, CompliancePage
from desktop.ui.pages.compliance_integrity import IntegrityView
from desktop.ui.pages.compliance_integrity_steps import _FileRow
from desktop.ui.pages.paper_dialog import PaperDialog
from tests.actions.test_integrity import at
from tests.ui.looking import faults
from tests.ui.pages.driving import dialog, nothing_open, texts_of
from tests.ui.pages.test_instruments import notices

DAY = datetime(2025, 5, 6)
YEAR, LAST = parse("2025"), date(2025, 12, 31)


@pytest.fixture
def page(at_desk: Desk, ledger: Workspace, qtbot: QtBot) -> Iterator[CompliancePage]:
    at(ledger, "R1", DAY.replace(hour=9), 61)
    at(ledger, "R2", DAY.replace(hour=9, minute=30), 61)
    at(ledger, "R3", DAY.replace(hour=9, minute=45), 61)
    made = CompliancePage(at_desk)
    at_desk.changed.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    yield made
    made.leave()


@pytest.fixture
def view(page: CompliancePage) -> IntegrityView:
    page.arrive({"tab": "integrity"})
    assert page.tabs.currentIndex() == INTEGRITY
    return page.integrity


def overlaps(view: IntegrityView) -> dict[str, str]:
    rows = zip(texts_of(view.table), texts_of(view.table, 1), texts_of(view.table, 3), strict=True)
    return {number: state for check, number, state in rows if check == "时间重叠"}


def fill(**more: object) -> FormDialog:
    asked: FormDialog = dialog(FormDialog)
    for name, value in ({"state": "explained", "text": "两个工位"} | more).items():
        asked.form.field(name).set_value(value)
    return asked


def answers(ledger: Workspace, number: str) -> tuple[IntegrityAnswer, ...]:
    (point,) = [one for one in integrity_answers.every(ledger, YEAR, LAST).of("overlap") if one.number == number]
    return point.answers


def test_what_was_found_is_listed_with_its_state_and_nothing_is_read_before_it_is_looked_at(page: CompliancePage) -> None:
    assert page.integrity.found is None
    page.arrive({"tab": "integrity"})
    view = page.integrity
    QAbstractItemModelTester(view.table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert view.year == 2025, "the newest year with services, whatever the day at the desk"
    assert overlaps(view) == {"R2": "待处理", "R3": "待处理"}
    assert "核对了 3 条记录" in view.says.text()
    assert view.side.currentIndex() == 1, "the first is shown at once"


def test_a_finding_is_answered_with_reason_person_and_day(view: IntegrityView, ledger: Workspace, at_desk: Desk) -> None:
    told = notices(at_desk)
    view.table.select(["overlap:R2"])
    assert any("与 R1 时间重叠" in line for line in view.facts.told())
    assert not view.take_back.isVisible()
    view.answer.click()
    asked: FormDialog = dialog(FormDialog)
    asked.do.click()
    assert answers(ledger, "R2") == (), "without a reason nothing is written"
    fill(evidence="登记簿第 12 页", by="设备处李工", on=date(2025, 12, 1)).do.click()
    assert nothing_open()
    assert told[-1].level == "done"
    (one,) = answers(ledger, "R2")
    assert (one.state, one.text, one.evidence, one.answered_by, one.answered_on) == (
        "explained", "两个工位", "登记簿第 12 页", "设备处李工", date(2025, 12, 1),
    )  # fmt: skip
    assert overlaps(view) == {"R2": "已说明", "R3": "待处理"}
    view.table.select(["overlap:R2"])
    said = view.history.text()
    assert all(part in said for part in ("2025-12-01", "设备处李工", "已说明", "两个工位", "登记簿第 12 页"))


def test_what_cannot_be_written_is_said_in_the_dialog_which_keeps_what_was_typed(view: IntegrityView, ledger: Workspace) -> None:
    view.table.select(["overlap:R2"])
    view.answer.click()
    fill(state="corrected", correction="R9").do.click()
    asked: FormDialog = dialog(FormDialog)
    said = [asked.form._places["correction"].said.words.text(), asked.said.words.text()]
    assert any("没有编号 R9" in one for one in said)
    assert asked.form.draft()["text"] == "两个工位"
    assert answers(ledger, "R2") == ()
    records.reverse(ledger, "R2", "重复登记")
    fill(state="corrected", correction="R2").do.click()
    assert nothing_open()
    assert overlaps(view) == {"R3": "待处理", "R2": "已更正"}
    view.table.select(["overlap:R2"])
    assert any("已无此发现" in line for line in view.facts.told())


def test_an_answer_is_taken_back_with_a_reason_or_undone(view: IntegrityView, ledger: Workspace, at_desk: Desk) -> None:
    integrity_answers.answer(ledger, "overlap", "R2", "explained", "两个工位")
    view.refresh()
    view.table.select(["overlap:R2"])
    view.take_back.click()
    asked = dialog(ReasonDialog)
    assert not asked.do.isEnabled()
    asked.text.setPlainText("工位记错了")
    asked.do.click()
    assert nothing_open()
    assert overlaps(view)["R2"] == "待处理"
    assert [one.state for one in answers(ledger, "R2")] == ["explained", "open"]
    view.table.select(["overlap:R2"])
    assert "工位记错了" in view.history.text()
    assert not view.take_back.isVisible()
    at_desk.announce(history.undo_last(ledger))
    assert overlaps(view)["R2"] == "已说明"


def test_it_is_filtered_explained_opened_and_printed(view: IntegrityView, ledger: Workspace, at_desk: Desk, qtbot: QtBot) -> None:
    integrity_answers.answer(ledger, "overlap", "R3", "accepted", "重复登记")
    view.refresh()
    view.table.filter_by({"state": "accepted"})
    assert texts_of(view.table, 1) == ["R3"]
    view.table.clear_filters()
    asked: list[Figure] = []
    places: list[Place] = []
    at_desk.explaining.connect(asked.append)
    at_desk.going.connect(places.append)
    view.table.select(["overlap:R3"])
    qtbot.mouseClick(view.why, Qt.MouseButton.LeftButton)
    assert [(one.code, one.value) for one in asked] == [("integrity.answered", "accepted")]
    view.record.click()
    assert places == [Place("records", (("number", "R3"),))]
    view.paper.click()
    paper: PaperDialog = dialog(PaperDialog)
    assert paper.preview.print_button.isEnabled()
    paper.reject()


def test_files_hang_on_the_newest_answer_and_go_with_the_report(view: IntegrityView, ledger: Workspace, at_desk: Desk, tmp_path: Path) -> None:
    view.table.select(["overlap:R2"])
    assert not view.files.isVisible(), "there is no answer to prove"
    integrity_answers.answer(ledger, "overlap", "R2", "explained", "两个工位")
    view.refresh()
    view.table.select(["overlap:R2"])
    file = tmp_path / "登记簿.pdf"
    file.write_bytes(b"%PDF-1.4\n%%EOF\n")
    view.files.click()
    shown: AttachmentsDialog = dialog(AttachmentsDialog)
    shown.view.add_file(file)
    shown.do.click()
    assert view.files.text() == "附件 1 个…"
    told = notices(at_desk)
    out = tmp_path / "out.zip"
    view.steps.collect_to(out, 2025)
    assert told[-1].level == "done"
    with zipfile.ZipFile(out) as made:
        assert made.namelist() == ["R2-01-登记簿.pdf", "清单.xlsx"]
    view.steps.collect_to(out, 2025)
    assert told[-1].level == "error", "nothing is written over"


def test_a_window_that_takes_every_answer_for_settled_is_seen(view: IntegrityView, ledger: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    integrity_answers.answer(ledger, "overlap", "R2", "explained", "两个工位")
    integrity_answers.answer(ledger, "overlap", "R2", "open", "再查")
    view.refresh()
    assert overlaps(view)["R2"] == "待处理"
    monkeypatch.setattr(integrity_answers.rules, "holds", lambda told: next(iter(told), None))
    view.refresh()
    assert overlaps(view)["R2"] != "待处理"


def test_several_are_answered_together_with_one_file_or_none_of_them_is(
    view: IntegrityView, ledger: Workspace, at_desk: Desk, tmp_path: Path
) -> None:
    told = notices(at_desk)
    view.table.select(["overlap:R2", "overlap:R3"])
    assert view.side.currentIndex() == 2
    assert "已选 2 条发现" in view.many_says.text()
    assert "时间重叠 2 条" in view.many_says.text()
    view.many.click()
    fill(on=date(2025, 5, 5)).do.click()
    asked: FormDialog = dialog(FormDialog)
    assert "一条也没有写入" in asked.said.words.text()
    assert (answers(ledger, "R2"), answers(ledger, "R3")) == ((), ())
    file = tmp_path / "登记簿.pdf"
    file.write_bytes(b"%PDF-1.4 scanned")
    (row,) = asked.findChildren(_FileRow)
    row.take(file)
    assert file.name in row.line.text()
    fill(on=date(2025, 12, 1), by="设备处李工").do.click()
    assert nothing_open()
    assert told[-1].level == "done"
    assert overlaps(view) == {"R2": "已说明", "R3": "已说明"}
    assert [one.n_files for one in integrity_answers.every(ledger, YEAR, LAST).of("overlap")] == [1, 1]
    at_desk.announce(history.undo_last(ledger))
    assert overlaps(view) == {"R2": "待处理", "R3": "待处理"}


def test_what_stands_open_is_saved_as_a_table_and_read_back_whole_or_not_at_all(
    view: IntegrityView, ledger: Workspace, at_desk: Desk, tmp_path: Path
) -> None:
    told = notices(at_desk)
    out = tmp_path / "自查发现-2025.csv"
    view.steps.save_table_to(out, 2025)
    assert told[-1].level == "done"
    head, *lines = list(csv.reader(out.read_text("utf-8-sig").splitlines()))
    assert [line[1] for line in lines if line[0] == "时间重叠"] == ["R2", "R3"]

    def filled(state: str) -> Path:
        given = {"答复": state, "情况说明": "两个工位"}
        rows = [[given.get(name, cell) if line[0] == "时间重叠" else cell for name, cell in zip(head, line, strict=True)] for line in lines]
        path = tmp_path / f"{state}.csv"
        path.write_text("\n".join(",".join(row) for row in [head, *rows]), "utf-8")
        return path

    view.steps.take_table(filled("已更正"))
    assert told[-1].level == "error", "which record corrects it is not said"
    assert (answers(ledger, "R2"), answers(ledger, "R3")) == ((), ())
    view.steps.take_table(filled("已说明"))
    assert told[-1].level == "done"
    assert "2 条" in told[-1].text
    assert overlaps(view) == {"R2": "已说明", "R3": "已说明"}
    at_desk.announce(history.undo_last(ledger))
    assert overlaps(view) == {"R2": "待处理", "R3": "待处理"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_of_several_is_cut_off(view: IntegrityView, language: words.Language) -> None:
    words.use(language)
    view.table.select(["overlap:R2", "overlap:R3"])
    QApplication.processEvents()
    assert faults(view.window()) == []
    view.many.click()
    QApplication.processEvents()
    asked: FormDialog = dialog(FormDialog)
    found = faults(asked)
    asked.reject()
    assert found == []


def test_every_answer_is_listed_filtered_and_taken_back_from_its_own_list(view: IntegrityView, ledger: Workspace, at_desk: Desk) -> None:
    integrity_answers.answer(ledger, "overlap", "R2", "explained", "两个工位", on=date(2025, 12, 1), by="李工")
    integrity_answers.answer(ledger, "overlap", "R2", "accepted", "重复登记", on=date(2025, 12, 3), by="王工")
    integrity_answers.answer(ledger, "overlap", "R3", "explained", "换样", on=date(2025, 12, 2), by="李工")
    view.refresh()
    view.table.select(["overlap:R3"])
    view.lists.setCurrentWidget(view.given)
    rows = list(zip(*(texts_of(view.given, place) for place in (0, 1, 3, 5)), strict=True))
    assert rows == [
        ("2025-12-03", "王工", "R2", "以此为准"), ("2025-12-02", "李工", "R3", "以此为准"), ("2025-12-01", "李工", "R2", "已被代替"),
    ]  # fmt: skip
    view.given.filter_by({"standing": "replaced"})
    assert texts_of(view.given, 3) == ["R2"]
    view.given.select([view.given.model.key_at(0)])
    assert view.point is not None
    assert view.point.number == "R2", "at the right stands the finding that the answer is of"
    assert "重复登记" in view.history.text()
    view.take_back.click()
    asked = dialog(ReasonDialog)
    asked.text.setPlainText("要再核对")
    asked.do.click()
    assert nothing_open()
    assert overlaps(view)["R2"] == "待处理"
    view.given.clear_filters()
    assert sorted(texts_of(view.given, 5)) == sorted(["已撤回", "已被代替", "已被代替", "以此为准"])
    view.given.filter_by({"check": "late"})
    assert texts_of(view.given, 3) == []
    view.lists.setCurrentWidget(view.table)
    assert view.point is not None
    assert view.point.number == "R3", "each list keeps what is chosen in it"
    at_desk.announce(history.undo_last(ledger))
    assert overlaps(view)["R2"] == "承认"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_of_the_answers_is_cut_off(view: IntegrityView, ledger: Workspace, language: words.Language) -> None:
    words.use(language)
    integrity_answers.answer(ledger, "overlap", "R2", "explained", "两个工位", evidence="登记簿第 12 页", by="李工")
    view.refresh()
    view.lists.setCurrentWidget(view.given)
    QApplication.processEvents()
    assert faults(view.window()) == []
