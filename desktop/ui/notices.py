"""Notices: what happened, in a bar under the top of the window, with an icon, words and at most one action.

``done`` goes by itself after some seconds, everything else stays until closed; at most three are shown, the oldest gives way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.words import tr

Level = Literal["done", "note", "warning", "error"]
DONE_MS = 6000
_MOST = 3


class Notice(NamedTuple):
    """Words with a level; ``action`` is (text, what to do). ``key``: a newer notice of the same key replaces the older."""

    level: Level
    text: str
    action: tuple[str, Callable[[], object]] | None = None
    key: str = ""


class NoticeView(QFrame):
    """One notice."""

    def __init__(self, notice: Notice, close: Callable[[NoticeView], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setProperty("tone", notice.level)
        self.notice = notice
        self.words = QLabel(notice.text)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 4, 4)
        row.setSpacing(theme.UNIT)
        row.addWidget(theme.IconLabel(theme.TONE_ICON[notice.level], notice.level, 16))
        row.addWidget(self.words, 1)
        self.action: QPushButton | None = None
        if notice.action is not None:
            text, act = notice.action
            self.action = QPushButton(text)
            self.action.setProperty("role", "link")
            self.action.clicked.connect(lambda: self._act(act))
            row.addWidget(self.action)
        self.closer = QToolButton()
        self.closer.setAccessibleName(tr("关闭这条提示"))
        self.closer.setToolTip(tr("关闭这条提示"))
        theme.dress(self.closer, "close")
        self.closer.clicked.connect(lambda: close(self))
        self._close = close
        row.addWidget(self.closer)

    def _act(self, act: Callable[[], object]) -> None:
        self._close(self)
        act()


class NoticeBar(QWidget):
    """Up to three notices, the newest on top; no room when there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2 * theme.UNIT, theme.UNIT, 2 * theme.UNIT, 0)
        self._column.setSpacing(theme.UNIT // 2)
        self.hide()

    def views(self) -> list[NoticeView]:
        """What is shown, newest first."""
        items = (self._column.itemAt(place) for place in range(self._column.count()))
        found = (item.widget() for item in items if item is not None)
        return [widget for widget in found if isinstance(widget, NoticeView)]

    def tell(self, notice: Notice) -> None:
        """Show it."""
        for view in self.views():
            if (notice.key and view.notice.key == notice.key) or view.notice.text == notice.text:
                self._close(view)
        for view in self.views()[_MOST - 1 :]:
            self._close(view)
        view = NoticeView(notice, self._close)
        self._column.insertWidget(0, view)
        self.show()
        from PySide6.QtGui import QAccessible, QAccessibleEvent  # hundreds of names that the first paint does not need

        QAccessible.updateAccessibility(QAccessibleEvent(view.words, QAccessible.Event.Alert))
        if notice.level == "done":
            QTimer.singleShot(DONE_MS, view, lambda: self._close(view))

    def _close(self, view: NoticeView) -> None:
        self._column.removeWidget(view)
        view.hide()
        view.deleteLater()
        self.setVisible(bool(self.views()))
