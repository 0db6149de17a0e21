"""The steps of changing an instrument's confidentiality (改密级): say what it means, ask who acts, tell what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QWidget

from desktop import words
from desktop.actions import reclassifying, taking_back
from desktop.actions.reclassifying import Consequences
from desktop.actions.taking_back import Offer
from desktop.ledger.instrument import Instrument
from desktop.ledger.people import Person
from desktop.ui import texts
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import confirm
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.dialogs.pin_dialog import PinAnswer, PinDialog, ask_pin, choices
from desktop.ui.dialogs.reason_dialog import ask_reason
from desktop.ui.fields import NoteField, TextField
from desktop.ui.forms import Form
from desktop.ui.pages.payout_steps import told
from desktop.words import tr

_MOST_NAMED = 8


class ReclassifySteps:
    """Each step says first what it means, asks who acts, and tells what became of it."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        self.desk = desk
        self.page = page

    def prepare(self, chosen: Sequence[Instrument]) -> None:
        """Prepare a change for these instruments, all of which are confidential, or none."""
        stated = {one.confidential for one in chosen}
        if len(stated) != 1 or None in stated:
            self.desk.tell("note", tr("选中的仪器有的涉密、有的不涉密或没有注明。请把密级相同的仪器选在一起再办。"))
            return
        to_confidential = False in stated
        workspace, numbers = self.desk.workspace, [one.asset_number for one in chosen]

        def opened(found: list[Consequences]) -> None:
            self._ask(numbers, to_confidential, found)

        self.desk.jobs.read(
            lambda progress: [reclassifying.consequences(workspace, number, to_confidential) for number in numbers[:_MOST_NAMED]],
            opened, owner=self.page, key="secrecy",
        )  # fmt: skip

    def _ask(self, numbers: Sequence[str], to_confidential: bool, found: Sequence[Consequences]) -> FormDialog:
        form = Form()
        form.add("reason", tr("理由"), NoteField(2), required=True, hint=tr("写入操作日志，审批人要看"))
        form.add("document", tr("依据文号"), TextField())
        title = tr("定为涉密：{n} 台", n=len(numbers)) if to_confidential else tr("解密：{n} 台", n=len(numbers))

        def submit(given: Mapping[str, object], dialog: FormDialog) -> None:
            dialog.accept()
            self._sign(numbers, to_confidential, str(given["reason"]), str(given["document"] or ""), title)

        return ask_form(
            self.page.window(), title=title, form=form, do=tr("下一步"), submit=submit, says=_meaning(numbers, found), width=560
        )

    def _sign(self, numbers: Sequence[str], to_confidential: bool, reason: str, document: str, title: str) -> None:
        if to_confidential:
            says = tr("编制后立即按涉密处理，等另一人确认；定错了由另一人退回。")
            done = tr("已按涉密处理，等另一人确认。")
        else:
            says = tr("编制后等另一人审批；批准之前仍按涉密处理。")
            done = tr("解密已编制，等另一人审批。")
        workspace = self.desk.workspace

        def work(name: str, pin: str) -> object:
            return reclassifying.prepare(workspace, numbers, to_confidential, reason, name, pin, document)[0]

        self._who("prepare", title, says, tr("编制"), work, done)

    def take_back(self, one: Instrument) -> None:
        """Ask remotes to delete what was sent of a confidential set: what can go and what stays is said first."""
        workspace, number = self.desk.workspace, one.asset_number
        title = tr("撤下已送出的：{number}", number=number)

        def opened(found: Offer) -> None:
            if not found.n_deletable:
                # There is nothing to ask for: what it means is all there is to read.
                said = [words.say(code, **params) for code, params in taking_back.words_of(found)]
                confirm(self.page.window(), title=title, effects=said, do=tr("知道了"), then=lambda: None).cancel.hide()
                return
            form = Form()
            form.add("reason", tr("理由"), NoteField(2), required=True, hint=tr("写入操作日志"))

            def submit(given: Mapping[str, object], dialog: FormDialog) -> None:
                dialog.accept()
                self._who(
                    "decide", title, tr("由批准改密级的人（不是编制人）请求；删除请求随下次同步或下一个离线报送包送出，不能撤销。"), tr("请求撤下"),
                    lambda name, pin: taking_back.take_back(workspace, number, str(given["reason"]), name, pin),
                    tr("已请求撤下，随下次同步或下一个离线报送包送出。"),
                )  # fmt: skip

            says = "\n".join(words.say(code, **params) for code, params in taking_back.words_of(found))
            ask_form(self.page.window(), title=title, form=form, do=tr("下一步"), submit=submit, says=says, width=640)

        self.desk.jobs.read(lambda progress: taking_back.offer(workspace, number), opened, owner=self.page, key="secrecy")

    def decide(self, step: str, one: Instrument) -> None:
        """``approve``, ``decline`` or ``withdraw`` the change that waits; ``take_back`` what was sent."""
        if step == "take_back":
            self.take_back(one)
            return
        workspace, number = self.desk.workspace, one.asset_number
        if step == "approve":

            def opened(found: Consequences) -> None:
                says = _meaning([number], [found])
                self._who(
                    "decide", tr("批准改密级：{number}", number=number), says, tr("批准"),
                    lambda name, pin: reclassifying.approve(workspace, number, name, pin), tr("已批准。"),
                )  # fmt: skip

            self.desk.jobs.read(
                lambda progress: reclassifying.waiting_consequences(workspace, number), opened, owner=self.page, key="secrecy"
            )
        elif step == "decline":

            def reasoned(reason: str) -> None:
                self._who(
                    "decide", tr("退回改密级：{number}", number=number), tr("退回后，这台仪器仍是原来的密级。"), tr("退回"),
                    lambda name, pin: reclassifying.decline(workspace, number, name, pin, reason), tr("已退回。"),
                )  # fmt: skip

            ask_reason(self.page.window(), title=tr("退回改密级：{number}", number=number), do=tr("下一步"), then=reasoned)
        else:
            self._who(
                "prepare", tr("撤回解密：{number}", number=number), tr("只有编制人可以撤回；仪器仍按涉密处理。"), tr("撤回"),
                lambda name, pin: reclassifying.withdraw(workspace, number, name, pin), tr("已撤回。"),
            )  # fmt: skip

    def _who(self, step: str, title: str, says: str, do: str, work: Callable[[str, str], object], said: str) -> None:
        workspace = self.desk.workspace

        def submit(answer: PinAnswer, dialog: PinDialog) -> None:
            def done(result: object) -> None:
                dialog.accept()
                self.desk.tell("done", said)

            self.desk.jobs.write(
                title, lambda progress: work(answer.person, answer.pin), done, failed=lambda problem: dialog.refuse(told(problem)),
                owner=dialog,
            )  # fmt: skip

        def opened(people: Sequence[Person]) -> None:
            ask_pin(self.page.window(), people=choices(people), purpose=title, says=says, do=do, submit=submit)

        self.desk.jobs.read(lambda progress: reclassifying.allowed(workspace, step), opened, owner=self.page, key="secrecy.who")


def _meaning(numbers: Sequence[str], found: Sequence[Consequences]) -> str:
    lines = []
    for one in found:
        if len(found) > 1:
            lines.append(f"{texts.visible(one.asset_number)} {texts.visible(one.name)}")
        lines += [words.say(code, **params) for code, params in reclassifying.words_of(one)]
    if len(numbers) > len(found):
        lines.append(tr("…另有 {n} 台", n=len(numbers) - len(found)))
    return "\n".join(lines)
