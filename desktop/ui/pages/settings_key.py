"""设置 · 口令与恢复密钥: changing the passphrase, and making a recovery key to print."""

from __future__ import annotations

from collections.abc import Mapping

from desktop.ledger.problem import Problem
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog, confirm
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.forms import Form
from desktop.ui.labels import label
from desktop.ui.pages.recovery_view import RecoveryView
from desktop.ui.pages.settings_part import SettingsPart
from desktop.ui.pages.settings_people import PinField
from desktop.words import tr


class KeyPart(SettingsPart):
    """See the module's head."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            tr("口令与恢复密钥"),
            tr("台账文件是加密的。口令用来在换电脑或钥匙串不可用时打开它；恢复密钥印在纸上锁存，忘了口令时用。"),
        )
        self.change_button = self.button(tr("更换口令…"), "key", self.ask_change, primary=True)
        self.recovery_button = self.button(tr("生成新的恢复密钥…"), "print", self.ask_recovery)
        self.state = label("", role="strong")
        self.recovery = RecoveryView(desk)
        self.recovery.hide()
        self.body.addWidget(self.state)
        self.narrow(self.recovery, 720)
        self.body.addStretch(1)

    def refresh(self) -> None:
        from desktop.actions import keys

        workspace = self.desk.workspace
        for button in (self.change_button, self.recovery_button):
            button.setEnabled(not workspace.practice)
        if workspace.practice:
            self.state.setText(tr("这是练习台账，数据是虚构的，不需要口令和恢复密钥。"))
        elif keys.has_passphrase(workspace):
            self.state.setText(tr("已设置口令。"))
        else:
            self.state.setText(tr("没有设置口令：密钥只在这台电脑的钥匙串里。请设置一个。"))

    def ask_change(self) -> FormDialog:
        """The old passphrase (when there is one) and the new one twice."""
        from desktop.actions import keys

        form = Form()
        if keys.has_passphrase(self.desk.workspace):
            form.add("old", tr("原口令"), PinField(), required=True)
        form.add("new", tr("新口令"), PinField(), required=True, hint=tr("至少 8 个字符；几个不相干的词连在一起最好记也最难猜"))
        form.add("again", tr("再输入一次"), PinField(), required=True)
        return ask_form(self, title=tr("更换口令"), form=form, do=tr("更换口令"), submit=self._change)

    def _change(self, draft: Mapping[str, object], dialog: FormDialog) -> None:
        from desktop.actions import keys

        if draft["new"] != draft["again"]:
            dialog.refuse(tr("两次输入的口令不一样，没有更换。"))
            return
        workspace, old, new = self.desk.workspace, str(draft.get("old") or ""), str(draft["new"])

        def done(_: object) -> None:
            dialog.accept()
            self.refresh()
            self.desk.tell("done", tr("口令已更换。以前的备份仍用当时的口令打开。"))

        work = lambda progress: keys.change_passphrase(workspace, old, new)  # noqa: E731 - a job's work reads best in place
        self.desk.jobs.write(tr("更换口令"), work, done, failed=dialog.problem, owner=self)

    def ask_recovery(self) -> ConfirmDialog:
        """Say what a new recovery key does to the old one."""
        return confirm(
            self,
            title=tr("生成新的恢复密钥"),
            effects=[tr("显示一个新的恢复密钥，请立即打印锁存"), tr("以前印的恢复密钥不再能打开这份台账，请销毁")],
            do=tr("生成"),
            then=self.make_recovery,
            irreversible=tr("旧的恢复密钥作废后不能找回。"),
        )

    def make_recovery(self) -> None:
        """Make it and show it once."""
        from desktop.actions import keys

        workspace = self.desk.workspace

        def done(key: str) -> None:
            self.recovery.show_key(workspace, key)
            self.recovery.show()

        def failed(problem: Problem) -> None:
            self.desk.trouble(problem)

        work = lambda progress: keys.new_recovery_key(workspace)  # noqa: E731 - a job's work reads best in place
        self.desk.jobs.write(tr("生成新的恢复密钥"), work, done, failed=failed, owner=self)

    def unsaved(self) -> str:
        return ""
