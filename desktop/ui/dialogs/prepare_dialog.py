"""Preparing a run: day and scheme, the run as it would be (with what the approver should know), then person and PIN.

The preview is the very calculation that is written afterwards; a refusal is shown with each of its reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.actions import payout_views, payouts
from desktop.actions.payout_views import Comparison
from desktop.actions.payouts import Draft, Run
from desktop.ledger.finding import Finding
from desktop.ledger.people import Person
from desktop.ledger.problem import Problem
from desktop.rules.figure import Figure
from desktop.ui import texts, theme
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.desk import Desk
from desktop.ui.dialogs.frame import DialogFrame
from desktop.ui.dialogs.pin_dialog import choices
from desktop.ui.explain_panel import ExplainPanel
from desktop.ui.fields import DateField
from desktop.ui.forms import FindingLabel, scrolled
from desktop.ui.labels import at_least, label, room
from desktop.ui.pages.payout_body import PayoutBody
from desktop.ui.pages.payout_steps import told
from desktop.words import tr

_WAIT_MS = 250
Seen = tuple[Draft, Comparison | None]


class PrepareDialog(DialogFrame):
    """``prepared(run)``: it was written. ``declare()``: the person wants to declare costs first."""

    prepared = Signal(object)
    declare = Signal()

    def __init__(self, parent: QWidget | None, desk: Desk, schemes: Sequence[str], people: Sequence[Person], to: date) -> None:
        super().__init__(parent, tr("编制分配"), tr("编制"), icon="payout")
        self.desk = desk
        self._ready = False
        self.to = DateField(desk.today)
        self.to.set_value(to)
        self.scheme = SelectField([Choice(name, name) for name in schemes])
        self.person = QComboBox()
        for choice in choices(people):
            self.person.addItem(choice.text, choice.key)
        self.pin = QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaxLength(64)
        self.seen = PayoutBody(desk, name="payout.draft", statements=False, wide=True)
        self.panel = ExplainPanel()
        self.panel.hide()
        self.seen.asked.connect(self._explain)
        self.findings = QVBoxLayout()
        self.findings.setSpacing(theme.UNIT // 2)
        self.shown = QStackedWidget()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self.look)
        self._arrange(bool(people))
        for field in (self.to, self.scheme):
            field.changed.connect(self._edited)
        self.do.setEnabled(False)

    def _arrange(self, anybody: bool) -> None:
        at_least(self, 1080)
        top = QHBoxLayout()
        top.setSpacing(2 * theme.UNIT)
        for words, field in ((tr("结算到（含当日）"), self.to), (tr("分配方案"), self.scheme)):
            form = QFormLayout()
            form.addRow(words, field)
            field.editor.setAccessibleName(words)
            top.addLayout(form, 1)
        self.body.addLayout(top)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.seen)
        self.split.addWidget(area)
        self.split.addWidget(self.panel)
        self.reasons = QWidget()
        reasons = QVBoxLayout(self.reasons)
        self.refusal = label(role="strong", tone="error")
        self.to_costs = QPushButton(tr("去申报成本"))
        self.to_costs.clicked.connect(self._to_costs)
        reasons.addWidget(self.refusal)
        self.refused = QVBoxLayout()
        reasons.addLayout(self.refused)
        reasons.addWidget(self.to_costs, 0, Qt.AlignmentFlag.AlignLeft)
        reasons.addStretch(1)
        self.shown.addWidget(self.split)
        self.shown.addWidget(scrolled(self.reasons))
        self.shown.setMinimumHeight(min(theme.px(336), room(self).height() * 2 // 5))
        self.body.addWidget(self.shown, 1)
        notes = QWidget()
        inner = QVBoxLayout(notes)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addLayout(self.findings)
        inner.addStretch(1)
        self.notes = QScrollArea()
        self.notes.setWidgetResizable(True)
        self.notes.setWidget(notes)
        self.notes.setFixedHeight(theme.px(80))
        self.body.addWidget(self.notes)
        who = QHBoxLayout()
        who.setSpacing(2 * theme.UNIT)
        for words, widget in ((tr("编制人"), self.person), (tr("PIN"), self.pin)):
            form = QFormLayout()
            form.addRow(words, widget)
            widget.setAccessibleName(words)
            who.addLayout(form, 1)
        self.body.addLayout(who)
        self._anybody = anybody
        if not anybody:
            self.body.addWidget(label(tr("还没有登记可以办理此事的人员。请先到“设置”中登记人员、角色和 PIN。"), tone="warning"))

    # The preview

    def _edited(self) -> None:
        self._ready = False
        self.do.setEnabled(False)
        self._timer.start()

    def look(self) -> None:
        """Calculate the run as it stands in the fields, without writing."""
        self._timer.stop()
        to, scheme = self.to.value(), self.scheme.value()
        if not isinstance(to, date) or not isinstance(scheme, str):
            self._refuse(tr("请填写日期并选择方案。"), ())
            return
        workspace = self.desk.workspace

        def work(progress: object) -> Seen:
            drafted = payouts.draft(workspace, to, scheme)
            return drafted, payout_views.compare(workspace, drafted.run)

        self.desk.jobs.read(work, self._show, failed=self._refused, owner=self, key="look")

    def _show(self, seen: Seen) -> None:
        drafted, comparison = seen
        self.seen.show_run(drafted.run, drafted.figure, comparison)
        self.shown.setCurrentIndex(0)
        self._say(self.findings, drafted.run.findings)
        self._ready = True
        self.do.setEnabled(self._anybody)

    def _refused(self, problem: Problem) -> None:
        self._refuse(texts.problem(problem), problem.findings)

    def _refuse(self, words: str, findings: Sequence[Finding]) -> None:
        self.refusal.setText(words)
        self._say(self.refused, findings)
        self.to_costs.setVisible(any(one.code in ("payout.no_cost_statement", "payout.costs_deducted") for one in findings))
        self._say(self.findings, ())
        self.shown.setCurrentIndex(1)
        self._ready = False
        self.do.setEnabled(False)

    def _say(self, column: QVBoxLayout, findings: Sequence[Finding]) -> None:
        while (item := column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for each in findings:
            line = FindingLabel()
            column.addWidget(line)
            line.show_spoken(texts.finding(each))

    def _explain(self, figure: Figure) -> None:
        """Here, because the window behind this dialog cannot be reached."""
        self.panel.show_figure(figure)
        if not self.panel.isVisible():
            self.panel.show()
            self.split.setSizes([self.split.width() * 6 // 10, self.split.width() * 4 // 10])

    def _to_costs(self) -> None:
        self.reject()
        self.declare.emit()

    # Doing it

    def act(self) -> None:
        """Write the run; a refusal is said here."""
        to, scheme = self.to.value(), self.scheme.value()
        if not self._ready or not isinstance(to, date) or not isinstance(scheme, str):
            return
        self.do.setEnabled(False)
        self.said.show_spoken(None)
        workspace, name, pin = self.desk.workspace, str(self.person.currentData()), self.pin.text()
        self.desk.jobs.write(
            tr("编制分配"),
            lambda progress: payouts.prepare(workspace, to, scheme, name, pin),
            self._done,
            failed=lambda problem: self.refuse(told(problem)),
            owner=self,
        )

    def _done(self, run: Run) -> None:
        self.accept()
        self.prepared.emit(run)

    def refuse(self, words: str) -> None:
        """Say why, and ask for the PIN again."""
        super().refuse(words)
        self.pin.clear()
        self.pin.setFocus()


def open_prepare(
    parent: QWidget,
    desk: Desk,
    to: date,
    *,
    prepared: Callable[[Run], object],
    declare: Callable[[], object],
    adopt: Callable[[], object],
) -> None:
    """Read schemes and people on a lane, then open the dialog with its preview; ``adopt`` when there is no scheme yet."""
    workspace = desk.workspace

    def work(progress: object) -> tuple[list[str], list[Person]]:
        names = {scheme.name: scheme.from_on for scheme in payouts.schemes(workspace)}
        newest = sorted(names, key=lambda name: names[name], reverse=True)
        return newest, payout_views.allowed(workspace, "prepare")

    def opened(found: tuple[list[str], list[Person]]) -> None:
        if not found[0]:
            desk.tell("note", tr("编制分配前要先有分配方案。"), (tr("采用一个示例"), adopt), key="scheme")
            adopt()
            return
        dialog = PrepareDialog(parent, desk, *found, to)
        dialog.prepared.connect(prepared)
        dialog.declare.connect(declare)
        dialog.open()
        dialog.to.editor.setFocus()
        dialog.look()

    desk.jobs.read(work, opened, owner=parent, key="prepare")
