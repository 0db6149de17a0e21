"""Search everything (Ctrl+K): pages, what can be done on them, and what the registry's finders find in the ledger.

Pages and commands answer at once; finders run on a reader lane, the newest question wins. Enter goes there, Escape closes.
``do(page, command)``: the window shows the page and does what the command names.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.actions.progress import Progress
from desktop.ui import texts, theme
from desktop.ui.desk import Desk, Hit
from desktop.ui.pages import PageEntry
from desktop.ui.pages.commands import PageCommand
from desktop.words import tr

Find = Callable[[Desk, str], Sequence[Hit]]
Do = Callable[[str, PageCommand], object]
WAIT_MS = 120
MOST_HITS = 20
_DETAIL = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the palette."""

    title: str
    detail: str
    icon: str
    act: Callable[[], object]


def finder(named: str) -> Find:
    """The function behind ``module:function``, imported now."""
    module, _, name = named.partition(":")
    found: Find = getattr(import_module(module), name)
    return found


class _Line(QStyledItemDelegate):
    """Title at the left, what it is at the right, muted."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().paint(painter, option, index)
        detail = str(index.data(_DETAIL) or "")
        rect: QRect = option.rect.adjusted(0, 0, -12, 0)
        title = option.fontMetrics.horizontalAdvance(str(index.data())) + theme.px(48)
        room = max(0, rect.width() - title)
        shown = option.fontMetrics.elidedText(detail, Qt.TextElideMode.ElideRight, room)
        painter.save()
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), theme.row_height())


class CommandPalette(QFrame):
    """Lies over the window at its top middle."""

    def __init__(self, desk: Desk, entries: Sequence[PageEntry], do: Do, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self._desk = desk
        self._do = do
        self._over = parent
        self._entries = tuple(entries)
        self._hits: list[Hit] = []
        self._shown: list[Offer] = []
        self._focus_before: QWidget | None = None
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr("页面、命令、仪器、单位、人员、记录编号…"))
        self.line.setAccessibleName(tr("搜索页面、命令和记录"))
        self.line.textChanged.connect(self._typed)
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("搜索结果"))
        self.list.setItemDelegate(_Line(self.list))
        self.list.setIconSize(QSize(theme.px(16), theme.px(16)))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(lambda item: self._go(self.list.row(item)))
        self.said = QLabel()
        self.said.setProperty("tone", "muted")
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.UNIT, theme.UNIT, theme.UNIT, theme.UNIT)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.line)
        column.addWidget(self.list, 1)
        column.addWidget(self.said)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self._ask)
        self.hide()

    def open(self) -> None:
        """Show it empty, with the keyboard in it."""
        window = self.window()
        self._focus_before = window.focusWidget()
        room = self._over.size()
        width = min(theme.px(640), room.width() - 64)
        height = min(theme.px(440), room.height() - 96)
        self.setGeometry((room.width() - width) // 2, theme.px(56), width, height)
        self._hits = []
        self.line.clear()
        self._fill()
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def shut(self) -> None:
        """Close it and give the keyboard back."""
        self._wait.stop()
        self._desk.jobs.drop(self)
        self.hide()
        if self._focus_before is not None and self._focus_before.isVisible():
            self._focus_before.setFocus()

    def offers(self) -> list[Offer]:
        """What is listed for the text typed: pages, then commands, then what was found."""
        text = unicodedata.normalize("NFKC", self.line.text()).strip().casefold()
        desk = self._desk
        found = [
            Offer(entry.title, tr("页面"), entry.icon, partial(desk.go, entry.key))
            for entry in self._entries
            if text in entry.title.casefold() or text in entry.key
        ]
        found += [
            Offer(title, entry.title, command.icon, partial(self._do, entry.key, command))
            for entry in self._entries
            for command in entry.commands
            if text in (title := tr(command.title)).casefold() and text
        ]
        found += [
            Offer(texts.visible(hit.title), texts.visible(hit.detail), hit.icon, partial(desk.going.emit, hit.place))
            for hit in self._hits
        ]
        return found

    def _typed(self) -> None:
        self._hits = []
        self._fill()
        if self.line.text().strip() and any(entry.finds for entry in self._entries):
            self._wait.start()

    def _ask(self) -> None:
        text = unicodedata.normalize("NFKC", self.line.text()).strip()
        desk, named = self._desk, [find for entry in self._entries for find in entry.finds]
        if not text:
            return
        self.said.setText(tr("正在搜索…"))

        def work(progress: Progress) -> list[Hit]:
            hits: list[Hit] = []
            for find in named:
                progress.check()
                hits.extend(finder(find)(desk, text)[:MOST_HITS])
            return hits

        self._desk.jobs.read(work, lambda hits: self._found(text, hits), owner=self, key="search")

    def _found(self, text: str, hits: list[Hit]) -> None:
        if text == unicodedata.normalize("NFKC", self.line.text()).strip():
            self._hits = hits
            self._fill()

    def _fill(self) -> None:
        self.list.clear()
        self._shown = self.offers()
        for offer in self._shown:
            item = QListWidgetItem(theme.icon(offer.icon), offer.title)
            item.setData(_DETAIL, offer.detail)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{offer.title}，{offer.detail}")
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        n = self.list.count()
        self.said.setText(
            tr("{n} 项 · ↑↓ 选择，Enter 打开，Esc 关闭", n=n)
            if n
            else tr("没有找到。换几个字试试：编号、名称或姓名的一部分都可以。")
        )

    def _go(self, row: int) -> None:
        if 0 <= row < len(self._shown):
            self.shut()
            self._shown[row].act()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.shut()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._go(self.list.currentRow())
                return True
            step = (event.key() == Qt.Key.Key_Down) - (event.key() == Qt.Key.Key_Up)
            if step and self.list.count():
                self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
                return True
        elsewhere = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.MouseFocusReason)
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() in elsewhere and not self.underMouse():
            self.shut()
        return super().eventFilter(watched, event)
