"""Money received for a posted record: what came in, what is still open, and a form to record more. A receipt is never edited,
only taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.actions import posting, record_list
from desktop.actions.record_views import Detail
from desktop.ledger.changes import Changes
from desktop.ledger.problem import Problem
from desktop.ledger.service_record import Receipt
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.fields import DateField, MoneyField, TextField
from desktop.ui.forms import FindingLabel, Form
from desktop.ui.labels import label
from desktop.words import tr


class ReceiptsView(QWidget):
    """The receipts of one record."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.detail: Detail | None = None
        self.open_line = label("", role="strong")
        self.list = QWidget()
        self._rows = QVBoxLayout(self.list)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(theme.UNIT)
        self.form = Form()
        self.form.add("on", tr("到账日期"), DateField(desk.today), required=True)
        self.form.add("fen", tr("金额"), MoneyField(), required=True)
        self.form.add("invoice", tr("发票号"), TextField(limit=60), required=True)
        self.save = QPushButton(tr("登记到账"))
        self.save.setProperty("role", "primary")
        self.save.clicked.connect(self.form.submit)
        self.form.submitted.connect(self._save)
        self.entry = QWidget()
        below = QVBoxLayout(self.entry)
        below.setContentsMargins(0, theme.UNIT, 0, 0)
        below.setSpacing(theme.UNIT)
        below.addWidget(self.form)
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addWidget(label(tr("到账登记后不能修改，登错了只能冲销。"), tone="muted"), 1)
        below.addLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.open_line)
        column.addWidget(self.list)
        column.addWidget(self.entry)
        column.addStretch(1)

    def show_detail(self, detail: Detail) -> None:
        """Show the receipts of this record."""
        self.detail = detail
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        back = {each.reverses for each in detail.receipts}
        for each in detail.receipts:
            self._rows.addWidget(self._row(each, standing=each.reverses is None and each.id not in back))
        for found in detail.same_money:
            said = FindingLabel()
            said.show_spoken(texts.finding(found))
            self._rows.addWidget(said)
        still = detail.open_fen
        if still is None:
            self.open_line.setText(tr("没有应收：记录没有记账，或已冲销。"))
        elif still:
            self.open_line.setText(tr("未收余额 {amount}", amount=texts.money(still)))
        else:
            self.open_line.setText(tr("已全部收到"))
        self.entry.setVisible(bool(still))
        self.form.set_draft({"on": self.desk.today(), "fen": still or None, "invoice": None})

    def _row(self, one: Receipt, *, standing: bool) -> QWidget:
        said = tr("{day} · {fen} · 发票 {invoice}", day=texts.day(one.received_on), fen=texts.money(one.fen), invoice=texts.visible(one.invoice_number))
        made = QWidget()
        told = label(said)
        told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        attach = QPushButton(tr("附件…"))
        attach.setProperty("role", "link")
        attach.setAccessibleName(tr("附件：{what}", what=said))
        theme.dress(attach, "attach", "accent")
        attach.clicked.connect(lambda: self._attach(one, said))
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.UNIT)
        row.addWidget(told, 1)
        if standing:
            back = QPushButton(tr("冲回…"))
            back.setProperty("role", "link")
            back.setAccessibleName(tr("冲回：{what}", what=said))
            theme.dress(back, "reverse", "accent")
            back.clicked.connect(lambda: self._take_back(one, said))
            row.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(attach, 0, Qt.AlignmentFlag.AlignTop)
        return made

    def _attach(self, one: Receipt, said: str) -> None:
        """The evidence of a receipt: the invoice, the bank's slip."""
        from desktop.ui.dialogs.attachments_dialog import show_attachments

        show_attachments(self.desk, self, "receipt", one.id, said)

    def _take_back(self, one: Receipt, said: str) -> None:
        """Ask why, and on what day it was refunded; then take it back whole."""
        if self.detail is None:
            return
        workspace, number = self.desk.workspace, self.detail.record.number
        form = Form()
        form.add("reason", tr("理由"), TextField(limit=200), required=True)
        form.add("on", tr("退款日期"), DateField(self.desk.today))
        form.set_draft({})

        def submit(draft: Mapping[str, object], dialog: FormDialog) -> None:
            on = draft["on"]

            def done(_: int) -> None:
                dialog.accept()
                self.desk.announce(Changes(0, record_list.KINDS))
                self.desk.tell("done", tr("已冲回 {what}。", what=said))

            def failed(problem: Problem) -> None:
                dialog.problem(problem)

            self.desk.jobs.write(
                tr("冲回到账"),
                lambda progress: posting.receive_back(workspace, number, one.id, on if isinstance(on, date) else None, str(draft["reason"])),
                done,
                failed=failed,
                owner=dialog,
            )

        ask_form(
            self.window(),
            title=tr("冲回到账"),
            says=tr("{what}。会登记一笔相反的金额，原到账保留；冲回不能撤销。登记错的不填退款日期，按原到账日冲回。已分配的会在下次分配扣回。", what=said),
            form=form,
            do=tr("冲回"),
            submit=submit,
        )

    def _save(self) -> None:
        draft: Mapping[str, object] = self.form.draft()
        on, fen, invoice = draft["on"], draft["fen"], str(draft["invoice"])
        if self.detail is None or not isinstance(on, date) or not isinstance(fen, int):
            return
        workspace, number = self.desk.workspace, self.detail.record.number
        self.save.setEnabled(False)
        self.desk.jobs.write(
            tr("登记到账"),
            lambda progress: posting.receive(workspace, number, on, fen, invoice),
            self._saved,
            failed=self._failed,
            owner=self,
        )

    def _saved(self, still_open: int) -> None:
        self.save.setEnabled(True)
        self.desk.announce(Changes(0, record_list.KINDS))

    def _failed(self, problem: Problem) -> None:
        self.save.setEnabled(True)
        self.form.show_problem(problem)
