"""Conflicts side by side: for each group of fields the common value, mine and theirs, a choice, and a reason for the journal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop import words
from desktop.actions import sync_alike, sync_entries, sync_words
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.dialogs.reason_dialog import ask_reason
from desktop.ui.empty import Empty
from desktop.ui.forms import scrolled
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import label
from desktop.ui.page import split
from desktop.ui.paged_model import Column, Key
from desktop.ui.pages.sync_preview import value_words
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.sync_views import ConflictGroup, ConflictView

Resolve = Callable[["ConflictView", dict[str, str], dict[str, str], str], object]
ResolveAlike = Callable[[str, str], object]


class GroupChoice(QFrame):
    """One group: what belongs together, its three values, and which side is taken, or what is written instead."""

    chosen = Signal()

    def __init__(self, conflict: ConflictView, group: ConflictGroup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.name = group.name
        self.fields: dict[str, QLineEdit] = {}
        title = QLabel(words.say("wire.group.rival") if conflict.rival else group_words(group.name))
        title.setProperty("role", "strong")
        self.mine = QRadioButton(tr("采用本机的"))
        self.theirs = QRadioButton(words.say(f"sync.take.{conflict.remote}"))
        self.other = QRadioButton(tr("另填"))
        self._group = QButtonGroup(self)
        self.further = {one.side: QRadioButton(tr("采用曾有的")) for one in conflict.further}
        for button in (self.mine, self.theirs, *self.further.values(), self.other):
            self._group.addButton(button)
            button.setAccessibleName(f"{title.text()} {button.text()}")
            button.toggled.connect(lambda on: self._judge())
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * theme.UNIT)
        grid.setVerticalSpacing(theme.UNIT // 2)
        had = [further_words(n, len(conflict.further), conflict.remote) for n, _ in enumerate(conflict.further, start=1)]
        for side, head in zip(self.further, had, strict=True):
            self.further[side].setAccessibleName(f"{title.text()} {tr('采用曾有的')} {head}")
        entry_column = 4 + len(had)
        for column, head in enumerate(("", tr("上次共同的值"), tr("本机"), side_words(conflict.remote).capitalize(), *had)):
            grid.addWidget(label(head, tone="muted"), 0, column)
        # Of two rows that cannot both stand the keys tell nobody anything, and ours is never the answer.
        others = group.further or ((),) * len(group.fields)
        fields = [(*one, other) for one, other in zip(group.fields, others, strict=True) if not (conflict.rival and one[0] == "id")]
        for row, (name, base, mine, theirs, other) in enumerate(fields, start=1):
            grid.addWidget(label(sync_words.field(name, conflict.kind), tone="muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            for column, value in enumerate((base, mine, theirs, *other), start=1):
                said = label(value_words(name, value, conflict.kind, conflict.names), role="" if column == 1 else "strong")
                said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                grid.addWidget(said, row, column, Qt.AlignmentFlag.AlignTop)
            if sync_entries.can_enter(conflict.kind, name):
                self.fields[name] = self._entry(sync_words.field(name, conflict.kind), sync_entries.shown(name, mine))
                grid.addWidget(self.fields[name], row, entry_column, Qt.AlignmentFlag.AlignTop)
        if not fields:
            grid.addWidget(label(tr("两边的内容相同"), role="strong"), 1, 2, 1, 2)
        last = len(fields) + 2
        grid.addWidget(self.mine, last, 2)
        grid.addWidget(self.theirs, last, 3)
        for column, button in enumerate(self.further.values(), start=4):
            grid.addWidget(button, last, column)
        # A deletion is taken or not, and a group with a key of another row or a yes or no in it is taken whole: there is nothing to write.
        deleted = conflict.mine_deleted or conflict.theirs_deleted or conflict.further_deleted
        self.can_enter = len(self.fields) == len(group.fields) and not (deleted or conflict.posted_there)
        if self.can_enter:
            grid.addWidget(label(tr("另填"), tone="muted"), 0, entry_column)
            grid.addWidget(self.other, last, entry_column)
        self.other.setVisible(self.can_enter)
        self.mine.setVisible(not conflict.theirs_only)
        for column, stretch in enumerate((2, 3, 3, 3, *(3 for _ in had), 3 if self.can_enter else 0)):
            grid.setColumnStretch(column, stretch)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(2 * theme.UNIT, theme.UNIT, 2 * theme.UNIT, theme.UNIT)
        whole.addWidget(title)
        whole.addLayout(grid)
        self._judge()

    def _entry(self, name: str, text: str) -> QLineEdit:
        entry = QLineEdit(text, self)
        entry.setAccessibleName(tr("另填 {field}", field=name))
        entry.textEdited.connect(lambda _: self.chosen.emit())
        return entry

    def _judge(self) -> None:
        for entry in self.fields.values():
            entry.setVisible(self.can_enter and self.other.isChecked())
        self.chosen.emit()

    def side(self) -> str:
        """``mine``, ``theirs``, ``entered``, ``further1`` …, or empty while nothing is chosen."""
        sides = {"mine": self.mine, "theirs": self.theirs, "entered": self.other, **self.further}
        return next((side for side, button in sides.items() if button.isChecked()), "")

    def entered(self) -> dict[str, str]:
        """Field -> what was written, when that is what counts."""
        return {name: entry.text() for name, entry in self.fields.items()} if self.other.isChecked() else {}


def group_words(name: str) -> str:
    """A group of fields by its name for people; a field of no group by its own."""
    place = "whole" if name == "*" else name
    return words.say(f"wire.group.{place}") if words.known(f"wire.group.{place}") else sync_words.field(name)


def side_words(remote: str) -> str:
    """What a remote is called beside this machine."""
    return words.say(sync_words.side(remote))


def further_words(n: int, of: int, remote: str) -> str:
    """What the ``n``-th further state of a remote is called."""
    said = words.say(f"sync.had.{remote}")
    return said if of == 1 else f"{said} {n}"


class ConflictsView(QWidget):
    """The list at the left, the chosen conflict at the right."""

    def __init__(self, desk: Desk, resolve: Resolve, resolve_alike: ResolveAlike, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._resolve = resolve
        self._resolve_alike = resolve_alike
        self._conflicts: list[ConflictView] = []
        self._shown: ConflictView | None = None
        self._n_alike = 0
        self.choices: list[GroupChoice] = []
        self.table = HeldTable(
            (
                Column("label", tr("名称"), width=120),
                Column("kind", tr("种类"), width=100),
                Column("n", tr("待选"), "number", 64),
            ),
            name="sync.conflicts",
            preferences=desk.preferences,
            empty=Empty(
                tr("没有冲突"), tr("本机和对方都改了同一处内容时，这里把两边并排列出，由您逐组选定，不会自动覆盖任何一边。"), "done"
            ),
            title=tr("冲突"),
        )  # fmt: skip
        self.table.selected.connect(self._chosen)
        self.title = label("", role="section")
        self.says = label("", tone="muted")
        self.groups = QVBoxLayout()
        self.groups.setSpacing(theme.UNIT)
        self.all_mine = QPushButton(tr("全部采用本机的"))
        self.all_theirs = QPushButton()
        self.all_mine.clicked.connect(lambda: self._take_all("mine"))
        self.all_theirs.clicked.connect(lambda: self._take_all("theirs"))
        self.alike = QPushButton()
        self.alike.clicked.connect(self._ask_alike)
        self.settle = QPushButton(tr("解决冲突…"))
        self.settle.setProperty("role", "primary")
        self.settle.clicked.connect(self._ask)
        self.detail = self._arrange()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, theme.UNIT, 0, 0)
        outer.addWidget(split("sync.conflicts", desk.preferences, self.table, self.detail, share=0.34))
        self._chosen([])

    def _arrange(self) -> QWidget:
        inner = QWidget()
        inside = QVBoxLayout(inner)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(self.groups)
        inside.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.UNIT)
        buttons.addWidget(self.all_mine)
        buttons.addWidget(self.all_theirs)
        buttons.addWidget(self.alike)
        buttons.addStretch(1)
        buttons.addWidget(self.settle)
        detail = QWidget()
        column = QVBoxLayout(detail)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.title)
        column.addWidget(self.says)
        area = scrolled(inner)
        inner_widget = area.widget()
        layout = inner_widget.layout() if inner_widget is not None else None
        if layout is not None:
            layout.setContentsMargins(0, 0, theme.UNIT, 0)
        column.addWidget(area, 1)
        column.addLayout(buttons)
        return detail

    def show_conflicts(self, found: list[ConflictView]) -> None:
        """List them; the first is chosen when none was."""
        self._conflicts = found
        self.table.hold((n, one.label or one.key, words.say(f"kind.{one.kind}"), len(one.groups)) for n, one in enumerate(found))
        if found and not self.table.keys():
            self.table.select([0])
        elif not found:
            self._chosen([])

    def _chosen(self, keys: list[Key]) -> None:
        found = self._conflicts[int(keys[0])] if len(keys) == 1 and int(keys[0]) < len(self._conflicts) else None
        self.detail.setVisible(found is not None)
        if found is None or (found == self._shown and self._n_alike == len(self._alike(found))):
            return
        self._n_alike = len(self._alike(found))
        self._shown = found
        for old in self.choices:
            self.groups.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.title.setText(found.label or found.key)
        self.says.setText(_says(found))
        self.choices = [GroupChoice(found, group) for group in found.groups]
        kind = words.say(f"kind.{found.kind}")
        self.alike.setText(tr("{n} 个{kind}冲突{take}…", n=self._n_alike, kind=kind, take=words.say(f"sync.take_all.{found.remote}")))
        self.all_theirs.setText(words.say(f"sync.take_all.{found.remote}"))
        self.alike.setVisible(self._n_alike > 1)
        for button in (self.all_mine, self.all_theirs):
            button.setVisible(not found.theirs_only)
        for choice in self.choices:
            choice.chosen.connect(self._judge)
            self.groups.addWidget(choice)
        self._judge()

    def _judge(self) -> None:
        self.settle.setEnabled(all(choice.side() for choice in self.choices))

    def _take_all(self, side: str) -> None:
        for choice in self.choices:
            (choice.mine if side == "mine" else choice.theirs).setChecked(True)

    def _alike(self, found: ConflictView) -> list[ConflictView]:
        return sync_alike.alike(self._conflicts, found.kind) if found.rival else []

    def _ask_alike(self) -> None:
        shown = self._shown
        if shown is None:
            return
        kind, n = words.say(f"kind.{shown.kind}"), len(self._alike(shown))
        ask_reason(
            self,
            title=tr("{kind}：{n} 个冲突", kind=kind, n=n),
            says=words.say(f"sync.rival.{shown.kind}", remote=sync_words.side(shown.remote))
            + tr("每一个都这样办理，理由相同。这一步不能撤销；不能这样办理的留在冲突里，并说明原因。"),
            do=words.say(f"sync.take_all.{shown.remote}"),
            then=lambda reason: self._resolve_alike(shown.kind, reason),
        )

    def _ask(self) -> None:
        shown = self._shown
        if shown is None:
            return
        sides = {choice.name: choice.side() for choice in self.choices}
        entered = {name: text for choice in self.choices for name, text in choice.entered().items()}
        ask_reason(
            self,
            title=tr("解决冲突：{name}", name=shown.label or shown.key),
            says=tr("选定的内容写入本机台账，下次同步时报送。这一步不能撤销；没有采用的一边仍可在操作日志中查到理由。"),
            do=tr("解决冲突"),
            then=lambda reason: self._resolve(shown, shown.choices(sides), entered, reason),
        )


def _when(at: str) -> str:
    return texts.moment(datetime.fromisoformat(at)) if at else texts.unknown()


def _says(found: ConflictView) -> str:
    """Who changed it where and when, and what is to be chosen."""
    who, at = texts.visible(found.mine_by) or texts.unknown(), _when(found.mine_at)
    here = tr("本机：{name} 于 {at} 改动。", name=who, at=at)
    if found.own:
        here = tr("本机 {device}：{name} 于 {at} 改动。", device=texts.visible(found.own), name=who, at=at)
    side = side_words(found.remote).capitalize()
    if found.theirs_by:
        there = tr("{remote}：设备 {device} 的改动，于 {at} 收到。", remote=side, device=texts.visible(found.theirs_by), at=_when(found.received_at))
    else:
        there = tr("{remote}：于 {at} 收到的改动，不知是哪台设备的。", remote=side, at=_when(found.received_at))
    lost = "".join(
        "\n"
        + words.say(
            "sync.further_deleted" if one.deleted else "sync.further",
            name=further_words(n, len(found.further), found.remote),
            device=texts.visible(one.by) or texts.unknown(),
            at=_when(one.at),
        )
        for n, one in enumerate(found.further, start=1)
    )
    return f"{here}{there}{lost}\n{_choice(found)}"


def _choice(found: ConflictView) -> str:
    if found.rival:
        away = words.say("sync.rival_away", number=found.away) if found.away else ""
        return words.say(f"sync.rival.{found.kind}", remote=sync_words.side(found.remote)) + away
    if found.posted_there:
        return words.say("sync.posted_there", remote=sync_words.side(found.remote))
    side = side_words(found.remote)
    if found.further:
        return tr(
            "下面的内容有几种：本机的、{remote}现有的、{remote}曾有的。逐组选定采用哪一种，或另填正确的值；没有采用的随这次选定记入操作日志。",
            remote=side,
        )
    if found.theirs_deleted:
        return tr("{remote}上删除了这一条，本机改了它。采用本机的会重新报送；采用{remote}的会在本机删除。", remote=side)
    if found.mine_deleted:
        return tr("本机删除了这一条，{remote}上改了它。采用本机的会在{remote}上删除；采用{remote}的会在本机恢复。", remote=side)
    return tr("两边都改了下面的内容。没有争议的部分已经自动合并；下面逐组选定采用哪一边，或另填正确的值。")
