"""One instrument beside the list: facts, ownership, sharing, fees, records, duty with its rule, and what was done to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from desktop import words
from desktop.actions import instrument_view
from desktop.actions.instrument_view import InstrumentView, Step
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Problem
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty, EmptyView
from desktop.ui.fact_list import FactList
from desktop.ui.forms import FindingLabel, scrolled
from desktop.ui.labels import label
from desktop.ui.pages.instruments_duty import DutyView, duty_words
from desktop.ui.texts import Spoken
from desktop.words import tr

Facts = list[tuple[str, str | Spoken]]
BASIC, OWNERSHIP, SHARING, FEES, RECORDS, DUTY, HISTORY = range(7)


class DetailPane(QWidget):
    """``show_key`` reads and shows the instrument behind a key of the list; None shows what to do."""

    editing = Signal(object)  # Instrument
    joining = Signal(object)
    filing = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.key: int | None = None
        self.view: InstrumentView | None = None
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
        self.basic, self.owned, self.shared, self.fees = FactList(), FactList(), FactList(), FactList()
        self.records, self.history = FactList(), FactList()
        self.all_fees = self._link(tr("打开收费标准"), lambda: self._go("fees"))
        self.all_records = self._link(tr("打开全部服务记录"), lambda: self._go("records"))
        self.tabs = QTabWidget()
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setDocumentMode(True)
        for title, widget in (
            (tr("基本"), self.basic),
            (tr("权属"), self.owned),
            (tr("共享"), self.shared),
            (tr("收费"), self._under(self.fees, self.all_fees)),
            (tr("记录"), self._under(self.records, self.all_records)),
            (tr("合规"), self.duty),
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
    def _under(facts: FactList, link: QPushButton) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * theme.UNIT)
        column.addWidget(facts)
        column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
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
        self.basic.show_facts(_basic(view))
        self.owned.show_facts(_owned(one))
        self.shared.show_facts(self._shared(view))
        self.fees.show_facts(_fees(view))
        self.records.show_facts(_records(view))
        self.history.show_facts(_history(view))
        self.duty.show_view(view)
        self._stack.setCurrentIndex(1)

    def _gone(self, problem: Problem) -> None:
        self.show_key(None)

    def _shared(self, view: InstrumentView) -> Facts:
        one, use = view.instrument, view.use
        return [
            (tr("入网编号"), one.network_number or Spoken(tr("没有"), "muted")),
            (tr("入网日期"), texts.day(one.joined_on) if one.joined_on else Spoken(tr("没有"), "muted")),
            (
                tr("{period} 服务", period=self.desk.period.name),
                tr("已记账 {n} 次，{time}", n=f"{use.n:,}", time=texts.minutes(use.minutes)),
            ),
            (tr("其中对外"), f"{texts.minutes(use.external_minutes)} · {texts.money(use.external_fen)}"),
            (tr("年运行机时（填报）"), _known(one.yearly_hours, "hours")),
            (tr("年对外机时（填报）"), _known(one.external_hours, "hours")),
            *_given((tr("服务内容"), one.service_content), (tr("用户须知"), one.user_notes), (tr("预约网址"), one.booking_url)),
        ]

    def _go(self, page: str) -> None:
        if self.view is not None:
            one = self.view.instrument
            self.desk.go(page, instrument=one.id, asset_number=one.asset_number)


def _known(value: object, unit: str = "") -> str | Spoken:
    said = texts.figure(value, unit)
    return said if value is not None else Spoken(said, "muted")


def _given(*facts: tuple[str, str]) -> Facts:
    return [(name, value) for name, value in facts if value]


def _basic(view: InstrumentView) -> Facts:
    one = view.instrument
    code = " · ".join(part for part in (one.class_code, view.class_name) if part)
    return [
        (tr("资产编号"), one.asset_number),
        (tr("原值"), _known(one.value_fen, "wan")),
        (tr("验收日期"), _known(one.accepted_on)),
        (tr("分类编码"), code or Spoken(texts.unknown(), "muted")),
        *_given(
            (tr("英文名称"), one.english_name),
            (tr("型号"), one.model),
            (tr("制造商"), one.manufacturer),
            (tr("国别"), one.country),
            (tr("类别"), one.category),
            (tr("学科"), one.subjects),
            (tr("技术指标"), one.technical),
            (tr("功能"), one.functions),
        ),
        (tr("建账日期"), _known(one.booked_on)),
    ]


def _owned(one: Instrument) -> Facts:
    place = "".join(part for part in (one.province, one.city, one.county, one.street) if part)
    customs = " · ".join(part for part in (one.declaration_number, one.declaration_item, one.declared_name) if part)
    facts: Facts = [
        (tr("部门"), one.department or Spoken(texts.unknown(), "muted")),
        (tr("财政资金"), _known(one.fiscal)),
        (tr("涉密"), Spoken(tr("是"), "warning") if one.confidential else _known(one.confidential)),
    ]
    facts += _given(
        (tr("来源"), one.source),
        (tr("经费来源"), one.funds),
        (tr("所属载体"), " ".join(part for part in (one.carrier_type, one.carrier_number) if part)),
        (tr("联系人"), one.contact),
        (tr("电话"), one.phone),
        (tr("邮箱"), one.email),
        (tr("安放地址"), place),
        (tr("通讯地址"), " ".join(part for part in (one.address, one.postcode) if part)),
        (tr("报关单"), customs),
    )
    facts.append((tr("海关监管"), _known(one.customs_supervised)))
    if one.released_on:
        facts.append((tr("海关放行"), texts.day(one.released_on)))
    if one.retired_on:
        facts.append((tr("退役日期"), texts.day(one.retired_on)))
    return facts


def _fees(view: InstrumentView) -> Facts:
    if not view.versions:
        return [(tr("收费标准"), Spoken(tr("还没有；没有收费标准就不能记账"), "warning"))]
    facts: Facts = []
    for version in reversed(view.versions):
        schedule = version.schedule
        until = texts.day(schedule.to_on) if schedule.to_on else tr("至今")
        state = texts.state(schedule.state, "fee.state") if words.known(f"fee.state.{schedule.state}") else Spoken("")
        facts.append(
            (f"{texts.day(schedule.from_on)} –", Spoken(" · ".join(part for part in (until, state.text) if part), state.tone))
        )
        facts += [(f"  {texts.visible(line.item)}", texts.visible(view.prices[line.id])) for line in version.lines]
    return facts


def _records(view: InstrumentView) -> Facts:
    if not view.records:
        return [(tr("服务记录"), Spoken(tr("还没有"), "muted"))]
    facts: Facts = []
    if view.use.n_drafts:
        facts.append((tr("未记账"), Spoken(tr("{n} 条", n=f"{view.use.n_drafts:,}"), "warning")))
    for one in view.records:
        state = texts.state(one.state, "record.state").text
        money = texts.money(one.fen) if one.fen is not None else ""
        told = (one.started_at.replace("T", " "), texts.minutes(one.minutes), texts.visible(one.customer), state, money)
        facts.append((one.number, " · ".join(part for part in told if part)))
    return facts


def _history(view: InstrumentView) -> Facts:
    facts: Facts = []
    for step in view.steps:
        at = texts.moment(datetime.fromisoformat(step.at))
        facts.append((at, "\n".join(_step_lines(step))))
    return facts


def _step_lines(step: Step) -> list[str]:
    code = "operation." + step.name.replace(" ", "_")
    lines = [f"{words.say(code, **step.params)} · {texts.visible(step.who)}"]
    if step.reason:
        lines.append(tr("理由：{reason}", reason=texts.visible(step.reason)))
    for name, (before, after) in step.changed.items():
        if name == "imported":
            continue
        said = words.say(f"instrument_field.{name}")
        lines.append(f"{said}：{_shown(name, before)} → {_shown(name, after)}")
    return lines


def _shown(name: str, value: Any) -> str:
    if value is None or value == "":
        return tr("空")
    if name == "value_fen":
        return texts.money(int(value))
    if name in ("fiscal", "confidential", "customs_supervised"):
        return tr("是") if value else tr("否")
    return texts.visible(str(value))
