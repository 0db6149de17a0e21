"""合规 · 高校年报: what a set lacks stands in its row and is entered from there; written, explained, undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QTabWidget
from pytestqt.qtbot import QtBot

from desktop.actions import history, instruments, university
from desktop.actions.workspace import Workspace
from desktop.ledger.instrument import Instrument
from desktop.rules.figure import Figure
from desktop.ui.desk import Desk
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.notices import Notice
from desktop.ui.pages.compliance import DUTIES, UNIVERSITY
from desktop.ui.pages.compliance_university import UniversityView
from tests.ui.pages.compliance_tab import shown
from tests.ui.pages.driving import dialog, nothing_open, texts_of

VALUE, STATE, LACKING, TEACHING = 2, 3, 4, 7
SET = Instrument(
    "", "A1", "扫描电镜", 500_000_00, True, False, date(2020, 1, 1), date(2020, 3, 1), department="分析测试中心", source="购置", country="德国",
    category="通用", model="X-1", technical="0.1 nm", contact="张一",
)  # fmt: skip


@pytest.fixture
def view(at_desk: Desk, qtbot: QtBot) -> Iterator[UniversityView]:
    known = instruments.get(at_desk.workspace, "A1")
    instruments.change(at_desk.workspace, replace(SET, id=known.id))
    with shown(at_desk, qtbot, "university", UNIVERSITY) as page:
        yield page.university


def typed(**facts: object) -> FormDialog:
    asked: FormDialog = dialog(FormDialog)
    for name, value in facts.items():
        asked.form.field(name).set_value(value)
    asked.do.click()
    return asked


def row(view: UniversityView) -> str:
    return next(key for key, line in view._lines.items() if line.instrument.asset_number == "A1")


def test_what_a_set_lacks_is_entered_from_its_row(view: UniversityView, ledger: Workspace) -> None:
    QAbstractItemModelTester(view.table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert texts_of(view.table, STATE)[0] == "有缺项"
    assert texts_of(view.table, LACKING)[0] == "分类号、单位编号、使用方向"
    view.school.click()
    assert typed(school="1042").isVisible(), "four digits are no code"
    typed(school="10422")
    assert nothing_open()
    assert view.says.text().startswith("学校代码 10422；SJ1 可写 0/")
    view.state(row(view))
    typed(number="20210001", class_code="03040702", use="2", department_code="0105")
    assert nothing_open()
    assert texts_of(view.table, STATE)[0] == "SJ1 和 SJ3"
    kept = university.stated(ledger, "A1")
    assert kept is not None
    assert (kept.use, kept.state) == ("2", "")
    view.desk.changed.emit(history.undo_last(ledger))
    assert texts_of(view.table, STATE)[0] == "有缺项"


def test_a_years_use_is_entered_changed_and_made_blank_again(view: UniversityView, ledger: Workspace) -> None:
    view.use(row(view))
    typed(teaching_minutes=Decimal("12.5"), samples=7, ground="使用登记")
    assert nothing_open()
    assert texts_of(view.table, TEACHING)[0] == "13"
    view.use(row(view))
    typed(samples=None, core_papers=0)
    told = {one.fact.item: (one.fact.amount, one.fact.ground) for one in university.every(ledger)}
    assert told == {"teaching_minutes": (750, "使用登记"), "core_papers": (0, "使用登记")}
    view.use(row(view))
    assert typed(open_minutes=Decimal(1), research_minutes=Decimal(0), service_minutes=Decimal(0), teaching_minutes=Decimal("0.5")).isVisible()
    dialog(FormDialog).reject()


def test_the_files_are_written_and_told(view: UniversityView, ledger: Workspace, tmp_path: Path) -> None:
    said: list[Notice] = []
    view.desk.told.connect(said.append)
    university.set_school_code(ledger, "10422")
    university.state(ledger, "A1", {"number": "20210001", "class_code": "03040702", "use": "2", "department_code": "0105"})
    view.refresh()
    assert view.found is not None
    from desktop.actions import university_year

    view.steps._written(university_year.tables(ledger, view.found.period, tmp_path / "a.xlsx"))
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["SJ1"]["B2"].value == "20210001"
    assert [(one.level, "SJ1 1、SJ2 1、SJ3 1" in one.text) for one in said] == [("warning", True)]


def test_every_figure_answers_why(view: UniversityView) -> None:
    explained: list[Figure] = []
    view.desk.explaining.connect(explained.append)
    view.why.click()
    view.explain(row(view))
    assert [figure.code for figure in explained] == ["moe.sj2.decrease", "university.in_sj3"]


def test_a_large_register_is_read_when_it_is_looked_at(view: UniversityView, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop.actions import university_year

    judge, asked = university_year.judge, []
    monkeypatch.setattr(university_year, "judge", lambda *given: asked.append(given) or judge(*given))
    tabs = view.parentWidget().parentWidget()
    assert isinstance(tabs, QTabWidget)
    tabs.setCurrentIndex(DUTIES)
    view.refresh()
    view.refresh()
    assert asked == []
    tabs.setCurrentIndex(UNIVERSITY)
    assert len(asked) == 1
    tabs.setCurrentIndex(DUTIES)
    tabs.setCurrentIndex(UNIVERSITY)
    assert len(asked) == 1, "what is still as it was read is not read again"


def test_judging_and_explaining_are_work_off_the_windows_thread(view: UniversityView, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop.actions import university_year

    running: list[int] = []

    def seen(work: Callable[..., object]) -> Callable[..., object]:
        return lambda *given: running.append(len(view.desk.jobs.running())) or work(*given)

    for name in ("judge", "of_line"):
        monkeypatch.setattr(university_year, name, seen(getattr(university_year, name)))
    view.refresh()
    view.explain(row(view))
    assert running == [1, 1]


def test_the_unit_of_the_value_stands_once(view: UniversityView) -> None:
    head = view.table.model.headerData(VALUE, Qt.Orientation.Horizontal)
    assert (head, texts_of(view.table, VALUE)[0]) == ("原值", "50.00 万元")


def test_another_year_is_chosen(view: UniversityView) -> None:
    view.years.setCurrentIndex(view.years.count() - 1)
    assert view.found is not None
    assert view.found.period.name == view.years.currentData()
