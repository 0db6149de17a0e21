"""What dialogs have in common: a heading, a body, one button that does it and one that does not, in plain text."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.forms import FindingLabel
from desktop.ui.labels import at_least, fit_height, label
from desktop.ui.texts import Spoken
from desktop.words import tr


class DialogFrame(QDialog):
    """``body`` takes the dialog's own widgets; ``do`` is the button that acts; ``refuse`` says why it did not work."""

    def __init__(self, parent: QWidget | None, title: str, do: str, *, danger: bool = False, icon: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        at_least(self, 440)
        self.heading = label(title, role="section")
        self.said = FindingLabel()
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.UNIT)
        self.do = QPushButton(do)
        self.do.setProperty("role", "danger" if danger else "primary")
        self.cancel = QPushButton(tr("取消"))
        self.cancel.clicked.connect(self.reject)
        self.do.clicked.connect(self.act)
        (self.cancel if danger else self.do).setDefault(True)
        head = QHBoxLayout()
        head.setSpacing(theme.UNIT)
        if icon:
            head.addWidget(theme.IconLabel(icon, "error" if danger else "note", 24), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.heading, 1)
        foot = QHBoxLayout()
        foot.setSpacing(theme.UNIT)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.do)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[3 * theme.UNIT] * 4)
        column.setSpacing(theme.UNIT)
        column.addLayout(head)
        column.addLayout(self.body)
        column.addWidget(self.said)
        column.addSpacing(theme.UNIT)
        column.addStretch(1)
        column.addLayout(foot)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        fit_height(self)

    def act(self) -> None:
        """What the button does; a dialog that asks the ledger first overrides it."""
        self.accept()

    def refuse(self, words: str) -> None:
        """Stay open and say why it did not work."""
        self.said.show_spoken(Spoken(words, "error"))
        fit_height(self)
        self.do.setEnabled(True)
