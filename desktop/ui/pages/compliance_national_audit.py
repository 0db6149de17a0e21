"""审核: what the platform's audit says of every set and service record it took from here; what a person sees there is kept here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout

from desktop import words
from desktop.ui import paged_model, texts, theme
from desktop.ui.chips import Chip
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.flow import FlowLayout
from desktop.ui.labels import Elided, label
from desktop.ui.paged_model import Column, Filters, Key, PagedModel, Sort
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.read_when_shown import ReadWhenShown
from desktop.ui.table import RowAction, Table
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.national_audit_list import Row
    from desktop.ui.pages.compliance_national_steps import NationalSteps

STATES = ("refused", "not_submitted", "pending", "unseen", "passed")
_FILTERS = ("state", "kind", "text")


class AuditRows:
    """The ``Source``: as a platform may have a million rows, keys come by one statement and rows by key."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ids(self, sort: Sort | None, filters: Filters) -> Sequence[Key]:
        """See paged_model.Source."""
        from desktop.actions import national_audit_list

        wanted = {name: filters[name] for name in _FILTERS if filters.get(name)}
        by = ("", False) if sort is None else (sort.column, sort.descending)
        return national_audit_list.ids(self._desk.workspace, self._desk.today(), wanted, by[0], down=by[1])

    def rows(self, keys: Sequence[Key]) -> Iterable[paged_model.Row]:
        """See paged_model.Source."""
        from desktop.actions import national_audit_list

        found = national_audit_list.of_ids(self._desk.workspace, self._desk.today(), [key for key in keys if isinstance(key, int)])
        return [
            (
                one.id, words.say(f"national_message.kind_{one.kind}"), one.name, one.what, words.say(f"national_audit.{one.state or 'unseen'}"),
                str(one.audit.seen_on) if one.audit else "", one.audit.reason if one.audit else "", one.message, str(one.taken_on),
            )
            for one in found
        ]  # fmt: skip


class NationalAuditView(ReadWhenShown):
    """One list; its rows of one kind are said together."""

    def __init__(self, desk: Desk, steps: NationalSteps) -> None:
        super().__init__()
        self.desk = desk
        self.steps = steps
        self.says = Elided("")
        self.says.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("编号、仪器名称"))
        self.search.setAccessibleName(tr("查找平台接收过的行"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(theme.px(216))
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(200)
        self._typing.timeout.connect(self._search)
        self.search.textChanged.connect(self._typing.start)
        self.search.returnPressed.connect(self._search)
        self.why = tab_button(tr("为什么？"), "why", self.explain)
        self.say = tab_button(tr("登记审核状态…"), "approve", self._say)
        self.file = tab_button(tr("从表格登记…"), "open", self._import)
        self.answer = tab_button(tr("从返回报文读…"), "open", self.steps.read_answer)
        self.paper = tab_button(tr("审核情况表…"), "report", lambda: self.desk.go("reports", kind="national_audit"))
        self.table = self._table()
        above = QHBoxLayout()
        above.addWidget(self.says, 1)
        above.addWidget(self.search)
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

    def _table(self) -> Table:
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
        made = Table(
            PagedModel(AuditRows(self.desk), columns, self.desk.jobs, direct=False), name="national_audit", title=tr("平台的审核"),
            preferences=self.desk.preferences,
            empty=Empty(
                tr("平台还没有接收过"),
                tr("报文被平台接收之后，每台仪器、每条服务记录的审核状态在这里登记：在平台上看到的、一张表，或返回报文里写明的。"), "send",
            ),
            chips=[
                *(Chip("state", one, words.say(f"national_audit.{one}")) for one in STATES),
                *(Chip("kind", one, words.say(f"national_message.kind_{one}")) for one in ("4", "6")),
            ],
            narrowed_words=lambda name, value: "",
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
        from desktop.actions import national_audit_list

        workspace, day = self.desk.workspace, self.desk.today()
        self.table.refresh()
        self.desk.jobs.read(
            lambda progress: national_audit_list.totals(national_audit_list.standings(workspace, day)), self.show_counts,
            title=tr("读取平台的审核"), owner=self, key="audit",
        )  # fmt: skip
        self._selected(self.table.keys())

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Say how many rows stand in each state."""
        said = words.say("report.list").join(f"{words.say(f'national_audit.{state}')} {counts[state]:,}" for state in STATES if counts[state])
        self.says.setText(said or tr("平台还没有从这里接收过仪器或服务记录。"))

    def _search(self) -> None:
        self._typing.stop()
        self.table.set_filter("text", self.search.text().strip())

    def _selected(self, keys: Sequence[Key]) -> None:
        self.why.setEnabled(len(keys) == 1)
        self.say.setEnabled(self._of_one_kind(list(keys)))
        self._tell(())
        if len(keys) == 1:
            self._read_rows(list(keys), self._tell)

    def _read_rows(self, keys: list[Key], then: Callable[[Sequence[Row]], object]) -> None:
        from desktop.actions import national_audit_list

        workspace, day, wanted = self.desk.workspace, self.desk.today(), [key for key in keys if isinstance(key, int)]
        self.desk.jobs.read(lambda progress: national_audit_list.of_ids(workspace, day, wanted), then, owner=self, key="rows")

    def _tell(self, found: Sequence[Row]) -> None:
        told = found[0].finding if found else None
        note = tr("选中一种的若干行，登记在平台上看到的审核状态；重新报送并接收之后要重新登记。")
        self.told.setText(note if told is None else texts.finding(told).text)

    # Steps

    def _of_one_kind(self, keys: list[Key]) -> bool:
        from desktop.actions import national_audit_list

        return len({national_audit_list.kind_of(key) for key in keys if isinstance(key, int)}) == 1

    def _say(self) -> None:
        keys = self.table.keys()
        if self._of_one_kind(keys):
            self._read_rows(keys, lambda found: self.steps.say_audit(found[0].kind, [one.name for one in found]) if found else None)

    def _import(self) -> None:
        from desktop.ui.dialogs.import_wizard import open_import

        open_import(self.desk, "national_audits", parent=self)

    def explain(self) -> None:
        """Why the chosen row is to be told again, or not."""
        keys = self.table.keys()
        if len(keys) != 1:
            return
        self._read_rows(keys, self._explain)

    def _explain(self, found: Sequence[Row]) -> None:
        from desktop.actions import national_due_figure

        if not found:
            return
        workspace, day, name = self.desk.workspace, self.desk.today(), found[0].name
        self.desk.jobs.read(
            lambda progress: national_due_figure.explain(workspace, name, day), self.desk.explain, failed=self.desk.trouble, owner=self, key="why"
        )
