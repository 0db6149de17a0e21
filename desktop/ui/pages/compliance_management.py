"""管理制度: the checklist of management documents and agreements today, one row a kind or agreement; entered, corrected, ended with a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import cast

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop import words
from desktop.actions import management
from desktop.actions.management import Checklist
from desktop.ledger.changes import Changes
from desktop.ledger.management import MANAGEMENT_KINDS, ManagementDocument
from desktop.ledger.problem import Problem
from desktop.ui import texts, theme
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.desk import Desk
from desktop.ui.dialogs.attachments_dialog import show_attachments
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.dialogs.reason_dialog import ask_reason
from desktop.ui.empty import Empty
from desktop.ui.fields import DateField, NoteField, TextField
from desktop.ui.forms import Form
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import Elided
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages.payout_steps import told
from desktop.ui.table import RowAction
from desktop.words import tr

STATE = "management.state"
_TEXTS = ("number", "title", "issuer", "party", "note")


class ManagementView(QWidget):
    """The table is the checklist of today; what is missing has a row too, so that it can be entered from there."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.found: Checklist | None = None
        self._papers: dict[str, ManagementDocument] = {}
        self._kinds: dict[str, str] = {}
        self.says = Elided("")
        self.says.setProperty("tone", "muted")
        self.says.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.why = QPushButton(tr("为什么？"))
        self.why.setProperty("role", "link")
        theme.dress(self.why, "why", "accent")
        self.why.clicked.connect(self.explain)
        self.add = QPushButton(tr("登记…"))
        self.add.setProperty("role", "primary")
        theme.dress(self.add, "add", "on_accent")
        self.add.clicked.connect(self.enter)
        self.bring = QPushButton(tr("从表格导入…"))
        theme.dress(self.bring, "import")
        self.bring.clicked.connect(self.bring_in)
        self.table = self._table()
        above = QHBoxLayout()
        above.addWidget(self.says, 1)
        above.addWidget(self.why)
        above.addWidget(self.bring)
        above.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addLayout(above)
        column.addWidget(self.table, 1)

    def _table(self) -> HeldTable:
        columns = [
            Column("kind", tr("类别"), width=224),
            Column("state", tr("状态"), "state", 128, said_under=STATE),
            Column("number", tr("文号"), "code", 160, blank=""),
            Column("title", tr("名称"), width=240, blank=""),
            Column("party", tr("对方单位"), width=160, blank=""),
            Column("from_on", tr("起"), "date", 104, blank=""),
            Column("last_on", tr("有效期至"), "date", 104, blank=""),
            Column("issuer", tr("发布单位"), width=120, blank=""),
        ]
        table = HeldTable(
            columns, name="management", title=tr("管理制度"), preferences=self.desk.preferences,
            empty=Empty(
                tr("还没有登记管理制度"), tr("把开放共享、收费、安全等管理制度和知识产权约定登记在这里，附上文件，到期前会提示。"), "report",
                ((tr("登记…"), self.enter), (tr("从表格导入…"), self.bring_in)),
            ),
            actions=[
                RowAction(tr("登记或修改…"), lambda keys: self.open(keys[0]), "edit", "one"),
                RowAction(tr("附件…"), lambda keys: self.files(keys[0]), "attach", "one"),
                RowAction(tr("删除…"), lambda keys: self.withdraw(keys[0]), "delete", "one"),
            ],
        )  # fmt: skip
        table.opened.connect(self.open)
        return table

    # Reading

    def refresh(self) -> None:
        """Read the checklist of today again."""
        workspace = self.desk.workspace
        self.desk.jobs.read(lambda progress: management.checklist(workspace), self._show, owner=self, key="management")

    def _show(self, found: Checklist) -> None:
        self.found = found
        entries = (*(found.required or ()), *found.others, *found.agreements)
        rows = []
        self._papers, self._kinds = {}, {}
        for entry in entries:
            one = entry.document
            key = one.id if one is not None else entry.kind
            self._kinds[key] = entry.kind
            if one is not None:
                self._papers[key] = one
            told_of = (one.number, one.title, one.party, one.from_on, one.last_on, one.issuer) if one is not None else ("", "", "", None, None, "")
            rows.append((key, words.say(f"management.kinds.{entry.kind}"), entry.state, *told_of))
        self.table.hold(rows)
        if found.required is None:
            self.says.setText(tr("应有哪些管理制度，规则参数里没有今天的值。"))
            return
        lacking = sum(entry.state not in ("in_force", "ends_soon") for entry in found.required)
        soon = sum(entry.state == "ends_soon" for entry in entries)
        self.says.setText(tr("应有 {n} 类，{lacking} 类没有执行着的，{soon} 份快到期", n=len(found.required), lacking=lacking, soon=soon))

    def explain(self) -> None:
        """Why the checklist says what it says."""
        if self.found is not None:
            self.desk.explain(self.found.figure)

    # Steps

    def bring_in(self) -> None:
        """The shared import wizard, for a table of papers."""
        from desktop.ui.dialogs.import_wizard import open_import

        open_import(self.desk, "management", parent=self)

    def open(self, key: Key) -> None:
        """Correct the paper of a row; enter one where it is missing."""
        one = self._papers.get(str(key))
        if one is None:
            self.enter(kind=self._kinds.get(str(key), ""))
            return
        number = one.number
        form = self._form()
        form.set_draft({"kind": one.kind, "issued_on": one.issued_on, "from_on": one.from_on, "last_on": one.last_on} | _texts(one))
        self._ask(
            tr("修改 {number}", number=number), form, lambda given: management.change(self.desk.workspace, number, given),
            lambda given: tr("{number} 已更正，可以撤销。", number=given.number), one,
        )  # fmt: skip

    def enter(self, checked: bool = False, *, kind: str = "") -> None:
        """Enter a paper; of the kind of the chosen row when that is missing."""
        form = self._form()
        form.set_draft({"kind": kind or None})
        self._ask(
            tr("登记管理制度或约定"), form, lambda given: management.enter(self.desk.workspace, given),
            lambda given: tr("{number} 已登记，可以撤销。", number=given.number), None,
        )  # fmt: skip

    def _form(self) -> Form:
        form = Form()
        kinds = [Choice(kind, words.say(f"management.kinds.{kind}")) for kind in MANAGEMENT_KINDS]
        form.add("kind", tr("类别"), SelectField(kinds, optional=True), required=True)
        form.add("number", tr("文号"), TextField(limit=120), required=True)
        form.add("title", tr("名称"), TextField(limit=200), required=True)
        form.add("issued_on", tr("发布或签订日期"), DateField(self.desk.today), required=True)
        form.add("from_on", tr("执行起日"), DateField(self.desk.today), hint=tr("空着则从发布日期起"))
        form.add("last_on", tr("有效期至"), DateField(self.desk.today), hint=tr("空着则没有止日"))
        form.add("issuer", tr("发布单位"), TextField(limit=120))
        form.add("party", tr("对方单位"), TextField(limit=200), hint=tr("只有知识产权约定要写"))
        form.add("note", tr("备注"), NoteField(2))
        return form

    def _ask(
        self, title: str, form: Form, work: Callable[[ManagementDocument], Changes], done_words: Callable[[ManagementDocument], str],
        old: ManagementDocument | None,
    ) -> None:  # fmt: skip
        def submit(draft: Mapping[str, object], dialog: FormDialog) -> None:
            given = _paper(draft, old)

            def refused(problem: Problem) -> None:
                dialog.refuse(told(problem))

            def done(changes: Changes) -> None:
                dialog.accept()
                self.desk.tell("done", done_words(given))

            self.desk.jobs.write(title, lambda progress: work(given), done, failed=refused, owner=dialog)

        says = tr("登记之后再用“附件…”附上文件；都只留在本机。")
        ask_form(self.window(), title=title, form=form, do=tr("保存"), submit=submit, says=says, width=560)

    def withdraw(self, key: Key) -> None:
        """Take a paper out that was entered wrongly."""
        one = self._papers.get(str(key))
        if one is None:
            return
        workspace, number = self.desk.workspace, one.number
        title = tr("删除 {number}", number=number)

        def reasoned(reason: str) -> None:
            self.desk.jobs.write(
                title, lambda progress: management.withdraw(workspace, number, reason),
                lambda changes: self.desk.tell("done", tr("{number} 已删除，可以撤销。", number=number)), owner=self,
            )  # fmt: skip

        ask_reason(self.window(), title=title, do=tr("删除"), then=reasoned, says=tr("它的附件一起删除；可以撤销。"))

    def files(self, key: Key) -> None:
        """The files of a paper."""
        one = self._papers.get(str(key))
        if one is not None:
            says = texts.visible(tr("{number} {title} 的文件。只留在本机，不随同步发出。", number=one.number, title=one.title))
            show_attachments(self.desk, self.window(), "management_document", one.id, says)


def _texts(one: ManagementDocument) -> dict[str, object]:
    return {name: getattr(one, name) for name in _TEXTS}


def _paper(draft: Mapping[str, object], old: ManagementDocument | None) -> ManagementDocument:
    issued, begins, last = (draft.get(name) for name in ("issued_on", "from_on", "last_on"))
    texts_of = {name: str(draft.get(name) or "") for name in _TEXTS}
    made = ManagementDocument(
        "", str(draft["kind"]), texts_of["number"], texts_of["title"], cast("date", issued), begins if isinstance(begins, date) else cast("date", issued),
        last if isinstance(last, date) else None, texts_of["issuer"], texts_of["party"], texts_of["note"],
    )  # fmt: skip
    return made if old is None else replace(made, id=old.id)
