"""What a run says: the waterfall with its table, technicians, other receivers, and the run before it. For runs and drafts alike."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop import words
from desktop.actions.payout_views import Beside, Comparison
from desktop.actions.payouts import Run
from desktop.ledger.allocation import KEPT
from desktop.rules.figure import Figure
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.forms import FindingLabel
from desktop.ui.held_rows import HeldTable
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages import payout_columns, payout_flow
from desktop.ui.pages.payout_chart import WaterfallChart
from desktop.ui.table import RowAction
from desktop.words import tr

TOLD = 3


class PayoutBody(QWidget):
    """``asked(figure)``: why? ``opened(staff number)``: the lines behind a technician's sum (only for stored runs)."""

    asked = Signal(object)
    opened = Signal(str)

    def __init__(
        self, desk: Desk, *, name: str, statements: bool = True, wide: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self._name = name
        self._statements = statements
        self._people: dict[str, Figure] = {}
        self._receivers: dict[str, Figure] = {}
        self._sign = 1
        self._given_back: dict[str, Figure] = {}
        self._other_figures: list[Figure | None] = []
        self._pool: Figure | None = None
        self.pool = QLabel()
        self.pool.setProperty("role", "large")
        self.pool.setTextFormat(Qt.TextFormat.PlainText)
        self.why = self._link(tr("为什么？"), self._why_pool)
        self.chart = WaterfallChart()
        self.chart.asked.connect(self._ask)
        self.flow_table = self._table("flow", payout_columns.flow(), tr("从收入到分配的过程"))
        self.as_table = QToolButton()
        self.as_table.setCheckable(True)
        self.as_table.setText(tr("表格"))
        self.as_table.setToolTip(texts.tip(tr("把图换成表格")))
        self.as_table.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        theme.dress(self.as_table, "spreadsheet")
        self.as_table.toggled.connect(self._swap)
        self.apart = QHBoxLayout()
        self.apart.setSpacing(theme.UNIT)
        why = RowAction(tr("为什么？"), self._why_row, "why", "one")
        lines = [RowAction(tr("打开明细…"), lambda keys: self.opened.emit(str(keys[0])), "open", "one")] if statements else []
        self.people = self._table("people", payout_columns.people(), tr("实验技术人员"), [*lines, why])
        self.others = self._table("others", payout_columns.other(), tr("其他接收方"), [why])
        self.beside = self._table("beside", payout_columns.beside(), tr("与上次相比"))
        if statements:
            self.people.opened.connect(lambda key: self.opened.emit(str(key)))
        else:
            self.people.opened.connect(lambda key: self._why_row([key]))
        self.others.opened.connect(lambda key: self._why_row([key]))
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.lists = QStackedWidget()
        for words_, table in (
            (tr("实验技术人员"), self.people),
            (tr("其他接收方"), self.others),
            (tr("与上次相比"), self.beside),
        ):
            self.tabs.addTab(words_)
            self.lists.addWidget(table)
        self.tabs.addTab("")
        self.said = QVBoxLayout()
        self.lists.addWidget(self._notes())
        self.tabs.setTabVisible(TOLD, False)
        self.tabs.currentChanged.connect(self.lists.setCurrentIndex)
        self.sum = QLabel()
        self.sum.setTextFormat(Qt.TextFormat.PlainText)
        self._arrange(wide=wide)

    def _link(self, text: str, act: object) -> QPushButton:
        made = QPushButton(text)
        made.setProperty("role", "link")
        made.clicked.connect(act)
        return made

    def _notes(self) -> QWidget:
        """What was told when the run was prepared."""
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.addLayout(self.said)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        return area

    def _table(self, name: str, columns: Sequence[Column], title: str, actions: Sequence[RowAction] = ()) -> HeldTable:
        empty = Empty(tr("没有可列的内容"), tr("编制一次分配后，这里列出各方所得。"), "payout")
        key = f"{self._name}.{name}"
        made = HeldTable(columns, name=key, preferences=self.desk.preferences, empty=empty, title=title, actions=actions)
        made.chooser.hide()
        made.count.hide()
        return made

    def _arrange(self, *, wide: bool) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.UNIT)
        caption = QLabel(tr("技术人员分配池"))
        caption.setProperty("tone", "muted")
        for widget in (caption, self.pool, self.why):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self.as_table)
        self.drawn = QStackedWidget()
        self.drawn.addWidget(self.chart)
        self.drawn.addWidget(self.flow_table)
        below = QHBoxLayout()
        below.addWidget(self.tabs, 1)  # with room for the bold one, which its size does not reckon with
        picture, tables = QVBoxLayout(), QVBoxLayout()
        for column in (picture, tables):
            column.setSpacing(theme.UNIT // 2)
        picture.addLayout(head)
        picture.addWidget(self.drawn)
        picture.addLayout(self.apart)
        tables.addLayout(below)
        tables.addWidget(self.lists, 1)
        whole = QHBoxLayout(self) if wide else QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2 * theme.UNIT if wide else theme.UNIT)
        tables.addWidget(self.sum, 0, Qt.AlignmentFlag.AlignRight)
        if wide:
            picture.addStretch(1)
        whole.addLayout(picture, 1)
        whole.addLayout(tables, 1)
        if not wide:
            whole.setStretch(0, 0)

    # Showing

    def show_run(self, run: Run, figure: Figure, comparison: Comparison | None) -> None:
        """Show a run with the tree it was fixed with; ``comparison`` None: there was no run before."""
        self._sign = sign = -1 if run.reverses else 1
        others = {share.name for share in run.shares if share.technician_id is None and share.receiver != KEPT}
        made = payout_flow.steps(figure, others, sign)
        self.pool.setText(texts.money(run.pool_fen))
        self._pool = next((one for one in figure.inputs if one.code == "payout.pool"), figure)
        self._people = payout_flow.technician_figures(figure)
        self._receivers = payout_flow.receiver_figures(figure)
        self._given_back = payout_flow.given_back_figures(figure)
        self.chart.show_steps(made)
        self.flow_table.hold(
            (place, step.label, -step.fen if step.part in ("out", "pool") else step.fen, step.end)
            for place, step in enumerate(made)
        )
        self.drawn.setFixedHeight(max(self.chart.sizeHint().height(), theme.row_height() * 2))
        self._show_apart(figure)
        self._show_shares(run)
        self._show_beside(comparison)
        self._show_told(run)

    def _show_told(self, run: Run) -> None:
        while (item := self.said.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        told = run.findings if self._statements else ()
        for each in told:
            line = FindingLabel()
            self.said.addWidget(line)
            line.show_spoken(texts.finding(each))
        if not told and self.tabs.currentIndex() == TOLD:
            self.tabs.setCurrentIndex(0)
        self.tabs.setTabVisible(TOLD, bool(told))
        self.tabs.setTabText(TOLD, tr("提示 {n}", n=len(told)))
        warned = any(each.severity != "note" for each in told)
        self.tabs.setTabIcon(TOLD, theme.icon("warning", "warning") if warned else theme.icon("info", "note"))

    def _show_apart(self, figure: Figure) -> None:
        while (item := self.apart.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for one in payout_flow.apart(figure):
            said = tr("{what}：{n} 条", what=words.say(one.code, **dict(one.params)), n=texts.figure(one.value, one.unit))
            self.apart.addWidget(self._link(said, lambda checked=False, one=one: self._ask(one)))
        self.apart.addStretch(1)

    def _show_shares(self, run: Run) -> None:
        technicians = [share for share in run.shares if share.technician_id]
        whole = sum((Decimal(share.weight or 0) for share in technicians), Decimal(0))
        self.people.hold(
            (
                share.staff_number, share.staff_number, share.name, share.fen, tr("含尾差") if share.remainder else "",
                Decimal(share.weight or 0) / whole if whole else None, share.n_lines, Decimal(share.weight or 0), share.department,
            )
            for share in technicians
        )  # fmt: skip
        others = [share for share in run.shares if share.technician_id is None]
        self.others.hold(
            (place, words.say(f"payout.receiver.{share.receiver}"), share.name or "—", share.fen, share.how)
            for place, share in enumerate(others)
        )
        self._other_figures = [
            (self._given_back if share.fen < 0 and not run.reverses else self._receivers).get(share.name) for share in others
        ]
        self.tabs.setTabText(0, tr("实验技术人员 {n}", n=len(technicians)))
        self.tabs.setTabText(1, tr("其他接收方 {n}", n=len(others)))
        added = sum(share.fen for share in technicians)
        agrees = added == run.pool_fen
        said = (
            tr("各人合计 {sum}，与分配池一致", sum=texts.money(added))
            if agrees
            else tr("各人合计 {sum}，与分配池不符！请运行“校验”。", sum=texts.money(added))
        )
        self.sum.setText(said)
        theme.say_tone(self.sum, "muted" if agrees else "error")

    def _show_beside(self, comparison: Comparison | None) -> None:
        self.tabs.setTabEnabled(2, comparison is not None)
        if comparison is None:
            self.tabs.setTabToolTip(2, texts.tip(tr("这是第一次分配，没有可比的上次")))
            self.tabs.setTabText(2, tr("与上次相比"))
            if self.tabs.currentIndex() == 2:
                self.tabs.setCurrentIndex(0)
            self.beside.hold(())
            return
        self.tabs.setTabToolTip(2, "")
        self.tabs.setTabText(2, tr("对比 {run}", run=comparison.before.number))
        self.beside.hold(
            (place, _what(line), line.name, line.fen, line.before_fen, line.more_fen, _growth(line))
            for place, line in enumerate(comparison.lines)
        )

    # Why?

    def _ask(self, figure: Figure) -> None:
        """A reversing run keeps the tree of the run it takes back: its figures are that tree's with the other sign."""
        if self._sign < 0 and isinstance(figure.value, int) and figure.unit == "fen":
            figure = Figure(figure.code, -figure.value, "fen", "original", inputs=(figure,), params=figure.params)
        self.asked.emit(figure)

    def _why_pool(self) -> None:
        if self._pool is not None:
            self._ask(self._pool)

    def _why_row(self, keys: list[Key]) -> None:
        key = keys[0]
        if isinstance(key, int):
            # What no step gives away is kept: the last bar.
            figure = self._other_figures[key] or (self.chart.steps[-1].figure if self.chart.steps else None)
        else:
            figure = self._people.get(key)
        if figure is not None:
            self._ask(figure)

    def _swap(self, on: bool) -> None:
        self.drawn.setCurrentIndex(1 if on else 0)


def _what(line: Beside) -> str:
    if line.what in ("income", "cost", "pool"):
        return words.say(f"payout.{line.what}")
    return words.say("payout.receiver.technicians") if line.what == "technician" else words.say(f"payout.receiver.{line.what}")


def _growth(line: Beside) -> Decimal | None:
    more = line.more_fen
    return Decimal(more) / abs(Decimal(line.before_fen)) if more is not None and line.before_fen else None
