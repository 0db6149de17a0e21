"""The fees of one instrument beside the list: its versions on a line of time, prices in words, cost against price, a trial."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from desktop import words
from desktop.actions import fee_building, fees, rules_in_force, yearly_balance
from desktop.actions.fee_words import CELLS, cell_words, published
from desktop.actions.fees import Version
from desktop.ledger.fees import FeeLine
from desktop.ui import texts, theme
from desktop.ui.attachments_view import AttachmentsView, counted
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty, EmptyView
from desktop.ui.fact_list import FactList
from desktop.ui.flow import FlowLayout
from desktop.ui.forms import FindingLabel, scrolled
from desktop.ui.labels import label
from desktop.ui.pages.fees_gauge import Gauge
from desktop.ui.pages.fees_reprice import RepriceView
from desktop.ui.pages.fees_steps import FeeSteps
from desktop.ui.pages.fees_timeline import Timeline, span_words
from desktop.ui.pages.fees_trial import TrialView
from desktop.ui.texts import Spoken
from desktop.words import tr

LINES, COSTS, TRIAL, REPRICE, EVIDENCE = range(5)
_SAID = 3


def _link(text: str) -> QPushButton:
    made = QPushButton(text)
    made.setProperty("role", "link")
    theme.dress(made, "why", "accent")
    return made


class FeesDetail(QWidget):
    """``show_instrument`` reads its versions; ``building`` asks for the builder."""

    building = Signal(object)  # Version

    def __init__(self, desk: Desk, steps: FeeSteps, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.steps = steps
        self.asset_number = ""
        self.versions: list[Version] = []
        self.at = -1
        self.heading = label("", role="section")
        self.line = label("", tone="muted")
        self.timeline = Timeline(desk.today())
        self.timeline.chosen.connect(self._show_version)
        self.buttons = {
            name: QPushButton(text)
            for name, text in (
                ("begin", tr("新建版本…")),
                ("build", tr("编辑…")),
                ("approve", tr("审批…")),
                ("publish", tr("标为已公布…")),
                ("drop", tr("删除草稿")),
            )
        }
        self.lines = FactList()
        self.confirms = QWidget()
        self._confirm_row = FlowLayout(self.confirms)
        self.against = [FindingLabel() for _ in range(_SAID)]
        self.gauge = Gauge(desk)
        self.parts = FactList()
        self.balance = _link(tr("全年收支：为什么？"))
        self.whole = _link(tr("全单位收支：为什么？"))
        self.trial = TrialView(desk)
        self.reprice = RepriceView(desk)
        self.evidence = AttachmentsView(desk)
        self.evidence.counted.connect(self._count)
        self.tabs = QTabWidget()
        for title, widget in (
            (tr("价目"), self._lines_tab()),
            (tr("成本与价格"), self._cost_tab()),
            (tr("试算"), self.trial),
            (tr("重算"), self.reprice),
            (tr("附件"), self.evidence),
        ):
            self.tabs.addTab(scrolled(widget), title)
        self._stack = QStackedWidget()
        hint = tr("版本、价目、成本和试算都在这里。价格从批准之日起固定，改价要另建一版。")
        self._stack.addWidget(EmptyView(Empty(tr("选一个收费项目看它的仪器"), hint, "fee")))
        self._stack.addWidget(self._arranged())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._connect()

    # Building

    def _arranged(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(2 * theme.UNIT, theme.UNIT, theme.UNIT, 0)
        column.setSpacing(theme.UNIT)
        bar = QWidget()
        row = FlowLayout(bar)
        for button in self.buttons.values():
            row.addWidget(button)
        for widget in (self.heading, self.timeline, self.line, bar):
            column.addWidget(widget)
        column.addWidget(self.tabs, 1)
        return made

    def _lines_tab(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.confirms)
        for said in self.against:
            column.addWidget(said)
        column.addWidget(self.lines, 1)
        return made

    def _cost_tab(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * theme.UNIT)
        year = QWidget()
        row = FlowLayout(year)
        row.addWidget(self.balance)
        row.addWidget(self.whole)
        column.addWidget(self.gauge)
        column.addWidget(year)
        column.addWidget(self.parts, 1)
        return made

    def _connect(self) -> None:
        acts = {
            "begin": lambda: self.steps.begin(self.asset_number, fee_building.in_force(self.versions, self.desk.today())),
            "build": lambda: self._with(self.building.emit),
            "approve": lambda: self._with(self.steps.approve),
            "publish": lambda: self._with(self.steps.publish),
            "drop": lambda: self._with(self.steps.drop),
        }
        for name, act in acts.items():
            self.buttons[name].clicked.connect(lambda checked=False, act=act: act())
        self.balance.clicked.connect(lambda: self._explain_year(self.asset_number))
        self.whole.clicked.connect(lambda: self._explain_year(yearly_balance.WHOLE_KEY))

    def _explain_year(self, key: str) -> None:
        """Why the income of the year at hand is within its cost or above it, of this set or of all."""
        desk, workspace, year = self.desk, self.desk.workspace, str(self.desk.period.start.year)
        desk.jobs.read(lambda progress: yearly_balance.explain(workspace, key, year), desk.explain, owner=self, key="explain.balance")

    def _with(self, act: object) -> None:
        version = self.version()
        if version is not None and callable(act):
            act(version)

    def _count(self, n: int) -> None:
        self.tabs.setTabText(EVIDENCE, counted(n))

    # Showing

    def version(self) -> Version | None:
        """The version at hand."""
        return self.versions[self.at] if 0 <= self.at < len(self.versions) else None

    def show_instrument(self, asset_number: str, schedule_id: str = "") -> None:
        """Read an instrument's versions; the one named, else the one in force, else the newest is shown. "" shows the hint."""
        self.asset_number = asset_number
        if not asset_number:
            self._stack.setCurrentIndex(0)
            return
        workspace = self.desk.workspace
        self.desk.jobs.read(
            lambda progress: fees.versions(workspace, asset_number),
            lambda versions: self._shown(versions, schedule_id),
            failed=lambda problem: self.show_instrument(""),
            owner=self,
            key="versions",
        )

    def again(self) -> None:
        """The same instrument and version, read anew."""
        version = self.version()
        self.show_instrument(self.asset_number, version.schedule.id if version else "")

    def _shown(self, versions: Sequence[Version], schedule_id: str) -> None:
        self.versions = list(versions)
        present = fee_building.in_force(self.versions, self.desk.today())
        keys = [one.schedule.id for one in self.versions]
        wanted = schedule_id if schedule_id in keys else present.schedule.id if present else ""
        self._stack.setCurrentIndex(1)
        self._show_version(keys.index(wanted) if wanted else len(keys) - 1)

    def _show_version(self, place: int) -> None:
        self.at = place
        version = self.version()
        self.timeline.show_versions(self.versions, place)
        self._show_buttons(version)
        if version is None:
            self.heading.setText(self.asset_number)
            self.line.setText(tr("还没有收费标准。新建一版，经另一人审批后才能计价。"))
            self.tabs.hide()
            return
        self.tabs.show()
        schedule = version.schedule
        self.heading.setText(texts.visible(f"{version.instrument.asset_number} {version.instrument.name}"))
        parts = [texts.state(schedule.state, "fee.state").text, span_words(version), schedule.title, schedule.document]
        if version.used:
            parts.append(tr("已用来计价"))
        self.line.setText(texts.visible(" · ".join(part for part in parts if part)))
        self._show_lines(version)
        self.gauge.show_live(fee_building.live(version.components, version.lines, rules_in_force.of(self.desk.workspace)))
        self.parts.show_facts(_parts(version))
        self.trial.show_version(version)
        self.reprice.show_version(version)
        self.evidence.show_subject("fee_schedule", schedule.id)

    def _show_buttons(self, version: Version | None) -> None:
        state = version.schedule.state if version else ""
        self.buttons["build"].setVisible(version is not None)
        self.buttons["build"].setText(tr("编辑…") if state == "draft" else tr("补成本构成…"))
        self.buttons["approve"].setVisible(state == "draft")
        self.buttons["drop"].setVisible(state == "draft")
        self.buttons["publish"].setVisible(state == "approved")

    def _show_lines(self, version: Version) -> None:
        while (item := self._confirm_row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for line in version.lines:
            if line.to_confirm:
                button = QPushButton(tr("确认“{item}”怎样计价…", item=line.item))
                button.clicked.connect(lambda checked=False, line=line: self.steps.settle(line))
                self._confirm_row.addWidget(button)
        self.confirms.setVisible(any(line.to_confirm for line in version.lines))
        found = fees.findings_of(version) if version.schedule.state == "draft" else ()
        for place, said in enumerate(self.against):
            said.show_spoken(texts.finding(found[place]) if place < len(found) else None)
        facts: list[tuple[str, str | Spoken]] = []
        for line in version.lines:
            facts.append((line.item, _told(line)))
        self.lines.show_facts(facts)


def _told(line: FeeLine) -> Spoken:
    """A line's terms in words, a cell a line; its published text when nobody has said what it means."""
    if line.to_confirm:
        return Spoken(tr("待确认：{text}", text=published(line.source_text)), "warning")
    told = fee_building.told(line)
    return Spoken(
        "\n".join(
            tr("{name}：{value}", name=cell_words(name), value=told[name]) if name != "note" else told[name]
            for name in CELLS
            if told.get(name)
        )
    )


def _parts(version: Version) -> list[tuple[str, str | Spoken]]:
    facts: list[tuple[str, str | Spoken]] = []
    for part in version.components:
        value = texts.money(part.amount_fen) if part.rate is None else texts.percent(part.rate)
        facts.append((words.say(f"fee.{part.kind}"), f"{value} · {part.evidence}" if part.evidence else value))
    return facts
