"""Transfers of the instrument at hand (调配): what is proposed or was done, and the step that comes next. Measure clause 16."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop import words
from desktop.actions import transfers
from desktop.actions.instrument_view import InstrumentView
from desktop.actions.transfers import Listed
from desktop.ledger.instrument import Instrument
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.fact_list import FactList
from desktop.ui.flow import FlowLayout
from desktop.ui.labels import label
from desktop.ui.texts import Spoken
from desktop.words import tr

_OPEN = ("prepared", "approved")


class TransferView(QWidget):
    """``preparing(kind, Instrument)``, ``stepping(step, Listed)``, ``listing()``: what a person asked for; ``shown()``: an instrument's are drawn."""

    preparing = Signal(str, object)
    stepping = Signal(str, object)
    listing = Signal()
    shown = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.instrument: Instrument | None = None
        self.newest: Listed | None = None
        self.facts = FactList()
        self.inside = self._button(tr("内部调配…"), "instrument", lambda: self._prepare("internal"))
        self.free = self._button(tr("无偿划拨…"), "send", lambda: self._prepare("allocation"))
        self.approve = self._button(tr("批准…"), "approve", lambda: self._step("approve"))
        self.decline = self._button(tr("退回…"), "refused", lambda: self._step("decline"))
        self.withdraw = self._button(tr("撤回…"), "undo", lambda: self._step("withdraw"))
        self.hand = self._button(tr("登记移交…"), "done", lambda: self._step("hand"))
        self.form = self._button(tr("移交单…"), "report", lambda: self._step("form"))
        self.files = self._button(tr("附件…"), "attach", lambda: self._step("files"))
        self.list = self._button(tr("调配候选…"), "search", self.listing.emit)
        steps = QWidget()
        row = FlowLayout(steps)
        for button in (self.approve, self.decline, self.withdraw, self.hand, self.form, self.files, self.inside, self.free, self.list):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2 * theme.UNIT, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(label(tr("调配"), role="strong"))
        column.addWidget(self.facts)
        column.addWidget(steps)

    def _button(self, text: str, icon: str, act: Callable[[], object]) -> QPushButton:
        made = QPushButton(text)
        theme.dress(made, icon)
        made.clicked.connect(lambda: act())
        return made

    def _prepare(self, kind: str) -> None:
        if self.instrument is not None:
            self.preparing.emit(kind, self.instrument)

    def _step(self, step: str) -> None:
        if self.newest is not None:
            self.stepping.emit(step, self.newest)

    def show_view(self, view: InstrumentView) -> None:
        """Read the transfers of this instrument and draw them."""
        self.instrument = view.instrument
        workspace, number = self.desk.workspace, view.instrument.asset_number
        self.desk.jobs.read(lambda progress: transfers.every(workspace, asset_number=number), self._show, owner=self, key="transfers")

    def _show(self, found: Sequence[Listed]) -> None:
        one = self.instrument
        if one is None:
            return
        self.newest = found[0] if found else None
        state = self.newest.transfer.state if self.newest is not None else ""
        self.facts.show_facts(
            [(each.transfer.number, Spoken(_line(each), "warning" if each.transfer.state in _OPEN else "plain")) for each in found]
            or [(tr("现在"), tr("没有调配"))]
        )
        # A confidential set is disposed of by the rules on secrets, never from here.
        may = state not in _OPEN and one.confidential is False and one.retired_on is None
        for button in (self.inside, self.free):
            button.setVisible(may)
        for button in (self.approve, self.decline, self.withdraw):
            button.setVisible(state == "prepared")
        self.hand.setVisible(state == "approved")
        self.form.setVisible(state in (*_OPEN, "handed_over"))
        self.files.setVisible(self.newest is not None)
        self.shown.emit()


def _line(one: Listed) -> str:
    move = one.transfer
    parts = [
        words.say(f"transfer.kind.{move.kind}"),
        words.say(f"transfer.step.{move.state}"),
        tr("去向 {name}", name=texts.visible(move.to_department or move.receiver)),
        tr("编制 {name}：{reason}", name=texts.visible(one.prepared_by), reason=texts.visible(move.reason)),
    ]
    if one.decided_by:
        parts.append(" ".join(texts.visible(part) for part in (one.decided_by, move.note, move.document) if part))
    if move.handed_on is not None:
        parts.append(tr("{day} 移交", day=move.handed_on.isoformat()))
    return " · ".join(parts)
