"""国家平台: the messages that were written for it, where each stands, what it answered, and what left row by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from desktop import words
from desktop.ui import texts, theme
from desktop.ui.chips import Chip
from desktop.ui.desk import Desk
from desktop.ui.dialogs.national_preview_dialog import RowsView, in_lines
from desktop.ui.empty import Empty, EmptyView
from desktop.ui.fact_list import FactList
from desktop.ui.flow import FlowLayout
from desktop.ui.forms import FindingLabel, scrolled
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import Elided, label
from desktop.ui.page import split
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages.compliance_national_audit import NationalAuditView
from desktop.ui.pages.compliance_national_due import NationalDueView
from desktop.ui.pages.compliance_national_steps import NationalSteps
from desktop.ui.table import RowAction
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.national_outgoing import Target
    from desktop.actions.national_sent import Told
    from desktop.actions.workspace import Workspace
    from desktop.ledger.finding import Finding

STAND = "national_message.stand"
_STANDS = {"sent": "no_answer", "unknown": "in_doubt", "dropped": "given_up"}
_MOST_UNREAD = 5


def stand(state: str) -> str:
    """The code a state is shown by."""
    return _STANDS.get(state, state)


class NationalView(QWidget):
    """A list at the left; at the right what became of one message, and its rows."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.one: Told | None = None
        self.target: Target | None = None
        self._every: dict[str, Told] = {}
        self.steps = NationalSteps(desk, self, self.refresh)
        self.says = Elided()
        self.says.setProperty("tone", "muted")
        self.says.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.place = self._button(tr("地址和标识…"), "settings", lambda: self.steps.target(self.target))
        self.go_on = self._button(tr("接着发送"), "send", self.steps.send_written)
        self.begin = self._button(tr("准备报送…"), "visible", self._prepare)
        self.begin.setProperty("role", "primary")
        theme.dress(self.begin, "visible", "on_accent")
        self.table = self._table()
        self.heading = label(role="section")
        self.why = self._button(tr("为什么？"), "why", self.explain)
        self.why.setProperty("role", "link")
        theme.dress(self.why, "why", "accent")
        self.said = FindingLabel()
        self.facts, self.course = FactList(), FactList()
        self.rows = RowsView(desk, "national.rows", beside=False)
        self.again = self._button(tr("再发同一份…"), "send", lambda: self.steps.again(self._number()))
        self.settle = self._button(tr("登记平台上的结果…"), "approve", lambda: self.steps.settle(self._number()))
        self.save = self._button(tr("存成文件…"), "export", lambda: self.steps.save(self._number()))
        self.drop = self._button(tr("不再发送…"), "undo", lambda: self.steps.drop(self._number()))
        self.parts, self.places = QTabWidget(), QTabWidget()
        self.due = NationalDueView(desk, self.steps, lambda period: self._prepare(period))
        self.audit = NationalAuditView(desk, self.steps)
        self.side = QStackedWidget()
        self._arrange()

    def _table(self) -> HeldTable:
        columns = [
            Column("number", tr("编号"), "code", 112),
            Column("kind", tr("种类"), width=120),
            Column("n_rows", tr("行数"), "number", 64),
            Column("state", tr("状态"), "state", 128, said_under=STAND),
            Column("code", tr("返回代码"), "code", 80, blank=""),
            Column("period", tr("期间"), width=80),
            Column("at", tr("时间"), width=136),
        ]
        table = HeldTable(
            columns, name="national", title=tr("发给国家平台的报文"), preferences=self.desk.preferences,
            empty=Empty(
                tr("还没有发给国家平台的报文"),
                tr("先填写平台的地址和本单位的标识，再准备报送：逐行列出将发出的内容，看过同意才发。涉密的从不列入。"),
                "send",
            ),
            chips=[Chip("state", one, words.say(f"{STAND}.{one}")) for one in ("in_doubt", "no_answer", "refused", "written", "accepted")],
            filters={"state": lambda row, value: row[4] == value},
            actions=[RowAction(tr("为什么？"), lambda keys: self.explain(), "why", "one", "Ctrl+E")],
        )  # fmt: skip
        table.selected.connect(self._selected)
        table.opened.connect(lambda key: self.explain())
        return table

    def _button(self, text: str, icon: str, act: Callable[[], object]) -> QPushButton:
        made = QPushButton(text)
        theme.dress(made, icon)
        made.clicked.connect(lambda: act())
        return made

    def _arrange(self) -> None:
        told = QWidget()
        inner = QVBoxLayout(told)
        inner.setContentsMargins(0, theme.UNIT, 0, 0)
        inner.setSpacing(theme.UNIT)
        inner.addWidget(self.said)
        inner.addWidget(self.facts)
        inner.addWidget(label(tr("经过"), role="strong"))
        inner.addWidget(self.course)
        inner.addStretch(1)
        self.parts.addTab(scrolled(told), tr("结果和经过"))
        self.parts.addTab(self.rows, tr("发出的内容"))
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.why, 0, Qt.AlignmentFlag.AlignTop)
        bar = QWidget()
        row = FlowLayout(bar)
        for button in (self.again, self.save, self.settle, self.drop):
            row.addWidget(button)
        one = QWidget()
        column = QVBoxLayout(one)
        column.setContentsMargins(theme.UNIT, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addLayout(head)
        column.addWidget(self.parts, 1)
        column.addWidget(bar)
        self.side.addWidget(EmptyView(Empty(tr("选一份报文看它的结果"), tr("平台的返回代码和原文、每一次发送的经过、发出的每一行，都在这里。"), "send")))
        self.side.addWidget(one)
        self.side.setMinimumWidth(theme.px(288))
        above = QWidget()
        buttons = FlowLayout(above)
        for button in (self.place, self.go_on, self.begin):
            buttons.addWidget(button)
        left = QWidget()
        whole = QVBoxLayout(left)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.UNIT)
        whole.addWidget(self.says)
        whole.addWidget(above)
        whole.addWidget(self.table, 1)
        self.places.addTab(split("national", self.desk.preferences, left, self.side, share=0.5), tr("报文"))
        self.places.addTab(self.due, tr("还要报什么"))
        self.places.addTab(self.audit, tr("平台的审核"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, theme.UNIT, 0, 0)
        outer.addWidget(self.places)

    # Reading

    def refresh(self) -> None:
        """Read the messages again, and the one that is shown."""
        from desktop.actions import national_outgoing, national_sent

        workspace = self.desk.workspace
        self.due.refresh()
        self.audit.refresh()
        self.desk.jobs.read(
            lambda progress: (national_outgoing.target(workspace), national_sent.sent(workspace)), lambda found: self._show(*found), owner=self, key="national"
        )  # fmt: skip

    def _show(self, target: Target, every: Sequence[Told]) -> None:
        self.target = target
        self._every = {one.message.id: one for one in every}
        where = tr("发往 {address}，本单位标识 {unit}", address=target.address, unit=target.unit or "—")
        self.says.setText(where if target.address else tr("还没有填写平台的地址"))
        n_written = sum(one.state == "written" for one in every)
        self.go_on.setVisible(bool(n_written))
        self.go_on.setText(tr("接着发送 {n} 份", n=n_written))
        self.table.hold(
            (
                one.message.id, one.message.number, words.say(f"national_message.kind_{one.message.kind}"), one.message.n_rows, stand(one.state),
                one.newest.code if one.newest else "", texts.period(one.message.period), _moment(one),
            )
            for one in every
        )  # fmt: skip
        self._selected(self.table.keys())

    def _selected(self, keys: Sequence[Key]) -> None:
        chosen = self._every.get(str(keys[0])) if len(keys) == 1 else None
        self.one = None
        if chosen is None:
            self.side.setCurrentIndex(0)
            return
        from desktop.actions import national_sent

        workspace, number = self.desk.workspace, chosen.message.number
        self.desk.jobs.read(
            lambda progress: (*national_sent.show(workspace, number), *_audits(workspace, number)), lambda found: self.show_one(*found),
            failed=lambda problem: self._failed(problem), owner=self, key="message",
        )  # fmt: skip

    def _failed(self, problem: object) -> None:
        from desktop.ledger.problem import Problem

        self.side.setCurrentIndex(0)
        if isinstance(problem, Problem):
            self.desk.trouble(problem)

    def show_one(self, one: Told, rows: list[dict[str, str]], audits: Mapping[str, str] | None = None, unread: Sequence[Finding] = ()) -> None:
        """Draw one message; ``audits``: key of each of its rows -> what the platform's audit says of it, in words; ``unread``: of its answer, not kept."""
        from desktop.actions import national_sent

        self.one = one
        message = one.message
        self.heading.setText(tr("{number}　{kind} {n} 行", number=message.number, kind=words.say(f"national_message.kind_{message.kind}"), n=message.n_rows))
        self.said.show_spoken(None if one.finding is None else texts.finding(one.finding))
        newest = one.newest
        facts: list[tuple[str, str | texts.Spoken]] = [(tr("状态"), texts.state(stand(one.state), STAND))]
        if newest is not None and newest.status is not None:
            facts += [(tr("返回代码"), newest.code or "—"), (tr("HTTP 状态"), str(newest.status)), (tr("平台原文"), newest.raw[:2000] or "—")]
        if unread:
            facts.append((tr("没有登记的审核"), _unread(unread)))
        facts += [
            (tr("期间"), texts.period(message.period)), (tr("发往"), message.address), (tr("本单位标识"), message.unit), ("SHA-256", in_lines(message.sha256)),
            (tr("写下的人"), message.written_by),
        ]  # fmt: skip
        self.facts.show_facts(facts)
        self.course.show_facts(
            [(texts.moment(event.at.replace(tzinfo=UTC)), texts.finding(found)) for event, found in national_sent.course(one.events)]
            or [(tr("待发"), tr("还没有发过。"))]
        )
        self.rows.show_rows([(message.kind, row) for row in rows], audits)
        self.again.setVisible(one.state in ("sent", "unknown", "refused"))
        self.settle.setVisible(one.state in ("written", "sent", "unknown"))
        self.save.setVisible(one.state == "written")
        self.drop.setVisible(one.state == "written")
        self.side.setCurrentIndex(1)

    # Steps

    def _number(self) -> str:
        return self.one.message.number if self.one is not None else ""

    def _prepare(self, period: str = "") -> None:
        if self.target is None or not (self.target.address and self.target.unit):
            self.steps.target(self.target)
        else:
            self.steps.prepare(period)

    def explain(self) -> None:
        """Why a message stands where it stands."""
        if self.one is None:
            return
        from desktop.actions import national_sent

        workspace, number = self.desk.workspace, self._number()
        self.desk.jobs.read(lambda progress: national_sent.explain(workspace, number), self.desk.explain, owner=self, key="why")


def _audits(workspace: Workspace, number: str) -> tuple[dict[str, str], list[Finding]]:
    """Key of each row of a message -> the state of its audit, with the reason where one is given; and what its answer tells that was not kept."""
    from desktop.actions import national_audit, national_sent

    told = national_sent.told(national_sent.named(workspace, number))
    found = national_audit.of_message(workspace, told.message)
    said = {key: words.say(f"national_audit.{one.state}") for key, one in found.items()}
    shown = {key: tr("{state}：{reason}", state=said[key], reason=one.reason) if one.reason else said[key] for key, one in found.items()}
    return shown, national_audit.unread(workspace, told)


def _unread(findings: Sequence[Finding]) -> texts.Spoken:
    lines = [texts.finding(one).text for one in findings[:_MOST_UNREAD]]
    more = [tr("……另有 {n} 行，原文里都有。", n=len(findings) - _MOST_UNREAD)] if len(findings) > _MOST_UNREAD else []
    return texts.Spoken("\n".join([*lines, *more]), texts.finding(findings[0]).tone)


def _moment(one: Told) -> str:
    at = one.newest.at if one.newest else one.message.written_at
    return texts.moment(at.replace(tzinfo=UTC))
