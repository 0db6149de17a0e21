"""创新券: what is said of an enterprise, searches of the province with their answers, and uses elsewhere, entered and changed in the window."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.actions import evidence, history, voucher_claims, voucher_enterprises, voucher_outside, vouchers
from desktop.actions.workspace import Workspace
from desktop.ui.desk import Desk
from desktop.ui.dialogs.attachments_dialog import AttachmentsDialog
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.notices import Notice
from desktop.ui.pages.vouchers import CLAIMS, VouchersPage
from desktop.ui.pages.vouchers import OUTSIDE as OUTSIDE_TAB
from tests.actions import making
from tests.actions.making import OUTSIDE
from tests.actions.test_voucher_outside import read
from tests.actions.test_vouchers import eligible
from tests.ui.looking import faults
from tests.ui.pages.driving import dialog, nothing_open, texts_of
from tests.ui.pages.test_vouchers import choose, fill

PROVINCE = 3


@pytest.fixture
def page(at_desk: Desk, ledger: Workspace, qtbot: QtBot) -> Iterator[VouchersPage]:
    eligible(ledger)
    making.posted(ledger, "R1", minutes=60)
    vouchers.mark(ledger, "R1", True)
    read(ledger, "透射电镜", "冷冻透射电镜", "离心机")
    made = VouchersPage(at_desk)
    at_desk.changed.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    yield made
    made.leave()


def enter(page: VouchersPage, **more: object) -> FormDialog:
    """Fill the form of a use elsewhere."""
    page.outside.enter.click()
    return fill(
        **{
            "number": "W1", "customer": OUTSIDE, "instrument": "透射电镜", "institution": "某省某所", "province": "江苏省", "from": date(2025, 5, 6),
            "to": date(2025, 5, 7), "fee": 1000_00, "network": "yes",
        }
        | more
    )  # fmt: skip


def test_a_certificate_decides_what_a_use_gets(page: VouchersPage, at_desk: Desk, ledger: Workspace) -> None:
    before = voucher_enterprises.profile(ledger, OUTSIDE)
    choose(page, "R1")
    page.uses.describe.click()
    asked = fill(size="large", size_on=date(2999, 1, 1))
    assert asked.isVisible(), "a day to come is refused in the form"
    assert "2999-01-01" in asked.said.words.text()
    fill(size_on=date(2025, 1, 2))
    assert nothing_open()
    assert texts_of(page.uses.table, PROVINCE) == ["¥0.00"]
    page.uses.describe.click()
    kept: FormDialog = dialog(FormDialog)
    assert (kept.form.draft()["size"], kept.form.draft()["size_on"]) == ("large", date(2025, 1, 2))
    kept.form.submit()
    assert voucher_enterprises.profile(ledger, OUTSIDE).said.size_class == "大型"
    for _ in range(2):
        at_desk.announce(history.undo_last(ledger))
    assert voucher_enterprises.profile(ledger, OUTSIDE) == before
    assert texts_of(page.uses.table, PROVINCE) == ["¥108.00"]


def test_who_controls_an_enterprise_is_entered_with_its_paper(page: VouchersPage, ledger: Workspace) -> None:
    choose(page, "R1")
    for controller, day in (("张某", date(2025, 1, 1)), ("李某", date(2025, 6, 1))):
        page.uses._control()
        fill(controller=controller, from_on=day, document="股权证明-1")
        assert nothing_open()
    page.uses._control()
    asked: FormDialog = fill(controller="王某", from_on=date(2025, 6, 1), document="股权证明-2")
    assert asked.isVisible(), "a later entry stands"
    assert "2025-06-01" in asked.said.words.text()
    asked.reject()
    groups = voucher_enterprises.profile(ledger, OUTSIDE).groups
    assert [(one.name, one.from_on, one.to_on) for one in groups] == [
        ("张某", date(2025, 1, 1), date(2025, 6, 1)), ("李某", date(2025, 6, 1), None),
    ]  # fmt: skip


def test_a_search_is_kept_answered_and_carries_a_use(
    page: VouchersPage, at_desk: Desk, ledger: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voucher_outside, "today", lambda: date(2025, 5, 1))
    page.tabs.setCurrentIndex(OUTSIDE_TAB)
    view = page.outside
    for table in (view.searches, view.hits, view.uses):
        QAbstractItemModelTester(table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert not view.answer.isEnabled()
    view.search.click()
    fill(words="透射电镜", reason="省内没有可用的")
    assert nothing_open()
    assert [texts_of(view.searches, column) for column in (1, 3, 4)] == [["透射电镜"], ["2"], ["2"]]
    assert sorted(texts_of(view.hits, 1)) == ["冷冻透射电镜", "透射电镜"], "the new search is chosen"
    view.hits.select([1])
    view.answer.click()
    fill(why="停机检修")
    assert texts_of(view.searches, 4) == ["1"]
    enter(page, search="1")
    assert nothing_open()
    assert texts_of(view.uses) == ["W1"]
    assert texts_of(page.uses.table, PROVINCE)[texts_of(page.uses.table).index("W1")] == "未知", "one set is not answered"
    view.hits.select([2])
    view.answer.click()
    fill(why="不对外")
    assert texts_of(page.uses.table, PROVINCE)[texts_of(page.uses.table).index("W1")] == "¥600.00"
    assert faults(page) == []
    for _ in range(4):
        at_desk.announce(history.undo_last(ledger))
    assert (view.searches.model.rowCount(), view.hits.model.rowCount(), view.uses.model.rowCount()) == (0, 0, 0)


def test_a_use_elsewhere_is_changed_under_its_number(page: VouchersPage, ledger: Workspace) -> None:
    view = page.outside
    here = enter(page, province="山东省")
    assert here.isVisible(), "an instrument of this province is none of another"
    fill(province="江苏省")
    assert nothing_open()
    view.uses.select([view.uses.model.key_at(0)])
    view.change.click()
    asked: FormDialog = dialog(FormDialog)
    assert (asked.form.draft()["institution"], asked.form.draft()["fee"], asked.form.draft()["network"]) == ("某省某所", 1000_00, "yes")
    fill(fee=800_00, network="unknown")
    ((use, customer, search),) = voucher_outside.every(ledger)
    assert (use.number, customer, use.fee_fen, use.through_network, search) == ("W1", OUTSIDE, 800_00, None, None)


def answered(page: VouchersPage) -> list[str]:
    """The second set of the search is chosen and answered: the answers of all, in order."""
    view = page.outside
    view.hits.select([2])
    view.answer.click()
    fill(why="停机检修")
    return texts_of(view.hits, 3)


@pytest.mark.parametrize("broken", [False, True], ids=["as it is", "one that answers for every set"])
def test_only_the_chosen_set_is_answered(page: VouchersPage, ledger: Workspace, monkeypatch: pytest.MonkeyPatch, broken: bool) -> None:
    voucher_outside.search(ledger, "透射电镜")
    page.read()
    view = page.outside
    view.searches.select([view.searches.model.key_at(0)])
    if broken:
        monkeypatch.setattr(view.hits, "keys", lambda: [1, 2])
    assert (answered(page) == ["未写", "停机检修"]) is not broken


def test_what_the_size_is_worked_out_from_is_kept_and_not_written_over(page: VouchersPage, ledger: Workspace) -> None:
    choose(page, "R1")
    page.uses.describe.click()
    fill(industry="制造业", staff=120, revenue=Decimal("900.5"), assets=Decimal(300))
    kept = voucher_enterprises.profile(ledger, OUTSIDE)
    assert (kept.said.industry, kept.said.n_staff, kept.said.revenue_wan, kept.assets_wan) == ("制造业", 120, Decimal("900.5"), Decimal(300))
    page.uses.describe.click()
    fill()
    assert voucher_enterprises.profile(ledger, OUTSIDE) == kept, "saving what nobody touched changes nothing"
    page.uses.describe.click()
    newer = replace(kept.said, n_staff=130)
    voucher_enterprises.describe(ledger, OUTSIDE, kept.place, kept.assets_wan, newer)
    asked = fill(industry="批发业")
    assert asked.isVisible(), "what was entered meanwhile is not written over"
    asked.reject()
    assert voucher_enterprises.profile(ledger, OUTSIDE).said == newer


def test_a_new_use_elsewhere_does_not_take_the_place_of_another(page: VouchersPage, ledger: Workspace) -> None:
    enter(page)
    asked = enter(page, instrument="别的", fee=1)
    assert asked.isVisible()
    assert "W1" in asked.said.words.text()
    asked.reject()
    ((use, _, _),) = voucher_outside.every(ledger)
    assert (use.instrument_name, use.fee_fen) == ("透射电镜", 1000_00)


def test_a_use_elsewhere_that_never_was_is_struck_out(page: VouchersPage, at_desk: Desk, ledger: Workspace) -> None:
    enter(page)
    view = page.outside
    assert not view.drop.isEnabled()
    view.uses.select([view.uses.model.key_at(0)])
    view.drop.click()
    asked = fill(reason="登记错了")
    assert not asked.isVisible()
    assert voucher_outside.every(ledger) == []
    assert not view.drop.isEnabled()
    history.undo_last(ledger)
    assert len(voucher_outside.every(ledger)) == 1


def test_files_of_a_use_elsewhere_are_attached_named_and_collected(page: VouchersPage, at_desk: Desk, ledger: Workspace, tmp_path: Path) -> None:
    said: list[Notice] = []
    at_desk.told.connect(said.append)
    enter(page)
    view = page.outside
    assert not view.files.isEnabled()
    assert texts_of(view.uses, 8) == ["无"]
    view.uses.select([view.uses.model.key_at(0)])
    view.files.click()
    files: AttachmentsDialog = dialog(AttachmentsDialog)
    scan = tmp_path / "合同.pdf"
    scan.write_bytes(b"%PDF-1.7\n%%EOF\n")
    files.view.add_file(scan)
    files.reject()
    assert texts_of(view.uses, 8) == ["1"]
    voucher_claims.draft(ledger, "C1", ["W1"])
    page.read()
    page.tabs.setCurrentIndex(CLAIMS)
    page.claims.choose("C1")
    papers = page.claims.papers
    papers.select(["W1\ncontract"])
    page.claims.paper.click()
    (kept,) = evidence.listing(ledger, "outside_use", evidence.subject(ledger, "outside_use", "W1")).items
    asked = fill(file=kept.id)
    assert not asked.isVisible()
    row = texts_of(papers, 1).index("合同")
    assert texts_of(papers, 2)[row] == "已附文件"
    papers.select(["W1\ncontract"])
    page.claims.paper.click()
    again: FormDialog = dialog(FormDialog)
    assert again.form.draft()["file"] == kept.id, "what is named already stands in the form"
    again.reject()
    page.steps.collect_to(tmp_path / "C1.zip", "C1")
    with zipfile.ZipFile(tmp_path / "C1.zip") as made:
        assert "W1-01-合同.pdf" in made.namelist()
    assert "5 项材料没有文件" in said[-1].text
