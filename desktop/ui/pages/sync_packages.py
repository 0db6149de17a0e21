"""Offline packages in the window: see what a package would hold, write it to a file, import the answer, and see what waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop import words
from desktop.actions import sync_outcome
from desktop.actions.sync_pending import NETWORK
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog, confirm
from desktop.ui.dialogs.file_dialog import open_file, save_file
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.dialogs.progress_dialog import watch
from desktop.ui.empty import Empty
from desktop.ui.fields import TextField
from desktop.ui.flow import FlowLayout
from desktop.ui.forms import Form
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import label
from desktop.ui.notices import Level
from desktop.ui.paged_model import Column
from desktop.ui.pages import sync_said
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.package_answers import Absorbed
    from desktop.actions.packages import Exported, Prepared, State
    from desktop.actions.sync_views import Preview
    from desktop.ledger.problem import Problem


class PackagesView(QWidget):
    """``shown(preview)`` is told what was sealed, so that it can be looked at line by line; ``carried(came_in)`` when the books changed;
    ``on_line()`` when the person wants to enrol over a line instead."""

    def __init__(
        self,
        desk: Desk,
        shown: Callable[[Preview], object],
        carried: Callable[[bool], object],
        on_line: Callable[[], object],
    ) -> None:
        super().__init__()
        self.desk = desk
        self._shown, self._carried = shown, carried
        self._state: State | None = None
        self._remote = NETWORK
        self.said = label()
        self.trust = label(tone="muted")
        self.export_button = _button(tr("导出离线报送包…"), "export", self.ask_export)
        self.export_button.setProperty("role", "primary")
        theme.dress(self.export_button, "export", "on_accent")
        self.import_button = _button(tr("导入回执包…"), "import", self.ask_answer)
        self.code_button = _button(tr("换注册码导出…"), "key", self.ask_code)
        self.code_button.setToolTip(texts.tip(tr("注册码被退回、设备被注销、签名密钥丢失或网络服务换了密钥时用")))
        self.line_button = _button(tr("联网登记…"), "network", on_line)
        actions = QWidget()
        row = FlowLayout(actions)
        for button in (self.export_button, self.import_button, self.code_button, self.line_button):
            row.addWidget(button)
        self.table = self._table()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.said)
        column.addWidget(actions)
        column.addWidget(self.trust)
        column.addWidget(self.table, 1)

    def _table(self) -> HeldTable:
        columns = (
            Column("number", tr("号码"), "number", 64),
            Column("state", tr("状态"), width=136),
            Column("made_at", tr("导出时间"), "moment", 144),
            Column("answered_at", tr("回执时间"), width=144),
            Column("changes", tr("项数"), "number", 72),
            Column("withheld", tr("涉密留存"), "number", 96),
            Column("bytes", tr("字节数"), "number", 96),
            Column("told", tr("网络服务的话"), width=480, sortable=False),
        )
        empty = Empty(
            tr("还没有导出过离线报送包"),
            tr("不能联网时，把待上报的内容写成一个签名的文件，带到网络服务那边，再导入给回的回执包。内容和联网同步一样，先看后报，涉密的不出门。"),
            "offline",
        )
        return HeldTable(columns, name="sync.packages", preferences=self.desk.preferences, empty=empty, title=tr("离线报送包"))

    def show_state(self, state: State, remote: str) -> None:
        """Draw where packages to a remote stand."""
        self._state, self._remote = state, remote
        self.said.setText(_said(state))
        keys = tr("；").join(state.service_keys)
        self.trust.setText(tr("认可的网络服务密钥：{keys}", keys=keys) if keys else tr("还没有认可网络服务的密钥：第一次导入回执包时，请打电话核对指纹。"))
        self.code_button.setVisible(state.begun)
        self.line_button.setVisible(not state.on_line)
        self.table.hold(
            (
                n, row.number, words.say(f"package.state.{row.state}"), datetime.fromisoformat(row.made_at),
                texts.moment(datetime.fromisoformat(row.answered_at)) if row.answered_at else "—", row.n_changes, row.n_withheld, row.n_bytes,
                _told(row.told),
            )
            for n, row in enumerate(state.packages)
        )  # fmt: skip

    # Going out

    def look(self) -> None:
        """What the next package would hold, line by line; nothing leaves."""
        if self._state is not None and self._state.begun:
            self._prepare("", lambda prepared: self._shown(prepared.preview))
        else:
            self.ask_export()

    def ask_export(self) -> None:
        """See what would leave, agree, choose the file."""
        if self._state is not None and (self._state.answered or self._state.awaiting is not None):
            self._prepare("", lambda prepared: self._agree(prepared, ""))
        else:
            self.ask_code()

    def ask_code(self) -> FormDialog:
        """The code that the first package, or one of a device that comes back, encloses."""
        form = Form()
        form.add("code", tr("注册码"), TextField(), required=True, hint=tr("由单位的网络管理员发给，一次有效"))
        return ask_form(
            self,
            title=tr("带上注册码的离线报送包"),
            says=tr("第一个离线报送包带上注册码，网络服务收到后就认得这份台账；以后的包不再需要。带有注册码的文件请当作密码保管。"),
            form=form,
            do=tr("看包里会有什么"),
            submit=lambda draft, dialog: self._with_code(str(draft["code"]), dialog),
        )

    def _with_code(self, code: str, dialog: FormDialog) -> None:
        def prepared(found: Prepared) -> None:
            dialog.accept()
            self._agree(found, code)

        self._prepare(code, prepared, dialog.problem)

    def _prepare(
        self, code: str, then: Callable[[Prepared], object], failed: Callable[[Problem], object] | None = None
    ) -> None:
        from desktop.actions import packages

        workspace, remote = self.desk.workspace, self._remote
        job = self.desk.jobs.write(
            tr("准备将离开本机的内容"),
            lambda progress: packages.prepare(workspace, remote, code),
            then,
            failed=failed or self.desk.trouble,
            owner=self,
        )
        watch(self, self.desk.jobs, job)

    def _agree(self, prepared: Prepared, code: str) -> ConfirmDialog:
        """Say what the file will hold; only this is written."""
        self._shown(prepared.preview)
        found = prepared.preview
        effects = [
            tr("{kind}：{action} {n} 项", kind=words.say(f"kind.{group.kind}"), action=_action(group.action), n=f"{group.n_changes:,}")
            for group in found.groups
        ]
        effects.append(tr("涉密或没有注明是否涉密的 {n} 项不离开本机", n=f"{found.n_withheld:,}"))
        if prepared.again:
            at = texts.moment(datetime.fromisoformat(prepared.made_at))
            effects.append(tr("{at} 导出的第 {number} 号包还没有回执：写出的是一字不差的同一个包", at=at, number=prepared.number))
        if prepared.restored:
            effects.append(tr("网络服务恢复过备份：这个包交还它可能丢失的内容，待上报的随下一个包送"))
        if prepared.n_left:
            effects.append(tr("另有 {n} 项随以后的包送", n=f"{prepared.n_left:,}"))
        effects.append(tr("每一项的原样列在“待上报”里，可以先取消、看过再导出"))
        return confirm(
            self,
            title=tr("导出第 {number} 号离线报送包", number=prepared.number),
            effects=effects,
            do=tr("选择保存位置…"),
            then=lambda: self._choose(prepared, code),
        )

    def _choose(self, prepared: Prepared, code: str) -> None:
        save_file(
            self,
            title=tr("导出离线报送包"),
            name=tr("离线报送包-{number}.gxpk", number=f"{prepared.number:04}"),
            kinds=_kinds(),
            preferences=self.desk.preferences,
            purpose="package",
            then=lambda path: self.write(path, prepared, code),
        )

    def write(self, path: Path, prepared: Prepared, code: str = "") -> None:
        """Write what was agreed to; the dialog has asked before a file is replaced."""
        from desktop.actions import packages

        workspace, remote = self.desk.workspace, self._remote
        job = self.desk.jobs.write(
            tr("导出离线报送包"),
            lambda progress: packages.export(
                workspace, path, remote=remote, code=code, approved=prepared.preview.digests, progress=progress
            ),
            self._written,
            failed=self.desk.trouble,
            owner=self,
        )
        watch(self, self.desk.jobs, job)

    def _written(self, done: Exported) -> None:
        said = tr(
            "第 {number} 号离线报送包已写到 {path}。请把它交给网络服务，再导入给回的回执包；丢了就再导出一次。",
            number=done.number,
            path=texts.visible(str(done.path)),
        )
        self.desk.tell("done", said, key="package")
        self._carried(False)

    # Coming in

    def ask_answer(self) -> None:
        """Choose the file the network service gave back."""
        open_file(
            self,
            title=tr("导入回执包"),
            kinds=_kinds(),
            preferences=self.desk.preferences,
            purpose="package",
            then=self.absorb,
        )

    def absorb(self, path: Path, fingerprint: str = "") -> None:
        """Check an answer and take it in."""
        from desktop.actions import package_answers

        workspace = self.desk.workspace
        job = self.desk.jobs.write(
            tr("导入回执包"),
            lambda progress: package_answers.absorb(workspace, path, fingerprint=fingerprint, progress=progress),
            self._absorbed,
            failed=lambda problem: self._not_absorbed(problem, path),
            owner=self,
        )
        watch(self, self.desk.jobs, job)

    def _not_absorbed(self, problem: Problem, path: Path) -> ConfirmDialog | None:
        if problem.code != "package.key_new":
            self.desk.trouble(problem)
            return None
        shown = problem.params["fingerprint"]
        return confirm(
            self,
            title=tr("核对网络服务的密钥"),
            effects=[
                shown,
                tr("请打电话给网络服务的管理员，请他念签名密钥的指纹，与上面一行逐组比对"),
                tr("电话号码请从本单位的公文或通讯录里查，不要用随回执包带来的"),
                tr("一致才采用；以后的回执包不再询问"),
            ],
            do=tr("指纹一致，采用"),
            irreversible=tr("不一致请不要采用：那不是网络服务写的文件。"),
            then=lambda: self.absorb(path, shown),
        )

    def _absorbed(self, done: Absorbed) -> None:
        self.desk.tell(*_outcome(done), key="package")
        self._carried(not (done.again or done.refused))


def _button(text: str, icon: str, act: Callable[[], object]) -> QPushButton:
    made = QPushButton(text)
    theme.dress(made, icon, "muted")
    made.clicked.connect(lambda: act())
    return made


def _kinds() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ((tr("离线报送包"), ("gxpk",)),)


def _action(action: str) -> str:
    return words.say(f"sync.action.{action}") if words.known(f"sync.action.{action}") else action


def _told(code: str) -> str:
    if not code:
        return "—"
    named = f"package.refused.{code.replace('.', '_')}"
    return words.say(named if words.known(named) else "package.refused.other")


def _said(state: State) -> str:
    if not state.begun:
        return tr("这份台账还没有登记。第一个离线报送包带上注册码，送到网络服务后就登记好了。")
    if state.awaiting is not None:
        at = texts.moment(datetime.fromisoformat(state.awaiting.made_at))
        return tr("第 {number} 号包于 {at} 导出，在等回执。包丢了就再导出一次，写出的是同一个包。", number=state.awaiting.number, at=at)
    if state.packages and state.packages[0].state == "refused":
        return tr("第 {number} 号包没有被收下：{reason}", number=state.packages[0].number, reason=_told(state.packages[0].told))
    return tr("没有在等的回执，下一个是第 {number} 号包。", number=state.next_number)


def _outcome(done: Absorbed) -> tuple[Level, str]:
    """Level and words of what an answer brought."""
    if done.again:
        return "done", tr("第 {number} 号包的回执以前导入过，台账没有改动。", number=done.number)
    if done.refused:
        return "warning", words.say("package.not_taken", number=done.number, reason=done.refused)
    told = [tr(
        "第 {number} 号包的回执已采用：收下 {s} 项，收到新内容 {r} 项，搁置 {p} 项，冲突 {c} 项。",
        number=done.number,
        s=f"{done.sent:,}",
        r=f"{done.received:,}",
        p=done.parked,
        c=done.conflicts,
    )]  # fmt: skip
    if done.restored:
        told.append(tr("网络服务恢复过备份：请再导出一个包，本台账会把它可能丢失的内容交还。"))
    if done.more:
        told.append(tr("网络上还有没取完的新内容，随下一个包的回执来。"))
    told += sync_outcome.said_of_package(done)
    waiting = done.restored or done.parked or done.conflicts or sync_said.is_grave(done.findings) or done.digest_equal is False
    return ("warning" if waiting else "done"), "\n".join((sync_outcome.joined(told), *sync_said.lines(done.findings)))
