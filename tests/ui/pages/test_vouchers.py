"""创新券: what each use of a year gets and why, caps with what is unknown, marks, and a claim from draft to paid or refused, and its paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.actions import history, voucher_claims, voucher_enterprises, vouchers
from desktop.actions.workspace import Workspace
from desktop.ledger.voucher import EVIDENCE
from desktop.rules.figure import Figure
from desktop.ui import texts
from desktop.ui.desk import Desk
from desktop.ui.dialogs.attachments_dialog import AttachmentsDialog
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.fact_list import FactList
from desktop.ui.pages.paper_dialog import PaperDialog
from desktop.ui.pages.vouchers import CLAIMS, VouchersPage
from tests.actions import making
from tests.actions.making import OUTSIDE
from tests.actions.test_vouchers import eligible
from tests.ui.pages.driving import dialog, nothing_open, texts_of

DAY = date(2025, 7, 1)
NUMBER, RATE, PROVINCE, CITY, STATE = 0, 2, 3, 4, 5


@pytest.fixture
def page(at_desk: Desk, ledger: Workspace, qtbot: QtBot) -> Iterator[VouchersPage]:
    eligible(ledger)
    for number in ("R1", "R2", "R3"):
        making.posted(ledger, number, minutes=60)
    making.posted(ledger, "R9", asset="S1")
    vouchers.mark(ledger, "R1", True)
    made = VouchersPage(at_desk)
    at_desk.changed.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    yield made
    made.leave()


def choose(page: VouchersPage, *numbers: str) -> None:
    table = page.uses.table
    table.select([table.model.key_at(texts_of(table).index(number)) for number in numbers])


def facts(shown: FactList) -> dict[str, str]:
    """The words beside each name, as they stand on the page."""
    told = (line.partition(" ") for line in shown.told())
    return {name: said for name, _, said in told}


def fill(**values: object) -> FormDialog:
    """Type into the open form and press its button."""
    asked: FormDialog = dialog(FormDialog)
    asked.form.set_draft(values)
    asked.form.submit()
    return asked


def drafted(page: VouchersPage, *numbers: str) -> None:
    choose(page, *numbers)
    page.uses.draft.click()
    fill()


def with_papers(ledger: Workspace, *numbers: str) -> None:
    for number in numbers:
        for item in EVIDENCE:
            voucher_claims.paper(ledger, number, item, given="1")


def test_a_year_shows_what_is_known_and_what_is_not(page: VouchersPage) -> None:
    table = page.uses.table
    QAbstractItemModelTester(table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert texts_of(table) == ["R1", "R2", "R3"], "nothing confidential"
    assert "1" in page.uses.withheld.text()
    assert [texts_of(table, column)[0] for column in (RATE, PROVINCE, CITY, STATE)] == ["60%", "¥108.00", "¥54.00", "可申报"]
    assert [texts_of(table, column)[1] for column in (PROVINCE, CITY, STATE)] == ["未知", "未知", "未定"]
    page.years.setCurrentIndex(page.years.findData(2026))
    assert texts_of(table) == []


def test_what_a_city_without_a_rule_adds_is_unknown_and_not_nothing(page: VouchersPage, at_desk: Desk, ledger: Workspace) -> None:
    """In the list, the use, the caps and the claim; the province's part is known."""
    for number in ("R2", "R3"):
        vouchers.mark(ledger, number, False)
    at_desk.announce(voucher_enterprises.describe(ledger, OUTSIDE, "济南市历下区"))
    assert [texts_of(page.uses.table, column)[0] for column in (PROVINCE, CITY, STATE)] == ["¥72.00", "未知", "可申报"]
    choose(page, "R1")
    assert facts(page.uses.facts)["市级配套"] == "未知"
    assert facts(page.uses.facts)["省补助"] == "至少 ¥72.00", "which counties have the higher rate is not known either"
    assert texts_of(page.caps, 1) == ["省"], "of no city a cap is known"
    assert not page.uses.city_meter.isVisible()
    drafted(page, "R1")
    assert facts(page.claims.facts)["市级部分"].startswith("1 项未知")
    assert facts(page.claims.facts)["现在可得"] == "¥72.00"
    with_papers(ledger, "R1")
    number = texts_of(page.claims.table)[0]
    at_desk.announce(voucher_claims.step(ledger, number, "submit", DAY))
    assert (texts_of(page.claims.table, 3), texts_of(page.claims.table, 4)) == (["¥72.00"], ["1"]), "what was claimed without it, and that it is open"
    assert facts(page.claims.facts)["市级部分"].startswith("1 项未知"), "still, once it is fixed"


def test_a_window_that_took_an_unknown_part_for_nothing_would_be_seen(
    page: VouchersPage, at_desk: Desk, ledger: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    money = texts.money
    monkeypatch.setattr("desktop.ui.texts.money", lambda fen, *more: money(fen or 0, *more))
    with pytest.raises(AssertionError):
        test_what_a_city_without_a_rule_adds_is_unknown_and_not_nothing(page, at_desk, ledger)


def test_the_meter_says_unknown_until_every_use_is_settled(page: VouchersPage, at_desk: Desk, ledger: Workspace) -> None:
    asked: list[Figure] = []
    at_desk.explaining.connect(asked.append)
    choose(page, "R1")
    meter = page.uses.meter
    assert "至少 ¥108.00" in meter.used.text()
    assert meter.left.text() == "剩余 未知"
    assert [texts_of(page.caps, column) for column in (1, 3)] == [["省", "省市合计（聊城市）"], ["未知", "未知"]]
    for number in ("R2", "R3"):
        at_desk.announce(vouchers.mark(ledger, number, False))
    assert meter.left.text() == "剩余 ¥499,892.00"
    assert not meter.note.isVisible()
    assert [texts_of(page.caps, column) for column in (3, 4)] == [["¥108.00", "¥162.00"], ["¥499,892.00", "¥649,838.00"]]
    of_city = page.uses.city_meter
    assert "只算了它自己的" in of_city.note.text(), "the city counts by controller, and none is stated"
    voucher_enterprises.group(ledger, OUTSIDE, "张某", date(2025, 1, 1), "股权证明-1")
    page.read()
    assert of_city.name.text() == "实际控制人 张某 2025 年的省市合计上限（聊城市）"
    assert (of_city.left.text(), of_city.note.text()) == ("剩余 ¥649,838.00", f"合并计算：{OUTSIDE}")
    assert texts_of(page.caps, 0)[1] == f"实际控制人 张某（{OUTSIDE}）"
    page.caps.select([page.caps.model.key_at(1)])
    page.caps.opened.emit(page.caps.keys()[0])
    assert [(one.code, one.value) for one in asked] == [("voucher.figure.city_room", 649_838_00)]
    asked.clear()
    meter.why.click()
    page.uses.why.click()
    assert [(one.code, one.value) for one in asked] == [("voucher.figure.room", 499_892_00), ("voucher.figure.total", 162_00)]


def test_a_mark_is_made_kept_and_taken_back(page: VouchersPage, at_desk: Desk, ledger: Workspace) -> None:
    choose(page, "R2")
    page.uses.mark.click()
    asked = fill(network="yes", invoiced=100_00, excluded=20_00)
    assert asked.isVisible(), "left out without a reason: refused in the dialog"
    assert "理由" in asked.said.words.text()
    fill(why="耗材不计")
    assert nothing_open()
    assert texts_of(page.uses.table, PROVINCE)[1] == "¥48.00"
    page.uses.mark.click()
    kept: FormDialog = dialog(FormDialog)
    assert (kept.form.draft()["network"], kept.form.draft()["invoiced"], kept.form.draft()["why"]) == ("yes", 100_00, "耗材不计")
    kept.reject()
    at_desk.announce(history.undo_last(ledger))
    assert texts_of(page.uses.table, PROVINCE)[1] == "未知"


def test_the_place_of_an_enterprise_decides_the_rate(page: VouchersPage) -> None:
    choose(page, "R1")
    page.uses.describe.click()
    fill(place="青岛市即墨区", assets=None)
    assert texts_of(page.uses.table, RATE)[0] == "40%"
    assert any("至少 ¥72.00" in line for line in page.uses.facts.told())


def test_a_draft_lists_what_it_lacks_and_cannot_be_submitted(page: VouchersPage, at_desk: Desk, ledger: Workspace) -> None:
    drafted(page, "R1", "R2")
    view = page.claims
    assert page.tabs.currentIndex() == CLAIMS
    assert view.heading.text() == "申请 2025-01"
    assert "缺 12 份材料" in view.lacks.text()
    assert "R2" in view.lacks.text(), "its amount is open"
    assert texts_of(view.papers, 2) == ["缺"] * 12
    assert not view.buttons["submit"].isEnabled()
    view.papers.select([view.papers.model.key_at(1)])
    view.paper.click()
    fill(given="HT-1")
    assert texts_of(view.papers, 2)[1] == "只有编号"
    assert "缺 11 份材料" in view.lacks.text()
    for _ in range(2):
        at_desk.announce(history.undo_last(ledger))
    assert texts_of(view.table) == []
    assert page.uses.chosen()


def test_a_claim_is_submitted_accepted_and_paid(page: VouchersPage, at_desk: Desk, ledger: Workspace, told: list[str]) -> None:
    with_papers(ledger, "R1")
    drafted(page, "R1")
    view = page.claims
    assert not view.lacks.isVisible()
    view.buttons["submit"].click()
    fill()
    assert texts_of(view.table, 3) == ["¥162.00"]
    assert [verb for verb, button in view.buttons.items() if button.isVisible()] == ["send_back", "accept", "refuse", "withdraw"]
    assert not view.paper.isEnabled(), "what was handed in stands"
    view.buttons["accept"].click()
    more = fill(fen=200_00, document="鲁科字1号")
    assert more.isVisible(), "more than was claimed is refused"
    assert "162.00" in more.said.words.text()
    fill(fen=100_00)
    view.buttons["pay"].click()
    fill()
    assert [texts_of(view.table, column)[0] for column in (2, 3, 4, 5, 6)] == ["已兑付", "¥162.00", "", "¥100.00", "¥100.00"]
    assert texts_of(page.uses.table, STATE)[0] == "已兑付"
    assert "2025-01" in told[-1]


def test_a_refused_claim_keeps_its_reason_and_frees_the_use(page: VouchersPage, ledger: Workspace) -> None:
    with_papers(ledger, "R1")
    drafted(page, "R1")
    view = page.claims
    view.buttons["submit"].click()
    fill()
    view.buttons["refuse"].click()
    asked = fill(document="鲁科字2号")
    assert asked.isVisible(), "no reason"
    fill(reason="发票抬头不符")
    assert texts_of(view.table, 2) == ["未通过"]
    assert any("鲁科字2号 · 发票抬头不符" in line for line in view.facts.told())
    assert texts_of(page.uses.table, STATE)[0] == "可申报"


def test_the_paper_is_looked_at_and_saved(page: VouchersPage, tmp_path: Path, told: list[str]) -> None:
    drafted(page, "R1")
    page.claims.print_button.click()
    paper: PaperDialog = dialog(PaperDialog)
    assert paper.preview.drawn is not None
    assert paper.preview.drawn.data.startswith(b"%PDF")
    assert paper.preview.paper.n_pages() == paper.preview.drawn.n_pages
    target = tmp_path / "claim.pdf"
    paper.save_to(target)
    assert target.read_bytes().startswith(b"%PDF")
    assert str(target) in told[-1]
    paper.reject()


def test_a_claim_of_another_year_is_found(page: VouchersPage, ledger: Workspace) -> None:
    voucher_claims.draft(ledger, "C1", ["R1"])
    page.years.setCurrentIndex(page.years.findData(2026))
    page.arrive({"claim": "C1"})
    assert page.years.currentData() == 2025
    assert page.claims.heading.text() == "申请 C1"


def test_the_files_of_a_claim_are_its_own(page: VouchersPage, ledger: Workspace) -> None:
    drafted(page, "R1")
    page.claims.files.click()
    asked: AttachmentsDialog = dialog(AttachmentsDialog)
    assert asked.view.subject == ("voucher_claim", voucher_claims.show(ledger, "2025-01").claim.id)
    asked.reject()


def test_a_draft_whose_number_another_seat_has_takes_another(page: VouchersPage, ledger: Workspace, at_desk: Desk) -> None:
    drafted(page, "R1")
    number = voucher_claims.claims(ledger)[0][0].number
    with ledger.write("as a sync does") as operation:
        operation.connection.exec_driver_sql(
            "INSERT INTO sync_parked (remote, kind, key, code, field) SELECT 'hub', 'voucher_claim', id, 'key.taken', 'number' FROM voucher_claim"
        )
    page.refresh()
    assert not page.claims.renumber.isHidden()
    page.claims.renumber.click()
    asked: FormDialog = dialog(FormDialog)
    assert asked.form.draft()["number"] == f"{number}-2"
    fill(reason="编号重复")
    assert nothing_open()
    assert [claim.number for claim, _ in voucher_claims.claims(ledger)] == [f"{number}-2"]
    history.undo_last(ledger)
    assert [claim.number for claim, _ in voucher_claims.claims(ledger)] == [number]


def test_what_came_by_a_sync_is_shown_and_an_open_form_stays(page: VouchersPage, ledger: Workspace, at_desk: Desk) -> None:
    """The other seat's step beside ours, its use in a second claim, and amounts whose trees are not here."""
    with_papers(ledger, "R1")
    voucher_claims.draft(ledger, "C1", ["R1"])
    voucher_claims.step(ledger, "C1", "submit", DAY)
    page.refresh()
    choose(page, "R2")
    page.uses.mark.click()
    kept: FormDialog = dialog(FormDialog)
    kept.form.set_draft({"order": "WL-7"})
    with ledger.write("sync") as operation:
        run = operation.connection.exec_driver_sql
        run("UPDATE voucher_claim_line SET figure = '{}'")
        run("INSERT INTO voucher_claim SELECT '0198c5a0-0000-7000-8000-00000000000c', 'C-B', customer_id, year, '' FROM voucher_claim")
        run("INSERT INTO voucher_claim_line SELECT '0198c5a0-0000-7000-8000-00000000000d', '0198c5a0-0000-7000-8000-00000000000c', 1, use_kind, use_id, "
            "granted_fen, top_up_fen, '{}' FROM voucher_claim_line")  # fmt: skip
        for n, key in ((1, "0198c5a0-0000-7000-8000-00000000000c"), (2, voucher_claims.show(ledger, "C1").claim.id)):
            run("INSERT INTO voucher_claim_step SELECT ?, ?, 1, verb, on_day, '2026-01-01T00:00:00+00:00', '李某', fen, document, reason "
                "FROM voucher_claim_step LIMIT 1", (f"0198c5a0-0000-7000-8000-00000000001{n}", key))  # fmt: skip
    at_desk.announce(operation.changes)
    assert kept.isVisible()
    assert kept.form.draft()["order"] == "WL-7"
    kept.reject()
    page.tabs.setCurrentIndex(CLAIMS)
    page.claims.choose("C1")
    told = page.claims.lacks.text()
    for said in ("C-B", "两台电脑各办了一步", "计算过程留在提交申请的那台电脑上"):
        assert said in told, said
    assert texts_of(page.uses.table, PROVINCE)[0] == "¥108.00"
