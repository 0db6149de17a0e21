"""One run in the middle of 分配: its state and signatures, what can be done with it now, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.actions.payout_views import Comparison
from desktop.actions.payouts import Run
from desktop.rules.figure import Figure
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.flow import FlowLayout
from desktop.ui.labels import Elided
from desktop.ui.pages.payout_body import PayoutBody
from desktop.ui.pages.payout_steps import PayoutSteps
from desktop.words import say, tr


class RunView(QWidget):
    """``stepped(run)``: a step was taken here."""

    stepped = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.run: Run | None = None
        self.steps = PayoutSteps(desk, self, self.stepped.emit)
        self.number = QLabel()
        self.number.setProperty("role", "section")
        self.icon = theme.IconLabel("info", "muted", 16)
        self.state = QLabel()
        self.about = Elided()
        self.about.setProperty("tone", "muted")
        self.signed = Elided()
        self.signed.setProperty("tone", "muted")
        self.reason = Elided()
        self.body = PayoutBody(desk, name="payout")
        self.body.asked.connect(desk.explain)
        self.body.opened.connect(self.open_statement)
        self.buttons: dict[str, QPushButton] = {}
        self._arrange()

    def _button(self, name: str, words: str, icon: str, act: Callable[[Run], object], tip: str = "") -> QPushButton:
        made = QPushButton(words)
        theme.dress(made, icon)
        if tip:
            made.setToolTip(texts.tip(tip))
        made.clicked.connect(lambda: self._do(act))
        self.buttons[name] = made
        return made

    def _do(self, act: Callable[[Run], object]) -> None:
        if self.run is not None:
            act(self.run)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.UNIT)
        for widget in (self.number, self.icon, self.state):
            head.addWidget(widget)
        head.addWidget(self.about, 1000)
        head.addStretch(1)
        bar = QWidget()
        acts = FlowLayout(bar)
        steps = self.steps
        for button in (
            self._button("approve", tr("审批…"), "approve", steps.approve, tr("由编制人以外的人审批")),
            self._button("close", tr("结清…"), "done", steps.close, tr("款项已发放")),
            self._button("withdraw", tr("撤回…"), "undo", steps.withdraw, tr("放弃这份未审批的分配")),
            self._button("reverse", tr("冲销…"), "reverse", steps.reverse, tr("编制一份金额相反的分配，另一人审批后生效")),
            self._button("export", tr("导出发放表…"), "export", steps.export, tr("给财务或银行：xlsx 或 csv")),
            self._button("paper", tr("打印分配表…"), "print", steps.paper, tr("带大写金额和签字栏的 PDF")),
            self._button("attach", tr("附件…"), "attach", self._attach, tr("签字后的扫描件、银行回单等")),
        ):
            acts.addWidget(button)
        self.signed.setMinimumHeight(theme.px(32))
        acts.addWidget(self.signed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addLayout(head)
        column.addWidget(self.reason)
        column.addWidget(bar)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.body)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumWidth(self.body.minimumSizeHint().width() + theme.px(2 * theme.UNIT))
        column.addWidget(area, 1)

    def show_run(self, run: Run, figure: Figure, comparison: Comparison | None) -> None:
        """Show a run."""
        self.run = run
        self.number.setText(run.number)
        said = texts.state(run.state, "payout.state")
        self.state.setText(said.text)
        theme.say_tone(self.state, said.tone)
        theme.dress(self.icon, theme.TONE_ICON[said.tone], said.tone)
        basis = say(f"payout.basis.{run.basis}")
        self.about.setText(
            tr("截至 {day} · {scheme} · {basis}", day=texts.day(run.to_on), scheme=texts.visible(run.scheme_name), basis=basis)
        )
        self.signed.setText(_signed(run))
        self.reason.setText(tr("冲销原因：{reason}", reason=texts.visible(run.reason)) if run.reverses else "")
        self.reason.setVisible(bool(run.reverses))
        self._allow(run)
        self.body.show_run(run, figure, comparison)

    def _allow(self, run: Run) -> None:
        """Only the steps the state allows are there; the next one stands out."""
        there = {
            "approve": run.state == "prepared",
            "close": run.state == "approved",
            "withdraw": run.state == "prepared",
            "reverse": run.state in ("approved", "closed") and not run.reverses,
            "export": run.state in ("approved", "closed"),
            "paper": run.state != "withdrawn",
            "attach": True,
        }
        following = "approve" if there["approve"] else "close" if there["close"] else ""
        for name, button in self.buttons.items():
            button.setVisible(there[name])
            button.setProperty("role", "primary" if name == following else "")
            icon = {"approve": "approve", "close": "done"}.get(name)
            if icon:
                theme.dress(button, icon, "on_accent" if name == following else "muted")
            button.style().unpolish(button)
            button.style().polish(button)

    def _attach(self, run: Run) -> None:
        """The evidence of a run: the signed sheet, the bank's slips."""
        from desktop.ui.dialogs.attachments_dialog import show_attachments

        says = tr("{run}，截至 {day}，{fen}", run=run.number, day=texts.day(run.to_on), fen=texts.money(run.pool_fen))
        show_attachments(self.desk, self, "payout_run", run.id, says)

    def open_statement(self, staff_number: str) -> None:
        """Every line behind one technician's sum."""
        from desktop.ui.dialogs.statement_dialog import open_statement

        if self.run is not None:
            open_statement(self, self.desk, self.run.number, staff_number)


def _signed(run: Run) -> str:
    parts = [tr("编制 {name} {at}", name=run.prepared_by, at=_at(run.prepared_at))]
    if run.approved_by:
        parts.append(tr("审批 {name} {at}", name=run.approved_by, at=_at(run.approved_at)))
    if run.closed_by:
        parts.append(tr("结清 {name}", name=run.closed_by))
    return " · ".join(parts)


def _at(moment: datetime | None) -> str:
    """The ledger keeps UTC without saying so."""
    return "" if moment is None else texts.moment(moment.replace(tzinfo=UTC))
