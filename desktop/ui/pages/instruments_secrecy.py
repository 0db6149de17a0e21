"""Whether an instrument is confidential, and the change that waits for a second person (改密级)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop import words
from desktop.actions.instrument_view import InstrumentView
from desktop.actions.reclassifying import Step
from desktop.ledger.instrument import Instrument
from desktop.ui import texts, theme
from desktop.ui.fact_list import FactList
from desktop.ui.flow import FlowLayout
from desktop.ui.labels import label
from desktop.ui.texts import Spoken
from desktop.words import tr


class SecrecyView(QWidget):
    """``preparing(Instrument)``, ``deciding(step name, Instrument)``: what a person asked for."""

    preparing = Signal(object)
    deciding = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view: InstrumentView | None = None
        self.facts = FactList()
        self.prepare = self._button(tr("改密级…"), lambda one: self.preparing.emit(one))
        self.approve = self._button(tr("批准…"), lambda one: self.deciding.emit("approve", one))
        self.decline = self._button(tr("退回…"), lambda one: self.deciding.emit("decline", one))
        self.withdraw = self._button(tr("撤回…"), lambda one: self.deciding.emit("withdraw", one))
        self.take_back = self._button(tr("撤下已送出的…"), lambda one: self.deciding.emit("take_back", one))
        steps = QWidget()
        row = FlowLayout(steps)  # beside the list of a small window there is no room for three
        for button in (self.prepare, self.approve, self.decline, self.withdraw, self.take_back):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2 * theme.UNIT, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(label(tr("密级"), role="strong"))
        column.addWidget(self.facts)
        column.addWidget(steps)

    def _button(self, text: str, act: Callable[[Instrument], object]) -> QPushButton:
        made = QPushButton(text)
        theme.dress(made, "confidential")
        made.clicked.connect(lambda: act(self.view.instrument) if self.view else None)
        return made

    def show_view(self, view: InstrumentView) -> None:
        """Draw it."""
        self.view = view
        one, waiting = view.instrument, view.waiting
        secret = texts.unknown() if one.confidential is None else tr("涉密") if one.confidential else tr("不涉密")
        if one.confidential:
            secret += " · " + words.say(f"secrecy.{one.secrecy_level or 'unstated'}")
        facts: list[tuple[str, str | Spoken]] = [(tr("现在"), Spoken(secret, "warning") if one.confidential else secret)]
        facts += [(texts.moment(step.change.prepared_at.replace(tzinfo=UTC)), Spoken(_line(step), _tone(step))) for step in view.reclassifications]
        facts += _sent(view)
        self.facts.show_facts(facts)
        self.prepare.setVisible(waiting is None and one.confidential is not None)
        for button in (self.approve, self.decline):
            button.setVisible(waiting is not None)
        self.take_back.setVisible(waiting is None and view.sent is not None and bool(view.sent.held or view.sent.carried))
        self.withdraw.setVisible(waiting is not None and not waiting.change.to_confidential)


def _sent(view: InstrumentView) -> list[tuple[str, str | Spoken]]:
    """What remotes hold of a confidential set, and the request that they delete it."""
    if view.sent is None:
        return []
    told: list[tuple[str, str | Spoken]] = [
        (
            words.say(f"reclassification.remote.{one.remote}"),
            Spoken(tr("还有 {n} 行，其中 {stay} 行不能删除", n=len(one.deletable) + len(one.stay), stay=len(one.stay)), "warning"),
        )
        for one in view.sent.held
    ]
    told += [(tr("离线报送包"), Spoken(words.say("take_back.under_way", **one.params), "warning")) for one in view.sent.carried]
    standing = view.sent.standing
    if standing is not None:
        day = texts.moment(standing.asked_at.replace(tzinfo=UTC))
        said = words.say("take_back.standing", name=texts.visible(view.sent.asked_by), day=day, reason=texts.visible(standing.reason))
        told.append((tr("撤下"), said))
    return told


def _line(step: Step) -> str:
    change = step.change
    parts = [
        words.say(f"reclassification.to.{'confidential' if change.to_confidential else 'ordinary'}"),
        words.say(f"reclassification.state.{change.state}"),
        tr("编制 {name}：{reason}", name=texts.visible(step.prepared_by), reason=texts.visible(change.reason)),
    ]
    if change.document:
        parts.append(texts.visible(change.document))
    if step.decided_by:
        parts.append(" ".join(texts.visible(part) for part in (step.decided_by, change.note) if part))
    return " · ".join(parts)


def _tone(step: Step) -> texts.Tone:
    return "warning" if step.change.state == "prepared" else "plain"
