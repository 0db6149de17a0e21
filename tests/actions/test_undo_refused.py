"""Why an operation is not undone, in the words of the history: which one it is, of what kinds the rows are, and no name of the program's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from desktop import words
from desktop.actions import history, importing, transfers
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused
from tests.actions.making import OFFICE, PINS


def said(call: object, *args: object) -> str:
    with pytest.raises(Refused) as refused:
        call(*args)  # type: ignore[operator]  # a function
    told = words.say_in("zh", refused.value.code, **refused.value.params)
    assert not re.search(r"[a-z]+[ _][a-z]+", told), "a name of the program's own"
    return told


def test_what_is_final_is_named_and_so_is_what_was_changed_since(small: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "甲.csv"
    for name in ("扫描电镜", "透射电镜"):
        path.write_text(f"所在单位仪器编号,仪器设备名称,仪器分类编码,原值\nZ1,{name},010102,50\n", "utf-8")
        importing.import_file(small, "instruments", path)
    newest, first = history.latest(small, 2)
    told = said(history.undo_one, small, first.seq)
    assert "有 1 行（仪器）" in told
    history.undo_one(small, newest.seq)
    assert "已经撤销" in said(history.undo_one, small, newest.seq)
    transfers.prepare(small, "A1", "internal", "使用率低", OFFICE, PINS[OFFICE], department="化学系")
    told = said(history.undo_last, small)
    assert "（编制内部调配 A1）" in told
    assert "撤回" in told
    assert history.offered(small)[0] is None
