"""报表 as a person uses it: look, choose, save, print, and tell a printed file from any other."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.actions import evidence, purchases, reporting, voucher_claims
from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ledger.period import parse
from desktop.ledger.purchase import Proposal
from desktop.rules.figure import Figure
from desktop.ui.desk import Desk, Place
from desktop.ui.jobs import Jobs, Lanes
from desktop.ui.pages.reports import ReportsPage
from desktop.ui.pages.reports_gallery import titles
from desktop.ui.pdf_pages import PdfPages
from tests.actions import making
from tests.actions.making import JUNE


@pytest.fixture
def page(at_desk: Desk, ledger: Workspace, qtbot: QtBot, told: list[str]) -> Iterator[ReportsPage]:
    making.posted(ledger, "R1")
    making.posted(ledger, "R9", "S1")  # confidential: never on paper
    making.settled(ledger)
    made = ReportsPage(at_desk)
    at_desk.changed.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    yield made
    made.leave()


def words_on(page: ReportsPage) -> str:
    drawn = page.preview.drawn
    assert drawn is not None
    pages = PdfPages(drawn.data)
    said = "\n".join(pages.text(number) for number in range(len(pages)))
    pages.close()
    return said


def test_each_card_shows_the_first_page_of_the_real_report(page: ReportsPage) -> None:
    images = []
    for place, kind in enumerate(reporting.KINDS):
        card = page.gallery.card(place)
        assert (card.kind, card.title) == (kind, titles()[kind][0])
        assert card.image is not None
        assert card.n_pages >= 1
        images.append(bytes(card.image.convertToFormat(QImage.Format.Format_RGB32).constBits()))
    assert len(set(images)) == len(images)
    assert all(len(set(one[::4])) > 1 for one in images)  # ink on every page


def test_choosing_a_card_previews_that_report_of_the_period(page: ReportsPage, at_desk: Desk) -> None:
    page.gallery.choose("quarterly")
    assert "季度共享情况" in words_on(page)
    assert "2025" in page.period.text()
    at_desk.set_period(parse("2025Q2"))
    page.follow_period()
    assert "2025 年第 2 季度" in words_on(page)
    page.gallery.choose("transactions")
    assert "2025" in page.period.text()
    assert "R1" in words_on(page)
    assert "R9" not in words_on(page)
    assert "涉密" in words_on(page)


def test_the_payout_sheet_is_of_the_chosen_run(page: ReportsPage, ledger: Workspace, at_desk: Desk) -> None:
    making.posted(ledger, "R2", day=JUNE, minutes=120)
    second = making.settled(ledger, JUNE)
    page.refresh()
    page.gallery.choose("payout")
    assert page.runs.currentData() == second.number
    assert second.number in words_on(page)
    first = page.runs.itemData(1)
    page.runs.setCurrentIndex(1)
    assert first in words_on(page)
    page.refresh()
    assert page.runs.currentData() == first  # chosen by hand: kept
    at_desk.set_period(parse("2024"))
    page.follow_period()
    assert page.runs.currentIndex() == -1
    assert page.preview.drawn is None
    assert not page.preview.pdf_button.isEnabled()
    assert "没有分配" in page.preview.words.text()
    page.arrive({"run": first})
    assert first in words_on(page)


def test_performance_is_of_a_calendar_or_an_academic_year(page: ReportsPage, at_desk: Desk) -> None:
    at_desk.set_period(parse("2025Q2"))
    page.follow_period()
    page.gallery.choose("performance")
    assert page.years.isVisibleTo(page)
    assert [page.years.itemData(place) for place in range(page.years.count())] == ["2025", "2024-2025", "2025-2026"]
    assert "2025 年" in words_on(page)
    page.years.setCurrentIndex(1)
    assert "2024–2025 学年" in words_on(page)
    page.refresh()
    assert "2024–2025 学年" in words_on(page)  # chosen by hand: kept
    page.gallery.choose("quarterly")
    assert not page.years.isVisibleTo(page)


def test_pages_are_turned_and_sized(page: ReportsPage) -> None:
    page.gallery.choose("payout")
    paper = page.preview.paper
    n_pages = paper.n_pages()
    assert n_pages > 1
    assert page.preview.page.text() == f"第 1 页，共 {n_pages} 页"
    page.preview.tools[1].click()
    assert paper.current == 1
    assert page.preview.page.text() == f"第 2 页，共 {n_pages} 页"
    fitted = paper.percent
    page.preview.tools[3].click()
    assert paper.percent > fitted
    assert not paper.fits
    assert paper.image_of(paper.current) is not None
    page.preview.fit.click()
    assert paper.percent == fitted


def test_saving_is_remembered_and_the_file_recognised(
    page: ReportsPage, ledger: Workspace, tmp_path: Path, told: list[str]
) -> None:
    page.gallery.choose("joining")
    page.save_to(tmp_path / "joining.pdf")
    page.save_to(tmp_path / "joining.xlsx")
    data = (tmp_path / "joining.pdf").read_bytes()
    assert zipfile.is_zipfile(tmp_path / "joining.xlsx")
    assert [one.format for one in page.history.found] == ["xlsx", "pdf"]
    assert page.history.found[1].digest == hashlib.sha256(data).hexdigest()
    page.history.compare_file(tmp_path / "joining.pdf")
    assert "没有改动过" in told[-1]
    (tmp_path / "joining.pdf").write_bytes(data + b" ")
    page.history.compare_file(tmp_path / "joining.pdf")
    assert "不在打印历史里" in told[-1]
    page.history.compare_file(tmp_path / "nowhere.pdf")
    assert len(reporting.printed(ledger)) == 2


def test_a_paper_in_the_history_answers_for_its_figures(page: ReportsPage, ledger: Workspace, at_desk: Desk, tmp_path: Path, told: list[str]) -> None:
    explained: list[Figure] = []
    at_desk.explaining.connect(explained.append)
    reporting.make(ledger, "award", period="2025", out=tmp_path / "award.pdf")
    reporting.make_filing(ledger, out=tmp_path / "filing.pdf")
    page.history.refresh()
    page.history.explain("1")
    assert [one.inputs for one in explained] == [reporting.content(ledger, "award", "2025").figures]
    page.history.explain("0")
    assert len(explained) == 1
    assert "没有留存数字的来历" in told[-1]


def test_a_print_does_not_draw_everything_anew(page: ReportsPage) -> None:
    before = dict(page.drawn)
    page.changed(Changes(9, frozenset({"printed_report"})))
    assert page.drawn == before
    page.changed(Changes(10, frozenset({"posting"})))
    assert all(page.drawn[kind] is not before[kind] for kind in before)


def test_what_is_shown_is_what_is_printed(page: ReportsPage, ledger: Workspace, tmp_path: Path, told: list[str]) -> None:
    page.gallery.choose("payout")
    drawn = page.preview.drawn
    assert drawn is not None
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    page.output.print_to(drawn, printer)
    pages = PdfPages((tmp_path / "paper.pdf").read_bytes())
    assert len(pages) == drawn.n_pages
    shown = PdfPages(drawn.data)
    assert {wide > high for wide, high in pages.sizes} == {
        wide > high for wide, high in shown.sizes
    }  # lying down like the report
    shown.close()
    first = pages.image(0, 40)
    assert any(first.pixel(x, first.height() // 5) != first.pixel(0, 0) for x in range(first.width()))
    pages.close()
    newest = reporting.printed(ledger)[0]
    assert (newest.format, newest.digest) == ("paper", hashlib.sha256(drawn.data).hexdigest())
    assert "送到打印机" in told[-1]


def test_a_printer_that_refuses_is_told_and_not_remembered(
    page: ReportsPage, ledger: Workspace, tmp_path: Path, told: list[str]
) -> None:
    drawn = page.preview.drawn
    assert drawn is not None
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "no such folder" / "paper.pdf"))
    page.output.print_to(drawn, printer)
    assert reporting.printed(ledger) == []
    assert any("没有打印" in one for one in told)


def test_drawing_can_be_stopped_and_asked_again(ledger: Workspace, qtbot: QtBot, at_desk: Desk) -> None:
    making.posted(ledger, "R1")
    jobs = Jobs(Lanes())
    desk = Desk(jobs, {"period": "2025"}, at_desk.today)
    desk.open(at_desk.ledger, ledger)
    page = ReportsPage(desk)
    qtbot.addWidget(page)
    with qtbot.waitSignal(jobs.idle, timeout=20_000):
        page.show()
    assert page.preview.drawn is not None
    page.drawn.clear()
    page.show_kind("joining")
    page.preview.stop.click()
    qtbot.waitUntil(lambda: page.preview.stack.currentIndex() != 1, timeout=20_000)
    assert page.preview.drawn is None or page.preview.stack.currentIndex() == 2
    qtbot.waitUntil(lambda: not jobs.running(), timeout=20_000)
    page.refresh()
    qtbot.waitUntil(lambda: page.preview.drawn is not None and not jobs.running(), timeout=20_000)
    page.leave()
    jobs.close()


def test_the_history_teaches_while_it_is_empty_and_keeps_qts_contract(page: ReportsPage, tmp_path: Path) -> None:
    table = page.history.table
    assert "摘要" in table.nothing.text.text()
    QAbstractItemModelTester(table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    page.save_to(tmp_path / "a.pdf")
    page.tabs.setCurrentIndex(1)
    page.history.again.emit("joining")
    assert page.tabs.currentIndex() == 0


def test_a_claim_is_named_and_shown_where_it_is_made(
    page: ReportsPage, at_desk: Desk, ledger: Workspace, tmp_path: Path, told: list[str]
) -> None:
    places: list[Place] = []
    at_desk.going.connect(places.append)
    voucher_claims.draft(ledger, "C1", ["R1"])
    reporting.make_claim(ledger, "C1", out=tmp_path / "claim.xlsx")
    page.history.refresh()
    page.tabs.setCurrentIndex(1)
    page.history.table.opened.emit("0")
    assert places == [Place("vouchers", (("claim", "C1"),))]
    page.history.compare_file(tmp_path / "claim.xlsx")
    assert "创新券兑付申请表（C1）" in told[-1]


def test_the_report_of_a_purchase_is_named_and_leads_to_its_purchase(
    page: ReportsPage, ledger: Workspace, tmp_path: Path, told: list[str], at_desk: Desk
) -> None:
    places: list[Place] = []
    at_desk.going.connect(places.append)
    asked = Proposal("", "SG-1", date(2026, 1, 15), "扫描电镜", 80000000)
    purchases.propose(ledger, asked, making.LAB, making.PINS[making.LAB])
    reporting.make_purchase(ledger, "SG-1", out=tmp_path / "review.pdf")
    page.history.refresh()
    page.tabs.setCurrentIndex(1)
    page.history.table.opened.emit("0")
    assert (places[-1].page, dict(places[-1].where)) == ("compliance", {"tab": "purchases", "number": "SG-1"})
    page.history.compare_file(tmp_path / "review.pdf")
    assert "查重评议（SG-1）" in told[-1]


def test_the_files_behind_the_award_are_saved_with_what_is_not_among_them(
    page: ReportsPage, ledger: Workspace, told: list[str], tmp_path: Path
) -> None:
    page.gallery.choose("quarterly")
    assert not page.evidence.isVisible()
    page.gallery.choose("award")
    assert page.evidence.isVisible()
    scan = tmp_path / "合同.pdf"
    scan.write_bytes(b"%PDF-1.7\n" + bytes(64))
    evidence.add(ledger, "service_record", evidence.subject(ledger, "service_record", "R1"), scan)
    out = tmp_path / "2025.zip"
    page.output.collect_to(out, page.asked("award")[0])
    assert out.read_bytes().startswith(b"PK")
    assert "1 个文件" in told[-1]


def test_the_history_offers_chips_of_what_was_printed_alone(page: ReportsPage, ledger: Workspace, at_desk: Desk, tmp_path: Path) -> None:
    def shown() -> list[str]:
        return [value for (_, value), (_, button) in page.history.table.chips._chips.items() if not button.isHidden()]

    page.history.refresh()
    assert shown() == []
    making.posted(ledger, "R2", day=JUNE)
    making.settled(ledger, JUNE)
    reporting.make_comparison(ledger, "2025-05", "2025-06", out=tmp_path / "a.xlsx")
    page.history.refresh()
    assert shown() == ["payout_comparison"]
    places: list[Place] = []
    at_desk.going.connect(places.append)
    page.history.table.opened.emit("0")
    assert places == [Place("payouts", (("tab", "compare"),))]
