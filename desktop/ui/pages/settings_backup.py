"""设置 · 备份: a checked copy now, the daily ones, and putting one in the ledger's place after saying what that does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog

from desktop.ui import texts
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog, confirm
from desktop.ui.dialogs.file_dialog import open_file, save_file
from desktop.ui.dialogs.passphrase_dialog import PassphraseDialog, ask_passphrase
from desktop.ui.dialogs.progress_dialog import watch
from desktop.ui.empty import Empty
from desktop.ui.held_rows import HeldTable
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages.settings_part import SettingsPart
from desktop.ui.table import RowAction
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.backups import Backup
    from desktop.ledger.problem import Problem


class BackupPart(SettingsPart):
    """See the module's head."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            tr("备份"),
            tr(
                "每天关闭程序时自动备份一次，保留最近 7 份，放在台账目录里。请定期另存一份到移动硬盘；备份是加密的，用口令或恢复密钥打开。"
            ),
        )
        self.backups: dict[str, Backup] = {}
        self.button(tr("从文件恢复…"), "history", self.ask_file)
        self.button(tr("立即备份到文件…"), "save", self.ask_target, primary=True)
        columns = (
            Column("at", tr("备份时间"), "moment", 152),
            Column("size", tr("大小"), width=104),
            Column("name", tr("文件"), width=200),
            Column("head", tr("日志链头"), "code", 200),
        )
        empty = Empty(tr("还没有每日备份"), tr("今天关闭程序时会自动做第一份。也可以现在就备份到文件。"), "save")
        self.table = HeldTable(
            columns,
            name="settings.backups",
            preferences=desk.preferences,
            empty=empty,
            title=tr("每日备份"),
            actions=(RowAction(tr("恢复到这一份…"), self._restore_chosen, "history", "one"),),
        )
        self.table.opened.connect(lambda key: self._restore_chosen([key]))
        self.body.addWidget(self.table)

    def refresh(self) -> None:
        from desktop.actions import backups

        home = self.desk.workspace.home
        self.desk.jobs.read(lambda progress: backups.every(home), self.show_backups, owner=self, key="backups")

    def show_backups(self, found: list[Backup]) -> None:
        """List the daily ones."""
        self.backups = {str(one.path): one for one in found}
        self.table.hold((str(one.path), one.at, size_words(one.n_bytes), one.path.name, one.head[:16]) for one in found)

    # Backing up

    def ask_target(self) -> QFileDialog:
        """Choose where the copy goes."""
        name = tr("仪享台账-{day}.yxb", day=self.desk.today().isoformat())
        return save_file(
            self,
            title=tr("备份到文件"),
            name=name,
            kinds=_kinds(),
            preferences=self.desk.preferences,
            purpose="backup",
            then=self.back_up,
        )

    def back_up(self, path: Path) -> None:
        """Write a checked copy; the dialog has asked before a file is replaced."""
        from desktop.actions import upkeep

        workspace = self.desk.workspace

        def work(_: Any) -> Path:
            part = path.with_name(path.name + ".new")
            part.unlink(missing_ok=True)
            upkeep.backup(workspace, part)
            part.replace(path)
            return path

        job = self.desk.jobs.write(
            tr("备份"),
            work,
            lambda done: self.desk.tell("done", tr("已备份到 {path}，并已核对与台账一致。", path=done)),
            owner=self,
        )
        watch(self, self.desk.jobs, job)

    # Restoring

    def ask_file(self) -> QFileDialog:
        """Choose a backup that lies elsewhere."""
        return open_file(
            self, title=tr("从备份恢复"), kinds=_kinds(), preferences=self.desk.preferences, purpose="backup", then=self.look_at
        )

    def _restore_chosen(self, keys: list[Key]) -> None:
        self.ask_restore(self.backups[str(keys[0])])

    def look_at(self, path: Path) -> None:
        """Read what the file says about itself, then ask."""
        from desktop.actions import backups

        self.desk.jobs.read(lambda progress: backups.examine(path), self.ask_restore, owner=self)

    def ask_restore(self, backup: Backup) -> ConfirmDialog:
        """Say what restoring does before anything is touched."""
        other = backup.ledger != self.desk.workspace.lock.ledger
        effects = [
            tr("台账回到 {at} 备份时的样子，之后的改动不在其中", at=texts.moment(backup.at)),
            tr("现在的台账不会删除，整个移到台账目录的 replaced 文件夹里"),
            tr("先核对备份完整、密钥能打开，再替换；核对不过，什么都不改动"),
        ]
        if other:
            effects.insert(0, tr("注意：这是另一份台账的备份，不是现在这一份的"))
        return confirm(
            self,
            title=tr("恢复到 {name}", name=backup.path.name),
            effects=effects,
            do=tr("恢复"),
            then=lambda: self.restore(backup.path),
            irreversible=tr("恢复不能用“撤销”收回；需要时可从 replaced 文件夹取回原来的台账。"),
        )

    def restore(self, path: Path, passphrase: str | None = None, dialog: PassphraseDialog | None = None) -> None:
        """Put the backup in place; its passphrase is asked for when the key is not known here."""
        from desktop.actions import backups

        workspace, desk = self.desk.workspace, self.desk

        def done(opened: Any) -> None:
            if dialog is not None:
                dialog.accept()
            desk.replace(opened[0])
            desk.tell("note", tr("已恢复到 {name}。原来的台账在 {kept}。", name=path.name, kept=opened[1] or "—"))

        def failed(problem: Problem) -> None:
            if not problem.code.startswith("key."):
                desk.trouble(problem)
            elif dialog is not None:
                dialog.refuse(texts.problem(problem))
            else:
                says = tr("请输入备份当时的口令或恢复密钥。")
                ask_passphrase(self, submit=lambda given, asked: self.restore(path, given, asked), says=says)

        job = self.desk.jobs.write(
            tr("恢复备份"),
            lambda progress: backups.put_in_place(workspace, path, passphrase=passphrase, progress=progress),
            done,
            failed=failed,
            owner=self,
        )
        watch(self, self.desk.jobs, job)


def _kinds() -> list[tuple[str, tuple[str, ...]]]:
    return [(tr("仪享台账备份"), ("yxb",))]


def size_words(n_bytes: int) -> str:
    """Bytes as people say them."""
    if n_bytes < 1_000_000:
        return f"{max(1, n_bytes // 1000):,} KB"
    return f"{n_bytes // 1_000_000:,} MB"
