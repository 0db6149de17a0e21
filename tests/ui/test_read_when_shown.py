"""A part of a window reads when it is looked at, once for all the changes that came meanwhile, and not before."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.read_when_shown import ReadWhenShown


class Counting(ReadWhenShown):
    """Counts how often it read."""

    n_read = 0

    def read(self) -> None:
        self.n_read += 1


def tabs_of(qtbot: QtBot, part: QWidget) -> QTabWidget:
    """A window with the part behind its first tab."""
    tabs = QTabWidget()
    qtbot.addWidget(tabs)
    tabs.addTab(QWidget(), "1")
    tabs.addTab(part, "2")
    tabs.show()
    return tabs


def test_it_reads_when_it_is_looked_at_and_again_only_after_a_change(qtbot: QtBot) -> None:
    part = Counting()
    tabs = tabs_of(qtbot, part)
    part.refresh()
    assert part.n_read == 0, "nobody looks at it"
    tabs.setCurrentIndex(1)
    assert part.n_read == 1
    part.refresh()
    assert part.n_read == 2, "what changes under the eyes is read at once"
    tabs.setCurrentIndex(0)
    tabs.setCurrentIndex(1)
    assert part.n_read == 2, "nothing changed meanwhile"
    tabs.setCurrentIndex(0)
    part.refresh()
    part.refresh()
    assert part.n_read == 2
    tabs.setCurrentIndex(1)
    assert part.n_read == 3, "two changes, one reading"


def test_a_part_that_forgets_a_change_would_be_seen(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The deliberately broken variant: hidden, it drops what it hears."""

    def drops(part: ReadWhenShown) -> None:
        part._stale = False
        if part.isVisible():
            part.read()

    monkeypatch.setattr(ReadWhenShown, "refresh", drops)
    with pytest.raises(AssertionError):
        test_it_reads_when_it_is_looked_at_and_again_only_after_a_change(qtbot)
