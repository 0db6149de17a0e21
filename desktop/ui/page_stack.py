"""The pages in the middle of the window: made when first shown, told of changes, sent to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.ui.fitted_stack import FittedStack

if TYPE_CHECKING:
    from desktop.ledger.changes import Changes
    from desktop.rules.figure import Rows
    from desktop.ui.desk import Desk, Place
    from desktop.ui.page import Page
    from desktop.ui.pages import PageEntry


class PageStack(FittedStack):
    """Pages by key. Only those that were shown exist."""

    def __init__(self, desk: Desk, entries: Sequence[PageEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._entries = {entry.key: entry for entry in entries}
        self.made: dict[str, Page] = {}
        self.current = ""

    def knows(self, key: str) -> bool:
        """Whether there is such a page."""
        return key in self._entries

    def page(self, key: str) -> Page:
        """The page, made now if this is its first time. Raises KeyError for a key that is not in the registry."""
        if key not in self.made:
            page = self._entries[key].make(self._desk)
            self.made[key] = page
            self.addWidget(page)
        return self.made[key]

    def open(self, key: str) -> Page:
        """Show it."""
        page = self.page(key)
        self.current = key
        self.setCurrentWidget(page)
        return page

    def go(self, place: Place) -> Page:
        """Show a page and tell it what was asked for."""
        page = self.open(place.page)
        if place.where:
            page.arrive(dict(place.where))
        return page

    def home_of(self, rows: Rows) -> str | None:
        """The key of the page that shows rows of this kind."""
        return next((key for key, entry in self._entries.items() if rows.kind in entry.opens), None)

    def hear(self, changes: Changes) -> None:
        """Tell every page."""
        for page in self.made.values():
            page.hear(changes)

    def follow_period(self) -> None:
        """Tell every page that the period is another one."""
        for page in self.made.values():
            page.follow_period()

    def unsaved(self) -> list[str]:
        """What would be lost, in words."""
        return [words for page in self.made.values() if (words := page.unsaved())]

    def leave(self) -> None:
        """The window goes."""
        for page in self.made.values():
            page.leave()
