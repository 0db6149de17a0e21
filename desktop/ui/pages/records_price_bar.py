"""The price of the record being entered, as it is typed: the amount, "why?", and the rule in words."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop import words
from desktop.actions.records import Pricing
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.labels import label
from desktop.words import tr


class PriceBar(QWidget):
    """``show_pricing``: None while too little is filled in."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.pricing: Pricing | None = None
        self.amount = label("", role="large")
        self.rule = label("", tone="muted")
        self.why = QPushButton(tr("为什么？"))
        self.why.setProperty("role", "link")
        theme.dress(self.why, "why", "accent")
        self.why.clicked.connect(self._explain)
        price = QHBoxLayout()
        price.addWidget(self.amount)
        price.addWidget(self.why)
        price.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addLayout(price)
        column.addWidget(self.rule)

    def show_pricing(self, pricing: Pricing | None) -> None:
        """Show this price, or why there is none."""
        self.pricing = pricing
        priced = pricing.priced if pricing is not None else None
        self.why.setVisible(priced is not None)
        theme.say_tone(self.amount, "plain" if priced is not None else "muted")
        if priced is not None:
            self.amount.setText(texts.money(priced.amount_fen))
            self.rule.setText(words.say("fee.joiner").join(part.told() for part in priced.rule))
            return
        self.amount.setText(tr("还没有价格"))
        waits = tr("填好仪器、使用单位、项目和起止时间就会显示价格。")
        self.rule.setText(waits if pricing is None else tr("原因见上面各项；可以先存为草稿。"))

    def _explain(self) -> None:
        if self.pricing is not None and self.pricing.priced is not None:
            self.desk.explain(self.pricing.priced.figure)
