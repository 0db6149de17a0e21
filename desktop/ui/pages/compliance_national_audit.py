"""审核: what the platform's audit says of every set and service record it took from here; what a person sees there is kept here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from desktop import words
from desktop.ui import texts, theme
from desktop.ui.chips import Chip
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.flow import FlowLayout
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import Elided, label
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.read_when_shown import ReadWhenShown
from desktop.ui.table import RowAction
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.national_audit import Row
    from desktop.ui.pages.compliance_national_steps import NationalSteps

STATES = ("refused", "not_submitted", "pending", "unseen", "passed")


class NationalAuditView(ReadWhenShown):
    """One list; its rows of one kind are said together."""

    def __init__(self, desk: Desk, steps: NationalSteps) -> None:
        super().__init__()
        self.desk = desk
        self.steps = steps
        self._rows: dict[str, Row] = {}
        self.says = Elided("")
        self.says.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.why = tab_button(tr("为什么？"), "why", self.explain)
        self.say = tab_button(tr("登记审核状态…"), "approve", self._say)
        self.file = tab_button(tr("从表格登记…"), "open", self._import)
        self.answer = tab_button(tr("从返回报文读…"), "open", self.steps.read_answer)
        self.paper = tab_button(tr("审核情况表…"), "report", lambda: self.desk.go("reports", kind="national_audit"))
        self.table = self._table()
        above = QHBoxLayout()
        above.addWidget(self.says, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, theme.UNIT, 0, 0)
        whole.setSpacing(theme.UNIT)
        whole.addLayout(above)
        buttons = FlowLayout()
        for button in (self.why, self.say, self.file, self.answer, self.paper):
            buttons.addWidget(button)
        whole.addLayout(buttons)
        whole.addWidget(self.table, 1)
        self.told = label(tone="muted")
        whole.addWidget(self.told)
        self._selected(())

    def _table(self) -> HeldTable:
        columns = [
            Column("kind", tr("种类"), width=128),
            Column("name", tr("编号"), "code", 144),
            Column("what", tr("仪器名称"), width=184),
            Column("state", tr("审核"), width=128),
            Column("seen_on", tr("查看日期"), "code", 104, blank=""),
            Column("reason", tr("平台写明的原因"), width=272, blank=""),
            Column("message", tr("报文编号"), "code", 112),
            Column("taken_on", tr("平台接收"), "code", 104),
        ]
        made = HeldTable(
            columns, name="national_audit", title=tr("平台的审核"), preferences=self.desk.preferences,
            empty=Empty(
                tr("平台还没有接收过"),
                tr("报文被平台接收之后，每台仪器、每条服务记录的审核状态在这里登记：在平台上看到的、一张表，或返回报文里写明的。"), "send",
            ),
            chips=[Chip("state", one, words.say(f"national_audit.{one}")) for one in STATES],
            filters={"state": lambda row, value: (self._rows[str(row[0])].state or "unseen") == value},
            actions=[
                RowAction(tr("为什么？"), lambda keys: self.explain(), "why", "one", "Ctrl+E"),
                RowAction(tr("登记审核状态…"), lambda keys: self._say(), "approve", "some", allowed=self._of_one_kind),
            ],
        )  # fmt: skip
        made.selected.connect(self._selected)
        made.opened.connect(lambda key: self.explain())
        return made

    # Reading

    def read(self) -> None:
        """Read how the audits stand."""
        from desktop.actions import national_audit

        workspace, day = self.desk.workspace, self.desk.today()
        self.desk.jobs.read(lambda progress: national_audit.every(workspace, day), self.show_rows, title=tr("读取平台的审核"), owner=self, key="audit")

    def show_rows(self, found: Sequence[Row]) -> None:
        """Draw the rows, those to be seen to first."""
        self._rows = {f"{one.kind}:{one.key}": one for one in found}
        self.table.hold(
            (
                key, words.say(f"national_message.kind_{one.kind}"), one.name, one.what, words.say(f"national_audit.{one.state or 'unseen'}"),
                str(one.audit.seen_on) if one.audit else "", one.audit.reason if one.audit else "", one.taken.message.number, str(one.taken.last_on),
            )
            for key, one in self._rows.items()
        )  # fmt: skip
        counts = [(state, sum((one.state or "unseen") == state for one in found)) for state in STATES]
        said = words.say("report.list").join(f"{words.say(f'national_audit.{state}')} {n:,}" for state, n in counts if n)
        self.says.setText(said or tr("平台还没有从这里接收过仪器或服务记录。"))
        self._selected(self.table.keys())

    def _selected(self, keys: Sequence[Key]) -> None:
        self.why.setEnabled(len(keys) == 1)
        self.say.setEnabled(self._of_one_kind(list(keys)))
        one = self._rows.get(str(keys[0])) if len(keys) == 1 else None
        told = None if one is None else one.finding
        note = tr("选中一种的若干行，登记在平台上看到的审核状态；重新报送并接收之后要重新登记。")
        self.told.setText(note if told is None else texts.finding(told).text)

    # Steps

    def _of_one_kind(self, keys: list[Key]) -> bool:
        rows = [self._rows.get(str(key)) for key in keys]
        return bool(rows) and None not in rows and len({one.kind for one in rows if one}) == 1

    def _say(self) -> None:
        keys = self.table.keys()
        if self._of_one_kind(keys):
            rows = [self._rows[str(key)] for key in keys]
            self.steps.say_audit(rows[0].kind, [one.name for one in rows])

    def _import(self) -> None:
        from desktop.ui.dialogs.import_wizard import open_import

        open_import(self.desk, "national_audits", parent=self)

    def explain(self) -> None:
        """Why the chosen row is to be told again, or not."""
        keys = self.table.keys()
        if len(keys) != 1:
            return
        from desktop.actions import national_due_figure

        workspace, day, name = self.desk.workspace, self.desk.today(), self._rows[str(keys[0])].name
        self.desk.jobs.read(
            lambda progress: national_due_figure.explain(workspace, name, day), self.desk.explain, failed=self.desk.trouble, owner=self, key="why"
        )
