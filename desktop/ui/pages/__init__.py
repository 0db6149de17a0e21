"""The registry of pages, in the order of the rail. A page's module is imported when it is first shown.

A page's title are the words of ``page.<key>``; ``factory`` is ``module:callable``, called with the desk;
``opens`` names the kinds of rows (Figure.rows.kind) that the page shows when somebody asks for the rows behind a figure.
The first nine answer to Ctrl+1 … Ctrl+9.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from desktop import words

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

    @property
    def title(self) -> str:
        """What the rail calls it, in the language in use: ``page.<key>``."""
        return words.say(f"page.{self.key}")

    def make(self, desk: Desk) -> Page:
        """Import the module and build the page."""
        module, _, name = self.factory.partition(":")
        build: Callable[[Desk], Page] = getattr(import_module(module), name)
        return build(desk)


PAGES: tuple[PageEntry, ...] = (
    PageEntry("overview", "overview", "desktop.ui.pages.overview:OverviewPage"),
    PageEntry("instruments", "instrument", "desktop.ui.pages.instruments:InstrumentsPage", ("instrument",)),
    PageEntry("fees", "fee", "desktop.ui.pages.fees:FeesPage", ("fee_schedule", "fee_line", "cost_component")),
    PageEntry("records", "record", "desktop.ui.pages.records:RecordsPage", ("service_record", "posting", "receipt")),
    PageEntry(
        "payouts",
        "payout",
        "desktop.ui.pages.payouts:PayoutsPage",
        ("payout_run", "payout_line", "payout_share", "payout_cost", "cost_row", "scheme"),
    ),
    PageEntry("compliance", "duty", "desktop.ui.pages.compliance:CompliancePage", ("duty", "record_problem")),
    PageEntry("reports", "report", "desktop.ui.pages.reports:ReportsPage", ("printed_report",)),
    PageEntry("sync", "sync", "desktop.ui.pages.sync:SyncPage", ("sync_batch", "sync_parked", "sync_conflict")),
    PageEntry("settings", "settings", "desktop.ui.pages.settings:SettingsPage", at_bottom=True),
)
FIRST_START = "desktop.ui.pages.first_start:FirstStartPage"
