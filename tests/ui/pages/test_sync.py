"""同步 in the window against the real service: look, agree, send, results; refused rows, conflicts side by side."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.actions import enrolment, evidence, instruments, pilot, sync_pending, sync_status, sync_views, syncing
from desktop.actions.sync_pending import NETWORK
from desktop.actions.sync_storage import LedgerStep
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.pilot import PilotBase, PilotEquipment, PilotPartner
from desktop.rules.figure import Figure
from desktop.store import reach, sync_rows
from desktop.sync import client
from desktop.ui import texts
from desktop.ui.desk import Desk, Place
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.reason_dialog import ReasonDialog
from desktop.ui.dialogs.withheld_dialog import WithheldDialog
from desktop.ui.notices import Notice
from desktop.ui.pages import PAGES, sync_tables
from desktop.ui.pages.sync import CONFLICTS, NOTICES, PARKED, SyncPage
from tests.actions.making import USCC, enter, everything, posted
from tests.network import at_hand
from tests.ui.looking import faults
from tests.ui.pages.driving import dialog, nothing_open, texts_of


@pytest.fixture
def network(tmp_path: Path) -> Iterator[tuple[str, str, str]]:
    database = f"sqlite:///{tmp_path / 'network.db'}"
    with at_hand.serve(database, "齐鲁示范大学", USCC) as (url, code):
        yield url, code, database


@pytest.fixture
def page(qtbot: QtBot, at_desk: Desk, ledger: Workspace) -> SyncPage:
    posted(ledger, "R1")
    made = SyncPage(at_desk)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    at_desk.changed.connect(made.hear)
    return made


def enrolled(page: SyncPage, network: tuple[str, str, str]) -> SyncPage:
    page.enrol_view.form.set_draft({"url": network[0], "code": network[1]})
    page.enrol_view.button.click()
    return page


def differing(ledger: Workspace) -> tuple[int, int]:
    with ledger.read() as connection:
        return sync_rows.n_differing(connection, NETWORK), sum(1 for _ in LedgerStep(connection, NETWORK).differing())


def test_a_wrong_address_or_code_is_said_in_the_form(page: SyncPage, ledger: Workspace) -> None:
    assert page.stack.currentWidget() is page.enrol_view
    assert not page.send_button.isVisible()
    page.enrol_view.form.set_draft({"url": "http://example.org", "code": "ABCD"})
    page.enrol_view.button.click()
    assert [one.code for one in page.enrol_view.form._shown] == ["sync.bad_address"]
    assert page.enrol_view.button.isEnabled()
    assert sync_status.status(ledger).enrolled is False


def test_a_file_that_vouches_for_nobody_is_said_in_the_form(page: SyncPage, ledger: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "校园.pem"
    file.write_text("不是证书", "utf-8")
    page.enrol_view.take_authorities(file)
    assert file.name in page.enrol_view.authorities_line.text()
    page.enrol_view.form.set_draft({"url": "https://localhost:1", "code": "ABCD"})
    page.enrol_view.button.click()
    assert [one.code for one in page.enrol_view.form._shown] == ["sync.authorities_none"]
    assert sync_status.status(ledger).enrolled is False


def test_only_what_was_seen_and_agreed_to_is_sent_and_each_item_says_so(
    page: SyncPage, ledger: Workspace, network: tuple[str, str, str]
) -> None:
    enrolled(page, network)
    assert page.stack.currentWidget() is page.tabs
    assert page.ask_send() is None
    page.look_button.click()
    view = page.preview_view
    QAbstractItemModelTester(view.table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    whole = " ".join(texts_of(view.table)) + " ".join(view.body.told())
    assert "A1" in whole
    assert "S1" not in whole
    assert "特种雷达" not in whole
    assert "涉密" in view.summary.text()
    assert len(view.digests) >= 1
    assert differing(ledger) == (view.table.model.rowCount(),) * 2
    page.send_button.click()
    asked = dialog(ConfirmDialog)
    assert asked.cancel.isDefault()
    asked.cancel.click()
    assert sync_pending.n_pending(ledger)
    page.send_button.click()
    dialog(ConfirmDialog).do.click()
    assert set(texts_of(view.table, 3)) == {"已送达"}
    assert differing(ledger) == (0, 0)
    assert page.runs_table.model.rowCount() == 1
    assert not page.send_button.isEnabled()


def test_open_states_come_first_and_equipment_that_stays_is_counted(page: SyncPage, ledger: Workspace, network: tuple[str, str, str]) -> None:
    enrolled(page, network)
    syncing.sync(ledger)
    pilot.add_base(ledger, PilotBase("", "Z1", "新材料中试基地"))
    syncing.sync(ledger)
    pilot.add_partner(ledger, "Z1", PilotPartner("", "", "某公司", "company"))
    pilot.say_open(ledger, "Z1", "paused", "检修")
    page.look_button.click()
    view = page.preview_view
    assert not view.unsaid.isVisible()
    assert (texts_of(view.groups), texts_of(view.table)[0]) == (["中试开放状态", "中试基地共建方"], "Z1 新材料中试基地 2026-03-02")
    pilot.add_equipment(ledger, PilotEquipment("", "E2", "聚合线"), "Z1")
    page.look_button.click()
    assert view.unsaid.isVisible()
    assert view.unsaid.text().startswith("中试设备 1 件没有注明是否涉密，不离开本机")
    assert "E2" not in " ".join(texts_of(view.table))


def test_sets_of_which_nobody_said_whether_they_are_confidential_are_counted(page: SyncPage, ledger: Workspace, network: tuple[str, str, str]) -> None:
    enrolled(page, network)
    with ledger.write("nothing said") as operation:
        operation.connection.exec_driver_sql("UPDATE instrument SET confidential = NULL WHERE asset_number = 'A1'")
    page.look_button.click()
    view = page.preview_view
    assert view.unsaid.isVisible()
    assert view.unsaid.text() == "仪器 1 台没有注明是否涉密，连同其记录、收费不离开本机；请到“仪器”用“未注明涉密”筛选，逐台注明。"
    assert "A1" not in " ".join(text for column in range(4) for text in texts_of(view.table, column))


def test_what_is_confidential_is_named_on_this_screen_when_it_is_asked_for(
    page: SyncPage, ledger: Workspace, network: tuple[str, str, str]
) -> None:
    enrolled(page, network)
    page.look_button.click()
    view = page.preview_view
    view.withheld.click()
    shown = dialog(WithheldDialog)
    kinds, names = texts_of(shown.table), texts_of(shown.table, 1)
    with ledger.read() as connection:
        assert len(names) == sync_rows.n_secret(connection, NETWORK) > 1
    assert ("仪器", "S1 特种雷达") in zip(kinds, names, strict=True)
    assert all(not one.startswith("A1") for one in names)
    assert faults(shown) == []
    shown.do.click()
    assert nothing_open()


def test_a_clock_that_is_off_is_said_after_the_sync(
    page: SyncPage, network: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Notice] = []
    page.desk.told.connect(told.append)
    enrolled(page, network)
    monkeypatch.setattr(client, "clock", lambda: datetime.now(UTC) + timedelta(days=2))
    page.receive_button.click()
    assert told[-1].level == "warning"
    assert "快 2 天 0 小时 0 分" in told[-1].text


def test_a_change_after_the_look_needs_another_look(page: SyncPage, ledger: Workspace, network: tuple[str, str, str]) -> None:
    enrolled(page, network)
    page.look_button.click()
    assert page.send_button.isEnabled()
    page.desk.announce(instruments.change(ledger, replace(instruments.get(ledger, "A1"), phone="1")))
    assert not page.send_button.isEnabled()
    assert page.preview_view.stack.currentWidget() is page.preview_view.before


def test_counting_what_waits_writes_nothing(page: SyncPage, ledger: Workspace, network: tuple[str, str, str]) -> None:
    enrolled(page, network)
    before = everything(ledger)
    assert (sync_pending.n_pending(ledger) or 0) > 0
    page.refresh()
    assert everything(ledger) == before
    enter(ledger, "R2")
    instruments.change(ledger, replace(instruments.get(ledger, "A2"), name='引号"与\\反斜杠\n换行\t和\u0001控制'))
    assert len(set(differing(ledger))) == 1
    syncing.sync(ledger)
    assert len(set(differing(ledger))) == 1


@pytest.mark.parametrize(("final", "value_fen"), [("theirs", 60_000_000), ("other", 65_000_050)])
def test_conflicts_stand_side_by_side_and_the_choice_is_written_with_its_reason(
    page: SyncPage, ledger: Workspace, network: tuple[str, str, str], tmp_path: Path, final: str, value_fen: int
) -> None:
    enrolled(page, network)
    page.look()
    page.send(page.preview_view.digests)
    shutil.copytree(ledger.home, tmp_path / "other", ignore=shutil.ignore_patterns("*.lock"))
    with open_ledger(tmp_path / "other") as other:
        with other.write("another seat") as operation:
            operation.connection.exec_driver_sql("DELETE FROM remote")
        code = str(at_hand.operator(network[2], "enrolment-code", "--uscc", USCC)["code"])
        enrolment.enrol(other, network[0], code)
        syncing.sync(other)
        instruments.change(other, replace(instruments.get(other, "A1"), name="他方的名称", value_fen=60_000_000))
        syncing.sync(other)
    mine = replace(instruments.get(ledger, "A1"), name="本机的名称", value_fen=70_000_000, functions="只有本机改了")
    instruments.change(ledger, mine)
    page.receive_button.click()
    page.tabs.setCurrentIndex(CONFLICTS)
    view = page.conflicts_view
    (found,) = sync_views.conflicts(ledger)
    moments = [texts.moment(datetime.fromisoformat(at)) for at in (found.mine_at, found.received_at)]
    assert found.mine_by in view.says.text()
    assert found.theirs_by in view.says.text()
    assert all(moment in view.says.text() for moment in moments)
    assert {choice.name for choice in view.choices} == {"name", "charge"}
    assert not view.settle.isEnabled()
    choices = {choice.name: choice for choice in view.choices}
    choices["name"].mine.click()
    assert not view.settle.isEnabled()
    assert not choices["charge"].fields["value_fen"].isVisible()
    choices["charge"].other.click()
    entry = choices["charge"].fields["value_fen"]
    assert (entry.isVisible(), entry.text()) == (True, "700000.00")
    entry.setText("约七十万")
    view.settle.click()
    asked = dialog(ReasonDialog)
    asked.text.setPlainText("以发票为准")
    asked.do.click()
    assert len(sync_views.conflicts(ledger)) == 1  # what is no amount is not written
    if final == "theirs":
        choices["charge"].theirs.click()
        assert not entry.isVisible()
    else:
        entry.setText("650000.50")
    view.settle.click()
    asked = dialog(ReasonDialog)
    asked.text.setPlainText("以发票为准")
    asked.do.click()
    assert nothing_open()
    kept = instruments.get(ledger, "A1")
    assert (kept.name, kept.value_fen, kept.functions) == ("本机的名称", value_fen, "只有本机改了")
    assert sync_views.conflicts(ledger) == []
    assert not view.detail.isVisible()


def test_a_refused_row_says_why_and_opens_where_it_can_be_corrected(
    page: SyncPage, ledger: Workspace, network: tuple[str, str, str]
) -> None:
    enrolled(page, network)
    key = instruments.get(ledger, "A1").id
    with ledger.write("park") as operation:
        operation.connection.exec_driver_sql(
            "INSERT INTO sync_parked (remote, kind, key, code, field) VALUES (?, 'instrument', ?, 'key.taken', 'asset_number')",
            (NETWORK, key),
        )
    page.refresh()
    page.arrive({"tab": "parked"})
    assert page.tabs.currentIndex() == PARKED
    assert "资产编号" in texts_of(page.parked_tab.table, 2)[0]
    places: list[Place] = []
    page.desk.going.connect(places.append)
    page.parked_tab.table.opened.emit(0)
    assert places == [Place("instruments", (("key", "A1"), ("text", "A1")))]


def test_a_file_that_is_elsewhere_opens_what_it_is_attached_to_and_is_fetched_by_a_button(
    page: SyncPage, ledger: Workspace, network: tuple[str, str, str], tmp_path: Path
) -> None:
    enrolled(page, network)
    paper = tmp_path / "验收报告.pdf"
    paper.write_bytes(b"%PDF-1.4\n%%EOF\n")
    made, _ = evidence.add(ledger, "instrument", instruments.get(ledger, "A1").id, paper)
    syncing.sync(ledger)
    with ledger.write("another computer's file") as operation:
        run = operation.connection.exec_driver_sql
        run("UPDATE attachment SET kept = 0")
        run("DELETE FROM evidence_part")
        run("INSERT INTO sync_parked (remote, kind, key, code, field) VALUES (?, 'attachment', ?, 'blob.elsewhere', '')", (NETWORK, made.id))
    page.refresh()
    page.arrive({"tab": "parked"})
    tab = page.parked_tab
    assert "取回等着的文件" in texts_of(tab.table, 2)[0]
    assert tab.fetch_button.isVisible()
    places: list[Place] = []
    page.desk.going.connect(places.append)
    tab.table.opened.emit(0)
    assert places == [Place("instruments", (("key", "A1"), ("text", "A1")))]
    told: list[Notice] = []
    page.desk.told.connect(told.append)
    tab.fetch_button.click()
    assert [one.text for one in told] == ["已取回 1 个文件，下次同步就会报送。"]
    assert evidence.copy_to_open(ledger, made.id).read_bytes() == paper.read_bytes()
    page.refresh()
    assert texts_of(tab.table, 2) == []
    assert not tab.fetch_button.isVisible()


@pytest.mark.parametrize("kind", reach.kinds(reach.HUB))
def test_a_row_of_any_kind_opens_a_page_that_shows_its_kind_or_none(kind: str) -> None:
    """Not the fees for everything else: a payout opens among the payouts, what has no page opens nothing."""
    page, where = sync_tables.place_of(sync_views.ParkedView(kind, "k", "FP2025-001 R1", "sync.refused.link_unknown", ""))
    shown = {one: entry.key for entry in PAGES for one in entry.opens}
    if kind in shown:
        assert page == shown[kind]
    else:
        assert (page in {entry.key for entry in PAGES} and bool(where)) or (page, where) == ("", {})
    if kind == "voucher_claim":
        assert (page, where) == ("vouchers", {"tab": "claims", "claim": "FP2025-001 R1"})
    if kind.startswith("payout"):
        assert (page, where["key"]) == ("payouts", "FP2025-001")


def test_a_long_notice_leaves_the_window_its_size(page: SyncPage, ledger: Workspace, network: tuple[str, str, str]) -> None:
    """Six hundred lines, and an answer as long as one may be: both are read by scrolling, the steps stay in sight."""
    from desktop.actions import library

    enrolled(page, network)
    short = page.minimumSizeHint().height()
    at_hand.operator(network[2], "notice", "--uscc", USCC, "--kind", "rectification", "--title", "责令改正", "--text", "请补报。\n" * 600)
    page.receive()
    (notice,) = library.notices(ledger)
    library.answer(ledger, notice.id, "已补报。\n" * 700)
    page.refresh()
    page.notices_view.show_notice(notice.id)
    assert page.notices_view.text.text().count("\n") == 599
    assert page.minimumSizeHint().height() <= short + 200


def test_notices_come_with_a_sync_stand_on_the_first_page_and_are_marked(
    page: SyncPage, ledger: Workspace, network: tuple[str, str, str]
) -> None:
    from desktop.actions import library, overview
    from desktop.ledger import period as periods

    enrolled(page, network)
    due = ("--kind", "rectification", "--title", "责令改正", "--text", "请补报。\n<b>逐条</b>", "--due", "2020-01-15")
    at_hand.operator(network[2], "notice", "--uscc", USCC, *due)
    page.receive()
    assert page.tabs.tabText(NOTICES) == "通知 1"
    assert [one.title for one in overview.read(ledger, periods.parse("2025")).sending.notices] == ["责令改正"]
    view = page.notices_view
    view.show_notice(library.notices(ledger)[0].id)
    assert "2020-01-15" in view.title.text()
    assert "已过" in view.title.text()
    assert "<b>逐条</b>" in view.text.text(), "what came is shown as it is"
    explained: list[Figure] = []
    page.desk.explaining.connect(explained.append)
    view.why.click()
    assert [(one.code, one.value) for one in explained] == [("notice.standing", "overdue")]
    view.button.click()
    assert page.tabs.tabText(NOTICES) == "通知 0"
    assert overview.read(ledger, periods.parse("2025")).sending.notices == ()
    assert view.button.text() == "标为未读"
    view.answer_button.click()
    asked = dialog(FormDialog)
    assert faults(asked) == []
    asked.do.click()
    assert [one.code for one in asked.form._shown] == ["field.required"]
    asked.form.set_draft({"text": "已补报。\n<b>共</b>12条", "on": date(2026, 3, 2)})
    asked.do.click()
    assert nothing_open()
    assert "2026-03-02" in view.answers.text()
    assert "待发送" in view.answers.text()
    assert "<b>共</b>12条" in view.answers.text()
    assert "已过" not in view.title.text(), "what was answered is not late any more"
    assert "2026-03-02 待发送" in [str(view.table.model.index(0, column).data()) for column in range(view.table.model.columnCount())]
    assert faults(page) == []
    page.look()
    page.send(tuple(page._previewed.digests) if page._previewed else ())
    assert "已送达" in view.answers.text()
    assert view.answer_button.text() == "补充答复…"


def test_instruments_elsewhere_are_read_once_and_found_by_words(page: SyncPage, network: tuple[str, str, str]) -> None:
    enrolled(page, network)
    at_hand.operator(network[2], "seed-catalogue", "--n", "60")
    view = page.catalogue_view
    assert "没有读到" in view.line.text()
    view.read_button.click()
    assert "目录共 60 台" in view.line.text()
    name = str(next(iter(view.table.held._rows.values()))[1])
    view.search.setText(name)
    assert 0 < len(view.table.held._rows) < 60
    slipped = f"{name[:2]}误{name[3:]}"
    view.search.setText(slipped)
    assert "写法相近" in view.line.text()
    assert name in {str(row[1]) for row in view.table.held._rows.values()}
    view.search.setText("")
    view.order.setCurrentIndex(view.order.findData("price"))
    assert {str(row[5]) for row in view.table.held._rows.values()} <= {"本县（市、区）", "本市其他县区", "省内其他市", "省外"}
    fees = [int(str(row[6]).partition("元")[0]) for row in view.table.held._rows.values()]
    assert len(fees) == 60
    assert fees == sorted(fees)
    view.search.setText("没有这样的仪器")
    assert not view.table.held._rows
    view.search.setText("扫描电镜")
    assert "简称也按全称找：电镜＝电子显微镜" in view.line.text()
