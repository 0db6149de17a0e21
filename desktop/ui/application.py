"""The program with a window: look, language, fonts, one instance per home, crash dialog; opens the ledger after the first paint.

    run(home) -> exit code

``opener(passphrase, progress) -> Workspace`` runs on the writer lane and is where the database is first imported. Its problems
decide what the window shows: ``store.none`` the first start (``FIRST_START``, called with the desk, the home and a function that
takes the opened workspace), ``key.*`` the passphrase, anything else its words.
The language changes without a restart: the window is built anew over the same desk. A change of look needs not even that.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QStandardPaths, Qt, QTimer, QTranslator
from PySide6.QtWidgets import QApplication, QWidget

from desktop import words
from desktop.actions.progress import Progress
from desktop.ledger.problem import Problem
from desktop.ui import quick_start, texts, theme
from desktop.ui.crashes import Crashes
from desktop.ui.desk import Desk, Ledger
from desktop.ui.empty import Empty, EmptyView
from desktop.ui.jobs import Jobs
from desktop.ui.main_window import MainWindow
from desktop.ui.pages import FIRST_START, PAGES, PageEntry
from desktop.ui.preferences import Preferences, text, whole
from desktop.words import Language, tr

if TYPE_CHECKING:
    from desktop.actions.workspace import Workspace
    from desktop.ui.one_window import OneWindow

Opener = Callable[[str | None, Progress], "Workspace"]
_SAVE_MS = 30_000
_UNSEEN_MS = 1_000
_SETTLED_MS = 3_000
log = logging.getLogger("yixiang.window")


class Application(QObject):
    """One program: a desk that stays, and a window over it that may be built anew."""

    def __init__(
        self,
        app: QApplication,
        home: Path,
        today: Callable[[], date],
        jobs: Jobs | None = None,
        entries: Sequence[PageEntry] = PAGES,
    ) -> None:
        super().__init__(app)
        self._app = app
        self._entries = tuple(entries)
        self._translator: QTranslator | None = None
        self._opener: Opener | None = None
        self._one: OneWindow | None = None
        self._before: Callable[[], QWidget] = self._opening_view
        self._state: Callable[[], str] = _opening
        self._home = home
        preferences = Preferences(home / "window.json")
        self.preferences = preferences
        self.crashes = Crashes(lambda: self.window)
        self.jobs = jobs if jobs is not None else Jobs(parent=self)
        self.jobs.crashed.connect(self.crashes.show)
        self.desk = Desk(self.jobs, preferences, today, self)
        self.window: MainWindow | None = None
        self._use_language(first_language(preferences))
        self._dress()
        app.styleHints().colorSchemeChanged.connect(self._dress)
        self.desk.restyling.connect(self._restyle)
        self.desk.replaced.connect(self._replaced)
        later = Qt.ConnectionType.QueuedConnection  # the page that asks must be back from its slot before its window goes
        self.desk.language_wanted.connect(self.set_language, later)
        self.desk.look_wanted.connect(self.set_look, later)
        self.desk.font_wanted.connect(self.set_font_percent, later)
        self.desk.reopen_wanted.connect(self.reopen, later)
        saving = QTimer(self)
        saving.setInterval(_SAVE_MS)
        saving.timeout.connect(preferences.save)
        saving.start()

    # Look and language

    def set_language(self, language: Language) -> None:
        """Speak another language from now on: the window is built anew at the same place, on the same page."""
        self.preferences["language"] = language
        self._use_language(language)
        self._rebuild()

    def set_look(self, look: theme.Look) -> None:
        """system, light or dark."""
        self.preferences["look"] = look
        self._dress()

    def set_font_percent(self, percent: int) -> None:
        """Font size 90–150 %; the window is built anew because rows and bars have fixed heights."""
        self.preferences["font.percent"] = percent
        self._dress()
        self._rebuild()

    def _restyle(self, name: str, value: object) -> None:
        # Queued: the widget that asked may be part of the window that is built anew.
        if name == "language" and value in ("zh", "en"):
            QTimer.singleShot(0, self, lambda: self.set_language("en" if value == "en" else "zh"))
        elif name == "look":
            self.set_look(next((each for each in theme.LOOKS if each == value), "system"))
        elif name == "percent" and isinstance(value, int):
            QTimer.singleShot(0, self, lambda: self.set_font_percent(value))

    def _use_language(self, language: Language) -> None:
        words.use(language)
        if self._translator is not None:
            self._app.removeTranslator(self._translator)
            self._translator = None
        QLocale.setDefault(QLocale(QLocale.Language.Chinese if language == "zh" else QLocale.Language.English))
        if language == "zh":
            translator = QTranslator(self)
            folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            if translator.load("qtbase_zh_CN", folder):
                self._app.installTranslator(translator)
                self._translator = translator

    def _dress(self) -> None:
        look = text(self.preferences, "look", "system")
        percent = whole(self.preferences, "font.percent", 100, theme.LEAST_PERCENT, theme.MOST_PERCENT)
        theme.use(self._app, next((each for each in theme.LOOKS if each == look), "system"), percent)

    # The window

    def show(self) -> MainWindow:
        """Build the window and show it."""
        window = MainWindow(self.desk, self._entries)
        window.closing.connect(self._closing)
        self.window = window
        if not self.desk.is_open:
            window.show_before(self._before())
            window.status.say_state(self._state())
        window.show()
        return window

    def raise_window(self) -> None:
        """Somebody started the program again: show what is there."""
        if self.window is not None:
            self.window.showNormal() if self.window.isMinimized() else self.window.show()
            self.window.raise_()
            self.window.activateWindow()

    def _rebuild(self) -> None:
        old = self.window
        if old is None:
            return
        # What was told stays told; an action may lead into a page that goes with the old window.
        told = [view.notice for view in reversed(old.notices.views()) if view.notice.action is None]
        old.leave()
        window = self.show()
        for notice in told:
            window.notices.tell(notice)
        old.close()
        old.deleteLater()

    def _closing(self) -> None:
        self.preferences.save()
        self._app.quit()

    # The ledger

    def open_with(self, opener: Opener, passphrase: str | None = None) -> None:
        """Open the ledger off the window's thread, then show what its answer asks for."""
        self._opener = opener
        self.jobs.write(tr("打开台账"), lambda progress: _opened(opener, passphrase, progress), self._have, failed=self._not_open)

    def have(self, workspace: Workspace) -> None:
        """A ledger was opened (first start, restore): work with it."""
        from desktop.ui.open_ledger import OpenLedger

        self._have((workspace, OpenLedger(workspace)))

    def reopen(self) -> None:
        """Close the ledger and open it again."""
        if self._opener is None:
            return
        if self.desk.is_open:
            self.desk.workspace.close()
            self.desk.shut()
        self._before, self._state = self._opening_view, _opening
        self._rebuild()
        self.open_with(self._opener)

    def _replaced(self, workspace: Workspace) -> None:
        self.have(workspace)
        QTimer.singleShot(0, self, self._rebuild)

    def _have(self, opened: tuple[Workspace, Ledger]) -> None:
        workspace, ledger = opened
        self.desk.open(ledger, workspace)

    def _not_open(self, problem: Problem) -> None:
        if problem.code == "store.none":
            self._show_before(self._first_start, lambda: tr("还没有台账"))
        elif problem.code.startswith("key."):
            self._ask_passphrase(problem)
        else:
            self._show_before(lambda: self._refused_view(problem), lambda: tr("台账没有打开"))

    def _show_before(self, make: Callable[[], QWidget], state: Callable[[], str]) -> None:
        """What stands in the pages' place until a ledger is open, and its state in words; both are said anew in another language."""
        self._before, self._state = make, state
        if self.window is not None:
            self.window.show_before(make())
            self.window.status.say_state(state())

    def _opening_view(self) -> QWidget:
        return EmptyView(Empty(tr("正在打开台账…"), tr("数据都在这台电脑上，不需要网络。"), "ledger"))

    def _refused_view(self, problem: Problem) -> QWidget:
        again = (tr("再试一次"), self._again)
        return EmptyView(Empty(tr("台账没有打开"), texts.problem(problem), "warning", (again, (tr("退出"), self._closing))))

    def _again(self) -> None:
        if self._opener is not None:
            self._show_before(self._opening_view, _opening)
            self.open_with(self._opener)

    def _first_start(self) -> QWidget:
        module, _, name = FIRST_START.partition(":")
        view: QWidget = getattr(import_module(module), name)(self.desk, self._home, self.have)
        return view

    def _ask_passphrase(self, problem: Problem) -> None:
        from desktop.ui.dialogs.passphrase_dialog import PassphraseDialog, ask_passphrase

        opener = self._opener
        if opener is None:
            return
        says = "" if problem.code == "key.needed" else texts.problem(problem)
        locked = Empty(
            tr("台账已锁上"),
            tr("输入口令或恢复密钥后才能打开。"),
            "lock",
            ((tr("输入口令"), lambda: self._ask_passphrase(problem)),),
        )
        self._show_before(lambda: EmptyView(locked), lambda: tr("台账已锁上"))

        def submit(passphrase: str, dialog: PassphraseDialog) -> None:
            def failed(again: Problem) -> None:
                dialog.refuse(texts.problem(again))

            def have(opened: tuple[Workspace, Ledger]) -> None:
                dialog.accept()
                self._have(opened)

            work = lambda progress: _opened(opener, passphrase, progress)  # noqa: E731 - a job's work reads best in place
            self.jobs.write(tr("打开台账"), work, have, failed=failed)

        ask_passphrase(self.window, submit=submit, says=says)

    def _keep_today(self) -> None:
        """The daily backup. One that cannot be written must not keep the program from ending: it is logged and seen in 设置."""
        from desktop.actions import backups

        try:
            backups.daily(self.desk.workspace)
        except (Problem, OSError) as problem:
            log.warning("backup.daily %s", problem)

    # One instance

    def listen(self, one: OneWindow) -> None:
        """Be the one that is raised when the program is started again."""
        self._one = one
        one.raised.connect(self.raise_window)

    def close(self) -> None:
        """The program ends: lanes first, then the ledger."""
        if self._one is not None:
            self._one.close()
        self.jobs.close()
        if self.desk.is_open:
            self._keep_today()
            self.desk.workspace.close()
        self.preferences.save()


def _after_paint(window: MainWindow, act: Callable[[], object]) -> None:
    """Call ``act`` once, when the window was drawn for the first time; after a second when nobody can see it (minimised)."""
    timer = QTimer(window)
    timer.setSingleShot(True)
    timer.timeout.connect(act)
    timer.start(_UNSEEN_MS)
    window.painted.connect(lambda: timer.start(0) if timer.isActive() else None)  # back in the loop the picture is on the screen


def _opened(opener: Opener, passphrase: str | None, progress: Progress) -> tuple[Workspace, Ledger]:
    workspace = opener(passphrase, progress)
    from desktop.ui.open_ledger import OpenLedger

    return workspace, OpenLedger(workspace)


def _opening() -> str:
    return tr("正在打开台账…")


def first_language(preferences: Preferences) -> Language:
    """The remembered language, else Chinese: the law and the users speak it."""
    return "en" if text(preferences, "language", "zh") == "en" else "zh"


def run(home: Path | None = None, *, practice: bool = False) -> int:
    """Show the window on a home (the user's own when none is named) and stay until it is closed; ``practice``: a practice
    ledger is made there when the home has none. Returns the exit code; 0 at once when another window could be raised."""
    from desktop.ui import one_window

    home = home or own_home()
    if one_window.raise_other(home):
        return 0
    # The style by its argument: asked by setStyle, its class and six hundred names would come before the first paint.
    app = QApplication.instance() or QApplication([*sys.argv[:1], "-style", "fusion"])
    if not isinstance(app, QApplication):
        raise RuntimeError("a program without windows runs already in this process")
    app.setApplicationName("yixiang")
    application = Application(app, home, today)
    app.setApplicationDisplayName(tr("仪享台账"))
    application.crashes.install()
    window = application.show()

    def painted() -> None:
        # Everything that is not needed for the first picture comes after it.
        app.setWindowIcon(theme.icon("ledger", "accent", 64))
        application.listen(one_window.OneWindow(home, application))
        application.open_with(opener_of(home, practice=practice))

    _after_paint(window, painted)
    QTimer.singleShot(_SETTLED_MS, window, quick_start.settle)
    try:
        return app.exec()
    finally:
        application.close()


def own_home() -> Path:
    """Where the user's ledger is when no home is named: ``YIXIANG_HOME``, else the user's data folder."""
    given = os.environ.get("YIXIANG_HOME")
    if given:
        return Path(given).expanduser().absolute()
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    return Path(folder) / "yixiang"


def opener_of(home: Path, *, practice: bool = False) -> Opener:
    """How the ledger of a home is opened; a practice ledger is made when there is none."""

    def opener(passphrase: str | None, progress: Progress) -> Workspace:
        from desktop.actions import workspace

        if practice and not workspace.exists(home):
            from desktop.actions import rehearsal

            return rehearsal.practice_ledger(home, progress)
        return workspace.open_ledger(home, passphrase=passphrase)

    return opener


def today() -> date:
    """The day at the desk, in Asia/Shanghai (see actions.workspace, imported late)."""
    fixed = os.environ.get("YIXIANG_TODAY")
    return date.fromisoformat(fixed) if fixed else datetime.now(texts.SHANGHAI).date()
