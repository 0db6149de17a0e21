"""设置 · 操作日志: what was done to the ledger, by whom, when and why; what can be taken back is taken back from here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from desktop import words
from desktop.ui.chips import Chip
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog, confirm
from desktop.ui.empty import Empty
from desktop.ui.held_rows import HeldTable
from desktop.ui.open_ledger import operation_words
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages.settings_part import SettingsPart
from desktop.ui.table import RowAction
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.history import Done

_SHOWN = 500


class HistoryPart(SettingsPart):
    """See the module's head. Every write changes it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            words.say("settings.part.history"),
            tr("每一步都留下记录，不能改写。后来没有再改动过的步骤可以单独撤销；已记账、已审批、已报送的只能冲销。"),
        )
        self.done: dict[int, Done] = {}
        self.undo_button = self.button(tr("撤销这一步…"), "undo", self.ask_undo)
        self.older_button = self.button(tr("更早的操作"), "down", self.older)
        columns = (
            Column("seq", tr("序号"), "number", 72),
            Column("at", tr("时间"), "moment", 136),
            Column("what", tr("操作"), width=248),
            Column("who", tr("经办"), width=96),
            Column("reason", tr("理由"), width=128, blank="—"),
            Column("rows", tr("行数"), "number", 72),
            Column("state", tr("状态"), width=144),
        )
        self.table = HeldTable(
            columns,
            name="settings.history",
            preferences=desk.preferences,
            empty=Empty(tr("还没有操作"), tr("导入、录入、记账等每一步都会记在这里。"), "history"),
            title=words.say("settings.part.history"),
            filters={"undoable": lambda row, value: self.can_undo(int(row[0]))},
            chips=(Chip("undoable", "1", tr("可以撤销的")),),
            actions=(RowAction(tr("撤销这一步…"), lambda keys: self.ask_undo(), "undo", "one", allowed=self._allowed),),
        )
        self.table.selected.connect(self._chosen)
        self.body.addWidget(self.table)
        self._chosen([])

    def refresh(self) -> None:
        self.done = {}
        self._read(None)

    def older(self) -> None:
        """Read further back."""
        self._read(min(self.done, default=None))

    def _read(self, before: int | None) -> None:
        from desktop.actions import history

        workspace = self.desk.workspace
        self.desk.jobs.read(
            lambda progress: history.latest(workspace, _SHOWN, before), self.show_operations, owner=self, key="history"
        )

    def show_operations(self, found: Sequence[Done]) -> None:
        """List them, newest first."""
        self.done |= {one.seq: one for one in found}
        self.older_button.setEnabled(len(found) == _SHOWN)
        self.table.hold(
            (
                one.seq, one.seq, datetime.fromisoformat(one.at), operation_words(one), one.who, one.reason, one.n_rows,
                _state_words(one),
            )
            for one in sorted(self.done.values(), key=lambda each: -each.seq)
        )  # fmt: skip
        self._chosen(self.table.keys())

    def can_undo(self, seq: int) -> bool:
        """Whether an operation may be taken back, as far as it can be known without trying."""
        one = self.done.get(seq)
        return one is not None and one.undoable and one.undone_by is None

    def _allowed(self, keys: list[Key]) -> bool:
        return self.can_undo(int(keys[0]))

    def _chosen(self, keys: list[Key]) -> None:
        self.undo_button.setEnabled(len(keys) == 1 and self._allowed(keys))

    def ask_undo(self) -> ConfirmDialog | None:
        """Say what is taken back."""
        keys = self.table.keys()
        if len(keys) != 1 or not self._allowed(keys):
            return None
        one = self.done[int(keys[0])]
        return confirm(
            self,
            title=tr("撤销“{what}”", what=operation_words(one)),
            effects=[
                tr("第 {seq} 号操作改动的 {n} 行恢复成它之前的样子", seq=one.seq, n=f"{one.n_rows:,}"),
                tr("后来又改过其中任何一行时不会撤销，先告诉您是哪一步"),
                tr("撤销本身也记入日志，还可以重做"),
            ],
            do=tr("撤销"),
            then=lambda: self.undo(one.seq),
        )

    def undo(self, seq: int) -> None:
        """Take one operation back."""
        from desktop.actions import history

        workspace = self.desk.workspace
        self.desk.jobs.write(
            tr("撤销"),
            lambda progress: history.undo_one(workspace, seq),
            lambda _: self.desk.tell("done", tr("第 {seq} 号操作已撤销。", seq=seq)),
            owner=self,
        )


def _state_words(one: Done) -> str:
    if one.undone_by is not None:
        return tr("已被第 {seq} 号撤销", seq=one.undone_by)
    return "" if one.undoable else tr("不能撤销")
