"""Below what is open in 分配: runs that are known by their marks alone, and releasing the marks of one that is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop import words
from desktop.actions import payout_releases
from desktop.actions.payout_releases import AwayRun, Known, Released
from desktop.ledger.people import Person
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.dialogs.pin_dialog import PinAnswer, PinDialog, ask_pin, choices
from desktop.ui.dialogs.reason_dialog import ask_reason
from desktop.ui.pages.payout_steps import ask_who, told
from desktop.words import tr


class AwayRuns(QWidget):
    """One button a run; hidden while there is none. ``done``: something was released."""

    def __init__(self, desk: Desk, done: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._done = done
        self.buttons: list[QPushButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def show_runs(self, runs: Sequence[AwayRun]) -> None:
        """Draw them."""
        for button in self.buttons:
            button.setParent(None)
            button.deleteLater()
        self.buttons = []
        for run in runs:
            button = QPushButton(tr("{run} 在别的电脑上…", run=texts.visible(run.number)))
            theme.dress(button, "info", "note")
            said = tr("结算着 {n} 笔记账。那次分配这里看不到；那台电脑没了的话，可由两个人释放它们。", n=run.n_postings)
            button.setToolTip(texts.tip(said))
            button.clicked.connect(lambda checked=False, run=run: self.release(run))
            self._column.addWidget(button)
            self.buttons.append(button)
        self.setVisible(bool(runs))

    def release(self, run: AwayRun) -> None:
        """Ask the hub, then for the reason, for who asks and for who approves."""
        workspace = self.desk.workspace
        self.desk.jobs.read(
            lambda progress: payout_releases.ask(workspace, run.number, progress), self._reason,
            failed=lambda problem: self.desk.tell("error", told(problem)), title=tr("问机构中心"), owner=self, key="away",
        )  # fmt: skip

    def _reason(self, known: Known) -> None:
        run = known.run
        says = words.say("payout.release_asked", run=run.number, device=known.device or "—", at=known.last_at or "—")
        says += "\n" + tr(
            "如果那台电脑还在，请在它上面撤回或冲销 {run} 并同步，不要在这里释放。确实没了才释放：它结算的 {n} 笔记账重新待分配，已经发过的钱不会退回。"
            "写明原因，由两个人办理。",
            run=run.number, n=run.n_postings,
        )  # fmt: skip
        ask_reason(
            self, title=tr("释放分配 {run} 结算的内容", run=run.number), do=tr("下一步"), then=lambda reason: self._asked(known, reason), says=says
        )

    def _asked(self, known: Known, reason: str) -> None:
        """Who asks for it is checked with the second person's step, so that nothing is written by one alone."""
        from desktop.actions import payout_views

        workspace, number = self.desk.workspace, known.run.number

        def first(answer: PinAnswer, dialog: PinDialog) -> None:
            dialog.accept()
            ask_who(
                self.desk, self, "approve_release", purpose=tr("审批释放 {run}", run=number), do=tr("释放"),
                says=tr("由另一人审批。原因：{reason}", reason=texts.visible(reason)),
                work=lambda workspace, name, pin: payout_releases.release(workspace, number, reason, answer.person, name, pins=(answer.pin, pin)),
                then=self._released,
            )  # fmt: skip

        def opened(people: Sequence[Person]) -> None:
            says = tr("提出释放的人。原因：{reason}", reason=texts.visible(reason))
            ask_pin(self, people=choices(people), purpose=tr("释放分配 {run} 结算的内容", run=number), says=says, do=tr("下一步"), submit=first)

        self.desk.jobs.read(lambda progress: payout_views.allowed(workspace, "release"), opened, owner=self, key="who")

    def _released(self, result: object) -> None:
        if isinstance(result, Released):
            said = tr("分配 {run} 结算的 {n} 笔记账重新待分配。请马上同步，让其他电脑也知道。", run=result.run.number, n=result.run.n_postings)
            self.desk.tell("warning" if result.findings else "done", "\n".join((said, *(texts.finding(one).text for one in result.findings))))
            self._done()
