"""The practice day at the window, from an empty home to a synced, verified ledger that is whole when it is opened again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.ui.application import Application, opener_of
from desktop.ui.pages.first_start import FirstStartPage
from tests.e2e import beginning, working
from tests.e2e.hands import Hands

TODAY = date(2026, 3, 2)


@pytest.fixture
def program(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Application]:
    monkeypatch.setenv("YIXIANG_TODAY", TODAY.isoformat())
    made = Application(qapp, tmp_path / "home", lambda: TODAY)
    yield made
    made.close()


def test_the_day_through_the_window(qtbot: QtBot, program: Application, tmp_path: Path) -> None:
    hands = Hands(qtbot, program)
    home = tmp_path / "home"
    bugs: list[BaseException] = []
    program.jobs.crashed.connect(bugs.append)
    program.show()
    program.open_with(opener_of(home))
    hands.until(lambda: isinstance(hands.window.before.currentWidget(), FirstStartPage))
    recovery = beginning.first_start(hands, tmp_path / "recovery.pdf")
    beginning.import_the_files(hands)
    beginning.undo_and_redo(hands)
    working.duties(hands)
    working.prices(hands)
    number = working.a_record_by_keyboard(hands)
    working.a_problem_answered(hands)
    working.post_everything(hands, number)
    assert not bugs
