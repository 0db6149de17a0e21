"""仪器 · 入网: what the network says of an instrument, where it differs from what is entered, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.actions import instruments
from desktop.actions.workspace import Workspace
from desktop.ledger.publication import NetworkEvaluation, Publication
from desktop.rules.figure import Figure
from desktop.store import publications as rows
from desktop.store.facts import INSTRUMENTS
from desktop.ui.desk import Desk
from desktop.ui.forms import FindingLabel
from desktop.ui.pages.instruments import InstrumentsPage
from desktop.ui.pages.instruments_detail import DUTY
from tests.ui.pages.driving import texts_of

GRADED = NetworkEvaluation(2025, "优秀", Decimal("92.5"), date(2026, 3, 20))


@pytest.fixture
def page(at_desk: Desk, ledger: Workspace, qtbot: QtBot) -> Iterator[InstrumentsPage]:
    made = InstrumentsPage(at_desk)
    at_desk.changed.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    yield made
    made.leave()


def say(ledger: Workspace, asset: str, number: str, state: str, reason: str = "", *graded: NetworkEvaluation) -> None:
    """What a sync would have read of an instrument."""
    with ledger.read() as connection:
        one = INSTRUMENTS.one(connection, "asset_number = ?", (asset,))
    assert one is not None
    with ledger.write("sync", undoable=False) as operation:
        told = Publication(one.id, number, state, date(2026, 1, 12), reason, graded, "2026-03-21T00:00:00+00:00")
        rows.keep(operation.connection, "network", [told])


def show(page: InstrumentsPage, qtbot: QtBot, asset: str) -> None:
    page.table.select([page.table.model.key_at(texts_of(page.table).index(asset))])
    qtbot.waitUntil(lambda: page.detail.view is not None and page.detail.view.instrument.asset_number == asset)
    page.detail.tabs.setCurrentIndex(DUTY)


def said(page: InstrumentsPage) -> list[str]:
    return [one.words.text() for one in page.detail.published.findChildren(FindingLabel)]


def test_the_networks_word_stands_under_the_duty_with_what_differs(page: InstrumentsPage, ledger: Workspace, qtbot: QtBot) -> None:
    instruments.join(ledger, "A1", date(2026, 1, 10), "N-2")
    say(ledger, "A1", "N-1", "listed", "", NetworkEvaluation(2024, "合格"), GRADED)
    show(page, qtbot, "A1")
    part = page.detail.published
    assert part.isVisible()
    assert part.facts.told() == [
        "网络的编号 N-1",
        "公布状态 已公布 · 2026-01-12",
        "2025 年网络评价 优秀 · 92.5 分 · 2026-03-20",
        "2024 年网络评价 合格",
    ]
    (told,) = said(page)
    assert "N-2" in told
    assert "N-1" in told


def test_why_opens_what_it_was_found_from(page: InstrumentsPage, ledger: Workspace, qtbot: QtBot) -> None:
    say(ledger, "A1", "N-1", "taken_down", "预约电话长期无人接听")
    show(page, qtbot, "A1")
    asked: list[Figure] = []
    page.desk.explaining.connect(asked.append)
    qtbot.mouseClick(page.detail.published.ask, Qt.MouseButton.LeftButton)
    assert [(one.code, one.value) for one in asked] == [("publication.compared", "taken_down")]
    assert "预约电话长期无人接听" in said(page)[0]


def test_one_the_network_does_not_have_says_so_and_a_confidential_one_nothing(page: InstrumentsPage, ledger: Workspace, qtbot: QtBot) -> None:
    show(page, qtbot, "A1")
    assert not page.detail.published.isVisible(), "the network has said nothing of any"
    say(ledger, "A1", "N-1", "listed")
    show(page, qtbot, "A2")
    assert page.detail.published.facts.told() == ["公布状态 网络没有"]
    show(page, qtbot, "S1")
    assert not page.detail.published.isVisible()


def test_a_state_of_tomorrow_is_shown_as_it_came(page: InstrumentsPage, ledger: Workspace, qtbot: QtBot) -> None:
    say(ledger, "A2", "N-3", "under_review")
    show(page, qtbot, "A2")
    assert "公布状态 under_review · 2026-01-12" in page.detail.published.facts.told()
