"""The day at the window, third part: people, a scheme, the cost statement, a run by two people, its papers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.pin_dialog import PinDialog
from desktop.ui.dialogs.prepare_dialog import PrepareDialog
from desktop.ui.dialogs.scheme_dialog import SchemeDialog
from desktop.ui.dialogs.statement_dialog import StatementDialog
from desktop.ui.pages.payouts import COSTS, RUNS, SCHEMES
from tests.e2e.hands import Hands

FINANCE, APPROVER = ("王会计", "finance", "2025"), ("刘院长", "approver", "2026")


def people(hands: Hands) -> None:
    """Two people with role and PIN, added in 设置."""
    page = hands.page("settings")
    hands.pick_in_list(page.list, "人员")
    part = page.part("people")
    hands.until(part.isVisible)
    for n, (name, role, pin) in enumerate((FINANCE, APPROVER), start=1):
        hands.press_named(part, "添加人员…")
        dialog = hands.dialog(FormDialog)
        hands.fill(dialog.form.field("name").editor, name)
        hands.pick(dialog.form.field("role").editor, role)
        hands.fill(dialog.form.field("pin").editor, pin)
        hands.press(dialog.do)
        hands.gone(dialog)
        hands.until(lambda n=n: part.table.model.rowCount() == n)
    assert pin not in hands.labels(part)


def scheme(hands: Hands) -> None:
    """An example is adopted and made the institution's own: document, first day, basis, somebody for the remainder."""
    page = hands.page("payouts")
    hands.tab(page.tabs, SCHEMES)
    hands.rest()
    hands.press(page.schemes.adopt_button)
    assert page.schemes.menu is not None
    hands.pick_in_menu(page.schemes.menu, 0)
    dialog = hands.dialog(SchemeDialog)
    hands.fill(dialog.form.field("document").editor, "齐鲁示范〔2025〕1号")
    hands.fill(dialog.form.field("from_on").editor, "2025-01-01")
    hands.pick(dialog.form.field("remainder_to").editor, "T000")
    hands.pick(dialog.form.field("basis").editor, "posted")
    hands.press(dialog.do)
    hands.gone(dialog)
    hands.until(lambda: page.schemes.table.model.rowCount() == 1)


def run(hands: Hands, out: Path) -> str:
    """Refused without a cost statement, prepared with it, approved by another person only. Returns the run's number."""
    page = hands.page("payouts")
    hands.tab(page.tabs, RUNS)
    _refused_without_costs(hands, page)
    _declare(hands, page)
    _prepare(hands, page)
    number = str(page.view.number.text())
    _approve(hands, page)
    _statement(hands, page)
    for name in ("payroll.xlsx", "payroll.csv"):
        hands.press(page.view.buttons["export"])
        hands.choose_file(out / name)
        hands.until((out / name).exists)
        hands.rest()
    hands.press(page.view.body.why)
    hands.until(lambda: page.view.body.pool.text() == hands.panel_value())
    told = hands.tree_text()
    assert not [name for name in hands.column(page.view.body.people, 0) if name not in told], told
    return number


def _refused_without_costs(hands: Hands, page: Any) -> None:
    hands.press(page.prepare_button)
    dialog = hands.dialog(PrepareDialog)
    hands.until(dialog.to_costs.isVisible)
    assert not dialog.do.isEnabled()
    assert "成本" in hands.labels(dialog.reasons)
    hands.press(dialog.to_costs)
    hands.until(lambda: page.tabs.currentIndex() == COSTS)


def _declare(hands: Hands, page: Any) -> None:
    """The way from the refusal leads straight into the form of the statement."""
    dialog = hands.dialog(FormDialog)
    hands.fill(dialog.form.field("fen").editor, "１２，３４５．６７")
    hands.fill(dialog.form.field("document").editor, "凭证2025-88")
    hands.press(dialog.do)
    hands.gone(dialog)
    hands.until(lambda: page.costs.table.model.rowCount() == 1)
    assert "¥12,345.67" in hands.column(page.costs.table, 4)


def _prepare(hands: Hands, page: Any) -> None:
    hands.tab(page.tabs, RUNS)
    hands.press(page.prepare_button)
    dialog = hands.dialog(PrepareDialog)
    hands.until(dialog.do.isEnabled)
    pool = dialog.seen.pool.text()
    hands.pick(dialog.person, FINANCE[0])
    hands.fill(dialog.pin, "9999")
    hands.press(dialog.do)
    hands.until(lambda: "PIN 不对" in hands.labels(dialog))
    hands.fill(dialog.pin, FINANCE[2])
    hands.press(dialog.do)
    hands.gone(dialog)
    hands.until(lambda: page.view.run is not None and page.view.run.state == "prepared")
    assert page.view.body.pool.text() == pool  # the run that was shown is the run that was written


def _approve(hands: Hands, page: Any) -> None:
    hands.press(page.view.buttons["approve"])
    dialog = hands.dialog(PinDialog)
    assert "不能审批自己编制的分配" in hands.labels(dialog)
    hands.pick(dialog.person, FINANCE[0])
    hands.fill(dialog.pin, FINANCE[2])
    hands.press(dialog.do)
    hands.until(lambda: dialog.said.isVisible() and dialog.do.isEnabled())
    assert page.view.run.state == "prepared"
    hands.pick(dialog.person, APPROVER[0])
    hands.fill(dialog.pin, APPROVER[2])
    hands.press(dialog.do)
    hands.gone(dialog)
    hands.until(lambda: page.view.run.state == "approved")
    hands.rest()


def _statement(hands: Hands, page: Any) -> None:
    """Every line behind one person's sum, and they add up."""
    people = page.view.body.people
    assert people.model.rowCount() > 5
    hands.open_row(people, hands.column(people, 0)[0])
    dialog = hands.dialog(StatementDialog)
    assert dialog.table.model.rowCount() > 10
    assert "与应发金额一致" in dialog.total.text()
    hands.press(dialog.do)
    hands.gone(dialog)


def papers(hands: Hands, out: Path, number: str) -> None:
    """报表 shows the sheet as it will be printed; it leaves as PDF and as workbook."""
    page = hands.page("reports")
    hands.pick_in_list(page.gallery, "分配表")
    hands.until(lambda: page.preview.drawn is not None and page.preview.drawn.kind == "payout")
    assert page.runs.currentData() == number
    assert page.preview.paper.n_pages() >= 1
    assert "第 1 页" in page.preview.page.text()
    for button, name in ((page.preview.pdf_button, "分配表.pdf"), (page.preview.xlsx_button, "分配表.xlsx")):
        hands.press(button)
        hands.choose_file(out / name)
        hands.until((out / name).exists)
        hands.rest()
    assert (out / "分配表.pdf").read_bytes().startswith(b"%PDF-")
    assert (out / "分配表.xlsx").read_bytes().startswith(b"PK")
    hands.until(lambda: page.history.table.model.rowCount() == 2)
    images = [page.gallery.card(row) for row in range(page.gallery.count())]
    hands.until(lambda: all(page.gallery.card(row).image is not None for row in range(len(images))))
