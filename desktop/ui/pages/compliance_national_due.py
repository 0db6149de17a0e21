"""还要报什么: the sets by their day, the services of each quarter, and what the platform has that is no longer so; with a way to see to each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from desktop import words
from desktop.ui import texts, theme
from desktop.ui.chips import Chip
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import Elided, label
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages.days_left import DaysLeftColumn
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.read_when_shown import ReadWhenShown
from desktop.ui.table import RowAction
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.national_audit_list import Row as AuditRow
    from desktop.actions.national_due import Line, Span
    from desktop.actions.national_there import Row
    from desktop.ui.pages.compliance_national_steps import NationalSteps

_SET, _SPAN, _THERE, _AUDIT = "set", "span", "there", "audit"
_WANTED = ("overdue", "due", "unknown")
_UNTOLD = ("to_tell", "wrong", "running")


class NationalDueView(ReadWhenShown):
    """One list of what is to be done. ``prepare(period)`` opens the preview."""

    def __init__(self, desk: Desk, steps: NationalSteps, prepare: Callable[[str], object]) -> None:
        super().__init__()
        self.desk = desk
        self.steps = steps
        self._prepare = prepare
        self._left: dict[str, Row] = {}
        self._audited: dict[str, AuditRow] = {}
        self.says = Elided("")
        self.says.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.why = tab_button(tr("为什么？"), "why", self.explain)
        self.report = tab_button(tr("准备报送…"), "visible", self._go)
        self.removed = tab_button(tr("登记已撤下…"), "approve", self._see_to)
        self.table = self._table()
        above = QHBoxLayout()
        above.addWidget(self.says, 1)
        for button in (self.why, self.report, self.removed):
            above.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, theme.UNIT, 0, 0)
        whole.setSpacing(theme.UNIT)
        whole.addLayout(above)
        whole.addWidget(self.table, 1)
        self.to_do = label(tone="muted")
        whole.addWidget(self.to_do)
        self._selected(())

    def _table(self) -> HeldTable:
        columns = [
            Column("kind", tr("种类"), width=128),
            Column("name", tr("编号"), "code", 144),
            Column("state", tr("状态"), width=256),
            Column("by", tr("期限"), "code", 104, blank=""),
            DaysLeftColumn("left", tr("剩余工作日"), "state", 136),
            Column("what", tr("要办的"), width=432),
        ]
        made = HeldTable(
            columns, name="national_due", title=tr("还要报什么"), preferences=self.desk.preferences,
            empty=Empty(tr("没有要报的"), tr("须报的仪器都已接收，各季服务记录都已报，平台上的与台账一致。"), "done"),
            chips=[Chip("kind", one, words.say(f"national_due.kind_{one}")) for one in (_SET, _SPAN, _AUDIT, _THERE)],
            filters={"kind": lambda row, value: str(row[0]).startswith(f"{value}:")},
            actions=[
                RowAction(tr("为什么？"), lambda keys: self.explain(), "why", "one", "Ctrl+E"),
                RowAction(tr("登记已撤下…"), lambda keys: self._see_to(), "approve", "some", allowed=self._removable),
            ],
        )  # fmt: skip
        made.selected.connect(self._selected)
        made.opened.connect(lambda key: self.explain())
        return made

    # Reading

    def read(self) -> None:
        """Read what is to be done."""
        from desktop.actions import national_audit_list, national_due, national_there

        workspace, day = self.desk.workspace, self.desk.today()
        self.desk.jobs.read(
            lambda progress: (
                national_due.sets(workspace, day), national_due.spans(workspace, day, progress), national_there.open_rows(workspace, day),
                national_audit_list.open_rows(workspace, day),
            ),
            lambda found: self.show_due(*found), title=tr("核对还要报什么"), owner=self, key="due",
        )  # fmt: skip

    def show_due(self, sets: Sequence[Line], spans: Sequence[Span], left: Sequence[Row], audited: Sequence[AuditRow] = ()) -> None:
        """Draw what is to be done: what is on the platform and no longer so, what its audit refused, then the sets, then the quarters."""
        self._audited = {f"{_AUDIT}:{one.kind}:{one.name}": one for one in audited}
        self._left = {f"{_THERE}:{one.kind}:{one.name}": one for one in left}
        wanted = [one for one in sets if one.report.state in _WANTED]
        untold = [one for one in spans if one.state in _UNTOLD]
        self.table.hold([*self._rows_left(), *self._rows_audited(sets), *map(_set, wanted), *map(_span, untold)])
        overdue = sum(one.report.state == "overdue" for one in wanted)
        self.says.setText(
            tr("仪器逾期 {overdue} 台（套），待报 {due} 台（套）；平台上要处理的 {left} 行", overdue=overdue, due=len(wanted) - overdue,
               left=len(left) + len(audited))
        )  # fmt: skip
        self._selected(self.table.keys())

    def _rows_left(self) -> Iterable[tuple[object, ...]]:
        for key, one in self._left.items():
            said = "".join(words.say(each.code, **dict(each.params)) for each in one.findings)
            yield key, words.say(f"national_message.kind_{one.kind}"), one.name, words.say(f"national_there.{one.state}"), "", None, said

    def _rows_audited(self, sets: Sequence[Line]) -> Iterable[tuple[object, ...]]:
        """What the audit leaves to do; a refused set with the day by which it was to be told."""
        reports = {one.instrument.asset_number: one.report for one in sets if one.report.state == "refused"}
        for key, one in self._audited.items():
            report = reports.get(one.name) if one.kind == "4" else None
            day = str(report.deadline.day) if report is not None and report.deadline is not None else ""
            told = one.finding
            said = "" if told is None else words.say(told.code, **dict(told.params))
            state = tr("审核{state}", state=words.say(f"national_audit.{one.state}"))
            yield key, words.say(f"national_message.kind_{one.kind}"), one.name, state, day, report.days_left if report is not None else None, said

    def _selected(self, keys: Sequence[Key]) -> None:
        self.why.setEnabled(len(keys) == 1 and not str(keys[0]).startswith(f"{_THERE}:7"))
        self.removed.setEnabled(self._removable(list(keys)))
        one = self._left.get(str(keys[0])) if len(keys) == 1 else None
        audited = self._audited.get(str(keys[0])) if len(keys) == 1 else None
        note = tr("只知道从这里发出的：在平台上手工填报的，本台账不知道。")
        told = one.findings if one is not None else (audited.finding,) if audited is not None and audited.finding is not None else ()
        self.to_do.setText("\n".join(texts.finding(each).text for each in told) or note)

    # Steps

    def _removable(self, keys: list[Key]) -> bool:
        rows = [self._left.get(str(key)) for key in keys]
        return bool(rows) and all(one is not None and one.state != "changed" for one in rows) and len({one.kind for one in rows if one}) == 1

    def _see_to(self) -> None:
        keys = self.table.keys()
        if self._removable(keys):
            rows = [self._left[str(key)] for key in keys]
            self.steps.removed(rows[0].kind, [one.name for one in rows])

    def _go(self) -> None:
        keys = list(map(str, self.table.keys()))
        self._prepare(next((key.partition(":")[2] for key in keys if key.startswith(f"{_SPAN}:")), ""))

    def explain(self) -> None:
        """Why the chosen one is on the list."""
        if not self.why.isEnabled():
            return
        from desktop.actions import national_due_figure

        kind, _, name = str(self.table.keys()[0]).partition(":")
        asked = name.partition(":")[2] if kind in (_THERE, _AUDIT) else name
        workspace, day = self.desk.workspace, self.desk.today()
        self.desk.jobs.read(
            lambda progress: national_due_figure.explain(workspace, asked, day), self.desk.explain, failed=self.desk.trouble, owner=self, key="why"
        )


def _set(one: Line) -> tuple[object, ...]:
    number, report = one.instrument.asset_number, one.report
    by: date | None = report.deadline.day if report.deadline else None
    return (
        f"{_SET}:{number}", words.say("national_message.kind_4"), number, words.say(f"national_due.{report.state}"), str(by or ""), report.days_left,
        one.instrument.name if one.elsewhere is None else tr("{name}；{number} 发往别的地址时接收过", name=one.instrument.name, number=one.elsewhere.number),
    )  # fmt: skip


def _span(one: Span) -> tuple[object, ...]:
    what = tr("可报 {n} 条，平台已接收 {taken} 条，有错误 {wrong} 条", n=one.n_sound, taken=one.n_taken, wrong=one.n_wrong)
    if one.n_refused:
        what = tr("{what}；审核未通过 {n} 条", what=what, n=one.n_refused)
    name = one.period.name
    return f"{_SPAN}:{name}", words.say("national_message.kind_6"), name, words.say(f"national_span.{one.state}"), "", None, what
