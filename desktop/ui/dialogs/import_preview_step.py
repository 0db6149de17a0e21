"""What an import would do: counts, and every finding at its cell, filterable; the original row one double click away."""

from __future__ import annotations

from collections.abc import MutableMapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.actions.importing import Plan
from desktop.ledger.finding import SEVERITIES
from desktop.ui import texts, theme
from desktop.ui.chips import Chip
from desktop.ui.columns import size_columns
from desktop.ui.dialogs.frame import DialogFrame
from desktop.ui.empty import Empty
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import begin_at, label
from desktop.ui.paged_model import Column, Key, Row
from desktop.words import say, tr


def finding_rows(plan: Plan) -> list[Row]:
    """The findings as rows of a list; on a reader lane, there may be many."""
    rows: list[Row] = []
    for n, each in enumerate(plan.findings):
        cell = each.cell
        place = cell.row if cell is not None and cell.row > plan.sheet.table.last_row else None
        rows.append((n, each.severity, place, texts.visible(cell.column) if cell else "", texts.finding(each).text))
    return rows


class Count(QFrame):
    """A number with what it counts."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.number = QLabel()
        self.number.setProperty("role", "large")
        self.line = QLabel()
        self.line.setProperty("tone", "muted")
        head = QLabel(title)
        head.setProperty("tone", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * theme.UNIT, theme.UNIT, 2 * theme.UNIT, theme.UNIT)
        column.setSpacing(0)
        for widget in (head, self.number, self.line):
            column.addWidget(widget)

    def show_count(self, n: int, line: str, tone: texts.Tone = "plain") -> None:
        """Draw it."""
        self.number.setText(f"{n:,}")
        theme.say_tone(self.number, tone)
        self.line.setText(line)


class PreviewStep(QWidget):
    """Counts above, findings below."""

    def __init__(self, preferences: MutableMapping[str, object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plan: Plan | None = None
        self.says = label(role="strong")
        self.accepted, self.unchanged = Count(tr("将写入台账")), Count(tr("已在台账，不变"))
        self.rejected, self.remarks = Count(tr("有错误，不采用")), Count(tr("提示"))
        counts = QHBoxLayout()
        counts.setSpacing(theme.UNIT)
        for card in (self.accepted, self.unchanged, self.rejected, self.remarks):
            counts.addWidget(card, 1)
        columns = [
            Column("severity", tr("级别"), "state", 96, said_under="import_wizard.severity"),
            Column("row", tr("行"), "number", 64, blank="—"),
            Column("column", tr("所在列"), width=150, blank="—"),
            Column("words", tr("问题说明"), width=480),
        ]
        self.table = HeldTable(
            columns,
            filters={"severity": lambda row, value: bool(row[1] == value), "text": _says},
            name="import_findings",
            title=tr("逐格问题"),
            preferences=preferences,
            empty=Empty(tr("没有发现问题"), tr("每一格都读懂了。"), "done"),
            chips=[Chip("severity", severity, say(f"import_wizard.severity.{severity}")) for severity in SEVERITIES],
        )
        self.table.opened.connect(self.show_original)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("按行号、列名或说明查找"))
        self.search.setAccessibleName(tr("按行号、列名或说明查找"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda text: self.table.set_filter("text", text.strip()))
        hint = QLabel(tr("双击一行，看文件里的原样"))
        hint.setProperty("tone", "muted")
        line = QHBoxLayout()
        line.setSpacing(theme.UNIT)
        line.addWidget(self.search, 1)
        line.addWidget(hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.says)
        column.addLayout(counts)
        column.addLayout(line)
        column.addWidget(self.table, 1)

    def show_plan(self, plan: Plan, rows: list[Row]) -> None:
        """Draw a preview."""
        self.plan = plan
        tally = dict.fromkeys(SEVERITIES, 0)
        for row in rows:
            tally[row[1]] += 1
        new = plan.n_new
        split = (
            tr("新增 {new} · 更改 {changed}", new=f"{new:,}", changed=f"{plan.accepted - new:,}")
            if new is not None and plan.accepted
            else ""
        )
        self.accepted.show_count(plan.accepted, split or tr("一次写入，可整批撤销"), "done" if plan.accepted else "plain")
        self.unchanged.show_count(plan.unchanged, tr("内容相同，跳过"))
        self.rejected.show_count(plan.rejected, tr("可存成文件，改好再导入"), "error" if plan.rejected else "plain")
        remarks = tally["warning"] + tally["note"]
        self.remarks.show_count(remarks, tr("已采用，请核对"), "warning" if tally["warning"] else "plain")
        self.says.setText(_verdict(plan))
        self.table.chips.show_counts({("severity", severity): n for severity, n in tally.items()})
        self.search.clear()
        self.table.clear_filters()
        self.table.hold(rows)

    def show_original(self, key: Key) -> None:
        """The row of the file that a finding is about."""
        if self.plan is None:
            return
        found = self.plan.findings[int(key)]
        table = self.plan.sheet.table
        if found.cell is None or not table.last_row < found.cell.row <= len(table.grid.rows):
            return
        OriginalRow(self.window(), self.plan, found.cell.row, found.cell.column).open()


def _says(row: Row, text: str) -> bool:
    return text.casefold() in f"{row[2] or ''} {row[3]} {row[4]}".casefold()


def _verdict(plan: Plan) -> str:
    if not plan.accepted and plan.unchanged and not plan.rejected:
        return tr("文件里的 {n} 行都已在台账中，内容相同：不用导入，什么也不会改变。", n=f"{plan.unchanged:,}")
    if not plan.accepted and plan.rejected:
        return tr("没有可以写入的新行。请看下面的问题，改正文件后再导入。")
    if not plan.accepted:
        return tr("文件里没有数据行。")
    return tr("还没有写入台账。确认后，{n} 行一次写入；有错误的行不采用。", n=f"{plan.accepted:,}")


class OriginalRow(DialogFrame):
    """A row of the file as it stands, header and value side by side, with what was found on it."""

    def __init__(self, parent: QWidget | None, plan: Plan, row: int, column: str) -> None:
        super().__init__(parent, tr("第 {row} 行 · {name}", row=row, name=plan.path.name), tr("关闭"))
        self.cancel.hide()
        begin_at(self, 640, 520)
        source = plan.sheet.table
        cells = source.cells(row)
        told: dict[str, list[texts.Spoken]] = {}
        for each in plan.findings:
            if each.cell is not None and each.cell.row == row:
                told.setdefault(each.cell.column, []).append(texts.finding(each))
        self.grid = QTableWidget(0, 3)
        self.grid.setHorizontalHeaderLabels([tr("所在列"), tr("文件里的内容"), tr("问题说明")])
        self.grid.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.grid.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.grid.verticalHeader().hide()
        self.grid.setShowGrid(False)
        self.grid.horizontalHeader().setStretchLastSection(True)
        size_columns(self.grid, (150, 200))
        self.grid.setMinimumHeight(theme.px(320))
        for at, header in enumerate(source.headers):
            value = cells[at] if at < len(cells) else None
            text = "" if value is None else str(getattr(value, "text", value))
            said = told.get(header, [])
            self._line(header, text, said, marked=header == column)
        self.body.addWidget(self.grid)

    def _line(self, header: str, text: str, said: list[texts.Spoken], *, marked: bool) -> None:
        row = self.grid.rowCount()
        self.grid.insertRow(row)
        for place, shown in enumerate((header, text, " ".join(each.text for each in said))):
            item = QTableWidgetItem(texts.visible(shown))
            item.setToolTip(texts.tip(shown))
            if said:
                item.setForeground(theme.colour(said[0].tone))
            self.grid.setItem(row, place, item)
        if said:
            icon = theme.icon(theme.TONE_ICON[said[0].tone], said[0].tone)
            last = self.grid.item(row, 2)
            if last is not None:
                last.setIcon(icon)
        if marked:
            self.grid.setCurrentCell(row, 1)
            here = self.grid.item(row, 1)
            if here is not None:
                self.grid.scrollToItem(here, QAbstractItemView.ScrollHint.PositionAtCenter)
        if said:
            self.grid.resizeRowToContents(row)  # the whole finding is read here
        else:
            self.grid.setRowHeight(row, theme.row_height())
        self.grid.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
