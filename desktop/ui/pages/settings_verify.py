"""设置 · 校验: the whole ledger recomputed from its live rows, and what did not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.dialogs.progress_dialog import watch
from desktop.ui.empty import Empty
from desktop.ui.fact_list import FactList
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import label
from desktop.ui.paged_model import Column
from desktop.ui.pages.settings_part import SettingsPart
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.upkeep import Verdict


class VerifyPart(SettingsPart):
    """See the module's head."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("校验"), tr("从头核对文件、操作日志的每一环、每一行数据和每一笔金额。只读，不改动任何内容。"))
        self.run_button = self.button(tr("开始校验"), "check", self.run, primary=True)
        self.verdict = label("", role="large")
        self.facts = FactList()
        columns = (Column("n", tr("序号"), "number", 64), Column("what", tr("不符之处和处理办法"), width=720, sortable=False))
        self.table = HeldTable(
            columns,
            name="settings.verify",
            preferences=desk.preferences,
            empty=Empty(
                tr("还没有校验"),
                tr("怀疑台账被别的程序改过、或电脑出过故障后，请校验一次。"),
                "check",
                ((tr("开始校验"), self.run),),
            ),
            title=tr("校验结果"),
        )
        self.body.addWidget(self.verdict)
        self.body.addWidget(self.facts)
        self.body.addWidget(self.table, 1)
        self.body.addStretch(0)
        self.verdict.hide()
        self.table.refresh()

    def run(self) -> None:
        """Verify on a reader lane."""
        from desktop.actions import upkeep

        workspace = self.desk.workspace
        self.run_button.setEnabled(False)

        def work(progress: object) -> Verdict:
            return upkeep.verify(workspace, progress)  # type: ignore[arg-type]  # a job hands a Progress

        def failed(problem: object) -> None:
            self.run_button.setEnabled(True)

        job = self.desk.jobs.read(work, self.show_verdict, title=tr("校验台账"), owner=self, failed=failed, key="verify")
        watch(self, self.desk.jobs, job)

    def show_verdict(self, found: Verdict) -> None:
        """Say whether it fits, and what did not."""
        self.run_button.setEnabled(True)
        n = len(found.findings)
        self.verdict.setText(tr("校验通过") if found.ok else tr("有 {n} 处不符", n=n))
        theme.say_tone(self.verdict, "done" if found.ok else "error")
        self.verdict.show()
        self.facts.show_facts(
            [
                (tr("操作日志"), tr("{n} 步，环环相扣", n=f"{found.n_operations:,}") if found.ok else f"{found.n_operations:,}"),
                (tr("数据行"), tr("{n} 行与日志一致", n=f"{found.n_rows:,}") if found.ok else f"{found.n_rows:,}"),
                (tr("日志链头"), found.head),
            ]
        )
        self.table.setVisible(not found.ok)
        self.table.hold((place, place, texts.finding(one).text) for place, one in enumerate(found.findings, start=1))
