"""The grid of records before they are stored: cells as typed or pasted, what was found in each, what each row would cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desktop.actions import record_grid
from desktop.actions.record_grid import COLUMNS, MOST_ROWS, NAMES, Checked
from desktop.ledger.finding import SEVERITIES, Finding
from desktop.ui import texts, theme
from desktop.words import tr

Index = QModelIndex | QPersistentModelIndex
_DISPLAY, _EDIT = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.EditRole)
_ICON, _TIP, _INK = int(Qt.ItemDataRole.DecorationRole), int(Qt.ItemDataRole.ToolTipRole), int(Qt.ItemDataRole.ForegroundRole)
_ALIGN, _NAME = int(Qt.ItemDataRole.TextAlignmentRole), int(Qt.ItemDataRole.AccessibleTextRole)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
AMOUNT = len(NAMES)
_SPARE = 5


class GridModel(QAbstractTableModel):
    """Editable cells and a last column with the price. ``touched`` tells that rows should be checked again."""

    touched = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[dict[str, str]] = [{} for _ in range(_SPARE)]
        self._checked: dict[int, Checked] = {}

    # What the grid holds

    def filled(self) -> list[int]:
        """The places of the rows with something in them."""
        return [place for place, row in enumerate(self._rows) if any(row.values())]

    def cells(self, places: Sequence[int]) -> list[dict[str, str]]:
        """Copies of these rows."""
        return [dict(self._rows[place]) for place in places]

    def paste(self, rows: Sequence[Mapping[str, str]], at: int | None = None) -> int:
        """Put rows in from a place on (None: after the last filled one); returns how many fitted within the most a grid takes."""
        filled = self.filled()
        start = at if at is not None else (filled[-1] + 1 if filled else 0)
        fitting = list(rows)[: max(0, MOST_ROWS - start)]
        self.beginResetModel()
        while len(self._rows) < min(MOST_ROWS, start + len(fitting) + _SPARE):
            self._rows.append({})
        for offset, row in enumerate(fitting):
            self._rows[start + offset] = {**self._rows[start + offset], **row}
        self._checked.clear()
        self.endResetModel()
        self.touched.emit()
        return len(fitting)

    def drop(self, places: Sequence[int]) -> None:
        """Take rows out (stored, or not wanted)."""
        gone = set(places)
        self.beginResetModel()
        self._rows = [row for place, row in enumerate(self._rows) if place not in gone]
        while len(self._rows) < _SPARE:
            self._rows.append({})
        self._checked.clear()
        self.endResetModel()
        self.touched.emit()

    def show_checked(self, places: Sequence[int], checked: Sequence[Checked]) -> None:
        """What the check found for these rows."""
        self._checked = dict(zip(places, checked, strict=True))
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, AMOUNT))
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, len(self._rows) - 1)

    def checked(self, place: int) -> Checked | None:
        """What was found in a row, None before it was checked or when it is empty."""
        return self._checked.get(place)

    def findings(self, index: Index) -> list[Finding]:
        """What is about this cell; in the column of the price, what is about the row as a whole."""
        checked = self._checked.get(index.row())
        if checked is None:
            return []
        name = NAMES[index.column()] if index.column() < AMOUNT else ""
        return [one for one in checked.findings if (one.field if one.field in NAMES else "") == name]

    # Qt's side

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else AMOUNT + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        base = super().flags(index)
        return base | Qt.ItemFlag.ItemIsEditable if index.isValid() and index.column() < AMOUNT else base

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1) if role == _DISPLAY else None
        if role == _DISPLAY:
            if section == AMOUNT:
                return tr("应收")
            name, _ = COLUMNS[section]
            return _title(name) + (" *" if name in record_grid.REQUIRED else "")
        return None

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        if role in (_DISPLAY, _EDIT):
            return self._text(index)
        if role == _ALIGN and index.column() == AMOUNT:
            return _RIGHT
        if role not in (_ICON, _TIP, _INK, _NAME):
            return None
        spoken = [texts.finding(one) for one in _worst_first(self.findings(index))]
        if role == _NAME:
            return "；".join([self._text(index), *(one.text for one in spoken)])
        if not spoken or (role == _ICON and spoken[0].tone not in ("error", "warning")):
            return None
        if role == _ICON:
            return theme.icon(theme.TONE_ICON[spoken[0].tone], spoken[0].tone)
        if role == _TIP:
            return texts.tip("\n".join(one.text for one in spoken))
        return theme.colour(spoken[0].tone)

    def _text(self, index: Index) -> str:
        if index.column() < AMOUNT:
            return self._rows[index.row()].get(NAMES[index.column()], "")
        checked = self._checked.get(index.row())
        if checked is None:
            return ""
        if checked.record is None:
            return tr("不能保存")
        return texts.money(checked.amount_fen) if checked.amount_fen is not None else tr("未知")

    def setData(self, index: Index, value: Any, role: int = _EDIT) -> bool:
        if role != _EDIT or not index.isValid() or index.column() >= AMOUNT:
            return False
        text = str(value or "").strip()
        if self._rows[index.row()].get(NAMES[index.column()], "") == text:
            return True
        self._rows[index.row()][NAMES[index.column()]] = text
        if index.row() == len(self._rows) - 1 and len(self._rows) < MOST_ROWS:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows))
            self._rows.append({})
            self.endInsertRows()
        self.dataChanged.emit(index, index)
        self.touched.emit()
        return True


def _worst_first(found: Sequence[Finding]) -> list[Finding]:
    return sorted(found, key=lambda one: SEVERITIES.index(one.severity))


def _title(name: str) -> str:
    titles = {
        "number": tr("记录编号"),
        "asset_number": tr("资产编号"),
        "customer_name": tr("使用单位"),
        "started_at": tr("开始时间"),
        "ended_at": tr("结束时间"),
        "item": tr("服务项目"),
        "quantity": tr("样品数"),
        "operator_name": tr("操作人"),
        "contract": tr("合同编号"),
        "urgent": tr("是否加急"),
        "contact": tr("联系人"),
        "note": tr("备注"),
    }
    return titles[name]
