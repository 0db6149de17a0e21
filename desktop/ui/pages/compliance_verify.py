"""The ledger checked against its own journal: file, chain of operations, every row, the sums of money; and the verdict."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.actions import anchoring, upkeep
from desktop.actions.upkeep import Verdict
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.dialogs.import_steps import JobRow
from desktop.ui.empty import Empty
from desktop.ui.fact_list import FactList
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import label
from desktop.ui.paged_model import Column
from desktop.words import tr


class VerifyView(QWidget):
    """A button, and what came of it."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.verdict: Verdict | None = None
        self.start = QPushButton(tr("校验台账"))
        self.start.setProperty("role", "primary")
        theme.dress(self.start, "check", "on_accent")
        self.start.clicked.connect(self.verify)
        self.row = JobRow(desk.jobs)
        says = tr(
            "从头重算整本台账：文件是否完整，操作日志是否首尾相连，每一行是否与日志一致，分配的钱是否合计得上。"
            "绕过本程序的改动会被指出来。只读不写，可以随时做。"
        )
        self.icon = theme.IconLabel("info", "muted", 24)
        self.title = QLabel(tr("这次打开以来还没有校验"))
        self.title.setProperty("role", "section")
        self.facts = FactList()
        self.table = HeldTable(
            [Column("words", tr("不符之处"), width=640)],
            name="verify",
            title=tr("不符之处"),
            preferences=desk.preferences,
            empty=Empty(tr("没有不符之处"), tr("台账与它的日志完全一致。"), "done"),
        )
        self.table.hide()
        head = QHBoxLayout()
        head.setSpacing(theme.UNIT)
        head.addWidget(self.start)
        head.addWidget(self.row, 1)
        line = QHBoxLayout()
        line.setSpacing(theme.UNIT)
        line.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.setSpacing(2 * theme.UNIT)
        column.addWidget(label(says, tone="muted"))
        column.addLayout(head)
        column.addLayout(line)
        column.addWidget(self.facts)
        column.addWidget(self.table, 1)
        column.addStretch(1)

    def verify(self) -> None:
        """Recompute everything on a reader lane; it can be stopped."""
        workspace = self.desk.workspace
        self.start.setEnabled(False)

        def failed(problem: object) -> None:
            self.start.setEnabled(True)
            self.title.setText(tr("校验没有做完"))

        job = self.desk.jobs.read(
            lambda progress: upkeep.verify(workspace, progress),
            self.show_verdict,
            failed=failed,
            title=tr("校验台账"),
            owner=self,
            key="verify",
        )
        self.row.watch(job)

    def show_verdict(self, verdict: Verdict) -> None:
        """Say it."""
        self.verdict = verdict
        self.start.setEnabled(True)
        tone = "done" if verdict.ok else "error"
        theme.dress(self.icon, tone, tone, 24)
        if verdict.ok:
            self.title.setText(tr("校验通过：台账与日志一致，没有被绕过本程序改动"))
        else:
            self.title.setText(tr("校验发现 {n} 处不符：请先备份现状，再从最近的备份恢复", n=f"{len(verdict.findings):,}"))
        theme.say_tone(self.title, "done" if verdict.ok else "error")
        self.facts.show_facts(
            [
                (tr("校验时间"), texts.moment(datetime.now(UTC))),
                (tr("操作"), f"{verdict.n_operations:,}"),
                (tr("数据行"), f"{verdict.n_rows:,}"),
                (tr("日志链头"), verdict.head),
                (tr("存证"), anchoring.words(verdict.anchor) or tr("还没有；同步之后由网络存证")),
            ]
        )
        self.table.setVisible(not verdict.ok)
        self.table.hold((n, texts.finding(each).text) for n, each in enumerate(verdict.findings))
