"""A list with one of it beside it: what both sides are made of, for every page that has such a pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.empty import Empty, EmptyView
from desktop.ui.flow import FlowLayout
from desktop.ui.labels import label
from desktop.words import tr


def why_button(act: Callable[[], object]) -> QPushButton:
    """为什么？, as a link."""
    made = QPushButton(tr("为什么？"))
    made.setProperty("role", "link")
    theme.dress(made, "why", "accent")
    made.clicked.connect(lambda: act())
    return made


def bar_of(buttons: Sequence[QWidget]) -> QWidget:
    """Buttons, or a field among them, in a row that wraps."""
    made = QWidget()
    row = FlowLayout(made)
    for button in buttons:
        row.addWidget(button)
    return made


def column_of(*parts: QWidget | QLayout) -> QWidget:
    """Parts under each other without a margin, such as what stands over a list; the last takes the room."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.UNIT)
    for part in parts:
        if isinstance(part, QLayout):
            column.addLayout(part)
        else:
            column.addWidget(part)
    column.setStretch(len(parts) - 1, 1)
    return made


class DetailSide(QStackedWidget):
    """``nothing`` until one of the list is chosen; then its heading with 为什么？, ``body`` and the buttons under it."""

    def __init__(
        self, nothing: Empty, body: QWidget, buttons: Sequence[QPushButton], explain: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.heading = label(role="section")
        self.why = why_button(explain)
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.why, 0, Qt.AlignmentFlag.AlignTop)
        one = QWidget()
        column = QVBoxLayout(one)
        column.setContentsMargins(theme.UNIT, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addLayout(head)
        column.addWidget(body, 1)
        column.addWidget(bar_of(buttons))
        self.addWidget(EmptyView(nothing))
        self.addWidget(one)
        self.setMinimumWidth(theme.px(272))

    def show_nothing(self) -> None:
        """Nothing is chosen, or several are."""
        self.setCurrentIndex(0)

    def show_one(self) -> None:
        """One is chosen and drawn."""
        self.setCurrentIndex(1)
