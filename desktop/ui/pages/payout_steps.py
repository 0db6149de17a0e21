"""The steps of a run at the desk: approve, close, withdraw, reverse, payroll file, paper. Each asks who, says what it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop import words
from desktop.actions import payout_views, payouts, reporting
from desktop.actions.payouts import Run
from desktop.actions.workspace import Workspace
from desktop.ledger.people import Person
from desktop.ledger.problem import Problem
from desktop.ui import texts
from desktop.ui.desk import Desk
from desktop.ui.dialogs.file_dialog import save_file
from desktop.ui.dialogs.pin_dialog import PinAnswer, PinDialog, ask_pin, choices
from desktop.ui.dialogs.reason_dialog import ask_reason
from desktop.words import tr

_MOST = 5


def told(problem: Problem) -> str:
    """A problem with its first findings, a line each."""
    lines = [texts.problem(problem), *(texts.finding(each).text for each in problem.findings[:_MOST])]
    if len(problem.findings) > _MOST:
        lines.append(tr("…另有 {n} 项", n=len(problem.findings) - _MOST))
    return "\n".join(lines)


def ask_who(
    desk: Desk,
    parent: QWidget,
    step: str,
    *,
    purpose: str,
    says: str,
    do: str,
    work: Callable[[Workspace, str, str], object],
    then: Callable[[object], object],
) -> None:
    """Ask who takes a step of a run or month and for the PIN, then do it: ``work(workspace, name, pin)`` on the writer lane.

    A refusal is said in the dialog, which stays open; ``then(result)`` once it is done.
    """
    workspace = desk.workspace

    def submit(answer: PinAnswer, dialog: PinDialog) -> None:
        def done(result: object) -> None:
            dialog.accept()
            then(result)

        desk.jobs.write(
            purpose,
            lambda progress: work(workspace, answer.person, answer.pin),
            done,
            failed=lambda problem: dialog.refuse(told(problem)),
            owner=dialog,
        )

    def opened(people: Sequence[Person]) -> None:
        ask_pin(parent, people=choices(people), purpose=purpose, says=says, do=do, submit=submit)

    desk.jobs.read(lambda progress: payout_views.allowed(workspace, step), opened, owner=parent, key="who")


class PayoutSteps:
    """``after(run)``: a step was taken and this is the run it made or changed."""

    def __init__(self, desk: Desk, parent: QWidget, after: Callable[[Run], object]) -> None:
        self.desk = desk
        self.parent = parent
        self.after = after

    def _done(self, words_: str) -> Callable[[object], None]:
        def then(result: object) -> None:
            if isinstance(result, Run):
                self.desk.tell("done", words_.replace("{run}", result.number))
                self.after(result)

        return then

    def approve(self, run: Run) -> None:
        """Another person approves a prepared run."""
        if run.reverses:
            says = tr("审批冲销 {run}：原来的分配不再有效，其中的记录和成本重新变为未结算。不能撤销。", run=run.number)
        else:
            says = tr(
                "审批 {run}：{n} 名技术人员合计 {fen}，金额从此固定，只能用冲销更正。编制人 {name} 不能审批自己编制的分配。",
                run=run.number, n=_n_technicians(run), fen=texts.money(run.pool_fen), name=run.prepared_by,
            )  # fmt: skip
        if run.findings:
            says += "\n" + tr("编制时有 {n} 条提示，请先看过。", n=len(run.findings))
        ask_who(
            self.desk, self.parent, "approve", purpose=tr("审批分配 {run}", run=run.number), says=says, do=words.say("payout.steps.approve"),
            work=lambda workspace, name, pin: payouts.approve(workspace, run.number, name, pin),
            then=self._done(tr("{run} 已审批。")),
        )  # fmt: skip

    def close(self, run: Run) -> None:
        """An approved run has been paid (a reversing one: the money is back)."""
        if run.reverses:
            says = tr("结清表示 {fen} 已经收回。结清后不能退回。", fen=texts.money(-run.pool_fen))
        else:
            says = tr("结清表示 {fen} 已经发放。结清后不能退回，更正只能用冲销。", fen=texts.money(run.pool_fen))
        ask_who(
            self.desk, self.parent, "close", purpose=tr("结清分配 {run}", run=run.number),
            says=says, do=tr("结清"),
            work=lambda workspace, name, pin: payouts.close(workspace, run.number, name, pin),
            then=self._done(tr("{run} 已结清。")),
        )  # fmt: skip

    def withdraw(self, run: Run) -> None:
        """A prepared run is dropped."""
        ask_who(
            self.desk, self.parent, "withdraw", purpose=tr("撤回分配 {run}", run=run.number),
            says=tr("撤回后，{run} 中的记录和成本重新变为未结算，可以再编制。编号保留在历史里。", run=run.number), do=tr("撤回"),
            work=lambda workspace, name, pin: payouts.withdraw(workspace, run.number, name, pin),
            then=self._done(tr("{run} 已撤回。")),
        )  # fmt: skip

    def reverse(self, run: Run) -> None:
        """The exact negative of a run is prepared, with a reason; another person approves it."""

        def reasoned(reason: str) -> None:
            ask_who(
                self.desk, self.parent, "reverse", purpose=tr("冲销分配 {run}", run=run.number),
                says=tr("编制一份与 {run} 金额相反的冲销；由另一人审批后生效。原因：{reason}", run=run.number, reason=texts.visible(reason)),
                do=tr("编制冲销"),
                work=lambda workspace, name, pin: payouts.reverse(workspace, run.number, name, pin, reason),
                then=self._done(tr("冲销 {run} 已编制，等待另一人审批。")),
            )  # fmt: skip

        ask_reason(
            self.parent, title=tr("冲销分配 {run}", run=run.number), do=tr("下一步"), then=reasoned,
            says=tr("整次分配按原比例原金额冲回（{fen}）。请写明原因。", fen=texts.money(run.pool_fen)),
        )  # fmt: skip

    def export(self, run: Run) -> None:
        """The payroll file of an approved run."""

        def chosen(path: Path) -> None:
            workspace = self.desk.workspace
            self.desk.jobs.read(
                lambda progress: payouts.export_payroll(workspace, run.number, path),
                lambda done: self.desk.tell("done", tr("发放表已导出：{path}", path=done)),
                title=tr("导出发放表"), owner=self.parent, key="payroll",
            )  # fmt: skip

        save_file(
            self.parent, title=tr("导出发放表"), name=tr("发放表-{run}", run=run.number) + ".xlsx",
            kinds=((tr("Excel 工作簿"), ("xlsx",)), (tr("CSV 文件"), ("csv",))),
            preferences=self.desk.preferences, purpose="payroll", then=chosen,
        )  # fmt: skip

    def paper(self, run: Run) -> None:
        """The payout sheet as PDF."""

        def chosen(path: Path) -> None:
            workspace = self.desk.workspace
            period = str(run.to_on.year)
            self.desk.jobs.write(
                tr("打印分配表"),
                lambda progress: reporting.make(workspace, "payout", period=period, out=path, run=run.number, progress=progress),
                self._printed, owner=self.parent,
            )  # fmt: skip

        save_file(
            self.parent, title=tr("保存分配表"), name=tr("分配表-{run}", run=run.number) + ".pdf",
            kinds=((tr("PDF 文件"), ("pdf",)), (tr("Excel 工作簿"), ("xlsx",))),
            preferences=self.desk.preferences, purpose="reports", then=chosen,
        )  # fmt: skip

    def _printed(self, made: reporting.Made) -> None:
        notes = [texts.finding(each).text for each in made.findings[:_MOST]]
        self.desk.tell("warning" if notes else "done", "\n".join((tr("分配表已保存：{path}", path=made.path), *notes)))


def _n_technicians(run: Run) -> int:
    return sum(share.technician_id is not None for share in run.shares)
