"""The window. It arranges rail, bars, pages and panel, and carries what one says to the others; it does no page's work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.desk import Desk, Place, Standing
from desktop.ui.fitted_stack import FittedStack
from desktop.ui.notices import NoticeBar
from desktop.ui.page_stack import PageStack
from desktop.ui.pages import PAGES, PageEntry
from desktop.ui.preferences import text
from desktop.ui.rail import Rail
from desktop.ui.status_bar import StatusBar
from desktop.ui.top_bar import TopBar
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.ledger.changes import Changes
    from desktop.ledger.problem import Problem
    from desktop.rules.figure import Figure, Rows
    from desktop.ui.command_palette import CommandPalette
    from desktop.ui.explain_panel import ExplainPanel
    from desktop.ui.pages.commands import PageCommand

_PANEL_WIDTH, _PANEL_LEAST = 480, 384
_FIRST, _FRAME = QSize(1280, 800), QSize(8, 40)  # the first size, and what the title bar and borders take of the screen
_ROOMY = 1120  # in a narrower window the rail shows its icons only, unless somebody unfolds it


class MainWindow(QMainWindow):
    """One window over one desk. ``closing`` says that the person is done (and the work too), ``painted`` that there is something to see."""

    closing = Signal()
    painted = Signal()  # for the first time

    def __init__(self, desk: Desk, entries: Sequence[PageEntry] = PAGES) -> None:
        super().__init__()
        self.desk = desk
        self._entries = tuple(entries)
        self._was_painted = False
        self._closing_when_idle = False
        self._ready_to_close = False
        self._narrow: bool | None = None
        self.setObjectName("main")
        self.setWindowTitle(tr("仪享台账"))
        self.setMinimumSize(1024, 640)
        self.rail = Rail(entries)
        self.top = TopBar(desk.period, desk.today().year + 1)
        self.notices = NoticeBar()
        self.pages = PageStack(desk, entries)
        self.before = QStackedWidget()  # what stands in the pages' place until a ledger is open
        self.middle = FittedStack()
        self._panel: ExplainPanel | None = None
        self._palette: CommandPalette | None = None
        self.status = StatusBar(desk.jobs)
        self._whole = self._arrange()
        self._connect()
        self._recall()
        self._set_open(desk.is_open)

    # Building

    def _arrange(self) -> QWidget:
        self.middle.addWidget(self.before)
        self.middle.addWidget(self.pages)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(1)
        self.split.addWidget(self.middle)
        self.split.setStretchFactor(0, 1)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        for widget, stretch in ((self.top, 0), (self.notices, 0), (self.split, 1), (self.status, 0)):
            right.addWidget(widget, stretch)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        self.setCentralWidget(whole)
        return whole

    def _connect(self) -> None:
        desk = self.desk
        self.rail.chosen.connect(self.open_page)
        self.rail.folded.connect(self._remember_fold)
        self.top.search.connect(lambda: self.command_palette().open())
        self.top.undo.connect(self.undo)
        self.top.redo.connect(self.redo)
        self.top.sync.connect(lambda: desk.go("sync"))
        self.top.period.chosen.connect(desk.set_period)
        self.pages.refitted.connect(self._fit_panel)
        desk.opened.connect(self._opened)
        desk.period_changed.connect(self._period_changed)
        desk.changed.connect(self._changed)
        desk.told.connect(self.notices.tell)
        desk.going.connect(self.go)
        desk.opening_rows.connect(self.open_rows)
        desk.explaining.connect(self.explain)
        desk.jobs.stopped.connect(self._stopped)
        desk.jobs.idle.connect(self._idle)
        QShortcut(QKeySequence("F5"), self, self._refresh_page)

    def _recall(self) -> None:
        preferences = self.desk.preferences
        self.rail.fold(preferences.get("rail.folded") is True)
        geometry = text(preferences, "window.geometry")
        if not geometry or not self.restoreGeometry(QByteArray.fromBase64(geometry.encode())):
            self.resize(_FIRST.boundedTo(self.screen().availableSize() - _FRAME))

    # Pages

    def open_page(self, key: str) -> None:
        """Show a page; unknown keys and a closed ledger change nothing."""
        self.go(Place(key))

    def go(self, place: Place) -> None:
        """Show a page and tell it what was asked for."""
        if not self.desk.is_open or not self.pages.knows(place.page):
            return
        self.pages.go(place)
        self.rail.mark(place.page)
        self._place_panel()
        QTimer.singleShot(0, self, self._place_panel)  # a page just made may need less room once it was laid out
        self.desk.preferences["window.page"] = place.page

    def open_rows(self, rows: Rows) -> None:
        """Show the rows behind a figure where their kind is shown."""
        key = self.pages.home_of(rows)
        if key is None:
            self.desk.tell("note", tr("这些行没有单独的页面可以显示；可以在解释中复制为文字查看。"))
            return
        self.open_page(key)
        self.pages.page(key).arrive_rows(rows)

    def explain(self, figure: Figure) -> None:
        """Open the panel with this figure."""
        panel = self.panel()
        panel.show_figure(figure)
        if not panel.isVisible():
            panel.show()
            self._place_panel(fresh=True)
            QTimer.singleShot(0, self, self._place_panel)
        panel.tree.setFocus()

    def _place_panel(self, *, fresh: bool = False) -> None:
        """Beside the page where both have room, else over its right side: neither is ever squeezed until it cannot be read."""
        panel = self._panel
        if panel is None or not panel.isVisible():
            return
        wide, page = self.split.width(), self.pages.currentWidget()
        left = wide - (page.minimumSizeHint().width() if page is not None else 0)
        want = max(theme.px(_PANEL_LEAST), min(theme.px(_PANEL_WIDTH), wide * 2 // 5))
        if left >= theme.px(_PANEL_LEAST):
            if self.split.indexOf(panel) < 0:
                self.split.addWidget(panel)
                panel.show()
            elif not fresh and theme.px(_PANEL_LEAST) <= panel.width() <= left:
                return  # as somebody left it
            width = min(want, left)
            self.split.setSizes([wide - width, width])
            return
        if self.split.indexOf(panel) >= 0:
            panel.setParent(self._whole)
            panel.show()
        width = min(theme.px(_PANEL_WIDTH), wide * 2 // 3)
        corner = self.split.mapTo(self._whole, QPoint(wide - width, 0))
        panel.setGeometry(corner.x(), corner.y(), width, self.split.height())
        panel.raise_()

    def _fit_panel(self) -> None:
        """The page shows something else, which may need more room than the panel left it."""
        if self._panel is not None and self._panel.isVisible():
            QTimer.singleShot(0, self, self._place_panel)

    def panel(self) -> ExplainPanel:
        """The panel at the right, made when first asked for."""
        if self._panel is None:
            from desktop.ui import explain_panel

            self._panel = explain_panel.ExplainPanel()
            self._panel.setMinimumWidth(theme.px(_PANEL_LEAST))
            self._panel.hide()
            self._panel.open_rows.connect(self.desk.open_rows)
            self.split.addWidget(self._panel)
        return self._panel

    def command_palette(self) -> CommandPalette:
        """Search everything, made when first asked for."""
        if self._palette is None:
            from desktop.ui import command_palette

            self._palette = command_palette.CommandPalette(self.desk, self._entries, self.do, self._whole)
        return self._palette

    def do(self, page: str, command: PageCommand) -> None:
        """What somebody chose in the palette: show the page as the command says and do what it names there."""
        self.go(Place(page, command.where))
        act = self.pages.page(page)
        for name in command.act.split(".") if command.act else ():
            act = getattr(act, name)
        if command.act and callable(act):
            act()

    def show_before(self, widget: QWidget) -> None:
        """Put something in the pages' place while no ledger is open (first start, passphrase)."""
        if self.before.indexOf(widget) < 0:
            self.before.addWidget(widget)
        self.before.setCurrentWidget(widget)

    def _refresh_page(self) -> None:
        page = self.pages.currentWidget()
        if page is not None and self.desk.is_open:
            self.pages.page(self.pages.current).refresh()

    # The ledger

    def _set_open(self, is_open: bool) -> None:
        self.middle.setCurrentWidget(self.pages if is_open else self.before)
        for widget in (*self.rail.buttons.values(), self.top.period, self.top.search_button, self.top.pill):
            widget.setEnabled(is_open)
        if is_open:
            wanted = text(self.desk.preferences, "window.page")
            self.open_page(wanted if self.pages.knows(wanted) else self._entries[0].key)
            self.rail.buttons[self.pages.current].setFocus()  # not on whatever was the only thing enabled before
            self.read_standing()

    def _opened(self) -> None:
        self._set_open(True)

    def read_standing(self) -> None:
        """Ask where the ledger stands, off the window's thread."""
        ledger = self.desk.ledger
        self.desk.jobs.read(lambda progress: ledger.standing(), self.show_standing, owner=self, key="standing")

    def show_standing(self, standing: Standing) -> None:
        """Draw it."""
        self.top.show_standing(standing)
        self.status.show_standing(standing)

    def undo(self) -> None:
        """Take the newest operation back."""
        self._back_or_forth(tr("撤销"), self.desk.ledger.undo)

    def redo(self) -> None:
        """Bring it back."""
        self._back_or_forth(tr("重做"), self.desk.ledger.redo)

    def _back_or_forth(self, title: str, act: Callable[..., Changes]) -> None:
        for button in (self.top.undo_button, self.top.redo_button):
            button.setEnabled(False)  # a second press waits for the first
        self.desk.jobs.write(title, act, lambda changes: self.read_standing(), failed=self._not_undone, owner=self)

    def _not_undone(self, problem: Problem) -> None:
        self.desk.trouble(problem)
        self.read_standing()

    # What happened

    def _changed(self, changes: Changes) -> None:
        self.pages.hear(changes)
        if changes and self._panel is not None and self._panel.isVisible():
            self._panel.close_panel()  # what it explains may be another figure now
        if self.desk.is_open:
            self.read_standing()

    def _period_changed(self) -> None:
        self.top.period.show_period(self.desk.period)
        self.pages.follow_period()

    def _stopped(self, title: str) -> None:
        if title:
            self.desk.tell("note", tr("已停止：{job}。台账没有改动。", job=title))

    def _remember_fold(self, on: bool) -> None:
        self.desk.preferences["rail.folded"] = on

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the keyboard, as in a dialog: Qt leaves that to Space in a window."""
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QAbstractButton):
            focused.click()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.px(_ROOMY)
        if narrow != self._narrow:
            self._narrow = narrow
            kept = self.desk.preferences.get("rail.folded") is True
            self.rail.blockSignals(True)  # the window's own doing is not what the person wants kept
            self.rail.fold(narrow or kept)
            self.rail.blockSignals(False)
        QTimer.singleShot(0, self, self._place_panel)

    # Going

    def remember(self) -> None:
        """Where the window stands, for the next start."""
        self.desk.preferences["window.geometry"] = bytes(self.saveGeometry().toBase64().data()).decode()

    def leave(self) -> None:
        """This window goes (another language, the end): its pages' answers are dropped."""
        self.remember()
        self.pages.leave()
        if self._palette is not None:
            self._palette.shut()
        self.desk.jobs.drop(self)
        self._ready_to_close = True

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._ready_to_close:
            super().closeEvent(event)
            return
        event.ignore()
        unsaved = self.pages.unsaved()
        if unsaved:
            self._ask_about(unsaved)
        else:
            self.finish()

    def _ask_about(self, unsaved: list[str]) -> None:
        from desktop.ui.dialogs.confirm_dialog import confirm

        confirm(
            self,
            title=tr("还有没保存的内容"),
            effects=unsaved,
            do=tr("不保存，关闭"),
            then=self.finish,
            irreversible=tr("关闭后，上面的内容要重新填写。"),
        )

    def finish(self) -> None:
        """Close now, or as soon as the write that runs is done."""
        if self.desk.jobs.writing():
            self._closing_when_idle = True
            self.desk.tell("note", tr("正在写入台账，写完就关闭窗口。"), (tr("停止写入并关闭"), self._stop_writes), key="closing")
            return
        self.leave()
        self.closing.emit()
        QTimer.singleShot(0, self, self.close)

    def _stop_writes(self) -> None:
        for job in self.desk.jobs.running():
            job.stop()

    def _idle(self) -> None:
        if self._closing_when_idle:
            self._closing_when_idle = False
            self.finish()
