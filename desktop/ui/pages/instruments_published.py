"""What the network says of one instrument: its number there, whether it is published, how it was evaluated, and where that differs from here."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.actions import publications
from desktop.actions.instrument_view import InstrumentView
from desktop.actions.publications import Line
from desktop.ui import texts, theme
from desktop.ui.fact_list import FactList
from desktop.ui.forms import FindingLabel
from desktop.ui.labels import label
from desktop.ui.pages.instruments_list import TONES
from desktop.ui.texts import Spoken
from desktop.words import say, tr


class PublishedView(QWidget):
    """Facts, what to look at, and why; gone where the network has said nothing. ``why`` carries the Figure."""

    why = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line: Line | None = None
        self.heading = label(say("publication.heading"), role="strong")
        self.facts = FactList()
        self.findings = QVBoxLayout()
        self.findings.setSpacing(theme.UNIT)
        self.ask = QPushButton(tr("为什么？"))
        self.ask.setProperty("role", "link")
        self.ask.setAccessibleName(say("publication.why"))
        self.ask.setToolTip(say("publication.why"))
        theme.dress(self.ask, "why", "accent")
        self.ask.clicked.connect(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.heading)
        column.addWidget(self.facts)
        column.addLayout(self.findings)
        column.addWidget(self.ask, 0, Qt.AlignmentFlag.AlignLeft)

    def show_view(self, view: InstrumentView) -> None:
        """Draw it."""
        self.line = view.published
        self.setVisible(self.line is not None)
        while (item := self.findings.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        if self.line is None:
            return
        self.facts.show_facts(_facts(self.line))
        for each in self.line.findings:
            said = FindingLabel()
            self.findings.addWidget(said)
            said.show_spoken(texts.finding(each))

    def _ask(self) -> None:
        if self.line is not None:
            self.why.emit(self.line.figure)


def _facts(line: Line) -> list[tuple[str, str | Spoken]]:
    told = line.told
    if told is None:
        return [(say("publication_state.state"), Spoken(publications.state_words(None), "muted"))]
    state = " · ".join(part for part in (publications.state_words(told), texts.day(told.since_on) if told.since_on else "") if part)
    facts: list[tuple[str, str | Spoken]] = [
        (say("publication.number_there"), texts.visible(told.network_number) or Spoken(tr("没有"), "muted")),
        (say("publication_state.state"), Spoken(state, TONES.get(told.state, "plain"))),
    ]
    if told.reason:
        facts.append((say("publication.reason"), texts.visible(told.reason)))
    for one in reversed(told.evaluations):
        parts = [one.grade, "" if one.score is None else say("publication.scored", score=one.score), texts.day(one.evaluated_on) if one.evaluated_on else ""]
        facts.append((say("publication.evaluation", year=one.year), texts.visible(" · ".join(part for part in parts if part))))
    return facts
