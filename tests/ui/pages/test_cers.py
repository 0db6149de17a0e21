"""合规 · 高校共享系统: what a set lacks stands in its row and beside it; stated, taken back, written, explained, undone, imported from there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.actions import cers, history, instruments, university
from desktop.actions.workspace import Workspace
from desktop.ledger.finding import finding
from desktop.rules.figure import Figure
from desktop.ui.desk import Desk, Place
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.reason_dialog import ReasonDialog
from desktop.ui.notices import Notice
from desktop.ui.pages import compliance_cers_steps
from desktop.ui.pages.compliance import CERS, DUTIES, CompliancePage
from desktop.ui.pages.compliance_cers import CersView
from tests.ui.pages.compliance_tab import shown
from tests.ui.pages.driving import dialog, nothing_open, texts_of

ASSET, STANDING, LACKING, NUMBER = 0, 2, 3, 4
FULL = {
    "assets_code": "032101", "classification_code": "010102", "application_area": "材料", "maker_certification": "ISO 9001", "country_code": "C276",
    "image_url": "https://a.example.edu.cn/1.jpg", "group_id": "G1", "share_level": "3", "open_calendar": "周一至周五", "service_charge": "180 元/小时",
    "page_url": "https://a.example.edu.cn/1",
}  # fmt: skip


@pytest.fixture
def page(at_desk: Desk, qtbot: QtBot, ledger: Workspace) -> Iterator[CompliancePage]:
    for number in ("A1", "A2"):
        known = instruments.get(ledger, number)
        told = {"manufacturer": "蔡司", "model": "S5", "technical": "0.8 nm", "department": "中心", "accepted_on": date(2021, 2, 1)}
        instruments.change(ledger, replace(known, **told))
    with shown(at_desk, qtbot, "cers", CERS) as made:
        yield made


@pytest.fixture
def view(page: CompliancePage) -> CersView:
    return page.cers


def choose(view: CersView, number: str) -> None:
    view.table.select([next(key for key, one in view._sets.items() if one.asset_number == number)])
    assert view.one is not None
    assert view.one.asset_number == number


def typed(**facts: object) -> FormDialog:
    asked: FormDialog = dialog(FormDialog)
    for name, value in facts.items():
        asked.form.field(name).set_value(value)
    asked.do.click()
    return asked


def cells(view: CersView, column: int) -> dict[str, str]:
    return dict(zip(texts_of(view.table, ASSET), texts_of(view.table, column), strict=True))


def beside(view: CersView) -> str:
    return "\n".join(view.facts.told())


def test_a_set_is_stated_from_its_row_until_it_lacks_nothing(view: CersView, ledger: Workspace) -> None:
    QAbstractItemModelTester(view.table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert set(texts_of(view.table, STANDING)) == {"没有写明信息，不报送"}
    view.school.click()
    typed(school="10422")
    assert view.says.text() == "学校代码 10422；涉密 1 台（套）从不报送"
    choose(view, "A1")
    assert "不报送" in view.finding.words.text()
    assert not view.drop.isEnabled()
    view.enter.click()
    typed(**{name: text for name, text in FULL.items() if name not in ("group_id", "share_level")})
    assert nothing_open()
    assert texts_of(view.table, ASSET)[0] == "A1", "what has an error stands first"
    assert (cells(view, STANDING)["A1"], cells(view, LACKING)["A1"]) == ("有错误，不写出", "机组编号、共享特色代码")
    assert view.finding.words.text().startswith("没有填的必填项：机组编号、共享特色代码。")
    assert "机组编号 没有填写" in beside(view)
    view.enter.click()
    typed(group_id="G1", share_level="3")
    assert (cells(view, STANDING)["A1"], cells(view, LACKING)["A1"], cells(view, NUMBER)["A1"]) == ("写出", "", "A1")
    kept = cers.stated(ledger, "A1")
    assert kept is not None
    assert {name: getattr(kept, name) for name in FULL} == FULL
    chips = [button.text() for _, button in view.table.chips._chips.values()]
    assert chips == ["有错误 0", "能写出 1", "没有写明 1"]
    view.desk.changed.emit(history.undo_last(ledger))
    assert cells(view, STANDING)["A1"] == "有错误，不写出"


def test_what_the_system_takes_not_is_said_at_its_field_and_nothing_is_kept(view: CersView, ledger: Workspace) -> None:
    choose(view, "A1")
    view.state()
    asked = typed(country_code="156", image_url="1.jpg", inner_id="1" * 16)
    assert asked.isVisible()
    said = {name: asked.form._places[name].said.words.text() for name in ("country_code", "image_url", "inner_id", "alias")}
    assert ["A156" in said["country_code"], "网址" in said["image_url"], "16 个字符" in said["inner_id"], said["alias"]] == [True, True, True, ""]
    assert cers.stated(ledger, "A1") is None
    typed(country_code="A156", image_url=None, inner_id=None, alias="电镜")
    assert nothing_open()
    kept = cers.stated(ledger, "A1")
    assert kept is not None
    assert (kept.country_code, kept.alias, kept.image_url) == ("A156", "电镜", "")


def test_a_form_without_anything_states_nothing(view: CersView, ledger: Workspace) -> None:
    choose(view, "A1")
    n = len(history.latest(ledger))
    view.state()
    asked = typed()
    assert "没有写明任何一项" in asked.said.words.text()
    asked.reject()
    assert (len(history.latest(ledger)), cers.stated(ledger, "A1")) == (n, None)


def test_a_set_is_reported_no_more_with_a_reason(view: CersView, ledger: Workspace) -> None:
    cers.state(ledger, "A1", FULL)
    view.refresh()
    choose(view, "A1")
    view.drop.click()
    asked: ReasonDialog = dialog(ReasonDialog)
    asked.text.setPlainText("不再共享")
    asked.do.click()
    assert cers.stated(ledger, "A1") is None
    assert cells(view, STANDING)["A1"] == "没有写明信息，不报送"
    view.desk.changed.emit(history.undo_last(ledger))
    assert cers.stated(ledger, "A1") is not None


def test_the_file_is_written_once_there_is_something_to_write(
    view: CersView, ledger: Workspace, tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(compliance_cers_steps, "save_file", lambda parent, **given: asked.append(given))
    view.file.click()
    university.set_school_code(ledger, "10422")
    view.refresh()
    view.file.click()
    assert (["学校代码" in told[0], "没有一台" in told[1]], asked) == ([True, True], [])
    cers.state(ledger, "A1", FULL)
    cers.state(ledger, "A2", FULL | {"group_id": ""})
    view.refresh()
    view.file.click()
    file = tmp_path / asked[0]["name"]
    asked[0]["then"](file)
    assert [one.text for one in ElementTree.parse(file).iter("InnerID")] == ["A1"]
    assert "已写出 1 台（套）：InstrusAndGroups.xml" in told[2]
    assert "有错误没有写出 1 台（套）" in told[2]


def test_only_a_file_without_anything_left_out_or_in_doubt_is_told_as_done(view: CersView, ledger: Workspace, tmp_path: Path) -> None:
    said: list[Notice] = []
    view.desk.told.connect(said.append)
    university.set_school_code(ledger, "10422")
    cers.state(ledger, "A1", FULL)
    done = cers.write(ledger, tmp_path / "a.xml")
    view.steps.written(replace(done, findings=()))
    view.steps.written(replace(done, findings=(), left_out=1))
    doubt = finding("cers.secrecy_unknown", "warning", number="A1")
    view.steps.written(replace(done, findings=(doubt,) * 4))
    assert [one.level for one in said] == ["done", "warning", "warning"]
    assert (said[-1].text.count("没有注明是否涉密"), said[-1].text.endswith("…")) == (3, True)


def test_what_is_confidential_is_counted_and_not_listed(view: CersView) -> None:
    assert "S1" not in texts_of(view.table, ASSET)
    assert "涉密 1 台（套）从不报送" in view.says.text()


def test_the_set_answers_why_and_opens_in_the_register(view: CersView, ledger: Workspace) -> None:
    explained: list[Figure] = []
    went: list[Place] = []
    view.desk.explaining.connect(explained.append)
    view.desk.going.connect(went.append)
    cers.state(ledger, "A2", FULL)
    view.refresh()
    for number in ("A1", "A2"):
        choose(view, number)
        view.side.why.click()
    view.look.click()
    view.paper.click()
    assert [(one.code, one.value) for one in explained] == [("cers.set", "unstated"), ("cers.set", "left_out")]
    assert [(one.page, dict(one.where)) for one in went] == [("instruments", {"key": "A2"}), ("reports", {"kind": "cers"})]


def test_the_schools_code_is_known_to_both_sections_of_a_university(page: CompliancePage) -> None:
    page.cers.enter_school()
    typed(school="10422")
    page.arrive({"tab": "university"})
    assert page.university.found is not None
    assert page.university.found.school == "10422"
    page.university.school.click()
    typed(school="10423")
    page.arrive({"tab": "cers"})
    assert page.cers.found is not None
    assert page.cers.found.school == "10423"


def test_the_list_is_searched_and_filtered(view: CersView, ledger: Workspace) -> None:
    cers.state(ledger, "A2", FULL)
    view.refresh()
    assert texts_of(view.table, ASSET)[0] == "A2"
    view.search.setText("a1")
    assert texts_of(view.table, ASSET) == ["A1"]
    view.search.clear()
    view.table.filter_by({"standing": "left_out"})
    assert texts_of(view.table, ASSET) == ["A2"]
    view.table.clear_filters()
    assert view.table.model.headerData(STANDING, Qt.Orientation.Horizontal) == "报送情况"


def test_a_register_is_judged_when_it_is_looked_at(page: CompliancePage, monkeypatch: pytest.MonkeyPatch) -> None:
    judge, asked = cers.judge, []
    monkeypatch.setattr(cers, "judge", lambda *given: asked.append(given) or judge(*given))
    page.tabs.setCurrentIndex(DUTIES)
    page.cers.refresh()
    page.cers.refresh()
    assert asked == []
    page.tabs.setCurrentIndex(CERS)
    assert len(asked) == 1
    page.tabs.setCurrentIndex(DUTIES)
    page.tabs.setCurrentIndex(CERS)
    assert len(asked) == 1, "what is still as it was read is not read again"


def test_what_a_set_has_stands_whole_beside_the_list(view: CersView, ledger: Workspace, qtbot: QtBot) -> None:
    cers.state(ledger, "A1", FULL | {"image_url": "https://yiqi.example.edu.cn/pictures/of/sets/2015/2015021-seen-from-the-front-large.jpg"})
    view.refresh()
    choose(view, "A1")
    qtbot.waitUntil(lambda: view.facts.isVisible() and view.facts.height() >= view.facts.minimumSizeHint().height())
    assert view.facts.width() <= view.room.viewport().width(), "an address breaks where it may"
