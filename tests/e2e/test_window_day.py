"""The practice day at the window, from an empty home to a synced, verified ledger that is whole when it is opened again."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop import resource
from desktop.actions import institution
from desktop.ui.application import Application, opener_of
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.import_wizard import DONE, FILE, PREVIEW, ImportWizard
from tests.e2e.hands import ENTER, Hands

TODAY = date(2026, 3, 2)
FILES = {  # file, rows taken, rows rejected (the packaged practice files)
    "instruments": ("instruments.xlsx", 60, 5),
    "fees": ("price-list.xlsx", 42, 1),
    "technicians": ("technicians.xlsx", 12, 1),
    "customers": ("customers.csv", 15, 1),
    "records": ("service-records.xlsx", 502, 4),
}


@pytest.fixture
def program(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Application]:
    monkeypatch.setenv("YIXIANG_TODAY", TODAY.isoformat())
    made = Application(qapp, tmp_path / "home", lambda: TODAY)
    yield made
    made.close()


def test_the_day_through_the_window(qtbot: QtBot, program: Application, tmp_path: Path) -> None:
    hands = Hands(qtbot, program)
    home = tmp_path / "home"
    institution.start(home, "齐鲁示范大学", "123700004000000181", "university", "370102", practice=True)[0].close()
    program.show()
    program.open_with(opener_of(home))
    hands.until(lambda: program.desk.is_open)
    import_the_files(hands)
    duties(hands)


def import_the_files(hands: Hands) -> None:
    for kind, (name, n_taken, n_rejected) in FILES.items():
        wizard = preview(hands, kind, name)
        counts = {"accepted": n_taken, "rejected": n_rejected, "unchanged": 0}
        assert shown_counts(wizard) == counts, kind
        assert wizard.preview_step.table.model.rowCount() >= n_rejected
        hands.press(wizard.go_on)
        hands.until(lambda wizard=wizard: wizard.steps.currentIndex() == DONE)
        assert f"已导入 {n_taken} 行" in wizard.done_step.title.text()
        hands.press(wizard.go_on)
        hands.gone(wizard)
    for kind, (name, n_taken, n_rejected) in FILES.items():
        wizard = preview(hands, kind, name)
        assert shown_counts(wizard) == {"accepted": 0, "rejected": n_rejected, "unchanged": n_taken}, kind
        hands.press(wizard.go_on)
        hands.gone(wizard)
    undo_and_redo(hands)


def preview(hands: Hands, kind: str, name: str) -> ImportWizard:
    """Open the wizard on a page, choose what and which file, and stop at the preview: nothing is written yet."""
    page = hands.page(kind if kind in ("fees", "records") else "instruments")
    hands.press_named(page.head, "导入价目表…" if kind == "fees" else "导入…")
    wizard = hands.dialog(ImportWizard)
    assert wizard.steps.currentIndex() == FILE
    hands.pick(wizard.file_step.kind, kind)
    hands.press(wizard.file_step.button)
    hands.choose_file(resource.path("practice", name))
    hands.until(lambda: wizard.steps.currentIndex() == PREVIEW)
    return wizard


def shown_counts(wizard: ImportWizard) -> dict[str, int]:
    step = wizard.preview_step
    cards = {"accepted": step.accepted, "rejected": step.rejected, "unchanged": step.unchanged}
    return {name: int(card.number.text().replace(",", "")) for name, card in cards.items()}


def undo_and_redo(hands: Hands) -> None:
    """The toolbar takes the whole import of records back and brings it again."""
    year(hands, 2025)
    page = hands.page("records")
    n = page.table.model.rowCount()
    assert n > 400
    hands.press(hands.window.top.undo_button)
    hands.until(lambda: page.table.model.rowCount() == 0)
    hands.rest()
    hands.press(hands.window.top.redo_button)
    hands.until(lambda: page.table.model.rowCount() == n)
    hands.rest()


def year(hands: Hands, wanted: int) -> None:
    hands.pick(hands.window.top.period.year, wanted)
    hands.until(lambda: hands.program.desk.period.name == str(wanted))
    hands.rest()


def duties(hands: Hands) -> None:
    page = hands.page("instruments")
    hands.chip(page.table, "逾期未入网")
    overdue = hands.column(page.table, 0)
    print(len(overdue), overdue[:3], [b.text() for b in page.table.chips.findChildren(__import__("PySide6.QtWidgets").QtWidgets.QPushButton)])
