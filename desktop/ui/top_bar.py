"""The bar at the top: whose ledger this is, the period, search everything, undo and redo by name, and the sync pill."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from desktop.ledger.period import Period
from desktop.ui import pending_words, texts, theme
from desktop.ui.desk import Standing
from desktop.ui.keys import press
from desktop.ui.labels import Elided
from desktop.ui.period_chooser import PeriodChooser
from desktop.words import tr

_NAME_WIDTH = 128
_ROOMY = 960  # narrower than this, search, undo and redo keep their icons and drop their words


class TopBar(QFrame):
    """Shows the Standing; tells what was pressed."""

    search = Signal()
    undo = Signal()
    redo = Signal()
    sync = Signal()

    def __init__(self, period: Period, last_year: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("top")
        self.institution = Elided()
        self.institution.setObjectName("institution")
        self.period = PeriodChooser(period, last_year)
        self.search_button = QPushButton()
        self.search_button.setObjectName("search")
        press(self.search_button, "Ctrl+K")
        self.search_button.setAccessibleName(tr("搜索页面、命令和记录"))
        theme.dress(self.search_button, "search")
        self.search_button.clicked.connect(self.search)
        self.undo_button = self._named("undo")
        self._undo_keys = press(self.undo_button, QKeySequence.StandardKey.Undo)
        self.undo_button.clicked.connect(self.undo)
        self.redo_button = self._named("redo")
        self._redo_keys = press(self.redo_button, QKeySequence.StandardKey.Redo)
        self.redo_button.clicked.connect(self.redo)
        self.pill = QPushButton()
        self.pill.setObjectName("sync_pill")
        self.pill.clicked.connect(self.sync)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * theme.UNIT, theme.px(6), 2 * theme.UNIT, theme.px(6))
        row.setSpacing(theme.UNIT)
        row.addWidget(self.institution, 1000)
        row.addWidget(self.period)
        row.addStretch(1)
        for widget in (self.search_button, self.undo_button, self.redo_button, self.pill):
            row.addWidget(widget)
        self.setFixedHeight(theme.px(48))
        self._standing = Standing()
        self._compact = False
        self.show_standing(self._standing)

    def _named(self, icon: str) -> QToolButton:
        made = QToolButton()
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        theme.dress(made, icon)
        return made

    def show_standing(self, standing: Standing) -> None:
        """Say where the ledger stands."""
        self._standing = standing
        self.search_button.setText("" if self._compact else tr("搜索全部") + "   Ctrl+K")
        name = standing.institution
        self.institution.setText(tr("{name}（练习台账）", name=name) if standing.practice and name else name)
        self._name(self.undo_button, tr("撤销"), standing.undo, tr("没有可以撤销的操作"))
        self._name(self.redo_button, tr("重做"), standing.redo, tr("没有可以重做的操作"))
        waiting = standing.n_unsent, standing.n_unsent_hub
        text, tone = pending_words.in_short(*waiting)
        icon, colour = {"muted": ("offline", "muted"), "done": ("done", "done")}.get(tone, ("send", "accent"))
        self.pill.setText(text)
        self.pill.setAccessibleName(tr("同步：{state}", state=text))
        lines = [tr("{remote}：{state}", remote=pending_words.named(remote), state=said) for remote, said, _ in pending_words.each(*waiting)]
        self.pill.setToolTip(texts.tip("\n".join((tr("打开同步页"), *lines))))
        theme.dress(self.pill, icon, colour)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        compact = self.width() < theme.px(_ROOMY)
        if compact != self._compact:
            self._compact = compact
            self.show_standing(self._standing)

    def _name(self, button: QToolButton, verb: str, what: str, nothing: str) -> None:
        whole = f"{verb} {what}" if what else verb
        shown = self.fontMetrics().elidedText(what, Qt.TextElideMode.ElideRight, theme.px(_NAME_WIDTH))
        button.setText("" if self._compact else f"{verb} {shown}" if what else verb)
        button.setEnabled(bool(what))
        button.setAccessibleName(whole)
        keys = self._undo_keys if button is self.undo_button else self._redo_keys
        button.setToolTip(texts.tip(f"{whole}  {keys}" if what else nothing))
