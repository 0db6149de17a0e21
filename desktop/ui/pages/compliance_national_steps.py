"""The steps of sending to the national platform: where to, look, agree, send; send again, say what was seen, give up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from desktop import words
from desktop.ledger.changes import Changes
from desktop.ui import texts
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.desk import Desk
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.dialogs.progress_dialog import watch
from desktop.ui.dialogs.reason_dialog import ask_reason
from desktop.ui.fields import CheckField, DateField, NoteField, TextField
from desktop.ui.forms import Form
from desktop.ui.pages.write_form import ask_write
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.national_outgoing import Prepared, Target
    from desktop.actions.national_sent import Told
    from desktop.actions.progress import Progress
    from desktop.ledger.problem import Problem

_KINDS = (("instruments", "4"), ("customs", "5"), ("services", "6"), ("effect", "7"))
_WIDE = 560


class NationalSteps:
    """``after()``: something was written, sent or settled."""

    def __init__(self, desk: Desk, page: QWidget, after: Callable[[], object]) -> None:
        self.desk = desk
        self.page = page
        self.after = after

    def target(self, known: Target | None) -> None:
        """Where messages go, and as whom."""
        from desktop.actions import national_outgoing

        form = Form()
        form.add("address", tr("平台的地址"), TextField("https://"), hint=tr("国家平台或主管部门给的接收地址，须以 https:// 开头；空着就去掉"))
        form.add("unit", tr("本单位标识"), TextField(), hint=tr("平台分配给本单位的标识，多为 32 位"))
        if known is not None:
            form.set_draft({"address": known.address, "unit": known.unit})
        workspace = self.desk.workspace

        def submit(draft: Mapping[str, object], dialog: FormDialog) -> None:
            def kept(_: object) -> None:
                dialog.accept()
                self.desk.tell("done", tr("地址和标识已存下。"))
                self.after()

            self.desk.jobs.write(
                tr("填写国家平台的地址"),
                lambda progress: national_outgoing.set_target(workspace, str(draft["address"] or ""), str(draft["unit"] or "")),
                kept, failed=dialog.problem, owner=dialog,
            )  # fmt: skip

        ask_form(self.page.window(), title=tr("国家平台的地址和标识"), form=form, do=tr("保存"), submit=submit, width=_WIDE)

    def removed(self, kind: str, names: Sequence[str]) -> None:
        """Say that rows were taken off the platform by hand."""
        from desktop.actions import national_there

        workspace = self.desk.workspace

        def reasoned(reason: str) -> None:
            self.desk.jobs.write(
                tr("登记已在平台上撤下"), lambda progress: national_there.remove(workspace, kind, names, reason),
                lambda _: self._removed(len(names)), failed=self.desk.trouble, owner=self.page,
            )  # fmt: skip

        ask_reason(
            self.page.window(), title=tr("登记 {n} 行已在平台上撤下", n=len(names)), do=tr("登记"), then=reasoned,
            says=tr("写明在平台上怎么办的、从哪里看得到。登记之后这些行不再列为要办；可撤销。"),
        )  # fmt: skip

    def _removed(self, n: int) -> None:
        self.desk.tell("done", tr("已登记在平台上撤下 {n} 行。", n=n))
        self._announce()

    def say_audit(self, kind: str, names: Sequence[str]) -> None:
        """Say what the platform's audit says of rows of one kind."""
        from desktop.actions import national_audit
        from desktop.ledger.national_audit import AUDIT_STATES

        form = Form()
        choices = [Choice(one, words.say(f"national_audit.{one}")) for one in AUDIT_STATES]
        form.add("state", tr("审核状态"), SelectField(choices, optional=True), required=True)
        form.add("seen_on", tr("查看日期"), DateField(self.desk.today), required=True, hint=tr("在平台上看到的那一天"))
        form.add("reason", tr("平台写明的原因"), NoteField(3), hint=tr("未通过必须写，照平台上的写"))
        form.set_draft({"seen_on": self.desk.today()})
        workspace = self.desk.workspace

        def work(given: Mapping[str, Any]) -> object:
            return national_audit.say(workspace, kind, names, given["state"], str(given["reason"] or ""), given["seen_on"])

        def done(given: Mapping[str, Any]) -> str:
            return tr("已登记 {n} 行的审核状态，可以撤销。", n=len(names))

        shown = words.say("report.list").join(texts.visible(name) for name in names[:5])
        says = tr("{names}等 {n} 行", names=shown, n=len(names)) if len(names) > 5 else shown
        ask_write(self.desk, self.page.window(), tr("登记平台的审核状态"), form, work, done, says=says, width=_WIDE)

    def read_answer(self) -> None:
        """Keep the audits of an answer that was kept in a file."""
        from desktop.actions import national_audit
        from desktop.ui.dialogs.file_dialog import open_file

        workspace = self.desk.workspace

        def kept(found: tuple[Changes, int]) -> None:
            self.desk.tell("done", tr("已登记 {n} 行的审核状态，可以撤销。", n=found[1]))

        def chosen(path: Path) -> None:
            day = self.desk.today()
            self.desk.jobs.write(
                tr("登记返回报文里的审核状态"), lambda progress: national_audit.keep_file(workspace, path, day), kept, failed=self.desk.trouble, owner=self.page
            )

        open_file(
            self.page.window(), title=tr("选择存下来的返回报文"), kinds=((tr("返回报文"), ("xml", "json", "txt")),), preferences=self.desk.preferences,
            purpose="national_answer", then=chosen,
        )  # fmt: skip

    def prepare(self, period: str = "") -> None:
        """Ask for what is to be reported, then show it row by row. Nothing is written. ``period`` is offered; the desk's year when not given."""
        from desktop.actions import national_outgoing
        from desktop.ledger import period as periods
        from desktop.ui.dialogs.national_preview_dialog import NationalPreviewDialog

        form = Form()
        form.add("period", tr("期间"), TextField("2025"), required=True, hint=tr("如 2025、2025Q3 或 2025-07；年度成效只按整年"))
        for name, kind in _KINDS:
            form.add(name, words.say(f"national_message.kind_{kind}"), CheckField(tr("报送")))
        form.add("personal", tr("个人信息"), CheckField(tr("连同申请人姓名、电话和邮箱一起写")), hint=tr("默认写「无」"))
        form.add("everything", tr("全部"), CheckField(tr("平台已接收而内容未变的也再报")))
        form.set_draft({"period": period or str(self.desk.period.start.year), **{name: True for name, _ in _KINDS}})
        workspace = self.desk.workspace

        def submit(draft: Mapping[str, object], dialog: FormDialog) -> None:
            kinds = [kind for name, kind in _KINDS if draft[name]]
            if not kinds:
                dialog.do.setEnabled(True)
                dialog.refuse(tr("请至少选一种。"))
                return
            try:
                period = periods.parse(str(draft["period"]).strip())
            except ValueError:
                dialog.do.setEnabled(True)
                dialog.refuse(tr("期间要写成 2025、2025Q3 或 2025-07 的样子：{text}", text=draft["period"]))
                return

            def shown(found: Prepared) -> None:
                dialog.accept()
                NationalPreviewDialog(self.desk, self.page.window(), found, self.send, self.keep).open()

            job = self.desk.jobs.read(
                lambda progress: national_outgoing.prepare(
                    workspace, period, kinds=kinds, personal=bool(draft["personal"]), everything=bool(draft["everything"]), progress=progress
                ),
                shown, failed=lambda problem: _refuse(dialog, problem), title=tr("准备将发给国家平台的内容"), owner=dialog,
            )  # fmt: skip
            watch(dialog, self.desk.jobs, job)

        ask_form(
            self.page.window(), title=tr("准备报送国家平台"), form=form, do=tr("查看将发出的内容"), submit=submit, width=_WIDE,
            says=tr("先逐行列出，看过同意才发；有错误的行和涉密的不列入。"),
        )  # fmt: skip

    def send(self, prepared: Prepared) -> None:
        """Send what was shown."""
        from desktop.actions import national_sending

        workspace = self.desk.workspace
        self._run(lambda progress: national_sending.send(workspace, prepared, progress))

    def send_written(self) -> None:
        """Send on what was written and did not leave."""
        from desktop.actions import national_sending

        workspace = self.desk.workspace
        self._run(lambda progress: national_sending.send_written(workspace, progress))

    def again(self, number: str) -> None:
        """Send the very bytes once more."""
        from desktop.actions import national_sending

        workspace = self.desk.workspace
        ask_reason(
            self.page.window(), title=tr("再发报文 {number}", number=number), do=tr("再发同一份"),
            then=lambda reason: self._run(lambda progress: [national_sending.send_again(workspace, number, reason, progress)]),
            says=tr("发出的是原来那一份，编号和内容都不变。若平台其实已经收到，它会收到第二次：请先到平台上核对。"),
        )  # fmt: skip

    def keep(self, prepared: Prepared) -> None:
        """Keep what was shown and send nothing."""
        from desktop.actions import national_sending

        workspace = self.desk.workspace

        def kept(found: Sequence[Told]) -> None:
            self.desk.tell("done", tr("已存下 {n} 份，没有发送：可以接着发送，或存成文件自行送交再登记结果。", n=len(found)))
            self._announce()

        self.desk.jobs.write(
            tr("存下国家平台报文"), lambda progress: national_sending.keep(workspace, prepared), kept, failed=self.desk.trouble, owner=self.page
        )

    def save(self, number: str) -> None:
        """Write a message that waits to a file, to be handed in."""
        from desktop.actions import national_sending
        from desktop.ui.dialogs.file_dialog import save_file

        workspace = self.desk.workspace

        def chosen(path: Path) -> None:
            self.desk.jobs.read(
                lambda progress: national_sending.save(workspace, number, path),
                lambda _: self.desk.tell("done", tr("报文 {number} 已写入 {file}；送交之后请登记平台上的结果。", number=number, file=path.name)),
                failed=self.desk.trouble, title=tr("存成文件"), owner=self.page,
            )  # fmt: skip

        save_file(
            self.page.window(), title=tr("报文 {number} 存成文件", number=number), name=f"{number}.xml", kinds=((tr("报文"), ("xml",)),),
            preferences=self.desk.preferences, purpose="national_message", then=chosen,
        )  # fmt: skip

    def settle(self, number: str) -> None:
        """Say what the platform shows."""
        from desktop.actions import national_sending

        form = Form()
        choices = [Choice(one, words.say(f"national_message.{one}")) for one in ("accepted", "refused")]
        form.add("step", tr("平台上的结果"), SelectField(choices, optional=True), required=True)
        form.add("reason", tr("依据"), NoteField(3), required=True, hint=tr("在平台的哪一页、什么时候看到的"))
        workspace = self.desk.workspace

        def submit(draft: Mapping[str, object], dialog: FormDialog) -> None:
            self._settled(
                number, lambda progress: national_sending.settle(workspace, number, str(draft["step"]), str(draft["reason"])), dialog
            )

        ask_form(
            self.page.window(), title=tr("登记报文 {number} 的结果", number=number), form=form, do=tr("登记"), submit=submit, width=_WIDE,
            says=tr("到国家平台上查这份报文的内容在不在，再登记；登记为未接收之后，这些行可以重新报送。"),
        )  # fmt: skip

    def drop(self, number: str) -> None:
        """Give up a message that was written and did not leave."""
        from desktop.actions import national_sending

        workspace = self.desk.workspace
        ask_reason(
            self.page.window(), title=tr("不再发送报文 {number}", number=number), do=tr("不再发送"),
            then=lambda reason: self._settled(number, lambda progress: national_sending.settle(workspace, number, "dropped", reason), None),
            says=tr("它一个字节也没有发出。登记之后可以按现在的台账重新准备。"),
        )  # fmt: skip

    def _settled(self, number: str, work: Callable[[Progress], Any], dialog: FormDialog | None) -> None:
        def done(_: object) -> None:
            if dialog is not None:
                dialog.accept()
            self.desk.tell("done", tr("报文 {number} 的结果已登记。", number=number))
            self._announce()

        self.desk.jobs.write(
            tr("登记报文 {number} 的结果", number=number), work, done,
            failed=dialog.problem if dialog is not None else self.desk.trouble, owner=dialog or self.page,
        )  # fmt: skip

    def _run(self, work: Callable[[Progress], Sequence[Told]]) -> None:
        def failed(problem: Problem) -> None:
            self._announce()
            self.desk.trouble(problem)

        job = self.desk.jobs.write(tr("发送国家平台报文"), work, self._sent, failed=failed, owner=self.page)
        watch(self.page, self.desk.jobs, job)

    def _sent(self, found: Sequence[Told]) -> None:
        self._announce()
        n_taken = sum(one.state == "accepted" for one in found)
        if n_taken == len(found):
            self.desk.tell("done", tr("平台已接收 {n} 份报文。", n=n_taken))
            return
        stopped = next(one for one in found if one.state != "accepted")
        said = [tr("平台已接收 {n} 份，{number} 没有：", n=n_taken, number=stopped.message.number)]
        if stopped.finding is not None:
            said.append(texts.finding(stopped.finding).text)
        waiting = sum(one.state == "written" for one in found)
        if waiting:
            said.append(tr("待发 {n} 份，处理好再接着发送。", n=waiting))
        self.desk.tell("warning", "\n".join(said))

    def _announce(self) -> None:
        self.desk.announce(Changes(0, frozenset({"national_message"})))
        self.after()


def _refuse(dialog: FormDialog, problem: Problem) -> None:
    """Why there is nothing to show: the words, and the first rows that are wrong."""
    dialog.do.setEnabled(True)
    errors = [texts.finding(one).text for one in problem.findings if one.severity == "error"]
    dialog.refuse("\n".join([texts.problem(problem), *errors[:3]]))
