"""Price rows as people publish them: a grid of texts, each row read live, and how the row at hand is understood, under it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QPushButton, QTableView, QVBoxLayout, QWidget

from desktop.actions import fee_building
from desktop.actions.fee_words import CELLS, cell_words
from desktop.ledger.fees import FeeLine
from desktop.ledger.finding import Finding
from desktop.ui import texts, theme
from desktop.ui.columns import size_columns
from desktop.ui.fact_list import FactList
from desktop.ui.forms import FindingLabel
from desktop.ui.labels import label
from desktop.ui.texts import Spoken
from desktop.words import tr

Index = QModelIndex | QPersistentModelIndex
_COLUMNS = ("item", *CELLS)
_WIDTHS = (112, 80, 76, 76, 76, 80, 120)
_DISPLAY, _EDIT = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.EditRole)
_ICON, _TIP, _INK = int(Qt.ItemDataRole.DecorationRole), int(Qt.ItemDataRole.ToolTipRole), int(Qt.ItemDataRole.ForegroundRole)
_SAID = 3


class LinesModel(QAbstractTableModel):
    """Rows of text with the line each makes. ``edited`` tells that something was typed."""

    edited = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[dict[str, str]] = [{}]
        self._old: list[FeeLine | None] = [None]

    def show_lines(self, lines: Sequence[FeeLine]) -> None:
        """Begin from these lines, with an empty row to go on."""
        self.beginResetModel()
        self._rows = [{"item": line.item, **fee_building.cells_of(line)} for line in lines] + [{}]
        self._old = [*lines, None]
        self.endResetModel()

    def lines(self) -> list[FeeLine]:
        """The lines as they stand; empty rows are none."""
        places = [place for place, row in enumerate(self._rows) if any(row.values())]
        return [line for place in places if (line := self.line(place)) is not None]

    def line(self, place: int) -> FeeLine | None:
        """The line of a row, None for an empty one."""
        row = self._rows[place]
        return fee_building.line_of(row.get("item", ""), row, self._old[place]) if any(row.values()) else None

    def findings(self, place: int) -> list[Finding]:
        """What was not understood in a row; nothing for one that stands as it was settled."""
        line = self.line(place)
        if line is None or line == self._old[place]:
            return []
        return list(fee_building.read(self._rows[place]).findings)

    def drop(self, places: Sequence[int]) -> None:
        """Take rows out."""
        gone = set(places)
        self.beginResetModel()
        kept = [place for place in range(len(self._rows)) if place not in gone]
        self._rows, self._old = [self._rows[place] for place in kept], [self._old[place] for place in kept]
        if not self._rows or any(self._rows[-1].values()):
            self._rows.append({})
            self._old.append(None)
        self.endResetModel()
        self.edited.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(_COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable if index.isValid() else super().flags(index)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if role != _DISPLAY:
            return None
        return cell_words(_COLUMNS[section]) if orientation == Qt.Orientation.Horizontal else str(section + 1)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        name = _COLUMNS[index.column()]
        if role in (_DISPLAY, _EDIT):
            return self._rows[index.row()].get(name, "")
        if role not in (_ICON, _TIP, _INK):
            return None
        found = [
            texts.finding(one)
            for one in self.findings(index.row())
            if one.field == name or (name == "item" and one.field not in CELLS)
        ]
        if not found:
            return None
        if role == _ICON:
            return theme.icon(theme.TONE_ICON[found[0].tone], found[0].tone)
        return texts.tip("\n".join(one.text for one in found)) if role == _TIP else theme.colour(found[0].tone)

    def setData(self, index: Index, value: Any, role: int = _EDIT) -> bool:
        if role != _EDIT or not index.isValid():
            return False
        text, name = str(value or "").strip(), _COLUMNS[index.column()]
        if self._rows[index.row()].get(name, "") == text:
            return True
        self._rows[index.row()][name] = text
        if index.row() == len(self._rows) - 1:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows))
            self._rows.append({})
            self._old.append(None)
            self.endInsertRows()
        self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), len(_COLUMNS) - 1))
        self.edited.emit()
        return True


class LinesEditor(QWidget):
    """The grid and, under it, how the row at hand is understood."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = LinesModel(self)
        self.view = QTableView()
        self.view.setModel(self.model)
        self.view.setAccessibleName(tr("价目"))
        self.view.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.view.verticalHeader().setDefaultSectionSize(theme.row_height())
        self.view.horizontalHeader().setFixedHeight(theme.row_height())
        self.view.horizontalHeader().setStretchLastSection(True)
        size_columns(self.view, _WIDTHS)
        self.remove = QPushButton(tr("删除这一行"))
        theme.dress(self.remove, "delete")
        self.remove.clicked.connect(self._drop)
        drop = QAction(tr("删除这一行"), self.view)
        drop.setShortcut(QKeySequence("Ctrl+Del"))
        drop.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        drop.triggered.connect(self._drop)
        self.view.addAction(drop)
        self.understood = FactList()
        self.verdict = label("", role="strong")
        self.said = [FindingLabel() for _ in range(_SAID)]
        head = QHBoxLayout()
        head.addWidget(label(tr("价目：照公布的文字填写"), role="section"), 1)
        head.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        column.addWidget(self.verdict)
        for each in self.said:
            column.addWidget(each)
        column.addWidget(self.understood)
        self.model.edited.connect(self._edited)
        self.view.selectionModel().currentChanged.connect(lambda now, before: self.say_row())
        self.model.modelReset.connect(self.say_row)

    def show_lines(self, lines: Sequence[FeeLine]) -> None:
        """Edit these."""
        self.model.show_lines(lines)
        self.view.setCurrentIndex(self.model.index(0, 0))

    def _edited(self) -> None:
        self.say_row()
        self.edited.emit()

    def _drop(self) -> None:
        current = self.view.currentIndex()
        if current.isValid():
            self.model.drop([current.row()])

    def say_row(self) -> None:
        """How the row at hand is understood."""
        current = self.view.currentIndex()
        line = self.model.line(current.row()) if current.isValid() and current.row() < self.model.rowCount() else None
        found = self.model.findings(current.row()) if line is not None else []
        for place, said in enumerate(self.said):
            said.show_spoken(texts.finding(found[place]) if place < len(found) else None)
        if line is None:
            self.verdict.setText(tr("例：单位 小时，校内 100，校外 200，开机费 50，最小预约 2小时，备注 加急×1.5"))
            theme.say_tone(self.verdict, "muted")
            self.understood.show_facts([])
            return
        self.verdict.setText(tr("没有读懂，确认前不能计价") if line.to_confirm else tr("“{item}”这样理解：", item=line.item))
        theme.say_tone(self.verdict, "warning" if line.to_confirm else "plain")
        told = fee_building.told(line)
        self.understood.show_facts([(cell_words(name), Spoken(texts.visible(told[name]))) for name in CELLS if told.get(name)])
