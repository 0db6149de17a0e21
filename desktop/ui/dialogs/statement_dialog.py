"""The statement of one technician in one run: every line behind the sum, with the month it was served in."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop.actions import payouts
from desktop.actions.payouts import Run, StatementLine
from desktop.ledger.people import Technician
from desktop.rules.figure import Rows
from desktop.ui import texts, theme
from desktop.ui.chips import Chip
from desktop.ui.desk import Desk
from desktop.ui.dialogs.frame import DialogFrame
from desktop.ui.empty import Empty
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import begin_at, label, room
from desktop.ui.paged_model import Column, Key
from desktop.ui.table import RowAction
from desktop.words import tr

Found = tuple[Run, Technician, list[StatementLine]]


class StatementDialog(DialogFrame):
    """Lines with filter chips; a line opens its record."""

    def __init__(
        self, parent: QWidget | None, desk: Desk, run: Run, technician: Technician, lines: Sequence[StatementLine]
    ) -> None:
        title = tr(
            "{name}（{staff_number}）在 {run} 中的明细",
            name=technician.name,
            staff_number=technician.staff_number,
            run=run.number,
        )
        super().__init__(parent, title, tr("关闭"), icon="receipt")
        self.desk = desk
        self.cancel.hide()
        begin_at(self, 1000, 560)
        share = next((one for one in run.shares if one.technician_id == technician.id), None)
        fen = share.fen if share is not None else 0
        self.lines = {line.line.id: line for line in lines}
        self.table = HeldTable(
            _columns(), name="payout.statement", preferences=desk.preferences, title=title,
            empty=Empty(tr("没有明细"), tr("这名技术人员在这次分配里没有记录。"), "receipt"),
            chips=(Chip("kind", "late", tr("补记")), Chip("kind", "back", tr("扣回"))),
            filters={"kind": lambda row, value: value in _kinds(self.lines[row[0]])},
            actions=[RowAction(tr("打开记录"), self.open_record, "record", "one")],
        )  # fmt: skip
        self.table.setMinimumHeight(min(theme.px(360), room(self).height() // 2))
        self.table.opened.connect(lambda key: self.open_record([key]))
        self.table.hold(_row(line) for line in lines)
        added = sum(line.line.fen for line in lines)
        head = QHBoxLayout()
        self.sum = QLabel(texts.money(fen))
        self.sum.setProperty("role", "large")
        head.addWidget(self.sum)
        head.addWidget(
            label(
                tr(
                    "部门 {department} · 权重 {weight}",
                    department=technician.department or "—",
                    weight=texts.number(Decimal(share.weight)) if share and share.weight else "—",
                ),
                tone="muted",
            ),
            1,
        )
        self.body.addLayout(head)
        self.body.addWidget(self.table, 1)
        agrees = tr("{n} 条明细合计 {sum}，与应发金额一致。", n=len(lines), sum=texts.money(added))
        differs = tr("{n} 条明细合计 {sum}，与应发金额不符！请运行“校验”。", n=len(lines), sum=texts.money(added))
        self.total = label(agrees if added == fen else differs, tone="muted" if added == fen else "error")
        self.body.addWidget(self.total)

    def open_record(self, keys: list[Key]) -> None:
        """Show the posting behind a line on the page of records."""
        line = self.lines[str(keys[0])].line
        rows = Rows("receipt", (line.receipt_id,)) if line.receipt_id else Rows("posting", (line.posting_id,))
        self.accept()
        self.desk.open_rows(rows)


def _kinds(line: StatementLine) -> list[str]:
    found = (("late", line.line.late), ("back", line.line.reverses is not None), ("confidential", line.confidential))
    return [kind for kind, on in found if on]


def _row(line: StatementLine) -> tuple[object, ...]:
    said = {"late": tr("补记"), "back": tr("扣回"), "confidential": tr("涉密")}
    marks = [said[kind] for kind in _kinds(line)]
    return (
        line.line.id, line.record_number, line.line.service_month, line.asset_number, line.instrument_name, line.customer_name,
        line.line.minutes, line.line.amount_fen, line.line.fen, tr("、").join(marks),
    )  # fmt: skip


def _columns() -> list[Column]:
    return [
        Column("record_number", tr("记录编号"), "code", 104),
        Column("month", tr("服务月份"), "code", 80),
        Column("asset_number", tr("资产编号"), "code", 104),
        Column("instrument", tr("仪器名称"), width=136),
        Column("customer", tr("使用单位"), width=136),
        Column("minutes", tr("机时"), "minutes", 96),
        Column("amount_fen", tr("收入"), "money", 104),
        Column("fen", tr("应发金额"), "money", 104),
        Column("marks", tr("标记"), width=72, blank=""),
    ]


def open_statement(parent: QWidget, desk: Desk, number: str, staff_number: str) -> None:
    """Read the statement on a lane and open it."""
    workspace = desk.workspace

    def found(answer: Found) -> None:
        StatementDialog(parent, desk, *answer).open()

    desk.jobs.read(lambda progress: payouts.statement(workspace, number, staff_number), found, owner=parent, key="statement")
