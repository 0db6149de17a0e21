"""The practice day at the window, from an empty home to a synced, verified ledger that is whole when it is opened again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.ui.application import Application, opener_of
from desktop.ui.dialogs.passphrase_dialog import PassphraseDialog
from desktop.ui.pages.first_start import FirstStartPage
from tests.e2e import beginning, disagreeing, paying, restoring, sending, working
from tests.e2e.hands import Hands

TODAY = date(2026, 3, 2)
Start = Callable[[], Application]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def start(qapp: QApplication, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts the program on the home as ``application.run`` does, but for the event loop; a bug on a lane fails the test."""
    monkeypatch.setenv("YIXIANG_TODAY", TODAY.isoformat())
    started: list[Application] = []
    bugs: list[BaseException] = []

    def begin() -> Application:
        made = Application(qapp, home, lambda: TODAY)
        made.jobs.crashed.connect(bugs.append)
        made.show()
        made.open_with(opener_of(home))
        started.append(made)
        return made

    yield begin
    for program in started:
        program.close()
        program.deleteLater()
    assert not bugs


def test_the_day_through_the_window(qtbot: QtBot, start: Start, home: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    program = start()
    hands = Hands(qtbot, program)
    hands.until(lambda: isinstance(hands.window.before.currentWidget(), FirstStartPage))
    recovery = beginning.first_start(hands, tmp_path / "recovery.pdf")
    beginning.import_the_files(hands)
    beginning.undo_and_redo(hands)
    working.duties(hands)
    working.prices(hands)
    number = working.a_record_by_keyboard(hands)
    working.a_problem_answered(hands)
    working.post_everything(hands, number)
    paying.people(hands)
    paying.scheme(hands)
    run = paying.run(hands, tmp_path)
    paying.papers(hands, tmp_path, run)
    with sending.network(tmp_path / "network.db") as service:
        sending.sync(hands, service)
        with disagreeing.other_seat(home, tmp_path / "other", service) as seat:
            disagreeing.conflict(hands, seat, service)
    restoring.back_up(hands, tmp_path / "disk" / "copy.yxb")
    restoring.make_a_mistake(hands)
    restoring.restore(hands, tmp_path / "disk" / "copy.yxb")
    sending.verify(hands)
    close(hands)
    assert not (home / "ledger.db-wal").exists()  # everything is in the ledger's own file
    assert len(list((home / "backups").glob("*.yxb"))) == 1  # and in the backup of the day

    hands = Hands(qtbot, start())
    unlock(hands, recovery)
    whole(hands, number, run)
    close(hands)


def close(hands: Hands) -> None:
    """Close the window as a person does; the program ends."""
    window = hands.window
    window.close()
    hands.until(lambda: not window.isVisible())
    hands.program.close()


def unlock(hands: Hands, recovery: str) -> None:
    """The ledger is locked: a wrong passphrase is told, the recovery key that was kept opens it."""
    dialog = hands.dialog(PassphraseDialog)
    hands.fill(dialog.first, "wrong horse")
    hands.press(dialog.do)
    hands.until(lambda: dialog.said.isVisible() and dialog.do.isEnabled())
    assert not hands.program.desk.is_open
    hands.fill(dialog.first, recovery)
    hands.press(dialog.do)
    hands.until(lambda: hands.program.desk.is_open)
    hands.rest()


def whole(hands: Hands, number: str, run: str) -> None:
    """What was entered, posted, paid and sent is there, on the page and in the year where it was left."""
    window = hands.window
    assert window.top.institution.text() == beginning.NAME
    assert window.top.pill.text() == "已全部上报"
    assert hands.program.desk.period.name == "2025"
    assert window.pages.current == "compliance"
    sending.verify(hands)
    records = hands.page("records")
    place = hands.column(records.table, 0).index(number)
    assert hands.column(records.table, 1)[place] == "已记账"
    payouts = hands.page("payouts")
    hands.until(lambda: payouts.view.run is not None)
    assert (payouts.view.run.number, payouts.view.run.state) == (run, "approved")
    overview = hands.page("overview")
    assert "已全部上报" in hands.labels(overview.sending)
