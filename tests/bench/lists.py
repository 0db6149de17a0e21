"""A list of 1 000 000 service records: a page after its keys, and a jump with its painting against the same view over a list in memory."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from typing import Any

from desktop.actions import listing, record_list
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ui.paged_model import PAGE_ROWS
from tests.bench import big_ledger
from tests.bench.measuring import Figure, Place, compared, in_ms, median, seconds

PAGE_BOUND_MS = 5.0
JUMP_BOUND = 1.3
N_JUMPS = 31


def figures(place: Place) -> list[Figure]:
    """How long the keys take, a page in two orders, a jump."""
    home = big_ledger.long_ledger(place)
    found = [Figure("writing 1,000,000 records, half of them posted", None, place.made[home], "s")]
    with open_ledger(home) as workspace:
        for sort in ("ended_at", "customer"):
            keys: Sequence[int] = ()

            def read(sort: str = sort) -> None:
                nonlocal keys
                keys = listing.ids(workspace, record_list.LISTING, sort=sort, descending=True)

            found.append(Figure(f"keys of 1,000,000 rows by {sort}", None, seconds(read), "s"))
            page = 1000 * median(lambda: seconds(lambda: _page(workspace, keys)), 25)  # noqa: B023 - called here and now
            # By customer no two rows of a page lie together in the file: the worst order, told beside the list's own.
            bound = PAGE_BOUND_MS if sort == "ended_at" else None
            found.append(Figure(f"a page of {PAGE_ROWS} rows after its keys, by {sort}", bound, page, "ms"))
        found.append(_jump(workspace))
    return found


_chance = random.Random(1)


def _page(workspace: Workspace, keys: Sequence[int]) -> None:
    start = _chance.randrange(len(keys) - PAGE_ROWS)
    if len(listing.rows(workspace, record_list.LISTING, keys[start : start + PAGE_ROWS])) != PAGE_ROWS:
        raise AssertionError("rows are missing")


def _jump(workspace: Workspace) -> Figure:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
    from PySide6.QtWidgets import QApplication, QTableView

    from desktop.ledger import period
    from desktop.ui import theme
    from desktop.ui.empty import Empty
    from desktop.ui.held_rows import HeldRows
    from desktop.ui.jobs import Inline, Jobs
    from desktop.ui.paged_model import Column, PagedModel, Sort
    from desktop.ui.pages.records_list import RecordRows, columns
    from desktop.ui.table import Table

    class Memory(QAbstractTableModel):
        """The plain way: values in a list, each written when it is asked for."""

        def __init__(self, rows: Sequence[Sequence[Any]], shown: Sequence[Column]) -> None:
            super().__init__()
            self.rows = rows
            self.shown = shown

        def rowCount(self, parent: Any = QModelIndex()) -> int:
            return 0 if parent.isValid() else len(self.rows)

        def columnCount(self, parent: Any = QModelIndex()) -> int:
            return 0 if parent.isValid() else len(self.shown)

        def data(self, index: Any, role: int = 0) -> Any:
            column = self.shown[index.column()]
            if role == Qt.ItemDataRole.DisplayRole:
                return column.spoken(self.rows[index.row()][index.column()]).text
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return right if column.right else left
            if role == Qt.ItemDataRole.DecorationRole and column.kind == "state":
                return icons[self.rows[index.row()][index.column()]]
            if role == Qt.ItemDataRole.ForegroundRole:
                tone = column.spoken(self.rows[index.row()][index.column()]).tone
                return theme.colour(tone) if tone != "plain" else None
            return None

    application = QApplication.instance() or QApplication([])
    if not isinstance(application, QApplication):
        raise RuntimeError("there is an application without windows")
    application.setStyle("Fusion")
    theme.use(application, "light", 100)
    jobs = Jobs(Inline())

    def table(source: Any) -> Table:
        model = PagedModel(source, columns(), jobs, sort=Sort("ended_at", descending=True))
        made = Table(model, name="bench", preferences={}, empty=Empty("", "", "record"))
        made.resize(1280, 720)
        made.show()
        made.refresh()
        return made

    ours = table(RecordRows(workspace, period.parse(str(big_ledger.YEAR))))
    n_rows = ours.model.rowCount()
    found = ours.model
    held = [found.values(row) or () for row in range(1000)]
    state = [column.kind for column in found.columns].index("state")
    right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    icons = {held[row][state]: found.index(row, state).data(Qt.ItemDataRole.DecorationRole) for row in range(1000)}
    plain = table(HeldRows(columns()))
    plain.view.setModel(Memory([held[row % 1000] for row in range(n_rows)], found.columns))
    plain._stack.setCurrentWidget(plain.view)
    application.processEvents()

    def jump(view: QTableView, row: int) -> None:
        view.verticalScrollBar().setValue(row)
        view.viewport().repaint()

    def taken(view: QTableView) -> float:
        row = _chance.randrange(n_rows)
        return seconds(lambda: jump(view, row))

    if n_rows < 900_000 or plain.view.viewport().size() != ours.view.viewport().size():
        raise AssertionError(f"the two lists are not alike: {n_rows} rows")
    mine, least = compared(lambda: taken(ours.view), lambda: taken(plain.view), N_JUMPS)
    for one in (ours, plain):
        one.close()
        one.deleteLater()
    application.processEvents()
    return Figure("a jump in 1,000,000 rows with its painting", JUMP_BOUND, mine / least, "×", in_ms(mine, least))
