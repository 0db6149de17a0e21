"""The answer to "为什么?": the tree of a figure, from the value down to facts, parameters and clauses.

Each line tells what the value is, the value by its unit, how it was made, where the rule stands, and how sure that source is.
A line with rows behind it opens them (``open_rows``). Everything is plain text, and the whole tree can be copied as text.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFont, QFontMetrics, QGuiApplication, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop import words
from desktop.actions import code_words
from desktop.actions.fee_words import note_of
from desktop.rules.figure import Figure
from desktop.ui import texts, theme
from desktop.words import tr

MOST_INPUTS = 200
Index = QModelIndex | QPersistentModelIndex
_FIGURE_ROLE = Qt.ItemDataRole.UserRole
_SOURCE_ROLE = Qt.ItemDataRole.UserRole + 1
_TONE_ROLE = Qt.ItemDataRole.UserRole + 2
WHAT, VALUE = range(2)
_VALUE_PERCENT = 60  # of the width, at most: what it is must stay readable


def label_of(figure: Figure) -> str:
    """What a figure is, in words, with the note from the ledger or file behind it."""
    said = texts.visible(words.say(figure.code, **dict(figure.params)))
    return f"{said}（{texts.visible(note_of(figure))}）" if figure.note else said


def value_of(figure: Figure) -> str:
    """A figure's value in words; a state's words are with its subject: ``duty.figure.state`` -> ``duty.state.<value>``."""
    if figure.unit == "codes" and figure.value is not None:
        return texts.visible(code_words.of_figure(figure))
    return texts.figure(figure.value, figure.unit, figure.code.partition(".")[0] + ".state")


def how_of(figure: Figure) -> str:
    """How a figure was made, in words."""
    return words.say(f"how.{figure.how}") if figure.how else ""


def source_of(figure: Figure) -> str:
    """How it was made, where the rule stands, and how sure that is, in one line."""
    return " · ".join(
        part for part in (how_of(figure), texts.visible(figure.clause), texts.certainty(figure.certainty).text) if part
    )


def as_text(figure: Figure) -> str:
    """The whole tree as indented lines, for a letter or a file."""

    def lines(one: Figure, depth: int) -> Iterator[str]:
        parts = [f"{label_of(one)}{words.say('explain.colon')}{value_of(one)}", source_of(one)]
        rows = tr("背后有 {n} 行", n=f"{len(one.rows.keys):,}") if one.rows is not None and one.rows.keys else ""
        yield "  " * depth + " · ".join(part for part in (*parts, rows) if part)
        for part in one.inputs:
            yield from lines(part, depth + 1)

    return "\n".join(lines(figure, 0)) + "\n"


class _TwoLines(QStyledItemDelegate):
    """What it is with its value at the right, and under both, smaller and muted, where it comes from."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = option.widget
        self.initStyleOption(option, index)
        text, option.text = option.text, ""
        view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, view)
        icon = theme.px(20) if not option.icon.isNull() else 0
        rect = option.rect.adjusted(icon + 4, theme.px(3), -theme.px(8), -theme.px(3))
        value = index.sibling(index.row(), VALUE)
        painter.save()
        painter.setFont(option.font)
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        said = _cut(option.fontMetrics, str(value.data() or ""), rect.width() * _VALUE_PERCENT // 100)
        painter.setPen(theme.colour(value.data(_TONE_ROLE) or "plain"))
        painter.drawText(rect, right, said)
        painter.setPen(theme.colour(index.data(_TONE_ROLE) or "plain"))
        room = rect.width() - (option.fontMetrics.horizontalAdvance(said) + theme.px(12) if said else 0)
        painter.drawText(rect, left, _cut(option.fontMetrics, text, room))
        source = index.data(_SOURCE_ROLE)
        if source:
            small = QFont(option.font)
            small.setPixelSize(theme.px(12))
            painter.setFont(small)
            painter.setPen(theme.colour("muted"))
            bottom = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
            painter.drawText(rect, bottom, _cut(QFontMetrics(small), source, rect.width()))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width() + theme.px(16), theme.px(44))


def _cut(metrics: QFontMetrics, text: str, width: int) -> str:
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


class ExplainPanel(QFrame):
    """The panel at the right of the window."""

    open_rows = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._figure: Figure | None = None
        title = QLabel(tr("为什么？"))
        title.setProperty("role", "section")
        self.copy_button = self._button("copy", tr("复制为文字"), self.copy)
        self.close_button = self._button("close", tr("关闭解释"), self.close_panel)
        self.value = QLabel()
        self.value.setProperty("role", "large")
        self.what = QLabel()
        self.what.setProperty("tone", "muted")
        for label in (self.value, self.what):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.tree = QTreeWidget()
        self._prepare_tree()
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.copy_button)
        head.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * theme.UNIT, theme.UNIT, theme.UNIT, theme.UNIT)
        column.setSpacing(theme.UNIT)
        column.addLayout(head)
        column.addWidget(self.what)
        column.addWidget(self.value)
        column.addWidget(self.tree, 1)
        self.weakest = QLabel()
        self.weakest.setTextFormat(Qt.TextFormat.PlainText)
        self.weakest.setWordWrap(True)
        column.addWidget(self.weakest)

    def _button(self, icon: str, words_: str, act: object) -> QToolButton:
        made = QToolButton()
        made.setToolTip(words_)
        made.setAccessibleName(words_)
        theme.dress(made, icon)
        made.clicked.connect(act)
        return made

    def _prepare_tree(self) -> None:
        tree = self.tree
        tree.setAccessibleName(tr("数字的来历"))
        tree.setColumnCount(2)
        tree.setHeaderHidden(True)
        tree.setColumnHidden(VALUE, True)  # drawn beside what it is: a column of its own would take the room of both
        tree.setItemDelegate(_TwoLines(tree))
        tree.setIndentation(theme.px(16))
        tree.setUniformRowHeights(True)
        tree.setIconSize(QSize(theme.px(16), theme.px(16)))
        tree.header().setSectionResizeMode(WHAT, QHeaderView.ResizeMode.Stretch)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.customContextMenuRequested.connect(self._menu_at)
        tree.itemActivated.connect(lambda item: self._open(item))
        copy = QAction(tr("复制为文字"), tree)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy)
        tree.addAction(copy)

    def show_figure(self, figure: Figure) -> None:
        """Explain this figure."""
        self._figure = figure
        self.what.setText(label_of(figure))
        self.value.setText(value_of(figure))
        self.tree.clear()
        top = self._item(figure)
        self.tree.addTopLevelItem(top)
        self.tree.expandToDepth(1)
        self.tree.setCurrentItem(top)
        sure = texts.certainty(figure.weakest)
        self.weakest.setText(
            tr("整体可信度以最弱的一环为准：{sure}", sure=sure.text) if sure.text else tr("全部来自台账中的事实。")
        )
        theme.say_tone(self.weakest, sure.tone if sure.text else "muted")

    def copy(self) -> None:
        """The whole tree to the clipboard as text."""
        if self._figure is not None:
            QGuiApplication.clipboard().setText(as_text(self._figure))

    def _item(self, figure: Figure) -> QTreeWidgetItem:
        value = value_of(figure)
        source = source_of(figure)
        item = QTreeWidgetItem([label_of(figure), value])
        item.setData(WHAT, _FIGURE_ROLE, figure)
        item.setData(WHAT, _SOURCE_ROLE, source)
        item.setData(WHAT, Qt.ItemDataRole.AccessibleTextRole, f"{label_of(figure)} {value} {source}")
        if figure.value is None:
            item.setData(VALUE, _TONE_ROLE, "warning")
        whole = "\n".join(part for part in (label_of(figure), value, source) if part)
        if figure.rows is not None:
            item.setIcon(WHAT, theme.icon("link", "accent"))
            whole += "\n" + tr("按 Enter 打开背后的各行")
        item.setToolTip(WHAT, texts.tip(whole))
        for part in figure.inputs[:MOST_INPUTS]:
            item.addChild(self._item(part))
        if len(figure.inputs) > MOST_INPUTS:
            more = QTreeWidgetItem([tr("…另有 {n} 项，复制为文字可看全部", n=f"{len(figure.inputs) - MOST_INPUTS:,}")])
            more.setData(WHAT, _TONE_ROLE, "muted")
            item.addChild(more)
        return item

    def _open(self, item: QTreeWidgetItem) -> None:
        figure = item.data(WHAT, _FIGURE_ROLE)
        if isinstance(figure, Figure) and figure.rows is not None:
            self.open_rows.emit(figure.rows)

    def _menu_at(self, at: QPoint) -> None:
        item = self.tree.itemAt(at)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        figure = item.data(WHAT, _FIGURE_ROLE) if item is not None else None
        if item is not None and isinstance(figure, Figure) and figure.rows is not None:
            menu.addAction(theme.icon("link"), tr("打开背后的各行")).triggered.connect(lambda: self._open(item))
        menu.addAction(theme.icon("copy"), tr("复制为文字")).triggered.connect(self.copy)
        menu.popup(self.tree.viewport().mapToGlobal(at))

    def close_panel(self) -> None:
        """Put it away, as its cross does."""
        self.hide()
        self.closed.emit()
