"""Which columns a table shows, how wide and in what order: chosen by the person, remembered in the preferences."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView

from desktop.ui import theme
from desktop.ui.paged_model import Column
from desktop.words import tr

_BESIDE = 32  # padding and the arrow of sorting
_PADDING = 20


def heading_width(header: QHeaderView, title: str, *, sortable: bool = False) -> int:
    """Pixels in which a heading can be read whole, with the arrow of sorting."""
    font = QFont(header.font())
    font.setBold(True)
    return QFontMetrics(font).horizontalAdvance(title) + theme.px(_BESIDE if sortable else _PADDING)


def size_columns(view: QTableView, widths: Sequence[int]) -> None:
    """Give the columns of a grid their first widths (design pixels), each as wide as its heading at least, in any language."""
    header = view.horizontalHeader()
    for place, width in enumerate(widths):
        title = str(view.model().headerData(place, Qt.Orientation.Horizontal) or "")
        header.resizeSection(place, max(theme.px(width), heading_width(header, title)))


class ColumnChoice:
    """Keeps a header and the preferences in step. Kept per column name: place, width in design pixels, hidden or not."""

    def __init__(
        self, header: QHeaderView, columns: Sequence[Column], preferences: MutableMapping[str, object], name: str
    ) -> None:
        self._header = header
        self._columns = tuple(columns)
        self._preferences = preferences
        self._name = name
        self._restoring = False
        self._first: dict[str, int] = {}  # widths as the program chose them, by column
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda at: self.choose(header.mapToGlobal(at)))
        header.sectionResized.connect(self._remember)
        header.sectionMoved.connect(self._remember)
        self._restore()

    def shown(self) -> list[int]:
        """The places (in the model) of the visible columns, from left to right. There is always one."""
        header = self._header
        return sorted((place for place in range(len(self._columns)) if not header.isSectionHidden(place)), key=header.visualIndex)

    def show(self, place: int, on: bool) -> None:
        """Show or hide a column and remember it; the last one cannot be hidden."""
        if on or self.shown() != [place]:
            self._header.setSectionHidden(place, not on)
            self._remember()

    def reset(self) -> None:
        """As the page made them."""
        self._preferences.pop(self._name, None)
        self._restore()

    def menu(self) -> QMenu:
        """A check for each column."""
        menu = QMenu(self._header)
        shown = self.shown()
        for place, column in enumerate(self._columns):
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(place in shown)
            action.setEnabled(shown != [place])
            action.toggled.connect(lambda on, place=place: self.show(place, on))
        menu.addSeparator()
        menu.addAction(tr("恢复默认列")).triggered.connect(self.reset)
        return menu

    def choose(self, at: QPoint) -> None:
        """Open the menu there."""
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def _heading_width(self, column: Column) -> int:
        return heading_width(self._header, column.title, sortable=column.sortable)

    def _remember(self) -> None:
        if self._restoring:
            return
        header = self._header
        before = _sound(self._preferences.get(self._name))
        last = self.shown()[-1]
        kept: dict[str, list[int]] = {}
        for place, column in enumerate(self._columns):
            # A hidden section tells width 0 and the last one takes what is left: neither is the person's choice.
            chosen = place != last and not header.isSectionHidden(place)
            width = _design(header.sectionSize(place)) if chosen else before.get(column.name, (0, column.width, 0))[1]
            if width == self._first.get(column.name):
                width = column.width  # nobody's choice: another language may need another one
            kept[column.name] = [header.visualIndex(place), width, int(header.isSectionHidden(place))]
        self._preferences[self._name] = kept

    def _restore(self) -> None:
        self._restoring = True
        header = self._header
        kept = _sound(self._preferences.get(self._name))
        names = [column.name for column in self._columns]
        if all(kept.get(column.name, (0, 0, int(column.hidden)))[2] for column in self._columns):
            kept = {}
        for place, column in enumerate(self._columns):
            _, width, hidden = kept.get(column.name, (place, column.width, int(column.hidden)))
            if width == column.width:
                width = self._first[column.name] = max(width, _design(self._heading_width(column)))
            header.resizeSection(place, theme.px(width))
            header.setSectionHidden(place, bool(hidden))
        for visual, name in enumerate(sorted(names, key=lambda one: kept.get(one, (names.index(one), 0, 0))[0])):
            header.moveSection(header.visualIndex(names.index(name)), visual)
        header.setStretchLastSection(True)
        self._restoring = False


def _design(width: int) -> int:
    return round(width * 100 / theme.px(100))


def _sound(kept: object) -> dict[str, tuple[int, int, int]]:
    """Remembered columns, as far as they make sense: the file may be old or edited."""
    if not isinstance(kept, Mapping):
        return {}
    sound: dict[str, tuple[int, int, int]] = {}
    for name, value in kept.items():
        if isinstance(name, str) and isinstance(value, (list, tuple)) and len(value) == 3 and all(type(n) is int for n in value):
            sound[name] = (value[0], max(24, min(2000, value[1])), value[2])
    return sound
