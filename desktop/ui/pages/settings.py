"""设置: the parts in a list at the left, each made when first shown."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget

from desktop import words
from desktop.ledger.changes import Changes
from desktop.ui import theme
from desktop.ui.desk import Desk
from desktop.ui.page import Page
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.ui.pages.settings_part import SettingsPart

_HERE = "desktop.ui.pages.settings_"
_WIDTH = 176


# Key, icon and ``module:class`` of each part; its title are the words of ``settings.part.<key>``.
PARTS = (
    ("institution", "institution", "institution:InstitutionPart"),
    ("people", "person", "people:PeoplePart"),
    ("schemes", "payout", "schemes:SchemesPart"),
    ("rules", "duty", "rules:RulesPart"),
    ("calendar", "calendar", "calendar:CalendarPart"),
    ("network", "network", "network:NetworkPart"),
    ("backup", "save", "backup:BackupPart"),
    ("key", "key", "key:KeyPart"),
    ("look", "language", "look:LookPart"),
    ("history", "history", "history:HistoryPart"),
    ("about", "info", "about:AboutPart"),
)


class SettingsPage(Page):
    """See the module's head. Any operation may concern the part in sight: the history shows them all."""

    kinds: ClassVar[frozenset[str]] = frozenset()
    follows_period: ClassVar[bool] = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("设置"))
        self._entries = PARTS
        self.made: dict[str, SettingsPart] = {}
        self._old: set[str] = set()
        self.list = QListWidget()
        self.list.setObjectName("parts")
        self.list.setFixedWidth(theme.px(_WIDTH))
        self.list.setAccessibleName(tr("设置的各部分"))
        for key, icon, _ in self._entries:
            item = QListWidgetItem(theme.icon(icon), words.say(f"settings.part.{key}"))
            item.setSizeHint(QSize(0, theme.px(34)))
            self.list.addItem(item)
        self.stack = QStackedWidget()
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(self.list)
        row.addWidget(self.stack, 1)
        self.body.addLayout(row)
        wanted = desk.preferences.get("settings.part")
        self.list.currentRowChanged.connect(self._show_row)
        keys = [key for key, *_ in self._entries]
        self.list.setCurrentRow(keys.index(wanted) if isinstance(wanted, str) and wanted in keys else 0)

    @property
    def current(self) -> str:
        """The key of the part in sight."""
        return self._entries[max(0, self.list.currentRow())][0]

    def part(self, key: str) -> SettingsPart:
        """A part, made now if this is its first time. Raises KeyError for none of this name."""
        if key not in self.made:
            place = {entry[0]: entry[2] for entry in self._entries}[key]
            module, _, name = place.partition(":")
            made: SettingsPart = getattr(import_module(_HERE + module), name)(self.desk)
            self.made[key] = made
            self._old.add(key)
            self.stack.addWidget(made)
        return self.made[key]

    def show_part(self, key: str) -> SettingsPart:
        """Show a part."""
        self.list.setCurrentRow([entry[0] for entry in self._entries].index(key))
        return self.part(key)

    def _show_row(self, _: int) -> None:
        key = self.current
        part = self.part(key)
        self.stack.setCurrentWidget(part)
        self.desk.preferences["settings.part"] = key
        if key in self._old and self.isVisible():
            self._old.discard(key)
            part.refresh()

    def refresh(self) -> None:
        self._old = set(self.made)
        self._show_row(0)

    def hear(self, changes: Changes) -> None:
        """Every operation: the history lists them all, other parts only their own kinds."""
        for key, part in self.made.items():
            if key == "history" or part.kinds & changes.kinds:
                self._old.add(key)
        if self.isVisible():
            self._show_row(0)

    def arrive(self, where: Mapping[str, str]) -> None:
        """``tab``: the key of a part."""
        wanted = where.get("tab") or where.get("part", "")
        if wanted in {entry[0] for entry in self._entries}:
            self.show_part(wanted)

    def back_up(self) -> None:
        """Ask where a backup goes."""
        from desktop.ui.pages.settings_backup import BackupPart

        part = self.show_part("backup")
        if isinstance(part, BackupPart):
            part.ask_target()

    def unsaved(self) -> str:
        return tr("；").join(said for part in self.made.values() if (said := part.unsaved()))

    def leave(self) -> None:
        super().leave()
        for part in self.made.values():
            self.desk.jobs.drop(part)
