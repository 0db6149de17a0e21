"""What is about to leave, and what is contested, by the numbers and names people know: keys stay on the wire."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop import words
from desktop.actions import enrolment, records, sync_names, syncing
from desktop.actions.workspace import Workspace
from desktop.ui.desk import Desk
from desktop.ui.pages.sync import CONFLICTS, SyncPage
from desktop.ui.pages.sync_preview import PreviewView
from tests.actions import making
from tests.actions.making import USCC
from tests.actions.two_seats import elsewhere
from tests.network import at_hand
from tests.ui.pages.driving import texts_of

KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
ROLES = ("network", "hub")


@pytest.fixture
def page(qtbot: QtBot, at_desk: Desk, ledger: Workspace) -> Iterator[SyncPage]:
    made = SyncPage(at_desk)
    qtbot.addWidget(made)
    made.resize(1024, 700)
    made.show()
    at_desk.changed.connect(made.hear)
    yield made
    words.use("zh")


def bare(view: PreviewView) -> list[str]:
    """Keys that a person would read, the row's own among its facts apart."""
    own = words.say("wire.id")
    found = [said for said in texts_of(view.table) if KEY.search(said)]
    for place in range(len(view._lines)):
        view.table.select([place])
        found += [line for line in (view.body_title.text(), *view.body.told()) if KEY.search(line) and not line.startswith(own)]
    return found


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_preview_names_every_row_and_whatever_it_refers_to(
    page: SyncPage, ledger: Workspace, tmp_path: Path, role: str, language: words.Language
) -> None:
    making.some_work(ledger)
    making.settled(ledger)
    words.use(language)
    with at_hand.serve(f"sqlite:///{tmp_path / 'network.db'}", "齐鲁示范大学", USCC, role) as (url, code):
        enrolment.enrol(ledger, url, code, role)
        page.remote.set_value(role)
        page._turn()
        page.look()
        view = page.preview_view
        assert {"instrument", "fee_line", "service_record", "posting"} <= {line.kind for line in view._lines}
        assert bare(view) == []
        record = next(n for n, line in enumerate(view._lines) if line.kind == "service_record")
        view.table.select([record])
        told = view.body.told()
        assert any("A1 扫描电镜" in line for line in told)
        assert any("鲁信检测有限公司" in line for line in told)
        assert not any(re.search(r"\dT\d", line) for line in told), "moments as people write them"
        shown = syncing.preview(ledger, role)
        view.show_preview(replace(shown, names={}))
        assert len(bare(view)) > 10, "without the names the keys would stand there"


def test_yes_and_no_and_codes_are_said(page: SyncPage, ledger: Workspace, tmp_path: Path) -> None:
    making.some_work(ledger)
    with at_hand.serve(f"sqlite:///{tmp_path / 'network.db'}", "齐鲁示范大学", USCC, "hub") as (url, code):
        enrolment.enrol(ledger, url, code, "hub")
        page.remote.set_value("hub")
        page._turn()
        page.look()
        view = page.preview_view
        told: dict[str, list[str]] = {}
        for place, line in enumerate(view._lines):
            view.table.select([place])
            told.setdefault(line.kind, []).extend(view.body.told())
        assert "客户类别 校外" in told["posting"]
        assert "补记 否" in told["posting"]
        assert "在用 是" in told["technician"]
        assert any(line.startswith("角色 ") and line != "角色 finance" for line in told["person"])
        first = [line.partition(" ")[0] for line in told["instrument"][:2]]
        assert first == ["资产编号", "名称"], "what a set is called comes first"


def test_a_deleted_row_is_named_as_the_remote_has_it(page: SyncPage, ledger: Workspace, tmp_path: Path) -> None:
    making.enter(ledger, "R1")
    with at_hand.serve(f"sqlite:///{tmp_path / 'network.db'}", "齐鲁示范大学", USCC, "hub") as (url, code):
        enrolment.enrol(ledger, url, code, "hub")
        syncing.sync(ledger, remote="hub")
        records.remove(ledger, ["R1"])
        (line,) = syncing.preview(ledger, "hub").lines
        assert (line.action, line.label) == ("delete", "R1")


@pytest.mark.parametrize("role", ["hub"])
def test_a_contested_reference_is_shown_by_its_name(page: SyncPage, ledger: Workspace, tmp_path: Path, role: str) -> None:
    making.enter(ledger, "R1")
    with elsewhere(ledger, tmp_path, role) as other:
        records.change(other, replace(records.get(other, "R1"), operator_name="T002"))
        syncing.sync(other, remote=role)
        records.change(ledger, replace(records.get(ledger, "R1"), operator_name="T003"))
        page.remote.set_value(role)
        page._turn()
        page.receive()
        page.tabs.setCurrentIndex(CONFLICTS)
        said = [label.text() for choice in page.conflicts_view.choices for label in choice.findChildren(type(page.conflicts_view.says))]
        assert any(text.startswith("T002 ") for text in said), said
        assert any(text.startswith("T003 ") for text in said), said
        assert not [text for text in said if KEY.search(text)]


def test_what_the_ledger_does_not_hold_is_called_by_its_own_body() -> None:
    assert sync_names.called({"id": "k", "record_number": "R9", "name": ""}) == "R9"
    assert sync_names.called(None) == ""
