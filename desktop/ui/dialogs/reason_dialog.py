"""Asks for the reason of something that the journal keeps with it (reversal, reopening a period, reclassification)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from desktop.ui import theme
from desktop.ui.dialogs.frame import DialogFrame
from desktop.ui.labels import label
from desktop.words import tr


class ReasonDialog(DialogFrame):
    """A reason of at least ``least`` characters."""

    def __init__(self, parent: QWidget | None, title: str, says: str, do: str, least: int) -> None:
        super().__init__(parent, title, do)
        self._least = least
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(theme.px(88))
        self.text.setAccessibleName(tr("理由"))
        self.text.setPlaceholderText(tr("理由会写入操作日志，以后查得到"))
        self.text.textChanged.connect(self._judge)
        if says:
            self.body.addWidget(label(says))
        self.body.addWidget(self.text)
        self._judge()
        self.text.setFocus()

    def reason(self) -> str:
        """What was written, without blanks around it."""
        return self.text.toPlainText().strip()

    def _judge(self) -> None:
        self.do.setEnabled(len(self.reason()) >= self._least)


def ask_reason(
    parent: QWidget | None, *, title: str, do: str, then: Callable[[str], object], says: str = "", least: int = 2
) -> ReasonDialog:
    """Ask for a reason; ``then(reason)`` when one was given."""
    dialog = ReasonDialog(parent, title, says, do, least)
    dialog.accepted.connect(lambda: then(dialog.reason()))
    dialog.open()
    return dialog
