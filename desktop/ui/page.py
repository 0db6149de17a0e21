"""A page: what the window shows for one entry of the rail. Pages own themselves and see nothing but the desk.

    class InstrumentsPage(Page):
        kinds = frozenset({"instrument", "duty"})          # tables whose changes it shows

        def __init__(self, desk: Desk) -> None:
            super().__init__(desk, tr("仪器"))
            self.add = self.head.button(tr("添加仪器"), "add", self.add_instrument, primary=True, shortcut="Ctrl+N")
            self.body.addWidget(self.table)

        def refresh(self) -> None:                          # read everything shown, on desk.jobs
            self.table.refresh()

        def arrive(self, where: Mapping[str, str]) -> None:   # sent here by a card, a search hit, another page
            self.table.filter_by(where)

Life: made when first shown → ``refresh`` → after each operation whose kinds it shows, and when the period changes, ``changed``
(default: ``refresh``); a hidden page is only marked and re-reads when next shown → ``leave`` when the window goes.
Everything read or written carries ``owner=self``, so that answers for a page that is gone are dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from desktop.ui import texts, theme
from desktop.ui.flow import HeadLayout
from desktop.ui.keys import press
from desktop.ui.labels import Elided

if TYPE_CHECKING:
    from desktop.ledger.changes import Changes
    from desktop.rules.figure import Rows
    from desktop.ui.desk import Desk


class PageHead(QWidget):
    """Title, one muted line, and the page's actions at the right."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel(title)
        self.title.setProperty("role", "title")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.line = Elided()
        self.line.setProperty("tone", "muted")
        self._row = HeadLayout(self)
        self._row.addWidget(self.title)
        self._row.addWidget(self.line)

    def button(
        self, text: str, icon: str, act: Callable[[], object], *, primary: bool = False, shortcut: str = "", tip: str = ""
    ) -> QPushButton:
        """An action of the page."""
        made = QPushButton(text)
        theme.dress(made, icon, "on_accent" if primary else "muted")
        if primary:
            made.setProperty("role", "primary")
        told = " · ".join(part for part in (tip, press(made, shortcut)) if part)
        if told:
            made.setToolTip(texts.tip(told))
        made.clicked.connect(lambda: act())
        self._row.addWidget(made)
        return made

    def add(self, widget: QWidget) -> None:
        """Anything else at the right (a chooser, a search field)."""
        self._row.addWidget(widget)


class Page(QWidget):
    """See the module's head. ``follows_period`` False: the page does not care which period is chosen."""

    kinds: ClassVar[frozenset[str]] = frozenset()
    follows_period: ClassVar[bool] = True

    def __init__(self, desk: Desk, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.stale = True
        self.setAccessibleName(title)
        self.head = PageHead(title)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.UNIT)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(2 * theme.UNIT, theme.UNIT, 2 * theme.UNIT, theme.UNIT)
        whole.setSpacing(theme.UNIT)
        whole.addWidget(self.head)
        whole.addLayout(self.body, 1)

    # What a page says about itself

    def refresh(self) -> None:
        """Read everything shown. Never waits: reads go to ``desk.jobs``."""

    def changed(self, changes: Changes) -> None:
        """An operation changed kinds this page shows (it is visible)."""
        self.refresh()

    def arrive(self, where: Mapping[str, str]) -> None:
        """Somebody was sent here: apply the filters, or show the row of ``where["key"]``."""

    def arrive_rows(self, rows: Rows) -> None:
        """Show the rows behind a figure; the registry's ``opens`` says which kinds come here."""

    def unsaved(self) -> str:
        """What would be lost if the window went now, in words; empty when nothing."""
        return ""

    def leave(self) -> None:
        """The window goes. The page stops its reads."""
        self.desk.jobs.drop(self)

    # What the window says to a page

    def hear(self, changes: Changes) -> None:
        """Changes reach a visible page at once and a hidden one when it is next shown."""
        if not self.kinds & changes.kinds:
            return
        if self.isVisible():
            self.changed(changes)
        else:
            self.stale = True

    def follow_period(self) -> None:
        """The period is another one."""
        if not self.follows_period:
            return
        if self.isVisible():
            self.refresh()
        else:
            self.stale = True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.stale:
            self.stale = False
            self.refresh()


def split(name: str, preferences: MutableMapping[str, object], left: QWidget, right: QWidget, *, share: float = 0.6) -> QSplitter:
    """Two parts side by side with a border that can be moved and is remembered (``split.<name>``)."""
    made = QSplitter(Qt.Orientation.Horizontal)
    made.setChildrenCollapsible(False)
    made.setHandleWidth(2 * theme.UNIT)
    made.addWidget(left)
    made.addWidget(right)
    kept = preferences.get(f"split.{name}")
    if isinstance(kept, list) and len(kept) == 2 and all(isinstance(n, int) and n > 0 for n in kept):
        made.setSizes(kept)
    else:
        made.setSizes([round(1000 * share), round(1000 * (1 - share))])
    made.setStretchFactor(0, round(100 * share))
    made.setStretchFactor(1, round(100 * (1 - share)))

    def moved() -> None:
        preferences[f"split.{name}"] = made.sizes()

    made.splitterMoved.connect(moved)
    return made
