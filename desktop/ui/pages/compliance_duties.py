"""Duties: how many instruments stand where, the most urgent first, and beside the list the clause, what is missing, what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from desktop.actions import instrument_list, instrument_view
from desktop.actions.instrument_view import InstrumentView
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty, EmptyView
from desktop.ui.forms import scrolled
from desktop.ui.labels import Elided, label
from desktop.ui.page import split
from desktop.ui.paged_model import Column, Key, PagedModel, Sort
from desktop.ui.pages.days_left import DaysLeftColumn
from desktop.ui.pages.instruments_duty import DutyView
from desktop.ui.pages.instruments_list import DeadlineColumn, InstrumentRows
from desktop.ui.pages.instruments_steps import InstrumentSteps
from desktop.ui.pages.national_stated_form import say_closed
from desktop.ui.table import RowAction, Table
from desktop.words import tr

# What has to be done stands first.
_ORDER = ("overdue", "to_join", "to_file", "unknown", "joined_late", "joined", "filed", "not_obliged")

_IN_A_ROW = 8
_ROOMY = 960
_CARD = 80


class StateCard(QPushButton):
    """A state with the number of instruments in it; pressed, it filters the list."""

    def __init__(self, state: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.setCheckable(True)
        self.setProperty("role", "card")
        spoken = texts.state(state, "duty.state")
        self.number = QLabel("…")
        self.number.setProperty("role", "large")
        self.what = Elided(spoken.text)
        self.what.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.what.setProperty("tone", "muted")
        self._tone = spoken.tone
        grid = QGridLayout(self)
        grid.setContentsMargins(theme.px(12), theme.UNIT, theme.px(12), theme.UNIT)
        grid.setHorizontalSpacing(theme.UNIT)
        grid.setVerticalSpacing(0)
        grid.addWidget(self.what, 0, 0, 1, 2)
        grid.addWidget(theme.IconLabel(theme.TONE_ICON[spoken.tone], spoken.tone, 16), 1, 0)  # the words need the whole width
        grid.addWidget(self.number, 1, 1)
        grid.setColumnStretch(1, 1)
        for each in (self.number, self.what):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setMinimumWidth(theme.px(_CARD))
        self.setToolTip(texts.tip(spoken.text))
        self.show_count(None)

    def show_count(self, n: int | None) -> None:
        """The number, in the colour of its state when there is one to see to."""
        self.number.setText("…" if n is None else f"{n:,}")
        theme.say_tone(self.number, self._tone if n else "muted")
        self.setAccessibleName(f"{self.what.text()} {self.number.text()}")


class DutiesView(QWidget):
    """Cards above, the list at the left, one duty at the right."""

    def __init__(self, desk: Desk, page: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.steps = InstrumentSteps(desk, page)
        self.view: InstrumentView | None = None
        self.cards = {state: StateCard(state) for state in _ORDER}
        self.table = self._table()
        self.duty = DutyView()
        self.heading = label(role="section")
        self.line = label(tone="muted")
        self.why = QPushButton(tr("为什么？"))
        self.open = QPushButton(tr("打开这台仪器"))
        self.side = QStackedWidget()
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.UNIT)
        self._place_cards(_IN_A_ROW)
        for card in self.cards.values():
            card.clicked.connect(lambda checked=False, card=card: self.choose(card.state if checked else ""))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addLayout(self._grid)
        self.parts = split("compliance", desk.preferences, self.table, self._beside(), share=0.64)
        column.addWidget(self.parts, 1)
        self._connect()

    def _place_cards(self, n: int) -> None:
        self._n_in_row = n
        for place, card in enumerate(self.cards.values()):
            self._grid.addWidget(card, place // n, place % n)

    def minimumSizeHint(self) -> QSize:
        """As narrow as two rows of cards allow, however they stand now: else the "为什么？" panel would find no room beside them."""
        cards = _IN_A_ROW // 2 * theme.px(_CARD) + (_IN_A_ROW // 2 - 1) * self._grid.spacing()
        return QSize(max(cards, self.parts.minimumSizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two rows of cards where one has no room, for instance beside the "为什么？" panel."""
        super().resizeEvent(event)
        n = _IN_A_ROW if self.width() >= theme.px(_ROOMY) else _IN_A_ROW // 2
        if n != self._n_in_row:
            self._place_cards(n)

    def _table(self) -> Table:
        columns = [
            Column("asset_number", tr("资产编号"), "code", 128),
            Column("name", tr("名称"), width=176),
            Column("state", tr("入网义务"), "state", 136, said_under="duty.state"),
            DaysLeftColumn("days_left", tr("剩余工作日"), "state", 112),
            DeadlineColumn("deadline", tr("入网期限"), width=136),
            Column("accepted_on", tr("验收日期"), "date", 112),
            Column("value_fen", tr("原值"), "wan", 144),
            Column("department", tr("部门"), width=144, blank=""),
        ]
        source = InstrumentRows(self.desk.workspace, self.desk.today, columns)
        empty = Empty(
            tr("还没有仪器"),
            tr("导入仪器以后，这里按紧急程度列出谁该入网、谁该报备、还剩几个工作日。"),
            "duty",
            ((tr("导入仪器表"), self.steps.import_file),),
        )
        return Table(
            PagedModel(source, columns, self.desk.jobs, sort=Sort("state")),
            name="duties",
            title=tr("入网义务"),
            preferences=self.desk.preferences,
            empty=empty,
            actions=[
                RowAction(tr("登记入网…"), lambda keys: self._with_view(self.steps.join), "network", "one"),
                RowAction(tr("登记报备…"), lambda keys: self._with_view(self.steps.file), "confidential", "one"),
                RowAction(tr("为什么？"), lambda keys: self.explain(), "why", "one", "Ctrl+E"),
                RowAction(tr("打开这台仪器"), lambda keys: self._open(), "right", "one"),
            ],
        )

    def _beside(self) -> QWidget:
        made = QWidget()
        theme.dress(self.why, "why", "accent")
        self.why.setProperty("role", "link")
        theme.dress(self.open, "right", "accent")
        self.open.setProperty("role", "link")
        column = QVBoxLayout(made)
        column.setContentsMargins(theme.UNIT, theme.UNIT, 0, 0)
        column.setSpacing(theme.UNIT // 2)
        head = QGridLayout()
        head.addWidget(self.heading, 0, 0)
        head.addWidget(self.why, 0, 1, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        head.addWidget(self.line, 1, 0)
        head.addWidget(self.open, 1, 1, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        head.setColumnStretch(0, 1)
        column.addLayout(head)
        column.addWidget(scrolled(self.duty), 1)
        column.addWidget(self.duty.steps)  # under what is scrolled: a long clause must not push what is to be done out of sight
        hint = Empty(tr("选一台仪器看它的义务"), tr("依据哪一条、期限怎么算出来、还缺什么事实，都在这里。"), "duty")
        self.side.addWidget(EmptyView(hint))
        self.side.addWidget(made)
        self.side.setMinimumWidth(theme.px(288))
        return self.side

    def _connect(self) -> None:
        self.table.selected.connect(self._selected)
        self.table.opened.connect(lambda key: self.explain())
        self.table.filtered.connect(self._show_chosen)
        self.why.clicked.connect(self.explain)
        self.open.clicked.connect(self._open)
        self.duty.joining.connect(self.steps.join)
        self.duty.filing.connect(self.steps.file)
        self.duty.closing.connect(lambda one, known: say_closed(self.desk, self, one, known))
        self.duty.statement.connect(self.steps.filing_statement)

    # Reading

    def refresh(self) -> None:
        """Read the counts, the list and what is shown."""
        workspace, today = self.desk.workspace, self.desk.today()
        self.desk.jobs.read(lambda progress: instrument_list.counts(workspace, today), self._counted, owner=self, key="counts")
        self.table.refresh()
        if self.view is not None:
            self._see(self.view.key)

    def choose(self, state: str) -> None:
        """Only duties of this state; empty: all."""
        self.table.filter_by({"state": state, "service": "in_service"} if state else {})

    def _show_chosen(self, filters: Mapping[str, str]) -> None:
        for state, card in self.cards.items():
            card.setChecked(filters.get("state") == state)

    def _counted(self, counts: Mapping[tuple[str, str], int]) -> None:
        for state, card in self.cards.items():
            card.show_count(counts.get(("state", state), 0))

    def _selected(self, keys: list[Key]) -> None:
        if len(keys) == 1:
            self._see(int(keys[0]))
        else:
            self.view = None
            self.side.setCurrentIndex(0)

    def _see(self, key: int) -> None:
        workspace, today, period = self.desk.workspace, self.desk.today(), self.desk.period
        self.desk.jobs.read(
            lambda progress: instrument_view.see(workspace, key, today, period),
            self.show_view,
            failed=lambda problem: self._selected([]),
            owner=self,
            key="duty",
        )

    def show_view(self, view: InstrumentView) -> None:
        """Draw one duty."""
        self.view = view
        one = view.instrument
        self.heading.setText(texts.visible(one.name))
        self.line.setText(" · ".join(texts.visible(part) for part in (one.asset_number, one.department) if part))
        self.why.setVisible(view.figure is not None)
        self.duty.show_view(view)
        self.side.setCurrentIndex(1)

    # Steps

    def explain(self) -> None:
        """Why the duty is what it is."""
        if self.view is not None and self.view.figure is not None:
            self.desk.explain(self.view.figure)

    def _open(self) -> None:
        if self.view is not None:
            self.desk.go("instruments", key=self.view.instrument.asset_number)

    def _with_view(self, act: Callable[..., object]) -> None:
        if self.view is not None:
            act(self.view.instrument)
