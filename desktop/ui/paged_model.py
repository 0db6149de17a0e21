"""A table of a million rows that holds only their ids; rows come on demand, a page at a time.

A page gives it a ``Source``:

* ``ids(sort, filters)`` -> every key of the list in order, as ``array('q')`` of rowids or a list of UUID texts. Called on a
  reader lane; it may take a second, so it should be one SQL statement.
* ``rows(keys)`` -> one tuple per key still there, **the key first**, then one value for each column, in any order. Called on
  the window's thread when ``direct`` (it takes under 5 ms for a page of 64), else on a reader lane; on both when rows
  are copied.

Both open their own read of the ledger, so they may be called from any thread. Values are facts (fen as int, Decimal, date,
state code); ``Column.kind`` says how they are written. Selection belongs to ``ui.table``, which keeps it by key.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desktop.actions.progress import Progress
from desktop.ledger import money
from desktop.ui import texts, theme
from desktop.ui.jobs import Jobs

Key = int | str
Kind = Literal["text", "code", "money", "wan", "date", "moment", "number", "minutes", "ratio", "state"]
Index = QModelIndex | QPersistentModelIndex
Row = tuple[Any, ...]
PAGE_ROWS = 32
KEPT_PAGES = 256
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_DISPLAY, _ALIGN = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.TextAlignmentRole)
_TIP, _NAME = int(Qt.ItemDataRole.ToolTipRole), int(Qt.ItemDataRole.AccessibleTextRole)
_ICON, _INK = int(Qt.ItemDataRole.DecorationRole), int(Qt.ItemDataRole.ForegroundRole)
_FORMULA = "=+@\uff1d\uff0b\uff20"  # with their full-width forms
KEY_ROLE = int(Qt.ItemDataRole.UserRole) + 1
VALUE_ROLE = int(Qt.ItemDataRole.UserRole) + 2
_NO_ROW = -2  # an index that is not valid says -1
_ANSWERED = frozenset((_DISPLAY, _ALIGN, _TIP, _NAME, _ICON, _INK, KEY_ROLE, VALUE_ROLE))


class Column(NamedTuple):
    """One column: ``name`` goes to the source for sorting and to the preferences, ``title`` is already in the user's language.

    ``said_under``: for states, where their words are (``duty.state`` -> ``words.say("duty.state.joined")``).
    ``width`` in design pixels; ``hidden`` columns are offered in the column chooser; ``blank``: what a missing value shows as
    (None: 未知; give "" where nothing to say is no gap in the facts).
    """

    name: str
    title: str
    kind: Kind = "text"
    width: int = 120
    hidden: bool = False
    sortable: bool = True
    said_under: str = ""
    blank: str | None = None
    tip: str = ""

    @property
    def right(self) -> bool:
        """Numbers stand right."""
        return self.kind in ("money", "wan", "number", "minutes", "ratio")

    def spoken(self, value: object) -> texts.Spoken:
        """The value in words, with its tone."""
        if (value is None or value == "") and self.blank is not None:
            return texts.Spoken(self.blank, "muted")
        if value is None:
            return texts.Spoken(texts.unknown(), "muted")
        if self.kind == "state":
            return texts.state(str(value), self.said_under)
        if type(value) is str:
            return texts.Spoken(texts.visible(value))
        unit = {"money": "fen", "wan": "wan", "minutes": "minutes", "ratio": "ratio"}.get(self.kind, "")
        return texts.Spoken(texts.figure(value, unit))

    def plain(self, value: object) -> str:
        """The value for a spreadsheet: money without sign and separators, everything else as on screen."""
        if value is None:
            return ""
        if self.kind == "money" and isinstance(value, int):
            return money.plain(value)
        if self.kind in ("number", "code", "ratio"):
            return str(value)
        return self.spoken(value).text


class Sort(NamedTuple):
    """Which column orders the list."""

    column: str
    descending: bool = False


Filters = Mapping[str, str]


class Source(Protocol):
    """Where a list comes from; see the module's head."""

    def ids(self, sort: Sort | None, filters: Filters) -> Sequence[Key]:
        """Every key in order."""

    def rows(self, keys: Sequence[Key]) -> Iterable[Row]:
        """The rows of these keys that still exist, each with its key first."""


class PagedModel(QAbstractTableModel):
    """Rows by key. ``refresh`` re-reads keys and rows; ``loaded`` follows when they are shown."""

    loaded = Signal()
    loading = Signal()

    def __init__(
        self,
        source: Source,
        columns: Sequence[Column],
        jobs: Jobs,
        *,
        direct: bool = True,
        sort: Sort | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.source = source
        self.columns = tuple(columns)
        self.jobs = jobs
        self.direct = direct
        self.sort_by = sort
        self.filters: dict[str, str] = {}
        self.was_loaded = False
        self._aligned = {-1: _LEFT} | {place: _RIGHT if column.right else _LEFT for place, column in enumerate(self.columns)}
        self._states = frozenset(place for place, column in enumerate(self.columns) if column.kind == "state")
        self._keys: Sequence[Key] = ()
        self._pages: OrderedDict[int, list[list[texts.Spoken] | None]] = OrderedDict()
        self._values: dict[int, list[Row | None]] = {}
        self._asked: set[int] = set()
        self._reading = 0
        self._said_row = _NO_ROW
        self._said: list[texts.Spoken] = []

    # What the list holds

    def keys(self) -> Sequence[Key]:
        """All keys, in the order shown."""
        return self._keys

    def key_at(self, row: int) -> Key:
        """The key of a row. Raises IndexError."""
        return self._keys[row]

    def row_of(self, key: Key) -> int | None:
        """Where a key stands, if it does."""
        try:
            return self._keys.index(key)
        except (ValueError, TypeError):
            return None

    def rows_of(self, keys: Iterable[Key]) -> list[int]:
        """The rows of those keys that are in the list, in order: one pass, however long the list."""
        wanted = set(keys)
        if not wanted:
            return []
        if len(wanted) < 8:
            found = (self.row_of(key) for key in wanted)
            return sorted(row for row in found if row is not None)
        return [row for row, key in enumerate(self._keys) if key in wanted]

    def values(self, row: int) -> Row | None:
        """The row's values (without its key), read now if they are not here; None when the row is gone or on its way."""
        number, place = divmod(row, PAGE_ROWS)
        if number not in self._values:
            self._fetch(number)
        held = self._values.get(number)
        return held[place] if held is not None else None

    # Asking anew

    def refresh(self) -> None:
        """Read the keys again off the window's thread; what is shown stays until they are here."""
        sort, filters = self.sort_by, dict(self.filters)
        self.loading.emit()
        self.jobs.read(lambda progress: self.source.ids(sort, filters), self.show_keys, owner=self, key="ids")

    def show_keys(self, keys: Sequence[Key]) -> None:
        """Show this list of keys."""
        self.beginResetModel()
        self._keys = keys
        self._forget()
        self.was_loaded = True
        self.endResetModel()
        self.loaded.emit()

    def reread_rows(self) -> None:
        """The same list, but what stands in the rows may have changed."""
        self._forget()
        if len(self._keys):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._keys) - 1, len(self.columns) - 1))

    def set_filters(self, filters: Filters) -> None:
        """Show only rows the source finds under these filters."""
        wanted = {name: value for name, value in filters.items() if value != ""}
        if wanted != self.filters:
            self.filters = wanted
            self.refresh()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by a column (Qt's hook for a click on the header); a column that cannot be sorted changes nothing."""
        if not 0 <= column < len(self.columns) or not self.columns[column].sortable:
            return
        wanted = Sort(self.columns[column].name, order == Qt.SortOrder.DescendingOrder)
        if wanted != self.sort_by:
            self.sort_by = wanted
            self.refresh()

    def _forget(self) -> None:
        self._reading += 1
        self._said_row = _NO_ROW
        self._pages.clear()
        self._values.clear()
        self._asked.clear()

    # Qt's side

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._keys)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == _DISPLAY:
            return column.title
        if role == _ALIGN:
            return _RIGHT if column.right else _LEFT
        if role == _TIP:
            return texts.tip(column.tip or column.title)
        return None

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        # A view asks nine roles of each cell it paints: those that are not answered must cost nothing.
        if role not in _ANSWERED:
            return None
        if role == _DISPLAY:
            spoken = self._spoken(index)
            return spoken.text if spoken is not None else None
        if role == _ALIGN:
            return self._aligned[index.column()]
        if role == _INK:
            spoken = self._spoken(index)
            return theme.colour(spoken.tone) if spoken is not None and spoken.tone != "plain" else None
        if role == _ICON:
            return self._state_icon(index)
        if role in (_TIP, _NAME):
            spoken = self._spoken(index)
            if spoken is None:
                return None
            return texts.tip(spoken.text) if role == _TIP else spoken.text
        if role == KEY_ROLE and index.isValid():
            return self._keys[index.row()]
        if role == VALUE_ROLE and index.isValid():
            held = self.values(index.row())
            return None if held is None else held[index.column()]
        return None

    def _state_icon(self, index: Index) -> Any:
        if index.column() not in self._states:
            return None
        spoken = self._spoken(index)
        if spoken is None or spoken.tone in ("plain", "muted"):
            return None
        return theme.icon(theme.TONE_ICON[spoken.tone], spoken.tone)

    def _spoken(self, index: Index) -> texts.Spoken | None:
        row = index.row()
        if row == self._said_row:  # a view asks cell by cell along a row
            return self._said[index.column()]
        if row < 0 or row >= len(self._keys):
            return None
        number, place = divmod(row, PAGE_ROWS)
        page = self._pages.get(number)
        if page is None:
            self._fetch(number, place)
            page = self._pages.get(number)
            if page is None:
                return None
        said = page[place]
        if said is None:
            held = self._values[number][place]
            if held is None:
                said = [texts.Spoken("—", "muted")] * len(self.columns)
            else:
                said = [column.spoken(value) for column, value in zip(self.columns, held, strict=True)]
            page[place] = said
        self._said_row, self._said = row, said
        return said[index.column()]

    # Pages

    def _fetch(self, number: int, place: int = 0) -> None:
        keys = self._keys[number * PAGE_ROWS : (number + 1) * PAGE_ROWS]
        if self.direct:
            # A view that paints downwards from the page's second half needs the next one at once: one question for both.
            after = self._keys[(number + 1) * PAGE_ROWS : (number + 2) * PAGE_ROWS] if place > PAGE_ROWS // 2 else ()
            if not len(after) or number + 1 in self._pages:
                self._keep(number, keys, self.source.rows(keys))
                return
            rows = list(self.source.rows([*keys, *after]))
            self._keep(number + 1, after, rows)
            self._keep(number, keys, rows)
            return
        if number in self._asked:
            return
        self._asked.add(number)
        reading = self._reading
        self.jobs.read(
            lambda progress: list(self.source.rows(keys)), lambda rows: self._arrived(reading, number, keys, rows), owner=self
        )

    def _arrived(self, reading: int, number: int, keys: Sequence[Key], rows: list[Row]) -> None:
        if reading != self._reading:
            return
        self._asked.discard(number)
        self._keep(number, keys, rows)
        first = number * PAGE_ROWS
        self.dataChanged.emit(self.index(first, 0), self.index(first + len(keys) - 1, len(self.columns) - 1))

    def _keep(self, number: int, keys: Sequence[Key], rows: Iterable[Row]) -> None:
        by_key = {row[0]: row[1:] for row in rows}
        self._said_row = _NO_ROW
        self._values[number] = [by_key.get(key) for key in keys]
        self._pages[number] = [None] * len(keys)
        while len(self._pages) > KEPT_PAGES:
            oldest, _ = self._pages.popitem(last=False)
            del self._values[oldest]

    # Copying

    def tsv(self, keys: Sequence[Key], columns: Sequence[Column]) -> Callable[[Progress], str]:
        """Work for a reader lane: these rows and columns as tab-separated text with a head line, as a spreadsheet takes it."""
        places = [self.columns.index(column) + 1 for column in columns]

        def work(progress: Progress) -> str:
            lines = ["\t".join(_cell(column.title) for column in columns)]
            for start in range(0, len(keys), 1000):
                progress.check()
                progress.report(start, len(keys))
                some = keys[start : start + 1000]
                by_key = {row[0]: row for row in self.source.rows(some)}
                for key in some:
                    row = by_key.get(key)
                    if row is not None:
                        lines.append("\t".join(_cell(c.plain(row[at])) for c, at in zip(columns, places, strict=True)))
            return "\n".join(lines) + "\n"

        return work


def _cell(text: str) -> str:
    """One cell: breaks become blanks, and text that a spreadsheet would run as a formula gets an apostrophe."""
    flat = " ".join(text.split())
    if flat[:1] and (flat[0] in _FORMULA or (flat[0] in "-\uff0d" and not _is_number(flat))):
        return "'" + flat
    return flat


def _is_number(text: str) -> bool:
    return text[1:].replace(".", "", 1).isdigit()
