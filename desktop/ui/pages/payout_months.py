"""月份: which months are closed, by whom; prepared by one and closed by another, reopened by role and with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.actions import months
from desktop.actions.months import Month
from desktop.ui import texts, theme
from desktop.ui.chips import Chip
from desktop.ui.desk import Desk
from desktop.ui.dialogs.reason_dialog import ask_reason
from desktop.ui.empty import Empty
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import label
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.pages.payout_steps import ask_who
from desktop.ui.table import RowAction
from desktop.words import tr


class MonthsTab(QWidget):
    """One row a month."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._months: dict[str, Month] = {}
        self.table = HeldTable(
            _columns(), name="payout.months", preferences=desk.preferences, title=tr("月份"),
            empty=Empty(tr("还没有月份"), tr("有了服务记录，这里就按月列出。月份结账后，补记的记录随以后的分配结算并标明月份。"), "calendar"),
            chips=(
                Chip("state", "open", tr("未结账")), Chip("state", "prepared", tr("已编制")), Chip("state", "closed", tr("已结账")),
            ),
            filters={"state": lambda row, value: self._months[str(row[0])].state == value},
            actions=[
                RowAction(tr("编制月结…"), self.prepare_month, "calendar", "one", "", self._is_open),
                RowAction(tr("结账…"), self.close_month, "lock", "one", "", self._is_prepared),
                RowAction(tr("撤回编制…"), self.withdraw_month, "undo", "one", "", self._is_prepared),
                RowAction(tr("重开…"), self.reopen_month, "unlock", "one", "", self._is_closed),
                RowAction(tr("看这个月的记录"), self.open_records, "record", "one"),
            ],
        )  # fmt: skip
        self.prepare_button = tab_button(tr("编制月结…"), "calendar", lambda: self.prepare_month(self.table.keys()))
        self.close_button = tab_button(tr("结账…"), "lock", lambda: self.close_month(self.table.keys()), primary=True)
        self.reopen_button = tab_button(tr("重开…"), "unlock", lambda: self.reopen_month(self.table.keys()))
        self.table.opened.connect(lambda key: self.open_records([key]))
        self.table.selected.connect(lambda keys: self._allow())
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(label(tr("结账由一人编制、另一人（财务或审批人）结账；重开由审批人办理，并写明原因。"), tone="muted"), 1)
        row.addWidget(self.prepare_button)
        row.addWidget(self.close_button)
        row.addWidget(self.reopen_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        self._allow()

    def refresh(self) -> None:
        """Read the months again."""
        workspace = self.desk.workspace
        self.desk.jobs.read(lambda progress: months.months(workspace), self._show, owner=self, key="months")

    def _show(self, found: Sequence[Month]) -> None:
        self._months = {one.month: one for one in found}
        self.table.hold(
            (
                one.month, one.month, one.state, one.n_posted, one.amount_fen, one.n_drafts,
                _said(one), texts.visible(one.reason),
            )
            for one in found
        )  # fmt: skip
        self._allow()

    def _allow(self) -> None:
        keys = self.table.keys()
        self.prepare_button.setEnabled(len(keys) == 1 and self._is_open(keys))
        self.close_button.setEnabled(len(keys) == 1 and self._is_prepared(keys))
        self.reopen_button.setEnabled(len(keys) == 1 and self._is_closed(keys))
        for button in (self.prepare_button, self.close_button, self.reopen_button):
            button.setToolTip("" if button.isEnabled() else texts.tip(tr("先在下面选一个月份")))
        if len(keys) == 1 and self._is_open(keys):
            self.close_button.setToolTip(texts.tip(tr("先由另一人编制月结")))

    def _is_open(self, keys: list[Key]) -> bool:
        return self._months[str(keys[0])].state == "open"

    def _is_prepared(self, keys: list[Key]) -> bool:
        return self._months[str(keys[0])].state == "prepared"

    def _is_closed(self, keys: list[Key]) -> bool:
        return self._months[str(keys[0])].closed

    def prepare_month(self, keys: list[Key]) -> None:
        """Prepare the close of the selected month for another person."""
        month = self._months[str(keys[0])]
        ask_who(
            self.desk, self, "prepare_month", purpose=tr("编制月结 {month}", month=month.month), says=_holds(month), do=tr("编制"),
            work=lambda workspace, name, pin: months.prepare_month(workspace, month.month, name, pin),
            then=lambda changes: self.desk.tell("done", tr("{month} 的结账已编制，待另一人结账。", month=month.month)),
        )  # fmt: skip

    def close_month(self, keys: list[Key]) -> None:
        """Close the selected month, which another person has prepared."""
        month = self._months[str(keys[0])]
        says = tr("{name} 编制，须由另一人结账。", name=texts.visible(month.prepared_by)) + _holds(month)
        ask_who(
            self.desk, self, "close_month", purpose=tr("结账 {month}", month=month.month), says=says, do=tr("结账"),
            work=lambda workspace, name, pin: months.close_month(workspace, month.month, name, pin),
            then=lambda changes: self.desk.tell("done", tr("{month} 已结账。", month=month.month)),
        )  # fmt: skip

    def withdraw_month(self, keys: list[Key]) -> None:
        """Drop the preparation of the selected month."""
        month = str(keys[0])
        ask_who(
            self.desk, self, "withdraw_month", purpose=tr("撤回月结 {month}", month=month),
            says=tr("撤回后，这个月可以重新编制结账。"), do=tr("撤回"),
            work=lambda workspace, name, pin: months.withdraw_month(workspace, month, name, pin),
            then=lambda changes: self.desk.tell("done", tr("{month} 结账的编制已撤回。", month=month)),
        )  # fmt: skip

    def reopen_month(self, keys: list[Key]) -> None:
        """Reopen the selected month, with a reason."""
        month = str(keys[0])

        def reasoned(reason: str) -> None:
            ask_who(
                self.desk, self, "reopen_month", purpose=tr("重开 {month}", month=month),
                says=tr("重开后，这个月新记账的记录按当月处理，不标补记。原因：{reason}", reason=texts.visible(reason)), do=tr("重开"),
                work=lambda workspace, name, pin: months.reopen_month(workspace, month, name, pin, reason),
                then=lambda changes: self.desk.tell("done", tr("{month} 已重开。", month=month)),
            )  # fmt: skip

        ask_reason(self, title=tr("重开 {month}", month=month), do=tr("下一步"), then=reasoned, says=tr("请写明为什么要重开。"))

    def open_records(self, keys: list[Key]) -> None:
        """The records of a month, on their page."""
        self.desk.go("records", month=str(keys[0]))


def _holds(month: Month) -> str:
    says = tr("结账 {month}：{n} 条已记账，合计 {fen}。", month=month.month, n=month.n_posted, fen=texts.money(month.amount_fen))
    if month.n_drafts:
        says += tr("还有 {n} 条没有记账，结账后作为补记随以后的分配结算。", n=month.n_drafts)
    return says


def _said(month: Month) -> str:
    if not month.person:
        return ""
    words = {
        "prepare": tr("{name} 编制", name=month.person),
        "withdraw": tr("{name} 撤回编制", name=month.person),
        "close": tr("{name} 结账", name=month.person),
        "reopen": tr("{name} 重开", name=month.person),
    }
    return words[month.verb]


def _columns() -> list[Column]:
    return [
        Column("month", tr("月份"), "code", 104),
        Column("state", tr("状态"), "state", 112, said_under="payout.month_state"),
        Column("n_posted", tr("已记账"), "number", 96),
        Column("amount_fen", tr("记账金额"), "money", 144),
        Column("n_drafts", tr("未记账"), "number", 96),
        Column("by", tr("最近办理"), width=144, blank="—"),
        Column("reason", tr("原因"), width=240, blank="—"),
    ]
