"""A list with one of it beside it: what both sides are made of, for every page that has such a pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.empty import Empty, EmptyView
from desktop.ui.flow import FlowLayout
from desktop.ui.forms import scrolled
from desktop.ui.labels import label
from desktop.words import tr

_LEAST_WIDTH = 272


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


def scrolling_side(heading: QWidget, why: QWidget, parts: Sequence[QWidget], buttons: Sequence[QWidget]) -> QWidget:
    """Beside a list that says in the heading what is chosen, nothing or several too: heading and ``parts`` scroll, the buttons stay."""
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.UNIT)
    column.addLayout(_head_of(heading, why))
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    made = QWidget()
    whole = QVBoxLayout(made)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.addWidget(scrolled(inner), 1)
    whole.addWidget(bar_of(buttons))
    made.setMinimumWidth(theme.px(_LEAST_WIDTH))
    return made


def _head_of(heading: QWidget, why: QWidget) -> QHBoxLayout:
    made = QHBoxLayout()
    made.addWidget(heading, 1)
    made.addWidget(why, 0, Qt.AlignmentFlag.AlignTop)
    return made


class DetailSide(QStackedWidget):
    """``nothing`` until one of the list is chosen; then its heading with 为什么？, ``body`` and the buttons under it."""

    def __init__(
        self, nothing: Empty, body: QWidget, buttons: Sequence[QPushButton], explain: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.heading = label(role="section")
        self.why = why_button(explain)
        one = QWidget()
        column = QVBoxLayout(one)
        column.setContentsMargins(theme.UNIT, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addLayout(_head_of(self.heading, self.why))
        column.addWidget(body, 1)
        column.addWidget(bar_of(buttons))
        self.addWidget(EmptyView(nothing))
        self.addWidget(one)
        self.setMinimumWidth(theme.px(_LEAST_WIDTH))

    def show_nothing(self) -> None:
        """Nothing is chosen, or several are."""
        self.setCurrentIndex(0)

    def show_one(self) -> None:
        """One is chosen and drawn."""
        self.setCurrentIndex(1)
