"""Cards of the first page: a heading, one large number, and lines that lead to the list behind them and answer "why?"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.rules.figure import Figure
from desktop.ui import texts, theme
from desktop.ui.labels import Elided
from desktop.ui.texts import Tone
from desktop.words import tr

Explain = Callable[[Figure], object]
_WIDE = 960


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a card: what it is, its value in words, where it leads, and why."""

    what: str
    value: str
    tone: Tone = "plain"
    go: Callable[[], object] | None = None
    figure: Figure | None = None


class WhyButton(QToolButton):
    """Opens the explanation of a figure."""

    def __init__(self, figure: Figure, what: str, explain: Explain, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figure = figure
        theme.dress(self, "why", "muted", 14)
        self.setToolTip(tr("为什么？"))
        self.setAccessibleName(tr("为什么：{what}", what=what))
        self.clicked.connect(lambda: explain(self.figure))


class LineView(QWidget):
    """A line drawn: the words are a button when it leads somewhere."""

    def __init__(self, line: Line, explain: Explain, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.UNIT // 2)
        self.setFixedHeight(theme.px(26))
        go = line.go
        if go is not None:
            self.button: QPushButton | None = QPushButton(line.what)
            self.button.setProperty("role", "link")
            self.button.setAccessibleName(f"{line.what} {line.value}")
            self.button.clicked.connect(lambda: go())
            # A link has a border and padding of its own; its words begin where those of a line without a link begin.
            self.button.setStyleSheet("padding-left: 0; border-left-width: 0;")
            row.addWidget(self.button)
            row.addStretch(1)
        else:
            self.button = None
            said = Elided(line.what)
            said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            said.setProperty("tone", "muted")
            row.addWidget(said, 1)
        self.value = QLabel(line.value)
        self.value.setTextFormat(Qt.TextFormat.PlainText)
        self.value.setProperty("role", "strong")
        self.value.setProperty("tone", line.tone)
        row.addWidget(self.value)
        self.why = None if line.figure is None else WhyButton(line.figure, line.what, explain)
        if self.why is not None:
            row.addWidget(self.why)
        else:
            row.addSpacing(theme.px(30))


class Card(QFrame):
    """One card; ``show_card`` replaces what it says."""

    def __init__(self, title: str, icon: str, explain: Explain, go: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName(title)
        self._explain = explain
        self.title = QLabel(title)
        self.title.setProperty("role", "strong")
        self.opener = QToolButton()
        self.opener.setToolTip(tr("打开“{title}”背后的列表", title=title))
        self.opener.setAccessibleName(tr("打开“{title}”背后的列表", title=title))
        theme.dress(self.opener, "right")
        self.opener.clicked.connect(lambda: go())
        self.large = QLabel()
        self.large.setProperty("role", "large")
        self.large.setTextFormat(Qt.TextFormat.PlainText)
        self.large.setMinimumHeight(theme.px(32))
        head = QHBoxLayout()
        head.setSpacing(theme.UNIT)
        head.addWidget(theme.IconLabel(icon, "muted", 16))
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.opener)
        self.lines: list[LineView] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(2 * theme.UNIT, theme.UNIT, theme.UNIT, theme.UNIT)
        whole.setSpacing(theme.UNIT // 2)
        whole.addLayout(head)
        whole.addWidget(self.large)
        whole.addLayout(self._column)
        whole.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_card(self, large: str, tone: Tone, lines: list[Line]) -> None:
        """The number and the lines under it."""
        self.large.setText(texts.visible(large))
        theme.say_tone(self.large, tone)
        for old in self.lines:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.lines = [LineView(line, self._explain) for line in lines]
        for view in self.lines:
            self._column.addWidget(view)


class CardGrid(QWidget):
    """Cards side by side, two by two where there is less room."""

    def __init__(self, cards: list[QWidget], most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = cards
        self._most = most
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.UNIT)
        self._arrange(most)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self._most if self.width() >= theme.px(_WIDE) else max(1, self._most // 2))

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 0)
        self._columns = columns
        for place, card in enumerate(self._cards):
            self._grid.addWidget(card, place // columns, place % columns)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
