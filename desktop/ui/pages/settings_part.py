"""What the parts of 设置 have in common: a heading, one muted line, a row of buttons, and a body."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.desk import Desk
from desktop.ui.labels import label


class SettingsPart(QWidget):
    """One part. ``kinds``: the facts it shows; ``refresh`` reads them again."""

    kinds: frozenset[str] = frozenset()

    def __init__(self, desk: Desk, title: str, says: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.setAccessibleName(title)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(theme.UNIT)
        head = QHBoxLayout()
        head.addWidget(label(title, role="section"), 1)
        head.addLayout(self.buttons)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.UNIT)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.UNIT, 0, 0, 0)
        whole.setSpacing(theme.UNIT)
        whole.addLayout(head)
        if says:
            whole.addWidget(label(says, tone="muted"))
        whole.addLayout(self.body, 1)

    def button(self, text: str, icon: str, act: Callable[[], object], *, primary: bool = False) -> QPushButton:
        """An action of the part, at the right of its heading."""
        made = QPushButton(text)
        theme.dress(made, icon, "on_accent" if primary else "muted")
        if primary:
            made.setProperty("role", "primary")
        made.clicked.connect(lambda: act())
        self.buttons.addWidget(made)
        return made

    def narrow(self, widget: QWidget, width: int = 640) -> None:
        """Put something into the body that reads badly when it is wide."""
        widget.setMaximumWidth(theme.px(width))
        self.body.addWidget(widget)

    def refresh(self) -> None:
        """Read what is shown."""

    def unsaved(self) -> str:
        """What would be lost, in words."""
        return ""
