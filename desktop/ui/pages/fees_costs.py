"""Cost components of an hour: an amount and the document behind it for each; management as an amount or as a rate on the others."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop import words
from desktop.ledger.fees import COMPONENT_KINDS, CostComponent
from desktop.rules.figure import Figure
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.fields import Field, MoneyField, NumberField, TextField
from desktop.ui.labels import label
from desktop.words import tr

_HUNDRED = Decimal(100)


class CostsEditor(QWidget):
    """``parts()`` are the components as they stand; a kind with neither amount nor rate is not entered, which is not zero."""

    edited = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.amounts: dict[str, MoneyField] = {}
        self.evidence: dict[str, TextField] = {}
        self.rate = NumberField(places=4, least=Decimal(0), most=_HUNDRED)
        self._suggested: list[tuple[CostComponent, Figure]] = []
        self._loading = False
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.UNIT)
        grid.setVerticalSpacing(theme.UNIT)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(2, 3)
        grid.addWidget(label(tr("每小时（元）"), tone="muted"), 0, 1)
        grid.addWidget(label(tr("依据文件"), tone="muted"), 0, 2)
        for row, kind in enumerate(COMPONENT_KINDS, 1):
            self._row(grid, row, kind)
        grid.addWidget(self._name(tr("或管理费比例 %")), len(COMPONENT_KINDS) + 1, 0)
        grid.addWidget(self.rate, len(COMPONENT_KINDS) + 1, 1)
        self.rate.editor.setAccessibleName(tr("或管理费比例 %"))
        self.rate.changed.connect(self._changed)
        self.suggest = QPushButton(tr("填入建议值"))
        self.suggest.setToolTip(texts.tip(tr("按仪器原值和现行参数算出折旧和维护，请核对后再用")))
        self.suggest.clicked.connect(self.take_suggested)
        self.suggest_why = QPushButton(tr("为什么？"))
        self.suggest_why.setProperty("role", "link")
        self.suggest_why.clicked.connect(self._explain)
        head = QHBoxLayout()
        head.addWidget(label(tr("成本构成"), role="section"), 1)
        head.addWidget(self.suggest_why)
        head.addWidget(self.suggest)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addLayout(head)
        column.addLayout(grid)

    def _row(self, grid: QGridLayout, row: int, kind: str) -> None:
        named = words.say(f"fee.{kind}")
        amount, evidence = MoneyField(), TextField(limit=120)
        amount.editor.setAccessibleName(named)
        evidence.editor.setAccessibleName(tr("{name}的依据文件", name=named))
        self.amounts[kind], self.evidence[kind] = amount, evidence
        grid.addWidget(self._name(named), row, 0)
        grid.addWidget(amount, row, 1)
        grid.addWidget(evidence, row, 2)
        for field in (amount, evidence):
            field.changed.connect(self._changed)

    @staticmethod
    def _name(text: str) -> QWidget:
        made = label(text)
        made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        made.setWordWrap(False)
        return made

    def show_parts(self, parts: Sequence[CostComponent], suggested: Sequence[tuple[CostComponent, Figure]]) -> None:
        """Edit these components; ``suggested`` are offered."""
        self._loading = True
        by_kind = {str(part.kind): part for part in parts}
        for kind, field in self.amounts.items():
            part = by_kind.get(kind)
            field.set_value(part.amount_fen if part else None)
            self.evidence[kind].set_value(part.evidence if part else None)
            self.evidence[kind].line.setCursorPosition(0)  # the beginning says what document it is
        rate = by_kind["management"].rate if "management" in by_kind else None
        self.rate.set_value(None if rate is None else rate * _HUNDRED)
        self._loading = False
        self._suggested = list(suggested)
        self.suggest.setVisible(bool(suggested))
        self.suggest_why.setVisible(bool(suggested))

    def parts(self) -> list[CostComponent]:
        """The components; an amount of management and a rate at once stay two facts, which the check refuses."""
        found: list[CostComponent] = []
        for kind in COMPONENT_KINDS:
            amount, rate = self.amounts[kind].value(), None
            if kind == "management":
                percent = self.rate.value()
                rate = percent / _HUNDRED if isinstance(percent, Decimal) else None
            if isinstance(amount, int) or rate is not None:
                evidence = str(self.evidence[kind].value() or "")
                found.append(CostComponent("", "", kind, amount if isinstance(amount, int) else None, rate, evidence))
        return found

    def unreadable(self) -> list[Field]:
        """Fields whose text is no amount."""
        return [field for field in (*self.amounts.values(), self.rate) if field.fault() is not None]

    def take_suggested(self) -> None:
        """Fill in the suggested values, over what stands there."""
        for part, _ in self._suggested:
            self.amounts[part.kind].set_value(part.amount_fen)
            if not self.evidence[part.kind].value():
                self.evidence[part.kind].set_value(part.evidence)
                self.evidence[part.kind].line.setCursorPosition(0)
        self._changed()

    def _explain(self) -> None:
        if self._suggested:
            figures = tuple(figure for _, figure in self._suggested)
            total = sum(part.amount_fen or 0 for part, _ in self._suggested)
            self.desk.explain(Figure("fee.suggested", total, "fen", "sum", inputs=figures))

    def _changed(self) -> None:
        if self._loading:
            return
        for field in (*self.amounts.values(), self.rate):
            fault = field.fault()
            theme.say_tone(field.editor, "error" if fault is not None else "plain")
            field.editor.setToolTip(texts.tip(texts.finding(fault).text) if fault is not None else "")
        self.edited.emit()
