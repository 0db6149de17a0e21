"""One instrument beside the list: facts, ownership, sharing, fees, records, sensors, duty with its rule, and what was done to it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QScrollArea, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from desktop.actions import instrument_view, record_timeline, sensor_picture
from desktop.actions.instrument_view import InstrumentView
from desktop.actions.progress import Progress
from desktop.actions.record_timeline import Span
from desktop.actions.sensor_picture import Stretches
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Problem
from desktop.ui import texts, theme
from desktop.ui.attachments_view import AttachmentsView, counted
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty, EmptyView
from desktop.ui.fact_list import FactList
from desktop.ui.forms import FindingLabel, scrolled
from desktop.ui.labels import label
from desktop.ui.pages import instruments_facts as facts
from desktop.ui.pages.instruments_duty import DutyView, duty_words
from desktop.ui.pages.instruments_published import PublishedView
from desktop.ui.pages.instruments_secrecy import SecrecyView
from desktop.ui.pages.instruments_sensors import SensorView
from desktop.ui.pages.instruments_transfer import TransferView
from desktop.ui.record_lanes import left_words
from desktop.ui.record_timeline import RecordTimeline
from desktop.words import say, tr

BASIC, OWNERSHIP, SHARING, FEES, RECORDS, SENSORS, DUTY, EVIDENCE, HISTORY = range(9)


class DetailPane(QWidget):
    """``show_key`` reads and shows the instrument behind a key of the list; None shows what to do."""

    editing = Signal(object)  # Instrument
    joining = Signal(object)
    filing = Signal(object)
    closing = Signal(object, object)  # Instrument, NationalClosed | None
    reclassifying = Signal(list)
    deciding = Signal(str, object)
    transferring = Signal(str, object)  # kind, Instrument
    transfer_step = Signal(str, object)  # step, Listed
    candidates = Signal()
    sensor_step = Signal(str, object)  # step, Drawn
    sensor_sets = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.key: int | None = None
        self.view: InstrumentView | None = None
        self._sought = False
        self.heading = label(role="section")
        self.line = label(tone="muted")
        self.duty_line = FindingLabel()
        self.edit = self._button(tr("修改…"), "edit", self.editing)
        self.why = QPushButton(tr("为什么？"))
        self.why.setProperty("role", "link")
        theme.dress(self.why, "why", "accent")
        self.why.clicked.connect(self.explain)
        self.duty = DutyView()
        self.duty.joining.connect(self.joining)
        self.duty.filing.connect(self.filing)
        self.duty.closing.connect(self.closing)
        self.published = PublishedView()
        self.published.why.connect(self.desk.explain)
        self.secrecy = SecrecyView()
        self.secrecy.preparing.connect(lambda one: self.reclassifying.emit([one]))
        self.secrecy.deciding.connect(self.deciding)
        self.transfer = TransferView(desk)
        self.transfer.preparing.connect(self.transferring)
        self.transfer.stepping.connect(self.transfer_step)
        self.transfer.listing.connect(self.candidates)
        self.transfer.shown.connect(self._found)
        self.sensors = SensorView(desk)
        self.sensors.stepping.connect(self.sensor_step)
        self.sensors.listing.connect(self.sensor_sets)
        self.basic, self.owned, self.shared, self.fees = FactList(), FactList(), FactList(), FactList()
        self.records, self.history = FactList(), FactList()
        self.evidence = AttachmentsView(desk)
        self.evidence.counted.connect(self._count)
        self.line_of_time = RecordTimeline(single=True)
        self.line_of_time.opened.connect(self._open_record)
        self.not_drawn = label("", tone="muted")
        self.all_fees = self._link(tr("打开收费标准"), lambda: self._go("fees"))
        self.all_records = self._link(tr("打开全部服务记录"), lambda: self._go("records"))
        self.tabs = QTabWidget()
        self.tabs.setUsesScrollButtons(True)
        for title, widget in (
            (tr("基本"), self.basic),
            (say("instrument_duty.tab.owned"), self.owned),
            (tr("共享"), self.shared),
            (tr("收费"), self._under(self.fees, self.all_fees)),
            (tr("记录"), self._under(self.records, self.all_records, self.line_of_time, self.not_drawn)),
            (tr("传感器"), self.sensors),
            (say("instrument_duty.tab.duty"), self._above(self.duty, self.published, self.secrecy, self.transfer)),
            (tr("附件"), self.evidence),
            (tr("历史"), self.history),
        ):
            self.tabs.addTab(scrolled(widget), title)
        hint = Empty(tr("选一台仪器看详情"), tr("事实、收费、服务记录、入网义务和它的来历、改动历史都在这里。"), "instrument")
        self._stack = QStackedWidget()
        self._stack.addWidget(EmptyView(hint))
        self._stack.addWidget(self._arranged())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def turn_to(self, part: str) -> None:
        """Show the part ``transfer`` of the instrument at hand, or of the next one; any other word changes nothing."""
        if part == "transfer":
            self.tabs.setCurrentIndex(DUTY)
            self._sought = True
            QTimer.singleShot(0, self, self._come_to_transfer)

    def _found(self) -> None:
        if self._sought:
            self._sought = False
            QTimer.singleShot(0, self, self._come_to_transfer)

    def _come_to_transfer(self) -> None:
        # It stands below the duties; only once it is laid out can it be brought into sight.
        area = self.tabs.widget(DUTY)
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(self.transfer)

    # Building

    def _button(self, text: str, icon: str, signal: Any) -> QPushButton:
        made = QPushButton(text)
        theme.dress(made, icon)
        made.clicked.connect(lambda: signal.emit(self.view.instrument) if self.view else None)
        return made

    def _link(self, text: str, act: Any) -> QPushButton:
        made = QPushButton(text)
        made.setProperty("role", "link")
        theme.dress(made, "right", "accent")
        made.clicked.connect(act)
        return made

    @staticmethod
    def _under(facts: FactList, link: QPushButton, *above: QWidget) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * theme.UNIT)
        for widget in above:
            column.addWidget(widget)
        column.addWidget(facts)
        column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return made

    @staticmethod
    def _above(*parts: QWidget) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        return made

    def _arranged(self) -> QWidget:
        made = QWidget()
        head = QGridLayout()
        head.setContentsMargins(2 * theme.UNIT, theme.UNIT, theme.UNIT, theme.UNIT)
        head.setVerticalSpacing(theme.UNIT // 2)
        head.addWidget(self.heading, 0, 0)
        head.addWidget(self.edit, 0, 1, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.line, 1, 0, 1, 2)
        head.addWidget(self.duty_line, 2, 0)
        head.addWidget(self.why, 2, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        head.setColumnStretch(0, 1)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.tabs, 1)
        return made

    def _count(self, n: int) -> None:
        self.tabs.setTabText(EVIDENCE, counted(n))

    # Showing

    def show_key(self, key: int | None) -> None:
        """Read the instrument and show it."""
        self.key = key
        if key is None:
            self.view = None
            self._stack.setCurrentIndex(0)
            return
        workspace, on, period = self.desk.workspace, self.desk.today(), self.desk.period
        self.desk.jobs.read(
            lambda progress: instrument_view.see(workspace, key, on, period),
            self.show_view,
            failed=self._gone,
            owner=self,
            key="detail",
        )

    def again(self) -> None:
        """Read what is shown once more."""
        self.show_key(self.key)

    def explain(self) -> None:
        """Why the duty is what it is."""
        if self.view is not None and self.view.figure is not None:
            self.desk.explain(self.view.figure)

    def show_view(self, view: InstrumentView) -> None:
        """Draw it."""
        self.view = view
        one = view.instrument
        self.heading.setText(texts.visible(one.name))
        self.line.setText(" · ".join(texts.visible(part) for part in (one.asset_number, one.model, one.department) if part))
        self.duty_line.show_spoken(duty_words(view))
        self.why.setVisible(view.figure is not None)
        self.basic.show_facts(facts.basic(view))
        self.owned.show_facts(facts.owned(one))
        self.shared.show_facts(facts.shared(view, self.desk.period.name))
        self.fees.show_facts(facts.fees(view))
        self.records.show_facts(facts.records(view))
        self._show_times(one)
        self.history.show_facts(facts.history(view))
        self.duty.show_view(view)
        self.published.show_view(view)
        self.secrecy.show_view(view)
        self.transfer.show_view(view)
        self.sensors.show_view(view)
        self.evidence.show_subject("instrument", one.id)
        self._stack.setCurrentIndex(1)

    def _show_times(self, one: Instrument) -> None:
        workspace, period = self.desk.workspace, self.desk.period

        def read(progress: Progress) -> tuple[list[Span], Stretches]:
            return record_timeline.of_instrument(workspace, one.id, period), sensor_picture.stretches(workspace, [one.asset_number], period)

        def show(found: tuple[list[Span], Stretches]) -> None:
            spans, seen = found
            self.line_of_time.setVisible(bool(spans))
            self.line_of_time.show_spans(period, spans, seen.seen)
            self.not_drawn.setText(left_words(seen).strip())
            self.not_drawn.setVisible(bool(spans and seen.n_left))
            self.line_of_time.setFixedHeight(self.line_of_time.sizeHint().height())

        self.desk.jobs.read(read, show, owner=self, key="times")

    def _open_record(self, key: int) -> None:
        span = self.line_of_time.current()
        if span is not None:
            self.desk.go("records", number=span.number)

    def _gone(self, problem: Problem) -> None:
        self.show_key(None)

    def _go(self, page: str) -> None:
        if self.view is not None:
            one = self.view.instrument
            self.desk.go(page, instrument=one.id, asset_number=one.asset_number)
