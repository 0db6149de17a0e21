"""平台的审核 at the window, against a small platform on loopback: seen, said, read from a table or an answer, told again, taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop import words
from desktop.actions import history, national_audit, national_sent
from desktop.actions.workspace import Workspace, today
from desktop.ui.desk import Desk
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.pages.compliance_national import NationalView
from desktop.ui.pages.compliance_national_audit import NationalAuditView
from tests.sync import soap_peer
from tests.sync.soap_peer import Peer
from tests.ui.looking import faults
from tests.ui.pages.driving import dialog, nothing_open, texts_of
from tests.ui.pages.test_instruments import notices
from tests.ui.pages.test_national import listed, peer, ready, send, view

__all__ = ["peer", "ready", "view"]
NAME, STATE, REASON = 1, 3, 5


@pytest.fixture
def audit(ready: NationalView) -> NationalAuditView:
    send(ready, "services", "instruments")
    ready.places.setCurrentWidget(ready.audit)
    return ready.audit


def shown(audit: NationalAuditView) -> dict[str, str]:
    return dict(zip(texts_of(audit.table, NAME), texts_of(audit.table, STATE), strict=True))


def choose(audit: NationalAuditView, *names: str) -> None:
    audit.table.select([key for key, name in zip(audit.table.model.keys(), texts_of(audit.table, NAME), strict=True) if name in names])


def say(audit: NationalAuditView, state: str, reason: str = "") -> FormDialog:
    audit.say.click()
    asked: FormDialog = dialog(FormDialog)
    asked.form.field("state").set_value(state)
    asked.form.field("reason").set_value(reason)
    asked.do.click()
    return asked


def test_a_refusal_is_said_listed_as_due_explained_and_taken_back(
    audit: NationalAuditView, ready: NationalView, at_desk: Desk, ledger: Workspace
) -> None:
    before = shown(audit)
    assert before["N2"] == before["R1"] == "没有登记"
    choose(audit, "N2", "R1")
    assert not audit.say.isEnabled(), "rows of one kind are said together"
    choose(audit, "N2")
    asked = say(audit, "refused")
    assert "未通过要写明平台给的原因" in asked.said.words.text()
    asked.form.field("reason").set_value("型号与铭牌不符")
    asked.do.click()
    assert nothing_open()
    assert shown(audit)["N2"] == "未通过"
    assert texts_of(audit.table, NAME)[0] == "N2", "what is to be seen to stands first"
    choose(audit, "N2")
    assert "型号与铭牌不符" in audit.told.text()
    why: list[object] = []
    at_desk.explaining.connect(why.append)
    audit.why.click()
    assert len(why) == 1
    ready.places.setCurrentWidget(ready.due)
    assert listed(ready.due)["N2"] == "审核未通过"
    assert texts_of(ready.due.table, 3)[texts_of(ready.due.table, NAME).index("N2")], "the day by which it was to be told stands beside it"
    ready.due.table.select(["audit:4:N2"])
    assert "重新报送" in ready.due.to_do.text()
    ready.due.why.click()
    assert len(why) == 2
    at_desk.announce(history.undo_last(ledger))
    assert "N2" not in listed(ready.due)
    ready.places.setCurrentWidget(ready.audit)
    assert shown(audit)["N2"] == "没有登记"


def test_the_state_stands_beside_the_row_of_its_message(audit: NationalAuditView, ready: NationalView, ledger: Workspace, at_desk: Desk) -> None:
    at_desk.announce(national_audit.say(ledger, "6", ["R1"], "refused", "重复"))
    ready.places.setCurrentIndex(0)
    ready.table.select([one.message.id for one in national_sent.sent(ledger) if one.message.kind == "6"])
    ready.parts.setCurrentWidget(ready.rows)
    assert texts_of(ready.rows.table, 2) == ["未通过：重复"]


def test_the_list_is_filtered_found_in_and_sorted(audit: NationalAuditView) -> None:
    choose(audit, "N2")
    say(audit, "pending")
    assert audit.says.text() == "待审核 1、没有登记 1"
    audit.table.filter_by({"state": "pending"})
    assert list(shown(audit)) == ["N2"]
    audit.table.filter_by({"kind": "6"})
    assert list(shown(audit)) == ["R1"]
    audit.table.clear_filters()
    audit.search.setText("n2")
    audit.search.returnPressed.emit()
    assert list(shown(audit)) == ["N2"]
    audit.search.clear()
    audit.search.returnPressed.emit()
    audit.table.model.sort(NAME, Qt.SortOrder.DescendingOrder)
    assert list(shown(audit)) == ["R1", "N2"]
    audit.table.model.sort(STATE, Qt.SortOrder.AscendingOrder)
    assert list(shown(audit)) == ["N2", "R1"]


@pytest.mark.parametrize("n", [1, 5, 6])
def test_a_code_nobody_published_is_told_beside_its_message(ready: NationalView, peer: Peer, n: int) -> None:
    peer.behave = soap_peer.saying(json.dumps({"code": 100, "data": [{"innerId": "N2", "auditState": 7}] * n}))
    send(ready, "instruments")
    ready.table.select(list(ready._every))
    (said,) = [line for line in ready.facts.told() if line.startswith("没有登记的审核")]
    assert said.count("N2 的审核代码「7」没有公布过") == min(n, 5)
    assert ("另有 1 行" in said) == (n == 6)
    assert faults(ready.window()) == []


def test_an_answer_that_was_kept_is_read(
    audit: NationalAuditView, at_desk: Desk, ledger: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = notices(at_desk)
    file = tmp_path / "answer.xml"
    monkeypatch.setattr("desktop.ui.dialogs.file_dialog.open_file", lambda *_, then, **__: then(file))
    file.write_bytes(soap_peer.told('{"code":100,"data":[{"innerId":"N2","auditState":1}]}'))
    audit.answer.click()
    assert shown(audit)["N2"] == "通过"
    assert "1 行" in told[-1].text
    file.write_bytes(soap_peer.told("100"))
    audit.answer.click()
    assert "没有逐行的审核状态" in told[-1].text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_cut_off(audit: NationalAuditView, ledger: Workspace, at_desk: Desk, language: words.Language) -> None:
    words.use(language)
    national_audit.say(ledger, "4", ["N2"], "refused", "型号与铭牌照片不符，请上传铭牌清晰照片并核对规格型号、制造商和国别后重新提交", today())
    audit.refresh()
    choose(audit, "N2")
    QApplication.processEvents()
    assert faults(audit.window()) == []
    assert audit.told.height() >= audit.told.heightForWidth(audit.told.width())
    audit.say.click()
    asked: FormDialog = dialog(FormDialog)
    assert faults(asked) == []
    assert asked.form.field("seen_on").value() == today()
    asked.reject()
