"""A period's external services under other prices: what they would have come to, beside what was posted. Nothing is written."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.actions import repricing
from desktop.actions.fees import Version
from desktop.actions.progress import Progress
from desktop.actions.repricing import Asked, Repriced, Tally
from desktop.ledger.problem import Problem
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.fact_list import FactList
from desktop.ui.labels import label
from desktop.ui.texts import Spoken
from desktop.words import tr

_SHOWN = 12
"""Sets and customers listed beside the sums; the paper has them all."""


class RepriceView(QWidget):
    """``show_version`` says which version, and of which set, is meant."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._version: Version | None = None
        self._asset = ""
        self.found: Repriced | None = None
        self.prices = QComboBox()
        self.prices.setAccessibleName(tr("按哪些价格重算"))
        for text, name in (
            (tr("这台仪器，按这一版"), "version"),
            (tr("这台仪器，按记账时各版"), "own"),
            (tr("全部仪器，按今天执行的各版"), "today"),
            (tr("全部仪器，按记账时各版"), "all"),
        ):
            self.prices.addItem(text, name)
        self.period = QLineEdit(desk.period.name)
        self.period.setAccessibleName(tr("重算的期间"))
        self.period.setPlaceholderText("2025、2025Q3、2025-07")
        self.change = QLineEdit()
        self.change.setAccessibleName(tr("价格涨跌百分之几"))
        self.change.setPlaceholderText(tr("涨跌 %，如 5 或 -10"))
        self.reckon_button = QPushButton(tr("重算"))
        self.print_button = QPushButton(tr("打印…"))
        self.amount = label("", role="large")
        self.amount.setWordWrap(False)
        self.why = QPushButton(tr("为什么？"))
        self.why.setProperty("role", "link")
        theme.dress(self.why, "why", "accent")
        self.words = label("")
        self.facts = FactList()
        self._arrange()
        self.reckon_button.clicked.connect(self._reckon)
        for typed in (self.period, self.change):
            typed.returnPressed.connect(self._reckon)
        self.print_button.clicked.connect(self._print)
        self.why.clicked.connect(self._explain)
        self._show(None)

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.addWidget(self.prices, 0, 0, 1, 2)
        grid.addWidget(self.period, 1, 0)
        grid.addWidget(self.change, 1, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.reckon_button)
        buttons.addWidget(self.print_button)
        buttons.addStretch(1)
        price = QHBoxLayout()
        price.addWidget(self.amount)
        price.addWidget(self.why)
        price.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(label(tr("一段时间的校外服务如果按别的价格计价，会是多少？只是设想，不写入。"), tone="muted"))
        column.addLayout(grid)
        column.addLayout(buttons)
        column.addLayout(price)
        column.addWidget(self.words)
        column.addWidget(self.facts)
        column.addStretch(1)

    def show_version(self, version: Version) -> None:
        """Reckon by this one from now on; an answer for another is taken away."""
        if self._version is None or self._version.schedule.id != version.schedule.id:
            self._show(None)
        self._version, self._asset = version, version.instrument.asset_number

    def _asked(self) -> Asked | None:
        """What is chosen and typed; None, with words, when the change is no number."""
        try:
            change = repricing.rate_of(self.change.text() or "0")
        except Problem as problem:
            self._failed(problem)
            return None
        chosen = str(self.prices.currentData())
        if chosen == "version" and self._version is not None:
            return Asked(self._asset, self._version.schedule.id, change=change)
        if chosen == "today":
            return Asked(on=self.desk.today(), change=change)
        return Asked(self._asset if chosen == "own" else "", change=change)

    def _reckon(self) -> None:
        asked, text = self._asked(), self.period.text().strip()
        if asked is None:
            return
        workspace = self.desk.workspace
        self.desk.jobs.read(
            lambda progress: repricing.over(workspace, repricing.span(workspace, text), asked, progress),
            self._show,
            failed=self._failed,
            title=tr("重算"),
            owner=self,
            key="reprice",
        )

    def _failed(self, problem: Problem) -> None:
        self._show(None)
        self.words.setText(texts.problem(problem))

    def _show(self, found: Repriced | None) -> None:
        self.found = found
        some = found is not None
        for widget in (self.amount, self.why, self.print_button):
            widget.setVisible(some)
        if found is None:
            self.words.setText("")
            self.facts.show_facts([])
            return
        whole = found.whole
        self.amount.setText(tr("差额 {amount}", amount=repricing.moved_words(whole.difference_fen)))
        self.words.setText(texts.visible(tr("{period} · {basis}", period=found.period.name, basis=repricing.basis_words(found))))
        self.facts.show_facts(_facts(found))

    def _print(self) -> None:
        from desktop.actions import reporting
        from desktop.ui.pages.paper_dialog import PaperDialog

        found = self.found
        if found is None:
            return
        workspace, period, asked = self.desk.workspace, found.period, found.asked

        def make(path: Path, progress: Progress) -> reporting.Made:
            return reporting.make_repricing(workspace, period, asked, out=path, progress=progress)

        PaperDialog(
            self.window(), self.desk, tr("收费重算表"), period.name,
            lambda progress: reporting.draw_repricing(workspace, period, asked, progress), make,
        ).open()  # fmt: skip

    def _explain(self) -> None:
        if self.found is not None:
            self.desk.explain(self.found.figure)


def _facts(found: Repriced) -> list[tuple[str, str | Spoken]]:
    whole = found.whole
    facts: list[tuple[str, str | Spoken]] = [
        (tr("校外服务"), tr("{n} 条", n=whole.n)),
        (tr("实际记账"), texts.money(whole.repriced_fen)),
        (tr("重算"), texts.money(whole.would_fen) if whole.n_repriced else tr("未知")),
    ]
    for one in found.reasons:
        words = tr("{n} 条，{yuan}：{words}", n=one.n, yuan=texts.money(one.fen), words=repricing.said(one.finding))
        facts.append((tr("不能重算"), Spoken(words, "warning")))
    if found.n_withheld:
        facts.append((tr("涉密"), tr("涉密的 {n} 条没有计入。", n=found.n_withheld)))
    lines = [(f"{one.instrument.asset_number} {one.instrument.name}", one.tally) for one in found.sets]
    for shown in (sorted(lines, key=lambda pair: -pair[1].fen), [(one.name, one.tally) for one in found.customers]):
        facts += [(texts.visible(name), _moved(tally)) for name, tally in shown[:_SHOWN]]
        if len(shown) > _SHOWN:
            facts.append(("", tr("还有 {n} 项，打印的表里都有。", n=len(shown) - _SHOWN)))
    return facts


def _moved(tally: Tally) -> str:
    would = texts.money(tally.would_fen) if tally.n_repriced else tr("未知")
    return tr("{posted} → {would}（{moved}）", posted=texts.money(tally.repriced_fen), would=would, moved=repricing.moved_words(tally.difference_fen))
