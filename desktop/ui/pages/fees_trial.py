"""What one record would have cost under a version, explained, beside what it did cost when it is posted."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop import words
from desktop.actions import fee_building
from desktop.actions.fee_building import Would
from desktop.actions.fees import Version
from desktop.ledger.problem import Problem
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.forms import FindingLabel
from desktop.ui.labels import label
from desktop.words import tr

_SAID = 3


class TrialView(QWidget):
    """``show_version`` says under which version records are tried."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._version: Version | None = None
        self._would: Would | None = None
        self.number = QLineEdit()
        self.number.setPlaceholderText(tr("记录编号"))
        self.number.setAccessibleName(tr("要试算的记录编号"))
        self.try_button = QPushButton(tr("试算"))
        self.amount = label("", role="large")
        self.why = QPushButton(tr("为什么？"))
        self.why.setProperty("role", "link")
        theme.dress(self.why, "why", "accent")
        self.words = label("")
        self.said = [FindingLabel() for _ in range(_SAID)]
        ask = QHBoxLayout()
        ask.addWidget(self.number, 1)
        ask.addWidget(self.try_button)
        price = QHBoxLayout()
        price.addWidget(self.amount)
        price.addWidget(self.why)
        price.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(label(tr("一条记录如果按这一版计价，会是多少？"), tone="muted"))
        column.addLayout(ask)
        column.addLayout(price)
        column.addWidget(self.words)
        for each in self.said:
            column.addWidget(each)
        column.addStretch(1)
        self.try_button.clicked.connect(self._try)
        self.number.returnPressed.connect(self._try)
        self.why.clicked.connect(self._explain)

    def show_version(self, version: Version) -> None:
        """Try under this one from now on; an answer for another is taken away."""
        if self._version is None or self._version.schedule.id != version.schedule.id:
            self._show(None)
        self._version = version

    def _try(self) -> None:
        version, number = self._version, self.number.text().strip()
        if version is None or not number:
            return
        workspace, key = self.desk.workspace, version.schedule.id
        self.desk.jobs.read(
            lambda progress: fee_building.what_would(workspace, key, number),
            self._show,
            failed=self._failed,
            owner=self,
            key="would",
        )

    def _failed(self, problem: Problem) -> None:
        self._show(None)
        self.words.setText(texts.problem(problem))

    def _show(self, would: Would | None) -> None:
        self._would = would
        priced = would.priced if would is not None else None
        self.why.setVisible(priced is not None)
        self.amount.setVisible(would is not None)
        self.amount.setText(texts.money(priced.amount_fen) if priced is not None else tr("不能计价"))
        theme.say_tone(self.amount, "plain" if priced is not None else "muted")
        told = [words.say("fee.joiner").join(part.told() for part in priced.rule)] if priced is not None else []
        if would is not None and would.posted_fen is not None:
            told.append(tr("实际记账 {amount}", amount=texts.money(would.posted_fen)))
        self.words.setText("\n".join(told))
        found = would.findings if would is not None else ()
        for place, said in enumerate(self.said):
            said.show_spoken(texts.finding(found[place]) if place < len(found) else None)

    def _explain(self) -> None:
        if self._would is not None and self._would.priced is not None:
            self.desk.explain(self._would.priced.figure)
