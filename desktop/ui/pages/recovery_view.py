"""A recovery key on screen, once: large enough to copy by hand, with the page to print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.desk import Desk
from desktop.ui.dialogs.file_dialog import save_file
from desktop.ui.labels import label
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.workspace import Workspace


class RecoveryView(QWidget):
    """``saved`` when the page was written or the key copied: the person has it somewhere."""

    saved = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._workspace: Workspace | None = None
        self.key = ""
        self.says = label(
            tr("这是恢复密钥，只显示这一次。忘了口令又没有它，谁也打不开台账。请现在打印或另存，由专人锁存。"), tone="warning"
        )
        self.text = QLabel()
        self.text.setProperty("role", "large")
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.setAccessibleName(tr("恢复密钥"))
        self.text.setWordWrap(True)
        self.save_button = QPushButton(tr("存为可打印的 PDF…"))
        self.save_button.setProperty("role", "primary")
        theme.dress(self.save_button, "print", "on_accent")
        self.save_button.clicked.connect(self.ask_target)
        self.copy_button = QPushButton(tr("复制"))
        theme.dress(self.copy_button, "copy")
        self.copy_button.clicked.connect(self.copy)
        self.done = label("", tone="done")
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(self.save_button)
        row.addWidget(self.copy_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.says)
        column.addWidget(self.text)
        column.addLayout(row)
        column.addWidget(self.done)

    def show_key(self, workspace: Workspace, key: str) -> None:
        """Show a key that was just made."""
        self._workspace, self.key = workspace, key
        self.text.setText(key)
        self.done.setText("")

    def ask_target(self) -> QFileDialog:
        """Choose where the page goes."""
        kinds = [(tr("PDF 文件"), ("pdf",))]
        return save_file(
            self, title=tr("保存恢复密钥页"), name=tr("台账恢复密钥.pdf"), kinds=kinds, preferences=self._desk.preferences, purpose="recovery",
            then=self.save,
        )  # fmt: skip

    def save(self, path: Path) -> None:
        """Write the page."""
        from desktop.actions import keys

        workspace, key = self._workspace, self.key
        if workspace is None:
            return
        work = lambda progress: keys.print_recovery_key(workspace, key, path)  # noqa: E731 - a job's work reads best in place
        self._desk.jobs.read(work, self._written, title=tr("保存恢复密钥页"), owner=self)

    def _written(self, path: Path) -> None:
        self.done.setText(tr("已保存到 {path}。打印后请把这个文件删除。", path=path))
        self.saved.emit()

    def copy(self) -> None:
        """The key as text on the clipboard."""
        QGuiApplication.clipboard().setText(self.key)
        self.done.setText(tr("已复制。请粘贴到只有您能打开的地方。"))
        self.saved.emit()
