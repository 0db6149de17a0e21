"""The list every page uses: a PagedModel with chips, column chooser, remembered widths, copying, an empty state that teaches.

    table = Table(model, name="instruments", preferences=desk.preferences, empty=Empty(…), chips=[Chip("state", "overdue", …)],
                  actions=[RowAction(tr("入网…"), self.join, icon="network", needs="one")])

``opened(key)``: Enter or double click. ``selected`` (keys) is kept by key across re-reads. ``table.filter_by({...})`` sets
filters from outside (a card of 总览, a search field); chips show what they cover, and ``narrowed_words(name, value)`` says
the others over the list, with a way back to all ("" for what a field of the page shows already). Rows have one height; the widths, order and
visibility of columns are kept in the preferences under ``table.<name>``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Literal, NamedTuple

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.ui import theme
from desktop.ui.chips import Chip, ChipBar
from desktop.ui.columns import ColumnChoice
from desktop.ui.empty import Empty, EmptyView
from desktop.ui.paged_model import Key, PagedModel
from desktop.words import tr

_MANY = 500
_KEPT_SELECTION = 20_000


class RowAction(NamedTuple):
    """Something to do with the selected rows, in the menu of the table. ``act(keys)``; ``needs`` says how many it takes."""

    text: str
    act: Callable[[list[Key]], object]
    icon: str = ""
    needs: Literal["one", "some"] = "some"
    shortcut: str = ""
    allowed: Callable[[list[Key]], bool] | None = None

    def fits(self, keys: list[Key]) -> bool:
        """Whether the action can be done with these rows."""
        if not keys or (self.needs == "one" and len(keys) != 1):
            return False
        return self.allowed is None or self.allowed(keys)


class Table(QWidget):
    """A list with its surroundings."""

    opened = Signal(object)
    selected = Signal(object)
    filtered = Signal(object)

    def __init__(
        self,
        model: PagedModel,
        *,
        name: str,
        preferences: MutableMapping[str, object],
        empty: Empty,
        title: str = "",
        narrowed_words: Callable[[str, str], str] | None = None,
        chips: Sequence[Chip] = (),
        actions: Sequence[RowAction] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = model
        model.setParent(self)
        self.actions_on_rows = tuple(actions)
        self._restoring = False
        self._extra: dict[str, str] = {}
        self._kept: list[Key] = []
        self._all_kept = False
        self._current: Key | None = None
        self._other: QWidget | None = None
        self.view = QTableView()
        self.view.setAccessibleName(title or tr("列表"))
        self.chips = ChipBar(chips)
        self.count = QLabel()
        self.count.setProperty("tone", "muted")
        self.chooser = QToolButton()
        self.chooser.setText(tr("列"))
        self.chooser.setToolTip(tr("选择显示哪些列"))
        self.chooser.setAccessibleName(tr("选择显示哪些列"))
        theme.dress(self.chooser, "columns")
        self.nothing = EmptyView(empty)
        self.no_match = EmptyView(
            Empty(
                tr("没有符合筛选条件的行"),
                tr("去掉一些筛选条件，就能看到其余各行。"),
                "filter",
                ((tr("清除筛选"), self.clear_filters),),
            )
        )
        self._narrowed_words = narrowed_words
        self.narrowed = QWidget()
        self.narrowed_by = QLabel()
        self.narrowed_by.setProperty("tone", "note")
        self.narrowed_by.setTextFormat(Qt.TextFormat.PlainText)
        self._stack = QStackedWidget()
        self._arrange(bool(chips))
        self._prepare_view()
        self.columns = ColumnChoice(self.view.horizontalHeader(), model.columns, preferences, f"table.{name}")
        self._connect()
        self._shortcuts()
        self._loaded()

    # What a page asks of it

    def keys(self) -> list[Key]:
        """The keys of the selected rows, in the order shown."""
        keys = self.model.keys()
        chosen: list[Key] = []
        for top, bottom in self._spans():
            chosen.extend(keys[top : bottom + 1])
        return chosen

    def _spans(self) -> list[tuple[int, int]]:
        # Ranges, not rows: with a million rows selected there is still one range. A hidden column may split one in two.
        selection = self.view.selectionModel().selection()
        return sorted({(selection.at(n).top(), selection.at(n).bottom()) for n in range(selection.count())})

    def select(self, keys: Sequence[Key]) -> None:
        """Select these rows and show the first; keys that are not in the list are left out."""
        rows = self.model.rows_of(keys)
        chosen = QItemSelection()
        last = self.model.columnCount() - 1
        start = previous = None
        for row in [*rows, None]:
            if start is not None and previous is not None and row != previous + 1:
                chosen.select(self.model.index(start, 0), self.model.index(previous, last))
                start = None
            if start is None:
                start = row
            previous = row
        self.view.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if rows:
            first = self.model.index(rows[0], self._first_column())
            self.view.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.view.scrollTo(first)

    def filter_by(self, filters: Mapping[str, str]) -> None:
        """Replace every filter; chips take those they know, the rest acts unseen but is counted in ``filtered``."""
        self.chips.show_filters(filters)
        shown = self.chips.filters()
        self._extra = {name: value for name, value in filters.items() if shown.get(name) != value}
        self._apply_filters()

    def set_filter(self, name: str, value: str) -> None:
        """One filter beside the chips, for instance the text of a search field; an empty value takes it away."""
        self._extra = {**self._extra, name: value}
        self._apply_filters()

    def clear_filters(self) -> None:
        """Show everything."""
        self.filter_by({})

    def refresh(self) -> None:
        """Read the list again; the selection stays on the same rows."""
        self.model.refresh()

    def show_as(self, other: QWidget | None) -> None:
        """Show the rows as another widget does, in the list's place under the same chips; None: as a list."""
        if other is not None and self._stack.indexOf(other) < 0:
            self._stack.addWidget(other)
        self._other = other
        self._show_rows()

    def copy(self) -> None:
        """The selected rows (or all) as text with tabs, ready for a spreadsheet."""
        keys = self.keys() or list(self.model.keys())
        columns = [self.model.columns[place] for place in self.columns.shown()]
        title = tr("复制 {n} 行", n=f"{len(keys):,}") if len(keys) > _MANY else ""
        work = self.model.tsv(keys, columns)
        self.model.jobs.read(work, QGuiApplication.clipboard().setText, title=title, owner=self, key="copy")

    # Building

    def _arrange(self, has_chips: bool) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        head = QHBoxLayout()
        head.setSpacing(theme.UNIT)
        head.addWidget(self.chips, 1)
        head.addWidget(self.count, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.chooser)
        if not has_chips:  # and not setVisible: shown before it stands in the table it would be a window of its own for a moment
            self.chips.hide()
            head.insertStretch(0, 1)
        column.addLayout(head)
        row = QHBoxLayout(self.narrowed)
        row.setContentsMargins(0, 0, 0, 0)
        everything = QPushButton(tr("显示全部"))
        everything.clicked.connect(self.clear_filters)
        row.addWidget(self.narrowed_by, 1)
        row.addWidget(everything)
        self.narrowed.hide()
        column.addWidget(self.narrowed)
        for widget in (self.view, self.nothing, self.no_match):
            self._stack.addWidget(widget)
        self._stack.setMinimumHeight(theme.px(96))  # an empty list's words may be cut sooner than a button beside it
        column.addWidget(self._stack, 1)

    def _prepare_view(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setShowGrid(False)
        view.setIconSize(QSize(theme.px(16), theme.px(16)))
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.setCornerButtonEnabled(False)
        rows = view.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(theme.row_height())
        rows.setDefaultSectionSize(theme.row_height())
        header = view.horizontalHeader()
        header.setSectionsMovable(True)
        header.setHighlightSections(False)
        # The header asks row by row whether its column is selected, for half a minute when a million are: it has nothing to ask.
        header.setSelectionModel(QItemSelectionModel(self.model, header))
        header.setMinimumSectionSize(theme.px(48))
        header.setFixedHeight(theme.row_height())
        header.setSortIndicatorClearable(False)
        header.setSortIndicator(*self._sort_indicator())
        view.setSortingEnabled(True)

    def _sort_indicator(self) -> tuple[int, Qt.SortOrder]:
        by = self.model.sort_by
        names = [column.name for column in self.model.columns]
        if by is None or by.column not in names:
            return -1, Qt.SortOrder.AscendingOrder
        return names.index(by.column), Qt.SortOrder.DescendingOrder if by.descending else Qt.SortOrder.AscendingOrder

    def _connect(self) -> None:
        self.chips.chosen.connect(self._apply_filters)
        self.chooser.clicked.connect(lambda: self.columns.choose(self.chooser.mapToGlobal(QPoint(0, self.chooser.height()))))
        self.view.doubleClicked.connect(lambda index: self.opened.emit(self.model.key_at(index.row())))
        self.view.customContextMenuRequested.connect(self._menu_at)
        self.view.installEventFilter(self)
        self.view.selectionModel().selectionChanged.connect(self._selection_changed)
        self.model.modelAboutToBeReset.connect(self._keep_selection)
        self.model.loaded.connect(self._loaded)

    def _shortcuts(self) -> None:
        copy = QAction(tr("复制"), self.view)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.triggered.connect(self.copy)
        theme.dress(copy, "copy")
        self.view.addAction(copy)
        self._copy_action = copy
        self._row_actions: list[tuple[RowAction, QAction]] = []
        for offered in self.actions_on_rows:
            action = QAction(offered.text, self.view)
            if offered.icon:
                theme.dress(action, offered.icon)
            if offered.shortcut:
                action.setShortcut(QKeySequence(offered.shortcut))
            action.triggered.connect(lambda checked=False, offered=offered: self._do(offered))
            self.view.addAction(action)
            self._row_actions.append((offered, action))
        for each in self.view.actions():
            each.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _do(self, offered: RowAction) -> None:
        keys = self.keys()
        if offered.fits(keys):
            offered.act(keys)

    # Events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            current = self.view.currentIndex()
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() and current.isValid():
                self.opened.emit(self.model.key_at(current.row()))
                return True
        return super().eventFilter(watched, event)

    def menu(self) -> QMenu:
        """The menu for the selected rows."""
        keys = self.keys()
        menu = QMenu(self)
        for offered, action in self._row_actions:
            action.setEnabled(offered.fits(keys))
            menu.addAction(action)
        if self._row_actions:
            menu.addSeparator()
        menu.addAction(self._copy_action)
        return menu

    def _menu_at(self, at: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # A menu shortcut disables its action only while the menu is open: afterwards ``fits`` decides again.
        menu.aboutToHide.connect(self._enable_actions)
        menu.popup(self.view.viewport().mapToGlobal(at))

    def _enable_actions(self) -> None:
        for _, action in self._row_actions:
            action.setEnabled(True)

    def _selection_changed(self) -> None:
        if not self._restoring:
            self._show_count()
            self.selected.emit(self.keys())

    def _keep_selection(self) -> None:
        total = sum(bottom - top + 1 for top, bottom in self._spans())
        self._all_kept = total > 1 and total == len(self.model.keys())
        self._kept = [] if self._all_kept or total > _KEPT_SELECTION else self.keys()
        current = self.view.currentIndex()
        self._current = self.model.key_at(current.row()) if current.isValid() else None
        self._offset = self.view.verticalScrollBar().value()

    def _loaded(self) -> None:
        before = list(self._kept)
        self._restoring = True
        if self._all_kept and self.model.rowCount():
            self.view.selectAll()
        elif self._kept:
            self.select(self._kept)
        if self._current is not None:
            self._back_to_current(self._current)
        self._restoring = False
        self._show_rows()
        self._show_count()
        if before != self.keys() or before:
            self.selected.emit(self.keys())
        self._kept, self._all_kept = [], False

    def _show_rows(self) -> None:
        empty = self.model.rowCount() == 0 and self.model.was_loaded
        rows = self.view if self._other is None else self._other
        self._stack.setCurrentWidget((self.no_match if self.model.filters else self.nothing) if empty else rows)

    def _back_to_current(self, key: Key) -> None:
        row = self.model.row_of(key)
        if row is None:
            return
        index = self.model.index(row, self._first_column())
        self.view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.view.scrollTo(index)

    def _first_column(self) -> int:
        return self.columns.shown()[0]

    def _apply_filters(self) -> None:
        filters = {**self._extra, **self.chips.filters()}
        said = [words for name, value in self._extra.items() if value and (words := self._narrowed(name, value))]
        self.narrowed_by.setText(tr("只显示：{what}", what=tr("；").join(said)))
        self.narrowed.setVisible(bool(said))
        self.model.set_filters(filters)
        self.filtered.emit(dict(self.model.filters))

    def _narrowed(self, name: str, value: str) -> str:
        """A filter that no chip and no field of the page shows, in words; empty for one that is seen elsewhere."""
        return self._narrowed_words(name, value) if self._narrowed_words is not None else ""

    def _show_count(self) -> None:
        total = self.model.rowCount()
        chosen = sum(bottom - top + 1 for top, bottom in self._spans())
        words = tr("共 {n} 行", n=f"{total:,}") if self.model.was_loaded else tr("正在读取…")
        if chosen > 1:
            words += " · " + tr("已选 {n} 行", n=f"{chosen:,}")
        self.count.setText(words)
