"""The page of service records as its tests use it: opened at a desk, rows picked by their numbers, the dialog that stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from desktop.ledger.period import parse
from desktop.ui.desk import Desk
from desktop.ui.pages.records import RecordsPage


@contextmanager
def opened(desk: Desk, qtbot: QtBot) -> Iterator[RecordsPage]:
    """The page over the records of 2025."""
    desk.set_period(parse("2025"))
    made = RecordsPage(desk)
    desk.changed.connect(made.hear)
    desk.period_changed.connect(lambda period: made.follow_period())
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    yield made
    made.leave()


def shown_numbers(page: RecordsPage) -> list[str]:
    model = page.table.model
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def pick(page: RecordsPage, *numbers: str) -> None:
    shown = shown_numbers(page)
    page.table.select([page.table.model.key_at(shown.index(number)) for number in numbers])


def open_dialog(kind: type[QDialog]) -> QDialog:
    (found,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()]
    return found
