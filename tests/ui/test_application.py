"""The program around the window: opening the ledger late, first start, passphrase, language, look, one window per home."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop import words
from desktop.actions import costs, institution, instruments
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Problem
from desktop.ui import application as program
from desktop.ui import quick_start, theme
from desktop.ui.application import Application, opener_of, own_home
from desktop.ui.desk import Desk
from desktop.ui.dialogs.passphrase_dialog import PassphraseDialog
from desktop.ui.empty import EmptyView
from desktop.ui.jobs import Inline, Jobs
from desktop.ui.main_window import MainWindow
from desktop.ui.one_window import OneWindow, raise_other, socket_name
from desktop.ui.open_ledger import OpenLedger
from desktop.ui.preferences import Preferences
from tests.ui import demo

USCC = "12370000495570303U"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def app(qapp: QApplication, home: Path) -> Iterator[Application]:
    made = Application(qapp, home, lambda: demo.TODAY, Jobs(Inline()), demo.ENTRIES)
    yield made
    if made.window is not None:
        made.window.leave()
        made.window.close()
    made.close()
    made.deleteLater()
    theme.use(qapp, "light", 100)


@pytest.fixture
def ledger(home: Path) -> Iterator[Workspace]:
    workspace, _ = institution.start(home, "示范大学", demo_code(), "university", "370102", practice=True)
    yield workspace
    workspace.close()


def demo_code() -> str:
    from desktop.actions.rehearsal import day

    return str(day()["institution"]["uscc"])


def refusing(problem: Problem) -> Callable[[str | None, Progress], Workspace]:
    def opener(passphrase: str | None, progress: Progress) -> Workspace:
        raise problem

    return opener


def said(app: Application) -> list[str]:
    window = app.window
    assert window is not None
    view = window.before.currentWidget()
    assert view is not None
    return [label.text() for label in view.findChildren(QLabel) if label.text()]


def test_the_window_stands_before_the_ledger_is_open(app: Application, ledger: Workspace) -> None:
    window = app.show()
    assert said(app)[0] == "正在打开台账…"
    assert not app.desk.is_open
    app.have(ledger)
    assert app.desk.workspace is ledger
    assert window.top.institution.text() == "示范大学（练习台账）"
    assert window.top.undo_button.isEnabled() is False
    assert window.middle.currentWidget() is window.pages


def test_a_ledger_that_cannot_be_opened_says_why_and_offers_to_try_again(app: Application) -> None:
    tried: list[int] = []

    def opener(passphrase: str | None, progress: Progress) -> Workspace:
        tried.append(1)
        raise Problem("store.damaged", detail="x")

    window = app.show()
    app.open_with(opener)
    assert said(app)[0] == "台账没有打开"
    assert said(app)[1] == words.say("store.damaged", detail="x")
    view = window.before.currentWidget()
    assert isinstance(view, EmptyView)
    view.buttons[0].click()
    assert len(tried) == 2


def test_a_home_without_ledger_starts_at_the_beginning(app: Application, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "FIRST_START", "tests.ui.test_application:first_start")
    app.show()
    app.open_with(opener_of(home))
    assert said(app) == [f"欢迎 {home.name}"]


def first_start(desk: Desk, home: Path, have: Callable[[Workspace], None]) -> EmptyView:
    from desktop.ui.empty import Empty

    return EmptyView(Empty(f"欢迎 {home.name}", ""))


def test_the_passphrase_is_asked_until_it_fits(app: Application, ledger: Workspace) -> None:
    def opener(passphrase: str | None, progress: Progress) -> Workspace:
        if passphrase is None:
            raise Problem("key.needed")
        if passphrase != "open sesame":
            raise Problem("key.wrong")
        return ledger

    window = app.show()
    app.open_with(opener)
    assert said(app)[0] == "台账已锁上"
    dialog = window.findChildren(PassphraseDialog)[0]
    dialog.first.setText("wrong")
    dialog.do.click()
    assert dialog.said.words.text() == words.say("key.wrong")
    assert not app.desk.is_open
    dialog.first.setText("open sesame")
    dialog.do.click()
    assert app.desk.workspace is ledger


def test_the_language_changes_without_a_restart(app: Application, ledger: Workspace, qtbot: QtBot) -> None:
    first = app.show()
    app.have(ledger)
    first.open_page("records")
    app.desk.set_period(app.desk.period.__class__("2025", app.desk.period.start.replace(year=2025), app.desk.period.start))
    app.desk.use_language("en")
    qtbot.waitUntil(lambda: app.window is not first)
    window = app.window
    assert window is not None
    assert window.rail.buttons["records"].accessibleName() == "Records"
    assert window.pages.current == "records"
    assert window.top.period.year.currentText() == "2025"
    assert app.preferences["language"] == "en"
    app.desk.use_language("zh")
    qtbot.waitUntil(lambda: app.window is not window)
    assert app.window is not None
    assert app.window.rail.buttons["records"].accessibleName() == "服务记录"


def test_look_and_font_follow_the_wish(app: Application, ledger: Workspace, qtbot: QtBot, qapp: QApplication) -> None:
    first = app.show()
    app.have(ledger)
    app.desk.use_look("dark")
    qtbot.waitUntil(theme.is_dark)
    assert app.window is first
    app.desk.use_font_percent(120)
    qtbot.waitUntil(lambda: app.window is not first)
    assert theme.row_height() == 38
    assert qapp.font().pixelSize() == 17


def test_what_the_window_remembers_survives(app: Application, home: Path, qapp: QApplication, ledger: Workspace) -> None:
    window = app.show()
    app.have(ledger)
    window.rail.fold_button.click()
    window.resize(1024, 700)  # the offscreen screen is small
    window.leave()
    app.preferences.save()
    again = Application(qapp, home, lambda: demo.TODAY, Jobs(Inline()), demo.ENTRIES)
    second = again.show()
    assert (second.width(), second.height(), second.rail.is_folded) == (1024, 700, True)
    second.leave()
    second.close()
    again.close()


def test_a_ledger_is_opened_again_from_its_file(app: Application, home: Path, qtbot: QtBot) -> None:
    institution.start(home, "示范大学", demo_code(), "university", "370102", practice=True)[0].close()
    app.show()
    app.open_with(opener_of(home))
    first = app.desk.workspace
    app.desk.reopen()
    qtbot.waitUntil(lambda: app.desk.is_open and app.desk.workspace is not first)
    assert institution.get(app.desk.workspace).name == "示范大学"


def test_undo_in_the_frame_is_undo_in_the_ledger(ledger: Workspace) -> None:
    from desktop.actions import people

    frame = OpenLedger(ledger)
    assert frame.standing().undo == ""
    people.add(ledger, "王垚", "finance")
    standing = frame.standing()
    assert standing.undo == "添加人员 王垚"
    assert standing.saved_at is not None
    assert standing.n_unsent is None
    assert "person" in frame.undo(UNWATCHED).kinds
    assert people.everyone(ledger) == []
    assert frame.standing().redo == "添加人员 王垚"
    frame.redo(UNWATCHED)
    assert [person.name for person in people.everyone(ledger)] == ["王垚"]


def test_an_operation_is_named_with_what_it_was_done_to(ledger: Workspace) -> None:
    frame = OpenLedger(ledger)
    instruments.add(ledger, Instrument("", "A7", "扫描电镜", 50_000_000, True, False, date(2020, 1, 1)))
    assert frame.standing().undo == "添加仪器 A7"
    instruments.change(ledger, replace(instruments.get(ledger, "A7"), name="透射电镜"))
    assert frame.standing().undo == "修改仪器 A7"
    costs.cost_add(ledger, "consumables", "A7", date(2025, 1, 1), date(2025, 1, 31), 100, "凭证2025-1")
    assert frame.standing().undo == "申报成本 凭证2025-1"
    instruments.add(ledger, Instrument("", "S7", "特种雷达", 50_000_000, True, True, date(2020, 1, 1)))
    assert frame.standing().undo == "添加仪器"  # what is confidential is not named at the top of the window


def test_the_home_is_named_or_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert own_home().name == "yixiang"
    monkeypatch.setenv("YIXIANG_HOME", str(tmp_path))
    assert own_home() == tmp_path
    monkeypatch.setenv("YIXIANG_TODAY", "2026-01-15")
    assert program.today() == demo.TODAY


def test_the_second_start_raises_the_first_window(home: Path, qtbot: QtBot) -> None:
    assert not raise_other(home)
    one = OneWindow(home)
    assert one.is_listening()
    with qtbot.waitSignal(one.raised):
        assert raise_other(home)
    one.close()
    assert not raise_other(home)


def test_a_socket_left_by_a_crash_is_taken_over(home: Path) -> None:
    home.mkdir()
    Path(socket_name(home)).touch()
    assert not raise_other(home)
    one = OneWindow(home)
    assert one.is_listening()
    one.close()


def test_a_deep_home_still_has_a_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("深" * 60)
    assert len(socket_name(deep).encode()) < 108
    assert socket_name(deep) != socket_name(tmp_path)


def test_the_program_runs_from_first_paint_to_closing(home: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    institution.start(home, "示范大学", demo_code(), "university", "370102", practice=True)[0].close()
    monkeypatch.setattr(program.Application.__init__, "__defaults__", (None, demo.ENTRIES))
    seen: list[str] = []
    settled: list[bool] = []
    monkeypatch.setattr(program, "_SETTLED_MS", 1)
    monkeypatch.setattr(quick_start, "settle", lambda: settled.append(True))

    def look() -> None:
        windows = [widget for widget in qapp.topLevelWidgets() if widget.objectName() == "main" and widget.isVisible()]
        if windows and windows[0].desk.is_open and windows[0].top.institution.text():
            seen.append(windows[0].top.institution.text())
            timer.stop()
            windows[0].close()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(20)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    assert program.run(home) == 0
    assert seen == ["示范大学（练习台账）"]
    assert settled == [True]
    assert (home / "window.json").exists()
    assert not Path(socket_name(home)).exists()
    open_ledger(home).close()


def test_the_ledger_waits_for_the_first_picture_but_not_for_a_window_nobody_sees(
    app: Application, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    window = app.show()
    window.painted.connect(lambda: order.append("painted"))
    program._after_paint(window, lambda: order.append("opened"))
    qtbot.waitUntil(lambda: "opened" in order)
    window.repaint()
    qtbot.wait(1)
    assert order == ["painted", "opened"]
    window.leave()
    window.close()
    order.clear()
    monkeypatch.setattr(program, "_UNSEEN_MS", 1)
    unseen = MainWindow(app.desk, demo.ENTRIES)
    qtbot.addWidget(unseen)
    program._after_paint(unseen, lambda: order.append("opened"))
    qtbot.waitUntil(lambda: order == ["opened"])


def test_the_collector_waits_until_the_program_has_started() -> None:
    code = (
        "import gc\nfrom desktop.ui import quick_start\n"
        "quick_start.prepare()\nprint(gc.isenabled())\n"
        "quick_start.settle()\nprint(gc.isenabled(), gc.get_freeze_count() > 10_000)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["False", "True", "True"]


def test_the_shell_paints_without_the_database_and_other_heavy_things() -> None:
    code = (
        "import sys\n"
        "from datetime import date\nfrom pathlib import Path\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from desktop.ui import one_window\nfrom desktop.ui.application import Application\n"
        "home = Path(sys.argv[1])\n"
        "one_window.raise_other(home)\n"
        "app = QApplication([])\n"
        "Application(app, home, date.today).show().grab()\n"
        "heavy = {'sqlalchemy', 'sqlcipher3', 'requests', 'keyring', 'reportlab', 'alembic', 'xlsxwriter',\n"
        "         'numpy', 'cryptography', 'python_calamine', 'PySide6.QtNetwork', 'concurrent.futures.thread'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        "import os; sys.stdout.flush(); os._exit(0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, "no-such-home"], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def test_the_list_of_records_stands_without_what_judges_them_and_what_is_beside_it(home: Path) -> None:
    institution.start(home, "示范大学", demo_code(), "university", "370102", practice=True)[0].close()
    code = (
        "import sys\n"
        "from datetime import date\nfrom pathlib import Path\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from desktop.ui.application import Application, opener_of\nfrom desktop.ui.jobs import Inline, Jobs\n"
        "home = Path(sys.argv[1])\n"
        "application = Application(QApplication([]), home, date.today, Jobs(Inline()))\n"
        "application.preferences['window.page'] = 'records'\n"
        "window = application.show()\n"
        "application.open_with(opener_of(home))\n"
        "assert window.pages.current == 'records' and window.pages.page('records').table.model.was_loaded\n"
        "late = {'desktop.actions.judging', 'desktop.rules.charging', 'desktop.store.facts', 'desktop.store.schema', 'desktop.ui.choice_fields',\n"
        "        'desktop.ui.forms', 'desktop.ui.pages.records_detail', 'desktop.ui.pages.records_steps', 'python_calamine'}\n"
        "print(sorted(late & set(sys.modules)))\n"
        "import os; sys.stdout.flush(); os._exit(0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(home)], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def test_preferences_are_whole_or_the_old_ones(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "deep" / "window.json"
    kept = Preferences(file)
    kept["language"] = "en"
    kept["split.x"] = [1, 2]
    kept.save()
    assert dict(Preferences(file)) == {"language": "en", "split.x": [1, 2]}
    with pytest.raises(TypeError, match="serializable"):
        kept["x"] = object()
    del kept["split.x"]
    kept.save()
    assert len(Preferences(file)) == 1
    file.write_text("[1, 2", "utf-8")
    assert dict(Preferences(file)) == {}
    assert file.with_suffix(".unreadable").exists()
    assert "preferences.unreadable" in caplog.text
    blocked = Preferences(tmp_path / "deep" / "window.unreadable" / "x.json")
    blocked["a"] = 1
    blocked.save()
    assert "preferences.not_saved" in caplog.text
