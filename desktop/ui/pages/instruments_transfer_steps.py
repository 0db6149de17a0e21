"""The steps of a transfer: proposed by one person, decided by another with a PIN, handed over on a day, its form on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from PySide6.QtWidgets import QWidget

from desktop import words
from desktop.actions import transfers
from desktop.actions.transfers import Done, Listed
from desktop.ledger.instrument import Instrument
from desktop.ui import texts
from desktop.ui.desk import Desk
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.fields import DateField, NoteField, TextField
from desktop.ui.forms import Form
from desktop.ui.pages.instruments_form import department_field
from desktop.ui.pages.instruments_transfer_list import TransferCandidates
from desktop.ui.pages.signed_step import Work, sign_step
from desktop.words import tr

_WIDE = 560


class TransferSteps:
    """``departments()``: those that are known, offered for the one that receives."""

    def __init__(self, desk: Desk, page: QWidget, departments: Callable[[], list[str]]) -> None:
        self.desk = desk
        self.page = page
        self.departments = departments

    def candidates(self) -> None:
        """Which sets last year's use makes candidates, each to be proposed or explained."""
        TransferCandidates(self.page.window(), self.desk, self.prepare).open()

    def prepare(self, kind: str, one: Instrument) -> None:
        """Propose to move a set inside, or to give it free."""
        inside = kind == "internal"
        form = Form(check=transfers.check)
        if inside:
            form.add("to_department", tr("调入部门"), department_field(self.departments()), required=True)
            form.add("keeper", tr("使用负责人"), TextField())
        else:
            form.add("receiver", tr("接收单位"), TextField(), required=True)
            form.add("receiver_uscc", tr("统一社会信用代码"), TextField())
        form.add("reason", tr("理由"), NoteField(2), required=True, hint=tr("写入操作日志，审批人要看"))
        form.add("document", tr("依据文号"), TextField())
        title = tr("内部调配 {number}", number=one.asset_number) if inside else tr("无偿划拨 {number}", number=one.asset_number)
        workspace = self.desk.workspace

        def submit(draft: Mapping[str, object], dialog: FormDialog) -> None:
            typed = {name: str(value or "") for name, value in draft.items()}
            self._who(
                "prepare", title, tr("编制"),
                lambda name, pin: transfers.prepare(
                    workspace, one.asset_number, kind, typed["reason"], name, pin, department=typed.get("to_department", ""),
                    keeper=typed.get("keeper", ""), receiver=typed.get("receiver", ""), receiver_uscc=typed.get("receiver_uscc", ""),
                    document=typed["document"],
                ),
                dialog,
            )  # fmt: skip

        says = tr("编制后等另一人审批，移交以后才改动仪器：内部调配改部门，无偿划拨后仪器退役。")
        ask_form(self.page.window(), title=title, form=form, do=tr("下一步"), submit=submit, says=says, width=_WIDE)

    def take(self, step: str, listed: Listed) -> None:
        """``approve``, ``decline``, ``withdraw``, ``hand`` over, look at the ``form`` or at the ``files``."""
        steps = {
            "approve": self._approve, "decline": self._decline, "withdraw": self._withdraw, "hand": self._hand, "form": self._form,
            "files": self._files,
        }  # fmt: skip
        steps[step](listed)

    def _files(self, listed: Listed) -> None:
        """The files of a transfer: the decision, the list of what was handed over."""
        from desktop.ui.dialogs.attachments_dialog import show_attachments

        says = tr("调配 {number}：批复、移交清单等。只留在本机，不随同步发出。", number=listed.transfer.number)
        show_attachments(self.desk, self.page.window(), "transfer", listed.transfer.id, says)

    def _approve(self, listed: Listed) -> None:
        workspace, one = self.desk.workspace, listed.transfer
        form = Form()
        form.add("note", tr("审批意见"), NoteField(2))
        needed = one.kind == "allocation" and not one.document
        form.add("document", tr("批准文号"), TextField(), required=needed, hint=tr("无偿划拨必须有批准文号") if needed else "")
        self._asked(
            "decide", tr("批准调配 {number}", number=one.number), tr("批准"), form,
            lambda draft, name, pin: transfers.approve(workspace, one.number, name, pin, _text(draft, "note"), _text(draft, "document")), listed,
        )  # fmt: skip

    def _decline(self, listed: Listed) -> None:
        workspace, one = self.desk.workspace, listed.transfer
        form = Form()
        form.add("note", tr("理由"), NoteField(2), required=True, hint=tr("写入操作日志"))
        self._asked(
            "decide", tr("退回调配 {number}", number=one.number), tr("退回"), form,
            lambda draft, name, pin: transfers.decline(workspace, one.number, name, pin, _text(draft, "note")), listed,
        )  # fmt: skip

    def _withdraw(self, listed: Listed) -> None:
        workspace, number = self.desk.workspace, listed.transfer.number
        self._who(
            "prepare", tr("撤回调配 {number}", number=number), tr("撤回"),
            lambda name, pin: transfers.withdraw(workspace, number, name, pin), None, tr("只有编制人可以撤回。"),
        )  # fmt: skip

    def _hand(self, listed: Listed) -> None:
        workspace, one = self.desk.workspace, listed.transfer
        form = Form()
        form.add("handed_on", tr("移交日期"), DateField(self.desk.today), required=True)
        form.add("gave", tr("移交人"), TextField())
        form.add("took", tr("接收人"), TextField())
        form.add("parts", tr("随同移交的附件和资料"), NoteField(2))
        form.set_draft({"handed_on": self.desk.today(), "took": one.keeper})

        def work(draft: Mapping[str, object], name: str, pin: str) -> Done:
            on = draft["handed_on"]
            if not isinstance(on, date):
                raise TypeError("the form asks for a day")
            gave, took, parts = (_text(draft, field) for field in ("gave", "took", "parts"))
            return transfers.hand_over(workspace, one.number, on, name, pin, gave=gave, took=took, parts=parts)

        self._asked("hand", tr("登记移交 {number}", number=one.number), tr("登记移交"), form, work, listed)

    def _form(self, listed: Listed) -> None:
        from desktop.actions import reporting
        from desktop.ui.pages.paper_dialog import PaperDialog

        workspace, number = self.desk.workspace, listed.transfer.number
        PaperDialog(
            self.page.window(), self.desk, tr("移交单"), number, lambda progress: reporting.draw_handover(workspace, number, progress),
            lambda path, progress: reporting.make_handover(workspace, number, out=path, progress=progress),
        ).open()  # fmt: skip

    def _asked(
        self, step: str, title: str, do: str, form: Form, work: Callable[[Mapping[str, object], str, str], Done], listed: Listed
    ) -> None:
        one = listed.transfer
        says = tr(
            "{kind}：{number} {name}，去向 {to}。",
            kind=words.say(f"transfer.kind.{one.kind}"), number=listed.asset_number, name=listed.instrument, to=one.to_department or one.receiver,
        )  # fmt: skip

        def submit(draft: Mapping[str, object], dialog: FormDialog) -> None:
            self._who(step, title, do, lambda name, pin: work(draft, name, pin), dialog)

        ask_form(self.page.window(), title=title, form=form, do=tr("下一步"), submit=submit, says=says, width=_WIDE)

    def _who(self, step: str, title: str, do: str, work: Work, form: FormDialog | None, says: str = "") -> None:
        workspace = self.desk.workspace

        def done(result: Done) -> None:
            one = result.listed.transfer
            said = tr("调配 {number}：{state}", number=one.number, state=words.say(f"transfer.step.{one.state}"))
            lines = [said, *(texts.finding(each).text for each in result.findings)]
            self.desk.tell("warning" if result.findings else "done", "\n".join(lines))

        sign_step(self.desk, self.page, lambda: transfers.allowed(workspace, step), title=title, do=do, work=work, done=done, form=form, says=says)


def _text(draft: Mapping[str, object], name: str) -> str:
    return str(draft.get(name) or "")
