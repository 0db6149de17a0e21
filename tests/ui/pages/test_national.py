"""国家平台 at the window, against a small platform on loopback: shown row by row, agreed to, sent once, its end seen to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from desktop import words
from desktop.actions import history, instruments, national_outgoing, national_sent, records
from desktop.actions.workspace import Workspace
from desktop.ui.desk import Desk
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.national_preview_dialog import NationalPreviewDialog
from desktop.ui.dialogs.reason_dialog import ReasonDialog
from desktop.ui.jobs import Jobs
from desktop.ui.pages.compliance import NATIONAL, CompliancePage
from desktop.ui.pages.compliance_national import NationalView, stand
from desktop.ui.pages.compliance_national_due import NationalDueView
from tests.actions.test_national import SOUND
from tests.actions.test_national_messages import CUSTOMS, UNIT, service
from tests.sync import soap_peer
from tests.sync.soap_peer import Peer
from tests.ui.looking import faults
from tests.ui.pages.driving import dialog, nothing_open, texts_of
from tests.ui.pages.test_instruments import notices

STATES = 3


@pytest.fixture
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


@pytest.fixture
def view(at_desk: Desk, ledger: Workspace, qtbot: QtBot) -> Iterator[NationalView]:
    instruments.add(ledger, replace(SOUND, asset_number="N2", released_on=date(2025, 1, 10), **CUSTOMS))
    service(ledger, "R1")
    service(ledger, "R2", "S1")
    made = CompliancePage(at_desk)
    at_desk.changed.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    made.arrive({"tab": "national"})
    assert made.tabs.currentIndex() == NATIONAL
    made.national.refresh()
    yield made.national
    made.leave()


@pytest.fixture
def ready(view: NationalView, ledger: Workspace, peer: Peer) -> NationalView:
    national_outgoing.set_target(ledger, peer.address, UNIT)
    view.refresh()
    return view


def shown(view: NationalView, *only: str) -> NationalPreviewDialog:
    """Ask for what would leave: all kinds, or these alone."""
    view.begin.click()
    asked: FormDialog = dialog(FormDialog)
    for name in ("instruments", "customs", "services", "effect") if only else ():
        asked.form.field(name).set_value(name in only)
    asked.do.click()
    found: NationalPreviewDialog = dialog(NationalPreviewDialog)
    return found


def send(view: NationalView, *only: str) -> None:
    shown(view, *only).do.click()


def test_the_address_is_asked_for_first_and_checked(view: NationalView, ledger: Workspace, peer: Peer) -> None:
    assert "还没有填写" in view.says.text()
    view.begin.click()
    asked: FormDialog = dialog(FormDialog)
    asked.form.field("address").set_value("http://platform.example/ws")
    asked.form.field("unit").set_value(UNIT)
    asked.do.click()
    assert "https://" in asked.said.words.text()
    assert national_outgoing.target(ledger).address == ""
    asked.form.field("address").set_value(peer.address)
    asked.do.click()
    assert nothing_open()
    assert national_outgoing.target(ledger) == national_outgoing.Target(peer.address, UNIT)
    assert peer.address in view.says.text()


def test_every_row_is_shown_before_it_leaves_and_nothing_confidential_is_among_them(ready: NationalView, ledger: Workspace, peer: Peer) -> None:
    found = shown(ready)
    assert (peer.asked, national_sent.sent(ledger)) == ([], [])
    assert texts_of(found.rows.table) == ["仪器", "海关信息", "服务记录", "年度成效"]
    assert "4 份报文" in found.summary.text()
    assert "涉密 3 行不离开本机" in found.summary.text()
    everything = "".join(line.replace("\n", "") for place in range(4) for line in (found.rows.table.select([place]), found.rows.facts.told())[1])
    for row in (row for draft in found.found.drafts for row in draft.rows):
        for name, value in row.items():
            assert words.say(f"national_field.{name}") in everything
            assert value in everything
    for hidden in ("S1", "特种雷达"):
        assert hidden not in everything
    found.reject()
    assert peer.asked == []
    shown(ready).do.click()
    assert texts_of(ready.table, STATES) == ["已接收"] * 4
    assert [one.rows for one in peer.arrived] == [list(draft.rows) for draft in found.found.drafts]


def test_what_the_platform_said_stands_beside_the_message(ready: NationalView, at_desk: Desk, peer: Peer) -> None:
    told = notices(at_desk)
    peer.behave = soap_peer.saying("203 校验未通过：原值")
    send(ready)
    assert texts_of(ready.table, STATES) == ["待发", "待发", "待发", "未接收"]
    assert "校验" in told[-1].text
    ready.table.select([next(key for key, one in ready._every.items() if one.state == "refused")])
    facts = ready.facts.told()
    assert "返回代码 203" in facts
    assert "平台原文 203 校验未通过：原值" in facts
    assert "203" in ready.said.words.text()
    assert (ready.again.isVisible(), ready.settle.isVisible(), ready.drop.isVisible()) == (True, False, False)
    assert ready.go_on.text() == "接着发送 3 份"
    peer.behave = soap_peer.saying("100")
    ready.go_on.click()
    assert texts_of(ready.table, STATES) == ["已接收"] * 3 + ["未接收"]
    asked: list[object] = []
    at_desk.explaining.connect(asked.append)
    ready.why.click()
    assert len(asked) == 1


def test_what_nobody_knows_is_seen_to_by_a_person(ready: NationalView, at_desk: Desk, ledger: Workspace, peer: Peer) -> None:
    peer.behave = soap_peer.slammed
    send(ready, "services")
    assert texts_of(ready.table, STATES) == ["结果不明"]
    ready.table.select(list(ready._every))
    assert (ready.again.isVisible(), ready.settle.isVisible(), ready.drop.isVisible()) == (True, True, False)
    ready.begin.click()
    refused: FormDialog = dialog(FormDialog)
    refused.do.click()
    assert "没有着落" in refused.said.words.text()
    refused.reject()
    ready.again.click()
    why: ReasonDialog = dialog(ReasonDialog)
    why.text.setPlainText("平台上没有")
    why.do.click()
    assert [one.raw for one in peer.arrived] == [peer.arrived[0].raw] * 2
    ready.settle.click()
    asked: FormDialog = dialog(FormDialog)
    asked.form.field("step").set_value("accepted")
    asked.do.click()
    assert not nothing_open()
    asked.form.field("reason").set_value("平台已有这一条")
    asked.do.click()
    assert nothing_open()
    assert texts_of(ready.table, STATES) == ["已接收"]
    assert any("平台已有这一条" in line for line in ready.course.told())
    (one,) = national_sent.sent(ledger)
    assert [event.step for event in one.events] == ["sent", "unknown", "sent", "unknown", "accepted"]


def test_what_is_kept_is_saved_to_a_file_and_settled(ready: NationalView, ledger: Workspace, peer: Peer, tmp_path: Path) -> None:
    shown(ready, "services").hold.click()
    assert texts_of(ready.table, STATES) == ["待发"]
    ready.table.select(list(ready._every))
    assert (ready.save.isVisible(), ready.settle.isVisible(), ready.go_on.isVisible()) == (True, True, True)
    ready.save.click()
    asked: QFileDialog = dialog(QFileDialog)
    asked.fileSelected.emit(str(tmp_path / "送交.xml"))
    asked.reject()
    assert b"Envelope" in (tmp_path / "送交.xml").read_bytes()
    ready.settle.click()
    said: FormDialog = dialog(FormDialog)
    said.form.field("step").set_value("accepted")
    said.form.field("reason").set_value("现场送交，平台已显示")
    said.do.click()
    assert texts_of(ready.table, STATES) == ["已接收"]
    assert not ready.save.isVisible()
    assert peer.asked == []


def test_what_did_not_leave_can_be_given_up(ready: NationalView, ledger: Workspace, peer: Peer) -> None:
    found = shown(ready, "services")
    peer.close()
    found.do.click()
    assert texts_of(ready.table, STATES) == ["待发"]
    ready.table.select(list(ready._every))
    ready.drop.click()
    asked: ReasonDialog = dialog(ReasonDialog)
    asked.text.setPlainText("重新准备")
    asked.do.click()
    assert texts_of(ready.table, STATES) == ["不再发送"]
    assert not ready.go_on.isVisible()


def test_a_wrong_span_and_no_kind_are_said_in_the_form(ready: NationalView) -> None:
    ready.begin.click()
    asked: FormDialog = dialog(FormDialog)
    asked.form.field("period").set_value("去年")
    asked.do.click()
    assert "去年" in asked.said.words.text()
    asked.form.field("period").set_value("2025")
    for name in ("instruments", "customs", "services", "effect"):
        asked.form.field(name).set_value(False)
    asked.do.click()
    assert "至少选一种" in asked.said.words.text()
    asked.form.field("customs").set_value(True)
    asked.form.field("period").set_value("2025Q1")
    asked.do.click()
    dialog(NationalPreviewDialog).reject()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_cut_off(ready: NationalView, peer: Peer, language: words.Language) -> None:
    words.use(language)
    peer.behave = soap_peer.slammed
    found = shown(ready)
    assert faults(found) == []
    found.do.click()
    ready.table.select([next(key for key, one in ready._every.items() if one.state == "unknown")])
    assert faults(ready.window()) == []
    assert {stand(one.state) for one in ready._every.values()} == {"written", "in_doubt"}


def test_the_window_stays_awake_while_it_is_sent_and_stops_when_asked(
    ledger: Workspace, peer: Peer, lanes: Jobs, qtbot: QtBot, view: NationalView
) -> None:
    """On the real lanes: a silent platform holds nobody up, and stopping tells that nothing is known."""
    national_outgoing.set_target(ledger, peer.address, UNIT)
    view.refresh()
    peer.behave = soap_peer.silent
    view.desk.jobs = lanes
    view.begin.click()
    dialog(FormDialog).do.click()
    qtbot.waitUntil(lambda: any(isinstance(one, NationalPreviewDialog) for one in QApplication.topLevelWidgets()))
    dialog(NationalPreviewDialog).do.click()
    qtbot.waitUntil(peer.taken.is_set)
    (job,) = lanes.running()
    job.stop()
    qtbot.waitUntil(lambda: "结果不明" in texts_of(view.table, STATES))
    assert texts_of(view.table, STATES).count("待发") == 3


NAME, STATE, LEFT = 1, 2, 4


@pytest.fixture
def due(ready: NationalView) -> NationalDueView:
    ready.places.setCurrentWidget(ready.due)
    return ready.due


def listed(due: NationalDueView) -> dict[str, str]:
    return dict(zip(texts_of(due.table, NAME), texts_of(due.table, STATE), strict=True))


def test_what_is_due_is_read_when_it_is_looked_at_and_leads_to_the_preview(ready: NationalView, ledger: Workspace, peer: Peer) -> None:
    assert ready.due.table.model.rowCount() == 0
    ready.places.setCurrentWidget(ready.due)
    before = listed(ready.due)
    assert "N2" in before
    assert "S1" not in before
    ready.due.table.select(["set:N2"])
    ready.due.report.click()
    asked: FormDialog = dialog(FormDialog)
    asked.do.click()
    dialog(NationalPreviewDialog).do.click()
    assert before["N2"] in ("没有接收记录，已过期限", "待报")
    assert "N2" not in listed(ready.due)


def test_what_is_over_its_day_says_so_and_shows_no_number_below_zero(due: NationalDueView, ledger: Workspace) -> None:
    instruments.change(ledger, replace(instruments.get(ledger, "N2"), accepted_on=date(2025, 1, 15)))
    due.refresh()
    row = next(n for n, name in enumerate(texts_of(due.table, NAME)) if name == "N2")
    assert texts_of(due.table, STATE)[row] == "没有接收记录，已过期限"
    assert texts_of(due.table, LEFT)[row].startswith("逾期 ")
    assert not any("-" in said for said in texts_of(due.table, LEFT))


def test_what_the_platform_should_have_no_more_is_seen_to(due: NationalDueView, ready: NationalView, at_desk: Desk, ledger: Workspace) -> None:
    send(ready, "services", "instruments")
    records.reverse(ledger, "R1", "重复登记")
    due.refresh()
    assert listed(due)["R1"] == "已冲销"
    assert "平台上要处理的 1 行" in due.says.text()
    due.table.select(["there:6:R1"])
    assert "请到平台上撤下" in due.to_do.text()
    asked: list[object] = []
    at_desk.explaining.connect(asked.append)
    due.why.click()
    assert len(asked) == 1
    due.removed.click()
    why: ReasonDialog = dialog(ReasonDialog)
    why.text.setPlainText("平台服务记录页已撤下")
    why.do.click()
    assert nothing_open()
    assert "R1" not in listed(due)
    at_desk.announce(history.undo_last(ledger))
    assert listed(due)["R1"] == "已冲销"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_of_what_is_due_is_cut_off(due: NationalDueView, ready: NationalView, ledger: Workspace, language: words.Language) -> None:
    words.use(language)
    send(ready, "services")
    records.reverse(ledger, "R1", "重复登记")
    due.refresh()
    due.table.select(["there:6:R1"])
    QApplication.processEvents()
    assert faults(due.window()) == []
    national_outgoing.set_target(ledger, "http://127.0.0.1:9/other")
    due.refresh()
    due.table.select(["there:6:R1"])
    QApplication.processEvents()
    assert "127.0.0.1" in due.to_do.text()
    assert faults(due.window()) == []
    assert due.to_do.height() >= due.to_do.heightForWidth(due.to_do.width())
