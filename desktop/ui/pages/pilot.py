"""中试: pilot bases with their conditions and open state, equipment, the services of a year, and the papers. Measure clauses 6, 7 and 15."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtWidgets import QTabWidget

from desktop.actions import pilot_doubts, pilot_view
from desktop.actions.pilot_view import BaseSeen, Candidate, EquipmentSeen, Served
from desktop.actions.workspace import Workspace
from desktop.ui import texts
from desktop.ui.desk import Desk
from desktop.ui.labels import label
from desktop.ui.page import Page
from desktop.ui.pages.payout_parts import tab_button
from desktop.ui.pages.pilot_bases import BasesView
from desktop.ui.pages.pilot_equipment import EquipmentView
from desktop.ui.pages.pilot_services import ServicesView
from desktop.ui.pages.pilot_steps import PilotSteps
from desktop.words import tr

BASES, EQUIPMENT, SERVICES = range(3)
_TABS = {"bases": BASES, "equipment": EQUIPMENT, "services": SERVICES}


@dataclass(frozen=True, slots=True)
class Seen:
    """All the page shows."""

    bases: Sequence[BaseSeen]
    equipment: Sequence[EquipmentSeen]
    services: Sequence[Served]
    waiting: Sequence[Candidate]


def see(workspace: Workspace, year: int) -> Seen:
    """Read everything; the services are of a calendar year."""
    return Seen(
        pilot_view.bases(workspace), pilot_view.equipment(workspace), pilot_view.services(workspace, year), pilot_view.candidates(workspace, year)
    )


class PilotPage(Page):
    """See the module's head. The year of the services is that of the period."""

    kinds: ClassVar[frozenset[str]] = frozenset({
        "pilot_base", "pilot_partner", "pilot_equipment", "pilot_openness", "pilot_service", "instrument", "service_record", "posting", "receipt",
        "parameter", "institution", "attachment", "customer",
    })  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("中试"))
        self.steps = PilotSteps(desk, self)
        self.add_base = tab_button(tr("登记中试基地…"), "add", lambda: self.steps.base(), primary=True)
        self.add_equipment = tab_button(tr("登记中试设备…"), "add", self.new_equipment)
        self.catalogue = tab_button(tr("看目录…"), "report", self.show_catalogue)
        for button in (self.catalogue, self.add_equipment, self.add_base):
            self.head.add(button)
        self.bases = BasesView(desk, self.steps)
        self.equipment = EquipmentView(desk, self.steps, self.bases.numbers)
        self.services = ServicesView(desk, self.steps, self.bases.numbers)
        self.tabs = QTabWidget()
        for title, view in ((tr("中试基地"), self.bases), (tr("中试设备"), self.equipment), (tr("中试服务"), self.services)):
            self.tabs.addTab(view, title)
        self.doubts = label(tone="warning")
        self.doubts.hide()
        self.body.addWidget(self.doubts)
        self.body.addWidget(self.tabs)

    def refresh(self) -> None:
        """Read everything again."""
        workspace, year = self.desk.workspace, self.desk.period.start.year
        self.desk.jobs.read(lambda progress: see(workspace, year), self.show_seen, owner=self, key="pilot")

    def show_seen(self, found: Seen) -> None:
        """Draw what was read."""
        self.bases.show_bases(found.bases)
        self.equipment.show_equipment(found.equipment)
        self.services.show_year(self.desk.period.start.year, found.services, found.waiting)
        doubts = pilot_doubts.doubts(found.bases, found.equipment)
        self.doubts.setText("\n".join(texts.finding(one).text for one in doubts))
        self.doubts.setVisible(bool(doubts))
        said = [tr("{n} 个基地", n=len(found.bases)), tr("{n} 件设备", n=len(found.equipment))]
        n_open = sum(one.openness is not None and one.openness.state == "open" for one in found.bases)
        if found.bases:
            said.append(tr("{n} 个开放", n=n_open))
        self.head.line.setText(" · ".join(said))

    def arrive(self, where: Mapping[str, str]) -> None:
        tab = where.get("tab", "")
        if tab in _TABS:
            self.tabs.setCurrentIndex(_TABS[tab])

    def new_base(self) -> None:
        """Enter a base."""
        self.steps.base()

    def new_equipment(self) -> None:
        """Enter equipment, of the base at hand."""
        one = self.bases.chosen()
        self.steps.equipment(self.bases.numbers(), base=one.base.number if one else "")

    def show_catalogue(self) -> None:
        """The catalogue of all bases as it would be printed today."""
        self.steps.paper("pilot_catalogue", tr("中试目录"), None)
