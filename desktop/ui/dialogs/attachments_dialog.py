"""The attachments of a row that has no detail of its own (a declared cost)."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.ui import theme
from desktop.ui.attachments_view import AttachmentsView
from desktop.ui.desk import Desk
from desktop.ui.dialogs.frame import DialogFrame
from desktop.ui.forms import scrolled
from desktop.ui.labels import label
from desktop.words import tr


class AttachmentsDialog(DialogFrame):
    """``says`` names the row."""

    def __init__(self, desk: Desk, parent: QWidget | None, of_kind: str, of_id: str, says: str) -> None:
        super().__init__(parent, tr("附件"), tr("关闭"), icon="attach")
        self.cancel.hide()
        self.view = AttachmentsView(desk)
        self.body.addWidget(label(says, tone="muted"))
        room = scrolled(self.view)
        room.setMinimumHeight(theme.px(280))
        self.body.addWidget(room, 1)
        self.view.show_subject(of_kind, of_id)


def show_attachments(desk: Desk, parent: QWidget | None, of_kind: str, of_id: str, says: str) -> AttachmentsDialog:
    """Open it over ``parent``."""
    dialog = AttachmentsDialog(desk, parent, of_kind, of_id, says)
    dialog.open()
    return dialog
