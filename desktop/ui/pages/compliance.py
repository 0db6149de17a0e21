"""合规: duties by urgency, problems of records by kind, the calendars that deadlines hang on, the check of the ledger
itself, the duplicate review of purchases, the self-checks of integrity with their answers, the management documents,
what is sent to the national platform, the yearly tables of a university, and what it reports to the universities' sharing system.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from PySide6.QtWidgets import QTabWidget

from desktop.actions import instrument_list
from desktop.ledger.changes import Changes
from desktop.ledger.duty import DUTY_STATES
from desktop.rules.figure import Rows
from desktop.ui.desk import Desk
from desktop.ui.page import Page
from desktop.ui.pages.compliance_calendars import CalendarsView
from desktop.ui.pages.compliance_cers import CersView
from desktop.ui.pages.compliance_duties import DutiesView
from desktop.ui.pages.compliance_integrity import IntegrityView
from desktop.ui.pages.compliance_management import ManagementView
from desktop.ui.pages.compliance_national import NationalView
from desktop.ui.pages.compliance_problems import ProblemsView
from desktop.ui.pages.compliance_purchases import PurchasesView
from desktop.ui.pages.compliance_university import UniversityView
from desktop.ui.pages.compliance_verify import VerifyView
from desktop.words import tr

DUTIES, PROBLEMS, CALENDARS, VERIFY, PURCHASES, INTEGRITY, MANAGEMENT, NATIONAL, UNIVERSITY, CERS = range(10)
_TABS = {
    "duties": DUTIES, "problems": PROBLEMS, "calendars": CALENDARS, "verify": VERIFY, "purchases": PURCHASES, "integrity": INTEGRITY,
    "management": MANAGEMENT, "national": NATIONAL, "university": UNIVERSITY, "cers": CERS,
}  # fmt: skip
_OF_INTEGRITY = frozenset(
    {
        "integrity_answer", "attachment", "posting", "instrument", "fee_schedule", "fee_line", "customer", "parameter", "sync", "sensor_binding",
        "sensor_session",
    }
)  # fmt: skip


class CompliancePage(Page):
    """See the module's head. Everything stands as of today, whatever the period."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {
            "instrument", "calendar_day", "parameter", "service_record", "record_problem", "posting", "sync", "purchase_proposal",
            "purchase_review", "purchase_national", "integrity_answer", "sensor_binding", "sensor_session", "attachment", "fee_schedule",
            "fee_line", "customer", "management_document", "national_message", "university_set", "university_count", "national_removal", "receipt",
            "cers_set", "national_closed", "national_audit",
        }
    )  # fmt: skip
    follows_period: ClassVar[bool] = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("合规"))
        self.head.line.setText(tr("截至 {day}", day=desk.today().isoformat()))
        self.duties = DutiesView(desk, self)
        self.problems = ProblemsView(desk)
        self.calendars = CalendarsView(desk)
        self.verification = VerifyView(desk)
        self.purchases = PurchasesView(desk)
        self.integrity = IntegrityView(desk)
        self.management = ManagementView(desk)
        self.national = NationalView(desk)
        self.university = UniversityView(desk)
        self.cers = CersView(desk)
        for kept in (self.university.kept, self.cers.kept):  # the school's code is no fact of the ledger: nobody else tells of it
            kept.connect(self.university.refresh)
            kept.connect(self.cers.refresh)
        self.tabs = QTabWidget()
        for title, view in (
            (tr("入网与报备"), self.duties),
            (tr("记录问题"), self.problems),
            (tr("放假安排"), self.calendars),
            (tr("校验"), self.verification),
            (tr("查重评议"), self.purchases),
            (tr("诚信自查"), self.integrity),
            (tr("管理制度"), self.management),
            (tr("国家平台"), self.national),
            (tr("高校年报"), self.university),
            (tr("高校共享系统"), self.cers),
        ):
            self.tabs.addTab(view, title)
        self.body.addWidget(self.tabs)

    def refresh(self) -> None:
        for view in (
            self.duties, self.problems, self.calendars, self.purchases, self.integrity, self.management, self.national, self.university, self.cers,
        ):  # fmt: skip
            view.refresh()

    def changed(self, changes: Changes) -> None:
        if changes.kinds & {"instrument", "calendar_day", "parameter", "sync", "national_closed"}:
            self.duties.refresh()
            self.calendars.refresh()
        if changes.kinds & {"service_record", "record_problem", "posting", "instrument"}:
            self.problems.refresh()
        if changes.kinds & {"purchase_proposal", "purchase_review", "purchase_national", "instrument", "posting", "parameter", "sync"}:
            self.purchases.refresh()
        if changes.kinds & _OF_INTEGRITY:
            self.integrity.refresh()
        if changes.kinds & {"management_document", "parameter", "sync"}:
            self.management.refresh()
        if changes.kinds & {"national_message", "national_audit"}:
            self.national.refresh()
        elif changes.kinds & {"national_removal", "instrument", "service_record", "posting", "receipt", "calendar_day", "parameter", "sync"}:
            self.national.due.refresh()
            self.national.audit.refresh()
        if changes.kinds & {"university_set", "university_count", "cers_set", "instrument", "posting", "parameter", "sync"}:
            self.university.refresh()
        if changes.kinds & {"cers_set", "instrument", "sync"}:
            self.cers.refresh()

    def arrive(self, where: Mapping[str, str]) -> None:
        state = where.get("state", "")
        if state in DUTY_STATES:
            self.tabs.setCurrentIndex(DUTIES)
            self.duties.choose(state)
        elif where.get("tab") in _TABS:
            self.tabs.setCurrentIndex(_TABS[where["tab"]])
            if where["tab"] == "purchases" and where.get("number"):
                self.purchases.want(where["number"])
        elif where.get("key"):
            self._show_duties([where["key"]])

    def arrive_rows(self, rows: Rows) -> None:
        if rows.kind == "record_problem":
            self.tabs.setCurrentIndex(PROBLEMS)
        else:
            self._show_duties([*rows.keys, *(value for _, value in rows.where)])

    def _show_duties(self, named: list[str]) -> None:
        self.tabs.setCurrentIndex(DUTIES)
        self.duties.choose("")
        self.duties.table.select(list(instrument_list.rowids(self.desk.workspace, named)))
