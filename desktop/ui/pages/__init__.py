"""The registry of pages, in the order of the rail. A page's module is imported when it is first shown.

A page's title are the words of ``page.<key>``; ``factory`` is ``module:callable``, called with the desk;
``opens`` names the kinds of rows (Figure.rows.kind) that the page shows when somebody asks for the rows behind a figure;
``commands`` and ``finds`` (``module:function`` of the desk and a text) are what Ctrl+K offers to do there and finds there.
The first nine answer to Ctrl+1 … Ctrl+9, the one at the bottom (settings) to Ctrl+comma as elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from desktop import words
from desktop.ui.pages import commands as offered
from desktop.ui.pages.commands import PageCommand

if TYPE_CHECKING:
    from desktop.ui.desk import Desk
    from desktop.ui.page import Page


class PageEntry(NamedTuple):
    """One line of the rail; ``at_bottom`` sets it apart from the work."""

    key: str
    icon: str
    factory: str
    opens: tuple[str, ...] = ()
    at_bottom: bool = False
    commands: tuple[PageCommand, ...] = ()
    finds: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What the rail calls it, in the language in use: ``page.<key>``."""
        return words.say(f"page.{self.key}")

    def make(self, desk: Desk) -> Page:
        """Import the module and build the page."""
        module, _, name = self.factory.partition(":")
        build: Callable[[Desk], Page] = getattr(import_module(module), name)
        return build(desk)


_FINDERS = "desktop.ui.finders:"
PAGES: tuple[PageEntry, ...] = (
    PageEntry("overview", "overview", "desktop.ui.pages.overview:OverviewPage"),
    PageEntry(
        "instruments",
        "instrument",
        "desktop.ui.pages.instruments:InstrumentsPage",
        ("instrument",),
        commands=offered.INSTRUMENTS,
        finds=(_FINDERS + "instruments",),
    ),
    PageEntry(
        "pilot",
        "pilot",
        "desktop.ui.pages.pilot:PilotPage",
        ("pilot_base", "pilot_equipment", "pilot_service"),
        commands=offered.PILOT,
    ),
    PageEntry(
        "fees", "fee", "desktop.ui.pages.fees:FeesPage", ("fee_schedule", "fee_line", "cost_component"), commands=offered.FEES
    ),
    PageEntry(
        "records",
        "record",
        "desktop.ui.pages.records:RecordsPage",
        ("service_record", "posting", "receipt"),
        commands=offered.RECORDS,
        finds=(_FINDERS + "names", _FINDERS + "records"),
    ),
    PageEntry(
        "payouts",
        "payout",
        "desktop.ui.pages.payouts:PayoutsPage",
        ("payout_run", "payout_line", "payout_share", "payout_cost", "cost_row", "scheme"),
        commands=offered.PAYOUTS,
    ),
    PageEntry("vouchers", "voucher", "desktop.ui.pages.vouchers:VouchersPage", commands=offered.VOUCHERS),
    PageEntry(
        "compliance",
        "duty",
        "desktop.ui.pages.compliance:CompliancePage",
        ("duty", "record_problem"),
        commands=offered.COMPLIANCE,
    ),
    PageEntry("performance", "evaluation", "desktop.ui.pages.performance:PerformancePage", commands=offered.PERFORMANCE),
    PageEntry(
        "reports", "report", "desktop.ui.pages.reports:ReportsPage", ("printed_report",), commands=offered.REPORTS
    ),
    PageEntry(
        "sync",
        "sync",
        "desktop.ui.pages.sync:SyncPage",
        ("sync_batch", "sync_parked", "sync_conflict"),
        commands=offered.SYNC,
    ),
    PageEntry(
        "settings", "settings", "desktop.ui.pages.settings:SettingsPage", at_bottom=True, commands=offered.SETTINGS
    ),
)
FIRST_START = "desktop.ui.pages.first_start:FirstStartPage"
