"""The duty of one instrument: its state, the deadline, what is missing, the clause it stands on, and the steps that settle it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop import words
from desktop.actions.instrument_view import InstrumentView
from desktop.ui import texts, theme
from desktop.ui.detail_side import bar_of
from desktop.ui.fact_list import FactList
from desktop.ui.forms import FindingLabel
from desktop.ui.labels import label
from desktop.ui.texts import Spoken
from desktop.words import tr


def duty_words(view: InstrumentView) -> Spoken:
    """The state of the duty, with the working days left while something is to be done."""
    duty = view.duty
    said = texts.state(duty.state if duty else "retired", "duty.state")
    if duty is not None and duty.days_left is not None:
        return Spoken(f"{said.text} · {texts.days_left(duty.days_left).text}", said.tone)
    return said


class DutyView(QWidget):
    """Facts, findings, rule and steps; ``joining`` and ``filing`` carry the Instrument, ``statement`` asks for the paper of all.

    ``steps`` may stand elsewhere, where it is always in sight.
    """

    joining = Signal(object)
    filing = Signal(object)
    statement = Signal()
    closing = Signal(object, object)  # Instrument, NationalClosed | None: why it is not open

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view: InstrumentView | None = None
        self.facts = FactList()
        self.findings = QVBoxLayout()
        self.findings.setSpacing(theme.UNIT)
        self.rule = label(tone="muted")
        self.join = QPushButton(tr("登记入网…"))
        theme.dress(self.join, "network")
        self.join.clicked.connect(self._join)
        self.file = QPushButton(tr("登记报备…"))
        theme.dress(self.file, "confidential")
        self.file.clicked.connect(self._file)
        self.paper = QPushButton(tr("报备说明…"))
        theme.dress(self.paper, "report")
        self.paper.clicked.connect(lambda: self.statement.emit())
        self.close_off = QPushButton(tr("不开放的原因…"))
        theme.dress(self.close_off, "edit")
        self.close_off.clicked.connect(self._close_off)
        self.steps = bar_of((self.join, self.file, self.paper, self.close_off))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.facts)
        column.addWidget(self.rule)
        column.addLayout(self.findings)
        column.addSpacing(theme.UNIT)
        column.addWidget(self.steps)
        column.addStretch(1)

    def show_view(self, view: InstrumentView) -> None:
        """Draw it."""
        self.view = view
        while (item := self.findings.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for each in (*(view.duty.findings if view.duty else ()), *view.findings):
            said = FindingLabel()
            self.findings.addWidget(said)
            said.show_spoken(texts.finding(each))
        one = view.instrument
        self.facts.show_facts(self._facts(view))
        self.rule.setText(words.say("instrument_duty.files" if one.confidential else "instrument_duty.joins"))
        serving = one.retired_on is None
        self.join.setVisible(not one.confidential and serving)
        self.file.setVisible(bool(one.confidential) and serving)
        self.paper.setVisible(bool(one.confidential))
        self.close_off.setVisible(not one.confidential and serving)

    def _join(self) -> None:
        if self.view is not None:
            self.joining.emit(self.view.instrument)

    def _file(self) -> None:
        if self.view is not None:
            self.filing.emit(self.view.instrument)

    def _close_off(self) -> None:
        if self.view is not None:
            self.closing.emit(self.view.instrument, self.view.closed)

    @staticmethod
    def _facts(view: InstrumentView) -> list[tuple[str, str | Spoken]]:
        duty, one = view.duty, view.instrument
        facts: list[tuple[str, str | Spoken]] = [(tr("入网义务"), texts.state(duty.state if duty else "retired", "duty.state"))]
        if duty is not None and duty.deadline is not None:
            day = texts.day(duty.deadline)
            facts.append((tr("入网期限"), Spoken(tr("{day}（暂定）", day=day), "warning") if duty.provisional else day))
        if duty is not None and duty.days_left is not None:
            facts.append((tr("剩余"), texts.days_left(duty.days_left)))
        if one.confidential:
            filed = " · ".join(part for part in (one.filing_number, texts.day(one.filed_on) if one.filed_on else "") if part)
            facts.append((tr("报备"), filed or Spoken(tr("没有"), "muted")))
        elif one.network_number or one.joined_on:
            joined = " · ".join(part for part in (one.network_number, texts.day(one.joined_on) if one.joined_on else "") if part)
            facts.append((tr("入网"), joined))
        if view.closed is not None and not one.confidential:
            facts.append((tr("不开放"), " · ".join(part for part in (words.say(f"national_effect.reason.{view.closed.reason}"), view.closed.note) if part)))
        if view.clause:
            facts.append((tr("依据"), view.clause))
        return facts
