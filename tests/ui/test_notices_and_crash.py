"""What is told in the bar, and what is told when the program itself is wrong."""

from __future__ import annotations

import logging
import sys

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.ledger.problem import Problem
from desktop.ui import notices
from desktop.ui.crash import details, place_of, signature
from desktop.ui.crashes import Crashes
from desktop.ui.notices import Notice, NoticeBar


@pytest.fixture
def bar(qtbot: QtBot) -> NoticeBar:
    made = NoticeBar()
    qtbot.addWidget(made)
    return made


def told(bar: NoticeBar) -> list[str]:
    return [view.words.text() for view in bar.views()]


def test_the_newest_stands_on_top_and_three_are_enough(bar: NoticeBar) -> None:
    for n in range(5):
        bar.tell(Notice("warning", f"第 {n} 条"))
    assert told(bar) == ["第 4 条", "第 3 条", "第 2 条"]


def test_the_same_is_not_told_twice_and_a_key_replaces(bar: NoticeBar) -> None:
    bar.tell(Notice("note", "一"))
    bar.tell(Notice("note", "一"))
    bar.tell(Notice("note", "发送 1", key="send"))
    bar.tell(Notice("done", "发送 2", key="send"))
    assert told(bar) == ["发送 2", "一"]


def test_an_action_acts_and_closes(bar: NoticeBar) -> None:
    done: list[int] = []
    bar.tell(Notice("error", "<a href='x'>坏</a>", ("看看", lambda: done.append(1))))
    view = bar.views()[0]
    assert view.words.text() == "<a href='x'>坏</a>"
    assert view.words.textFormat().name == "PlainText"
    assert view.action is not None
    view.action.click()
    assert (done, told(bar), bar.isHidden()) == ([1], [], True)


def test_what_went_well_goes_by_itself_and_the_rest_stays(bar: NoticeBar, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "DONE_MS", 1)
    bar.tell(Notice("error", "坏"))
    bar.tell(Notice("done", "好"))
    qtbot.waitUntil(lambda: told(bar) == ["坏"])
    bar.views()[0].closer.click()
    assert bar.isHidden()


def broken(secret: str) -> Exception:
    try:
        try:
            int(secret)
        except ValueError as error:
            raise KeyError(secret) from error
    except KeyError as error:
        return error


def test_details_carry_no_data_and_no_place_of_the_machine() -> None:
    text = details(broken("王垚 ¥12,345.67"))
    assert "王垚" not in text
    assert "12,345" not in text
    assert "KeyError" in text
    assert "ValueError" in text
    assert "/" not in text.replace("tests/ui", "").replace(place_of(__file__), "")
    assert "test_notices_and_crash.py" in text


def test_a_problem_keeps_its_code_and_the_same_bug_its_sign() -> None:
    assert "Problem store.full" in details(Problem("store.full", path="王垚"))
    assert "王垚" not in details(Problem("store.full", path="王垚"))
    assert signature(broken("1x")) == signature(broken("2y"))
    assert signature(broken("1x")) != signature(ZeroDivisionError())


@pytest.mark.parametrize(
    ("file", "place"),
    [
        ("/srv/x/desktop/ui/jobs.py", "desktop/ui/jobs.py"),
        ("/y/lib/python3.11/site-packages/sqlalchemy/engine/base.py", "sqlalchemy/engine/base.py"),
        ("/y/lib/python3.11/threading.py", "threading.py"),
        ("<string>", "<string>"),
        ("", "?"),
    ],
)
def test_files_are_named_from_inside_the_program(file: str, place: str) -> None:
    assert place_of(file) == place


def test_one_dialog_takes_all_crashes_and_the_log_gets_them(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    crashes = Crashes(lambda: None)
    before = sys.excepthook
    crashes.install()
    try:
        with caplog.at_level(logging.ERROR, "yixiang.crash"):
            error = broken("王垚")
            sys.excepthook(type(error), error, error.__traceback__)
            crashes.show(ZeroDivisionError())
    finally:
        sys.excepthook = before
    dialog = crashes.dialog
    assert dialog is not None
    assert "KeyError" in dialog.text.toPlainText()
    assert "ZeroDivisionError" in dialog.text.toPlainText()
    assert len(caplog.records) == 2
    assert "王垚" not in caplog.text
    dialog.findChildren(QPushButton)[0].click()
    assert QGuiApplication.clipboard().text() == dialog.text.toPlainText()
    dialog.accept()
    assert crashes.dialog is None


def test_ctrl_c_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[object] = []
    monkeypatch.setattr(sys, "__excepthook__", lambda *given: passed.append(given[0]))
    before = sys.excepthook
    crashes = Crashes(lambda: None)
    crashes.install()
    try:
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    finally:
        sys.excepthook = before
    assert passed == [KeyboardInterrupt]
    assert crashes.dialog is None
