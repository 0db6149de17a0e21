"""查重评议 at the window: entered with findings beside the fields, candidates with reasons, judged by another person, looked at on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop import words
from desktop.actions import history, importing, purchase_report, purchases, reporting
from desktop.actions.workspace import Workspace
from desktop.reports.purchase_review import CandidateLine
from desktop.rules.figure import Figure
from desktop.ui.desk import Desk
from desktop.ui.dialogs.attachments_dialog import AttachmentsDialog
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.import_wizard import ImportWizard
from desktop.ui.dialogs.pin_dialog import PinDialog
from desktop.ui.dialogs.reason_dialog import ReasonDialog
from desktop.ui.pages.compliance import PURCHASES, CompliancePage
from desktop.ui.pages.compliance_purchases import PurchasesView
from desktop.ui.pages.paper_dialog import PaperDialog
from tests.actions.making import APPROVER, LAB, OFFICE, PINS, posted
from tests.actions.test_purchases import keep, propose
from tests.ui.looking import faults
from tests.ui.pages.driving import dialog, nothing_open, sign, texts_of
from tests.ui.pages.test_instruments import notices


@pytest.fixture
def page(at_desk: Desk, ledger: Workspace, qtbot: QtBot) -> Iterator[CompliancePage]:
    made = CompliancePage(at_desk)
    at_desk.changed.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    made.arrive({"tab": "purchases"})
    yield made
    made.leave()


@pytest.fixture
def view(page: CompliancePage) -> PurchasesView:
    assert page.tabs.currentIndex() == PURCHASES
    page.purchases.refresh()
    return page.purchases


def _fill(**more: object) -> FormDialog:
    asked: FormDialog = dialog(FormDialog)
    usual: dict[str, object] = {
        "number": "SG-1", "name": "扫描电镜", "price_fen": 80000000, "provincial_fen": 60000000, "class_code": "010101", "functions": "形貌观察",
        "reason": "机时不足", "central_fen": 0,
    }  # fmt: skip
    for name, value in (usual | more).items():
        asked.form.field(name).set_value(value)
    return asked


def _said_beside(asked: FormDialog, name: str) -> str:
    return asked.form._places[name].said.words.text()


def test_a_purchase_is_entered_and_its_candidates_stand_there_with_reasons_and_use(view: PurchasesView, ledger: Workspace, at_desk: Desk) -> None:
    posted(ledger, "P1", minutes=120)
    keep(ledger, {"network_number": "N1", "name": "场发射扫描电镜", "class_code": "010101"})
    told = notices(at_desk)
    view.add.click()
    asked = _fill(provincial_fen=80000001, class_code="01", central_fen=-1)
    asked.do.click()
    assert "多于单台（套）预算" in _said_beside(asked, "provincial_fen")
    assert "中央财政资金" in _said_beside(asked, "central_fen")
    assert "六位" in _said_beside(asked, "class_code")
    assert purchases.every(ledger) == []
    _fill().do.click()
    refused = sign(LAB, "0000")
    assert refused.isVisible()
    assert "PIN" in refused.said.words.text()
    sign(LAB, PINS[LAB])
    assert nothing_open()
    assert told[-1].level == "done"
    assert texts_of(view.table) == ["SG-1"]
    assert view.view is not None, "what was entered is shown at once"
    assert sorted(texts_of(view.candidates, 4)) == ["A1", "N1"]
    own = texts_of(view.candidates, 4).index("A1")
    assert _use_told(view) == {"A1": "2 小时", "N1": "未知"}, "hours elsewhere are not known"
    assert "仪器名称：写法相同" in texts_of(view.candidates, 6)[own]
    view.candidates.select([own])
    assert "写法相同" in view.reasons.text()
    said = "\n".join(view.verdict.told())
    assert "应当查重评议" in said
    assert "未饱和" in said


def _use_told(view: PurchasesView) -> dict[str, str]:
    return dict(zip(texts_of(view.candidates, 4), texts_of(view.candidates, 2), strict=True))


def test_a_window_that_takes_unknown_hours_for_none_is_seen(view: PurchasesView, ledger: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(ledger, {"network_number": "N1", "name": "场发射扫描电镜", "class_code": "010101"})
    propose(ledger)
    candidates = purchase_report.candidates

    def broken(figure: Figure) -> list[tuple[CandidateLine, Figure]]:
        return [(replace(line, effective_minutes=line.effective_minutes or 0), tree) for line, tree in candidates(figure)]

    monkeypatch.setattr(purchase_report, "candidates", broken)
    view.want("SG-1")
    assert _use_told(view)["N1"] != "未知"


def test_mean_hours_without_end_are_shown_as_on_paper(view: PurchasesView, ledger: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    propose(ledger)
    monkeypatch.setattr(purchase_report, "mean_hours", lambda tree: Decimal(16) / 3)
    view.want("SG-1")
    assert "台套平均有效机时 5.33 小时" in view.verdict.told()


def test_a_number_that_is_taken_is_said_in_the_form_which_keeps_what_was_typed(view: PurchasesView, ledger: Workspace) -> None:
    propose(ledger)
    view.propose()
    _fill(name="另一台").do.click()
    sign(LAB, PINS[LAB])
    asked: FormDialog = dialog(FormDialog)
    assert "已经有一份申购" in asked.said.words.text()
    assert asked.form.draft()["name"] == "另一台"
    asked.form.field("number").set_value("SG-2")
    asked.do.click()
    dialog(PinDialog).reject()
    assert asked.do.isEnabled(), "who thought better of signing can go on"
    asked.do.click()
    sign(LAB, PINS[LAB])
    assert nothing_open()
    assert [one.number for one in purchases.every(ledger)] == ["SG-2", "SG-1"]


def test_another_person_judges_and_what_is_settled_stays(view: PurchasesView, ledger: Workspace) -> None:
    propose(ledger, by=OFFICE)
    view.want("SG-1")
    view.review.click()
    asked: FormDialog = dialog(FormDialog)
    asked.do.click()
    assert _said_beside(asked, "opinion")
    assert _said_beside(asked, "text")
    asked.form.field("opinion").set_value("revise")
    asked.form.field("text").set_value("功能写得太宽")
    asked.do.click()
    offered = dialog(PinDialog)
    assert {offered.person.itemData(n) for n in range(offered.person.count())} == {OFFICE, APPROVER}
    assert "另一个人" in sign(OFFICE, PINS[OFFICE]).said.words.text()
    sign(APPROVER, PINS[APPROVER])
    assert nothing_open()
    assert any("退回修改。功能写得太宽" in line for line in view.facts.told())
    assert view.change.isVisible()
    view.change.click()
    _fill(functions="断口形貌观察").do.click()
    sign(LAB, PINS[LAB])
    assert view.view is not None
    assert view.view.proposal.functions == "断口形貌观察"
    view.review.click()
    asked = dialog(FormDialog)
    asked.form.field("opinion").set_value("share")
    asked.form.field("text").set_value("现有仪器还有机时")
    asked.do.click()
    sign(APPROVER, PINS[APPROVER])
    assert nothing_open()
    assert texts_of(view.table, 2) == ["已评议"]
    assert not any(button.isVisible() for button in (view.change, view.withdraw, view.review))
    assert len([line for line in view.facts.told() if APPROVER in line]) == 2


def test_one_is_withdrawn_with_a_reason_and_the_list_is_filtered_by_state(view: PurchasesView, ledger: Workspace) -> None:
    propose(ledger)
    propose(ledger, number="SG-2")
    view.want("SG-2")
    view.withdraw.click()
    asked = dialog(ReasonDialog)
    asked.text.setPlainText("不买了")
    asked.do.click()
    sign(LAB, PINS[LAB])
    assert nothing_open()
    view.table.filter_by({"state": "withdrawn"})
    assert texts_of(view.table) == ["SG-2"]
    view.want("SG-1")
    assert sorted(texts_of(view.table)) == ["SG-1", "SG-2"], "what is asked for is listed whatever the filter"
    assert view.view is not None
    assert view.view.proposal.number == "SG-1"


def test_why_shows_the_whole_tree_or_that_of_one_candidate_with_the_rows_behind(view: PurchasesView, ledger: Workspace, at_desk: Desk) -> None:
    posted(ledger, "P1", minutes=120)
    propose(ledger)
    view.want("SG-1")
    asked: list[Figure] = []
    at_desk.explaining.connect(asked.append)
    view.why.click()
    view.candidates.opened.emit(0)
    assert [one.code for one in asked] == ["purchase.review", "purchase.candidate"]
    assert [len(part.rows.keys) for part in asked[1].walk() if part.rows is not None] == [1]


def test_the_report_is_looked_at_saved_and_remembered(view: PurchasesView, ledger: Workspace, tmp_path: Path, at_desk: Desk) -> None:
    told = notices(at_desk)
    propose(ledger)
    view.want("SG-1")
    view.paper.click()
    paper: PaperDialog = dialog(PaperDialog)
    drawn = paper.preview.drawn
    assert drawn is not None
    assert drawn.data.startswith(b"%PDF")
    assert paper.preview.paper.n_pages() == drawn.n_pages
    out = tmp_path / "查重.pdf"
    paper.save_to(out)
    assert out.read_bytes() == drawn.data, "what is saved is what was shown"
    assert told[-1].level in ("done", "warning")
    assert [(one.kind, one.period) for one in reporting.printed(ledger)] == [("purchase", "SG-1")]
    paper.save_to(tmp_path / "查重.xlsx")
    assert (tmp_path / "查重.xlsx").stat().st_size > 0
    paper.do.click()
    assert nothing_open()


def test_the_files_of_a_purchase_are_its_own(view: PurchasesView, ledger: Workspace) -> None:
    key = propose(ledger).proposal.id
    view.want("SG-1")
    view.files.click()
    asked: AttachmentsDialog = dialog(AttachmentsDialog)
    assert asked.view.subject == ("purchase_proposal", key)
    assert "不随同步发出" in " ".join(label.text() for label in asked.findChildren(QLabel))
    asked.reject()


RESULTS = """申购编号,查重结果,评议日期,文号,评议意见,相似仪器
SG-1,不同意购置,2026-03-01,查重〔2026〕1号,没有用满,某校 电镜
SG-9,同意,2026-03-01,查重〔2026〕2号,,
"""


def test_what_the_national_platform_said_is_brought_in_seen_filtered_and_taken_out(
    view: PurchasesView, ledger: Workspace, at_desk: Desk, tmp_path: Path
) -> None:
    money = {"price_fen": 200000000, "provincial_fen": 60000000, "central_fen": 1}
    propose(ledger, **money)
    propose(ledger, number="SG-2", **money)
    view.want("SG-1")
    assert texts_of(view.table, 3) == ["待查重"] * 2
    assert not view.take_out.isVisible()
    file = tmp_path / "查重结果.csv"
    file.write_text(RESULTS, "utf-8")
    view.bring.click()
    wizard: ImportWizard = dialog(ImportWizard)
    assert wizard.kind == "purchase_results"
    wizard.start(file)
    assert (wizard.preview_step.accepted.number.text(), wizard.preview_step.rejected.number.text()) == ("1", "1")
    wizard.go_on.click()
    wizard.reject()
    assert dict(zip(texts_of(view.table), texts_of(view.table, 3), strict=True)) == {"SG-1": "不同意", "SG-2": "待查重"}
    view.table.filter_by({"needs": "to_ask"})
    assert texts_of(view.table) == ["SG-2"]
    view.want("SG-1")
    assert any("国家平台不同意" in line for line in view.verdict.told())
    said = "\n".join(view.facts.told())
    for wanted in ("2026-03-01 查重〔2026〕1号：不同意购置", "没有用满", "相似仪器：某校 电镜"):
        assert wanted in said, wanted
    assert view.take_out.isVisible()
    view.take_out.click()
    asked: FormDialog = dialog(FormDialog)
    asked.do.click()
    assert _said_beside(asked, "reason")
    asked.form.field("reason").set_value("是另一份申购的")
    asked.do.click()
    sign(LAB, PINS[LAB])
    assert nothing_open()
    assert purchases.view(ledger, "SG-1").national == ()
    assert not view.take_out.isVisible()
    at_desk.announce(history.undo_last(ledger))
    assert view.take_out.isVisible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_of_a_purchase_with_results_is_cut_off(
    view: PurchasesView, ledger: Workspace, tmp_path: Path, language: words.Language
) -> None:
    words.use(language)
    propose(ledger, price_fen=200000000, provincial_fen=60000000, central_fen=1)
    file = tmp_path / "results.csv"
    file.write_text(RESULTS, "utf-8")
    assert importing.import_file(ledger, "purchase_results", file).accepted == 1
    view.want("SG-1")
    QApplication.processEvents()
    assert faults(view.window()) == []
    view.parts.setCurrentIndex(1)
    QApplication.processEvents()
    assert faults(view.window()) == []
