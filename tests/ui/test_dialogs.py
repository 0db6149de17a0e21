"""The dialogs every page needs: what they say, what they hand on, when they stay open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.actions.progress import Progress
from desktop.ui.dialogs.confirm_dialog import confirm
from desktop.ui.dialogs.file_dialog import filters, open_file, save_file
from desktop.ui.dialogs.frame import DialogFrame
from desktop.ui.dialogs.passphrase_dialog import ask_passphrase, new_passphrase
from desktop.ui.dialogs.pin_dialog import PinAnswer, ask_pin
from desktop.ui.dialogs.progress_dialog import ProgressDialog, watch
from desktop.ui.dialogs.reason_dialog import ask_reason
from desktop.ui.jobs import Jobs
from desktop.ui.labels import fit_height, label
from tests.ui import demo


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def test_an_irreversible_step_says_so_and_the_safe_way_out_is_the_default(window: QWidget) -> None:
    done: list[int] = []
    effects = [f"第 {n} 项" for n in range(20)]
    dialog = confirm(window, title="审批", effects=effects, do="审批", then=lambda: done.append(1), irreversible="不能撤销。")
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert "第 11 项" in said
    assert "第 12 项" not in said
    assert "…另有 8 项" in said
    assert "不能撤销。" in said
    assert dialog.cancel.isDefault()
    assert not dialog.do.isDefault()
    dialog.cancel.click()
    assert done == []


def test_a_dialog_grows_for_a_line_that_needs_more_rows_once_it_is_known(window: QWidget, qtbot: QtBot) -> None:
    window.resize(1280, 800)
    frame = DialogFrame(window, "调配候选", "关闭")
    says, below = label(), QWidget()
    below.setMinimumHeight(320)
    frame.body.addWidget(says)
    frame.body.addWidget(below, 1)
    frame.open()
    before = frame.height()
    says.setText("按上一年的记录，候选若干台。" * 12)
    fit_height(frame)
    assert frame.height() > before
    assert says.height() >= says.heightForWidth(says.width())
    frame.close()


def test_yes_means_yes_once(window: QWidget) -> None:
    done: list[int] = []
    dialog = confirm(window, title="删除", effects=["一行"], do="删除", then=lambda: done.append(1))
    assert dialog.do.isDefault()
    dialog.do.click()
    assert done == [1]


def test_a_reason_is_needed(window: QWidget) -> None:
    got: list[str] = []
    dialog = ask_reason(window, title="冲销", do="冲销", then=got.append)
    assert not dialog.do.isEnabled()
    dialog.text.setPlainText(" x ")
    assert not dialog.do.isEnabled()
    dialog.text.setPlainText("  录错单位 ")
    dialog.do.click()
    assert got == ["录错单位"]


def test_a_wrong_pin_is_said_and_asked_again(window: QWidget, qtbot: QtBot) -> None:
    given: list[PinAnswer] = []

    def submit(answer: PinAnswer, dialog: Any) -> None:
        given.append(answer)
        if answer.pin == "2468":
            dialog.accept()
        else:
            dialog.refuse("PIN 不对，没有审批。")

    dialog = ask_pin(window, people=demo.PEOPLE, purpose="审批", submit=submit)
    dialog.person.setCurrentIndex(1)
    qtbot.keyClicks(dialog.pin, "1111")
    dialog.do.click()
    assert dialog.said.words.text() == "PIN 不对，没有审批。"
    assert (dialog.pin.text(), dialog.do.isEnabled(), dialog.isVisible()) == ("", True, True)
    qtbot.keyClicks(dialog.pin, "2468")
    qtbot.keyClick(dialog.pin, Qt.Key.Key_Return)
    assert given == [PinAnswer("p2", "1111"), PinAnswer("p2", "2468")]
    assert not dialog.isVisible()
    assert "2468" not in repr(given)


def test_nobody_to_act_is_said_with_what_to_do(window: QWidget) -> None:
    dialog = ask_pin(window, people=[], purpose="审批", submit=lambda answer, dialog: None)
    assert not dialog.do.isEnabled()
    assert any("设置" in label.text() for label in dialog.findChildren(QLabel))
    dialog.reject()


def test_a_new_passphrase_is_typed_twice(window: QWidget, qtbot: QtBot) -> None:
    got: list[str] = []
    dialog = new_passphrase(window, submit=lambda passphrase, dialog: got.append(passphrase))
    for first, second, able in (("short", "short", False), ("long enough", "long", False), ("long enough", "long enough", True)):
        dialog.first.setText(first)
        dialog.second.setText(second)
        assert dialog.do.isEnabled() is able
    assert dialog.first.echoMode().name == "Password"
    dialog.shown.click()
    assert dialog.first.echoMode().name == "Normal"
    dialog.do.click()
    assert got == ["long enough"]
    dialog.accept()


def test_a_refused_passphrase_can_be_corrected(window: QWidget) -> None:
    dialog = ask_passphrase(window, submit=lambda passphrase, dialog: dialog.refuse("口令不对。"))
    assert not dialog.do.isEnabled()
    dialog.first.setText("x")
    dialog.do.click()
    assert dialog.isVisible()
    assert dialog.first.selectedText() or dialog.first.hasSelectedText()
    dialog.reject()


def test_a_file_is_chosen_and_its_folder_remembered(window: QWidget, tmp_path: Path) -> None:
    preferences: dict[str, object] = {"folder.import": "/no/such/folder"}
    kinds = [("Excel", ("xlsx", "xls")), ("CSV", ("csv",))]
    assert filters(kinds) == ["Excel (*.xlsx *.xls)", "CSV (*.csv)"]
    got: list[Path] = []
    chosen = tmp_path / "仪器.xlsx"
    dialog = open_file(window, title="导入", kinds=kinds, preferences=preferences, purpose="import", then=got.append)
    dialog.fileSelected.emit(str(chosen))
    dialog.close()
    assert (got, preferences["folder.import"]) == ([chosen], str(tmp_path))
    saving = save_file(
        window, title="导出", name="表.xlsx", kinds=kinds, preferences=preferences, purpose="import", then=got.append
    )
    assert saving.directory().absolutePath() == str(tmp_path)
    assert saving.defaultSuffix() == "xlsx"
    saving.close()


def test_a_long_job_is_watched_and_stopped(window: QWidget, qtbot: QtBot, lanes: Jobs) -> None:
    def work(progress: Progress) -> None:
        progress.report(2, 5)
        while True:
            progress.check()

    stopped: list[str] = []
    lanes.stopped.connect(stopped.append)
    job = lanes.write("导入服务记录", work)
    watch(window, lanes, job)
    qtbot.waitUntil(lambda: bool(window.findChildren(ProgressDialog)))
    dialog = window.findChildren(ProgressDialog)[0]
    qtbot.waitUntil(lambda: dialog.words.text() == "导入服务记录 · 2 / 5")
    with qtbot.waitSignal(lanes.idle):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.stop_button.isEnabled()
    assert stopped == ["导入服务记录"]
    qtbot.waitUntil(lambda: not window.findChildren(ProgressDialog))
