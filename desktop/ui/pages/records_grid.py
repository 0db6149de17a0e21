"""Many records at once: a grid to type in or to paste rows from a spreadsheet, checked cell by cell, stored in one operation."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QPushButton, QTableView, QVBoxLayout, QWidget

from desktop.actions import record_grid
from desktop.actions.record_grid import MOST_ROWS, Checked
from desktop.ledger.changes import Changes
from desktop.ledger.problem import Problem
from desktop.ui import texts, theme
from desktop.ui.columns import size_columns
from desktop.ui.desk import Desk
from desktop.ui.forms import FindingLabel
from desktop.ui.labels import label
from desktop.ui.pages.records_grid_model import AMOUNT, GridModel
from desktop.words import tr

_WIDTHS = (96, 112, 168, 144, 144, 104, 80, 88, 104, 80, 88, 144, 112)
_CHECK_MS = 300
_SAID = 4


class GridPane(QWidget):
    """``stored`` tells how many rows were stored; ``closed`` that the person goes back to the list."""

    stored = Signal(int)
    closed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.model = GridModel(self)
        self.view = QTableView()
        self.view.setModel(self.model)
        self.view.setAccessibleName(tr("批量录入表格"))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.view.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.view.verticalHeader().setDefaultSectionSize(theme.row_height())
        self.view.verticalHeader().setMinimumWidth(theme.px(40))
        self.view.horizontalHeader().setFixedHeight(theme.row_height())
        size_columns(self.view, _WIDTHS)
        self.intro = label(
            tr(
                "从 Excel 或 WPS 复制后按 Ctrl+V 粘贴，最多 {n} 行；有表头按表头对列，没有就按列的次序。也可以直接输入。",
                n=MOST_ROWS,
            ),
            tone="muted",
        )
        self.sum_line = label("", role="strong")
        self.said = [FindingLabel() for _ in range(_SAID)]
        self.save = QPushButton(tr("保存"))
        self.save.setProperty("role", "primary")
        self.paste_button = QPushButton(tr("粘贴"))
        theme.dress(self.paste_button, "spreadsheet")
        self.clear_button = QPushButton(tr("清空"))
        self.back = QPushButton(tr("返回列表"))
        self._checking = QTimer(self)
        self._checking.setSingleShot(True)
        self._checking.setInterval(_CHECK_MS)
        self._arrange()
        self._connect()
        self._tell()

    def _arrange(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(theme.UNIT)
        foot.addWidget(self.sum_line, 1)
        for button in (self.paste_button, self.clear_button, self.back, self.save):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.intro)
        column.addWidget(self.view, 1)
        for each in self.said:
            column.addWidget(each)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.model.touched.connect(self._checking.start)
        self._checking.timeout.connect(self.check)
        self.view.selectionModel().currentChanged.connect(self._say_cell)
        self.save.clicked.connect(self._save)
        self.paste_button.clicked.connect(self.paste)
        self.clear_button.clicked.connect(lambda: self.model.drop(range(self.model.rowCount())))
        self.back.clicked.connect(self.closed)
        for text, keys, act in (
            (tr("粘贴"), QKeySequence(QKeySequence.StandardKey.Paste), self.paste),
            (tr("清空格子"), QKeySequence(Qt.Key.Key_Delete), self._empty),
            (tr("删除所选行"), QKeySequence("Ctrl+Del"), self._drop_rows),
            (tr("保存"), QKeySequence("Ctrl+Return"), self._save),
        ):
            action = QAction(text, self.view)
            action.setShortcut(keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(lambda checked=False, act=act: act())
            self.view.addAction(action)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    # Cells

    def paste(self) -> None:
        """Rows of the clipboard, from the row at hand on when that is empty or single cells were copied over it."""
        self.paste_text(QGuiApplication.clipboard().text())

    def paste_text(self, text: str) -> None:
        """See ``paste``; a single cell goes where the keyboard is."""
        current = self.view.currentIndex()
        if "\t" not in text and "\n" not in text.strip() and current.isValid():
            self.model.setData(current, text.strip())
            return
        try:
            rows = record_grid.paste(text)
        except Problem as problem:
            self.desk.trouble(problem)
            return
        n_taken = self.model.paste(rows)
        if n_taken < len(rows):
            self.desk.tell(
                "warning",
                tr("表格一次最多 {most} 行，后面 {n} 行没有放进来；请先保存再粘贴。", most=MOST_ROWS, n=len(rows) - n_taken),
            )
        self.check()

    def _empty(self) -> None:
        for index in self.view.selectionModel().selectedIndexes():
            self.model.setData(index, "")

    def _drop_rows(self) -> None:
        self.model.drop(sorted({index.row() for index in self.view.selectionModel().selectedIndexes()}))

    def unsaved(self) -> bool:
        """Whether rows wait to be stored."""
        return bool(self.model.filled())

    # Checking

    def check(self) -> None:
        """Read every row as it would be stored."""
        self._checking.stop()
        places = self.model.filled()
        if not places:
            self._checked(places, [])
            return
        cells, workspace = self.model.cells(places), self.desk.workspace
        self.desk.jobs.read(
            lambda progress: record_grid.check(workspace, cells, progress=progress),
            lambda checked: self._checked(places, checked),
            title=tr("检查 {n} 行", n=len(cells)) if len(cells) > 100 else "",
            owner=self,
            key="check",
        )

    def _checked(self, places: Sequence[int], checked: Sequence[Checked]) -> None:
        if list(places) == self.model.filled():
            self.model.show_checked(places, checked)
        self._tell()
        self._say_cell(self.view.currentIndex())

    def _tell(self) -> None:
        places = self.model.filled()
        checked = [one for place in places if (one := self.model.checked(place)) is not None]
        good = [one for one in checked if one.storable]
        n_problems = sum(any(found.severity == "error" for found in one.findings) for one in good)
        known = [one.amount_fen for one in good if one.amount_fen is not None]
        if not places:
            self.sum_line.setText(tr("还没有内容"))
        else:
            parts = [tr("{n} 行可以保存", n=len(good))]
            if n_problems:
                parts.append(tr("其中 {n} 行有问题待补（先存为草稿）", n=n_problems))
            if len(good) < len(checked):
                parts.append(tr("{n} 行不能保存，会留在表格里", n=len(checked) - len(good)))
            parts.append(tr("已知金额合计 {amount}", amount=texts.money(sum(known))))
            self.sum_line.setText(" · ".join(parts))
        self.save.setEnabled(bool(good))
        self.save.setText(tr("保存 {n} 行", n=len(good)) if good else tr("保存"))
        self.clear_button.setEnabled(bool(places))

    def _say_cell(self, index: QModelIndex, before: QModelIndex | None = None) -> None:
        """What is wrong with the row at hand, the cell's own findings first."""
        checked = self.model.checked(index.row()) if index.isValid() else None
        own = self.model.findings(index) if checked is not None else []
        told = [*own, *(one for one in (checked.findings if checked else ()) if one not in own and one.severity != "note")]
        for place, said in enumerate(self.said):
            said.show_spoken(texts.finding(told[place]) if place < len(told) else None)

    # Storing

    def _save(self) -> None:
        places = self.model.filled()
        if not places or not self.save.isEnabled():
            return
        cells, workspace = self.model.cells(places), self.desk.workspace
        self.save.setEnabled(False)
        self.desk.jobs.write(
            tr("保存 {n} 行服务记录", n=len(cells)),
            lambda progress: record_grid.commit(workspace, cells, progress=progress),
            lambda done: self._saved(places, done),
            failed=self._failed,
            owner=self,
        )

    def _saved(self, places: Sequence[int], done: tuple[Changes, list[int]]) -> None:
        _, good = done
        self.model.drop([places[place] for place in good])
        self.check()
        left = len(self.model.filled())
        words = tr("已保存 {n} 条服务记录，一次撤销可以全部取回。", n=len(good))
        if left:
            words += tr("还有 {n} 行不能保存，留在表格里。", n=left)
        self.desk.tell("warning" if left else "done", words)
        self.stored.emit(len(good))

    def _failed(self, problem: Problem) -> None:
        self.save.setEnabled(True)
        self.desk.trouble(problem)

    def start(self) -> None:
        """Put the keyboard into the first free cell."""
        filled = self.model.filled()
        self.view.setCurrentIndex(self.model.index(filled[-1] + 1 if filled else 0, 0))
        self.view.setFocus()


__all__ = ["AMOUNT", "GridPane"]
