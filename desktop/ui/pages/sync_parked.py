"""What waits and why: a list that opens each row where it can be put right, and fetches the files that were added on another computer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop import words
from desktop.actions.sync_words import FILE_ELSEWHERE
from desktop.ledger.changes import Changes
from desktop.ledger.problem import Problem
from desktop.ui import theme
from desktop.ui.desk import Desk
from desktop.ui.dialogs.progress_dialog import watch
from desktop.ui.held_rows import HeldTable
from desktop.ui.paged_model import Key
from desktop.ui.pages import sync_tables
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.evidence_fetch import Fetched
    from desktop.actions.sync_views import ParkedView


class ParkedTab(QWidget):
    """The rows that a remote, or this ledger, did not take."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._parked: list[ParkedView] = []
        self.table: HeldTable = sync_tables.parked_table(desk)
        self.table.opened.connect(self._open)
        self.fetch_button = QPushButton(tr("取回等着的文件"))
        theme.dress(self.fetch_button, "down", "muted")
        self.fetch_button.setToolTip(tr("文件是在另一台电脑上添加的：取到本机，下次同步就会报送"))
        self.fetch_button.clicked.connect(lambda: self.fetch())
        line = QHBoxLayout()
        line.addWidget(self.fetch_button)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.addLayout(line)
        column.addWidget(self.table)
        self.fetch_button.hide()

    def hold(self, parked: Sequence[ParkedView]) -> None:
        """Show these rows."""
        self._parked = list(parked)
        self.table.hold(sync_tables.parked_rows(parked))
        self.fetch_button.setVisible(any(one.code == FILE_ELSEWHERE for one in parked))
        self.fetch_button.setEnabled(True)

    def fetch(self) -> None:
        """Bring every file here that a remote waits for."""
        from desktop.actions import evidence_fetch

        workspace = self._desk.workspace
        self.fetch_button.setEnabled(False)
        job = self._desk.jobs.write(
            tr("取回附件"), lambda progress: evidence_fetch.fetch_awaited(workspace, progress), self._fetched, failed=self._failed, owner=self
        )
        watch(self, self._desk.jobs, job)

    def _fetched(self, done: Fetched) -> None:
        self.fetch_button.setEnabled(True)
        said = [tr("已取回 {n} 个文件，下次同步就会报送。", n=len(done.fetched))] if done.fetched else []
        said += [words.say(one.code, **dict(one.params)) for one in done.nowhere]
        self._desk.tell("warning" if done.nowhere else "done", " ".join(said or [tr("没有在等的文件。")]))
        self._desk.announce(done.changes)

    def _failed(self, problem: Problem) -> None:
        self.fetch_button.setEnabled(True)
        # What came until then is here.
        self._desk.announce(Changes(0, frozenset({"attachment"})))
        self._desk.trouble(problem)

    def _open(self, key: Key) -> None:
        page, where = sync_tables.place_of(self._parked[int(key)])
        if page:
            self._desk.go(page, **where)
