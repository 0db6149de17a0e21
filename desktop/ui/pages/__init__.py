"""The registry of pages, in the order of the rail. A page's module is imported when it is first shown.

``title`` is the Chinese source string, translated where it is shown; ``factory`` is ``module:callable``, called with the desk;
``opens`` names the kinds of rows (Figure.rows.kind) that the page shows when somebody asks for the rows behind a figure.
The first nine answer to Ctrl+1 … Ctrl+9.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.ui.desk import Desk
    from desktop.ui.page import Page


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One line of the rail; ``at_bottom`` sets it apart from the work."""

    key: str
    title: str
    icon: str
    factory: str
    opens: tuple[str, ...] = ()
    at_bottom: bool = False

    def make(self, desk: Desk) -> Page:
        """Import the module and build the page."""
        module, _, name = self.factory.partition(":")
        build: Callable[[Desk], Page] = getattr(import_module(module), name)
        return build(desk)


PAGES: tuple[PageEntry, ...] = (
    PageEntry("overview", "总览", "overview", "desktop.ui.pages.overview:OverviewPage"),
    PageEntry("instruments", "仪器", "instrument", "desktop.ui.pages.instruments:InstrumentsPage", ("instrument",)),
    PageEntry("fees", "收费", "fee", "desktop.ui.pages.fees:FeesPage", ("fee_schedule", "fee_line", "fee_component")),
    PageEntry("records", "服务记录", "record", "desktop.ui.pages.records:RecordsPage", ("service_record", "receipt")),
    PageEntry("payouts", "分配", "payout", "desktop.ui.pages.payouts:PayoutsPage", ("payout_run", "payout_line", "cost_row")),
    PageEntry("compliance", "合规", "duty", "desktop.ui.pages.compliance:CompliancePage", ("duty", "problem")),
    PageEntry("reports", "报表", "report", "desktop.ui.pages.reports:ReportsPage"),
    PageEntry("sync", "同步", "sync", "desktop.ui.pages.sync:SyncPage", ("outbox", "conflict")),
    PageEntry("settings", "设置", "settings", "desktop.ui.pages.settings:SettingsPage", at_bottom=True),
)
FIRST_START = "desktop.ui.pages.first_start:FirstStartPage"
