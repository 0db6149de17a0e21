"""The import wizard as a clerk meets it: a file dropped, columns put right once, a preview that tells, all good rows or none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from desktop import words
from desktop.actions import history, importing, instruments, records
from desktop.actions.importing import Outcome, Plan
from desktop.actions.progress import Progress
from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ui.desk import Desk, Place
from desktop.ui.dialogs import import_steps
from desktop.ui.dialogs.import_preview_step import OriginalRow
from desktop.ui.dialogs.import_wizard import COLUMNS, DONE, FILE, PREVIEW, ImportWizard
from desktop.ui.jobs import Jobs, Lanes
from desktop.ui.page import Page
from desktop.ui.pages.compliance import CompliancePage
from desktop.ui.pages.fees import FeesPage
from desktop.ui.pages.instruments import InstrumentsPage
from desktop.ui.pages.payouts import PayoutsPage
from desktop.ui.pages.performance import PerformancePage
from desktop.ui.pages.pilot import PilotPage
from desktop.ui.pages.records import RecordsPage
from tests.actions.making import PRACTICE, everything, meaning
from tests.formats import books

HEAD = ["资产编号", "仪器名称", "分类编码", "原值（万元）", "验收日期"]
GOOD = [["B1", "透射电镜", "010101", 90, "2025-03-01"], ["B2", "离心机", "010201", 12, "2025-03-02"]]
BAD = [["B3", "坏的一台", "010101", -1, "2025-03-03"]]

Open = Callable[..., ImportWizard]


@pytest.fixture
def wizard(at_desk: Desk, qtbot: QtBot) -> Iterator[Open]:
    made: list[ImportWizard] = []

    def opened(kind: str = "instruments", path: Path | None = None) -> ImportWizard:
        one = ImportWizard(at_desk, kind, path)
        one.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(one)
        one.open()
        made.append(one)
        return one

    yield opened
    for one in made:
        one.done(0)


def sheet(folder: Path, rows: list[list[Any]], head: list[str] = HEAD, name: str = "仪器.xlsx") -> Path:
    return books.xlsx(folder / name, {"仪器": [head, *rows]})


def step(wizard: ImportWizard) -> int:
    return wizard.steps.currentIndex()


def told(wizard: ImportWizard) -> list[tuple[str, str, str]]:
    model = wizard.preview_step.table.model
    return [(model.index(r, 1).data(), model.index(r, 2).data(), model.index(r, 3).data()) for r in range(model.rowCount())]


def choose(wizard: ImportWizard, field: str, letters: str) -> None:
    box = wizard.columns_step.boxes[field]
    box.setCurrentIndex(box.findData(letters))


def test_good_rows_are_written_in_one_operation_that_undo_takes_back(
    wizard: Open, ledger: Workspace, at_desk: Desk, tmp_path: Path
) -> None:
    heard: list[Changes] = []
    at_desk.changed.connect(heard.append)
    before, meant = everything(ledger), meaning(ledger)
    one = wizard(path=sheet(tmp_path, GOOD + BAD))
    assert step(one) == PREVIEW
    assert (one.preview_step.accepted.number.text(), one.preview_step.rejected.number.text()) == ("2", "1")
    assert one.preview_step.accepted.line.text() == "新增 2 · 更改 0"
    assert [row[:2] for row in told(one)] == [("—", "—"), ("4", "原值（万元）")], "of the file: nobody says whether these are confidential"
    assert everything(ledger) == before  # nothing is written before the person agrees
    one.go_on.click()
    assert step(one) == DONE
    assert "已导入 2 行到「仪器」" in one.done_step.title.text()
    assert "Ctrl+Z" in one.done_step.undo.text()
    assert instruments.get(ledger, "B1").value_fen == 90_000_000
    assert [changes.kinds for changes in heard] == [frozenset({"instrument"})]
    assert history.latest(ledger, 1)[0].name == "import instruments"
    history.undo_last(ledger)
    assert meaning(ledger) == meant


def test_the_same_file_again_says_that_nothing_would_change(wizard: Open, ledger: Workspace, tmp_path: Path) -> None:
    file = sheet(tmp_path, GOOD)
    importing.import_file(ledger, "instruments", file)
    operations = len(history.latest(ledger))
    one = wizard(path=file)
    assert "2 行都已在台账中" in one.preview_step.says.text()
    assert one.go_on.text() == "关闭"
    one.go_on.click()
    assert not one.isVisible()
    assert len(history.latest(ledger)) == operations


def test_rows_not_taken_are_saved_with_the_reason_and_can_be_imported_when_corrected(
    wizard: Open, ledger: Workspace, tmp_path: Path
) -> None:
    one = wizard(path=sheet(tmp_path, GOOD + BAD))
    one.go_on.click()
    assert one.rejects.text() == "保存没有采用的 1 行…"
    one.rejects.click()
    (asked,) = one.findChildren(QFileDialog)
    target = tmp_path / "改.xlsx"
    asked.fileSelected.emit(str(target))
    asked.reject()
    assert "已把 1 行和原因存到 改.xlsx" in one.said.words.text()
    import openpyxl

    book = openpyxl.load_workbook(target)
    rows = list(book.active.values)
    assert rows[0][-1] == "问题"
    assert "负数" in rows[1][-1]
    book.active.cell(2, 4).value = 35
    book.save(target)
    done = importing.import_file(ledger, "instruments", target)
    assert (done.accepted, done.rejected) == (1, 0)


def test_a_column_the_program_does_not_know_is_chosen_once_and_remembered(
    wizard: Open, ledger: Workspace, at_desk: Desk, tmp_path: Path
) -> None:
    head = ["资产编号", "仪器名称", "分类编码", "花了多少（万元）", "用不到"]
    one = wizard(path=sheet(tmp_path, [[*row[:4], "x"] for row in GOOD], head))
    assert step(one) == COLUMNS
    assert "还没有指定：原值" in one.columns_step.said.words.text()
    one.go_on.click()
    assert step(one) == COLUMNS  # not before the column is chosen
    choose(one, "value_fen", "D")
    assert one.columns_step.extra.text() == "用不到的列：用不到"
    one.go_on.click()
    assert (step(one), one.preview_step.plan.accepted) == (PREVIEW, 2)  # type: ignore[union-attr]  # there is a plan
    assert at_desk.preferences["import.columns.instruments"] == {"value_fen": "花了多少（万元）"}
    # The next file of this kind needs no hand, even with its columns moved.
    moved = [["花了多少（万元）", *HEAD[:3]], *([row[3], *row[:3]] for row in GOOD)]
    again = wizard(path=books.xlsx(tmp_path / "又.xlsx", {"表": moved}))
    assert step(again) == PREVIEW
    again.go_on.click()
    assert instruments.get(ledger, "B2").value_fen == 12_000_000


def test_a_column_can_be_left_out(wizard: Open, ledger: Workspace, tmp_path: Path) -> None:
    one = wizard(path=sheet(tmp_path, GOOD))
    one.back.click()
    choose(one, "accepted_on", "")
    one.go_on.click()
    one.go_on.click()
    assert instruments.get(ledger, "B1").accepted_on is None


def test_a_price_list_without_a_day_asks_for_it(wizard: Open, ledger: Workspace, tmp_path: Path) -> None:
    head = ["仪器编号", "仪器名称", "服务项目", "计费单位", "校内（元）", "校外（元）"]
    file = books.xlsx(tmp_path / "价.xlsx", {"表": [head, ["A1", "扫描电镜", "能谱", "小时", 50, 99]]})
    one = wizard("fees", file)
    assert step(one) == COLUMNS
    assert not one.columns_step.complete()
    one.columns_step.from_field.line.setText("2026-04-01")
    one.go_on.click()
    one.go_on.click()
    assert step(one) == DONE
    with ledger.read() as connection:
        days = [row[0] for row in connection.exec_driver_sql("SELECT from_on FROM fee_schedule ORDER BY from_on")]
    assert days.count("2026-04-01") == 1


def test_the_day_in_the_file_is_shown_and_can_be_changed(wizard: Open, tmp_path: Path) -> None:
    one = wizard("fees", PRACTICE / "price-list.xlsx")
    one.back.click()
    assert one.columns_step.from_field.line.text() == "2025-01-01"
    assert one.columns_step.from_on() is None
    one.columns_step.from_field.line.setText("2025-02-01")
    assert str(one.columns_step.from_on()) == "2025-02-01"


def test_a_text_table_says_how_it_was_read(wizard: Open) -> None:
    one = wizard("customers", PRACTICE / "customers.csv")
    one.back.click()
    assert "文字编码 GB18030" in one.columns_step.read_as.text()
    assert "以逗号分列" in one.columns_step.read_as.text()


def test_the_wrong_kind_of_file_is_recognised_and_offered(wizard: Open) -> None:
    one = wizard("records", PRACTICE / "technicians.xlsx")
    assert step(one) == FILE
    assert "没有" in one.said.words.text()
    assert one.other.text() == "像是「实验技术人员」，改为导入它"
    one.other.click()
    assert (one.kind, step(one)) == ("technicians", PREVIEW)


def test_a_file_that_fits_another_kind_better_is_offered_where_columns_are_missing(wizard: Open) -> None:
    one = wizard("instruments", path=PRACTICE / "service-records.xlsx")  # it has names of instruments too
    assert step(one) == COLUMNS
    assert one.other.isVisible()
    assert "服务记录" in one.other.text()
    one.other.click()
    assert one.kind == "records"
    assert step(one) == PREVIEW


@pytest.fixture
def _english() -> Iterator[None]:
    words.use("en")
    yield
    words.use("zh")


@pytest.mark.usefixtures("_english")
def test_columns_have_english_names_in_an_english_window(wizard: Open) -> None:
    one = wizard("records", path=PRACTICE / "service-records.xlsx")
    one.back.click()
    assert one.columns_step.boxes["number"].accessibleName().startswith("Record number · 记录编号")


def test_a_file_that_is_no_table_is_refused_in_words(wizard: Open, ledger: Workspace, tmp_path: Path) -> None:
    before = everything(ledger)
    fake = tmp_path / "假.xlsx"
    fake.write_bytes(b"%PDF-1.7 not a workbook")
    one = wizard(path=fake)
    assert step(one) == FILE
    assert one.said.isVisibleTo(one)
    assert "PDF" in one.said.words.text()
    assert everything(ledger) == before


def test_findings_are_filtered_and_lead_to_the_original_row(wizard: Open, qtbot: QtBot, tmp_path: Path) -> None:
    one = wizard(path=PRACTICE / "instruments.xlsx")
    table = one.preview_step.table
    QAbstractItemModelTester(table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    everything_found = len(told(one))
    qtbot.keyClicks(one.preview_step.search, "62")
    assert 0 < len(told(one)) < everything_found
    assert {row[0] for row in told(one)} == {"62"}
    one.preview_step.search.clear()
    table.set_filter("severity", "warning")
    assert all(table.model.values(r)[0] == "warning" for r in range(table.model.rowCount()))  # type: ignore[index]  # they are read
    table.clear_filters()
    table.view.doubleClicked.emit(table.model.index(0, 0))
    (row,) = one.findChildren(OriginalRow)
    shown = {row.grid.item(r, 0).text(): row.grid.item(r, 1).text() for r in range(row.grid.rowCount())}  # type: ignore[union-attr]  # filled
    assert shown["原值"] == "-5"
    row.close()


def test_what_was_copied_from_a_spreadsheet_is_imported(wizard: Open, ledger: Workspace) -> None:
    one = wizard()
    one.paste("\t".join(HEAD) + "\r\n" + '"P1"\t"粘贴 ""一台"""\t010101\t33.5\t2025/6/1\r\n')
    assert step(one) == PREVIEW
    one.go_on.click()
    found = instruments.get(ledger, "P1")
    assert (found.name, found.value_fen, str(found.accepted_on)) == ('粘贴 "一台"', 33_500_000, "2025-06-01")


@pytest.mark.parametrize(
    ("kind", "made", "file"),
    [
        ("instruments", InstrumentsPage, "instruments.xlsx"),
        ("fees", FeesPage, "price-list.xlsx"),
        ("records", RecordsPage, "service-records.xlsx"),
    ],
)
def test_a_file_dropped_on_a_page_opens_the_wizard(
    kind: str, made: type[Page], file: str, at_desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    page = made(at_desk)
    qtbot.addWidget(page)
    page.show()

    def drop(path: Path) -> bool:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        how = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        entering = QDragEnterEvent(QPoint(5, 5), *how)
        entering.ignore()
        QApplication.sendEvent(page, entering)
        if entering.isAccepted():
            QApplication.sendEvent(page, QDropEvent(QPointF(5, 5), *how))
        return entering.isAccepted()

    assert not drop(tmp_path / "照片.png")
    assert drop(PRACTICE / file)
    qtbot.waitUntil(lambda: any(isinstance(one, ImportWizard) for one in page.children()))
    (one,) = [each for each in page.children() if isinstance(each, ImportWizard)]
    assert (one.kind, step(one)) == (kind, PREVIEW)
    one.reject()


def test_enter_in_the_first_step_asks_for_the_file(wizard: Open, qtbot: QtBot) -> None:
    one = wizard()
    qtbot.waitUntil(one.file_step.button.hasFocus)
    qtbot.keyClick(one.file_step.button, Qt.Key.Key_Return)
    asked = one.findChild(QFileDialog)
    assert asked is not None
    assert asked.labelText(QFileDialog.DialogLabel.LookIn) == "位置："
    asked.reject()


def test_the_page_of_the_imported_rows_is_one_click_away(wizard: Open, at_desk: Desk, tmp_path: Path) -> None:
    went: list[Place] = []
    at_desk.going.connect(went.append)
    one = wizard(path=sheet(tmp_path, GOOD))
    one.go_on.click()
    one.done_step.look.click()
    assert [place.page for place in went] == ["instruments"]


SEEN = [
    ("management", "管理制度"), ("university_sets", "高校年报"), ("university_use", "高校年报"), ("cers_sets", "高校共享系统"), ("costs", "成本申报"),
    ("purchase_results", "查重评议"), ("national_services", "国家平台"), ("national_audits", "国家平台"),
    ("trainings", "培训"), ("technicians", "技术人员"), ("staff_facts", "技术人员"),
    ("evaluations", "仪器和效益评价"), ("pilot_bases", "中试基地"), ("pilot_equipment", "中试设备"),
]  # fmt: skip
PAGES: dict[str, type[Page]] = {"compliance": CompliancePage, "payouts": PayoutsPage, "performance": PerformancePage, "pilot": PilotPage}


@pytest.mark.parametrize(("kind", "tab"), SEEN)
def test_the_imported_rows_are_seen_in_the_part_that_is_gone_to(wizard: Open, at_desk: Desk, qtbot: QtBot, kind: str, tab: str) -> None:
    went: list[Place] = []
    at_desk.going.connect(went.append)
    wizard(kind)._show_page()
    (place,) = went
    page = PAGES[place.page](at_desk)
    qtbot.addWidget(page)
    page.arrive(dict(place.where))
    tabs = page.tabs  # type: ignore[attr-defined]  # each of these has them
    assert tabs.tabText(tabs.currentIndex()) == tab
    page.leave()


def test_each_kind_whose_page_has_parts_is_tried() -> None:
    assert {kind for kind, page in import_steps.PAGE_OF.items() if page in PAGES} == {kind for kind, _ in SEEN}


def test_stopping_a_commit_leaves_the_ledger_as_it_was(
    at_desk: Desk, ledger: Workspace, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = Jobs(Lanes())
    desk = Desk(jobs, {}, at_desk.today)
    desk.open(at_desk.ledger, ledger)
    before = everything(ledger)
    one = ImportWizard(desk, "instruments")
    one.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(one)
    one.open()
    with qtbot.waitSignal(jobs.idle):
        one.start(sheet(tmp_path, GOOD))
    qtbot.waitUntil(lambda: step(one) == PREVIEW)
    at_work, gate = threading.Event(), threading.Event()
    real = importing.commit

    def slow(workspace: Workspace, plan: Plan, *, progress: Progress) -> Outcome:
        at_work.set()
        gate.wait(10)
        return real(workspace, plan, progress=progress)

    monkeypatch.setattr(importing, "commit", slow)
    one.go_on.click()
    at_work.wait(10)
    assert one.row.isVisibleTo(one)
    assert not one.go_on.isEnabled()
    one.reject()  # Escape: asks the work to stop, the wizard stays
    assert one.isVisible()
    gate.set()
    qtbot.waitUntil(lambda: not one.row.busy)
    assert "已停止，台账没有改动" in one.said.words.text()
    assert step(one) == PREVIEW
    assert everything(ledger) == before
    one.reject()
    jobs.close()


def test_a_stray_enter_in_the_preview_imports_nothing(wizard: Open, ledger: Workspace, qtbot: QtBot, tmp_path: Path) -> None:
    before = everything(ledger)
    one = wizard(path=sheet(tmp_path, GOOD + BAD))
    qtbot.keyClicks(one.preview_step.search, "4")
    qtbot.keyClick(one.preview_step.search, Qt.Key.Key_Return)
    assert step(one) == PREVIEW
    assert everything(ledger) == before


def test_a_file_of_records_without_an_end_column_is_read_by_its_hours(wizard: Open, ledger: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "记录.csv"
    path.write_text("记录编号,仪器编号,使用单位,开始时间,机时\nH1,A1,校内课题组,2025-05-06 09:00,1.5\n", "utf-8")
    one = wizard("records", path)
    assert step(one) == PREVIEW
    one.go_on.click()
    kept = records.get(ledger, "H1")
    assert (kept.minutes, kept.derived) == (90, True)
