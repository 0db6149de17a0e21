"""The desk: everything a page may use, and the only thing it is given. A page never sees the window.

    desk.workspace             the open ledger, for calling actions on a lane
    desk.jobs                  desk.jobs.read(...), desk.jobs.write(...)            (ui.jobs)
    desk.period                the Period all pages follow; ``period_changed`` tells
    desk.today()               the day at the desk, Asia/Shanghai
    desk.preferences           what the window remembers about itself (dotted names)
    desk.tell(level, text)     a notice; desk.trouble(problem) tells a Problem in its words
    desk.go("instruments", state="overdue")    another page, which gets these words in ``arrive``
    desk.open_rows(rows)       the rows behind a figure, on the page that shows their kind
    desk.explain(figure)       the "为什么?" panel
    desk.announce(changes)     pages that show these kinds re-read (jobs.write does it by itself)
    desk.use_language("en")    desk.use_look("dark")    desk.use_font_percent(120)    desk.reopen()      (settings, restore)
    desk.restyle(name, value)  language (zh, en), look (system, light, dark), percent of the font size

``Ledger`` is what the frame of the window asks of the open ledger; ``ui.open_ledger`` answers it from the actions.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from PySide6.QtCore import QObject, Signal

from desktop.ledger import period as periods
from desktop.ui import texts
from desktop.ui.notices import Level, Notice
from desktop.ui.preferences import text

if TYPE_CHECKING:
    from desktop.actions.progress import Progress
    from desktop.actions.workspace import Workspace
    from desktop.ledger.changes import Changes
    from desktop.ledger.period import Period
    from desktop.ledger.problem import Problem
    from desktop.rules.figure import Figure, Rows
    from desktop.ui.jobs import Jobs
    from desktop.ui.theme import Look
    from desktop.words import Language


class Place(NamedTuple):
    """A page and what to show there: filters, or ``key`` of one row."""

    page: str
    where: tuple[tuple[str, str], ...] = ()


class Hit(NamedTuple):
    """One result of "search everything": what it is called, what it is, where it leads."""

    title: str
    detail: str
    place: Place
    icon: str = "right"


class Standing(NamedTuple):
    """Where the ledger stands, for the frame of the window. Empty ``undo``/``redo``: nothing to take back.

    ``n_unsent`` None: this ledger is not enrolled with the network, ``n_unsent_hub`` None: not with the institution's hub. ``saved_at`` is UTC.
    """

    institution: str = ""
    undo: str = ""
    redo: str = ""
    n_unsent: int | None = None
    saved_at: datetime | None = None
    practice: bool = False
    n_unsent_hub: int | None = None


class Ledger(Protocol):
    """What the frame of the window asks. All three run on lanes."""

    def standing(self) -> Standing:
        """Where the ledger stands now: a small read."""

    def undo(self, progress: Progress) -> Changes:
        """Take the newest operation back."""

    def redo(self, progress: Progress) -> Changes:
        """Bring it back."""


class Desk(QObject):
    """See the module's head. Lives as long as the program; windows come and go with the language."""

    opened = Signal()
    period_changed = Signal(object)
    changed = Signal(object)
    told = Signal(object)
    going = Signal(object)
    opening_rows = Signal(object)
    explaining = Signal(object)
    restyling = Signal(str, object)
    replaced = Signal(object)
    language_wanted = Signal(str)
    look_wanted = Signal(str)
    font_wanted = Signal(int)
    reopen_wanted = Signal()

    def __init__(
        self, jobs: Jobs, preferences: MutableMapping[str, object], today: Callable[[], date], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.jobs = jobs
        self.preferences = preferences
        self.today = today
        self._workspace: Workspace | None = None
        self._ledger: Ledger | None = None
        self._period = self._first_period()
        jobs.wrote.connect(self.announce)
        jobs.troubled.connect(self.trouble)

    # The ledger

    @property
    def is_open(self) -> bool:
        """Whether a ledger is open."""
        return self._ledger is not None

    @property
    def workspace(self) -> Workspace:
        """The open ledger. Raises RuntimeError before it is open: pages are made only afterwards."""
        if self._workspace is None:
            raise RuntimeError("no ledger is open")
        return self._workspace

    @property
    def ledger(self) -> Ledger:
        """The frame's view of the open ledger. Raises RuntimeError before it is open."""
        if self._ledger is None:
            raise RuntimeError("no ledger is open")
        return self._ledger

    def open(self, ledger: Ledger, workspace: Workspace | None = None) -> None:
        """A ledger is open now: the window makes its first page."""
        self._ledger = ledger
        self._workspace = workspace
        self.opened.emit()

    def replace(self, workspace: Workspace) -> None:
        """Another ledger stands in this one's place (a backup was restored): the window is built anew over it."""
        self.replaced.emit(workspace)

    def restyle(self, name: str, value: object) -> None:
        """Change ``language``, ``look`` or ``percent``; the program remembers it and dresses the window."""
        self.restyling.emit(name, value)

    # The period

    @property
    def period(self) -> Period:
        """The year or quarter that all pages follow."""
        return self._period

    def set_period(self, period: Period) -> None:
        """Follow another period and remember it."""
        if period != self._period:
            self._period = period
            self.preferences["period"] = period.name
            self.period_changed.emit(period)

    def _first_period(self) -> Period:
        try:
            return periods.parse(text(self.preferences, "period"))
        except ValueError:
            return periods.parse(str(self.today().year))

    # Saying, going, asking

    def tell(self, level: Level, words: str, action: tuple[str, Callable[[], object]] | None = None, key: str = "") -> None:
        """A notice in the window."""
        self.told.emit(Notice(level, words, action, key))

    def trouble(self, problem: Problem) -> None:
        """A problem in its words; the first findings are told with it."""
        lines = [texts.problem(problem), *(texts.finding(each).text for each in problem.findings[:3])]
        if len(problem.findings) > 3:
            lines.append("…")
        self.tell("error", "\n".join(lines))

    def announce(self, changes: Changes) -> None:
        """An operation changed these kinds of facts."""
        if changes:
            self.changed.emit(changes)

    def go(self, page: str, **where: str) -> None:
        """Show a page; it gets ``where`` in ``arrive``."""
        self.going.emit(Place(page, tuple(where.items())))

    def open_rows(self, rows: Rows) -> None:
        """Show the rows behind a figure."""
        self.opening_rows.emit(rows)

    def explain(self, figure: Figure) -> None:
        """Open the panel that answers "why?"."""
        self.explaining.emit(figure)

    def use_language(self, language: Language) -> None:
        """Speak another language: the window is built anew, so the page that asks is gone afterwards."""
        self.language_wanted.emit(language)

    def use_look(self, look: Look) -> None:
        """system, light or dark; nothing is built anew."""
        self.look_wanted.emit(look)

    def use_font_percent(self, percent: int) -> None:
        """Font size 90–150 %: the window is built anew."""
        self.font_wanted.emit(percent)

    def reopen(self) -> None:
        """Close the ledger and open it again from its file (after a restore): the window is built anew."""
        self.reopen_wanted.emit()

    def shut(self) -> None:
        """No ledger is open any more."""
        self._ledger = None
        self._workspace = None
