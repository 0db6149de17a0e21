"""同步 in the window says every finding of a run and of the answer to a package, in words, beside its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from desktop import words
from desktop.actions import anchoring, enrolment, records
from desktop.actions.workspace import Workspace
from desktop.ledger.finding import Finding, finding
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.notices import Notice
from desktop.ui.pages import sync_said
from desktop.ui.pages.sync import SyncPage
from tests.actions.carrying import Office
from tests.actions.making import USCC, posted
from tests.network import at_hand
from tests.ui.pages.driving import dialog

WITNESS = ["sync.anchor_forked", "sync.anchor_behind", "sync.anchor_unsigned"]


def witnessed(code: str) -> Finding:
    return finding(code, "warning", remote="sync.remote.network", n=3)


def in_words(told: Finding) -> str:
    return words.say(told.code, **dict(told.params))


@pytest.fixture
def told(at_desk: Desk) -> list[Notice]:
    heard: list[Notice] = []
    at_desk.told.connect(heard.append)
    return heard


@pytest.fixture
def page(at_desk: Desk, ledger: Workspace, told: list[Notice], qtbot: QtBot) -> SyncPage:
    posted(ledger, "R1")
    made = SyncPage(at_desk)
    at_desk.changed.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1024, 700)
    made.show()
    return made


@pytest.fixture
def on_line(page: SyncPage, ledger: Workspace, tmp_path: Path) -> Iterator[SyncPage]:
    with at_hand.serve(f"sqlite:///{tmp_path / 'network.db'}", "齐鲁示范大学", USCC) as (url, code):
        enrolment.enrol(ledger, url, code)
        page.refresh()
        page.look()
        page.send(page.preview_view.digests)
        yield page


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "office")
    yield made
    made.service.stop()


def carry(page: SyncPage, office: Office, path: Path) -> None:
    """The first package out, its answer in."""
    page.by_hand()
    view = page.packages_view
    view.ask_code()
    dialog(FormDialog).form.set_draft({"code": office.code()})
    dialog(FormDialog).do.click()
    dialog(ConfirmDialog).do.click()
    asked = dialog(QFileDialog)
    asked.fileSelected.emit(str(path))
    asked.close()
    view.absorb(office.hand_in(path))
    dialog(ConfirmDialog).do.click()


def twice(ledger: Workspace, *days: int) -> None:
    """The same money entered two times on each of these days."""
    for day in days:
        for _ in range(2):
            records.receive(ledger, "R1", date(2025, 6, day), 100, f"FP-{day}")


@pytest.mark.parametrize("code", WITNESS)
def test_what_a_witness_finds_is_said_after_a_sync(
    on_line: SyncPage, told: list[Notice], monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    assert told[-1].level == "done"
    monkeypatch.setattr(anchoring, "anchor", lambda *_, **__: (witnessed(code),))
    on_line.receive()
    assert told[-1].level == "warning"
    assert in_words(witnessed(code)) in told[-1].text


def test_the_same_money_twice_is_said_after_a_sync(on_line: SyncPage, ledger: Workspace, told: list[Notice]) -> None:
    twice(ledger, 3)
    on_line.receive()
    assert told[-1].level == "warning"
    assert "FP-3" in told[-1].text


def test_of_many_the_first_are_said_and_that_there_are_more(on_line: SyncPage, ledger: Workspace, told: list[Notice]) -> None:
    twice(ledger, 3, 4, 5, 6)
    on_line.receive()
    assert [name in told[-1].text for name in ("FP-3", "FP-4", "FP-5", "FP-6")] == [True, True, True, False]
    assert told[-1].text.endswith("…")


@pytest.mark.parametrize("code", WITNESS)
def test_what_a_witness_finds_is_said_after_a_package(
    page: SyncPage, office: Office, told: list[Notice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(anchoring, "take", lambda *_, **__: (witnessed(code),))
    carry(page, office, tmp_path / "一.gxpk")
    assert told[-1].level == "warning"
    assert in_words(witnessed(code)) in told[-1].text


def test_the_same_money_twice_is_said_after_a_package(
    page: SyncPage, ledger: Workspace, office: Office, told: list[Notice], tmp_path: Path
) -> None:
    twice(ledger, 3)
    carry(page, office, tmp_path / "一.gxpk")
    assert told[-1].level == "warning"
    assert "FP-3" in told[-1].text


def test_who_says_the_numbers_alone_is_noticed(
    on_line: SyncPage, ledger: Workspace, told: list[Notice], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken variant: findings only for the level, or for nothing."""
    monkeypatch.setattr(sync_said, "beside", lambda findings: ())
    twice(ledger, 3)
    on_line.receive()
    assert told[-1].level == "done"
    assert "FP-3" not in told[-1].text


def test_refused_rows_and_new_notices_are_left_to_their_tabs() -> None:
    told = (finding("sync.new_notices", "note", n=2), finding("sync.refused.reference_missing"), witnessed(WITNESS[0]))
    assert sync_said.beside(told) == (witnessed(WITNESS[0]),)
    assert not sync_said.is_grave(told[:2])
