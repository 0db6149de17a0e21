"""合规 · 管理制度: what is missing has a row and is entered from it; corrected, taken out, brought back, explained."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.actions import history, management
from desktop.actions.workspace import Workspace
from desktop.rules.figure import Figure
from desktop.ui.desk import Desk
from desktop.ui.dialogs.attachments_dialog import AttachmentsDialog
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.import_wizard import DONE, PREVIEW, ImportWizard
from desktop.ui.dialogs.reason_dialog import ReasonDialog
from desktop.ui.pages.compliance import MANAGEMENT
from desktop.ui.pages.compliance_management import ManagementView
from tests.ui.pages.compliance_tab import shown
from tests.ui.pages.driving import dialog, nothing_open, texts_of

STATE, NUMBER = 1, 2


@pytest.fixture
def view(at_desk: Desk, qtbot: QtBot) -> Iterator[ManagementView]:
    with shown(at_desk, qtbot, "management", MANAGEMENT) as page:
        yield page.management


def typed(**facts: object) -> FormDialog:
    asked: FormDialog = dialog(FormDialog)
    for name, value in facts.items():
        asked.form.field(name).set_value(value)
    asked.do.click()
    return asked


def test_what_is_missing_is_entered_from_its_row(view: ManagementView, ledger: Workspace) -> None:
    QAbstractItemModelTester(view.table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert texts_of(view.table, STATE) == ["没有登记"] * 7
    assert view.says.text().startswith("应有 7 类，7 类没有执行着的")
    view.open("fees")
    today = view.desk.today()
    typed(number="校发2号", title="收费管理办法", issued_on=date(2024, 9, 1), last_on=today)
    assert nothing_open()
    (one,) = management.every(ledger)
    assert (one.kind, one.from_on, one.last_on) == ("fees", date(2024, 9, 1), today)
    assert texts_of(view.table, STATE)[1] == "快到期"
    assert view.says.text() == "应有 7 类，6 类没有执行着的，1 份快到期"


def test_a_fault_keeps_what_was_typed(view: ManagementView, ledger: Workspace) -> None:
    view.add.click()
    asked = typed(kind="ip_agreement", number="Z1", title="约定", issued_on=date(2025, 7, 1))
    assert asked.isVisible(), "an agreement names its customer"
    assert management.every(ledger) == []
    typed(party="甲公司")
    assert nothing_open()
    assert texts_of(view.table, NUMBER)[-1] == "Z1"


def test_a_paper_is_corrected_taken_out_and_brought_back(view: ManagementView, ledger: Workspace) -> None:
    view.enter(kind="sharing")
    typed(number="校发1号", title="共享办法", issued_on=date(2024, 9, 1))
    (one,) = management.every(ledger)
    view.open(one.id)
    typed(number="校发3号", last_on=date(2025, 1, 1))
    assert [(each.id, each.number) for each in management.every(ledger)] == [(one.id, "校发3号")]
    assert texts_of(view.table, STATE)[0] == "已过期"
    view.files(one.id)
    files = dialog(AttachmentsDialog)
    files.reject()
    view.withdraw(one.id)
    asked = dialog(ReasonDialog)
    asked.text.setPlainText("登错了")
    asked.do.click()
    assert management.every(ledger) == []
    view.desk.changed.emit(history.undo_last(ledger))
    assert texts_of(view.table, NUMBER)[0] == "校发3号"
    explained: list[Figure] = []
    view.desk.explaining.connect(explained.append)
    view.why.click()
    assert [figure.code for figure in explained] == ["management.checklist"]


def test_a_table_of_papers_is_brought_in_and_seen(view: ManagementView, ledger: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "制度.csv"
    file.write_text("类别,文号,名称,发布日期,有效期至\n收费管理办法,校发2号,收费,2024-09-01,长期\n规章,校发3号,其他,2024-09-01,\n", "utf-8")
    view.bring.click()
    wizard: ImportWizard = dialog(ImportWizard)
    assert wizard.kind == "management"
    wizard.start(file)
    assert wizard.steps.currentIndex() == PREVIEW
    assert (wizard.preview_step.accepted.number.text(), wizard.preview_step.rejected.number.text()) == ("1", "1")
    wizard.go_on.click()
    assert wizard.steps.currentIndex() == DONE
    wizard.reject()
    assert [(one.number, one.last_on) for one in management.every(ledger)] == [("校发2号", None)]
    assert texts_of(view.table, STATE)[1] == "执行中"
