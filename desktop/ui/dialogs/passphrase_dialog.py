"""The ledger's passphrase: asked to open a ledger, or chosen anew with a second typing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from desktop.ui.dialogs.frame import DialogFrame
from desktop.ui.labels import label
from desktop.words import tr

LEAST = 8


class PassphraseDialog(DialogFrame):
    """One field to open, two to choose. Whoever asked calls ``accept`` or ``refuse``."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        says: str,
        do: str,
        submit: Callable[[str, PassphraseDialog], object],
        *,
        new: bool,
    ) -> None:
        super().__init__(parent, title, do, icon="lock")
        self._submit = submit
        self._new = new
        self.first = self._line(tr("口令"))
        self.second = self._line(tr("再输入一次"))
        self.shown = QCheckBox(tr("显示口令"))
        self.shown.toggled.connect(self._show_text)
        self.body.addWidget(label(says))
        self.body.addWidget(self.first)
        if new:
            self.body.addWidget(self.second)
        self.body.addWidget(self.shown)
        self.verdict = label("", tone="muted")
        self.body.addWidget(self.verdict)
        for line in (self.first, self.second):
            line.textChanged.connect(self._judge)
        self._judge()
        self.first.setFocus()

    def _line(self, words: str) -> QLineEdit:
        line = QLineEdit()
        line.setEchoMode(QLineEdit.EchoMode.Password)
        line.setPlaceholderText(words)
        line.setAccessibleName(words)
        line.setMaxLength(256)
        return line

    def _show_text(self, on: bool) -> None:
        for line in (self.first, self.second):
            line.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)

    def _judge(self) -> None:
        typed = self.first.text()
        if not self._new:
            self.verdict.hide()
            self.do.setEnabled(bool(typed))
            return
        if len(typed) < LEAST:
            words = tr("至少 {n} 个字符；几个不相干的词连在一起最好记也最难猜。", n=LEAST)
        elif typed != self.second.text():
            words = tr("两次输入还不一样。")
        else:
            words = tr("可以。请另外保存好恢复密钥：忘了口令又没有恢复密钥，谁也打不开台账。")
        self.verdict.setText(words)
        self.do.setEnabled(len(typed) >= LEAST and typed == self.second.text())

    def act(self) -> None:
        """Hand the passphrase on; opening takes a moment, so the button waits for the verdict."""
        self.do.setEnabled(False)
        self.said.show_spoken(None)
        self._submit(self.first.text(), self)

    def refuse(self, words: str) -> None:
        """Say why; what was typed stays selected so that it can be corrected."""
        super().refuse(words)
        self.first.setFocus()
        self.first.selectAll()


def ask_passphrase(
    parent: QWidget | None, *, submit: Callable[[str, PassphraseDialog], object], says: str = ""
) -> PassphraseDialog:
    """Ask for the passphrase (or recovery key) of a ledger."""
    told = says or tr("台账已加密。请输入口令，或打印保存的恢复密钥。")
    dialog = PassphraseDialog(parent, tr("打开台账"), told, tr("打开"), submit, new=False)
    dialog.open()
    return dialog


def new_passphrase(
    parent: QWidget | None, *, submit: Callable[[str, PassphraseDialog], object], says: str = ""
) -> PassphraseDialog:
    """Let the person choose a passphrase."""
    told = says or tr("口令用来在这台电脑之外或钥匙串不可用时打开台账。")
    dialog = PassphraseDialog(parent, tr("设置口令"), told, tr("设置口令"), submit, new=True)
    dialog.open()
    return dialog
